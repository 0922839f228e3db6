#include "sqltype/sqltype_internal.h"

static unsigned decimal_bytes(unsigned precision)
{
    if (precision == 0 || precision > 38) return 0;
    return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
}

unsigned sqltype_fixed_bytes(const sqltype *t)
{
    unsigned time = sqltype_time_bytes(t->scale);
    switch (t->xtype) {
    case XT_TINYINT:
    case XT_BIT: return 1;
    case XT_SMALLINT: return 2;
    case XT_DATE: return 3;
    case XT_INT:
    case XT_REAL:
    case XT_SMALLMONEY:
    case XT_SMALLDATETIME: return 4;
    case XT_BIGINT:
    case XT_FLOAT:
    case XT_MONEY:
    case XT_DATETIME:
    case XT_ROWVERSION: return 8;
    case XT_GUID: return 16;
    case XT_DECIMAL:
    case XT_NUMERIC: return decimal_bytes(t->precision);
    case XT_TIME: return time;
    case XT_DATETIME2: return time ? time + 3 : 0;
    case XT_DATETIMEOFFSET: return time ? time + 5 : 0;
    case XT_CHAR:
    case XT_NCHAR:
    case XT_BINARY: return t->max_bytes;
    default: return 0;
    }
}

/* Types whose name takes no parameter. */
static const char *plain_name(const sqltype *t)
{
    switch (t->xtype) {
    case XT_IMAGE: return "image";
    case XT_TEXT: return "text";
    case XT_NTEXT: return "ntext";
    case XT_GUID: return "uniqueidentifier";
    case XT_DATE: return "date";
    case XT_TINYINT: return "tinyint";
    case XT_SMALLINT: return "smallint";
    case XT_INT: return "int";
    case XT_BIGINT: return "bigint";
    case XT_BIT: return "bit";
    case XT_SMALLDATETIME: return "smalldatetime";
    case XT_DATETIME: return "datetime";
    case XT_REAL: return "real";
    case XT_FLOAT: return "float";
    case XT_SMALLMONEY: return "smallmoney";
    case XT_MONEY: return "money";
    case XT_VARIANT: return "sql_variant";
    case XT_ROWVERSION: return "rowversion";
    case XT_XML: return "xml";
    case XT_JSON: return "json";
    case XT_UDT:
        return t->udt == UDT_HIERARCHYID ? "hierarchyid"
               : t->udt == UDT_GEOMETRY  ? "geometry"
               : t->udt == UDT_GEOGRAPHY ? "geography"
                                         : "CLR type";
    default: return NULL;
    }
}

sv sqltype_name(const sqltype *t, int max_length, arena *mem)
{
    const char *name = plain_name(t);
    if (name) return sv_from(name);
    int unit = 1;
    switch (t->xtype) {
    case XT_DECIMAL: return arena_printf(mem, "decimal(%u,%u)", t->precision, t->scale);
    case XT_NUMERIC: return arena_printf(mem, "numeric(%u,%u)", t->precision, t->scale);
    case XT_TIME: return arena_printf(mem, "time(%u)", t->scale);
    case XT_DATETIME2: return arena_printf(mem, "datetime2(%u)", t->scale);
    case XT_DATETIMEOFFSET: return arena_printf(mem, "datetimeoffset(%u)", t->scale);
    case XT_CHAR: name = "char"; break;
    case XT_VARCHAR: name = "varchar"; break;
    case XT_BINARY: name = "binary"; break;
    case XT_VARBINARY: name = "varbinary"; break;
    case XT_NCHAR:
        name = "nchar";
        unit = 2;
        break;
    case XT_NVARCHAR:
        name = "nvarchar";
        unit = 2;
        break;
    default: return arena_printf(mem, "type %u", t->xtype);
    }
    if (max_length < 0) return arena_printf(mem, "%s(max)", name);
    return arena_printf(mem, "%s(%d)", name, max_length / unit);
}

column_type sqltype_column_type(const sqltype *t)
{
    switch (t->xtype) {
    case XT_BIT: return T_BOOL;
    case XT_TINYINT:
    case XT_SMALLINT:
    case XT_INT:
    case XT_BIGINT: return T_INT;
    case XT_DECIMAL:
    case XT_NUMERIC: return T_DECIMAL;
    case XT_MONEY:
    case XT_SMALLMONEY: return T_MONEY;
    case XT_REAL:
    case XT_FLOAT: return T_REAL;
    case XT_CHAR:
    case XT_VARCHAR:
    case XT_NCHAR:
    case XT_NVARCHAR:
    case XT_TEXT:
    case XT_NTEXT: return T_TEXT;
    case XT_BINARY:
    case XT_VARBINARY:
    case XT_IMAGE: return T_BYTES;
    case XT_DATE: return T_DATE;
    case XT_TIME: return T_TIME;
    case XT_DATETIME:
    case XT_SMALLDATETIME:
    case XT_DATETIME2: return T_DATETIME;
    case XT_DATETIMEOFFSET: return T_DATETIMEOFFSET;
    case XT_GUID: return T_GUID;
    case XT_XML: return T_XML;
    case XT_VARIANT: return T_VARIANT;
    case XT_ROWVERSION: return T_ROWVERSION;
    case XT_UDT:
        return t->udt == UDT_HIERARCHYID                           ? T_HIERARCHYID
               : t->udt == UDT_GEOMETRY || t->udt == UDT_GEOGRAPHY ? T_SPATIAL
                                                                   : T_BYTES;
    default: return T_UNKNOWN;
    }
}
