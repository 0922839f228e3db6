#include "deliver/load_state.h"
#include "base/platform.h"
#include "deliver/bundle_read.h"
#include "deliver/filled_fields.h"
#include "deliver/list_file.h"
#include "model/work_file.h"
#include <stdio.h>
#include <stdlib.h>

enum { HASH_DIGITS = 16, LISTS_MAX = 4096, RECORDS_MAX = 100000000 };
#define FILLED_BYTES_MAX ((size_t)4 << 30)

#define HEADING "key,hash,filled"
typedef enum side { SIDE_DELETED, SIDE_CHANGED, SIDE_EMPTIED, SIDES } side;
static const char *const side_folder[SIDES] = {"deleted", "changed", "emptied"};

struct load_state {
    const char *folder, *earlier;
    sv destination;
    hash_key key;
    arena *mem;
    findings *found;
    rejects_file *file;
    size_t files;
    bool folder_made, side_made[SIDES];
};

/* A record of the earlier state. */
typedef struct known {
    uint64_t key[2], hash;
    size_t filled, digits; /* which of its fields were filled: in object_state.filled; digits 0: it is not known */
    bool seen;
} known;

struct object_state {
    load_state *s;
    state_object what;
    const char *earlier; /* its list; NULL: none */
    known *item;         /* by key */
    size_t n, room;
    keyed_hash *hash;
    buf filled;           /* of all items */
    uint64_t compared;    /* hash of the row that was compared last */
    char now[FILLED_MAX]; /* which fields of it are filled */
    size_t digits;
    const known *was; /* of that record, where it is loaded otherwise; else NULL */
    list_file *out;
    audit_part *audit;
    sv keep_begin, keep_end; /* p NULL: all that is gone is gone */
    list_file *side[SIDES];  /* NULL: nothing is in it */
    bool failed;
};

static bool no_memory(findings *f)
{
    find_code(f, F_OUT_OF_MEMORY, "remembering what is loaded");
    return false;
}

static status out_of_memory(findings *f)
{
    (void)no_memory(f);
    return ST_FATAL;
}

static bool unreadable(findings *f, const char *path, const char *why)
{
    return find_at(f, F_DEC_STATE, sv_from(path), sv_from(why));
}

/* ---- the key ---- */

/* earlier is the run's folder, or its folder state. */
static sv state_path(arena *mem, const char *earlier, const char *rest)
{
    sv in_run = arena_printf(mem, "%s/" STATE_FOLDER "/key.txt", earlier);
    if (in_run.p && os_exists(in_run.p)) return arena_printf(mem, "%s/" STATE_FOLDER "/%s", earlier, rest);
    return arena_printf(mem, "%s/%s", earlier, rest);
}

