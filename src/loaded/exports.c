#include "loaded/exports.h"
#include "base/ascii.h"
#include "loaded/bundle_rows.h"
#include "loaded/names.h"
#include <stdlib.h>

enum { FILES_MAX = 4096, PACKED_MAX = 256 << 20, KEY_ROOM = 32 + CONTENT_HEX };
enum { FIRST_ABOVE_12 = 1, SECOND_ABOVE_12 = 2 };

typedef struct reading {
    exports *e;
    sv name;
    export_file *file; /* the sheet at hand */
    size_t number;     /* of it */
    buf packed;
    bool known, failed;
} reading;

static bool no_memory(const exports *e)
{
    find_code(e->found, F_OUT_OF_MEMORY, "reading an export");
    return false;
}

bool exports_init(exports *e)
{
    e->told = arena_array(e->mem, e->l->loads + 1, sizeof *e->told);
    return e->told || no_memory(e);
}

/* ---- heading ---- */

static export_file *new_file(exports *e)
{
    if (e->files == e->room) {
        size_t room = e->room ? 2 * e->room : 16;
        export_file *all = room <= FILES_MAX ? arena_array(e->mem, room, sizeof *all) : NULL;
        if (!all) return NULL;
        if (e->files) memcpy(all, e->file, e->files * sizeof *all);
        e->file = all;
        e->room = room;
    }
    e->file[e->files] = (export_file){0};
    return &e->file[e->files];
}

static bool take_head(void *ctx, const sv *cell, size_t n)
{
    reading *x = ctx;
    exports *e = x->e;
    export_file *f = new_file(e);
    x->failed = !f || !recognise(e->l, x->name, cell, n, true, e->mem, &f->r);
    if (x->failed) return no_memory(e);
    if (!f->r.form || !f->r.candidates) return false;
    f->name = x->name;
    f->columns = n;
    f->heading = arena_array(e->mem, n + 1, sizeof *f->heading);
    f->seen = arena_array(e->mem, n + 1, sizeof *f->seen);
    for (size_t i = 0; f->heading && i < n; i++) f->heading[i] = arena_sv(e->mem, cell[i]);
    x->failed = !f->heading || !f->seen;
    if (x->failed) return no_memory(e);
    for (size_t i = 0; i < f->r.candidates; i++) e->told[f->r.candidate[i].load] = true;
    x->file = f;
    x->number = e->files++;
    x->known = true;
    return true;
}

/* ---- rows ---- */

static void look_at_dates(export_file *f, const sv *cell, size_t n)
{
    for (size_t i = 0; i < n && i < f->columns; i++) {
        sv s = sv_trimmed_controls(cell[i]);
        unsigned part[2] = {0, 0};
        size_t at = 0;
        for (size_t p = 0; p < 2; p++) {
            size_t from = at;
            while (at < s.n && at - from < 2 && is_digit(s.p[at])) part[p] = part[p] * 10 + (unsigned)(s.p[at++] - '0');
            if (at == from || at >= s.n || s.p[at++] != '/') part[0] = part[1] = 100;
        }
        if (part[0] > 31 || part[1] > 31) continue;
        if (part[0] > 12) f->seen[i] |= FIRST_ABOVE_12;
        if (part[1] > 12) f->seen[i] |= SECOND_ABOVE_12;
    }
}

bool exports_day_first(const export_file *f, size_t column)
{
    return column < f->columns && f->seen[column] == FIRST_ABOVE_12;
}

/* The number of the sheet, then each cell behind its length. */
static bool pack(reading *x, const sv *cell, size_t n)
{
    buf_clear(&x->packed);
    uint32_t number = (uint32_t)x->number;
    buf_add(&x->packed, &number, sizeof number);
    for (size_t i = 0; i < x->file->columns; i++) {
        uint32_t length = i < n ? (uint32_t)cell[i].n : 0;
        buf_add(&x->packed, &length, sizeof length);
        if (length) buf_add(&x->packed, cell[i].p, length);
    }
    return !x->packed.failed || no_memory(x->e);
}

/* What a row of a load without a key in the system is kept by. */
static sv content_key(size_t load, const char hex[CONTENT_HEX + 1], char room[KEY_ROOM])
{
    int n = snprintf(room, KEY_ROOM, "=%zu=%s", load, hex);
    return (sv){room, n > 0 && n < KEY_ROOM ? (size_t)n : 0};
}

static bool keep(reading *x, size_t object, sv key, const bundle_load *b, bool counted)
{
    bool again;
    if (!load_work_keep(x->e->work, object, key, buf_view(&x->packed), &again)) return false;
    if (!again || !counted) return true;
    x->file->twice++;
    return !x->e->odd || x->e->odd(x->e->ctx, x->file, b, key, true);
}

/* Keyless loads whose content the row has. *ours: some. */
static bool keep_by_content(reading *x, const sv *cell, size_t n, bool *ours)
{
    const loads *l = x->e->l;
    char hex[CONTENT_HEX + 1], room[KEY_ROOM];
    for (size_t i = 0; i < x->file->r.candidates; i++) {
        const load_columns *c = &x->file->r.candidate[i];
        const bundle_load *b = &l->load[c->load];
        bool has;
        if (!b->keyless || !c->whole) continue;
        if (!row_content(b, cell, n, c->at, hex)) return no_memory(x->e);
        if (!load_work_has(x->e->work, c->load, (sv){hex, CONTENT_HEX}, true, &has)) return false;
        if (!has) continue;
        *ours = true;
        if (!keep(x, b->of, content_key(c->load, hex, room), b, false)) return false;
    }
    return true;
}

