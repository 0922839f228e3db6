#include "convert/source_audit.h"
#include <stdio.h>

enum { PLACE_BYTES = 64 };

static const sv NOTHING = {NULL, 0};

status source_audit_reject(audit *a, const profile_reject *x)
{
    sv entity = sv_from(x->entity->name);
    audit_part *p = a ? audit_part_of(a, LEDGER_ENTITY, entity, entity) : NULL;
    const audit_line l = {.outcome = x->held_back ? AUDIT_HELD_BACK : AUDIT_REJECTED,
                          .records = 1,
                          .table = x->src_table,
                          .src_key = x->src_key,
                          .field = x->field,
                          .code = sv_from(x->code)};
    if (!a) return ST_OK;
    return p ? audit_add(p, &l) : ST_FATAL;
}

/* As findings name a place: of a database file:page:slot, of a text its line. */
static sv place_of(const finding *x, char room[PLACE_BYTES])
{
    int n = 0;
    if (x->file_id)
        n = snprintf(room, PLACE_BYTES, "%u:%u:%u", (unsigned)x->file_id, (unsigned)x->page, (unsigned)x->slot);
    else if (x->line)
        n = snprintf(room, PLACE_BYTES, "line %llu", (unsigned long long)x->line);
    return n > 0 && n < PLACE_BYTES ? (sv){room, (size_t)n} : NOTHING;
}

static status put_unreadable(audit *a, const ledger_line *x, const findings *f)
{
    char room[PLACE_BYTES];
    audit_part *p = audit_part_of(a, LEDGER_TABLE, x->name, NOTHING);
    finding why;
    bool told = findings_loss_in(f, x->name, &why);
    const audit_line l = {.outcome = AUDIT_UNREADABLE,
                          .records = x->count[COUNT_UNREADABLE],
                          .table = x->name,
                          .src_key = told ? place_of(&why, room) : NOTHING,
                          .code = told ? sv_from(finding_text_of(why.code)->id) : NOTHING};
    return p ? audit_add(p, &l) : ST_FATAL;
}

static status put_skipped(audit *a, const ledger_line *x)
{
    audit_part *p = audit_part_of(a, LEDGER_ENTITY, x->name, x->name);
    const audit_line l = {.outcome = AUDIT_SKIPPED,
                          .records = x->count[COUNT_SKIPPED],
                          .table = x->from,
                          .code = SV_LIT(AUDIT_BY_PROFILE)};
    return p ? audit_add(p, &l) : ST_FATAL;
}

status source_audit_counts(audit *a, const ledger *l, const findings *f)
{
    status s = ST_OK;
    for (size_t i = 0; a && s == ST_OK && i < ledger_lines(l); i++) {
        const ledger_line *x = ledger_at(l, i);
        if (x->level == LEDGER_TABLE && x->count[COUNT_UNREADABLE]) s = put_unreadable(a, x, f);
        if (s == ST_OK && x->level == LEDGER_ENTITY && x->count[COUNT_SKIPPED]) s = put_skipped(a, x);
    }
    return s;
}
