#include "edits.h"
#include "base/text_file.h"

enum { WORDS = 5, EDITS_MAX = 100000, FILE_BYTES_MAX = 16 << 20 };

typedef enum edit_kind { EDIT_SET, EDIT_DELETE, EDIT_ADD } edit_kind;

typedef struct edit {
    edit_kind kind;
    table_id table;
    sv key, value; /* value: of an added row, the key of the one that it is like */
    unsigned column;
    bool met;
    row *like; /* what an added row is made of, once it was met */
} edit;

struct edits {
    arena *mem;
    const source_table *tables;
    edit *item;
    size_t n;
};

static size_t split(sv line, sv word[WORDS])
{
    size_t n = 0;
    while (n < WORDS) {
        const char *tab = n + 1 < WORDS && line.n ? memchr(line.p, '\t', line.n) : NULL;
        word[n++] = (sv){line.p, tab ? (size_t)(tab - line.p) : line.n};
        if (!tab) break;
        line = (sv){tab + 1, line.n - word[n - 1].n - 1};
    }
    return n;
}

static bool find_table(const edits *e, sv name, table_id *out)
{
    for (unsigned t = 0; t < TABLES; t++) {
        *out = (table_id)t;
        if (sv_eq(sv_from(e->tables[t].name), name)) return true;
    }
    return false;
}

static bool find_column(const source_table *t, sv name, unsigned *out)
{
    for (*out = 0; *out < t->columns; ++*out)
        if (sv_eq(sv_from(t->column[*out].name), name)) return true;
    return false;
}

static bool take_line(edits *e, sv line, fault *f)
{
    sv word[WORDS];
    edit x = {0};
    size_t n = split(line, word);
    bool set = sv_eq(word[0], SV_LIT("set")), gone = sv_eq(word[0], SV_LIT("delete")),
         add = sv_eq(word[0], SV_LIT("add"));
    bool ok = (set && n == 5) || (gone && n == 3) || (add && n == 4);
    ok = ok && find_table(e, word[1], &x.table) && (!set || find_column(&e->tables[x.table], word[3], &x.column));
    if (!ok || e->n == EDITS_MAX) return fail(f, "an edit is not understood: %.*s", (int)line.n, line.p);
    x.kind = set ? EDIT_SET : gone ? EDIT_DELETE : EDIT_ADD;
    x.key = word[2];
    if (set) x.value = sv_eq(word[4], SV_LIT("\\N")) ? (sv){NULL, 0} : word[4];
    if (add) x.value = word[3];
    e->item[e->n++] = x;
    return true;
}

edits *edits_read(const char *path, const source_table *tables, arena *mem, fault *f)
{
    const char *why = "out of memory";
    sv text;
    edits *e = arena_alloc(mem, sizeof *e);
    edit *item = arena_array(mem, EDITS_MAX, sizeof *item);
    if (!e || !item || !text_file_read(path, FILE_BYTES_MAX, mem, &text, &why)) {
        fail(f, "%s: %s", path, why);
        return NULL;
    }
    *e = (edits){.mem = mem, .tables = tables, .item = item};
    while (text.n && !f->set) {
        const char *end = memchr(text.p, '\n', text.n);
        sv line = {text.p, end ? (size_t)(end - text.p) : text.n};
        size_t used = line.n + (end != NULL);
        text = (sv){text.p + used, text.n - used};
        if (line.n) (void)take_line(e, line, f);
    }
    return f->set ? NULL : e;
}

int64_t edits_rows(const edits *e, table_id t)
{
    int64_t n = 0;
    for (size_t i = 0; i < e->n; i++)
        if (e->item[i].table == t) n += (e->item[i].kind == EDIT_ADD) - (e->item[i].kind == EDIT_DELETE);
    return n;
}

void edits_begin(edits *e)
{
    for (size_t i = 0; i < e->n; i++) e->item[i].like = NULL;
}

static row *copy_of(edits *e, const row *r)
{
    unsigned n = e->tables[r->table].columns;
    row *x = arena_alloc(e->mem, sizeof *x + n * sizeof *x->cell);
    if (!x) return NULL;
    x->table = r->table;
    for (unsigned i = 0; i < n; i++) x->cell[i] = r->cell[i].p ? arena_sv(e->mem, r->cell[i]) : r->cell[i];
    return x;
}

static void set_cells(edits *e, row *r, sv key)
{
    for (size_t i = 0; i < e->n; i++) {
        edit *x = &e->item[i];
        if (x->kind != EDIT_SET || x->table != r->table || !sv_eq(x->key, key)) continue;
        r->cell[x->column] = x->value;
        x->met = true;
    }
}

const row *edits_row(edits *e, row *r)
{
    sv key = r->cell[0];
    bool gone = false;
    for (size_t i = 0; i < e->n; i++) {
        edit *x = &e->item[i];
        if (x->table != r->table) continue;
        if (x->kind == EDIT_ADD && sv_eq(x->value, key)) x->like = copy_of(e, r);
        if (x->kind == EDIT_DELETE && sv_eq(x->key, key)) gone = x->met = true;
    }
    if (!gone) set_cells(e, r, key);
    return gone ? NULL : r;
}

const row *edits_added(edits *e, table_id t, size_t n)
{
    for (size_t i = 0; i < e->n; i++) {
        edit *x = &e->item[i];
        if (x->kind != EDIT_ADD || x->table != t || !x->like || n--) continue;
        x->met = true;
        x->like->cell[0] = x->key;
        set_cells(e, x->like, x->key);
        return x->like;
    }
    return NULL;
}

bool edits_done(const edits *e, table_id t, fault *f)
{
    for (size_t i = 0; i < e->n; i++) {
        const edit *x = &e->item[i];
        if (x->table == t && !x->met)
            return fail(f, "%s %.*s: an edit found no row", e->tables[t].name, (int)x->key.n, x->key.p);
    }
    return true;
}
