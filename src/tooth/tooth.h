/* Teeth, sites and the scales of periodontal findings: what the words and numbers of a chart mean. Pure functions; the
 * tables are domain knowledge and each names its source (README.md). Canonical is the FDI number with a mark for
 * supernumerary teeth. Nothing is guessed: a number that two systems read as different teeth needs its system. */
#ifndef TOOTH_TOOTH_H
#define TOOTH_TOOTH_H

#include "base/buf.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stdint.h>

/* ---- teeth ---- */

typedef enum tooth_system { TOOTH_UNKNOWN, TOOTH_UNIVERSAL, TOOTH_FDI, TOOTH_PALMER, TOOTH_HADERUP } tooth_system;
#define TOOTH_SYSTEMS (TOOTH_HADERUP + 1)

typedef struct tooth {
    uint8_t fdi;        /* 11-18, 21-28, 31-38, 41-48 permanent, 51-55 ... 81-85 primary; 0: none */
    bool supernumerary; /* an additional tooth beside that position */
} tooth;

/* A supernumerary tooth of which the source does not say the place: {TOOTH_ANYWHERE, true}. Only a profile can say that
 * 99 means one; tooth_parse never gives it. */
enum { TOOTH_ANYWHERE = 99 };

/* What a label alone proves about the numbering that it belongs to; bits, so that those of a whole exam's labels can be
 * joined by |. A label that proves nothing and may mean a tooth or something else (1-6, -6) has
 * none. */
enum {
    TOOTH_PROVES_UNIVERSAL = 1,       /* 1-10, 19, 20, 29, 30, supernumerary 56-60 66-70 76-80, letters A-T */
    TOOTH_PROVES_FDI = 2,             /* 33-38, 41-48, 83-85, 1.6 */
    TOOTH_PROVES_PALMER = 4,          /* UR6, ⎿6 */
    TOOTH_EITHER = 8,                 /* Universal and FDI read it, as different teeth */
    TOOTH_MEANS_NOTHING = 16,         /* no tooth in any system */
    TOOTH_PROVES_HADERUP = 32,        /* 6+, +6, 6- */
    TOOTH_POSITION = 64,              /* with a quadrant column: a position in that quadrant, not Universal */
    TOOTH_POSITION_OR_UNIVERSAL = 128 /* with a quadrant column: 3 in UR is the canine, or Universal's first molar */
};
/* quadrant: of a column of its own ("UL", "2"), or empty. */
unsigned tooth_proof(sv label, sv quadrant);

typedef enum tooth_read { TOOTH_GOOD, TOOTH_INVALID, TOOTH_NEEDS_SYSTEM } tooth_read;
/* The tooth that a label means in a system. A label that says its system itself (UR6, 1.6, 6+) is read in any; with
 * TOOTH_UNKNOWN also one that only one system reads, or that all read alike. With a quadrant column a bare 1-8 or A-E
 * is a position in that quadrant, but for a system that is known to be Universal. Accepted around a number or letter:
 * blanks, #, leading zeros, .0, the words tooth, no, diş; T- before a number. One tooth only: lists and ranges are
 * teeth_parse's. */
tooth_read tooth_parse(sv label, sv quadrant, tooth_system system, tooth *out);

/* Several teeth, as plan lines have them: "3", "3,14", "3-5", "UR3 - UL3", "#3 & #14", "18;19". A range goes along one
 * arch, from the first to the last; Universal numbers may run through both. Each tooth once, in the order given.
 * TOOTH_INVALID also when there are more than room; *n is 0 unless TOOTH_GOOD. */
enum { TEETH_MAX = 104 }; /* as many different teeth as there are */
tooth_read teeth_parse(sv text, tooth_system system, tooth *out, size_t room, size_t *n);

/* The quadrant that a column of its own names: 1 upper right, 2 upper left, 3 lower left, 4 lower right, 5-8 the same of
 * primary teeth; 0: none. UR, Upper Right, Sağ Üst, 1, Q1, ADA area codes 10 20 30 40. */
unsigned quadrant_named(sv name);

/* The tooth as a system writes it: "3", "16", "UR6", "6+"; supernumerary "53", "16S", "UR6S", "6+S". Every system reads
 * it back. TOOTH_UNKNOWN: as FDI. */
