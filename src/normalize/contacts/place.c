/* States, postal codes, countries. A code alone says little: what several of them say together is record_place. */
#include "normalize/contacts/place.h"
#include "base/ascii.h"
#include "normalize/contacts/country_table.h"
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

/* ---- states of the USA and provinces of Canada ---- */

/* USPS Publication 28, appendix B, with the older abbreviations people still write; folded. */
static const struct {
    const char code[3];
    const char *names;
} state[] = {
    {"AL", "alabama|ala"},
    {"AK", "alaska|alas"},
    {"AZ", "arizona|ariz"},
    {"AR", "arkansas|ark"},
    {"CA", "california|calif|cal"},
    {"CO", "colorado|colo"},
    {"CT", "connecticut|conn"},
    {"DE", "delaware|del"},
    {"DC", "district of columbia|d c|washington dc|washington d c"},
    {"FL", "florida|fla"},
    {"GA", "georgia"},
    {"HI", "hawaii"},
    {"ID", "idaho"},
    {"IL", "illinois|ill"},
    {"IN", "indiana|ind"},
    {"IA", "iowa"},
    {"KS", "kansas|kans|kan"},
    {"KY", "kentucky"},
    {"LA", "louisiana"},
    {"ME", "maine"},
    {"MD", "maryland"},
    {"MA", "massachusetts|mass"},
    {"MI", "michigan|mich"},
    {"MN", "minnesota|minn"},
    {"MS", "mississippi|miss"},
    {"MO", "missouri"},
    {"MT", "montana|mont"},
    {"NE", "nebraska|nebr|neb"},
    {"NV", "nevada|nev"},
    {"NH", "new hampshire|n h"},
    {"NJ", "new jersey|n j"},
    {"NM", "new mexico|n mex|n m"},
    {"NY", "new york|n y"},
    {"NC", "north carolina|n c|n carolina"},
    {"ND", "north dakota|n d|n dak|n dakota"},
    {"OH", "ohio"},
    {"OK", "oklahoma|okla"},
    {"OR", "oregon|ore|oreg"},
    {"PA", "pennsylvania|penn|penna"},
    {"RI", "rhode island|r i"},
    {"SC", "south carolina|s c|s carolina"},
    {"SD", "south dakota|s d|s dak|s dakota"},
    {"TN", "tennessee|tenn"},
    {"TX", "texas|tex"},
    {"UT", "utah"},
    {"VT", "vermont"},
    {"VA", "virginia|virg"},
    {"WA", "washington|wash|washington state"},
    {"WV", "west virginia|w va|w v|w virginia"},
    {"WI", "wisconsin|wis|wisc"},
    {"WY", "wyoming|wyo"},
    {"PR", "puerto rico"},
    {"VI", "virgin islands|us virgin islands"},
    {"GU", "guam"},
    {"AS", "american samoa"},
    {"MP", "northern mariana islands"},
    {"AA", "armed forces americas"},
    {"AE", "armed forces europe"},
    {"AP", "armed forces pacific"},
    {"FM", "federated states of micronesia"},
    {"MH", "marshall islands"},
    {"PW", "palau"},
    /* Canada Post */
    {"AB", "alberta"},
    {"BC", "british columbia|b c"},
    {"MB", "manitoba"},
    {"NB", "new brunswick"},
    {"NL", "newfoundland and labrador|newfoundland"},
    {"NS", "nova scotia"},
    {"NT", "northwest territories"},
    {"NU", "nunavut"},
    {"ON", "ontario|ont"},
    {"PE", "prince edward island"},
    {"QC", "quebec|que"},
    {"SK", "saskatchewan|sask"},
    {"YT", "yukon|yukon territory"},
};
enum { STATES = sizeof state / sizeof state[0], STATES_OF_USA = STATES - 13 };

/* The names that have small words within stand with them. */
bool us_state_name(sv text, buf *out)
{
    folded f;
    if (!text_fold(text, &f)) return false;
    for (size_t i = 0; i < sizeof state / sizeof state[0]; i++) {
        const char code[4] = {(char)(state[i].code[0] | 32), (char)(state[i].code[1] | 32), 0, 0};
        if (!folded_is_one_of(&f, state[i].names) && !folded_is_one_of(&f, code)) continue;
        sv name = {state[i].names, strcspn(state[i].names, "|")};
        bool begins = true;
        for (size_t k = 0; k < name.n; k++) {
            bool small = sv_starts((sv){name.p + k, name.n - k}, SV_LIT("of ")) ||
                         sv_starts((sv){name.p + k, name.n - k}, SV_LIT("and "));
            buf_char(out, begins && !small ? (char)(name.p[k] & ~32) : name.p[k]);
            begins = name.p[k] == ' ';
        }
        return true;
    }
    return false;
}

