#include "bak/mtf.h"
#include "bak/bak_sum.h"
#include "base/date.h"
#include "base/utf.h"

uint64_t mtf_size(const mtf_input *in) { return in->box ? mssqlbak_size(in->box) : byte_source_size(in->file); }

status mtf_read(const mtf_input *in, void *scratch, uint64_t at, void *p, size_t n, findings *f)
{
    if (in->box) return mssqlbak_read(in->box, scratch, at, p, n, f);
    size_t got;
    status st = byte_source_read(in->file, at, p, n, &got, f);
    return st == ST_OK && got < n ? ST_END : st;
}

static mtf_block block_of(const uint8_t *b, uint64_t at)
{
    mtf_block out = {.at = at,
                     .type = le32(b),
                     .attributes = le32(b + MTF_ATTRIBUTES),
                     .first_stream = le16(b + MTF_FIRST_STREAM),
                     .logical = le64(b + MTF_LOGICAL),
                     .control_id = le32(b + MTF_CONTROL_ID),
                     .string_type = b[MTF_STRING_TYPE]};
    /* A physical block of 65,536 bytes does not fit the field. */
    if (out.type == TAG_SFMB && out.first_stream == 0) out.first_stream = 65536;
    return out;
}

status mtf_block_at(const mtf_input *in, void *scratch, uint64_t at, mtf_block *out, findings *f)
{
    uint8_t b[MTF_HEADER_BYTES];
    status st = mtf_read(in, scratch, at, b, sizeof b, f);
    if (st != ST_OK) return st;
    if (le32(b) == 0 || bak_xor_words(b, MTF_CHECKSUM / 2) != le16(b + MTF_CHECKSUM)) return ST_ROW_LOST;
    *out = block_of(b, at);
    return out->first_stream >= MTF_HEADER_BYTES ? ST_OK : ST_ROW_LOST;
}

status mtf_block_guess(const mtf_input *in, void *scratch, uint64_t at, mtf_block *out, findings *f)
{
    static const uint32_t known[] = {TAG_VOLB, TAG_MSCI, TAG_MSDA, TAG_MSTL, TAG_MSLS, TAG_ESET};
    uint8_t b[MTF_HEADER_BYTES];
    status st = mtf_read(in, scratch, at, b, sizeof b, f);
    if (st != ST_OK) return st;
    *out = block_of(b, at);
    if (out->first_stream < MTF_HEADER_BYTES) return ST_ROW_LOST;
    mtf_stream first;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (out->type == known[i]) return mtf_stream_at(in, scratch, at + out->first_stream, &first, f);
    return ST_ROW_LOST;
}

static mtf_stream stream_of(const uint8_t *b, uint64_t at)
{
    mtf_stream out = {.at = at,
                      .data = at + MTF_STREAM_BYTES,
                      .length = le64(b + MTF_STREAM_LENGTH),
                      .id = le32(b),
                      .media = le16(b + MTF_STREAM_MEDIA)};
    bool fits = out.length < UINT64_MAX / 2;
    out.next = fits ? (out.data + out.length + 3) & ~(uint64_t)3 : UINT64_MAX;
    return out;
}

status mtf_stream_at(const mtf_input *in, void *scratch, uint64_t at, mtf_stream *out, findings *f)
{
    uint8_t b[MTF_STREAM_BYTES];
    status st = mtf_read(in, scratch, at, b, sizeof b, f);
    if (st != ST_OK) return st;
    if (le32(b) == 0 || bak_xor_words(b, MTF_STREAM_CHECKSUM / 2) != le16(b + MTF_STREAM_CHECKSUM)) return ST_ROW_LOST;
    *out = stream_of(b, at);
    return ST_OK;
}

status mtf_stream_guess(const mtf_input *in, void *scratch, uint64_t at, mtf_stream *out, findings *f)
{
    static const uint32_t known[] = {TAG_SPAD, TAG_APAD, TAG_MQCI, TAG_MQDA, TAG_MQTL, TAG_CSUM};
    uint8_t b[MTF_STREAM_BYTES];
    status st = mtf_read(in, scratch, at, b, sizeof b, f);
    if (st != ST_OK) return st;
    *out = stream_of(b, at);
    bool plausible = false;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) plausible |= out->id == known[i];
    if (!plausible || out->next == UINT64_MAX) return ST_ROW_LOST;
    mtf_block block;
    mtf_stream stream;
    return out->id == TAG_SPAD ? mtf_block_at(in, scratch, out->next, &block, f)
                               : mtf_stream_at(in, scratch, out->next, &stream, f);
}

/* Year 14 bits, month 4, day 5, hour 5, minute 6, second 6, from the highest bit down. */
uint64_t mtf_date_key(const uint8_t d[5])
{
    return (uint64_t)d[0] << 32 | (uint64_t)d[1] << 24 | (uint64_t)d[2] << 16 | (uint64_t)d[3] << 8 | d[4];
}

sv mtf_date(arena *a, const uint8_t date[5])
{
    uint64_t k = mtf_date_key(date);
    int year = (int)(k >> 26), month = (int)(k >> 22 & 15), day = (int)(k >> 17 & 31);
    unsigned hour = (unsigned)(k >> 12 & 31), minute = (unsigned)(k >> 6 & 63), second = (unsigned)(k & 63);
    if (k == 0 || date_days(year, month, day) < 0 || hour > 23 || minute > 59 || second > 59) return (sv){"", 0};
    return arena_printf(a, "%04d-%02d-%02d %02u:%02u:%02u", year, month, day, hour, minute, second);
}

sv mtf_text(arena *a, const uint8_t *p, size_t n, size_t address, bool unicode)
{
    if (address > n || n - address < 4) return (sv){"", 0};
    size_t bytes = le16(p + address), at = le16(p + address + 2);
    if (bytes == 0 || at > n || bytes > n - at) return (sv){"", 0};
    if (!unicode) {
        sv ascii = {(const char *)p + at, strnlen((const char *)p + at, bytes)};
        buf clean = buf_new(4 * bytes + 4);
        utf8_add_clean(&clean, ascii);
        sv kept = arena_sv(a, buf_view(&clean));
        buf_free(&clean);
        return kept;
    }
    char *out = arena_alloc(a, UTF8_ROOM_FOR_UTF16(bytes));
    if (!out) return (sv){"", 0};
    size_t len = utf16_to_utf8(p + at, bytes, out, NULL);
    while (len && out[len - 1] == 0) len--; /* some names end in a NUL */
    return (sv){out, len};
}
