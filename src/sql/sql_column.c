#include "sql/sql_column.h"
#include "source/value_text.h"
#include "sql/sql_collation.h"
#include <math.h>

enum { DECIMAL_DIGITS = 15, INTEGER_DIGITS = 18, LONG_DIGITS = 19 };

static column_class decimal_class(unsigned precision, unsigned scale)
{
    if (precision <= DECIMAL_DIGITS || (scale == 0 && precision <= INTEGER_DIGITS)) return CLASS_DECIMAL;
    return precision <= LONG_DIGITS ? CLASS_DECIMAL_LONG : CLASS_DECIMAL_TEXT;
}

static column_class class_of(const column_info *c)
{
    switch (c->type) {
    case T_BOOL:
    case T_INT: return CLASS_INTEGER;
    case T_REAL: return CLASS_REAL;
    case T_DECIMAL: return decimal_class(c->precision, c->scale);
    case T_MONEY: return sv_eq(c->type_name, SV_LIT("smallmoney")) ? CLASS_DECIMAL : CLASS_DECIMAL_LONG;
    case T_TEXT:
    case T_XML:
    case T_HIERARCHYID:
    case T_SPATIAL: return CLASS_TEXT;
    case T_DATE:
    case T_TIME:
    case T_DATETIME:
    case T_DATETIMEOFFSET: return CLASS_MOMENT;
    case T_GUID: return CLASS_GUID;
    case T_BYTES:
    case T_ROWVERSION: return CLASS_BYTES;
    case T_VARIANT:
    case T_UNKNOWN: break;
    }
    return CLASS_VARIANT;
}

sql_column sql_column_of(const column_info *c)
{
    unsigned rules = c->type == T_TEXT || c->type == T_VARIANT ? collation_rules(c->collation) : COLLATE_BINARY;
    return (sql_column){.class = class_of(c), .rules = rules, .scale = c->type == T_MONEY ? 4 : c->scale};
}

const char *sql_column_collation(const sql_column *c)
{
    switch (c->class) {
    case CLASS_DECIMAL_LONG:
    case CLASS_DECIMAL_TEXT: return "decimal";
    case CLASS_TEXT:
    case CLASS_VARIANT: return collation_name(c->rules);
    case CLASS_MOMENT: return "moment";
    case CLASS_GUID: return "guid";
    default: return "BINARY";
    }
}

void sql_column_declare(const sql_column *c, const column_info *info, buf *out)
{
    switch (c->class) {
    case CLASS_INTEGER: buf_str(out, "INTEGER"); break;
    case CLASS_REAL: buf_str(out, "REAL"); break;
    case CLASS_DECIMAL: buf_printf(out, "DECIMAL(%u,%u)", info->precision, c->scale); break;
    case CLASS_DECIMAL_LONG:
    case CLASS_DECIMAL_TEXT: buf_printf(out, "DECIMAL TEXT(%u,%u)", info->precision, c->scale); break;
    case CLASS_TEXT: buf_str(out, "TEXT"); break;
    case CLASS_MOMENT:
        buf_str(out, info->type == T_DATE ? "DATE TEXT" : info->type == T_TIME ? "TIME TEXT" : "DATETIME TEXT");
        break;
    case CLASS_GUID: buf_str(out, "GUID TEXT"); break;
    case CLASS_BYTES:
    case CLASS_VARIANT: buf_str(out, "BLOB"); break;
    }
    buf_printf(out, " COLLATE %s", sql_column_collation(c));
}

/* ---- values to SQLite ---- */

double sql_double_of_real32(double x)
{
    double unit = 1;
    for (unsigned k = 0; k <= 8; k++, unit *= 10) {
        double r = nearbyint(x * unit);
        if (fabs(r) > 9999999) break;
        if ((double)(float)(r / unit) == x) return r / unit;
    }
    char text[32];
    size_t n = text_of_float((float)x, text);
    exact e;
    double y;
    return exact_parse((sv){text, n}, &e) && exact_to_double(&e, &y) ? y : x;
}

static void text_result(sqlite3_context *ctx, const value *v)
{
    char text[VALUE_TEXT_MAX];
    size_t n = value_text_fixed(v, text);
    sqlite3_result_text(ctx, text, (int)n, SQLITE_TRANSIENT);
}

