/* Collations: text compares as SQL Server compares it, as far as SQL.md says. Trailing blanks never count. */
#ifndef SQL_SQL_COLLATION_H
#define SQL_SQL_COLLATION_H

#include "base/buf.h"
#include "base/sv.h"
#include <sqlite3.h>

enum { COLLATE_CASE = 1, COLLATE_ACCENT = 2, COLLATE_TURKISH = 4, COLLATE_BINARY = 8 };

/* The rules (COLLATE_ bits) of a SQL Server collation id; 0 (the database's own, not known here) is ACCENT. */
unsigned collation_rules(uint32_t id);
/* Name of the SQLite collation for rules: "ci_as", "tr_cs_ai", "bin" ... Static. */
const char *collation_name(unsigned rules);

int collation_compare(unsigned rules, sv a, sv b);
uint64_t collation_hash(unsigned rules, sv s); /* the same for texts that compare as equal */

/* Letter case of the Latin, Greek and Cyrillic blocks. Characters that have none in one character (sharp s) stay. */
void letters_to_case(sv in, bool capital, buf *out);
/* SQL's LIKE: % any characters, _ one, `escape` (one character, or empty) before one that stands for itself. Letter case does not count,
 * accents do. */
bool letters_like(sv pattern, sv text, sv escape);

/* Dates and times as ISO text, told by the moment they mean: a missing time is midnight, an offset counts, 20240229 is
 * 2024-02-29. False when it is none. Units of 100 ns. */
bool moment_of(sv text, int64_t *out);
int moment_compare(sv a, sv b);
uint64_t moment_hash(sv s);

/* uniqueidentifier as SQL Server orders it: the last group first. Letter case does not count. */
int guid_compare(sv a, sv b);
uint64_t guid_hash(sv s);

uint64_t bytes_hash(sv s);

/* Adds all of them, and "decimal", to a connection. */
bool collations_register(sqlite3 *db);

#endif
