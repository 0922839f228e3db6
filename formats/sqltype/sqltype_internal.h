/* Shared by the decoders of the uncompressed and the compressed form. */
#ifndef SQLTYPE_SQLTYPE_INTERNAL_H
#define SQLTYPE_SQLTYPE_INTERNAL_H

#include "sqltype/sqltype.h"

/* Bytes of a time of that scale; 0 when there is no such scale. */
static inline unsigned sqltype_time_bytes(unsigned scale)
{
    return scale <= 2 ? 3 : scale <= 4 ? 4 : scale <= 7 ? 5 : 0;
}

/* datetime from its parts: days since 1900 (1753 to 9999) and units of 1/300 s. */
bool sqltype_datetime(int64_t days, uint64_t ticks, value *out);

/* Text of a code page, or UTF-16LE, to UTF-8. False when memory ran out, for an odd number of UTF-16 bytes, and for
 * text that is not ASCII when the code page is not known (NULL). *text points into `in` where that already is ASCII
 * bytes. */
bool sqltype_text(const codepage *cp, sv in, arena *mem, sv *text, sqltype_notes *notes);
bool sqltype_utf16(sv in, arena *mem, sv *text, sqltype_notes *notes);

/* Room for a conversion: short ones come from mem at once, long ones from a block that is copied to mem in its true
 * size afterwards, so that an arena is not filled with the slack of worst cases. */
typedef struct text_room {
    char *p; /* NULL: out of memory */
    bool borrowed;
} text_room;
text_room text_room_take(arena *mem, size_t room);
/* The first n bytes of the room as text in mem; the room is given back. */
bool text_room_keep(text_room *r, size_t n, arena *mem, sv *text);

/* SCSU to UTF-8. out: SCSU_ROOM(in.n) bytes. Returns the length, SIZE_MAX when the bytes are not SCSU; *units is the
 * length in UTF-16 units. */
#define SCSU_ROOM(n) ((n)*4 + 4)
size_t scsu_decode(sv in, char *out, size_t *units, size_t *bad);

/* True when the bytes of SCSU are ASCII text; *in then loses the byte that only makes their number odd. */
bool scsu_is_plain(sv *in);

/* xml, hierarchyid, geometry, geography and other CLR types, whole in `in`. */
bool sqltype_object(const sqltype *t, sv in, arena *mem, value *out);

#endif
