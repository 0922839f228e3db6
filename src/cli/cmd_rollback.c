#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"
#include "loaded/rollback.h"
#include <stdlib.h>

enum { KINDS_SHOWN = 30 };

static int code_of(rollback_end end, const rollback_result *r)
{
    switch (end) {
    case ROLLBACK_DONE: return r->unknown || r->lost ? EXIT_INCOMPLETE : EXIT_COMPLETE;
    case ROLLBACK_BUNDLE: return EXIT_SOURCE;
    case ROLLBACK_OUTPUT: return EXIT_OUTPUT;
    case ROLLBACK_MEMORY: break;
    }
    return EXIT_UNEXPECTED;
}

static void put(json_t *o, const char *key, uint64_t n) { json_object_set_new(o, key, json_integer((json_int_t)n)); }

static void say_json(const findings *f, const rollback_result *r, int code)
{
    for (size_t i = 0; i < findings_kinds(f); i++) json_print(finding_json(findings_kind(f, i)), 0);
    json_t *x = json_object();
    json_object_set_new(x, "type", json_string("summary"));
    json_object_set_new(x, "exit", json_integer(code));
    put(x, "rows", r->rows);
    put(x, "delete", r->remove);
    put(x, "restore", r->restore);
    put(x, "not_there", r->absent);
    put(x, "unknown", r->unknown);
    put(x, "kept", r->kept);
    put(x, "old_values_lost", r->lost);
    if (r->folder) json_object_set_new(x, "folder", json_text(sv_from(r->folder)));
    json_print(x, 0);
}

static void say_text(const options *o, const console *c, const findings *f, const rollback_result *r, int code)
{
    buf text = buf_new((size_t)16 << 20);
    say_findings(&text, &c->err, f, o->quiet ? SEV_FATAL : o->verbose ? SEV_NOTE : SEV_WARN, KINDS_SHOWN);
    term_print(&c->err, &text);
    bool done = code == EXIT_COMPLETE || code == EXIT_INCOMPLETE;
    if (done && !o->quiet) {
        number_text(&text, r->rows);
        buf_str(&text, " records: ");
        number_text(&text, r->remove);
        buf_str(&text, " to delete, ");
        number_text(&text, r->restore);
        buf_str(&text, " to restore, ");
        number_text(&text, r->absent);
        buf_str(&text, " not there, ");
        number_text(&text, r->unknown);
        buf_str(&text, " unknown");
        if (r->folder) buf_str(&text, " \xC2\xB7 ");
        safe_text(&text, sv_from(r->folder ? r->folder : ""));
        buf_char(&text, '\n');
        term_print(&c->out, &text);
    }
    buf_free(&text);
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
    int code = code_of(rollback(&x, &r, f), &r);
    if (o->json)
        say_json(f, &r, code);
    else
        say_text(o, c, f, &r, code);
    free(r.folder);
    findings_free(f);
    return code;
}
