/* One column: counted value by value, and what of it may be told. */
#include "source/value_text.h"
#include "survey/survey_internal.h"
#include <stdlib.h>

enum { OLDEST_AGE = 89, FIGURE_CODE_MAX = 89, CODE_FIGURES_MAX = 4, SHARE = 20 };

void column_survey_begin(column_survey *c, const column_info *info, bool key)
{
    memset(c, 0, sizeof *c);
    c->info = info;
    c->key = key || info->identity;
    c->personal = personal_by_name(info->name);
    c->code_name = is_code_name(info->name);
    bool listed = info->type == T_TEXT || info->type == T_INT || info->type == T_BOOL;
    c->too_many = !listed || c->key || c->personal != PERSONAL_NOT;
}

/* ---- counting ---- */

/* A column that has shown to hold very many single words, such as a column of names in another language. */
static void overflow(column_survey *c, people *names)
{
    c->too_many = true;
    if (c->code_name || c->info->type != T_TEXT) return;
    for (size_t i = 0; i < c->codes; i++) people_add(names, (sv){c->code[i].text, c->code[i].n});
}

static void add_code(column_survey *c, sv text, people *names)
{
    size_t i = 0;
    if (c->too_many) return;
    if (text.n > CODE_BYTES_MAX || text_characters(text) > CODE_CHARACTERS_MAX) {
        overflow(c, names);
        return;
    }
    while (i < c->codes && !sv_eq((sv){c->code[i].text, c->code[i].n}, text)) i++;
    if (i == CODES_MAX) {
        overflow(c, names);
        return;
    }
    if (i == c->codes) {
        memcpy(c->code[i].text, text.p, text.n);
        c->code[i].n = (uint8_t)text.n;
        c->codes++;
    }
    c->code[i].rows++;
}

static void add_shape(column_survey *c, sv text)
{
    char shape[SHAPE_BYTES_MAX];
    size_t n, i = 0;
    if (!text_shape(text, shape, &n)) {
        c->facts.other_shapes++;
        return;
    }
    while (i < c->shapes && !(c->shape[i].n == n && memcmp(c->shape[i].text, shape, n) == 0)) i++;
    if (i == SHAPES_MAX) {
        c->facts.other_shapes++;
        return;
    }
    if (i == c->shapes) {
        memcpy(c->shape[i].text, shape, n);
        c->shape[i].n = (uint8_t)n;
        c->shapes++;
    }
    c->shape[i].rows++;
}

static void add_text(column_survey *c, sv whole, people *names)
{
    sv text = text_trimmed(whole);
    if (text.n == 0) {
        c->facts.empty++;
        return;
    }
    uint32_t n = text_characters(text);
    text_look look = text_looks(text);
    c->facts.filled++;
    c->facts.look[look]++;
    if (c->facts.longest == 0 || n < c->facts.shortest) c->facts.shortest = n;
    if (n > c->facts.longest) c->facts.longest = n;
    distinct_add(&c->distinct, survey_hash(text.p, text.n));
    add_shape(c, text);
    add_code(c, text, names);
    bool unknown_words = c->personal == PERSONAL_NOT && c->too_many && !c->code_name && look == LOOKS_WORD;
    if (c->personal == PERSONAL_NAME || unknown_words) people_add(names, text);
}

static void add_digits(column_survey *c, uint64_t whole, unsigned decimals, bool negative)
{
    uint8_t n = 1;
    for (; whole > 9 && n < 255; whole /= 10) n++;
    if (c->facts.digits_max == 0 || n < c->facts.digits_min) c->facts.digits_min = n;
    if (n > c->facts.digits_max) c->facts.digits_max = n;
    if (decimals > c->facts.decimals) c->facts.decimals = (uint8_t)decimals;
    c->facts.negative |= negative;
}

static void add_decimal(column_survey *c, const value *v)
{
    char text[VALUE_TEXT_MAX];
    size_t n = value_text_fixed(v, text), whole = 0, behind = 0;
    const char *point = memchr(text, '.', n);
    bool negative = n && text[0] == '-';
    for (size_t i = negative; i < n && text + i != point && text[i] >= '0' && text[i] <= '9'; i++) whole++;
    while (n && point && text[n - 1] == '0') n--;
    if (point) behind = (size_t)(text + n - point) - 1;
    if (c->facts.digits_max == 0 || whole < c->facts.digits_min) c->facts.digits_min = (uint8_t)whole;
    if (whole > c->facts.digits_max) c->facts.digits_max = (uint8_t)whole;
    if (behind > c->facts.decimals) c->facts.decimals = (uint8_t)(behind < 255 ? behind : 255);
    c->facts.negative |= negative;
}

