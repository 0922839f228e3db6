/* What the files of this folder share. */
#ifndef SNAPSHOT_SNAPSHOT_INTERNAL_H
#define SNAPSHOT_SNAPSHOT_INTERNAL_H

#include "snapshot/snapshot.h"
#include <jansson.h>

#define SNAPSHOT_MARK "chartferry_snapshot"

typedef struct snapshot_source {
    row_source base;
    arena *mem;
    findings *found;
    sv path;
    source_info info;
    catalog list;
    source_facts facts;
} snapshot_source;

const char *column_kind_name(column_type t);
column_type column_kind_named(sv name); /* T_UNKNOWN for what is no kind */

/* Reading: the first thing that is wrong is told as "tables[3].columns[1]: name is no text". */
typedef struct snapshot_reader {
    arena *mem;
    buf *wrong; /* empty: nothing */
    const char *table;
    size_t table_at, column_at;
} snapshot_reader;

void snapshot_wrong(snapshot_reader *r, const char *what, const char *key);
/* A member that must be there, or may be absent; wrong when it is of another kind. */
sv snapshot_text(snapshot_reader *r, const json_t *o, const char *key, bool required);
uint64_t snapshot_number(snapshot_reader *r, const json_t *o, const char *key, uint64_t most);
bool snapshot_truth(snapshot_reader *r, const json_t *o, const char *key);
const json_t *snapshot_array(snapshot_reader *r, const json_t *o, const char *key); /* NULL: absent */

void snapshot_read_facts(snapshot_reader *r, const json_t *column, column_facts *out);
/* The catalog and the facts of all tables. False when something is wrong or memory is out. */
bool snapshot_read_tables(snapshot_reader *r, const json_t *root, catalog *list, source_facts *facts);

#endif
