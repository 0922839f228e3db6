/* How a run was asked for: for whoever reads its report later. */
#include "base/path.h"
#include "convert/run.h"

enum { ASKED_MAX = 16 };

typedef struct asked_list {
    report_option *item;
    size_t n;
} asked_list;

static void add(asked_list *l, const char *name, sv what) { l->item[l->n++] = (report_option){sv_from(name), what}; }

static void add_text(asked_list *l, const char *name, const char *what)
{
    if (what) add(l, name, sv_from(what));
}

static void add_file(asked_list *l, const char *name, const char *path)
{
    if (path) add(l, name, path_name(sv_from(path)));
}

/* "ID=FILE": the id is worth saying, the folder is not. */
static sv named_file(run *r, const char *text)
{
    const char *sign = strchr(text, '=');
    sv file = path_name(sv_from(sign ? sign + 1 : text));
    return sign ? arena_printf(r->mem, "%.*s=%.*s", (int)(sign - text), text, (int)file.n, file.p) : file;
}

bool run_asked(run *r)
{
    const convert_options *o = r->o;
    size_t room = ASKED_MAX + o->destinations + o->onlys + o->settings + o->users_n;
    asked_list l = {arena_array(r->mem, room, sizeof *l.item), 0};
    if (!l.item) return false;
    for (size_t i = 0; i < o->destinations; i++) add_text(&l, "--to", o->to[i]);
    add_text(&l, "--profile", o->profile);
    for (size_t i = 0; i < o->settings; i++) add_text(&l, "--option", o->setting[i]);
    for (size_t i = 0; i < o->onlys; i++) add_text(&l, "--only", o->only[i]);
    add_text(&l, "--edition", o->edition);
    add_text(&l, "--layout", o->layout);
    add_text(&l, "--teeth", o->teeth);
    add_text(&l, "--charts", o->charts);
    add_text(&l, "--tooth-label", o->tooth_label);
    add_text(&l, "--prefix", o->prefix);
    add_text(&l, "--format", o->format);
    add_file(&l, "--since", o->since);
    add_file(&l, "--decisions", o->decisions);
    for (size_t i = 0; i < o->users_n; i++) {
        sv file = named_file(r, o->users[i]);
        if (!file.p) return false;
        add(&l, "--users", file);
    }
    add_file(&l, "--owners", o->owners);
    /* An address of a person of the practice. */
    if (o->fallback_owner) add(&l, "--fallback-owner", SV_LIT("(given)"));
    if (o->show_values) add(&l, "--show-values", (sv){NULL, 0});
    if (o->pdf) add(&l, "--pdf", (sv){NULL, 0});
    r->facts.option = l.item;
    r->facts.options = l.n;
    r->facts.show_values = o->show_values;
    r->facts.pdf = o->pdf;
    return true;
}
