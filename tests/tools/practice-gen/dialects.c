/* The rows as the usual programs write them: those that lose nothing (Management Studio with its header, the Export wizard;
 * bcp -c and -w, but for the ends of rows with line breaks) and those that do (sqlcmd, PowerShell's Export-Csv, a Turkish Excel). What is lost is told to the truth. */
#include "base/buf.h"
#include "base/platform.h"
#include "gen.h"
#include <inttypes.h>
#include <stdlib.h>

enum { LINE_BYTES_MAX = 1 << 26, PATH_ROOM = 1024, SQLCMD_WIDTH = 256, EXCEL_CELL = 32767 };

typedef struct dialect dialect;
typedef struct writer {
    const char *name, *end;
    bool utf16, bom;
    void (*begin)(dialect *d, const source_table *t);
    void (*row)(dialect *d, const source_table *t, const row *r);
    void (*finish)(dialect *d);
} writer;

struct dialect {
    tap tap;
    const gen *g;
    const writer *how;
    char *folder;
    FILE *out;
    buf line, field;
    uint64_t rows;
    sv key; /* of the row at hand, for losses */
};

static void lose(dialect *d, const source_table *t, unsigned column, const char *what)
{
    if (d->g->truth) truth_loss(d->g->truth, d->how->name, t->name, d->key, t->column[column].name, what);
}

/* ---- values in the words of SQL Server's tools ---- */

static void add_hex(buf *out, sv bytes)
{
    static const char HEX[] = "0123456789ABCDEF";
    char *p = buf_reserve(out, bytes.n * 2);
    if (!p) return;
    for (size_t i = 0; i < bytes.n; i++) {
        p[2 * i] = HEX[(uint8_t)bytes.p[i] >> 4];
        p[2 * i + 1] = HEX[(uint8_t)bytes.p[i] & 15];
    }
    out->n += bytes.n * 2;
}

typedef struct words {
    const char *fraction; /* behind a datetime's seconds */
    const char *money;    /* behind its two decimals */
    const char *hex;      /* in front of binary */
    const char *yes, *no;
} words;
static const words SSMS = {".000", "", "0x", "1", "0"}, WIZARD = {"", "", "", "True", "False"},
                   BCP = {".000", "00", "", "1", "0"}, SQLCMD = {".000", "00", "0x", "1", "0"};

static void add_value(buf *out, const sql_type *t, sv cell_text, const words *w)
{
    switch (t->cls) {
    case TC_BIT: buf_str(out, cell_text.p[0] == '1' ? w->yes : w->no); break;
    case TC_DATETIME:
        buf_sv(out, cell_text);
        buf_str(out, w->fraction);
        break;
    case TC_MONEY:
        buf_sv(out, cell_text);
        buf_str(out, w->money);
        break;
    case TC_BYTES:
        buf_str(out, w->hex);
        add_hex(out, cell_text);
        break;
    default: buf_sv(out, cell_text);
    }
}

static void add_quoted(buf *out, sv s)
{
    buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') buf_char(out, '"');
        buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
}

static void add_if_needed(buf *out, sv s, const char *special)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] && strchr(special, s.p[i])) {
            add_quoted(out, s);
            return;
        }
    buf_sv(out, s);
}

static void name_row(dialect *d, const source_table *t, const char *separator, bool quoted)
{
    for (unsigned i = 0; i < t->columns; i++) {
        if (i) buf_str(&d->line, separator);
        if (quoted) {
            add_quoted(&d->line, sv_from(t->column[i].name));
        } else {
            buf_str(&d->line, t->column[i].name);
        }
    }
    buf_str(&d->line, "\r\n");
}

/* ---- those that lose nothing ---- */

static void ssms_begin(dialect *d, const source_table *t) { name_row(d, t, ",", false); }
static void ssms_row(dialect *d, const source_table *t, const row *r)
{
    for (unsigned i = 0; i < t->columns; i++) {
        if (i) buf_char(&d->line, ',');
        buf_clear(&d->field);
        if (!r->cell[i].p) {
            buf_str(&d->line, "NULL");
            continue;
        }
        add_value(&d->field, &t->column[i].sql, r->cell[i], &SSMS);
        add_if_needed(&d->line, buf_view(&d->field), ",\"\r\n");
    }
    buf_str(&d->line, "\r\n");
}

