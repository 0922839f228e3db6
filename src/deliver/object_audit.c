#include "deliver/object_audit.h"
#include "model/model.h"

enum { KEY_BYTES_MAX = 1 << 12 };

static const char *const why_word[SKIP_WHYS] = {[SKIP_SCOPE] = AUDIT_OUT_OF_SCOPE,
                                                [SKIP_SAMPLE] = AUDIT_NO_SAMPLE,
                                                [SKIP_RULE] = AUDIT_BY_RULE,
                                                [SKIP_NOT_LATEST] = AUDIT_NOT_LATEST,
                                                [SKIP_EMPTY] = AUDIT_NOTHING};

bool object_audit_begin(object_audit *x, const destination *d, const object_template *o, const deliver_run *run)
{
    *x = (object_audit){
        .found = run->found, .chart_table = run->chart_table, .model = d->model, .exam = buf_new(KEY_BYTES_MAX)};
    if (run->audit) x->part = audit_part_of(run->audit, LEDGER_OBJECT, o->name, sv_from(o->entity->name));
    return x->part || !run->audit;
}

void object_audit_free(object_audit *x) { buf_free(&x->exam); }

/* What has gathered of the exam. */
static status put_exam(object_audit *x)
{
    audit_line l = {
        .outcome = AUDIT_WRITTEN, .records = x->written, .table = x->chart_table, .src_key = buf_view(&x->exam)};
    status s = x->written ? audit_add(x->part, &l) : ST_OK;
    x->written = 0;
    for (size_t i = 0; s == ST_OK && i < SKIP_WHYS; i++) {
        if (!x->skipped[i]) continue;
        l.outcome = AUDIT_SKIPPED;
        l.records = x->skipped[i];
        l.code = sv_from(why_word[i]);
        s = audit_add(x->part, &l);
        x->skipped[i] = 0;
    }
    return s;
}

status object_audit_exam(object_audit *x, sv exam)
{
    status s = put_exam(x);
    x->charted = exam.p != NULL;
    if (exam.n > KEY_BYTES_MAX) exam.n = KEY_BYTES_MAX; /* more than the list takes of it */
    buf_clear(&x->exam);
    buf_sv(&x->exam, exam);
    if (!x->exam.failed) return s;
    find_code(x->found, F_OUT_OF_MEMORY, "writing the audit list");
    return ST_FATAL;
}

static sv id_of(finding_code code) { return code < FINDING_CODES ? sv_from(finding_text_of(code)->id) : (sv){NULL, 0}; }

static audit_line line_of(audit_outcome outcome, const sv *value, sv key)
{
    return (audit_line){.outcome = outcome,
                        .records = 1,
                        .table = value[STAGED_SRC_TABLE],
                        .src_key = value[STAGED_SRC_KEY],
                        .key = key};
}

status object_audit_row(object_audit *x, audit_outcome outcome, const sv *value, sv key, finding_code code)
{
    if (!x->part) return ST_OK;
    if (outcome == AUDIT_WRITTEN && x->model && x->charted) {
        x->written++;
        return ST_OK;
    }
    audit_line l = line_of(outcome, value, key);
    l.code = id_of(code);
    return audit_add(x->part, &l);
}

status object_audit_value(object_audit *x, bool changed, const sv *value, sv key, sv field, finding_code code)
{
    if (!x->part) return ST_OK;
    audit_line l = line_of(changed ? AUDIT_CHANGED : AUDIT_HELD_BACK, value, key);
    l.field = field;
    l.code = id_of(code);
    return audit_add(x->part, &l);
}

status object_audit_skip(object_audit *x, const sv *value, sv key, skip_why why, uint64_t n)
{
    if (!x->part) return ST_OK;
    if (x->charted || !value) {
        x->skipped[why] += n;
        return ST_OK;
    }
    audit_line l = line_of(AUDIT_SKIPPED, value, key);
    l.records = n;
    l.code = sv_from(why_word[why]);
    return audit_add(x->part, &l);
}

void object_audit_lines(object_audit *x, uint64_t n) { x->written += n; }

void object_audit_same(object_audit *x) { x->unchanged++; }

status object_audit_merged(object_audit *x, const merged_record *m, size_t n)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < n; i++) {
        const audit_line l = {.outcome = AUDIT_MERGED,
                              .records = 1,
                              .table = m[i].table,
                              .src_key = m[i].src_key,
                              .key = m[i].key,
                              .into = m[i].into,
                              .code = SV_LIT(AUDIT_BY_DECISION)};
        s = audit_add(x->part, &l);
    }
    return s;
}

status object_audit_finish(object_audit *x)
{
    const audit_line l = {.outcome = AUDIT_UNCHANGED, .records = x->unchanged};
    status s = put_exam(x);
    if (s == ST_OK && x->unchanged) s = audit_add(x->part, &l);
    x->unchanged = 0;
    return s;
}
