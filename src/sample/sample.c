#include "sample/sample.h"
#include "base/digits.h"
#include "base/platform.h"
#include "deliver/list_file.h"
#include "deliver/scope.h"
#include "model/work_file.h"
#include "quality/duplicates.h"
#include "sample/strata.h"
#include <stdlib.h>

enum { TEXT_MAX = 1 << 16, NUMBER_MAX = DIGITS_U64_MAX + 1, LISTS = 2 };

/* Why a patient was chosen: for the stratum of the index, counted from one; to fill up; because he pays for another. He who would bring more
 * than there is room for is passed over. */
enum { CHOSEN_NOT = 0, CHOSEN_FILL = -1, CHOSEN_PAYER = -2, PASSED_OVER = -3 };

/* Keys of patients in the order of chance: the same one each time. */
static const char seed[] = "chartferry sample 1:";

struct sample {
    sqlite3 *work;
    findings *found;
    arena *mem;
    unsigned size;
    sqlite3_stmt *mark;
    strata strata;
    uint64_t chosen;
    bool failed;
    rejects_file file[LISTS];
    sample_facts facts;
};

static bool failed(const sample *s, const char *doing) { return work_failed(s->work, s->found, doing) == ST_OK; }

static bool run(sample *s, const char *sql) { return sqlite3_exec(s->work, sql, NULL, NULL, NULL) == SQLITE_OK; }

static void drop_tables(sample *s)
{
    (void)run(s, "DROP VIEW IF EXISTS " SAMPLE_EXAMS "; DROP TABLE IF EXISTS " SAMPLE_MARKS
                 "; DROP TABLE IF EXISTS " SAMPLE_PATIENTS "; DROP TABLE IF EXISTS " SAMPLE_STRATA);
}

sample *sample_new(sqlite3 *work, unsigned size, findings *f)
{
    sample *s = calloc(1, sizeof *s);
    if (s) *s = (sample){.work = work, .found = f, .mem = arena_new(0), .size = size};
    if (!s || !s->mem) {
        find_code(f, F_OUT_OF_MEMORY, "choosing a sample");
        sample_free(s);
        return NULL;
    }
    bool ok = run(s, "CREATE TABLE " SAMPLE_MARKS " (what INTEGER, entity INTEGER, src_key TEXT, PRIMARY KEY (what, "
                     "entity, src_key)) WITHOUT ROWID") &&
              sqlite3_prepare_v2(work, "INSERT OR IGNORE INTO " SAMPLE_MARKS " VALUES (?1, ?2, ?3)", -1, &s->mark,
                                 NULL) == SQLITE_OK;
    if (ok) return s;
    (void)failed(s, "preparing a sample");
    sample_free(s);
    return NULL;
}

void sample_free(sample *s)
{
    if (!s) return;
    sqlite3_finalize(s->mark);
    drop_tables(s);
    arena_free(s->mem);
    free(s);
}

/* ---- marks ---- */

