#include "base/limits.h"
#include "base/suggest.h"
#include "extract/file_name.h"
#include "extract/fold.h"
#include "extract/job.h"
#include <stdio.h>

/* Names as folded text, for the whole catalog. */
typedef struct folded_names {
    sv *full, *name;
} folded_names;

static sv folded(arena *mem, buf *scratch, sv s)
{
    buf_clear(scratch);
    fold_case(scratch, s);
    return scratch->failed ? (sv){NULL, 0} : arena_sv(mem, buf_view(scratch));
}

static bool fold_names(const catalog *c, arena *mem, folded_names *out)
{
    buf scratch = buf_new(32768);
    out->full = arena_array(mem, c->tables, sizeof(sv));
    out->name = arena_array(mem, c->tables, sizeof(sv));
    bool ok = out->full && out->name;
    for (size_t i = 0; ok && i < c->tables; i++) {
        out->full[i] = folded(mem, &scratch, c->table[i].full_name);
        out->name[i] = folded(mem, &scratch, c->table[i].name);
        ok = out->full[i].p && out->name[i].p;
    }
    buf_free(&scratch);
    return ok;
}

static void say_no_table(const catalog *c, sv asked, findings *f)
{
    size_t best = SIZE_MAX;
    sv nearest = {NULL, 0};
    for (size_t i = 0; i < c->tables; i++) {
        const table_info *t = &c->table[i];
        size_t full = edit_distance(asked, t->full_name), bare = edit_distance(asked, t->name);
        bool plausible = suggest_plausible(asked, t->full_name, full) || suggest_plausible(asked, t->name, bare);
        size_t d = full < bare ? full : bare;
        if (!plausible || d >= best) continue;
        best = d;
        nearest = t->full_name;
    }
    finding x = FINDING_OF(F_CLI_NO_SUCH_TABLE);
    buf advice = buf_new(8192);
    if (nearest.p) buf_printf(&advice, "Did you mean %.*s? ", (int)nearest.n, nearest.p);
    buf_str(&advice, "\"chartferry inspect\" lists every table. Nothing was written.");
    x.a = asked;
    x.b = buf_view(&advice);
    find_add(f, &x);
    buf_free(&advice);
}

static void say_ambiguous(const catalog *c, sv asked, size_t one, size_t other, findings *f)
{
    finding x = FINDING_OF(F_CLI_TABLE_AMBIGUOUS);
    buf names = buf_new(8192);
    buf_sv(&names, c->table[one].full_name);
    buf_str(&names, " or ");
    buf_sv(&names, c->table[other].full_name);
    x.a = asked;
    x.b = buf_view(&names);
    find_add(f, &x);
    buf_free(&names);
}

enum { NOT_FOUND = -1, AMBIGUOUS = -2 };

/* The only one of n names that is `wanted`. */
static int64_t only_one(const sv *name, size_t n, sv wanted, size_t *other)
{
    int64_t found = NOT_FOUND;
    for (size_t i = 0; i < n; i++) {
        if (!sv_eq(name[i], wanted)) continue;
        *other = i;
        if (found != NOT_FOUND) return AMBIGUOUS;
        found = (int64_t)i;
    }
    return found;
}

/* Exactly the full name; else the full name, else the bare one, in any letter case. */
static bool find_table(const catalog *c, const folded_names *names, sv asked, sv key, findings *f, size_t *out)
{
    size_t other = 0;
    for (size_t i = 0; i < c->tables; i++)
        if (sv_eq(c->table[i].full_name, asked)) {
            *out = i;
            return true;
        }
    const sv *looked = names->full;
    int64_t at = only_one(looked, c->tables, key, &other);
    if (at == NOT_FOUND) at = only_one(looked = names->name, c->tables, key, &other);
    if (at == NOT_FOUND) {
        say_no_table(c, asked, f);
        return false;
    }
    if (at == AMBIGUOUS) {
        size_t one = 0;
        while (!sv_eq(looked[one], key)) one++;
        say_ambiguous(c, asked, one, other, f);
        return false;
    }
    *out = (size_t)at;
    return true;
}

/* Marks the tables to take; all where none is named. */
static extract_end choose(job *j, const catalog *c, bool *take)
{
    folded_names names = {NULL, NULL};
    buf scratch = buf_new(32768);
    extract_end end = EXTRACT_DONE;
    if (j->o->tables && !fold_names(c, j->mem, &names)) end = EXTRACT_NO_MEMORY;
    for (size_t i = 0; i < c->tables; i++) take[i] = j->o->tables == 0;
    for (size_t i = 0; i < j->o->tables && end != EXTRACT_NO_MEMORY; i++) {
        sv asked = sv_from(j->o->table[i]);
        sv key = folded(j->mem, &scratch, asked);
        size_t at;
        if (!key.p)
            end = EXTRACT_NO_MEMORY;
        else if (find_table(c, &names, asked, key, j->found, &at))
            take[at] = true;
        else
            end = EXTRACT_NO_TABLE; /* go on: every wrong name is said at once */
    }
    buf_free(&scratch);
    return end;
}

