#include "loaded/compare_value.h"
#include "base/amount.h"
#include "base/ascii.h"
#include "base/date.h"
#include "loaded/names.h"
#include "loaded/normal_form.h"

/* Offsets of zones are quarters of an hour; the clocks are put forward by one hour at most. */
enum { SHIFT_STEP = 15, SHIFT_MAX = 14 * 60, CLOCKS = 60, MINUTES_OF_DAY = 1440 };

const char *const value_end_word[VALUE_ENDS] = {
    "equal",   "other form", "other zone", "filled by the system", "link not checked",
    "changed", "truncated",  "rounded",    "letter case",          "empty"};

static void fresh(const compare_value *v)
{
    buf_clear(v->mine);
    buf_clear(v->theirs);
}

static bool same(const compare_value *v) { return sv_eq(buf_view(v->mine), buf_view(v->theirs)); }

/* ---- texts ---- */

static value_end texts(const compare_value *v, sv mine, sv theirs)
{
    fresh(v);
    normal_text(v->mine, mine);
    normal_text(v->theirs, theirs);
    sv a = buf_view(v->mine), b = buf_view(v->theirs);
    if (sv_eq(a, b)) return VALUE_OTHER_FORM;
    if (b.n < a.n && sv_starts(a, b)) return VALUE_TRUNCATED;
    return sv_eq_nocase(a, b) ? VALUE_LETTERS : VALUE_CHANGED;
}

static value_end words(const compare_value *v, sv mine, sv theirs)
{
    fresh(v);
    normal_words(v->mine, mine);
    normal_words(v->theirs, theirs);
    return same(v) ? VALUE_OTHER_FORM : texts(v, mine, theirs);
}

/* ---- numbers ---- */

/* Digits behind the point that the export has fewer, its last one cut or rounded. */
static bool is_rounded(sv mine, sv theirs)
{
    const char *point = sv_find(mine, '.'), *other = sv_find(theirs, '.');
    size_t behind = other ? theirs.n - (size_t)(other + 1 - theirs.p) : 0;
    amount a, b;
    if (!point || mine.n - (size_t)(point + 1 - mine.p) <= behind) return false;
    if (!amount_read(mine, &a) || !amount_read(theirs, &b)) return false;
    int64_t unit = 1000000000;
    for (size_t i = 0; i < behind; i++) unit /= 10;
    const amount less = {-b.whole, -b.nano};
    if (!amount_add(&a, less)) return false;
    return unit && (unit == 1000000000 ? a.whole == 0 : a.whole == 0 && a.nano < unit && a.nano > -unit);
}

static value_end numbers(const compare_value *v, sv mine, sv theirs)
{
    for (int comma = 0; comma < 2; comma++) {
        fresh(v);
        if (!normal_number(v->mine, mine, false) || !normal_number(v->theirs, theirs, comma == 1)) continue;
        if (same(v)) return VALUE_OTHER_FORM;
        if (is_rounded(buf_view(v->mine), buf_view(v->theirs))) return VALUE_ROUNDED;
    }
    return texts(v, mine, theirs) == VALUE_OTHER_FORM ? VALUE_OTHER_FORM : VALUE_CHANGED;
}

/* ---- dates ---- */

static int two(const char *p) { return 10 * (p[0] - '0') + (p[1] - '0'); }

/* Of the normal form, in minutes; a date alone is its midnight. */
static int64_t minutes_of(sv s)
{
    int32_t days = date_days(100 * two(s.p) + two(s.p + 2), two(s.p + 5), two(s.p + 8));
    int64_t minutes = (int64_t)days * MINUTES_OF_DAY;
    return s.n >= 16 ? minutes + 60 * two(s.p + 11) + two(s.p + 14) : minutes;
}

static bool same_shift(const compare_value *v, sv mine, sv theirs)
{
    int64_t shift = minutes_of(theirs) - minutes_of(mine);
    bool seconds = sv_eq((sv){mine.p + mine.n - 3, 3}, (sv){theirs.p + theirs.n - 3, 3});
    if (!seconds || shift % SHIFT_STEP || shift > SHIFT_MAX || shift < -SHIFT_MAX) return false;
    if (!v->kept->has_shift) {
        v->kept->has_shift = true;
        v->kept->shift = (int32_t)shift;
    }
    int64_t off = shift - v->kept->shift;
    return off <= CLOCKS && off >= -CLOCKS;
}

