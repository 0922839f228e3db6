/* Where the values of a chart stand in the source, of the exams that are asked for: kept beside the values until the exam is given
 * out. */
#include "chart/chart_row.h"

struct origin_node {
    struct origin_node *next;
    uint8_t tooth, what;
    sv name, column, row, value; /* name, column: live as long as the plan and the table */
};

/* What an origin is of: a slot, or behind them a kind of text. */
enum { WHAT_TEXT = 64 };

/* ---- of a row ---- */

static void add(reader *r, unsigned which_tooth, unsigned what, sv name, int column)
{
    char scratch[CELL_TEXT_MAX];
    sv text;
    int at = column < 0 ? -1 : r->scan->at[column];
    if (at < 0 || (size_t)at >= r->in->n || which_tooth > TEETH) return;
    const value *v = &r->in->cell[at];
    if (v->kind == V_NULL || !cell_text(v, scratch, &text)) return;
    r->column = (uint16_t)column;
    reader_kept_text(r, which_tooth, TEXT_ORIGIN, SITES, name, batch_text(r->b, text), (column_type)what);
}

/* The place that a value without a meaning would have had; SLOTS: none. */
static unsigned slot_of(const reader *r, const chart_column *c)
{
    static const char entrances[] = "BMDL";
    chart_measure m = c->measure == MEASURE_OF_ROW ? r->measure : c->measure;
    tooth_site site = c->site != SITES ? c->site : r->site;
    if (c->packed) return SLOTS;
    if (m <= MEASURE_CALCULUS) return site < SITES ? SITES * (unsigned)m + site : SLOTS;
    const char *at = c->entrance ? strchr(entrances, c->entrance) : NULL;
    switch (m) {
    case MEASURE_MOBILITY: return SLOT_MOBILITY;
    case MEASURE_FURCATION: return at ? SLOT_FURCATION + (unsigned)(at - entrances) : SLOTS;
    case MEASURE_MILLER: return SLOT_MILLER;
    case MEASURE_CAIRO: return SLOT_CAIRO;
    case MEASURE_KERATINIZED: return SLOT_KERATINIZED;
    case MEASURE_MGJ: return SLOT_MGJ;
    case MEASURE_PLAQUE_INDEX: return SLOT_PLAQUE_INDEX;
    case MEASURE_STATUS:
    case MEASURE_MISSING:
    case MEASURE_IMPLANT: return SLOT_STATUS;
    default: return SLOTS;
    }
}

static bool was_read(const chart_batch *b, const chart_row *of, size_t texts, uint16_t column)
{
    for (size_t i = of->entry; i < b->entries; i++)
        if (b->entry[i].column == column) return true;
    for (size_t i = of->text; i < texts; i++)
        if (b->text[i].column == column && b->text[i].kind != TEXT_KEY) return true;
    return false;
}

void reader_origins(reader *r, const chart_row *of)
{
    const chart_plan *p = r->scan->plan;
    chart_batch *b = r->b;
    size_t entries = b->entries, texts = b->texts;
    for (size_t i = of->entry; i < entries && !b->failed; i++)
        add(r, b->entry[i].tooth, b->entry[i].slot, (sv){NULL, 0}, b->entry[i].column);
    for (size_t i = of->text; i < texts && !b->failed; i++) {
        const chart_row_text t = b->text[i];
        if (t.kind != TEXT_KEY) add(r, t.tooth, WHAT_TEXT + (unsigned)t.kind, t.name, t.column);
    }
    for (size_t i = 0; i < p->columns && !b->failed; i++) {
        const chart_column *c = &p->column[i];
        unsigned which = p->shape == SHAPE_WIDE_EXAM ? r->scan->label_tooth[i][r->system] : r->tooth;
        unsigned slot = slot_of(r, c);
        if (slot < SLOTS && which < TEETH && !was_read(b, of, texts, c->column))
            add(r, which, slot, (sv){NULL, 0}, c->column);
    }
}

/* ---- of an open exam ---- */

static sv copy(chart_fold_run *f, open_exam *x, sv before, sv text, bool *ok)
{
    size_t n = before.n + text.n;
    char *p = open_alloc(&f->open, x, n + 1);
    *ok = *ok && p;
    if (!p) return (sv){NULL, 0};
    if (before.n) memcpy(p, before.p, before.n);
    if (text.n) memcpy(p + before.n, text.p, text.n);
    return (sv){p, n};
}

/* "ChartingID=17"; of rows without a key of their own the exam's. */
static sv row_of(chart_fold_run *f, open_exam *x, const chart_row *r, bool *ok)
{
    const chart_plan *p = f->run->plan;
    char name[256];
    sv column = scan_column_name(f->scan, r->key.n ? p->row_key : p->exam);
    size_t n = column.n < sizeof name - 1 ? column.n : sizeof name - 1;
    memcpy(name, column.p, n);
    name[n] = '=';
    return copy(f, x, (sv){name, n + 1}, r->key.n ? r->key : r->exam_key, ok);
}

bool open_take_origin(chart_fold_run *f, open_exam *x, const chart_row *r, const chart_row_text *n, sv *place)
{
    bool ok = true;
    if (f->signs) return true;
    if (!place->p) *place = row_of(f, x, r, &ok);
    origin_node *o = open_alloc(&f->open, x, sizeof *o);
    if (!o || !ok) return false;
    *o = (origin_node){.next = x->origin,
                       .tooth = n->tooth,
                       .what = n->type,
                       .name = n->name,
                       .column = scan_column_name(f->scan, n->column),
                       .row = *place};
    o->value = copy(f, x, (sv){NULL, 0}, n->value, &ok);
    x->origin = o;
    x->origins++;
    return ok;
}

static void set_what(chart_origin *o, unsigned what)
{
    o->site = SITES;
    if (what >= WHAT_TEXT) {
        unsigned kind = what - WHAT_TEXT;
        bool furcation = kind >= TEXT_FURCATION && kind < TEXT_NOTE;
        o->measure = kind == TEXT_LABEL      ? MEASURE_OF_ROW
                     : kind == TEXT_MOBILITY ? MEASURE_MOBILITY
                     : furcation             ? MEASURE_FURCATION
                     : kind == TEXT_NOTE     ? MEASURE_NOTE
                                             : MEASURE_IGNORED;
        o->entrance = furcation ? (uint8_t)(kind - TEXT_FURCATION) : 0;
    } else if (what < SLOT_MOBILITY) {
        o->measure = (chart_measure)(what / SITES);
        o->site = (tooth_site)(what % SITES);
    } else if (what >= SLOT_FURCATION && what < SLOT_MILLER) {
        o->measure = MEASURE_FURCATION;
        o->entrance = (uint8_t)(what - SLOT_FURCATION);
    } else {
        static const chart_measure of[] = {MEASURE_MILLER, MEASURE_CAIRO,        MEASURE_KERATINIZED,
                                           MEASURE_MGJ,    MEASURE_PLAQUE_INDEX, MEASURE_STATUS};
        o->measure = what == SLOT_MOBILITY ? MEASURE_MOBILITY : of[what - SLOT_MILLER];
    }
}

/* In the order of the rows. */
const chart_origin *open_origins(arena *mem, const open_exam *x)
{
    chart_origin *all = x->origins ? arena_array(mem, x->origins, sizeof *all) : NULL;
    size_t at = x->origins;
    for (const origin_node *n = x->origin; all && n; n = n->next) {
        chart_origin *o = &all[--at];
        *o = (chart_origin){.tooth = n->tooth, .name = n->name, .column = n->column, .row = n->row, .value = n->value};
        set_what(o, n->what);
    }
    return all;
}