static bool is_placeholder(civil_date d)
{
    bool first = d.month == 1 && d.day == 1 && (d.year == 1900 || d.year == 1753 || d.year == 1);
    return first || (d.year == 9999 && d.month == 12) || (d.year == 1899 && d.month == 12 && d.day == 30);
}

static void add_date(column_survey *c, const value *v)
{
    if (v->as.when.days < 0 || v->as.when.days > DATE_DAYS_MAX) return;
    civil_date d = date_civil(v->as.when.days);
    if (is_placeholder(d))
        c->facts.placeholder_dates++;
    else if (d.year < YEAR_MAX)
        c->year[d.year]++;
    if (v->kind != V_DATE) c->facts.timed += v->as.when.ticks != 0;
}

/* The text of any other kind is the same for the same value. */
static void add_other(column_survey *c, const value *v, people *names)
{
    char text[VALUE_TEXT_MAX];
    size_t n = value_text_fixed(v, text);
    c->facts.filled++;
    distinct_add(&c->distinct, survey_hash(text, n));
    if (v->kind == V_INT || v->kind == V_BOOL) add_code(c, (sv){text, n}, names);
}

void column_survey_add(column_survey *c, const value *v, people *names)
{
    switch (v->kind) {
    case V_NULL: c->facts.null++; return;
    case V_UNREADABLE: c->facts.unreadable++; return;
    case V_TEXT: add_text(c, v->as.text, names); return;
    case V_BYTES:
    case V_LOB:
        c->facts.filled++;
        c->too_many = true;
        if (v->kind == V_LOB && lob_is_text((lob_encoding)v->as.lob.encoding)) c->facts.look[LOOKS_PROSE]++;
        if (v->kind == V_BYTES) distinct_add(&c->distinct, survey_hash(v->as.text.p, v->as.text.n));
        return;
    case V_DATE:
    case V_DATETIME:
    case V_DATETIMEOFFSET: add_date(c, v); break;
    case V_INT: {
        bool negative = v->as.integer < 0;
        add_digits(c, negative ? 0 - (uint64_t)v->as.integer : (uint64_t)v->as.integer, 0, negative);
        break;
    }
    case V_DECIMAL:
    case V_REAL:
    case V_REAL32: add_decimal(c, v); break;
    case V_BOOL:
    case V_TIME:
    case V_GUID: break;
    }
    add_other(c, v, names);
}

/* ---- what may be told ---- */

static int by_rows(const void *a_, const void *b_)
{
    const snapshot_count *a = a_, *b = b_;
    if (a->rows != b->rows) return a->rows > b->rows ? -1 : 1;
    return sv_cmp(a->text, b->text);
}

static bool tell_shapes(column_survey *c, arena *mem)
{
    snapshot_count *list = arena_array(mem, c->shapes + 1, sizeof *list);
    size_t n = 0;
    if (!list) return false;
    for (size_t i = 0; i < c->shapes; i++) {
        sv text = arena_sv(mem, (sv){c->shape[i].text, c->shape[i].n});
        if (c->shape[i].rows >= SURVEY_ROWS_MIN)
            list[n++] = (snapshot_count){text, c->shape[i].rows};
        else
            c->facts.other_shapes += c->shape[i].rows;
    }
    if (n) qsort(list, n, sizeof *list, by_rows);
    for (size_t i = SHAPES_TOLD; i < n; i++) c->facts.other_shapes += list[i].rows;
    c->facts.shape = list;
    c->facts.shapes = n < SHAPES_TOLD ? n : SHAPES_TOLD;
    return true;
}

