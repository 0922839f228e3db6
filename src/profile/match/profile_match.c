/* Which table and column of a source is which of the profile's. The better a name fits, the earlier it is taken; what
 * fits two equally is taken by neither, so that nothing is ever picked by chance. */
#include "profile/profile_internal.h"
#include <stdio.h>

/* How a name fits, best first: own names before synonyms of the same closeness. A synonym with a schema that is the
 * table's full name is what a person wrote to tell two tables apart. */
enum {
    RANK_FULL_NAME,
    RANK_OWN_EXACT,
    RANK_OWN_FOLDED,
    RANK_EXACT,
    RANK_FOLDED,
    RANK_OWN_PREFIX,
    RANK_PREFIX,
    RANK_OWN_WORDS,
    RANK_WORDS,
    RANKS,
    RANK_NONE = RANKS
};

static unsigned rank_of_fit(name_fit fit, bool own)
{
    switch (fit) {
    case NAME_FITS_EXACTLY: return own ? RANK_OWN_EXACT : RANK_EXACT;
    case NAME_FITS_FOLDED: return own ? RANK_OWN_FOLDED : RANK_FOLDED;
    case NAME_FITS_WITHOUT_PREFIX: return own ? RANK_OWN_PREFIX : RANK_PREFIX;
    case NAME_FITS_BY_WORDS: return own ? RANK_OWN_WORDS : RANK_WORDS;
    default: return RANK_NONE;
    }
}

/* form[0] is the own name. */
static unsigned rank_of(const name_form *form, size_t forms, const name_form *source)
{
    unsigned best = RANK_NONE;
    for (size_t i = 0; i < forms; i++) {
        unsigned rank = rank_of_fit(name_fits(&form[i], source), i == 0);
        if (rank < best) best = rank;
    }
    return best;
}

/* ---- pairing ---- */

/* rank[w * sources + s]: how the source's name s fits the wanted name w. */
typedef struct pairing {
    uint8_t *rank;
    size_t wanted, sources;
    int *chosen;         /* of each wanted; MATCH_NONE: none */
    match_rivals *rival; /* of each wanted: what it is not chosen for */
    bool *taken, *over;  /* of each source; of each wanted: nothing more is looked for */
} pairing;

static bool pairing_new(pairing *p, size_t wanted, size_t sources, arena *mem)
{
    *p = (pairing){.wanted = wanted, .sources = sources};
    p->rank = arena_array(mem, (wanted + 1) * (sources + 1), 1);
    p->chosen = arena_array(mem, wanted + 1, sizeof *p->chosen);
    p->rival = arena_array(mem, wanted + 1, sizeof *p->rival);
    p->taken = arena_array(mem, sources + 1, sizeof *p->taken);
    p->over = arena_array(mem, wanted + 1, sizeof *p->over);
    if (!p->rank || !p->chosen || !p->rival || !p->taken || !p->over) return false;
    for (size_t w = 0; w < wanted; w++) {
        p->chosen[w] = MATCH_NONE;
        p->rival[w] = (match_rivals){MATCH_NONE, MATCH_NONE};
    }
    memset(p->rank, RANK_NONE, wanted * sources);
    return true;
}

static bool fits(const pairing *p, size_t w, size_t s, unsigned rank)
{
    return !p->over[w] && !p->taken[s] && p->rank[w * p->sources + s] == rank;
}

/* How many wanted names this source fits. */
static size_t suitors(const pairing *p, size_t s, unsigned rank)
{
    size_t n = 0;
    for (size_t w = 0; w < p->wanted; w++) n += fits(p, w, s, rank);
    return n;
}

typedef struct pick {
    size_t n;
    match_rivals source; /* the first two */
    bool shared;         /* another wanted name fits one of them as well */
} pick;

static pick candidates(const pairing *p, size_t w, unsigned rank)
{
    pick x = {.source = {MATCH_NONE, MATCH_NONE}};
    for (size_t s = 0; s < p->sources; s++) {
        if (!fits(p, w, s, rank)) continue;
        if (x.n == 0) x.source.first = (int)s;
        if (x.n == 1) x.source.second = (int)s;
        x.shared |= suitors(p, s, rank) > 1;
        x.n++;
    }
    return x;
}

