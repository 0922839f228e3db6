#include "bak/bak_set.h"
#include "mdf/page_store.h"
#include <stdlib.h>

enum {
    CONFIG_BYTES_MAX = 64 << 20, /* 32,767 files with paths of full length need 40 MB */
    PASSES_MAX = 256,            /* real sets have one or two */
    LOGS_MAX = 1 << 20           /* virtual log files; ten thousands have been met in neglected databases */
};

typedef struct set_walk {
    const mtf_input *in;
    void *scratch;
    arena *mem;
    findings *found;
    bak_set *set;
    uint64_t at; /* next block */
    size_t pass_room, log_room;
    uint32_t next_id;
    bool ended; /* an ESET was seen */
} set_walk;

static status too_much(set_walk *w, const char *what)
{
    find_at(w->found, F_BAK_TOO_MUCH, byte_source_path(w->in->file), sv_from(what));
    return ST_FATAL;
}

static status no_memory(set_walk *w)
{
    find_code(w->found, F_OUT_OF_MEMORY, "reading the structure of a backup");
    return ST_FATAL;
}

static status break_off(set_walk *w, uint64_t at, const char *why)
{
    w->set->broken = why;
    w->set->broken_at = at;
    return ST_END;
}

/* A grown copy of an array in the arena, doubling: the old ones stay behind, in sum as much as the last. */
static void *grow(arena *a, void *old, size_t used, size_t *room, size_t size)
{
    if (used < *room) return old;
    size_t wanted = *room ? *room * 2 : 4;
    void *p = arena_array(a, wanted, size);
    if (!p) return NULL;
    if (used) memcpy(p, old, used * size);
    *room = wanted;
    return p;
}

static status read_config(set_walk *w, const mtf_stream *s, bak_config *out, bool *have)
{
    if (s->length > CONFIG_BYTES_MAX) return too_much(w, "a description of the set is longer than 64 MB");
    if (s->data > mtf_size(w->in) || s->length > mtf_size(w->in) - s->data)
        return break_off(w, s->at, "it ends inside the description of the set");
    size_t n = (size_t)s->length;
    uint8_t *p = malloc(n ? n : 1);
    if (!p) return no_memory(w);
    status st = mtf_read(w->in, w->scratch, s->data, p, n, w->found);
    if (st == ST_OK) *have = bak_config_parse(p, n, w->mem, out) || out->type != 0;
    free(p);
    return st == ST_FATAL ? ST_FATAL : ST_OK;
}

static status read_csum(set_walk *w, const mtf_stream *s, bool *summed, uint32_t *sum)
{
    uint8_t p[4];
    if (s->length < sizeof p) return ST_OK;
    status st = mtf_read(w->in, w->scratch, s->data, p, sizeof p, w->found);
    if (st == ST_OK) {
        *summed = true;
        *sum = le32(p);
    }
    return st == ST_FATAL ? ST_FATAL : ST_OK;
}

static status add_data(set_walk *w, bak_pass *p, size_t *room, const mtf_stream *s)
{
    if (s->length <= MQDA_LEAD_BYTES) return ST_OK; /* the empty one that ends the data */
    uint64_t bytes = s->length - MQDA_LEAD_BYTES;
    if (bytes % EXTENT_BYTES) return break_off(w, s->at, "its data is no whole number of extents");
    void *grown = grow(w->mem, p->data, p->streams, room, sizeof *p->data);
    if (!grown) return no_memory(w);
    p->data = grown;
    bak_data *d = &p->data[p->streams++];
    d->at = s->data + MQDA_LEAD_BYTES;
    d->first = p->extents;
    d->extents = bytes / EXTENT_BYTES;
    p->extents += d->extents;
    return ST_OK;
}

/* Extents that the file really holds (the last one may be cut). */
static uint64_t extents_present(set_walk *w, const bak_data *d)
{
    uint64_t size = mtf_size(w->in);
    if (d->at >= size) return 0;
    uint64_t n = (size - d->at + EXTENT_BYTES - 1) / EXTENT_BYTES;
    return n < d->extents ? n : d->extents;
}

static status prepare_sum(set_walk *w, bak_data *d)
{
    size_t words = (size_t)(extents_present(w, d) / 64 + 1);
    d->seen = arena_array(w->mem, words, sizeof *d->seen);
    return d->seen ? ST_OK : no_memory(w);
}