static void wizard_begin(dialect *d, const source_table *t) { name_row(d, t, ",", true); }
static void wizard_row(dialect *d, const source_table *t, const row *r)
{
    for (unsigned i = 0; i < t->columns; i++) {
        if (i) buf_char(&d->line, ',');
        buf_clear(&d->field);
        if (r->cell[i].p) add_value(&d->field, &t->column[i].sql, r->cell[i], &WIZARD);
        add_quoted(&d->line, buf_view(&d->field));
    }
    buf_str(&d->line, "\r\n");
}

static void bcp_row(dialect *d, const source_table *t, const row *r)
{
    for (unsigned i = 0; i < t->columns; i++) {
        if (i) buf_char(&d->line, '\t');
        if (!r->cell[i].p) continue;
        if (r->cell[i].n == 0) {
            buf_char(&d->line, 0);
        } else {
            add_value(&d->line, &t->column[i].sql, r->cell[i], &BCP);
        }
        /* Without quotes, what is a row is told by what the columns hold, and not always. */
        bool text = t->column[i].sql.cls == TC_TEXT || t->column[i].sql.cls == TC_UTEXT;
        if (text && r->cell[i].n && memchr(r->cell[i].p, '\n', r->cell[i].n)) lose(d, t, i, "row may be left out");
    }
    buf_str(&d->line, "\r\n");
}

/* ---- sqlcmd: columns of fixed width, long values cut at 256 characters ---- */

static unsigned sqlcmd_width(const source_column *c)
{
    const sql_type *t = &c->sql;
    unsigned n = 0;
    switch (t->cls) {
    case TC_INT: n = t->fixed == 1 ? 3 : t->fixed == 2 ? 6 : 11; break;
    case TC_BIT: n = 1; break;
    case TC_MONEY: n = 21; break;
    case TC_DECIMAL: n = t->precision + 2U; break;
    case TC_DATETIME: n = 23; break;
    default: n = t->max ? SQLCMD_WIDTH : (unsigned)t->length / (t->cls == TC_UTEXT ? 2U : 1U);
    }
    unsigned name = (unsigned)strlen(c->name);
    if (n < 4 && !c->not_null) n = 4; /* the word NULL */
    return n < name ? name : n;
}

static bool right_aligned(const sql_type *t)
{
    return t->cls == TC_INT || t->cls == TC_BIT || t->cls == TC_MONEY || t->cls == TC_DECIMAL;
}

/* Bytes of the first n UTF-16 units of a text; *units is how many there are in them. */
static size_t cut_units(sv s, size_t n, size_t *units)
{
    size_t i = 0;
    *units = 0;
    while (i < s.n) {
        uint8_t c = (uint8_t)s.p[i];
        unsigned bytes = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4, u = bytes == 4 ? 2 : 1;
        if (*units + u > n) break;
        *units += u;
        i += bytes;
    }
    return i;
}

static void sqlcmd_field(dialect *d, const source_column *c, sv text)
{
    unsigned width = sqlcmd_width(c);
    size_t units = 0, bytes = cut_units(text, width, &units);
    bool right = right_aligned(&c->sql);
    for (size_t i = units; right && i < width; i++) buf_char(&d->line, ' ');
    buf_add(&d->line, text.p, bytes);
    for (size_t i = units; !right && i < width; i++) buf_char(&d->line, ' ');
}

static void sqlcmd_begin(dialect *d, const source_table *t)
{
    for (int line = 0; line < 2; line++) {
        for (unsigned i = 0; i < t->columns; i++) {
            unsigned width = sqlcmd_width(&t->column[i]);
            if (i) buf_char(&d->line, ' ');
            size_t n = line ? width : strlen(t->column[i].name);
            for (size_t k = 0; k < width; k++) buf_char(&d->line, line ? '-' : k < n ? t->column[i].name[k] : ' ');
        }
        buf_str(&d->line, "\r\n");
    }
}

