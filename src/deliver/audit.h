/* audit.csv of a run: what became of each record, by keys, codes and places, without a value (AUDIT.md).
 *
 * Whoever decides about records has a part of its own, so that threads do not wait for each other; the parts are joined in the
 * order of their names, which makes the list the same each time, and chained then. Sums are counted from the joined lines. */
#ifndef DELIVER_AUDIT_H
#define DELIVER_AUDIT_H

#include "base/ledger.h"
#include "base/status.h"
#include "deliver/audit_chain.h"
#include "deliver/rejects.h"

#define AUDIT_FILE    "audit.csv"
#define AUDIT_HEADING "line,outcome,records,entity,source_table,source_key,destination,object,key,into,field,code,hash"
enum { AUDIT_COLUMNS = 13 };

typedef enum audit_outcome {
    AUDIT_WRITTEN,   /* of a run that compares with an earlier one: new */
    AUDIT_UPDATED,   /* of such a run: written again, it has changed */
    AUDIT_UNCHANGED, /* of such a run: loaded before, and the same */
    AUDIT_MERGED,    /* into another record, by decision */
    AUDIT_SKIPPED,
    AUDIT_REJECTED,
    AUDIT_HELD_BACK, /* a value of a record that is written */
    AUDIT_CHANGED,   /* the same */
    AUDIT_DELETED,   /* loaded before, and gone from the source; no part of a sum */
    AUDIT_UNREADABLE,
    AUDIT_OUTCOMES
} audit_outcome;
extern const char *const audit_outcome_word[AUDIT_OUTCOMES];
/* Which count of the ledger it is part of; LEDGER_COUNTS: of none. */
ledger_count audit_count_of(audit_outcome x);
/* Whether the lines of a level come to that count. */
bool audit_tells(ledger_level level, ledger_count what);

/* Why a record was skipped, where no finding says so. */
#define AUDIT_OUT_OF_SCOPE "scope"  /* the run is not about it */
#define AUDIT_NO_SAMPLE    "sample" /* it is not in the sample that the run is about */
#define AUDIT_BY_RULE      "rule"   /* the template's `when`, or the record that it updates was not written */
#define AUDIT_NOT_LATEST   "latest" /* of a chart that is not the patient's last one, of which alone these are written */
#define AUDIT_NOTHING      "empty"  /* it would say nothing that is not in the bundle already */
#define AUDIT_BY_PROFILE   "profile" /* rows that the profile's SELECT does not take */
#define AUDIT_NO_RECORD    "record"  /* a value of the practice's own whose record was not written */
/* And of one that is merged. */
#define AUDIT_BY_DECISION "decision"
#define AUDIT_AS_FIELD    "field" /* a value of the practice's own, which is a field of its record */

typedef struct audit_line {
    audit_outcome outcome;
    uint64_t records;
    sv table, src_key; /* in the source */
    sv key, into;      /* in the destination: of the record, of the one that stays */
    sv field;          /* of held back and changed values */
    sv code;           /* of a finding, or one of the words above */
} audit_line;

/* Appends a text as a cell has it before it is quoted: on one line, a control character as %XX, a long one cut. */
void audit_text(buf *out, sv s);

typedef struct audit audit;
typedef struct audit_part audit_part;

/* folder: the unfinished run. NULL with a finding. */
audit *audit_new(const char *folder, findings *f);
/* The part of a line of the ledger, made when it is not there: one thread at a time writes to it. entity: empty for a table. NULL
 * with a finding. */
audit_part *audit_part_of(audit *a, ledger_level level, sv name, sv entity);
/* p NULL: nothing is done. ST_FATAL with a finding. */
status audit_add(audit_part *p, const audit_line *x);
/* Joins, chains and closes the list; closing: the hash of its last line. False with a finding. */
bool audit_finish(audit *a, rejects_file *out, char closing[AUDIT_HASH_WHOLE + 1]);
/* Once finished: whether its sums are those of the ledger; else findings. */
bool audit_balanced(const audit *a, const ledger *l, findings *f);
void audit_free(audit *a); /* a may be NULL */

#endif
