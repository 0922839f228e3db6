#include "linking/file_places.h"
#include "base/platform.h"
#include "deliver/bundle_read.h"
#include <stdlib.h>

enum { PLACES_MAX = 50000000 };
enum {
    AT_DOCUMENT,
    AT_NAME,
    AT_PATH,
    AT_BY_HAND,
    AT_HASH,
    AT_PATIENT,
    AT_EXAM,
    AT_CATEGORY,
    AT_CAPTURED,
    AT_MADE_OF,
    COLUMNS
};
static const char *const column_name[COLUMNS] = {"document", "name", "unpacked", "by_hand",  "sha256",
                                                 "patient",  "exam", "category", "captured", "pdf_of"};

typedef struct places_reader {
    arena *mem;
    file_place *item;
    size_t n, room;
    size_t at[COLUMNS];
    bool made, head_read, failed;
    const char *wrong;
} places_reader;

static bool take_head(places_reader *r, const sv *cell, size_t n)
{
    r->head_read = true;
    for (size_t c = 0; c < COLUMNS; c++) {
        r->at[c] = SIZE_MAX;
        for (size_t i = 0; i < n; i++)
            if (sv_eq(cell[i], sv_from(column_name[c]))) r->at[c] = i;
        if (r->at[c] == SIZE_MAX && (c != AT_MADE_OF || r->made))
            r->wrong = "it lacks a column that a list of files has";
    }
    return !r->wrong;
}

static bool add(places_reader *r, const file_place *p)
{
    if (r->n == r->room) {
        size_t room = r->room ? 2 * r->room : 1024;
        file_place *item = room <= PLACES_MAX ? realloc(r->item, room * sizeof *item) : NULL;
        if (!item) return false;
        r->item = item;
        r->room = room;
    }
    r->item[r->n++] = *p;
    return p->document.p && p->name.p && p->path.p && p->sha256.p;
}

/* An empty cell is a text without letters, not NULL, which is none. */
static sv kept(const places_reader *r, const sv *cell, int at)
{
    static const sv none = {"", 0};
    return arena_sv(r->mem, cell[r->at[at]].p ? cell[r->at[at]] : none);
}

static bool take(void *ctx, const sv *cell, size_t n)
{
    places_reader *r = ctx;
    if (!r->head_read) return take_head(r, cell, n);
    for (size_t c = 0; c < COLUMNS; c++)
        if (r->at[c] != SIZE_MAX && r->at[c] >= n) {
            r->wrong = "a row is shorter than its heading";
            return false;
        }
    sv of = cell[r->at[r->made ? AT_MADE_OF : AT_DOCUMENT]];
    bool drawn = r->made && !of.n && cell[r->at[AT_PATIENT]].n && sv_eq(cell[r->at[AT_DOCUMENT]], cell[r->at[AT_EXAM]]);
    if (drawn) of = cell[r->at[AT_EXAM]];
    /* A letter template is no document of a patient. */
    if (!of.n) return true;
    file_place p = {.document = arena_sv(r->mem, of),
                    .name = kept(r, cell, AT_NAME),
                    .path = kept(r, cell, AT_PATH),
                    .sha256 = kept(r, cell, AT_HASH),
                    .by_hand = cell[r->at[AT_BY_HAND]].n > 0,
                    .made = r->made,
                    .drawn = drawn};
    if (drawn) {
        p.patient = kept(r, cell, AT_PATIENT);
        p.category = kept(r, cell, AT_CATEGORY);
        p.captured = kept(r, cell, AT_CAPTURED);
        r->failed = !p.patient.p || !p.category.p || !p.captured.p;
        if (r->failed) return false;
    }
    r->failed = !add(r, &p);
    return !r->failed;
}

static bool read_list(places_reader *r, const char *folder, const char *name, findings *f)
{
    const char *why = "";
    bool ended = false;
    const bundle_reader b = {.delimiter = ',', .take = take, .ctx = r};
    sv path = arena_printf(r->mem, "%s/%s", folder, name);
    r->head_read = false;
    if (path.p && !os_exists(path.p)) return true;
    if (path.p && bundle_read(&b, path.p, &ended, &why) && !ended) return true;
    if (r->failed || !path.p) {
        find_code(f, F_OUT_OF_MEMORY, "reading the lists of files");
        return false;
    }
    return find_at(f, F_DEL_LINK_BUNDLE, path, sv_from(r->wrong ? r->wrong : why));
}

static int by_document(const void *a_, const void *b_)
{
    const file_place *a = a_, *b = b_;
    int c = sv_cmp(a->document, b->document);
    return c ? c : a->made != b->made ? a->made - b->made : sv_cmp(a->path, b->path);
}

bool file_places_read(const char *folder, arena *mem, file_places *out, findings *f)
{
    places_reader r = {.mem = mem};
    bool ok = read_list(&r, folder, "Files.csv", f);
    r.made = true;
    ok = ok && read_list(&r, folder, "Files_made.csv", f);
    if (ok && r.n) qsort(r.item, r.n, sizeof *r.item, by_document);
    out->item = ok ? arena_array(mem, r.n ? r.n : 1, sizeof *out->item) : NULL;
    out->n = r.n;
    if (ok && !out->item) find_code(f, F_OUT_OF_MEMORY, "reading the lists of files");
    ok = out->item != NULL;
    if (ok && r.n) memcpy(out->item, r.item, r.n * sizeof *r.item);
    free(r.item);
    return ok;
}

const file_place *file_places_of(const file_places *p, sv document, size_t *n)
{
    size_t low = 0, high = p->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(p->item[middle].document, document) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *n = 0;
    while (low + *n < p->n && sv_eq(p->item[low + *n].document, document)) ++*n;
    return *n ? &p->item[low] : NULL;
}
