#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "loaded/reconcile.h"
#include <stdlib.h>

static void say_json(const reconcile_result *r, int code)
{
    json_t *x = summary_json(code);
    json_count(x, "rows", r->rows);
    json_count(x, "created", r->created);
    json_count(x, "updated", r->updated);
    json_count(x, "seen", r->seen);
    json_count(x, "failed", r->failed);
    json_count(x, "unknown", r->unknown);
    json_count(x, "not_in_bundle", r->extra);
    json_count(x, "files", r->files);
    if (r->folder) json_object_set_new(x, "folder", json_text(sv_from(r->folder)));
    json_print(x, 0);
}

static void say_text(const console *c, const reconcile_result *r)
{
    const count_said n[] = {{r->created + r->updated + r->seen, " of "},
                            {r->rows, " rows are in \xC2\xB7 "},
                            {r->failed, " failed, "},
                            {r->unknown, " unknown, "},
                            {r->extra, " not in the bundle"}};
    say_counts(c, n, sizeof n / sizeof n[0], r->folder);
}

int cmd_reconcile(const options *o, const console *c)
{
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    const reconcile_options x = {
        .bundle = o->operand[0], .results = o->results, .to = o->destinations ? o->to[0] : NULL, .out = o->out};
    reconcile_result r;
    after_load_end end = reconcile(&x, &r, f);
    int code = after_load_code(end, !r.failed && !r.unknown);
    say_found(o, c, f, SEV_WARN);
    if (o->json)
        say_json(&r, code);
    else if (r.folder && !o->quiet)
        say_text(c, &r);
    free(r.folder);
    findings_free(f);
    return code;
}
