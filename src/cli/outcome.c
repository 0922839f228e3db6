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

void say_counts(const console *c, const count_said *count, size_t counts, const char *folder)
{
    buf text = buf_new((size_t)1 << 20);
    for (size_t i = 0; i < counts; i++) {
        number_text(&text, count[i].n);
        buf_str(&text, count[i].words);
    }
    if (folder) buf_str(&text, " \xC2\xB7 ");
    if (folder) safe_text(&text, sv_from(folder));
    buf_char(&text, '\n');
    term_print(&c->out, &text);
    buf_free(&text);
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
