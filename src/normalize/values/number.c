/* Numbers as people write them: which sign is the decimal mark, what stands for a minus, which currency is named. Exact:
 * the digits go through as they are. */
#include "normalize/values/number.h"
#include "base/ascii.h"
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

enum { INTEGER_DIGITS_MAX = 18, NUMBER_DIGITS_MAX = 38 };

/* ---- what stands around the digits ---- */

static const struct currency_name {
    const char *text, *code;
} currency_names[] = {
    /* Longer ones first: US$ is no U, S and $. */
    {"US$", "USD"},  {"C$", "CAD"},  {"CA$", "CAD"},          {"A$", "AUD"},  {"$", "$"},          {"USD", "USD"},
    {"EURO", "EUR"}, {"EUR", "EUR"}, {"\xE2\x82\xAC", "EUR"}, {"GBP", "GBP"}, {"\xC2\xA3", "GBP"}, {"YTL", "TRY"},
    {"TRY", "TRY"},  {"TL", "TRY"},  {"\xE2\x82\xBA", "TRY"}, {"CAD", "CAD"}, {"AUD", "AUD"},      {"CHF", "CHF"},
    {"NZD", "NZD"},  {"SEK", "SEK"}, {"NOK", "NOK"},          {"DKK", "DKK"}, {"PLN", "PLN"},      {"RON", "RON"},
    {"BGN", "BGN"},  {"HUF", "HUF"}, {"CZK", "CZK"},          {"MXN", "MXN"},
};

const char *currency_named(sv text)
{
    for (size_t i = 0; i < sizeof currency_names / sizeof currency_names[0]; i++) {
        if (sv_eq_nocase(text, sv_from(currency_names[i].text))) return currency_names[i].code;
    }
    return NULL;
}

/* Takes s from the front (or the back) of *text. */
static bool take(sv *text, sv s, bool back)
{
    if (text->n < s.n || !sv_eq_nocase((sv){back ? text->p + text->n - s.n : text->p, s.n}, s)) return false;
    *text = back ? (sv){text->p, text->n - s.n} : (sv){text->p + s.n, text->n - s.n};
    return true;
}

static const char *take_currency(sv *text)
{
    for (size_t i = 0; i < sizeof currency_names / sizeof currency_names[0]; i++) {
        sv name = sv_from(currency_names[i].text);
        if (take(text, name, false) || take(text, name, true)) return currency_names[i].code;
    }
    return NULL;
}

static bool take_sign(sv *text, bool *negative)
{
    static const char *const minus[] = {"-", "\xE2\x88\x92"};
    for (size_t i = 0; i < 2; i++) {
        if (take(text, sv_from(minus[i]), false) || take(text, sv_from(minus[i]), true)) {
            *negative = true;
            return true;
        }
    }
    return take(text, SV_LIT("+"), false);
}

/* Everything but the digits and their marks; false: something twice, or signs that contradict. */
static bool take_surroundings(sv *text, unsigned accept, number *out)
{
    bool sign = false, percent = false;
    for (;;) {
        *text = text_trim(*text);
        const char *currency;
        if (text->n >= 2 && text->p[0] == '(' && text->p[text->n - 1] == ')') {
            if (sign) return false;
            *text = (sv){text->p + 1, text->n - 2};
            sign = out->negative = true;
        } else if (take_sign(text, &out->negative)) {
            if (sign) return false;
            sign = true;
        } else if (accept & NUMBER_PERCENT && (take(text, SV_LIT("%"), false) || take(text, SV_LIT("%"), true))) {
            if (percent) return false;
            percent = true;
        } else if (accept & NUMBER_CURRENCY && (currency = take_currency(text)) != NULL) {
            if (out->currency) return false;
            out->currency = currency;
        } else {
            return true;
        }
    }
}

/* ---- digits and marks ---- */

/* The bytes of a blank or apostrophe that parts thousands. */
static size_t group_sign(sv s)
{
    static const char *const signs[] = {" ", "'", "\xC2\xA0", "\xE2\x80\x99", "\xE2\x80\xAF"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (sv_starts(s, sv_from(signs[i]))) return strlen(signs[i]);
    }
    return 0;
}

static size_t digits_at(sv s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && is_digit(s.p[at + n])) n++;
    return n;
}

/* Copies digits, points and commas; blanks that part thousands go. */
static bool copy_core(sv s, char core[NUMBER_TEXT_MAX], size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < s.n;) {
        if (*n == NUMBER_TEXT_MAX) return false;
        if (is_digit(s.p[i]) || s.p[i] == '.' || s.p[i] == ',') {
            core[(*n)++] = s.p[i++];
            continue;
        }
        size_t sign = group_sign((sv){s.p + i, s.n - i});
        if (sign == 0 || i == 0 || !is_digit(s.p[i - 1]) || digits_at(s, i + sign) != 3) return false;
        i += sign;
    }
    return *n > 0;
}

