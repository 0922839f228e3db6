/* Dates: which figure is the month, which century a short year is of, which dates are none. */
#include "base/date.h"
#include "base/digits.h"
#include "base/zone.h"
#include "normalize/dates/date_read.h"
#include "normalize/normalize_internal.h"

enum {
    DAYS_1970 = 719162,
    FIRST_YEAR = 1900,     /* of a living patient, and of anything that a practice's program recorded */
    SHORT_YEAR_AHEAD = 10, /* years from the source's date that a short year may lie ahead */
    APPOINTMENT_YEARS = 3,
    FRACTION_DIGITS = 7
};

/* ---- the order of day and month ---- */

static bool may_be_month(int figure) { return figure >= 1 && figure <= 12; }

static date_order proof_of(const date_read_result *d)
{
    if (d->kind != DATE_TWO_FIGURES) return ORDER_UNKNOWN;
    if (!may_be_month(d->day)) return ORDER_MONTH_FIRST;
    return may_be_month(d->month) ? ORDER_UNKNOWN : ORDER_DAY_FIRST;
}

void survey_date(norm_survey *s, const norm_column *c, sv in)
{
    (void)c;
    date_read_result d;
    if (!date_read(in, &d) || d.kind != DATE_TWO_FIGURES || d.month == d.day) return;
    switch (proof_of(&d)) {
    case ORDER_MONTH_FIRST: s->month_first++; break;
    case ORDER_DAY_FIRST: s->day_first++; break;
    case ORDER_UNKNOWN: s->either_order++; break;
    }
}

/* How a country writes dates of figures, where all its people do it alike. */
static date_order order_of_country(const char *country)
{
    if (!country) return ORDER_UNKNOWN;
    if (strcmp(country, "US") == 0) return ORDER_MONTH_FIRST;
    return text_is_one_of(sv_from(country), "tr|gb|ie|de|at|ch|fr|it|es|pt|nl|be|lu|gr|pl|ro|bg|au|nz|cy")
               ? ORDER_DAY_FIRST
               : ORDER_UNKNOWN;
}

static date_order order_of_column(const norm_column *c)
{
    if (c->options->order != ORDER_UNKNOWN) return c->options->order;
    const norm_survey *s = c->survey;
    if (s && s->month_first && s->day_first) return ORDER_UNKNOWN;
    if (s && s->month_first) return ORDER_MONTH_FIRST;
    if (s && s->day_first) return ORDER_DAY_FIRST;
    return order_of_country(c->options->country);
}

static void swap_figures(date_read_result *d)
{
    int month = d->day;
    d->day = d->month;
    d->month = month;
}

/* False: which figure is the month cannot be told. */
static bool put_in_order(const norm_column *c, date_read_result *d, norm_remarks *r)
{
    if (d->kind == DATE_CERTAIN) return true;
    date_order proof = proof_of(d), order = order_of_column(c);
    if (proof == ORDER_UNKNOWN && order == ORDER_UNKNOWN && d->month != d->day) return false;
    if (proof != ORDER_UNKNOWN && c->options->order != ORDER_UNKNOWN && proof != order) {
        norm_remark(r, F_NRM_DATE_OTHER_ORDER, c->field);
    }
    if ((proof != ORDER_UNKNOWN ? proof : order) == ORDER_DAY_FIRST) swap_figures(d);
    return true;
}

/* ---- the century ---- */

static bool is_birth(const norm_column *c) { return c->field->concern && strcmp(c->field->concern, "birth_date") == 0; }

static int32_t today_of(const norm_options *o) { return o->today == INT32_MIN ? -1 : o->today + DAYS_1970; }

/* Two digits are of this century unless that lies ahead: of a birth, of the source's own date; else, of some years more.
 * Where that date is not known, 41 to 99 are of the last century for certain and 00 to 20 of this one. */
static bool put_in_century(const norm_column *c, date_read_result *d)
{
    if (!d->short_year) return true;
    int32_t today = today_of(c->options);
    if (today < 0) {
        if (d->year > 20 && d->year <= 40) return false;
        d->year += d->year <= 20 ? 2000 : 1900;
        return true;
    }
    d->year += 2000;
    bool ahead = is_birth(c) ? date_days(d->year, d->month, d->day) > today
                             : d->year > date_civil(today).year + SHORT_YEAR_AHEAD;
    if (ahead) d->year -= 100;
    return true;
}

/* ---- dates that are none ---- */

/* What programs write where there is no date. */
static bool is_placeholder(const date_read_result *d)
{
    static const civil_date none[] = {{1, 1, 1}, {1753, 1, 1}, {1899, 12, 30}, {1900, 1, 1}, {9999, 12, 31}};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        if (!d->short_year && d->year == none[i].year && d->month == none[i].month && d->day == none[i].day)
            return true;
    }
    return false;
}

static bool is_only_zeros(sv in)
{
    bool zero = false;
    for (size_t i = 0; i < in.n; i++) {
        if (!strchr("0/-.: ", in.p[i])) return false;
        zero = zero || in.p[i] == '0';
    }
    return zero || in.n > 1; /* __/__/____ without its figures, too */
}

static bool is_midnight(const date_read_result *d)
{
    return d->hour == 0 && d->minute == 0 && d->second == 0 && d->fraction.n == 0;
}

/* ---- a moment with an offset ---- */

/* Local time is kept as it is where the text names no offset. One that does is a moment: it becomes the practice's local
 * time where the zone is known. */
