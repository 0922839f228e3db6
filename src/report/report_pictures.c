/* Distributions by which a person sees at once whether something is missing: a year without exams, a depth that nobody has. */
#include "base/shown.h"
#include "report/report_model.h"
#include <stdio.h>

/* So many columns of a picture can be told apart; a practice has fewer years. */
enum { COLUMNS_MAX = 40, ABOUT_MAX = 4096 };

typedef struct column {
    sv label;
    uint64_t number;
} column;

static json_t *new_picture(model_maker *m, const char *id, const char *kind, const char *title, const char *what,
                           const char *number)
{
    json_t *o = json_object();
    put(m, o, "id", json_string(id));
    put(m, o, "kind", json_string(kind));
    put(m, o, "title", json_string(title));
    put(m, o, "what", json_string(what));
    put(m, o, "number", json_string(number));
    return o;
}

static void put_about(model_maker *m, json_t *o, buf *about)
{
    if (about->failed) m->failed = true;
    put_text(m, o, "about", buf_view(about));
    buf_free(about);
}

/* "2,170 exams in all; most, 412, at 2016." */
static void say_most(buf *out, const column *c, size_t n, const char *unit, const char *at)
{
    uint64_t all = 0;
    size_t most = 0;
    for (size_t i = 0; i < n; i++) {
        all += c[i].number;
        if (c[i].number > c[most].number) most = i;
    }
    add_number(out, all);
    buf_printf(out, " %s in all; most, ", unit);
    add_number(out, n ? c[most].number : 0);
    buf_printf(out, ", %s", at);
    if (n) buf_sv(out, c[most].label);
    buf_str(out, ".");
}

static void columns_picture(model_maker *m, json_t *all, json_t *o, const column *c, size_t n, const char *unit,
                            const char *at)
{
    buf about = buf_new(ABOUT_MAX);
    json_t *bars = json_array();
    say_most(&about, c, n, unit, at);
    for (size_t i = 0; i < n; i++) {
        json_t *bar = json_object();
        put_text(m, bar, "label", c[i].label);
        put_number(m, bar, "number", c[i].number);
        push(m, bars, bar);
    }
    put_about(m, o, &about);
    put(m, o, "bars", bars);
    push(m, all, o);
}

/* ---- years ---- */

static unsigned year_in(sv s)
{
    unsigned year = 0;
    if (s.n != 4) return 0;
    for (size_t i = 0; i < 4; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return 0;
        year = year * 10 + (unsigned)(s.p[i] - '0');
    }
    return year;
}

/* Years between the first and the last one that have none are columns too: a gap is what one looks for. Those before the last
 * forty are one column, and so are records without a year. */
static void years_picture(model_maker *m, json_t *all, const char *entity, json_t *o, const char *unit)
{
    const quality_facts *q = m->in->quality;
    static const size_t LABEL = 24;
    uint64_t in[COLUMNS_MAX] = {0}, before = 0, other = 0;
    unsigned first = 0, last = 0;
    for (size_t i = 0; i < q->ties; i++) {
        unsigned year = q->tie[i].kind == TIE_YEAR ? year_in(q->tie[i].value) : 0;
        if (!year || strcmp(q->tie[i].entity->name, entity) != 0) continue;
        if (!first || year < first) first = year;
        if (year > last) last = year;
    }
    unsigned from = last - first >= COLUMNS_MAX - 2 ? last - (COLUMNS_MAX - 3) : first;
    for (size_t i = 0; i < q->ties; i++) {
        if (q->tie[i].kind != TIE_YEAR || strcmp(q->tie[i].entity->name, entity) != 0) continue;
        unsigned year = year_in(q->tie[i].value);
        *(!year ? &other : year < from ? &before : &in[year - from]) += q->tie[i].records;
    }
    char label[COLUMNS_MAX + 1][24];
    column c[COLUMNS_MAX + 1];
    size_t n = 0;
    if (before) {
        (void)snprintf(label[n], LABEL, "before %u", from);
        c[n].number = before;
        n++;
    }
    for (unsigned year = from; first && year <= last; year++, n++) {
        (void)snprintf(label[n], LABEL, "%u", year);
        c[n].number = in[year - from];
    }
    if (other) {
        (void)snprintf(label[n], LABEL, "no year");
        c[n].number = other;
        n++;
    }
    for (size_t i = 0; i < n; i++) c[i].label = sv_from(label[i]);
    if (n)
        columns_picture(m, all, o, c, n, unit, "in ");
    else
        json_decref(o);
}

