/* Labels, lists, sites and readings: any text has a meaning or none, and what is printed reads back as the same tooth. */
#include "tooth/tooth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
    if (!good) __builtin_trap();
}

static void label_means_one_tooth(sv label, sv quadrant)
{
    unsigned proof = tooth_proof(label, quadrant);
    for (tooth_system s = TOOTH_UNKNOWN; s < TOOTH_SYSTEMS; s++) {
        tooth t, back;
        tooth_read r = tooth_parse(label, quadrant, s, &t);
        check((r == TOOTH_GOOD) == (t.fdi != 0));
        if (r != TOOTH_GOOD) continue;
        check(tooth_index(t) < TEETH && !(proof & TOOTH_MEANS_NOTHING));
        for (tooth_system to = TOOTH_UNIVERSAL; to < TOOTH_SYSTEMS; to++) {
            buf b = buf_new(16);
            tooth_print(t, to, &b);
            check(tooth_parse(buf_view(&b), (sv){NULL, 0}, to, &back) == TOOTH_GOOD);
            check(back.fdi == t.fdi && back.supernumerary == t.supernumerary);
            buf_free(&b);
        }
    }
}

static void readings_are_within_limits(sv text)
{
    int16_t n;
    int8_t grade;
    reading r = depth_read(text, &n);
    check((r == READING_GOOD || r == READING_ODD) == (n >= 0 && n < 200));
    for (margin_sign s = MARGIN_RECESSION_POSITIVE; s <= MARGIN_100_PLUS; s++) {
        r = recession_read(text, s, &n);
        check((r == READING_GOOD || r == READING_ODD) == (n >= -100 && n <= 150));
    }
    attachment_read(text, &n);
    width_read(text, &n);
    mobility_read(text, &n);
    check(n == READ_NONE || (n >= 0 && n <= 30 && n % 5 == 0));
    index_read(text, &n);
    mark_read(text, &grade);
    check(grade >= -1 && grade <= 1);
    furcation_read(text, FURCATION_HAMP, &grade);
    check(grade >= -1 && grade <= 3);
    miller_read(text, &grade);
    check(grade >= 0 && grade <= 4);
    cairo_read(text, &grade);
    check(grade >= 0 && grade <= 3);
    check(site_named(text) <= SITES);
    tooth_system_named(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sv all = {(const char *)data, size};
    const char *line = size ? memchr(data, '\n', size) : NULL;
    size_t n = line ? (size_t)(line - all.p) : size;
    label_means_one_tooth((sv){all.p, n}, (sv){all.p + n + (line != NULL), size - n - (line != NULL)});
    label_means_one_tooth(all, (sv){NULL, 0});
    readings_are_within_limits(all);
    tooth teeth[TEETH_MAX];
    size_t count;
    for (tooth_system s = TOOTH_UNKNOWN; s < TOOTH_SYSTEMS; s++) {
        tooth_read r = teeth_parse(all, s, teeth, TEETH_MAX, &count);
        check(count <= TEETH_MAX && (r == TOOTH_GOOD) == (count > 0));
        for (size_t i = 0; i < count; i++) check(tooth_index(teeth[i]) < TEETH);
    }
    return 0;
}
