/* Indexes: for one table and one key, every row's key and those of its cells that statements read, so that a lookup
 * never goes back to the source. In memory: rows packed into blocks, and a table of chains by key. In a file, when it
 * outgrows its share of memory and there is a work folder: the same rows in an SQLite b-tree ordered by key
 * (sql_spill.c). */
#include "sql/sql_index.h"
#include "sql/sql_packed.h"
#include <stdlib.h>

enum { BLOCK_SHIFT = 20, CHAIN_BITS_MIN = 8 };
#define BLOCK_BYTES ((size_t)1 << BLOCK_SHIFT)
#define NO_ROW      UINT64_MAX

/* In front of each packed row. */
typedef struct row_head {
    uint64_t next; /* in the chain, NO_ROW: the last; while the index is built: the row added before */
    uint64_t key;
} row_head;

/* ---- memory ---- */

static bool has_key(const sql_index *x, const sql_index_want *w)
{
    return x->keys == w->keys && memcmp(x->key, w->key, w->keys * sizeof *w->key) == 0;
}

static bool has_column(const sql_index *x, uint16_t column)
{
    for (size_t i = 0; i < x->columns; i++)
        if (x->column[i] == column) return true;
    return false;
}

static bool serves(const sql_index *x, const sql_index_want *w)
{
    if (!has_key(x, w)) return false;
    for (size_t i = 0; i < w->columns; i++)
        if (!has_column(x, w->column[i])) return false;
    return true;
}

static void free_blocks(sql_index *x)
{
    for (size_t i = 0; i < x->blocks; i++) free(x->block[i]);
    free(x->block);
    free(x->chain);
    x->block = NULL;
    x->chain = NULL;
    x->blocks = x->block_room = 0;
    x->db->index_bytes -= x->bytes;
    x->bytes = 0;
}

static void index_free(sql_index *x)
{
    if (!x) return;
    free_blocks(x);
    spill_close(x->file);
    free(x->column);
    free(x->cell);
    free(x);
}

void sql_indexes_free(sql_db *db, sql_table *t)
{
    (void)db;
    while (t->index) {
        sql_index *x = t->index;
        t->index = x->next;
        index_free(x);
    }
}

static void unlink_index(sql_index *x)
{
    sql_index **at = &x->table->index;
    while (*at != x) at = &(*at)->next;
    *at = x->next;
}

/* Gives up the index that was not used for longest and is not in use. */
static bool evict(sql_db *db)
{
    sql_index *oldest = NULL;
    for (size_t i = 0; i < db->list->tables; i++)
        for (sql_index *x = db->table[i].index; x; x = x->next)
            if (x->holders == 0 && x->bytes && (!oldest || x->age < oldest->age)) oldest = x;
    if (!oldest) return false;
    unlink_index(oldest);
    index_free(oldest);
    return true;
}

/* Counts n more bytes. False when the budget has no room for them. */
static bool charge(sql_index *x, size_t n)
{
    sql_db *db = x->db;
    while (db->index_bytes + n > index_budget(db))
        if (!evict(db)) return false;
    db->index_bytes += n;
    x->bytes += n;
    return true;
}

static bool add_block(sql_index *x, size_t bytes)
{
    if (!charge(x, bytes)) return false;
    if (x->blocks == x->block_room) {
        size_t room = x->block_room ? 2 * x->block_room : 64;
        char **grown = realloc(x->block, room * sizeof *grown);
        if (!grown) return false;
        x->block = grown;
        x->block_room = room;
    }
    char *p = malloc(bytes);
    if (!p) return false;
    x->block[x->blocks++] = p;
    x->used = 0;
    return true;
}

/* A row's place: number of the block and offset in it. A row larger than a block has one of its own. */
static row_head *head_at(const sql_index *x, uint64_t place)
{
    return (row_head *)(void *)(x->block[place >> BLOCK_SHIFT] + (place & (BLOCK_BYTES - 1)));
}

static bool memory_add(sql_index *x, uint64_t key, const value *cell, const origin *from)
{
    size_t n = sizeof(row_head) + packed_size(cell, x->columns);
    n = (n + 7) & ~(size_t)7;
    bool large = n > BLOCK_BYTES;
    if ((x->blocks == 0 || large || x->used + n > BLOCK_BYTES) && !add_block(x, large ? n : BLOCK_BYTES)) return false;
    uint64_t place = (uint64_t)(x->blocks - 1) << BLOCK_SHIFT | x->used;
    row_head *h = head_at(x, place);
    *h = (row_head){.next = x->last, .key = key};
    x->last = place;
    packed_write((char *)(h + 1), cell, x->columns, from);
    x->used = large ? BLOCK_BYTES : x->used + n;
    x->rows++;
    return true;
}

