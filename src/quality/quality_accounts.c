/* A guarantor who is a patient becomes no record of his own where a CRM keeps people once; what only the account says of
 * him would be gone unseen. */
#include "quality/quality.h"
#include "quality/quality_work.h"

/* Facts about the account, not about the person. */
static bool is_of_the_account(const char *field)
{
    static const char *const of_account[] = {"billing_type", "relationship", "is_patient", "created_at", "modified_at"};
    for (size_t i = 0; i < sizeof of_account / sizeof of_account[0]; i++)
        if (strcmp(field, of_account[i]) == 0) return true;
    return false;
}

/* A number that the patient has under another name of phone is not lost. */
static void patient_has_it(buf *sql, const model_field *f)
{
    static const char *const phones[] = {"phone_home", "phone_mobile", "phone_work"};
    bool phone = f->concern && strcmp(f->concern, "phone") == 0;
    if (!phone) buf_printf(sql, "g.\"%s\" IS p.\"%s\"", f->name, f->name);
    for (size_t i = 0; phone && i < sizeof phones / sizeof phones[0]; i++)
        buf_printf(sql, "%sg.\"%s\" IS p.\"%s\"", i ? " OR " : "", f->name, phones[i]);
}

static bool differing(sqlite3 *work, const model_field *f, findings *found, quality_take_account take, void *ctx,
                      uint64_t *n)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql,
               "SELECT g.source_key, g.src_table, g.src_key, p.source_key, g.\"%s\", p.\"%s\" FROM main.guarantor AS g "
               "JOIN main.patient AS p ON p.src_key = g.is_patient WHERE g.\"%s\" IS NOT NULL AND NOT (",
               f->name, f->name, f->name);
    patient_has_it(&sql, f);
    buf_str(&sql, ") ORDER BY +g.source_key");
    sqlite3_stmt *st = work_prepare(work, &sql);
    finding told = FINDING_OF(F_QUA_ACCOUNT_DIFFERS);
    told.column = sv_from(f->name);
    int rc = SQLITE_ERROR;
    bool ok = true;
    while (ok && st && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        const quality_account x = {.field = f,
                                   .source_key = quality_text(st, 0),
                                   .src_table = quality_text(st, 1),
                                   .src_key = quality_text(st, 2),
                                   .patient = quality_text(st, 3),
                                   .account_value = quality_text(st, 4),
                                   .patient_value = quality_text(st, 5)};
        ++*n;
        find_add(found, &told);
        ok = take(ctx, &x);
    }
    sqlite3_finalize(st);
    return ok && rc == SQLITE_DONE;
}

bool quality_each_account(sqlite3 *work, findings *f, quality_take_account take, void *ctx, quality_facts *facts)
{
    const model_entity *guarantor = model_entity_named(SV_LIT("guarantor")),
                       *patient = model_entity_named(SV_LIT("patient"));
    bool patients = false, guarantors = false;
    facts->accounts_differ = 0;
    if (!work_look(work, SV_LIT("patient"), &patients) || !work_look(work, SV_LIT("guarantor"), &guarantors))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && patients && guarantors && i < guarantor->fields; i++) {
        const model_field *field = &guarantor->field[i];
        if (is_of_the_account(field->name) || !model_field_named(patient, sv_from(field->name))) continue;
        ok = differing(work, field, f, take, ctx, &facts->accounts_differ);
    }
    return ok;
}
