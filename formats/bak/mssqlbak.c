#include "bak/mssqlbak.h"
#include "bak/bak_layout.h"
#include "bak/bak_sum.h"
#include "bak/box_crypt.h"
#include "bak/mssqlbak_index.h"
#include "base/memory.h"
#include "xpress/xpress.h"
#include <inttypes.h>
#include <stdalign.h>
#include <stdlib.h>

struct mssqlbak {
    byte_source *file;
    piece_index index;
    box_crypt crypt;
    uint64_t end;
    bool first_odd; /* the first piece opens to a backup, though not with the checksum that others have */
};

typedef struct box_scratch {
    uint64_t number; /* of the piece in `plain`; UINT64_MAX: none */
    const mssqlbak *owner;
    uint8_t packed[BOX_STORED_BYTES_MAX];
    uint8_t plain[BOX_PIECE_BYTES];
    alignas(16) uint8_t xpress[];
} box_scratch;

bool mssqlbak_is(const uint8_t *p, size_t n) { return n >= BOX_MAGIC_BYTES && memcmp(p, "MSSQLBAK", 8) == 0; }

size_t mssqlbak_scratch_bytes(void) { return sizeof(box_scratch) + xpress_state_bytes(); }

void mssqlbak_scratch_start(void *scratch)
{
    box_scratch *s = scratch;
    s->number = UINT64_MAX;
    s->owner = NULL;
}

/* ---- walking the record headers ---- */

/* A part of the file in memory. Records shorter than a disk's natural unit are cheaper to take along in one long read
 * than to hop over; long ones the other way round. */
enum { WINDOW_BYTES = 256 * 1024, WINDOW_SHORT_BYTES = 4096, HOP_BYTES = 24 * 1024 };

typedef struct walker {
    mssqlbak *box;
    const key_ring *keys;
    findings *found;
    uint8_t *window;
    uint8_t *sealed; /* BOX_STORED_BYTES_MAX, a record made plain */
    uint64_t at;     /* of the window in the file */
    size_t n;        /* bytes in it */
    uint64_t packed_total;
    uint64_t looked; /* bytes gone through to step over damaged headers */
    bool read_failed;
} walker;

/* At least n bytes of the file at `at`, or NULL when there are fewer or reading failed. n <= WINDOW_BYTES. */
static const uint8_t *peek(walker *w, uint64_t at, size_t n)
{
    if (at >= w->at && at - w->at <= w->n && w->n - (size_t)(at - w->at) >= n) return w->window + (at - w->at);
    uint64_t pieces = w->box->index.pieces;
    size_t want = pieces > 64 && w->packed_total / pieces > HOP_BYTES ? WINDOW_SHORT_BYTES : WINDOW_BYTES;
    if (want < n) want = n;
    w->at = at;
    if (byte_source_read(w->box->file, at, w->window, want, &w->n, w->found) != ST_OK) w->read_failed = true;
    return !w->read_failed && w->n >= n ? w->window : NULL;
}

typedef struct record_head {
    uint8_t flags;
    uint32_t bytes;  /* unpacked */
    uint16_t packed; /* 0: not packed */
    uint32_t stored; /* in the file */
    uint32_t sum;
} record_head;

static uint32_t packed_bytes(const record_head *h) { return h->packed ? h->packed : h->bytes; }

/* Record flags seen or told of are 0x21, 0x31, 0x33 and 0x71; bit 0 clear would be a piece that is not packed, too. */
static bool head_at(walker *w, uint64_t at, record_head *h)
{
    unsigned header = w->box->index.header;
    const uint8_t *p = peek(w, at, header);
    if (!p) return false;
    *h = (record_head){.flags = p[0],
                       .bytes = (uint32_t)p[BOX_RECORD_SIZE] * MTF_SECTOR_BYTES,
                       .packed = le16(p + BOX_RECORD_PACKED),
                       .sum = le32(p + header - 4)};
    if ((h->flags & ~0x53u) != 0x20 || h->bytes == 0 || h->bytes > BOX_PIECE_BYTES) return false;
    if (!(h->flags & BOX_RECORD_PACKED_FLAG) || h->flags & BOX_RECORD_STORED_FLAG) {
        if (h->packed != 0 && h->packed != h->bytes) return false;
        h->packed = 0;
    }
    h->stored = packed_bytes(h);
    if (!(h->flags & BOX_RECORD_CRYPT)) return w->box->crypt.unit == 1;
    if (header != BOX_RECORD_V2_BYTES || w->box->crypt.unit == 1) return false;
    h->stored = le32(p + BOX_RECORD_STORED);
    return box_crypt_length_fits(&w->box->crypt, packed_bytes(h), h->stored);
}

