#include "registry/registry.h"
#include "bak/bak_foreign.h"
#include "bak/bak_source.h"
#include "csv/csv_source.h"
#include "mdf/mdf_source.h"

static const row_source_ops *const readers[] = {&bak_ops, &mdf_ops, &csv_ops};

static const row_source_ops *best_bidder(const probe *p)
{
    const row_source_ops *best = NULL;
    int highest = 0;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        int bid = readers[i]->bid(p);
        if (bid > highest) {
            highest = bid;
            best = readers[i];
        }
    }
    return best;
}

static void say_what_it_is(const probe *p, findings *f)
{
    finding x = FINDING_OF(F_NOT_A_SOURCE);
    x.path = p->path;
    if (!bak_name_foreign(p, &x.a, &x.b)) {
        x.a = p->size ? SV_LIT("neither a SQL Server backup nor a data file, and of no kind that is known here")
                      : SV_LIT("empty: it has no bytes at all");
        x.b =
            SV_LIT("Look for the file that the backup job of the practice system writes (.bak), or for the database's "
                   "data file (.mdf), or for a folder of CSV files. A copy that was cut off or a download that failed "
                   "can look like this too.");
    }
    find_add(f, &x);
}

status source_open(const open_args *a, findings *f, row_source **out)
{
    uint8_t first[PROBE_BYTES];
    *out = NULL;
    probe p = {first, 0, byte_source_size(a->file[0]), byte_source_path(a->file[0])};
    status st = byte_source_read(a->file[0], 0, first, sizeof first, &p.n, f);
    if (st != ST_OK) return st;
    const row_source_ops *reader = best_bidder(&p);
    sv what, advice;
    /* Many a text file is no table: scripts, pages, reports. Only a table's ending is proof enough. */
    if (reader == &csv_ops && !csv_ending(p.path) && bak_name_foreign(&p, &what, &advice) &&
        !sv_eq(what, SV_LIT("a plain text file")))
        reader = NULL;
    if (reader) return reader->open(a, f, out);
    say_what_it_is(&p, f);
    return ST_FATAL;
}
