#include "linking/key_file.h"
#include "base/platform.h"
#include "deliver/bundle_read.h"
#include <stdlib.h>

enum { HEAD_BYTES = 4096, KEYS_MAX = 50000000 };

typedef struct key_reader {
    sv heading;
    arena *mem;
    findings *found;
    key_id *item;
    size_t n, room;
    const char *path; /* of the file at hand */
    size_t id_at, key_at;
    bool head_read, failed;
} key_reader;

/* ---- ids ---- */

static bool is_id_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool salesforce_id_is_one(sv id)
{
    static const char check[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    if (id.n != 15 && id.n != 18) return false;
    for (size_t i = 0; i < id.n; i++)
        if (!is_id_character(id.p[i])) return false;
    for (size_t third = 0; id.n == 18 && third < 3; third++) {
        unsigned bits = 0;
        for (size_t i = 0; i < 5; i++) {
            char c = id.p[5 * third + i];
            if (c >= 'A' && c <= 'Z') bits |= 1u << i;
        }
        if (id.p[15 + third] != check[bits]) return false;
    }
    return true;
}

/* ---- one file ---- */

static void say(const key_reader *r, finding_code code, sv what) { find_at(r->found, code, sv_from(r->path), what); }

static bool is_id_heading(sv s)
{
    static const char *const names[] = {"id", "sf__id", "record id", "contact id", "salesforce id"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (sv_eq_nocase(s, sv_from(names[i]))) return true;
    return false;
}

static bool take_head(key_reader *r, const sv *cell, size_t n)
{
    const sv mark = SV_LIT("\xEF\xBB\xBF");
    r->id_at = r->key_at = SIZE_MAX;
    r->head_read = true;
    for (size_t i = 0; i < n; i++) {
        sv s = cell[i];
        if (i == 0 && sv_starts(s, mark)) s = (sv){s.p + mark.n, s.n - mark.n};
        /* Behind a mark the quotes of the first heading are not taken off. */
        if (s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"') s = (sv){s.p + 1, s.n - 2};
        if (r->id_at == SIZE_MAX && is_id_heading(s)) r->id_at = i;
        if (r->key_at == SIZE_MAX && sv_eq_nocase(s, r->heading)) r->key_at = i;
    }
    if (r->id_at != SIZE_MAX && r->key_at != SIZE_MAX) return true;
    say(r, F_DEL_KEYS_HEADING, r->heading);
    return false;
}

static bool add(key_reader *r, sv key, sv id)
{
    if (r->n == r->room) {
        size_t room = r->room ? 2 * r->room : 1024;
        key_id *item = room <= KEYS_MAX ? realloc(r->item, room * sizeof *item) : NULL;
        if (!item) return false;
        r->item = item;
        r->room = room;
    }
    r->item[r->n] = (key_id){arena_sv(r->mem, key), arena_sv(r->mem, id)};
    return r->item[r->n++].id.p != NULL;
}

static bool take(void *ctx, const sv *cell, size_t n)
{
    key_reader *r = ctx;
    if (!r->head_read) return take_head(r, cell, n);
    if (r->id_at >= n || r->key_at >= n || !cell[r->key_at].n) return true;
    if (!salesforce_id_is_one(cell[r->id_at])) {
        say(r, F_DEL_KEYS_NO_ID, (sv){NULL, 0});
        return true;
    }
    r->failed = !add(r, cell[r->key_at], cell[r->id_at]);
    return !r->failed;
}

/* The one of comma, semicolon and tab that the first line holds most of. */
static bool delimiter_of(const char *path, char *out, const char **why)
{
    static const char candidate[] = {',', ';', '\t'};
    char head[HEAD_BYTES];
    size_t got = 0, most = 0;
    os_file *f = os_open_read(path, why);
    if (!f) return false;
    bool ok = os_read_at(f, 0, head, sizeof head, &got, why);
    os_close_read(f);
    *out = ',';
    for (size_t c = 0; ok && c < sizeof candidate; c++) {
        size_t seen = 0;
        for (size_t i = 0; i < got && head[i] != '\n'; i++) seen += head[i] == candidate[c];
        if (seen <= most) continue;
        most = seen;
        *out = candidate[c];
    }
    return ok;
}

static bool read_one(key_reader *r, const char *path)
{
    const char *why = "";
    bool ended = false;
    bundle_reader b = {.take = take, .ctx = r};
    r->path = path;
    r->head_read = false;
    if (!delimiter_of(path, &b.delimiter, &why) || !bundle_read(&b, path, &ended, &why)) {
        say(r, F_DEL_KEYS_UNREADABLE, sv_from(why));
        return false;
    }
    if (r->failed) find_code(r->found, F_OUT_OF_MEMORY, "reading the ids");
    if (!r->head_read) say(r, F_DEL_KEYS_HEADING, r->heading);
    return !ended && !r->failed && r->head_read;
}

/* ---- all of them ---- */

static int by_key(const void *a, const void *b) { return sv_cmp(((const key_id *)a)->key, ((const key_id *)b)->key); }

/* An id of 15 characters is the beginning of the same with 18. */
static bool same_id(sv a, sv b) { return memcmp(a.p, b.p, 15) == 0; }

/* Each key once. */
static size_t unique(const key_reader *r, key_id *item)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (n && sv_eq(item[n - 1].key, r->item[i].key)) {
            if (!item[n - 1].id.p || same_id(item[n - 1].id, r->item[i].id)) continue;
            item[n - 1].id = (sv){NULL, 0};
            finding x = FINDING_OF(F_DEL_KEYS_TWO_IDS);
            find_add(r->found, &x);
            continue;
        }
        item[n++] = r->item[i];
    }
    return n;
}

bool key_files_read(const char *const *path, size_t n, sv heading, arena *mem, key_map *out, findings *f)
{
    key_reader r = {.heading = heading, .mem = mem, .found = f};
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) ok = read_one(&r, path[i]);
    if (ok && r.n) qsort(r.item, r.n, sizeof *r.item, by_key);
    out->item = ok ? arena_array(mem, r.n ? r.n : 1, sizeof *out->item) : NULL;
    out->n = 0;
    if (ok && !out->item) find_code(f, F_OUT_OF_MEMORY, "reading the ids");
    ok = out->item != NULL;
    if (ok) out->n = unique(&r, out->item);
    free(r.item);
    return ok;
}

sv key_map_id(const key_map *m, sv key)
{
    const key_id wanted = {key, {NULL, 0}};
    const key_id *found = m->n ? bsearch(&wanted, m->item, m->n, sizeof *m->item, by_key) : NULL;
    return found ? found->id : (sv){NULL, 0};
}
