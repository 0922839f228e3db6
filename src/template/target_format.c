#include "template/target_format.h"

typedef struct part {
    const char *name;
    size_t at; /* in the canonical text */
    bool time;
} part;

static const part parts[] = {{"YYYY", 0, false}, {"MM", 5, false}, {"DD", 8, false},
                             {"hh", 11, true},   {"mm", 14, true}, {"ss", 17, true}};
enum { PARTS = sizeof parts / sizeof parts[0], DATE_CHARACTERS = 10, DATETIME_CHARACTERS = 19 };

static const part *part_at(sv form)
{
    for (size_t i = 0; i < PARTS; i++)
        if (sv_starts(form, sv_from(parts[i].name))) return &parts[i];
    return NULL;
}

static bool is_letter_of_parts(char c) { return c != '\0' && strchr("YMDhms", c) != NULL; }

const char *target_format_wrong(sv form, bool has_time)
{
    bool year = false, month = false, day = false, hour = false, minute = false;
    while (form.n) {
        const part *p = part_at(form);
        if (!p && is_letter_of_parts(*form.p)) return "its parts are YYYY, MM, DD, hh, mm and ss";
        if (p && p->time && !has_time) return "a date has no time of day: leave hh, mm and ss out";
        year |= p == &parts[0];
        month |= p == &parts[1];
        day |= p == &parts[2];
        hour |= p == &parts[3];
        minute |= p == &parts[4];
        size_t n = p ? strlen(p->name) : 1;
        form.p += n;
        form.n -= n;
    }
    if (hour && minute && !year && !month && !day) return NULL; /* the time of day alone */
    return year && month && day ? NULL : "it needs YYYY, MM and DD";
}

static bool canonical_shape(sv s)
{
    static const char shape[] = "dddd-dd-dd dd:dd:dd";
    size_t n = s.n < DATETIME_CHARACTERS ? s.n : DATETIME_CHARACTERS;
    for (size_t i = 0; i < n; i++) {
        bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (shape[i] == 'd' ? !digit : s.p[i] != shape[i]) return false;
    }
    return s.n == DATE_CHARACTERS || s.n == DATETIME_CHARACTERS ||
           (s.n > DATETIME_CHARACTERS + 1 && s.p[DATETIME_CHARACTERS] == '.');
}

bool target_format_write(buf *out, sv form, sv canonical)
{
    if (!canonical_shape(canonical)) return false;
    while (form.n) {
        const part *p = part_at(form);
        size_t n = p ? strlen(p->name) : 1;
        if (!p)
            buf_char(out, *form.p);
        else if (p->at + n <= canonical.n)
            buf_add(out, canonical.p + p->at, n);
        else
            buf_str(out, "00"); /* a date where a moment is wanted: the day's begin */
        form.p += n;
        form.n -= n;
    }
    return true;
}

unsigned target_format_year(sv canonical)
{
    if (!canonical_shape(canonical)) return 0;
    unsigned year = 0;
    for (size_t i = 0; i < 4; i++) year = year * 10 + (unsigned)(canonical.p[i] - '0');
    return year;
}