/* The record's bytes made plain: packed_bytes(h) of them, in w->sealed. NULL when they cannot be had. */
static const uint8_t *record_plain(walker *w, uint64_t at, const record_head *h)
{
    const uint8_t *p = peek(w, at, w->box->index.header + h->stored);
    if (!p) return NULL;
    memcpy(w->sealed, p + w->box->index.header, h->stored);
    return box_crypt_record(&w->box->crypt, h->flags, p + BOX_RECORD_IV, w->sealed, h->stored) ? w->sealed : NULL;
}

static bool sum_is_right(walker *w, uint64_t at, const record_head *h)
{
    const box_crypt *c = &w->box->crypt;
    unsigned header = w->box->index.header;
    const uint8_t *p = peek(w, at, header + h->stored);
    if (!p) return false;
    if (!(h->flags & BOX_RECORD_CRYPT)) return bak_sum_words(p + header, h->stored) == h->sum;
    if (!c->sum_known) return true; /* its length is all that there is to tell it by */
    if (!c->sum_of_plain) return bak_sum_words(p + header, h->stored) == h->sum;
    p = record_plain(w, at, h);
    return p && bak_sum_words(p, packed_bytes(h)) == h->sum;
}

/* What checksums of sealed records cover, from one of which the plain bytes are known. */
static void learn_sum(walker *w, uint64_t at, const record_head *h, const uint8_t *plain)
{
    box_crypt *c = &w->box->crypt;
    const unsigned header = w->box->index.header;
    const uint8_t *sealed = peek(w, at, header + h->stored);
    c->sum_of_plain = bak_sum_words(plain, packed_bytes(h)) == h->sum;
    c->sum_known = c->sum_of_plain || (sealed && bak_sum_words(sealed + header, h->stored) == h->sum);
}

/* The first record may be damaged: some more are asked. */
static void learn_record(walker *w, uint64_t at, const record_head *h)
{
    enum { ASKED = 32 };
    box_crypt *c = &w->box->crypt;
    if (!(h->flags & BOX_RECORD_CRYPT)) return;
    box_crypt_learn_length(c, packed_bytes(h), h->stored);
    const uint8_t *plain = c->sum_known || w->box->index.pieces > ASKED ? NULL : record_plain(w, at, h);
    if (plain) learn_sum(w, at, h, plain);
}

/* A file mark lies unpacked at the next multiple of the physical block size (512 to 65,536) behind a run of records. */
static bool mark_near(walker *w, uint64_t at, uint64_t *mark, uint32_t *bytes)
{
    uint64_t p = (at + MTF_SECTOR_BYTES - 1) / MTF_SECTOR_BYTES * MTF_SECTOR_BYTES;
    for (unsigned i = 0; i <= BOX_PIECE_BYTES / MTF_SECTOR_BYTES; i++, p += MTF_SECTOR_BYTES) {
        const uint8_t *b = peek(w, p, MTF_HEADER_BYTES);
        if (!b) return false;
        if (le32(b) != TAG_SFMB || bak_xor_words(b, MTF_CHECKSUM / 2) != le16(b + MTF_CHECKSUM)) continue;
        *mark = p;
        *bytes = le16(b + MTF_FIRST_STREAM);
        if (*bytes == 0) *bytes = BOX_PIECE_BYTES; /* 65,536 does not fit its field */
        return *bytes % MTF_SECTOR_BYTES == 0;
    }
    return false;
}

static void report(walker *w, finding_code code, uint64_t at, const char *what)
{
    finding x = FINDING_OF(code);
    x.path = byte_source_path(w->box->file);
    x.offset = at;
    x.a = sv_from(what);
    find_add(w->found, &x);
}

static status out_of_room(walker *w, uint64_t at)
{
    if (w->box->index.runs >= PIECE_RUNS_MAX)
        report(w, F_BAK_TOO_MUCH, at,
               "there are more runs of compressed pieces than ten thousand backup sets would have");
    else
        find_code(w->found, F_OUT_OF_MEMORY, "indexing a compressed backup");
    return ST_FATAL;
}

