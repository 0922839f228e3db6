#include "loaded/came_back.h"
#include "base/ascii.h"
#include "convert/tree.h"
#include "loaded/bundle_rows.h"
#include "loaded/names.h"
#include "loaded/recognise.h"
#include <stdlib.h>

enum { FILES_MAX = 10000, REASON_ROOM = 4096, REASON_MESSAGE_MAX = 2000 };

typedef struct reading {
    came_back *c;
    came_file *file;
    recognised r;
    bool known;  /* a sheet of it was recognised */
    bool failed; /* a finding says why */
} reading;

static sv cell_at(const sv *cell, size_t n, size_t at) { return at < n ? sv_trimmed_controls(cell[at]) : SV_LIT(""); }

static void say(const came_back *c, finding_code code, const came_file *f, uint64_t rows)
{
    finding x = FINDING_OF(code);
    char room[24];
    x.path = f->name;
    x.a = (sv){room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)rows)};
    x.b = c->l->title;
    find_add(c->found, &x);
}

/* ---- the file ---- */

static sv object_label(const came_back *c, const recognised *r)
{
    const loads *l = c->l;
    if (!r->candidates) return r->part_load != SIZE_MAX ? l->load[r->part_load].label : SV_LIT("");
    const bundle_load *first = &l->load[r->candidate[0].load];
    for (size_t i = 1; i < r->candidates; i++)
        if (l->load[r->candidate[i].load].of != first->of) return SV_LIT("several");
    return first->label;
}

static bool take_head(void *ctx, const sv *cell, size_t n)
{
    reading *x = ctx;
    came_back *c = x->c;
    if (!recognise(c->l, x->file->name, cell, n, false, c->mem, &x->r)) {
        find_code(c->found, F_OUT_OF_MEMORY, "reading what came back");
        x->failed = true;
        return false;
    }
    bool usable = x->r.form && (x->r.candidates || x->r.part != SIZE_MAX);
    if (!usable) return false;
    x->known = true;
    x->file->form = x->r.form->form;
    x->file->object = object_label(c, &x->r);
    for (size_t i = 0; c->told && i < x->r.candidates; i++) c->told[x->r.candidate[i].load] = true;
    return true;
}

/* ---- a row ---- */

static bool is_one_of(word_list words, sv word)
{
    for (size_t i = 0; i < words.n; i++)
        if (sv_eq_nocase(words.word[i], word)) return true;
    return false;
}

/* False: a state that the template does not name. */
static bool fate_of(const reading *x, const sv *cell, size_t n, row_fate *out)
{
    const recognised *r = &x->r;
    *out = (row_fate){.state = ROW_SEEN, .reason = SIZE_MAX, .id = cell_at(cell, n, r->id)};
    if (r->error != SIZE_MAX || r->form->reason.n) {
        out->state = ROW_FAILED;
        out->why = r->error != SIZE_MAX ? cell_at(cell, n, r->error) : r->form->reason;
        out->id = (sv){NULL, 0};
    } else if (r->state != SIZE_MAX) {
        sv word = cell_at(cell, n, r->state);
        bool created = is_one_of(r->form->created, word);
        if (!created && !is_one_of(r->form->updated, word)) return false;
        out->state = created ? ROW_CREATED : ROW_UPDATED;
    }
    return true;
}

static bool group_reason(reading *x, size_t load, const sv *cell, size_t n, row_fate *fate)
{
    if (fate->state != ROW_FAILED) return true;
    buf b = buf_new(REASON_ROOM);
    sv own[4096];
    size_t owns = 0;
    for (size_t i = 0; i < n && owns < sizeof own / sizeof own[0]; i++)
        if (i != x->r.error) own[owns++] = cell[i];
    sv message = {fate->why.p, fate->why.n < REASON_MESSAGE_MAX ? fate->why.n : REASON_MESSAGE_MAX};
    if (x->r.form->reason.n)
        buf_sv(&b, x->r.form->reason);
    else
        reason_add(&b, message, &x->c->l->load[load], own, owns);
    fate->reason = b.failed ? SIZE_MAX : reason_place(&x->c->reason[load], buf_view(&b), x->c->mem);
    buf_free(&b);
    if (fate->reason != SIZE_MAX) return true;
    find_code(x->c->found, F_OUT_OF_MEMORY, "grouping reasons");
    return false;
}

