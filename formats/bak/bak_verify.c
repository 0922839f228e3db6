/* Checks of the container that no page read makes: checksums of streams, of compressed pieces never unpacked, bytes
 * that belong to nothing. */
#include "bak/bak_files.h"
#include "bak/bak_part.h"
#include "bak/bak_sum.h"
#include "base/platform.h"
#include <stdio.h>
#include <stdlib.h>

/* ---- two threads over one job ---- */

typedef status (*share_fn)(void *job, unsigned share, unsigned shares, uint8_t *extent, void *scratch, findings *f);

typedef struct share {
    share_fn run;
    void *job;
    findings *found;
    unsigned number, of;
    status result;
} share;

static void run_share(void *arg)
{
    share *s = arg;
    uint8_t *extent = malloc(EXTENT_BYTES);
    void *scratch = malloc(mssqlbak_scratch_bytes());
    if (extent && scratch) {
        mssqlbak_scratch_start(scratch);
        s->result = s->run(s->job, s->number, s->of, extent, scratch, s->found);
    } else {
        find_code(s->found, F_OUT_OF_MEMORY, "checking a backup");
        s->result = ST_FATAL;
    }
    free(extent);
    free(scratch);
}

static status run_shares(share_fn run, void *job, findings *f)
{
    unsigned of = os_cpus() > 1 ? 2 : 1;
    share s[2] = {{run, job, f, 0, of, ST_OK}, {run, job, f, 1, of, ST_OK}};
    thread *other = of > 1 ? thread_start(run_share, &s[1]) : NULL;
    run_share(&s[0]);
    if (other)
        thread_join(other);
    else if (of > 1)
        run_share(&s[1]);
    return s[0].result == ST_FATAL || s[1].result == ST_FATAL ? ST_FATAL : ST_OK;
}

/* ---- streams with a checksum ---- */

typedef struct sum_job {
    bak_part part;
    bak_data *data;
    atomic_bool incomplete; /* something could not be read: that was reported, the sum says nothing */
} sum_job;

static status sum_rest(void *job, unsigned number, unsigned of, uint8_t *extent, void *scratch, findings *f)
{
    sum_job *j = job;
    uint64_t n = j->data->extents, last = number + 1 == of ? n : n / of * (number + 1);
    for (uint64_t i = n / of * number; i < last; i++) {
        bak_spot spot = {&j->part, j->data, i};
        unsigned pages;
        if (bak_spot_is_summed(&spot)) continue;
        status st = bak_spot_read(&spot, scratch, extent, &pages, f);
        if (st == ST_FATAL) return st;
        if (st == ST_OK && pages == EXTENT_PAGES) continue;
        atomic_store(&j->incomplete, true);
        if (st == ST_END) break;
    }
    return ST_OK;
}

static void sum_finding(const bak_media *m, const char *what, uint64_t at, uint32_t stored, uint32_t computed,
                        findings *f)
{
    char b[64];
    int n = snprintf(b, sizeof b, "stored %08X, computed %08X", (unsigned)stored, (unsigned)computed);
    finding x = FINDING_OF(F_BAK_CSUM);
    x.path = m->path;
    x.offset = at;
    x.a = sv_from(what);
    x.b = (sv){b, n > 0 ? (size_t)n : 0};
    find_add(f, &x);
}

static status check_data(const bak_media *m, bak_data *d, findings *f)
{
    if (!d->seen) return ST_OK;
    sum_job job = {.part = {m, NULL, NULL}, .data = d};
    status st = run_shares(sum_rest, &job, f);
    uint32_t sum = (uint32_t)atomic_load(&d->so_far);
    if (st == ST_OK && !atomic_load(&job.incomplete) && sum != d->sum)
        sum_finding(m, "data stream", d->at, d->sum, sum, f);
    return st;
}

static status check_log(const bak_media *m, const bak_log *l, uint8_t *extent, void *scratch, findings *f)
{
    uint32_t sum = 0;
    if (!l->summed || l->stored % EXTENT_BYTES) return ST_OK;
    for (uint64_t at = 0; at < l->stored; at += EXTENT_BYTES) {
        status st = mtf_read(&m->in, scratch, l->at + at, extent, EXTENT_BYTES, f);
        if (st != ST_OK) return st == ST_FATAL ? ST_FATAL : ST_OK;
        sum ^= bak_sum_sectors(extent, EXTENT_BYTES);
    }
    if (sum != l->sum) sum_finding(m, "log stream", l->at, l->sum, sum, f);
    return ST_OK;
}

static status check_logs(const bak_media *m, const bak_set *s, findings *f)
{
    uint8_t *extent = malloc(EXTENT_BYTES);
    void *scratch = malloc(mssqlbak_scratch_bytes());
    status st = extent && scratch ? ST_OK : ST_FATAL;
    if (st == ST_OK)
        mssqlbak_scratch_start(scratch);
    else
        find_code(f, F_OUT_OF_MEMORY, "checking a backup");
    for (size_t i = 0; i < s->logs && st == ST_OK; i++) st = check_log(m, &s->log[i], extent, scratch, f);
    free(extent);
    free(scratch);
    return st;
}

static status check_entry(const bak_entry *e, findings *f)
{
    for (unsigned i = 0; e && i < e->families; i++) {
        const bak_set *s = e->part_set[i];
        if (!s) continue;
        for (size_t p = 0; p < s->passes; p++)
            for (size_t d = 0; d < s->pass[p].streams; d++)
                if (check_data(e->part_media[i], &s->pass[p].data[d], f) == ST_FATAL) return ST_FATAL;
        if (check_logs(e->part_media[i], s, f) == ST_FATAL) return ST_FATAL;
    }
    return ST_OK;
}

/* ---- the rest ---- */

static status check_pieces(void *job, unsigned number, unsigned of, uint8_t *extent, void *scratch, findings *f)
{
    (void)extent;
    return mssqlbak_verify(job, scratch, number, of, f);
}

static void check_unknown(const bak_media *m, findings *f)
{
    if (!m->unknown_bytes) return;
    char text[24];
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)m->unknown_bytes);
    finding x = FINDING_OF(F_BAK_UNKNOWN_BYTES);
    x.path = m->path;
    x.offset = m->unknown_at;
    x.a = (sv){text, n > 0 ? (size_t)n : 0};
    find_add(f, &x);
}

status bak_verify(const bak_files *b, findings *f)
{
    status st = check_entry(b->choice.full, f);
    if (st == ST_OK) st = check_entry(b->choice.diff, f);
    for (size_t i = 0; i < b->choice.logs && st == ST_OK; i++) st = check_entry(b->choice.log[i], f);
    for (size_t i = 0; i < b->medias && st == ST_OK; i++) {
        if (b->media[i].in.box) st = run_shares(check_pieces, b->media[i].in.box, f);
        check_unknown(&b->media[i], f);
    }
    return st;
}