static const char *state_code(sv text)
{
    folded x;
    if (text.n && text.p[text.n - 1] == '.') text.n--;
    for (size_t i = 0; i < STATES; i++)
        if (sv_eq_nocase(text, sv_from(state[i].code))) return state[i].code;
    if (!text_fold(text, &x)) return NULL;
    for (size_t i = 0; i < STATES; i++)
        if (folded_is_one_of(&x, state[i].names)) return state[i].code;
    return NULL;
}

static bool is_us(sv country) { return sv_eq_nocase(country, SV_LIT("US")); }
static bool is_turkey(sv country) { return sv_eq_nocase(country, SV_LIT("TR")); }

norm_form normalize_state(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    if (!is_us(sv_from(c->options->country))) return normalize_line(c, in, out, r);
    const char *code = state_code(in);
    if (!code) {
        norm_remark(r, F_NRM_STATE_UNKNOWN, c->field);
        return FORM_WRONG;
    }
    buf_str(out, code);
    return FORM_GOOD;
}

/* ---- postal codes ---- */

enum { CODE_MAX = 12 };

/* Letters as capitals, without blanks and hyphens; 0 when anything else is there, or too much. */
static size_t squeeze(sv s, char out[CODE_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ' ' || c == '-') continue;
        if (c >= 'a' && c <= 'z') c = (char)(c - 32);
        if (n == CODE_MAX || !(is_digit(c) || (c >= 'A' && c <= 'Z'))) return 0;
        out[n++] = c;
    }
    return n;
}

/* Figures as 0, letters as A: "A0A0A0". */
static bool has_shape(const char *code, size_t n, const char *shape)
{
    bool same = n == strlen(shape);
    for (size_t i = 0; i < n && same; i++) same = is_digit(code[i]) == (shape[i] == '0');
    return same;
}

static bool add_us_code(sv in, buf *out)
{
    char c[CODE_MAX] = {0};
    size_t n = squeeze(in, c);
    /* 98579-1234 may lose its hyphen, not gain one elsewhere */
    const char *hyphen = sv_find(in, '-');
    if (hyphen && hyphen - in.p != 5) return false;
    if (!has_shape(c, n, "00000") && !has_shape(c, n, "000000000")) return false;
    if (memcmp(c, "00000", 5) == 0) return false;
    buf_add(out, c, 5);
    if (n == 9 && memcmp(c + 5, "0000", 4) != 0) {
        buf_char(out, '-');
        buf_add(out, c + 5, 4);
    }
    return true;
}

static bool add_canadian_code(sv in, buf *out)
{
    char c[CODE_MAX] = {0};
    size_t n = squeeze(in, c);
    if (!has_shape(c, n, "A0A0A0")) return false;
    buf_add(out, c, 3);
    buf_char(out, ' ');
    buf_add(out, c + 3, 3);
    return true;
}

/* Five figures, the first two a province's number. */
static bool add_turkish_code(sv in, buf *out)
{
    char c[CODE_MAX] = {0};
    size_t n = squeeze(in, c);
    if (!has_shape(c, n, "00000")) return false;
    int province = (c[0] - '0') * 10 + c[1] - '0';
    if (province < 1 || province > 81) return false;
    buf_add(out, c, 5);
    return true;
}

static bool add_code_of(const norm_column *c, sv country, sv in, buf *out)
{
    if (is_us(country)) return add_us_code(in, out) || add_canadian_code(in, out);
    if (is_turkey(country)) return add_turkish_code(in, out);
    if (sv_eq_nocase(country, SV_LIT("CA"))) return add_canadian_code(in, out);
    return normalize_line(c, in, out, NULL) == FORM_GOOD;
}

norm_form normalize_postal_code(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    if (add_code_of(c, sv_from(c->options->country), in, out)) return FORM_GOOD;
    norm_remark(r, F_NRM_POSTAL_CODE_WRONG, c->field);
    return FORM_WRONG;
}

