#include "base/finding.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/platform.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const finding_text texts[FINDING_CODES] = {
#define F(code, severity, id, title, happened, next) {severity, id, title, happened, next},
#include "base/finding.def"
#undef F
};

const finding_text *finding_text_of(finding_code code) { return &texts[code]; }

finding_code finding_by_id(sv id)
{
    for (int i = 0; i < (int)FINDING_CODES; i++)
        if (sv_eq_nocase(sv_from(texts[i].id), id)) return (finding_code)i;
    return FINDING_CODES;
}

/* A kind as kept: the public part first, so that a pointer to it serves as a finding_kind. */
typedef struct kept_kind {
    finding_kind pub;
    size_t room;                 /* of pub.item */
    struct kept_kind *same_slot; /* next in the hash chain */
} kept_kind;

/* Most kinds have one finding: room for all is made when there are more, so that many kinds stay small. */
enum { SLOTS = 1024, FIRST_ITEMS = 2 };

struct findings {
    mutex *lock;
    arena *mem;
    kept_kind *slot[SLOTS];
    kept_kind **kind;
    size_t kinds, room;
    uint64_t count[FINDING_CODES]; /* all, also those whose kind could not be kept */
    bool holds;                    /* nothing of the above is used but lock and mem */
    struct held_finding *first, *last;
    size_t held, given;
    bool lost;
};

typedef struct held_finding {
    finding x;
    size_t times; /* one behind the other */
    struct held_finding *next;
} held_finding;

findings *findings_new(void)
{
    findings *f = calloc(1, sizeof *f);
    if (!f) return NULL;
    f->lock = mutex_new();
    f->mem = arena_new(0);
    if (f->lock && f->mem) return f;
    findings_free(f);
    return NULL;
}

findings *findings_held_new(void)
{
    findings *f = findings_new();
    if (f) f->holds = true;
    return f;
}

void findings_free(findings *f)
{
    if (!f) return;
    mutex_free(f->lock);
    arena_free(f->mem);
    free(f->kind);
    free(f);
}

static size_t slot_of(finding_code code, sv table)
{
    uint32_t h = 2166136261u ^ (uint32_t)code;
    for (size_t i = 0; i < table.n; i++) h = (h ^ (uint8_t)table.p[i]) * 16777619u;
    return h % SLOTS;
}

