/* The files of a conversion: every staged document's content, streamed once from the source to all destinations that take
 * files. Each document ends written, or rejected with a reason (empty, lost, broken off, its file missing, refused by the
 * destination), in each destination's line of the ledger. */
#ifndef DOCUMENTS_DOCUMENTS_H
#define DOCUMENTS_DOCUMENTS_H

#include "base/arena.h"
#include "base/ledger.h"
#include "content/content.h"
#include "deliver/audit.h"
#include "deliver/load_state.h"
#include "deliver/rejects.h"
#include "deliver/scope.h"
#include "model/model.h"
#include "template/file_rules.h"
#include <sqlite3.h>

typedef struct documents_run {
    sqlite3 *work; /* with the staged entities; type, size, SHA-256 and file name are put into `document` */
    row_source *source;
    const char *folder;       /* of the run, unfinished; NULL: dry */
    const char *files_folder; /* where files are looked for that the source only names; NULL: nowhere */
    sv system;                /* letters that begin source keys */
    ledger *counts;
    findings *found;
    rejects *out;
    record_scope *scope; /* what it leaves out is skipped; NULL: nothing */
    audit *audit;        /* NULL: no list is made of what became of documents */
    arena *mem;          /* what document_file is kept in */
    bool (*cancelled)(void *ctx);
    void *ctx;
} documents_run;

typedef struct document_file {
    sv path;   /* relative to the run folder */
    sv object; /* the ledger line that its rows are counted in; empty: an archive or a document */
    uint64_t rows, bytes;
    char sha256[65];
} document_file;

typedef struct documents documents;

/* NULL with a finding. What run points to must outlive it; run itself is copied. Where there are destinations, from the first
 * document to documents_finish out, audit and mem belong to a thread that gives what was read to them, while the next document
 * is read. */
documents *documents_new(const documents_run *run);
/* A destination whose folder exists; more: it gets files that documents_made gives; state NULL: none is kept, every file is
 * written. False with a finding. */
bool documents_add(documents *x, sv id, const file_rules *rules, bool more, load_state *state);
/* The content of a document, or of a letter template, by its key in the source. Others than staged ones are passed over.
 * ST_OK, also when there is nothing to be had; ST_END: cancelled; ST_FATAL with a finding. */
status documents_take(documents *x, const model_entity *e, sv src_key, const content_place *p);
/* A file that the program made of a record, for those destinations that want it, by their order. Before the first document
 * or behind it; the work file is not touched. ST_OK; ST_FATAL with a finding. */
typedef struct made_file {
    sv key;           /* of the record, which the file is named by; no document's */
    sv patient, exam; /* source keys */
    sv kind, category, captured;
    sv extension;
} made_file;
status documents_made(documents *x, const made_file *m, sv content, const bool *wanted);
/* Staged documents that were not given have no content in the source; then all archives and lists are closed. The same
 * ends. */
status documents_finish(documents *x);
/* What was written for the nth destination that was added. */
const document_file *documents_files(const documents *x, size_t destination, size_t *n);
void documents_free(documents *x); /* x may be NULL */

#endif