static personal personal_by_looks(const column_facts *f)
{
    uint64_t texts = 0;
    for (int i = 0; i < LOOKS; i++) texts += f->look[i];
    uint64_t contact = f->look[LOOKS_PHONE] + f->look[LOOKS_EMAIL];
    uint64_t prose = f->look[LOOKS_PROSE] + f->look[LOOKS_RTF] + f->look[LOOKS_HTML];
    if (contact * SHARE > texts) return PERSONAL_CONTACT;
    if (f->look[LOOKS_NATIONAL_ID] || f->look[LOOKS_GUID]) return PERSONAL_KEY;
    if (f->look[LOOKS_DATE] * SHARE > texts) return PERSONAL_BIRTH;
    return prose ? PERSONAL_PROSE : PERSONAL_NOT;
}

static bool is_figures(sv s, size_t most)
{
    size_t i = s.n && s.p[0] == '-', n = s.n - i;
    for (; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return n > 0 && n <= most;
}

/* In a column whose name does not promise codes: words that the model knows, and small numbers. */
static bool is_harmless(const column_survey *c, sv code)
{
    if (is_word_of_the_model(code)) return true;
    if (!is_figures(code, c->code_name ? CODE_FIGURES_MAX : 3)) return c->code_name;
    int x = 0;
    for (size_t i = code.p[0] == '-'; i < code.n; i++) x = x * 10 + code.p[i] - '0';
    return c->code_name || x <= FIGURE_CODE_MAX;
}

static const char *why_no_codes(const column_survey *c)
{
    personal p = c->personal != PERSONAL_NOT ? c->personal : personal_by_looks(&c->facts);
    if (p != PERSONAL_NOT) return personal_word(p).p;
    if (c->key) return personal_word(PERSONAL_KEY).p;
    bool listed = c->info->type == T_TEXT || c->info->type == T_INT || c->info->type == T_BOOL;
    if (c->too_many) return listed && c->facts.filled ? "many values" : "";
    for (size_t i = 0; i < c->codes; i++)
        if (!is_harmless(c, (sv){c->code[i].text, c->code[i].n})) return "values that may be somebody's";
    return NULL;
}

static bool tell_codes(column_survey *c, arena *mem)
{
    const char *why = why_no_codes(c);
    snapshot_count *list = arena_array(mem, c->codes + 1, sizeof *list);
    size_t n = 0;
    if (!list) return false;
    c->facts.withheld = sv_from(why ? why : "");
    for (size_t i = 0; i < c->codes && !why; i++) {
        if (c->code[i].rows >= SURVEY_ROWS_MIN)
            list[n++] = (snapshot_count){arena_sv(mem, (sv){c->code[i].text, c->code[i].n}), c->code[i].rows};
        else
            c->facts.other_codes += c->code[i].rows;
    }
    if (n) qsort(list, n, sizeof *list, by_rows);
    if (!why && c->codes && n == 0) {
        c->facts.withheld = SV_LIT("rare values");
        c->facts.other_codes = 0;
    }
    c->facts.code = list;
    c->facts.codes = n;
    return true;
}

static void tell_years(column_survey *c, int this_year)
{
    if (c->personal == PERSONAL_BIRTH) return;
    for (int y = this_year - OLDEST_AGE > 0 ? this_year - OLDEST_AGE : 0; y < YEAR_MAX; y++) {
        if (c->year[y] < SURVEY_ROWS_MIN) continue;
        if (!c->facts.first_year) c->facts.first_year = y;
        c->facts.last_year = y;
    }
}

bool column_survey_end(column_survey *c, int this_year, arena *mem, column_facts *out)
{
    c->facts.distinct = distinct_number(&c->distinct);
    c->facts.distinct_estimated = c->distinct.estimating;
    bool ok = tell_shapes(c, mem) && tell_codes(c, mem);
    if (c->facts.filled < SURVEY_ROWS_MIN) { /* a length of one or two values is theirs */
        c->facts.shortest = c->facts.longest = 0;
        c->facts.digits_min = c->facts.digits_max = c->facts.decimals = 0;
        c->facts.negative = false;
    }
    tell_years(c, this_year);
    *out = c->facts;
    return ok && !arena_failed(mem);
}

void column_survey_forget_people(const column_info *info, const people *names, column_facts *f)
{
    if (info->type != T_TEXT) return;
    for (size_t i = 0; i < f->codes; i++) {
        sv code = f->code[i].text;
        if (is_figures(code, CODE_FIGURES_MAX) || is_word_of_the_model(code) || !people_has(names, code)) continue;
        f->codes = 0;
        f->other_codes = 0;
        f->withheld = SV_LIT("words that are names elsewhere");
        return;
    }
}
