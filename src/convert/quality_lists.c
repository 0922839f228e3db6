#include "convert/quality_lists.h"
#include "base/digits.h"
#include "base/platform.h"
#include "convert/chart_tally.h"
#include "convert/quality_duplicates.h"
#include "model/work_file.h"
#include "quality/guarantor.h"
#include <stdlib.h>

enum { CELLS_MAX = 12, TOTAL_BYTES_MAX = 256, NUMBER_MAX = DIGITS_U64_MAX + 1 };

typedef enum list_kind {
    LIST_COUNTS,
    LIST_MISSING,
    LIST_DATES,
    LIST_TEETH,
    LIST_EXAMS,
    LIST_CUSTOM,
    LIST_FIELDS,
    LIST_LEFT,
    LIST_DUPLICATES,
    LIST_GUARANTORS,
    LIST_ACCOUNTS,
    LIST_CONFLICTS,
    LIST_TOTALS,
    LISTS
} list_kind;

static const struct {
    sv path;
    const char *heading;
} form[LISTS] = {
    [LIST_COUNTS] = {{"quality/counts.csv", 18}, "entity,records"},
    [LIST_MISSING] = {{"quality/missing.csv", 19}, "source_key,src_table,src_key,missing"},
    [LIST_DATES] = {{"quality/malformed_dates.csv", 27}, "entity,src_table,src_key,field,value,outcome,code"},
    [LIST_TEETH] = {{"quality/ambiguous_teeth.csv", 27}, "exam,src_key,column,value,outcome,code"},
    [LIST_EXAMS] = {{"quality/numbering_assumed.csv", 29}, "exam,numbering"},
    [LIST_CUSTOM] = {{"quality/custom_fields.csv", 25}, "entity,name,type,records,distinct,more"},
    [LIST_FIELDS] = {{"quality/fields.csv", 18}, "entity,field,filled,kept,changed,held_back"},
    [LIST_LEFT] = {{"quality/left_behind.csv", 23}, "table,column,rows,filled,carried,why"},
    [LIST_DUPLICATES] = {{"quality/duplicates.csv", 22}, DUPLICATES_HEADING},
    [LIST_GUARANTORS] = {{"quality/guarantors.csv", 22}, "source_key,src_key,guarantor,what,patients"},
    [LIST_ACCOUNTS] = {{"quality/account_values.csv", 26},
                       "source_key,src_table,src_key,patient,field,account_value,patient_value"},
    [LIST_CONFLICTS] = {{"quality/conflicts.csv", 21}, "entity,source_key,src_table,src_key,what,other_source_key"},
    [LIST_TOTALS] = {{"quality/totals.csv", 18}, "entity,field,filled,sum,least,most"},
};

/* A list that grows in its arena. */
typedef struct kept_list {
    void *item;
    size_t n, room;
} kept_list;

struct quality_lists {
    arena *mem;
    findings *found;
    list_file *list[LISTS];
    quality_customs *customs;
    kept_list field, left, part;
    quality_facts facts;
    rejects_file file[LISTS];
    size_t files;
    bool dry;
    bool row_failed; /* a row of a list, given by a callback, could not be written */
};

static status no_memory(const quality_lists *q)
{
    find_code(q->found, F_OUT_OF_MEMORY, "counting what the data lacks");
    return ST_FATAL;
}

static bool make_folder(quality_lists *q, const char *folder)
{
    const char *why = "out of memory";
    sv path = arena_printf(q->mem, "%s/quality", folder);
    if (path.p && os_make_folder(path.p, &why)) return true;
    return find_at(q->found, F_OUT_CREATE_FAILED, path, sv_from(why));
}

