/* Findings: what happened, for people. A finding has a code of finding.def, a place, and up to two facts that disagree;
 * never a cell value. A collection counts every finding and keeps the first few, by place, of each kind (code and
 * table). Adding is safe from several threads at once. */
#ifndef BASE_FINDING_H
#define BASE_FINDING_H

#include "base/buf.h"
#include "base/sv.h"
#include <stdint.h>

typedef enum severity {
    SEV_NOTE, /* worth knowing, nothing is wrong with the data */
    SEV_WARN, /* something is odd; all data was read */
    SEV_LOSS, /* some data could not be read or not be kept as it was: exit code 3 */
    SEV_FATAL /* the source or the output is over: exit code 4 or 5 */
} severity;

typedef enum finding_code {
#define F(code, severity, id, title, happened, next) F_##code,
#include "base/finding.def"
#undef F
    FINDING_CODES
} finding_code;

typedef struct finding_text {
    severity level;
    const char *id;       /* "BAK-112": never reused or renumbered */
    const char *title;    /* a few plain words */
    const char *happened; /* sentence with {a} {b} {file} {page} {slot} {line} {table} {column} {path} */
    const char *next;     /* what it means and what to do next; may also use {n}, the number of findings of the kind */
} finding_text;

/* The table of finding.def; code < FINDING_CODES. */
const finding_text *finding_text_of(finding_code code);
/* The code with this id (any letter case), or FINDING_CODES. */
finding_code finding_by_id(sv id);

typedef struct finding {
    finding_code code;
    sv path;          /* source file; empty when not applicable, as all others */
    sv table, column; /* "schema.table" */
    uint16_t file_id; /* database file; 0: no page is meant */
    uint32_t page;
    uint32_t slot;
    uint64_t line;   /* text sources, from 1; 0: none */
    uint64_t offset; /* byte in the source file; UINT64_MAX: none */
    sv a, b;         /* the facts; numbers and names of structures, never a value of a patient */
    uint64_t rows;   /* rows this finding says are lost; 0: none or unknown */
} finding;

#define FINDING_OF(code_) ((finding){.code = (code_), .offset = UINT64_MAX})

typedef struct findings findings;

findings *findings_new(void); /* NULL when out of memory */
void findings_free(findings *f);

/* Counts x and keeps a copy of it if the kind has room. f may be NULL (ignored). */
void find_add(findings *f, const finding *x);
/* A collection that only holds findings back, in the order in which they were added: nothing of it can be read. */
findings *findings_held_new(void);          /* NULL when out of memory */
size_t findings_held(const findings *held); /* added so far */
/* Adds those of them to `to` that were not given yet and are among the first `upto`; all were given: begins anew. False when
 * some could not be held: out of memory. */
bool findings_give(findings *held, size_t upto, findings *to);

/* find_add of a file or folder and why; always false, for `return find_at(...)`. */
bool find_at(findings *f, finding_code code, sv path, sv why);
/* find_add with a code and printf-style first fact. */
void find_code(findings *f, finding_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* One kind: findings of the same code and table. */
typedef struct finding_kind {
    finding_code code;
    sv table;            /* lives as long as the collection */
    uint64_t count;      /* all of them */
    uint64_t rows;       /* sum of finding.rows */
    size_t kept;         /* number of items below */
    const finding *item; /* the first ones by place, in that order */
} finding_kind;

/* Read access, for after all threads are done. Kinds come by code, then table, whichever thread was
 * first. */
size_t findings_kinds(const findings *f);
const finding_kind *findings_kind(const findings *f, size_t i);
uint64_t findings_count(const findings *f, finding_code code);
severity findings_worst(const findings *f); /* SEV_NOTE when there is none */
/* Number of findings of at least this severity. */
uint64_t findings_at_least(const findings *f, severity level);
/* The first of those kept that tell of a loss in the table; its texts live as long as f. False: there is none. May be asked
 * while others add. */
bool findings_loss_in(const findings *f, sv table, finding *out);

/* Order of two `const finding *` for qsort: by place, then column and facts, so that it does not hang on which thread came
 * first. */
int findings_by_place(const void *a, const void *b);

/* Appends a sentence with its {names} filled in from x (and n, the count of the kind). */
void finding_render(buf *out, const char *sentence, const finding *x, uint64_t n);

#endif