/* One rank: all are looked at before any is taken. What two want, or one of two that fit, is no worse name's either. */
static void pair_rank(pairing *p, unsigned rank, pick *room)
{
    for (size_t w = 0; w < p->wanted; w++) room[w] = candidates(p, w, rank);
    for (size_t w = 0; w < p->wanted; w++) {
        const pick *x = &room[w];
        if (x->n == 0) continue;
        for (size_t s = 0; s < p->sources; s++)
            if (!p->taken[s] && p->rank[w * p->sources + s] == rank) p->taken[s] = true;
        p->over[w] = true;
        if (x->n == 1 && !x->shared)
            p->chosen[w] = x->source.first;
        else
            p->rival[w] = x->source;
    }
}

static bool pair_all(pairing *p, arena *mem)
{
    pick *room = arena_array(mem, p->wanted + 1, sizeof *room);
    if (!room) return false;
    for (unsigned rank = 0; rank < RANKS; rank++) pair_rank(p, rank, room);
    return true;
}

/* ---- columns ---- */

typedef struct matcher {
    const profile *x;
    const catalog *c;
    arena *mem;
    pairing tables;
    int **column; /* of each wanted * sources: what was found when the pair was looked at; NULL: not */
    match_rivals **column_rival;
    int *near;
} matcher;

/* The columns of a table against those of a profile's. False when out of memory. */
static bool match_columns(matcher *m, size_t wanted, size_t source, bool *all_required)
{
    const profile_table *t = &m->x->table[wanted];
    const table_info *info = &m->c->table[source];
    pairing p;
    if (!pairing_new(&p, t->columns, info->columns, m->mem)) return false;
    for (size_t s = 0; s < info->columns; s++) {
        name_form form;
        name_form_of(info->column[s].name, &form);
        for (size_t w = 0; w < t->columns; w++)
            p.rank[w * p.sources + s] = (uint8_t)rank_of(t->column[w].form, t->column[w].forms, &form);
    }
    if (!pair_all(&p, m->mem)) return false;
    *all_required = true;
    /* A required column that two fit makes the table no other one: its ambiguity is told. */
    for (size_t w = 0; w < t->columns; w++)
        *all_required &= !t->column[w].required || p.chosen[w] != MATCH_NONE || p.rival[w].first != MATCH_NONE;
    m->column[wanted * m->tables.sources + source] = p.chosen;
    m->column_rival[wanted * m->tables.sources + source] = p.rival;
    return true;
}

/* ---- tables ---- */

/* A dump without headings: its reader calls the columns column_1, column_2 and so on. */
static bool is_without_headings(const table_info *t)
{
    for (size_t i = 0; i < t->columns; i++) {
        char name[32];
        int n = snprintf(name, sizeof name, "column_%zu", i + 1);
        if (!sv_eq(t->column[i].name, (sv){name, (size_t)n})) return false;
    }
    return t->columns > 0;
}

/* By the order of the columns, where the profile says that it is the order of dumps and their number is the same. */
static bool match_positions(matcher *m, size_t wanted, size_t source, bool *all_required)
{
    const profile_table *t = &m->x->table[wanted];
    pairing p;
    *all_required = m->c->table[source].columns == t->columns;
    if (!pairing_new(&p, t->columns, t->columns, m->mem)) return false;
    for (size_t w = 0; w < t->columns; w++) p.chosen[w] = (int)w;
    m->column[wanted * m->tables.sources + source] = p.chosen;
    m->column_rival[wanted * m->tables.sources + source] = p.rival;
    return true;
}

static bool full_name_is_meant(const profile_table *t, const table_info *info)
{
    for (size_t i = 0; i < t->forms; i++) {
        sv name = t->form[i].name;
        if (sv_find(name, '.') && sv_eq_nocase(name, info->full_name)) return true;
    }
    return false;
}