/* Where a kind stands, or would: they are kept by code, then table, whatever the order in which threads met them. */
static size_t rank_of(const findings *f, finding_code code, sv table)
{
    size_t low = 0, high = f->kinds;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const finding_kind *k = &f->kind[middle]->pub;
        if (k->code < code || (k->code == code && sv_cmp(k->table, table) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static kept_kind *kind_for(findings *f, finding_code code, sv table)
{
    size_t s = slot_of(code, table);
    for (kept_kind *k = f->slot[s]; k; k = k->same_slot)
        if (k->pub.code == code && sv_eq(k->pub.table, table)) return k;
    if (f->kinds == FINDING_KINDS_MAX) return NULL;
    if (f->kinds == f->room) {
        size_t room = f->room ? f->room * 2 : 64;
        kept_kind **grown = memory_grow(f->kind, room * sizeof *grown);
        if (!grown) return NULL;
        f->kind = grown;
        f->room = room;
    }
    kept_kind *k = arena_alloc(f->mem, sizeof *k);
    finding *items = arena_array(f->mem, FIRST_ITEMS, sizeof *items);
    if (!k || !items) return NULL;
    k->pub.code = code;
    k->pub.table = arena_sv(f->mem, table);
    k->pub.item = items;
    k->room = FIRST_ITEMS;
    k->same_slot = f->slot[s];
    f->slot[s] = k;
    size_t at = rank_of(f, code, table);
    memmove(&f->kind[at + 1], &f->kind[at], (f->kinds - at) * sizeof(kept_kind *));
    f->kind[at] = k;
    f->kinds++;
    return k;
}

static int place_order(const finding *a, const finding *b)
{
    if (a->file_id != b->file_id) return a->file_id < b->file_id ? -1 : 1;
    if (a->page != b->page) return a->page < b->page ? -1 : 1;
    if (a->slot != b->slot) return a->slot < b->slot ? -1 : 1;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

int findings_by_place(const void *a_, const void *b_)
{
    const finding *a = *(const finding *const *)a_, *b = *(const finding *const *)b_;
    int c = place_order(a, b);
    if (!c) c = sv_cmp(a->column, b->column);
    if (!c) c = sv_cmp(a->a, b->a);
    return c ? c : sv_cmp(a->b, b->b);
}

/* Room for x among the items of its kind, which stay in the order of their places: the first ones by place are kept,
 * whatever the order in which threads met them. NULL when x comes after all that are kept and there is no room. */
static finding *place_for(findings *f, kept_kind *k, const finding *x)
{
    if (k->pub.kept == FIRST_ITEMS && k->room == FIRST_ITEMS) {
        finding *grown = arena_array(f->mem, FINDINGS_KEPT_PER_KIND, sizeof *grown);
        if (!grown) return NULL;
        memcpy(grown, k->pub.item, FIRST_ITEMS * sizeof *grown);
        k->pub.item = grown;
        k->room = FINDINGS_KEPT_PER_KIND;
    }
    finding *item = (finding *)k->pub.item; /* this module made it */
    size_t at = k->pub.kept;
    while (at > 0 && place_order(x, &item[at - 1]) < 0) at--;
    if (at == FINDINGS_KEPT_PER_KIND) return NULL;
    if (k->pub.kept < FINDINGS_KEPT_PER_KIND) k->pub.kept++;
    memmove(&item[at + 1], &item[at], (k->pub.kept - 1 - at) * sizeof *item);
    return &item[at];
}

static void keep(findings *f, const finding *x)
{
    kept_kind *k = kind_for(f, x->code, x->table);
    if (!k) return; /* counted above; the limit bounds what hostile input can make us hold */
    k->pub.count++;
    k->pub.rows += x->rows;
    finding *copy = place_for(f, k, x);
    if (!copy) return;
    *copy = *x;
    copy->path = arena_sv(f->mem, x->path);
    copy->table = k->pub.table;
    copy->column = arena_sv(f->mem, x->column);
    copy->a = arena_sv(f->mem, x->a);
    copy->b = arena_sv(f->mem, x->b);
}

static void copy_texts(arena *mem, finding *x)
{
    x->path = arena_sv(mem, x->path);
    x->table = arena_sv(mem, x->table);
    x->column = arena_sv(mem, x->column);
    x->a = arena_sv(mem, x->a);
    x->b = arena_sv(mem, x->b);
}

static bool same(const finding *a, const finding *b)
{
    return a->code == b->code && place_order(a, b) == 0 && a->rows == b->rows && sv_eq(a->path, b->path) &&
           sv_eq(a->table, b->table) && sv_eq(a->column, b->column) && sv_eq(a->a, b->a) && sv_eq(a->b, b->b);
}

static void hold(findings *f, const finding *x)
{
    f->held++;
    if (f->last && same(&f->last->x, x)) {
        f->last->times++;
        return;
    }
    held_finding *h = arena_alloc(f->mem, sizeof *h);
    f->lost |= !h;
    if (!h) return;
    *h = (held_finding){.x = *x, .times = 1};
    copy_texts(f->mem, &h->x);
    *(f->last ? &f->last->next : &f->first) = h;
    f->last = h;
}

void find_add(findings *f, const finding *x)
{
    if (!f) return;
    mutex_lock(f->lock);
    if (f->holds) {
        hold(f, x);
    } else {
        f->count[x->code]++;
        keep(f, x);
    }
    mutex_unlock(f->lock);
}

size_t findings_held(const findings *held)
{
    mutex_lock(held->lock);
    size_t n = held->held;
    mutex_unlock(held->lock);
    return n;
}

bool findings_give(findings *held, size_t upto, findings *to)
{
    mutex_lock(held->lock);
    for (; held->given < upto && held->first; held->given++) {
        find_add(to, &held->first->x);
        if (--held->first->times == 0) held->first = held->first->next;
    }
    if (!held->first) {
        held->last = NULL;
        held->held = held->given = 0;
        arena_reset(held->mem);
    }
    bool whole = !held->lost && !arena_failed(held->mem);
    mutex_unlock(held->lock);
    return whole;
}

bool find_at(findings *f, finding_code code, sv path, sv why)
{
    finding x = FINDING_OF(code);
    x.path = path;
    x.a = why;
    find_add(f, &x);
    return false;
}

void find_code(findings *f, finding_code code, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    finding x = FINDING_OF(code);
    x.a = (sv){text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1};
    find_add(f, &x);
}

size_t findings_kinds(const findings *f) { return f->kinds; }
const finding_kind *findings_kind(const findings *f, size_t i) { return &f->kind[i]->pub; }
uint64_t findings_count(const findings *f, finding_code code) { return f->count[code]; }

severity findings_worst(const findings *f)
{
    severity worst = SEV_NOTE;
    for (int i = 0; i < (int)FINDING_CODES; i++)
        if (f->count[i] && texts[i].level > worst) worst = texts[i].level;
    return worst;
}

bool findings_loss_in(const findings *f, sv table, finding *out)
{
    bool found = false;
    mutex_lock(f->lock);
    for (size_t i = 0; i < f->kinds && !found; i++) {
        const finding_kind *k = &f->kind[i]->pub;
        found = k->kept && sv_eq(k->table, table) && finding_text_of(k->code)->level == SEV_LOSS;
        if (found) *out = k->item[0];
    }
    mutex_unlock(f->lock);
    return found;
}

uint64_t findings_at_least(const findings *f, severity level)
{
    uint64_t n = 0;
    for (int i = 0; i < (int)FINDING_CODES; i++)
        if (texts[i].level >= level) n += f->count[i];
    return n;
}

static void render_name(buf *out, sv name, const finding *x, uint64_t n)
{
    if (sv_eq(name, SV_LIT("a")))
        buf_sv(out, x->a);
    else if (sv_eq(name, SV_LIT("b")))
        buf_sv(out, x->b);
    else if (sv_eq(name, SV_LIT("path")))
        buf_sv(out, x->path);
    else if (sv_eq(name, SV_LIT("table")))
        buf_sv(out, x->table);
    else if (sv_eq(name, SV_LIT("column")))
        buf_sv(out, x->column);
    else if (sv_eq(name, SV_LIT("file")))
        buf_printf(out, "%u", (unsigned)x->file_id);
    else if (sv_eq(name, SV_LIT("page")))
        buf_printf(out, "%" PRIu32, x->page);
    else if (sv_eq(name, SV_LIT("slot")))
        buf_printf(out, "%" PRIu32, x->slot);
    else if (sv_eq(name, SV_LIT("line")))
        buf_printf(out, "%" PRIu64, x->line);
    else if (sv_eq(name, SV_LIT("offset")))
        buf_printf(out, "%" PRIu64, x->offset);
    else if (sv_eq(name, SV_LIT("rows")))
        buf_printf(out, "%" PRIu64, x->rows);
    else if (sv_eq(name, SV_LIT("n")))
        buf_printf(out, "%" PRIu64, n);
    else
        buf_printf(out, "{%.*s}", (int)name.n, name.p);
}

void finding_render(buf *out, const char *sentence, const finding *x, uint64_t n)
{
    for (const char *p = sentence; *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (end) {
            render_name(out, (sv){p + 1, (size_t)(end - p - 1)}, x, n);
            p = end + 1;
        } else
            buf_char(out, *p++);
    }
}