/* An export shows that a record is there; that a second pass reached it, only where the pass's fields have values. */
static bool shows_update(const reading *x, const load_columns *col, const sv *cell, size_t n)
{
    const bundle_load *b = &x->c->l->load[col->load];
    for (size_t i = 0; i < b->fields; i++)
        if (i != b->key && cell_at(cell, n, col->at[i]).n) return true;
    return false;
}

typedef struct match {
    sv key;
    bool by_content;
} match;

static bool identity(reading *x, const load_columns *col, const sv *cell, size_t n, char hex[CONTENT_HEX + 1],
                     match *out)
{
    const bundle_load *b = &x->c->l->load[col->load];
    *out = (match){cell_at(cell, n, col->key), false};
    if (out->key.n || !b->keyless || !col->whole) return true;
    if (!row_content(b, cell, n, col->at, hex)) {
        find_code(x->c->found, F_OUT_OF_MEMORY, "reading what came back");
        return false;
    }
    *out = (match){{hex, CONTENT_HEX}, true};
    return true;
}

static bool mark(reading *x, size_t load, const match *m, const sv *cell, size_t n, row_fate fate)
{
    bool found;
    return group_reason(x, load, cell, n, &fate) &&
           load_work_mark(x->c->work, load, m->key, m->by_content, &fate, &found);
}

/* The candidates that have the row; -1 in *object: none, -2: those of several objects. */
static bool find_matches(reading *x, const sv *cell, size_t n, bool *has, long *object, sv *key)
{
    const recognised *r = &x->r;
    char hex[CONTENT_HEX + 1];
    *object = -1;
    for (size_t i = 0; i < r->candidates; i++) {
        const load_columns *col = &r->candidate[i];
        match m;
        has[i] = false;
        if (!identity(x, col, cell, n, hex, &m)) return false;
        if (!m.key.n) continue;
        if (!m.by_content) *key = m.key;
        if (!load_work_has(x->c->work, col->load, m.key, m.by_content, &has[i])) return false;
        long of = (long)x->c->l->load[col->load].of;
        if (has[i]) *object = *object == -1 || *object == of ? of : -2;
    }
    return true;
}

static bool mark_matches(reading *x, const sv *cell, size_t n, const bool *has, const row_fate *fate)
{
    const recognised *r = &x->r;
    char hex[CONTENT_HEX + 1];
    for (size_t i = 0; i < r->candidates; i++) {
        const load_columns *col = &r->candidate[i];
        match m;
        bool seen_update = fate->state == ROW_SEEN && x->c->l->load[col->load].update;
        if (!has[i] || (seen_update && !shows_update(x, col, cell, n))) continue;
        if (!identity(x, col, cell, n, hex, &m) || !mark(x, col->load, &m, cell, n, *fate)) return false;
    }
    return true;
}

/* A row of another load into the same object: its columns were fewer than usual. */
static bool mark_elsewhere(reading *x, sv key, const sv *cell, size_t n, const row_fate *fate, bool *found)
{
    const loads *l = x->c->l;
    size_t of = l->load[x->r.candidate[0].load].of;
    *found = false;
    for (size_t i = 0; i < l->loads && !*found; i++) {
        if (l->load[i].of != of || l->load[i].update || !l->load[i].parts) continue;
        const match m = {key, false};
        if (!load_work_has(x->c->work, i, key, false, found)) return false;
        if (*found && !mark(x, i, &m, cell, n, *fate)) return false;
    }
    return true;
}

static bool add_extra(reading *x, sv key, uint64_t number)
{
    came_back *c = x->c;
    const bundle_load *b = &c->l->load[x->r.candidate[0].load];
    char room[24];
    x->file->extra++;
    if (c->extra) c->extra[b->of]++;
    const sv cell[] = {
        x->file->name, {room, (size_t)snprintf(room, sizeof room, "%llu", (unsigned long long)number)}, b->object, key};
    return !c->extras || list_file_row(c->extras, cell, 4) == ST_OK;
}

