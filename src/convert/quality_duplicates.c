#include "convert/quality_duplicates.h"
#include "model/work_file.h"
#include <stdio.h>

enum { NUMBER_MAX = 32, TEXT_MAX = 1 << 16, CELLS = 12 };

/* A patient as a person recognizes him. */
typedef struct person {
    buf name, born;
} person;

static bool look_up(sqlite3_stmt *st, sv source_key, person *out)
{
    buf_clear(&out->name);
    buf_clear(&out->born);
    bool ok = sqlite3_bind_text(st, 1, source_key.p, (int)source_key.n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW;
    for (int i = 0; ok && i < 3; i++) {
        buf *to = i < 2 ? &out->name : &out->born;
        if (sqlite3_column_type(st, i) == SQLITE_NULL) continue;
        if (i == 1 && to->n) buf_str(to, ", ");
        buf_add(to, sqlite3_column_text(st, i), (size_t)sqlite3_column_bytes(st, i));
    }
    return sqlite3_reset(st) == SQLITE_OK && ok && !out->name.failed && !out->born.failed;
}

/* Patients lie by group, the primary first. */
static sv primary_of(const duplicates *d, uint32_t group, size_t *from)
{
    while (*from < d->patients && d->patient[*from].group < group) (*from)++;
    return *from < d->patients ? d->patient[*from].source_key : (sv){NULL, 0};
}

static sv printed(char room[NUMBER_MAX], int n) { return (sv){room, n > 0 ? (size_t)n : 0}; }

static status write_pair(const duplicate_pair *p, sv primary, merge_word word, person who[2], buf *words,
                         list_file *list)
{
    char group[NUMBER_MAX], score[NUMBER_MAX];
    int tenths = p->score < 0 ? -p->score : p->score;
    buf_clear(words);
    duplicate_words(p->why, words);
    const sv cell[CELLS] = {
        printed(group, snprintf(group, sizeof group, "%u", p->group + 1)),
        p->level == DUPLICATE_CERTAIN ? SV_LIT("certain") : SV_LIT("possible"),
        printed(score, snprintf(score, sizeof score, "%s%d.%d", p->score < 0 ? "-" : "", tenths / 10, tenths % 10)),
        buf_view(words),
        p->a,
        buf_view(&who[0].name),
        buf_view(&who[0].born),
        p->b,
        buf_view(&who[1].name),
        buf_view(&who[1].born),
        primary,
        word == MERGE_MERGE  ? SV_LIT("merge")
        : word == MERGE_KEEP ? SV_LIT("keep both")
                             : (sv){NULL, 0}};
    return list_file_row(list, cell, CELLS);
}

static void tell(const duplicate_pair *p, findings *f)
{
    finding x = FINDING_OF(p->level == DUPLICATE_CERTAIN ? F_QUA_DUPLICATE : F_QUA_DUPLICATE_POSSIBLE);
    x.table = SV_LIT("patient");
    find_add(f, &x);
}

status quality_duplicates(sqlite3 *work, const duplicates *d, const merges *m, findings *f, list_file *list)
{
    static const char sql[] = "SELECT last, first, birth_date FROM main.patient WHERE source_key = ?1";
    sqlite3_stmt *st = NULL;
    person who[2];
    buf words = buf_new(TEXT_MAX);
    status s = ST_OK;
    size_t at = 0;
    if (!d->pairs) return ST_OK;
    for (size_t i = 0; i < 2; i++) who[i] = (person){buf_new(TEXT_MAX), buf_new(TEXT_MAX)};
    if (sqlite3_prepare_v2(work, sql, -1, &st, NULL) != SQLITE_OK) s = work_failed(work, f, "listing duplicates");
    for (size_t i = 0; s == ST_OK && i < d->pairs; i++) {
        const duplicate_pair *p = &d->pair[i];
        if (!look_up(st, p->a, &who[0]) || !look_up(st, p->b, &who[1])) s = work_failed(work, f, "listing duplicates");
        merge_word word = merges_of(m, p->a, p->b);
        sv primary = word == MERGE_MERGE ? merges_primary(m, p->a) : primary_of(d, p->group, &at);
        if (word == MERGE_UNDECIDED) tell(p, f);
        if (s == ST_OK) s = write_pair(p, primary, word, who, &words, list);
    }
    sqlite3_finalize(st);
    for (size_t i = 0; i < 2; i++) {
        buf_free(&who[i].name);
        buf_free(&who[i].born);
    }
    buf_free(&words);
    return s;
}
