#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"
#include "linking/linking.h"
#include <stdlib.h>

enum { KINDS_SHOWN = 30 };

static int code_of(link_end end, const link_result *r)
{
    switch (end) {
    case LINK_DONE: return r->linked == r->files ? EXIT_COMPLETE : EXIT_INCOMPLETE;
    case LINK_BUNDLE:
    case LINK_KEYS: return EXIT_SOURCE;
    case LINK_OUTPUT: return EXIT_OUTPUT;
    case LINK_MEMORY: break;
    }
    return EXIT_UNEXPECTED;
}

static void say_json(const findings *f, const link_result *r, int code)
{
    for (size_t i = 0; i < findings_kinds(f); i++) json_print(finding_json(findings_kind(f, i)), 0);
    json_t *x = json_object();
    json_object_set_new(x, "type", json_string("summary"));
    json_object_set_new(x, "exit", json_integer(code));
    json_object_set_new(x, "files", json_integer((json_int_t)r->files));
    json_object_set_new(x, "linked", json_integer((json_int_t)r->linked));
    json_object_set_new(x, "ids", json_integer((json_int_t)r->ids));
    if (r->folder) json_object_set_new(x, "folder", json_text(sv_from(r->folder)));
    json_print(x, 0);
}

static void say_text(const options *o, const console *c, const findings *f, const link_result *r)
{
    buf text = buf_new((size_t)16 << 20);
    say_findings(&text, &c->err, f, o->quiet ? SEV_FATAL : SEV_NOTE, KINDS_SHOWN);
    term_print(&c->err, &text);
    if (r->folder && !o->quiet) {
        buf_printf(&text, "%llu of %llu files have the id of their record \xC2\xB7 ", (unsigned long long)r->linked,
                   (unsigned long long)r->files);
        safe_text(&text, sv_from(r->folder));
        buf_char(&text, '\n');
        term_print(&c->out, &text);
    }
    buf_free(&text);
}

/* --keys a.csv b.csv: what follows the run is a further export. */
static int link_all(const options *o, const console *c, findings *f)
{
    size_t keys = 0;
    const char **key = calloc(o->keys + o->operands, sizeof *key);
    if (!key) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    for (size_t i = 0; i < o->keys; i++) key[keys++] = o->key[i];
    for (size_t i = 1; i < o->operands; i++) key[keys++] = o->operand[i];
    const link_options x = {.bundle = o->operand[0], .key = key, .keys = keys, .out = o->out, .base = o->base};
    link_result r;
    int code = code_of(link_files(&x, &r, f), &r);
    if (o->json)
        say_json(f, &r, code);
    else
        say_text(o, c, f, &r);
    free(r.folder);
    free(key);
    return code;
}

int cmd_link_files(const options *o, const console *c)
{
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    int code = link_all(o, c, f);
    findings_free(f);
    return code;
}
