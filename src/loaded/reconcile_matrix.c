/* reconcile.csv: for each load its rows, and what its columns of money, numbers and dates hold, in each group. */
#include "loaded/reconcile_internal.h"

enum { CELL_ROOM = 256 };

/* ---- does it add up? ---- */

static bool unequal(const reconciling *x, sv what, uint64_t a, uint64_t b)
{
    finding f = FINDING_OF(F_DEL_BACK_UNBALANCED);
    char left[24], right[24];
    f.table = what;
    f.a = (sv){left, (size_t)snprintf(left, sizeof left, "%llu", (unsigned long long)a)};
    f.b = (sv){right, (size_t)snprintf(right, sizeof right, "%llu", (unsigned long long)b)};
    find_add(x->a.found, &f);
    return false;
}

static bool counts_add_up(const reconciling *x, size_t i)
{
    const bundle_load *b = &x->a.l.load[i];
    uint64_t groups = rows_in(x, i) + x->state[i][ROW_FAILED] + x->state[i][ROW_UNKNOWN];
    uint64_t ends = b->written + b->merged + b->skipped + b->rejected;
    if (b->mapped != ends) return unequal(x, b->line, b->mapped, ends);
    if (b->written != x->rows[i]) return unequal(x, b->line, b->written, x->rows[i]);
    return x->rows[i] == groups || unequal(x, b->line, x->rows[i], groups);
}

static bool totals_add_up(const reconciling *x, size_t i)
{
    const bundle_load *b = &x->a.l.load[i];
    for (size_t k = 0; k < b->fields; k++) {
        column_total all = {0};
        if (!totals_wanted(&b->field[k])) continue;
        bool numbers = totals_of_numbers(&b->field[k]);
        for (size_t g = 0; g < ROW_GROUPS; g++) total_join(&all, &x->group[g][i].field[k], numbers);
        if (!total_same(&all, &x->bundle[i].field[k], numbers))
            return unequal(x, b->field[k].heading, x->bundle[i].field[k].filled, all.filled);
    }
    return true;
}

bool reconcile_adds_up(const reconciling *x)
{
    for (size_t i = 0; i < x->a.l.loads; i++)
        if (!counts_add_up(x, i) || !totals_add_up(x, i)) return false;
    return true;
}

/* ---- the file ---- */

/* loaded = created + updated + seen; bundle = loaded + failed + unknown; source = bundle + left out. */
static const char heading[] =
    "file,object,column,measure,source,left out,bundle,loaded,created,updated,seen,failed,unknown,not in bundle";
enum {
    COLUMNS = 14,
    AT_SOURCE = 4,
    AT_LEFT,
    AT_BUNDLE,
    AT_LOADED,
    AT_CREATED,
    AT_UPDATED,
    AT_SEEN,
    AT_FAILED,
    AT_UNKNOWN,
    AT_EXTRA
};

typedef struct line {
    sv cell[COLUMNS];
    char room[COLUMNS][CELL_ROOM];
} line;

static void put_number(line *l, size_t at, uint64_t n)
{
    int k = snprintf(l->room[at], CELL_ROOM, "%llu", (unsigned long long)n);
    l->cell[at] = (sv){l->room[at], k > 0 ? (size_t)k : 0};
}

static void put_amount(line *l, size_t at, amount a)
{
    buf b = buf_new(CELL_ROOM);
    amount_text(&b, a);
    if (!b.failed && b.n < CELL_ROOM) memcpy(l->room[at], b.p, b.n);
    l->cell[at] = (sv){l->room[at], b.failed ? 0 : b.n};
    buf_free(&b);
}

static void begin_line(line *l, const bundle_load *b, sv column, sv measure)
{
    for (size_t i = 0; i < COLUMNS; i++) l->cell[i] = SV_LIT("");
    l->cell[0] = b->file;
    l->cell[1] = b->object;
    l->cell[2] = column;
    l->cell[3] = measure;
}

static bool rows_line(const reconciling *x, list_file *out, size_t i, line *l)
{
    const bundle_load *b = &x->a.l.load[i];
    const uint64_t *s = x->state[i];
    bool first = true;
    for (size_t k = 0; k < i; k++) first &= x->a.l.load[k].of != b->of || !x->a.l.load[k].parts;
    begin_line(l, b, SV_LIT(""), SV_LIT("rows"));
    put_number(l, AT_SOURCE, b->mapped);
    put_number(l, AT_LEFT, b->merged + b->skipped + b->rejected);
    put_number(l, AT_BUNDLE, x->rows[i]);
    put_number(l, AT_LOADED, rows_in(x, i));
    put_number(l, AT_CREATED, s[ROW_CREATED]);
    put_number(l, AT_UPDATED, s[ROW_UPDATED]);
    put_number(l, AT_SEEN, s[ROW_SEEN]);
    put_number(l, AT_FAILED, s[ROW_FAILED]);
    put_number(l, AT_UNKNOWN, s[ROW_UNKNOWN]);
    /* Of an object, on the line of its first file. */
    if (first) put_number(l, AT_EXTRA, x->back.extra[b->of]);
    return list_file_row(out, l->cell, COLUMNS) == ST_OK;
}

