/* What is said of providers: credentials, specialty, taxonomy code, NPI. */
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"
#include "normalize/people/name.h"

/* ---- credentials ---- */

static const struct {
    const char *squeezed /* capitals without points and blanks */, *canonical;
    bool name_too; /* people are called so */
} credential[] = {
    {"DDS", "DDS", false},   {"DMD", "DMD", false},     {"BDS", "BDS", false},       {"MDS", "MDS", false},
    {"MS", "MS", true},      {"MSC", "MSc", false},     {"MSD", "MSD", false},       {"MPH", "MPH", false},
    {"PHD", "PhD", false},   {"MD", "MD", false},       {"DO", "DO", true},          {"FACP", "FACP", false},
    {"FACD", "FACD", false}, {"FICD", "FICD", false},   {"FAGD", "FAGD", false},     {"MAGD", "MAGD", false},
    {"RDH", "RDH", false},   {"RDHAP", "RDHAP", false}, {"RDA", "RDA", true},        {"CDA", "CDA", false},
    {"EFDA", "EFDA", false}, {"DMSC", "DMSc", false},   {"DMEDSC", "DMedSc", false}, {"DSCD", "DScD", false},
    {"SCD", "ScD", false},   {"EDD", "EdD", true},      {"MBA", "MBA", false},       {"MHA", "MHA", false},
    {"JD", "JD", true},      {"RN", "RN", false},       {"BS", "BS", true},          {"BA", "BA", true},
    {"MA", "MA", true},      {"BSDH", "BSDH", false},   {"FADSA", "FADSA", false},   {"MSED", "MSEd", false},
};
static const char board_certified[] = "Board Certified";
static const char boards[] =
    "board certified|board certified periodontist|board certified in periodontics|dabp|dipl abp|dip abp|diplomate abp|"
    "abp diplomate|abp|american board of periodontology|diplomate american board of periodontology|"
    "diplomate of the american board of periodontology|diplomate of american board of periodontology|"
    "diplomate of abp|diplomate of the abp";

/* Letters of a short token as capitals, without points and blanks. */
static size_t squeeze(sv s, char out[8])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.' || c == ' ') continue;
        if (c >= 'a' && c <= 'z') c = (char)(c - 32);
        if (c < 'A' || c > 'Z' || n == 8) return 0;
        out[n++] = c;
    }
    return n;
}

const char *credential_of(sv token, bool *name_too)
{
    char text[8];
    size_t n = squeeze(token, text);
    for (size_t i = 0; n && i < sizeof credential / sizeof credential[0]; i++) {
        if (!sv_eq((sv){text, n}, sv_from(credential[i].squeezed))) continue;
        *name_too = credential[i].name_too;
        return credential[i].canonical;
    }
    return NULL;
}

static const char *credential_phrase(sv piece)
{
    folded x;
    bool any;
    if (text_fold(piece, &x) && folded_is_one_of(&x, boards)) return board_certified;
    return credential_of(piece, &any);
}

static bool is_separator(char c) { return c == ',' || c == ';' || c == '/' || c == '|' || c == '&' || c == '\n'; }

/* The next piece in front of a separator that is no word for nothing; false at the end. */
static bool next_piece(sv *rest, sv *piece)
{
    while (rest->n) {
        size_t n = 0;
        while (n < rest->n && !is_separator(rest->p[n])) n++;
        *piece = text_trim((sv){rest->p, n});
        n += n < rest->n;
        *rest = (sv){rest->p + n, rest->n - n};
        if (piece->n && !text_is_one_of(*piece, "-|n/a|na|none|null|(null)|unknown")) return true;
    }
    return false;
}

static bool next_word(sv *rest, sv *word)
{
    *rest = text_trim(*rest);
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t') n++;
    *word = (sv){rest->p, n};
    *rest = (sv){rest->p + n, rest->n - n};
    return n > 0;
}

bool credentials_only(sv piece, bool *name_too)
{
    sv rest = piece, word;
    *name_too = false;
    if (credential_phrase(piece)) return credential_of(piece, name_too), true;
    bool any = false;
    while (next_word(&rest, &word)) {
        bool one;
        if (!credential_of(word, &one)) return false;
        *name_too = any ? false : one; /* two in a row are no name */
        any = true;
    }
    return any;
}

enum { CREDENTIALS_MAX = 64 };

