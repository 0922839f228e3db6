/* Teeth, sites and areas of plan lines and diagnoses: "3 MB", "3-5", "3,14", "UR". */
#include "base/ascii.h"
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"
#include "tooth/tooth.h"

/* ---- areas ---- */

/* ADA area codes: 00 whole mouth, 01 and 02 arches, 03-08 sextants from the upper right to the lower right, 10-40
 * quadrants. Folded; codes have a meaning in columns of areas only. */
static const struct {
    const char *area, *words, *codes;
} areas[] = {
    {"UR", "ur|upper right|q1|urq|ur quad|upper right quadrant|sag ust|ust sag", "10"},
    {"UL", "ul|upper left|q2|ulq|ul quad|upper left quadrant|sol ust|ust sol", "20"},
    {"LL", "ll|lower left|q3|llq|ll quad|lower left quadrant|sol alt|alt sol", "30"},
    {"LR", "lr|lower right|q4|lrq|lr quad|lower right quadrant|sag alt|alt sag", "40"},
    {"UA", "ua|upper arch|upper|maxilla|maxillary|maxillary arch|ust cene|maksilla", "01"},
    {"LA", "la|lower arch|lower|mandible|mandibular|mandibular arch|alt cene|mandibula", "02"},
    {"FM", "fm|full mouth|whole mouth|entire mouth|entire oral cavity|all teeth|tum agiz", "00"},
    {"S1", "s1|sextant 1", "03"},
    {"S2", "s2|sextant 2", "04"},
    {"S3", "s3|sextant 3", "05"},
    {"S4", "s4|sextant 4", "06"},
    {"S5", "s5|sextant 5", "07"},
    {"S6", "s6|sextant 6", "08"},
};

static const char *area_named(sv in, bool codes)
{
    folded f;
    if (!text_fold(in, &f) || f.n == 0) return NULL;
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        if (folded_is_one_of(&f, areas[i].words) || (codes && folded_is_one_of(&f, areas[i].codes)))
            return areas[i].area;
    }
    return NULL;
}

norm_form normalize_area(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    const char *area = area_named(in, true);
    if (!area) {
        norm_remark(r, F_NRM_AREA_UNKNOWN, c->field);
        return FORM_WRONG;
    }
    buf_str(out, area);
    return FORM_GOOD;
}

/* ---- teeth with a site or surface behind them ---- */

typedef struct tooth_site_text {
    sv teeth;
    tooth_site site; /* SITES: none */
    sv surface;      /* letters such as MOD; empty: none */
} tooth_site_text;

static bool is_surface(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("MODBLIFmodblif", s.p[i])) return false;
    return s.n >= 1 && s.n <= 5;
}

/* Letters behind the last number: "3 MB", "3MB", "14 DO". Letters alone are a tooth or an area, never a site. */
static tooth_site_text split(sv in)
{
    tooth_site_text t = {in, SITES, {NULL, 0}};
    size_t at = in.n;
    while (at > 0 && is_letter(in.p[at - 1])) at--;
    sv tail = {in.p + at, in.n - at};
    while (at > 0 && (in.p[at - 1] == ' ' || in.p[at - 1] == '-')) at--;
    if (tail.n == 0 || at == 0 || !is_digit(in.p[at - 1])) return t;
    tooth_site site = site_named(tail);
    if (site == SITES && !is_surface(tail)) return t;
    t.teeth = (sv){in.p, at};
    t.site = site;
    if (site == SITES) t.surface = tail;
    return t;
}

static void add_teeth(const tooth *list, size_t n, buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0) buf_char(out, ';');
        tooth_print(list[i], TOOTH_FDI, out);
    }
}

static tooth_system system_of(const norm_options *o)
{
    return o->numbering ? tooth_system_named(sv_from(o->numbering)) : TOOTH_UNKNOWN;
}

static norm_form wrong(const norm_column *c, norm_remarks *r, tooth_read why)
{
    norm_remark(r, why == TOOTH_NEEDS_SYSTEM ? F_NRM_TOOTH_NEEDS_SYSTEM : F_NRM_TOOTH_INVALID, c->field);
    return FORM_WRONG;
}

/* The teeth of a plan line. An area in their place is no tooth and nothing wrong: record_teeth takes it from the
 * original. */
norm_form normalize_teeth(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    tooth list[TEETH_MAX];
    size_t n;
    if (area_named(in, false)) return FORM_EMPTY;
    tooth_read got = teeth_parse(in, system_of(c->options), list, TEETH_MAX, &n);
    if (got != TOOTH_GOOD) {
        tooth_site_text t = split(in);
        if (t.teeth.n < in.n) got = teeth_parse(t.teeth, system_of(c->options), list, TEETH_MAX, &n);
    }
    if (got != TOOTH_GOOD) return wrong(c, r, got);
    add_teeth(list, n, out);
    return FORM_GOOD;
}

norm_form normalize_tooth(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    tooth t;
    tooth_read got = tooth_parse(in, (sv){NULL, 0}, system_of(c->options), &t);
    if (got != TOOTH_GOOD) return wrong(c, r, got);
    tooth_print(t, TOOTH_FDI, out);
    return FORM_GOOD;
}

/* ---- records ---- */

static void set_if_empty(const record *x, const char *field, sv text)
{
    const norm_cell *cell = record_cell(x, field);
    if (cell && cell->form == FORM_EMPTY && text.n) record_set(x, field, text);
}

void record_teeth(const record *x)
{
    buf text = buf_new((size_t)1 << 20);
    sv original = record_original(x, "tooth", &text);
    if (original.n && record_cell(x, "tooth_raw")) {
        set_if_empty(x, "tooth_raw", original);
        const char *area = record_cell(x, "area") ? area_named(original, false) : NULL;
        if (area && record_text(x, "area").n && !sv_eq(record_text(x, "area"), sv_from(area))) {
            record_remark(x, "area", F_NRM_TOOTH_AREA);
        }
        if (area) set_if_empty(x, "area", sv_from(area));
        tooth_site_text t = split(original);
        bool parted = record_text(x, "tooth").n && t.teeth.n < original.n;
        if (parted && t.site != SITES) set_if_empty(x, "site", sv_from(site_name[t.site]));
        if (parted) set_if_empty(x, "surface", t.surface);
    }
    buf_free(&text);
}
