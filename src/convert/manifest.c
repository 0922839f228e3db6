#include "convert/manifest.h"
#include "base/platform.h"
#include "base/utf.h"
#include "convert/tree.h"
#include "deliver/promise.h"
#include <jansson.h>
#include <stdlib.h>

static const char exceptions_path[] = "exceptions.csv";

/* ---- the files as they are ---- */

/* What writers said of their files, by path. */
typedef struct said_list {
    const report_file **file;
    size_t n;
} said_list;

static int by_said_path(const void *a, const void *b)
{
    return sv_cmp((*(const report_file *const *)a)->path, (*(const report_file *const *)b)->path);
}

static bool list_said(const report_input *facts, arena *mem, said_list *out)
{
    size_t n = facts->lefts;
    for (size_t i = 0; i < facts->destinations; i++) n += facts->destination[i].files;
    *out = (said_list){.file = arena_array(mem, n + 1, sizeof(const report_file *))};
    if (!out->file) return false;
    for (size_t i = 0; i < facts->lefts; i++) out->file[out->n++] = &facts->left[i];
    for (size_t i = 0; i < facts->destinations; i++)
        for (size_t k = 0; k < facts->destination[i].files; k++) out->file[out->n++] = &facts->destination[i].file[k];
    qsort(out->file, out->n, sizeof *out->file, by_said_path);
    return true;
}

/* NULL: nothing. */
static const report_file *said_of(const said_list *said, sv path)
{
    const report_file wanted = {.path = path}, *key = &wanted;
    const report_file *const *found =
        said->n ? bsearch(&key, said->file, said->n, sizeof *said->file, by_said_path) : NULL;
    return found ? *found : NULL;
}

/* Its writer hashed and counted what went to the file: enough when all of it is there. */
static bool is_whole(const char *folder, const report_file *said, arena *mem)
{
    const char *why;
    sv path = arena_printf(mem, "%s/%.*s", folder, (int)said->path.n, said->path.p);
    os_file *f = path.p && said->sha256.n == SHA256_HEX ? os_open_read(path.p, &why) : NULL;
    bool whole = f && os_file_size(f) == said->bytes;
    if (f) os_close_read(f);
    return whole;
}

static void take_said(const report_file *said, manifest_file *out)
{
    out->csv = sv_ends(said->path, SV_LIT(".csv"));
    out->rows = said->rows;
    out->bytes = said->bytes;
    memcpy(out->sha256, said->sha256.p, SHA256_HEX);
    out->sha256[SHA256_HEX] = '\0';
}

enum { PATH_BYTES_MAX = 1 << 16 };

static bool read_file(const char *folder, manifest_file *out, findings *f)
{
    file_digest d;
    const char *why = "out of memory";
    buf full = buf_new(PATH_BYTES_MAX);
    buf_printf(&full, "%s/%.*s", folder, (int)out->path.n, out->path.p);
    bool ok = !full.failed && digest_file(full.p, &d, &why);
    buf_free(&full);
    if (!ok) return find_at(f, F_OPEN_ERROR, out->path, sv_from(why));
    out->csv = sv_ends(out->path, SV_LIT(".csv"));
    out->rows = out->csv && d.records ? d.records - 1 : 0;
    out->bytes = d.bytes;
    memcpy(out->sha256, d.sha256, sizeof out->sha256);
    return true;
}

static int by_path(const void *a, const void *b)
{
    return sv_cmp(((const manifest_file *)a)->path, ((const manifest_file *)b)->path);
}

/* In a list by path. */
static const manifest_file *file_at(const manifest_file *file, size_t n, sv path)
{
    const manifest_file wanted = {.path = path};
    return n ? bsearch(&wanted, file, n, sizeof *file, by_path) : NULL;
}

bool manifest_files(const char *folder, const report_input *facts, arena *mem, manifest_file **out, size_t *n,
                    findings *f)
{
    tree t;
    const char *why = "";
    const manifest_file *known = *out;
    size_t knowns = *n;
    *n = 0;
    if (!tree_list(folder, mem, &t, &why)) {
        find_code(f, F_OUT_OF_MEMORY, "listing the run folder: %s", why);
        return false;
    }
    *out = arena_array(mem, t.files + 1, sizeof **out);
    said_list all_said;
    if (!*out || !list_said(facts, mem, &all_said)) {
        find_code(f, F_OUT_OF_MEMORY, "listing the run folder");
        return false;
    }
    for (size_t i = 0; i < t.files; i++) {
        if (sv_eq(t.file[i], SV_LIT(TREE_MANIFEST))) continue;
        const manifest_file *before = file_at(known, knowns, t.file[i]);
        const report_file *said = said_of(&all_said, t.file[i]);
        manifest_file *x = &(*out)[(*n)++];
        if (before) *x = *before;
        x->path = t.file[i];
        x->object = said ? said->object : (sv){NULL, 0};
        if (before) continue;
        if (said && is_whole(folder, said, mem))
            take_said(said, x);
        else if (!read_file(folder, x, f))
            return false;
    }
    return true;
}

