/* The sheet of fields that an administrator makes by hand, where the vendor takes no package: kinds in the system's own words
 * (`field_words` of the template), pick lists, the order on the layout, and which column of which file goes into which
 * field. Only what this bundle has files for. */
#include "csv/csv_writer.h"
#include "schema/emitters.h"
#include "xlsx/xlsx_writer.h"

enum { CELL_BYTES_MAX = 1 << 22, SHEET_BYTES_MAX = 64 << 20, COLUMNS_MAX = 12 };

#define SHEET "field-sheet"

typedef struct sheet {
    const deliver_facts *facts;
    package_out *out;
    xlsx_book *book;
    buf csv; /* of the first table */
    buf cell;
    size_t table, columns, at;
    bool failed;
} sheet;

static const char *const field_heads[] = {
    "Module or record", "Made by you", "Field label", "API name or key", "Kind",     "Length",
    "Digits",           "Decimals",    "Options",     "Must be unique",  "Links to", "What it holds"};
static const char *const option_heads[] = {"Module or record", "Field label", "Option", "Rows that have it"};
static const char *const layout_heads[] = {"Module or record", "Place", "Field label", "Kind", "Made by you",
                                           "Rows with a value"};
static const char *const column_heads[] = {
    "File", "Column", "Module or record", "Field label", "API name or key", "Source", "Name in the brief"};
enum { FIELDS, OPTIONS, LAYOUT, COLUMNS, TABLES };

static void begin_table(sheet *s, const char *title, const char *const *heads, size_t n)
{
    sv head[COLUMNS_MAX];
    for (size_t i = 0; i < n; i++) head[i] = sv_from(heads[i]);
    if (xlsx_table(s->book, sv_from(title), head, n) == SIZE_MAX) s->failed = true;
}

static void turn_to(sheet *s, size_t table, size_t columns)
{
    s->table = table;
    s->columns = columns;
    xlsx_turn_to(s->book, table);
}

static void begin_row(sheet *s)
{
    s->at = 0;
    xlsx_row(s->book);
}

/* A text too long for a cell is only in the other tables: options. */
static void put(sheet *s, sv text)
{
    if (!xlsx_text(s->book, s->at, text)) (void)xlsx_text(s->book, s->at, SV_LIT("see the sheet of options"));
    if (s->table == FIELDS) {
        if (s->at) csv_comma(&s->csv);
        if (text.n) csv_field(&s->csv, text);
        if (s->at + 1 == s->columns) csv_end_row(&s->csv);
    }
    s->at++;
}

static void put_number(sheet *s, uint64_t n, bool shown)
{
    buf b = buf_new(64);
    if (shown) buf_printf(&b, "%llu", (unsigned long long)n);
    if (s->table == FIELDS)
        put(s, buf_view(&b));
    else
        (void)xlsx_integer(s->book, s->at++, (int64_t)n);
    buf_free(&b);
}

/* Labels of files may say whose they are, "Person - Birth date"; the field is called "Birth date". */
static sv plain_label(const fact_table *t, sv label)
{
    static const char dash[] = " - ";
    size_t n = t->object.n + sizeof dash - 1;
    if (label.n <= n || !sv_starts(label, t->object) || memcmp(label.p + t->object.n, dash, sizeof dash - 1) != 0)
        return label;
    return (sv){label.p + n, label.n - n};
}

static sv kind_of(const sheet *s, const fact_field *f)
{
    sv word = s->facts->destination->type_word[f->type];
    return word.n ? word : sv_from(target_type_name(f->type));
}

static bool has_length(const fact_field *f)
{
    return f->length && (f->type == TARGET_TEXT || f->type == TARGET_LONGTEXT || f->type == TARGET_EMAIL ||
                         f->type == TARGET_PHONE || f->type == TARGET_URL);
}

static sv options_text(sheet *s, const fact_field *f)
{
    buf_clear(&s->cell);
    for (size_t i = 0; i < f->options; i++) {
        if (i) buf_str(&s->cell, "; ");
        buf_sv(&s->cell, f->option[i].value);
    }
    if (f->more_options) buf_str(&s->cell, "; and more: see the sheet of options");
    s->failed |= s->cell.failed;
    return buf_view(&s->cell);
}

static void field_row(sheet *s, const fact_table *t, const fact_field *f)
{
    begin_row(s);
    put(s, t->object);
    put(s, f->is_new ? SV_LIT("yes") : SV_LIT("no"));
    put(s, plain_label(t, f->label));
    put(s, f->name);
    put(s, kind_of(s, f));
    put_number(s, f->length, has_length(f));
    put_number(s, f->precision, f->precision > 0);
    put_number(s, f->scale, f->precision > 0);
    put(s, options_text(s, f));
    put(s, f->unique || f->external_id ? SV_LIT("yes") : SV_LIT(""));
    put(s, f->target);
    put(s, f->help);
}

