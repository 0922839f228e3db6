#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "loaded/rollback.h"
#include <stdlib.h>

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
    const count_said said[] = {{r.rows, " records: "},     {r.remove, " to delete, "}, {r.restore, " to restore, "},
                               {r.absent, " not there, "}, {r.unknown, " unknown"},    {0}};
    const count_named named[] = {
        {"rows", r.rows},       {"delete", r.remove}, {"restore", r.restore},      {"not_there", r.absent},
        {"unknown", r.unknown}, {"kept", r.kept},     {"old_values_lost", r.lost}, {0}};
    /* A dry run has no folder. */
    const ending e = {after_load_code(end, !r.unknown && !r.lost), end == AFTER_LOAD_DONE, said, named, r.folder};
    int code = say_end(o, c, f, SEV_WARN, &e);
    free(r.folder);
    findings_free(f);
    return code;
}
