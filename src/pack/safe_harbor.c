#include "pack/safe_harbor.h"
#include "base/ascii.h"
#include "base/date.h"

enum { AGE_SHOWN_MAX = 89 };

static bool all_of(sv s, const char *chars)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr(chars, s.p[i]) || !s.p[i]) return false;
    return s.n > 0;
}

/* Whether a word stands in a list of words with blanks around them. */
static bool listed(const char *list, sv word)
{
    if (!word.n || sv_find(word, ' ')) return false;
    for (const char *p = strchr(list, word.p[0]); p; p = strchr(p + 1, word.p[0]))
        if (p[-1] == ' ' && strncmp(p, word.p, word.n) == 0 && p[word.n] == ' ') return true;
    return false;
}

/* ---- places ---- */

static const char states[] = " AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV "
                             "NH NJ NM NY NC ND OH OK OR "
                             "PA RI SC SD TN TX UT VT VA WA WV WI WY PR ";

/* Areas of a ZIP code's first three digits in which 20,000 people or fewer live. Of the census of 2000 those that the Department of
 * Health names in its guidance on de-identification (2012): 036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893. Of
 * 2010 (summary file 1) and 2020 (DHC, table P1), people of ZIP code tabulation areas summed by three digits, both times: 036 059 102
 * 202 203 204 205 369 556 692 753 772 821 823 878 879 884 893. The rule is by the newest; all of them are left out, since what came of
 * a record years ago may be known by the older ones. */
static const char small_areas[] =
    " 036 059 063 102 202 203 204 205 369 556 692 753 772 790 821 823 830 831 878 879 884 890 893 ";
/* And those in which neither the census of 2010 nor that of 2020 has an area: nobody was counted there. Post offices and firms with a
 * code of their own, the forces abroad, the islands but Puerto Rico, or not given out. */
static const char no_areas[] =
    " 000 001 002 003 004 005 008 055 090 091 092 093 094 095 096 097 098 099 192 213 269 311 332 340 343 345 348 353 "
    "375 399 419 428 429 459 509 517 518 519 529 533 536 552 555 568 569 578 579 589 621 632 642 643 649 659 663 682 "
    "694 695 696 697 698 699 702 709 715 732 733 742 771 817 818 819 839 842 848 849 854 858 861 862 866 867 868 869 "
    "872 876 885 886 887 888 889 892 896 899 901 909 929 938 942 962 963 964 965 966 969 987 ";

static bool is_zip(sv s)
{
    if (s.n != 5 && !(s.n == 10 && s.p[5] == '-')) return false;
    for (size_t i = 0; i < s.n; i++)
        if (i != 5 && !is_digit(s.p[i])) return false;
    return true;
}

static void zip3(const safe_run *r, sv cell, buf *out)
{
    if (!r->home || !is_zip(cell)) return;
    const sv three = {cell.p, 3};
    if (listed(small_areas, three) || listed(no_areas, three))
        buf_str(out, "000");
    else
        buf_sv(out, three);
}

static bool has_concern(const safe_column *c, const char *concern)
{
    return c->field && c->field->concern && strcmp(c->field->concern, concern) == 0;
}

void safe_row(safe_run *r, const safe_column *c, const sv *cell, size_t n)
{
    r->home = false;
    for (size_t i = 0; i < n; i++)
        if (has_concern(&c[i], "state") && listed(states, cell[i])) r->home = true;
    for (size_t i = 0; i < n; i++)
        if (has_concern(&c[i], "country") && cell[i].n && !sv_eq(cell[i], SV_LIT("US"))) r->home = false;
}

/* ---- dates ---- */

/* Where a part of a date stands in its form; SIZE_MAX: nowhere. */
static size_t place_of(sv form, const char *part)
{
    const size_t n = strlen(part);
    for (size_t i = 0; i + n <= form.n; i++)
        if (memcmp(form.p + i, part, n) == 0) return i;
    return SIZE_MAX;
}

static int digits_at(sv cell, size_t at, size_t n)
{
    int x = 0;
    if (at == SIZE_MAX || at + n > cell.n) return -1;
    for (size_t i = at; i < at + n; i++) {
        if (!is_digit(cell.p[i])) return -1;
        x = 10 * x + (cell.p[i] - '0');
    }
    return x;
}

static void put_digits(char *to, int x, size_t n)
{
    for (size_t i = n; i-- > 0; x /= 10) to[i] = (char)('0' + x % 10);
}

/* Days are moved, hours stay. */
static void shifted(const safe_run *r, sv form, sv cell, buf *out)
{
    const size_t year = place_of(form, "YYYY"), month = place_of(form, "MM"), day = place_of(form, "DD");
    const int32_t days = date_days(digits_at(cell, year, 4), digits_at(cell, month, 2), digits_at(cell, day, 2));
    const int64_t moved = (int64_t)days + r->shift;
    if (days < 0 || moved < 0 || moved > DATE_DAYS_MAX) return;
    const civil_date d = date_civil((int32_t)moved);
    const size_t at = out->n;
    buf_sv(out, cell);
    if (out->failed) return;
    put_digits(out->p + at + year, d.year, 4);
    put_digits(out->p + at + month, d.month, 2);
    put_digits(out->p + at + day, d.day, 2);
}

