/* The account of every row, in the words that the whole program uses: a row is written, merged (into another, by
 * decision; a value of the practice's own into its record, as a field), skipped (by a rule or scope, with a reason), rejected (left out, with a code) or unreadable; a value in a
 * written row can be held back, or changed: it is there, in a form that the destination takes.
 *
 *   per source table   read    = decoded + unreadable
 *   per entity         decoded = mapped + skipped + rejected   (over its driving table)
 *   per object         mapped  = written + merged + skipped + rejected
 *
 * Threads may add at the same time. */
#ifndef BASE_LEDGER_H
#define BASE_LEDGER_H

#include "base/finding.h"

typedef enum ledger_level { LEDGER_TABLE, LEDGER_ENTITY, LEDGER_OBJECT } ledger_level;
typedef enum ledger_count {
    COUNT_READ,
    COUNT_DECODED,
    COUNT_UNREADABLE,
    COUNT_MAPPED,
    COUNT_WRITTEN,
    COUNT_MERGED,
    COUNT_SKIPPED,
    COUNT_REJECTED,
    COUNT_HELD_BACK, /* values, not rows; part of no sum */
    COUNT_CHANGED,   /* the same */
    LEDGER_COUNTS
} ledger_count;
extern const char *const ledger_count_key[LEDGER_COUNTS]; /* for machines: "held_back" */

typedef struct ledger ledger;
typedef struct ledger_line {
    ledger_level level;
    sv name; /* "dbo.patient", "patient", "salesforce/Contact" */
    sv from; /* of an entity: its driving table; of an object: its entity; empty where it has none */
    uint64_t count[LEDGER_COUNTS];
} ledger_line;

ledger *ledger_new(void);
void ledger_free(ledger *l);
/* The line of that name, made when it is not there; an index that stays valid. SIZE_MAX when out of memory. */
size_t ledger_line_of(ledger *l, ledger_level level, sv name, sv from);
void ledger_add(ledger *l, size_t line, ledger_count what, uint64_t n);
/* n of what was counted as `from` turn out to be `to`; at most as many as there are. */
void ledger_move(ledger *l, size_t line, ledger_count from, ledger_count to, uint64_t n);
size_t ledger_lines(const ledger *l);
const ledger_line *ledger_at(const ledger *l, size_t line);
/* True when every line's sum is closed; else a LEDGER_UNBALANCED finding for each that is not. */
bool ledger_balanced(const ledger *l, findings *f);

#endif
