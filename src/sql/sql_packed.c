#include "sql/sql_packed.h"

/* Bytes behind the kind: of the union, as much as the kind uses. */
static size_t fixed_bytes(value_kind k)
{
    switch (k) {
    case V_NULL:
    case V_TEXT:
    case V_BYTES: return 0;
    case V_BOOL:
    case V_INT: return sizeof(int64_t);
    case V_REAL:
    case V_REAL32: return sizeof(double);
    case V_DECIMAL: return sizeof(decimal);
    case V_DATE:
    case V_TIME:
    case V_DATETIME:
    case V_DATETIMEOFFSET: return sizeof(date_time);
    case V_GUID: return 16;
    case V_LOB: return sizeof(lob_ref);
    case V_UNREADABLE: return sizeof(finding_code);
    }
    return 0;
}

static bool has_text(value_kind k) { return k == V_TEXT || k == V_BYTES; }

size_t packed_size(const value *cell, size_t n)
{
    size_t total = sizeof(origin);
    for (size_t i = 0; i < n; i++)
        total += 1 + (has_text(cell[i].kind) ? sizeof(uint32_t) + cell[i].as.text.n : fixed_bytes(cell[i].kind));
    return total;
}

void packed_write(char *out, const value *cell, size_t n, const origin *from)
{
    memcpy(out, from, sizeof *from);
    out += sizeof *from;
    for (size_t i = 0; i < n; i++) {
        value_kind k = cell[i].kind;
        *out++ = (char)k;
        if (has_text(k)) {
            uint32_t length = (uint32_t)cell[i].as.text.n;
            memcpy(out, &length, sizeof length);
            out += sizeof length;
            if (length) memcpy(out, cell[i].as.text.p, length);
            out += length;
        } else {
            memcpy(out, &cell[i].as, fixed_bytes(k));
            out += fixed_bytes(k);
        }
    }
}

void packed_read(const char *p, value *cell, size_t n, origin *from)
{
    memcpy(from, p, sizeof *from);
    p += sizeof *from;
    for (size_t i = 0; i < n; i++) {
        value_kind k = (value_kind)*p++;
        cell[i].kind = k;
        if (has_text(k)) {
            uint32_t length;
            memcpy(&length, p, sizeof length);
            cell[i].as.text = (sv){p + sizeof length, length};
            p += sizeof length + length;
        } else {
            size_t bytes = fixed_bytes(k);
            /* The usual widths as plain loads. */
            if (bytes == sizeof(int64_t))
                memcpy(&cell[i].as, p, sizeof(int64_t));
            else
                memcpy(&cell[i].as, p, bytes);
            p += bytes;
        }
    }
}
