/* Phone numbers as E.164, an extension behind a blank and x. Plans known by heart: North America (NANPA) and Turkey
 * (BTK); other countries by their calling code and length (ITU-T E.164). */
#include "base/ascii.h"
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

enum { DIGITS_MAX = 15, EXTENSION_MAX = 6, NUMBERS_MAX = 16 };

typedef enum phone_kind { KIND_UNKNOWN, KIND_HOME, KIND_MOBILE, KIND_WORK, KIND_FAX } phone_kind;

typedef struct phone {
    size_t digits, extension_digits, length; /* of digit, extension, e164 */
    phone_kind kind;                         /* of a word beside it */
    bool plus;
    char digit[DIGITS_MAX + 6]; /* as written, with what dials out of a country */
    char extension[EXTENSION_MAX];
    char e164[DIGITS_MAX + 1];
} phone;

/* ---- plans ---- */

static bool all_same(const char *d, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (d[i] != d[0]) return false;
    return true;
}

/* Area code and exchange begin with 2 to 9 and do not end in 11. Lines 555-0100 to 555-0199 belong to nobody. */
static finding_code check_nanp(const char d[10])
{
    bool possible = d[0] >= '2' && d[3] >= '2' && !(d[1] == '1' && d[2] == '1') && !(d[4] == '1' && d[5] == '1');
    if (!possible || all_same(d, 10)) return F_NRM_PHONE_WRONG;
    return memcmp(d + 3, "55501", 5) == 0 ? F_NRM_PHONE_FICTIONAL : FINDING_CODES;
}

/* 2, 3, 4: places; 5: mobile; 8: services. */
static finding_code check_turkey(const char d[10])
{
    bool possible = d[0] >= '2' && (d[0] <= '5' || d[0] == '8');
    return possible && !all_same(d, 10) ? FINDING_CODES : F_NRM_PHONE_WRONG;
}

/* The calling codes that are given out (ITU-T, list of E.164 country codes): no code begins with another one. */
static const char calling_codes[] =
    " 1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 "
    "86 90 91 "
    "92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 "
    "239 240 "
    "241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 "
    "290 291 "
    "297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 379 380 381 382 383 385 "
    "386 387 "
    "389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 "
    "675 676 "
    "677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 855 856 870 878 880 881 882 883 "
    "886 960 "
    "961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 992 993 994 995 996 998 ";

/* d: at least three figures. */
static bool has_calling_code(const char *d)
{
    char word[6] = {' '};
    for (size_t n = 1; n <= 3; n++) {
        memcpy(word + 1, d, n);
        word[n + 1] = ' ';
        word[n + 2] = '\0';
        if (strstr(calling_codes, word)) return true;
    }
    return false;
}

static finding_code set_number(phone *p, const char *code, const char *d, size_t n)
{
    size_t m = strlen(code);
    memcpy(p->e164, code, m);
    memcpy(p->e164 + m, d, n);
    p->length = m + n;
    return FINDING_CODES;
}

/* d: with the calling code. */
static finding_code read_international(phone *p, const char *d, size_t n)
{
    if (n < 8 || n > DIGITS_MAX || !has_calling_code(d)) return F_NRM_PHONE_WRONG;
    finding_code wrong = FINDING_CODES;
    if (d[0] == '1') wrong = n == 11 ? check_nanp(d + 1) : F_NRM_PHONE_WRONG;
    if (d[0] == '9' && d[1] == '0') wrong = n == 12 ? check_turkey(d + 2) : F_NRM_PHONE_WRONG;
    if (wrong == FINDING_CODES && all_same(d, n)) wrong = F_NRM_PHONE_WRONG;
    return wrong == FINDING_CODES ? set_number(p, "", d, n) : wrong;
}

static finding_code read_us(phone *p, const char *d, size_t n)
{
    if (n > 13 && memcmp(d, "011", 3) == 0) return read_international(p, d + 3, n - 3);
    if (n == 11 && d[0] == '1') d++, n--;
    if (n != 10) return F_NRM_PHONE_WRONG;
    finding_code wrong = check_nanp(d);
    return wrong == FINDING_CODES ? set_number(p, "1", d, 10) : wrong;
}