static bool hex_byte(const char *p, uint8_t *out)
{
    unsigned x = 0;
    for (size_t i = 0; i < 2; i++) {
        char c = p[i];
        if (c >= '0' && c <= '9')
            x = x * 16 + (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            x = x * 16 + (unsigned)(c - 'a') + 10;
        else
            return false;
    }
    *out = (uint8_t)x;
    return true;
}

bool state_key_read(const char *earlier, hash_key *out, findings *f)
{
    char text[2 * HASH_KEY_BYTES];
    size_t got = 0;
    const char *why = "out of memory";
    arena *mem = arena_new(0);
    sv path = mem ? state_path(mem, earlier, "key.txt") : (sv){NULL, 0};
    os_file *file = path.p ? os_open_read(path.p, &why) : NULL;
    bool ok = file && os_read_at(file, 0, text, sizeof text, &got, &why);
    if (file) os_close_read(file);
    if (ok && got != sizeof text) ok = false, why = "it holds no key";
    for (size_t i = 0; ok && i < HASH_KEY_BYTES; i++)
        if (!hex_byte(text + 2 * i, &out->byte[i])) ok = false, why = "it holds no key";
    if (!ok) (void)unreadable(f, path.p ? path.p : earlier, why);
    arena_free(mem);
    return ok;
}

bool state_key_make(sqlite3 *work, hash_key *out, findings *f)
{
    sqlite3_stmt *st = NULL;
    char hex[SHA256_HEX + 1];
    sha256 *h = sha256_new();
    int rc = SQLITE_DONE;
    if (!h) return no_memory(f);
    bool ok = !work_has(work, SV_LIT("patient")) ||
              sqlite3_prepare_v2(work, "SELECT * FROM main.patient ORDER BY source_key", -1, &st, NULL) == SQLITE_OK;
    while (ok && st && (rc = sqlite3_step(st)) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            const char *p = (const char *)sqlite3_column_text(st, i);
            size_t n = p ? (size_t)sqlite3_column_bytes(st, i) : 0;
            sha256_add(h, &n, sizeof n);
            if (n) sha256_add(h, p, n);
        }
    sqlite3_finalize(st);
    ok = ok && rc == SQLITE_DONE;
    if (!ok) {
        (void)work_failed(work, f, "remembering what is loaded");
        sha256_free(h);
        return false;
    }
    if (!sha256_end(h, hex)) return no_memory(f);
    for (size_t i = 0; i < HASH_KEY_BYTES; i++) (void)hex_byte(hex + 2 * i, &out->byte[i]);
    return true;
}

static bool make_folder(const char *path, findings *f)
{
    const char *why = "";
    /* Another destination may make it meanwhile. */
    if (os_exists(path) || os_make_folder(path, &why) || os_is_folder(path)) return true;
    return find_at(f, F_OUT_CREATE_FAILED, sv_from(path), sv_from(why));
}

bool state_key_write(const char *folder, const hash_key *key, findings *f)
{
    char text[2 * HASH_KEY_BYTES + 2];
    arena *mem = arena_new(0);
    sv in = mem ? arena_printf(mem, "%s/" STATE_FOLDER, folder) : (sv){NULL, 0};
    bool made = in.p && make_folder(in.p, f);
    if (!in.p) (void)no_memory(f);
    arena_free(mem);
    if (!made) return false;
    for (size_t i = 0; i < HASH_KEY_BYTES; i++) (void)snprintf(text + 2 * i, 3, "%02x", key->byte[i]);
    text[sizeof text - 2] = '\n';
    bundle_file *b = bundle_file_new(folder, SV_LIT(STATE_FOLDER "/key.txt"), f);
    if (!b) return false;
    bundle_file_text(b, (sv){text, sizeof text - 1});
    file_digest d;
    return bundle_file_close(b, &d);
}

/* ---- a destination ---- */

load_state *load_state_new(const char *folder, sv destination, const hash_key *key, const char *earlier, arena *mem,
                           findings *f)
{
    load_state *s = arena_alloc(mem, sizeof *s);
    rejects_file *file = arena_array(mem, LISTS_MAX, sizeof *file);
    if (!s || !file) {
        (void)no_memory(f);
        return NULL;
    }
    *s = (load_state){.folder = folder,
                      .earlier = earlier,
                      .destination = destination,
                      .key = *key,
                      .mem = mem,
                      .found = f,
                      .file = file};
    return s;
}

const rejects_file *load_state_files(const load_state *s, size_t *n)
{
    *n = s->files;
    return s->file;
}

static sv path_of(load_state *s, const char *format, sv name)
{
    const sv *d = &s->destination;
    sv path = arena_printf(s->mem, format, (int)d->n, d->p, (int)name.n, name.p);
    if (!path.p) (void)no_memory(s->found);
    return path;
}

static bool make_folders(load_state *s)
{
    const sv *d = &s->destination;
    if (!s->folder || s->folder_made) return true;
    sv state = arena_printf(s->mem, "%s/" STATE_FOLDER, s->folder);
    sv own = arena_printf(s->mem, "%s/" STATE_FOLDER "/%.*s", s->folder, (int)d->n, d->p);
    if (!state.p || !own.p) return no_memory(s->found);
    s->folder_made = make_folder(state.p, s->found) && make_folder(own.p, s->found);
    return s->folder_made;
}

static status keep_file(load_state *s, list_file *l)
{
    if (s->files == LISTS_MAX) {
        list_file_abandon(l);
        return out_of_memory(s->found);
    }
    status st = list_file_close(l, &s->file[s->files]);
    s->files += s->folder != NULL;
    return st;
}

/* ---- the earlier state of an object ---- */

static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

static uint64_t number_of(sv hex, bool *ok)
{
    uint64_t x = 0;
    *ok = hex.n == HASH_DIGITS;
    for (size_t i = 0; *ok && i < hex.n; i++) {
        char c = hex.p[i];
        *ok = is_hex(c);
        x = x << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return x;
}

static bool add_known(object_state *o, sv key, uint64_t hash, sv filled)
{
    if (o->n == o->room) {
        size_t room = o->room ? 2 * o->room : 4096;
        known *more = room <= RECORDS_MAX ? realloc(o->item, room * sizeof *more) : NULL;
        if (!more) return false;
        o->item = more;
        o->room = room;
    }
    known *k = &o->item[o->n];
    *k = (known){.hash = hash, .filled = o->filled.n};
    /* Of other fields than today's nothing is compared. */
    if (filled_is_of(filled, (sv){o->now, FILLED_LAYOUT}, o->what.fields)) k->digits = filled.n;
    for (size_t i = 0; i < k->digits; i++)
        if (!is_hex(filled.p[i])) return false;
    buf_add(&o->filled, filled.p, k->digits);
    o->n++;
    return !o->filled.failed && keyed_hash_of(o->hash, key, (sv){NULL, 0}, k->key);
}

/* States of before fields were noted have two cells. */
static bool is_heading(const sv *cell, size_t n) { return (n == 2 || n == 3) && sv_eq(cell[0], SV_LIT("key")); }

static bool take_known(void *ctx, const sv *cell, size_t n)
{
    object_state *o = ctx;
    bool ok = n == 2 || n == 3;
    if (ok && is_heading(cell, n)) return true;
    uint64_t hash = ok ? number_of(cell[1], &ok) : 0;
    o->failed = !ok || !add_known(o, cell[0], hash, n == 3 ? cell[2] : (sv){NULL, 0});
    return !o->failed;
}

static int by_key(const void *a, const void *b) { return memcmp(((const known *)a)->key, ((const known *)b)->key, 16); }

static bool read_earlier(object_state *o, const char *path)
{
    const bundle_reader r = {.delimiter = ',', .take = take_known, .ctx = o};
    const char *why = "it is no list of keys and hashes";
    bool ended = false;
    if (!os_exists(path)) return true; /* the object had no record */
    o->earlier = path;
    if (!bundle_read(&r, path, &ended, &why) || o->failed) return unreadable(o->s->found, path, why);
    if (o->n) qsort(o->item, o->n, sizeof *o->item, by_key);
    return true;
}

static known *known_of(const object_state *o, const uint64_t key[2])
{
    known wanted = {.key = {key[0], key[1]}};
    return o->n ? bsearch(&wanted, o->item, o->n, sizeof wanted, by_key) : NULL;
}

/* ---- an object ---- */

object_state *object_state_open(load_state *s, const state_object *what)
{
    object_state *o = calloc(1, sizeof *o);
    sv path = path_of(s, STATE_FOLDER "/%.*s/%.*s.csv", what->name);
    sv rest = path_of(s, "%.*s/%.*s.csv", what->name);
    sv before = s->earlier && rest.p ? state_path(s->mem, s->earlier, rest.p) : (sv){NULL, 0};
    if (o) {
        *o =
            (object_state){.s = s, .what = *what, .hash = keyed_hash_new(&s->key), .filled = buf_new(FILLED_BYTES_MAX)};
        filled_layout(what->field, what->fields, o->now);
    }
    bool ok = o && o->hash && path.p && rest.p && (before.p || !s->earlier);
    if (!ok) (void)no_memory(s->found);
    ok = ok && make_folders(s) && (!before.p || read_earlier(o, before.p));
    if (ok) o->out = list_file_new(s->folder, path, HEADING, s->found);
    if (ok && o->out) return o;
    object_state_abandon(o);
    return NULL;
}

void object_state_audit(object_state *o, audit_part *p) { o->audit = p; }

void object_state_keeps(object_state *o, sv begin, sv end)
{
    o->keep_begin = begin;
    o->keep_end = end;
}

static sv filled_of(const object_state *o, const known *k) { return (sv){o->filled.p + k->filled, k->digits}; }

static status put(object_state *o, sv key, uint64_t hash, sv filled)
{
    char hex[HASH_DIGITS + 1];
    (void)snprintf(hex, sizeof hex, "%016llx", (unsigned long long)hash);
    const sv cell[] = {key, {hex, HASH_DIGITS}, filled};
    return list_file_row(o->out, cell, 3);
}

/* ---- the lists beside it ---- */

static bool make_side_folder(load_state *s, side which)
{
    const sv *d = &s->destination;
    if (!s->folder || s->side_made[which]) return true;
    sv path = arena_printf(s->mem, "%s/%.*s/%s", s->folder, (int)d->n, d->p, side_folder[which]);
    if (!path.p) return no_memory(s->found);
    s->side_made[which] = make_folder(path.p, s->found);
    return s->side_made[which];
}

static list_file *open_side(const object_state *o, side which)
{
    load_state *s = o->s;
    const sv *d = &s->destination, *list = &o->what.list;
    sv path = arena_printf(s->mem, "%.*s/%s/%.*s", (int)d->n, d->p, side_folder[which], (int)list->n, list->p);
    sv heading = arena_printf(s->mem, which == SIDE_EMPTIED ? "%.*s,field" : "%.*s", (int)o->what.key.n, o->what.key.p);
    if (!path.p || !heading.p) (void)no_memory(s->found);
    return path.p && heading.p && make_side_folder(s, which) ? list_file_new(s->folder, path, heading.p, s->found)
                                                             : NULL;
}

static status list_side(object_state *o, side which, sv key, sv field)
{
    const sv cell[] = {key, field};
    if (!o->side[which]) o->side[which] = open_side(o, which);
    return o->side[which] ? list_file_row(o->side[which], cell, which == SIDE_EMPTIED ? 2 : 1) : ST_FATAL;
}

/* Fields that had a value and have none; now p NULL: none has. */
static status list_emptied(object_state *o, sv key, const known *k, sv now)
{
    status s = ST_OK;
    bool any = false;
    for (size_t i = 0; s == ST_OK && k->digits && i < o->what.fields; i++) {
        if (!filled_has(filled_of(o, k), i) || (now.n && filled_has(now, i))) continue;
        any = true;
        s = list_side(o, SIDE_EMPTIED, key, o->what.field[i]);
    }
    if (!any) return s;
    finding x = FINDING_OF(F_DEC_EMPTIED);
    x.table = o->s->destination;
    find_add(o->s->found, &x);
    return s;
}

/* ---- records ---- */

status object_state_put(object_state *o, sv key)
{
    sv now = {o->now, o->digits};
    status s = o->was ? list_side(o, SIDE_CHANGED, key, (sv){NULL, 0}) : ST_OK;
    if (s == ST_OK && o->was && now.n) s = list_emptied(o, key, o->was, now);
    return s == ST_OK ? put(o, key, o->compared, now) : s;
}

status object_state_compare(object_state *o, sv key, sv row, const size_t *ends, state_word *out)
{
    uint64_t id[2], hash[2];
    *out = STATE_NEW;
    o->was = NULL;
    if (!keyed_hash_of(o->hash, key, (sv){NULL, 0}, id) || !keyed_hash_of(o->hash, key, row, hash))
        return out_of_memory(o->s->found);
    o->digits = ends ? filled_digits(ends, o->what.fields, o->now) : 0;
    known *k = known_of(o, id);
    if (k) *out = k->hash == hash[0] ? STATE_SAME : STATE_CHANGED;
    if (k) k->seen = true;
    if (*out == STATE_CHANGED) o->was = k;
    o->compared = hash[0];
    return ST_OK;
}

status object_state_keep(object_state *o, sv key)
{
    uint64_t id[2];
    if (!o->n) return ST_OK;
    if (!keyed_hash_of(o->hash, key, (sv){NULL, 0}, id)) return out_of_memory(o->s->found);
    known *k = known_of(o, id);
    if (!k || k->seen) return ST_OK;
    k->seen = true;
    return put(o, key, k->hash, filled_of(o, k));
}

/* ---- what is no longer there ---- */

static bool is_kept(const object_state *o, sv key)
{
    size_t n = o->keep_end.n;
    return o->keep_begin.p && sv_starts(key, o->keep_begin) && key.n >= n &&
           memcmp(key.p + key.n - n, o->keep_end.p, n) == 0;
}

/* What a second pass wrote into a record is to be emptied. The heading is read once more. */
static bool list_gone(void *ctx, const sv *cell, size_t n)
{
    object_state *o = ctx;
    uint64_t id[2];
    if (is_heading(cell, n)) return true;
    o->failed = !keyed_hash_of(o->hash, cell[0], (sv){NULL, 0}, id);
    const known *k = o->failed ? NULL : known_of(o, id);
    if (!k || k->seen) return !o->failed;
    if (is_kept(o, cell[0])) {
        o->failed = put(o, cell[0], k->hash, filled_of(o, k)) != ST_OK;
        return !o->failed;
    }
    if (o->what.second) {
        o->failed = list_emptied(o, cell[0], k, (sv){NULL, 0}) != ST_OK;
        return !o->failed;
    }
    finding x = FINDING_OF(F_DEC_GONE);
    x.table = o->s->destination;
    find_add(o->s->found, &x);
    const audit_line l = {.outcome = AUDIT_DELETED, .records = 1, .key = cell[0]};
    o->failed = list_side(o, SIDE_DELETED, cell[0], (sv){NULL, 0}) != ST_OK || audit_add(o->audit, &l) != ST_OK;
    return !o->failed;
}

static bool some_gone(const object_state *o)
{
    for (size_t i = 0; i < o->n; i++)
        if (!o->item[i].seen) return true;
    return false;
}

static status list_deleted(object_state *o)
{
    const bundle_reader r = {.delimiter = ',', .take = list_gone, .ctx = o};
    const char *why = "";
    bool ended = false;
    if (!some_gone(o)) return ST_OK;
    if (bundle_read(&r, o->earlier, &ended, &why) && !o->failed) return ST_OK;
    if (!o->failed) (void)unreadable(o->s->found, o->earlier, why);
    return ST_FATAL;
}

status object_state_close(object_state *o)
{
    status s = list_deleted(o);
    list_file *out = o->out;
    o->out = NULL;
    if (s == ST_OK)
        s = keep_file(o->s, out);
    else
        list_file_abandon(out);
    for (unsigned i = 0; s == ST_OK && i < SIDES; i++) {
        list_file *l = o->side[i];
        o->side[i] = NULL;
        if (l) s = keep_file(o->s, l);
    }
    object_state_abandon(o);
    return s;
}

void object_state_abandon(object_state *o)
{
    if (!o) return;
    list_file_abandon(o->out);
    for (unsigned i = 0; i < SIDES; i++) list_file_abandon(o->side[i]);
    keyed_hash_free(o->hash);
    buf_free(&o->filled);
    free(o->item);
    free(o);
}
