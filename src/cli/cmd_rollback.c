#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "loaded/rollback.h"
#include <stdlib.h>

static void say_json(const rollback_result *r, int code)
{
    json_t *x = summary_json(code);
    json_count(x, "rows", r->rows);
    json_count(x, "delete", r->remove);
    json_count(x, "restore", r->restore);
    json_count(x, "not_there", r->absent);
    json_count(x, "unknown", r->unknown);
    json_count(x, "kept", r->kept);
    json_count(x, "old_values_lost", r->lost);
    if (r->folder) json_object_set_new(x, "folder", json_text(sv_from(r->folder)));
    json_print(x, 0);
}

static void say_text(const console *c, const rollback_result *r)
{
    const count_said n[] = {{r->rows, " records: "},
                            {r->remove, " to delete, "},
                            {r->restore, " to restore, "},
                            {r->absent, " not there, "},
                            {r->unknown, " unknown"}};
    say_counts(c, n, sizeof n / sizeof n[0], r->folder);
}

int cmd_rollback(const options *o, const console *c)
{
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    const rollback_options x = {.bundle = o->operand[0],
                                .key = o->key,
                                .keys = o->keys,
                                .before = o->before,
                                .befores = o->befores,
                                .to = o->destinations ? o->to[0] : NULL,
                                .out = o->out,
                                .dry = o->dry};
    rollback_result r;
    after_load_end end = rollback(&x, &r, f);
    int code = after_load_code(end, !r.unknown && !r.lost);
    say_found(o, c, f, SEV_WARN);
    if (o->json)
        say_json(&r, code);
    else if (end == AFTER_LOAD_DONE && !o->quiet) /* a dry run has no folder */
        say_text(c, &r);
    free(r.folder);
    findings_free(f);
    return code;
}
