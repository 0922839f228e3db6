#include "sample/strata.h"
#include "base/buf.h"
#include "model/work_file.h"
#include <stdio.h>

enum { SQL_BYTES_MAX = 1 << 16, STEPS_MOST = 3, PROVIDERS_MAX = 400, TABLE_MAX = 80 };

/* ---- one stratum ---- */

/* Room for one more; NULL: x has failed. */
static stratum *room(strata *x)
{
    if (x->n == x->room) {
        size_t more = x->room ? x->room * 2 : 128;
        stratum *grown = arena_array(x->mem, more, sizeof *grown);
        if (grown && x->n) memcpy(grown, x->item, x->n * sizeof *grown);
        if (!grown) x->failed = true;
        if (!grown) return NULL;
        x->item = grown;
        x->room = more;
    }
    return &x->item[x->n];
}

/* those: a SELECT of src_keys of patients, NULL: the source has no such records. With up to one text for ?1. */
static void add(strata *x, sv id, sv title, const buf *those, sv text)
{
    stratum *s = x->failed ? NULL : room(x);
    sqlite3_stmt *st = NULL;
    if (!s) return;
    *s = (stratum){.id = arena_sv(x->mem, id), .title = arena_sv(x->mem, title)};
    if (!s->id.p || !s->title.p) x->failed = true;
    if (those && those->n) {
        buf sql = buf_new(SQL_BYTES_MAX);
        buf_printf(&sql,
                   "INSERT OR IGNORE INTO " SAMPLE_STRATA " SELECT %zu, p.h, p.src_key FROM " SAMPLE_PATIENTS
                   " AS p WHERE p.src_key IN (%.*s)",
                   x->n, (int)those->n, those->p);
        buf_char(&sql, '\0');
        bool ok = !sql.failed && !those->failed && sqlite3_prepare_v2(x->work, sql.p, -1, &st, NULL) == SQLITE_OK;
        if (ok && text.p) ok = sqlite3_bind_text(st, 1, text.p, (int)text.n, SQLITE_STATIC) == SQLITE_OK;
        ok = ok && sqlite3_step(st) == SQLITE_DONE;
        if (ok) s->patients = (uint64_t)sqlite3_changes(x->work);
        sqlite3_finalize(st);
        buf_free(&sql);
        x->failed |= !ok;
    }
    x->n++;
}

static sv printed(const buf *b) { return buf_view(b); }

/* ---- whose a record is ---- */

/* Where the records of an entity are that the bundle will have. */
static const char *table_of(const strata *x, const model_entity *e, char room[TABLE_MAX])
{
    if (!x->lost_too && strcmp(e->name, "clinical_exam") == 0) return SAMPLE_EXAMS;
    snprintf(room, TABLE_MAX, "main.\"%s\"", e->name);
    return room;
}

/* A required link of the entity that leads to a patient: 0 the patient himself, SIZE_MAX none. */
static size_t link_of(const model_entity *e, unsigned steps)
{
    for (size_t k = 0; k < e->fields; k++) {
        const model_field *f = &e->field[k];
        if (f->type != FIELD_REFERENCE || !f->required) continue;
        if (strcmp(f->target, "patient") == 0) return k;
        if (steps && link_of(model_entity_named(sv_from(f->target)), steps - 1) != SIZE_MAX) return k;
    }
    return SIZE_MAX;
}

/* " FROM main.x AS t JOIN ..." into from, and what of it is the patient's src_key into key. False: no patient's, or not there. */
static bool whose(const strata *x, const model_entity *e, buf *from, buf *key)
{
    char name[TABLE_MAX];
    if (!work_has(x->work, sv_from(e->name))) return false;
    buf_printf(from, " FROM %s AS t", table_of(x, e, name));
    if (strcmp(e->name, "patient") == 0) {
        buf_str(key, "t.src_key");
        return true;
    }
    if (strcmp(e->name, "guarantor") == 0) {
        buf_str(from, " JOIN main.patient AS q ON q.guarantor = t.src_key");
        buf_str(key, "q.src_key");
        return true;
    }
    char alias[8] = "t";
    for (unsigned i = 1; i <= STEPS_MOST; i++) {
        size_t k = link_of(e, STEPS_MOST);
        if (k == SIZE_MAX) return false;
        const model_field *f = &e->field[k];
        if (strcmp(f->target, "patient") == 0) {
            buf_printf(key, "%s.\"%s\"", alias, f->name);
            return true;
        }
        e = model_entity_named(sv_from(f->target));
        if (!work_has(x->work, sv_from(e->name))) return false;
        buf_printf(from, " JOIN %s AS j%u ON j%u.src_key = %s.\"%s\"", table_of(x, e, name), i, i, alias, f->name);
        snprintf(alias, sizeof alias, "j%u", i);
    }
    return false;
}

