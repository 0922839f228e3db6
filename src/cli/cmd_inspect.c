#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"

static bool has_unreadable(const catalog *c)
{
    for (size_t i = 0; i < c->tables; i++) {
        if (c->table[i].unreadable.n) return true;
        for (size_t k = 0; k < c->table[i].columns; k++)
            if (c->table[i].column[k].unreadable.n) return true;
    }
    return false;
}

/* Inspecting reads no row: what it can say of losses is what the catalog says and, with --full, the checksums. */
static int exit_of(const opened *x)
{
    if (x->status != ST_OK) return EXIT_SOURCE;
    if (findings_at_least(x->found, SEV_LOSS)) return EXIT_INCOMPLETE;
    return has_unreadable(x->tables) ? EXIT_INCOMPLETE : EXIT_COMPLETE;
}

int cmd_inspect(const options *o, const console *c)
{
    opened x;
    if (!opened_from(o, &x)) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    if (o->full) opened_check(&x);
    int code = exit_of(&x);
    if (o->json) {
        inspect_json(o, &x);
    } else {
        buf text = buf_new((size_t)256 << 20);
        if (!o->quiet) inspect_text(&text, &c->out, o, &x);
        term_print(&c->out, &text);
        const source_info *s = opened_info(&x);
        /* How each text file is read stands in the block already. */
        severity least = s && s->texts && !o->verbose ? SEV_WARN : SEV_NOTE;
        say_findings(&text, &c->err, x.found, o->quiet ? SEV_FATAL : least, 30);
        term_print(&c->err, &text);
        buf_free(&text);
    }
    opened_close(&x);
    return code;
}