static void sqlcmd_row(dialect *d, const source_table *t, const row *r)
{
    for (unsigned i = 0; i < t->columns; i++) {
        const source_column *c = &t->column[i];
        if (i) buf_char(&d->line, ' ');
        buf_clear(&d->field);
        if (r->cell[i].p) {
            add_value(&d->field, &c->sql, r->cell[i], &SQLCMD);
        } else {
            buf_str(&d->field, "NULL");
        }
        size_t units = 0;
        if (cut_units(buf_view(&d->field), sqlcmd_width(c), &units) < d->field.n) {
            lose(d, t, i, "cut at 256 characters");
        } else if (c->sql.max && units == SQLCMD_WIDTH) {
            lose(d, t, i, "looks as if cut");
        } else if (memchr(d->field.p, '\n', d->field.n)) {
            lose(d, t, i, "line breaks without quotes");
        } else if (r->cell[i].n && r->cell[i].p[r->cell[i].n - 1] == ' ') {
            lose(d, t, i, "blanks at its end"); /* like the padding behind it */
        }
        sqlcmd_field(d, c, buf_view(&d->field));
    }
    buf_str(&d->line, "\r\n");
    d->rows++;
}
static void sqlcmd_finish(dialect *d) { buf_printf(&d->line, "\r\n(%" PRIu64 " rows affected)\r\n", d->rows); }

/* ---- PowerShell's Export-Csv ---- */

static void powershell_begin(dialect *d, const source_table *t)
{
    buf_str(&d->line, "#TYPE System.Data.DataRow\r\n");
    name_row(d, t, ",", true);
}

static void american_moment(buf *out, sv s)
{
    int y = 0, mo = 0, day = 0, h = 0, mi = 0, sec = 0;
    if (sscanf(s.p, "%d-%d-%d %d:%d:%d", &y, &mo, &day, &h, &mi, &sec) != 6) return;
    buf_printf(out, "%d/%d/%d %d:%02d:%02d %s", mo, day, y, h % 12 ? h % 12 : 12, mi, sec, h < 12 ? "AM" : "PM");
}

static void powershell_row(dialect *d, const source_table *t, const row *r)
{
    for (unsigned i = 0; i < t->columns; i++) {
        const sql_type *type = &t->column[i].sql;
        if (i) buf_char(&d->line, ',');
        buf_clear(&d->field);
        if (!r->cell[i].p) {
            ;
        } else if (type->cls == TC_BYTES) {
            buf_str(&d->field, "System.Byte[]");
            lose(d, t, i, "content lost");
        } else if (type->cls == TC_DATETIME) {
            american_moment(&d->field, r->cell[i]);
        } else if (type->cls == TC_BIT) {
            buf_str(&d->field, r->cell[i].p[0] == '1' ? "True" : "False");
        } else {
            add_value(&d->field, type, r->cell[i], &BCP);
        }
        add_quoted(&d->line, buf_view(&d->field));
    }
    buf_str(&d->line, "\r\n");
}

/* ---- a Turkish Excel: semicolons, decimal commas, Windows-1254, and what it makes of what it takes for numbers ---- */

static const uint16_t CP1254[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0,      0,
                                    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0,      0x0178};
static const uint16_t TURKISH[6][2] = {{0x11E, 0xD0}, {0x130, 0xDD}, {0x15E, 0xDE},
                                       {0x11F, 0xF0}, {0x131, 0xFD}, {0x15F, 0xFE}};

static char to_1254(uint32_t x)
{
    for (unsigned i = 0; i < 6; i++) {
        if (TURKISH[i][0] == x) return (char)TURKISH[i][1];
        if (TURKISH[i][1] == x) return '?';
    }
    if (x < 0x80 || (x >= 0xA0 && x <= 0xFF)) return (char)x;
    for (unsigned i = 0; i < 32; i++)
        if (x && CP1254[i] == x) return (char)(0x80 + i);
    return '?';
}

