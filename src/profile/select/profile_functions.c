/* Functions that only SELECTs of profiles have: canonical(), tooth_fdi(), and what the bytes of a document tell. */
#include "base/ascii.h"
#include "profile/profile_internal.h"
#include "tooth/tooth.h"
#include <openssl/evp.h>

static sv text_of(sqlite3_value *v)
{
    const char *p = (const char *)sqlite3_value_text(v);
    return (sv){p, p ? (size_t)sqlite3_value_bytes(v) : 0};
}

static void give(sqlite3_context *ctx, sv text)
{
    sqlite3_result_text64(ctx, text.n ? text.p : "", text.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* canonical('insurance_policy.carrier_name', x): x as the field will be staged, where it stands alone; else NULL. */
static void canonical(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    const profile_source *s = sqlite3_user_data(ctx);
    (void)argc;
    const char *name = (const char *)sqlite3_value_text(argv[0]);
    const char *dot = name ? strchr(name, '.') : NULL;
    const model_entity *e = dot ? model_entity_named((sv){name, (size_t)(dot - name)}) : NULL;
    const model_field *f = e ? model_input_named(e, sv_from(dot + 1)) : NULL;
    if (!f) {
        sqlite3_result_error(ctx, "canonical() takes \"entity.field\" of the model and a value", -1);
        return;
    }
    lob_ref locator;
    if (sql_lob_ref(s->run->db, argv[1], &locator) || sqlite3_value_type(argv[1]) == SQLITE_NULL) return;
    sv in = text_of(argv[1]), word = in;
    const profile_words *w = profile_words_of(s->x, e, f);
    const norm_options options = profile_norm_options(s->x, s->run->today);
    const norm_column column = {&options, f, NULL};
    norm_remarks ignored = {.n = 0};
    buf out = buf_new(VALUE_BYTES_MAX);
    if ((!w || profile_word_for(w, in, &word)) && norm_value(&column, word, &out, &ignored) == FORM_GOOD && !out.failed)
        give(ctx, buf_view(&out));
    buf_free(&out);
}

/* carrier_known(x): the one name of an insurer whose spellings the profile or the program knows; NULL: of any other. */
static void carrier_known(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    const profile_source *s = sqlite3_user_data(ctx);
    (void)argc;
    const model_entity *e = model_entity_named(SV_LIT("insurance_policy"));
    const profile_words *w = profile_words_of(s->x, e, model_field_named(e, SV_LIT("carrier_name")));
    sv name = text_of(argv[0]), word = name;
    buf out = buf_new(VALUE_BYTES_MAX);
    if (w && profile_word_for(w, name, &word))
        give(ctx, word);
    else if (norm_carrier_known(name, &out))
        give(ctx, buf_view(&out));
    buf_free(&out);
}

/* carrier_parent(x): "Delta Dental" of "Delta Dental of Washington"; NULL: none is known. */
static void carrier_parent(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    const char *parent = norm_carrier_parent(text_of(argv[0]));
    (void)argc;
    if (parent) sqlite3_result_text(ctx, parent, -1, SQLITE_STATIC);
}

/* tooth_fdi(label, numbering): 16, 18S; where the numbering is not named, in the profile's; NULL when it is no tooth. */
static void tooth_fdi(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    const profile_source *s = sqlite3_user_data(ctx);
    (void)argc;
    tooth_system system = tooth_system_named(text_of(argv[1]));
    if (system == TOOTH_UNKNOWN) system = tooth_system_named(profile_option_text(s->x, "numbering"));
    tooth t;
    if (tooth_parse(text_of(argv[0]), (sv){NULL, 0}, system, &t) != TOOTH_GOOD || t.fdi == 0) return;
    buf out = buf_new(64);
    buf_printf(&out, "%u%s", (unsigned)t.fdi, t.supernumerary ? "S" : "");
    give(ctx, buf_view(&out));
    buf_free(&out);
}

/* ---- bytes of documents ---- */

enum { HEAD_BYTES = 132, PIECE_BYTES = 1 << 16, LOCATOR_MAX = 256 };

/* What is told of a content while it streams by. */
typedef struct content {
    EVP_MD_CTX *digest; /* NULL: not wanted */
    uint64_t size;
    uint8_t head[HEAD_BYTES];
    bool as_hex, begun, failed; /* a text of "0x" and hex digits, as dumps write bytes */
    int half;                   /* a digit that waits for the next; -1: none */
} content;

static void take_bytes(content *c, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n && c->size + i < HEAD_BYTES; i++) c->head[c->size + i] = p[i];
    c->size += n;
    if (c->digest && EVP_DigestUpdate(c->digest, p, n) != 1) c->failed = true;
}

static void take_hex(content *c, sv text)
{
    uint8_t out[1024];
    size_t n = 0;
    for (size_t i = 0; i < text.n && !c->failed; i++) {
        int x = hex_digit(text.p[i]);
        if (x < 0) {
            c->failed = true;
        } else if (c->half < 0) {
            c->half = x;
        } else {
            out[n++] = (uint8_t)(c->half << 4 | x);
            c->half = -1;
        }
        if (n == sizeof out) {
            take_bytes(c, out, n);
            n = 0;
        }
    }
    take_bytes(c, out, n);
}

static const char *kind_of(const content *c);

/* Some dumps leave the 0x out: digits alone that, taken for bytes, begin as a file does. */
static bool is_bare_hex(sv text)
{
    content c = {.half = -1};
    for (size_t i = 0; i < text.n; i++)
        if (hex_digit(text.p[i]) < 0) return false;
    take_hex(&c, (sv){text.p, text.n < 2 * HEAD_BYTES ? text.n : 2 * HEAD_BYTES});
    return kind_of(&c) != NULL;
}

/* A dump writes bytes as hex text; a text that does not begin so is content itself. */
static void take_text(content *c, sv text)
{
    if (!c->begun) {
        bool marked = text.n >= 2 && text.p[0] == '0' && (text.p[1] == 'x' || text.p[1] == 'X');
        c->as_hex = marked || is_bare_hex(text);
        if (marked) text = (sv){text.p + 2, text.n - 2};
        c->begun = true;
    }
    if (c->as_hex)
        take_hex(c, text);
    else
        take_bytes(c, (const uint8_t *)text.p, text.n);
}

/* False when the value breaks off, which a finding of the reader says. */
static bool stream(const profile_source *s, const lob_ref *ref, content *c)
{
    row_source *source = sql_source(s->run->db);
    lob_stream *l = NULL;
    char *piece = sqlite3_malloc(PIECE_BYTES);
    status st = piece ? source->ops->lob_open(source, ref, &l) : ST_FATAL;
    size_t got = 0;
    bool opened = st == ST_OK;
    while (st == ST_OK && (st = source->ops->lob_read(l, piece, PIECE_BYTES, &got)) == ST_OK) {
        if (lob_is_text((lob_encoding)ref->encoding))
            take_text(c, (sv){piece, got});
        else
            take_bytes(c, (const uint8_t *)piece, got);
    }
    if (opened) source->ops->lob_close(l);
    sqlite3_free(piece);
    return st == ST_END;
}

/* PowerShell's word for bytes that it did not write. */
static bool is_lost(sv text) { return sv_eq(text, SV_LIT("System.Byte[]")); }

/* False: there is no content, or it cannot be told. */
static bool look_at(const profile_source *s, sqlite3_value *v, content *c)
{
    lob_ref ref;
    c->half = -1;
    if (sql_lob_ref(s->run->db, v, &ref)) return stream(s, &ref, c) && !c->failed && c->half < 0;
    switch (sqlite3_value_type(v)) {
    case SQLITE_BLOB: take_bytes(c, sqlite3_value_blob(v), (size_t)sqlite3_value_bytes(v)); break;
    case SQLITE_TEXT:
        if (is_lost(text_of(v))) return false;
        take_text(c, text_of(v));
        break;
    default: return false;
    }
    return c->size > 0 && !c->failed && c->half < 0;
}

/* By the first bytes, which no name and no column contradicts with more right. */
static const char *kind_of(const content *c)
{
    static const struct {
        const char *magic, *mime;
        unsigned at, n;
    } kinds[] = {
        {"\xFF\xD8\xFF", "image/jpeg", 0, 3},
        {"\x89PNG\r\n\x1A\n", "image/png", 0, 8},
        {"GIF8", "image/gif", 0, 4},
        {"BM", "image/bmp", 0, 2},
        {"II*\0", "image/tiff", 0, 4},
        {"MM\0*", "image/tiff", 0, 4},
        {"%PDF-", "application/pdf", 0, 5},
        {"{\\rtf", "application/rtf", 0, 5},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage", 0, 8},
        {"PK\x03\x04", "application/zip", 0, 4},
        {"DICM", "application/dicom", 128, 4},
        {"\0\0\0\x0CjP  ", "image/jp2", 0, 8},
        {"ftypheic", "image/heic", 4, 8},
        {"WEBP", "image/webp", 8, 4},
        {"WAVE", "audio/wav", 8, 4},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (c->size < kinds[i].at + kinds[i].n) continue;
        if (memcmp(c->head + kinds[i].at, kinds[i].magic, kinds[i].n) == 0) return kinds[i].mime;
    }
    return NULL;
}

/* A document is read once, whatever is asked of it: the answers to the newest one are kept. */
typedef struct content_seen {
    char locator[LOCATOR_MAX];
    size_t n; /* of its bytes; 0: the value was no locator, and is not kept */
    bool good;
    uint64_t size;
    const char *mime;
    char sha256[2 * EVP_MAX_MD_SIZE];
    size_t hex;
} content_seen;

static void end_digest(EVP_MD_CTX *digest, content_seen *out)
{
    static const char digit[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_DigestFinal_ex(digest, sum, &n) != 1) n = 0;
    for (unsigned i = 0; i < n; i++) {
        out->sha256[2 * i] = digit[sum[i] >> 4];
        out->sha256[2 * i + 1] = digit[sum[i] & 15];
    }
    out->hex = (size_t)2 * n;
}

/* NULL: there is no content, or it cannot be told. */
static const content_seen *content_of(sqlite3_context *ctx, sqlite3_value *v, bool hashed)
{
    const profile_source *s = sqlite3_user_data(ctx);
    content_seen *x = s->seen;
    lob_ref ref;
    bool locator = sql_lob_ref(s->run->db, v, &ref);
    size_t n = locator ? (size_t)sqlite3_value_bytes(v) : 0;
    if (n && n == x->n && memcmp(x->locator, sqlite3_value_blob(v), n) == 0) return x->good ? x : NULL;
    content c = {.digest = locator || hashed ? EVP_MD_CTX_new() : NULL};
    *x = (content_seen){.n = n <= sizeof x->locator ? n : 0};
    if (x->n) memcpy(x->locator, sqlite3_value_blob(v), n);
    x->good = !(locator || hashed) || (c.digest && EVP_DigestInit_ex(c.digest, EVP_sha256(), NULL) == 1);
    if (!x->good) sqlite3_result_error_nomem(ctx);
    x->good = x->good && look_at(s, v, &c);
    x->size = c.size;
    x->mime = kind_of(&c);
    if (x->good && c.digest) end_digest(c.digest, x);
    EVP_MD_CTX_free(c.digest);
    return x->good ? x : NULL;
}

static void content_size(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    (void)argc;
    const content_seen *x = content_of(ctx, argv[0], false);
    if (x) sqlite3_result_int64(ctx, (sqlite3_int64)x->size);
}

static void content_mime(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    (void)argc;
    const content_seen *x = content_of(ctx, argv[0], false);
    if (x && x->mime) sqlite3_result_text(ctx, x->mime, -1, SQLITE_STATIC);
}

static void content_sha256(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    (void)argc;
    const content_seen *x = content_of(ctx, argv[0], true);
    if (x && x->hex) give(ctx, (sv){x->sha256, x->hex});
}

/* ---- all of them ---- */

bool profile_functions(profile_source *s, bool on)
{
    static const struct {
        const char *name;
        int arguments;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } all[] = {{"canonical", 2, canonical},           {"carrier_known", 1, carrier_known},
               {"carrier_parent", 1, carrier_parent}, {"tooth_fdi", 2, tooth_fdi},
               {"content_size", 1, content_size},     {"content_mime", 1, content_mime},
               {"content_sha256", 1, content_sha256}};
    if (on && !s->seen) s->seen = arena_alloc(s->mem, sizeof *s->seen);
    bool ok = !on || s->seen;
    for (size_t i = 0; ok && i < sizeof all / sizeof all[0]; i++) {
        int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
        ok &= sqlite3_create_function_v2(s->db, all[i].name, all[i].arguments, flags, on ? (void *)(uintptr_t)s : NULL,
                                         on ? all[i].function : NULL, NULL, NULL, NULL) == SQLITE_OK;
    }
    return ok;
}