static finding_code read_turkish(phone *p, const char *d, size_t n)
{
    if (n > 10 && memcmp(d, "00", 2) == 0) return read_international(p, d + 2, n - 2);
    if (n == 12 && memcmp(d, "90", 2) == 0) d += 2, n -= 2;
    if (n == 13 && memcmp(d, "900", 3) == 0) d += 3, n -= 3;
    if (n == 11 && d[0] == '0') d++, n--;
    if (n != 10) return F_NRM_PHONE_WRONG;
    finding_code wrong = check_turkey(d);
    return wrong == FINDING_CODES ? set_number(p, "90", d, 10) : wrong;
}

static bool is_nanp_country(sv country)
{
    return text_is_one_of(country, "us|ca|pr|vi|gu|as|mp|bs|bb|jm|tt|bm|do|ag|dm|gd|kn|lc|vc|ai|ky|ms|tc|vg|sx");
}

/* Countries where 00 does not lead abroad: other figures do, or a carrier's code stands between. */
static bool dials_otherwise(sv country)
{
    return text_is_one_of(country, "au|jp|kr|ru|kz|br|co|cl|hk|tw|sg|th|id|kh|cu|ke|tz|ug|ng|gy|by|tm|tj|mn|il");
}

/* FINDING_CODES: good. A number that names no country belongs to the one given. */
static finding_code read_in(phone *p, sv country)
{
    if (p->plus) {
        /* "+90 0532 ...": the zero that is dialled within Turkey */
        if (p->digits == 13 && memcmp(p->digit, "900", 3) == 0) return read_turkish(p, p->digit, p->digits);
        return read_international(p, p->digit, p->digits);
    }
    if (country.n == 0) return F_NRM_PHONE_COUNTRY;
    if (is_nanp_country(country)) return read_us(p, p->digit, p->digits);
    if (text_is_one_of(country, "tr")) return read_turkish(p, p->digit, p->digits);
    if (p->digits > 9 && memcmp(p->digit, "00", 2) == 0 && !dials_otherwise(country))
        return read_international(p, p->digit + 2, p->digits - 2);
    return F_NRM_PHONE_COUNTRY;
}

/* ---- a text ---- */

/* What a word beside a number says; false: nothing that is known. */
static bool read_word(sv word, phone *p)
{
    folded x;
    static const struct {
        phone_kind kind;
        const char *words;
    } kinds[] = {
        {KIND_UNKNOWN, "tel|telefon|phone|ph|no|t|p|tel no"},
        {KIND_HOME, "home|h|hm|ev|ev tel|home phone"},
        {KIND_MOBILE, "cell|c|cel|mobile|mob|m|gsm|cep|cep tel|cell phone|mobile phone"},
        {KIND_WORK, "work|w|wk|bus|business|office|is|is tel|work phone"},
        {KIND_FAX, "fax|f|faks"},
    };
    if (!text_fold(word, &x)) return false;
    if (x.n == 0) return true;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!folded_is_one_of(&x, kinds[i].words)) continue;
        if (kinds[i].kind != KIND_UNKNOWN) p->kind = kinds[i].kind;
        return true;
    }
    return false;
}

static bool is_extension_mark(sv word)
{
    folded x;
    return text_fold(word, &x) && folded_is_one_of(&x, "x|ext|extn|extension|dahili|d");
}

static size_t letters_at(sv s)
{
    size_t n = 0;
    while (n < s.n &&
           ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z') || (unsigned char)s.p[n] >= 0x80))
        n++;
    return n;
}

static bool is_punctuation(char c) { return c && strchr(" \t()-./:", c); }

/* A non-breaking blank or a dash of a word processor between figures. */
static size_t wide_punctuation(sv s)
{
    if (sv_starts(s, SV_LIT("\xC2\xA0"))) return 2;
    return sv_starts(s, SV_LIT("\xE2\x80\x91")) || sv_starts(s, SV_LIT("\xE2\x80\x93")) ? 3 : 0;
}

static bool read_extension(sv s, phone *p)
{
    s = text_trim(s);
    while (s.n && (s.p[0] == '.' || s.p[0] == ':' || s.p[0] == ' ')) s = (sv){s.p + 1, s.n - 1};
    if (s.n > EXTENSION_MAX) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i])) return false;
        p->extension[i] = s.p[i];
    }
    p->extension_digits = s.n;
    return true;
}

