#include "base/zone.h"
#include "base/digits.h"
#include "base/zone_changes.h"
#include "base/zone_names.h"

enum { DAY_MINUTES = 1440, DAYS_1970 = 719162 /* 1970-01-01 as days since 0001-01-01 */ };

const char *const ZONE_VERSION = ZONE_TABLES_VERSION;

const zone *zone_named(sv name)
{
    for (size_t i = 0; i < sizeof zone_entry / sizeof zone_entry[0]; i++) {
        if (sv_eq_nocase(name, sv_from(zone_entry[i].name))) return &zone_entry[i];
    }
    return NULL;
}

const char *zone_name(const zone *z) { return z->canonical; }

static int64_t minute_ticks(const date_time *t) { return 60 * (int64_t)POWER_OF_10[t->scale]; }

static int64_t minutes_of(const date_time *t)
{
    return ((int64_t)t->days - DAYS_1970) * DAY_MINUTES + t->ticks / minute_ticks(t);
}

bool date_time_move(date_time *t, int32_t minutes)
{
    int64_t total = (int64_t)t->days * DAY_MINUTES + t->ticks / minute_ticks(t) + minutes;
    if (total < 0 || total / DAY_MINUTES > DATE_DAYS_MAX) return false;
    t->days = (int32_t)(total / DAY_MINUTES);
    t->ticks = total % DAY_MINUTES * minute_ticks(t) + t->ticks % minute_ticks(t);
    return true;
}

static bool in_table(const date_time *t)
{
    if (t->days < 0 || t->days > DATE_DAYS_MAX) return false;
    int year = date_civil(t->days).year;
    return year >= ZONE_FIRST_YEAR && year <= ZONE_LAST_YEAR;
}

/* Number of changes up to this moment: the clock shows what the last of them says. */
static size_t changes_until(const struct zone_list *list, int64_t utc)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone_change[list->first + middle].at <= utc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int16_t offset_after(const struct zone_list *list, size_t changes)
{
    return changes ? zone_change[list->first + changes - 1].offset : list->offset;
}

/* The changes of all zones lie days apart and no zone is more than a day off UTC: only the stretches around the one in
 * which `local`, taken as UTC, lies can show it. */
zone_answer zone_to_utc(const zone *z, const date_time *local, date_time utc[2])
{
    if (!in_table(local)) return ZONE_OUTSIDE;
    const struct zone_list *list = &zone_list[z->list];
    int64_t minutes = minutes_of(local);
    size_t near = changes_until(list, minutes);
    size_t n = 0;
    for (size_t k = near ? near - 1 : 0; k <= near + 1 && k <= list->count && n < 2; k++) {
        int16_t offset = offset_after(list, k);
        if (changes_until(list, minutes - offset) != k) continue;
        utc[n] = *local;
        utc[n].offset = offset;
        if (!date_time_move(&utc[n], -offset)) return ZONE_OUTSIDE;
        n++;
    }
    return n == 0 ? ZONE_SKIPPED : n == 1 ? ZONE_UNIQUE : ZONE_AMBIGUOUS;
}

zone_answer zone_from_utc(const zone *z, const date_time *utc, date_time *local)
{
    if (!in_table(utc)) return ZONE_OUTSIDE;
    const struct zone_list *list = &zone_list[z->list];
    int16_t offset = offset_after(list, changes_until(list, minutes_of(utc)));
    date_time t = *utc;
    if (!date_time_move(&t, offset)) return ZONE_OUTSIDE;
    t.offset = offset;
    *local = t;
    return ZONE_UNIQUE;
}