/* A damaged piece is still one when a right one follows it. */
static bool right_one_follows(walker *w, uint64_t end)
{
    record_head next;
    return head_at(w, end, &next) && sum_is_right(w, end, &next);
}

/* Adds records from *at on as long as they follow each other. Inside a run of 64 KB pieces the chain of headers is
 * proof enough; a piece of another size is believed only with its checksum, because the bytes behind the last record of
 * a run are leftovers of older buffers and may look like a header. */
static status take_records(walker *w, uint64_t *at)
{
    piece_index *x = &w->box->index;
    uint64_t size = byte_source_size(w->box->file);
    uint32_t before = 0;
    record_head h;
    while (head_at(w, *at, &h)) {
        uint64_t end = *at + x->header + h.stored;
        if (end > size) break;
        bool in_run = before == BOX_PIECE_BYTES && h.bytes == BOX_PIECE_BYTES;
        if (!in_run && !sum_is_right(w, *at, &h) && !right_one_follows(w, end)) break;
        learn_record(w, *at, &h);
        if (!piece_index_add(x, *at, h.bytes, h.packed)) return out_of_room(w, *at);
        w->packed_total += h.stored;
        before = h.bytes;
        *at = end;
    }
    return w->read_failed ? ST_FATAL : ST_OK;
}

/* When nothing sensible follows a piece, the piece itself may have been leftover bytes: its checksum tells. */
static bool drop_false_last(walker *w, uint64_t *at)
{
    piece last;
    record_head h;
    piece_index *x = &w->box->index;
    /* Behind a mark there is no such piece. */
    if (!x->pieces || !x->run[x->runs - 1].pieces || !piece_index_number(x, x->pieces - 1, &last)) return false;
    if (!head_at(w, last.file_at, &h) || sum_is_right(w, last.file_at, &h)) return false;
    piece_index_drop(x);
    *at = last.file_at;
    return true;
}

/* A damaged record header inside a run of 64 KB pieces: the next right piece within one piece's reach shows how long
 * the damaged one is. Whether its data is right its checksum will tell. Were every header damaged, the file would be gone
 * through twice so; a file full of what looks like headers is given up. */
static bool step_over(walker *w, uint64_t *at)
{
    piece last;
    record_head h;
    piece_index *x = &w->box->index;
    uint64_t first = *at + x->header;
    const uint8_t *own = peek(w, *at, BOX_RECORD_PACKED + 2);
    const uint32_t told = own && le16(own + BOX_RECORD_PACKED) ? le16(own + BOX_RECORD_PACKED) : BOX_PIECE_BYTES;
    if (!x->pieces || !piece_index_number(x, x->pieces - 1, &last) || last.bytes != BOX_PIECE_BYTES) return false;
    const uint64_t most = 4 * byte_source_size(w->box->file);
    for (uint64_t next = first + 1; next <= first + BOX_STORED_BYTES_MAX && w->looked < most; next++) {
        w->looked++;
        uint32_t packed = box_crypt_packed(&w->box->crypt, (uint32_t)(next - first), told);
        if (packed == 0 || packed > BOX_PIECE_BYTES) continue;
        if (!head_at(w, next, &h) || h.bytes != BOX_PIECE_BYTES) continue;
        w->looked += h.stored;
        if (!sum_is_right(w, next, &h)) continue;
        report(w, F_BAK_HEADER_REPAIRED, *at, "the header of a compressed piece");
        if (!piece_index_add(x, *at, BOX_PIECE_BYTES, (uint16_t)packed)) return false; /* 65,536: 0, not packed */
        *at = next;
        return true;
    }
    return false;
}

static status walk(walker *w, uint64_t at)
{
    mssqlbak *b = w->box;
    uint64_t size = byte_source_size(b->file);
    for (;;) {
        uint64_t start = at, mark;
        uint32_t bytes;
        status st = take_records(w, &at);
        if (st != ST_OK) return st;
        b->end = at;
        if (at >= size && start == at) return ST_OK;
        bool found = mark_near(w, at, &mark, &bytes) || (drop_false_last(w, &at) && mark_near(w, at, &mark, &bytes));
        if (w->read_failed) return ST_FATAL;
        if (!found && step_over(w, &at)) continue;
        if (!found || mark + bytes > size) {
            /* At the very end of the file it is a cut, which the reader of the inner stream reports. */
            b->end = at;
            if (size - at > 2 * (uint64_t)BOX_PIECE_BYTES)
                report(w, F_BAK_CHAIN_BROKEN, at, "the file goes on behind it");
            return ST_OK;
        }
        if (!piece_index_mark(&b->index, mark, bytes)) return out_of_room(w, mark);
        at = mark + bytes;
        b->end = at;
    }
}

