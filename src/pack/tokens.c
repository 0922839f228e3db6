#include "pack/tokens.h"
#include "base/platform.h"
#include "csv/csv_writer.h"
#include <openssl/rand.h>
#include <sqlite3.h>
#include <stdlib.h>

/* Consonants alone: no word, no name and no number comes out by chance. 20 of 19 are 84 bits. */
static const char alphabet[] = "bcdfghjkmnpqrstvwxz";
enum {
    LETTERS = sizeof alphabet - 1,
    RANDOM_BYTES = 4096,
    PATH_BYTES_MAX = 32768,
    KEPT_KEY = 256,
    LINES_AT_ONCE = 1 << 18
};

struct tokens {
    findings *found;
    sqlite3 *db;
    sqlite3_stmt *find, *add;
    buf path;
    unsigned char random[RANDOM_BYTES];
    size_t left;
    /* The last key: rows of one record stand together. */
    char key[KEPT_KEY], word[TOKEN_BYTES];
    size_t key_bytes;
};

static bool broken(tokens *t, const char *why)
{
    finding x = FINDING_OF(F_DEL_WORK_FAILED);
    x.a = SV_LIT("giving records tokens");
    x.b = sv_from(why ? why : t->db ? sqlite3_errmsg(t->db) : "out of memory");
    find_add(t->found, &x);
    return false;
}

static bool set_up(tokens *t)
{
    static const char schema[] =
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA "
        "cache_size = -49152; PRAGMA temp_store = MEMORY; "
        "CREATE TABLE token (key TEXT PRIMARY KEY, word TEXT NOT NULL) WITHOUT ROWID; BEGIN";
    return sqlite3_exec(t->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_prepare_v2(t->db, "SELECT word FROM token WHERE key = ?", -1, &t->find, NULL) == SQLITE_OK &&
           sqlite3_prepare_v2(t->db, "INSERT INTO token VALUES (?, ?)", -1, &t->add, NULL) == SQLITE_OK;
}

tokens *tokens_new(const char *folder, findings *f)
{
    const char *why = "";
    tokens *t = calloc(1, sizeof *t);
    if (!t) {
        find_code(f, F_OUT_OF_MEMORY, "giving records tokens");
        return NULL;
    }
    t->found = f;
    t->path = buf_new(PATH_BYTES_MAX);
    buf_printf(&t->path, "%s/tokens.work", folder);
    buf_char(&t->path, '\0');
    /* Made by us first: SQLite would make it readable for others. */
    os_out *made = t->path.failed ? NULL : os_create(t->path.p, &why);
    if (made && os_close(made, &why) &&
        sqlite3_open_v2(t->path.p, &t->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK && set_up(t))
        return t;
    (void)broken(t, t->db ? NULL : why);
    tokens_free(t);
    return NULL;
}

void tokens_free(tokens *t)
{
    if (!t) return;
    sqlite3_finalize(t->find);
    sqlite3_finalize(t->add);
    sqlite3_close(t->db);
    if (!t->path.failed && t->path.p) (void)os_remove(t->path.p);
    buf_free(&t->path);
    free(t);
}

bool token_fresh(tokens *t, char out[TOKEN_BYTES])
{
    enum { FAIR = 256 / LETTERS * LETTERS };
    for (size_t i = 0; i < TOKEN_BYTES;) {
        if (!t->left) {
            if (RAND_bytes(t->random, RANDOM_BYTES) != 1) return broken(t, "the system has no random numbers");
            t->left = RANDOM_BYTES;
        }
        const unsigned char byte = t->random[--t->left];
        if (byte < FAIR) out[i++] = alphabet[byte % LETTERS];
    }
    return true;
}

static bool remember(tokens *t, sv key, const char *word, char out[TOKEN_BYTES])
{
    t->key_bytes = key.n <= KEPT_KEY ? key.n : 0;
    memcpy(t->key, key.p, t->key_bytes);
    memcpy(t->word, word, TOKEN_BYTES);
    if (out != word) memcpy(out, word, TOKEN_BYTES);
    return true;
}

bool token_of(tokens *t, sv key, char out[TOKEN_BYTES])
{
    if (t->key_bytes && sv_eq((sv){t->key, t->key_bytes}, key)) {
        memcpy(out, t->word, TOKEN_BYTES);
        return true;
    }
    if (key.n > INT32_MAX) return broken(t, "a key is too long");
    sqlite3_bind_text(t->find, 1, key.p, (int)key.n, SQLITE_STATIC);
    int r = sqlite3_step(t->find);
    bool known = r == SQLITE_ROW && sqlite3_column_bytes(t->find, 0) == TOKEN_BYTES;
    if (known) (void)remember(t, key, (const char *)sqlite3_column_text(t->find, 0), out);
    sqlite3_reset(t->find);
    if (known) return true;
    if (r != SQLITE_DONE) return broken(t, NULL);
    if (!token_fresh(t, out)) return false;
    sqlite3_bind_text(t->add, 1, key.p, (int)key.n, SQLITE_STATIC);
    sqlite3_bind_text(t->add, 2, out, TOKEN_BYTES, SQLITE_STATIC);
    r = sqlite3_step(t->add);
    sqlite3_reset(t->add);
    return r == SQLITE_DONE ? remember(t, key, out, out) : broken(t, NULL);
}

static bool write_failed(tokens *t, const char *path, const char *why)
{
    return find_at(t->found, F_OUT_WRITE_FAILED, sv_from(path), sv_from(why));
}

static bool write_rows(tokens *t, os_out *f, const char **why)
{
    sqlite3_stmt *st = NULL;
    buf lines = buf_new((size_t)4 << 20);
    bool ok = sqlite3_prepare_v2(t->db, "SELECT key, word FROM token ORDER BY key", -1, &st, NULL) == SQLITE_OK;
    int r = SQLITE_DONE;
    buf_str(&lines, "source_key,token\r\n");
    while (ok && (r = sqlite3_step(st)) == SQLITE_ROW) {
        for (int i = 0; i < 2; i++) {
            if (i) csv_comma(&lines);
            csv_field(&lines, (sv){(const char *)sqlite3_column_text(st, i), (size_t)sqlite3_column_bytes(st, i)});
        }
        csv_end_row(&lines);
        if (lines.n < LINES_AT_ONCE) continue;
        ok = !lines.failed && os_write(f, lines.p, lines.n, why);
        buf_clear(&lines);
    }
    ok = ok && r == SQLITE_DONE && !lines.failed && (!lines.n || os_write(f, lines.p, lines.n, why));
    sqlite3_finalize(st);
    buf_free(&lines);
    return ok;
}

bool tokens_list(tokens *t, const char *path)
{
    const char *why = "its work file could not be read";
    os_out *f = os_create(path, &why);
    if (!f) return write_failed(t, path, why);
    bool ok = write_rows(t, f, &why);
    const char *last = why;
    ok = os_close(f, &last) && ok;
    if (!ok) (void)os_remove(path);
    return ok || write_failed(t, path, why);
}
