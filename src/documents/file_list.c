#include "documents/file_list.h"
#include "csv/csv_writer.h"

/* Where its texts stand in file_told; FILE_FACTS: it is no fact. */
static size_t place_of(sv name)
{
    size_t n, i = 0;
    const sv *fact = file_facts(&n);
    while (i < n && !sv_eq(fact[i], name)) i++;
    return i < FILE_FACTS ? i : FILE_FACTS;
}

/* What is not there is an empty cell. */
static void field(buf *out, sv text)
{
    if (!text.n) return;
    csv_field(out, text);
}

void file_list_heading(const file_rules *r, buf *out)
{
    size_t n = r->columns ? r->columns : FILE_FACTS, all;
    if (r->bom) buf_str(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < n; i++) {
        if (i) csv_comma(out);
        csv_field(out, r->columns ? r->column[i].heading : file_facts(&all)[i]);
    }
    csv_end_row(out);
}

void file_list_row(const file_rules *r, const file_told *t, buf *out)
{
    size_t n = r->columns ? r->columns : FILE_FACTS;
    for (size_t i = 0; i < n; i++) {
        if (i) csv_comma(out);
        if (!r->columns)
            field(out, t->fact[i]);
        else if (r->column[i].fact.n && place_of(r->column[i].fact) < FILE_FACTS)
            field(out, t->fact[place_of(r->column[i].fact)]);
        else
            field(out, r->column[i].constant);
    }
    csv_end_row(out);
}
