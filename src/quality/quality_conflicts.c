/* What no record tells by itself: dates against the patient's birth, addresses by which owners are found. */
#include "quality/quality.h"
#include "quality/quality_work.h"

typedef struct search {
    sqlite3 *work;
    findings *found;
    quality_take_conflict take;
    void *ctx;
} search;

/* Dates of what happened to a patient. */
static const struct {
    const char *entity, *field;
} happened[] = {{"clinical_exam", "exam_at"},    {"radiograph", "taken_date"},  {"diagnosis", "diagnosed_date"},
                {"treatment_plan", "plan_date"}, {"clinical_note", "noted_at"}, {"workflow_flag", "raised_date"},
                {"referral", "referral_date"},   {"document", "captured_at"},   {"letter", "letter_date"},
                {"appointment", "start_at"},     {"billing_line", "line_date"}};

static bool give(const search *s, sqlite3_stmt *st, quality_conflict *x)
{
    x->source_key = quality_text(st, 0);
    x->src_table = quality_text(st, 1);
    x->src_key = quality_text(st, 2);
    x->other = quality_text(st, 3);
    return s->take(s->ctx, x);
}

static bool before_birth(const search *s, const char *entity, const char *field, uint64_t *n)
{
    bool there = false, ok = true;
    if (!work_look(s->work, sv_from(entity), &there) || !there) return !there;
    buf sql = buf_new(SQL_BYTES_MAX);
    /* Canonical days and moments compare as their texts do: a moment of the day of birth is behind the day. By rowid and
     * sorted then (+): the few that are found cost less than all of them in the order of their keys. */
    buf_printf(&sql,
               "SELECT t.source_key, t.src_table, t.src_key, p.source_key FROM main.\"%s\" AS t "
               "JOIN main.patient AS p ON p.src_key = t.patient WHERE t.\"%s\" < p.birth_date "
               "ORDER BY +t.source_key",
               entity, field);
    sqlite3_stmt *st = work_prepare(s->work, &sql);
    quality_conflict x = {.entity = model_entity_named(sv_from(entity)), .what = "dated before birth"};
    finding told = FINDING_OF(F_QUA_BEFORE_BIRTH);
    told.table = sv_from(entity);
    int rc = SQLITE_ERROR;
    while (ok && st && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        ++*n;
        find_add(s->found, &told);
        ok = give(s, st, &x);
    }
    sqlite3_finalize(st);
    return ok && rc == SQLITE_DONE;
}

/* Each of them is told to share with the first by key, and the first with the last. */
static bool shared_emails(const search *s, uint64_t *n)
{
    bool there = false, ok = true;
    if (!work_look(s->work, SV_LIT("provider"), &there) || !there) return !there;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql,
            "SELECT t.source_key, t.src_table, t.src_key, CASE t.source_key WHEN g.first THEN g.last ELSE g.first "
            "END, g.n, t.source_key = g.first FROM main.provider AS t JOIN (SELECT lower(email) AS address, "
            "count(*) AS n, min(source_key) AS first, max(source_key) AS last FROM main.provider "
            "WHERE email IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS g ON g.address = lower(t.email) "
            "ORDER BY g.first, t.source_key");
    sqlite3_stmt *st = work_prepare(s->work, &sql);
    quality_conflict x = {.entity = model_entity_named(SV_LIT("provider")), .what = "shared e-mail address"};
    int rc = SQLITE_ERROR;
    while (ok && st && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        ++*n;
        if (sqlite3_column_int(st, 5)) find_code(s->found, F_QUA_PROVIDER_EMAIL, "%d", sqlite3_column_int(st, 4));
        ok = give(s, st, &x);
    }
    sqlite3_finalize(st);
    return ok && rc == SQLITE_DONE;
}

bool quality_each_conflict(sqlite3 *work, findings *f, quality_take_conflict take, void *ctx, quality_facts *facts)
{
    const search s = {work, f, take, ctx};
    bool there = false, ok = work_look(work, SV_LIT("patient"), &there);
    facts->before_birth = facts->shared_emails = 0;
    for (size_t i = 0; ok && there && i < sizeof happened / sizeof happened[0]; i++)
        ok = before_birth(&s, happened[i].entity, happened[i].field, &facts->before_birth);
    return ok && shared_emails(&s, &facts->shared_emails);
}
