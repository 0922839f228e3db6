/* The form of a label: what people write around a number or letter, and the notations that carry their quadrant. */
#include "tooth/tooth_label.h"
#include "base/ascii.h"
#include "base/utf.h"

/* ---- folding ---- */

static const struct {
    const char *from;
    char to;
} folds[] = {
    {"\xc2\xa0", ' '},
    {"\xe2\x80\x93", '-'},
    {"\xe2\x80\x91", '-'},
    {"\xe2\x88\x92", '-'},
    {"\xc5\x9f", 'S'},
    {"\xc5\x9e", 'S'},
    {"\xc4\x9f", 'G'},
    {"\xc4\x9e", 'G'},
    {"\xc3\xbc", 'U'},
    {"\xc3\x9c", 'U'},
    {"\xc3\xb6", 'O'},
    {"\xc3\x96", 'O'},
    {"\xc3\xa7", 'C'},
    {"\xc3\x87", 'C'},
    {"\xc4\xb1", 'I'},
    {"\xc4\xb0", 'I'},
    /* Dentistry symbols U+23CC U+23BF U+23BE U+23CB, and the box-drawing corners that look like them. */
    {"\xe2\x8f\x8c", PALMER_UR},
    {"\xe2\x8e\xbf", PALMER_UL},
    {"\xe2\x8e\xbe", PALMER_LL},
    {"\xe2\x8f\x8b", PALMER_LR},
    {"\xe2\x94\x98", PALMER_UR},
    {"\xe2\x94\x94", PALMER_UL},
    {"\xe2\x94\x8c", PALMER_LL},
    {"\xe2\x94\x90", PALMER_LR},
};

static int folded_char(sv rest, size_t *used)
{
    unsigned char c = (unsigned char)rest.p[0];
    *used = 1;
    if (c >= 'a' && c <= 'z') return c - 'a' + 'A';
    if (c == '\t') return ' ';
    if (c < 0x80) return c < ' ' || c == 0x7f ? -1 : c;
    for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++)
        if (sv_starts(rest, sv_from(folds[i].from))) {
            *used = strlen(folds[i].from);
            return folds[i].to;
        }
    return -1;
}

bool fold_text(sv text, folded *out)
{
    out->n = 0;
    for (size_t i = 0; i < text.n;) {
        size_t used;
        int c = folded_char((sv){text.p + i, text.n - i}, &used);
        i += used;
        if (c == ' ' && out->n == 0) continue;
        if (c < 0 || out->n == FOLDED_MAX) return c == ' '; /* blanks behind a text of full length */
        out->p[out->n++] = (char)c;
    }
    while (out->n && out->p[out->n - 1] == ' ') out->n--;
    return true;
}

/* ---- parts ---- */

static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
static sv from(sv s, size_t at) { return (sv){s.p + at, s.n - at}; }

static sv skip(sv s, const char *set)
{
    while (s.n && s.p[0] && strchr(set, s.p[0])) s = from(s, 1);
    return s;
}

/* Words that may stand before a number, none of which begins a label. */
static sv without_words(sv s)
{
    static const char *const words[] = {"TOOTH", "NUMBER", "NUMARA", "NUM", "DIS", "NO", "NR"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        sv word = sv_from(words[i]);
        if (!sv_starts(s, word) || s.n == word.n || is_capital(s.p[word.n])) continue;
        sv rest = from(s, word.n);
        /* A dash that touches the word joins it with the number; one after a blank would be a sign. */
        rest = rest.n > 1 && rest.p[0] == '-' ? from(rest, 1) : skip(rest, " .:");
        s = rest;
        i = (size_t)-1; /* "Tooth No. 6": from the beginning */
    }
    if (s.n > 2 && s.p[0] == 'T' && s.p[1] == '-' && is_digit(s.p[2])) s = from(s, 2);
    if (s.n && s.p[0] == '#') s = skip(from(s, 1), " ");
    return s;
}

