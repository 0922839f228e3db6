#include "quality/duplicate_score.h"
#include <stdlib.h>

/* Tenths of a bit: ten times log2(m / u), m: how often the field agrees between two records of one person, u: between
 * two persons of a practice of some ten thousand. Where a family shares the field (phone, e-mail, address) u is that of
 * families, so that it cannot carry a pair alone. */
enum {
    W_LAST_SAME = 66, /* 0.95 / 0.01 */
    W_LAST_SIMILAR = 40,
    W_LAST_OTHER = -40, /* 0.05 / 0.99: a changed name */
    W_FIRST_SAME = 60,  /* 0.9 / 0.014 */
    W_FIRST_NICKNAME = 50,
    W_FIRST_SIMILAR = 40,
    W_FIRST_INITIAL = 15,
    W_BIRTH_SAME = 90, /* 0.9 / 0.0018: the year is part of a block */
    W_BIRTH_SWAPPED = 60,
    W_BIRTH_CLOSE = 40,
    W_BIRTH_OTHER = -120,  /* a father and a son of one name live at one address */
    W_BIRTH_MISSING = -35, /* a name and a postal code are too little; a phone or an address is not */
    W_PHONE_SAME = 40,
    W_PHONE_OTHER = -5,
    W_EMAIL_SAME = 40,
    W_EMAIL_OTHER = -5,
    W_POSTAL_SAME = 15,
    W_POSTAL_OTHER = -5,
    W_ADDRESS_SAME = 20,
    W_CHART_SAME = 60,
    W_NATIONAL_SAME = 150,
    W_NATIONAL_OTHER = -40, /* numbers are mistyped too: one name and date of birth are worth a look */
    W_MIDDLE_SAME = 15,
    W_MIDDLE_OTHER = -30,
    W_SEX_OTHER = -40,
    W_SUFFIX_ONE = -30, /* one of them has a suffix */

    /* Same name and date of birth alone (216) are possible; a phone, an address or an e-mail more makes it certain. */
    THRESHOLD_POSSIBLE = 130,
    THRESHOLD_CERTAIN = 230
};
#define SIMILAR 0.92

static int last_weight(const person *a, const person *b, unsigned *why)
{
    if (sv_eq(a->last, b->last)) return *why |= SAME_LAST, W_LAST_SAME;
    if (jaro_winkler(a->last, b->last) >= SIMILAR) return *why |= SIMILAR_LAST, W_LAST_SIMILAR;
    return *why |= OTHER_LAST, W_LAST_OTHER;
}

static bool is_initial_of(sv a, sv b) { return a.n == 1 && b.n > 1 && a.p[0] == b.p[0]; }

static bool goes_by(const person *a, const person *b)
{
    bool nickname = (a->nickname.n && sv_eq(a->nickname, b->first)) || (b->nickname.n && sv_eq(b->nickname, a->first));
    return nickname || nicknames_share(a->names, b->names);
}

/* False: other first names. */
static bool first_weight(const person *a, const person *b, int *score, unsigned *why)
{
    if (a->first.n == 0 || b->first.n == 0) return true;
    if (sv_eq(a->first, b->first)) return *why |= SAME_FIRST, *score += W_FIRST_SAME, true;
    if (goes_by(a, b)) return *why |= NICKNAME, *score += W_FIRST_NICKNAME, true;
    if (is_initial_of(a->first, b->first) || is_initial_of(b->first, a->first))
        return *why |= INITIAL_FIRST, *score += W_FIRST_INITIAL, true;
    if (jaro_winkler(a->first, b->first) < SIMILAR) return false;
    return *why |= SIMILAR_FIRST, *score += W_FIRST_SIMILAR, true;
}

static int digits_apart(int a, int b)
{
    int n = 0;
    for (int i = 0; i < 4; i++, a /= 10, b /= 10) n += a % 10 != b % 10;
    return n;
}

static int birth_weight(const person *a, const person *b, unsigned *why)
{
    if (!a->year || !b->year) return *why |= NO_BIRTH, W_BIRTH_MISSING;
    int apart = digits_apart(a->year, b->year) + digits_apart(a->month, b->month) + digits_apart(a->day, b->day);
    if (apart == 0) return *why |= SAME_BIRTH, W_BIRTH_SAME;
    if (a->year == b->year && a->month == b->day && a->day == b->month) return *why |= SWAPPED_BIRTH, W_BIRTH_SWAPPED;
    if (apart == 1) return *why |= CLOSE_BIRTH, W_BIRTH_CLOSE;
    return *why |= OTHER_BIRTH, W_BIRTH_OTHER;
}

