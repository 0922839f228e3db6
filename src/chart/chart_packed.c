/* Several readings in one value: "323 212", "3,10,4", 48 figures of an arch's side. */
#include "base/ascii.h"
#include "chart/chart_internal.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
static bool is_gap(char c) { return is_blank(c) || c == ',' || c == ';' || c == '/' || c == '|'; }

/* One reading of 0 to 15 in n figures, without leading zeros. */
static bool is_reading(const char *p, size_t n)
{
    if (n == 1) return is_digit(p[0]) || p[0] == 'x' || p[0] == 'X' || p[0] == '.' || p[0] == '-' || p[0] == '+';
    return n == 2 && p[0] == '1' && p[1] >= '0' && p[1] <= '5';
}

static sv reading_of(const char *p, size_t n)
{
    bool none = n == 1 && (p[0] == 'x' || p[0] == 'X' || p[0] == '.' || is_blank(p[0]));
    return (sv){p, none ? 0 : n};
}

/* A run of figures as three readings; false when there is not exactly one way. */
static bool split_run(sv run, sv out[3])
{
    unsigned ways = 0;
    for (size_t a = 1; a <= 2; a++)
        for (size_t b = 1; b <= 2; b++) {
            size_t c = run.n - a - b;
            if (a + b >= run.n || c > 2) continue;
            if (!is_reading(run.p, a) || !is_reading(run.p + a, b) || !is_reading(run.p + a + b, c)) continue;
            if (ways++) return false;
            out[0] = reading_of(run.p, a);
            out[1] = reading_of(run.p + a, b);
            out[2] = reading_of(run.p + a + b, c);
        }
    return ways == 1;
}

/* A run between separators at *at. */
static bool next_run(sv text, size_t *at, sv *run)
{
    while (*at < text.n && is_gap(text.p[*at])) (*at)++;
    size_t begun = *at;
    while (*at < text.n && !is_gap(text.p[*at])) (*at)++;
    *run = (sv){text.p + begun, *at - begun};
    return run->n != 0;
}

/* A run for each tooth. */
static bool by_tooth(sv text, size_t teeth, sv *out)
{
    size_t at = 0;
    sv run;
    for (size_t i = 0; i < teeth; i++)
        if (!next_run(text, &at, &run) || !split_run(run, out + 3 * i)) return false;
    return !next_run(text, &at, &run);
}

/* A run for each reading; numbers are checked by who reads them. Not with empty fields: "3,,4" has no place for sure. */
static bool by_reading(sv text, size_t teeth, sv *out)
{
    size_t at = 0;
    sv run;
    for (size_t i = 1; i < text.n; i++)
        if (!is_blank(text.p[i]) && is_gap(text.p[i]) && is_gap(text.p[i - 1]) && !is_blank(text.p[i - 1]))
            return false;
    for (size_t i = 0; i < 3 * teeth; i++) {
        if (!next_run(text, &at, &run)) return false;
        out[i] = run.n == 1 ? reading_of(run.p, 1) : run;
    }
    return !next_run(text, &at, &run);
}

/* A character for each reading, blanks where nothing was measured. */
static bool by_place(sv text, size_t teeth, sv *out)
{
    if (text.n != 3 * teeth) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (!is_reading(text.p + i, 1) && text.p[i] != ' ') return false;
        out[i] = reading_of(text.p + i, 1);
    }
    return true;
}

/* Whether the text, for the places of its characters, is also a run for each tooth, or one tooth's with something missing
 * somewhere ("3 2"). */
static bool has_other_meaning(sv text, size_t teeth)
{
    sv run, other[3];
    size_t at = 0;
    if (!sv_find(text, ' ')) return false;
    if (teeth == 1) return true;
    for (size_t i = 0; i < teeth; i++)
        if (!next_run(text, &at, &run) || !split_run(run, other)) return false;
    return true;
}

bool packed_split(sv text, size_t teeth, sv *out)
{
    if (teeth == 0) return false;
    if (by_place(text, teeth, out) && !has_other_meaning(text, teeth)) return true;
    while (text.n && is_blank(text.p[0])) text = (sv){text.p + 1, text.n - 1};
    while (text.n && is_blank(text.p[text.n - 1])) text.n--;
    return by_tooth(text, teeth, out) || by_reading(text, teeth, out);
}