/* ---- what they must hold ---- */

bool manifest_same(sv what, uint64_t counted, uint64_t found, findings *f)
{
    if (counted == found) return true;
    char a[32], b[32];
    finding x = FINDING_OF(F_DEL_UNBALANCED);
    int na = snprintf(a, sizeof a, "%llu", (unsigned long long)counted);
    int nb = snprintf(b, sizeof b, "%llu", (unsigned long long)found);
    x.table = what;
    x.a = (sv){a, na > 0 ? (size_t)na : 0};
    x.b = (sv){b, nb > 0 ? (size_t)nb : 0};
    find_add(f, &x);
    return false;
}

static uint64_t rows_of_object(const manifest_file *file, size_t n, sv object)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < n; i++)
        if (file[i].object.n && sv_eq(file[i].object, object)) rows += file[i].rows;
    return rows;
}

/* What its writer said, against what is on the disk. */
static bool as_written(const report_file *said, const manifest_file *file, size_t n, findings *f)
{
    const manifest_file *x = file_at(file, n, said->path);
    if (x && x->bytes == said->bytes && sv_eq(sv_from(x->sha256), said->sha256))
        return !x->csv || manifest_same(said->path, said->rows, x->rows, f);
    return find_at(f, F_DEL_VERIFY_CHANGED, said->path, SV_LIT("it is not what was written a moment ago"));
}

bool manifest_balanced(const report_input *facts, const manifest_file *file, size_t n, findings *f)
{
    uint64_t rejected = 0, held = 0, listed = 0, listed_values = 0;
    bool ok = true;
    for (size_t i = 0; i < ledger_lines(facts->counts); i++) {
        const ledger_line *l = ledger_at(facts->counts, i);
        rejected += l->count[COUNT_REJECTED];
        held += l->count[COUNT_HELD_BACK] + l->count[COUNT_CHANGED];
        if (l->level == LEDGER_OBJECT)
            ok = manifest_same(l->name, l->count[COUNT_WRITTEN], rows_of_object(file, n, l->name), f) && ok;
    }
    for (size_t i = 0; i < n; i++) {
        if (sv_starts(file[i].path, SV_LIT("rejects/"))) listed += file[i].rows;
        if (sv_eq(file[i].path, sv_from(exceptions_path))) listed_values += file[i].rows;
    }
    ok = manifest_same(SV_LIT("rejects"), rejected, listed, f) && ok;
    ok = manifest_same(sv_from(exceptions_path), held, listed_values, f) && ok;
    for (size_t i = 0; i < facts->lefts; i++) ok = as_written(&facts->left[i], file, n, f) && ok;
    for (size_t i = 0; i < facts->destinations; i++)
        for (size_t k = 0; k < facts->destination[i].files; k++)
            ok = as_written(&facts->destination[i].file[k], file, n, f) && ok;
    return ok;
}

/* ---- as text ---- */

/* Bytes that are no UTF-8 become U+FFFD: a name of the source must not cost the manifest. */
static json_t *text(sv s)
{
    buf clean = buf_new((size_t)1 << 20);
    (void)utf8_add_clean(&clean, s);
    json_t *x = clean.failed ? NULL : json_stringn(clean.n ? clean.p : "", clean.n);
    buf_free(&clean);
    return x;
}
static json_t *number(uint64_t n) { return json_integer((json_int_t)n); }

/* Only what is known. */
static void set_text(json_t *o, const char *key, sv s)
{
    if (s.n) (void)json_object_set_new(o, key, text(s));
}

static json_t *source_json(const report_source *s)
{
    json_t *o = json_object();
    set_text(o, "kind", s->kind);
    set_text(o, "product", s->product);
    set_text(o, "database", s->database);
    if (s->set) (void)json_object_set_new(o, "set", number(s->set));
    set_text(o, "set_type", s->set_type);
    set_text(o, "set_name", s->set_name);
    set_text(o, "started", s->started);
    set_text(o, "finished", s->finished);
    (void)json_object_set_new(o, "file_bytes", number(s->file_bytes));
    (void)json_object_set_new(o, "data_bytes", number(s->data_bytes));
    return o;
}

static json_t *template_json(sv id, sv title, sv hash)
{
    json_t *o = json_object();
    (void)json_object_set_new(o, "id", text(id));
    (void)json_object_set_new(o, "title", text(title));
    (void)json_object_set_new(o, "sha256", text(hash));
    return o;
}

