#include "bak/bak_chain.h"
#include <stdlib.h>

static const bak_config *config_of(const bak_entry *e) { return bak_set_config(e->set); }

static int by_lsn(const void *a, const void *b)
{
    const bak_config *x = config_of(*(const bak_entry *const *)a), *y = config_of(*(const bak_entry *const *)b);
    int first = bak_lsn_cmp(x->first, y->first);
    return first ? first : bak_lsn_cmp(x->last, y->last);
}

static void tell(findings *f, finding_code code, const bak_entry *e, sv a, sv b)
{
    finding x = FINDING_OF(code);
    x.path = e->media->path;
    x.a = a;
    x.b = b;
    find_add(f, &x);
}

static bool has_pages(const bak_entry *e)
{
    for (unsigned i = 0; i < e->families; i++)
        if (e->part_set[i] && e->part_set[i]->passes) return true;
    return false;
}

/* NULL: the log can follow `base` and the logs on it, which reach up to `end`. Log sequence numbers mean the same only in
 * one recovery fork. */
static sv why_not(const bak_entry *e, const bak_entry *base, bak_lsn end, arena *a)
{
    const bak_config *c = config_of(e), *b = config_of(base);
    if (memcmp(c->fork, b->fork, sizeof c->fork) != 0)
        return SV_LIT("it is of another recovery fork: the database was restored to an earlier moment in between");
    if (bak_lsn_cmp(c->first, end) > 0) {
        sv from = bak_lsn_text(a, end), to = bak_lsn_text(a, c->first);
        return arena_printf(a, "the log from %.*s to %.*s is in none of the files", (int)from.n, from.p, (int)to.n,
                            to.p);
    }
    if (e->given < e->families) return SV_LIT("a part of a log backup that was written to several files is missing");
    if (has_pages(e)) return SV_LIT("a log backup holds the pages of a bulk load, which are not read");
    return (sv){NULL, 0};
}

/* Whatever they hold comes from somewhere behind the end, or is missing there. */
static void tell_of_unknown(const bak_choice *c, sv end, findings *f)
{
    for (size_t i = 0; i < c->entries; i++)
        if (!bak_set_type(c->entry[i].set) && c->entry[i].group != c->full->group)
            tell(f, F_BAK_LOG_GAP, &c->entry[i],
                 SV_LIT("it is cut off or damaged before it says what backup it is, and was left out"), end);
}

status bak_chain(bak_choice *c, arena *a, findings *f)
{
    size_t n = 0;
    c->log = arena_array(a, c->entries + 1, sizeof(const bak_entry *));
    const bak_entry **given = malloc((c->entries + 1) * sizeof *given);
    if (!c->log || !given) {
        free(given);
        find_code(f, F_OUT_OF_MEMORY, "listing log backups");
        return ST_FATAL;
    }
    for (size_t i = 0; i < c->entries; i++)
        if (bak_set_type(c->entry[i].set) == 'L' && c->entry[i].group != c->full->group) given[n++] = &c->entry[i];
    qsort(given, n, sizeof *given, by_lsn);
    const bak_entry *base = c->diff ? c->diff : c->full;
    bak_lsn end = config_of(base)->last;
    size_t i = 0;
    for (; i < n; i++) {
        const bak_config *k = config_of(given[i]);
        if (bak_lsn_cmp(k->last, end) <= 0) {
            tell(f, F_BAK_LOG_IGNORED, given[i], k->database, (sv){NULL, 0});
            continue;
        }
        sv why = why_not(given[i], base, end, a);
        if (why.n) {
            tell(f, F_BAK_LOG_GAP, given[i], why, bak_lsn_text(a, end));
            break;
        }
        c->log[c->logs++] = given[i];
        end = k->last;
    }
    tell_of_unknown(c, bak_lsn_text(a, end), f);
    free(given);
    return ST_OK;
}
