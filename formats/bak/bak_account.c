#include "bak/bak_account.h"

static status no_memory(findings *f)
{
    find_code(f, F_OUT_OF_MEMORY, "adding up the bytes of a backup");
    return ST_FATAL;
}

/* ---- the tape-format stream ---- */

enum kind { DESCRIPTIONS, PAGES, LOG, LOG_FILLING, CHECKSUMS, PADDING, UNKNOWN, KINDS };

static const char *const kind_name[KINDS] = {[DESCRIPTIONS] = "descriptions and headers",
                                             [PAGES] = "pages of the database",
                                             [LOG] = "log",
                                             [LOG_FILLING] = "filling of the log",
                                             [CHECKSUMS] = "checksums",
                                             [PADDING] = "padding and file marks",
                                             [UNKNOWN] = "unknown"};

typedef struct walk {
    const mtf_input *in;
    void *scratch;
    findings *found;
    uint64_t sum[KINDS];
    uint64_t at;
} walk;

/* Bytes of the log that an MSTL block announces; the rest of its stream is filling. */
static status log_bytes(walk *w, const mtf_block *b, uint64_t *out)
{
    uint8_t p[MSTL_BYTES];
    *out = 0;
    if (b->first_stream < sizeof p) return ST_OK;
    status st = mtf_read(w->in, w->scratch, b->at, p, sizeof p, w->found);
    if (st == ST_OK && le64(p + MSTL_STOP) > le64(p + MSTL_START)) *out = le64(p + MSTL_STOP) - le64(p + MSTL_START);
    return st;
}

static enum kind kind_of(uint32_t id)
{
    static const uint32_t described[] = {TAG_RAID, TAG_MQCI, TAG_TSMP};
    if (id == TAG_SPAD || id == TAG_APAD || id == TAG_OTCP) return PADDING;
    if (id == TAG_MQDA) return PAGES;
    if (id == TAG_MQTL) return LOG;
    if (id == TAG_CSUM) return CHECKSUMS;
    for (size_t i = 0; i < sizeof described / sizeof described[0]; i++)
        if (id == described[i]) return DESCRIPTIONS;
    return UNKNOWN;
}

/* What of a stream is in the file; `log`: bytes of its log that count. */
static void count_stream(walk *w, const mtf_stream *s, uint64_t log)
{
    const uint64_t size = mtf_size(w->in), end = s->next < size ? s->next : size;
    uint64_t data = s->length, all = end - s->at - MTF_STREAM_BYTES;
    if (data > all) data = all;
    w->sum[DESCRIPTIONS] += MTF_STREAM_BYTES;
    w->sum[PADDING] += all - data; /* up to the next multiple of four */
    const enum kind kind = kind_of(s->id);
    if (kind != PAGES && kind != LOG) {
        w->sum[kind] += data;
        return;
    }
    uint64_t lead = data < MQDA_LEAD_BYTES ? data : MQDA_LEAD_BYTES;
    w->sum[DESCRIPTIONS] += lead;
    data -= lead;
    if (kind == LOG) {
        w->sum[LOG_FILLING] += data > log ? data - log : 0;
        data = data > log ? log : data;
    }
    w->sum[kind] += data;
}

/* ST_OK: w->at is behind the block; ST_END: what is there is no block, or the stream ends in it. */
static status count_block(walk *w)
{
    mtf_block b;
    uint64_t log = 0;
    status st = mtf_block_at(w->in, w->scratch, w->at, &b, w->found);
    if (st == ST_FATAL) return st;
    if (st != ST_OK || b.first_stream > mtf_size(w->in) - w->at) return ST_END;
    if (b.type == TAG_SFMB) {
        w->sum[PADDING] += b.first_stream;
        w->at += b.first_stream;
        return ST_OK;
    }
    if (b.type == TAG_MSTL) st = log_bytes(w, &b, &log);
    if (st != ST_OK) return st;
    w->sum[DESCRIPTIONS] += b.first_stream;
    w->at += b.first_stream;
    for (;;) {
        mtf_stream s;
        st = mtf_stream_at(w->in, w->scratch, w->at, &s, w->found);
        if (st != ST_OK) return st == ST_FATAL ? st : ST_END;
        count_stream(w, &s, log);
        w->at = s.next < mtf_size(w->in) ? s.next : mtf_size(w->in);
        if (s.id == TAG_SPAD || w->at == mtf_size(w->in)) return ST_OK;
    }
}

static status count_stream_bytes(const bak_media *m, void *scratch, arena *a, findings *f, byte_account *out)
{
    walk w = {.in = &m->in, .scratch = scratch, .found = f};
    const uint64_t size = mtf_size(&m->in);
    status st = ST_OK;
    while (st == ST_OK && w.at < size) st = count_block(&w);
    if (st == ST_FATAL) return st;
    w.sum[UNKNOWN] += size - w.at;
    byte_count *part = arena_array(a, KINDS, sizeof *part);
    if (!part) return no_memory(f);
    for (size_t i = 0; i < KINDS; i++) part[i] = (byte_count){sv_from(kind_name[i]), w.sum[i]};
    *out = (byte_account){.path = m->path, .bytes = size, .part = part, .parts = KINDS};
    return ST_OK;
}

/* ---- the container ---- */

static status count_box(const bak_media *m, arena *a, findings *f, byte_account *out)
{
    enum { PARTS = 6 };
    mssqlbak_bytes b;
    mssqlbak_count(m->in.box, &b);
    const byte_count parts[PARTS] = {
        {SV_LIT("head of the container"), b.head},         {SV_LIT("headers of pieces"), b.headers},
        {SV_LIT("compressed or sealed pieces"), b.pieces}, {SV_LIT("file marks"), b.marks},
        {SV_LIT("left over behind pieces"), b.leftovers},  {SV_LIT("unknown"), b.unknown}};
    byte_count *part = arena_array(a, PARTS, sizeof *part);
    if (!part) return no_memory(f);
    memcpy(part, parts, sizeof parts);
    *out = (byte_account){.path = m->path, .bytes = byte_source_size(m->in.file), .part = part, .parts = PARTS};
    return ST_OK;
}

status bak_account(const bak_media *m, void *scratch, arena *a, findings *f, byte_account out[2], size_t *accounts)
{
    size_t n = 0;
    status st = ST_OK;
    if (m->in.box) st = count_box(m, a, f, &out[n++]);
    if (st == ST_OK) st = count_stream_bytes(m, scratch, a, f, &out[n]);
    if (st == ST_OK) out[n].inside = n > 0;
    *accounts = st == ST_OK ? n + 1 : 0;
    return st;
}
