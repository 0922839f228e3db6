#include "draft/checked.h"
#include <inttypes.h>
#include <stdio.h>

enum { NAMES_BYTES_MAX = 1 << 16, NAMES_SHOWN = 30, SCORE_CHOSEN = 80 };

static void tell(findings *f, finding_code code, sv table, sv a, sv b)
{
    finding x = FINDING_OF(code);
    x.table = table;
    x.a = a;
    x.b = b;
    find_add(f, &x);
}

static void tell_number(findings *f, finding_code code, sv table, uint64_t a, uint64_t b)
{
    char first[32], second[32];
    snprintf(first, sizeof first, "%" PRIu64, a);
    snprintf(second, sizeof second, "%" PRIu64, b);
    tell(f, code, table, sv_from(first), sv_from(second));
}

static void keys(const profile_checked *c, findings *f)
{
    for (size_t i = 0; i < c->entities; i++) {
        const profile_checked_entity *e = &c->entity[i];
        sv name = sv_from(e->entity->entity->name);
        if (e->repeated) tell_number(f, F_CHECK_KEY_REPEATED, name, e->repeated, e->records);
        if (e->keyless) tell_number(f, F_CHECK_KEY_MISSING, name, e->keyless, e->records);
    }
}

static void table(const table_info *t, const bool *read, findings *f)
{
    size_t unread = 0;
    buf names = buf_new(NAMES_BYTES_MAX);
    for (size_t i = 0; i < t->columns; i++) {
        if (read[i]) continue;
        if (unread < NAMES_SHOWN) {
            buf_str(&names, unread ? ", " : "");
            buf_sv(&names, t->column[i].name);
        } else if (unread == NAMES_SHOWN)
            buf_str(&names, " and more");
        unread++;
    }
    char count[32];
    snprintf(count, sizeof count, "%zu", unread);
    if (unread == t->columns) {
        if (t->rows_expected >= 0) snprintf(count, sizeof count, "%" PRId64, t->rows_expected);
        tell(f, F_CHECK_TABLE_UNREAD, t->full_name,
             t->rows_expected < 0 ? SV_LIT("an unknown number of") : sv_from(count), SV_LIT(""));
    } else if (unread) {
        tell(f, F_CHECK_COLUMNS_UNREAD, t->full_name, buf_view(&names), sv_from(count));
    }
    buf_free(&names);
}

void checked_findings(const profile *x, const catalog *list, const profile_checked *c, findings *f)
{
    buf missing = buf_new(NAMES_BYTES_MAX);
    char score[16];
    unsigned points = profile_score(x, list, &missing);
    snprintf(score, sizeof score, "%u", points);
    if (points < SCORE_CHOSEN) tell(f, F_CHECK_FINGERPRINT, SV_LIT(""), sv_from(score), buf_view(&missing));
    keys(c, f);
    for (size_t i = 0; c->read && i < list->tables; i++) table(&list->table[i], c->read[i], f);
    buf_free(&missing);
}
