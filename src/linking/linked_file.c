#include "linking/linked_file.h"
#include "csv/csv_writer.h"
#include "deliver/bundle_file.h"
#include "deliver/bundle_read.h"
#include <stdlib.h>

enum { ROW_BYTES_MAX = 64 << 20, COLUMNS_MAX = 256, DAY = 10 /* characters */ };
enum { AT_KEY, AT_TITLE, AT_NAME, AT_DATA, AT_RECORD, AT_HASH, AT_CATEGORY, AT_EXAM, PLACES };
/* Fields of ContentVersion; the key is the first column, whatever it is called. From the hash on a list may lack them. */
static const char *const field_name[PLACES] = {
    "", "Title", "PathOnClient", "VersionData", "FirstPublishLocationId", "SHA256__c", "Category__c", "Exam_Key__c"};

struct linked_writer {
    linked_list *l;
    bundle_file *out, *rejects;
    size_t at[PLACES], columns;
    bool head_read, failed;
    const char *wrong;
    buf row, text;
};

linked_writer *linked_list_begin(linked_list *l)
{
    linked_writer *w = calloc(1, sizeof *w);
    if (!w) {
        find_code(l->found, F_OUT_OF_MEMORY, "linking files");
        return NULL;
    }
    w->l = l;
    w->row = w->text = buf_new(ROW_BYTES_MAX);
    return w;
}

void linked_list_abandon(linked_writer *w)
{
    if (!w) return;
    bundle_file_abandon(w->out);
    bundle_file_abandon(w->rejects);
    buf_free(&w->row);
    buf_free(&w->text);
    free(w);
}

static bool put(linked_writer *w, bundle_file **to, sv path)
{
    if (!*to) *to = bundle_file_new(w->l->folder, path, w->l->found);
    if (!*to || w->row.failed) return !(w->failed = true);
    bundle_file_text(*to, buf_view(&w->row));
    return true;
}

static void cells(linked_writer *w, const sv *cell, size_t n)
{
    buf_clear(&w->row);
    for (size_t i = 0; i < n; i++) {
        if (i) csv_comma(&w->row);
        if (cell[i].n) csv_field(&w->row, cell[i]);
    }
}

/* The same in every part. */
static bool take_head(linked_writer *w, const sv *cell, size_t n)
{
    bool first = !w->out;
    w->head_read = true;
    for (size_t p = 1; p < PLACES; p++) {
        w->at[p] = SIZE_MAX;
        for (size_t i = 0; i < n; i++)
            if (sv_eq(cell[i], sv_from(field_name[p]))) w->at[p] = i;
        if (w->at[p] == SIZE_MAX && p < AT_HASH)
            w->wrong = "its list of files lacks one of Title, PathOnClient, VersionData, FirstPublishLocationId";
    }
    if (n > COLUMNS_MAX || (!first && n != w->columns)) w->wrong = "its list of files has other columns than expected";
    if (w->wrong || !first) return !w->wrong;
    w->columns = n;
    cells(w, cell, n);
    if (!put(w, &w->out, w->l->path)) return false;
    w->l->heading = arena_sv(w->l->mem, (sv){w->row.p, w->row.n});
    csv_end_row(&w->row);
    bundle_file_text(w->out, SV_LIT("\r\n"));
    return w->l->heading.p != NULL || !(w->failed = true);
}

static bool reject(linked_writer *w, const sv *cell, size_t n, const char *code, const char *reason)
{
    w->l->unlinked++;
    if (!w->rejects) {
        buf_clear(&w->row);
        buf_sv(&w->row, w->l->heading);
        buf_str(&w->row, ",code,reason\r\n");
        if (!put(w, &w->rejects, w->l->rejects)) return false;
    }
    cells(w, cell, n);
    csv_comma(&w->row);
    buf_str(&w->row, code);
    csv_comma(&w->row);
    csv_field(&w->row, sv_from(reason));
    csv_end_row(&w->row);
    return put(w, &w->rejects, w->l->rejects);
}

static bool reject_and_tell(linked_writer *w, const sv *cell, size_t n, finding_code code, const char *reason)
{
    finding x = FINDING_OF(code);
    x.path = w->l->path;
    find_add(w->l->found, &x);
    return reject(w, cell, n, finding_text_of(code)->id, reason);
}

