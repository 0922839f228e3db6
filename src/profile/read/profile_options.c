/* The key `options:` of a profile: texts that SELECTs use as :name. Some names mean something to the program itself. */
#include "base/zone.h"
#include "profile/profile_internal.h"

typedef enum option_kind { TWO_LETTERS, THREE_LETTERS, ONE_OF, TIME_ZONE } option_kind;

static const struct meaning {
    const char *name;
    option_kind kind;
    const char *words; /* ONE_OF: separated by blanks */
} meanings[] = {
    {"country", TWO_LETTERS, "two capital letters (ISO 3166), such as US"},
    {"date_order", ONE_OF, "mdy dmy"},
    {"currency", THREE_LETTERS, "three capital letters (ISO 4217), such as USD"},
    {"language", ONE_OF, "en tr"},
    {"decimal_mark", ONE_OF, "point comma"},
    {"numbering", ONE_OF, "universal fdi palmer"},
    {"code_system", ONE_OF, "CDT TDB SUT LOCAL"},
    {"specialties", ONE_OF, "dental any"},
    {"national_id", ONE_OF, "yes no"},
    {"time_zone", TIME_ZONE, "a time zone, such as America/New_York or Turkey Standard Time"},
    {"codepage", ONE_OF,
     "windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 "
     "windows-1258 "
     "cp437 cp850 cp857 cp874"},
    {"margin_sign", ONE_OF, "recession_positive recession_negative od_100plus"},
    {"charted_by_exception", ONE_OF, "yes no"},
    {"triplet_order", ONE_OF, "screen mesial_first"},
    {"furcation_scale", ONE_OF, "glickman hamp"},
};
enum { MEANINGS = sizeof meanings / sizeof meanings[0], HINTS_MAX = 128 };

static const struct meaning *meaning_of(sv name)
{
    for (size_t i = 0; i < MEANINGS; i++)
        if (sv_eq(sv_from(meanings[i].name), name)) return &meanings[i];
    return NULL;
}

static bool is_capitals(sv s, size_t n)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z') return false;
    return s.n == n;
}

static bool is_one_of(const char *words, sv s)
{
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        if (sv_eq((sv){p, n}, s)) return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

static bool is_good(const struct meaning *m, sv text)
{
    switch (m->kind) {
    case TWO_LETTERS: return is_capitals(text, 2);
    case THREE_LETTERS: return is_capitals(text, 3);
    case ONE_OF: return is_one_of(m->words, text);
    case TIME_ZONE: return zone_named(text) != NULL;
    }
    return true;
}

static void check_value(problems *wrong, sv file, unsigned line, unsigned column, sv name, sv text)
{
    const struct meaning *m = meaning_of(name);
    if (!m || is_good(m, text)) return;
    problem_add(wrong, file, line, column, "the option %s is %s%s, not \"%.*s\"", m->name,
                m->kind == ONE_OF ? "one of " : "", m->words, (int)text.n, text.p);
}

static bool is_option_name(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || c == '_';
        if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
    }
    return s.n > 0;
}

void profile_read_options(const profile_reader *r, const yaml_node *options)
{
    if (!options || options->kind != YAML_MAP) return;
    profile_option *all = profile_array(r, options->n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < options->n; i++) {
        const yaml_pair *pair = &options->pair[i];
        const yaml_node *n = pair->value;
        if (!is_option_name(pair->key))
            problem_add(r->wrong, r->x->file, pair->line, pair->column,
                        "the name of an option has small letters, digits and _");
        if (n->kind != YAML_TEXT)
            profile_problem(r, n, "an option must be a text");
        else
            check_value(r->wrong, r->x->file, n->line, n->column, pair->key, n->text);
        all[i] = (profile_option){pair->key, n->text};
    }
    r->x->option = all;
    r->x->options = options->n;
}

sv profile_option_text(const profile *x, const char *name)
{
    for (size_t i = 0; i < x->options; i++)
        if (sv_eq(x->option[i].name, sv_from(name))) return x->option[i].value;
    return (sv){NULL, 0};
}

/* ---- what the user says instead ---- */

static const char *hint(const profile *x, sv name, arena *mem)
{
    sv known[HINTS_MAX];
    size_t n = 0;
    for (; n < MEANINGS; n++) known[n] = sv_from(meanings[n].name);
    for (size_t i = 0; i < x->options && n < HINTS_MAX; i++) known[n++] = x->option[i].name;
    return profile_hint(mem, name, known, n);
}

static void set(profile *x, profile_option *all, sv name, sv text, arena *mem, problems *wrong)
{
    static const sv file = {"--option", 8};
    size_t i = 0;
    while (i < x->options && !sv_eq(all[i].name, name)) i++;
    if (i == x->options && !meaning_of(name)) {
        problem_add(wrong, file, 0, 0, "the profile %.*s has no option \"%.*s\"%s", (int)x->id.n, x->id.p, (int)name.n,
                    name.p, hint(x, name, mem));
        return;
    }
    check_value(wrong, file, 0, 0, name, text);
    all[i] = (profile_option){name, text};
    if (i == x->options) x->options++;
}

const profile *profile_with_options(const profile *x, const char *const *assignment, size_t n, arena *mem,
                                    problems *wrong)
{
    profile *y = arena_alloc(mem, sizeof *y);
    profile_option *all = arena_array(mem, x->options + n + 1, sizeof *all);
    if (!y || !all) {
        wrong->failed = true;
        return x;
    }
    *y = *x;
    if (x->options) memcpy(all, x->option, x->options * sizeof *all);
    for (size_t i = 0; i < n; i++) {
        const char *equals = strchr(assignment[i], '=');
        if (equals)
            set(y, all, (sv){assignment[i], (size_t)(equals - assignment[i])}, sv_from(equals + 1), mem, wrong);
        else
            problem_add(wrong, SV_LIT("--option"), 0, 0, "an option is written as NAME=VALUE, not \"%s\"",
                        assignment[i]);
    }
    y->option = all;
    return y;
}

/* ---- for normalize ---- */

/* Texts of an arena and of the command line end in NUL. */
static const char *text_or_null(const profile *x, const char *name)
{
    sv s = profile_option_text(x, name);
    return s.n ? s.p : NULL;
}

norm_options profile_norm_options(const profile *x, int32_t today)
{
    sv order = profile_option_text(x, "date_order"), mark = profile_option_text(x, "decimal_mark");
    return (norm_options){.country = text_or_null(x, "country"),
                          .order = sv_eq(order, SV_LIT("mdy"))   ? ORDER_MONTH_FIRST
                                   : sv_eq(order, SV_LIT("dmy")) ? ORDER_DAY_FIRST
                                                                 : ORDER_UNKNOWN,
                          .today = today,
                          .currency = text_or_null(x, "currency"),
                          .language = text_or_null(x, "language"),
                          .decimal_mark = sv_eq(mark, SV_LIT("point"))   ? '.'
                                          : sv_eq(mark, SV_LIT("comma")) ? ','
                                                                         : '\0',
                          .numbering = text_or_null(x, "numbering"),
                          .time_zone = text_or_null(x, "time_zone"),
                          .code_system = text_or_null(x, "code_system"),
                          .dental_specialties = sv_eq(profile_option_text(x, "specialties"), SV_LIT("dental"))};
}