/* Adds one with a semicolon before it, unless it is there already. */
static void add_once(buf *out, size_t start, sv text)
{
    if (out->n > start) {
        sv rest = {out->p + start, out->n - start}, piece;
        while (next_piece(&rest, &piece))
            if (sv_eq(piece, text)) return;
        buf_char(out, ';');
    }
    buf_sv(out, text);
}

static void add_piece(buf *out, size_t start, sv piece)
{
    bool name_too;
    const char *known = credential_phrase(piece);
    if (known || !credentials_only(piece, &name_too)) {
        add_once(out, start, known ? sv_from(known) : piece);
        return;
    }
    sv word;
    while (next_word(&piece, &word)) add_once(out, start, sv_from(credential_of(word, &name_too)));
}

/* "Diplomate, American Board of Periodontology" is one thing written as two. */
static bool is_first_half(sv piece, sv rest)
{
    folded x;
    sv next;
    if (!text_fold(piece, &x) || !folded_is_one_of(&x, "diplomate|dipl") || !next_piece(&rest, &next)) return false;
    return credential_phrase(next) == board_certified;
}

/* More pieces than anybody has credentials are no credentials: kept, not looked at. */
static norm_form add_as_they_are(sv in, buf *out, size_t start)
{
    out->n = start;
    for (sv rest = in, piece; next_piece(&rest, &piece);) {
        if (out->n > start) buf_char(out, ';');
        (void)normalize_line(NULL, piece, out, NULL);
    }
    return FORM_GOOD;
}

norm_form normalize_credentials(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    (void)c, (void)r;
    size_t start = out->n, pieces = 0;
    sv rest = in, piece;
    while (next_piece(&rest, &piece)) {
        if (++pieces > CREDENTIALS_MAX) return add_as_they_are(in, out, start);
        if (!is_first_half(piece, rest)) add_piece(out, start, piece);
    }
    return out->n > start ? FORM_GOOD : FORM_EMPTY;
}

/* The raw form is kept beside the normal one when the profile gives only one of the two. */
void record_credentials(const record *x)
{
    const norm_cell *normal = record_cell(x, "credentials"), *raw = record_cell(x, "credentials_raw");
    if (!normal || !raw) return;
    if (normal->form == FORM_GOOD && raw->form == FORM_EMPTY && normal->original.p) {
        const norm_column line = {x->options, record_field(x, "credentials_raw"), NULL};
        buf text = buf_new(normal->original.n * 3 + 1);
        if (norm_value(&line, normal->original, &text, x->remarks) == FORM_GOOD)
            record_set(x, "credentials_raw", buf_view(&text));
        buf_free(&text);
    } else if (raw->form == FORM_GOOD && normal->form == FORM_EMPTY) {
        buf text = buf_new(raw->text->n + 1);
        if (normalize_credentials(NULL, buf_view(raw->text), &text, x->remarks) == FORM_GOOD)
            record_set(x, "credentials", buf_view(&text));
        buf_free(&text);
    }
}

/* ---- specialty and taxonomy ---- */

/* Codes: NUCC health care provider taxonomy. `shared`: words that physicians have for themselves as well (orthopedics,
 * endocrinology, a general practitioner). */
static const struct {
    const char *canonical, *code, *synonyms, *shared;
} specialty[] = {
    {"Periodontics", "1223P0300X",
     "periodontics|periodontist|periodontology|periodontal|perio|periodonti|"
     "periodontoloji|periodontolog",
     ""},
    {"Oral Surgery", "1223S0112X",
     "oral surgery|oral surgeon|oral and maxillofacial surgery|oral maxillofacial surgery|"
     "oral and maxillofacial surgeon|oral maxillofacial surgeon|omfs|agiz dis ve cene cerrahisi|cene cerrahisi",
     ""},
    {"Prosthodontics", "1223P0700X", "prosthodontics|prosthodontist|protetik dis tedavisi", "prosth|protez|protetik"},
    {"General Dentistry", "1223G0001X",
     "general dentistry|general dentist|general dental practice|family dentistry|family dentist|genel dis hekimligi|"
     "pratisyen dis hekimi",
     "general practice|general practitioner|gp|pratisyen"},
    {"Endodontics", "1223E0200X", "endodontics|endodontist|endodonti", "endo"},
    {"Orthodontics", "1223X0400X", "orthodontics|orthodontist|ortodonti|orthodontics and dentofacial orthopedics",
     "ortho"},
    {"Pediatric Dentistry", "1223P0221X",
     "pediatric dentistry|pediatric dentist|paediatric dentistry|pedodontics|pedodontist|pedodonti|"
     "cocuk dis hekimligi",
     "pedo"},
    {"Dental Hygiene", "124Q00000X", "dental hygiene|dental hygienist|rdh", "hygiene|hygienist"},
};
enum { SPECIALTIES = sizeof specialty / sizeof specialty[0] };