void tooth_print(tooth t, tooth_system system, buf *out);
/* Names of systems: "universal", "fdi", "palmer", "haderup" in any case, with the synonyms of practice systems. */
tooth_system tooth_system_named(sv name);
const char *tooth_system_name(tooth_system s); /* canonical word; NULL: unknown */

bool tooth_is_primary(tooth t);
bool tooth_is_molar(tooth t);
bool tooth_is_upper(tooth t);
bool tooth_is_on_the_right(tooth t); /* of the patient: on the left of a screen */
/* Whether a tooth of that kind has a furcation that is entered from there: upper molars B M D, upper first premolars M
 * D, lower molars B L; primary molars as molars. */
bool tooth_has_furcation(tooth t, char entrance /* 'B' 'M' 'D' 'L' */);

/* Teeth in their order: permanent 11 ... 48, primary 51 ... 85, then the supernumerary ones alike, TOOTH_ANYWHERE last.
 * TEETH for no tooth. */
enum { TEETH = 105 };
unsigned tooth_index(tooth t);
tooth tooth_at(unsigned index);

/* ---- sites ---- */

/* The six sites, in the canonical order. */
typedef enum tooth_site { SITE_MB, SITE_B, SITE_DB, SITE_ML, SITE_L, SITE_DL, SITES } tooth_site;
extern const char *const site_name[SITES];
/* A site by any of its names ("Facial Mesial", "LM", "4"); SITES: none, or not one alone. */
tooth_site site_named(sv name);

/* ---- readings ---- */

enum { READ_NONE = INT16_MIN };
/* Tenths of a millimetre or grade; READ_NONE unless good or odd. */
typedef enum reading {
    READING_NONE, /* nothing was measured: empty, NULL; of millimetres also x, -; of a depth -1 */
    READING_GOOD,
    READING_ODD,  /* kept, and told: possible but unusual */
    READING_WRONG /* no certain meaning: held back */
} reading;
reading depth_read(sv text, int16_t *tenths); /* probing depth: 0-15 by halves; to 19.9 and finer ones are odd */
/* How a source writes the gingival margin. Canonical: recession positive, overgrowth negative. */
typedef enum margin_sign {
    MARGIN_UNKNOWN, /* taken as written, whatever it is: for finding the sign out */
    MARGIN_RECESSION_POSITIVE,
    MARGIN_RECESSION_NEGATIVE,
    MARGIN_100_PLUS /* recession positive, overgrowth as 100 + n, -1 nothing (Open Dental) */
} margin_sign;
/* Canonical recession: -5 to 10 is good, -10 to 15 odd. */
reading recession_read(sv text, margin_sign sign, int16_t *tenths);
/* The same for numbers in tenths, as typed columns give them. */
reading depth_check(int32_t tenths);
reading recession_check(int32_t in, margin_sign sign, int16_t *tenths);
reading attachment_check(int32_t tenths);
reading width_check(int32_t tenths);
reading attachment_read(sv text, int16_t *tenths); /* clinical attachment loss: 0-20; -10 to 25 odd */
reading width_read(sv text, int16_t *tenths);      /* keratinized gingiva, mucogingival junction: 0-15; to 30 odd */
reading mobility_read(sv text, int16_t *tenths);   /* Miller index 0-3: 1, II, M1, 1+ is 15; 0.5 is odd */
reading index_read(sv text, int16_t *tenths);      /* plaque index 0 to 3 */
reading mark_read(sv text, int8_t *yes);           /* bleeding and the like: 0 or 1 */

typedef enum furcation_scale { FURCATION_UNKNOWN, FURCATION_GLICKMAN, FURCATION_HAMP } furcation_scale;
/* 0-4, I-IV, F2, Class II. A grade 4 on a scale that ends at 3 (Hamp) is wrong. */
reading furcation_read(sv text, furcation_scale scale, int8_t *grade);
/* Recession classes, 1-4 and 1-3; roman numerals I-IV are Miller's, RT1-RT3 Cairo's; bare arabic figures have no
 * certain meaning. */
reading miller_read(sv text, int8_t *klass);
reading cairo_read(sv text, int8_t *type);
extern const char *const miller_name[5], *const cairo_name[4]; /* [0]: NULL */

#endif
