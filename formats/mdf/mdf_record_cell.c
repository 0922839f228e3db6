#include "mdf/mdf_record_cell.h"
#include "base/limits.h"
#include <inttypes.h>
#include <stdio.h>

enum { CODEPAGE_UTF8 = 65001 };

/* Legacy LOB types hold the bytes of their modern counterparts. */
static uint8_t modern_type(uint8_t xtype)
{
    switch (xtype) {
    case XT_TEXT: return XT_VARCHAR;
    case XT_NTEXT: return XT_NVARCHAR;
    case XT_IMAGE: return XT_VARBINARY;
    default: return xtype;
    }
}

/* The CLR types of SQL Server itself are converted to text; those of others are handed out as their bytes. */
static bool has_text_form(const sqltype *t)
{
    return t->udt == UDT_HIERARCHYID || t->udt == UDT_GEOMETRY || t->udt == UDT_GEOGRAPHY;
}

static cell_form form_of(const sqltype *t, lob_encoding *encoding)
{
    *encoding = LOB_BYTES;
    switch (t->xtype) {
    case XT_VARCHAR:
    case XT_CHAR:
        *encoding = t->cp && codepage_number(t->cp) == CODEPAGE_UTF8 ? LOB_UTF8 : LOB_CODEPAGE;
        return t->cp ? FORM_STREAM : FORM_WHOLE;
    case XT_NVARCHAR:
    case XT_NCHAR: *encoding = LOB_UTF16; return FORM_STREAM;
    case XT_VARBINARY:
    case XT_BINARY: return FORM_STREAM;
    case XT_XML: *encoding = LOB_XML; return FORM_XML;
    case XT_UDT: return has_text_form(t) ? FORM_WHOLE : FORM_STREAM;
    default: return FORM_WHOLE;
    }
}

void cell_column_init(cell_column *c, const mdf_model *m, const mdf_rowset *rs, uint16_t position)
{
    const mdf_column *k = &rs->column[position];
    *c = (cell_column){.column = k, .position = position};
    c->type = (sqltype){.xtype = modern_type(k->xtype),
                        .precision = k->precision,
                        .scale = k->scale,
                        .max_bytes = k->max_bytes,
                        .udt = k->udt,
                        .cp = k->cp ? k->cp : m->cp};
    c->form = form_of(&c->type, &c->encoding);
    const bool decimal_type = k->xtype == XT_DECIMAL || k->xtype == XT_NUMERIC;
    if (rs->vardecimal && decimal_type && k->leaf_offset < 0) c->form = FORM_VARDECIMAL;
    c->name = SV_LIT("(internal)");
    if (k->catalog_column < 0 || rs->table >= m->tables || !m->info) return;
    const table_info *t = &m->info[rs->table];
    if ((size_t)k->catalog_column < t->columns) c->name = t->column[k->catalog_column].name;
}

static void report(const cell_context *x, const cell_column *c, finding_code code, const char *fact)
{
    finding f = FINDING_OF(code);
    f.table = x->table;
    f.column = c->name;
    f.file_id = x->page.file;
    f.page = x->page.page;
    f.slot = x->slot;
    f.a = sv_from(fact);
    find_add(x->found, &f);
}

static void mark_unreadable(cell_context *x, finding_code code, value *out)
{
    out->kind = V_UNREADABLE;
    out->as.why = code;
    ++*x->bad;
}

void cell_unreadable(cell_context *x, const cell_column *c, finding_code code, const char *fact, value *out)
{
    report(x, c, code, fact);
    mark_unreadable(x, code, out);
}

static void out_of_memory(cell_context *x, value *out)
{
    find_code(x->found, F_OUT_OF_MEMORY, "a value was read");
    mark_unreadable(x, F_OUT_OF_MEMORY, out);
}

static void note_bad_text(const cell_context *x, const cell_column *c, size_t bad)
{
    if (!bad) return;
    char count[24];
    snprintf(count, sizeof count, "%zu", bad);
    report(x, c, F_TEXT_CHARACTERS, count);
}

/* A value that is handed out as its place. */
static void hand_out_place(const cell_context *x, const cell_column *c, uint64_t bytes, value *out)
{
    out->kind = V_LOB;
    out->as.lob = (lob_ref){.bytes = bytes,
                            .page = x->page.page,
                            .file = x->page.file,
                            .slot = x->slot,
                            .owner = x->rowset,
                            .column = c->position,
                            .encoding = (uint8_t)c->encoding};
}

/* ---- XML: through the binary XML reader, from the row or from a LOB ---- */

typedef struct xml_input {
    sv in_row;
    lob_walk *walk; /* else */
    bool lost;      /* the walk broke off and has said so */
} xml_input;

static status xml_read(void *ctx, sv *piece)
{
    xml_input *in = ctx;
    if (in->walk) {
        status s = lob_walk_next(in->walk, piece);
        in->lost = s != ST_OK && s != ST_END;
        return s;
    }
    *piece = in->in_row;
    in->in_row.n = 0;
    return piece->n ? ST_OK : ST_END;
}

