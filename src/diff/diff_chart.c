#include "diff/diff_chart.h"
#include "deliver/chart_rows.h"

static void add_tenths(int16_t tenths, buf *out)
{
    char text[CHART_TENTHS_MAX];
    if (tenths != CHART_NONE) buf_add(out, text, chart_tenths_text(tenths, text));
}

static void add_mark(int8_t mark, buf *out)
{
    if (mark != MARK_NONE) buf_char(out, (char)('0' + mark));
}

static void add_site(const chart_site *s, chart_measure m, buf *out)
{
    switch (m) {
    case MEASURE_PD: add_tenths(s->pd, out); break;
    case MEASURE_RECESSION: add_tenths(s->recession, out); break;
    case MEASURE_CAL: add_tenths(s->cal_source, out); break;
    case MEASURE_BOP: add_mark(s->bop, out); break;
    case MEASURE_SUPPURATION: add_mark(s->suppuration, out); break;
    case MEASURE_PLAQUE: add_mark(s->plaque, out); break;
    case MEASURE_CALCULUS: add_mark(s->calculus, out); break;
    default: break;
    }
}

static void add_custom(const chart_custom *list, size_t n, const chart_origin *o, buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (!sv_starts(list[i].name, o->name) || !sv_eq(list[i].value, o->value)) continue;
        buf_sv(out, list[i].value);
        return;
    }
}

static void add_tooth(const chart_tooth *t, const chart_origin *o, buf *out)
{
    switch (o->measure) {
    case MEASURE_OF_ROW: buf_printf(out, "%u%s", (unsigned)t->tooth.fdi, t->tooth.supernumerary ? "S" : ""); break;
    case MEASURE_MOBILITY: add_tenths(t->mobility, out); break;
    case MEASURE_FURCATION: add_mark(t->furcation[o->entrance & 3].grade, out); break;
    case MEASURE_MILLER: buf_sv(out, sv_from(t->miller)); break;
    case MEASURE_CAIRO: buf_sv(out, sv_from(t->cairo)); break;
    case MEASURE_KERATINIZED: add_tenths(t->keratinized, out); break;
    case MEASURE_MGJ: add_tenths(t->mgj, out); break;
    case MEASURE_PLAQUE_INDEX: add_tenths(t->plaque_index, out); break;
    case MEASURE_STATUS: buf_sv(out, sv_from(tooth_status_name(t->status))); break;
    case MEASURE_NOTE: buf_sv(out, t->note); break;
    case MEASURE_IGNORED: add_custom(t->custom, t->customs, o, out); break;
    default: break;
    }
}

void chart_value_of(const exam_chart *x, const chart_origin *o, buf *out)
{
    if (o->tooth >= TEETH) {
        add_custom(x->custom, x->customs, o, out);
        return;
    }
    for (size_t i = 0; i < x->teeth; i++) {
        if (tooth_index(x->tooth[i].tooth) != o->tooth) continue;
        if (o->site < SITES && o->measure <= MEASURE_CALCULUS)
            add_site(&x->tooth[i].site[o->site], o->measure, out);
        else
            add_tooth(&x->tooth[i], o, out);
    }
}

static const char *const measure_words[] = {[MEASURE_PD] = "probing depth",
                                            [MEASURE_RECESSION] = "recession",
                                            [MEASURE_CAL] = "attachment loss",
                                            [MEASURE_BOP] = "bleeding",
                                            [MEASURE_SUPPURATION] = "suppuration",
                                            [MEASURE_PLAQUE] = "plaque",
                                            [MEASURE_CALCULUS] = "calculus",
                                            [MEASURE_BLEEDING_FLAGS] = "marks",
                                            [MEASURE_MOBILITY] = "mobility",
                                            [MEASURE_FURCATION] = "furcation",
                                            [MEASURE_MILLER] = "recession class",
                                            [MEASURE_CAIRO] = "recession type",
                                            [MEASURE_KERATINIZED] = "keratinized",
                                            [MEASURE_MGJ] = "mucogingival junction",
                                            [MEASURE_PLAQUE_INDEX] = "plaque index",
                                            [MEASURE_STATUS] = "state",
                                            [MEASURE_MISSING] = "state",
                                            [MEASURE_IMPLANT] = "state",
                                            [MEASURE_NOTE] = "remark",
                                            [MEASURE_IGNORED] = "own finding",
                                            [MEASURE_OF_ROW] = "tooth"};