/* ---- countries ---- */

norm_form normalize_country(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    folded x;
    bool known = text_fold(in, &x);
    for (size_t i = 0; i < sizeof iso_country / sizeof iso_country[0]; i++) {
        if (!sv_eq_nocase(in, sv_from(iso_country[i].code)) && !(known && folded_is_one_of(&x, iso_country[i].names)))
            continue;
        buf_str(out, iso_country[i].code);
        return FORM_GOOD;
    }
    return normalize_line(c, in, out, r);
}

/* ---- the record ---- */

/* First three figures of ZIP codes by state (USPS Publication 65 and DMM L002). */
static const struct {
    uint16_t first, last;
    const char *states;
} zip[] = {
    {5, 5, "NY"},
    {6, 7, "PR"},
    {8, 8, "VI"},
    {9, 9, "PR"},
    {10, 27, "MA"},
    {28, 29, "RI"},
    {30, 38, "NH"},
    {39, 49, "ME"},
    {50, 54, "VT"},
    {55, 55, "MA"},
    {56, 59, "VT"},
    {60, 62, "CT"},
    {63, 63, "CT NY"},
    {64, 69, "CT"},
    {70, 89, "NJ"},
    {90, 98, "AE"},
    {100, 149, "NY"},
    {150, 196, "PA"},
    {197, 199, "DE"},
    {200, 200, "DC"},
    {201, 201, "VA"},
    {202, 205, "DC"},
    {206, 219, "MD"},
    {220, 246, "VA"},
    {247, 268, "WV"},
    {270, 289, "NC"},
    {290, 299, "SC"},
    {300, 319, "GA"},
    {320, 339, "FL"},
    {340, 340, "AA"},
    {341, 349, "FL"},
    {350, 369, "AL"},
    {370, 385, "TN"},
    {386, 397, "MS"},
    {398, 399, "GA"},
    {400, 427, "KY"},
    {430, 459, "OH"},
    {460, 479, "IN"},
    {480, 499, "MI"},
    {500, 528, "IA"},
    {530, 549, "WI"},
    {550, 567, "MN"},
    {569, 569, "DC"},
    {570, 577, "SD"},
    {580, 588, "ND"},
    {590, 599, "MT"},
    {600, 629, "IL"},
    {630, 658, "MO"},
    {660, 679, "KS"},
    {680, 693, "NE"},
    {700, 714, "LA"},
    {716, 729, "AR"},
    {730, 732, "OK"},
    {733, 733, "TX"},
    {734, 749, "OK"},
    {750, 799, "TX"},
    {800, 816, "CO"},
    {820, 831, "WY"},
    {832, 833, "ID"},
    {834, 834, "ID WY"},
    {835, 838, "ID"},
    {840, 847, "UT"},
    {850, 865, "AZ"},
    {870, 884, "NM"},
    {885, 885, "TX"},
    {889, 898, "NV"},
    {900, 961, "CA"},
    {962, 966, "AP"},
    {967, 967, "HI AS"},
    {968, 968, "HI"},
    {969, 969, "GU MP PW FM MH"},
    {970, 979, "OR"},
    {980, 994, "WA"},
    {995, 999, "AK"},
};

/* True when the code belongs to the state; a beginning that nobody has belongs to none. */
static bool zip_is_in(sv code, sv of_state)
{
    unsigned three = (unsigned)(code.p[0] - '0') * 100 + (unsigned)(code.p[1] - '0') * 10 + (unsigned)(code.p[2] - '0');
    for (size_t i = 0; i < sizeof zip / sizeof zip[0]; i++) {
        if (three < zip[i].first || three > zip[i].last) continue;
        for (const char *p = zip[i].states; *p; p += 2 + (p[2] == ' '))
            if (sv_eq((sv){p, 2}, of_state)) return true;
    }
    return false;
}

static bool is_state_of_usa(sv code)
{
    for (size_t i = 0; i < STATES_OF_USA; i++)
        if (sv_eq(code, sv_from(state[i].code))) return true;
    return false;
}

/* Four figures, or eight: the zero in front was lost, as spreadsheets do. It is put back only where the state's codes
 * begin with one and this one then is the state's. */