/* False: some letter was lost. */
static bool add_1254(buf *out, sv s)
{
    bool whole = true;
    for (size_t i = 0; i < s.n;) {
        uint8_t c = (uint8_t)s.p[i];
        unsigned n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        uint32_t x = n == 1 ? c : c & (0x3FU >> (n - 1));
        for (unsigned k = 1; k < n && i + k < s.n; k++) x = x << 6 | ((uint8_t)s.p[i + k] & 0x3FU);
        char to = to_1254(x);
        whole = whole && (to != '?' || x == '?');
        buf_char(out, to);
        i += n;
    }
    return whole;
}

static bool all_digits(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return s.n > 0;
}

static void turkish_number(buf *out, sv s)
{
    for (size_t i = 0; i < s.n; i++) buf_char(out, s.p[i] == '.' ? ',' : s.p[i]);
}

/* Text that Excel takes for something else; NULL: it stays. */
static const char *excel_damage(buf *out, sv s)
{
    if (all_digits(s) && s.p[0] == '0' && s.n > 1) {
        size_t zeros = 0;
        while (zeros + 1 < s.n && s.p[zeros] == '0') zeros++;
        buf_add(out, s.p + zeros, s.n - zeros);
        return "leading zeros lost";
    }
    if (all_digits(s) && s.n > 11) {
        buf_printf(out, "%c,%c%c%c%c%cE+%zu", s.p[0], s.p[1], s.p[2], s.p[3], s.p[4], s.p[5], s.n - 1);
        return "digits lost";
    }
    if (s.n == 3 && s.p[1] == '-' && s.p[0] >= '1' && s.p[0] <= '9' && s.p[2] >= '1' && s.p[2] <= '9') {
        static const char *const MONTH[] = {"Oca", "\xDEub", "Mar", "Nis", "May", "Haz", "Tem", "A\xF0u", "Eyl"};
        buf_printf(out, "0%c.%s", s.p[0], MONTH[s.p[2] - '1']);
        return "taken for a date";
    }
    if (s.n && s.p[0] == '=') {
        buf_str(out, "#AD?");
        return "taken for a formula";
    }
    return NULL;
}

static void excel_text(dialect *d, const source_table *t, unsigned column, sv s)
{
    const char *what = excel_damage(&d->field, s);
    if (what) {
        lose(d, t, column, what);
        return;
    }
    sv kept = s;
    size_t units = 0;
    kept.n = cut_units(s, EXCEL_CELL, &units);
    if (kept.n < s.n) lose(d, t, column, "cut at 32,767 characters");
    if (!add_1254(&d->field, kept)) lose(d, t, column, "letters outside Windows-1254");
}

static void excel_begin(dialect *d, const source_table *t) { name_row(d, t, ";", false); }
static void excel_row(dialect *d, const source_table *t, const row *r)
{
    int y = 0, mo = 0, day = 0, h = 0, mi = 0;
    buf hex = buf_new(LINE_BYTES_MAX);
    for (unsigned i = 0; i < t->columns; i++) {
        const sql_type *type = &t->column[i].sql;
        if (i) buf_char(&d->line, ';');
        buf_clear(&d->field);
        if (!r->cell[i].p) continue;
        if (type->cls == TC_DATETIME) {
            if (sscanf(r->cell[i].p, "%d-%d-%d %d:%d", &y, &mo, &day, &h, &mi) == 5)
                buf_printf(&d->field, "%02d.%02d.%04d %02d:%02d", day, mo, y, h, mi);
        } else if (type->cls == TC_MONEY || type->cls == TC_DECIMAL) {
            turkish_number(&d->field, r->cell[i]);
        } else if (type->cls == TC_BYTES) {
            buf_clear(&hex);
            buf_str(&hex, "0x");
            add_hex(&hex, r->cell[i]);
            excel_text(d, t, i, buf_view(&hex));
        } else if (type->cls == TC_TEXT || type->cls == TC_UTEXT) {
            excel_text(d, t, i, r->cell[i]);
        } else {
            buf_sv(&d->field, r->cell[i]);
        }
        add_if_needed(&d->line, buf_view(&d->field), ";\"\r\n");
    }
    buf_free(&hex);
    buf_str(&d->line, "\r\n");
}

