/* field-inventory.xlsx: every field of every table, for the meeting where a mapping is agreed on. */
#include "guide/inventory.h"
#include "xlsx/xlsx_writer.h"

enum { OPTIONS_SHOWN = 40, TEXT_BYTES_MAX = 1 << 20 };

static const sv heading[] = {
    {"table", 5},  {"table label", 11},  {"field", 5},        {"label", 5},   {"type", 4},          {"length", 6},
    {"digits", 6}, {"behind point", 12}, {"options", 7},      {"link to", 7}, {"source table", 12}, {"source", 6},
    {"filled", 6}, {"rows", 4},          {"fill rate %", 11}, {"new", 3},     {"required", 8},      {"key", 3},
    {"custom", 6}, {"help", 4},          {"brief", 5}};
enum { COLUMNS = sizeof heading / sizeof heading[0] };

static void options_text(const fact_field *f, buf *out)
{
    for (size_t i = 0; i < f->options && i < OPTIONS_SHOWN; i++) {
        if (i) buf_str(out, "; ");
        buf_printf(out, "%.*s (%llu)", (int)f->option[i].value.n, f->option[i].value.p,
                   (unsigned long long)f->option[i].count);
    }
    if (f->options > OPTIONS_SHOWN || f->more_options) buf_str(out, "; ...");
}

static void yes(xlsx_book *b, size_t column, bool on)
{
    if (on) (void)xlsx_text(b, column, SV_LIT("yes"));
}

static void count(xlsx_book *b, size_t column, uint64_t n) { (void)xlsx_integer(b, column, (int64_t)n); }

static void row(xlsx_book *b, const fact_table *t, const fact_field *f, buf *room)
{
    size_t c = 0;
    xlsx_row(b);
    (void)xlsx_text(b, c++, t->object);
    (void)xlsx_text(b, c++, t->label);
    (void)xlsx_text(b, c++, f->name);
    (void)xlsx_text(b, c++, f->label);
    (void)xlsx_text(b, c++, sv_from(target_type_name(f->type)));
    if (f->length) count(b, c, f->length);
    c++;
    if (f->precision) count(b, c, f->precision);
    c++;
    if (f->precision) count(b, c, f->scale);
    c++;
    buf_clear(room);
    options_text(f, room);
    if (room->n) (void)xlsx_text(b, c, buf_view(room));
    c++;
    (void)xlsx_text(b, c++, f->target);
    (void)xlsx_text(b, c++, f->source_entity);
    (void)xlsx_text(b, c++, f->source);
    count(b, c++, f->filled);
    count(b, c++, t->rows);
    if (t->rows) count(b, c, (100 * f->filled + t->rows / 2) / t->rows);
    c++;
    yes(b, c++, f->is_new);
    yes(b, c++, f->required);
    yes(b, c++, f->is_key);
    yes(b, c++, f->is_custom);
    (void)xlsx_text(b, c++, f->help);
    (void)xlsx_text(b, c, f->brief);
}

static status emit(const deliver_facts *facts, package_out *out)
{
    const char *path = package_place(out, SV_LIT("field-inventory.xlsx")), *why = NULL;
    if (!path) return ST_FATAL;
    xlsx_book *b = xlsx_create(path, package_folder(out), SV_LIT("Fields"), heading, COLUMNS);
    if (!b) return package_no_memory(out);
    buf room = buf_new(TEXT_BYTES_MAX);
    for (size_t i = 0; i < facts->tables; i++)
        for (size_t k = 0; k < facts->table[i].fields; k++) row(b, &facts->table[i], &facts->table[i].field[k], &room);
    bool failed = room.failed;
    buf_free(&room);
    if (!xlsx_close(b, &why) || failed) {
        find_at(package_findings(out), F_OUT_WRITE_FAILED, SV_LIT("field-inventory.xlsx"),
                sv_from(why ? why : "out of memory"));
        return ST_FATAL;
    }
    return package_placed(out, SV_LIT("field-inventory.xlsx"));
}

const emitter field_inventory = {"field_inventory", "Inventory of fields", emit};