static bool rank_table(matcher *m, size_t wanted, size_t source, const name_form *form)
{
    const profile_table *t = &m->x->table[wanted];
    bool all_required = false;
    unsigned rank = full_name_is_meant(t, &m->c->table[source]) ? RANK_FULL_NAME : rank_of(t->form, t->forms, form);
    if (rank == RANK_NONE) return true;
    bool by_position = t->positions && is_without_headings(&m->c->table[source]);
    if (!(by_position ? match_positions : match_columns)(m, wanted, source, &all_required)) return false;
    if (all_required)
        m->tables.rank[wanted * m->tables.sources + source] = (uint8_t)rank;
    else if (m->near[wanted] == MATCH_NONE)
        m->near[wanted] = (int)source;
    return true;
}

static bool rank_tables(matcher *m)
{
    for (size_t s = 0; s < m->c->tables; s++) {
        name_form form;
        name_form_of(m->c->table[s].name, &form);
        for (size_t w = 0; w < m->x->tables; w++)
            if (!rank_table(m, w, s, &form)) return false;
    }
    return true;
}

/* The first table beside the chosen one that fits a name and was taken for no other. */
static int also_fits(const matcher *m, size_t wanted)
{
    for (size_t s = 0; s < m->tables.sources; s++)
        if (!m->tables.taken[s] && m->tables.rank[wanted * m->tables.sources + s] != RANK_NONE) return (int)s;
    return MATCH_NONE;
}

static bool give_out(const matcher *m, table_match *out)
{
    for (size_t w = 0; w < m->x->tables; w++) {
        const profile_table *t = &m->x->table[w];
        int table = m->tables.chosen[w];
        out[w] = (table_match){.table = table, .rival = m->tables.rival[w], .near = m->near[w]};
        if (table != MATCH_NONE) {
            out[w].column = m->column[w * m->tables.sources + (size_t)table];
            out[w].column_rival = m->column_rival[w * m->tables.sources + (size_t)table];
            out[w].rival = (match_rivals){also_fits(m, w), MATCH_NONE};
            out[w].by_position = t->positions && is_without_headings(&m->c->table[table]);
            continue;
        }
        out[w].column = arena_array(m->mem, t->columns + 1, sizeof *out[w].column);
        out[w].column_rival = arena_array(m->mem, t->columns + 1, sizeof *out[w].column_rival);
        if (!out[w].column || !out[w].column_rival) return false;
        for (size_t i = 0; i < t->columns; i++) {
            out[w].column[i] = MATCH_NONE;
            out[w].column_rival[i] = (match_rivals){MATCH_NONE, MATCH_NONE};
        }
    }
    return true;
}

const table_match *profile_match(const profile *x, const catalog *c, arena *mem)
{
    matcher m = {.x = x, .c = c, .mem = mem};
    size_t pairs = (x->tables + 1) * (c->tables + 1);
    table_match *out = arena_array(mem, x->tables + 1, sizeof *out);
    m.column = arena_array(mem, pairs, sizeof(int *));
    m.column_rival = arena_array(mem, pairs, sizeof(match_rivals *));
    m.near = arena_array(mem, x->tables + 1, sizeof *m.near);
    if (!out || !m.column || !m.column_rival || !m.near) return NULL;
    for (size_t w = 0; w < x->tables; w++) m.near[w] = MATCH_NONE;
    bool ok = pairing_new(&m.tables, x->tables, c->tables, mem) && rank_tables(&m) && pair_all(&m.tables, mem) &&
              give_out(&m, out);
    return ok ? out : NULL;
}

/* ---- names that a profile uses ---- */

int profile_find_table(const profile *x, const table_match *m, const catalog *c, sv name)
{
    const profile_table *t = profile_table_named(x, name);
    if (t) return m[t - x->table].table;
    for (size_t i = 0; i < c->tables; i++)
        if (sv_eq_nocase(c->table[i].full_name, name)) return (int)i;
    return MATCH_NONE;
}

int profile_find_column(const profile *x, const table_match *m, const catalog *c, sv table, sv column)
{
    const profile_table *t = profile_table_named(x, table);
    if (t) {
        size_t i = profile_column_named(t, column);
        return i == SIZE_MAX ? MATCH_NONE : m[t - x->table].column[i];
    }
    int at = profile_find_table(x, m, c, table);
    for (size_t i = 0; at != MATCH_NONE && i < c->table[at].columns; i++)
        if (sv_eq_nocase(c->table[at].column[i].name, column)) return (int)i;
    return MATCH_NONE;
}