/* One number as it is written: figures, punctuation, known words, an extension at the end. */
static bool read_text(sv s, phone *p)
{
    *p = (phone){.digits = 0};
    for (size_t i = 0; i < s.n;) {
        sv rest = {s.p + i, s.n - i};
        size_t wide = wide_punctuation(rest), letters = wide ? 0 : letters_at(rest);
        if (is_digit(s.p[i])) {
            if (p->digits == sizeof p->digit) return false;
            p->digit[p->digits++] = s.p[i++];
        } else if (s.p[i] == '+' && p->digits == 0 && !p->plus) {
            p->plus = true;
            i++;
        } else if (s.p[i] == '#' && p->digits) {
            return read_extension((sv){rest.p + 1, rest.n - 1}, p);
        } else if (letters && p->digits && is_extension_mark((sv){rest.p, letters})) {
            return read_extension((sv){rest.p + letters, rest.n - letters}, p);
        } else if (letters) {
            if (!read_word((sv){rest.p, letters}, p)) return false;
            i += letters;
        } else if (wide || is_punctuation(s.p[i])) {
            i += wide ? wide : 1;
        } else {
            return false;
        }
    }
    return p->digits > 0;
}

/* Where one number ends and another begins: ; , line break, " or ", " / ". */
static size_t separator_at(sv s)
{
    if (s.p[0] == ';' || s.p[0] == ',' || s.p[0] == '\n' || s.p[0] == '\r' || s.p[0] == '|') return 1;
    if (sv_starts(s, SV_LIT(" / "))) return 3;
    if (s.n >= 4 && sv_eq_nocase((sv){s.p, 4}, SV_LIT(" or "))) return 4;
    return 0;
}

static bool next_number(sv *rest, sv *one)
{
    while (rest->n) {
        size_t n = 0, skip = 0;
        while (n < rest->n && !(skip = separator_at((sv){rest->p + n, rest->n - n}))) n++;
        *one = text_trim((sv){rest->p, n});
        *rest = (sv){rest->p + n + skip, rest->n - n - skip};
        if (one->n) return true;
    }
    return false;
}

/* "(   )   -", the mask of an empty field. */
static bool is_mask(sv s)
{
    folded x;
    return text_fold(s, &x) && x.n == 0;
}

/* All numbers of a text, good or none: n is 0 for masks alone. */
static finding_code read_all(sv text, sv country, phone list[NUMBERS_MAX], size_t *n)
{
    sv one;
    *n = 0;
    while (next_number(&text, &one)) {
        if (*n == NUMBERS_MAX) return F_NRM_PHONE_WRONG;
        phone *p = &list[*n];
        if (is_mask(one)) continue;
        if (!read_text(one, p)) return F_NRM_PHONE_WRONG;
        finding_code wrong = read_in(p, country);
        if (wrong != FINDING_CODES) return wrong;
        (*n)++;
    }
    return FINDING_CODES;
}

static void add_phone(buf *out, const phone *p)
{
    buf_char(out, '+');
    buf_add(out, p->e164, p->length);
    if (p->extension_digits) buf_str(out, " x");
    buf_add(out, p->extension, p->extension_digits);
}

static bool is_same(const phone *a, const phone *b)
{
    return a->length == b->length && memcmp(a->e164, b->e164, a->length) == 0 &&
           a->extension_digits == b->extension_digits && memcmp(a->extension, b->extension, a->extension_digits) == 0;
}

static void add_list(buf *out, const phone *list, size_t from, size_t n)
{
    bool any = false;
    for (size_t i = from; i < n; i++) {
        bool known = false;
        for (size_t k = 0; k < i && !known; k++) known = is_same(&list[k], &list[i]);
        if (known) continue;
        if (any) buf_str(out, "; ");
        add_phone(out, &list[i]);
        any = true;
    }
}

static norm_form wrong(const norm_column *c, norm_remarks *r, finding_code why)
{
    norm_remark(r, why, c->field);
    return FORM_WRONG;
}

/* The first of several; record_phones finds the others. */
norm_form normalize_phone(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    phone list[NUMBERS_MAX];
    size_t n;
    finding_code why = read_all(in, sv_from(c->options->country), list, &n);
    if (why != FINDING_CODES) return wrong(c, r, why);
    if (n == 0) return FORM_EMPTY;
    add_phone(out, &list[0]);
    return FORM_GOOD;
}