static int either(uint64_t a, uint64_t b, int same, int other, unsigned same_bit, unsigned *why)
{
    if (a == 0 || b == 0) return 0;
    if (a != b) return other;
    *why |= same_bit;
    return same;
}

static int phone_weight(const person *a, const person *b, unsigned *why)
{
    bool both = a->phone[0] && b->phone[0];
    for (size_t i = 0; i < PERSON_PHONES && a->phone[i]; i++)
        for (size_t k = 0; k < PERSON_PHONES && b->phone[k]; k++)
            if (a->phone[i] == b->phone[k]) return *why |= SAME_PHONE, W_PHONE_SAME;
    return both ? W_PHONE_OTHER : 0;
}

/* Jr and II are one thing, by custom. */
static bool suffixes_differ(sv a, sv b)
{
    bool a_second = sv_eq(a, SV_LIT("jr")) || sv_eq(a, SV_LIT("ii"));
    bool b_second = sv_eq(b, SV_LIT("jr")) || sv_eq(b, SV_LIT("ii"));
    return a.n && b.n && !sv_eq(a, b) && !(a_second && b_second);
}

static int person_weight(const person *a, const person *b, unsigned *why)
{
    int score = 0;
    if (a->middle && b->middle) {
        score += a->middle == b->middle ? W_MIDDLE_SAME : W_MIDDLE_OTHER;
        if (a->middle != b->middle) *why |= OTHER_MIDDLE;
    }
    if (a->sex && b->sex && a->sex != b->sex) {
        score += W_SEX_OTHER;
        *why |= OTHER_SEX;
    }
    if ((a->suffix.n == 0) != (b->suffix.n == 0)) score += W_SUFFIX_ONE;
    if (a->chart_number && b->chart_number && a->chart_number != b->chart_number) *why |= OTHER_CHART_NUMBER;
    score += either(a->chart_number, b->chart_number, W_CHART_SAME, 0, SAME_CHART_NUMBER, why);
    if (a->national_id && b->national_id && a->national_id != b->national_id) *why |= OTHER_NATIONAL_ID;
    return score + either(a->national_id, b->national_id, W_NATIONAL_SAME, W_NATIONAL_OTHER, SAME_NATIONAL_ID, why);
}

static int contact_weight(const person *a, const person *b, unsigned *why)
{
    return phone_weight(a, b, why) + either(a->email, b->email, W_EMAIL_SAME, W_EMAIL_OTHER, SAME_EMAIL, why) +
           either(a->postal_code, b->postal_code, W_POSTAL_SAME, W_POSTAL_OTHER, SAME_POSTAL_CODE, why) +
           either(a->address, b->address, W_ADDRESS_SAME, 0, SAME_ADDRESS, why);
}

/* Whatever the sum: a certain pair has one name and one date of birth, and nothing that speaks for two people. */
static duplicate_level level_of(int score, unsigned why)
{
    bool name = (why & (SAME_LAST | SIMILAR_LAST)) && (why & (SAME_FIRST | NICKNAME));
    bool against = why & (OTHER_MIDDLE | OTHER_SEX | OTHER_NATIONAL_ID);
    return score >= THRESHOLD_CERTAIN && name && (why & SAME_BIRTH) && !against ? DUPLICATE_CERTAIN
                                                                                : DUPLICATE_POSSIBLE;
}

bool persons_compare(const person *a, const person *b, int *score, unsigned *why, duplicate_level *level)
{
    *why = 0;
    *score = 0;
    if (suffixes_differ(a->suffix, b->suffix) || !first_weight(a, b, score, why)) return false;
    *score += birth_weight(a, b, why);
    *score += last_weight(a, b, why) + person_weight(a, b, why) + contact_weight(a, b, why);
    *level = level_of(*score, *why);
    return *score >= THRESHOLD_POSSIBLE;
}

void duplicate_words(unsigned why, buf *out)
{
    static const char *const words[] = {
        "same last name",
        "similar last name",
        "other last name",
        "same first name",
        "nickname",
        "similar first name",
        "initial of the first name",
        "same date of birth",
        "day and month of birth swapped",
        "dates of birth differ in one digit",
        "other date of birth",
        "a date of birth is missing",
        "same phone",
        "same e-mail",
        "same postal code",
        "same address",
        "same chart number",
        "two chart numbers",
        "same national number",
        "other middle initial",
        "other sex",
        "two national numbers",
    };
    bool any = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!(why >> i & 1)) continue;
        if (any) buf_str(out, "; ");
        buf_str(out, words[i]);
        any = true;
    }
}
