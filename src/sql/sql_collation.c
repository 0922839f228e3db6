#include "sql/sql_collation.h"
#include "base/utf.h"
#include "sql/sql_exact.h"
#include "sql/sql_fold_table.h"

/* Bits of a collation id (formats/sqltype/FORMAT-collation.md). */
enum {
    ID_LOCALE = 0x7F,
    ID_BIN2 = 0x800,
    ID_IGNORE_CASE = 0x1000,
    ID_IGNORE_ACCENT = 0x2000,
    ID_BIN = 0x10000,
    ID_SORT_SHIFT = 24,
    LOCALE_TURKISH = 0x1A,
    LOCALE_AZERI_LATIN = 0x63
};

unsigned collation_rules(uint32_t id)
{
    unsigned sort = id >> ID_SORT_SHIFT, locale = id & ID_LOCALE;
    if (id == 0) return COLLATE_ACCENT;
    if ((id & (ID_BIN | ID_BIN2)) || sort == 30 || sort == 40) return COLLATE_BINARY;
    bool turkish = sort ? sort == 129 || sort == 130 : locale == LOCALE_TURKISH || locale == LOCALE_AZERI_LATIN;
    return (id & ID_IGNORE_CASE ? 0U : COLLATE_CASE) | (id & ID_IGNORE_ACCENT ? 0U : COLLATE_ACCENT) |
           (turkish ? COLLATE_TURKISH : 0U);
}

static const char *const names[] = {"ci_ai",    "cs_ai",    "ci_as",    "cs_as", "tr_ci_ai",
                                    "tr_cs_ai", "tr_ci_as", "tr_cs_as", "bin"};

const char *collation_name(unsigned rules) { return names[rules > COLLATE_BINARY ? COLLATE_BINARY : rules]; }

/* ---- letters ---- */

/* What one character counts in a comparison: first letters are compared over the whole text, then marks, then case. */
typedef struct unit {
    uint32_t letter;
    uint16_t mark; /* 0: none */
    bool capital;
} unit;

/* Reads a text as units; a character may give two (ss for the German sharp s). */
typedef struct units {
    sv rest;
    unsigned rules;
    unit second;
    bool has_second;
} units;

/* Signs, then digits, then letters, as SQL Server sorts them. */
enum { CLASS_SIGN = 0, CLASS_DIGIT = 1 << 24, CLASS_LETTER = 2 << 24 };

static uint16_t folded(uint32_t c, bool marks)
{
    if (c >= 0xA0 && c < 0x250) return marks ? LOWER_00A0[c - 0xA0] : BASE_00A0[c - 0xA0];
    if (c >= 0x370 && c < 0x530) return marks ? LOWER_0370[c - 0x370] : BASE_0370[c - 0x370];
    if (c >= 0x1E00 && c < 0x2000) return marks ? LOWER_1E00[c - 0x1E00] : BASE_1E00[c - 0x1E00];
    return 0;
}

static unit unit_of_ascii(uint32_t c, unsigned rules)
{
    if (c >= 'a' && c <= 'z') return (unit){CLASS_LETTER | c << 8, 0, false};
    if (c >= '0' && c <= '9') return (unit){CLASS_DIGIT | c, 0, false};
    if (c < 'A' || c > 'Z') return (unit){CLASS_SIGN | c, 0, false};
    /* Between h and i: the dotless letter. */
    if (c == 'I' && (rules & COLLATE_TURKISH)) return (unit){(CLASS_LETTER | (uint32_t)'i' << 8) - 1, 0, true};
    return (unit){CLASS_LETTER | (c + 32) << 8, 0, true};
}

static unit unit_of(uint32_t c, unsigned rules)
{
    if (c < 0x80) return unit_of_ascii(c, rules);
    if (rules & COLLATE_TURKISH) {
        if (c == 0x131) return (unit){(CLASS_LETTER | (uint32_t)'i' << 8) - 1, 0, false};
        if (c == 0x130) return (unit){CLASS_LETTER | (uint32_t)'i' << 8, 0, true};
    }
    uint16_t small = folded(c, true), base = folded(c, false);
    if (small == 0) return (unit){CLASS_LETTER | c << 8, 0, false};
    if (small == c && base == c && c < 0xC0 && c != 0xB5) return (unit){CLASS_SIGN | c, 0, false};
    if (c == 0x130) return (unit){CLASS_LETTER | (uint32_t)'i' << 8, 0x130, true};
    return (unit){CLASS_LETTER | (uint32_t)base << 8, base == small ? 0 : small, small != c};
}

