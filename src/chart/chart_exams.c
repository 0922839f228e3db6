/* The exams of a chart's table, and the numbering of each: its own word; proofs in it; proofs of its provider's other
 * exams; the profile's default; none. */
#include "chart/chart_internal.h"
#include <stdlib.h>

static uint64_t hash_of(sv s)
{
    uint64_t h = sv_hash(s);
    return h ^ h >> 29; /* the slot is taken from the low bits */
}

bool exams_init(chart_exams *x, size_t ceiling)
{
    *x = (chart_exams){.mem = arena_new(ceiling)};
    return x->mem != NULL;
}

void exams_free(chart_exams *x)
{
    arena_free(x->mem);
    free(x->exam);
    free(x->slot);
    *x = (chart_exams){0};
}

static size_t slot_of(const chart_exams *x, sv key)
{
    size_t at = (size_t)hash_of(key) & (x->slots - 1);
    while (x->slot[at] && !sv_eq(x->exam[x->slot[at] - 1].key, key)) at = (at + 1) & (x->slots - 1);
    return at;
}

static bool rehash(chart_exams *x)
{
    size_t slots = x->slots ? x->slots * 2 : 1024;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot) return false;
    free(x->slot);
    x->slot = slot;
    x->slots = slots;
    for (size_t i = 0; i < x->n; i++) x->slot[slot_of(x, x->exam[i].key)] = (uint32_t)i + 1;
    return true;
}

uint32_t exams_find(const chart_exams *x, sv key)
{
    if (!x->slots) return EXAM_NONE;
    uint32_t found = x->slot[slot_of(x, key)];
    return found ? found - 1 : EXAM_NONE;
}

uint32_t exams_add(chart_exams *x, sv key, uint64_t place)
{
    uint32_t found = exams_find(x, key);
    if (found != EXAM_NONE) return found;
    if (x->n == UINT32_MAX - 1 || ((x->n + 1) * 2 > x->slots && !rehash(x))) return EXAM_NONE;
    if (x->n == x->room) {
        size_t room = x->room ? x->room * 2 : 1024;
        chart_exam *grown = realloc(x->exam, room * sizeof *grown);
        if (!grown) return EXAM_NONE;
        x->exam = grown;
        x->room = room;
    }
    sv copy = arena_sv(x->mem, key);
    if (!copy.p) return EXAM_NONE;
    x->exam[x->n] = (chart_exam){.key = copy, .first = place, .provider = UINT32_MAX};
    x->slot[slot_of(x, copy)] = (uint32_t)x->n + 1;
    return (uint32_t)x->n++;
}

/* ---- what the labels of an exam prove ---- */

typedef struct proof {
    bool universal, fdi, palmer, haderup;
    bool position;              /* beside a quadrant: not Universal */
    bool position_or_universal; /* beside a quadrant: either */
    bool either;                /* Universal or FDI */
} proof;

static proof proof_of(uint16_t bits)
{
    proof p = {.universal = bits & TOOTH_PROVES_UNIVERSAL,
               .fdi = bits & TOOTH_PROVES_FDI,
               .palmer = bits & TOOTH_PROVES_PALMER,
               .haderup = bits & TOOTH_PROVES_HADERUP,
               .position = bits & TOOTH_POSITION,
               .position_or_universal = bits & TOOTH_POSITION_OR_UNIVERSAL,
               .either = bits & TOOTH_EITHER};
    if (bits & PROOF_33 && !p.universal) p.fdi = true;
    return p;
}

static bool is_mixed(const proof *p)
{
    return p->universal + p->fdi + p->palmer + p->haderup > 1 || (p->universal && p->position);
}

static tooth_system proven(const proof *p)
{
    return p->universal ? TOOTH_UNIVERSAL
           : p->fdi     ? TOOTH_FDI
           : p->palmer  ? TOOTH_PALMER
           : p->haderup ? TOOTH_HADERUP
                        : TOOTH_UNKNOWN;
}

/* What the exam itself says; false: nothing certain. */
static bool rule_by_itself(chart_exam *e)
{
    proof p = proof_of(e->proofs);
    tooth_system own = (tooth_system)e->stated, shown = proven(&p);
    if (is_mixed(&p)) {
        e->ruling = own == TOOTH_UNKNOWN ? EXAM_MIXED : EXAM_CONTRADICTED;
        return true;
    }
    if (own != TOOTH_UNKNOWN) {
        bool contrary = (shown != TOOTH_UNKNOWN && shown != own) || (p.position && own == TOOTH_UNIVERSAL);
        e->ruling = contrary ? EXAM_CONTRADICTED : EXAM_READ;
        e->numbering = (uint8_t)own;
        return true;
    }
    if (shown == TOOTH_UNKNOWN && p.position) shown = TOOTH_PALMER;
    e->numbering = (uint8_t)shown;
    return shown != TOOTH_UNKNOWN;
}

