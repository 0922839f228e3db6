#include "loaded/loads.h"
#include "base/platform.h"
#include "base/text_file.h"

enum { SHEET_BYTES_MAX = 64 << 20, FIELDS_MAX = 4096, PARTS_MAX = 100000 };

typedef struct reader {
    loads *out;
    arena *mem;
    bool failed; /* out of memory */
} reader;

static sv text(const json_t *o, const char *key)
{
    sv s = json_member_text(o, key);
    return s.p ? s : SV_LIT("");
}

static sv kept_text(reader *r, const json_t *o, const char *key)
{
    sv s = arena_sv(r->mem, text(o, key));
    if (!s.p) r->failed = true;
    return s;
}

static void *block(reader *r, size_t n, size_t size)
{
    void *p = arena_array(r->mem, n ? n : 1, size);
    if (!p) r->failed = true;
    return p;
}

static word_list words(reader *r, const json_t *o, const char *key)
{
    const json_t *list = json_object_get(o, key);
    size_t n = json_array_size(list);
    sv *all = block(r, n, sizeof *all);
    for (size_t i = 0; all && i < n; i++) {
        const json_t *x = json_array_get(list, i);
        all[i] = arena_sv(r->mem, json_is_string(x) ? (sv){json_string_value(x), json_string_length(x)} : SV_LIT(""));
    }
    return (word_list){all, all ? n : 0};
}

/* ---- what comes back, and how it is taken back ---- */

static void read_forms(reader *r, const json_t *sheet)
{
    const json_t *list = json_object_get(sheet, "forms");
    size_t n = json_array_size(list);
    result_form *all = block(r, n, sizeof *all);
    for (size_t i = 0; all && i < n; i++) {
        const json_t *o = json_array_get(list, i);
        all[i] = (result_form){.form = kept_text(r, o, "form"),
                               .id = words(r, o, "id"),
                               .error = words(r, o, "error"),
                               .state = words(r, o, "state"),
                               .created = words(r, o, "created"),
                               .updated = words(r, o, "updated"),
                               .row = words(r, o, "row"),
                               .named = kept_text(r, o, "named"),
                               .reason = kept_text(r, o, "reason")};
    }
    r->out->forms = (result_rules){.form = all, .forms = all ? n : 0};
}

static void read_undo(reader *r, const json_t *o)
{
    r->out->has_undo = json_is_object(o);
    r->out->undo = (undo_rules){.by_id = sv_eq(text(o, "by"), SV_LIT("id")),
                                .column = kept_text(r, o, "column"),
                                .empty = kept_text(r, o, "empty"),
                                .before = words(r, o, "before"),
                                .remove = kept_text(r, o, "delete"),
                                .remove_keyless = kept_text(r, o, "delete_keyless"),
                                .restore = kept_text(r, o, "restore"),
                                .after = words(r, o, "after"),
                                .keep = words(r, o, "keep")};
    json_int_t rows = json_integer_value(json_object_get(o, "rows"));
    r->out->undo.rows = rows > 0 ? (uint64_t)rows : 0;
}

/* ---- loads ---- */

