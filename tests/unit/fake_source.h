/* A source of tables in memory: rows made by formula, in scan units, with losses where a test wants them. For the tests
 * of the export engine. Row g of a table has: id = g, name (text that needs quotes), amount, day, note (text; large in
 * some rows), photo (bytes; large in some rows). */
#ifndef TESTS_FAKE_SOURCE_H
#define TESTS_FAKE_SOURCE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "source/row_source.h"
#include "testing.h"
#include <stdio.h>
#include <stdlib.h>

#define NOWHERE UINT64_MAX

enum { FAKE_TABLES_MAX = 8, FAKE_COLUMNS = 6, COL_ID = 0, COL_NAME, COL_AMOUNT, COL_DAY, COL_NOTE, COL_PHOTO };

typedef struct fake_table {
    table_info info;
    uint64_t rows_per_unit;
    uint64_t large_every;   /* rows with streamed values; 0: none */
    uint64_t large_bytes;   /* of the largest one */
    uint64_t lost_at;       /* this row is lost */
    uint64_t unreadable_at; /* this row's name cannot be read */
    uint64_t broken_at;     /* this row's streamed note breaks off */
    unsigned broken_from;   /* ... from this reading of it on, counted from 0 */
    uint64_t ends_at;       /* the table is lost from this row on */
    uint64_t fatal_at;      /* the source dies at this row */
} fake_table;

typedef struct fake_source {
    row_source base;
    findings *found;
    fake_table table[FAKE_TABLES_MAX];
    table_info info[FAKE_TABLES_MAX];
    column_info column[FAKE_COLUMNS];
    catalog list;
    size_t tables;
    bool verified;
    unsigned notes_opened; /* readings of the note at broken_at */
    unsigned lobs_opened;
} fake_source;

struct row_cursor {
    fake_source *s;
    const fake_table *t;
    uint64_t at, last;
    uint16_t column[FAKE_COLUMNS];
    size_t columns;
    arena *mem;
    scan_counts counts;
};

struct lob_stream {
    lob_ref ref;
    uint64_t at, breaks_at;
};

static uint64_t fake_rows(const fake_table *t) { return t->info.scan_units * t->rows_per_unit; }

static void fake_lob(value *v, uint64_t g, uint64_t bytes, uint16_t table, lob_encoding e)
{
    v->kind = V_LOB;
    v->as.lob = (lob_ref){.bytes = bytes, .page = (uint32_t)g, .owner = table, .encoding = (uint8_t)e};
}

static bool fake_is_large(const fake_table *t, uint64_t g) { return t->large_every && g % t->large_every == 0; }

static void fake_cell(row_cursor *c, uint64_t g, uint16_t column, value *v)
{
    const fake_table *t = c->t;
    uint16_t index = (uint16_t)(t - c->s->table);
    switch (column) {
    case COL_ID: *v = (value){.kind = V_INT, .as.integer = (int64_t)g}; break;
    case COL_NAME:
        *v = (value){.kind = g % 11 == 3 ? V_NULL : V_TEXT};
        if (v->kind == V_TEXT) v->as.text = arena_printf(c->mem, "name, \"%u\"", (unsigned)(g % 97));
        if (g == t->unreadable_at) *v = (value){.kind = V_UNREADABLE, .as.why = F_READ_ERROR};
        break;
    case COL_AMOUNT: *v = (value){.kind = V_DECIMAL, .as.decimal = decimal_from_i64((int64_t)g * 7, 2)}; break;
    case COL_DAY: *v = (value){.kind = V_DATE, .as.when.days = DATE_1900 + (int32_t)(g % 40000)}; break;
    case COL_NOTE:
        *v = (value){.kind = V_TEXT, .as.text = SV_LIT("")};
        if (fake_is_large(t, g)) fake_lob(v, g, t->large_bytes - g % 1000, index, LOB_UTF8);
        break;
    default:
        *v = (value){.kind = V_BYTES, .as.text = SV_LIT("\x01\xff")};
        if (fake_is_large(t, g)) fake_lob(v, g, t->large_bytes / 4 + g % 100, index, LOB_BYTES);
        break;
    }
}

static status fake_scan(row_source *s, const scan_request *q, row_cursor **out)
{
    row_cursor *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->s = (fake_source *)s;
    c->t = &c->s->table[q->table];
    c->mem = arena_new(0);
    c->at = q->first * c->t->rows_per_unit;
    c->last = q->last ? q->last * c->t->rows_per_unit : fake_rows(c->t);
    assert_true(c->last <= fake_rows(c->t));
    c->columns = q->column ? q->columns : FAKE_COLUMNS;
    for (size_t i = 0; i < c->columns; i++) c->column[i] = q->column ? q->column[i] : (uint16_t)i;
    *out = c;
    return ST_OK;
}

static void fake_say(const row_cursor *c, finding_code code, uint64_t rows)
{
    finding x = FINDING_OF(code);
    x.table = c->t->info.full_name;
    x.rows = rows;
    find_add(c->s->found, &x);
}