static bool to_local(const norm_column *c, date_read_result *d)
{
    if (!d->has_offset) return true;
    const zone *z = c->options->time_zone ? zone_named(sv_from(c->options->time_zone)) : NULL;
    date_time t = {.days = date_days(d->year, d->month, d->day),
                   .ticks = (d->hour * 60 + d->minute) * INT64_C(60) + d->second},
              local;
    if (!z || t.days < 0 || !date_time_move(&t, -d->offset) || zone_from_utc(z, &t, &local) != ZONE_UNIQUE)
        return false;
    civil_date day = date_civil(local.days);
    d->year = day.year;
    d->month = day.month;
    d->day = day.day;
    d->hour = (int)(local.ticks / 3600);
    d->minute = (int)(local.ticks / 60 % 60);
    return true;
}

/* ---- values ---- */

static norm_form wrong(const norm_column *c, norm_remarks *r, finding_code why)
{
    norm_remark(r, why, c->field);
    return FORM_WRONG;
}

/* FORM_GOOD with a calendar day in d. */
static norm_form understand(const norm_column *c, sv in, date_read_result *d, norm_remarks *r)
{
    norm_remarks own = {.n = 0};
    if (is_only_zeros(in)) return FORM_EMPTY;
    if (!date_read(in, d)) return wrong(c, r, F_NRM_DATE_MALFORMED);
    if (is_placeholder(d)) {
        if (!is_midnight(d)) return wrong(c, r, F_NRM_DATE_ONLY_TIME);
        if (is_birth(c)) norm_remark(r, F_NRM_BIRTH_PLACEHOLDER, c->field);
        return FORM_EMPTY;
    }
    if (!put_in_order(c, d, &own) || !put_in_century(c, d)) return wrong(c, r, F_NRM_DATE_AMBIGUOUS);
    if (date_days(d->year, d->month, d->day) < 0) return wrong(c, r, F_NRM_DATE_MALFORMED);
    if (!to_local(c, d)) return wrong(c, r, F_NRM_DATE_OFFSET);
    int32_t today = today_of(c->options);
    bool unborn = is_birth(c) && today >= 0 && date_days(d->year, d->month, d->day) > today;
    if (d->year < FIRST_YEAR || unborn) return wrong(c, r, F_NRM_DATE_OUTSIDE);
    for (size_t i = 0; i < own.n; i++) norm_remark(r, own.code[i], own.field[i]);
    return FORM_GOOD;
}

static void add_day(buf *out, const date_read_result *d)
{
    char text[DATETIME_TEXT_MAX];
    buf_add(out, text, date_text(date_days(d->year, d->month, d->day), text));
}

norm_form normalize_date(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    date_read_result d;
    norm_form form = understand(c, in, &d, r);
    if (form != FORM_GOOD) return form;
    bool noon = d.hour == 12 && d.minute == 0 && d.second == 0;
    if (!is_midnight(&d)) {
        if (!is_birth(c)) {
            norm_remark(r, F_NRM_DATE_TIME_DROPPED, c->field);
        } else if (!noon) {
            norm_remark(r, F_NRM_BIRTH_TIME, c->field);
        }
    }
    add_day(out, &d);
    return FORM_GOOD;
}

norm_form normalize_datetime(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    date_read_result d;
    norm_form form = understand(c, in, &d, r);
    if (form != FORM_GOOD) return form;
    add_day(out, &d);
    const unsigned of_day[] = {(unsigned)d.hour % 100, (unsigned)d.minute % 100, (unsigned)d.second % 100};
    char time[] = " 00:00:00";
    for (size_t i = 0; i < 3; i++) digits_2(of_day[i], time + 3 * i + 1);
    buf_add(out, time, sizeof time - 1);
    if (d.fraction.n) buf_char(out, '.');
    buf_add(out, d.fraction.p, d.fraction.n < FRACTION_DIGITS ? d.fraction.n : FRACTION_DIGITS);
    return FORM_GOOD;
}

/* ---- records ---- */

/* Canonical dates and moments compare as their text does. */
static void in_sequence(const record *x, const char *first, const char *then)
{
    sv a = record_text(x, first), b = record_text(x, then);
    size_t n = a.n < b.n ? a.n : b.n;
    if (n == 0) return;
    if (sv_cmp((sv){b.p, n}, (sv){a.p, n}) < 0) record_remark(x, then, F_NRM_DATE_SEQUENCE);
}

void record_dates(const record *x)
{
    static const char *const pairs[][2] = {{"birth_date", "first_visit"},
                                           {"start_at", "end_at"},
                                           {"valid_from", "valid_to"},
                                           {"raised_date", "resolved_date"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) in_sequence(x, pairs[i][0], pairs[i][1]);

    static const struct {
        const char *entity, *field;
        int years;
    } limits[] = {
        {"appointment", "start_at", APPOINTMENT_YEARS}, {"clinical_exam", "exam_at", 0}, {"patient", "first_visit", 0}};
    int32_t today = today_of(x->options);
    for (size_t i = 0; today >= 0 && i < sizeof limits / sizeof limits[0]; i++) {
        if (strcmp(x->entity->name, limits[i].entity) != 0) continue;
        civil_date day = date_civil(today);
        int32_t last = date_days(day.year + limits[i].years, day.month, day.day);
        char text[DATETIME_TEXT_MAX];
        size_t n = date_text(last < 0 ? today + 365 * limits[i].years : last, text);
        sv value = record_text(x, limits[i].field);
        if (value.n >= n && sv_cmp((sv){value.p, n}, (sv){text, n}) > 0) {
            record_remark(x, limits[i].field, F_NRM_DATE_AHEAD);
        }
    }
}
