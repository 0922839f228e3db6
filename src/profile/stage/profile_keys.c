/* Which keys were seen: in memory as long as there is room, then in a table of the work file. Keys that are whole numbers, as
 * those of most tables, take eight bytes. */
#include "base/limits.h"
#include "base/platform.h"
#include "profile/profile_internal.h"
#include <stdlib.h>

struct key_set {
    key_room *room;
    sqlite3 *work;
    uint64_t seed;
    /* Open addressing. 0: empty; odd: a number, doubled and one; even: twice the place of a text, counted from one. */
    uint64_t *slot;
    size_t slots, n;
    char *text; /* each behind its length */
    size_t text_n, text_room;
    bool full;
    sqlite3_stmt *put, *has; /* of the table, once it is full */
};

enum { SLOTS_FIRST = 1 << 8, TEXT_FIRST = 1 << 12, NUMBER_DIGITS = 18 };

key_set *key_set_new(sqlite3 *work, key_room *room)
{
    key_set *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->work = work;
    s->room = room;
    /* Who made the source cannot know it: he could else choose keys that all fall on one place. */
    s->seed = (uint64_t)(uintptr_t)s * UINT64_C(0x9E3779B97F4A7C15) ^ os_ticks_ms();
    return s;
}

static void table_name(const key_set *s, char out[64])
{
    sqlite3_snprintf(64, out, "main.\"keys %p\"", (const void *)s);
}

bool key_set_free(key_set *s)
{
    if (!s) return true;
    bool ok = true;
    sqlite3_finalize(s->put);
    sqlite3_finalize(s->has);
    if (s->full) {
        char name[64], sql[96];
        table_name(s, name);
        sqlite3_snprintf(sizeof sql, sql, "DROP TABLE IF EXISTS %s", name);
        ok = sqlite3_exec(s->work, sql, NULL, NULL, NULL) == SQLITE_OK;
    }
    s->room->used -= s->slots * sizeof *s->slot + s->text_room;
    free(s->slot);
    free(s->text);
    free(s);
    return ok;
}

/* ---- in memory ---- */

/* 0, and 1 to 18 digits that do not begin with 0: what has one text only. */
static bool is_number(sv key, uint64_t *out)
{
    uint64_t n = 0;
    if (key.n == 0 || key.n > NUMBER_DIGITS || (key.p[0] == '0' && key.n > 1)) return false;
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] < '0' || key.p[i] > '9') return false;
        n = n * 10 + (uint64_t)(key.p[i] - '0');
    }
    *out = n;
    return true;
}

