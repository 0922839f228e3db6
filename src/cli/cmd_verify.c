#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"
#include "convert/convert.h"

enum { KINDS_SHOWN = 30 };

static void findings_lines(const findings *f)
{
    for (size_t i = 0; i < findings_kinds(f); i++) json_print(finding_json(findings_kind(f, i)), 0);
}

static void say_json(const options *o, const findings *f, int code)
{
    findings_lines(f);
    json_t *x = json_object();
    json_object_set_new(x, "type", json_string("summary"));
    json_object_set_new(x, "exit", json_integer(code));
    json_object_set_new(x, "folder", json_text(sv_from(o->operand[0])));
    json_print(x, 0);
}

int cmd_verify(const options *o, const console *c)
{
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    int code = convert_verify(o->operand[0], f) ? EXIT_COMPLETE : EXIT_SOURCE;
    if (o->json) {
        say_json(o, f, code);
    } else {
        buf text = buf_new((size_t)16 << 20);
        say_findings(&text, &c->err, f, o->quiet ? SEV_FATAL : SEV_NOTE, KINDS_SHOWN);
        term_print(&c->err, &text);
        if (code == EXIT_COMPLETE && !o->quiet) {
            styled(&text, &c->out, GREEN, "unchanged");
            buf_str(&text, " \xC2\xB7 every file is as convert wrote it \xC2\xB7 ");
            safe_text(&text, sv_from(o->operand[0]));
            buf_char(&text, '\n');
            term_print(&c->out, &text);
        }
        buf_free(&text);
    }
    findings_free(f);
    return code;
}
