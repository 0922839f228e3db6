/* Rows, texts of values, hard cases, and the stream of a table's rows. */
#include "edits.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

static row nowhere; /* where cells go while rows are only counted, and when memory is out */

row *row_new(gen *g, table_id t)
{
    g->made++;
    row *r = g->counting ? NULL : arena_alloc(g->mem, sizeof *r + g->tables[t].columns * sizeof *r->cell);
    if (!r) return &nowhere;
    r->table = t;
    *g->last_row = r;
    g->last_row = &r->next;
    return r;
}

void cell_set(row *r, unsigned column, sv value)
{
    if (r == &nowhere) return;
    r->cell[column] = value;
}

void cell_str(row *r, unsigned column, const char *value) { cell_set(r, column, sv_from(value)); }

sv text_of(gen *g, const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return arena_sv(g->mem, (sv){text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1});
}

sv text_int(gen *g, int64_t value)
{
    static const char SMALL[] = "0123456789101112131415161718192021222324252627282930313233343536373839";
    if (value >= 0 && value < 10) return (sv){SMALL + value, 1};
    if (value >= 10 && value < 40) return (sv){SMALL + 10 + (value - 10) * 2, 2};
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRId64, value);
    return arena_sv(g->mem, (sv){text, (size_t)n});
}

void cell_int(gen *g, row *r, unsigned column, int64_t value)
{
    if (r != &nowhere) cell_set(r, column, text_int(g, value));
}

sv text_money(gen *g, int64_t cents)
{
    return text_of(g, "%s%" PRId64 ".%02" PRId64, cents < 0 ? "-" : "", (cents < 0 ? -cents : cents) / 100,
                   (cents < 0 ? -cents : cents) % 100);
}

/* ---- days; the civil calendar counted from 1970-01-01, years beginning in March ---- */

void day_parts(int32_t day, int *y, int *m, int *d)
{
    int32_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    *d = of_year - (153 * month + 2) / 5 + 1;
    *m = month < 10 ? month + 3 : month - 9;
    *y = year + era * 400 + (*m <= 2);
}

int32_t day_of(int y, int m, int d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

sv text_day(gen *g, int32_t day)
{
    int y = 0, m = 0, d = 0;
    day_parts(day, &y, &m, &d);
    return text_of(g, "%04d-%02d-%02d", y, m, d);
}

sv text_moment(gen *g, int32_t day, unsigned minute)
{
    int y = 0, m = 0, d = 0;
    day_parts(day, &y, &m, &d);
    return text_of(g, "%04d-%02d-%02d %02u:%02u:00", y, m, d, minute / 60, minute % 60);
}

/* ---- hard cases ---- */

bool hard(const gen *g, unsigned number, uint32_t whose, uint64_t which)
{
    if (g->hard == 0) return false;
    chance c = chance_of(g->seed, 9000 + number, (uint64_t)whose << 24 ^ which);
    if (below(&c, 10000) < g->hard) return true;
    return which == 0 && whose % 97 == (number * 7 + 3) % (g->patients < 97 ? g->patients : 97) && whose < 97;
}

void planted(gen *g, unsigned number, table_id t, sv key, unsigned column, const char *outcome, sv value,
             const char *code)
{
    if (g->telling)
        truth_case(g->truth, number, g->tables[t].name, key, g->tables[t].column[column].name, outcome, value, code);
}

/* ---- streams ---- */

struct stream {
    gen *g;
    table_id table;
    int64_t patient; /* the next one; -1: what belongs to no patient */
    row *now;
    mouth *mouth;
    exam *exam;
    size_t added; /* given, behind the last row */
};

stream *stream_open(gen *g, table_id t, fault *f)
{
    stream *s = calloc(1, sizeof *s);
    if (s) *s = (stream){g, t, -1, NULL, mouth_new(), calloc(1, sizeof(exam)), 0};
    if (!s || !s->mouth || !s->exam) {
        fail(f, "out of memory");
        if (s) stream_close(s);
        return NULL;
    }
    g->made = 0;
    if (g->edits) edits_begin(g->edits);
    return s;
}

void stream_close(stream *s)
{
    free(s->mouth);
    free(s->exam);
    free(s);
}

static void make_rows(stream *s)
{
    gen *g = s->g;
    patient p, *who = NULL;
    arena_reset(g->mem);
    g->rows = NULL;
    g->last_row = &g->rows;
    if (s->patient >= 0) patient_make(g, (uint32_t)s->patient, who = &p);
    s->patient++;
    if (g->turkish) {
        dentes_rows(g, s->table, who);
    } else {
        panda_people_rows(g, s->table, who);
        panda_chart_rows(g, s->table, who, s->mouth, s->exam);
        panda_care_rows(g, s->table, who);
    }
    s->now = g->rows;
}

static row *next_made(stream *s)
{
    while (!s->now && s->patient < (int64_t)s->g->patients && !arena_failed(s->g->mem)) make_rows(s);
    row *r = s->now;
    if (r) s->now = r->next;
    return arena_failed(s->g->mem) ? NULL : r;
}

const row *stream_next(stream *s)
{
    edits *e = s->g->edits;
    row *made;
    while ((made = next_made(s))) {
        const row *r = e ? edits_row(e, made) : made;
        if (r) return r;
    }
    return e && !s->g->counting && !arena_failed(s->g->mem) ? edits_added(e, s->table, s->added++) : NULL;
}
