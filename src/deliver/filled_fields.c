#include "deliver/filled_fields.h"

static const char DIGIT[] = "0123456789abcdef";

void filled_layout(const sv *field, size_t fields, char out[FILLED_LAYOUT])
{
    uint64_t hash = fields;
    for (size_t i = 0; i < fields; i++) hash = hash * 1099511628211U + sv_hash(field[i]);
    for (size_t i = 0; i < FILLED_LAYOUT; i++) out[i] = DIGIT[hash >> (4 * i + 32) & 15];
}

size_t filled_digits(const size_t *end, size_t fields, char out[FILLED_MAX])
{
    size_t n = FILLED_LAYOUT;
    unsigned bits = 0;
    if (fields > FILLED_FIELDS_MAX) return 0;
    for (size_t i = 0, from = 0; i < fields; from = end[i++]) {
        bits = bits << 1 | (end[i] > from);
        if (i % 4 == 3) {
            out[n++] = DIGIT[bits];
            bits = 0;
        }
    }
    if (fields % 4) out[n++] = DIGIT[bits << (4 - fields % 4)];
    return n;
}

bool filled_is_of(sv text, sv other, size_t fields)
{
    return text.n == FILLED_LAYOUT + (fields + 3) / 4 && other.n >= FILLED_LAYOUT &&
           memcmp(text.p, other.p, FILLED_LAYOUT) == 0;
}

bool filled_has(sv text, size_t field)
{
    char c = text.p[FILLED_LAYOUT + field / 4];
    unsigned digit = (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
    return digit >> (3 - field % 4) & 1;
}