/* NULL: none of them. */
static const char *specialty_of(sv in, bool dental)
{
    folded x;
    bool known = text_fold(in, &x);
    for (size_t i = 0; known && i < SPECIALTIES; i++)
        if (folded_is_one_of(&x, specialty[i].synonyms) || sv_eq_nocase(in, sv_from(specialty[i].code)) ||
            (dental && folded_is_one_of(&x, specialty[i].shared)))
            return specialty[i].canonical;
    return NULL;
}

norm_form normalize_specialty(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    const char *known = specialty_of(in, c->options->dental_specialties);
    if (!known) return normalize_line(c, in, out, r);
    buf_str(out, known);
    return FORM_GOOD;
}

/* Ten characters: three figures, six figures or letters, X. The code has no check digit. */
norm_form normalize_taxonomy(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    bool good = in.n == 10;
    size_t start = out->n;
    for (size_t i = 0; i < in.n && good; i++) {
        char x = in.p[i] >= 'a' && in.p[i] <= 'z' ? (char)(in.p[i] - 32) : in.p[i];
        bool figure = x >= '0' && x <= '9', letter = x >= 'A' && x <= 'Z';
        good = i < 3 ? figure : i < 9 ? figure || letter : x == 'X';
        buf_char(out, x);
    }
    if (good) return FORM_GOOD;
    out->n = start;
    norm_remark(r, F_NRM_TAXONOMY_WRONG, c->field);
    return FORM_WRONG;
}

static bool has_degree(sv credentials, const char *degrees)
{
    for (size_t at = 0; at < credentials.n;) {
        size_t n = 0;
        while (at + n < credentials.n && credentials.p[at + n] != ';') n++;
        if (text_is_one_of((sv){credentials.p + at, n}, degrees)) return true;
        at += n + 1;
    }
    return false;
}

/* A word that dentists and physicians share is his whose degree stands beside it. A taxonomy code says the specialty where
 * the source does not. */
void record_specialty(const record *x)
{
    const norm_cell *cell = record_cell(x, "specialty");
    sv code = record_text(x, "taxonomy"), degrees = record_text(x, "credentials");
    if (!cell) return;
    if (cell->form == FORM_GOOD && cell->original.n && degrees.n) {
        bool dentist = has_degree(degrees, "dds|dmd|bds|bdent");
        buf text = buf_new(cell->original.n * 3 + 1);
        sv original = record_original(x, "specialty", &text);
        const char *as_dentist = specialty_of(original, true);
        if (dentist && as_dentist) record_set(x, "specialty", sv_from(as_dentist));
        if (!dentist && has_degree(degrees, "md|do") && as_dentist && !specialty_of(original, false))
            record_set(x, "specialty", original);
        buf_free(&text);
    }
    for (size_t i = 0; cell->form == FORM_EMPTY && i < SPECIALTIES; i++)
        if (sv_eq(code, sv_from(specialty[i].code))) record_set(x, "specialty", sv_from(specialty[i].canonical));
}

/* ---- NPI ---- */

/* Ten figures from 1 or 2 on; with 80840 before them (24 in the sum) the Luhn digit is right (CMS, NPI standard). */
static bool npi_is_good(const char d[10])
{
    unsigned sum = 24;
    for (size_t i = 0; i < 9; i++) {
        unsigned x = (unsigned)(d[i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += x / 10 + x % 10;
    }
    return (d[0] == '1' || d[0] == '2') && (10 - sum % 10) % 10 == (unsigned)(d[9] - '0');
}

norm_form normalize_npi(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    char d[10];
    size_t n = 0;
    bool good = true;
    for (size_t i = 0; i < in.n && good; i++) {
        if (in.p[i] == ' ' || in.p[i] == '-') continue;
        good = in.p[i] >= '0' && in.p[i] <= '9' && n < 10;
        if (good) d[n++] = in.p[i];
    }
    if (good && n == 10 && npi_is_good(d)) {
        buf_add(out, d, 10);
        return FORM_GOOD;
    }
    norm_remark(r, F_NRM_NPI_WRONG, c->field);
    return FORM_WRONG;
}