static status fake_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    arena_reset(c->mem);
    for (*got = 0; *got < max && c->at < c->last; (*got)++) {
        uint64_t g = c->at;
        if (g == c->t->fatal_at) {
            fake_say(c, F_READ_ERROR, 0);
            return ST_FATAL;
        }
        if (g >= c->t->ends_at) {
            fake_say(c, F_LIMIT_REACHED, 0);
            return ST_TABLE_LOST;
        }
        c->at++;
        if (g == c->t->lost_at) {
            fake_say(c, F_LIMIT_REACHED, 1);
            c->counts.rows_unreadable++;
            return ST_ROW_LOST;
        }
        value *cell = arena_array(c->mem, c->columns, sizeof *cell);
        assert_non_null(cell);
        for (size_t i = 0; i < c->columns; i++) fake_cell(c, g, c->column[i], &cell[i]);
        out[*got] = (row){cell, c->columns, {.page = (uint32_t)(g / 50), .file = 1, .slot = (uint16_t)(g % 50)}};
        c->counts.rows++;
        c->counts.pages = c->counts.rows / 50;
    }
    return *got ? ST_OK : ST_END;
}

static const scan_counts *fake_counts(const row_cursor *c) { return &c->counts; }

static void fake_cursor_close(row_cursor *c)
{
    if (!c) return;
    arena_free(c->mem);
    free(c);
}

static status fake_lob_open(row_source *s, const lob_ref *ref, lob_stream **out)
{
    fake_source *f = (fake_source *)s;
    const fake_table *t = &f->table[ref->owner];
    lob_stream *l = calloc(1, sizeof *l);
    assert_non_null(l);
    l->ref = *ref;
    f->lobs_opened++;
    bool marked = ref->page == t->broken_at && ref->encoding == LOB_UTF8;
    l->breaks_at = marked && f->notes_opened++ >= t->broken_from ? ref->bytes / 2 : UINT64_MAX;
    *out = l;
    return ST_OK;
}

static status fake_lob_read(lob_stream *l, void *p, size_t room, size_t *got)
{
    *got = 0;
    if (l->at == l->ref.bytes) return ST_END;
    if (l->at >= l->breaks_at) return ST_ROW_LOST;
    for (; *got < room && l->at < l->ref.bytes && l->at < l->breaks_at; (*got)++, l->at++)
        ((char *)p)[*got] = l->at % 61 == 60 ? '"' : l->at % 83 == 82 ? '\n' : (char)('a' + (l->at + l->ref.page) % 26);
    return ST_OK;
}

static void fake_lob_close(lob_stream *l) { free(l); }

static status fake_catalog(row_source *s, const catalog **out)
{
    fake_source *f = (fake_source *)s;
    for (size_t i = 0; i < f->tables; i++) f->info[i] = f->table[i].info;
    f->list = (catalog){f->info, f->tables};
    *out = &f->list;
    return ST_OK;
}

static status fake_verify(row_source *s)
{
    ((fake_source *)s)->verified = true;
    return ST_OK;
}

static const row_source_ops fake_ops = {
    .name = "fake",
    .title = "rows in memory",
    .catalog = fake_catalog,
    .scan = fake_scan,
    .next = fake_next,
    .counts = fake_counts,
    .cursor_close = fake_cursor_close,
    .lob_open = fake_lob_open,
    .lob_read = fake_lob_read,
    .lob_close = fake_lob_close,
    .verify = fake_verify,
};

static void fake_init(fake_source *s)
{
    static const struct {
        const char *name, *type;
        column_type kind;
        int32_t max;
    } column[FAKE_COLUMNS] = {
        {"id", "int", T_INT, 0},    {"name", "nvarchar(50)", T_TEXT, 100}, {"amount", "decimal(9,2)", T_DECIMAL, 0},
        {"day", "date", T_DATE, 0}, {"note", "nvarchar(max)", T_TEXT, -1}, {"photo", "varbinary(max)", T_BYTES, -1},
    };
    *s = (fake_source){.base.ops = &fake_ops, .found = findings_new()};
    for (size_t i = 0; i < FAKE_COLUMNS; i++)
        s->column[i] = (column_info){.name = sv_from(column[i].name),
                                     .type_name = sv_from(column[i].type),
                                     .type = column[i].kind,
                                     .max_bytes = column[i].max};
}

/* A table of `units` scan units; full_name is schema.name. */
static fake_table *fake_add(fake_source *s, const char *schema, const char *name, const char *full_name, uint64_t units,
                            uint64_t rows_per_unit)
{
    fake_table *t = &s->table[s->tables++];
    *t = (fake_table){.rows_per_unit = rows_per_unit,
                      .lost_at = NOWHERE,
                      .unreadable_at = NOWHERE,
                      .broken_at = NOWHERE,
                      .ends_at = NOWHERE,
                      .fatal_at = NOWHERE};
    t->info = (table_info){.schema = sv_from(schema),
                           .name = sv_from(name),
                           .full_name = sv_from(full_name),
                           .column = s->column,
                           .columns = FAKE_COLUMNS,
                           .rows_expected = (int64_t)(units * rows_per_unit),
                           .bytes = units * rows_per_unit * 160,
                           .storage = SV_LIT("heap"),
                           .compression = SV_LIT("none"),
                           .scan_units = units};
    return t;
}

static void fake_free(fake_source *s) { findings_free(s->found); }

#endif