static load_kind kind_of(sv type)
{
    static const struct {
        const char *type;
        load_kind kind;
    } known[] = {{"number", LOAD_NUMBER},  {"decimal", LOAD_NUMBER},      {"percent", LOAD_NUMBER},
                 {"currency", LOAD_MONEY}, {"date", LOAD_DATE},           {"datetime", LOAD_MOMENT},
                 {"bool", LOAD_TRUTH},     {"multipicklist", LOAD_WORDS}, {"lookup", LOAD_LINK}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (sv_eq(type, sv_from(known[i].type))) return known[i].kind;
    return LOAD_TEXT;
}

static void read_fields(reader *r, const json_t *o, bundle_load *l)
{
    const json_t *list = json_object_get(o, "fields");
    size_t n = json_array_size(list);
    l->field = block(r, n, sizeof *l->field);
    l->key = SIZE_MAX;
    for (size_t i = 0; l->field && i < n; i++) {
        const json_t *x = json_array_get(list, i);
        load_field *f = &l->field[i];
        *f = (load_field){.heading = kept_text(r, x, "heading"),
                          .name = kept_text(r, x, "name"),
                          .label = kept_text(r, x, "label"),
                          .form = kept_text(r, x, "form"),
                          .links_to = kept_text(r, x, "links_to"),
                          .entity = kept_text(r, x, "entity"),
                          .source = kept_text(r, x, "source"),
                          .is_key = json_is_true(json_object_get(x, "key"))};
        f->kind = f->links_to.n ? LOAD_LINK : kind_of(text(x, "type"));
        if (f->is_key && l->key == SIZE_MAX) l->key = i;
    }
    l->fields = l->field ? n : 0;
}

static sv stem_of(sv path, bool *csv)
{
    size_t from = path.n, end = path.n;
    while (from && path.p[from - 1] != '/') from--;
    while (end > from && path.p[end - 1] != '.') end--;
    *csv = sv_eq((sv){path.p + end, path.n - end}, SV_LIT("csv"));
    return (sv){path.p + from, end > from ? end - 1 - from : path.n - from};
}

static uint64_t number(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n > 0 ? (uint64_t)n : 0;
}

static const json_t *entry_of(const json_t *list, const char *key, sv wanted)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (sv_eq(text(json_array_get(list, i), key), wanted)) return json_array_get(list, i);
    return NULL;
}

/* Parts are those that the manifest knows: sizes and hashes stand there. */
static bool read_parts(reader *r, const json_t *o, bundle_load *l)
{
    const json_t *list = json_object_get(o, "parts"), *files = json_object_get(r->out->run.manifest, "files");
    size_t n = json_array_size(list);
    l->part = block(r, n, sizeof *l->part);
    for (size_t i = 0; l->part && i < n; i++) {
        const json_t *x = json_array_get(list, i), *entry = entry_of(files, "path", text(x, "path"));
        if (!entry) return finished_run_wrong(&r->out->run, text(x, "path"), "its manifest does not know the file");
        load_part *p = &l->part[l->parts++];
        p->path = kept_text(r, x, "path");
        p->rows = number(x, "rows");
        p->stem = stem_of(p->path, &p->csv);
        p->full = finished_run_file(&r->out->run, entry);
        if (!p->full.p) return false;
    }
    return true;
}

static void read_counts(reader *r, bundle_load *l)
{
    const json_t *counts = json_object_get(r->out->run.manifest, "counts");
    for (size_t i = 0; i < json_array_size(counts); i++) {
        const json_t *o = json_array_get(counts, i);
        if (!sv_eq(text(o, "level"), SV_LIT("object")) || !sv_eq(text(o, "name"), l->line)) continue;
        l->mapped = number(o, "mapped");
        l->merged = number(o, "merged");
        l->skipped = number(o, "skipped");
        l->rejected = number(o, "rejected");
        l->written = number(o, "written");
    }
}

static size_t object_of(loads *out, sv object)
{
    for (size_t i = 0; i < out->objects; i++)
        if (sv_eq(out->object[i], object)) return i;
    out->object[out->objects] = object;
    return out->objects++;
}

static bool read_load(reader *r, const json_t *o)
{
    loads *out = r->out;
    bundle_load *l = &out->load[out->loads++];
    *l = (bundle_load){.id = kept_text(r, o, "id"),
                       .line = kept_text(r, o, "line"),
                       .object = kept_text(r, o, "object"),
                       .table = kept_text(r, o, "table"),
                       .label = kept_text(r, o, "label"),
                       .plural = kept_text(r, o, "plural"),
                       .file = kept_text(r, o, "file"),
                       .update = json_is_true(json_object_get(o, "update")),
                       .keyless = json_is_true(json_object_get(o, "keyless"))};
    for (size_t i = 0; i < out->undo.keep.n; i++) l->kept |= sv_eq(out->undo.keep.word[i], l->id);
    l->of = object_of(out, l->object);
    read_fields(r, o, l);
    read_counts(r, l);
    if (l->key == SIZE_MAX) return finished_run_wrong(&out->run, l->file, "its loads.json names no key");
    return read_parts(r, o, l);
}

