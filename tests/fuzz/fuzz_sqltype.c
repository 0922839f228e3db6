/* libFuzzer: stored bytes of every type, plain, compressed and in sql_variant. Whatever is accepted must be a value
 * that keeps the promises of value.h and prints within the room that value_text.h names. */
#include "base/utf.h"
#include "source/value_text.h"
#include "sqltype/sqltype.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void require(bool condition)
{
    if (!condition) abort();
}

static void check_text(sv s)
{
    while (s.n) {
        size_t length = utf8_valid_at(s);
        require(length > 0);
        s.p += length;
        s.n -= length;
    }
}

static void check_moment(const value *v)
{
    int64_t day = 86400;
    require(v->as.when.scale <= 7);
    for (unsigned i = 0; i < v->as.when.scale; i++) day *= 10;
    require(v->as.when.ticks >= 0 && v->as.when.ticks < day);
    require(v->as.when.days >= 0 && v->as.when.days <= DATE_DAYS_MAX);
    require(v->as.when.offset >= -840 && v->as.when.offset <= 840);
}

static void check_value(const value *v)
{
    switch (v->kind) {
    case V_TEXT: check_text(v->as.text); return;
    case V_BYTES: return;
    case V_BOOL: require(v->as.integer == 0 || v->as.integer == 1); break;
    case V_DECIMAL: {
        const decimal *d = &v->as.decimal;
        require(decimal_fits(d, 38) && d->scale <= 38 && !(d->negative && d->lo == 0 && d->hi == 0));
        break;
    }
    case V_DATE:
    case V_TIME:
    case V_DATETIME:
    case V_DATETIMEOFFSET: check_moment(v); break;
    case V_INT:
    case V_REAL:
    case V_REAL32:
    case V_GUID: break;
    default: abort();
    }
    char text[VALUE_TEXT_MAX];
    size_t length = value_text_fixed(v, text);
    require(length > 0 && length <= sizeof text);
    check_text((sv){text, length});
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    enum { HEADER = 7 };
    static const uint16_t page[] = {0, 437, 932, 1252, 1255, 65001};
    if (n < HEADER) return 0;
    sqltype t = {.xtype = p[1],
                 .precision = p[2],
                 .scale = p[3],
                 .max_bytes = (uint16_t)((p[5] | p[6] << 8) % 8001),
                 .udt = UDT_HIERARCHYID + p[2] % 4U,
                 .cp = codepage_of(page[p[4] % (sizeof page / sizeof page[0])])};
    arena *mem = arena_new((size_t)32 << 20);
    if (!mem) return 0;
    sv in = {(const char *)p + HEADER, n - HEADER};
    sqltype_notes notes = {0};
    value v;
    bool accepted = p[0] % 3 == 0   ? sqltype_decode(&t, in, mem, &v, &notes)
                    : p[0] % 3 == 1 ? sqltype_decode_compressed(&t, in, mem, &v, &notes)
                                    : sqltype_variant(in, mem, &v, &notes);
    if (accepted) check_value(&v);
    arena_free(mem);
    return 0;
}
