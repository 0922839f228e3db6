#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"
#include "pack/forget.h"

enum { KINDS_SHOWN = 30 };

static void say_json(const findings *f, const forget_result *r, int code)
{
    for (size_t i = 0; i < findings_kinds(f); i++) json_print(finding_json(findings_kind(f, i)), 0);
    json_t *x = json_object();
    json_object_set_new(x, "type", json_string("summary"));
    json_object_set_new(x, "exit", json_integer(code));
    json_object_set_new(x, "files", json_integer((json_int_t)r->files));
    json_object_set_new(x, "bytes", json_integer((json_int_t)r->bytes));
    json_object_set_new(x, "folders_made_from_it", json_integer((json_int_t)r->folders));
    json_object_set_new(x, "lists_of_tokens", json_integer((json_int_t)r->lists));
    if (r->receipt.n) json_object_set_new(x, "receipt", json_text(r->receipt));
    json_print(x, 0);
}

static void say_text(const options *o, const console *c, const findings *f, const forget_result *r, int code)
{
    buf text = buf_new((size_t)16 << 20);
    say_findings(&text, &c->err, f, o->quiet ? SEV_FATAL : SEV_NOTE, KINDS_SHOWN);
    term_print(&c->err, &text);
    if (code == EXIT_COMPLETE && !o->quiet) {
        styled(&text, &c->out, GREEN, "deleted");
        buf_str(&text, " \xC2\xB7 ");
        number_text(&text, r->files);
        buf_str(&text, " files of ");
        size_text(&text, r->bytes);
        buf_printf(&text, ", %zu folders that were made from it, %zu lists of tokens \xC2\xB7 receipt: ", r->folders,
                   r->lists);
        safe_text(&text, r->receipt);
        buf_char(&text, '\n');
        term_print(&c->out, &text);
    }
    buf_free(&text);
}

int cmd_forget(const options *o, const console *c)
{
    forget_result r = {.files = 0};
    findings *f = findings_new();
    arena *mem = arena_new(0);
    int code = EXIT_UNEXPECTED;
    if (f && mem) {
        const bool done = forget_bundle(o->operand[0], mem, f, &r);
        code = done                                 ? EXIT_COMPLETE
               : r.receipt.n                        ? EXIT_OUTPUT
               : findings_count(f, F_OUT_OF_MEMORY) ? EXIT_UNEXPECTED
                                                    : EXIT_SOURCE;
        if (o->json)
            say_json(f, &r, code);
        else
            say_text(o, c, f, &r, code);
    } else
        (void)say_failure(o, c, code, "Out of memory.");
    arena_free(mem);
    findings_free(f);
    return code;
}
