#include "tds/tds_rows.h"
#include "base/bytes.h"
#include "tds/tds_failure.h"

void tds_say_catalog(const tds_source *s, const char *fact)
{
    find_at(s->found, F_TDS_CATALOG, s->path, sv_from(fact));
}

static void say_trouble(const tds_rows *r)
{
    char words[TDS_WORDS_MAX];
    tds_say_catalog(r->source, tds_words(tds_trouble_of(r->link), words));
}

static void select_one(buf *b, const tds_asked *x, bool has, bool first)
{
    const char *expression = has ? x->expression : "NULL";
    buf_str(b, first ? "SELECT " : ", ");
    if (x->kind == NUMBER)
        buf_printf(b, "CAST(%s AS bigint) AS %s", expression, x->name);
    else
        buf_printf(b, "CAST(CAST(%s AS nvarchar(260)) AS varbinary(520)) AS %s", expression, x->name);
}

bool tds_rows_ask(tds_rows *r, const tds_features *has, const tds_asked *asked, size_t columns, const char *from)
{
    enum { SQL_MAX = 1 << 16 };
    buf b = buf_new(SQL_MAX);
    for (size_t i = 0; i < columns; i++)
        select_one(&b, &asked[i], asked[i].needs == HAS_ALWAYS || has->has[asked[i].needs], i == 0);
    buf_printf(&b, " %s", from);
    buf_char(&b, '\0');
    const bool made = !b.failed, sent = made && tds_ask(r->link, b.p) == ST_OK;
    buf_free(&b);
    if (!made) {
        find_code(r->source->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
        return false;
    }
    if (!sent) {
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