static size_t chain_of(const sql_index *x, uint64_t key)
{
    return (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> x->shift);
}

/* Chains are made at the end, from the last row to the first, so that each runs in the order of the table. */
static bool memory_finish(sql_index *x)
{
    unsigned bits = CHAIN_BITS_MIN;
    while ((UINT64_C(1) << bits) < x->rows) bits++;
    size_t chains = (size_t)1 << bits;
    if (!charge(x, chains * sizeof *x->chain)) return false;
    x->chain = malloc(chains * sizeof *x->chain);
    if (!x->chain) return false;
    x->shift = 64 - bits;
    for (size_t i = 0; i < chains; i++) x->chain[i] = NO_ROW;
    for (uint64_t place = x->last; place != NO_ROW;) {
        row_head *h = head_at(x, place);
        uint64_t before = h->next;
        size_t c = chain_of(x, h->key);
        h->next = x->chain[c];
        x->chain[c] = place;
        place = before;
    }
    return true;
}

/* ---- from memory to a file ---- */

/* Writes the rows that memory holds, last one first, and gives the memory back. */
static bool move_to_file(sql_index *x)
{
    sql_db *db = x->db;
    if (!db->o.work_folder) {
        sql_say(
            db,
            "an index of %.*s needs more than the %zu MB that joins may take in memory; put the larger table in front "
            "of the join, or name fewer of its columns",
            (int)x->table->info->full_name.n, x->table->info->full_name.p, index_budget(db) >> 20);
        return false;
    }
    x->file = spill_create(db);
    if (!x->file) return false;
    uint64_t n = x->rows;
    for (uint64_t place = x->last; place != NO_ROW;) {
        const row_head *h = head_at(x, place);
        origin from;
        packed_read((const char *)(h + 1), x->cell, x->columns, &from);
        size_t bytes = packed_size(x->cell, x->columns);
        if (!spill_add(x->file, h->key, --n, (const char *)(h + 1), bytes)) return false;
        place = h->next;
    }
    free_blocks(x);
    return true;
}

static bool file_add(sql_index *x, uint64_t key, const value *cell, const origin *from)
{
    size_t bytes = packed_size(cell, x->columns);
    char *p = malloc(bytes);
    if (!p) {
        sql_say(x->db, "out of memory");
        return false;
    }
    packed_write(p, cell, x->columns, from);
    bool ok = spill_add(x->file, key, x->rows++, p, bytes);
    free(p);
    return ok;
}

/* ---- building ---- */

/* Key of a row whose cells come in the order of x->column. KEY_UNREADABLE is an error of the statement. */
static key_state key_of_row(const sql_index *x, const row *r, uint64_t *key)
{
    key_state result = KEY_VALUE;
    for (size_t i = 0; i < x->keys && result == KEY_VALUE; i++) {
        uint64_t part = 0;
        uint16_t column = x->key[i];
        result = sql_key_of_value(&x->table->column[column], &r->cell[x->key_at[i]], &part);
        *key = i ? key_join(*key, part) : part;
    }
    return result;
}

static bool add(sql_index *x, uint64_t key, const row *r)
{
    if (!x->file && memory_add(x, key, r->cell, &r->from)) return true;
    if (!x->file && !move_to_file(x)) return false;
    return file_add(x, key, r->cell, &r->from);
}

static void say_unreadable_key(const sql_index *x, const origin *from)
{
    sv name = x->table->info->full_name;
    static const char what[] = "a key that the statement joins by cannot be read";
    if (from->line)
        sql_say(x->db, "%.*s, line %llu: %s", (int)name.n, name.p, (unsigned long long)from->line, what);
    else
        sql_say(x->db, "%.*s, page %u:%u, slot %u: %s", (int)name.n, name.p, (unsigned)from->file, (unsigned)from->page,
                (unsigned)from->slot, what);
}

