/* Time zones: local time to UTC and back, from a table made of the IANA time zone database (zone_changes.h, its version
 * in ZONE_VERSION), so that every system gives the same answer. The table holds the years 1980 to 2037 of the zones of
 * the United States, Canada, Turkey, the United Kingdom and the larger part of the European Union. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/date.h"

typedef struct zone_entry zone;

extern const char *const ZONE_VERSION; /* "2025b" */

/* By its name in the database ("America/New_York", "US/Eastern") or in Windows ("Eastern Standard Time"), in any letter
 * case; NULL: not in the table. Static. */
const zone *zone_named(sv name);
const char *zone_name(const zone *z); /* the name in the database */

typedef enum zone_answer {
    ZONE_UNIQUE,
    ZONE_AMBIGUOUS, /* the clock showed it twice: both moments are given, the earlier one first */
    ZONE_SKIPPED,   /* the clock never showed it: it was put forward over it */
    ZONE_OUTSIDE    /* of the years in the table */
} zone_answer;

/* days and ticks of `local` are taken, its offset is not looked at. The result has the same scale; offset is what the
 * zone was ahead of UTC, in minutes. Only what the answer says is written. */
zone_answer zone_to_utc(const zone *z, const date_time *local, date_time utc[2]);

/* days and ticks of utc; local.offset is set. ZONE_UNIQUE or ZONE_OUTSIDE. */
zone_answer zone_from_utc(const zone *z, const date_time *utc, date_time *local);

/* Moves a moment by minutes; false when it leaves the calendar. */
bool date_time_move(date_time *t, int32_t minutes);

#endif