static bool has_records(const quality_facts *q, const char *entity)
{
    for (size_t i = 0; i < q->ties; i++)
        if (q->tie[i].kind == TIE_RECORDS && strcmp(q->tie[i].entity->name, entity) == 0) return q->tie[i].records > 0;
    return false;
}

/* ---- charts ---- */

static void depths_picture(model_maker *m, json_t *all, const chart_counts *x)
{
    column c[CHART_DEPTHS];
    char label[CHART_DEPTHS][8];
    for (size_t i = 0; i < CHART_DEPTHS; i++) {
        (void)snprintf(label[i], sizeof label[i], i + 1 < CHART_DEPTHS ? "%zu" : "%zu+", i);
        c[i] = (column){sv_from(label[i]), x->depth[i]};
    }
    columns_picture(m, all,
                    new_picture(m, "depths", "columns", "Probing depths, by whole millimetres", "Depth in mm", "Sites"),
                    c, CHART_DEPTHS, "sites", "at mm ");
}

static void sites_picture(model_maker *m, json_t *all, const chart_counts *x)
{
    column c[CHART_SITE_STEPS];
    buf label[CHART_SITE_STEPS];
    for (size_t i = 0; i < CHART_SITE_STEPS; i++) {
        label[i] = buf_new(64);
        say_site_step(&label[i], i);
        if (label[i].failed) m->failed = true;
        c[i] = (column){buf_view(&label[i]), x->exam_sites[i]};
    }
    columns_picture(m, all,
                    new_picture(m, "sites", "columns", "Exams, by their sites with a probing depth", "Sites", "Exams"),
                    c, CHART_SITE_STEPS, "exams with a chart", "with sites: ");
    for (size_t i = 0; i < CHART_SITE_STEPS; i++) buf_free(&label[i]);
}

/* Of the six sites of each tooth that is there. */
static void missing_picture(model_maker *m, json_t *all, const chart_counts *x)
{
    static const char *const name[CHART_READINGS] = {
        [READING_PD] = "Probing depth",  [READING_RECESSION] = "Recession",     [READING_CAL] = "Attachment loss",
        [READING_BOP] = "Bleeding",      [READING_SUPPURATION] = "Suppuration", [READING_PLAQUE] = "Plaque",
        [READING_CALCULUS] = "Calculus",
    };
    json_t *o = new_picture(m, "missing", "shares", "Measurements that are there, and that are missing", "Measurement",
                            "Sites that have it");
    json_t *bars = json_array();
    uint64_t sites = x->teeth_there * 6;
    buf about = buf_new(ABOUT_MAX);
    add_number(&about, sites);
    buf_str(&about, " sites of ");
    add_number(&about, x->teeth_there);
    buf_str(&about, " teeth that are there, in all exams with a chart. ");
    add_number(&about, x->depths_away);
    buf_str(&about,
            " further sites have a probing depth though their tooth is charted as missing, unerupted or replaced.");
    for (size_t i = 0; i < CHART_READINGS; i++) {
        json_t *bar = json_object();
        put(m, bar, "label", json_string(name[i]));
        put(m, bar, "field", json_string(chart_reading_name[i]));
        put_number(m, bar, "number", x->recorded[i]);
        put_number(m, bar, "missing", sites > x->recorded[i] ? sites - x->recorded[i] : 0);
        put_number(m, bar, "rate", sites ? (x->recorded[i] * 2000 + sites) / (2 * sites) : 0); /* tenths of a percent */
        push(m, bars, bar);
    }
    put_about(m, o, &about);
    put(m, o, "bars", bars);
    push(m, all, o);
}

json_t *model_pictures(model_maker *m)
{
    const quality_facts *q = m->in->quality;
    json_t *all = json_array();
    if (!q) return all;
    if (has_records(q, "clinical_exam"))
        years_picture(m, all, "clinical_exam",
                      new_picture(m, "exams", "columns", "Exams of each year", "Year", "Exams"), "exams");
    else if (has_records(q, "appointment"))
        years_picture(m, all, "appointment",
                      new_picture(m, "appointments", "columns", "Appointments of each year", "Year", "Appointments"),
                      "appointments");
    if (!q->charts.exams) return all;
    depths_picture(m, all, &q->charts);
    sites_picture(m, all, &q->charts);
    missing_picture(m, all, &q->charts);
    return all;
}
