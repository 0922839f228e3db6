/* Where the bundle has the content of each document: its lists Files.csv and Files_made.csv, read. */
#ifndef LINKING_FILE_PLACES_H
#define LINKING_FILE_PLACES_H

#include "base/arena.h"
#include "base/finding.h"

typedef struct file_place {
    sv document; /* source key of the document, of a made file the one that it was made of, of a drawn chart the exam */
    sv name;     /* for people, with the extension of the content */
    sv path;     /* from the destination's folder, archives being unpacked */
    sv sha256;   /* of the content, in hex */
    bool by_hand, made;
    bool drawn; /* a chart: made of an exam and in no list of documents. Then these stand: */
    sv patient /* source key */, category, captured /* YYYY-MM-DD hh:mm:ss */;
} file_place;

typedef struct file_places {
    file_place *item; /* by document; what was made behind its document */
    size_t n;
} file_places;

/* folder: of the destination. A list that is not there is none. False with a finding. In mem. */
bool file_places_read(const char *folder, arena *mem, file_places *out, findings *f);
/* The first one of a document and their number; NULL: none. */
const file_place *file_places_of(const file_places *p, sv document, size_t *n);

#endif
