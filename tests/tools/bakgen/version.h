/* What differs between the versions of SQL Server that bakgen can write. The figures are those of real files of the version;
 * for 957 and 998 no file was at hand: what 904 has stands in for it, and the file header's column count is as reported. */
#ifndef BAKGEN_VERSION_H
#define BAKGEN_VERSION_H

#include "le.h"

typedef struct sql_version {
    uint16_t number;      /* of the database format */
    uint8_t major, minor; /* of the program */
    uint16_t build;
    uint8_t level;                               /* compatibility */
    uint16_t boot_bytes;                         /* record of the boot page */
    uint8_t header_columns, header_variables;    /* record of the file header page */
    uint16_t set_chunk, group_chunk, file_chunk; /* SCIN, SFGI and SFIN before their texts */
    uint16_t log_flags;                          /* SFIN of a log file */
    uint8_t log_type, log_head;                  /* header of a log block: its type, where records begin */
    bool whole_extents;                          /* user tables take no mixed extents */
    bool second_pass;                            /* the data part ends with a second pass */
} sql_version;

/* NULL: not among them. */
const sql_version *version_of(unsigned number);
enum { VERSION_2005 = 611, VERSION_2008 = 655, VERSION_2012 = 706, VERSION_DEFAULT = 782 };

#endif
