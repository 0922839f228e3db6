#include "deliver/chart_cells.h"
#include "base/digits.h"
#include "deliver/chart_rows.h"

/* Fields of site_measure and tooth_record in the order of the model (test_deliver_chart_cells holds them against it). */
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
static const char entrance[] = "BMDL";

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

static const char *status_word(tooth_status s)
{
    static const char *const name[] = {NULL, "present", "missing", "implant", "unerupted", "pontic", "primary"};
    return name[s];
}

static const char *scale_word(const chart_tooth *t)
{
    static const char *const name[] = {NULL, "glickman", "hamp"};
    for (size_t i = 0; i < 4; i++)
        if (t->furcation[i].grade != MARK_NONE) return name[t->scale];
    return NULL;
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

static bool has_site_value(const chart_site *s, size_t field)
{
    switch (field) {
    case SITE_PD: return s->pd != CHART_NONE;
    case SITE_RECESSION: return s->recession != CHART_NONE;
    case SITE_CAL: return s->cal != CHART_NONE;
    case SITE_CAL_SOURCE: return s->cal_source != CHART_NONE;
    case SITE_BOP: return s->bop >= 0;
    case SITE_SUPPURATION: return s->suppuration >= 0;
    case SITE_PLAQUE: return s->plaque >= 0;
    case SITE_CALCULUS: return s->calculus >= 0;
    default: return false;
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
    case TOOTH_STATUS: word(status_word(t->status), out); break;
    case TOOTH_MOBILITY: tenths(t->mobility, out); break;
    case TOOTH_MOBILITY_RAW: buf_sv(out, t->mobility_raw); break;
    case TOOTH_SCALE: word(scale_word(t), out); break;
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

/* ---- JSON ---- */

static void json_text(buf *out, sv s)
{
    buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\') {
            buf_char(out, '\\');
            buf_char(out, (char)c);
        } else if (c < ' ') {
            buf_printf(out, "\\u%04x", c);
        } else {
            buf_char(out, (char)c);
        }
    }
    buf_char(out, '"');
}

static void json_key(buf *out, const char *key)
{
    if (out->n && out->p[out->n - 1] != '{' && out->p[out->n - 1] != '[') buf_char(out, ',');
    buf_char(out, '"');
    buf_str(out, key);
    buf_str(out, "\":");
}

static void json_word(buf *out, const char *key, sv s)
{
    if (!s.n) return;
    json_key(out, key);
    json_text(out, s);
}

static void json_tooth_name(buf *out, const char *key, tooth t, tooth_system system)
{
    size_t start = out->n;
    json_key(out, key);
    buf_char(out, '"'); /* letters, digits and signs: nothing to escape */
    size_t name = out->n;
    tooth_print(t, system, out);
    if (out->n == name)
        out->n = start;
    else
        buf_char(out, '"');
}

static void json_tenths(buf *out, const char *key, int16_t x)
{
    if (x == CHART_NONE) return;
    json_key(out, key);
    tenths(x, out);
}

/* Six values, in the order of the sites; nothing when none was recorded. */
static void json_sites(buf *out, const char *key, const chart_tooth *t, size_t field)
{
    bool any = false;
    for (size_t i = 0; i < SITES; i++) any |= has_site_value(&t->site[i], field);
    if (!any) return;
    json_key(out, key);
    for (size_t i = 0; i < SITES; i++) {
        buf_char(out, i ? ',' : '[');
        if (has_site_value(&t->site[i], field))
            site_value(&t->site[i], field, out);
        else
            buf_add(out, "null", 4);
    }
    buf_char(out, ']');
}

static void json_furcation(buf *out, const chart_tooth *t)
{
    const char *scale = scale_word(t);
    if (!scale && t->scale != FURCATION_UNKNOWN) return;
    bool any = false;
    for (size_t i = 0; i < 4; i++) any |= t->furcation[i].grade != MARK_NONE;
    if (!any) return;
    json_key(out, "furcation");
    buf_char(out, '{');
    json_word(out, "scale", sv_from(scale));
    for (size_t i = 0; i < 4; i++) {
        const char key[] = {entrance[i], '\0'};
        if (t->furcation[i].grade == MARK_NONE) continue;
        json_key(out, key);
        small(t->furcation[i].grade, out);
    }
    buf_char(out, '}');
}

static const struct {
    const char *key;
    size_t field;
} site_keys[] = {
    {"pd", SITE_PD},   {"recession", SITE_RECESSION},     {"cal", SITE_CAL},       {"cal_source", SITE_CAL_SOURCE},
    {"bop", SITE_BOP}, {"suppuration", SITE_SUPPURATION}, {"plaque", SITE_PLAQUE}, {"calculus", SITE_CALCULUS}};
enum { SITE_KEYS = sizeof site_keys / sizeof site_keys[0] };

static void json_customs(buf *out, const chart_custom *c, size_t n)
{
    if (!n) return;
    json_key(out, "findings");
    buf_char(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(out, ',');
        json_text(out, c[i].name);
        buf_char(out, ':');
        json_text(out, c[i].value);
    }
    buf_char(out, '}');
}

static void json_tooth(buf *out, const exam_chart *x, const chart_tooth *t)
{
    if (out->p && out->p[out->n - 1] != '[') buf_char(out, ',');
    buf_char(out, '{');
    json_tooth_name(out, "fdi", t->tooth, TOOTH_FDI);
    json_tooth_name(out, "universal", t->tooth, TOOTH_UNIVERSAL);
    json_tooth_name(out, "palmer", t->tooth, TOOTH_PALMER);
    if (x->numbering != TOOTH_UNKNOWN) json_tooth_name(out, "own", t->tooth, x->numbering);
    json_word(out, "status", sv_from(status_word(t->status)));
    for (size_t i = 0; i < SITE_KEYS; i++) json_sites(out, site_keys[i].key, t, site_keys[i].field);
    json_tenths(out, "mobility", t->mobility);
    json_furcation(out, t);
    json_word(out, "miller", sv_from(t->miller));
    json_word(out, "cairo", sv_from(t->cairo));
    json_tenths(out, "keratinized_width", t->keratinized);
    json_tenths(out, "mgj", t->mgj);
    json_tenths(out, "plaque_index", t->plaque_index);
    json_word(out, "note", t->note);
    json_customs(out, t->custom, t->customs);
    buf_char(out, '}');
}

void chart_json(const exam_chart *x, buf *out)
{
    buf b = buf_new(out->ceiling);
    buf_char(&b, '{');
    json_word(&b, "numbering", sv_from(tooth_system_name(x->numbering)));
    json_key(&b, "sites");
    buf_char(&b, '[');
    for (size_t i = 0; i < SITES; i++) buf_printf(&b, "%s\"%s\"", i ? "," : "", site_name[i]);
    buf_char(&b, ']');
    json_key(&b, "teeth");
    buf_char(&b, '[');
    for (size_t i = 0; i < x->teeth; i++) json_tooth(&b, x, &x->tooth[i]);
    buf_char(&b, ']');
    json_customs(&b, x->custom, x->customs);
    buf_char(&b, '}');
    buf_sv(out, buf_view(&b));
    out->failed |= b.failed;
    buf_free(&b);
}

/* ---- a table to read ---- */

enum { NAME_WIDTH = 5, VALUE_WIDTH = 4 };
static const char *const short_key[SITE_KEYS] = {"PD", "REC", "CAL", "CAL*", "BOP", "SUP", "PLQ", "CLC"};

static void pad(buf *out, size_t from, size_t width)
{
    static const char blanks[] = "        ";
    if (out->n - from < width) buf_add(out, blanks, width - (out->n - from));
}

static void table_key(buf *out, size_t key)
{
    buf_add(out, "| ", 2);
    size_t from = out->n;
    buf_str(out, short_key[key]);
    pad(out, from, VALUE_WIDTH);
}

static void table_name(buf *out, tooth t, tooth_system system)
{
    size_t from = out->n;
    tooth_print(t, system, out);
    pad(out, from, NAME_WIDTH);
}

/* Which measures of sites the exam has at all: a bit each. */
static unsigned measures(const exam_chart *x)
{
    unsigned bits = 0;
    for (size_t i = 0; i < x->teeth; i++)
        for (size_t k = 0; k < SITE_KEYS; k++)
            for (size_t s = 0; !(bits & 1u << k) && s < SITES; s++)
                if (has_site_value(&x->tooth[i].site[s], site_keys[k].field)) bits |= 1u << k;
    return bits;
}

static void table_head(buf *out, unsigned bits)
{
    buf_str(out, "FDI  Uni  Pal  ");
    for (size_t k = 0; k < SITE_KEYS; k++) {
        if (!(bits & 1u << k)) continue;
        table_key(out, k);
        for (size_t s = 0; s < SITES; s++) {
            size_t from = out->n;
            buf_str(out, site_name[s]);
            pad(out, from, VALUE_WIDTH);
        }
    }
    buf_str(out, "| Tooth\n");
}

static void table_sites(buf *out, const chart_tooth *t, unsigned bits)
{
    for (size_t k = 0; k < SITE_KEYS; k++) {
        if (!(bits & 1u << k)) continue;
        table_key(out, k);
        for (size_t s = 0; s < SITES; s++) {
            size_t from = out->n;
            site_value(&t->site[s], site_keys[k].field, out);
            if (out->n == from) buf_char(out, '.');
            pad(out, from, VALUE_WIDTH);
        }
    }
}

static void table_more(buf *out, const char *what, sv text)
{
    if (!text.n) return;
    buf_char(out, ' ');
    buf_str(out, what);
    if (*what) buf_char(out, ' ');
    buf_sv(out, text);
}

static void table_tenths(buf *out, const char *what, int16_t x)
{
    char text[CHART_TENTHS_MAX];
    if (x != CHART_NONE) table_more(out, what, (sv){text, chart_tenths_text(x, text)});
}

static void table_custom(buf *out, const char *before, const chart_custom *c)
{
    buf_str(out, before);
    buf_sv(out, c->name);
    buf_str(out, ": ");
    buf_sv(out, c->value);
}

static void table_tooth(buf *out, const chart_tooth *t)
{
    buf_char(out, '|');
    if (t->status != TOOTH_PRESENT) table_more(out, "", sv_from(status_word(t->status)));
    table_tenths(out, "mobility", t->mobility);
    for (size_t i = 0; i < 4; i++)
        if (t->furcation[i].grade != MARK_NONE) buf_printf(out, " furcation %c %d", entrance[i], t->furcation[i].grade);
    table_more(out, "Miller", sv_from(t->miller));
    table_more(out, "Cairo", sv_from(t->cairo));
    table_tenths(out, "keratinized", t->keratinized);
    table_tenths(out, "MGJ", t->mgj);
    table_tenths(out, "plaque index", t->plaque_index);
    table_more(out, "note:", t->note);
    for (size_t i = 0; i < t->customs; i++) table_custom(out, " ", &t->custom[i]);
}

void chart_table(const exam_chart *x, buf *out)
{
    unsigned bits = measures(x);
    const char *system = tooth_system_name(x->numbering);
    if (system) buf_printf(out, "The exam was charted in %s numbering.\n", system);
    table_head(out, bits);
    for (size_t i = 0; i < x->teeth; i++) {
        const chart_tooth *t = &x->tooth[i];
        table_name(out, t->tooth, TOOTH_FDI);
        table_name(out, t->tooth, TOOTH_UNIVERSAL);
        table_name(out, t->tooth, TOOTH_PALMER);
        table_sites(out, t, bits);
        table_tooth(out, t);
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < x->customs; i++) {
        table_custom(out, "", &x->custom[i]);
        buf_char(out, '\n');
    }
    buf_str(out,
            "PD probing depth, REC recession, CAL attachment loss in mm (CAL* as the source has it); BOP bleeding, SUP "
            "suppuration, PLQ plaque, CLC calculus: 1 yes, 0 no; . not recorded.");
}