static bool read_loads(reader *r, const json_t *sheet)
{
    loads *out = r->out;
    const json_t *list = json_object_get(sheet, "files");
    size_t n = json_array_size(list);
    out->load = block(r, n, sizeof *out->load);
    out->object = block(r, n, sizeof *out->object);
    for (size_t i = 0; !r->failed && i < n; i++)
        if (!read_load(r, json_array_get(list, i))) return false;
    return !r->failed;
}

/* ---- the destination ---- */

/* The bundle's destinations that were loaded from files with keys. */
static const json_t *sheet_entry(reader *r, const char *to)
{
    const json_t *files = json_object_get(r->out->run.manifest, "files"), *found = NULL;
    const sv name = SV_LIT("/loads.json");
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *o = json_array_get(files, i);
        sv path = text(o, "path");
        if (path.n <= name.n || !sv_eq((sv){path.p + path.n - name.n, name.n}, name)) continue;
        if (to && !sv_eq((sv){path.p, path.n - name.n}, sv_from(to))) continue;
        if (found) {
            (void)finished_run_wrong(&r->out->run, (sv){NULL, 0},
                                     "it is for several destinations: say with --to which one is meant");
            return NULL;
        }
        found = o;
    }
    if (!found)
        (void)finished_run_wrong(&r->out->run, (sv){NULL, 0},
                                 to ? "it is for no destination of that name" : "it has no loads.json: convert again");
    return found;
}

static bool read_sheet(reader *r, const json_t *entry)
{
    loads *out = r->out;
    sv path = finished_run_file(&out->run, entry), all = {NULL, 0};
    const char *why = "";
    json_error_t error;
    if (!path.p) return false;
    if (!text_file_read(path.p, SHEET_BYTES_MAX, r->mem, &all, &why))
        return finished_run_wrong(&out->run, text(entry, "path"), why);
    json_t *sheet = json_loadb(all.p, all.n, JSON_REJECT_DUPLICATES, &error);
    bool ok = json_integer_value(json_object_get(sheet, "loads")) == 1;
    if (!ok) (void)finished_run_wrong(&out->run, text(entry, "path"), "it is not one of chartferry's");
    if (ok) {
        out->id = kept_text(r, sheet, "id");
        out->title = kept_text(r, sheet, "title");
        out->yes = kept_text(r, sheet, "yes");
        out->no = kept_text(r, sheet, "no");
        sv delimiter = text(sheet, "delimiter");
        out->delimiter = delimiter.n == 1 ? *delimiter.p : ',';
        out->utc = json_is_true(json_object_get(sheet, "utc"));
        read_forms(r, sheet);
        out->extra_column = kept_text(r, sheet, "extra_column");
        read_undo(r, json_object_get(sheet, "undo"));
        ok = read_loads(r, sheet);
    }
    json_decref(sheet);
    return ok;
}

bool loads_open(const char *bundle, const char *to, arena *mem, findings *f, loads *out)
{
    *out = (loads){0};
    reader r = {.out = out, .mem = mem};
    bool ok = finished_run_open(bundle, mem, f, &out->run);
    const json_t *entry = ok ? sheet_entry(&r, to) : NULL;
    ok = entry && read_sheet(&r, entry);
    if (r.failed) find_code(f, F_OUT_OF_MEMORY, "reading a bundle");
    return ok && !r.failed;
}

void loads_close(loads *l) { finished_run_close(&l->run); }
