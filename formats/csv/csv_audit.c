#include "csv/csv_audit.h"
#include "base/ascii.h"
#include "csv/rows/csv_cursor.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 256, SQLCMD_CUT = 256, LENGTHS = 16 };

typedef struct column_marks {
    uint64_t at_cut;                       /* values of exactly 256 characters */
    uint64_t beyond_cut;                   /* longer ones: nothing was cut there */
    uint64_t bytes_words;                  /* System.Byte[] */
    uint64_t hashes, exponents, day_month; /* what Excel makes of wide and long numbers and of 1-3 */
    uint64_t of_length[LENGTHS];           /* values of digits only, by length */
    uint64_t others;                       /* neither empty nor of digits only */
    bool leading_zero;
} column_marks;

static bool all_of(sv s, char c)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != c) return false;
    return s.n > 0;
}

/* 1.23E+09 and 1,23E+09: a number of more digits than the cell showed. */
static bool is_exponent(sv s)
{
    if (s.n < 5 || s.n > 24 || !is_digit(s.p[0])) return false;
    size_t i = 1;
    if (s.p[i] == '.' || s.p[i] == ',')
        for (i++; i < s.n && is_digit(s.p[i]);) i++;
    if (i + 2 >= s.n || s.p[i] != 'E' || s.p[i + 1] != '+') return false;
    for (i += 2; i < s.n; i++)
        if (!is_digit(s.p[i])) return false;
    return true;
}

/* Jan-03, 3-Jan, 03.Oca, Oca.03: a month's short name (English or Turkish) and one or two digits. */
static bool is_day_month(sv s)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
                                         "nov", "dec", "oca", "nis", "haz", "tem", "eyl", "eki", "kas", "ara"};
    if (s.n < 5 || s.n > 6) return false;
    bool first = is_digit(s.p[0]);
    size_t digits = s.n - 4;
    sv word = first ? (sv){s.p + s.n - 3, 3} : (sv){s.p, 3};
    char between = first ? s.p[digits] : s.p[3];
    const char *number = first ? s.p : s.p + 4;
    if (between != '-' && between != '.') return false;
    for (size_t i = 0; i < digits; i++)
        if (!is_digit(number[i])) return false;
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++)
        if (sv_eq_nocase(word, sv_from(months[i]))) return true;
    return false;
}

static void look_at(column_marks *m, sv s, csv_writer writer)
{
    size_t digits = 0;
    if (s.n == 0) return;
    while (digits < s.n && is_digit(s.p[digits])) digits++;
    if (digits == s.n) {
        m->of_length[s.n < LENGTHS ? s.n : LENGTHS - 1]++;
        m->leading_zero |= s.n > 1 && s.p[0] == '0';
        return;
    }
    m->others++;
    m->hashes += s.n >= 3 && all_of(s, '#');
    m->exponents += is_exponent(s);
    m->day_month += is_day_month(s);
    m->bytes_words += sv_eq(s, SV_LIT("System.Byte[]"));
    if (writer != CSV_BY_SQLCMD || s.n < SQLCMD_CUT) return;
    uint64_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((uint8_t)s.p[i] & 0xC0) != 0x80;
    m->at_cut += n == SQLCMD_CUT;
    m->beyond_cut += n > SQLCMD_CUT;
}

/* Codes such as postal codes had one length once: nearly all have L digits, the rest exactly one fewer. */
static uint64_t lost_zeros(const column_marks *m)
{
    if (m->leading_zero || m->others) return 0;
    uint64_t all = 0;
    for (size_t n = 0; n < LENGTHS; n++) all += m->of_length[n];
    for (size_t n = 5; n + 1 < LENGTHS; n++) {
        uint64_t shorter = m->of_length[n - 1];
        if (all >= 20 && shorter && m->of_length[n] + shorter == all && m->of_length[n] * 10 >= all * 7) return shorter;
    }
    return 0;
}