quality_lists *quality_lists_new(const char *folder, findings *f)
{
    quality_lists *q = calloc(1, sizeof *q);
    if (q) {
        q->found = f;
        q->mem = arena_new(0);
        q->customs = quality_customs_new();
        q->dry = folder == NULL;
    }
    if (!q || !q->mem || !q->customs) {
        find_code(f, F_OUT_OF_MEMORY, "counting what the data lacks");
        quality_lists_free(q);
        return NULL;
    }
    bool ok = !folder || make_folder(q, folder);
    for (size_t i = 0; ok && i < LISTS; i++) {
        q->list[i] = list_file_new(folder, form[i].path, form[i].heading, f);
        ok = q->list[i] != NULL;
    }
    if (ok) return q;
    quality_lists_free(q);
    return NULL;
}

void quality_lists_free(quality_lists *q)
{
    if (!q) return;
    for (size_t i = 0; i < LISTS; i++) list_file_abandon(q->list[i]);
    quality_customs_free(q->customs);
    arena_free(q->mem);
    free(q);
}

/* ---- what passes by ---- */

static bool is_date(const profile_reject *x)
{
    const model_field *f = x->field.n ? model_field_named(x->entity, x->field) : NULL;
    return f && (f->type == FIELD_DATE || f->type == FIELD_DATETIME) && x->value.n;
}

static sv outcome(bool held_back) { return held_back ? SV_LIT("held back") : SV_LIT("row left out"); }

static status list_date(quality_lists *q, const profile_reject *x)
{
    const sv cell[] = {sv_from(x->entity->name), x->src_table,    x->src_key, x->field, x->value,
                       outcome(x->held_back),    sv_from(x->code)};
    q->facts.malformed_dates++;
    return list_file_row(q->list[LIST_DATES], cell, sizeof cell / sizeof cell[0]);
}

status quality_chart(quality_lists *q, const exam_chart *x)
{
    bool ok = true;
    q->facts.exams++;
    chart_tally(&q->facts.charts, x);
    for (size_t i = 0; ok && i < x->teeth; i++)
        for (size_t k = 0; ok && k < x->tooth[i].customs; k++) {
            const chart_custom *c = &x->tooth[i].custom[k];
            ok = quality_customs_add(q->customs, SV_LIT("custom_finding"), c->name, chart_custom_type(c->type),
                                     c->value);
        }
    if (!ok) return no_memory(q);
    if (!x->numbering_assumed) return ST_OK;
    const sv cell[] = {x->exam, sv_from(tooth_system_name(x->numbering))};
    q->facts.exams_assumed++;
    return list_file_row(q->list[LIST_EXAMS], cell, 2);
}

/* Other rows and values of charts that were left out are in the rejects and exceptions. */
static bool is_about_teeth(finding_code code)
{
    return code == F_CHART_TOOTH_INVALID || code == F_CHART_NUMBERING_MIXED || code == F_CHART_NUMBERING_CONTRADICTED ||
           code == F_CHART_NUMBERING_UNKNOWN;
}

status quality_chart_reject(quality_lists *q, const chart_reject *x)
{
    if (!is_about_teeth(x->code)) return ST_OK;
    const sv cell[] = {
        x->exam, x->src_key, x->column, x->value, outcome(x->held_back), sv_from(finding_text_of(x->code)->id)};
    if (x->whole_exam)
        q->facts.exams_left_out++;
    else
        q->facts.ambiguous_teeth++;
    return list_file_row(q->list[LIST_TEETH], cell, sizeof cell / sizeof cell[0]);
}

static void *add_item(quality_lists *q, kept_list *l, size_t size)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        void *item = arena_array(q->mem, room, size);
        if (!item) return NULL;
        if (l->n) memcpy(item, l->item, l->n * size);
        l->item = item;
        l->room = room;
    }
    return (char *)l->item + size * l->n++;
}

/* The line of a field, made when it is not there. */
static quality_field *field_of(quality_lists *q, const model_entity *e, const model_field *f)
{
    quality_field *all = q->field.item;
    for (size_t i = 0; i < q->field.n; i++)
        if (all[i].entity == e && all[i].field == f) return &all[i];
    quality_field *new = add_item(q, &q->field, sizeof *new);
    if (new) *new = (quality_field){.entity = e, .field = f};
    return new;
}