/* "SELECT patient FROM ... " into out, with what follows; false: there is nothing to select from. */
static bool select_whose(const strata *x, const model_entity *e, const char *where, buf *out)
{
    buf from = buf_new(SQL_BYTES_MAX), key = buf_new(SQL_BYTES_MAX);
    bool ok = whose(x, e, &from, &key);
    if (ok) {
        buf_str(out, "SELECT ");
        buf_sv(out, buf_view(&key));
        buf_sv(out, buf_view(&from));
        buf_str(out, where);
    }
    out->failed |= from.failed || key.failed;
    buf_free(&from);
    buf_free(&key);
    return ok;
}

static void add_where(strata *x, sv id, sv title, const model_entity *e, const char *where, sv text)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    bool there = select_whose(x, e, where, &sql);
    add(x, id, title, there ? &sql : NULL, text);
    buf_free(&sql);
}

/* ---- by the model ---- */

/* Records of a kind: one, and several. */
static void add_kinds(strata *x)
{
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        char name[TABLE_MAX];
        buf id = buf_new(256), title = buf_new(256), sql = buf_new(SQL_BYTES_MAX);
        if (!model_field_named(e, SV_LIT("patient"))) continue;
        bool there = work_has(x->work, sv_from(e->name));
        buf_str(&id, e->name);
        buf_str(&title, e->title);
        if (there) buf_printf(&sql, "SELECT patient FROM %s", table_of(x, e, name));
        add(x, printed(&id), printed(&title), there ? &sql : NULL, (sv){NULL, 0});
        buf_str(&id, "-several");
        buf_str(&title, ": several");
        if (there) buf_str(&sql, " GROUP BY 1 HAVING count(*) > 1");
        add(x, printed(&id), printed(&title), there ? &sql : NULL, (sv){NULL, 0});
        buf_free(&id);
        buf_free(&title);
        buf_free(&sql);
    }
}

/* Each word of each enumeration. The numbering of an exam is told by its chart, not by its record. */
static void add_words(strata *x)
{
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        bool patients = strcmp(e->name, "patient") == 0 || strcmp(e->name, "guarantor") == 0;
        bool charts = strcmp(e->name, "tooth_record") == 0 || strcmp(e->name, "site_measure") == 0;
        if (charts || (!patients && link_of(e, STEPS_MOST) == SIZE_MAX)) continue;
        for (size_t k = 0; k < e->fields; k++) {
            const model_field *f = &e->field[k];
            if (f->type != FIELD_ENUM || strcmp(f->name, "numbering") == 0) continue;
            for (const char *p = f->values; *p; p += strspn(p, " ")) {
                size_t n = strcspn(p, " ");
                buf id = buf_new(256), title = buf_new(256), where = buf_new(256);
                buf_printf(&id, "%s.%s=%.*s", e->name, f->name, (int)n, p);
                buf_printf(&title, "%s: %s is %.*s", e->title, f->name, (int)n, p);
                buf_printf(&where, " WHERE t.\"%s\" = ?1", f->name);
                buf_char(&where, '\0');
                if (!where.failed) add_where(x, printed(&id), printed(&title), e, where.p, (sv){p, n});
                buf_free(&id);
                buf_free(&title);
                buf_free(&where);
                p += n;
            }
        }
    }
}

/* All links to records of an entity, of whoever they belong to: "SELECT patient ... WHERE t.link = ?1 UNION ...". */
static void select_linked(const strata *x, const char *target, buf *sql)
{
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        for (size_t k = 0; k < e->fields; k++) {
            const model_field *f = &e->field[k];
            if (f->type != FIELD_REFERENCE || strcmp(f->target, target) != 0) continue;
            buf where = buf_new(256), one = buf_new(SQL_BYTES_MAX);
            buf_printf(&where, " WHERE t.\"%s\" = ?1", f->name);
            buf_char(&where, '\0');
            if (!where.failed && select_whose(x, e, where.p, &one)) {
                if (sql->n) buf_str(sql, " UNION ");
                buf_sv(sql, buf_view(&one));
            }
            buf_free(&where);
            buf_free(&one);
        }
    }
}

