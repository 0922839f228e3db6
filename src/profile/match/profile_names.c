#include "profile/profile_names.h"
#include "base/utf.h"

/* ---- letters ---- */

/* The letter without its marks of U+00C0 to U+017F; 0: a sign. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuytsaaaaaaaceeeeiiiidnooooo\0ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
                            "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
enum { LATIN_FIRST = 0xC0, LATIN_LAST = 0x17F };

typedef enum letter_kind { SIGN, SMALL, CAPITAL, DIGIT, OTHER_SCRIPT } letter_kind;

typedef struct letter {
    letter_kind kind;
    size_t bytes; /* of the name */
    char folded;
} letter;

static uint32_t decoded(const uint8_t *u, size_t n)
{
    if (n == 2) return (uint32_t)(u[0] & 0x1F) << 6 | (u[1] & 0x3F);
    if (n == 3) return (uint32_t)(u[0] & 0x0F) << 12 | (uint32_t)(u[1] & 0x3F) << 6 | (u[2] & 0x3F);
    return 0x10000;
}

/* Capitals stand at the even numbers from U+0100 on, but for two stretches where they are odd. */
static bool is_capital(uint32_t c)
{
    if (c < 0x100) return c < 0xDF;
    bool odd = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    return odd ? c % 2 == 1 : c % 2 == 0;
}

static letter letter_at(sv s)
{
    char c = s.p[0];
    if (c >= 'a' && c <= 'z') return (letter){SMALL, 1, c};
    if (c >= 'A' && c <= 'Z') return (letter){CAPITAL, 1, (char)(c + 32)};
    if (c >= '0' && c <= '9') return (letter){DIGIT, 1, c};
    size_t n = utf8_valid_at(s);
    if (n < 2) return (letter){SIGN, 1, 0};
    uint32_t point = decoded((const uint8_t *)s.p, n);
    if (point < LATIN_FIRST) return (letter){SIGN, n, 0};
    if (point > LATIN_LAST) return (letter){OTHER_SCRIPT, n, 0};
    char folded = latin[point - LATIN_FIRST];
    return (letter){!folded ? SIGN : is_capital(point) ? CAPITAL : SMALL, n, folded};
}

/* ---- words ---- */

static bool begins_word(letter_kind before, letter_kind now, letter_kind behind)
{
    if (before == SIGN) return true;
    if ((before == DIGIT) != (now == DIGIT)) return true;
    if (now != CAPITAL) return false;
    return before != CAPITAL || behind == SMALL; /* "PATNum" is PAT and Num */
}

static bool put(name_form *f, sv bytes)
{
    if (f->n + bytes.n > NAME_FOLDED_MAX) return false;
    memcpy(f->folded + f->n, bytes.p, bytes.n);
    f->n = (uint8_t)(f->n + bytes.n);
    return true;
}

static sv word_of(const name_form *f, size_t i)
{
    return (sv){f->folded + f->word[i], (size_t)f->word[i + 1] - f->word[i]};
}

/* Words that stand for each other; a word may be of two groups. */
enum { NUMBER = 1, KEY = 2, PHONE = 4, STREET = 8, DOCTOR = 16, TEXT = 32, DAY = 64 };
static const struct group {
    sv word;
    unsigned groups;
} groups[] = {
    {{"no", 2}, NUMBER},      {{"num", 3}, NUMBER | KEY}, {{"nbr", 3}, NUMBER},  {{"number", 6}, NUMBER},
    {{"code", 4}, NUMBER},    {{"id", 2}, KEY},           {{"key", 3}, KEY},     {{"pk", 2}, KEY},
    {{"tel", 3}, PHONE},      {{"phone", 5}, PHONE},      {{"ph", 2}, PHONE},    {{"addr", 4}, STREET},
    {{"address", 7}, STREET}, {{"street", 6}, STREET},    {{"prov", 4}, DOCTOR}, {{"doctor", 6}, DOCTOR},
    {{"dr", 2}, DOCTOR},      {{"provider", 8}, DOCTOR},  {{"desc", 4}, TEXT},   {{"description", 11}, TEXT},
    {{"dt", 2}, DAY},         {{"date", 4}, DAY},
};
enum { GROUPS = sizeof groups / sizeof groups[0] };

