#include "decide/merges.h"
#include "decide/sheet.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 1 << 16 };

/* A patient that a decision names. */
typedef struct person {
    sv key;
    size_t root;    /* of those who are one */
    size_t primary; /* of the root: who stays; SIZE_MAX: nobody said */
} person;

typedef struct decided_pair {
    size_t a, b; /* persons, a < b */
    merge_word word;
} decided_pair;

struct merges {
    person *person; /* by key */
    size_t persons;
    decided_pair *pair; /* by persons */
    size_t pairs;
};

/* ---- reading ---- */

typedef struct reading {
    const sheet *s;
    size_t key, other, decision, primary; /* columns */
    arena *mem;
    findings *found;
    merges *m;
    bool wrong;
} reading;

static void contradicts(reading *r, size_t row, const char *what)
{
    finding x = FINDING_OF(F_DEC_CONTRADICTION);
    x.path = r->s->path;
    x.line = row + 2;
    x.a = sv_from(what);
    find_add(r->found, &x);
    r->wrong = true;
}

static int by_key(const void *a, const void *b) { return sv_cmp(((const person *)a)->key, ((const person *)b)->key); }

static size_t person_of(const merges *m, sv key)
{
    const person wanted = {.key = key};
    const person *found = m->persons ? bsearch(&wanted, m->person, m->persons, sizeof wanted, by_key) : NULL;
    return found ? (size_t)(found - m->person) : SIZE_MAX;
}

static size_t root_of(const merges *m, size_t at)
{
    while (m->person[at].root != at) at = m->person[at].root = m->person[m->person[at].root].root;
    return at;
}

static bool word_of(sv text, merge_word *out)
{
    static const char *const merge[] = {"merge", "yes", "same", "merge into"}, *const keep[] = {"keep both", "keep",
                                                                                                "no"};
    *out = MERGE_UNDECIDED;
    for (size_t i = 0; i < sizeof merge / sizeof merge[0]; i++)
        if (sv_eq_nocase(text, sv_from(merge[i]))) *out = MERGE_MERGE;
    for (size_t i = 0; i < sizeof keep / sizeof keep[0]; i++)
        if (sv_eq_nocase(text, sv_from(keep[i]))) *out = MERGE_KEEP;
    return !text.n || *out != MERGE_UNDECIDED;
}

static sv cell(const reading *r, size_t row, size_t column) { return sheet_cell(r->s, row, column); }

static void list_persons(reading *r)
{
    merges *m = r->m;
    size_t n = 0;
    for (size_t i = 0; i < r->s->rows; i++) {
        m->person[n++].key = cell(r, i, r->key);
        m->person[n++].key = cell(r, i, r->other);
        m->person[n++].key = cell(r, i, r->primary);
    }
    qsort(m->person, n, sizeof *m->person, by_key);
    for (size_t i = 0; i < n; i++)
        if (m->person[i].key.n && (!m->persons || !sv_eq(m->person[m->persons - 1].key, m->person[i].key)))
            m->person[m->persons++].key = m->person[i].key;
    for (size_t i = 0; i < m->persons; i++) m->person[i].root = i, m->person[i].primary = SIZE_MAX;
}

