/* Periodontal charts: rows of a source, in one of five shapes, folded into one exam at a time. Sites never rest on a
 * disk: each exam goes to its sinks as soon as its last row was read, in an order that the source alone decides.
 *
 * Two passes over the chart's table. The survey (any order, both cores) counts the rows of each exam, gathers what
 * proves an exam's tooth numbering, and counts the signs of recession against attachment loss. Then decisions: numbering
 * per exam (its own word; proofs in it; proofs of its provider's other exams; the profile's default; none: rejected), sign
 * of recession for the whole source. The fold reads the rows again and gives each exam out when it is complete; where
 * rows of very many exams are mixed it goes over the table several times rather than over a memory ceiling. */
#ifndef CHART_CHART_H
#define CHART_CHART_H

#include "base/arena.h"
#include "base/ledger.h"
#include "source/row_source.h"
#include "tooth/tooth.h"

/* ---- one exam ---- */

enum { CHART_NONE = INT16_MIN, MARK_NONE = -1 }; /* not measured; not recorded */

typedef struct chart_site {
    int16_t pd, recession, cal,
        cal_source; /* tenths of mm; recession > 0: margin apical to the CEJ; cal = pd + recession */
    int8_t bop, suppuration, plaque, calculus; /* 0, 1, MARK_NONE */
} chart_site;

typedef enum tooth_status {
    TOOTH_STATUS_NONE,
    TOOTH_PRESENT,
    TOOTH_MISSING,
    TOOTH_IMPLANT,
    TOOTH_UNERUPTED,
    TOOTH_PONTIC,
    TOOTH_PRIMARY
} tooth_status;

typedef struct chart_furcation {
    int8_t grade; /* 0-4; MARK_NONE */
    sv raw;
} chart_furcation;

/* A finding of the practice's own: a column that the profile does not read. */
typedef struct chart_custom {
    sv name, value;
    column_type type;
} chart_custom;

typedef struct chart_tooth {
    tooth tooth;
    sv raw; /* the label as the source has it */
    tooth_status status;
    int16_t mobility; /* tenths */
    sv mobility_raw;
    furcation_scale scale;
    chart_furcation furcation[4]; /* B M D L */
    const char *miller, *cairo;   /* canonical words; NULL: none */
    int16_t keratinized, mgj, plaque_index;
    sv note;
    chart_site site[SITES];
    const chart_custom *custom;
    size_t customs;
    sv src_key;    /* of the first row that it is made of */
    bool conflict; /* readings on a missing tooth: kept, out of the scores */
} chart_tooth;

/* What the whole exam comes to; counts are exact, percentages in tenths, half away from zero; CHART_NONE: not defined. */
typedef struct chart_scores {
    int32_t teeth_present, teeth_missing, implants;
    int32_t sites_examined, sites_bled, sites_with_bleeding_mark, sites_suppuration, sites_plaque;
    int32_t pd4, pd5, pd6, teeth_pd5;
    int16_t bop_percent, plaque_percent, suppuration_percent, pd4_percent, pd5_percent, pd6_percent; /* tenths of % */
    int16_t max_pd;                                                                                  /* tenths */
    int32_t mean_pd, mean_cal; /* hundredths of mm; CHART_NONE_MEAN: none */
} chart_scores;
enum { CHART_NONE_MEAN = INT32_MIN };

typedef struct exam_chart {
    sv exam; /* src_key of its clinical_exam */
    tooth_system numbering;
    bool numbering_assumed;   /* the profile's default decided */
    const chart_tooth *tooth; /* by position: FDI, supernumerary last */
    size_t teeth;
    chart_scores scores;
} exam_chart;

/* ---- the declaration (profile.yaml, key chart) ---- */