/* Each provider of the practice, each location: named by its key, which says nothing of a patient. */
static void add_each(strata *x, const char *target, const char *title_of, const char *where)
{
    sqlite3_stmt *st = NULL;
    buf those = buf_new(SQL_BYTES_MAX), sql = buf_new(512);
    if (!work_has(x->work, sv_from(target))) return;
    select_linked(x, target, &those);
    buf_printf(&sql, "SELECT src_key, source_key FROM main.\"%s\" %s ORDER BY source_key LIMIT %d", target, where,
               PROVIDERS_MAX);
    buf_char(&sql, '\0');
    bool ok = !sql.failed && sqlite3_prepare_v2(x->work, sql.p, -1, &st, NULL) == SQLITE_OK;
    int rc = SQLITE_DONE;
    while (ok && !x->failed && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        sv key = {(const char *)sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0)};
        sv source_key = {(const char *)sqlite3_column_text(st, 1), (size_t)sqlite3_column_bytes(st, 1)};
        buf id = buf_new(4096), title = buf_new(4096);
        buf_printf(&id, "%s=%.*s", target, (int)source_key.n, source_key.p);
        buf_printf(&title, "%s %.*s", title_of, (int)source_key.n, source_key.p);
        add(x, printed(&id), printed(&title), &those, key);
        buf_free(&id);
        buf_free(&title);
    }
    if (!ok || rc != SQLITE_DONE) x->failed = true;
    sqlite3_finalize(st);
    buf_free(&sql);
    buf_free(&those);
}

/* ---- hard cases ---- */

/* A text of a SELECT over t. GLOB knows ranges of characters; what is no ASCII lies between U+0080 and the last one. */
#define BEYOND_ASCII  "'*[' || char(128) || '-' || char(1114111) || ']*'"
#define BEYOND_PLANE  "'*[' || char(65536) || '-' || char(1114111) || ']*'"
#define RIGHT_TO_LEFT "'*[' || char(1424) || '-' || char(1919) || ']*'"
#define NAME          "coalesce(t.first, '') || coalesce(t.last, '')"
#define ANY_TEXT                                                                                                       \
    "coalesce(t.body, '') || coalesce(t.subjective, '') || coalesce(t.objective, '') || coalesce(t.assessment, '') "   \
    "|| "                                                                                                              \
    "coalesce(t.plan, '')"