static bool expansion(uint32_t c, char out[2], bool *capital)
{
    static const struct {
        uint16_t c;
        char two[2];
        bool capital;
    } list[] = {{0xDF, "ss", false},  {0x1E9E, "ss", true}, {0xE6, "ae", false}, {0xC6, "ae", true},
                {0x153, "oe", false}, {0x152, "oe", true},  {0xFE, "th", false}, {0xDE, "th", true}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (list[i].c == c) {
            out[0] = list[i].two[0];
            out[1] = list[i].two[1];
            *capital = list[i].capital;
            return true;
        }
    return false;
}

static uint32_t next_character(sv *s)
{
    size_t n = utf8_valid_at(*s);
    uint32_t c = n ? utf8_code(s->p, n) : 0xFFFD;
    n = n ? n : 1;
    s->p += n;
    s->n -= n;
    return c;
}

static bool next_unit(units *u, unit *out)
{
    if (u->has_second) {
        u->has_second = false;
        *out = u->second;
        return true;
    }
    if (u->rest.n == 0) return false;
    uint32_t c = next_character(&u->rest);
    char two[2];
    bool capital;
    if (c >= 0xC6 && expansion(c, two, &capital)) {
        *out = unit_of_ascii((uint8_t)two[0], 0);
        u->second = unit_of_ascii((uint8_t)two[1], 0);
        out->capital = u->second.capital = capital;
        u->has_second = true;
        return true;
    }
    *out = unit_of(c, u->rules);
    return true;
}

static sv without_end_blanks(sv s)
{
    while (s.n && s.p[s.n - 1] == ' ') s.n--;
    return s;
}

/* Removes what both begin with and which is the same letter for every rule: small ASCII letters and digits. */
static void skip_common(sv *a, sv *b)
{
    while (a->n && b->n && a->p[0] == b->p[0] &&
           ((a->p[0] >= 'a' && a->p[0] <= 'z') || (a->p[0] >= '0' && a->p[0] <= '9'))) {
        a->p++, a->n--;
        b->p++, b->n--;
    }
}

int collation_compare(unsigned rules, sv a, sv b)
{
    if (a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0)) return 0;
    a = without_end_blanks(a);
    b = without_end_blanks(b);
    if (rules & COLLATE_BINARY) return sv_cmp(a, b);
    skip_common(&a, &b);
    units ua = {.rest = a, .rules = rules}, ub = {.rest = b, .rules = rules};
    int mark = 0, capital = 0;
    for (;;) {
        unit x, y;
        bool more_a = next_unit(&ua, &x), more_b = next_unit(&ub, &y);
        if (!more_a || !more_b) {
            if (more_a != more_b) return more_a ? 1 : -1;
            break;
        }
        if (x.letter != y.letter) return x.letter < y.letter ? -1 : 1;
        if (mark == 0) mark = (x.mark > y.mark) - (x.mark < y.mark);
        if (capital == 0) capital = (int)x.capital - (int)y.capital;
    }
    if (mark && (rules & COLLATE_ACCENT)) return mark;
    return rules & COLLATE_CASE ? capital : 0;
}

/* ---- letter case ---- */

static uint32_t small_letter(uint32_t c)
{
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c == 0x130) return c; /* its small letter is two characters */
    uint16_t small = folded(c, true);
    return small ? small : c;
}

/* The first character of its block whose small letter this is: blocks are short, and most letters are ASCII. */
static uint32_t capital_letter(uint32_t c)
{
    static const uint32_t block[][2] = {{0xA0, 0x250}, {0x370, 0x530}, {0x1E00, 0x2000}};
    if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
    if (c == 0xFF) return 0x178;
    for (size_t i = 0; i < sizeof block / sizeof block[0]; i++) {
        if (c < block[i][0] || c >= block[i][1]) continue;
        uint32_t near = c - block[i][0] < 0x50 ? block[i][0] : c - 0x50;
        for (uint32_t upper = near; upper < block[i][1]; upper++)
            if (upper != c && small_letter(upper) == c) return upper;
    }
    return c;
}