static void say(csv_source *s, const csv_table *t, finding_code code, size_t column, uint64_t n, const char *what)
{
    if (!n) return;
    char number[24];
    finding x = FINDING_OF(code);
    x.path = t->text->path;
    x.table = t->info->full_name;
    x.column = t->info->column[column].name;
    x.a = (sv){number, (size_t)snprintf(number, sizeof number, "%" PRIu64, n)};
    x.b = sv_from(what);
    find_add(s->found, &x);
}

static void say_column(csv_source *s, const csv_table *t, const column_marks *m, size_t i)
{
    bool excel = t->s.d.writer == CSV_BY_EXCEL || t->s.d.writer == CSV_BY_ANYBODY;
    if (t->s.d.writer == CSV_BY_CHARTFERRY) return;
    say(s, t, F_CSV_TRUNCATION_SUSPECT, i, m->beyond_cut ? 0 : m->at_cut, "256");
    say(s, t, F_CSV_BYTES_LOST, i, m->bytes_words, "");
    if (!excel) return;
    say(s, t, F_CSV_EXCEL_DAMAGE, i, m->exponents, "1.23E+09: the last digits of a long number are gone");
    say(s, t, F_CSV_EXCEL_DAMAGE, i, m->hashes, "###: the value was wider than its cell");
    say(s, t, F_CSV_EXCEL_DAMAGE, i, m->day_month, "Jan-03: what looked like a day and a month became a date");
    if (t->s.d.writer == CSV_BY_EXCEL)
        say(s, t, F_CSV_EXCEL_DAMAGE, i, lost_zeros(m),
            "codes that lost a zero in front: one digit shorter than all others");
}

static void say_counts(csv_source *s, const csv_table *t)
{
    char number[24];
    uint64_t stripped = atomic_load(&t->stripped), blank = atomic_load(&t->blank_lines);
    finding x = FINDING_OF(F_CSV_STRIPPED);
    x.path = t->text->path;
    x.table = t->info->full_name;
    x.a = (sv){number, (size_t)snprintf(number, sizeof number, "%" PRIu64, stripped)};
    if (stripped) find_add(s->found, &x);
    x.code = F_CSV_BLANK_LINES;
    x.a = (sv){number, (size_t)snprintf(number, sizeof number, "%" PRIu64, blank)};
    if (blank) find_add(s->found, &x);
}

status csv_audit(csv_source *s, size_t table)
{
    csv_table *t = &s->table[table];
    column_marks *m = calloc(t->s.columns + 1, sizeof *m);
    row *rows = malloc(ROWS * sizeof *rows);
    row_cursor *c = m && rows ? csv_audit_cursor(s, table) : NULL;
    status st = ST_OK;
    if (!c) {
        find_code(s->found, F_OUT_OF_MEMORY, "reading a text file");
        st = ST_FATAL;
    }
    while (st == ST_OK || st == ST_ROW_LOST) {
        size_t got;
        st = csv_next(c, rows, ROWS, &got);
        for (size_t r = 0; r < got; r++)
            for (size_t i = 0; i < rows[r].n; i++)
                if (rows[r].cell[i].kind == V_TEXT) look_at(&m[i], rows[r].cell[i].as.text, t->s.d.writer);
    }
    if (st == ST_END || st == ST_TABLE_LOST) {
        const scan_counts *n = csv_counts(c);
        t->info->rows_expected = (int64_t)(n->rows + n->rows_unreadable);
        if (st == ST_TABLE_LOST) t->info->rows_expected = -1;
        for (size_t i = 0; i < t->s.columns; i++) say_column(s, t, &m[i], i);
        say_counts(s, t);
        t->audited = true;
        st = ST_OK;
    }
    csv_cursor_close(c);
    free(rows);
    free(m);
    return st;
}

void csv_say_late(csv_source *s)
{
    for (size_t i = 0; i < s->tables; i++)
        if (!s->table[i].audited) say_counts(s, &s->table[i]);
}