/* Objects that have the key: the one; SIZE_MAX: none; SIZE_MAX - 1: several. Any load into an object of the file counts. */
static bool object_of_key(reading *x, sv key, size_t *object)
{
    const loads *l = x->e->l;
    *object = SIZE_MAX;
    for (size_t i = 0; i < l->loads; i++) {
        bool about = false, has;
        for (size_t k = 0; k < x->file->r.candidates; k++)
            about |= l->load[x->file->r.candidate[k].load].of == l->load[i].of;
        if (!about || !l->load[i].parts) continue;
        if (!load_work_has(x->e->work, i, key, false, &has)) return false;
        if (has) *object = *object == SIZE_MAX || *object == l->load[i].of ? l->load[i].of : SIZE_MAX - 1;
    }
    return true;
}

static bool keep_by_key(reading *x, sv key, sv id)
{
    const bundle_load *b = &x->e->l->load[x->file->r.candidate[0].load];
    size_t object;
    if (!object_of_key(x, key, &object)) return false;
    if (object == SIZE_MAX - 1) {
        x->file->unclear++;
        return true;
    }
    if (object == SIZE_MAX) {
        x->file->extra++;
        return !x->e->odd || x->e->odd(x->e->ctx, x->file, b, key, false);
    }
    x->file->ours++;
    if (id.n && !load_work_put_id(x->e->work, object, id, key)) return false;
    return keep(x, object, key, b, true);
}

static bool take_row(void *ctx, const sv *cell, size_t n, uint64_t number)
{
    reading *x = ctx;
    export_file *f = x->file;
    sv key = {NULL, 0}, id = f->r.id < n ? sv_trimmed_controls(cell[f->r.id]) : SV_LIT("");
    bool ours = false;
    (void)number;
    f->rows++;
    look_at_dates(f, cell, n);
    for (size_t i = 0; i < f->r.candidates && !key.n; i++)
        if (f->r.candidate[i].key < n) key = sv_trimmed_controls(cell[f->r.candidate[i].key]);
    bool ok = pack(x, cell, n) && (key.n ? keep_by_key(x, key, id) : keep_by_content(x, cell, n, &ours));
    if (!key.n) {
        f->ours += ours;
        f->others += !ours;
    }
    x->failed = !ok;
    return ok;
}

static void say(const exports *e, finding_code code, sv name, uint64_t rows)
{
    finding x = FINDING_OF(code);
    char room[24];
    x.path = name;
    x.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)rows)};
    x.b = e->l->title;
    find_add(e->found, &x);
}

bool exports_read(exports *e, const char *path)
{
    reading x = {.e = e, .name = arena_sv(e->mem, path_leaf(sv_from(path))), .packed = buf_new(PACKED_MAX)};
    const record_taker t = {take_head, take_row, &x};
    uint64_t lost = 0;
    size_t first = e->files;
    if (!x.name.p) return no_memory(e);
    records_end end = records_of_file(path, &t, e->found, &lost);
    buf_free(&x.packed);
    if (x.failed || end == RECORDS_BROKEN) return false;
    if (!x.known) say(e, F_DEL_BACK_UNKNOWN, x.name, 0);
    for (size_t i = first; i < e->files; i++) {
        if (e->file[i].unclear) say(e, F_DEL_BACK_UNCLEAR, x.name, e->file[i].unclear);
        if (e->file[i].extra) say(e, F_DEL_BACK_EXTRA, x.name, e->file[i].extra);
    }
    return true;
}

/* ---- kept rows ---- */

export_row export_row_new(void) { return (export_row){.packed = buf_new(PACKED_MAX)}; }

void export_row_free(export_row *r)
{
    buf_free(&r->packed);
    free(r->cell);
    r->cell = NULL;
}

static bool unpack(exports *e, size_t load, export_row *out)
{
    uint32_t number = 0;
    size_t at = sizeof number;
    if (out->packed.n < at) return no_memory(e);
    memcpy(&number, out->packed.p, sizeof number);
    out->file = &e->file[number];
    free(out->cell);
    out->cell = calloc(out->file->columns + 1, sizeof *out->cell);
    if (!out->cell) return no_memory(e);
    for (size_t i = 0; i < out->file->columns; i++) {
        uint32_t length;
        memcpy(&length, out->packed.p + at, sizeof length);
        out->cell[i] = (sv){out->packed.p + at + sizeof length, length};
        at += sizeof length + length;
    }
    out->column = NULL;
    for (size_t i = 0; i < out->file->r.candidates; i++)
        if (out->file->r.candidate[i].load == load) out->column = &out->file->r.candidate[i];
    return true;
}

bool exports_find(exports *e, size_t load, const sv *cell, size_t n, export_row *out, bool *found)
{
    const bundle_load *b = &e->l->load[load];
    char hex[CONTENT_HEX + 1], room[KEY_ROOM];
    *found = false;
    sv key = b->key < n ? sv_trimmed_controls(cell[b->key]) : SV_LIT("");
    if (key.n && !load_work_kept(e->work, b->of, key, &out->packed, found)) return false;
    if (!*found && b->keyless) {
        if (!row_content(b, cell, n, NULL, hex)) return no_memory(e);
        if (!load_work_kept(e->work, b->of, content_key(load, hex, room), &out->packed, found)) return false;
    }
    return !*found || unpack(e, load, out);
}
