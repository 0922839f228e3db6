/* One part of a name. Its case is only changed when the whole column is in capitals: a practice that writes both knows
 * why. */
#include "normalize/people/name.h"
#include "normalize/letters.h"

bool names_are_turkish(const norm_options *o)
{
    const char *say = o->language ? o->language : o->country ? o->country : "";
    return sv_eq_nocase(sv_from(say), SV_LIT("tr"));
}

const char *suffix_of(sv token)
{
    static const struct {
        const char *canonical, *words;
    } suffix[] = {
        {"Jr", "jr|junior"}, {"Sr", "sr|senior"}, {"II", "ii|2nd"},
        {"III", "iii|3rd"},  {"IV", "iv|4th"},    {"V", "v|5th"},
    };
    folded x;
    if (!text_fold(token, &x)) return NULL;
    for (size_t i = 0; i < sizeof suffix / sizeof suffix[0]; i++)
        if (folded_is_one_of(&x, suffix[i].words)) return suffix[i].canonical;
    return NULL;
}

bool name_is_particle(sv word)
{
    return text_is_one_of(word, "de|del|della|di|da|dos|das|du|la|las|los|van|von|der|den|ter|ten|zu|zur|bin|ibn");
}

/* ---- case ---- */

static bool is_letter(uint32_t c)
{
    return letter_is_small(c) || letter_is_capital(c) || c == 0x131 ||
           (c >= 0xAA && c != 0xD7 && c != 0xF7 && c > 0xBF);
}

static bool is_apostrophe(uint32_t c) { return c == '\'' || c == 0x2019 || c == '`' || c == 0xB4; }

/* Letters that follow without a break; a lone letter behind an apostrophe (JOHN'S) is small. */
static size_t letters_from(sv s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        i += letter_at((sv){s.p + i, s.n - i}, &c);
        if (!is_letter(c)) break;
        n++;
    }
    return n;
}

/* A word without blanks: a capital at its start and behind anything that is no letter, and the third letter of Mc. */
static void add_word(buf *out, sv word, bool turkish)
{
    size_t place = 0;
    bool mc = false, after_apostrophe = false;
    for (size_t i = 0; i < word.n;) {
        uint32_t c;
        sv rest = {word.p + i, word.n - i};
        size_t n = letter_at(rest, &c);
        i += n;
        if (!is_letter(c)) {
            letter_add(out, c);
            after_apostrophe = is_apostrophe(c) && place > 0;
            place = 0;
            continue;
        }
        if (place == 0) mc = letters_from(rest) >= 4 && sv_starts(rest, SV_LIT("MC"));
        bool capital = (place == 0 && !(after_apostrophe && letters_from(rest) == 1)) || (mc && place == 2);
        letter_add(out, capital ? c : letter_small(c, turkish));
        after_apostrophe = false;
        place++;
    }
}

static bool next_word(sv *rest, sv *word)
{
    *rest = text_trim(*rest);
    size_t n = 0;
    while (n < rest->n && text_trim((sv){rest->p + n, 1}).n) n++;
    *word = (sv){rest->p, n};
    *rest = (sv){rest->p + n, rest->n - n};
    return n > 0;
}

/* Two letters without a vowel (TJ, JD) are initials in a given name. */
static bool is_initials(sv word)
{
    if (word.n != 2) return false;
    for (size_t i = 0; i < 2; i++)
        if (word.p[i] < 'A' || word.p[i] > 'Z' || memchr("AEIOUY", word.p[i], 6)) return false;
    return true;
}

static bool add_fixed(buf *out, sv word, name_place place, bool first, sv rest)
{
    sv bare = word;
    while (bare.n && (bare.p[bare.n - 1] == ',' || bare.p[bare.n - 1] == '.')) bare.n--;
    bool name_too = true;
    const char *suffix = !first ? suffix_of(bare) : NULL, *credential = NULL;
    if (place == NAME_WHOLE && !first) credential = credential_of(bare, &name_too);
    if (suffix && bare.n > 1) {
        buf_str(out, suffix);
    } else if (credential && (!name_too || rest.n == 0)) {
        buf_str(out, credential);
    } else {
        return false;
    }
    buf_add(out, bare.p + bare.n, word.n - bare.n);
    return true;
}

static bool is_lower_particle(sv word, name_place place, bool first, sv rest)
{
    bool may = place == NAME_LAST || (place == NAME_WHOLE && !first);
    return may && text_trim(rest).n > 0 && name_is_particle(word);
}

void name_add_cased(buf *out, sv capitals, name_place place, bool turkish)
{
    sv rest = capitals, word;
    bool first = true, last_part = place == NAME_WHOLE && sv_find(capitals, ',');
    while (next_word(&rest, &word)) {
        name_place here = last_part ? NAME_LAST : place;
        if (!first) buf_char(out, ' ');
        if (add_fixed(out, word, place, first, rest)) {
        } else if (is_lower_particle(word, here, first, rest)) {
            for (size_t i = 0; i < word.n; i++)
                buf_char(out, word.p[i] >= 'A' && word.p[i] <= 'Z' ? (char)(word.p[i] + 32) : word.p[i]);
        } else if (place == NAME_GIVEN && is_initials(word)) {
            buf_sv(out, word);
        } else {
            add_word(out, word, turkish);
        }
        if (sv_find(word, ',')) last_part = false;
        first = false;
    }
}

/* ---- a column ---- */

typedef struct letters {
    size_t capital, small;
} letters;

static letters count_letters(sv s)
{
    letters n = {0, 0};
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        i += letter_at((sv){s.p + i, s.n - i}, &c);
        n.capital += letter_is_capital(c);
        n.small += letter_is_small(c);
    }
    return n;
}

/* A single letter is an initial and proves nothing. */
void survey_name(norm_survey *s, const norm_column *c, sv in)
{
    letters n = count_letters(in);
    (void)c;
    if (n.small)
        s->mixed_case++;
    else if (n.capital > 1)
        s->capitals++;
}

static bool is_in_capitals(const norm_column *c, sv in)
{
    letters n = count_letters(in);
    if (n.small || n.capital == 0) return false;
    return c->survey && c->survey->capitals > 0 && c->survey->mixed_case == 0;
}

static norm_form add_name(const norm_column *c, sv in, name_place place, buf *out)
{
    sv rest = in, word;
    size_t start = out->n;
    if (is_in_capitals(c, in)) {
        name_add_cased(out, in, place, names_are_turkish(c->options));
        return out->n > start ? FORM_GOOD : FORM_EMPTY;
    }
    while (next_word(&rest, &word)) {
        if (out->n > start) buf_char(out, ' ');
        buf_sv(out, word);
    }
    return out->n > start ? FORM_GOOD : FORM_EMPTY;
}

norm_form normalize_name(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    (void)r;
    return add_name(c, in, strcmp(c->field->name, "last") == 0 ? NAME_LAST : NAME_GIVEN, out);
}

norm_form normalize_full_name(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    (void)r;
    return add_name(c, in, NAME_WHOLE, out);
}

/* What is no suffix is kept as it is. */
norm_form normalize_suffix(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    const char *known = suffix_of(in);
    if (!known) return normalize_line(c, in, out, r);
    buf_str(out, known);
    return FORM_GOOD;
}
