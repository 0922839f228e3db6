#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"
#include "loaded/compare.h"
#include <stdlib.h>

enum { KINDS_SHOWN = 30 };

static int code_of(compare_end end, const compare_result *r)
{
    switch (end) {
    case COMPARE_DONE:
        return r->differ || r->missing || r->extra || r->twice || !r->rows ? EXIT_INCOMPLETE : EXIT_COMPLETE;
    case COMPARE_BUNDLE: return EXIT_SOURCE;
    case COMPARE_OUTPUT: return EXIT_OUTPUT;
    case COMPARE_MEMORY: break;
    }
    return EXIT_UNEXPECTED;
}

static void put(json_t *o, const char *key, uint64_t n) { json_object_set_new(o, key, json_integer((json_int_t)n)); }

static void say_json(const findings *f, const compare_result *r, int code)
{
    for (size_t i = 0; i < findings_kinds(f); i++) json_print(finding_json(findings_kind(f, i)), 0);
    json_t *x = json_object();
    json_object_set_new(x, "type", json_string("summary"));
    json_object_set_new(x, "exit", json_integer(code));
    put(x, "rows", r->rows);
    put(x, "missing", r->missing);
    put(x, "extra", r->extra);
    put(x, "twice", r->twice);
    put(x, "values", r->values);
    put(x, "equal", r->equal);
    put(x, "other_form", r->other_form);
    put(x, "differ", r->differ);
    put(x, "filled", r->filled);
    put(x, "unchecked", r->unchecked);
    put(x, "not_exported", r->not_exported);
    if (r->folder) json_object_set_new(x, "folder", json_text(sv_from(r->folder)));
    json_print(x, 0);
}

static void say_text(const options *o, const console *c, const findings *f, const compare_result *r)
{
    buf text = buf_new((size_t)16 << 20);
    say_findings(&text, &c->err, f, o->quiet ? SEV_FATAL : o->verbose ? SEV_NOTE : SEV_WARN, KINDS_SHOWN);
    term_print(&c->err, &text);
    if (r->folder && !o->quiet) {
        number_text(&text, r->values);
        buf_str(&text, " values of ");
        number_text(&text, r->rows);
        buf_str(&text, " rows compared \xC2\xB7 ");
        number_text(&text, r->differ);
        buf_str(&text, " differ, ");
        number_text(&text, r->missing);
        buf_str(&text, " rows missing, ");
        number_text(&text, r->extra + r->twice);
        buf_str(&text, " too many, ");
        number_text(&text, r->unchecked);
        buf_str(&text, " links not checked \xC2\xB7 ");
        safe_text(&text, sv_from(r->folder));
        buf_char(&text, '\n');
        term_print(&c->out, &text);
    }
    buf_free(&text);
}

int cmd_compare(const options *o, const console *c)
{
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    const compare_options x = {.bundle = o->operand[0],
                               .export = o->export,
                               .exports = o->exports,
                               .to = o->destinations ? o->to[0] : NULL,
                               .out = o->out,
                               .show_values = o->show_values};
    compare_result r;
    int code = code_of(compare(&x, &r, f), &r);
    if (o->json)
        say_json(f, &r, code);
    else
        say_text(o, c, f, &r);
    free(r.folder);
    findings_free(f);
    return code;
}