/* ---- opening ---- */

enum { HEAD_SEARCH_BYTES = 8192 };

static status refuse(walker *w, finding_code code, const char *what)
{
    report(w, code, UINT64_MAX, what);
    return ST_FATAL;
}

static status check_head(walker *w, mssqlbak_head *head)
{
    uint64_t size = byte_source_size(w->box->file);
    const size_t reach = size < HEAD_SEARCH_BYTES ? (size_t)size : HEAD_SEARCH_BYTES;
    const uint8_t *p = reach < BOX_HEADER_BYTES ? NULL : peek(w, 0, reach);
    if (w->read_failed) return ST_FATAL;
    if (!p) return refuse(w, F_BAK_NO_SET, "it ends inside its first header");
    *head = (mssqlbak_head){le32(p + BOX_VERSION), le32(p + BOX_FLAGS)};
    return box_crypt_open(&w->box->crypt, p, reach, head->flags, byte_source_path(w->box->file), w->keys, w->found);
}

/* What a piece that does not unpack begins with. */
static const char *compression_name(const uint8_t *p, size_t n)
{
    if (n >= 4 && le32(p) == 0xFD2FB528u) return "ZSTD (SQL Server 2025)";
    if (n >= 2 && p[0] == 0x1F && p[1] == 0x8B) return "gzip (Intel QAT)";
    return "an unknown method (Intel QAT of SQL Server 2022, or one newer than this program)";
}

/* A sealed record is known by what is in it: a backup begins with TAPE. Its checksum then tells what checksums of this
 * container cover. */
static bool first_opens(walker *w, uint64_t at, const record_head *h)
{
    const uint8_t *p = record_plain(w, at, h);
    uint32_t tag = 0;
    if (!p) return false;
    uint8_t *unpacked = malloc(h->bytes), *state = malloc(xpress_state_bytes());
    if (!h->packed)
        tag = le32(p);
    else if (unpacked && state && xpress_decode(xpress_place(state), p, h->packed, unpacked, h->bytes))
        tag = le32(unpacked);
    if (!unpacked || !state) memory_ran_out();
    free(unpacked);
    free(state);
    if (tag == TAG_TAPE) learn_sum(w, at, h, p);
    return tag == TAG_TAPE;
}

static bool is_first(walker *w, uint64_t at, const record_head *h)
{
    return h->flags & BOX_RECORD_CRYPT ? first_opens(w, at, h) : sum_is_right(w, at, h);
}

/* Version 2 has its first record right behind the 480-byte header. For others it is searched by the checksum. */
static bool find_first(walker *w, uint32_t version, uint64_t *at)
{
    const unsigned header[2] = {version == 1 ? BOX_RECORD_V1_BYTES : BOX_RECORD_V2_BYTES,
                                version == 1 ? BOX_RECORD_V2_BYTES : BOX_RECORD_V1_BYTES};
    record_head h;
    for (int i = 0; i < 2; i++) {
        w->box->index.header = header[i];
        *at = BOX_HEADER_BYTES;
        if (head_at(w, *at, &h) && is_first(w, *at, &h)) return true;
        for (*at = BOX_FLAGS + 4; *at < HEAD_SEARCH_BYTES; (*at)++)
            if (head_at(w, *at, &h) && (h.packed || h.flags & BOX_RECORD_CRYPT) && is_first(w, *at, &h)) return true;
    }
    return false;
}

static status check_first_piece(walker *w, uint64_t at)
{
    uint8_t first[4];
    void *scratch = malloc(mssqlbak_scratch_bytes());
    if (!scratch) return refuse(w, F_OUT_OF_MEMORY, "opening a compressed backup");
    mssqlbak_scratch_start(scratch);
    status st = mssqlbak_read(w->box, scratch, 0, first, sizeof first, NULL);
    free(scratch);
    if (st == ST_OK && le32(first) == TAG_TAPE) return ST_OK;
    if (st == ST_OK) return refuse(w, F_BAK_NO_SET, "its first compressed piece is not the beginning of a backup");
    const uint8_t *p = peek(w, at + w->box->index.header, 4);
    return refuse(w, F_BAK_COMPRESSION, compression_name(p, p ? 4 : 0));
}

