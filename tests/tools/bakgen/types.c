#include "types.h"
#include <stdlib.h>

typedef enum arg_form { ARG_NONE, ARG_LENGTH, ARG_PRECISION, ARG_SCALE } arg_form;

typedef struct type_row {
    const char *name;
    uint8_t xtype;
    type_class cls;
    arg_form args;
    uint8_t unit; /* bytes of a character, or fixed bytes */
    uint8_t precision, scale;
    bool variable, legacy;
} type_row;

static const type_row ROWS[] = {
    {"tinyint", 48, TC_INT, ARG_NONE, 1, 3, 0, false, false},
    {"smallint", 52, TC_INT, ARG_NONE, 2, 5, 0, false, false},
    {"int", 56, TC_INT, ARG_NONE, 4, 10, 0, false, false},
    {"bigint", 127, TC_INT, ARG_NONE, 8, 19, 0, false, false},
    {"bit", 104, TC_BIT, ARG_NONE, 1, 1, 0, false, false},
    {"decimal", 106, TC_DECIMAL, ARG_PRECISION, 0, 18, 0, false, false},
    {"numeric", 108, TC_DECIMAL, ARG_PRECISION, 0, 18, 0, false, false},
    {"money", 60, TC_MONEY, ARG_NONE, 8, 19, 4, false, false},
    {"smallmoney", 122, TC_MONEY, ARG_NONE, 4, 10, 4, false, false},
    {"float", 62, TC_REAL, ARG_NONE, 8, 53, 0, false, false},
    {"real", 59, TC_REAL, ARG_NONE, 4, 24, 0, false, false},
    {"date", 40, TC_DATE, ARG_NONE, 3, 10, 0, false, false},
    {"time", 41, TC_TIME, ARG_SCALE, 0, 8, 0, false, false},
    {"datetime2", 42, TC_DATETIME2, ARG_SCALE, 3, 19, 0, false, false},
    {"datetimeoffset", 43, TC_DATETIMEOFFSET, ARG_SCALE, 5, 26, 0, false, false},
    {"datetime", 61, TC_DATETIME, ARG_NONE, 8, 23, 3, false, false},
    {"smalldatetime", 58, TC_SMALLDATETIME, ARG_NONE, 4, 16, 0, false, false},
    {"uniqueidentifier", 36, TC_GUID, ARG_NONE, 16, 0, 0, false, false},
    {"char", 175, TC_TEXT, ARG_LENGTH, 1, 0, 0, false, false},
    {"varchar", 167, TC_TEXT, ARG_LENGTH, 1, 0, 0, true, false},
    {"nchar", 239, TC_UTEXT, ARG_LENGTH, 2, 0, 0, false, false},
    {"nvarchar", 231, TC_UTEXT, ARG_LENGTH, 2, 0, 0, true, false},
    {"binary", 173, TC_BYTES, ARG_LENGTH, 1, 0, 0, false, false},
    {"varbinary", 165, TC_BYTES, ARG_LENGTH, 1, 0, 0, true, false},
    {"rowversion", 189, TC_ROWVERSION, ARG_NONE, 8, 0, 0, false, false},
    {"text", 35, TC_TEXT, ARG_NONE, 1, 0, 0, true, true},
    {"ntext", 99, TC_UTEXT, ARG_NONE, 2, 0, 0, true, true},
    {"image", 34, TC_BYTES, ARG_NONE, 1, 0, 0, true, true},
    {"sql_variant", 98, TC_VARIANT, ARG_NONE, 0, 0, 0, true, false},
    {"xml", 241, TC_XML, ARG_NONE, 1, 0, 0, true, false},
    {"hierarchyid", 240, TC_CLR, ARG_NONE, 1, 0, 0, true, false},
    {"geometry", 240, TC_CLR, ARG_NONE, 1, 0, 0, true, false},
    {"geography", 240, TC_CLR, ARG_NONE, 1, 0, 0, true, false},
};

static unsigned time_bytes(unsigned scale) { return scale <= 2 ? 3 : scale <= 4 ? 4 : 5; }
static unsigned decimal_bytes(unsigned precision)
{
    return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
}

static bool is_string(type_class c) { return c == TC_TEXT || c == TC_UTEXT; }

static bool with_length(const type_row *r, const char *args, sql_type *out)
{
    if (strcmp(args, "max") == 0) {
        if (!r->variable) return false;
        out->max = true;
        out->length = -1;
        return true;
    }
    long n = args[0] ? strtol(args, NULL, 10) : 1;
    if (n < 1 || n * r->unit > 8000) return false;
    out->length = (int16_t)(n * r->unit);
    if (!r->variable) out->fixed = (uint16_t)out->length;
    return true;
}

static bool with_precision(const char *args, sql_type *out)
{
    char *end = NULL;
    long p = args[0] ? strtol(args, &end, 10) : 18;
    long s = end && *end == ',' ? strtol(end + 1, NULL, 10) : 0;
    if (p < 1 || p > 38 || s < 0 || s > p) return false;
    out->precision = (uint8_t)p;
    out->scale = (uint8_t)s;
    out->fixed = (uint16_t)decimal_bytes((unsigned)p);
    return true;
}

static bool with_scale(const type_row *r, const char *args, sql_type *out)
{
    long s = args[0] ? strtol(args, NULL, 10) : 7;
    if (s < 0 || s > 7) return false;
    out->scale = (uint8_t)s;
    out->precision = (uint8_t)(r->precision + (s ? s + 1 : 0));
    out->fixed = (uint16_t)(r->unit + time_bytes((unsigned)s));
    return true;
}

