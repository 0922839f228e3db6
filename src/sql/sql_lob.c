/* Large values. A locator is a blob of printable characters: a mark that only this database knows, and the place in
 * hex. So it survives sorting and grouping, which a subtype or a pointer would not, and is recognized where an operator
 * has made text of it. */
#include "base/utf.h"
#include "source/value_text.h"
#include "sql/sql_internal.h"

enum { REF_BYTES = sizeof(lob_ref), LOCATOR_BYTES = LOB_MARK_BYTES + 2 * REF_BYTES };

void sql_lob_result(sql_db *db, sqlite3_context *ctx, const lob_ref *ref)
{
    static const char hex[] = "0123456789abcdef";
    char text[LOCATOR_BYTES];
    lob_ref clean;
    memset(&clean, 0, sizeof clean); /* padding too: equal places give equal locators */
    clean.bytes = ref->bytes;
    clean.page = ref->page;
    clean.file = ref->file;
    clean.slot = ref->slot;
    clean.owner = ref->owner;
    clean.column = ref->column;
    clean.encoding = ref->encoding;
    clean.origin = ref->origin;
    const uint8_t *p = (const uint8_t *)&clean;
    memcpy(text, db->mark, LOB_MARK_BYTES);
    for (size_t i = 0; i < REF_BYTES; i++) {
        text[LOB_MARK_BYTES + 2 * i] = hex[p[i] >> 4];
        text[LOB_MARK_BYTES + 2 * i + 1] = hex[p[i] & 15];
    }
    db->lobs_made = true;
    sqlite3_result_blob(ctx, text, LOCATOR_BYTES, SQLITE_TRANSIENT);
}

static unsigned nibble(char c) { return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10); }

bool sql_lob_ref(sql_db *db, sqlite3_value *v, lob_ref *out)
{
    if (!db->lobs_made || sqlite3_value_type(v) != SQLITE_BLOB || sqlite3_value_bytes(v) != LOCATOR_BYTES) return false;
    const char *text = sqlite3_value_blob(v);
    if (memcmp(text, db->mark, LOB_MARK_BYTES) != 0) return false;
    uint8_t *p = (uint8_t *)out;
    for (size_t i = 0; i < REF_BYTES; i++)
        p[i] = (uint8_t)(nibble(text[LOB_MARK_BYTES + 2 * i]) << 4 | nibble(text[LOB_MARK_BYTES + 2 * i + 1]));
    return true;
}

bool sql_column_lob(sql_db *db, sqlite3_stmt *st, int column, lob_ref *out)
{
    return sql_lob_ref(db, sqlite3_column_value(st, column), out);
}

bool sql_column_spoilt(sql_db *db, sqlite3_stmt *st, int column)
{
    lob_ref ref;
    int type = sqlite3_column_type(st, column);
    if (!db->lobs_made || (type != SQLITE_TEXT && type != SQLITE_BLOB)) return false;
    if (sql_column_lob(db, st, column, &ref)) return false;
    const char *p =
        type == SQLITE_TEXT ? (const char *)sqlite3_column_text(st, column) : sqlite3_column_blob(st, column);
    size_t n = (size_t)sqlite3_column_bytes(st, column);
    for (const char *end = p + n; p && (size_t)(end - p) >= LOB_MARK_BYTES; p++) {
        p = memchr(p, db->mark[0], (size_t)(end - p) - (LOB_MARK_BYTES - 1));
        if (!p) return false;
        if (memcmp(p, db->mark, LOB_MARK_BYTES) == 0) return true;
    }
    return false;
}

/* ---- results as text ---- */

bool sql_column_decimal(sqlite3_stmt *st, int column, decimal *out)
{
    exact x;
    if (!exact_of_value(sqlite3_column_value(st, column), &x)) return false;
    *out = exact_decimal(&x);
    return true;
}

/* Scale of a result: of the value itself, or of the column that it comes from ("DECIMAL(9,2)"); -1 when it is not
 * known. */
static int scale_of(sqlite3_stmt *st, int column)
{
    unsigned subtype = sqlite3_value_subtype(sqlite3_column_value(st, column));
    if (subtype >= EXACT_SUBTYPE) return (int)(subtype - EXACT_SUBTYPE);
    const char *type = sqlite3_column_decltype(st, column), *comma = type ? strchr(type, ',') : NULL;
    if (!comma || strncmp(type, "DECIMAL", 7) != 0) return -1;
    int scale = 0;
    for (const char *p = comma + 1; *p >= '0' && *p <= '9'; p++) scale = scale * 10 + (*p - '0');
    return scale;
}

void sql_real_text(double x, int scale, buf *out)
{
    exact e;
    bool near;
    char text[EXACT_TEXT_MAX];
    if (scale >= 0 && exact_from_double(x, (unsigned)scale, &e, &near))
        buf_add(out, text, exact_text(&e, (unsigned)scale, text));
    else
        buf_add(out, text, text_of_double(x, text));
}

void sql_column_text(sqlite3_stmt *st, int column, buf *out)
{
    char text[24];
    switch (sqlite3_column_type(st, column)) {
    case SQLITE_INTEGER: buf_add(out, text, text_of_i64(sqlite3_column_int64(st, column), text)); break;
    case SQLITE_FLOAT: sql_real_text(sqlite3_column_double(st, column), scale_of(st, column), out); break;
    case SQLITE_TEXT: {
        const void *p = sqlite3_column_text(st, column);
        if (p) buf_add(out, p, (size_t)sqlite3_column_bytes(st, column));
        break;
    }
    case SQLITE_BLOB: {
        const void *p = sqlite3_column_blob(st, column);
        buf_str(out, "0x");
        if (p) value_hex(p, (size_t)sqlite3_column_bytes(st, column), out);
        break;
    }
    default: break;
    }
}