/* Of the SELECTs that an entity has, each is counted once, at the first of its fields. */
typedef struct part_records {
    const profile_entity *part;
    uint64_t records;
} part_records;

static bool count_part(quality_lists *q, const profile_tally *x)
{
    const part_records *all = q->part.item;
    for (size_t i = 0; i < q->part.n; i++)
        if (all[i].part == x->part) return true;
    part_records *new = add_item(q, &q->part, sizeof *new);
    if (new) *new = (part_records){x->part, x->records};
    return new != NULL;
}

static uint64_t records_at_first(const quality_lists *q, const model_entity *e)
{
    const part_records *all = q->part.item;
    uint64_t n = 0;
    for (size_t i = 0; i < q->part.n; i++)
        if (all[i].part && all[i].part->entity == e) n += all[i].records;
    return n;
}

status quality_tally(quality_lists *q, const profile_tally *x)
{
    if (!count_part(q, x)) return no_memory(q);
    quality_field *f = field_of(q, x->entity, x->field);
    if (!f) return no_memory(q);
    f->filled += x->filled;
    f->changed += x->changed;
    return ST_OK;
}

static status count_held_back(quality_lists *q, const profile_reject *x)
{
    const model_field *f = x->held_back ? model_field_named(x->entity, x->field) : NULL;
    quality_field *line = f ? field_of(q, x->entity, f) : NULL;
    if (line) line->held_back++;
    return f && !line ? no_memory(q) : ST_OK;
}

status quality_reject(quality_lists *q, const profile_reject *x)
{
    status s = count_held_back(q, x);
    return s == ST_OK && is_date(x) ? list_date(q, x) : s;
}

status quality_add_left(quality_lists *q, const quality_left *x)
{
    quality_left *to = add_item(q, &q->left, sizeof *to);
    if (!to) return no_memory(q);
    *to = *x;
    return ST_OK;
}

/* ---- counting and writing ---- */

static sv number(uint64_t n, char room[NUMBER_MAX]) { return (sv){room, digits_u64(n, room)}; }

/* Empty where it is not known. */
static sv known(int64_t n, char room[NUMBER_MAX]) { return n < 0 ? (sv){NULL, 0} : number((uint64_t)n, room); }

static sv truth(bool yes) { return yes ? SV_LIT("1") : SV_LIT("0"); }

static status write_counts(const quality_lists *q)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < q->facts.entities; i++) {
        char room[NUMBER_MAX];
        const sv cell[] = {sv_from(q->facts.entity[i].entity->name), number(q->facts.entity[i].records, room)};
        s = list_file_row(q->list[LIST_COUNTS], cell, 2);
    }
    return s;
}

static bool take_lack(void *ctx, sv source_key, sv src_table, sv src_key, sv missing)
{
    quality_lists *q = ctx;
    const sv cell[] = {source_key, src_table, src_key, missing};
    q->row_failed |= list_file_row(q->list[LIST_MISSING], cell, 4) != ST_OK;
    return !q->row_failed;
}

static bool take_conflict(void *ctx, const quality_conflict *x)
{
    quality_lists *q = ctx;
    const sv cell[] = {sv_from(x->entity->name), x->source_key, x->src_table, x->src_key, sv_from(x->what), x->other};
    q->row_failed |= list_file_row(q->list[LIST_CONFLICTS], cell, sizeof cell / sizeof cell[0]) != ST_OK;
    return !q->row_failed;
}

static bool take_account(void *ctx, const quality_account *x)
{
    quality_lists *q = ctx;
    const sv cell[] = {x->source_key,
                       x->src_table,
                       x->src_key,
                       x->patient,
                       sv_from(x->field->name),
                       x->account_value,
                       x->patient_value.n ? x->patient_value : (sv){NULL, 0}};
    q->row_failed |= list_file_row(q->list[LIST_ACCOUNTS], cell, sizeof cell / sizeof cell[0]) != ST_OK;
    return !q->row_failed;
}