static unsigned groups_of(sv word)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (sv_eq(groups[i].word, word)) return groups[i].groups;
    return 0;
}

/* "patientid" without a capital is two words all the same. */
static void split_last(name_form *f)
{
    enum { STEM_MIN = 3 };
    if (f->words != 1) return;
    sv only = word_of(f, 0);
    size_t best = 0;
    for (size_t i = 0; i < GROUPS; i++) {
        sv w = groups[i].word;
        if (only.n < w.n + STEM_MIN || w.n <= best) continue;
        if (memcmp(only.p + only.n - w.n, w.p, w.n) == 0) best = w.n;
    }
    if (!best) return;
    f->word[2] = f->word[1];
    f->word[1] = (uint8_t)(f->word[1] - best);
    f->words = 2;
}

static bool is_prefix(sv word)
{
    static const sv all[] = {{"tbl", 3}, {"dbo", 3}, {"t", 1}, {"str", 3}, {"int", 3}, {"dt", 2}, {"fld", 3}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (sv_eq(all[i], word)) return true;
    return false;
}

/* A prefix is a word of its own ("tblPatient", "t_patient"), or `tbl` or `fld`, which begin no other word. */
static void find_prefix(name_form *f)
{
    sv whole = {f->folded, f->n}, first = word_of(f, 0);
    if (f->words > 1 && is_prefix(first)) {
        f->prefix = (uint8_t)first.n;
        f->words--;
        memmove(f->word, f->word + 1, (size_t)f->words + 1);
    } else if (whole.n > 5 && (sv_starts(whole, SV_LIT("tbl")) || sv_starts(whole, SV_LIT("fld")))) {
        f->prefix = 3;
        f->word[0] = 3;
    }
}

void name_form_of(sv name, name_form *out)
{
    *out = (name_form){.name = name};
    letter_kind before = SIGN;
    sv rest = name;
    while (rest.n) {
        letter now = letter_at(rest);
        sv bytes = {now.folded ? &now.folded : rest.p, now.folded ? 1 : now.bytes};
        rest = (sv){rest.p + now.bytes, rest.n - now.bytes};
        letter_kind kind = now.kind, behind = rest.n ? letter_at(rest).kind : SIGN;
        if (kind != SIGN) {
            if (begins_word(before, kind, behind)) {
                if (out->words == NAME_WORDS_MAX) break;
                out->word[out->words++] = out->n;
            }
            if (!put(out, bytes)) break;
        }
        before = kind;
    }
    if (rest.n || out->words == 0) { /* too long, or signs alone */
        *out = (name_form){.name = name};
        return;
    }
    out->word[out->words] = out->n;
    find_prefix(out);
    split_last(out);
}

/* ---- fits ---- */

static sv singular(sv word) { return word.n > 3 && word.p[word.n - 1] == 's' ? (sv){word.p, word.n - 1} : word; }

static bool same_word(sv a, sv b)
{
    unsigned group_a = groups_of(a) | groups_of(singular(a)), group_b = groups_of(b) | groups_of(singular(b));
    return sv_eq(a, b) || sv_eq(singular(a), singular(b)) || (group_a & group_b);
}

static bool same_words(const name_form *a, const name_form *b)
{
    if (a->words != b->words || a->words == 0) return false;
    for (size_t i = 0; i < a->words; i++)
        if (!same_word(word_of(a, i), word_of(b, i))) return false;
    return true;
}

static sv without_prefix(const name_form *f) { return (sv){f->folded + f->prefix, (size_t)f->n - f->prefix}; }

name_fit name_fits(const name_form *a, const name_form *b)
{
    if (sv_eq_nocase(a->name, b->name)) return NAME_FITS_EXACTLY;
    if (!a->n || !b->n) return NAME_FITS_NOT;
    if (sv_eq((sv){a->folded, a->n}, (sv){b->folded, b->n})) return NAME_FITS_FOLDED;
    if (sv_eq(without_prefix(a), without_prefix(b))) return NAME_FITS_WITHOUT_PREFIX;
    return same_words(a, b) ? NAME_FITS_BY_WORDS : NAME_FITS_NOT;
}
