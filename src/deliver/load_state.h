/* What a destination holds once a bundle is loaded: of each record its key and a keyed hash of the row, no value. The next run
 * compares with it and writes only what is new or has changed (`--since`).
 *
 * In the run folder: state/key.txt, and state/<destination>/<object>.csv with key, hash (of 64 bits: that a change is not
 * seen has a chance of one in 2^64) and which of the row's fields had a value, a bit each. The key of the hash is made of the practice's own patients, so that the same run gives
 * the same bytes; who does not hold all of them cannot try out whose record a hash is. A later run goes on with the key of
 * the state that it compares with. */
#ifndef DELIVER_LOAD_STATE_H
#define DELIVER_LOAD_STATE_H

#include "base/arena.h"
#include "deliver/audit.h"
#include "deliver/keyed_hash.h"
#include "deliver/rejects.h"
#include <sqlite3.h>

#define STATE_FOLDER "state"

/* Of the folder of an earlier run, or of its folder state. False with a finding. */
bool state_key_read(const char *earlier, hash_key *out, findings *f);
/* Made of the staged patients. False with a finding. */
bool state_key_make(sqlite3 *work, hash_key *out, findings *f);
/* Into folder/state/key.txt, which is no file of the bundle: it stays where the practice is. False with a finding. */
bool state_key_write(const char *folder, const hash_key *key, findings *f);

/* Of one destination. */
typedef struct load_state load_state;

/* folder: of the unfinished run; NULL: dry. earlier: as above; NULL: everything is new. In mem, with what it tells of files.
 * NULL with a finding. */
load_state *load_state_new(const char *folder, sv destination, const hash_key *key, const char *earlier, arena *mem,
                           findings *f);
/* The lists written so far: those of the state, and of records that are in the earlier one only. */
const rejects_file *load_state_files(const load_state *s, size_t *n);

/* Of one of its objects; by one thread at a time. */
typedef struct object_state object_state;
typedef enum state_word { STATE_NEW, STATE_CHANGED, STATE_SAME } state_word;

/* Everything is lasting. A later state makes lists in the destination's folder, each of them named `list`:
 *   deleted/  keys of records that are in the earlier state only; not of a second pass, whose records are listed by the first
 *   changed/  keys of records that are written now and are loaded already
 *   emptied/  key and field of values that are loaded and have gone: an empty cell leaves a field as it is in most import tools */
typedef struct state_object {
    sv name; /* letters, digits, - and _ */
    sv list; /* "09_Contact_Patient.csv" */
    sv key;  /* heading of the key */
    const sv *
        field; /* headings of the row's other cells; they are told in `emptied`, and by `ends` of object_state_compare */
    size_t fields;
    bool second; /* a second pass */
} state_object;
/* NULL with a finding. */
object_state *object_state_open(load_state *s, const state_object *what);
/* Where records that are in the earlier state only are told besides the list; p may be NULL. */
void object_state_audit(object_state *o, audit_part *p);
/* Records whose keys begin and end so are made by an option that this run was not given: where they are loaded, they stay. Lasting. */
void object_state_keeps(object_state *o, sv begin, sv end);
/* A record as it would be written, with all of its row; ends: where each of its fields ends among them, NULL: there are none. */
status object_state_compare(object_state *o, sv key, sv row, const size_t *ends, state_word *out);
/* It was written, or is loaded as it is: the record that was compared last. */
status object_state_put(object_state *o, sv key);
/* A record that is not written now: where it was loaded before, it still is as it was. */
status object_state_keep(object_state *o, sv key);
/* Closes the lists and frees it. */
status object_state_close(object_state *o);
void object_state_abandon(object_state *o); /* o may be NULL */

#endif
