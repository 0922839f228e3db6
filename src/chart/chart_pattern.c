#include "chart/chart_pattern.h"
#include "chart/chart_words.h"

enum hole { HOLE_NONE, HOLE_TOOTH, HOLE_SITE, HOLE_ENTRANCE };

/* What a pattern begins with: a hole, or one literal byte. */
static enum hole hole_at(sv p, size_t *used)
{
    static const struct {
        const char *text;
        enum hole hole;
    } holes[] = {{"{tooth}", HOLE_TOOTH}, {"{site}", HOLE_SITE}, {"{entrance}", HOLE_ENTRANCE}};
    *used = 1;
    for (size_t i = 0; i < sizeof holes / sizeof holes[0]; i++)
        if (sv_starts(p, sv_from(holes[i].text))) {
            *used = strlen(holes[i].text);
            return holes[i].hole;
        }
    return HOLE_NONE;
}

const char *pattern_check(sv pattern, bool *holes)
{
    unsigned seen[4] = {0};
    size_t used;
    *holes = false;
    for (size_t i = 0; i < pattern.n; i += used) {
        enum hole h = hole_at((sv){pattern.p + i, pattern.n - i}, &used);
        if (h == HOLE_NONE && (pattern.p[i] == '{' || pattern.p[i] == '}'))
            return "a name of a column may hold {tooth}, {site} and {entrance}, nothing else in braces";
        if (h != HOLE_NONE && seen[h]++) return "a name of a column has each of {tooth}, {site} and {entrance} once";
        *holes |= h != HOLE_NONE;
    }
    if (seen[HOLE_SITE] && seen[HOLE_ENTRANCE]) return "a column is of a site or of an entrance, not of both";
    return NULL;
}

tooth_site pattern_site(sv name, const struct chart_site_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq_nocase(words[i].value, name)) return words[i].site;
    return site_named(name);
}

typedef struct fitting {
    const struct chart_site_word *words;
    size_t n;
    unsigned ways;
    pattern_match found, now;
} fitting;

static bool same_letter(char a, char b) { return sv_eq_nocase((sv){&a, 1}, (sv){&b, 1}); }

static bool fill(fitting *f, enum hole h, sv text)
{
    switch (h) {
    case HOLE_TOOTH: f->now.tooth = text; return tooth_proof(text, (sv){NULL, 0}) != TOOTH_MEANS_NOTHING;
    case HOLE_SITE: f->now.site = pattern_site(text, f->words, f->n); return f->now.site != SITES;
    default: f->now.entrance = chart_entrance_named(text); return f->now.entrance != 0;
    }
}

/* At most three holes: so deep goes the recursion. */
static void fit(fitting *f, sv p, sv name)
{
    size_t used = 0;
    enum hole h = HOLE_NONE;
    while (p.n && (h = hole_at(p, &used)) == HOLE_NONE) {
        if (name.n == 0 || !same_letter(p.p[0], name.p[0])) return;
        p = (sv){p.p + 1, p.n - 1};
        name = (sv){name.p + 1, name.n - 1};
    }
    if (p.n == 0) {
        if (name.n) return;
        if (f->ways == 0) f->found = f->now;
        f->ways++;
        return;
    }
    for (size_t n = 1; n <= name.n && f->ways < 2; n++)
        if (fill(f, h, (sv){name.p, n})) fit(f, (sv){p.p + used, p.n - used}, (sv){name.p + n, name.n - n});
}

unsigned pattern_fits(sv pattern, sv name, const struct chart_site_word *words, size_t n, pattern_match *out)
{
    fitting f = {.words = words, .n = n, .now = {.site = SITES}, .found = {.site = SITES}};
    fit(&f, pattern, name);
    *out = f.found;
    return f.ways;
}
