#include "cli/outcome.h"
#include "cli/exit_code.h"

enum { KINDS_SHOWN = 30 };

void say_found(const options *o, const console *c, const findings *f, severity least)
{
    for (size_t i = 0; o->json && i < findings_kinds(f); i++) json_print(finding_json(findings_kind(f, i)), 0);
    if (o->json) return;
    buf text = buf_new((size_t)64 << 20);
    say_findings(&text, &c->err, f, o->quiet ? SEV_FATAL : o->verbose ? SEV_NOTE : least, KINDS_SHOWN);
    term_print(&c->err, &text);
    buf_free(&text);
}

json_t *summary_json(int code)
{
    json_t *o = json_object();
    json_object_set_new(o, "type", json_string("summary"));
    json_object_set_new(o, "exit", json_integer(code));
    return o;
}

static void end_text(const console *c, const ending *e)
{
    buf text = buf_new((size_t)1 << 20);
    for (const count_said *x = e->said; x->words; x++) {
        add_number(&text, x->n);
        buf_str(&text, x->words);
    }
    if (e->folder) buf_str(&text, " \xC2\xB7 ");
    if (e->folder) add_shown(&text, sv_from(e->folder));
    buf_char(&text, '\n');
    term_print(&c->out, &text);
    buf_free(&text);
}

static void end_json(const ending *e)
{
    json_t *o = summary_json(e->code);
    for (const count_named *x = e->named; x->name; x++) json_count(o, x->name, x->n);
    if (e->folder) json_object_set_new(o, "folder", json_text(sv_from(e->folder)));
    json_print(o, 0);
}

int say_end(const options *o, const console *c, const findings *f, severity least, const ending *e)
{
    say_found(o, c, f, least);
    if (o->json)
        end_json(e);
    else if (e->done && !o->quiet)
        end_text(c, e);
    return e->code;
}

int after_load_code(after_load_end end, bool whole)
{
    switch (end) {
    case AFTER_LOAD_DONE: return whole ? EXIT_COMPLETE : EXIT_INCOMPLETE;
    case AFTER_LOAD_BUNDLE: return EXIT_SOURCE;
    case AFTER_LOAD_OUTPUT: return EXIT_OUTPUT;
    case AFTER_LOAD_UNBALANCED: return EXIT_BALANCE;
    case AFTER_LOAD_MEMORY: break;
    }
    return EXIT_UNEXPECTED;
}
