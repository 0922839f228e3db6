#include "registry/registry.h"
#include "bak/bak_foreign.h"
#include "bak/bak_source.h"
#include "csv/csv_source.h"
#include "mdf/mdf_source.h"
#include "registry/joined.h"
#include "snapshot/snapshot.h"
#include "xlsx/sheet_source.h"
#ifdef CHARTFERRY_TDS
#include "tds/tds_source.h"
#endif
#include <stdlib.h>

static const row_source_ops *const readers[] = {
    &bak_ops, &mdf_ops, &snapshot_ops, &csv_ops, &xlsx_ops,
#ifdef CHARTFERRY_TDS
    &tds_ops,
#endif
};

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

/* Who reads the file; NULL: nobody. */
static status reader_of(byte_source *file, findings *f, const row_source_ops **out, probe *p,
                        uint8_t first[PROBE_BYTES])
{
    *out = NULL;
    *p = (probe){first, 0, byte_source_size(file), byte_source_path(file)};
    status st = byte_source_read(file, 0, first, PROBE_BYTES, &p->n, f);
    if (st != ST_OK) return st;
    *out = best_bidder(p);
    sv what, advice;
    /* Many a text file is no table: scripts, pages, reports. Only a table's ending is proof enough. */
    if (*out == &csv_ops && !csv_ending(p->path) && bak_name_foreign(p, &what, &advice) &&
        !sv_eq(what, SV_LIT("a plain text file")))
        *out = NULL;
    return ST_OK;
}

/* Text files and workbooks side by side. Both parts say what is wrong with them; one is enough. */
static status open_both(const open_args *a, byte_source **text, size_t texts, byte_source **book, size_t books,
                        findings *f, row_source **out)
{
    open_args of_text = *a, of_book = *a;
    row_source *first = NULL, *second = NULL;
    of_text.file = text;
    of_text.files = texts;
    of_book.file = book;
    of_book.files = books;
    status one = csv_ops.open(&of_text, f, &first), two = xlsx_ops.open(&of_book, f, &second);
    if (one == ST_OK && two == ST_OK) {
        *out = joined_source(first, second, f);
        return *out ? ST_OK : ST_FATAL;
    }
    row_source *bad = one == ST_OK ? second : first;
    *out = one == ST_OK ? first : second;
    if (bad) bad->ops->close(bad);
    return one == ST_OK || two == ST_OK ? ST_OK : ST_FATAL;
}

/* True when the files are text files and workbooks, some of each: then they are opened, with *st. */
static bool open_mixed(const open_args *a, findings *f, row_source **out, status *st)
{
    byte_source **list = calloc(a->files * 2, sizeof(byte_source *));
    byte_source **text = list, **book = list ? list + a->files : NULL;
    size_t texts = 0, books = 0;
    bool mixed = list != NULL;
    for (size_t i = 0; mixed && i < a->files; i++) {
        uint8_t first[PROBE_BYTES];
        probe p;
        const row_source_ops *reader;
        *st = reader_of(a->file[i], f, &reader, &p, first);
        mixed = *st == ST_OK && (reader == &csv_ops || reader == &xlsx_ops);
        if (mixed && reader == &csv_ops) text[texts++] = a->file[i];
        if (mixed && reader == &xlsx_ops) book[books++] = a->file[i];
    }
    mixed = mixed && texts && books;
    if (mixed) *st = open_both(a, text, texts, book, books, f, out);
    free(list);
    return mixed;
}

status source_open(const open_args *a, findings *f, row_source **out)
{
    uint8_t first[PROBE_BYTES];
    probe p;
    const row_source_ops *reader;
    *out = NULL;
    status st = reader_of(a->file[0], f, &reader, &p, first);
    if (st != ST_OK) return st;
    bool text = reader == &csv_ops || reader == &xlsx_ops;
    if (text && a->files > 1 && open_mixed(a, f, out, &st)) return st;
    if (reader) return reader->open(a, f, out);
    say_what_it_is(&p, f);
    return ST_FATAL;
}