void letters_to_case(sv in, bool capital, buf *out)
{
    while (in.n) {
        char bytes[4];
        sv from = in;
        uint32_t c = next_character(&in), to = capital ? capital_letter(c) : small_letter(c);
        if (to == c)
            buf_add(out, from.p, from.n - in.n);
        else
            buf_add(out, bytes, utf8_put(to, bytes));
    }
}

/* Whether the pattern's next item, which is not %, takes the text's next character; both move on. */
static bool like_one(sv *pattern, sv *text, uint32_t escape)
{
    uint32_t p = next_character(pattern), t = next_character(text);
    if (p == escape && escape) {
        if (pattern->n == 0) return false;
        p = next_character(pattern);
    } else if (p == '_')
        return true;
    return small_letter(p) == small_letter(t);
}

static bool begins_with_any(sv pattern, uint32_t escape) { return pattern.n && pattern.p[0] == '%' && escape != '%'; }

bool letters_like(sv pattern, sv text, sv escape_text)
{
    const uint32_t escape = escape_text.n ? next_character(&escape_text) : 0;
    sv again_pattern = {NULL, 0}, again_text = {NULL, 0}; /* behind the last %, and what it has not taken yet */
    for (;;) {
        if (begins_with_any(pattern, escape)) {
            while (begins_with_any(pattern, escape)) pattern.p++, pattern.n--;
            if (pattern.n == 0) return true;
            again_pattern = pattern;
            again_text = text;
        } else if (pattern.n == 0 && text.n == 0)
            return true;
        else if (pattern.n == 0 || text.n == 0 || !like_one(&pattern, &text, escape)) {
            if (!again_pattern.p || again_text.n == 0) return false;
            next_character(&again_text);
            pattern = again_pattern;
            text = again_text;
        }
    }
}

/* ---- hashes ---- */

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

uint64_t bytes_hash(sv s)
{
    uint64_t h = s.n;
    for (; s.n >= 8; s.p += 8, s.n -= 8) {
        uint64_t w;
        memcpy(&w, s.p, 8);
        h = mix(h, w);
    }
    for (; s.n; s.p++, s.n--) h = mix(h, (uint8_t)*s.p);
    return h;
}

uint64_t collation_hash(unsigned rules, sv s)
{
    s = without_end_blanks(s);
    if (rules & COLLATE_BINARY) return bytes_hash(s);
    units u = {.rest = s, .rules = rules};
    uint64_t h = 0;
    unit x;
    while (next_unit(&u, &x)) {
        h = mix(h, x.letter);
        if (rules & COLLATE_ACCENT) h = mix(h, x.mark);
        if (rules & COLLATE_CASE) h = mix(h, x.capital);
    }
    return h;
}

/* ---- SQLite ---- */

static int collate_text(void *rules, int an, const void *a, int bn, const void *b)
{
    return collation_compare((unsigned)(uintptr_t)rules, (sv){a, (size_t)an}, (sv){b, (size_t)bn});
}

static int collate_moment(void *unused, int an, const void *a, int bn, const void *b)
{
    (void)unused;
    return moment_compare((sv){a, (size_t)an}, (sv){b, (size_t)bn});
}

static int collate_guid(void *unused, int an, const void *a, int bn, const void *b)
{
    (void)unused;
    return guid_compare((sv){a, (size_t)an}, (sv){b, (size_t)bn});
}

bool collations_register(sqlite3 *db)
{
    for (uintptr_t rules = 0; rules <= COLLATE_BINARY; rules++)
        if (sqlite3_create_collation(db, names[rules], SQLITE_UTF8, (void *)rules, collate_text) != SQLITE_OK)
            return false;
    return sqlite3_create_collation(db, "decimal", SQLITE_UTF8, NULL, exact_collate) == SQLITE_OK &&
           sqlite3_create_collation(db, "moment", SQLITE_UTF8, NULL, collate_moment) == SQLITE_OK &&
           sqlite3_create_collation(db, "guid", SQLITE_UTF8, NULL, collate_guid) == SQLITE_OK;
}
