#include "bak/bak_log_check.h"
#include <stdlib.h>

/* Doubts of one table, or of none that is a user's. */
typedef struct tally {
    uint64_t changes, pages;
    const redo_doubt *first;
} tally;

typedef struct log_check {
    const mdf_model *model;
    const redo_result *redo;
    tally *table, catalog;
    bool sealed; /* pages are encrypted, and the log then, too */
    source_info *info;
    arena *mem;
    findings *found;
} log_check;

static const mdf_rowset *rowset_of(const mdf_model *m, const redo_doubt *d)
{
    for (size_t i = 0; i < m->rowsets; i++) {
        const mdf_rowset *rs = &m->rowset[i];
        if (d->rowset ? (uint64_t)rs->id == d->rowset : d->unit && (uint64_t)rs->unit_in_row == d->unit) return rs;
    }
    return NULL;
}

static void count(tally *t, const redo_doubt *d)
{
    if (!t->first) t->first = d;
    t->changes += d->changes;
    t->pages++;
}

static void count_doubts(log_check *c)
{
    for (size_t i = 0; i < c->redo->doubts; i++) {
        const redo_doubt *d = &c->redo->doubt[i];
        const mdf_rowset *rs = rowset_of(c->model, d);
        if (!rs)
            count(&c->catalog, d);
        else if (rs->index_id <= 1 && rs->table < c->model->tables) /* other indexes hold no rows of their own */
            count(&c->table[rs->table], d);
    }
}

static void report(log_check *c, finding_code code, sv table, const tally *t)
{
    finding x = FINDING_OF(code);
    x.table = table;
    x.file_id = t->first->page.file;
    x.page = t->first->page.page;
    x.a = arena_printf(c->mem, "%llu", (unsigned long long)t->changes);
    x.b = t->pages == 1
              ? sv_from(t->first->why)
              : arena_printf(c->mem, "%s (and %llu pages more)", t->first->why, (unsigned long long)(t->pages - 1));
    find_add(c->found, &x);
}

static void not_known(log_check *c, const char *why)
{
    c->info->consistent = CONSISTENCY_UNKNOWN;
    c->info->consistency_note = arena_printf(c->mem, "Whether tables changed during the backup is unknown: %s.", why);
}

static void unknown(log_check *c, const char *why)
{
    find_code(c->found, F_BAK_LOG_UNREADABLE, "%s", why);
    not_known(c, why);
}

static uint64_t report_doubts(log_check *c)
{
    uint64_t tables = 0;
    count_doubts(c);
    for (size_t i = 0; i < c->model->tables; i++) {
        if (!c->table[i].first) continue;
        report(c, F_BAK_CHANGED, c->model->info[i].full_name, &c->table[i]);
        tables++;
    }
    if (c->catalog.first) report(c, F_BAK_CATALOG_IN_DOUBT, (sv){NULL, 0}, &c->catalog);
    return tables;
}

/* "2017-06-01 13:28:55 (log position 25:220:1)" */
static sv moment(const log_check *c, const bak_choice *choice)
{
    const bak_entry *e = choice->logs ? choice->log[choice->logs - 1] : choice->diff ? choice->diff : choice->full;
    sv lsn = bak_lsn_text(c->mem, c->redo->end);
    sv when = c->redo->stopped ? (sv){NULL, 0} : mtf_date(c->mem, bak_set_config(e->set)->finished);
    if (!when.n) return arena_printf(c->mem, "the log position %.*s", (int)lsn.n, lsn.p);
    return arena_printf(c->mem, "%.*s (log position %.*s)", (int)when.n, when.p, (int)lsn.n, lsn.p);
}

