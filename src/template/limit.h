/* What a system takes: numbers of the template, each with its source. */
#ifndef TEMPLATE_LIMIT_H
#define TEMPLATE_LIMIT_H

#include "base/sv.h"

/* L(id, "key", what it counts). */
#define LIMIT_LIST(L)                                                                                                  \
    L(ROWS_PER_FILE, "rows_per_file", "rows a file")                                                                   \
    L(BYTES_PER_FILE, "bytes_per_file", "bytes a file")                                                                \
    L(CHARACTERS_PER_CELL, "characters_per_cell", "characters a cell")                                                 \
    L(CHARACTERS_PER_ROW, "characters_per_row", "characters a row")                                                    \
    L(FIRST_YEAR, "first_year", "first year")                                                                          \
    L(LAST_YEAR, "last_year", "last year")                                                                             \
    L(NEW_OBJECTS, "new_objects", "new tables")                                                                        \
    L(FIELDS_PER_OBJECT, "fields_per_object", "new fields of a table")                                                 \
    L(FIELDS_IN_ALL, "fields_in_all", "new fields in all")                                                             \
    L(OPTIONS_PER_FIELD, "options_per_field", "options of a pick list")                                                \
    L(COLUMNS_PER_FILE, "columns_per_file", "columns of a file")                                                       \
    L(NAME_LENGTH, "name_length", "characters of a field's name")                                                      \
    L(LABEL_LENGTH, "label_length", "characters of a label")                                                           \
    L(UNDERSCORES, "underscores_in_a_row", "underscores in a row")                                                     \
    L(BYTES_PER_RECORD, "bytes_per_record", "bytes that a record takes in the system")                                 \
    L(STORAGE_BYTES, "storage_bytes", "bytes of data that are included")                                               \
    L(ROWS_PER_MINUTE, "rows_per_minute", "rows loaded in a minute")                                                   \
    L(SECONDS_PER_UPLOAD, "seconds_per_upload", "seconds a person needs for an upload")

typedef enum limit_id {
#define L(id, key, what) LIMIT_##id,
    LIMIT_LIST(L)
#undef L
        LIMITS
} limit_id;

extern const char *const limit_key[LIMITS], *const limit_what[LIMITS];

typedef struct limits {
    uint64_t most[LIMITS]; /* 0: none */
    sv source[LIMITS];
    bool of_edition[LIMITS];
} limits;

#endif
