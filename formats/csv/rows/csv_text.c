#include "csv/rows/csv_text.h"
#include "base/bytes.h"
#include "base/utf.h"
#include <stdlib.h>

/* Fits a processor's second-level cache with the cells made of it. */
enum { BLOCK_BYTES = 256 << 10 };

void csv_text_start(csv_text *t, byte_source *file, findings *found, const csv_dialect *d, uint64_t at,
                    uint64_t raw_end)
{
    uint64_t size = byte_source_size(file);
    *t = (csv_text){.file = file, .found = found, .encoding = d->encoding, .page = d->page};
    t->raw_end = raw_end < size ? raw_end : size;
    t->raw_at = t->raw_next = at;
}

void csv_text_free(csv_text *t)
{
    free(t->p);
    free(t->raw);
    t->p = NULL;
    t->raw = NULL;
}

static status no_memory(csv_text *t)
{
    find_code(t->found, F_OUT_OF_MEMORY, "reading a text file");
    return ST_FATAL;
}

static size_t growth_of(const csv_text *t)
{
    return t->encoding == CSV_UTF8 ? 1 : t->encoding == CSV_CODEPAGE ? CODEPAGE_GROWTH_MAX : 2;
}

/* Room for `raw` more bytes of the file, as text. */
static bool make_room(csv_text *t, size_t raw)
{
    size_t need = t->n + raw * growth_of(t) + 16;
    if (need > t->room) {
        char *p = realloc(t->p, need);
        if (!p) return false;
        t->p = p;
        t->room = need;
    }
    if (t->encoding == CSV_UTF8) return true;
    uint8_t *r = realloc(t->raw, raw + 2);
    if (!r) return false;
    t->raw = r;
    return true;
}

/* A lone surrogate as three bytes that no valid UTF-8 has. */
static size_t put_surrogate(uint32_t c, char *out)
{
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
}

/* As utf16_to_utf8, but what is not valid stays not valid. */
static size_t odd_utf16_to_utf8(const uint8_t *p, size_t n, char *out)
{
    size_t at = 0;
    for (size_t i = 0; i + 2 <= n; i += 2) {
        uint32_t c = le16(p + i), low = i + 4 <= n ? le16(p + i + 2) : 0;
        if (c < 0xD800 || c >= 0xE000) {
            at += utf8_put(c, out + at);
        } else if (c < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
            at += utf8_put(0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00), out + at);
            i += 2;
        } else
            at += put_surrogate(c, out + at);
    }
    if (n & 1) out[at++] = (char)0xFF;
    return at;
}

static size_t utf16_text(const csv_text *t, size_t n, char *out)
{
    if (t->encoding == CSV_UTF16BE)
        for (size_t i = 0; i + 2 <= n; i += 2) {
            uint8_t high = t->raw[i];
            t->raw[i] = t->raw[i + 1];
            t->raw[i + 1] = high;
        }
    size_t bad = 0, made = utf16_to_utf8(t->raw, n, out, &bad);
    return bad ? odd_utf16_to_utf8(t->raw, n, out) : made;
}

/* Characters are never cut: half a pair of units waits for the next block. */
static size_t whole_units(const csv_text *t, size_t n)
{
    if (t->raw_next + n >= t->raw_end) return n;
    n &= ~(size_t)1;
    if (n < 2) return n;
    uint32_t last = t->encoding == CSV_UTF16LE ? le16(t->raw + n - 2) : (uint32_t)(t->raw[n - 2] << 8 | t->raw[n - 1]);
    return last >= 0xD800 && last < 0xDC00 && n > 2 ? n - 2 : n;
}

static void take(csv_text *t, size_t n)
{
    if (t->encoding == CSV_UTF8) {
        t->n += n;
    } else if (t->encoding == CSV_CODEPAGE) {
        t->n += codepage_to_utf8(t->page, (sv){(const char *)t->raw, n}, t->p + t->n, NULL);
    } else {
        n = whole_units(t, n);
        t->n += utf16_text(t, n, t->p + t->n);
    }
    t->raw_next += n;
}

status csv_text_more(csv_text *t, size_t used)
{
    t->raw_at = csv_text_raw(t, used);
    if (used) memmove(t->p, t->p + used, t->n - used);
    t->n -= used;
    uint64_t left = t->raw_next < t->raw_end ? t->raw_end - t->raw_next : 0;
    size_t want = t->n > BLOCK_BYTES ? t->n : BLOCK_BYTES, got = 0;
    if (want > left) want = (size_t)left;
    if (want == 0) {
        t->end = true;
        return ST_END;
    }
    if (!make_room(t, want)) return no_memory(t);
    void *to = t->encoding == CSV_UTF8 ? (void *)(t->p + t->n) : (void *)t->raw;
    if (byte_source_read(t->file, t->raw_next, to, want, &got, t->found) != ST_OK) return ST_FATAL;
    if (got < want) t->raw_end = t->raw_next + got; /* the file has become shorter meanwhile */
    take(t, got);
    t->end = t->raw_next >= t->raw_end;
    return got ? ST_OK : ST_END;
}

/* Raw units (bytes of a code page, pairs of bytes of UTF-16) that n bytes of text stand for. */
static uint64_t units_of(const csv_text *t, const char *p, size_t n)
{
    uint64_t units = 0;
    for (size_t i = 0; i < n; i++) units += ((uint8_t)p[i] & 0xC0) != 0x80;
    if (csv_is_utf16(t->encoding))
        for (size_t i = 0; i < n; i++) units += (uint8_t)p[i] >= 0xF0 && (uint8_t)p[i] < 0xF8;
    return units;
}

uint64_t csv_text_raw(const csv_text *t, size_t at)
{
    if (t->encoding == CSV_UTF8) return t->raw_at + at;
    if (at == t->n) return t->raw_next;
    return t->raw_at + units_of(t, t->p, at) * (csv_is_utf16(t->encoding) ? 2 : 1);
}

size_t csv_text_place(const csv_text *t, uint64_t raw)
{
    if (raw >= t->raw_next) return raw == t->raw_next && t->end ? t->n : SIZE_MAX;
    if (t->encoding == CSV_UTF8) return (size_t)(raw - t->raw_at);
    uint64_t left = (raw - t->raw_at) / (csv_is_utf16(t->encoding) ? 2 : 1);
    size_t at = 0;
    while (left && at < t->n) {
        uint8_t c = (uint8_t)t->p[at];
        uint64_t here = csv_is_utf16(t->encoding) && c >= 0xF0 && c < 0xF8 ? 2 : 1;
        at++;
        while (at < t->n && ((uint8_t)t->p[at] & 0xC0) == 0x80) at++;
        left -= here < left ? here : left;
    }
    return at;
}
