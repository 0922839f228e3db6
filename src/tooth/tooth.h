/* Teeth, sites and the scales of periodontal findings: what the words and numbers of a chart mean. Pure functions; the
 * tables are domain knowledge and each names its source. Canonical is the FDI number with a mark for supernumerary
 * teeth; never guessed: a number that two systems read differently needs its system (tooth_system). */
#ifndef TOOTH_TOOTH_H
#define TOOTH_TOOTH_H

#include "base/buf.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stdint.h>

typedef enum tooth_system { TOOTH_UNKNOWN, TOOTH_UNIVERSAL, TOOTH_FDI, TOOTH_PALMER } tooth_system;

typedef struct tooth {
    uint8_t fdi; /* 11-18, 21-28, 31-38, 41-48 permanent, 51-55 ... 81-85 primary; 0: none */
    bool supernumerary;
} tooth;

/* What a label alone proves about the numbering that it belongs to; bits, for a whole exam's labels joined by |. */
enum {
    TOOTH_PROVES_UNIVERSAL = 1, /* 1-10, 19, 20, 29, 30, supernumerary 56-60 ..., letters A-T without quadrant */
    TOOTH_PROVES_FDI = 2,       /* 33-38, 41-48, 83-85, 1.6 */
    TOOTH_PROVES_PALMER = 4,    /* UR6, ⎿6 */
    TOOTH_EITHER = 8,           /* both numberings read it, as different teeth */
    TOOTH_MEANS_NOTHING = 16
};
unsigned tooth_proof(sv label);

typedef enum tooth_read { TOOTH_GOOD, TOOTH_INVALID, TOOTH_NEEDS_SYSTEM } tooth_read;
/* quadrant: of a column of its own ("UL", "2"), or empty. */
tooth_read tooth_parse(sv label, sv quadrant, tooth_system system, tooth *out);

/* The tooth in another notation, as destinations print it: "3", "16", "UR6"; supernumerary "53", "16S", "UR6S". */
void tooth_print(tooth t, tooth_system system, buf *out);
/* Names of systems: "universal", "fdi", "palmer" in any case, with the synonyms of practice systems. */
tooth_system tooth_system_named(sv name);
const char *tooth_system_name(tooth_system s); /* canonical word; NULL: unknown */

bool tooth_is_primary(tooth t);
bool tooth_is_molar(tooth t);
bool tooth_has_furcation(tooth t, char entrance /* 'B' 'M' 'D' 'L' */);

/* The six sites, in the canonical order. */
typedef enum tooth_site { SITE_MB, SITE_B, SITE_DB, SITE_ML, SITE_L, SITE_DL, SITES } tooth_site;
extern const char *const site_name[SITES];
/* A site by any of its names ("Facial Mesial", "LM", "4"); SITES: none, or not one alone. */
tooth_site site_named(sv name);

/* Values, in tenths; measure_NONE: not measured. */
typedef enum reading { READING_NONE, READING_GOOD, READING_ODD /* kept, told */, READING_WRONG } reading;
reading depth_read(sv text, int16_t *tenths);      /* probing depth */
reading recession_read(sv text, int16_t *tenths);  /* in the source's own sign */
reading attachment_read(sv text, int16_t *tenths); /* clinical attachment loss */
reading width_read(sv text, int16_t *tenths);      /* keratinized gingiva, mucogingival junction */
reading mobility_read(sv text, int16_t *tenths);   /* Miller index: 1+ is 15 */
reading index_read(sv text, int16_t *tenths);      /* plaque index 0 to 3 */
reading mark_read(sv text, int8_t *yes);           /* bleeding and the like: 0 or 1 */
typedef enum furcation_scale { FURCATION_UNKNOWN, FURCATION_GLICKMAN, FURCATION_HAMP } furcation_scale;
reading furcation_read(sv text, furcation_scale scale, int8_t *grade);
/* Recession classes: roman numerals I-IV are Miller's, RT1-RT3 Cairo's; bare arabic figures have no certain meaning. */
reading miller_read(sv text, const char **word);
reading cairo_read(sv text, const char **word);

#endif