/* Of dates, the first and the last. */
static bool take_total(void *ctx, const quality_total *x)
{
    quality_lists *q = ctx;
    char room[NUMBER_MAX];
    buf text[3] = {buf_new(TOTAL_BYTES_MAX), buf_new(TOTAL_BYTES_MAX), buf_new(TOTAL_BYTES_MAX)};
    if (x->total->filled && x->numbers) {
        amount_text(&text[0], x->total->sum);
        amount_text(&text[1], x->total->least);
        amount_text(&text[2], x->total->most);
    } else if (x->total->filled) {
        buf_str(&text[1], x->total->first);
        buf_str(&text[2], x->total->last);
    }
    const sv cell[] = {sv_from(x->entity->name), sv_from(x->field->name), number(x->total->filled, room),
                       buf_view(&text[0]),       buf_view(&text[1]),      buf_view(&text[2])};
    q->row_failed |= list_file_row(q->list[LIST_TOTALS], cell, sizeof cell / sizeof cell[0]) != ST_OK;
    for (size_t i = 0; i < 3; i++) buf_free(&text[i]);
    return !q->row_failed;
}

static status write_customs(const quality_lists *q)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < q->facts.customs; i++) {
        const quality_custom *c = &q->facts.custom[i];
        char records[NUMBER_MAX], distinct[NUMBER_MAX];
        const sv cell[] = {c->entity,     c->name, c->type, number(c->records, records), number(c->distinct, distinct),
                           truth(c->more)};
        s = list_file_row(q->list[LIST_CUSTOM], cell, sizeof cell / sizeof cell[0]);
    }
    return s;
}

static status write_fields(const quality_lists *q)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < q->facts.fields; i++) {
        const quality_field *f = &q->facts.field[i];
        char room[4][NUMBER_MAX];
        const sv cell[] = {sv_from(f->entity->name), sv_from(f->field->name),     number(f->filled, room[0]),
                           number(f->kept, room[1]), number(f->changed, room[2]), number(f->held_back, room[3])};
        s = list_file_row(q->list[LIST_FIELDS], cell, sizeof cell / sizeof cell[0]);
    }
    return s;
}

static status write_left(const quality_lists *q)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < q->facts.lefts; i++) {
        const quality_left *l = &q->facts.left[i];
        char rows[NUMBER_MAX], filled[NUMBER_MAX];
        const sv cell[] = {l->table,
                           l->column.n ? l->column : (sv){NULL, 0},
                           known(l->rows, rows),
                           known(l->filled, filled),
                           truth(l->carried),
                           l->why};
        s = list_file_row(q->list[LIST_LEFT], cell, sizeof cell / sizeof cell[0]);
    }
    return s;
}

static status list_duplicates(quality_lists *q, sqlite3 *work, const merges *m)
{
    duplicates d;
    status s = duplicates_find(work, q->found, &d);
    if (s != ST_OK) return s;
    q->facts.duplicate_groups = d.groups;
    q->facts.duplicate_records = d.patients;
    s = quality_duplicates(work, &d, m, q->found, q->list[LIST_DUPLICATES]);
    duplicates_free(&d);
    return s;
}

static void take_tie(void *ctx, const guarantor_link *x)
{
    quality_lists *q = ctx;
    char room[NUMBER_MAX];
    const sv cell[] = {x->source_key, x->src_key, x->guarantor, x->tie == TIE_SELF ? SV_LIT("self") : SV_LIT("circle"),
                       number(x->length, room)};
    q->row_failed |= list_file_row(q->list[LIST_GUARANTORS], cell, sizeof cell / sizeof cell[0]) != ST_OK;
}

