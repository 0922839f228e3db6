/* Input and name tables of binary XML (FORMAT-binxml.md, Names). */
#include "base/utf.h"
#include "sqltype/binxml_internal.h"
#include <stdlib.h>

/* ---- input ---- */

static bool have_bytes(bx_input *in)
{
    while (in->piece.n == 0) {
        if (in->over != ST_OK) return false;
        in->over = in->read(in->ctx, &in->piece);
        if (in->over != ST_OK) in->piece.n = 0;
    }
    return true;
}

static size_t next_part(bx_input *in, uint64_t n)
{
    if (!have_bytes(in)) return 0;
    return n < in->piece.n ? (size_t)n : in->piece.n;
}

static void advance(bx_input *in, size_t n)
{
    in->piece.p += n;
    in->piece.n -= n;
}

bool bx_take(bx_input *in, void *to, size_t n)
{
    for (char *p = to; n;) {
        size_t part = next_part(in, n);
        if (part == 0) return false;
        memcpy(p, in->piece.p, part);
        advance(in, part);
        p += part;
        n -= part;
    }
    return true;
}

bool bx_skip(bx_input *in, uint64_t n)
{
    while (n) {
        size_t part = next_part(in, n);
        if (part == 0) return false;
        advance(in, part);
        n -= part;
    }
    return true;
}

int bx_peek(bx_input *in) { return have_bytes(in) ? (uint8_t)*in->piece.p : -1; }

bool bx_number(bx_input *in, uint64_t *n)
{
    *n = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        uint8_t byte;
        if (!bx_take(in, &byte, 1)) return false;
        *n |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

/* ---- names ---- */

void bx_names_init(bx_names *t)
{
    *t = (bx_names){0};
    t->text = buf_new(BINXML_NAME_BYTES_MAX);
}

void bx_names_free(bx_names *t)
{
    buf_free(&t->text);
    free(t->name);
    free(t->qname);
    *t = (bx_names){0};
}

void bx_names_flush(bx_names *t)
{
    buf_clear(&t->text);
    t->names = t->qnames = 0;
}

/* Room for one more entry of a table. */
static bool grow(void **table, size_t used, size_t *room, size_t size)
{
    if (used < *room) return true;
    if (used >= BINXML_NAMES_MAX) return false;
    size_t more = used ? used * 2 : 64;
    void *p = realloc(*table, more * size);
    if (!p) return false;
    *table = p;
    *room = more;
    return true;
}

bool bx_names_define(bx_names *t, bx_input *in)
{
    uint64_t units;
    if (!bx_number(in, &units) || units > BINXML_NAME_BYTES_MAX / 2) return false;
    void *table = t->name;
    if (!grow(&table, t->names, &t->name_room, sizeof *t->name)) return false;
    t->name = table;
    size_t bytes = (size_t)units * 2, room = UTF8_ROOM_FOR_UTF16(bytes);
    char *text = buf_reserve(&t->text, room + bytes);
    if (!text || !bx_take(in, text + room, bytes)) return false;
    size_t n = utf16_to_utf8(text + room, bytes, text, NULL);
    t->name[t->names++] = (bx_name){(uint32_t)t->text.n, (uint32_t)n};
    t->text.n += n;
    return true;
}

static sv name_at(const bx_names *t, uint32_t number)
{
    if (number == 0) return SV_LIT("");
    const bx_name *name = &t->name[number - 1];
    return (sv){t->text.p + name->at, name->n};
}

/* May be written into a tag: not so long that a few bytes of tokens become megabytes of text, and nothing in it that
 * could end the tag or be taken for an attribute. */
static bool is_plain(sv name)
{
    if (name.n > BINXML_TAG_NAME_BYTES_MAX) return false;
    for (size_t i = 0; i < name.n; i++)
        if ((uint8_t)name.p[i] <= ' ' || strchr("<>&\"'=/", name.p[i])) return false;
    return true;
}

static bool take_name_number(const bx_names *t, bx_input *in, uint32_t *number)
{
    uint64_t n;
    if (!bx_number(in, &n) || n > t->names) return false;
    *number = (uint32_t)n;
    return true;
}

bool bx_names_define_qname(bx_names *t, bx_input *in)
{
    uint32_t uri; /* written out as attributes where it is declared */
    bx_qname q;
    if (!take_name_number(t, in, &uri) || !take_name_number(t, in, &q.prefix) || !take_name_number(t, in, &q.local))
        return false;
    if (!is_plain(name_at(t, q.prefix)) || !is_plain(name_at(t, q.local))) return false;
    void *table = t->qname;
    if (!grow(&table, t->qnames, &t->qname_room, sizeof *t->qname)) return false;
    t->qname = table;
    t->qname[t->qnames++] = q;
    return true;
}

bool bx_names_add(const bx_names *t, uint64_t number, buf *out)
{
    if (number == 0 || number > t->names) return false;
    sv name = name_at(t, (uint32_t)number);
    if (name.n == 0 || !is_plain(name)) return false;
    buf_sv(out, name);
    return true;
}

bool bx_names_add_qname(const bx_names *t, uint64_t number, buf *out)
{
    if (number == 0 || number > t->qnames) return false;
    const bx_qname *q = &t->qname[number - 1];
    sv prefix = name_at(t, q->prefix), local = name_at(t, q->local);
    buf_sv(out, prefix);
    if (prefix.n && local.n) buf_char(out, ':');
    buf_sv(out, local); /* a declaration "xmlns" or "xmlns:p" may have all of its name in the prefix */
    return prefix.n + local.n != 0;
}