static bool add_rows(sql_index *x, sql_scan *scan)
{
    const row *r;
    status st;
    while ((st = sql_scan_next(scan, &r)) == ST_OK) {
        uint64_t key = 0;
        key_state k = key_of_row(x, r, &key);
        if (k == KEY_UNREADABLE && x->db->o.unreadable_cell == SQL_CELL_ERROR) {
            say_unreadable_key(x, &r->from);
            return false;
        }
        if (k == KEY_VALUE && !add(x, key, r)) return false;
        if ((x->rows & 0xFFFF) == 0 && x->db->o.cancelled && x->db->o.cancelled(x->db->o.ctx)) {
            sql_say(x->db, "the statement was stopped");
            return false;
        }
    }
    if (st != ST_END) return false;
    if (x->file) return spill_finish(x->file);
    return memory_finish(x) || (move_to_file(x) && spill_finish(x->file));
}

/* Columns: the key's first, then what else is wanted. */
static bool choose_columns(sql_index *x, const sql_index_want *w)
{
    x->column = calloc(w->keys + w->columns, sizeof *x->column);
    x->cell = calloc(w->keys + w->columns, sizeof *x->cell);
    if (!x->column || !x->cell) return false;
    for (size_t i = 0; i < w->keys; i++) {
        x->key[i] = w->key[i];
        if (!has_column(x, w->key[i])) x->column[x->columns++] = w->key[i];
        for (size_t k = 0; k < x->columns; k++)
            if (x->column[k] == w->key[i]) x->key_at[i] = (uint16_t)k;
    }
    x->keys = w->keys;
    for (size_t i = 0; i < w->columns; i++)
        if (!has_column(x, w->column[i])) x->column[x->columns++] = w->column[i];
    return true;
}

static sql_index *build(sql_db *db, sql_table *t, const sql_index_want *w)
{
    sql_index *x = calloc(1, sizeof *x);
    if (x) *x = (sql_index){.db = db, .table = t, .last = NO_ROW};
    if (!x || !choose_columns(x, w)) {
        sql_say(db, "out of memory");
        index_free(x);
        return NULL;
    }
    sql_scan *scan = sql_scan_open(db, t, x->column, x->columns);
    bool ok = scan && add_rows(x, scan);
    sql_scan_close(scan);
    if (ok) return x;
    index_free(x);
    return NULL;
}

sql_index *sql_index_get(sql_db *db, sql_table *t, const sql_index_want *w)
{
    sql_index *x = t->index;
    while (x && !serves(x, w)) x = x->next;
    if (!x) {
        if (w->keys > INDEX_KEYS_MAX) return NULL;
        x = build(db, t, w);
        if (!x) return NULL;
        x->next = t->index;
        t->index = x;
    }
    x->holders++;
    x->age = ++db->index_age;
    return x;
}

void sql_index_release(sql_index *x)
{
    if (x) x->holders--;
}

double sql_index_guess(const sql_table *t, uint64_t columns_used)
{
    double bytes = 48;
    for (size_t i = 0; i < t->info->columns; i++) {
        bool used = columns_used >> (i < 63 ? i : 63) & 1;
        const column_info *c = &t->info->column[i];
        if (used) bytes += c->type == T_TEXT || c->type == T_BYTES ? 30 : 12;
    }
    return bytes * t->rows;
}

/* ---- lookups ---- */

size_t index_columns(const sql_index *x) { return x->columns; }
uint16_t index_column(const sql_index *x, size_t i) { return x->column[i]; }

status index_find(index_walk *w, sql_index *x, uint64_t key)
{
    w->index = x;
    w->key = key;
    if (x->file) return spill_find(x->file, key, &w->spill);
    w->at = x->chain[chain_of(x, key)];
    return ST_OK;
}

status index_next(index_walk *w, value *cell, origin *from)
{
    const sql_index *x = w->index;
    if (x->file) {
        const char *p;
        status st = spill_next(x->file, w->spill, &p);
        if (st == ST_OK) packed_read(p, cell, x->columns, from);
        return st;
    }
    while (w->at != NO_ROW) {
        const row_head *h = head_at(x, w->at);
        w->at = h->next;
        if (h->key != w->key) continue;
        packed_read((const char *)(h + 1), cell, x->columns, from);
        return ST_OK;
    }
    return ST_END;
}

void index_walk_close(index_walk *w)
{
    sqlite3_finalize(w->spill);
    w->spill = NULL;
}
