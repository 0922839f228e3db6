/* What a part is: a sealed ZIP (AES-256) with
 *   chartferry-part-1.json  first: which pack it belongs to, which part it is
 *   files of the bundle    by their paths; one that is larger than a part in pieces NAME.001, NAME.002 ...
 *   private-names.zip      the files whose names could tell of a patient, by their paths, in a plain ZIP
 *   chartferry-index.json  last, in the last part: how many parts there are, their hashes, which files are in pieces
 * and a comment of the ZIP that ends in the SHA-256 of everything before it: what was damaged on the way is known before a
 * passphrase is asked for, and so is which part it is. The names of members can be read without the passphrase. */
#ifndef PACK_PART_FORM_H
#define PACK_PART_FORM_H

#include "base/sv.h"
#include <stdint.h>

#define PART_MEMBER                                                                                                    \
    "chartferry-part-" /* and its number, so that parts are extracted into one folder without a question */
#define INDEX_MEMBER "chartferry-index.json"
#define NEST_MEMBER  "private-names.zip"
#define PART_COMMENT "part of a chartferry pack, sha256 "

enum {
    PACK_ID_HEX = 32,
    PART_FORM = 1,
    PARTS_MAX = 9999,
    PIECES_MAX = 9999,
    PART_JSON_MAX = 4096,
    INDEX_JSON_MAX = 4 << 20
};

/* A name that may be read without the passphrase: no key of a record is in it, and none of the names above. */
bool part_name_is_plain(sv path);
/* chartferry-part-N.json. */
bool part_name_is_head(sv name);
/* Takes the ending ".001" off; 0: there is none. */
unsigned part_piece_of(sv *name);

#endif
