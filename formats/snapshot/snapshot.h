/* Snapshots: what a source is, without any value of it that could be a patient's (FORMAT.md has the schema and what may
 * stand in it). Here they are written, and read as a row source that has a catalog and no rows. What the facts are, and
 * which of them may be told, is decided by src/survey: this folder only carries them. */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include "base/buf.h"
#include "source/row_source.h"

enum { SNAPSHOT_VERSION = 1 };

/* What texts look like; a text is counted under one of them. */
typedef enum text_look {
    LOOKS_INTEGER,
    LOOKS_DECIMAL,
    LOOKS_DATE, /* with or without a time */
    LOOKS_TIME,
    LOOKS_PHONE,
    LOOKS_EMAIL,
    LOOKS_NATIONAL_ID, /* social security and Turkish identification numbers */
    LOOKS_RTF,
    LOOKS_HTML,
    LOOKS_GUID,
    LOOKS_WORD,  /* letters and digits without a blank */
    LOOKS_WORDS, /* up to four words */
    LOOKS_PROSE, /* more */
    LOOKS
} text_look;
const char *text_look_name(text_look l); /* "date" */

typedef struct snapshot_count {
    sv text; /* a shape, or a code */
    uint64_t rows;
} snapshot_count;

typedef struct column_facts {
    uint64_t filled, empty, null, unreadable; /* cells: their sum is the rows read; blanks alone are empty */
    uint64_t distinct;
    bool distinct_estimated;
    uint32_t shortest, longest; /* characters of texts, blanks behind them aside; longest 0: no text */
    uint64_t look[LOOKS];       /* of the filled texts */
    /* The commonest shapes of texts: 9 a digit, A a capital, a another letter, other characters as they are; a run of
     * more than four letters is cut to one and an ellipsis. */
    const snapshot_count *shape;
    size_t shapes;
    uint64_t other_shapes; /* texts of rarer or longer shapes */
    /* A code list, where it may be told; other_codes: rows with a rarer code. */
    const snapshot_count *code;
    size_t codes;
    uint64_t other_codes;
    sv withheld; /* why neither codes nor years are told: "names", "keys" ...; empty: they are, if there are any */
    uint8_t digits_min, digits_max, decimals; /* of numbers: before the mark, and behind it; digits_max 0: none */
    bool negative;
    int first_year, last_year;  /* of dates that are nobody's birth; 0: none */
    uint64_t placeholder_dates; /* 1900-01-01 and the like */
    uint64_t timed;             /* dates with a time of day */
} column_facts;

typedef struct table_facts {
    uint64_t rows, unreadable; /* read; known to be there and not read */
    bool names_withheld;       /* its columns are column_1 ...: what named them may have been a row */
    const column_facts *column;
} table_facts;

/* One per table of the catalog. */
typedef struct source_facts {
    const table_facts *table;
    size_t tables;
} source_facts;

/* Appends the file. False when memory is out or it would be larger than one may be (limits.h). */
bool snapshot_write(const source_info *info, const catalog *list, const source_facts *facts, buf *out);

/* The reader: inspect, profile draft and profile check take it; scans end with a finding. */
extern const row_source_ops snapshot_ops;
/* The facts of a snapshot; NULL when the source is none. */
const source_facts *snapshot_facts(const row_source *s);

#endif