static status open_walk(walker *w)
{
    mssqlbak_head head;
    uint64_t at;
    status st = check_head(w, &head);
    if (st != ST_OK) return st;
    if (!find_first(w, head.version, &at)) {
        if (w->read_failed) return ST_FATAL;
        return refuse(w, F_BAK_COMPRESSION, "records of an unknown form");
    }
    st = walk(w, at);
    const box_crypt *c = &w->box->crypt;
    record_head h;
    w->box->first_odd = st == ST_OK && c->unit > 1 && head_at(w, at, &h) && !sum_is_right(w, at, &h);
    if (w->box->first_odd) report(w, F_BAK_HEADER_REPAIRED, at, "the first piece");
    if (st == ST_OK) st = check_first_piece(w, at);
    if (st == ST_OK && c->unit > 1 && !c->sum_known) report(w, F_BAK_SUM_UNKNOWN, UINT64_MAX, NULL);
    return st;
}

status mssqlbak_open(byte_source *file, const key_ring *keys, findings *f, mssqlbak **out)
{
    *out = NULL;
    mssqlbak *b = calloc(1, sizeof *b);
    walker w = {
        .box = b, .keys = keys, .found = f, .window = malloc(WINDOW_BYTES), .sealed = malloc(BOX_STORED_BYTES_MAX)};
    status st = ST_FATAL;
    if (b && w.window && w.sealed) {
        b->file = file;
        b->index.crypt = &b->crypt;
        st = open_walk(&w);
    } else
        find_code(f, F_OUT_OF_MEMORY, "opening a compressed backup");
    free(w.window);
    free(w.sealed);
    if (st != ST_OK) {
        mssqlbak_close(b);
        return ST_FATAL;
    }
    *out = b;
    return ST_OK;
}

void mssqlbak_close(mssqlbak *b)
{
    if (!b) return;
    piece_index_free(&b->index);
    box_crypt_close(&b->crypt);
    free(b);
}

uint64_t mssqlbak_size(const mssqlbak *b) { return b->index.bytes; }
uint64_t mssqlbak_end(const mssqlbak *b) { return b->end; }
const char *mssqlbak_cipher(const mssqlbak *b)
{
    const block_cipher *c = b->crypt.backup ? b->crypt.backup : b->crypt.database;
    return c ? block_cipher_name(c) : NULL;
}

void mssqlbak_count(const mssqlbak *b, mssqlbak_bytes *out)
{
    const piece_index *x = &b->index;
    uint64_t at = 0;
    *out = (mssqlbak_bytes){0};
    for (size_t i = 0; i < x->runs; i++) {
        const piece_run *r = &x->run[i];
        uint64_t gap = r->file_at - at;
        piece p;
        *(at == 0 ? &out->head : &out->leftovers) += gap;
        at = r->file_at;
        if (!r->pieces) {
            out->marks += r->bytes;
            at += r->bytes;
        }
        for (uint64_t k = 0; k < r->pieces && piece_index_number(x, r->first + k, &p); k++) {
            out->headers += x->header;
            out->pieces += p.stored;
            at += x->header + p.stored;
        }
    }
    out->unknown = byte_source_size(b->file) - at;
}

/* ---- reading ---- */

static status piece_lost(const mssqlbak *b, const piece *p, const char *what, findings *f)
{
    finding x = FINDING_OF(F_BAK_PIECE_DAMAGED);
    x.path = byte_source_path(b->file);
    x.offset = p->file_at;
    x.a = sv_from(what);
    find_add(f, &x);
    return ST_ROW_LOST;
}