static int by_persons(const void *a_, const void *b_)
{
    const decided_pair *a = a_, *b = b_;
    if (a->a != b->a) return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

static void list_pairs(reading *r)
{
    merges *m = r->m;
    for (size_t i = 0; i < r->s->rows; i++) {
        decided_pair p = {person_of(m, cell(r, i, r->key)), person_of(m, cell(r, i, r->other)), MERGE_UNDECIDED};
        if (!word_of(cell(r, i, r->decision), &p.word)) {
            contradicts(r, i, "the decision is neither \"merge\" nor \"keep both\"");
        } else if (p.a == SIZE_MAX || p.b == SIZE_MAX || p.a == p.b) {
            contradicts(r, i, "it does not name two patients");
        } else if (p.word != MERGE_UNDECIDED) {
            if (p.a > p.b) p = (decided_pair){p.b, p.a, p.word};
            m->pair[m->pairs++] = p;
            if (p.word == MERGE_MERGE) m->person[root_of(m, p.b)].root = root_of(m, p.a);
        }
    }
    if (m->pairs) qsort(m->pair, m->pairs, sizeof *m->pair, by_persons);
}

/* Who stays must be said, once, and be one of those who are one person. */
static void list_primaries(reading *r)
{
    merges *m = r->m;
    for (size_t i = 0; i < r->s->rows && !r->wrong; i++) {
        merge_word word;
        (void)word_of(cell(r, i, r->decision), &word);
        if (word != MERGE_MERGE) continue;
        size_t root = root_of(m, person_of(m, cell(r, i, r->key)));
        size_t primary = person_of(m, cell(r, i, r->primary));
        if (primary == SIZE_MAX)
            contradicts(r, i, "it does not say in \"primary\" which record stays");
        else if (root_of(m, primary) != root)
            contradicts(r, i, "its primary is not one of the records that are merged");
        else if (m->person[root].primary != SIZE_MAX && m->person[root].primary != primary)
            contradicts(r, i, "records that are one person have two primaries");
        else
            m->person[root].primary = primary;
    }
}

static void check_kept(reading *r)
{
    const merges *m = r->m;
    for (size_t i = 0; i < r->s->rows && !r->wrong; i++) {
        merge_word word;
        (void)word_of(cell(r, i, r->decision), &word);
        if (word != MERGE_KEEP) continue;
        size_t a = person_of(m, cell(r, i, r->key)), b = person_of(m, cell(r, i, r->other));
        if (root_of(m, a) == root_of(m, b)) contradicts(r, i, "two records are to be kept both that other rows merge");
    }
}

static bool find_columns(reading *r)
{
    static const sv key[] = {{"source_key", 10}}, other[] = {{"other_source_key", 16}}, decision[] = {{"decision", 8}},
                    primary[] = {{"primary", 7}};
    r->key = sheet_column(r->s, key, 1);
    r->other = sheet_column(r->s, other, 1);
    r->decision = sheet_column(r->s, decision, 1);
    r->primary = sheet_column(r->s, primary, 1);
    if (r->key != SIZE_MAX && r->other != SIZE_MAX && r->decision != SIZE_MAX && r->primary != SIZE_MAX) return true;
    return find_at(r->found, F_DEC_SHEET, r->s->path,
                   SV_LIT("it lacks one of the columns source_key, other_source_key, decision, primary"));
}

const merges *merges_read(const char *path, arena *mem, findings *f)
{
    sheet s;
    if (sheet_read(path, mem, &s, f) != ST_OK) return NULL;
    reading r = {.s = &s, .mem = mem, .found = f, .m = arena_alloc(mem, sizeof *r.m)};
    if (!find_columns(&r)) return NULL;
    if (r.m) {
        *r.m = (merges){.person = arena_array(mem, 3 * s.rows + 1, sizeof(person)),
                        .pair = arena_array(mem, s.rows + 1, sizeof(decided_pair))};
    }
    if (!r.m || !r.m->person || !r.m->pair) {
        find_code(f, F_OUT_OF_MEMORY, "reading the decisions");
        return NULL;
    }
    list_persons(&r);
    list_pairs(&r);
    list_primaries(&r);
    check_kept(&r);
    return r.wrong ? NULL : r.m;
}

merge_word merges_of(const merges *m, sv a, sv b)
{
    if (!m) return MERGE_UNDECIDED;
    decided_pair wanted = {person_of(m, a), person_of(m, b), MERGE_UNDECIDED};
    if (wanted.a > wanted.b) wanted = (decided_pair){wanted.b, wanted.a, MERGE_UNDECIDED};
    const decided_pair *found =
        m->pairs && wanted.b != SIZE_MAX ? bsearch(&wanted, m->pair, m->pairs, sizeof wanted, by_persons) : NULL;
    return found ? found->word : MERGE_UNDECIDED;
}

sv merges_primary(const merges *m, sv source_key)
{
    size_t at = person_of(m, source_key);
    size_t primary = at == SIZE_MAX ? SIZE_MAX : m->person[root_of(m, at)].primary;
    return primary == SIZE_MAX ? (sv){NULL, 0} : m->person[primary].key;
}

/* ---- applying ---- */

typedef struct applying {
    const merges *m;
    sqlite3 *work;
    const merge_sink *sink;
    findings *found;
    const model_entity *patient;
    bool told; /* a sink failed and has said so */
} applying;

static status failed(const applying *a)
{
    return a->told ? ST_FATAL : work_failed(a->work, a->found, "merging patients");
}

static bool run(const applying *a, const char *sql)
{
    return sqlite3_exec(a->work, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* A row for each record that goes, of those decisions whose patients are both there. */
static bool list_merged(applying *a)
{
    static const char insert[] =
        "INSERT INTO main." MERGED_TABLE " SELECT 'patient', g.src_key, g.source_key, g.src_table, s.src_key, "
        "s.source_key FROM main.patient AS g, main.patient AS s WHERE g.source_key = ?1 AND s.source_key = ?2";
    sqlite3_stmt *st = NULL;
    bool ok = run(a, "CREATE TABLE main." MERGED_TABLE " (entity TEXT, src_key TEXT, source_key TEXT, src_table TEXT, "
                     "into_key TEXT, into_source_key TEXT, PRIMARY KEY (entity, src_key)) WITHOUT ROWID") &&
              sqlite3_prepare_v2(a->work, insert, -1, &st, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < a->m->persons; i++) {
        size_t stays = a->m->person[root_of(a->m, i)].primary;
        if (stays == SIZE_MAX || stays == i) continue;
        sv goes = a->m->person[i].key, into = a->m->person[stays].key;
        ok = sqlite3_bind_text(st, 1, goes.p, (int)goes.n, SQLITE_STATIC) == SQLITE_OK &&
             sqlite3_bind_text(st, 2, into.p, (int)into.n, SQLITE_STATIC) == SQLITE_OK &&
             sqlite3_step(st) == SQLITE_DONE;
        bool none = ok && sqlite3_changes(a->work) == 0;
        ok = sqlite3_reset(st) == SQLITE_OK && ok;
        if (none) {
            finding x = FINDING_OF(F_DEC_PATIENT_ABSENT);
            x.table = SV_LIT("patient");
            find_add(a->found, &x);
        }
    }
    sqlite3_finalize(st);
    return ok;
}

static bool repoint(const applying *a)
{
    bool ok = true;
    for (size_t i = 0; ok && i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        for (size_t k = 0; ok && k < e->fields; k++) {
            const model_field *f = &e->field[k];
            if (f->type != FIELD_REFERENCE || strcmp(f->target, "patient") != 0 || !work_has(a->work, sv_from(e->name)))
                continue;
            buf sql = buf_new(SQL_BYTES_MAX);
            buf_printf(&sql,
                       "UPDATE main.\"%s\" SET \"%s\" = (SELECT into_key FROM main." MERGED_TABLE
                       " WHERE entity = 'patient' AND src_key = \"%s\") WHERE \"%s\" IN (SELECT src_key FROM "
                       "main." MERGED_TABLE " WHERE entity = 'patient')",
                       e->name, f->name, f->name, f->name);
            sqlite3_stmt *st = work_prepare(a->work, &sql);
            ok = st && sqlite3_step(st) == SQLITE_DONE;
            sqlite3_finalize(st);
        }
    }
    if (!ok || !work_has(a->work, SV_LIT("custom_value"))) return ok;
    return run(a, "UPDATE main.custom_value SET record = (SELECT into_key FROM main." MERGED_TABLE
                  " AS m WHERE m.entity = 'patient' AND m.src_key = record) WHERE entity = 'patient' AND record IN "
                  "(SELECT src_key FROM main." MERGED_TABLE " WHERE entity = 'patient')");
}

static sv text(sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (sv){p, p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

/* The field of every record that goes: taken over where the one that stays has none, told where it has another. Records
 * that go come by key, so the first one that has a value gives it. */
static bool merge_field(applying *a, const model_field *f)
{
    buf sql = buf_new(SQL_BYTES_MAX), to = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql,
               "SELECT g.src_table, g.src_key, m.into_key, g.\"%s\" FROM main." MERGED_TABLE
               " AS m JOIN main.patient AS g ON g.src_key = m.src_key WHERE m.entity = 'patient' AND g.\"%s\" IS NOT "
               "NULL ORDER BY m.src_key",
               f->name, f->name);
    buf_printf(&to, "UPDATE main.patient SET \"%s\" = ?2 WHERE src_key = ?1 AND \"%s\" IS NULL RETURNING 1", f->name,
               f->name);
    buf same = buf_new(SQL_BYTES_MAX);
    buf_printf(&same, "SELECT \"%s\" = ?2 FROM main.patient WHERE src_key = ?1", f->name);
    sqlite3_stmt *from = work_prepare(a->work, &sql), *fill = work_prepare(a->work, &to),
                 *equal = work_prepare(a->work, &same);
    bool ok = from && fill && equal;
    int rc = SQLITE_DONE;
    while (ok && (rc = sqlite3_step(from)) == SQLITE_ROW) {
        sv into = text(from, 2), value = text(from, 3);
        sqlite3_stmt *both[] = {fill, equal};
        for (size_t i = 0; i < 2; i++)
            ok = ok && sqlite3_bind_text(both[i], 1, into.p, (int)into.n, SQLITE_STATIC) == SQLITE_OK &&
                 sqlite3_bind_text(both[i], 2, value.p, (int)value.n, SQLITE_STATIC) == SQLITE_OK;
        bool filled = ok && sqlite3_step(fill) == SQLITE_ROW;
        bool differs = ok && !filled && sqlite3_step(equal) == SQLITE_ROW && sqlite3_column_int(equal, 0) == 0;
        ok = sqlite3_reset(fill) == SQLITE_OK && sqlite3_reset(equal) == SQLITE_OK && ok;
        if (!ok || !differs) continue;
        a->told = a->sink->differs(a->sink->ctx, text(from, 0), text(from, 1), f, value) != ST_OK;
        ok = !a->told;
    }
    ok = ok && rc == SQLITE_DONE;
    sqlite3_finalize(from);
    sqlite3_finalize(fill);
    sqlite3_finalize(equal);
    return ok;
}

static bool merge_fields(applying *a)
{
    bool ok = true;
    for (size_t i = 0; ok && i < a->patient->fields; i++) ok = merge_field(a, &a->patient->field[i]);
    return ok && run(a, "DELETE FROM main.patient WHERE src_key IN (SELECT src_key FROM main." MERGED_TABLE
                        " WHERE entity = 'patient')");
}

status merges_apply(const merges *m, sqlite3 *work, const merge_sink *sink, findings *f)
{
    applying a = {m, work, sink, f, model_entity_named(SV_LIT("patient")), false};
    if (!work_has(work, SV_LIT("patient"))) return ST_OK;
    bool ok = run(&a, "BEGIN") && list_merged(&a) && repoint(&a) && merge_fields(&a) && run(&a, "COMMIT");
    return ok ? ST_OK : failed(&a);
}

bool merges_each(sqlite3 *work, const model_entity *e, merges_take take, void *ctx)
{
    static const char query[] = "SELECT src_table, src_key, source_key, into_source_key FROM main." MERGED_TABLE
                                " WHERE entity = ?1 ORDER BY src_key";
    sqlite3_stmt *st = NULL;
    int rc = SQLITE_ERROR;
    if (!work_has(work, SV_LIT("merged"))) return true;
    bool ok = sqlite3_prepare_v2(work, query, -1, &st, NULL) == SQLITE_OK &&
              sqlite3_bind_text(st, 1, e->name, -1, SQLITE_STATIC) == SQLITE_OK;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW)
        ok = take(ctx, text(st, 0), text(st, 1), text(st, 2), text(st, 3));
    sqlite3_finalize(st);
    return ok && rc == SQLITE_DONE;
}