/* The two halves of a quadrant's name, in either order: "UPPER RIGHT", "SAG UST", "UR". */
static const struct half {
    const char *word;
    enum { UPPER, LOWER, RIGHT, LEFT } side;
} halves[] = {{"UPPER", UPPER}, {"MAXILLARY", UPPER}, {"UST", UPPER}, {"LOWER", LOWER}, {"MANDIBULAR", LOWER},
              {"ALT", LOWER},   {"RIGHT", RIGHT},     {"SAG", RIGHT}, {"LEFT", LEFT},   {"SOL", LEFT}};

static const struct half *half_at(sv s)
{
    for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++)
        if (sv_starts(s, sv_from(halves[i].word))) return &halves[i];
    return NULL;
}

static unsigned quadrant_of(bool upper, bool right) { return upper ? (right ? 1 : 2) : right ? 4 : 3; }

unsigned quadrant_prefix(sv s, size_t *used)
{
    const struct half *a = half_at(s);
    if (a) {
        sv rest = skip(from(s, strlen(a->word)), " -");
        const struct half *b = half_at(rest);
        if (!b || (a->side <= LOWER) == (b->side <= LOWER)) return 0;
        *used = s.n - rest.n + strlen(b->word);
        if (*used < s.n && is_capital(s.p[*used]) && *used + 1 < s.n && is_capital(s.p[*used + 1])) return 0;
        return quadrant_of(a->side == UPPER || b->side == UPPER, a->side == RIGHT || b->side == RIGHT);
    }
    *used = 2;
    if (s.n < 2 || (s.p[0] != 'U' && s.p[0] != 'L') || (s.p[1] != 'R' && s.p[1] != 'L')) return 0;
    return quadrant_of(s.p[0] == 'U', s.p[1] == 'R');
}

/* A position in a quadrant: 1-8, or A-E of a primary tooth. */
static bool put_tooth(unsigned quadrant, char position, bool more, tooth_label *out, label_kind kind)
{
    bool primary = position >= 'A' && position <= 'E';
    unsigned at = primary ? (unsigned)(position - 'A') + 1 : is_digit(position) ? (unsigned)(position - '0') : 0;
    unsigned q = quadrant + (primary ? 4 : 0);
    if (!tooth_exists(q, at)) return false;
    *out = (tooth_label){.kind = kind, .tooth = {(uint8_t)(q * 10 + at), more}};
    return true;
}

static bool palmer(sv s, tooth_label *out)
{
    size_t used = 0;
    unsigned quadrant = quadrant_prefix(s, &used);
    if (!quadrant) return false;
    sv rest = skip(from(s, used), " -");
    bool more = rest.n == 2 && rest.p[1] == 'S';
    return (rest.n == 1 || more) && put_tooth(quadrant, rest.p[0], more, out, LABEL_PALMER);
}

/* Palmer's sign shows the midline: it stands behind a tooth of the right side, before one of the left. */
static bool palmer_sign(sv s, tooth_label *out)
{
    if (s.n < 2) return false;
    char first = s.p[0], last = s.p[s.n - 1];
    if (first == PALMER_UL || first == PALMER_LL) {
        sv rest = skip(from(s, 1), " ");
        return rest.n == 1 && put_tooth((unsigned)first, rest.p[0], false, out, LABEL_PALMER);
    }
    if (last != PALMER_UR && last != PALMER_LR) return false;
    bool one = s.n == 2 || (s.n == 3 && s.p[1] == ' ');
    return one && put_tooth((unsigned)last, first, false, out, LABEL_PALMER);
}

static bool haderup_position(sv s, unsigned quadrant, bool more, tooth_label *out, label_kind kind)
{
    if (s.n == 2 && s.p[0] == '0' && s.p[1] >= '1' && s.p[1] <= '5')
        return put_tooth(quadrant, (char)(s.p[1] - '1' + 'A'), more, out, kind);
    return s.n == 1 && put_tooth(quadrant, s.p[0], more, out, kind);
}