/* Groups of three behind one of one to three. */
static bool grouped(sv s, char mark)
{
    size_t first = digits_at(s, 0);
    if (first < 1 || first > 3) return false;
    for (size_t i = first; i < s.n; i += 4) {
        if (s.p[i] != mark || digits_at(s, i + 1) != 3) return false;
    }
    return true;
}

static void add_digits(number *out, sv s, bool behind)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i])) continue;
        if (behind) {
            out->behind[out->behind_n++] = s.p[i];
        } else if (s.p[i] != '0' || out->whole_n > 0) {
            out->whole[out->whole_n++] = s.p[i];
        }
    }
}

static size_t count_of(sv s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += s.p[i] == c;
    return n;
}

/* Digits with one mark, once: decimals, or thousands, or either. */
static bool one_mark(sv s, char mark, number *out)
{
    size_t before = digits_at(s, 0), after = s.n - before - 1;
    bool either = after == 3 && before >= 1 && before <= 3 && !(before == 1 && s.p[0] == '0');
    if (before + after == 0) return false;
    add_digits(out, (sv){s.p, before}, false);
    add_digits(out, (sv){s.p + before + 1, after}, true);
    out->mark = after == 0 ? 0 : mark;
    out->either = either;
    return true;
}

bool number_read(sv in, unsigned accept, number *out)
{
    *out = (number){.negative = false};
    char core[NUMBER_TEXT_MAX];
    size_t n;
    if (!take_surroundings(&in, accept, out) || !copy_core(in, core, &n)) return false;
    sv s = {core, n};
    size_t points = count_of(s, '.'), commas = count_of(s, ',');
    if (points + commas == 0) {
        add_digits(out, s, false);
        return true;
    }
    if (points + commas == 1) return one_mark(s, points ? '.' : ',', out);
    if (points == 0 || commas == 0) { /* several: thousands */
        if (!grouped(s, points ? '.' : ',')) return false;
        out->mark = points ? ',' : '.';
        add_digits(out, s, false);
        return true;
    }
    size_t last = n - 1;
    while (is_digit(core[last])) last--;
    char mark = core[last];
    if (count_of(s, mark) != 1 || !grouped((sv){core, last}, mark == '.' ? ',' : '.')) return false;
    out->mark = mark;
    add_digits(out, (sv){core, last}, false);
    add_digits(out, (sv){core + last + 1, n - last - 1}, true);
    return true;
}

/* ---- which mark ---- */

void survey_number(norm_survey *s, const norm_column *c, sv in)
{
    (void)c;
    number x;
    if (!number_read(in, NUMBER_CURRENCY | NUMBER_PERCENT, &x) || x.mark == 0) return;
    if (x.either) {
        s->either_mark++;
    } else if (x.mark == '.') {
        s->decimal_point++;
    } else {
        s->decimal_comma++;
    }
}

/* The decimal mark of the column; 0: not known. A point that a country's people would take for thousands is what a
 * database prints decimals with, unless a currency beside it tells that people wrote it. */
static char mark_of_column(const norm_column *c, const number *x)
{
    if (c->options->decimal_mark) return c->options->decimal_mark;
    const norm_survey *s = c->survey;
    if (s && s->decimal_point && s->decimal_comma) return 0;
    if (s && s->decimal_point) return '.';
    if (s && s->decimal_comma) return ',';
    const char *country = c->options->country;
    if (country && strcmp(country, "US") == 0) return '.';
    if (country && strcmp(country, "TR") == 0 && (x->currency || x->mark == ',')) return ',';
    return 0;
}

/* 1.250 and 1,250. A comma with three decimals behind it is held back even where the column's mark is a comma: nobody
 * writes amounts so, and its canonical form would be read as thousands in the same column. */
static bool decide_mark(const norm_column *c, number *x)
{
    if (!x->either) return true;
    char mark = mark_of_column(c, x);
    if (mark == 0 || (mark == ',' && x->mark == ',')) return false;
    if (mark != x->mark) {
        sv thousands = {x->behind, x->behind_n};
        x->behind_n = 0;
        add_digits(x, thousands, false);
    }
    return true;
}

/* ---- values ---- */

static bool all_zeros(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != '0') return false;
    return true;
}

static void add_number(buf *out, const number *x)
{
    if (x->negative && !(x->whole_n == 0 && all_zeros(x->behind, x->behind_n))) buf_char(out, '-');
    buf_sv(out, x->whole_n ? (sv){x->whole, x->whole_n} : SV_LIT("0"));
    if (x->behind_n) buf_char(out, '.');
    buf_add(out, x->behind, x->behind_n);
}

static norm_form wrong(const norm_column *c, norm_remarks *r, finding_code why)
{
    norm_remark(r, why, c->field);
    return FORM_WRONG;
}

