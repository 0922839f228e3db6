#include "content/content.h"
#include "base/ascii.h"
#include "content/content_file.h"
#include "content/content_type.h"
#include <stdlib.h>

enum { PIECE_BYTES = 1 << 17 };

struct content_reader {
    row_source *source;
    const char *folder;
    content_kind kind;
    sv rest; /* of a cell, not yet given */
    lob_stream *lob;
    os_file *file;
    uint64_t at; /* in the file */
    uint64_t bytes;
    bool exact;
    bool as_hex;
    unsigned half; /* 16 and the digit that waits for the next; 0: none */
    char *piece;   /* text of a large value that is hex */
    size_t piece_n, piece_at;
};

content_reader *content_reader_new(row_source *s, const char *folder)
{
    content_reader *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->source = s;
    r->folder = folder;
    r->piece = malloc(PIECE_BYTES);
    if (r->piece) return r;
    free(r);
    return NULL;
}

static void end_content(content_reader *r)
{
    if (r->lob) r->source->ops->lob_close(r->lob);
    os_close_read(r->file);
    r->lob = NULL;
    r->file = NULL;
    r->kind = CONTENT_NONE;
    r->rest = (sv){NULL, 0};
    r->piece_n = r->piece_at = 0;
    r->half = 0;
    r->as_hex = false;
}

void content_reader_free(content_reader *r)
{
    if (!r) return;
    end_content(r);
    free(r->piece);
    free(r);
}

/* ---- hex text ---- */

/* Digits to bytes, as many as there is room for; *used digits. False: a letter is none. */
static bool from_hex(content_reader *r, sv text, uint8_t *out, size_t room, size_t *used, size_t *got)
{
    size_t i = 0;
    *got = 0;
    for (; i < text.n && *got < room; i++) {
        int x = hex_digit(text.p[i]);
        if (x < 0) return false;
        if (!r->half) {
            r->half = 16u + (unsigned)x;
            continue;
        }
        out[(*got)++] = (uint8_t)((r->half & 15u) << 4 | (unsigned)x);
        r->half = 0;
    }
    *used = i;
    return true;
}

/* Some dumps leave the 0x out: digits alone that, taken for bytes, begin as a file does. */
static bool is_bare_hex(sv text)
{
    uint8_t head[CONTENT_HEAD_BYTES];
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        if (hex_digit(text.p[i]) < 0) return false;
    for (; n < sizeof head && 2 * n + 1 < text.n; n++)
        head[n] = (uint8_t)((unsigned)hex_digit(text.p[2 * n]) << 4 | (unsigned)hex_digit(text.p[2 * n + 1]));
    return content_type_is_known(content_type_of(head, n));
}

/* What a text begins with says how it is to be read. */
static sv begin_text(content_reader *r, sv text)
{
    bool marked = text.n >= 2 && text.p[0] == '0' && (text.p[1] == 'x' || text.p[1] == 'X');
    r->as_hex = marked || is_bare_hex(text);
    return marked ? (sv){text.p + 2, text.n - 2} : text;
}

/* ---- beginning ---- */

/* PowerShell's word for bytes that it did not write. */
static bool is_word_for_bytes(sv text) { return sv_eq(text, SV_LIT("System.Byte[]")); }

static content_end begin_file(content_reader *r, sv path)
{
    if (!r->folder) return CONTENT_MISSING;
    content_end e = content_file_open(r->folder, path, &r->file);
    if (e != CONTENT_OPEN) return e;
    r->at = 0;
    r->bytes = os_file_size(r->file);
    r->exact = true;
    return r->bytes ? CONTENT_OPEN : CONTENT_EMPTY;
}

static content_end begin_cell(content_reader *r, const content_place *p)
{
    r->rest = p->cell;
    if (p->kind == CONTENT_TEXT) {
        if (is_word_for_bytes(p->cell)) return CONTENT_LOST;
        r->rest = begin_text(r, p->cell);
    }
    r->bytes = r->as_hex ? r->rest.n / 2 : r->rest.n;
    r->exact = true;
    return r->bytes || r->rest.n ? CONTENT_OPEN : CONTENT_EMPTY;
}