static status add_log(set_walk *w, const mtf_block *b, bak_log **out)
{
    uint8_t p[MSTL_BYTES];
    *out = NULL;
    if (b->first_stream < MSTL_BYTES) return ST_OK;
    status st = mtf_read(w->in, w->scratch, b->at, p, sizeof p, w->found);
    if (st != ST_OK) return st == ST_FATAL ? st : ST_OK;
    if (w->set->logs >= LOGS_MAX) return too_much(w, "there are more than a million pieces of log");
    void *grown = grow(w->mem, w->set->log, w->set->logs, &w->log_room, sizeof *w->set->log);
    if (!grown) return no_memory(w);
    w->set->log = grown;
    bak_log *l = &w->set->log[w->set->logs++];
    uint64_t start = le64(p + MSTL_START), stop = le64(p + MSTL_STOP);
    *l = (bak_log){.start = start,
                   .bytes = stop > start ? stop - start : 0,
                   .file = le32(p + MSTL_FILE_ID),
                   .vlf = le32(p + MSTL_VLF)};
    *out = l;
    return ST_OK;
}

static void log_stream(bak_log *l, const mtf_stream *s)
{
    if (s->length <= MQDA_LEAD_BYTES) return;
    l->at = s->data + MQDA_LEAD_BYTES;
    l->stored = s->length - MQDA_LEAD_BYTES;
    l->cut = l->bytes > l->stored;
    if (l->cut) l->bytes = l->stored;
}

static status add_pass(set_walk *w, bak_pass **out)
{
    if (w->set->passes >= PASSES_MAX) return too_much(w, "there are more than 256 passes over the data");
    void *grown = grow(w->mem, w->set->pass, w->set->passes, &w->pass_room, sizeof *w->set->pass);
    if (!grown) return no_memory(w);
    w->set->pass = grown;
    *out = &w->set->pass[w->set->passes++];
    memset(*out, 0, sizeof **out);
    return ST_OK;
}

/* One stream of a block. */
static status take_stream(set_walk *w, const mtf_block *b, const mtf_stream *s, bak_pass *pass, size_t *room,
                          bak_log *log)
{
    bak_set *set = w->set;
    if (s->id == TAG_MQCI && b->type == TAG_MSCI) return read_config(w, s, &set->begin, &set->has_begin);
    if (s->id == TAG_MQCI && b->type == TAG_MSLS) return read_config(w, s, &set->finish, &set->has_finish);
    if (s->id == TAG_MQDA && pass) return add_data(w, pass, room, s);
    if (s->id == TAG_MQTL && log) log_stream(log, s);
    if (s->id != TAG_CSUM) return ST_OK;
    if (log && log->stored) return read_csum(w, s, &log->summed, &log->sum);
    if (!pass || !pass->streams) return ST_OK;
    bak_data *d = &pass->data[pass->streams - 1];
    status st = read_csum(w, s, &d->summed, &d->sum);
    return st == ST_OK && d->summed && !d->seen ? prepare_sum(w, d) : st;
}

static void note_repair(set_walk *w, uint64_t at, const char *what)
{
    finding x = FINDING_OF(F_BAK_HEADER_REPAIRED);
    x.path = byte_source_path(w->in->file);
    x.offset = at;
    x.a = sv_from(what);
    find_add(w->found, &x);
}

static status stream_at(set_walk *w, uint64_t at, mtf_stream *s)
{
    status st = mtf_stream_at(w->in, w->scratch, at, s, w->found);
    if (st != ST_ROW_LOST || mtf_stream_guess(w->in, w->scratch, at, s, NULL) != ST_OK) return st;
    note_repair(w, at, "a stream header");
    return ST_OK;
}

static status block_at(set_walk *w, mtf_block *b)
{
    status st = mtf_block_at(w->in, w->scratch, w->at, b, w->found);
    if (st != ST_ROW_LOST || mtf_block_guess(w->in, w->scratch, w->at, b, NULL) != ST_OK) return st;
    note_repair(w, w->at, "a block header");
    b->control_id = w->next_id; /* may be what is damaged */
    return ST_OK;
}

/* ST_OK: w->at is behind the block; ST_END: the set breaks off. */
static status walk_streams(set_walk *w, const mtf_block *b)
{
    bak_pass *pass = NULL;
    bak_log *log = NULL;
    size_t room = 0;
    status st = ST_OK;
    if (b->type == TAG_MSDA) st = add_pass(w, &pass);
    if (b->type == TAG_MSTL) st = add_log(w, b, &log);
    if (st != ST_OK) return st;
    uint64_t size = mtf_size(w->in), at = b->at + b->first_stream;
    for (;;) {
        mtf_stream s;
        st = stream_at(w, at, &s);
        if (st == ST_FATAL) return st;
        if (st == ST_END) return break_off(w, at, "it ends inside a block");
        if (st != ST_OK) return break_off(w, at, "a stream header does not match its checksum");
        st = take_stream(w, b, &s, pass, &room, log);
        if (st != ST_OK) return st;
        if (s.next == UINT64_MAX) return break_off(w, at, "a stream is longer than any file");
        if (s.next > size) return break_off(w, size, "it ends inside a stream");
        at = s.next;
        if (s.id == TAG_SPAD) break;
    }
    w->at = at;
    return ST_OK;
}

