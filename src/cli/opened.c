#include "cli/opened.h"
#include "cli/secret.h"
#include "keys/key_ring.h"

const char *opened_work_folder(const options *o, arena *mem)
{
    if (!o->out) return NULL;
    if (os_is_folder(o->out)) return o->out;
    size_t n = strlen(o->out);
    while (n && (o->out[n - 1] == '/' || o->out[n - 1] == '\\')) n--;
    while (n && o->out[n - 1] != '/' && o->out[n - 1] != '\\') n--;
    sv parent = arena_sv(mem, n ? (sv){o->out, n} : SV_LIT("."));
    return parent.p && os_is_folder(parent.p) ? parent.p : NULL;
}

bool opened_from_operand(const options *o, size_t first, sv codepage, opened *out)
{
    options rest = *o;
    rest.operand += first;
    rest.operands -= first;
    return opened_in_codepage(&rest, codepage, out);
}

bool opened_from(const options *o, opened *out) { return opened_in_codepage(o, (sv){NULL, 0}, out); }

/* The keys that --cert and --key name; NULL: none, or (ST_FATAL) they cannot be used. */
static key_ring *keys_of(const options *o, secret_from *of, status *st)
{
    const key_password password = {secret_ask_key, of};
    if (!o->key_files) return NULL;
    key_ring *keys = key_ring_new();
    *st = keys ? ST_OK : ST_FATAL;
    if (!keys) find_code(of->found, F_OUT_OF_MEMORY, "reading keys");
    for (size_t i = 0; i < o->key_files && *st == ST_OK; i++) {
        byte_source *file = byte_source_file(o->key_file[i], of->found);
        *st = file ? key_ring_add(keys, file, &password, of->found) : ST_FATAL;
        byte_source_close(file);
    }
    if (*st == ST_OK) *st = key_ring_match(keys, of->found);
    if (*st == ST_OK) return keys;
    key_ring_free(keys);
    return NULL;
}

bool opened_in_codepage(const options *o, sv codepage, opened *out)
{
    *out = (opened){.found = findings_new(), .mem = arena_new(0), .status = ST_OK};
    if (!out->found || !out->mem) {
        opened_close(out);
        return false;
    }
    secret_from of = {o, out->found};
    const char *work_folder = opened_work_folder(o, out->mem);
    const server_access server = {.encryption = o->server_encryption,
                                  .certificates = o->server_certificate,
                                  .seconds = o->server_timeout,
                                  .password = secret_ask,
                                  .ctx = &of};
    out->status = gather(o->operand, o->operands, work_folder, out->found, &out->from);
    out->files = out->from.files;
    if (out->status == ST_OK && o->olders)
        out->status = gather(o->older, o->olders, work_folder, out->found, &out->older);
    if (out->status != ST_OK) return true;
    key_ring *keys = keys_of(o, &of, &out->status);
    if (out->status != ST_OK) return true;
    open_args args = {.file = out->from.file,
                      .files = out->from.files,
                      .set = o->set,
                      .salvage = o->salvage,
                      .name = out->from.name,
                      .encoding = sv_from(o->encoding),
                      .codepage = codepage,
                      .delimiter = o->delimiter,
                      .work_folder = work_folder,
                      .server = &server,
                      .older = out->older.file,
                      .olders = out->older.files,
                      .account = o->full,
                      .keys = keys};
    out->status = source_open(&args, out->found, &out->source);
    key_ring_free(keys);
    if (out->status == ST_OK) out->status = out->source->ops->catalog(out->source, &out->tables);
    return true;
}

void opened_check(opened *x)
{
    x->checked = x->status == ST_OK && x->source->ops->check != NULL;
    if (x->checked) x->status = x->source->ops->check(x->source, &x->pages);
}

void opened_close(opened *x)
{
    if (x->source) x->source->ops->close(x->source);
    gathered_free(&x->from);
    gathered_free(&x->older);
    arena_free(x->mem);
    findings_free(x->found);
    *x = (opened){0};
}

const source_info *opened_info(const opened *x) { return x->source ? x->source->ops->info(x->source) : NULL; }

bool opened_guessed_text(const opened *x)
{
    const source_info *i = opened_info(x);
    bool guessed = false;
    for (size_t k = 0; i && k < i->texts; k++) guessed = guessed || i->text[k].guessed;
    return guessed;
}

/* The profile may know the code page of files that do not say it; which profile it is only the opened source tells. */
bool opened_for_profile(const options *o, const convert_options *to, arena *mem, opened *out)
{
    if (!opened_from(o, out)) return false;
    if (o->encoding || out->status != ST_OK || !opened_guessed_text(out)) return true;
    sv codepage = convert_codepage(out->source, to, mem);
    if (!codepage.n) return true;
    opened_close(out);
    return opened_in_codepage(o, codepage, out);
}