static void mark(sample *s, sample_mark what, const model_entity *e, sv src_key)
{
    bool ok = sqlite3_bind_int(s->mark, 1, (int)what) == SQLITE_OK &&
              sqlite3_bind_int(s->mark, 2, (int)model_entity_index(e)) == SQLITE_OK &&
              sqlite3_bind_text(s->mark, 3, src_key.n ? src_key.p : "", (int)src_key.n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(s->mark) == SQLITE_DONE;
    s->failed |= sqlite3_reset(s->mark) != SQLITE_OK || !ok;
}

void sample_held_back(sample *s, const model_entity *e, sv src_key) { mark(s, SAMPLE_HELD_BACK, e, src_key); }

void sample_rejected(sample *s, sv patient)
{
    mark(s, SAMPLE_REJECTED, model_entity_named(SV_LIT("patient")), patient);
}

static void mark_site(bool has[SAMPLE_MARK_KINDS], const chart_site *x)
{
    has[SAMPLE_CHART_MARGIN] |= x->recession != CHART_NONE && x->recession < 0;
    has[SAMPLE_CHART_DEEP] |= x->pd != CHART_NONE && x->pd >= 100;
    has[SAMPLE_CHART_HALF] |= x->pd != CHART_NONE && x->pd % 10 != 0;
    has[SAMPLE_CHART_SUPPURATION] |= x->suppuration == 1;
    has[SAMPLE_CHART_CAL] |= x->cal_source != CHART_NONE && x->cal != CHART_NONE && x->cal_source != x->cal;
}

static void mark_tooth(bool has[SAMPLE_MARK_KINDS], const chart_tooth *t)
{
    has[SAMPLE_CHART_SUPERNUMERARY] |= t->tooth.supernumerary;
    has[SAMPLE_CHART_PRIMARY] |= t->status == TOOTH_PRIMARY || t->tooth.fdi >= 50;
    has[SAMPLE_CHART_IMPLANT] |= t->status == TOOTH_IMPLANT;
    has[SAMPLE_CHART_MISSING] |= t->status == TOOTH_MISSING;
    has[SAMPLE_CHART_UNERUPTED] |= t->status == TOOTH_UNERUPTED;
    has[SAMPLE_CHART_PONTIC] |= t->status == TOOTH_PONTIC;
    has[SAMPLE_CHART_CONFLICT] |= t->conflict;
    has[SAMPLE_CHART_MOBILITY] |= t->mobility != CHART_NONE && t->mobility > 0;
    has[SAMPLE_CHART_NOTE] |= t->note.n > 0;
    has[SAMPLE_CHART_CUSTOM] |= t->customs > 0;
    for (size_t i = 0; i < 4; i++) has[SAMPLE_CHART_FURCATION] |= t->furcation[i].grade > 0;
    for (size_t i = 0; i < SITES; i++) mark_site(has, &t->site[i]);
}

void sample_chart(sample *s, const exam_chart *x)
{
    const model_entity *exam = model_entity_named(SV_LIT("clinical_exam"));
    bool has[SAMPLE_MARK_KINDS] = {false};
    has[SAMPLE_CHART] = x->teeth > 0;
    has[SAMPLE_CHART_FDI] = x->numbering == TOOTH_FDI;
    has[SAMPLE_CHART_UNIVERSAL] = x->numbering == TOOTH_UNIVERSAL;
    has[SAMPLE_CHART_PALMER] = x->numbering == TOOTH_PALMER;
    has[SAMPLE_CHART_HADERUP] = x->numbering == TOOTH_HADERUP;
    has[SAMPLE_CHART_ASSUMED] = x->numbering_assumed;
    has[SAMPLE_CHART_TWICE] = x->duplicate_of.n > 0;
    has[SAMPLE_CHART_CUSTOM] = x->customs > 0;
    for (size_t i = 0; i < x->teeth; i++) mark_tooth(has, &x->tooth[i]);
    for (size_t i = 0; i < SAMPLE_MARK_KINDS; i++)
        if (has[i]) mark(s, (sample_mark)i, exam, x->exam);
}

void sample_chart_reject(sample *s, const chart_reject *x)
{
    sample_mark what = x->whole_exam ? SAMPLE_CHART_LOST : x->held_back ? SAMPLE_CHART_HELD_BACK : SAMPLE_CHART_ROW;
    if (x->exam.n) mark(s, what, model_entity_named(SV_LIT("clinical_exam")), x->exam);
}

/* ---- candidates ---- */

static uint64_t chance(sv source_key)
{
    uint64_t h = sv_hash(sv_from(seed));
    for (size_t i = 0; i < source_key.n; i++) h = (h ^ (uint8_t)source_key.p[i]) * UINT64_C(1099511628211);
    h = (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    h = (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return (h ^ h >> 32) >> 1; /* SQLite's integers have a sign */
}

static void sql_chance(sqlite3_context *c, int n, sqlite3_value **v)
{
    (void)n;
    sv key = {(const char *)sqlite3_value_text(v[0]), (size_t)sqlite3_value_bytes(v[0])};
    sqlite3_result_int64(c, (sqlite3_int64)chance(key));
}

static bool make_candidates(sample *s)
{
    static const char name[] = "sample_chance";
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    bool ok =
        sqlite3_create_function(s->work, name, 1, flags, NULL, sql_chance, NULL, NULL) == SQLITE_OK &&
        run(s, "CREATE TABLE " SAMPLE_PATIENTS " (src_key TEXT PRIMARY KEY, source_key TEXT, h INTEGER, chosen INTEGER "
               "DEFAULT 0) WITHOUT ROWID") &&
        run(s, "INSERT INTO " SAMPLE_PATIENTS " (src_key, source_key, h) SELECT src_key, source_key, "
               "sample_chance(source_key) FROM main.patient AS p WHERE NOT EXISTS (SELECT 1 FROM " OUT_TABLE
               " WHERE entity = 'patient' AND src_key = p.src_key)") &&
        run(s, "CREATE TABLE " SAMPLE_STRATA " (stratum INTEGER, h INTEGER, src_key TEXT, PRIMARY KEY (stratum, h, "
               "src_key)) WITHOUT ROWID");
    /* The authorizer of nobody needs it again. */
    (void)sqlite3_create_function(s->work, name, 1, flags, NULL, NULL, NULL, NULL);
    return ok;
}

static bool mark_duplicates(sample *s)
{
    const model_entity *patient = model_entity_named(SV_LIT("patient"));
    sqlite3_stmt *key = NULL;
    duplicates d = {0};
    /* What is odd about them is told where they are listed. */
    if (duplicates_find(s->work, NULL, &d) != ST_OK) return failed(s, "looking for duplicates");
    bool ok = sqlite3_prepare_v2(s->work, "SELECT src_key FROM main.patient WHERE source_key = ?1", -1, &key, NULL) ==
              SQLITE_OK;
    for (size_t i = 0; ok && i < d.pairs; i++) {
        const sv both[] = {d.pair[i].a, d.pair[i].b};
        for (size_t k = 0; ok && k < 2; k++) {
            ok = sqlite3_bind_text(key, 1, both[k].p, (int)both[k].n, SQLITE_STATIC) == SQLITE_OK &&
                 sqlite3_step(key) == SQLITE_ROW;
            sv src_key = {(const char *)sqlite3_column_text(key, 0), (size_t)sqlite3_column_bytes(key, 0)};
            bool certain = d.pair[i].level == DUPLICATE_CERTAIN;
            if (ok) mark(s, certain ? SAMPLE_DUPLICATE : SAMPLE_DUPLICATE_POSSIBLE, patient, src_key);
            (void)sqlite3_reset(key);
        }
    }
    sqlite3_finalize(key);
    duplicates_free(&d);
    return ok || failed(s, "looking for duplicates");
}

/* ---- the choice ---- */

typedef struct chooser {
    sample *s;
    sqlite3_stmt *next, *fill, *choose, *strata_of, *put, *payers; /* payers NULL: nobody pays for another */
    bool failed;
} chooser;

static bool prepare(chooser *c)
{
    static const char payers[] =
        "WITH RECURSIVE payer (k) AS (SELECT g.is_patient FROM main.patient AS p JOIN main.guarantor AS g ON g.src_key "
        "= "
        "p.guarantor WHERE p.src_key = ?1 UNION SELECT g.is_patient FROM payer JOIN main.patient AS p ON p.src_key = "
        "payer.k JOIN main.guarantor AS g ON g.src_key = p.guarantor) SELECT s.src_key FROM payer JOIN " SAMPLE_PATIENTS
        " AS s ON s.src_key = payer.k WHERE s.chosen = 0 AND s.src_key <> ?1";
    const struct {
        sqlite3_stmt **st;
        const char *sql;
    } all[] = {
        {&c->next,
         "SELECT i.src_key FROM " SAMPLE_STRATA " AS i JOIN " SAMPLE_PATIENTS
         " AS p ON p.src_key = i.src_key WHERE i.stratum = ?1 AND p.chosen = 0 ORDER BY i.h, i.src_key LIMIT 1"},
        {&c->fill, "SELECT src_key FROM " SAMPLE_PATIENTS " WHERE chosen = 0 ORDER BY h, src_key LIMIT 1"},
        {&c->choose, "UPDATE " SAMPLE_PATIENTS " SET chosen = ?2 WHERE src_key = ?1"},
        {&c->strata_of, "SELECT stratum FROM " SAMPLE_STRATA " WHERE src_key = ?1"},
        {&c->put, "INSERT INTO " CHOSEN_TABLE " VALUES (?1)"},
    };
    bool ok = run(c->s, "CREATE INDEX main.\"sample:strata of\" ON \"sample:in\" (src_key, stratum)") &&
              run(c->s, "CREATE INDEX main.\"sample:order\" ON \"sample:patient\" (chosen, h, src_key)");
    for (size_t i = 0; ok && i < sizeof all / sizeof all[0]; i++)
        ok = sqlite3_prepare_v2(c->s->work, all[i].sql, -1, all[i].st, NULL) == SQLITE_OK;
    if (ok && work_has(c->s->work, SV_LIT("guarantor")))
        ok = sqlite3_prepare_v2(c->s->work, payers, -1, &c->payers, NULL) == SQLITE_OK;
    return ok;
}

static bool bind_key(sqlite3_stmt *st, sv key)
{
    return sqlite3_bind_text(st, 1, key.n ? key.p : "", (int)key.n, SQLITE_STATIC) == SQLITE_OK;
}

static bool step_once(sqlite3_stmt *st)
{
    bool ok = sqlite3_step(st) == SQLITE_DONE;
    return sqlite3_reset(st) == SQLITE_OK && ok;
}

static bool set_chosen(const chooser *c, sv key, int64_t why)
{
    return bind_key(c->choose, key) && sqlite3_bind_int64(c->choose, 2, why) == SQLITE_OK && step_once(c->choose);
}

static void take(chooser *c, sv key, int64_t why)
{
    sample *s = c->s;
    int rc = SQLITE_ERROR;
    bool ok = set_chosen(c, key, why) && bind_key(c->put, key) && step_once(c->put) && bind_key(c->strata_of, key);
    while (ok && (rc = sqlite3_step(c->strata_of)) == SQLITE_ROW)
        s->strata.item[sqlite3_column_int64(c->strata_of, 0)].chosen++;
    ok = ok && rc == SQLITE_DONE && sqlite3_reset(c->strata_of) == SQLITE_OK;
    s->chosen++;
    c->failed |= !ok;
}

/* Patients who pay for him, and for those, and are not in the sample yet: they come with him. */
static bool find_payers(const chooser *c, sv key, sv **out, size_t *n)
{
    enum { PAYERS_MAX = 64 };
    int rc = SQLITE_DONE;
    *n = 0;
    *out = arena_array(c->s->mem, PAYERS_MAX, sizeof **out);
    if (!*out || !c->payers) return *out != NULL;
    if (!bind_key(c->payers, key)) return false;
    while (*n < PAYERS_MAX && (rc = sqlite3_step(c->payers)) == SQLITE_ROW) {
        sv found = {(const char *)sqlite3_column_text(c->payers, 0), (size_t)sqlite3_column_bytes(c->payers, 0)};
        (*out)[*n] = arena_sv(c->s->mem, found);
        if (!(*out)[(*n)++].p) return false;
    }
    return sqlite3_reset(c->payers) == SQLITE_OK && (rc == SQLITE_DONE || rc == SQLITE_ROW);
}

/* The patient of the statement's first row, for that reason. False: there is none left, or c has failed. */
static bool choose_one(chooser *c, sqlite3_stmt *from, int64_t why)
{
    sample *s = c->s;
    int rc = sqlite3_step(from);
    sv found = {(const char *)sqlite3_column_text(from, 0), (size_t)sqlite3_column_bytes(from, 0)};
    sv key = rc == SQLITE_ROW ? arena_sv(s->mem, found) : (sv){NULL, 0};
    (void)sqlite3_reset(from);
    c->failed |= (rc != SQLITE_ROW && rc != SQLITE_DONE) || (rc == SQLITE_ROW && !key.p);
    if (rc != SQLITE_ROW || c->failed) return false;
    sv *with = NULL;
    size_t n = 0;
    if (!find_payers(c, key, &with, &n)) c->failed = true;
    if (c->failed) return false;
    if (n + 1 > s->size - s->chosen) {
        c->failed |= !set_chosen(c, key, PASSED_OVER);
        return !c->failed;
    }
    take(c, key, why);
    for (size_t i = 0; i < n && !c->failed; i++) take(c, with[i], CHOSEN_PAYER);
    return !c->failed;
}

typedef struct ranked {
    uint64_t patients;
    size_t at;
} ranked;

static int rarest_first(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->patients != y->patients) return x->patients < y->patients ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* So many of each stratum, as long as fewer than `most` are chosen. */
static void choose_each(chooser *c, const ranked *order, uint64_t of_each, uint64_t most)
{
    strata *x = &c->s->strata;
    for (size_t i = 0; i < x->n && !c->failed; i++) {
        const stratum *t = &x->item[order[i].at];
        if (t->chosen >= of_each || c->s->chosen >= most) continue;
        c->failed |= sqlite3_bind_int64(c->next, 1, (sqlite3_int64)order[i].at) != SQLITE_OK;
        while (t->chosen < of_each && c->s->chosen < most && choose_one(c, c->next, (int64_t)order[i].at + 1)) {}
    }
}

/* One of each, then a second one as long as half of the sample is left for patients as they come. */
static bool choose_all(sample *s)
{
    chooser c = {.s = s};
    ranked *order = arena_array(s->mem, s->strata.n + 1, sizeof *order);
    bool ok = order && prepare(&c);
    for (size_t i = 0; ok && i < s->strata.n; i++) order[i] = (ranked){s->strata.item[i].patients, i};
    if (ok) {
        qsort(order, s->strata.n, sizeof *order, rarest_first);
        choose_each(&c, order, 1, s->size);
        choose_each(&c, order, 2, s->size / 2);
        while (s->chosen < s->size && choose_one(&c, c.fill, CHOSEN_FILL)) {}
    }
    sqlite3_stmt *const all[] = {c.next, c.fill, c.choose, c.strata_of, c.put, c.payers};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) sqlite3_finalize(all[i]);
    return ok && !c.failed;
}

bool sample_choose(void *ctx, sqlite3 *work)
{
    sample *s = ctx;
    static const char doing[] = "choosing a sample";
    if (!work_has(s->work, SV_LIT("patient"))) {
        find_code(s->found, F_SAMPLE_NO_PATIENTS, "%s", "");
        return false;
    }
    s->strata = (strata){.work = work, .mem = s->mem};
    if (s->failed || !make_candidates(s)) return failed(s, doing);
    if (!mark_duplicates(s)) return false;
    if (s->failed || !strata_find(&s->strata) || !choose_all(s)) return failed(s, doing);
    return true;
}

/* ---- the lists ---- */

static sv number(uint64_t n, char room[NUMBER_MAX]) { return (sv){room, digits_u64(n, room)}; }

static sv text_at(sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (sv){p, p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

static void add_title(const sample *s, int64_t at, buf *out)
{
    if (out->n) buf_str(out, "; ");
    buf_sv(out, s->strata.item[at].title);
}

/* All strata of a patient but the one that he was chosen for. */
static bool other_strata(const sample *s, sqlite3_stmt *st, sv src_key, int64_t but, buf *out)
{
    int rc = SQLITE_ERROR;
    buf_clear(out);
    if (!bind_key(st, src_key)) return false;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        if (sqlite3_column_int64(st, 0) != but) add_title(s, sqlite3_column_int64(st, 0), out);
    return sqlite3_reset(st) == SQLITE_OK && rc == SQLITE_DONE && !out->failed;
}

static status list_patients(sample *s, list_file *list)
{
    static const char all[] =
        "SELECT p.source_key, p.src_key, coalesce(c.chosen, 0) FROM " SAMPLE_TABLE " AS r JOIN main.patient AS p ON "
        "p.src_key = r.src_key LEFT JOIN " SAMPLE_PATIENTS
        " AS c ON c.src_key = p.src_key WHERE r.entity = 'patient' ORDER BY "
        "p.source_key";
    sqlite3_stmt *st = NULL, *of = NULL;
    buf others = buf_new(TEXT_MAX);
    bool ok = sqlite3_prepare_v2(s->work, all, -1, &st, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(s->work, "SELECT stratum FROM " SAMPLE_STRATA " WHERE src_key = ?1 ORDER BY stratum",
                                 -1, &of, NULL) == SQLITE_OK;
    status r = ST_OK;
    int rc = SQLITE_DONE;
    while (ok && r == ST_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        int64_t why = sqlite3_column_int64(st, 2);
        sv reason = why > 0               ? s->strata.item[why - 1].title
                    : why == CHOSEN_FILL  ? SV_LIT("from all over the practice")
                    : why == CHOSEN_PAYER ? SV_LIT("pays for another patient of the sample")
                                          : SV_LIT("came along: a record of the sample points here");
        s->facts.came_along += why == CHOSEN_NOT || why == PASSED_OVER;
        ok = other_strata(s, of, text_at(st, 1), why - 1, &others);
        const sv cell[] = {text_at(st, 0), text_at(st, 1), reason, buf_view(&others)};
        if (ok) r = list_file_row(list, cell, 4);
    }
    sqlite3_finalize(st);
    sqlite3_finalize(of);
    buf_free(&others);
    if (r != ST_OK || (ok && rc == SQLITE_DONE)) return r;
    (void)failed(s, "listing the sample");
    return ST_FATAL;
}

static status list_strata(sample *s, list_file *list)
{
    status r = ST_OK;
    for (size_t i = 0; r == ST_OK && i < s->strata.n; i++) {
        const stratum *t = &s->strata.item[i];
        char room[2][NUMBER_MAX];
        bool absent = !t->patients, covered = t->chosen > 0;
        s->facts.absent += absent;
        s->facts.covered += covered;
        s->facts.left_out += !absent && !covered;
        const sv cell[] = {t->id, t->title, number(t->patients, room[0]), number(t->chosen, room[1]),
                           absent    ? SV_LIT("none in this practice")
                           : covered ? SV_LIT("in the sample")
                                     : SV_LIT("not in the sample: no room")};
        r = list_file_row(list, cell, sizeof cell / sizeof cell[0]);
    }
    return r;
}

static void tell(const sample *s)
{
    char room[2][NUMBER_MAX];
    finding x = FINDING_OF(F_SAMPLE_ABSENT);
    x.a = number(s->facts.absent, room[0]);
    x.b = number(s->facts.strata, room[1]);
    if (s->facts.absent) find_add(s->found, &x);
    x = FINDING_OF(F_SAMPLE_TOO_SMALL);
    x.a = number(s->facts.left_out, room[0]);
    if (s->facts.left_out) find_add(s->found, &x);
}

static bool make_folder(sample *s, const char *folder)
{
    const char *why = "out of memory";
    sv path = arena_printf(s->mem, "%s/" SAMPLE_FOLDER, folder);
    if (path.p && os_make_folder(path.p, &why)) return true;
    return find_at(s->found, F_OUT_CREATE_FAILED, path, sv_from(why));
}

status sample_write(sample *s, const char *folder, const rejects_file **file, size_t *n)
{
    static const struct {
        sv path;
        const char *heading;
        status (*rows)(sample *s, list_file *list);
    } form[LISTS] = {
        {{SAMPLE_FOLDER "/sample.csv", sizeof SAMPLE_FOLDER "/sample.csv" - 1},
         "patient,src_key,chosen_for,also",
         list_patients},
        {{SAMPLE_FOLDER "/strata.csv", sizeof SAMPLE_FOLDER "/strata.csv" - 1},
         "stratum,title,patients_in_practice,patients_chosen,state",
         list_strata},
    };
    s->facts = (sample_facts){.asked = s->size, .chosen = s->chosen, .strata = s->strata.n};
    *n = 0;
    *file = s->file;
    if (folder && !make_folder(s, folder)) return ST_FATAL;
    for (size_t i = 0; i < LISTS; i++) {
        list_file *list = list_file_new(folder, form[i].path, form[i].heading, s->found);
        if (!list) return ST_FATAL;
        status r = form[i].rows(s, list);
        if (r != ST_OK) {
            list_file_abandon(list);
            return r;
        }
        if (list_file_close(list, &s->file[i]) != ST_OK) return ST_FATAL;
        *n += folder != NULL;
    }
    tell(s);
    return ST_OK;
}

sample_facts sample_facts_of(const sample *s) { return s->facts; }