static void date(const safe_run *r, const safe_column *c, sv cell, buf *out)
{
    const sv form = c->form.n ? c->form : SV_LIT("YYYY-MM-DD");
    const int year = digits_at(cell, place_of(form, "YYYY"), 4);
    if (year < 1) return;
    if (r->shift) {
        shifted(r, form, cell, out);
    } else if (r->year - year <= AGE_SHOWN_MAX) {
        if (year <= r->year + 100) buf_printf(out, "%d", year);
    } else if (c->rule == SAFE_BIRTH_YEAR) {
        /* By the year alone somebody may have turned ninety; any other year so long ago would say as much. */
        buf_str(out, "90+");
    }
}

/* ---- what is kept as it is ---- */

static bool is_number(sv s) { return s.n <= 24 && all_of(s, "0123456789.,-"); }

static bool is_truth(sv s)
{
    char word[8];
    if (s.n == 0 || s.n >= sizeof word) return false;
    for (size_t i = 0; i < s.n; i++) word[i] = ascii_lower(s.p[i]);
    return listed(" 0 1 -1 yes no true false y n ", (sv){word, s.n});
}

/* D and four digits: of the ADA's list, not of the practice. Several are joined by semicolons. */
static bool is_cdt(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        const size_t at = i % 6;
        if (at == 0 ? s.p[i] != 'D' : at == 5 ? s.p[i] != ';' : !is_digit(s.p[i])) return false;
    }
    return s.n % 6 == 5;
}

/* A12, A12.345 */
static bool is_icd10(sv s)
{
    if (s.n < 3 || s.n > 8 || s.p[0] < 'A' || s.p[0] > 'Z' || !is_digit(s.p[1]) || !is_digit(s.p[2])) return false;
    return s.n == 3 || (s.p[3] == '.' && s.n > 4 && all_of((sv){s.p + 4, s.n - 4}, "0123456789"));
}

static bool is_currency(sv s) { return s.n == 3 && all_of(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"); }

/* Texts have no closed list of the model's: those that may stay are told by their concern, or by their name. */
static bool may_stay(const safe_column *c, sv s)
{
    const model_field *f = c->field;
    if (!f) return false;
    if (!f->concern) {
        if (strcmp(f->name, "code_system") == 0) return listed(" CDT TDB SUT LOCAL ICD-10 SNODENT ", s);
        return strcmp(f->name, "site") == 0 && listed(" MB B DB ML L DL ", s);
    }
    if (has_concern(c, "tooth") || has_concern(c, "teeth")) return s.n <= 128 && all_of(s, "0123456789;");
    if (has_concern(c, "area")) return listed(" UR UL LR LL UA LA FM S1 S2 S3 S4 S5 S6 ", s);
    if (has_concern(c, "procedure_code") || has_concern(c, "procedure_codes")) return is_cdt(s);
    if (has_concern(c, "currency")) return is_currency(s);
    if (has_concern(c, "state")) return listed(states, s);
    if (has_concern(c, "country")) return s.n == 2 && all_of(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return has_concern(c, "line") && strcmp(f->name, "code") == 0 && is_icd10(s);
}

static bool is_kept(const safe_column *c, sv s)
{
    switch (c->field->type) {
    case FIELD_INTEGER:
    case FIELD_DECIMAL: return is_number(s);
    case FIELD_BOOL: return is_truth(s);
    case FIELD_ENUM: {
        char list[256] = " ";
        const size_t n = strlen(c->field->values);
        if (c->translated) return s.n <= 60; /* a word of the template: it has no others for such a field */
        if (n + 3 > sizeof list) return false;
        memcpy(list + 1, c->field->values, n);
        list[n + 1] = ' ';
        list[n + 2] = '\0';
        return listed(list, s);
    }
    case FIELD_TEXT: return may_stay(c, s);
    default: return false;
    }
}

void safe_cell(const safe_run *r, const safe_column *c, sv cell, buf *out)
{
    if (!cell.n) return;
    if (c->constant.n) {
        if (sv_eq(cell, c->constant)) buf_sv(out, cell);
        return;
    }
    switch (c->rule) {
    case SAFE_KEPT:
        if (c->field && is_kept(c, cell)) buf_sv(out, cell);
        break;
    case SAFE_YEAR:
    case SAFE_BIRTH_YEAR: date(r, c, cell, out); break;
    case SAFE_ZIP3: zip3(r, cell, out); break;
    case SAFE_TOKEN:
    case SAFE_LEFT_OUT: break;
    }
}
