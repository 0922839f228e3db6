#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "pack/forget.h"

static void say_json(const forget_result *r, int code)
{
    json_t *x = summary_json(code);
    json_count(x, "files", r->files);
    json_count(x, "bytes", r->bytes);
    json_count(x, "folders_made_from_it", r->folders);
    json_count(x, "lists_of_tokens", r->lists);
    if (r->receipt.n) json_object_set_new(x, "receipt", json_text(r->receipt));
    json_print(x, 0);
}

static void say_text(const console *c, const forget_result *r)
{
    buf text = buf_new((size_t)1 << 20);
    styled(&text, &c->out, GREEN, "deleted");
    buf_str(&text, " \xC2\xB7 ");
    add_number(&text, r->files);
    buf_str(&text, " files of ");
    size_text(&text, r->bytes);
    buf_printf(&text, ", %zu folders that were made from it, %zu lists of tokens \xC2\xB7 receipt: ", r->folders,
               r->lists);
    add_shown(&text, r->receipt);
    buf_char(&text, '\n');
    term_print(&c->out, &text);
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
        say_found(o, c, f, SEV_NOTE);
        if (o->json)
            say_json(&r, code);
        else if (code == EXIT_COMPLETE && !o->quiet)
            say_text(c, &r);
    } else
        (void)say_failure(o, c, code, "Out of memory.");
    arena_free(mem);
    findings_free(f);
    return code;
}