static void cut_into_chunks(table_job *t, bool whole)
{
    const table_info *info = t->info;
    t->units = whole ? 0 : info->scan_units;
    t->chunk_units = 1;
    t->chunks = 1;
    if (t->units == 0) return;
    uint64_t unit_bytes = info->bytes / t->units;
    if (unit_bytes < EXTRACT_CHUNK_BYTES) t->chunk_units = EXTRACT_CHUNK_BYTES / (unit_bytes ? unit_bytes : 1);
    if (t->chunk_units > t->units) t->chunk_units = t->units;
    t->chunks = (t->units - 1) / t->chunk_units + 1;
}

/* The reader may have said itself what it cannot read; then it is not said twice. */
static bool said_already(const findings *f, sv table, sv column)
{
    for (size_t i = 0; i < findings_kinds(f); i++) {
        const finding_kind *k = findings_kind(f, i);
        if (finding_text_of(k->code)->level < SEV_LOSS || !sv_eq(k->table, table)) continue;
        for (size_t item = 0; item < k->kept; item++)
            if (sv_eq(k->item[item].column, column)) return true;
    }
    return false;
}

static void say_columns_left_out(const job *j, const table_info *t)
{
    for (size_t i = 0; i < t->columns; i++) {
        if (!t->column[i].unreadable.n || said_already(j->found, t->full_name, t->column[i].name)) continue;
        finding x = FINDING_OF(F_OUT_COLUMN_LEFT_OUT);
        x.table = t->full_name;
        x.column = t->column[i].name;
        x.a = t->column[i].unreadable;
        x.rows = t->rows_expected > 0 ? (uint64_t)t->rows_expected : 0;
        find_add(j->found, &x);
    }
}

static bool plan_columns(job *j, table_job *t)
{
    t->column = arena_array(j->mem, t->info->columns, sizeof *t->column);
    if (!t->column) return false;
    for (size_t i = 0; i < t->info->columns && i <= UINT16_MAX; i++)
        if (!t->info->column[i].unreadable.n) t->column[t->columns++] = (uint16_t)i;
    return true;
}

static bool refused(const job *j, const table_job *t)
{
    sv why = t->info->unreadable;
    if (!why.n && t->columns == 0) why = SV_LIT("none of its columns can be read");
    if (why.n && said_already(j->found, t->info->full_name, (sv){NULL, 0})) return true;
    if (why.n) {
        finding x = FINDING_OF(F_OUT_TABLE_UNSUPPORTED);
        x.table = t->info->full_name;
        x.a = why;
        x.rows = t->info->rows_expected > 0 ? (uint64_t)t->info->rows_expected : 0;
        find_add(j->found, &x);
        return true;
    }
    if (j->o->format != EXTRACT_XLSX || t->columns <= XLSX_COLUMNS_MAX) return false;
    char columns[24];
    finding x = FINDING_OF(F_OUT_XLSX_COLUMNS);
    x.table = t->info->full_name;
    x.a = (sv){columns, (size_t)snprintf(columns, sizeof columns, "%zu", t->columns)};
    x.b = SV_LIT("16384");
    find_add(j->found, &x);
    return true;
}

static bool plan_table(job *j, table_job *t, sv stem)
{
    bool xlsx = j->o->format == EXTRACT_XLSX;
    t->stem = stem;
    if (!plan_columns(j, t)) return false;
    if (refused(j, t)) {
        j->progress.tables++;
        return true;
    }
    say_columns_left_out(j, t->info);
    cut_into_chunks(t, xlsx);
    t->file = arena_printf(j->mem, "%.*s.%s", (int)stem.n, stem.p, xlsx ? "xlsx" : "csv");
    j->progress.bytes_total += t->info->bytes;
    return t->file.p != NULL;
}

extract_end plan_make(job *j, const catalog *c)
{
    bool *take = arena_array(j->mem, c->tables, sizeof *take);
    sv *stem = file_stems(c, j->mem);
    j->table = arena_array(j->mem, c->tables, sizeof *j->table);
    if (!take || !stem || !j->table) return EXTRACT_NO_MEMORY;
    extract_end end = choose(j, c, take);
    for (size_t i = 0; i < c->tables && end == EXTRACT_DONE; i++) {
        if (!take[i]) continue;
        table_job *t = &j->table[j->tables++];
        t->info = &c->table[i];
        t->index = i;
        if (!plan_table(j, t, stem[i])) end = EXTRACT_NO_MEMORY;
    }
    j->progress.tables_total = j->tables;
    return end;
}