/* The first piece of a text tells whether it is hex. */
static content_end begin_large(content_reader *r, const content_place *p)
{
    if (r->source->ops->lob_open(r->source, &p->ref, &r->lob) != ST_OK) {
        r->lob = NULL;
        return CONTENT_BROKEN;
    }
    r->bytes = p->ref.bytes;
    r->exact = p->ref.encoding == LOB_BYTES;
    if (r->exact) return r->bytes ? CONTENT_OPEN : CONTENT_EMPTY;
    size_t got = 0;
    status s = r->source->ops->lob_read(r->lob, r->piece, PIECE_BYTES, &got);
    if (s != ST_OK) return s == ST_END ? CONTENT_EMPTY : CONTENT_BROKEN;
    sv text = begin_text(r, (sv){r->piece, got});
    r->piece_at = (size_t)(text.p - r->piece);
    r->piece_n = got;
    r->bytes = r->as_hex ? p->ref.bytes / 2 : p->ref.bytes;
    return CONTENT_OPEN;
}

content_end content_begin(content_reader *r, const content_place *p)
{
    content_end e = CONTENT_EMPTY;
    end_content(r);
    r->bytes = 0;
    r->exact = true;
    if (p->kind == CONTENT_LARGE)
        e = begin_large(r, p);
    else if (p->kind != CONTENT_NONE)
        e = begin_cell(r, p);
    r->kind = p->kind;
    if (e == CONTENT_EMPTY && p->path.n) e = begin_file(r, p->path);
    return e;
}

/* ---- reading ---- */

static content_end read_file(content_reader *r, void *p, size_t room, size_t *got)
{
    const char *why;
    if (!os_read_at(r->file, r->at, p, room, got, &why)) {
        *got = 0;
        return CONTENT_MISSING;
    }
    r->at += *got;
    return *got ? CONTENT_OPEN : CONTENT_WHOLE;
}

static content_end at_end(const content_reader *r) { return r->half ? CONTENT_LOST : CONTENT_WHOLE; }

static content_end read_cell(content_reader *r, void *p, size_t room, size_t *got)
{
    size_t used = 0;
    if (r->as_hex) {
        if (!from_hex(r, r->rest, p, room, &used, got)) return CONTENT_LOST;
    } else {
        used = *got = r->rest.n < room ? r->rest.n : room;
        if (used) memcpy(p, r->rest.p, used);
    }
    r->rest = (sv){r->rest.p + used, r->rest.n - used};
    return *got ? CONTENT_OPEN : at_end(r);
}

static content_end refill(content_reader *r)
{
    size_t got = 0;
    status s = r->source->ops->lob_read(r->lob, r->piece, PIECE_BYTES, &got);
    r->piece_at = 0;
    r->piece_n = s == ST_OK ? got : 0;
    return s == ST_OK ? CONTENT_OPEN : s == ST_END ? at_end(r) : CONTENT_BROKEN;
}

static content_end read_text(content_reader *r, void *p, size_t room, size_t *got)
{
    while (*got == 0) {
        content_end e = r->piece_at == r->piece_n ? refill(r) : CONTENT_OPEN;
        if (e != CONTENT_OPEN) return e;
        sv text = {r->piece + r->piece_at, r->piece_n - r->piece_at};
        size_t used = text.n < room ? text.n : room;
        if (r->as_hex) {
            if (!from_hex(r, text, p, room, &used, got)) return CONTENT_LOST;
        } else {
            memcpy(p, text.p, used);
            *got = used;
        }
        r->piece_at += used;
    }
    return CONTENT_OPEN;
}

content_end content_read(content_reader *r, void *p, size_t room, size_t *got)
{
    *got = 0;
    if (r->file) return read_file(r, p, room, got);
    if (r->kind == CONTENT_BYTES || r->kind == CONTENT_TEXT) return read_cell(r, p, room, got);
    if (!r->lob) return CONTENT_WHOLE;
    if (!r->exact) return read_text(r, p, room, got);
    status s = r->source->ops->lob_read(r->lob, p, room, got);
    if (s != ST_OK) *got = 0;
    return s == ST_OK ? CONTENT_OPEN : s == ST_END ? CONTENT_WHOLE : CONTENT_BROKEN;
}
