#include "base/utf.h"
#include "sqltype/sqltype_internal.h"
#include <stdlib.h>

enum { ROOM_FROM_ARENA_MAX = 512 };

text_room text_room_take(arena *mem, size_t room)
{
    bool borrowed = room > ROOM_FROM_ARENA_MAX;
    return (text_room){borrowed ? malloc(room) : arena_alloc(mem, room), borrowed};
}

bool text_room_keep(text_room *r, size_t n, arena *mem, sv *text)
{
    *text = (sv){r->p, n};
    if (!r->borrowed) return r->p != NULL;
    *text = arena_sv(mem, *text);
    free(r->p);
    r->p = NULL;
    return text->p != NULL;
}

static uint64_t load_8(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

static bool is_ascii(sv s)
{
    const uint64_t high_bits = 0x8080808080808080U;
    if (s.n < 8) {
        unsigned any = 0;
        for (size_t i = 0; i < s.n; i++) any |= (unsigned char)s.p[i];
        return any < 0x80;
    }
    uint64_t any = load_8(s.p + s.n - 8);
    for (size_t i = 0; i + 8 <= s.n; i += 8) any |= load_8(s.p + i);
    return (any & high_bits) == 0;
}

bool sqltype_text(const codepage *cp, sv in, arena *mem, sv *text, sqltype_notes *notes)
{
    if (is_ascii(in)) {
        *text = in;
        return true;
    }
    if (!cp || in.n > SIZE_MAX / CODEPAGE_GROWTH_MAX - 4) return false;
    text_room room = text_room_take(mem, CODEPAGE_GROWTH_MAX * in.n + 4);
    if (!room.p) return false;
    size_t n = codepage_to_utf8(cp, in, room.p, &notes->bad_text);
    return text_room_keep(&room, n, mem, text);
}

/* True when every unit of UTF-16LE is ASCII; n is even. */
static bool is_ascii_utf16(sv s)
{
    static const char not_ascii[8] = {'\x80', '\xFF', '\x80', '\xFF', '\x80', '\xFF', '\x80', '\xFF'};
    uint64_t any = 0;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) any |= load_8(s.p + i);
    if (any & load_8(not_ascii)) return false;
    for (; i < s.n; i += 2)
        if ((s.p[i] & 0x80) || s.p[i + 1]) return false;
    return true;
}

bool sqltype_utf16(sv in, arena *mem, sv *text, sqltype_notes *notes)
{
    if (in.n % 2) return false;
    if (is_ascii_utf16(in)) {
        size_t n = in.n / 2;
        char *p = arena_alloc(mem, n);
        if (!p) return false;
        for (size_t i = 0; i < n; i++) p[i] = in.p[2 * i];
        *text = (sv){p, n};
        return true;
    }
    text_room room = text_room_take(mem, UTF8_ROOM_FOR_UTF16(in.n));
    if (!room.p) return false;
    size_t n = utf16_to_utf8(in.p, in.n, room.p, &notes->bad_text);
    return text_room_keep(&room, n, mem, text);
}
