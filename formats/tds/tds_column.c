#include "tds/tds_column.h"
#include "tds/tds_quote.h"

/* vector is kept as varbinary and told apart by its user type; XT_VECTOR is no number of the server's. */
enum { XT_VECTOR = 255, USER_TYPE_VECTOR = 255, USER_TYPES_FROM = 256 };

static bool is_codepage_text(uint8_t x) { return x == XT_CHAR || x == XT_VARCHAR || x == XT_TEXT; }

/* The bytes are those of the value as it is stored: text keeps its code page, and ours decodes it. */
static sv cast(const tds_column_plan *p, const char *first, const char *to, arena *mem)
{
    const int n = (int)p->quoted.n;
    if (first) return arena_printf(mem, "CAST(CAST(%.*s AS %s) AS %s)", n, p->quoted.p, first, to);
    return arena_printf(mem, "CAST(%.*s AS %s)", n, p->quoted.p, to);
}

static void plan_large(tds_column_plan *p, const char *first, lob_encoding e, arena *mem)
{
    p->how = HOW_LARGE;
    p->encoding = e;
    p->bytes = cast(p, first, "varbinary(max)", mem);
    /* The text of xml has another length than what is stored. */
    const sv of =
        p->type.xtype == XT_XML || p->type.xtype == XT_JSON || p->type.xtype == XT_VECTOR ? p->bytes : p->quoted;
    p->length = arena_printf(mem, "DATALENGTH(%.*s)", (int)of.n, of.p);
}

static lob_encoding codepage_encoding(const sqltype *t)
{
    return t->cp && codepage_number(t->cp) == 65001 ? LOB_UTF8 : LOB_CODEPAGE;
}

static void plan_values(tds_column_plan *p, bool max, arena *mem)
{
    sqltype *t = &p->type;
    p->how = HOW_BYTES;
    switch (t->xtype) {
    case XT_CHAR:
    case XT_VARCHAR:
        if (max)
            plan_large(p, NULL, codepage_encoding(t), mem);
        else
            p->bytes = cast(p, NULL, "varbinary(8000)", mem);
        break;
    case XT_TEXT: plan_large(p, "varchar(max)", codepage_encoding(t), mem); break;
    case XT_NCHAR:
    case XT_NVARCHAR:
        if (max)
            plan_large(p, NULL, LOB_UTF16, mem);
        else
            p->bytes = cast(p, NULL, "varbinary(8000)", mem);
        break;
    case XT_NTEXT:
    case XT_XML:
    case XT_JSON:
    case XT_VECTOR:
        plan_large(p, "nvarchar(max)", LOB_UTF16, mem);
        t->xtype = XT_NVARCHAR; /* the text is all that comes */
        break;
    case XT_BINARY:
    case XT_VARBINARY:
        if (max)
            plan_large(p, NULL, LOB_BYTES, mem);
        else
            p->bytes = cast(p, NULL, "varbinary(8000)", mem);
        break;
    case XT_IMAGE: plan_large(p, NULL, LOB_BYTES, mem); break;
    case XT_ROWVERSION: p->bytes = cast(p, NULL, "varbinary(8)", mem); break;
    case XT_UDT:
        plan_large(p, NULL, LOB_BYTES, mem);
        p->how = HOW_WHOLE;
        break;
    case XT_VARIANT:
        p->how = HOW_VARIANT;
        p->bytes = cast(p, NULL, "varbinary(8000)", mem);
        break;
    default:
        p->how = HOW_PLAIN;
        p->bytes = p->quoted;
        break;
    }
}

static sv why_unreadable(const tds_declared *d, const column_info *info, const tds_column_plan *plan, arena *mem)
{
    if (d->encrypted) return SV_LIT("Always Encrypted: only a client with the column's key can read it");
    if (!d->may_select) return SV_LIT("the login has no right to read it");
    if (d->hidden_values) return SV_LIT("masked: the server shows this login other values than are stored");
    if (d->graph) return SV_LIT("it belongs to the server's own keeping of a graph");
    if (info->type == T_UNKNOWN)
        return arena_printf(mem, "its type (%.*s) is not known to chartferry", (int)info->type_name.n,
                            info->type_name.p);
    if (is_codepage_text(plan->type.xtype) && !plan->type.cp)
        return arena_printf(mem, "its collation (%.*s) has no code page that chartferry knows", (int)d->collation.n,
                            d->collation.p);
    return (sv){NULL, 0};
}