norm_form normalize_phones(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    phone list[NUMBERS_MAX];
    size_t n;
    finding_code why = read_all(in, sv_from(c->options->country), list, &n);
    if (why != FINDING_CODES) return wrong(c, r, why);
    if (n == 0) return FORM_EMPTY;
    add_list(out, list, 0, n);
    return FORM_GOOD;
}

/* ---- the record ---- */

/* A number was read by the plan of the practice's country; a record that names another one is read anew. */
static void reread(const record *x, const model_field *f, norm_cell *cell)
{
    sv country = record_text(x, "country");
    buf text = buf_new(cell->original.n * 3 + 1), out = buf_new(cell->original.n * 4 + 64);
    sv original = record_original(x, f->name, &text);
    finding_code was[] = {F_NRM_PHONE_WRONG, F_NRM_PHONE_FICTIONAL, F_NRM_PHONE_COUNTRY};
    phone list[NUMBERS_MAX];
    size_t n;
    finding_code why = read_all(original, country, list, &n);
    if (why == FINDING_CODES && n) {
        add_list(&out, list, 0, strcmp(f->concern, "phone") == 0 ? 1 : n);
        if (cell->form == FORM_WRONG)
            for (size_t i = 0; i < 3; i++) record_rescue(x, f->name, buf_view(&out), was[i]);
        else
            record_set(x, f->name, buf_view(&out));
    } else if (cell->form == FORM_GOOD) {
        record_wrong(x, f->name, why);
    }
    buf_free(&out);
    buf_free(&text);
}

static void take_further(const record *x, const model_field *f, const norm_cell *cell, sv country)
{
    buf text = buf_new(cell->original.n * 3 + 1), out = buf_new(cell->original.n * 4 + 64);
    phone list[NUMBERS_MAX];
    size_t n;
    if (read_all(record_original(x, f->name, &text), country, list, &n) == FINDING_CODES && n > 1) {
        add_list(&out, list, 1, n);
        if (out.n) record_add_further(x, "other_phones", buf_view(&out), f->name, F_NRM_PHONE_FURTHER);
    }
    buf_free(&out);
    buf_free(&text);
}

/* A number whose kind is certain, by a word beside it or because it begins like a Turkish mobile, goes to the field of
 * its kind when that is empty. */
static void place_by_kind(const record *x, sv country)
{
    static const char *const fields[] = {NULL, "phone_home", "phone_mobile", "phone_work", NULL};
    const norm_cell *cell = record_cell(x, "phone");
    if (!cell || cell->form != FORM_GOOD || !record_cell(x, "phone_mobile")) return;
    buf text = buf_new(cell->original.n * 3 + 1);
    phone list[NUMBERS_MAX];
    size_t n;
    if (read_all(record_original(x, "phone", &text), country, list, &n) == FINDING_CODES && n) {
        phone_kind kind = list[0].kind;
        if (kind == KIND_UNKNOWN && list[0].length == 12 && memcmp(list[0].e164, "905", 3) == 0) kind = KIND_MOBILE;
        const norm_cell *place = fields[kind] ? record_cell(x, fields[kind]) : NULL;
        if (place && place->form == FORM_EMPTY) {
            record_set(x, fields[kind], buf_view(cell->text));
            record_set(x, "phone", (sv){NULL, 0});
        }
    }
    buf_free(&text);
}

void record_phones(const record *x)
{
    sv practice = sv_from(x->options->country), own = record_text(x, "country");
    bool abroad = own.n == 2 && !sv_eq_nocase(own, practice) && !(is_nanp_country(own) && is_nanp_country(practice));
    for (size_t i = 0; i < x->entity->fields; i++) {
        const model_field *f = &x->entity->field[i];
        norm_cell *cell = &x->cell[i];
        if (!f->concern || strncmp(f->concern, "phone", 5) != 0 || !cell->original.n) continue;
        if (abroad && cell->form != FORM_EMPTY) reread(x, f, cell);
        if (cell->form == FORM_GOOD && strcmp(f->concern, "phone") == 0)
            take_further(x, f, cell, abroad ? own : practice);
    }
    place_by_kind(x, abroad ? own : practice);
}