/* ---- Dr.DENTES: semicolons, 28.12.1950, 09:30, 1.250,00 ---- */

static void turkish_money(buf *out, sv s)
{
    size_t minus = s.n && s.p[0] == '-', whole = s.n - minus - 3;
    if (minus) buf_char(out, '-');
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0) buf_char(out, '.');
        buf_char(out, s.p[minus + i]);
    }
    buf_char(out, ',');
    buf_add(out, s.p + s.n - 2, 2);
}

static void dentes_line(dialect *d, const source_table *t, const row *r, bool narrow)
{
    int y = 0, mo = 0, day = 0;
    for (unsigned i = 0; i < t->columns; i++) {
        const sql_type *type = &t->column[i].sql;
        if (i) buf_char(&d->line, ';');
        buf_clear(&d->field);
        if (!r->cell[i].p) continue;
        if (type->cls == TC_DATE) {
            if (sscanf(r->cell[i].p, "%d-%d-%d", &y, &mo, &day) == 3)
                buf_printf(&d->field, "%02d.%02d.%04d", day, mo, y);
        } else if (type->cls == TC_TIME) {
            buf_add(&d->field, r->cell[i].p, 5);
        } else if (type->cls == TC_MONEY) {
            turkish_money(&d->field, r->cell[i]);
        } else if (narrow) {
            if (!add_1254(&d->field, r->cell[i])) lose(d, t, i, "letters outside Windows-1254");
        } else {
            buf_sv(&d->field, r->cell[i]);
        }
        add_if_needed(&d->line, buf_view(&d->field), ";\"\r\n");
    }
    buf_str(&d->line, "\r\n");
}
static void dentes_utf8_row(dialect *d, const source_table *t, const row *r) { dentes_line(d, t, r, false); }
static void dentes_1254_row(dialect *d, const source_table *t, const row *r) { dentes_line(d, t, r, true); }

/* ---- files ---- */

static const writer WRITERS[] = {
    {"ssms", "csv", false, true, ssms_begin, ssms_row, NULL},
    {"wizard", "csv", false, false, wizard_begin, wizard_row, NULL},
    {"bcp-c", "txt", false, false, NULL, bcp_row, NULL},
    {"bcp-w", "txt", true, true, NULL, bcp_row, NULL},
    {"sqlcmd", "txt", true, true, sqlcmd_begin, sqlcmd_row, sqlcmd_finish},
    {"powershell", "csv", false, true, powershell_begin, powershell_row, NULL},
    {"excel", "csv", false, false, excel_begin, excel_row, NULL},
};
static const writer TURKISH_WRITERS[] = {{"dentes-utf8", "csv", false, true, excel_begin, dentes_utf8_row, NULL},
                                         {"dentes-1254", "csv", false, false, excel_begin, dentes_1254_row, NULL}};

static void widen(const buf *from, buf *to)
{
    buf_clear(to);
    for (size_t i = 0; i < from->n;) {
        uint8_t c = (uint8_t)from->p[i];
        unsigned n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        uint32_t x = n == 1 ? c : c & (0x3FU >> (n - 1));
        for (unsigned k = 1; k < n && i + k < from->n; k++) x = x << 6 | ((uint8_t)from->p[i + k] & 0x3FU);
        if (x >= 0x10000) {
            uint32_t high = 0xD800 + ((x - 0x10000) >> 10);
            buf_char(to, (char)high);
            buf_char(to, (char)(high >> 8));
            x = 0xDC00 + ((x - 0x10000) & 0x3FF);
        }
        buf_char(to, (char)x);
        buf_char(to, (char)(x >> 8));
        i += n;
    }
}

static bool flush(dialect *d)
{
    const buf *out = &d->line;
    if (d->how->utf16) {
        widen(&d->line, &d->field);
        out = &d->field;
    }
    bool ok = !out->failed && !d->line.failed && (out->n == 0 || fwrite(out->p, 1, out->n, d->out) == out->n);
    buf_clear(&d->line);
    return ok;
}