static uint64_t mixed(uint64_t h)
{
    h = (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
}

static uint64_t hash_of_number(const key_set *s, uint64_t n) { return mixed(n ^ s->seed); }
static uint64_t hash_of_text(const key_set *s, sv key)
{
    uint64_t h = s->seed ^ key.n, word;
    for (; key.n >= sizeof word; key = (sv){key.p + sizeof word, key.n - sizeof word}) {
        memcpy(&word, key.p, sizeof word);
        h = mixed(h ^ word);
    }
    word = 0;
    if (key.n) memcpy(&word, key.p, key.n);
    return mixed(h ^ word);
}

static sv text_at(const key_set *s, uint64_t slot)
{
    const char *p = s->text + (slot / 2 - 1);
    uint32_t n;
    memcpy(&n, p, sizeof n);
    return (sv){p + sizeof n, n};
}

/* The slot that holds the key, or the empty one where it belongs. */
static size_t find(const key_set *s, sv key)
{
    uint64_t number, is = is_number(key, &number) ? number * 2 + 1 : 0;
    size_t at = (is ? hash_of_number(s, number) : hash_of_text(s, key)) & (s->slots - 1);
    for (;; at = (at + 1) & (s->slots - 1)) {
        uint64_t slot = s->slot[at];
        if (slot == 0 || (is ? slot == is : !(slot & 1) && sv_eq(text_at(s, slot), key))) return at;
    }
}

/* NULL: there is no room, or no memory. */
static void *grown(key_set *s, void *p, size_t now, size_t bytes)
{
    if (bytes - now > s->room->most - s->room->used) return NULL;
    void *larger = realloc(p, bytes);
    if (larger) s->room->used += bytes - now;
    return larger;
}

static bool grow_slots(key_set *s)
{
    size_t slots = s->slots ? s->slots * 2 : SLOTS_FIRST, old = s->slots;
    uint64_t *before = s->slot;
    if ((slots - old) * sizeof *s->slot > s->room->most - s->room->used) return false;
    uint64_t *now = calloc(slots, sizeof *now);
    if (!now) return false;
    s->room->used += (slots - old) * sizeof *s->slot;
    s->slot = now;
    s->slots = slots;
    for (size_t i = 0; i < old; i++) {
        if (before[i] == 0) continue;
        uint64_t h = before[i] & 1 ? hash_of_number(s, before[i] / 2) : hash_of_text(s, text_at(s, before[i]));
        size_t at = h & (slots - 1);
        while (now[at]) at = (at + 1) & (slots - 1);
        now[at] = before[i];
    }
    free(before);
    return true;
}

static bool keep_text(key_set *s, sv key, uint64_t *slot)
{
    uint32_t n = (uint32_t)key.n;
    if (s->text_room - s->text_n < sizeof n + key.n) {
        size_t room = s->text_room ? s->text_room : TEXT_FIRST;
        while (room - s->text_n < sizeof n + key.n) room *= 2;
        char *p = grown(s, s->text, s->text_room, room);
        if (!p) return false;
        s->text = p;
        s->text_room = room;
    }
    memcpy(s->text + s->text_n, &n, sizeof n);
    if (key.n) memcpy(s->text + s->text_n + sizeof n, key.p, key.n);
    *slot = (s->text_n + 1) * 2;
    s->text_n += sizeof n + key.n;
    return true;
}

/* ---- in the work file ---- */

static bool open_table(key_set *s)
{
    char name[64], sql[160];
    table_name(s, name);
    s->full = true;
    sqlite3_snprintf(sizeof sql, sql, "CREATE TABLE %s (key TEXT PRIMARY KEY) WITHOUT ROWID", name);
    if (sqlite3_exec(s->work, sql, NULL, NULL, NULL) != SQLITE_OK) return false;
    sqlite3_snprintf(sizeof sql, sql, "INSERT OR IGNORE INTO %s VALUES (?1)", name);
    if (sqlite3_prepare_v2(s->work, sql, -1, &s->put, NULL) != SQLITE_OK) return false;
    sqlite3_snprintf(sizeof sql, sql, "SELECT 1 FROM %s WHERE key = ?1", name);
    return sqlite3_prepare_v2(s->work, sql, -1, &s->has, NULL) == SQLITE_OK;
}

static int step_with(sqlite3_stmt *st, sv key)
{
    int rc = sqlite3_bind_text64(st, 1, key.n ? key.p : "", key.n, SQLITE_STATIC, SQLITE_UTF8);
    if (rc == SQLITE_OK) rc = sqlite3_step(st);
    sqlite3_reset(st);
    return rc;
}

/* ---- the set ---- */

bool key_set_has(key_set *s, sv key, bool *has)
{
    *has = s->slots && s->slot[find(s, key)];
    if (*has || !s->full) return true;
    int rc = step_with(s->has, key);
    *has = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

/* False: there is no room for another one. */
static bool put_in_memory(key_set *s, sv key, size_t at)
{
    uint64_t number, slot = is_number(key, &number) ? number * 2 + 1 : 0;
    if (!slot && !keep_text(s, key, &slot)) return false;
    s->slot[at] = slot;
    s->n++;
    return true;
}

bool key_set_add(key_set *s, sv key, bool *is_new)
{
    *is_new = false;
    if (!s->full && (s->n + 1) * 3 > s->slots * 2 && !grow_slots(s) && !open_table(s)) return false;
    if (s->slots) {
        size_t at = find(s, key);
        if (s->slot[at]) return true;
        if (!s->full && put_in_memory(s, key, at)) return *is_new = true;
    }
    if (!s->full && !open_table(s)) return false;
    int rc = step_with(s->put, key);
    *is_new = sqlite3_changes(s->work) > 0;
    return rc == SQLITE_DONE;
}
