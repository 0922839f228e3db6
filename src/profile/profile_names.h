/* How well a name of a source fits one that a profile knows: letter case, signs, accents, prefixes such as `tbl`, and
 * words that practice systems use for each other (No and Num, ID and Key, Dr and Provider) do not count in the end. */
#ifndef PROFILE_PROFILE_NAMES_H
#define PROFILE_PROFILE_NAMES_H

#include "base/sv.h"

typedef enum name_fit {
    NAME_FITS_NOT,
    NAME_FITS_BY_WORDS,       /* word by word, equal or used for each other */
    NAME_FITS_WITHOUT_PREFIX, /* behind `tbl`, `str`, `int`, `dt`, `fld`, `dbo`, `t` */
    NAME_FITS_FOLDED,         /* letters and digits, without case and accents */
    NAME_FITS_EXACTLY,        /* letter case aside */
    NAME_FITS
} name_fit;

/* A name prepared for comparing. Names longer than this fit only exactly. */
enum { NAME_FOLDED_MAX = 96, NAME_WORDS_MAX = 12 };
typedef struct name_form {
    sv name; /* borrowed */
    char folded[NAME_FOLDED_MAX];
    uint8_t n;
    uint8_t prefix;                   /* bytes of folded that are a prefix; 0: none */
    uint8_t word[NAME_WORDS_MAX + 1]; /* where each begins in folded, prefix aside; and the end */
    uint8_t words;
} name_form;

void name_form_of(sv name, name_form *out);
name_fit name_fits(const name_form *a, const name_form *b);

#endif