static bool fits(int64_t x, int64_t most) { return x >= 0 && x <= most; }

static bool is_decimal(int64_t x) { return x == XT_DECIMAL || x == XT_NUMERIC; }
static bool is_scaled_time(int64_t x) { return x == XT_TIME || x == XT_DATETIME2 || x == XT_DATETIMEOFFSET; }
static bool is_large(int64_t x)
{
    return x == XT_IMAGE || x == XT_TEXT || x == XT_NTEXT || x == XT_XML || x == XT_JSON;
}
static bool is_sized(int64_t x)
{
    return x == XT_CHAR || x == XT_VARCHAR || x == XT_NCHAR || x == XT_NVARCHAR || x == XT_BINARY ||
           x == XT_VARBINARY || x == XT_UDT;
}

/* sys.columns gives every type a length, a precision and a scale; here they stand where the type is written with them. */
static sqltype type_of(const tds_declared *d)
{
    const int64_t x = d->system_type;
    sqltype t = {.xtype = fits(x, 255) ? (uint8_t)x : 0};
    if (is_decimal(x) && fits(d->precision, 38)) t.precision = (uint8_t)d->precision;
    if ((is_decimal(x) || is_scaled_time(x)) && fits(d->scale, 38)) t.scale = (uint8_t)d->scale;
    if (is_sized(x) && fits(d->max_length, 8000)) t.max_bytes = (uint16_t)d->max_length;
    if (x == XT_UDT) t.udt = (uint32_t)d->user_type;
    if (is_codepage_text(t.xtype) && fits(d->codepage, 65535)) t.cp = codepage_of((unsigned)d->codepage);
    if (x == XT_VARBINARY && d->user_type == USER_TYPE_VECTOR) t.xtype = XT_VECTOR;
    return t;
}

bool tds_column_describe(const tds_declared *d, arena *mem, column_info *info, tds_column_plan *plan)
{
    const bool max = d->max_length < 0 || is_large(d->system_type);
    const sqltype t = type_of(d);
    const bool alias = d->user_type > USER_TYPES_FROM && d->system_type != XT_UDT && d->type_schema.n;
    *info = (column_info){.name = d->name,
                          .type = sqltype_column_type(&t),
                          .precision = t.precision,
                          .scale = t.scale,
                          .max_bytes = max ? -1 : t.max_bytes,
                          .codepage = t.cp ? codepage_number(t.cp) : 0,
                          .collation = d->collation.n ? collation_of_name(d->collation) : 0,
                          .nullable = d->nullable,
                          .identity = d->identity,
                          .computed = d->computed,
                          .sparse = d->sparse};
    info->type_name = sqltype_name(&t, info->max_bytes, mem);
    if (t.xtype == XT_JSON || t.xtype == XT_VECTOR) {
        info->type = T_TEXT;
        info->type_name = t.xtype == XT_JSON ? SV_LIT("json") : SV_LIT("vector");
    }
    if (alias)
        info->alias = arena_printf(mem, "%.*s.%.*s", (int)d->type_schema.n, d->type_schema.p, (int)d->type_name.n,
                                   d->type_name.p);
    *plan = (tds_column_plan){.type = t, .quoted = tds_quoted(d->name, mem)};
    if (!plan->quoted.p) return false;
    plan_values(plan, max, mem);
    info->unreadable = why_unreadable(d, info, plan, mem);
    if (info->unreadable.n) plan->how = HOW_NEVER;
    return plan->bytes.p && info->type_name.p;
}

bool tds_column_is_key(const tds_column_plan *plan, const column_info *info, unsigned page)
{
    switch (plan->type.xtype) {
    case XT_TINYINT:
    case XT_SMALLINT:
    case XT_INT:
    case XT_BIGINT:
    case XT_BIT:
    case XT_DECIMAL:
    case XT_NUMERIC:
    case XT_MONEY:
    case XT_SMALLMONEY:
    case XT_DATE:
    case XT_TIME:
    case XT_DATETIME:
    case XT_SMALLDATETIME:
    case XT_DATETIME2:
    case XT_DATETIMEOFFSET:
    case XT_GUID:
    case XT_ROWVERSION: return plan->how != HOW_NEVER;
    case XT_BINARY:
    case XT_VARBINARY:
    case XT_NCHAR:
    case XT_NVARCHAR: return plan->how == HOW_BYTES && info->type != T_XML;
    case XT_CHAR:
    case XT_VARCHAR: return plan->how == HOW_BYTES && info->codepage == page;
    default: return false;
    }
}
