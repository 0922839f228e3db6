/* Charts that outlive the call in which they were given. */
#include "chart/chart.h"

static sv copy_text(arena *mem, sv s) { return s.p ? arena_sv(mem, s) : s; }

static const chart_custom *copy_customs(arena *mem, const chart_custom *from, size_t n)
{
    chart_custom *to = n ? arena_array(mem, n, sizeof *to) : NULL;
    for (size_t i = 0; to && i < n; i++)
        to[i] = (chart_custom){copy_text(mem, from[i].name), copy_text(mem, from[i].value), from[i].type};
    return to;
}

static void settle_customs(arena *mem, const chart_custom *list, size_t n)
{
    chart_custom *to = (chart_custom *)list;
    for (size_t i = 0; i < n; i++) {
        to[i].name = copy_text(mem, to[i].name);
        to[i].value = copy_text(mem, to[i].value);
    }
}

static void copy_texts(arena *mem, chart_tooth *t)
{
    t->raw = copy_text(mem, t->raw);
    t->mobility_raw = copy_text(mem, t->mobility_raw);
    t->note = copy_text(mem, t->note);
    t->src_key = copy_text(mem, t->src_key);
    for (size_t i = 0; i < 4; i++) t->furcation[i].raw = copy_text(mem, t->furcation[i].raw);
}

/* Columns and names live as long as the plan; of a row's origins the row's text is one. */
static const chart_origin *copy_origins(arena *mem, const chart_origin *from, size_t n)
{
    chart_origin *to = n ? arena_array(mem, n, sizeof *to) : NULL;
    sv before = {NULL, 0}, place = {NULL, 0};
    for (size_t i = 0; to && i < n; i++) {
        if (from[i].row.p != before.p) place = copy_text(mem, from[i].row);
        before = from[i].row;
        to[i] = from[i];
        to[i].row = place;
        to[i].value = copy_text(mem, from[i].value);
    }
    return to;
}

static const exam_chart *copy_rest(arena *mem, const exam_chart *x, exam_chart *out)
{
    out->exam = copy_text(mem, x->exam);
    out->origin = copy_origins(mem, x->origin, x->origins);
    out->duplicate_of = copy_text(mem, x->duplicate_of);
    return arena_failed(mem) ? NULL : out;
}

const exam_chart *chart_copy(arena *mem, const exam_chart *x)
{
    exam_chart *out = arena_copy(mem, x, 1, sizeof *out);
    chart_tooth *list = arena_copy(mem, x->tooth, x->teeth, sizeof *list);
    if (!out || !list) return NULL;
    for (size_t i = 0; i < x->teeth; i++) {
        copy_texts(mem, &list[i]);
        list[i].custom = copy_customs(mem, x->tooth[i].custom, x->tooth[i].customs);
    }
    out->tooth = list;
    out->custom = copy_customs(mem, x->custom, x->customs);
    return copy_rest(mem, x, out);
}

const exam_chart *chart_settle(arena *mem, const exam_chart *x)
{
    exam_chart *out = arena_copy(mem, x, 1, sizeof *out);
    chart_tooth *list = (chart_tooth *)x->tooth; /* of the arena, as the findings are */
    for (size_t i = 0; out && i < x->teeth; i++) {
        copy_texts(mem, &list[i]);
        settle_customs(mem, list[i].custom, list[i].customs);
    }
    settle_customs(mem, x->custom, x->customs);
    return out ? copy_rest(mem, x, out) : NULL;
}

const chart_reject *chart_reject_copy(arena *mem, const chart_reject *x)
{
    chart_reject *out = arena_copy(mem, x, 1, sizeof *out);
    if (!out) return NULL;
    out->exam = copy_text(mem, x->exam);
    out->src_key = copy_text(mem, x->src_key);
    out->column = copy_text(mem, x->column);
    out->value = copy_text(mem, x->value);
    return arena_failed(mem) ? NULL : out;
}