static void report_applied(log_check *c, const bak_choice *choice)
{
    const redo_result *r = c->redo;
    finding x = FINDING_OF(F_BAK_LOG_APPLIED);
    buf text = buf_new(200);
    buf_printf(&text, "%llu changes of rows were put on the pages", (unsigned long long)r->rows);
    if (choice->logs) buf_printf(&text, " from %zu log backups", choice->logs);
    if (r->undone)
        buf_printf(&text, ", %llu changes of %llu unfinished transactions were taken back",
                   (unsigned long long)r->undone, (unsigned long long)r->unfinished);
    if (r->log.unknown)
        buf_printf(&text, ", %llu records of kinds that are not known were passed over",
                   (unsigned long long)r->log.unknown);
    x.a = arena_sv(c->mem, buf_view(&text));
    x.b = moment(c, choice);
    find_add(c->found, &x);
    buf_free(&text);
    c->info->consistent = CONSISTENT;
    c->info->consistency_note = arena_printf(c->mem, "The log was applied: %.*s. The tables are as at %.*s.",
                                             (int)x.a.n, x.a.p, (int)x.b.n, x.b.p);
}

static const char sealed_log[] = "the log of an encrypted database is not read";

/* Which rows are in doubt: those that were changed while the backup was made. */
static void unknown_sealed(log_check *c, const bak_entry *base)
{
    const bak_config *k = bak_set_config(base->set);
    sv from = mtf_date(c->mem, k->started), to = mtf_date(c->mem, k->finished);
    if (from.n && to.n)
        unknown(c, arena_printf(c->mem,
                                "%s; rows changed between %.*s and %.*s, while it was made, may be in their old "
                                "or new state, or of a transaction that was never finished",
                                sealed_log, (int)from.n, from.p, (int)to.n, to.p)
                       .p);
    else
        unknown(c, sealed_log);
}

static void report_at(log_check *c, finding_code code, sv what)
{
    finding x = FINDING_OF(code);
    x.path = c->redo->stopped->media->path;
    x.a = what;
    x.b = bak_lsn_text(c->mem, c->redo->end);
    find_add(c->found, &x);
}

/* The log of the backup itself could not be read, then no log backup was, either; or that of one of these. */
static void report_stopped(log_check *c, const bak_choice *choice)
{
    const redo_result *r = c->redo;
    const bak_entry *base = choice->diff ? choice->diff : choice->full;
    sv why = c->sealed ? sv_from(sealed_log) : arena_printf(c->mem, "its log is damaged: %s", r->log.damage);
    if (r->stopped == base && c->sealed)
        unknown_sealed(c, base);
    else if (r->stopped == base) {
        report_at(c, F_BAK_LOG_DAMAGED, sv_from(r->log.damage));
        not_known(c, "the log part is damaged");
    }
    if (choice->logs) report_at(c, F_BAK_LOG_GAP, why);
}

static void conclude(log_check *c, const bak_choice *choice)
{
    const redo_result *r = c->redo;
    const bak_entry *base = choice->diff ? choice->diff : choice->full;
    uint64_t tables = report_doubts(c);
    if (r->more_doubts)
        find_code(c->found, F_BAK_LOG_UNREADABLE, "%s",
                  "more pages are in doubt than are listed, in tables that are not named");
    if (!r->read) {
        unknown(c, "the backup has no log part");
        return;
    }
    if (r->stopped) {
        report_stopped(c, choice);
        if (r->stopped == base) return;
    }
    if (r->rows || r->undone || choice->logs)
        report_applied(c, choice);
    else {
        c->info->consistent = CONSISTENT;
        c->info->consistency_note = SV_LIT("No table changed while the backup was made.");
    }
    if (r->log.unknown)
        unknown(c, arena_printf(c->mem, "%llu records of the log are of kinds that are not known",
                                (unsigned long long)r->log.unknown)
                       .p);
    if (!tables && !c->catalog.first && !r->more_doubts) return;
    c->info->consistent = CHANGED_DURING_BACKUP;
    c->info->consistency_note = arena_printf(
        c->mem, "Not all changes of the log could be applied: %llu tables%s are in doubt; they are listed%s.",
        (unsigned long long)tables, c->catalog.first ? " and the catalog" : "", r->more_doubts ? ", but not all" : "");
}

void bak_log_check(const bak_files *b, const redo_result *r, const mdf_model *model, source_info *info, findings *f)
{
    log_check c = {.model = model, .redo = r, .info = info, .mem = b->mem, .found = f};
    c.sealed = b->full_pages || b->diff_pages;
    c.table = calloc(model->tables + 1, sizeof *c.table);
    if (c.table)
        conclude(&c, &b->choice);
    else
        unknown(&c, "there is not enough memory");
    free(c.table);
}