static value_end moments(const compare_value *v, sv mine, sv theirs)
{
    bool zoned_mine, zoned;
    fresh(v);
    bool day_first = exports_day_first(v->file, v->column);
    if (!normal_moment(v->mine, mine, v->field->form, false, &zoned_mine) ||
        !normal_moment(v->theirs, theirs, (sv){NULL, 0}, day_first, &zoned))
        return texts(v, mine, theirs) == VALUE_OTHER_FORM ? VALUE_OTHER_FORM : VALUE_CHANGED;
    sv a = buf_view(v->mine), b = buf_view(v->theirs);
    const sv midnight = SV_LIT(" 00:00:00");
    if (sv_eq(a, b)) return VALUE_OTHER_FORM;
    if (a.n == 10 && b.n == 19)
        return sv_starts(b, a) && sv_eq((sv){b.p + 10, 9}, midnight) ? VALUE_OTHER_FORM : VALUE_CHANGED;
    if (a.n == 19 && b.n == 10) return sv_starts(a, b) ? VALUE_ROUNDED : VALUE_CHANGED;
    bool zone_unknown = zoned_mine && !zoned;
    return a.n == 19 && zone_unknown && same_shift(v, a, b) ? VALUE_OTHER_ZONE : VALUE_CHANGED;
}

/* ---- truths and links ---- */

/* 1, 0; -1: neither. */
static int truth_of(const loads *l, sv s)
{
    static const char *const yes[] = {"true", "yes", "y", "1", "on"}, *const no[] = {"false", "no", "n", "0", "off"};
    if (sv_eq_nocase(s, l->yes)) return 1;
    if (sv_eq_nocase(s, l->no)) return 0;
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (sv_eq_nocase(s, sv_from(yes[i]))) return 1;
        if (sv_eq_nocase(s, sv_from(no[i]))) return 0;
    }
    return -1;
}

static value_end truths(const compare_value *v, sv mine, sv theirs)
{
    int a = truth_of(v->e->l, mine), b = truth_of(v->e->l, theirs);
    if (a < 0 || b < 0) return texts(v, mine, theirs);
    return a == b ? VALUE_OTHER_FORM : VALUE_CHANGED;
}

/* An export shows a link as the key, the id or the name of the record. A name proves nothing: two may have one. */
static bool links(const compare_value *v, sv mine, sv theirs, value_end *out)
{
    const loads *l = v->e->l;
    bool found = false;
    *out = VALUE_UNCHECKED;
    for (size_t i = 0; i < l->objects && !found; i++) {
        if (!sv_eq(l->object[i], v->field->links_to)) continue;
        buf_clear(v->theirs);
        if (!load_work_key_of_id(v->e->work, i, theirs, v->theirs, &found)) return false;
        if (found) *out = sv_eq(buf_view(v->theirs), mine) ? VALUE_OTHER_FORM : VALUE_CHANGED;
    }
    return true;
}

bool compare_values(const compare_value *v, sv mine, sv theirs, value_end *out)
{
    *out = VALUE_EQUAL;
    if (sv_eq(mine, theirs)) return true;
    sv a = sv_trimmed_controls(mine), b = sv_trimmed_controls(theirs);
    *out = a.n ? VALUE_EMPTY : b.n ? VALUE_FILLED : VALUE_OTHER_FORM;
    if (!a.n || !b.n) return true;
    switch (v->field->kind) {
    case LOAD_NUMBER:
    case LOAD_MONEY: *out = numbers(v, a, b); return true;
    case LOAD_DATE:
    case LOAD_MOMENT: *out = moments(v, a, b); return true;
    case LOAD_TRUTH: *out = truths(v, a, b); return true;
    case LOAD_WORDS: *out = words(v, mine, theirs); return true;
    case LOAD_LINK: return links(v, a, b, out);
    case LOAD_TEXT: break;
    }
    *out = texts(v, mine, theirs);
    return true;
}
