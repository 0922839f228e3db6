/* Exams whose rows are not all there yet. What two rows say of one place of a tooth is kept when it is the same, and
 * marked as contrary when it is not; so the order of rows does not matter. Memory comes in blocks that are used again. */
#include "chart/chart_internal.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct open_block {
    open_block *next;
    size_t room, used;
    max_align_t data[];
};

/* Small, so that little of the last one is left unused; everything in them is aligned for pointers. */
enum { BLOCK_BYTES = 1280, ALIGNED = sizeof(uint64_t) };

static size_t aligned(size_t n) { return (n + ALIGNED - 1) & ~(size_t)(ALIGNED - 1); }

bool open_init(open_exams *o, size_t exams, size_t ceiling)
{
    *o = (open_exams){.exam = calloc(exams ? exams : 1, sizeof(open_exam *)), .ceiling = ceiling};
    return o->exam != NULL;
}

static void free_blocks(open_block *b)
{
    while (b) {
        open_block *next = b->next;
        free(b);
        b = next;
    }
}

void open_free(open_exams *o, size_t exams)
{
    for (size_t i = 0; o->exam && i < exams; i++)
        if (o->exam[i]) open_close(o, (uint32_t)i);
    free_blocks(o->spare);
    free(o->exam);
    *o = (open_exams){0};
}

static open_block *take_block(open_exams *o, size_t n)
{
    open_block *b = o->spare;
    if (b && n <= b->room) {
        o->spare = b->next;
    } else {
        size_t room = n > BLOCK_BYTES ? n : BLOCK_BYTES;
        if (!(b = malloc(sizeof *b + room))) return NULL;
        b->room = room;
    }
    b->used = 0;
    o->held += b->room;
    return b;
}

static void give_blocks(open_exams *o, open_block *b)
{
    while (b) {
        open_block *next = b->next;
        o->held -= b->room;
        if (b->room > BLOCK_BYTES) {
            free(b);
        } else {
            b->next = o->spare;
            o->spare = b;
        }
        b = next;
    }
}

static void *carve(open_block *b, size_t n)
{
    void *p = (char *)b->data + b->used;
    b->used += n;
    memset(p, 0, n);
    return p;
}

void *open_alloc(open_exams *o, open_exam *x, size_t n)
{
    if (n > SIZE_MAX / 2) return NULL;
    n = aligned(n);
    open_block *b = x->block;
    if (!b || b->room - b->used < n) {
        if (!(b = take_block(o, n))) return NULL;
        b->next = x->block;
        x->block = b;
    }
    return carve(b, n);
}

/* What an exam of so many teeth takes, with a label and a key each. */
static size_t expected(size_t teeth) { return sizeof(open_exam) + teeth * (sizeof(open_tooth) + 32) + BLOCK_BYTES / 2; }

bool open_has_room(const open_exams *o, size_t teeth)
{
    size_t more = o->promised > o->held ? o->promised : o->held;
    return o->open == 0 || more + expected(teeth) <= o->ceiling;
}

open_exam *open_make(open_exams *o, uint32_t exam, size_t teeth)
{
    open_block *b = take_block(o, aligned(sizeof(open_exam)));
    if (!b) return NULL;
    b->next = NULL;
    open_exam *x = carve(b, aligned(sizeof *x));
    x->block = b;
    x->promised = expected(teeth);
    o->promised += x->promised;
    o->exam[exam] = x;
    o->open++;
    return x;
}

void open_close(open_exams *o, uint32_t exam)
{
    open_exam *x = o->exam[exam];
    o->exam[exam] = NULL;
    o->open--;
    o->promised -= x->promised;
    give_blocks(o, x->block); /* x itself lies in one of them */
}

/* ---- texts ---- */

/* Keys of figures by their number, other texts by their bytes: whatever the order of rows, the same one is first. */
static bool is_number(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return s.n > 0;
}

