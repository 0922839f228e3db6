/* Where profiles and destinations lie: option, environment, beside the program, in the installation's share folder. */
#include "cli/commands.h"

enum { PATH_BYTES = 4096 };

/* Folder of the program followed by `below`, when that is a folder. */
static const char *from_program(const char *below, arena *mem)
{
    char path[PATH_BYTES];
    size_t n = os_program_path(path, sizeof path);
    while (n && path[n - 1] != '/' && path[n - 1] != '\\') n--;
    if (!n) return NULL;
    sv s = arena_printf(mem, "%.*s%s", (int)n, path, below);
    return s.p && os_is_folder(s.p) ? s.p : NULL;
}

const char *templates_folder(const options *o, arena *mem)
{
    const char *named = o->templates ? o->templates : os_env("CHARTFERRY_TEMPLATES");
    if (named && *named) return named;
    const char *beside = from_program("templates", mem);
    if (!beside) beside = from_program("../share/chartferry/templates", mem);
    return beside ? beside : "templates";
}
