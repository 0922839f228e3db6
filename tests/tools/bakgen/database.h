/* A database from its description: numbers for all objects, then user tables, catalog, boot pages into one data file. */
#ifndef BAKGEN_DATABASE_H
#define BAKGEN_DATABASE_H

#include "catalog.h"
#include "spec.h"

typedef struct user_index {
    const index_spec *spec;
    rowset rs;
    int64_t auid;
} user_index;

typedef struct user_table {
    const table_spec *spec;
    size_t number; /* position in the description */
    int32_t id, schema, key_object, first_foreign;
    rowset rs;
    int64_t auid[3];
    user_index *index; /* owned */
} user_table;

typedef struct database {
    const database_spec *spec;
    fault *f;
    user_table *table; /* owned */
    catalog catalog;
    image image;
    const char **schema; /* beyond dbo; owned list, ids from 5 */
    size_t schemas;
    uint32_t blob;
    uint32_t pages; /* of the file, known once the user tables are written */
} database;

enum { SCHEMA_DBO = 1, SCHEMA_SYS = 4, SCHEMA_FIRST = 5, DATABASE_VERSION = 782 };

/* Writes the data file (backup_base 0), or the data part of a backup from there on; with truth_dir, also a CSV per table
 * there. */
bool database_write(database *db, const database_spec *spec, FILE *file, uint64_t backup_base, const char *truth_dir,
                    fault *f);
void database_free(database *db);

/* ---- parts ---- */
bool catalog_describe(database *db);    /* all rows that do not depend on what was written */
bool catalog_count_rows(database *db);  /* sysrowsets */
bool catalog_count_pages(database *db); /* sysallocunits */
bool catalog_files(database *db);       /* the tables that name files and their size */
bool write_boot_pages(database *db);    /* pages 0 and 9 */
bool write_user_table(database *db, user_table *t, const char *truth_dir);

/* Unlike real ones the same in every file, so that the same description gives the same bytes. */
void database_guid(const database *db, unsigned which, uint8_t out[16]);
/* The logical name and path of the data (1) and log (2) file. */
void database_file_name(const database *db, unsigned file, char *out, size_t room);
void database_file_path(const database *db, unsigned file, char *out, size_t room);

#endif
