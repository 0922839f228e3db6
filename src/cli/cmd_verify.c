#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "convert/convert.h"

static void say_json(const options *o, int code)
{
    json_t *x = summary_json(code);
    json_object_set_new(x, "folder", json_text(sv_from(o->operand[0])));
    json_print(x, 0);
}

static void say_text(const options *o, const console *c)
{
    buf text = buf_new((size_t)1 << 20);
    styled(&text, &c->out, GREEN, "unchanged");
    buf_str(&text, " \xC2\xB7 every file is as convert wrote it \xC2\xB7 ");
    add_shown(&text, sv_from(o->operand[0]));
    buf_char(&text, '\n');
    term_print(&c->out, &text);
    buf_free(&text);
}

int cmd_verify(const options *o, const console *c)
{
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    int code = convert_verify(o->operand[0], f) ? EXIT_COMPLETE : EXIT_SOURCE;
    say_found(o, c, f, SEV_NOTE);
    if (o->json)
        say_json(o, code);
    else if (code == EXIT_COMPLETE && !o->quiet)
        say_text(o, c);
    findings_free(f);
    return code;
}
