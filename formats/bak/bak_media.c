#include "bak/bak_media.h"
#include <stdio.h>
#include <stdlib.h>

enum { SETS_MAX = 10000, SOFTWARE_2005 = 9, VERSION_2000 = 539 };

static void report(const bak_media *m, findings *f, finding_code code, uint64_t at, sv what)
{
    finding x = FINDING_OF(code);
    x.path = m->path;
    x.offset = at;
    x.a = what;
    find_add(f, &x);
}

static status refuse(const bak_media *m, findings *f, finding_code code, const char *what)
{
    report(m, f, code, UINT64_MAX, sv_from(what));
    return ST_FATAL;
}

static status read_raid(bak_media *m, void *scratch, const mtf_stream *s, findings *f)
{
    uint8_t p[RAID_BYTES];
    if (s->length < sizeof p) return ST_OK;
    status st = mtf_read(&m->in, scratch, s->data, p, sizeof p, f);
    if (st != ST_OK) return st;
    memcpy(m->guid, p + RAID_GUID, 16);
    m->families = le16(p + RAID_FAMILIES);
    m->mirrors = le16(p + RAID_MIRRORS);
    m->family = le16(p + RAID_FAMILY);
    return ST_OK;
}

static status read_tape(bak_media *m, void *scratch, const mtf_block *b, arena *a, findings *f)
{
    if (b->first_stream < TAPE_BYTES) return refuse(m, f, F_BAK_NO_SET, "its first block is too short");
    uint8_t *p = malloc(b->first_stream);
    if (!p) return refuse(m, f, F_OUT_OF_MEMORY, "opening a backup");
    status st = mtf_read(&m->in, scratch, 0, p, b->first_stream, f);
    if (st == ST_OK) {
        m->block_bytes = le16(p + TAPE_SOFT_BLOCK) * (uint32_t)MTF_SECTOR_BYTES;
        sv software = mtf_text(a, p, b->first_stream, TAPE_SOFTWARE, b->string_type == 2);
        if (!sv_starts(software, SV_LIT("Microsoft SQL Server"))) {
            report(m, f, F_BAK_OTHER_PRODUCT, UINT64_MAX,
                   software.n ? software : SV_LIT("a program that does not name itself"));
            st = ST_FATAL;
        }
    } else if (st != ST_FATAL)
        st = refuse(m, f, F_BAK_NO_SET, "it ends inside its first block");
    free(p);
    return st;
}

/* TAPE and the file mark behind it; *at: where the first set begins. */
static status walk_head(bak_media *m, void *scratch, arena *a, findings *f, uint64_t *at)
{
    mtf_block b;
    status st = mtf_block_at(&m->in, scratch, 0, &b, f);
    if (st == ST_FATAL) return st;
    if (st != ST_OK || b.type != TAG_TAPE) return refuse(m, f, F_BAK_NO_SET, "its first block is damaged");
    st = read_tape(m, scratch, &b, a, f);
    if (st != ST_OK) return st;
    mtf_stream s = {.next = b.first_stream};
    do {
        st = mtf_stream_at(&m->in, scratch, s.next, &s, f);
        if (st == ST_FATAL) return st;
        if (st != ST_OK) return refuse(m, f, F_BAK_NO_SET, "a stream of its first block is damaged");
        if (s.id == TAG_RAID && read_raid(m, scratch, &s, f) == ST_FATAL) return ST_FATAL;
    } while (s.id != TAG_SPAD && s.next < mtf_size(&m->in));
    *at = s.next;
    st = mtf_block_at(&m->in, scratch, *at, &b, f);
    if (st == ST_FATAL) return st;
    if (st == ST_OK && b.type == TAG_SFMB) *at += b.first_stream;
    return ST_OK;
}

static status walk_sets(bak_media *m, void *scratch, uint64_t at, arena *a, findings *f)
{
    size_t room = 0;
    for (;;) {
        bak_set s;
        status st = bak_set_walk(&m->in, scratch, at, a, f, &s);
        if (st == ST_END) break;
        if (st == ST_OK) st = bak_set_find_page_key(&m->in, scratch, a, f, &s);
        if (st != ST_OK) return st;
        if (m->sets == SETS_MAX) return refuse(m, f, F_BAK_TOO_MUCH, "there are more than ten thousand backup sets");
        if (m->sets == room) {
            room = room ? room * 2 : 4;
            bak_set *grown = arena_array(a, room, sizeof *grown);
            if (!grown) return refuse(m, f, F_OUT_OF_MEMORY, "listing backup sets");
            if (m->sets) memcpy(grown, m->set, m->sets * sizeof *grown);
            m->set = grown;
        }
        m->set[m->sets++] = s;
        at = s.end;
        if (s.broken && s.end == s.at) break;
    }
    if (m->sets == 0) return refuse(m, f, F_BAK_NO_SET, "no backup set follows its first block");
    uint64_t end = m->in.box ? mssqlbak_end(m->in.box) : at, size = byte_source_size(m->in.file);
    if (!m->set[m->sets - 1].broken && end < size) {
        m->unknown_at = end;
        m->unknown_bytes = size - end;
    }
    return ST_OK;
}

static status refuse_old(const bak_media *m, findings *f)
{
    for (size_t i = 0; i < m->sets; i++) {
        const bak_set *s = &m->set[i];
        unsigned version = s->begin.version;
        if ((s->software && s->software < SOFTWARE_2005) || (version && version <= VERSION_2000))
            return refuse(m, f, F_BAK_OLD_SERVER,
                          s->software == 8 || version == VERSION_2000 ? "SQL Server 2000" : "SQL Server 7.0 or older");
    }
    return ST_OK;
}

status bak_media_open(byte_source *file, const key_ring *keys, void *scratch, arena *a, findings *f, bak_media *m)
{
    memset(m, 0, sizeof *m);
    m->in.file = file;
    m->path = byte_source_path(file);
    m->families = m->family = 1;
    uint8_t magic[BOX_MAGIC_BYTES];
    size_t got;
    uint64_t at;
    status st = byte_source_read(file, 0, magic, sizeof magic, &got, f);
    if (st == ST_OK && mssqlbak_is(magic, got)) st = mssqlbak_open(file, keys, f, &m->in.box);
    if (st == ST_OK) st = walk_head(m, scratch, a, f, &at);
    if (st == ST_OK) st = walk_sets(m, scratch, at, a, f);
    return st == ST_OK ? refuse_old(m, f) : ST_FATAL;
}

void bak_media_close(bak_media *m)
{
    mssqlbak_close(m->in.box);
    m->in.box = NULL;
}

void bak_set_report(const bak_media *m, const bak_set *s, findings *f)
{
    if (s->broken && s->broken_at + MTF_HEADER_BYTES > mtf_size(&m->in))
        report(m, f, F_BAK_TRUNCATED, byte_source_size(m->in.file), sv_from(s->broken));
    else if (s->broken)
        report(m, f, F_BAK_HEADER_DAMAGED, s->broken_at, sv_from(s->broken));
    else if (!s->has_finish)
        report(m, f, F_BAK_NO_TRAILER, UINT64_MAX, SV_LIT("the set is closed without it"));
    if (!s->id_at) return;
    char found[24], expected[24];
    finding x = FINDING_OF(F_BAK_BLOCK_LOST);
    x.path = m->path;
    x.offset = s->id_at;
    x.a = (sv){found, (size_t)snprintf(found, sizeof found, "%u", (unsigned)s->found_id)};
    x.b = (sv){expected, (size_t)snprintf(expected, sizeof expected, "%u", (unsigned)s->expected_id)};
    find_add(f, &x);
}
