#include "extract/fold.h"
#include "base/utf.h"

typedef enum how {
    ADD,       /* the small letter is `by` further on */
    EVEN_PAIR, /* 2n is the capital of 2n + 1 */
    ODD_PAIR,  /* 2n - 1 is the capital of 2n */
    ONE        /* irregular: all of the range become `by` */
} how;

typedef struct range {
    uint32_t first, last;
    how how;
    uint32_t by;
} range;

/* Ranges that overlap: the first one counts. Dotted and dotless i are one with i: Windows and Turkish disagree on them.
 * */
static const range ranges[] = {
    {'A', 'Z', ADD, 32},          {0xB5, 0xB5, ONE, 0x3BC},       {0xC0, 0xDE, ADD, 32},
    {0x130, 0x131, ONE, 'i'},     {0x138, 0x138, ONE, 0x138},     {0x139, 0x148, ODD_PAIR, 0},
    {0x149, 0x149, ONE, 0x149},   {0x178, 0x178, ONE, 0xFF},      {0x179, 0x17E, ODD_PAIR, 0},
    {0x17F, 0x17F, ONE, 's'},     {0x100, 0x177, EVEN_PAIR, 0},   {0x180, 0x1DC, ONE, 0x180},
    {0x1DE, 0x21F, EVEN_PAIR, 0}, {0x220, 0x2AF, ONE, 0x180},     {0x370, 0x373, EVEN_PAIR, 0},
    {0x386, 0x386, ONE, 0x3AC},   {0x388, 0x38A, ADD, 37},        {0x38C, 0x38C, ONE, 0x3CC},
    {0x38E, 0x38F, ADD, 63},      {0x391, 0x3AB, ADD, 32},        {0x3C2, 0x3C2, ONE, 0x3C3},
    {0x3CF, 0x3FF, ONE, 0x3CF},   {0x400, 0x40F, ADD, 80},        {0x410, 0x42F, ADD, 32},
    {0x460, 0x481, EVEN_PAIR, 0}, {0x4C0, 0x4CF, ONE, 0x4C0},     {0x48A, 0x52F, EVEN_PAIR, 0},
    {0x531, 0x556, ADD, 48},      {0x1E00, 0x1EFF, EVEN_PAIR, 0}, {0x1F00, 0x1FFF, ONE, 0x1F00},
    {0x2126, 0x2126, ONE, 0x3C9}, {0x212A, 0x212A, ONE, 'k'},     {0x212B, 0x212B, ONE, 0xE5},
    {0x2160, 0x216F, ADD, 16},    {0xFF21, 0xFF3A, ADD, 32},
};

static uint32_t fold_one(uint32_t c)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        const range *r = &ranges[i];
        if (c < r->first || c > r->last) continue;
        switch (r->how) {
        case ADD: return c == 0xD7 ? c : c + r->by;
        case EVEN_PAIR: return c | 1;
        case ODD_PAIR: return c + (c & 1);
        case ONE: return r->by;
        }
    }
    return c;
}

void fold_case(buf *out, sv s)
{
    while (s.n) {
        size_t n = utf8_valid_at(s);
        if (n == 0) {
            buf_char(out, *s.p);
            n = 1;
        } else {
            char c[4];
            buf_add(out, c, utf8_put(fold_one(utf8_code(s.p, n)), c));
        }
        s.p += n;
        s.n -= n;
    }
}
