/* Names of people: what the files about them share. */
#ifndef NORMALIZE_NAME_H
#define NORMALIZE_NAME_H

#include "normalize/normalize_internal.h"

/* The canonical form of a suffix (Jr Sr II III IV V), NULL: it is none. */
const char *suffix_of(sv token);
/* The canonical form of one credential, NULL: none. name_too: people are called so as well (Ma, Do). */
const char *credential_of(sv token, bool *name_too);
/* True when the text is nothing but credentials. name_too: a single one that may also be a name. */
bool credentials_only(sv piece, bool *name_too);
/* A word that belongs to the last name behind it: de, van. */
bool name_is_particle(sv word);

/* How a value of capitals is written in small letters. */
typedef enum name_place {
    NAME_GIVEN, /* first, middle, nickname: no particles */
    NAME_LAST,  /* particles wherever a word follows */
    NAME_WHOLE  /* from the second word on; suffixes and credentials keep their form */
} name_place;
void name_add_cased(buf *out, sv capitals, name_place place, bool turkish);

bool names_are_turkish(const norm_options *o);

#endif
