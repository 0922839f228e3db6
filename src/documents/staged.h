/* Documents, letters and letter templates among the staged records of the work file: found by their keys in the source, told what
 * their content is. Internal to this folder. */
#ifndef DOCUMENTS_STAGED_H
#define DOCUMENTS_STAGED_H

#include "base/arena.h"
#include "documents/letter_pdf.h"
#include "documents/spool.h"
#include "model/model.h"
#include <sqlite3.h>

/* A staged document, or letter template; its texts are in the arena of the work. */
typedef struct staged {
    sv source_key, src_table, src_key, file_name, mime, category, captured, source_path, patient, exam;
    sv letter_type, letter_date;
    bool is_letter;
} staged;

typedef struct staged_work {
    sqlite3 *db;
    findings *found;
    sv system;  /* letters that begin source keys */
    arena *one; /* of the record at hand */
    sqlite3_stmt *find, *see, *note, *letter, *pattern, *fields;
} staged_work;

/* Before any other call, as often as one likes: the tables are made when the first document comes, since their entities may not
 * be staged at all. False, as ST_FATAL of all others, with a finding. */
bool staged_open(staged_work *x);
/* ST_OK: it is the first time that the record is seen; ST_END: it is not. */
status staged_see(const staged_work *x, const model_entity *e, sv src_key);
/* ST_END: it is not staged. */
status staged_find(const staged_work *x, sv src_key, staged *d);
status staged_template(const staged_work *x, sv src_key, staged *d, letter_facts *f);
/* Type, size, SHA-256 and the file's name into the record. */
status staged_note(const staged_work *x, const staged *d, const spooled *s, sv file);
status staged_note_fields(const staged_work *x, const staged *d, sv names);

/* Each record of the entity that was not seen, by key, until take returns something else than ST_OK. */
typedef status staged_take(void *ctx, const model_entity *e, sv src_key);
status staged_unseen(const staged_work *x, const char *entity, staged_take *take, void *ctx);

void staged_close(staged_work *x); /* ends its statements */
status staged_end(const staged_work *x);

#endif
