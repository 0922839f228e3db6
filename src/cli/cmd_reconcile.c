#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "loaded/reconcile.h"
#include <stdlib.h>

int cmd_reconcile(const options *o, const console *c)
{
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    const reconcile_options x = {
        .bundle = o->operand[0], .results = o->results, .to = o->destinations ? o->to[0] : NULL, .out = o->out};
    reconcile_result r;
    after_load_end end = reconcile(&x, &r, f);
    const count_said said[] = {{r.created + r.updated + r.seen, " of "},
                               {r.rows, " rows are in \xC2\xB7 "},
                               {r.failed, " failed, "},
                               {r.unknown, " unknown, "},
                               {r.extra, " not in the bundle"},
                               {0}};
    const count_named named[] = {{"rows", r.rows},           {"created", r.created}, {"updated", r.updated},
                                 {"seen", r.seen},           {"failed", r.failed},   {"unknown", r.unknown},
                                 {"not_in_bundle", r.extra}, {"files", r.files},     {0}};
    const ending e = {after_load_code(end, !r.failed && !r.unknown), r.folder != NULL, said, named, r.folder};
    int code = say_end(o, c, f, SEV_WARN, &e);
    free(r.folder);
    findings_free(f);
    return code;
}
