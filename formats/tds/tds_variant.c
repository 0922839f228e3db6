/* sql_variant: CAST(... AS varbinary) gives the bytes of its base type, the numbers with their highest byte first, those with
 * a scale behind a byte of it. */
#include "tds/tds_cell.h"

static const struct {
    const char *name;
    uint8_t xtype;
    uint8_t bytes; /* of a number whose highest byte comes first; 0: other */
} bases[] = {{"tinyint", XT_TINYINT, 1},
             {"smallint", XT_SMALLINT, 2},
             {"int", XT_INT, 4},
             {"bigint", XT_BIGINT, 8},
             {"bit", XT_BIT, 1},
             {"real", XT_REAL, 4},
             {"float", XT_FLOAT, 8},
             {"smallmoney", XT_SMALLMONEY, 4},
             {"money", XT_MONEY, 8},
             {"datetime", XT_DATETIME, 8},
             {"smalldatetime", XT_SMALLDATETIME, 4},
             {"date", XT_DATE, 0},
             {"time", XT_TIME, 0},
             {"datetime2", XT_DATETIME2, 0},
             {"datetimeoffset", XT_DATETIMEOFFSET, 0},
             {"decimal", XT_DECIMAL, 0},
             {"numeric", XT_NUMERIC, 0},
             {"uniqueidentifier", XT_GUID, 0},
             {"binary", XT_BINARY, 0},
             {"varbinary", XT_VARBINARY, 0},
             {"char", XT_CHAR, 0},
             {"varchar", XT_VARCHAR, 0},
             {"nchar", XT_NCHAR, 0},
             {"nvarchar", XT_NVARCHAR, 0}};

static bool reversed(const sqltype *t, sv in, unsigned n, arena *mem, value *out, sqltype_notes *notes)
{
    char room[8];
    if (in.n != n) return false;
    for (unsigned i = 0; i < n; i++) room[i] = in.p[n - 1 - i];
    return sqltype_decode(t, (sv){room, n}, mem, out, notes);
}

/* Precision, scale, a byte of no meaning here, then sign and magnitude as they are stored. */
static bool exact(sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes)
{
    enum { HEAD = 3, SIGN_AND_MAGNITUDE_MAX = 17 };
    char room[SIGN_AND_MAGNITUDE_MAX] = {0};
    if (in.n < HEAD + 1 || in.n > HEAD + sizeof room || (uint8_t)in.p[0] != t->precision ||
        (uint8_t)in.p[1] != t->scale)
        return false;
    memcpy(room, in.p + HEAD, in.n - HEAD); /* fewer bytes of magnitude: the higher ones are 0 */
    return sqltype_decode(t, (sv){room, sizeof room}, mem, out, notes);
}

static bool scaled(sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes)
{
    if (in.n < 1 || (uint8_t)in.p[0] != t->scale) return false;
    return sqltype_decode(t, (sv){in.p + 1, in.n - 1}, mem, out, notes);
}

bool tds_variant(sv base, int64_t precision, int64_t scale, int64_t page, sv bytes, arena *mem, value *out,
                 sqltype_notes *notes)
{
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
        if (!sv_eq(base, sv_from(bases[i].name))) continue;
        sqltype t = {.xtype = bases[i].xtype};
        if (bases[i].bytes) return reversed(&t, bytes, bases[i].bytes, mem, out, notes);
        if (precision >= 0 && precision <= 38) t.precision = (uint8_t)precision;
        if (scale >= 0 && scale <= 38) t.scale = (uint8_t)scale;
        if (page > 0 && page <= 65535) t.cp = codepage_of((unsigned)page);
        switch (t.xtype) {
        case XT_DECIMAL:
        case XT_NUMERIC: return exact(&t, bytes, mem, out, notes);
        case XT_TIME:
        case XT_DATETIME2:
        case XT_DATETIMEOFFSET: return scaled(&t, bytes, mem, out, notes);
        default: return sqltype_decode(&t, bytes, mem, out, notes);
        }
    }
    return false;
}