static status read_sset(set_walk *w, const mtf_block *b)
{
    bak_set *set = w->set;
    if (b->first_stream < SSET_BYTES) return ST_OK;
    uint8_t *p = malloc(b->first_stream);
    if (!p) return no_memory(w);
    status st = mtf_read(w->in, w->scratch, b->at, p, b->first_stream, w->found);
    if (st == ST_OK) {
        set->attributes = le32(p + SSET_ATTRIBUTES);
        set->number = le16(p + SSET_NUMBER);
        set->software = p[SSET_SOFTWARE_MAJOR];
        memcpy(set->date, p + SSET_DATE, 5);
        set->name = mtf_text(w->mem, p, b->first_stream, SSET_NAME, b->string_type == 2);
        size_t os = le16(p + MTF_OS_DATA + 2);
        if (le16(p + MTF_OS_DATA) >= 16 && os <= b->first_stream - 16u) memcpy(set->guid, p + os, 16);
    }
    free(p);
    return st == ST_FATAL ? ST_FATAL : ST_OK;
}

/* Blocks of a set are numbered 0, 1, 2 ... without a gap; file marks and what follows the set's data are not. */
static void check_id(set_walk *w, const mtf_block *b)
{
    bak_set *set = w->set;
    if (b->control_id != w->next_id && !set->id_at) {
        set->expected_id = w->next_id;
        set->found_id = b->control_id;
        set->id_at = b->at;
    }
    w->next_id = b->control_id + 1;
}

static status walk_block(set_walk *w, bool *done)
{
    mtf_block b;
    status st = block_at(w, &b);
    if (st == ST_FATAL) return st;
    if (st == ST_END) return break_off(w, w->at, "it ends between two blocks");
    if (st != ST_OK) return break_off(w, w->at, "a block header does not match its checksum");
    if (b.type == TAG_SSET && w->at != w->set->at)
        return break_off(w, w->at, "the next set begins before this one ends");
    if (b.type == TAG_SFMB) {
        if (b.first_stream > mtf_size(w->in) - w->at) return break_off(w, w->at, "it ends inside a file mark");
        w->at += b.first_stream;
        *done = w->ended;
        return ST_OK;
    }
    if (b.type == TAG_ESET)
        w->ended = true;
    else
        check_id(w, &b);
    if (b.type == TAG_SSET && read_sset(w, &b) == ST_FATAL) return ST_FATAL;
    return walk_streams(w, &b);
}

status bak_set_walk(const mtf_input *in, void *scratch, uint64_t at, arena *a, findings *f, bak_set *out)
{
    memset(out, 0, sizeof *out);
    out->at = at;
    set_walk w = {.in = in, .scratch = scratch, .mem = a, .found = f, .set = out, .at = at};
    mtf_block first;
    status st = mtf_block_at(in, scratch, at, &first, f);
    if (st == ST_FATAL) return st;
    if (st != ST_OK || first.type != TAG_SSET) return ST_END;
    bool done = false;
    while (st == ST_OK && !done) st = walk_block(&w, &done);
    out->end = w.at;
    out->closed = done;
    return st == ST_FATAL ? ST_FATAL : ST_OK;
}

/* It stands somewhere in the leading description: in MQCI or beside it (FORMAT.md, Encryption). */
status bak_set_find_page_key(const mtf_input *in, void *scratch, arena *a, findings *f, bak_set *set)
{
    enum { FRONT_BYTES_MAX = 1 << 20 };
    sealed_key k;
    if (!set->passes || !set->pass[0].streams || set->pass[0].data[0].at <= set->at) return ST_OK;
    uint64_t front = set->pass[0].data[0].at - set->at;
    size_t n = front < FRONT_BYTES_MAX ? (size_t)front : FRONT_BYTES_MAX;
    uint8_t *p = malloc(n);
    status st = p ? mtf_read(in, scratch, set->at, p, n, f) : ST_FATAL;
    if (!p) find_code(f, F_OUT_OF_MEMORY, "reading the structure of a backup");
    if (st == ST_OK && sealed_key_find(p, n, 0, &k)) {
        uint8_t *kept = arena_alloc(a, THUMBPRINT_BYTES + k.sealed_bytes);
        if (kept) {
            memcpy(kept, k.thumbprint, THUMBPRINT_BYTES);
            memcpy(kept + THUMBPRINT_BYTES, k.sealed, k.sealed_bytes);
            set->page_key = (sealed_key){kept, kept + THUMBPRINT_BYTES, k.sealed_bytes, 0};
        } else {
            find_code(f, F_OUT_OF_MEMORY, "reading the structure of a backup");
            st = ST_FATAL;
        }
    }
    free(p);
    return st == ST_FATAL ? ST_FATAL : ST_OK;
}

const bak_config *bak_set_config(const bak_set *s) { return s->has_finish ? &s->finish : &s->begin; }

char bak_set_type(const bak_set *s)
{
    if (s->has_begin) return s->begin.type;
    return s->has_finish ? s->finish.type : 0;
}