void sql_value_result(sqlite3_context *ctx, const sql_column *c, const value *v)
{
    switch (v->kind) {
    case V_NULL: break;
    case V_BOOL:
    case V_INT: sqlite3_result_int64(ctx, v->as.integer); break;
    case V_DECIMAL: {
        exact x = exact_from_decimal(&v->as.decimal);
        exact_result(ctx, &x, x.scale, c->class == CLASS_DECIMAL_TEXT);
        break;
    }
    case V_REAL: sqlite3_result_double(ctx, v->as.real); break;
    case V_REAL32: sqlite3_result_double(ctx, sql_double_of_real32(v->as.real)); break;
    case V_TEXT:
        sqlite3_result_text64(ctx, v->as.text.n ? v->as.text.p : "", v->as.text.n, SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
    case V_BYTES: sqlite3_result_blob64(ctx, v->as.text.n ? v->as.text.p : "", v->as.text.n, SQLITE_TRANSIENT); break;
    default: text_result(ctx, v); break;
    }
}

/* ---- keys ---- */

static uint64_t key_of_double(double x)
{
    if (x >= -9223372036854775808.0 && x < 9223372036854775808.0 && x == floor(x)) return (uint64_t)(int64_t)x;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t key_of_exact(const sql_column *c, const exact *x)
{
    double r;
    if (c->class != CLASS_DECIMAL) return exact_hash(x);
    return exact_to_double(x, &r) ? key_of_double(r) : exact_hash(x);
}

static uint64_t key_of_text(const sql_column *c, sv s)
{
    switch (c->class) {
    case CLASS_MOMENT: return moment_hash(s);
    case CLASS_GUID: return guid_hash(s);
    case CLASS_DECIMAL_LONG:
    case CLASS_DECIMAL_TEXT: {
        exact x;
        return exact_parse(s, &x) ? exact_hash(&x) : bytes_hash(s);
    }
    case CLASS_BYTES: return bytes_hash(s);
    default: return collation_hash(c->rules, s);
    }
}

key_state sql_key_of_value(const sql_column *c, const value *v, uint64_t *key)
{
    char text[VALUE_TEXT_MAX];
    switch (v->kind) {
    case V_NULL: return KEY_NULL;
    case V_LOB: return KEY_NULL; /* a locator equals nothing */
    case V_UNREADABLE: return KEY_UNREADABLE;
    case V_BOOL:
    case V_INT: *key = (uint64_t)v->as.integer; break;
    case V_REAL: *key = key_of_double(v->as.real); break;
    case V_REAL32: *key = key_of_double(sql_double_of_real32(v->as.real)); break;
    case V_DECIMAL: {
        exact x = exact_from_decimal(&v->as.decimal);
        *key = key_of_exact(c, &x);
        break;
    }
    case V_TEXT:
    case V_BYTES: *key = key_of_text(c, v->as.text); break;
    default: *key = key_of_text(c, (sv){text, value_text_fixed(v, text)}); break;
    }
    return KEY_VALUE;
}

static key_state key_of_number(const sql_column *c, sqlite3_value *v, uint64_t *key)
{
    int type = sqlite3_value_numeric_type(v);
    if (type == SQLITE_INTEGER)
        *key = (uint64_t)sqlite3_value_int64(v);
    else if (type == SQLITE_FLOAT) {
        double x = sqlite3_value_double(v);
        *key = key_of_double(x);
        bool whole = x >= -9223372036854775808.0 && x < 9223372036854775808.0 && x == floor(x);
        if (c->class == CLASS_INTEGER && !whole) return KEY_NULL;
    } else
        return KEY_NULL; /* text that is no number, or bytes */
    return KEY_VALUE;
}

key_state sql_key_of_sql(const sql_column *c, sqlite3_value *v, uint64_t *key)
{
    int type = sqlite3_value_type(v);
    if (type == SQLITE_NULL) return KEY_NULL;
    exact x;
    switch (c->class) {
    case CLASS_INTEGER:
    case CLASS_REAL:
    case CLASS_DECIMAL: return key_of_number(c, v, key);
    case CLASS_DECIMAL_LONG:
    case CLASS_DECIMAL_TEXT:
        if (type == SQLITE_BLOB) return KEY_NULL;
        if (exact_of_value(v, &x)) {
            *key = exact_hash(&x);
            return KEY_VALUE;
        }
        break;
    case CLASS_BYTES:
        if (type != SQLITE_BLOB) return KEY_NULL;
        *key = bytes_hash((sv){sqlite3_value_blob(v), (size_t)sqlite3_value_bytes(v)});
        return KEY_VALUE;
    case CLASS_VARIANT: return KEY_UNREADABLE;
    default: break;
    }
    if (type == SQLITE_BLOB) return KEY_NULL;
    if (type != SQLITE_TEXT) return KEY_UNREADABLE;
    const char *p = (const char *)sqlite3_value_text(v);
    *key = key_of_text(c, (sv){p, (size_t)sqlite3_value_bytes(v)});
    return KEY_VALUE;
}
