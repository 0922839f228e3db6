#include "mdf/mdf_fixedvar.h"

enum { RECORD_HEADER_BYTES = 4, VERSION_TAG_BYTES = 14, END_COMPLEX = 0x8000, BACK_POINTER_BYTES = 10 };
static const unsigned BACK_POINTER_ID = 0x0400; /* first word of a forwarded record's back pointer */

unsigned page_record_limit(const uint8_t *page)
{
    unsigned slots = page_slots(page);
    if (slots > (PAGE_BYTES - PAGE_HEADER_BYTES) / 2) return 0;
    return PAGE_BYTES - 2 * slots;
}

static unsigned end_at(const fixedvar *r, unsigned ordinal) { return le16(r->ends + 2 * (size_t)ordinal); }

/* Null bitmap at `at`; the offset behind it, or 0 when it does not fit into `room`. */
static unsigned take_nulls(fixedvar *r, unsigned at, unsigned room)
{
    if (room - at < 2) return 0;
    r->columns = le16(r->p + at);
    at += 2;
    unsigned bytes = (r->columns + 7u) / 8;
    if (room - at < bytes) return 0;
    r->nulls = r->p + at;
    return at + bytes;
}

/* End offsets at `at`; the offset of the record's end, or 0. */
static unsigned take_variable(fixedvar *r, unsigned at, unsigned room)
{
    if (room - at < 2) return 0;
    r->variable = le16(r->p + at);
    at += 2;
    if ((room - at) / 2 < r->variable) return 0;
    r->ends = r->p + at;
    r->data = (uint16_t)(at + 2u * r->variable);
    if (r->variable == 0) return r->data;
    unsigned end = end_at(r, r->variable - 1u) & ~(unsigned)END_COMPLEX;
    return end < r->data || end > room ? 0 : end;
}

/* A forwarded record ends in a variable column more: where its stub lies. It stands behind the columns that the row
 * has, which may be fewer than the table's, so it must not be met as one of them. */
static void hide_back_pointer(fixedvar *r)
{
    sv last;
    bool complex;
    if (r->type != RECORD_FORWARDED || r->variable == 0) return;
    if (!fixedvar_variable(r, r->variable - 1u, &last, &complex)) return;
    if (complex && last.n == BACK_POINTER_BYTES && le16((const uint8_t *)last.p) == BACK_POINTER_ID) r->variable--;
}

bool fixedvar_parse(const uint8_t *page, unsigned offset, fixedvar *out)
{
    unsigned limit = page_record_limit(page);
    if (offset < PAGE_HEADER_BYTES || offset > limit || limit - offset < RECORD_HEADER_BYTES) return false;
    const unsigned room = limit - offset;
    const uint8_t *p = page + offset;
    *out = (fixedvar){.p = p, .type = p[0] >> 1 & 7, .fixed_end = le16(p + 2)};
    if (out->type != RECORD_PRIMARY && out->type != RECORD_FORWARDED && out->type != RECORD_GHOST) return false;
    out->ghost_forwarded = out->type == RECORD_FORWARDED && (p[1] & 1);
    out->versioned = (p[0] & RECORD_VERSIONED) != 0;

    unsigned at = out->fixed_end;
    if (at < RECORD_HEADER_BYTES || at > room) return false;
    if (p[0] & RECORD_HAS_NULLS) at = take_nulls(out, at, room);
    if (at && p[0] & RECORD_HAS_VARIABLE) at = take_variable(out, at, room);
    if (!at || (out->versioned && room - at < VERSION_TAG_BYTES)) return false;
    out->n = (uint16_t)at;
    hide_back_pointer(out);
    return true;
}

bool fixedvar_variable(const fixedvar *r, unsigned ordinal, sv *out, bool *complex)
{
    *complex = false;
    if (ordinal >= r->variable) {
        *out = (sv){(const char *)r->p, 0};
        return true;
    }
    unsigned start = ordinal ? end_at(r, ordinal - 1) & ~(unsigned)END_COMPLEX : r->data;
    unsigned end = end_at(r, ordinal);
    *complex = (end & END_COMPLEX) != 0;
    end &= ~(unsigned)END_COMPLEX;
    if (start < r->data || end < start || end > r->n) return false;
    *out = (sv){(const char *)r->p + start, end - start};
    return true;
}