static bool is_made(const fact_table *t, const fact_field *f) { return f->is_new || t->is_new; }

static void fields(sheet *s)
{
    turn_to(s, FIELDS, sizeof field_heads / sizeof field_heads[0]);
    for (size_t i = 0; i < s->facts->tables; i++) {
        const fact_table *t = &s->facts->table[i];
        for (size_t k = 0; t->is_written && k < t->fields; k++)
            if (is_made(t, &t->field[k])) field_row(s, t, &t->field[k]);
    }
}

static void options(sheet *s)
{
    turn_to(s, OPTIONS, sizeof option_heads / sizeof option_heads[0]);
    for (size_t i = 0; i < s->facts->tables; i++) {
        const fact_table *t = &s->facts->table[i];
        for (size_t k = 0; t->is_written && k < t->fields; k++)
            for (size_t o = 0; o < t->field[k].options; o++) {
                begin_row(s);
                put(s, t->object);
                put(s, plain_label(t, t->field[k].label));
                put(s, t->field[k].option[o].value);
                put_number(s, t->field[k].option[o].count, true);
            }
    }
}

static void layout(sheet *s)
{
    turn_to(s, LAYOUT, sizeof layout_heads / sizeof layout_heads[0]);
    for (size_t i = 0; i < s->facts->tables; i++) {
        const fact_table *t = &s->facts->table[i];
        for (size_t k = 0; t->is_written && k < t->fields; k++) {
            const fact_field *f = &t->field[k];
            begin_row(s);
            put(s, t->object);
            put_number(s, k + 1, true);
            put(s, plain_label(t, f->label));
            put(s, kind_of(s, f));
            put(s, is_made(t, f) ? SV_LIT("yes") : SV_LIT("no"));
            put_number(s, f->filled, true);
        }
    }
}

static void columns(sheet *s)
{
    turn_to(s, COLUMNS, sizeof column_heads / sizeof column_heads[0]);
    for (size_t i = 0; i < s->facts->loads; i++) {
        const fact_load *l = &s->facts->load[i];
        const fact_table *t = &s->facts->table[l->table];
        for (size_t k = 0; l->parts && k < l->fields; k++) {
            begin_row(s);
            put(s, l->part[0].name);
            put(s, l->field[k].heading);
            put(s, t->object);
            put(s, plain_label(t, l->field[k].label));
            put(s, l->field[k].name);
            put(s, l->field[k].source);
            put(s, l->field[k].brief);
        }
    }
}

static void write_all(sheet *s)
{
    begin_table(s, "Fields to make", field_heads, sizeof field_heads / sizeof field_heads[0]);
    begin_table(s, "Options", option_heads, sizeof option_heads / sizeof option_heads[0]);
    begin_table(s, "Layout", layout_heads, sizeof layout_heads / sizeof layout_heads[0]);
    begin_table(s, "Columns of the files", column_heads, sizeof column_heads / sizeof column_heads[0]);
    if (s->failed) return;
    for (size_t i = 0; i < sizeof field_heads / sizeof field_heads[0]; i++) {
        if (i) csv_comma(&s->csv);
        csv_field(&s->csv, sv_from(field_heads[i]));
    }
    csv_end_row(&s->csv);
    fields(s);
    options(s);
    layout(s);
    columns(s);
    s->failed |= s->csv.failed;
}

static status write_failed(package_out *out, const char *why)
{
    find_at(package_findings(out), F_OUT_CREATE_FAILED, SV_LIT(SHEET ".xlsx"), sv_from(why));
    return ST_FATAL;
}

static status emit(const deliver_facts *facts, package_out *out)
{
    const char *disk = package_place(out, SV_LIT(SHEET ".xlsx")), *why = "out of memory";
    if (!disk) return ST_FATAL;
    sheet s = {.facts = facts,
               .out = out,
               .book = xlsx_create_book(disk, package_folder(out)),
               .csv = buf_new(SHEET_BYTES_MAX),
               .cell = buf_new(CELL_BYTES_MAX)};
    if (s.book) write_all(&s);
    bool good = s.book && !s.failed;
    if (s.book && !good) xlsx_abandon(s.book);
    if (good) good = xlsx_close(s.book, &why);
    status done = good ? package_placed(out, SV_LIT(SHEET ".xlsx")) : write_failed(out, why);
    if (done == ST_OK) done = package_file(out, SV_LIT(SHEET ".csv"), buf_view(&s.csv));
    buf_free(&s.csv);
    buf_free(&s.cell);
    return done;
}

const emitter field_sheet = {"field_sheet", "Sheet of fields to make", emit};