/* ---- the others ---- */

/* What an exam that was decided by itself says of its provider's others. */
static uint16_t shown_to_others(const chart_exam *e)
{
    proof p = proof_of(e->proofs);
    if (e->ruling != EXAM_READ) return 0;
    switch (proven(&p)) {
    case TOOTH_UNIVERSAL: return TOOTH_PROVES_UNIVERSAL;
    case TOOTH_FDI: return TOOTH_PROVES_FDI;
    case TOOTH_HADERUP: return TOOTH_PROVES_HADERUP;
    case TOOTH_PALMER: return TOOTH_PROVES_PALMER;
    default: return p.position ? TOOTH_PROVES_PALMER : 0;
    }
}

/* An exam that says nothing itself: by its provider's others; by all exams of a table with a quadrant column; by the
 * default. */
static void rule_by_others(chart_exam *e, uint16_t others, uint16_t table, tooth_system by_default)
{
    proof here = proof_of(e->proofs), p = proof_of(others), all = proof_of(table);
    bool needed = here.either || here.position_or_universal;
    tooth_system s = is_mixed(&p) ? TOOTH_UNKNOWN : proven(&p);
    e->by_provider = s != TOOTH_UNKNOWN;
    if (s == TOOTH_UNKNOWN && here.position_or_universal && all.position != all.universal)
        s = all.position ? TOOTH_PALMER : TOOTH_UNIVERSAL;
    if (s == TOOTH_UNKNOWN) s = by_default;
    e->numbering = (uint8_t)s;
    e->assumed = needed && s != TOOTH_UNKNOWN;
    if (needed && s == TOOTH_UNKNOWN) e->ruling = EXAM_UNDECIDED;
}

static int by_first_row(const void *a, const void *b)
{
    const chart_exam *const *x = a, *const *y = b;
    return (*x)->first < (*y)->first ? -1 : (*x)->first > (*y)->first;
}

/* The facts of an exam and what it says itself; *open: nothing certain. */
static bool ask(chart_exams *x, chart_exams *providers, chart_exam *e, const chart_run *run, bool *open)
{
    *open = false;
    chart_exam_facts facts = run->exam(run->ctx, e->key);
    if (!facts.known) {
        e->ruling = EXAM_UNKNOWN;
        return true;
    }
    e->stated = (uint8_t)facts.numbering;
    e->traced = facts.traced;
    if (facts.occasion.n && !(e->occasion = arena_sv(x->mem, facts.occasion)).p) return false;
    if (facts.provider.n && (e->provider = exams_add(providers, facts.provider, 0)) == EXAM_NONE) return false;
    *open = !rule_by_itself(e);
    if (!*open && e->provider != EXAM_NONE && providers->exam)
        providers->exam[e->provider].proofs |= shown_to_others(e);
    return true;
}

static bool decide_in_order(chart_exams *x, chart_exams *providers, chart_exam **order, const chart_run *run)
{
    uint16_t table = 0;
    size_t open = 0;
    for (size_t i = 0; i < x->n; i++) {
        chart_exam *e = order[i];
        bool undecided;
        if (!ask(x, providers, e, run, &undecided)) return false;
        if (e->ruling == EXAM_READ) table |= e->proofs;
        if (undecided) order[open++] = e;
    }
    for (size_t i = 0; i < open; i++) {
        chart_exam *e = order[i];
        uint16_t others = e->provider == EXAM_NONE || !providers->exam ? 0 : providers->exam[e->provider].proofs;
        rule_by_others(e, others, table, run->plan->numbering);
    }
    return true;
}

bool exams_decide(chart_exams *x, const chart_run *run)
{
    if (x->n == 0) return true;
    chart_exams providers;
    chart_exam **order = calloc(x->n, sizeof(chart_exam *));
    bool ok = exams_init(&providers, CHART_EXAMS_BYTES) && order;
    for (size_t i = 0; ok && i < x->n; i++) order[i] = &x->exam[i];
    if (ok) qsort(order, x->n, sizeof(chart_exam *), by_first_row);
    ok = ok && decide_in_order(x, &providers, order, run);
    free(order);
    exams_free(&providers);
    return ok;
}

finding_code exam_ruling_code(exam_ruling r)
{
    switch (r) {
    case EXAM_UNKNOWN: return F_CHART_ORPHAN;
    case EXAM_MIXED: return F_CHART_NUMBERING_MIXED;
    case EXAM_CONTRADICTED: return F_CHART_NUMBERING_CONTRADICTED;
    default: return F_CHART_NUMBERING_UNKNOWN;
    }
}
