/* Procedure codes: the normal form of CDT, codes of other systems as they are, and texts that speak of another treatment
 * than the code's own. No list of codes ships: the code set is the ADA's. */
#include "base/ascii.h"
#include "normalize/dates/date_read.h"
#include "normalize/normalize_internal.h"

static size_t digits_at(sv s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && is_digit(s.p[at + n])) n++;
    return n;
}

/* Figures without a D are a CDT code where the source says so or says nothing. */
static bool bare_is_cdt(const norm_options *o)
{
    return !o->code_system || sv_eq_nocase(sv_from(o->code_system), SV_LIT("CDT"));
}

/* D7210, d7210, D 7210; 7210, and 180 that a spreadsheet took its zero from, where bare figures may stand. */
static bool read_cdt(sv in, bool bare, char code[5])
{
    bool letter = in.n > 0 && (in.p[0] == 'D' || in.p[0] == 'd');
    if (letter) in = text_trim((sv){in.p + 1, in.n - 1});
    if (digits_at(in, 0) != in.n || !(in.n == 4 || (in.n == 3 && !letter)) || (!letter && !bare)) return false;
    memcpy(code, "D0", 2);
    memcpy(code + 5 - in.n, in.p, in.n);
    return true;
}

/* 1-1, as the tariff of the Turkish Dental Association numbers. */
static bool is_tdb(sv in)
{
    size_t group = digits_at(in, 0);
    size_t number = group + 1 < in.n && in.p[group] == '-' ? digits_at(in, group + 1) : 0;
    return group >= 1 && group <= 2 && number >= 1 && number <= 3 && group + 1 + number == in.n;
}

/* Jan-03 or 3-Oca: what a spreadsheet makes of 1-3. */
static bool is_spreadsheet_date(sv in)
{
    size_t dash = 0;
    while (dash < in.n && in.p[dash] != '-') dash++;
    if (dash == 0 || dash + 1 >= in.n) return false;
    sv a = {in.p, dash}, b = {in.p + dash + 1, in.n - dash - 1};
    if (digits_at(a, 0) == a.n) {
        sv c = a;
        a = b;
        b = c;
    }
    folded word;
    return digits_at(b, 0) == b.n && b.n <= 2 && text_fold(a, &word) && date_month_named(&word) != 0;
}

static void add_code(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    char code[5];
    if (read_cdt(in, bare_is_cdt(c->options), code)) {
        buf_add(out, code, sizeof code);
    } else {
        (void)normalize_line(c, in, out, r);
    }
}

static norm_form damaged(const norm_column *c, norm_remarks *r)
{
    norm_remark(r, F_NRM_CODE_DATE, c->field);
    return FORM_WRONG;
}

norm_form normalize_procedure_code(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    if (is_spreadsheet_date(in)) return damaged(c, r);
    add_code(c, in, out, r);
    return FORM_GOOD;
}

/* ---- several ---- */

static bool is_separator(char x, bool blanks) { return strchr(";,|\t\r\n", x) || (blanks && strchr(" /+&", x)); }

static sv next_part(sv *rest, bool blanks)
{
    size_t n = 0;
    while (n < rest->n && !is_separator(rest->p[n], blanks)) n++;
    sv part = {rest->p, n};
    *rest = n < rest->n ? (sv){rest->p + n + 1, rest->n - n - 1} : (sv){NULL, 0};
    return text_trim(part);
}

/* D4910 D0180, D4341/D4342: a blank or stroke parts codes only where all that it parts are CDT codes. */
static bool all_cdt(const norm_column *c, sv part)
{
    char code[5];
    while (part.n) {
        sv one = next_part(&part, true);
        if (one.n && !read_cdt(one, bare_is_cdt(c->options), code)) return false;
    }
    return true;
}

static void add_part(const norm_column *c, sv part, buf *out, size_t start, norm_remarks *r)
{
    if (part.n == 0 || text_is_one_of(part, "null|(null)|n/a|na|-|none|unknown")) return;
    if (out->n > start) buf_char(out, ';');
    add_code(c, part, out, r);
}

norm_form normalize_procedure_codes(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    size_t start = out->n;
    while (in.n) {
        sv part = next_part(&in, false);
        if (is_spreadsheet_date(part)) return damaged(c, r);
        bool several = all_cdt(c, part);
        while (several && part.n) add_part(c, next_part(&part, true), out, start, r);
        if (!several) add_part(c, part, out, start, r);
    }
    return out->n > start ? FORM_GOOD : FORM_EMPTY;
}

/* ---- records ---- */

static const char *system_of(sv code, const norm_options *o)
{
    char cdt[5];
    if (read_cdt(code, false, cdt) && code.n == 5) return "CDT";
    const char *stated = o->code_system;
    bool is_cdt = stated && sv_eq_nocase(sv_from(stated), SV_LIT("CDT"));
    if (is_tdb(code) && (!stated || sv_eq_nocase(sv_from(stated), SV_LIT("TDB")))) return "TDB";
    return stated && !is_cdt ? stated : "LOCAL";
}

static const char *canonical_system(sv given)
{
    static const char *const systems[] = {"CDT", "TDB", "SUT", "LOCAL"};
    for (size_t i = 0; i < 4; i++)
        if (sv_eq_nocase(given, sv_from(systems[i]))) return systems[i];
    return NULL;
}

