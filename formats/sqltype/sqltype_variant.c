#include "base/bytes.h"
#include "sqltype/sqltype_internal.h"

/* Base type, format version, what the base type needs to be known by, value (FORMAT.md, sql_variant). */
bool sqltype_variant(sv in, arena *mem, value *out, sqltype_notes *notes)
{
    enum { FORMAT_VERSION = 1 };
    cur c = cur_from(in.p, in.n);
    sqltype t = {.xtype = cur_u8(&c)};
    if (cur_u8(&c) != FORMAT_VERSION) return false;
    switch (t.xtype) {
    case XT_TINYINT:
    case XT_SMALLINT:
    case XT_INT:
    case XT_BIGINT:
    case XT_BIT:
    case XT_REAL:
    case XT_FLOAT:
    case XT_SMALLMONEY:
    case XT_MONEY:
    case XT_DATE:
    case XT_SMALLDATETIME:
    case XT_DATETIME:
    case XT_GUID: break;
    case XT_DECIMAL:
    case XT_NUMERIC:
        t.precision = cur_u8(&c);
        t.scale = cur_u8(&c);
        break;
    case XT_TIME:
    case XT_DATETIME2:
    case XT_DATETIMEOFFSET: t.scale = cur_u8(&c); break;
    case XT_BINARY:
    case XT_VARBINARY: t.max_bytes = cur_u16(&c); break;
    case XT_CHAR:
    case XT_VARCHAR:
    case XT_NCHAR:
    case XT_NVARCHAR:
        t.max_bytes = cur_u16(&c);
        t.cp = codepage_of(collation_codepage(cur_u32(&c)));
        break;
    default: return false;
    }
    sv rest = {NULL, cur_left(&c)};
    rest.p = (const char *)cur_take(&c, rest.n);
    return !c.bad && sqltype_decode(&t, rest, mem, out, notes);
}