typedef enum chart_shape {
    SHAPE_WIDE_EXAM,
    SHAPE_TOOTH_ROW,
    SHAPE_TOOTH_MEASURE,
    SHAPE_SITE_ROW,
    SHAPE_PACKED
} chart_shape;
/* What a column of the chart's table holds. */
typedef enum chart_measure {
    MEASURE_PD,
    MEASURE_RECESSION,
    MEASURE_CAL,
    MEASURE_BOP,
    MEASURE_SUPPURATION,
    MEASURE_PLAQUE,
    MEASURE_CALCULUS,
    MEASURE_BLEEDING_FLAGS, /* sum: blood 1, suppuration 2, plaque 4, calculus 8 */
    MEASURE_MOBILITY,
    MEASURE_FURCATION,
    MEASURE_MILLER,
    MEASURE_CAIRO,
    MEASURE_KERATINIZED,
    MEASURE_MGJ,
    MEASURE_PLAQUE_INDEX,
    MEASURE_STATUS,
    MEASURE_SKIPPED, /* 1: the tooth is missing */
    MEASURE_NOTE,
    MEASURE_IGNORED
} chart_measure;

typedef struct chart_column {
    uint16_t column; /* of the table */
    chart_measure measure;
    tooth_site site; /* SITES: of the tooth as a whole */
    char entrance;   /* of a furcation: 'B' 'M' 'D' 'L'; 0 */
    sv label;        /* wide_exam: the tooth it is of */
} chart_column;

typedef struct chart_plan {
    chart_shape shape;
    size_t table;                                      /* index into the source's catalog */
    int exam, row_key, tooth, quadrant, site, measure; /* columns; -1: none */
    const chart_column *column;
    size_t columns;
    const struct chart_word {
        sv value;
        chart_measure measure;
    } * measures; /* tooth_measure: value of the measure column */
    size_t measure_words;
    const sv *not_measured; /* values that mean that nothing was measured, beside NULL and "" */
    size_t not_measured_n;
    const struct chart_status_word {
        sv value;
        tooth_status status;
    } * statuses;
    size_t status_words;
    margin_sign margin;
    furcation_scale scale;
    bool by_exception;      /* no mark means no, where the tooth was probed; else not recorded */
    bool screen_order;      /* packed: triplets lie as on a screen, distal first on the right side; else mesial first */
    tooth_system numbering; /* of exams that name none */
    bool supernumerary_99;  /* 99 is a supernumerary tooth of unknown place */
} chart_plan;

/* ---- folding ---- */

/* An exam that was staged: what numbering its record names, who made it. */
typedef struct chart_exam_facts {
    bool known; /* false: no such exam, its rows are rejected as orphans */
    tooth_system numbering;
    sv provider; /* empty: unknown */
} chart_exam_facts;

/* A row of the table that no chart is made of, or a value that is held back. */
typedef struct chart_reject {
    origin from;
    sv exam, src_key;
    finding_code code;
    sv column; /* of a value; empty: the row */
    sv value;  /* the original; for the practice's own lists only */
    bool held_back;
} chart_reject;

typedef struct chart_run {
    row_source *source;
    const chart_plan *plan;
    ledger
        *counts; /* table line; entity tooth_record: decoded = mapped + skipped + rejected over the rows of the table */
    findings *found;
    unsigned threads;
    size_t memory_bytes; /* ceiling of open exams; 0: CHART_MEMORY_BYTES of limits.h */
    chart_exam_facts (*exam)(void *ctx, sv src_key);
    /* Called on one thread, an exam at a time; what it points to is valid during the call. False ends the fold. */
    bool (*take)(void *ctx, const exam_chart *x);
    void (*reject)(void *ctx, const chart_reject *x);
    bool (*cancelled)(void *ctx);
    void (*progress)(void *ctx, uint64_t done, uint64_t total);
    void *ctx;
} chart_run;

/* ST_OK; ST_END when a sink or the user ended it; ST_FATAL with a finding: the source broke off, or a question about the
 * whole source has no certain answer (F_CHART_SIGN_UNCERTAIN) and the profile must say. */
status chart_fold(const chart_run *run);

#endif