static void code_and_system(const record *x)
{
    buf raw = buf_new((size_t)1 << 20);
    sv code = record_text(x, "code"), given = record_text(x, "code_system"),
       original = record_original(x, "code", &raw);
    if (original.n && !record_text(x, "code_raw").n) record_set(x, "code_raw", original);
    if (code.n && given.n && canonical_system(given)) {
        char cdt[5];
        bool other = strcmp(canonical_system(given), "CDT") != 0;
        /* 7210 of a line that names another system is no CDT code. */
        if (other && original.n && !read_cdt(original, false, cdt) && read_cdt(original, true, cdt)) {
            record_set(x, "code", original);
        }
        record_set(x, "code_system", sv_from(canonical_system(given)));
    } else if (code.n && !given.n) {
        record_set(x, "code_system", sv_from(system_of(code, x->options)));
    }
    buf_free(&raw);
}

/* ---- texts that speak of another treatment ---- */

/* Kinds of treatment by words of common use, English and Turkish, folded; a bit each. */
static const char *const treatments[] = {
    "graft|grafting|grafts|allograft|autograft|greft|greftleme",
    "implant|implants|implantation",
    "extraction|extract|exodontia|cekim|cekimi",
    "scaling|srp|root planing|rsd|detertraj|kuretaj|dis tasi",
    "osseous surgery|osseous|flap|flap surgery|open flap|kemik cerrahisi",
    "crown lengthening|kron boyu|kuron boyu",
    "gingivectomy|gingivoplasty|gingivektomi",
    "maintenance|recall cleaning|idame",
    "prophylaxis|prophy|profilaksi",
    "exam|examination|evaluation|consultation|muayene|konsultasyon",
    "radiograph|radiographs|x ray|xray|bitewing|bitewings|panoramic|fmx|radyografi|rontgen",
    "biopsy|biyopsi",
    "frenectomy|frenulectomy|frenektomi",
    "sinus lift|sinus augmentation|sinus",
    "membrane|guided tissue regeneration|gtr|membran",
    "root canal|endodontic|kanal tedavisi",
    "crown|kron|kuron",
    "filling|composite|amalgam|dolgu",
    "denture|protez",
    "splint|splinting",
    "anesthesia|sedation|anestezi|sedasyon",
};

/* The words stand in the text, whole: looked for where a word begins. */
static bool holds_words(const folded *text, sv words)
{
    for (const char *p = text->text, *end = p + text->n; (size_t)(end - p) >= words.n;) {
        bool ends = p + words.n == end || p[words.n] == ' ';
        if (*p == *words.p && ends && memcmp(p, words.p, words.n) == 0) return true;
        const char *blank = memchr(p, ' ', (size_t)(end - p));
        if (!blank) break;
        p = blank + 1;
    }
    return false;
}

/* A bit of each byte that a word begins with; bytes that share one are told apart by holds_words. */
static uint32_t initial(char c) { return UINT32_C(1) << ((unsigned char)c & 31); }

static uint32_t initials_of(const folded *f)
{
    uint32_t found = f->n ? initial(f->text[0]) : 0;
    for (size_t i = 1; i < f->n; i++)
        if (f->text[i - 1] == ' ') found |= initial(f->text[i]);
    return found;
}

static uint32_t treatments_in(sv text)
{
    folded f;
    uint32_t found = 0;
    if (!text_fold(text, &f)) return 0;
    uint32_t begun = initials_of(&f);
    for (size_t i = 0; i < sizeof treatments / sizeof treatments[0]; i++) {
        for (const char *p = treatments[i]; *p;) {
            size_t n = 0;
            while (p[n] && p[n] != '|') n++;
            if (begun & initial(*p) && holds_words(&f, (sv){p, n})) found |= 1U << i;
            p += n + (p[n] == '|');
        }
    }
    return found;
}

/* The first CDT code that a text names; false: none. */
static bool code_in_text(sv text, char code[5])
{
    for (size_t i = 0; i + 5 <= text.n; i++) {
        bool begins = i == 0 || strchr(" (,;:", text.p[i - 1]);
        bool ends = i + 5 == text.n || !is_digit(text.p[i + 5]);
        if (begins && ends && (text.p[i] == 'D' || text.p[i] == 'd') && read_cdt((sv){text.p + i, 5}, false, code))
            return true;
    }
    return false;
}

static bool other_code(sv code, sv text_code, bool in_text)
{
    char a[5], b[5];
    if (!read_cdt(code, true, a)) return false;
    if (in_text ? !code_in_text(text_code, b) : !read_cdt(text_code, true, b)) return false;
    return memcmp(a, b, 5) != 0;
}

void record_procedure(const record *x)
{
    if (strcmp(x->entity->name, "plan_line") != 0) return;
    code_and_system(x);
    sv code = record_text(x, "code"), pms = record_text(x, "pms_code"), letter = record_text(x, "letter_description");
    bool is_cdt = sv_eq(record_text(x, "code_system"), SV_LIT("CDT"));
    if (is_cdt && other_code(code, pms, false)) record_remark(x, "pms_code", F_NRM_CODES_CONTRADICT);
    uint32_t said = treatments_in(record_text(x, "description")), written = treatments_in(letter);
    bool other = said && written && !(said & written);
    if (other || other_code(is_cdt ? code : pms, letter, true)) {
        record_remark(x, "letter_description", F_NRM_DESCRIPTIONS_CONTRADICT);
    }
}
