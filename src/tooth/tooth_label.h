/* Inside of the tooth layer: the form of a label before it is known which system it is of. */
#ifndef TOOTH_TOOTH_LABEL_H
#define TOOTH_TOOTH_LABEL_H

#include "tooth/tooth.h"

typedef enum label_kind {
    LABEL_NOTHING,
    LABEL_NUMBER,       /* number */
    LABEL_LETTER,       /* number: 0 is A; supernumerary */
    LABEL_PALMER,       /* tooth: quadrant and position in one label */
    LABEL_FDI_PARTS,    /* tooth: 1.6 */
    LABEL_FDI_DASH,     /* tooth: 1-6, which is also a range */
    LABEL_FDI_MORE,     /* tooth: 16S */
    LABEL_HADERUP,      /* tooth: 6+ +6 6- */
    LABEL_HADERUP_MINUS /* tooth: -6, which is also a negative number */
} label_kind;

typedef struct tooth_label {
    label_kind kind;
    unsigned number;
    bool supernumerary;
    tooth tooth;
} tooth_label;

tooth_label label_of(sv text);

/* ASCII capitals of a short text: Turkish letters without their marks, dashes as '-', blanks of any kind as ' ', signs
 * of Palmer's as PALMER_UR ...; blanks at both ends dropped. False when it is too long or holds anything else. */
enum { PALMER_UR = 1, PALMER_UL, PALMER_LL, PALMER_LR };
enum { FOLDED_MAX = 48 };
typedef struct folded {
    char p[FOLDED_MAX];
    size_t n;
} folded;
bool fold_text(sv text, folded *out);

/* A quadrant (1-4) at the beginning of s in letters or words; *used: how long it is. 0: none. */
unsigned quadrant_prefix(sv s, size_t *used);

unsigned tooth_quadrant(tooth t); /* 1-8 */
unsigned tooth_position(tooth t);
bool tooth_exists(unsigned quadrant, unsigned position);
unsigned universal_to_fdi(unsigned number);        /* 1-32; 0: none */
unsigned universal_letter_to_fdi(unsigned letter); /* 0 is A; 0: none */
unsigned tooth_universal(tooth t);                 /* number, or letter from 0 of a primary tooth */

#endif