/* "Letter 4 (PDF)" of what was made of a document; the path behind the base. */
static bool linked(linked_writer *w, const sv *cell, size_t n, const file_place *p, sv id)
{
    sv changed[COLUMNS_MAX];
    memcpy(changed, cell, n * sizeof *cell);
    buf_clear(&w->text);
    buf_sv(&w->text, cell[w->at[AT_TITLE]]);
    if (p->made && !p->drawn) buf_str(&w->text, " (PDF)");
    size_t title = w->text.n;
    buf_printf(&w->text, "%s%s%.*s", w->l->base, *w->l->base ? "/" : "", (int)p->path.n, p->path.p);
    if (w->text.failed) return !(w->failed = true);
    changed[w->at[AT_TITLE]] = (sv){w->text.p, title};
    changed[w->at[AT_DATA]] = (sv){w->text.p + title, w->text.n - title};
    changed[w->at[AT_NAME]] = p->name;
    changed[w->at[AT_RECORD]] = id;
    if (w->at[AT_HASH] != SIZE_MAX) changed[w->at[AT_HASH]] = p->sha256;
    cells(w, changed, n);
    csv_end_row(&w->row);
    w->l->linked++;
    return put(w, &w->out, w->l->path);
}

static bool link_or_reject(linked_writer *w, const sv *cell, size_t n, const file_place *p, sv id)
{
    if (p->by_hand) return reject_and_tell(w, cell, n, F_DEL_LINK_BY_HAND, "larger than a loader takes");
    if (!id.p) return reject_and_tell(w, cell, n, F_DEL_LINK_NO_ID, "no id for its record");
    return linked(w, cell, n, p, id);
}

static bool take_row(linked_writer *w, const sv *cell, size_t n)
{
    size_t places = 0;
    const file_place *p = file_places_of(w->l->places, cell[0], &places);
    sv id = key_map_id(w->l->keys, cell[w->at[AT_RECORD]]);
    w->l->files += places ? places : 1;
    if (!places) return reject_and_tell(w, cell, n, F_DEL_LINK_NO_FILE, "the bundle has no file of it");
    for (size_t i = 0; i < places && !w->failed; i++) (void)link_or_reject(w, cell, n, &p[i], id);
    return !w->failed;
}

static bool take(void *ctx, const sv *cell, size_t n)
{
    linked_writer *w = ctx;
    if (!w->head_read) return take_head(w, cell, n);
    if (n != w->columns) {
        w->wrong = "a row has not as many cells as its heading";
        return false;
    }
    return take_row(w, cell, n);
}

bool linked_list_add(linked_writer *w, const char *from)
{
    const char *why = "";
    bool ended = false;
    const bundle_reader b = {.delimiter = ',', .take = take, .ctx = w};
    w->head_read = false;
    if (bundle_read(&b, from, &ended, &why) && !ended) return true;
    if (w->failed) return false;
    return find_at(w->l->found, F_DEL_LINK_BUNDLE, sv_from(from), sv_from(w->wrong ? w->wrong : why));
}

/* "Periodontal chart 2024-05-31", in the columns that the documents have. A moment of its own it has none: the exam has it. */
static bool take_chart(linked_writer *w, const file_place *p)
{
    sv cell[COLUMNS_MAX] = {{NULL, 0}};
    sv day = {p->captured.p, p->captured.n < DAY ? p->captured.n : DAY};
    sv title = arena_printf(w->l->mem, "%.*s %.*s", (int)p->category.n, p->category.p, (int)day.n, day.p);
    if (!title.p) return !(w->failed = true);
    cell[AT_KEY] = p->document;
    cell[w->at[AT_TITLE]] = title;
    cell[w->at[AT_RECORD]] = p->patient;
    if (w->at[AT_CATEGORY] != SIZE_MAX) cell[w->at[AT_CATEGORY]] = p->category;
    if (w->at[AT_EXAM] != SIZE_MAX) cell[w->at[AT_EXAM]] = p->document;
    w->l->files++;
    return link_or_reject(w, cell, w->columns, p, key_map_id(w->l->keys, p->patient));
}

bool linked_list_add_charts(linked_writer *w)
{
    for (size_t i = 0; i < w->l->places->n && !w->failed; i++)
        if (w->l->places->item[i].drawn) (void)take_chart(w, &w->l->places->item[i]);
    return !w->failed;
}

bool linked_list_end(linked_writer *w)
{
    bool ok = !w->failed && w->out;
    if (ok) ok = bundle_file_close(w->out, &w->l->digest);
    if (ok) w->out = NULL;
    if (ok && w->rejects) {
        ok = bundle_file_close(w->rejects, &w->l->rejects_digest);
        w->rejects = NULL;
    }
    linked_list_abandon(w);
    return ok;
}
