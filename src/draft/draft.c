/* The steps of drafting. */
#include "draft/draft.h"
#include "draft/draft_internal.h"

enum { TURKISH_CODEPAGE = 1254, TURKISH_DOS = 857 };

static bool is_turkish(const draft *d)
{
    const source_info *s = d->run->info;
    if (s && (s->codepage == TURKISH_CODEPAGE || s->codepage == TURKISH_DOS)) return true;
    return d->by_language[LANGUAGE_TURKISH] > d->by_language[LANGUAGE_ENGLISH];
}

const draft *draft_make(const draft_run *run)
{
    draft *d = arena_alloc(run->mem, sizeof *d);
    if (!d) return NULL;
    *d = (draft){.run = run, .mem = run->mem, .chart = {.table = TABLE_NONE}};
    d->words = vocabulary_load(run->templates, run->mem, run->wrong);
    if (!d->words || !draft_columns(d) || !draft_tables(d)) return NULL;
    draft_find_chart(d);
    d->turkish = is_turkish(d);
    return arena_failed(run->mem) ? NULL : d;
}

const draft_file *draft_files(const draft *d, size_t *n)
{
    draft_file *all = arena_array(d->mem, d->tables + 2, sizeof *all);
    *n = 0;
    if (!all) return NULL;
    all[(*n)++] = (draft_file){SV_LIT("profile.yaml"), draft_yaml(d)};
    for (size_t i = 0; i < d->tables; i++)
        if (d->table[i].drafted)
            all[(*n)++] = (draft_file){draft_sql_name(d, &d->table[i]), draft_sql(d, &d->table[i])};
    for (size_t i = 0; i < *n; i++)
        if (!all[i].name.p || !all[i].text.p) return NULL;
    return all;
}

draft_facts draft_count(const draft *d)
{
    draft_facts f = {0};
    for (size_t i = 0; i < d->tables; i++) {
        const draft_table *t = &d->table[i];
        if (!t->drafted) {
            f.tables_left += (int)i != d->chart.table;
            continue;
        }
        f.entities++;
        f.fields += t->choices;
        for (size_t k = 0; k < t->choices; k++) f.uncertain += t->choice[k].points < POINTS_SURE;
        for (size_t k = 0; k < t->info->columns; k++) f.columns_left += !t->column[k].used;
    }
    return f;
}

bool draft_is_empty(const draft *d) { return draft_count(d).entities == 0; }