static bool haderup(sv s, tooth_label *out)
{
    bool more = s.n > 1 && s.p[s.n - 1] == 'S';
    if (more) s.n--;
    if (s.n < 2) return false;
    char first = s.p[0], last = s.p[s.n - 1];
    sv behind = from(s, 1), before = {s.p, s.n - 1};
    if (last == '+') return haderup_position(before, 1, more, out, LABEL_HADERUP);
    if (last == '-') return haderup_position(before, 4, more, out, LABEL_HADERUP);
    if (first == '+') return haderup_position(behind, 2, more, out, LABEL_HADERUP);
    return first == '-' && haderup_position(behind, 3, more, out, LABEL_HADERUP_MINUS);
}

static bool fdi_forms(sv s, tooth_label *out)
{
    bool parts = s.n == 3 && is_digit(s.p[0]) && is_digit(s.p[2]) && (s.p[1] == '.' || s.p[1] == '-');
    bool more = s.n == 3 && is_digit(s.p[0]) && is_digit(s.p[1]) && s.p[2] == 'S';
    if (!parts && !more) return false;
    unsigned quadrant = (unsigned)(s.p[0] - '0'), position = (unsigned)(s.p[parts ? 2 : 1] - '0');
    if (!tooth_exists(quadrant, position)) return false;
    *out = (tooth_label){.kind = more            ? LABEL_FDI_MORE
                                 : s.p[1] == '.' ? LABEL_FDI_PARTS
                                                 : LABEL_FDI_DASH,
                         .tooth = {(uint8_t)(quadrant * 10 + position), more}};
    return true;
}

/* 6, 06, 6.0; no sign. */
static bool number(sv s, tooth_label *out)
{
    size_t digits = 0;
    unsigned n = 0;
    for (; digits < s.n && digits < 3 && is_digit(s.p[digits]); digits++) n = n * 10 + (unsigned)(s.p[digits] - '0');
    if (digits == 0 || n > 99) return false;
    if (digits < s.n) {
        if (s.p[digits] != '.' || digits + 1 == s.n) return false;
        for (size_t i = digits + 1; i < s.n; i++)
            if (s.p[i] != '0') return false;
    }
    *out = (tooth_label){.kind = LABEL_NUMBER, .number = n};
    return true;
}

static bool letter(sv s, tooth_label *out)
{
    bool more = s.n == 2 && s.p[1] == 'S';
    if ((s.n != 1 && !more) || s.p[0] < 'A' || s.p[0] > 'T') return false;
    *out = (tooth_label){.kind = LABEL_LETTER, .number = (unsigned)(s.p[0] - 'A'), .supernumerary = more};
    return true;
}

tooth_label label_of(sv text)
{
    tooth_label out = {.kind = LABEL_NOTHING};
    folded f;
    if (!fold_text(text, &f) || f.n == 0) return out;
    sv s = without_words((sv){f.p, f.n});
    if (number(s, &out) || fdi_forms(s, &out) || letter(s, &out) || haderup(s, &out) || palmer(s, &out) ||
        palmer_sign(s, &out))
        return out;
    return (tooth_label){.kind = LABEL_NOTHING};
}

unsigned quadrant_named(sv name)
{
    folded f;
    if (!fold_text(name, &f) || f.n == 0) return 0;
    sv s = {f.p, f.n};
    size_t used = 0;
    unsigned q = quadrant_prefix(s, &used);
    if (q) return used == s.n ? q : 0;
    if (s.p[0] == 'Q') s = skip(from(s, 1), " ");
    if (s.n == 1 && s.p[0] >= '1' && s.p[0] <= '8') return (unsigned)(s.p[0] - '0');
    /* ADA area codes: 10 upper right, 20 upper left, 30 lower left, 40 lower right. */
    if (f.p[0] != 'Q' && s.n == 2 && s.p[1] == '0' && s.p[0] >= '1' && s.p[0] <= '4') return (unsigned)(s.p[0] - '0');
    return 0;
}
