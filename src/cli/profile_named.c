#include "cli/profile_named.h"
#include "cli/commands.h"
#include "convert/template_set.h"

static bool is_name(const char *s) { return !strchr(s, '/') && !strchr(s, '\\') && s[0] != '.'; }

static bool holds_profile(const char *folder, arena *mem)
{
    sv path = arena_printf(mem, "%s/profile.yaml", folder);
    return path.p && os_exists(path.p);
}

const char *profile_folder(const options *o, const char *name, arena *mem, findings *f)
{
    const char *templates = templates_folder(o, mem);
    const template_name *all = NULL;
    size_t n = 0;
    if (!templates) templates = "templates";
    const template_name wanted = {sv_from(name), true};
    const char *among = is_name(name) ? template_path(templates, &wanted, mem) : NULL;
    if (among && holds_profile(among, mem)) return among;
    if (holds_profile(name, mem)) return name;
    if (template_names(templates, mem, &all, &n, f) != ST_OK) return NULL;
    (void)template_named(all, n, true, sv_from(name), mem, f);
    return NULL;
}