/* No record can be its own parent: such links are taken off, each listed with what it held. */
static status untie_guarantors(quality_lists *q, sqlite3 *work)
{
    status s = guarantors_untie(work, q->found, take_tie, q);
    return s == ST_OK && q->row_failed ? ST_FATAL : s;
}

static status counting_failed(const quality_lists *q, sqlite3 *work)
{
    return q->row_failed ? ST_FATAL : work_failed(work, q->found, "counting what the data lacks");
}

static int by_place(const void *a_, const void *b_)
{
    const quality_left *a = a_, *b = b_;
    int c = sv_cmp(a->table, b->table);
    return c ? c : sv_cmp(a->column, b->column);
}

static int by_field(const void *a_, const void *b_)
{
    const quality_field *a = a_, *b = b_;
    /* Entities and fields lie in the order of the model. */
    if (a->entity != b->entity) return a->entity < b->entity ? -1 : 1;
    return (a->field > b->field) - (a->field < b->field);
}

/* Fields that records have without a column of their own (a name's parts) are lines too. */
static bool count_kept(quality_lists *q)
{
    for (size_t i = 0; i < q->facts.entities; i++) {
        const quality_entity *e = &q->facts.entity[i];
        for (size_t k = 0; k < e->entity->fields; k++) {
            if (!e->kept[k]) continue;
            quality_field *f = field_of(q, e->entity, &e->entity->field[k]);
            if (!f) return false;
            f->kept = e->kept[k];
        }
    }
    return true;
}

static bool take_kept(quality_lists *q)
{
    if (!count_kept(q)) return false;
    if (q->left.n) qsort(q->left.item, q->left.n, sizeof(quality_left), by_place);
    if (q->field.n) qsort(q->field.item, q->field.n, sizeof(quality_field), by_field);
    q->facts.left = q->left.item;
    q->facts.lefts = q->left.n;
    q->facts.field = q->field.item;
    q->facts.fields = q->field.n;
    quality_field *field = q->field.item;
    for (size_t i = 0; i < q->field.n; i++) field[i].records = records_at_first(q, field[i].entity);
    return quality_customs_list(q->customs, q->mem, &q->facts);
}

status quality_lists_links(quality_lists *q, sqlite3 *work, const merges *m, bool with_national_id)
{
    if (untie_guarantors(q, work) != ST_OK || list_duplicates(q, work, m) != ST_OK) return ST_FATAL;
    /* Duplicates compare them; what is counted is what will be written. */
    return with_national_id || quality_withhold(work, q->found) ? ST_OK : counting_failed(q, work);
}

status quality_lists_finish(quality_lists *q, sqlite3 *work, const rejects_file **file, size_t *n)
{
    if (!quality_count(work, q->mem, &q->facts) || !quality_each_lack(work, take_lack, q) ||
        !quality_each_conflict(work, q->found, take_conflict, q, &q->facts) ||
        !quality_each_account(work, q->found, take_account, q, &q->facts) ||
        !quality_each_total(work, &q->facts, take_total, q) ||
        !quality_ties(work, q->mem, &q->facts.tie, &q->facts.ties))
        return counting_failed(q, work);
    if (!take_kept(q)) return no_memory(q);
    status (*const write[])(const quality_lists *) = {write_counts, write_customs, write_fields, write_left};
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < sizeof write / sizeof write[0]; i++) s = write[i](q);
    for (size_t i = 0; i < LISTS; i++) {
        if (list_file_close(q->list[i], &q->file[i]) != ST_OK) s = ST_FATAL;
        q->list[i] = NULL;
    }
    *file = q->file;
    *n = q->dry ? 0 : LISTS;
    return s;
}

status quality_lists_spots(quality_lists *q, sqlite3 *work, spot_wanted wanted, void *ctx)
{
    return spot_checks(work, wanted, ctx, q->mem, &q->facts.spot, &q->facts.spots) ? ST_OK : counting_failed(q, work);
}

const quality_facts *quality_lists_facts(const quality_lists *q) { return &q->facts; }
