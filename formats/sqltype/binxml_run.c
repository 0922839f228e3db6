/* Values of any length in binary XML, turned into XML text piece by piece (FORMAT-binxml.md, Text). */
#include "base/bytes.h"
#include "base/markup.h"
#include "base/utf.h"
#include "sqltype/binxml_internal.h"

/* Stored bytes taken in one step; a multiple of 2 (UTF-16) and of 3 (base64). */
enum { STEP_BYTES = 768 };

bool bx_run_begin(bx_run *r, bx_value_form form, bx_escape escape, const char *closing, bx_input *in)
{
    *r = (bx_run){.form = form, .escape = escape, .closing = closing, .blank = escape == BX_TEXT};
    if (!bx_number(in, &r->left)) return false;
    if (form == BX_WIDE) r->left *= 2; /* a number has 63 bits at most */
    if (form != BX_NARROW) return true;
    uint8_t page[4];
    if (r->left < sizeof page || !bx_take(in, page, sizeof page)) return false;
    r->left -= sizeof page;
    r->cp = codepage_of(le32(page));
    return r->cp != NULL;
}

void bx_add_ascii(char c, bx_escape escape, buf *out)
{
    bool quoted = escape == BX_ATTRIBUTE_VALUE;
    if (escape == BX_RAW)
        buf_char(out, c);
    else if (markup_entity(c) && (c != '"' || quoted))
        buf_str(out, markup_entity(c));
    else if ((uint8_t)c < ' ' && (quoted || (c != '\t' && c != '\n')))
        buf_printf(out, "&#x%02X;", (unsigned)c); /* a parser would fold or refuse the character itself */
    else
        buf_char(out, c);
}

static bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static void end_blank(bx_run *r, buf *out)
{
    if (r->held) bx_add_ascii(r->held, r->escape, out);
    r->held = 0;
    r->blank = false;
}

static void add_ascii(bx_run *r, char c, buf *out)
{
    if (r->blank && is_white(c)) {
        if (r->held) bx_add_ascii(r->held, r->escape, out);
        r->held = c;
        return;
    }
    if (r->blank) end_blank(r, out);
    bx_add_ascii(c, r->escape, out);
}

static void add_code_point(bx_run *r, uint32_t code_point, buf *out)
{
    if (code_point < 0x80) {
        add_ascii(r, (char)code_point, out);
        return;
    }
    if (r->blank) end_blank(r, out);
    char utf8[4];
    buf_add(out, utf8, utf8_put(code_point, utf8));
}

static void add_unit(bx_run *r, uint16_t unit, buf *out)
{
    bool low = unit >= 0xdc00 && unit <= 0xdfff;
    uint32_t high = r->high;
    r->high = 0;
    if (high && low) {
        add_code_point(r, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00u), out);
        return;
    }
    if (high) add_code_point(r, high, out); /* without its other half: U+FFFD */
    if (unit >= 0xd800 && unit <= 0xdbff)
        r->high = unit;
    else
        add_code_point(r, unit, out);
}

/* Units from p on that every escape leaves as the one byte that they are: nearly all text. */
static size_t plain_units(const uint8_t *p, size_t n)
{
    size_t i = 0;
    for (; i + 1 < n; i += 2) {
        uint8_t c = p[i];
        if (p[i + 1] || c < ' ' || c > '~' || c == '&' || c == '<' || c == '>' || c == '"') break;
    }
    return i / 2;
}

static void add_wide(bx_run *r, const uint8_t *p, size_t n, buf *out)
{
    for (size_t i = 0; i + 1 < n;) {
        size_t plain = r->high || r->blank ? 0 : plain_units(p + i, n - i);
        char *to = plain ? buf_reserve(out, plain) : NULL;
        if (!to) {
            add_unit(r, le16(p + i), out);
            i += 2;
            continue;
        }
        for (size_t k = 0; k < plain; k++) to[k] = (char)p[i + 2 * k];
        out->n += plain;
        i += 2 * plain;
    }
}

static void add_narrow(bx_run *r, const uint8_t *p, size_t n, buf *out)
{
    char text[STEP_BYTES * CODEPAGE_GROWTH_MAX + 4];
    size_t length = codepage_to_utf8(r->cp, (sv){(const char *)p, n}, text, NULL);
    for (size_t i = 0; i < length; i++) {
        if ((uint8_t)text[i] < 0x80) {
            add_ascii(r, text[i], out);
        } else {
            if (r->blank) end_blank(r, out);
            buf_char(out, text[i]);
        }
    }
}

static void add_base64(const uint8_t *p, size_t n, buf *out)
{
    static const char DIGIT[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        size_t part = n - i < 3 ? n - i : 3;
        uint32_t bits = (uint32_t)p[i] << 16;
        if (part > 1) bits |= (uint32_t)p[i + 1] << 8;
        if (part > 2) bits |= p[i + 2];
        const char four[4] = {DIGIT[bits >> 18], DIGIT[bits >> 12 & 63], part > 1 ? DIGIT[bits >> 6 & 63] : '=',
                              part > 2 ? DIGIT[bits & 63] : '='};
        buf_add(out, four, sizeof four);
    }
}

static void add_hex(const uint8_t *p, size_t n, buf *out)
{
    for (size_t i = 0; i < n; i++) buf_printf(out, "%02X", p[i]);
}

static void finish(bx_run *r, buf *out)
{
    if (r->high) add_code_point(r, r->high, out);
    /* A text of white space alone would be dropped by many parsers: its last character is protected. */
    if (r->blank && r->held) buf_printf(out, "&#x%02X;", (unsigned)r->held);
    buf_str(out, r->closing);
    r->form = BX_NO_VALUE;
}

/* Pages whose characters have several bytes are only read when a value fits into one step: the server stores text as
 * UTF-16, so that these are a rarity of other writers. */
static bool may_split(const codepage *cp) { return codepage_number(cp) < 900 || codepage_number(cp) / 10 == 125; }

bool bx_run_step(bx_run *r, bx_input *in, buf *out)
{
    uint8_t p[STEP_BYTES];
    size_t n = r->left < sizeof p ? (size_t)r->left : sizeof p;
    if (r->form == BX_NARROW && r->left > sizeof p && !may_split(r->cp)) return false;
    if (!bx_take(in, p, n)) return false;
    r->left -= n;
    switch (r->form) {
    case BX_WIDE: add_wide(r, p, n, out); break;
    case BX_NARROW: add_narrow(r, p, n, out); break;
    case BX_BASE64: add_base64(p, n, out); break;
    default: add_hex(p, n, out); break;
    }
    if (r->left == 0) finish(r, out);
    return true;
}
