/* hierarchyid to its path text. The stored bytes are a bit string (most significant bit first) of ordinals, one after
 * the other, each in one of thirteen codes (FORMAT-clr.md, hierarchyid). A code is read from its start: the codes are
 * prefix free, so the first that fits is the only one. */
#include "sqltype/sqltype.h"
#include <inttypes.h>

/* SQL Server refuses to make a longer one. */
enum { HIERARCHYID_BYTES_MAX = 892 };

/* Fixed bits as they must be, 'x' for bits of the offset from `first`. One more bit follows each code: 1 when the
 * ordinal ends its level, 0 when another ordinal of the same level follows (the value is then one too high). */
typedef struct ordinal_code {
    int64_t first;
    const char *bits;
} ordinal_code;

static const ordinal_code CODES[] = {
    {0, "01xx"},
    {4, "100xx"},
    {8, "101xxx"},
    {16, "110xx0x1xxx"},
    {80, "1110xxx0xxx0x1xxx"},
    {1104, "11110xxxxx0xxx0x1xxx"},
    {5200, "111110xxxxxxxxxxxxxxxxxxx0xxxxxx0xxx0x1xxx"},
    {4294972496, "111111xxxxxxxxxxxxxx0xxxxxxxxxxxxxxxxxxxxx0xxxxxx0xxx0x1xxx"},
    {-8, "00111xxx"},
    {-72, "0010xx0x1xxx"},
    {-4168, "000110xxxxx0xxx0x1xxx"},
    {-4294971464, "000101xxxxxxxxxxxxxxxxxxx0xxxxxx0xxx0x1xxx"},
    {-281479271682120, "000100xxxxxxxxxxxxxx0xxxxxxxxxxxxxxxxxxxxx0xxxxxx0xxx0x1xxx"},
};

typedef struct bit_reader {
    const uint8_t *p;
    size_t n; /* bits in all */
    size_t at;
} bit_reader;

static unsigned bit_at(const bit_reader *r, size_t i) { return (unsigned)r->p[i / 8] >> (7 - i % 8) & 1; }

/* Less than a byte is left and it holds no 1: the filling of the last byte. No code begins
 * with four 0s, and none is shorter than that. */
static bool at_end(const bit_reader *r)
{
    if (r->n - r->at >= 8) return false;
    for (size_t i = r->at; i < r->n; i++)
        if (bit_at(r, i)) return false;
    return true;
}

/* Matches one code and its level bit at the reader, which moves past both. */
static bool match(bit_reader *r, const ordinal_code *code, int64_t *ordinal, bool *ends_level)
{
    uint64_t offset = 0;
    size_t at = r->at;
    for (const char *b = code->bits; *b; b++, at++) {
        if (at >= r->n) return false;
        unsigned bit = bit_at(r, at);
        if (*b == 'x')
            offset = offset << 1 | bit;
        else if (bit != (unsigned)(*b - '0'))
            return false;
    }
    if (at >= r->n) return false;
    *ends_level = bit_at(r, at) == 1;
    *ordinal = code->first + (int64_t)offset - (*ends_level ? 0 : 1);
    r->at = at + 1;
    return true;
}

static bool read_ordinal(bit_reader *r, int64_t *ordinal, bool *ends_level)
{
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
        if (match(r, &CODES[i], ordinal, ends_level)) return true;
    return false;
}

bool hierarchyid_text(sv in, buf *out)
{
    if (in.n > HIERARCHYID_BYTES_MAX) return false;
    size_t start = out->n;
    bit_reader r = {(const uint8_t *)in.p, in.n * 8, 0};
    bool ends_level = true;
    buf_char(out, '/');
    while (!at_end(&r)) {
        int64_t ordinal;
        if (!read_ordinal(&r, &ordinal, &ends_level)) {
            out->n = start;
            return false;
        }
        buf_printf(out, "%" PRId64 "%c", ordinal, ends_level ? '/' : '.');
    }
    if (!ends_level) out->n = start;
    return ends_level;
}
