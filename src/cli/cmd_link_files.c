#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "linking/linking.h"
#include <stdlib.h>

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
    const link_end end = link_files(&x, &r, f);
    const count_said said[] = {{r.linked, " of "}, {r.files, " files have the id of their record"}, {0}};
    const count_named named[] = {{"files", r.files}, {"linked", r.linked}, {"ids", r.ids}, {0}};
    const ending e = {code_of(end, &r), r.folder != NULL, said, named, r.folder};
    int code = say_end(o, c, f, SEV_NOTE, &e);
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