/* Text of at most XML_TEXT_INLINE_MAX into x->text. ST_END: all of it. ST_OK: there is more. */
static status xml_into_text(cell_context *x, xml_input *in)
{
    x->text.ceiling = XML_TEXT_INLINE_MAX;
    buf_clear(&x->text);
    binxml *b = binxml_new(xml_read, in);
    if (!b) return ST_FATAL;
    status s = ST_OK;
    while (s == ST_OK && x->text.n < XML_TEXT_INLINE_MAX) {
        size_t got = 0;
        const size_t left = XML_TEXT_INLINE_MAX - x->text.n;
        const size_t room = left < 4096 ? left : 4096;
        char *p = buf_reserve(&x->text, room);
        s = p ? binxml_next(b, p, room, &got) : ST_FATAL;
        if (s == ST_OK) x->text.n += got;
    }
    binxml_free(b);
    return s;
}

static void xml_cell(cell_context *x, const cell_column *c, xml_input *in, uint64_t bytes, arena *mem, value *out)
{
    const status s = xml_into_text(x, in);
    if (s == ST_OK) {
        hand_out_place(x, c, bytes, out);
    } else if (s == ST_END) {
        out->as.text = arena_sv(mem, buf_view(&x->text));
        out->kind = V_TEXT;
        if (!out->as.text.p) out_of_memory(x, out);
    } else if (in->lost) {
        mark_unreadable(x, F_LOB_BROKEN, out);
    } else if (s == ST_FATAL) {
        out_of_memory(x, out);
    } else {
        cell_unreadable(x, c, F_XML_BROKEN, NULL, out);
    }
}

/* ---- in the row ---- */

void cell_in_row(cell_context *x, const cell_column *c, sv in, arena *mem, value *out)
{
    sqltype_notes notes = {0};
    bool good;
    if (c->form == FORM_XML) {
        xml_input from = {.in_row = in};
        xml_cell(x, c, &from, in.n, mem, out);
        return;
    }
    if (c->form == FORM_VARDECIMAL) {
        out->kind = V_DECIMAL;
        good = vardecimal_decode(in, c->type.precision, c->type.scale, &out->as.decimal);
    } else {
        good = sqltype_decode(&c->type, in, mem, out, &notes);
    }
    if (!good) {
        cell_unreadable(x, c, F_CELL_BROKEN, "its bytes are no value of its type", out);
        return;
    }
    note_bad_text(x, c, notes.bad_text);
}

void cell_compressed(cell_context *x, const cell_column *c, sv in, arena *mem, value *out)
{
    if (c->column->max || c->type.xtype == XT_XML || c->type.xtype == XT_UDT) {
        cell_in_row(x, c, in, mem, out);
        return;
    }
    sqltype_notes notes = {0};
    if (sqltype_decode_compressed(&c->type, in, mem, out, &notes))
        note_bad_text(x, c, notes.bad_text);
    else
        cell_unreadable(x, c, F_CELL_BROKEN, "its compressed bytes are no value of its type", out);
}

/* ---- off the row ---- */

/* All pieces, which make up `bytes`, in mem. */
static void assembled_cell(cell_context *x, const cell_column *c, lob_walk *walk, uint64_t bytes, arena *mem,
                           value *out)
{
    char *p = arena_alloc(mem, (size_t)bytes + 1);
    if (!p) {
        out_of_memory(x, out);
        return;
    }
    size_t at = 0;
    sv piece;
    status s;
    while ((s = lob_walk_next(walk, &piece)) == ST_OK && piece.n <= bytes - at) {
        memcpy(p + at, piece.p, piece.n);
        at += piece.n;
    }
    if (s == ST_END && at == bytes)
        cell_in_row(x, c, (sv){p, at}, mem, out);
    else if (s == ST_OK || s == ST_END)
        cell_unreadable(x, c, F_CELL_BROKEN, "its length changed while it was read", out);
    else
        mark_unreadable(x, F_LOB_BROKEN, out);
}

void cell_off_row(cell_context *x, const cell_column *c, sv in, arena *mem, value *out)
{
    lob_root root;
    if (!lob_root_parse(in, &root)) {
        cell_unreadable(x, c, F_CELL_BROKEN, "its pointer to the value is of no known form", out);
        return;
    }
    lob_reader_cell(x->lobs, c->name, x->page, x->slot);
    uint64_t bytes;
    const status s = lob_length(x->lobs, &root, &bytes);
    if (s != ST_OK) {
        out->kind = V_NULL;
        if (s != ST_END) mark_unreadable(x, F_LOB_BROKEN, out);
        return;
    }
    const bool whole = c->form == FORM_WHOLE || c->form == FORM_VARDECIMAL;
    if (!whole && (x->no_lobs_inline || bytes > LOB_INLINE_BYTES_MAX)) {
        hand_out_place(x, c, bytes, out);
        return;
    }
    if (bytes > WHOLE_VALUE_BYTES_MAX) {
        char count[24];
        snprintf(count, sizeof count, "%" PRIu64, bytes);
        cell_unreadable(x, c, F_CELL_TOO_LARGE, count, out);
        return;
    }
    lob_walk *walk = lob_walk_new(x->lobs, &root);
    if (!walk) {
        out_of_memory(x, out);
        return;
    }
    if (c->form == FORM_XML) {
        xml_input from = {.walk = walk};
        xml_cell(x, c, &from, bytes, mem, out);
    } else {
        assembled_cell(x, c, walk, bytes, mem, out);
    }
    lob_walk_free(walk);
}