static bool restore_us_zero(sv original, sv of_state, buf *out)
{
    char c[CODE_MAX] = {0};
    size_t n = squeeze(original, c);
    buf text = buf_new(CODE_MAX * 2);
    buf_char(&text, '0');
    buf_add(&text, c, n);
    bool good = (has_shape(c, n, "0000") || has_shape(c, n, "00000000")) &&
                text_is_one_of(of_state, "ct|ma|me|nh|nj|ri|vt|pr|vi|ae") && add_us_code(buf_view(&text), out) &&
                zip_is_in(buf_view(out), of_state);
    buf_free(&text);
    return good;
}

/* Provinces whose number begins with 0. */
static bool restore_turkish_zero(const record *x, sv original, buf *out)
{
    static const char *const province[10] = {
        "", "adana", "adiyaman", "afyon|afyonkarahisar", "agri", "amasya", "ankara", "antalya", "artvin", "aydin"};
    char c[CODE_MAX] = {0};
    size_t n = squeeze(original, c);
    if (!has_shape(c, n, "0000") || c[0] < '1' || c[0] > '9') return false;
    static const char *const fields[] = {"state", "city"};
    for (size_t i = 0; i < 2; i++) {
        folded f;
        if (!text_fold(record_text(x, fields[i]), &f) || !folded_is_one_of(&f, province[c[0] - '0'])) continue;
        buf_char(out, '0');
        buf_add(out, c, n);
        return true;
    }
    return false;
}

/* What was judged by the practice's country is judged anew in a record of another one. */
static void judge_abroad(const record *x, sv own)
{
    buf text = buf_new(record_cell(x, "state")->original.n * 3 + record_cell(x, "postal_code")->original.n * 3 + 2);
    buf out = buf_new(text.ceiling + 16);
    const norm_column line = {x->options, record_field(x, "state"), NULL};
    sv original = record_original(x, "state", &text);
    if (record_cell(x, "state")->form != FORM_EMPTY && original.n) {
        const char *code = is_us(own) || sv_eq(own, SV_LIT("CA")) ? state_code(original) : NULL;
        if (code)
            buf_str(&out, code);
        else
            normalize_line(&line, original, &out, NULL);
        if (is_us(own) && !code)
            record_wrong(x, "state", F_NRM_STATE_UNKNOWN);
        else
            record_rescue(x, "state", buf_view(&out), F_NRM_STATE_UNKNOWN);
    }
    buf_clear(&out);
    buf_clear(&text);
    original = record_original(x, "postal_code", &text);
    if (record_cell(x, "postal_code")->form != FORM_EMPTY && original.n) {
        if (add_code_of(&line, own, original, &out))
            record_rescue(x, "postal_code", buf_view(&out), F_NRM_POSTAL_CODE_WRONG);
        else if (record_cell(x, "postal_code")->form == FORM_GOOD)
            record_wrong(x, "postal_code", F_NRM_POSTAL_CODE_WRONG);
    }
    buf_free(&out);
    buf_free(&text);
}

static void restore_zero(const record *x, sv country_of)
{
    const norm_cell *cell = record_cell(x, "postal_code");
    if (cell->form != FORM_WRONG) return;
    buf text = buf_new(cell->original.n * 3 + 1), out = buf_new(CODE_MAX * 2);
    sv original = record_original(x, "postal_code", &text);
    bool restored = is_us(country_of) ? restore_us_zero(original, record_text(x, "state"), &out)
                                      : is_turkey(country_of) && restore_turkish_zero(x, original, &out);
    if (restored) {
        record_rescue(x, "postal_code", buf_view(&out), F_NRM_POSTAL_CODE_WRONG);
        record_remark(x, "postal_code", F_NRM_POSTAL_ZERO);
    }
    buf_free(&out);
    buf_free(&text);
}

void record_place(const record *x)
{
    if (!record_cell(x, "state") || !record_cell(x, "postal_code") || !record_cell(x, "country")) return;
    sv practice = sv_from(x->options->country), own = record_text(x, "country");
    if (own.n == 2 && !sv_eq_nocase(own, practice)) judge_abroad(x, own);
    sv here = own.n ? own : practice;
    restore_zero(x, here);
    sv code = record_text(x, "postal_code"), of_state = record_text(x, "state");
    if (is_us(here) && code.n >= 5 && is_digit(code.p[0]) && is_state_of_usa(of_state) && !zip_is_in(code, of_state))
        record_remark(x, "postal_code", F_NRM_POSTAL_CODE_STATE);
}