static bool by_key(reading *x, const sv *cell, size_t n, uint64_t number, const row_fate *fate)
{
    bool has[RECOGNISED_LOADS_MAX];
    long object;
    sv key = {NULL, 0};
    if (!find_matches(x, cell, n, has, &object, &key)) return false;
    if (object == -2) {
        x->file->unclear++;
        return true;
    }
    if (object >= 0) {
        x->file->ours++;
        return mark_matches(x, cell, n, has, fate);
    }
    if (!key.n) {
        x->file->others++;
        return true;
    }
    bool found;
    if (!mark_elsewhere(x, key, cell, n, fate, &found)) return false;
    x->file->ours += found;
    return found || add_extra(x, key, number);
}

/* A list of failures by the number of the row. */
static bool by_number(reading *x, const sv *cell, size_t n, row_fate fate)
{
    sv text = cell_at(cell, n, x->r.row);
    row_place at = {x->r.part_load, x->r.part, 0};
    for (size_t i = 0; i < text.n && is_digit(text.p[i]) && at.number < UINT64_MAX / 20; i++)
        at.number = at.number * 10 + (uint64_t)(text.p[i] - '0');
    bool found = false;
    if (!group_reason(x, at.load, cell, n, &fate)) return false;
    if (!load_work_mark_at(x->c->work, &at, &fate, &found)) return false;
    x->file->ours += found;
    x->file->others += !found;
    return true;
}

static bool take_row(void *ctx, const sv *cell, size_t n, uint64_t number)
{
    reading *x = ctx;
    row_fate fate;
    x->file->rows++;
    if (!fate_of(x, cell, n, &fate)) {
        x->file->odd++;
        return true;
    }
    bool ok = x->r.row != SIZE_MAX && x->r.part != SIZE_MAX ? by_number(x, cell, n, fate)
              : x->r.candidates                             ? by_key(x, cell, n, number, &fate)
                                                            : true;
    x->failed = !ok;
    return ok;
}

static came_file *new_file(came_back *c, sv name)
{
    if (c->files == c->room) {
        size_t room = c->room ? 2 * c->room : 64;
        came_file *all = room <= FILES_MAX ? arena_array(c->mem, room, sizeof *all) : NULL;
        if (!all) return NULL;
        if (c->files) memcpy(all, c->file, c->files * sizeof *all);
        c->file = all;
        c->room = room;
    }
    came_file *f = &c->file[c->files];
    *f = (came_file){.name = arena_sv(c->mem, name)};
    if (!f->name.p) return NULL;
    c->files++;
    return f;
}

bool came_back_file(came_back *c, const char *path, sv name)
{
    came_file *f = new_file(c, name);
    if (!f) {
        find_code(c->found, F_OUT_OF_MEMORY, "reading what came back");
        return false;
    }
    reading x = {.c = c, .file = f};
    const record_taker t = {take_head, take_row, &x};
    records_end end = records_of_file(path, &t, c->found, &f->lost);
    if (x.failed) return false;
    if (end != RECORDS_BROKEN && !x.known) say(c, F_DEL_BACK_UNKNOWN, f, 0);
    if (f->unclear) say(c, F_DEL_BACK_UNCLEAR, f, f->unclear);
    if (f->extra) say(c, F_DEL_BACK_EXTRA, f, f->extra);
    if (f->odd) say(c, F_DEL_BACK_STATE, f, f->odd);
    return true;
}

static bool is_table(sv path)
{
    static const char *const ending[] = {".csv", ".txt", ".tsv", ".xlsx"};
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) {
        sv e = sv_from(ending[i]);
        if (path.n > e.n && sv_eq_nocase((sv){path.p + path.n - e.n, e.n}, e)) return true;
    }
    return false;
}

bool came_back_folder(came_back *c, const char *folder)
{
    tree all;
    const char *why = "it is no folder";
    if (!tree_list(folder, c->mem, &all, &why)) return find_at(c->found, F_OPEN_ERROR, sv_from(folder), sv_from(why));
    for (size_t i = 0; i < all.files; i++) {
        sv path = arena_printf(c->mem, "%s/%.*s", folder, (int)all.file[i].n, all.file[i].p);
        if (!path.p) return false;
        if (!is_table(all.file[i])) {
            const came_file f = {.name = all.file[i]};
            say(c, F_DEL_BACK_UNKNOWN, &f, 0);
        } else if (!came_back_file(c, path.p, all.file[i])) {
            return false;
        }
    }
    return true;
}
