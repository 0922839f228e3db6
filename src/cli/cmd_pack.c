#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "pack/deidentify.h"
#include "pack/passphrase.h"

static bool interrupted(void *ctx)
{
    (void)ctx;
    return os_interrupted();
}

static int code_of(pack_end end)
{
    switch (end) {
    case PACK_DONE: return EXIT_COMPLETE;
    case PACK_SOURCE: return EXIT_SOURCE;
    case PACK_OUTPUT: return EXIT_OUTPUT;
    case PACK_CANCELLED: return EXIT_INTERRUPTED;
    case PACK_FAILED: break;
    }
    return EXIT_UNEXPECTED;
}

static json_t *folder_json(int code, const options *o)
{
    json_t *x = summary_json(code);
    if (code == EXIT_COMPLETE) json_object_set_new(x, "folder", json_text(sv_from(o->out)));
    return x;
}

/* ---- pack ---- */

static void pack_json(const options *o, const deidentify_result *d, const passphrase *p, int code)
{
    const pack_result *r = &d->pack;
    json_t *x = folder_json(code, o), *parts = json_array();
    for (size_t i = 0; code == EXIT_COMPLETE && i < r->parts; i++) {
        json_t *part = json_object();
        json_object_set_new(part, "name", json_text(r->part[i].name));
        json_count(part, "bytes", r->part[i].bytes);
        json_object_set_new(part, "sha256", json_text(r->part[i].sha256));
        json_array_append_new(parts, part);
    }
    json_object_set_new(x, "parts", parts);
    json_count(x, "files", r->files);
    if (code == EXIT_COMPLETE && d->tokens.n) {
        json_count(x, "copied", d->files);
        json_count(x, "left_out", d->left_out);
        json_object_set_new(x, "tokens", json_text(d->tokens));
        json_object_set_new(x, "deidentified", json_boolean(o->deidentify));
    }
    if (code == EXIT_COMPLETE && p->generated) json_object_set_new(x, "passphrase", json_string(p->text));
    json_print(x, 0);
}

static void copy_text(const options *o, const console *c, const deidentify_result *d, buf *text)
{
    if (o->deidentify)
        styled(text, &c->out, BOLD, "de-identified copy");
    else
        styled(text, &c->out, YELLOW, "TEST DATA, NOT DE-IDENTIFIED");
    buf_str(text, " \xC2\xB7 rows of ");
    add_number(text, d->files);
    buf_str(text, " files, ");
    add_number(text, d->left_out);
    buf_str(text, " files left out \xC2\xB7 which token stands for which record: ");
    add_shown(text, d->tokens);
    buf_str(text, ", which stays in the practice\n");
}

static void pack_text(const options *o, const console *c, const deidentify_result *d, const passphrase *p)
{
    const pack_result *r = &d->pack;
    uint64_t bytes = 0;
    buf text = buf_new((size_t)1 << 20);
    for (size_t i = 0; i < r->parts; i++) bytes += r->part[i].bytes;
    if (!o->quiet) {
        add_number(&text, r->files);
        buf_printf(&text, " files in %zu part%s of ", r->parts, r->parts == 1 ? "" : "s");
        size_text(&text, bytes);
        buf_str(&text, " in all, and a cover note \xC2\xB7 ");
        add_shown(&text, sv_from(o->out));
        buf_char(&text, '\n');
        if (d->tokens.n) copy_text(o, c, d, &text);
    }
    /* Asked for or not: nobody can open the parts without it. */
    if (p->generated) {
        styled(&text, &c->out, BOLD, "passphrase: %s", p->text);
        buf_str(&text, "\nIt is shown this once and kept nowhere. Send it by another way than the parts.\n");
    }
    term_print(&c->out, &text);
    buf_free(&text);
}

static int pack_with(const options *o, const console *c, const passphrase *p, findings *f)
{
    const pack_options x = {.bundle = o->operand[0],
                            .out = o->out,
                            .part_bytes = o->max_part ? o->max_part : PACK_PART_BYTES,
                            .passphrase = p->text,
                            .cancelled = interrupted};
    deidentify_result r = {.files = 0};
    const bool copy = o->deidentify || o->test_data;
    int code = code_of(copy ? deidentify_bundle(&x, o->test_data, f, &r) : pack_bundle(&x, f, &r.pack));
    say_found(o, c, f, SEV_NOTE);
    if (o->json)
        pack_json(o, &r, p, code);
    else if (code == EXIT_COMPLETE)
        pack_text(o, c, &r, p);
    pack_result_free(&r.pack);
    return code;
}

int cmd_pack(const options *o, const console *c)
{
    passphrase p;
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    os_catch_interrupts();
    int code = EXIT_SOURCE;
    if (passphrase_for_new(o->passphrase_from, &p, f))
        code = pack_with(o, c, &p, f);
    else
        say_found(o, c, f, SEV_NOTE);
    passphrase_forget(&p);
    findings_free(f);
    return code;
}

/* ---- unpack ---- */

static int unpack_with(const options *o, const console *c, const passphrase *p, findings *f)
{
    const unpack_options x = {
        .part = o->operand, .parts = o->operands, .out = o->out, .passphrase = p->text, .cancelled = interrupted};
    unpack_result r;
    int code = code_of(unpack_bundle(&x, f, &r));
    say_found(o, c, f, SEV_NOTE);
    if (o->json) {
        json_t *s = folder_json(code, o);
        json_count(s, "parts", r.parts);
        json_count(s, "files", r.files);
        json_print(s, 0);
    } else if (code == EXIT_COMPLETE && !o->quiet) {
        buf text = buf_new((size_t)1 << 20);
        add_number(&text, r.files);
        buf_printf(&text, " files of %zu part%s \xC2\xB7 every one is as it was packed \xC2\xB7 ", r.parts,
                   r.parts == 1 ? "" : "s");
        add_shown(&text, sv_from(o->out));
        buf_char(&text, '\n');
        term_print(&c->out, &text);
        buf_free(&text);
    }
    return code;
}

int cmd_unpack(const options *o, const console *c)
{
    passphrase p;
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    os_catch_interrupts();
    int code = EXIT_SOURCE;
    if (passphrase_to_open(o->passphrase_from, &p, f))
        code = unpack_with(o, c, &p, f);
    else
        say_found(o, c, f, SEV_NOTE);
    passphrase_forget(&p);
    findings_free(f);
    return code;
}