static bool comes_before(sv a, sv b)
{
    if (is_number(a) && is_number(b) && a.n != b.n) return a.n < b.n;
    return sv_cmp(a, b) < 0;
}

static bool set_text(chart_fold_run *f, open_exam *x, text_node *t, sv text)
{
    char *copy = open_alloc(&f->open, x, text.n + 1);
    if (!copy) return false;
    memcpy(copy, text.p, text.n);
    x->text_bytes += text.n;
    t->value = (sv){copy, text.n};
    return true;
}

static bool same_place(const text_node *t, const chart_row_text *n)
{
    return t->kind == n->kind && t->site == n->site && sv_eq(t->name, n->name);
}

static void hold_back_text(chart_fold_run *f, const chart_row *r, const chart_row_text *n)
{
    chart_hold_back(f, &(chart_reject){.from = r->from,
                                       .exam = r->exam_key,
                                       .src_key = r->key,
                                       .code = F_CHART_TOO_MANY_TEXTS,
                                       .column = n->name,
                                       .value = n->value,
                                       .held_back = true});
}

/* A label or key: of several the first in order. */
static bool take_short(chart_fold_run *f, open_exam *x, const open_text **at, sv text)
{
    if (*at && (x->text_bytes > CHART_TEXT_OF_EXAM_MAX || !comes_before(text, (sv){(*at)->p, (*at)->n}))) return true;
    if (text.n > UINT32_MAX) text.n = UINT32_MAX;
    open_text *t = open_alloc(&f->open, x, sizeof *t + text.n);
    if (!t) return false;
    t->n = (uint32_t)text.n;
    memcpy(t->p, text.p, text.n);
    x->text_bytes += text.n;
    *at = t;
    return true;
}

/* One raw text a tooth and place: the first in order. Every other note and finding. */
static bool take_text(chart_fold_run *f, open_exam *x, text_node **list, const chart_row *r, const chart_row_text *n)
{
    bool several = n->kind == TEXT_NOTE || n->kind == TEXT_CUSTOM;
    for (text_node *t = *list; t; t = t->next) {
        if (!same_place(t, n)) continue;
        if (sv_eq(t->value, n->value)) return true;
        if (several) continue;
        if (x->text_bytes > CHART_TEXT_OF_EXAM_MAX) return true;
        return comes_before(n->value, t->value) ? set_text(f, x, t, n->value) : true;
    }
    if (x->text_bytes > CHART_TEXT_OF_EXAM_MAX || x->texts[n->tooth] == CHART_TEXTS_OF_TOOTH_MAX) {
        hold_back_text(f, r, n);
        return true;
    }
    x->texts[n->tooth] = (uint16_t)(x->texts[n->tooth] + several);
    text_node *t = open_alloc(&f->open, x, sizeof *t);
    if (!t || !set_text(f, x, t, n->value)) return false;
    t->kind = n->kind;
    t->type = n->type;
    t->site = n->site;
    t->name = n->name;
    t->next = *list;
    *list = t;
    return true;
}

/* ---- values ---- */

#define SIX(none) none, none, none, none, none, none
const int16_t slot_none[SLOTS] = {[SLOT_PD] = SIX(CHART_NONE),         [SLOT_RECESSION] = SIX(CHART_NONE),
                                  [SLOT_CAL] = SIX(CHART_NONE),        [SLOT_BOP] = SIX(MARK_NONE),
                                  [SLOT_SUPPURATION] = SIX(MARK_NONE), [SLOT_PLAQUE] = SIX(MARK_NONE),
                                  [SLOT_CALCULUS] = SIX(MARK_NONE),    [SLOT_MOBILITY] = CHART_NONE,
                                  [SLOT_FURCATION] = MARK_NONE,        [SLOT_FURCATION + 1] = MARK_NONE,
                                  [SLOT_FURCATION + 2] = MARK_NONE,    [SLOT_FURCATION + 3] = MARK_NONE,
                                  [SLOT_KERATINIZED] = CHART_NONE,     [SLOT_MGJ] = CHART_NONE,
                                  [SLOT_PLAQUE_INDEX] = CHART_NONE,    [SLOT_STATUS] = TOOTH_STATUS_NONE};
