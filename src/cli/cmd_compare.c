#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "loaded/compare.h"
#include <stdlib.h>

static void say_json(const compare_result *r, int code)
{
    json_t *x = summary_json(code);
    json_count(x, "rows", r->rows);
    json_count(x, "missing", r->missing);
    json_count(x, "extra", r->extra);
    json_count(x, "twice", r->twice);
    json_count(x, "values", r->values);
    json_count(x, "equal", r->equal);
    json_count(x, "other_form", r->other_form);
    json_count(x, "differ", r->differ);
    json_count(x, "filled", r->filled);
    json_count(x, "unchecked", r->unchecked);
    json_count(x, "not_exported", r->not_exported);
    if (r->folder) json_object_set_new(x, "folder", json_text(sv_from(r->folder)));
    json_print(x, 0);
}

static void say_text(const console *c, const compare_result *r)
{
    const count_said n[] = {
        {r->values, " values of "},      {r->rows, " rows compared \xC2\xB7 "}, {r->differ, " differ, "},
        {r->missing, " rows missing, "}, {r->extra + r->twice, " too many, "},  {r->unchecked, " links not checked"}};
    say_counts(c, n, sizeof n / sizeof n[0], r->folder);
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
    after_load_end end = compare(&x, &r, f);
    int code = after_load_code(end, !r.differ && !r.missing && !r.extra && !r.twice && r.rows);
    say_found(o, c, f, SEV_WARN);
    if (o->json)
        say_json(&r, code);
    else if (r.folder && !o->quiet)
        say_text(c, &r);
    free(r.folder);
    findings_free(f);
    return code;
}
