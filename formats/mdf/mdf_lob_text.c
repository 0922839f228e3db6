#include "mdf/mdf_lob_text.h"
#include "base/utf.h"
#include "mdf/mdf_record_cell.h"
#include "mdf/mdf_record_parts.h"
#include <stdio.h>
#include <stdlib.h>

/* The longest part of a character that a piece can end in, and room for one converted piece. */
enum { CARRY_MAX = 4, PIECE_ROOM = LOB_PIECE_MAX + CARRY_MAX, TEXT_ROOM = CODEPAGE_GROWTH_MAX * PIECE_ROOM + 4 };

struct lob_text {
    findings *found;
    sv table;
    lob_ref ref;
    cell_column column;
    arena *mem; /* of a value in the row */
    lob_reader *lobs;
    lob_walk *walk;
    sv in_row;     /* the value, when there is no walk */
    bool lost;     /* the walk broke off and has said so */
    binxml *xml;   /* LOB_XML */
    sv ready;      /* bytes to hand out */
    size_t carry;  /* bytes at the start of `piece` that begin a character */
    size_t bad;    /* characters without meaning */
    status source; /* ST_OK while pieces come */
    char piece[PIECE_ROOM];
    char text[TEXT_ROOM];
};

static status next_piece(lob_text *t, sv *piece)
{
    if (t->walk) {
        const status s = lob_walk_next(t->walk, piece);
        t->lost = s != ST_OK && s != ST_END;
        return s;
    }
    *piece = (sv){t->in_row.p, t->in_row.n < LOB_PIECE_MAX ? t->in_row.n : LOB_PIECE_MAX};
    if (piece->n == 0) return ST_END;
    t->in_row.p += piece->n;
    t->in_row.n -= piece->n;
    return ST_OK;
}

static status xml_piece(void *ctx, sv *piece) { return next_piece(ctx, piece); }

static void report(const lob_text *t, finding_code code, const char *fact)
{
    finding x = FINDING_OF(code);
    x.table = t->table;
    x.column = t->column.name;
    x.file_id = t->ref.file;
    x.page = t->ref.page;
    x.slot = t->ref.slot;
    x.a = sv_from(fact);
    find_add(t->found, &x);
}

static status lost(const lob_text *t, finding_code code, const char *fact)
{
    report(t, code, fact);
    return ST_ROW_LOST;
}

/* ---- opening: the row's page, its record, the column's root ---- */

static status find_value(lob_text *t, const mdf_rowset *rs)
{
    const uint8_t *page;
    const page_id at = {t->ref.page, t->ref.file};
    if (page_reader_get(lob_reader_pages(t->lobs), at, false, &page) != ST_OK)
        return lost(t, F_CELL_BROKEN, "its page cannot be read again");
    sv stored;
    bool complex = false;
    if (!record_stored(rs, t->ref.column, page, t->ref.slot, t->mem, &stored, &complex))
        return lost(t, F_CELL_BROKEN, "its row is not where it was");
    if (!complex) {
        t->in_row = arena_sv(t->mem, stored);
        return t->in_row.p ? ST_OK : ST_FATAL;
    }
    lob_root root;
    if (!lob_root_parse(stored, &root)) return lost(t, F_CELL_BROKEN, "its pointer to the value is of no known form");
    lob_reader_cell(t->lobs, t->column.name, at, t->ref.slot);
    t->walk = lob_walk_new(t->lobs, &root);
    if (!t->walk) return ST_FATAL;
    uint64_t bytes;
    return lob_length(t->lobs, &root, &bytes);
}

