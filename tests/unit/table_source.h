/* A source of small tables that a test writes out: columns by a short list, rows by values. For the tests of SQL. */
#ifndef TESTS_TABLE_SOURCE_H
#define TESTS_TABLE_SOURCE_H

#include "base/arena.h"
#include "source/row_source.h"
#include "testing.h"
#include <stdlib.h>

enum { GIVEN_TABLES_MAX = 8 };

typedef struct given_table {
    table_info info;
    const value *cell;    /* rows * columns */
    size_t rows, lost_at; /* lost_at: this row is lost; SIZE_MAX: none */
} given_table;

typedef struct given_source {
    row_source base;
    findings *found;
    given_table table[GIVEN_TABLES_MAX];
    table_info info[GIVEN_TABLES_MAX];
    catalog list;
    size_t scans; /* made so far */
} given_source;

struct row_cursor {
    given_source *s;
    const given_table *t;
    size_t at, columns;
    bool lost;
    uint16_t column[64];
    value cell[64];
    scan_counts counts;
};

struct lob_stream {
    lob_ref ref;
    uint64_t at;
};

#define INT(x)    ((value){.kind = V_INT, .as.integer = (x)})
#define TEXT(x)   ((value){.kind = V_TEXT, .as.text = {x, sizeof(x) - 1}})
#define BYTES(x)  ((value){.kind = V_BYTES, .as.text = {x, sizeof(x) - 1}})
#define REAL(x)   ((value){.kind = V_REAL, .as.real = (x)})
#define REAL32(x) ((value){.kind = V_REAL32, .as.real = (double)(float)(x)})
#define DEC(x, sc)                                                                                                     \
    ((value){.kind = V_DECIMAL,                                                                                        \
             .as.decimal = {.lo = (uint64_t)((x) < 0 ? -(x) : (x)), .scale = (sc), .negative = (x) < 0}})
#define NONE      ((value){.kind = V_NULL})
#define LOST      ((value){.kind = V_UNREADABLE, .as.why = F_READ_ERROR})
#define LOB(n, e) ((value){.kind = V_LOB, .as.lob = {.bytes = (n), .page = 7, .encoding = (e)}})

static status given_scan(row_source *s, const scan_request *q, row_cursor **out)
{
    row_cursor *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->s = (given_source *)s;
    c->s->scans++;
    c->t = &c->s->table[q->table];
    c->columns = q->column ? q->columns : c->t->info.columns;
    assert_true(c->columns <= 64);
    for (size_t i = 0; i < c->columns; i++) c->column[i] = q->column ? q->column[i] : (uint16_t)i;
    *out = c;
    return ST_OK;
}

static status given_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    *got = 0;
    if (max == 0 || c->at == c->t->rows) return ST_END;
    if (c->at == c->t->lost_at && !c->lost) {
        finding x = FINDING_OF(F_LIMIT_REACHED);
        x.table = c->t->info.full_name;
        find_add(c->s->found, &x);
        c->counts.rows_unreadable++;
        c->lost = true;
        c->at++;
        return ST_ROW_LOST;
    }
    for (size_t i = 0; i < c->columns; i++) c->cell[i] = c->t->cell[c->at * c->t->info.columns + c->column[i]];
    *out = (row){c->cell, c->columns, {.page = 100, .file = 1, .slot = (uint16_t)c->at}};
    c->at++;
    c->counts.rows++;
    *got = 1;
    return ST_OK;
}

static const scan_counts *given_counts(const row_cursor *c) { return &c->counts; }
static void given_close(row_cursor *c) { free(c); }

static status given_lob_open(row_source *s, const lob_ref *ref, lob_stream **out)
{
    (void)s;
    *out = calloc(1, sizeof **out);
    assert_non_null(*out);
    (*out)->ref = *ref;
    return ST_OK;
}

static status given_lob_read(lob_stream *l, void *p, size_t room, size_t *got)
{
    *got = 0;
    for (; *got < room && l->at < l->ref.bytes; (*got)++, l->at++) ((char *)p)[*got] = (char)('a' + l->at % 26);
    return *got ? ST_OK : ST_END;
}

static void given_lob_close(lob_stream *l) { free(l); }

static status given_catalog(row_source *s, const catalog **out)
{
    given_source *g = (given_source *)s;
    for (size_t i = 0; i < g->list.tables; i++) g->info[i] = g->table[i].info;
    g->list.table = g->info;
    *out = &g->list;
    return ST_OK;
}

static const row_source_ops given_ops = {
    .name = "given",
    .title = "tables of a test",
    .catalog = given_catalog,
    .scan = given_scan,
    .next = given_next,
    .counts = given_counts,
    .cursor_close = given_close,
    .lob_open = given_lob_open,
    .lob_read = given_lob_read,
    .lob_close = given_lob_close,
};

static void given_init(given_source *s) { *s = (given_source){.base.ops = &given_ops, .found = findings_new()}; }
static void given_free(given_source *s) { findings_free(s->found); }

/* full_name is schema.name. */
static given_table *given_add(given_source *s, const char *full_name, const column_info *column, size_t columns,
                              const value *cell, size_t rows)
{
    given_table *t = &s->table[s->list.tables++];
    const char *dot = strchr(full_name, '.');
    *t = (given_table){.cell = cell, .rows = rows, .lost_at = SIZE_MAX};
    t->info = (table_info){.schema = {full_name, (size_t)(dot - full_name)},
                           .name = sv_from(dot + 1),
                           .full_name = sv_from(full_name),
                           .column = column,
                           .columns = columns,
                           .rows_expected = (int64_t)rows,
                           .scan_units = 1};
    return t;
}

#endif
