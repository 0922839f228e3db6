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
    rowset part[PARTS_MAX]; /* one per partition */
    int64_t auid[PARTS_MAX][3];
    filegroup group;
    lob_shape shape;
    user_index *index; /* owned */
} user_table;

typedef struct database {
    const database_spec *spec;
    fault *f;
    user_table *table; /* owned */
    catalog catalog;
    image image[FILES_MAX]; /* of each data file */
    unsigned files;
    const char *group[FILES_MAX]; /* names of filegroups; the first is PRIMARY with id 1 */
    unsigned groups;
    const char **schema; /* beyond dbo; owned list, ids from 5 */
    size_t schemas;
    uint32_t blob;
    uint32_t pages[FILES_MAX]; /* of the files, known once the user tables are written */
    bool before;               /* the state before what the description says: fewer rows, other values */
} database;

enum { SCHEMA_DBO = 1, SCHEMA_SYS = 4, SCHEMA_FIRST = 5, PARTITION_SCHEME = 65601 };

typedef struct database_options {
    FILE *const *file;     /* one per data file, open for reading and writing */
    uint64_t backup_base;  /* not 0: file[0] becomes a backup whose data part begins there */
    const char *truth_dir; /* NULL: no truth is written */
    bool before;           /* the state before */
    bool all_changed;      /* the maps of changes name every extent */
    const uint8_t *const
        *changed; /* per file and extent, for the maps of changes; NULL: none but the first two extents */
} database_options;

/* Writes the data files; with truth_dir, also a CSV per table there. */
bool database_write(database *db, const database_spec *spec, const database_options *o, fault *f);
void database_free(database *db);

/* ---- parts ---- */
bool catalog_describe(database *db);    /* all rows that do not depend on what was written */
bool catalog_count_rows(database *db);  /* sysrowsets */
bool catalog_count_pages(database *db); /* sysallocunits */
bool catalog_hobts(database *db);       /* 2005: syshobts */
bool catalog_references(database *db);  /* 2005: sysserefs, which unit belongs to which rowset */
bool catalog_files(database *db);       /* the tables that name files and their size */
bool write_boot_pages(database *db);    /* pages 0 and 9 */
bool write_user_table(database *db, user_table *t, const char *truth_dir);

/* Unlike real ones the same in every file, so that the same description gives the same bytes. */
void database_guid(const database *db, unsigned which, uint8_t out[16]);
/* The filegroup of a data file, by its place in the list. */
unsigned database_group_of(const database *db, unsigned place);
/* The logical name and path of a file: data (1 and from 3) and log (2). */
void database_file_name(const database *db, unsigned file, char *out, size_t room);
void database_file_path(const database *db, unsigned file, char *out, size_t room);

#endif
