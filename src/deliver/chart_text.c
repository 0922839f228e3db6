#include "deliver/chart_text.h"
#include "deliver/chart_rows.h"

/* What is measured or marked at each site. */
enum { PD, RECESSION, CAL, CAL_SOURCE, BOP, SUPPURATION, PLAQUE, CALCULUS, MEASURES };

/* Of one tooth, a mark in tenths too: all are then printed alike. CHART_NONE: nothing was recorded. */
typedef struct readings {
    int16_t value[MEASURES][SITES];
    unsigned any; /* a bit for each measure that some site has */
} readings;

static int16_t mark(int8_t x) { return x < 0 ? CHART_NONE : (int16_t)(10 * x); }

static void read_tooth(const chart_tooth *t, readings *r)
{
    for (size_t i = 0; i < SITES; i++) {
        const chart_site *s = &t->site[i];
        r->value[PD][i] = s->pd;
        r->value[RECESSION][i] = s->recession;
        r->value[CAL][i] = s->cal;
        r->value[CAL_SOURCE][i] = s->cal_source;
        r->value[BOP][i] = mark(s->bop);
        r->value[SUPPURATION][i] = mark(s->suppuration);
        r->value[PLAQUE][i] = mark(s->plaque);
        r->value[CALCULUS][i] = mark(s->calculus);
    }
    r->any = 0;
    for (unsigned k = 0; k < MEASURES; k++)
        for (size_t i = 0; i < SITES; i++) r->any |= (r->value[k][i] != CHART_NONE) ? 1u << k : 0;
}

static const char entrance[] = "BMDL";