static bool open_file(tap *t, const source_table *table)
{
    dialect *d = (dialect *)t;
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s.%s", d->folder, table->name, d->how->end);
    d->out = fopen(path, "wbx");
    d->rows = 0;
    if (!d->out) return false;
    if (d->how->bom) buf_str(&d->line, "\xEF\xBB\xBF"); /* in UTF-16 after widening FF FE */
    if (d->how->begin) d->how->begin(d, table);
    return flush(d);
}

static bool take_row(tap *t, const source_table *table, const row *r)
{
    dialect *d = (dialect *)t;
    char key[64];
    d->key = r->cell[0];
    if (r->table == TABLE_PeriodontalCharting) {
        sv x = r->cell[PeriodontalCharting_ExamID], label = r->cell[PeriodontalCharting_ToothNumber];
        snprintf(key, sizeof key, "%.*s:%.*s", (int)x.n, x.p, (int)label.n, label.p);
        d->key = sv_from(key);
    }
    d->how->row(d, table, r);
    return flush(d);
}

static bool close_file(tap *t, const source_table *table)
{
    (void)table;
    dialect *d = (dialect *)t;
    if (d->how->finish) d->how->finish(d);
    bool ok = flush(d);
    ok = fclose(d->out) == 0 && ok;
    d->out = NULL;
    return ok;
}

static void free_dialect(tap *t)
{
    dialect *d = (dialect *)t;
    if (d->out) fclose(d->out);
    buf_free(&d->line);
    buf_free(&d->field);
    free(d->folder);
    free(d);
}

/* What INFORMATION_SCHEMA.COLUMNS gives: dumps of bcp have no names, so who sends them sends this list with them. */
static bool write_list(const gen *g, const char *folder, fault *f)
{
    char path[PATH_ROOM];
    int n = snprintf(path, sizeof path, "%s/columns.csv", folder);
    FILE *out = n > 0 && (size_t)n < sizeof path ? fopen(path, "wbx") : NULL;
    if (!out) return fail(f, "%s: exists, or cannot be made", path);
    fputs("TABLE_SCHEMA,TABLE_NAME,COLUMN_NAME,ORDINAL_POSITION\r\n", out);
    for (table_id t = 0; t < PANDA_TABLES; t++)
        for (unsigned i = 0; i < g->tables[t].columns; i++)
            fprintf(out, "dbo,%s,%s,%u\r\n", g->tables[t].name, g->tables[t].column[i].name, i + 1);
    return fclose(out) == 0 || fail(f, "%s: cannot be written", path);
}

static dialect *dialect_new(const gen *g, const char *folder, const writer *how, fault *f)
{
    char path[PATH_ROOM];
    const char *why = "";
    dialect *d = calloc(1, sizeof *d);
    snprintf(path, sizeof path, "%s/csv-%s", folder, how->name);
    char *copy = malloc(strlen(path) + 1);
    if (!d || !copy) {
        free(d);
        free(copy);
        fail(f, "out of memory");
        return NULL;
    }
    memcpy(copy, path, strlen(path) + 1);
    *d = (dialect){.tap = {open_file, take_row, close_file, free_dialect, NULL},
                   .g = g,
                   .how = how,
                   .folder = copy,
                   .line = buf_new(LINE_BYTES_MAX),
                   .field = buf_new(LINE_BYTES_MAX)};
    if (!os_make_folder(path, &why)) fail(f, "%s: %s", path, why);
    if (!f->set && !how->begin) write_list(g, path, f);
    return d;
}

tap *dialects_open(gen *g, const char *folder, fault *f)
{
    tap *first = NULL;
    const writer *list = g->turkish ? TURKISH_WRITERS : WRITERS;
    for (size_t i = g->turkish ? COUNT_OF(TURKISH_WRITERS) : COUNT_OF(WRITERS); i-- > 0 && !f->set;) {
        dialect *d = dialect_new(g, folder, &list[i], f);
        if (!d) break;
        d->tap.next = first;
        first = &d->tap;
    }
    return first;
}