static bool from_row(const type_row *r, const char *args, sql_type *out)
{
    *out = (sql_type){.cls = r->cls,
                      .xtype = r->xtype,
                      .utype = r->xtype,
                      .precision = r->precision,
                      .scale = r->scale,
                      .legacy = r->legacy,
                      .collation = is_string(r->cls) ? (uint32_t)COLLATION_DATABASE : 0};
    if (r->args == ARG_LENGTH) return with_length(r, args, out);
    if (r->args == ARG_NONE && args[0]) return false;
    bool ok = true;
    if (r->args == ARG_PRECISION) ok = with_precision(args, out);
    if (r->args == ARG_SCALE) ok = with_scale(r, args, out);
    if (r->args == ARG_NONE && !r->variable) out->fixed = r->unit;
    out->length = (int16_t)(r->legacy ? 16 : r->cls == TC_VARIANT ? 8016 : out->fixed);
    if (r->cls == TC_XML || r->cls == TC_CLR) {
        bool path = strcmp(r->name, "hierarchyid") == 0;
        out->utype = (uint16_t)(r->cls == TC_XML ? 241 : path ? 128 : strcmp(r->name, "geometry") == 0 ? 129 : 130);
        out->max = !path;
        out->length = path ? 892 : -1;
    }
    return ok;
}

bool sql_type_parse(const char *text, sql_type *out)
{
    if (strcmp(text, "sysname") == 0) {
        bool ok = sql_type_parse("nvarchar(128)", out);
        out->utype = 256;
        return ok;
    }
    char name[32] = "", args[32] = "";
    size_t n = strcspn(text, "(");
    if (n >= sizeof name) return false;
    memcpy(name, text, n);
    if (text[n] == '(') {
        size_t m = strcspn(text + n + 1, ")");
        if (m >= sizeof args || text[n + 1 + m] != ')') return false;
        memcpy(args, text + n + 1, m);
    }
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (strcmp(ROWS[i].name, name) == 0) return from_row(&ROWS[i], args, out);
    return false;
}

uint32_t sql_type_packed(const sql_type *t)
{
    uint32_t x = t->xtype;
    switch (t->cls) {
    case TC_DECIMAL: return x | (uint32_t)t->precision << 8 | (uint32_t)t->scale << 16;
    case TC_TIME:
    case TC_DATETIME2:
    case TC_DATETIMEOFFSET: return x | (uint32_t)t->scale << 8;
    case TC_TEXT:
    case TC_UTEXT:
    case TC_BYTES: return t->max ? x : x | (uint32_t)(uint16_t)t->length << 8;
    /* To the storage engine these are binary. */
    case TC_CLR: return 165 | (t->max ? 0 : (uint32_t)(uint16_t)t->length << 8);
    default: return x;
    }
}

static const scalar_type SCALARS[] = {
    {"image", 34, 34, 16, 0, 0, false, false},
    {"text", 35, 35, 16, 0, 0, true, false},
    {"uniqueidentifier", 36, 36, 16, 0, 0, false, false},
    {"date", 40, 40, 3, 10, 0, false, false},
    {"time", 41, 41, 5, 16, 7, false, false},
    {"datetime2", 42, 42, 8, 27, 7, false, false},
    {"datetimeoffset", 43, 43, 10, 34, 7, false, false},
    {"tinyint", 48, 48, 1, 3, 0, false, false},
    {"smallint", 52, 52, 2, 5, 0, false, false},
    {"int", 56, 56, 4, 10, 0, false, false},
    {"smalldatetime", 58, 58, 4, 16, 0, false, false},
    {"real", 59, 59, 4, 24, 0, false, false},
    {"money", 60, 60, 8, 19, 4, false, false},
    {"datetime", 61, 61, 8, 23, 3, false, false},
    {"float", 62, 62, 8, 53, 0, false, false},
    {"sql_variant", 98, 98, 8016, 0, 0, false, false},
    {"ntext", 99, 99, 16, 0, 0, true, false},
    {"bit", 104, 104, 1, 1, 0, false, false},
    {"decimal", 106, 106, 17, 38, 38, false, false},
    {"numeric", 108, 108, 17, 38, 38, false, false},
    {"smallmoney", 122, 122, 4, 10, 4, false, false},
    {"bigint", 127, 127, 8, 19, 0, false, false},
    {"hierarchyid", 128, 240, 892, 0, 0, false, false},
    {"geometry", 129, 240, -1, 0, 0, false, false},
    {"geography", 130, 240, -1, 0, 0, false, false},
    {"varbinary", 165, 165, 8000, 0, 0, false, false},
    {"varchar", 167, 167, 8000, 0, 0, true, false},
    {"binary", 173, 173, 8000, 0, 0, false, false},
    {"char", 175, 175, 8000, 0, 0, true, false},
    {"timestamp", 189, 189, 8, 0, 0, false, true},
    {"nvarchar", 231, 231, 8000, 0, 0, true, false},
    {"nchar", 239, 239, 8000, 0, 0, true, false},
    {"xml", 241, 241, -1, 0, 0, false, false},
    {"sysname", 256, 231, 256, 0, 0, true, true},
};

const scalar_type *scalar_type_at(size_t i) { return i < sizeof SCALARS / sizeof *SCALARS ? &SCALARS[i] : NULL; }