static const struct hard {
    const char *id, *title, *entity, *where;
    const char *also; /* another entity that must be there too; NULL: none */
} hard[] = {
    {"guarantor", "Somebody else pays: guarantor", "patient", "t.guarantor IS NOT NULL", NULL},
    {"guarantor-patient", "Guarantor who is another patient", "patient",
     "t.guarantor IN (SELECT g.src_key FROM main.guarantor AS g WHERE g.is_patient <> t.src_key)", "guarantor"},
    {"pays-for-others", "Pays for another patient", "patient",
     "t.src_key IN (SELECT g.is_patient FROM main.guarantor AS g JOIN main.patient AS q ON q.guarantor = g.src_key "
     "WHERE q.src_key <> g.is_patient)",
     "guarantor"},
    {"no-guarantor", "No guarantor", "patient", "t.guarantor IS NULL", NULL},
    {"two-insurers", "Dual insurance: policies of two insurers", "patient",
     "t.src_key IN (SELECT i.patient FROM main.insurance_policy AS i GROUP BY 1 HAVING count(DISTINCT i.carrier) > 1)",
     "insurance_policy"},
    {"employer", "Has an employer", "patient", "t.employer IS NOT NULL", NULL},
    {"referred", "Referred by another practice", "patient", "t.referring_organization IS NOT NULL", NULL},
    {"no-birth-date", "No date of birth", "patient", "t.birth_date IS NULL", NULL},
    {"no-email", "No e-mail address", "patient", "t.email IS NULL", NULL},
    {"no-phone", "No phone", "patient",
     "t.phone IS NULL AND t.phone_home IS NULL AND t.phone_mobile IS NULL AND t.phone_work IS NULL", NULL},
    {"no-address", "No address", "patient", "t.address_line1 IS NULL", NULL},
    {"no-provider", "No provider: an owner must be found", "patient", "t.primary_provider IS NULL", NULL},
    {"no-status", "No status", "patient", "t.status IS NULL", NULL},
    {"more-phones", "More phones than fields", "patient", "t.other_phones IS NOT NULL", NULL},
    {"more-emails", "More e-mail addresses than fields", "patient", "t.other_emails IS NOT NULL", NULL},
    {"suffix", "Name with a suffix", "patient", "t.suffix IS NOT NULL", NULL},
    {"nickname", "Name the patient goes by", "patient", "t.nickname IS NOT NULL", NULL},
    {"name-signs", "Name with an apostrophe, hyphen, blank or point", "patient",
     "(" NAME ") GLOB '*[-''. ]*' OR (" NAME ") GLOB '*' || char(8217) || '*'", NULL},
    {"name-letters", "Name with letters beyond ASCII", "patient", "(" NAME ") GLOB " BEYOND_ASCII, NULL},
    {"name-right-to-left", "Name written from right to left", "patient", "(" NAME ") GLOB " RIGHT_TO_LEFT, NULL},
    {"minor", "Born less than 18 years before the last visit", "patient",
     "t.birth_date > (SELECT date(max(e.exam_at), '-18 years') FROM " SAMPLE_EXAMS " AS e WHERE e.patient = "
     "t.src_key)",
     "clinical_exam"},
    {"foreign", "Address in another country than most", "patient",
     "t.country <> (SELECT country FROM main.patient WHERE country IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 "
     "LIMIT 1)",
     NULL},
    {"many-exams", "Ten exams and more", "patient",
     "t.src_key IN (SELECT e.patient FROM " SAMPLE_EXAMS " AS e GROUP BY 1 HAVING count(*) >= 10)", "clinical_exam"},
    {"plan-many-lines", "Treatment plan of ten lines and more", "plan_line", "1 GROUP BY t.plan HAVING count(*) >= 10",
     NULL},
    {"plan-no-lines", "Treatment plan without a line", "treatment_plan",
     "t.src_key NOT IN (SELECT l.plan FROM main.plan_line AS l)", "plan_line"},
    {"long-note", "Note of 4,000 characters and more", "clinical_note", "length(" ANY_TEXT ") >= 4000", NULL},
    {"longest-note", "Note of 32,000 characters and more", "clinical_note", "length(" ANY_TEXT ") >= 32000", NULL},
    {"html-note", "Note with a layout (RTF or HTML)", "clinical_note", "t.body_html IS NOT NULL", NULL},
    {"note-letters", "Note with letters beyond ASCII", "clinical_note", "(" ANY_TEXT ") GLOB " BEYOND_ASCII, NULL},
    {"note-emoji", "Note with characters beyond the basic plane (emoji)", "clinical_note",
     "(" ANY_TEXT ") GLOB " BEYOND_PLANE, NULL},
    {"note-quotes", "Note with quotes", "clinical_note", "instr(" ANY_TEXT ", '\"') > 0", NULL},
    {"note-lines", "Note of several lines", "clinical_note", "instr(" ANY_TEXT ", char(10)) > 0", NULL},
    {"note-formula", "Note that a spreadsheet would take for a formula", "clinical_note",
     "substr(" ANY_TEXT ", 1, 1) IN ('=', '+', '-', '@')", NULL},
    {"note-no-author", "Note without an author", "clinical_note", "t.author IS NULL", NULL},
    {"document-outside", "Document whose file lies outside of the database", "document", "t.source_path IS NOT NULL",
     NULL},
    {"document-exam", "Document of an exam", "document", "t.exam IS NOT NULL", NULL},
    {"radiograph-exam", "Radiograph of an exam", "radiograph", "t.exam IS NOT NULL", NULL},
    {"letter-document", "Letter with its text", "letter", "t.document IS NOT NULL", NULL},
    {"negative-amount", "Amount below zero", "billing_line",
     "t.charge < 0 OR t.payment < 0 OR t.adjustment < 0 OR substr(t.charge, 1, 1) = '-' OR substr(t.adjustment, 1, 1) "
     "= '-'",
     NULL},
    {"large-cost", "Plan of 10,000 and more", "treatment_plan", "CAST(t.est_cost AS REAL) >= 10000", NULL},
    {"custom-value", "Custom value of the patient", "patient",
     "t.src_key IN (SELECT c.record FROM main.custom_value AS c WHERE c.entity = 'patient')", "custom_value"},
    {"custom-finding", "Custom finding in a table of its own", "custom_finding", "1", NULL},
    {"merged", "Another patient was merged into this one", "patient",
     "t.src_key IN (SELECT m.into_key FROM main.merged AS m WHERE m.entity = 'patient')", "merged"},
};

