#include "deliver/chart_cells.h"
#include "base/digits.h"
#include "deliver/chart_rows.h"
#include "deliver/chart_text.h"

/* Fields of site_measure and tooth_record in the order of the model (test_deliver_charts holds them against it). */
enum { SITE_PD = 2, SITE_RECESSION, SITE_CAL, SITE_CAL_SOURCE, SITE_BOP, SITE_SUPPURATION, SITE_PLAQUE, SITE_CALCULUS };
enum {
    TOOTH_FDI_NUMBER = 1,
    TOOTH_EXTRA,
    TOOTH_RAW,
    TOOTH_STATUS,
    TOOTH_MOBILITY,
    TOOTH_MOBILITY_RAW,
    TOOTH_SCALE,
    TOOTH_FURCATION,
    TOOTH_MILLER = TOOTH_FURCATION + 8,
    TOOTH_CAIRO,
    TOOTH_KERATINIZED,
    TOOTH_MGJ,
    TOOTH_PLAQUE_INDEX,
    TOOTH_NOTE
};

static void tenths(int16_t x, buf *out)
{
    char text[CHART_TENTHS_MAX];
    if (x != CHART_NONE) buf_add(out, text, chart_tenths_text(x, text));
}

static void small(int8_t x, buf *out)
{
    char text[DIGITS_U64_MAX];
    if (x >= 0 && x < 10) /* nearly all */
        buf_char(out, (char)('0' + x));
    else if (x >= 0)
        buf_add(out, text, digits_u64((uint64_t)x, text));
}

static void word(const char *w, buf *out)
{
    if (w) buf_str(out, w);
}

/* ---- single values ---- */

static void site_value(const chart_site *s, size_t field, buf *out)
{
    switch (field) {
    case SITE_PD: tenths(s->pd, out); break;
    case SITE_RECESSION: tenths(s->recession, out); break;
    case SITE_CAL: tenths(s->cal, out); break;
    case SITE_CAL_SOURCE: tenths(s->cal_source, out); break;
    case SITE_BOP: small(s->bop, out); break;
    case SITE_SUPPURATION: small(s->suppuration, out); break;
    case SITE_PLAQUE: small(s->plaque, out); break;
    case SITE_CALCULUS: small(s->calculus, out); break;
    default: break;
    }
}

static void furcation_value(const chart_tooth *t, size_t field, buf *out)
{
    const chart_furcation *f = &t->furcation[(field - TOOTH_FURCATION) / 2];
    if ((field - TOOTH_FURCATION) % 2)
        buf_sv(out, f->raw);
    else
        small(f->grade, out);
}

static void tooth_value(const chart_tooth *t, size_t field, buf *out)
{
    switch (field) {
    case TOOTH_FDI_NUMBER: buf_printf(out, "%u", (unsigned)t->tooth.fdi); break;
    case TOOTH_EXTRA: small(t->tooth.supernumerary, out); break;
    case TOOTH_RAW: buf_sv(out, t->raw); break;
    case TOOTH_STATUS: word(tooth_status_name(t->status), out); break;
    case TOOTH_MOBILITY: tenths(t->mobility, out); break;
    case TOOTH_MOBILITY_RAW: buf_sv(out, t->mobility_raw); break;
    case TOOTH_SCALE: word(chart_furcation_scale(t), out); break;
    case TOOTH_MILLER: word(t->miller, out); break;
    case TOOTH_CAIRO: word(t->cairo, out); break;
    case TOOTH_KERATINIZED: tenths(t->keratinized, out); break;
    case TOOTH_MGJ: tenths(t->mgj, out); break;
    case TOOTH_PLAQUE_INDEX: tenths(t->plaque_index, out); break;
    case TOOTH_NOTE: buf_sv(out, t->note); break;
    default:
        if (field >= TOOTH_FURCATION && field < TOOTH_MILLER) furcation_value(t, field, out);
    }
}

static const chart_tooth *tooth_of(const exam_chart *x, unsigned index)
{
    for (size_t i = 0; i < x->teeth; i++)
        if (tooth_index(x->tooth[i].tooth) == index) return &x->tooth[i];
    return NULL;
}

static void label(const exam_chart *x, const chart_tooth *t, chart_value what, tooth_system by, buf *out)
{
    switch (what) {
    case CHART_VALUE_FDI: tooth_print(t->tooth, TOOTH_FDI, out); break;
    case CHART_VALUE_UNIVERSAL: tooth_print(t->tooth, TOOTH_UNIVERSAL, out); break;
    case CHART_VALUE_PALMER: tooth_print(t->tooth, TOOTH_PALMER, out); break;
    case CHART_VALUE_LABEL: tooth_print(t->tooth, by, out); break;
    default: tooth_print(t->tooth, x->numbering, out); break;
    }
}

void chart_cell(const row_column *c, const exam_chart *x, const chart_tooth *at_hand, tooth_system by, buf *out)
{
    const chart_tooth *t = c->tooth < TEETH ? tooth_of(x, c->tooth) : at_hand;
    switch (c->chart) {
    case CHART_VALUE_JSON: chart_json(x, out); return;
    case CHART_VALUE_TEXT: chart_table(x, out); return;
    case CHART_VALUE_SYSTEM: word(tooth_system_name(x->numbering), out); return;
    case CHART_VALUE_TOOTH:
        if (t) tooth_value(t, c->at - STAGED_FIELDS, out);
        return;
    case CHART_VALUE_SITE:
        if (t && c->site < SITES) site_value(&t->site[c->site], c->at - STAGED_FIELDS, out);
        return;
    default:
        if (t) label(x, t, c->chart, by, out);
        return;
    }
}

bool chart_has_other_teeth(const exam_chart *x)
{
    for (size_t i = 0; i < x->teeth; i++)
        if (tooth_is_primary(x->tooth[i].tooth) || x->tooth[i].tooth.supernumerary) return true;
    return false;
}