static void tenths(int16_t x, buf *out)
{
    char text[CHART_TENTHS_MAX];
    buf_add(out, text, chart_tenths_text(x, text));
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

static bool needs_comma(const buf *out) { return out->n && out->p[out->n - 1] != '{' && out->p[out->n - 1] != '['; }

static void json_key(buf *out, const char *key)
{
    if (needs_comma(out)) buf_char(out, ',');
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

/* Six values each, in the order of the sites; nothing of what was not recorded. */
static void json_readings(buf *out, const readings *r)
{
    static const sv key[MEASURES] = {{",\"pd\":[", 7},          {",\"recession\":[", 14}, {",\"cal\":[", 8},
                                     {",\"cal_source\":[", 15}, {",\"bop\":[", 8},        {",\"suppuration\":[", 16},
                                     {",\"plaque\":[", 11},     {",\"calculus\":[", 13}};
    enum { KEY_MAX = 16 };
    char *room = buf_reserve(out, MEASURES * (KEY_MAX + SITES * (CHART_TENTHS_MAX + 1))), *to = room;
    size_t comma = needs_comma(out) ? 0 : 1; /* bytes of the next key that are left out */
    if (!room) return;
    for (unsigned k = 0; k < MEASURES; k++) {
        if (!(r->any & 1u << k)) continue;
        memcpy(to, key[k].p + comma, key[k].n - comma);
        to += key[k].n - comma;
        comma = 0;
        for (size_t i = 0; i < SITES; i++) {
            if (r->value[k][i] == CHART_NONE) {
                memcpy(to, "null", 4);
                to += 4;
            } else {
                to += chart_tenths_text(r->value[k][i], to);
            }
            *to++ = i + 1 < SITES ? ',' : ']';
        }
    }
    out->n += (size_t)(to - room);
}

static void json_furcation(buf *out, const chart_tooth *t)
{
    const char *scale = chart_furcation_scale(t);
    if (!scale && t->scale != FURCATION_UNKNOWN) return;
    bool any = false;
    for (size_t i = 0; i < 4; i++) any |= t->furcation[i].grade != MARK_NONE;
    if (!any) return;
    json_key(out, "furcation");
    buf_char(out, '{');
    json_word(out, "scale", sv_from(scale));
    for (size_t i = 0; i < 4; i++) {
        const char key[] = {entrance[i], '\0'};
        if (t->furcation[i].grade != MARK_NONE) json_tenths(out, key, mark(t->furcation[i].grade));
    }
    buf_char(out, '}');
}

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
    readings r;
    read_tooth(t, &r);
    if (needs_comma(out)) buf_char(out, ',');
    buf_char(out, '{');
    json_tooth_name(out, "fdi", t->tooth, TOOTH_FDI);
    json_tooth_name(out, "universal", t->tooth, TOOTH_UNIVERSAL);
    json_tooth_name(out, "palmer", t->tooth, TOOTH_PALMER);
    if (x->numbering != TOOTH_UNKNOWN) json_tooth_name(out, "own", t->tooth, x->numbering);
    json_word(out, "status", sv_from(tooth_status_name(t->status)));
    json_readings(out, &r);
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
    buf_char(out, '{');
    json_word(out, "numbering", sv_from(tooth_system_name(x->numbering)));
    json_key(out, "sites");
    buf_char(out, '[');
    for (size_t i = 0; i < SITES; i++) {
        if (i) buf_char(out, ',');
        json_text(out, sv_from(site_name[i]));
    }
    buf_char(out, ']');
    json_key(out, "teeth");
    buf_char(out, '[');
    for (size_t i = 0; i < x->teeth; i++) json_tooth(out, x, &x->tooth[i]);
    buf_char(out, ']');
    json_customs(out, x->custom, x->customs);
    buf_char(out, '}');
}

/* ---- a table to read ---- */

enum { NAME_WIDTH = 5, VALUE_WIDTH = 4, HEAD_BYTES = 6 };
static const char heads[MEASURES][HEAD_BYTES + 1] = {"| PD  ", "| REC ", "| CAL ", "| CAL*",
                                                     "| BOP ", "| SUP ", "| PLQ ", "| CLC "};

static void pad(buf *out, size_t from, size_t width)
{
    static const char blanks[] = "        ";
    if (out->n - from < width) buf_add(out, blanks, width - (out->n - from));
}

static void table_name(buf *out, tooth t, tooth_system system)
{
    size_t from = out->n;
    tooth_print(t, system, out);
    pad(out, from, NAME_WIDTH);
}

/* Which measures of sites the exam has at all. */
static unsigned measures(const exam_chart *x)
{
    readings r;
    unsigned bits = 0;
    for (size_t i = 0; i < x->teeth; i++) {
        read_tooth(&x->tooth[i], &r);
        bits |= r.any;
    }
    return bits;
}

static void table_head(buf *out, unsigned bits)
{
    buf_str(out, "FDI  Uni  Pal  ");
    for (size_t k = 0; k < MEASURES; k++) {
        if (!(bits & 1u << k)) continue;
        buf_add(out, heads[k], HEAD_BYTES);
        for (size_t s = 0; s < SITES; s++) {
            size_t from = out->n;
            buf_str(out, site_name[s]);
            pad(out, from, VALUE_WIDTH);
        }
    }
    buf_str(out, "| Tooth\n");
}

static void table_readings(buf *out, const chart_tooth *t, unsigned bits)
{
    readings r;
    char *room = buf_reserve(out, MEASURES * (HEAD_BYTES + SITES * (CHART_TENTHS_MAX + VALUE_WIDTH))), *to = room;
    if (!room) return;
    read_tooth(t, &r);
    for (size_t k = 0; k < MEASURES; k++) {
        if (!(bits & 1u << k)) continue;
        memcpy(to, heads[k], HEAD_BYTES);
        to += HEAD_BYTES;
        for (size_t s = 0; s < SITES; s++) {
            memcpy(to, ".   ", VALUE_WIDTH);
            size_t n = r.value[k][s] == CHART_NONE ? 1 : chart_tenths_text(r.value[k][s], to);
            to += n < VALUE_WIDTH ? VALUE_WIDTH : n;
        }
    }
    out->n += (size_t)(to - room);
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
    if (t->status != TOOTH_PRESENT) table_more(out, "", sv_from(tooth_status_name(t->status)));
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
        table_readings(out, t, bits);
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