static void add_hard(strata *x)
{
    for (size_t i = 0; i < sizeof hard / sizeof hard[0]; i++) {
        const struct hard *h = &hard[i];
        buf where = buf_new(SQL_BYTES_MAX), sql = buf_new(SQL_BYTES_MAX);
        buf_printf(&where, " WHERE %s", h->where);
        buf_char(&where, '\0');
        bool there = !where.failed && (!h->also || work_has(x->work, sv_from(h->also))) &&
                     select_whose(x, model_entity_named(sv_from(h->entity)), where.p, &sql);
        add(x, sv_from(h->id), sv_from(h->title), there ? &sql : NULL, (sv){NULL, 0});
        buf_free(&where);
        buf_free(&sql);
    }
}

/* Patients of whom there is nothing but their own record. */
static void add_bare(strata *x)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "SELECT t.src_key FROM main.patient AS t WHERE 1");
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        char name[TABLE_MAX];
        if (!model_field_named(e, SV_LIT("patient")) || !work_has(x->work, sv_from(e->name))) continue;
        buf_printf(&sql, " AND t.src_key NOT IN (SELECT patient FROM %s)", table_of(x, e, name));
    }
    add(x, SV_LIT("no-records"), SV_LIT("Patient without any record"), &sql, (sv){NULL, 0});
    buf_free(&sql);
}

/* Custom values of other records than patients. */
static void add_customs(strata *x)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    for (size_t i = 0; work_has(x->work, SV_LIT("custom_value")) && i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        buf where = buf_new(512), one = buf_new(SQL_BYTES_MAX);
        buf_printf(&where, " WHERE t.src_key IN (SELECT c.record FROM main.custom_value AS c WHERE c.entity = '%s')",
                   e->name);
        buf_char(&where, '\0');
        bool other = strcmp(e->name, "patient") != 0 && strcmp(e->name, "custom_value") != 0;
        if (other && !where.failed && select_whose(x, e, where.p, &one)) {
            if (sql.n) buf_str(&sql, " UNION ");
            buf_sv(&sql, buf_view(&one));
        }
        buf_free(&where);
        buf_free(&one);
    }
    add(x, SV_LIT("custom-value-record"), SV_LIT("Custom value of another record"), sql.n ? &sql : NULL, (sv){NULL, 0});
    buf_free(&sql);
}

/* ---- what was marked ---- */

static void add_marks(strata *x)
{
    static const struct {
        const char *id, *title;
    } mark[] = {
#define M(code, id, title) {id, title},
#include "sample/mark.def"
#undef M
    };
    for (size_t i = 0; i < SAMPLE_MARK_KINDS; i++) {
        buf sql = buf_new(SQL_BYTES_MAX);
        for (size_t k = 0; k < model_entities(); k++) {
            buf where = buf_new(512), one = buf_new(SQL_BYTES_MAX);
            buf_printf(&where,
                       " WHERE t.src_key IN (SELECT m.src_key FROM " SAMPLE_MARKS
                       " AS m WHERE m.what = %zu AND m.entity = %zu)",
                       i, k);
            buf_char(&where, '\0');
            if (!where.failed && select_whose(x, model_entity_at(k), where.p, &one)) {
                if (sql.n) buf_str(&sql, " UNION ");
                buf_sv(&sql, buf_view(&one));
            }
            buf_free(&where);
            buf_free(&one);
        }
        add(x, sv_from(mark[i].id), sv_from(mark[i].title), sql.n ? &sql : NULL, (sv){NULL, 0});
        buf_free(&sql);
    }
}

static bool make_exams(const strata *x)
{
    char sql[512];
    if (!work_has(x->work, SV_LIT("clinical_exam"))) return true;
    snprintf(sql, sizeof sql,
             "CREATE VIEW " SAMPLE_EXAMS
             " AS SELECT * FROM main.clinical_exam WHERE src_key NOT IN (SELECT m.src_key FROM " SAMPLE_MARKS
             " AS m WHERE m.what = %d)",
             (int)SAMPLE_CHART_LOST);
    return sqlite3_exec(x->work, sql, NULL, NULL, NULL) == SQLITE_OK;
}

bool strata_find(strata *x)
{
    if (!make_exams(x)) return false;
    add_kinds(x);
    add_words(x);
    add_each(x, "provider", "Provider", "WHERE is_internal IS NOT '0'");
    add_each(x, "practice_location", "Practice location", "");
    add_hard(x);
    add_bare(x);
    add_customs(x);
    x->lost_too = true;
    add_marks(x);
    return !x->failed;
}