/* The piece's packed bytes in `packed`, made plain and checked. */
static status load_packed(mssqlbak *b, const piece *p, uint8_t *packed, findings *f)
{
    uint8_t head[BOX_RECORD_V2_BYTES];
    size_t got;
    const box_crypt *c = &b->crypt;
    status st = byte_source_read(b->file, p->file_at, head, b->index.header, &got, f);
    if (st == ST_OK && got == b->index.header)
        st = byte_source_read(b->file, p->file_at + got, packed, p->stored, &got, f);
    if (st != ST_OK) return st;
    if (got != p->stored) return piece_lost(b, p, "lies behind the end of the file", f);
    const bool sealed = c->unit > 1, sum_first = !sealed || (c->sum_known && !c->sum_of_plain);
    const uint32_t sum = le32(head + b->index.header - 4);
    const bool odd = b->first_odd && p->number == 0;
    bool right = odd || !sum_first || bak_sum_words(packed, p->stored) == sum;
    /* Taken behind a damaged header: what that says of cipher and vector must not make sealed bytes pass for plain ones. */
    if (sealed && (!(head[0] & BOX_RECORD_CRYPT) || le32(head + BOX_RECORD_STORED) != p->stored))
        return piece_lost(b, p, "has a damaged header and cannot be decrypted", f);
    if (right && sealed && !box_crypt_record(c, head[0], head + BOX_RECORD_IV, packed, p->stored))
        return piece_lost(b, p, "cannot be decrypted", f);
    if (right && sealed && c->sum_of_plain) right = bak_sum_words(packed, p->packed) == sum;
    if (!right && !odd) return piece_lost(b, p, "does not match its checksum", f);
    piece_index_saw(&b->index, p->number);
    return ST_OK;
}

static status unpack(mssqlbak *b, box_scratch *s, const piece *p, uint8_t *out, findings *f)
{
    status st = load_packed(b, p, s->packed, f);
    if (st != ST_OK) return st;
    /* The length of a packed piece has 16 bits: this many bytes are not packed. */
    if (p->packed < BOX_PIECE_BYTES && xpress_decode(xpress_place(s->xpress), s->packed, p->packed, out, p->bytes))
        return ST_OK;
    if (p->packed != p->bytes)
        return piece_lost(b, p,
                          b->crypt.unit > 1 && !b->crypt.sum_known ? "cannot be unpacked"
                                                                   : "has the right checksum but cannot be unpacked",
                          f);
    memcpy(out, s->packed, p->bytes); /* a piece that is not packed */
    return ST_OK;
}

static status read_in_piece(mssqlbak *b, box_scratch *s, const piece *p, uint64_t off, uint8_t *to, size_t n,
                            findings *f)
{
    size_t skip = (size_t)(off - p->at);
    if (p->number == UINT64_MAX) {
        size_t got;
        status st = byte_source_read(b->file, p->file_at + skip, to, n, &got, f);
        return st == ST_OK && got < n ? piece_lost(b, p, "lies behind the end of the file", f) : st;
    }
    if (skip == 0 && n == p->bytes) return unpack(b, s, p, to, f);
    if (s->owner != b || s->number != p->number) {
        s->number = UINT64_MAX;
        status st = unpack(b, s, p, s->plain, f);
        if (st != ST_OK) return st;
        s->owner = b;
        s->number = p->number;
    }
    memcpy(to, s->plain + skip, n);
    return ST_OK;
}

status mssqlbak_read(mssqlbak *b, void *scratch, uint64_t off, void *p, size_t n, findings *f)
{
    uint8_t *to = p;
    while (n) {
        piece in;
        if (!piece_index_find(&b->index, off, &in)) return ST_END;
        uint64_t left = in.at + in.bytes - off;
        size_t take = left < n ? (size_t)left : n;
        status st = read_in_piece(b, scratch, &in, off, to, take, f);
        if (st != ST_OK) return st;
        off += take;
        to += take;
        n -= take;
    }
    return ST_OK;
}

/* Whether the piece is one: by its checksum, and where that tells nothing by unpacking it. */
static status check_piece(mssqlbak *b, box_scratch *s, const piece *p, findings *f)
{
    const bool unchecked = b->crypt.unit > 1 && !b->crypt.sum_known;
    return unchecked ? unpack(b, s, p, s->plain, f) : load_packed(b, p, s->packed, f);
}

status mssqlbak_verify(mssqlbak *b, void *scratch, unsigned share, unsigned shares, findings *f)
{
    uint64_t last = b->index.pieces / shares * (share + 1);
    if (share + 1 == shares) last = b->index.pieces;
    status st = ST_OK;
    mssqlbak_scratch_start(scratch);
    for (uint64_t i = b->index.pieces / shares * share; i < last && st != ST_FATAL; i++) {
        piece p;
        if (!piece_index_seen(&b->index, i) && piece_index_number(&b->index, i, &p))
            st = check_piece(b, scratch, &p, f);
    }
    return st == ST_FATAL ? ST_FATAL : ST_OK;
}
