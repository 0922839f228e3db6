#include "tds/tds_rows.h"
#include "base/bytes.h"
#include "tds/tds_failure.h"

void tds_say_catalog(const tds_source *s, const char *fact)
{
    finding x = FINDING_OF(F_TDS_CATALOG);
    x.path = s->path;
    x.a = sv_from(fact);
    find_add(s->found, &x);
}

static void say_trouble(const tds_rows *r)
{
    char words[TDS_WORDS_MAX];
    tds_say_catalog(r->source, tds_words(tds_trouble_of(r->link), words));
}

bool tds_rows_ask(tds_rows *r, const char *sql, size_t columns)
{
    if (tds_ask(r->link, sql) != ST_OK) {
        say_trouble(r);
        return false;
    }
    if (tds_columns(r->link) == columns) return true;
    tds_say_catalog(r->source, "the answer has other columns than were asked for");
    return false;
}

bool tds_rows_next(tds_rows *r) { return !r->bad && tds_row(r->link) == ST_OK; }

bool tds_rows_end(tds_rows *r)
{
    if (r->bad)
        tds_say_catalog(r->source, "the answer has values of other types than were asked for");
    else if (!tds_usable(r->link))
        say_trouble(r);
    else if (arena_failed(r->source->mem))
        find_code(r->source->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
    else
        return true;
    return false;
}

int64_t tds_rows_number(tds_rows *r, size_t i, int64_t if_null)
{
    sv p;
    const tds_form form = tds_column(r->link, i, &p);
    if (form == TDS_INTEGER && p.n == 8) return (int64_t)le64((const uint8_t *)p.p);
    r->bad |= form != TDS_NULL;
    return if_null;
}

sv tds_rows_text(tds_rows *r, size_t i)
{
    static const sqltype utf16 = {.xtype = XT_NVARCHAR};
    sqltype_notes notes = {0};
    value v;
    sv p;
    const tds_form form = tds_column(r->link, i, &p);
    if (form == TDS_NULL) return (sv){NULL, 0};
    if (form == TDS_BYTES && sqltype_decode(&utf16, p, r->source->mem, &v, &notes)) return v.as.text;
    r->bad = true;
    return (sv){NULL, 0};
}
