/* Functions that only SELECTs of profiles have: canonical(), tooth_fdi(), and what the bytes of a document tell. */
#include "content/content_type.h"
#include "profile/profile_internal.h"
#include "tooth/tooth.h"
#include <openssl/evp.h>
#include <stdlib.h>

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

enum { PIECE_BYTES = 1 << 16, LOCATOR_MAX = 256 };

bool profile_content_place(sql_db *db, sqlite3_value *v, content_place *out)
{
    *out = (content_place){.kind = CONTENT_NONE};
    if (sql_lob_ref(db, v, &out->ref)) {
        out->kind = CONTENT_LARGE;
        return true;
    }
    int type = sqlite3_value_type(v);
    if (type != SQLITE_BLOB && type != SQLITE_TEXT) return false;
    const char *p = type == SQLITE_BLOB ? sqlite3_value_blob(v) : (const char *)sqlite3_value_text(v);
    out->kind = type == SQLITE_BLOB ? CONTENT_BYTES : CONTENT_TEXT;
    out->cell = (sv){p ? p : "", p ? (size_t)sqlite3_value_bytes(v) : 0};
    return true;
}

/* What is told of a content while it streams by. */
typedef struct content_look {
    EVP_MD_CTX *digest; /* NULL: not wanted */
    bool typed;         /* the type is wanted */
    const content_type *type;
    uint64_t size;
} content_look;

/* A document is read once, whatever is asked of it: the answers to the newest one are kept. */
typedef struct content_seen {
    content_reader *reader;
    uint8_t piece[PIECE_BYTES];
    char locator[LOCATOR_MAX];
    size_t n; /* of its bytes; 0: the value was no locator, and is not kept */
    bool good;
    uint64_t size;
    const char *mime;
    char sha256[2 * EVP_MAX_MD_SIZE];
    size_t hex;
} content_seen;

static content_end take_pieces(content_seen *x, content_look *c)
{
    size_t got = 0;
    content_end e;
    while ((e = content_read(x->reader, x->piece, PIECE_BYTES, &got)) == CONTENT_OPEN) {
        if (c->typed && c->size == 0)
            c->type = content_type_of(x->piece, got < CONTENT_HEAD_BYTES ? got : CONTENT_HEAD_BYTES);
        c->size += got;
        if (c->digest && EVP_DigestUpdate(c->digest, x->piece, got) != 1) return CONTENT_LOST;
    }
    return e;
}

/* False: there is no content, or it cannot be told. */
static bool look_at(const profile_source *s, sqlite3_value *v, content_look *c)
{
    content_place place;
    if (!profile_content_place(s->run->db, v, &place)) return false;
    return content_begin(s->seen->reader, &place) == CONTENT_OPEN && take_pieces(s->seen, c) == CONTENT_WHOLE &&
           c->size > 0;
}

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

typedef enum content_question { CONTENT_SIZE, CONTENT_MIME, CONTENT_SHA256 } content_question;

/* NULL: there is no content, or it cannot be told. */
static const content_seen *content_of(sqlite3_context *ctx, sqlite3_value *v, content_question q)
{
    const profile_source *s = sqlite3_user_data(ctx);
    content_seen *x = s->seen;
    lob_ref ref;
    bool locator = sql_lob_ref(s->run->db, v, &ref), hashed = locator || q == CONTENT_SHA256;
    size_t n = locator ? (size_t)sqlite3_value_bytes(v) : 0;
    if (n && n == x->n && memcmp(x->locator, sqlite3_value_blob(v), n) == 0) return x->good ? x : NULL;
    content_look c = {.digest = hashed ? EVP_MD_CTX_new() : NULL, .typed = locator || q == CONTENT_MIME};
    x->n = n <= sizeof x->locator ? n : 0;
    x->hex = 0;
    if (x->n) memcpy(x->locator, sqlite3_value_blob(v), n);
    x->good = !hashed || (c.digest && EVP_DigestInit_ex(c.digest, EVP_sha256(), NULL) == 1);
    if (!x->good) sqlite3_result_error_nomem(ctx);
    x->good = x->good && look_at(s, v, &c);
    x->size = c.size;
    x->mime = x->good && c.typed && content_type_is_known(c.type) ? c.type->mime : NULL;
    if (x->good && c.digest) end_digest(c.digest, x);
    EVP_MD_CTX_free(c.digest);
    return x->good ? x : NULL;
}

static void content_size(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    (void)argc;
    const content_seen *x = content_of(ctx, argv[0], CONTENT_SIZE);
    if (x) sqlite3_result_int64(ctx, (sqlite3_int64)x->size);
}

static void content_mime(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    (void)argc;
    const content_seen *x = content_of(ctx, argv[0], CONTENT_MIME);
    if (x && x->mime) sqlite3_result_text(ctx, x->mime, -1, SQLITE_STATIC);
}

static void content_sha256(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    (void)argc;
    const content_seen *x = content_of(ctx, argv[0], CONTENT_SHA256);
    if (x && x->hex) give(ctx, (sv){x->sha256, x->hex});
}

/* ---- all of them ---- */

static content_seen *content_seen_new(const profile_source *s)
{
    content_seen *x = arena_alloc(s->mem, sizeof *x);
    if (x) x->reader = content_reader_new(sql_source(s->run->db), NULL);
    return x && x->reader ? x : NULL;
}

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
    if (on && !s->seen) s->seen = content_seen_new(s);
    bool ok = !on || s->seen;
    for (size_t i = 0; ok && i < sizeof all / sizeof all[0]; i++) {
        int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
        ok &= sqlite3_create_function_v2(s->db, all[i].name, all[i].arguments, flags, on ? (void *)(uintptr_t)s : NULL,
                                         on ? all[i].function : NULL, NULL, NULL, NULL) == SQLITE_OK;
    }
    if (!on && s->seen) {
        content_reader_free(s->seen->reader);
        s->seen = NULL;
    }
    return ok;
}