static status open_value(lob_text *t, const mdf_model *m, page_store *store)
{
    const lob_ref *ref = &t->ref;
    if (ref->owner >= m->rowsets || ref->column >= m->rowset[ref->owner].columns)
        return lost(t, F_CELL_BROKEN, "its column is not in the catalog");
    const mdf_rowset *rs = &m->rowset[ref->owner];
    if (m->info && rs->table < m->tables) t->table = m->info[rs->table].full_name;
    cell_column_init(&t->column, m, rs, ref->column);
    if (t->column.form != FORM_STREAM && t->column.form != FORM_XML)
        return lost(t, F_CELL_BROKEN, "values of its type are not handed out in pieces");
    t->mem = arena_new(0);
    t->lobs = lob_reader_new(store, t->found);
    if (!t->mem || !t->lobs) return ST_FATAL;
    lob_reader_table(t->lobs, t->table);
    const status s = find_value(t, rs);
    if (s != ST_OK || t->column.encoding != LOB_XML) return s;
    t->xml = binxml_new(xml_piece, t);
    return t->xml ? ST_OK : ST_FATAL;
}

status lob_text_open(const mdf_model *m, page_store *store, findings *f, const lob_ref *ref, lob_text **out)
{
    *out = NULL;
    lob_text *t = calloc(1, sizeof *t);
    status s = ST_FATAL;
    if (t) {
        t->found = f;
        t->ref = *ref;
        s = open_value(t, m, store);
    }
    if (s == ST_FATAL) find_code(f, F_OUT_OF_MEMORY, "a large value was read");
    if (s == ST_OK) {
        *out = t;
        return ST_OK;
    }
    lob_text_close(t);
    return s;
}

void lob_text_close(lob_text *t)
{
    if (!t) return;
    binxml_free(t->xml);
    lob_walk_free(t->walk);
    lob_reader_free(t->lobs);
    arena_free(t->mem);
    free(t);
}

/* ---- text: characters may be split between pieces ---- */

/* Converts the first n bytes of `piece` into `ready`. */
static void convert(lob_text *t, size_t n)
{
    t->ready.p = t->text;
    if (t->column.encoding == LOB_UTF16)
        t->ready.n = utf16_to_utf8(t->piece, n, t->text, &t->bad);
    else
        t->ready.n = codepage_to_utf8(t->column.type.cp, (sv){t->piece, n}, t->text, &t->bad);
}

static void report_bad_text(const lob_text *t)
{
    if (!t->bad) return;
    char count[24];
    snprintf(count, sizeof count, "%zu", t->bad);
    report(t, F_TEXT_CHARACTERS, count);
}

/* The next converted piece into `ready`; at the end what was carried. */
static void fill_text(lob_text *t)
{
    sv piece;
    t->source = next_piece(t, &piece);
    if (t->source == ST_OK) {
        memcpy(t->piece + t->carry, piece.p, piece.n);
        const size_t n = t->carry + piece.n;
        t->carry = sqltype_split(t->column.encoding, t->column.type.cp, t->piece, n);
        convert(t, n - t->carry);
        memmove(t->piece, t->piece + n - t->carry, t->carry);
    } else if (t->source == ST_END) {
        convert(t, t->carry);
        t->carry = 0;
        report_bad_text(t);
    }
}

static status read_xml(lob_text *t, void *p, size_t room, size_t *got)
{
    const status s = binxml_next(t->xml, p, room, got);
    if (s == ST_OK || s == ST_END) return s;
    if (s == ST_FATAL && !t->lost) return lost(t, F_OUT_OF_MEMORY, "an XML value was read");
    return t->lost ? ST_ROW_LOST : lost(t, F_XML_BROKEN, NULL);
}

status lob_text_read(lob_text *t, void *p, size_t room, size_t *got)
{
    *got = 0;
    if (t->xml) return read_xml(t, p, room, got);
    while (t->ready.n == 0 && t->source == ST_OK) {
        if (t->column.encoding == LOB_BYTES)
            t->source = next_piece(t, &t->ready);
        else
            fill_text(t);
    }
    if (t->ready.n == 0) return t->source;
    *got = t->ready.n < room ? t->ready.n : room;
    memcpy(p, t->ready.p, *got);
    t->ready.p += *got;
    t->ready.n -= *got;
    return ST_OK;
}