static const size_t group_column[ROW_GROUPS] = {AT_LOADED, AT_FAILED, AT_UNKNOWN};

static void fill_line(line *l, const column_total *const total[ROW_GROUPS + 1], const char *measure)
{
    l->cell[3] = sv_from(measure);
    for (size_t g = 0; g <= ROW_GROUPS; g++) {
        size_t at = g < ROW_GROUPS ? group_column[g] : AT_BUNDLE;
        const column_total *t = total[g];
        l->cell[at] = SV_LIT("");
        if (strcmp(measure, "filled") == 0)
            put_number(l, at, t->filled);
        else if (strcmp(measure, "no value") == 0)
            put_number(l, at, t->odd);
        else if (t->filled && strcmp(measure, "sum") == 0)
            put_amount(l, at, t->sum);
        else if (t->filled && strcmp(measure, "least") == 0)
            put_amount(l, at, t->least);
        else if (t->filled && strcmp(measure, "most") == 0)
            put_amount(l, at, t->most);
        else if (t->filled && strcmp(measure, "first") == 0)
            l->cell[at] = sv_from(t->first);
        else if (t->filled && strcmp(measure, "last") == 0)
            l->cell[at] = sv_from(t->last);
    }
}

/* What the conversion left out of a column: of numbers and counts the difference. */
static void put_source(line *l, const source_total *s, size_t measure, bool adds)
{
    amount source, bundle;
    l->cell[AT_SOURCE] = s ? s->measure[measure] : SV_LIT("");
    l->cell[AT_LEFT] = SV_LIT("");
    if (!s || !adds || !amount_read(s->measure[measure], &source)) return;
    if (!amount_read(l->cell[AT_BUNDLE], &bundle)) bundle = (amount){0, 0};
    const amount less = {-bundle.whole, -bundle.nano};
    if (amount_add(&source, less)) put_amount(l, AT_LEFT, source);
}

static bool column_lines(const reconciling *x, list_file *out, size_t i, size_t k, line *l)
{
    static const char *const of_numbers[] = {"filled", "sum", "least", "most"}, *const of_dates[] = {"filled", NULL,
                                                                                                     "first", "last"};
    const bundle_load *b = &x->a.l.load[i];
    bool numbers = totals_of_numbers(&b->field[k]), ok = true;
    const char *const *measure = numbers ? of_numbers : of_dates;
    const column_total *const total[ROW_GROUPS + 1] = {&x->group[GROUP_IN][i].field[k],
                                                       &x->group[GROUP_FAILED][i].field[k],
                                                       &x->group[GROUP_UNKNOWN][i].field[k], &x->bundle[i].field[k]};
    const source_total *source = reconcile_source_of(x, &b->field[k]);
    begin_line(l, b, b->field[k].heading, SV_LIT(""));
    for (size_t m = 0; ok && m < 4; m++) {
        if (!measure[m]) continue;
        fill_line(l, total, measure[m]);
        put_source(l, source, m, m < 2);
        ok = list_file_row(out, l->cell, COLUMNS) == ST_OK;
    }
    if (!ok || !total[ROW_GROUPS]->odd) return ok;
    fill_line(l, total, "no value");
    put_source(l, NULL, 0, false);
    return list_file_row(out, l->cell, COLUMNS) == ST_OK;
}

bool reconcile_write_matrix(reconciling *x)
{
    const sv path = SV_LIT("reconcile.csv");
    rejects_file d;
    line *l = arena_alloc(x->a.mem, sizeof *l);
    list_file *out = l ? list_file_new(stage_folder_path(x->a.folder), path, heading, x->a.found) : NULL;
    bool ok = out != NULL;
    for (size_t i = 0; ok && i < x->a.l.loads; i++) {
        const bundle_load *b = &x->a.l.load[i];
        if (!b->parts && !b->mapped) continue;
        ok = rows_line(x, out, i, l);
        for (size_t k = 0; ok && k < b->fields; k++)
            if (totals_wanted(&b->field[k]) && x->bundle[i].field[k].filled + x->bundle[i].field[k].odd)
                ok = column_lines(x, out, i, k, l);
    }
    if (!ok) {
        list_file_abandon(out);
        return false;
    }
    if (list_file_close(out, &d) != ST_OK) return false;
    file_digest digest = {.bytes = d.bytes};
    memcpy(digest.sha256, d.sha256, sizeof digest.sha256);
    return stage_folder_file(x->a.folder, path, (sv){NULL, 0}, true, d.rows, &digest);
}