#undef SIX

static open_tooth *tooth_of(chart_fold_run *f, open_exam *x, unsigned at)
{
    open_tooth *t = x->tooth[at];
    if (t || !(t = open_alloc(&f->open, x, sizeof *t))) return t;
    memcpy(t->value, slot_none, sizeof t->value);
    t->tooth = (uint8_t)at;
    x->tooth[at] = t;
    return t;
}

/* A number as the source may have had it, for the list of exceptions. */
static sv value_words(const chart_entry *e, int16_t n, char out[24])
{
    int length;
    if (e->slot == SLOT_STATUS)
        return sv_from(tooth_status_name((tooth_status)n) ? tooth_status_name((tooth_status)n) : "");
    bool tenths =
        e->slot < SLOT_BOP || (e->slot >= SLOT_KERATINIZED && e->slot <= SLOT_PLAQUE_INDEX) || e->slot == SLOT_MOBILITY;
    if (!tenths)
        length = snprintf(out, 24, "%d", n);
    else if (n % 10)
        length = snprintf(out, 24, "%s%d.%d", n < 0 ? "-" : "", abs(n) / 10, abs(n) % 10);
    else
        length = snprintf(out, 24, "%d", n / 10);
    return (sv){out, (size_t)length};
}

static void hold_back(chart_fold_run *f, const chart_row *r, const chart_entry *e, int16_t n)
{
    char text[24];
    chart_hold_back(f, &(chart_reject){.from = r->from,
                                       .exam = r->exam_key,
                                       .src_key = r->key,
                                       .code = F_CHART_CONTRARY,
                                       .column = scan_column_name(f->scan, e->column),
                                       .value = value_words(e, n, text),
                                       .held_back = true});
}

/* True when the tooth had the same value there already. */
static bool take_value(chart_fold_run *f, open_tooth *t, const chart_row *r, const chart_entry *e)
{
    uint64_t bit = SLOT_BIT(e->slot);
    if (!(t->known & bit)) {
        t->known |= bit;
        t->value[e->slot] = e->value;
        return false;
    }
    if (!(t->contrary & bit)) {
        if (t->value[e->slot] == e->value) return true;
        t->contrary |= bit;
        hold_back(f, r, e, t->value[e->slot]);
        t->value[e->slot] = slot_none[e->slot];
    }
    hold_back(f, r, e, e->value);
    return false;
}

bool open_take(chart_fold_run *f, open_exam *x, const chart_batch *b, const chart_row *r)
{
    bool repeated = false;
    for (size_t i = 0; i < r->entries; i++) {
        const chart_entry *e = &b->entry[r->entry + i];
        open_tooth *t = tooth_of(f, x, e->tooth);
        if (!t) return false;
        repeated |= take_value(f, t, r, e) && e->slot < SLOT_MOBILITY;
    }
    sv row_name = {NULL, 0};
    for (size_t i = 0; i < r->texts; i++) {
        const chart_row_text *n = &b->text[r->text + i];
        if (n->kind == TEXT_ORIGIN) {
            if (!open_take_origin(f, x, r, n, &row_name)) return false;
            continue;
        }
        open_tooth *t = n->tooth < TEETH ? tooth_of(f, x, n->tooth) : NULL;
        if (n->tooth < TEETH && !t) return false;
        bool ok = t && n->kind == TEXT_LABEL ? take_short(f, x, &t->label, n->value)
                  : t && n->kind == TEXT_KEY ? take_short(f, x, &t->key, n->value)
                                             : take_text(f, x, t ? &t->text : &x->text, r, n);
        if (!ok) return false;
    }
    if (repeated && !f->signs) chart_tell(f, F_CHART_REPEATED, -1, r->from, (sv){NULL, 0}, (sv){NULL, 0});
    return true;
}