static json_t *file_json(const manifest_file *f)
{
    json_t *o = json_object();
    (void)json_object_set_new(o, "path", text(f->path));
    if (f->object.n) (void)json_object_set_new(o, "object", text(f->object));
    if (f->csv || f->object.n) (void)json_object_set_new(o, "rows", number(f->rows));
    (void)json_object_set_new(o, "bytes", number(f->bytes));
    (void)json_object_set_new(o, "sha256", json_string(f->sha256));
    return o;
}

/* Only what says something: most columns have a heading and a length. */
static json_t *column_json(const promised_column *c)
{
    json_t *o = json_object();
    (void)json_object_set_new(o, "heading", text(c->heading));
    if (c->required) (void)json_object_set_new(o, "required", json_true());
    if (c->characters) (void)json_object_set_new(o, "characters", number(c->characters));
    if (c->number) {
        (void)json_object_set_new(o, "digits", number(c->digits));
        (void)json_object_set_new(o, "behind", number(c->behind));
    }
    set_text(o, "form", c->form);
    set_text(o, "form_local", c->form_local);
    return o;
}

static json_t *promise_json(const promised_file *f)
{
    json_t *o = json_object(), *columns = json_array();
    (void)json_object_set_new(o, "file", text(f->stem));
    (void)json_object_set_new(o, "delimiter", text((sv){&f->delimiter, 1}));
    for (size_t i = 0; i < f->columns; i++) (void)json_array_append_new(columns, column_json(&f->column[i]));
    (void)json_object_set_new(o, "columns", columns);
    return o;
}

static json_t *destination_json(const report_destination *d)
{
    json_t *o = template_json(d->id, d->title, d->sha256), *promises = json_array();
    if (d->rows_per_file) (void)json_object_set_new(o, "rows_per_file", number(d->rows_per_file));
    if (d->bytes_per_file) (void)json_object_set_new(o, "bytes_per_file", number(d->bytes_per_file));
    for (size_t i = 0; i < d->promises; i++) (void)json_array_append_new(promises, promise_json(&d->promise[i]));
    if (d->promises)
        (void)json_object_set_new(o, "holds", promises);
    else
        json_decref(promises);
    return o;
}

static json_t *line_json(const ledger_line *l)
{
    static const char *const level[] = {"table", "entity", "object"};
    json_t *o = json_object();
    (void)json_object_set_new(o, "level", json_string(level[l->level]));
    (void)json_object_set_new(o, "name", text(l->name));
    set_text(o, "from", l->from);
    for (size_t i = 0; i < LEDGER_COUNTS; i++)
        if (l->count[i]) (void)json_object_set_new(o, ledger_count_key[i], number(l->count[i]));
    return o;
}

static json_t *whole(const report_input *facts, const manifest_file *file, size_t n)
{
    json_t *o = json_object(), *profile = template_json(facts->profile.id, facts->profile.title, facts->profile.sha256);
    json_t *destinations = json_array(), *files = json_array(), *counts = json_array();
    (void)json_object_set_new(o, "manifest", json_integer(1));
    (void)json_object_set_new(o, "version", text(facts->version));
    (void)json_object_set_new(o, "source", source_json(&facts->source));
    (void)json_object_set_new(profile, "score", number(facts->profile.score));
    (void)json_object_set_new(o, "profile", profile);
    for (size_t i = 0; i < facts->destinations; i++)
        (void)json_array_append_new(destinations, destination_json(&facts->destination[i]));
    (void)json_object_set_new(o, "destinations", destinations);
    for (size_t i = 0; i < n; i++) (void)json_array_append_new(files, file_json(&file[i]));
    (void)json_object_set_new(o, "files", files);
    for (size_t i = 0; i < ledger_lines(facts->counts); i++)
        (void)json_array_append_new(counts, line_json(ledger_at(facts->counts, i)));
    (void)json_object_set_new(o, "counts", counts);
    return o;
}

static int append(const char *p, size_t n, void *ctx)
{
    buf_add(ctx, p, n);
    return 0;
}

bool manifest_text(const report_input *facts, const manifest_file *file, size_t n, buf *out)
{
    json_t *o = whole(facts, file, n);
    buf json = buf_new((size_t)256 << 20);
    bool ok = o && json_dump_callback(o, append, &json, JSON_INDENT(2)) == 0 && !json.failed;
    json_decref(o);
    /* The head, which stands in the file since the start of the run, holds the opening brace. */
    sv opening = SV_LIT("{\n");
    ok = ok && sv_starts(buf_view(&json), opening);
    if (ok) {
        buf_add(out, json.p + opening.n, json.n - opening.n);
        buf_char(out, '\n');
    }
    buf_free(&json);
    return ok && !out->failed;
}