static norm_form number_of(const norm_column *c, sv in, unsigned accept, number *x, norm_remarks *r)
{
    if (!number_read(in, accept, x) || x->whole_n + x->behind_n > NUMBER_DIGITS_MAX)
        return wrong(c, r, F_NRM_WRONG_TYPE);
    return decide_mark(c, x) ? FORM_GOOD : wrong(c, r, F_NRM_NUMBER_AMBIGUOUS);
}

/* "60.00" is a whole number that a decimal column or a spreadsheet printed. */
norm_form normalize_integer(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    number x;
    norm_form form = number_of(c, in, 0, &x, r);
    if (form != FORM_GOOD) return form;
    if (!all_zeros(x.behind, x.behind_n) || x.whole_n > INTEGER_DIGITS_MAX) return wrong(c, r, F_NRM_WRONG_TYPE);
    x.behind_n = 0;
    add_number(out, &x);
    return FORM_GOOD;
}

/* Zeros in front go; those behind the mark stay: they say how exact the source is. */
norm_form normalize_decimal(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    number x;
    norm_form form = number_of(c, in, 0, &x, r);
    if (form == FORM_GOOD) add_number(out, &x);
    return form;
}

/* The same amount is the same text, however the source prints it (SQL Server's money has four decimals, a dump two or
 * none): two decimals, and further ones only where they are no zeros. */
norm_form normalize_money(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    number x;
    norm_form form = number_of(c, in, NUMBER_CURRENCY, &x, r);
    if (form != FORM_GOOD) return form;
    while (x.behind_n > 2 && x.behind[x.behind_n - 1] == '0') x.behind_n--;
    while (x.behind_n < 2 && x.whole_n + x.behind_n < NUMBER_DIGITS_MAX) add_digits(&x, SV_LIT("0"), true);
    add_number(out, &x);
    return form;
}

norm_form normalize_percent(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    number x;
    norm_form form = number_of(c, in, NUMBER_PERCENT, &x, r);
    if (form != FORM_GOOD) return form;
    bool hundred = x.whole_n == 3 && memcmp(x.whole, "100", 3) == 0 && all_zeros(x.behind, x.behind_n);
    bool zero = x.whole_n == 0 && all_zeros(x.behind, x.behind_n);
    if ((x.whole_n > 2 && !hundred) || (x.negative && !zero)) return wrong(c, r, F_NRM_PERCENT_OUTSIDE);
    add_number(out, &x);
    return FORM_GOOD;
}

/* ---- currencies ---- */

/* A dollar sign is the dollar of the practice's own country. */
static const char *whose_dollar(const norm_options *o, const char *code)
{
    if (!code || strcmp(code, "$") != 0) return code;
    if (o->currency && text_is_one_of(sv_from(o->currency), "usd|cad|aud|nzd|mxn")) return o->currency;
    return o->country && strcmp(o->country, "US") == 0 ? "USD" : NULL;
}

norm_form normalize_currency(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    folded word;
    const char *code = currency_named(in);
    if (!code && text_fold(in, &word)) {
        if (folded_is_one_of(&word, "dollar|dollars|us dollar|us dollars|dolar")) code = "$";
        if (folded_is_one_of(&word, "turk lirasi|turkish lira|lira")) code = "TRY";
    }
    code = whose_dollar(c->options, code);
    if (!code) return wrong(c, r, F_NRM_CURRENCY_UNKNOWN);
    buf_str(out, code);
    return FORM_GOOD;
}

static bool is_money(const model_field *f) { return f->concern && strcmp(f->concern, "money") == 0; }

/* Amounts that name a currency: it is the record's, or that of the source; an amount of another one is held back, since
 * no field says so. */
void record_money(const record *x)
{
    norm_cell *currency = record_cell(x, "currency");
    const char *source = x->options->currency;
    for (size_t i = 0; i < x->entity->fields; i++) {
        const model_field *f = &x->entity->field[i];
        number n;
        if (!is_money(f) || x->cell[i].form != FORM_GOOD || !x->cell[i].original.p) continue;
        if (currency && currency->form == FORM_EMPTY && source) record_set(x, "currency", sv_from(source));
        if (!number_read(x->cell[i].original, NUMBER_CURRENCY, &n) || !n.currency) continue;
        const char *named = whose_dollar(x->options, n.currency);
        if (!named) {
            record_wrong(x, f->name, F_NRM_CURRENCY_UNKNOWN);
        } else if (currency && (currency->form == FORM_EMPTY || !currency->original.p || currency->original.n == 0)) {
            record_set(x, "currency", sv_from(named));
        } else if (currency ? !sv_eq(record_text(x, "currency"), sv_from(named))
                            : source && strcmp(source, named) != 0) {
            record_wrong(x, f->name, F_NRM_CURRENCY_CONTRADICTS);
        }
    }
}
