#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "loaded/compare.h"
#include <stdlib.h>

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
    const count_said said[] = {{r.values, " values of "},
                               {r.rows, " rows compared \xC2\xB7 "},
                               {r.differ, " differ, "},
                               {r.missing, " rows missing, "},
                               {r.extra + r.twice, " too many, "},
                               {r.unchecked, " links not checked"},
                               {0}};
    const count_named named[] = {{"rows", r.rows},
                                 {"missing", r.missing},
                                 {"extra", r.extra},
                                 {"twice", r.twice},
                                 {"values", r.values},
                                 {"equal", r.equal},
                                 {"other_form", r.other_form},
                                 {"differ", r.differ},
                                 {"filled", r.filled},
                                 {"unchecked", r.unchecked},
                                 {"not_exported", r.not_exported},
                                 {0}};
    const bool whole = !r.differ && !r.missing && !r.extra && !r.twice && r.rows;
    const ending e = {after_load_code(end, whole), r.folder != NULL, said, named, r.folder};
    int code = say_end(o, c, f, SEV_WARN, &e);
    free(r.folder);
    findings_free(f);
    return code;
}
