#include "csv/sniff/csv_shape.h"
#include "base/ascii.h"
#include "base/utf.h"

enum { ENOUGH_VALUES = 20, ENOUGH_FOR_LENGTH = 50, CODE_LENGTH_MAX = 5, WORD_MAX = 128, DATE_MAX = 40 };

static bool is_number(sv s, bool *integer)
{
    size_t i = s.p[0] == '+' || s.p[0] == '-', digits = 0, points = 0;
    *integer = true;
    for (; i < s.n; i++) {
        char c = s.p[i];
        if (is_digit(c)) {
            digits++;
        } else if (c == '.' || c == ',') {
            *integer = false;
            points++;
        } else if ((c == 'E' || c == 'e') && digits && i + 1 < s.n) {
            *integer = false;
            i += s.p[i + 1] == '+' || s.p[i + 1] == '-';
            for (i++; i < s.n; i++)
                if (!is_digit(s.p[i])) return false;
        } else
            return false;
    }
    return digits && points <= 4;
}

/* 2023-04-11 09:30:00.000, 4/11/2023 9:30 AM, 28.12.1950, 09:30, Mar  5 2019 12:00AM: two separators or a colon. */
static bool is_date(sv s)
{
    size_t digits = 0, separators = 0, colons = 0, letters = 0;
    if (s.n < 4 || s.n > DATE_MAX) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        digits += is_digit(c);
        separators += c == '-' || c == '/' || c == '.';
        colons += c == ':';
        letters += is_letter(c);
        if (!is_digit(c) && !is_letter(c) && !strchr("-/.: +,", c)) return false;
    }
    bool month = letters >= 3 && is_letter(s.p[0]) && is_letter(s.p[1]) && is_letter(s.p[2]) && digits >= 5 &&
                 letters <= 5 && s.n >= 11;
    if (month) return true;
    if (letters > 2 || !is_digit(s.p[0])) return false;
    return digits >= 4 && (separators == 2 || colons || separators == 3) && digits * 2 >= s.n;
}

static bool is_guid(sv s)
{
    if (s.n == 38 && s.p[0] == '{' && s.p[37] == '}') s = (sv){s.p + 1, 36};
    if (s.n != 36) return false;
    for (size_t i = 0; i < s.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.p[i] != '-' : hex_digit(s.p[i]) < 0) return false;
    }
    return true;
}

static bool is_hex(sv s)
{
    if (s.n < 2 || s.p[0] != '0' || (s.p[1] | 0x20) != 'x') return false;
    for (size_t i = 2; i < s.n && i < 64; i++)
        if (hex_digit(s.p[i]) < 0) return false;
    return true;
}

/* Letters of any alphabet; at most four words. */
static bool is_word(sv s)
{
    size_t blanks = 0;
    char first = s.p[0];
    if (s.n > WORD_MAX || !(is_letter(first) || first == '_' || (first & 0x80) || first == '#' || first == '['))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        blanks += c == ' ';
        if (!is_letter(c) && !is_digit(c) && !(c & 0x80) && !strchr("_ -./#()[]%$@:?", c)) return false;
    }
    return blanks <= 3 && s.p[s.n - 1] != '.';
}

shape_kind shape_of(sv s)
{
    bool integer;
    if (s.n == 0) return SHAPE_EMPTY;
    if (is_number(s, &integer)) return integer ? SHAPE_INTEGER : SHAPE_NUMBER;
    if (is_guid(s)) return SHAPE_GUID;
    if (is_hex(s)) return SHAPE_HEX;
    if (is_date(s)) return SHAPE_DATE;
    return is_word(s) ? SHAPE_WORD : SHAPE_TEXT;
}

static bool is_null_word(sv s) { return s.n == 4 && memcmp(s.p, "NULL", 4) == 0; }

static uint32_t length_of(sv s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((uint8_t)s.p[i] & 0xC0) != 0x80;
    return n;
}

void shape_learn(column_shape *c, sv value)
{
    shape_kind k = is_null_word(value) ? SHAPE_EMPTY : shape_of(value);
    c->kinds |= k;
    if (k == SHAPE_EMPTY) return;
    uint32_t n = length_of(value);
    if (!c->values || n < c->shortest) c->shortest = n;
    if (n > c->longest) c->longest = n;
    c->blank_first |= value.p[0] == ' ';
    c->values++;
}

bool shape_is_strict(const column_shape *c)
{
    return c->values >= ENOUGH_VALUES && !(c->kinds & (SHAPE_WORD | SHAPE_TEXT));
}

bool shape_fits(const column_shape *c, sv value)
{
    shape_kind k = is_null_word(value) ? SHAPE_EMPTY : shape_of(value);
    if (k == SHAPE_EMPTY || c->values < ENOUGH_VALUES) return true;
    if (value.p[0] == ' ' && !c->blank_first) return false;
    bool one_length =
        c->values >= ENOUGH_FOR_LENGTH && c->shortest == c->longest && c->longest >= 2 && c->longest <= CODE_LENGTH_MAX;
    if (one_length && length_of(value) != c->longest) return false;
    if (shape_is_strict(c)) return (c->kinds & k) != 0 || (k == SHAPE_INTEGER && (c->kinds & SHAPE_NUMBER));
    return true;
}
