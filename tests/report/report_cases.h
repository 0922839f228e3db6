/* Conversions as a report meets them, from an empty one to one that is built to break the page. Used by the unit test and by the program
 * that writes their reports for the checker of pages. */
#ifndef TESTS_REPORT_CASES_H
#define TESTS_REPORT_CASES_H

#include "report/report.h"

enum { CASE_FILES_MAX = 16, CASE_TABLES_MAX = 3000, CASE_TIES = 60 };

typedef struct report_case {
    const char *name; /* of the folder that its report goes to */
    report_input in;
    ledger *counts;
    findings *found;
    report_destination to[3];
    report_file file[3][CASE_FILES_MAX];
    report_file left[4];
    report_table unread[CASE_TABLES_MAX];
    quality_facts quality;
    quality_entity records[2];
    quality_lack lack[2];
    quality_custom custom[2];
    quality_field field[2];
    quality_left column[3];
    quality_tie tie[CASE_TIES];
    spot_check check[2];
    spot_group spot[1];
    report_fill fill[3];
    report_option option[3];
    report_listed listed[2];
    report_source_file given[2];
    char text[CASE_TABLES_MAX][32]; /* names of tables that are many */
} report_case;

typedef enum case_kind {
    CASE_SMALL,   /* the common one: all is well */
    CASE_LOOK,    /* rows rejected, values held back, a backup of a busy system */
    CASE_LARGE,   /* three destinations, large numbers, long names, every finding there is */
    CASE_EMPTY,   /* no table with a row, nothing known */
    CASE_OPEN,    /* a line that does not add up, and one whose files hold something else */
    CASE_VALUES,  /* spot checks with values of patients */
    CASE_HOSTILE, /* names with markup, quotes, control characters, broken UTF-8 */
    CASE_KINDS
} case_kind;

report_case *report_case_new(case_kind kind); /* NULL when out of memory */
void report_case_free(report_case *c);

#endif