void chart_place_words(unsigned which_tooth, unsigned measure, tooth_site site, unsigned entrance, buf *out)
{
    static const char entrances[] = "BMDL";
    if (which_tooth < TEETH) {
        tooth t = tooth_at(which_tooth);
        buf_printf(out, "%u%s", (unsigned)t.fdi, t.supernumerary ? "S" : "");
    }
    if (site < SITES) buf_printf(out, " %s", site_name[site]);
    if (measure == MEASURE_FURCATION) buf_printf(out, " %c", entrances[entrance & 3]);
    if (measure < sizeof measure_words / sizeof measure_words[0])
        buf_printf(out, "%s%s", out->n ? " " : "", measure_words[measure]);
}

const chart_field *chart_field_of(const model_entity *e, const char *field)
{
    enum { NO = UINT8_MAX };
    static const chart_field all[] = {
        {"tooth_record", "fdi", MEASURE_OF_ROW, NO},
        {"tooth_record", "supernumerary", MEASURE_OF_ROW, NO},
        {"tooth_record", "tooth_raw", MEASURE_OF_ROW, NO},
        {"tooth_record", "status", MEASURE_STATUS, NO},
        {"tooth_record", "mobility", MEASURE_MOBILITY, NO},
        {"tooth_record", "mobility_raw", MEASURE_MOBILITY, NO},
        {"tooth_record", "furcation_b_grade", MEASURE_FURCATION, 0},
        {"tooth_record", "furcation_b_raw", MEASURE_FURCATION, 0},
        {"tooth_record", "furcation_m_grade", MEASURE_FURCATION, 1},
        {"tooth_record", "furcation_m_raw", MEASURE_FURCATION, 1},
        {"tooth_record", "furcation_d_grade", MEASURE_FURCATION, 2},
        {"tooth_record", "furcation_d_raw", MEASURE_FURCATION, 2},
        {"tooth_record", "furcation_l_grade", MEASURE_FURCATION, 3},
        {"tooth_record", "furcation_l_raw", MEASURE_FURCATION, 3},
        {"tooth_record", "miller_recession", MEASURE_MILLER, NO},
        {"tooth_record", "cairo", MEASURE_CAIRO, NO},
        {"tooth_record", "keratinized_width", MEASURE_KERATINIZED, NO},
        {"tooth_record", "mgj", MEASURE_MGJ, NO},
        {"tooth_record", "plaque_index", MEASURE_PLAQUE_INDEX, NO},
        {"tooth_record", "note", MEASURE_NOTE, NO},
        {"site_measure", "pd", MEASURE_PD, NO},
        {"site_measure", "recession", MEASURE_RECESSION, NO},
        {"site_measure", "cal_source", MEASURE_CAL, NO},
        {"site_measure", "bop", MEASURE_BOP, NO},
        {"site_measure", "suppuration", MEASURE_SUPPURATION, NO},
        {"site_measure", "plaque", MEASURE_PLAQUE, NO},
        {"site_measure", "calculus", MEASURE_CALCULUS, NO},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].field, field) == 0 && strcmp(all[i].entity, e->name) == 0) return &all[i];
    return NULL;
}

/* What stands behind the last colon is taken off; p NULL: there is none. */
static sv take_last(sv *key)
{
    for (size_t i = key->n; i-- > 0;) {
        if (key->p[i] != ':') continue;
        sv last = {key->p + i + 1, key->n - i - 1};
        key->n = i;
        return last;
    }
    return (sv){NULL, 0};
}

bool chart_key_read(sv src_key, bool site, sv *exam, unsigned *which_tooth, tooth_site *which_site)
{
    sv at = site ? take_last(&src_key) : (sv){NULL, 0}, number = take_last(&src_key);
    *which_site = SITES;
    for (size_t i = 0; i < SITES; i++)
        if (site && sv_eq(at, sv_from(site_name[i]))) *which_site = (tooth_site)i;
    if (!number.p || number.n < 2 || number.n > 3 || (site && *which_site == SITES)) return false;
    tooth t = {.fdi = (uint8_t)((number.p[0] - '0') * 10 + (number.p[1] - '0')), .supernumerary = number.n == 3};
    *which_tooth = tooth_index(t);
    *exam = src_key;
    return *which_tooth < TEETH;
}

bool chart_scores_field(const char *field)
{
    static const char *const all[] = {"numbering",    "sites_examined",    "bleeding_sites", "bleeding_marks",
                                      "plaque_sites", "suppuration_sites", "pd4_sites",      "pd5_sites",
                                      "pd6_sites",    "pd5_teeth",         "teeth_present",  "teeth_missing",
                                      "implants",     "bop_percent",       "plaque_percent", "suppuration_percent",
                                      "pd4_percent",  "pd5_percent",       "pd6_percent",    "mean_pd",
                                      "max_pd",       "mean_cal"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i], field) == 0) return true;
    return false;
}
