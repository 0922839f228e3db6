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

enum { CHART_NONE = READ_NONE, MARK_NONE = -1 }; /* not measured; not recorded */

typedef struct chart_site {
    /* Tenths of mm. recession > 0: margin apical to the cemento-enamel junction. cal = pd + recession; where one of them
     * is missing, and on implants always, what the source says, if it does. */
    int16_t pd, recession, cal, cal_source;
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
const char *tooth_status_name(tooth_status s); /* canonical word; NULL: none */

typedef struct chart_furcation {
    int8_t grade; /* 0-4; MARK_NONE */
    sv raw;
} chart_furcation;

/* A finding of the practice's own: a column that the profile does not read. */
typedef struct chart_custom {
    sv name, value; /* names of one tooth, or of one exam, differ */
    column_type type;
} chart_custom;
/* The model's word for the type of such a finding, and of a custom value: bool, number, date, text. */
sv chart_custom_type(column_type t);

typedef struct chart_tooth {
    tooth tooth;
    sv raw; /* the label as the source has it */
    tooth_status status;
    int16_t mobility; /* tenths */
    sv mobility_raw;
    furcation_scale scale; /* of the grades below, where there are any; as the profile says, and 4 proves Glickman's */
    chart_furcation furcation[4]; /* B M D L */
    const char *miller, *cairo;   /* canonical words; NULL: none */
    int16_t keratinized, mgj, plaque_index;
    sv note;
    chart_site site[SITES];
    const chart_custom *custom;
    size_t customs;
    sv src_key; /* of the rows that it is made of, the first in order of keys; empty without row_key */
    bool
        conflict; /* readings on a tooth that is not there, or contrary words on whether it is: kept, out of the scores */
} chart_tooth;

/* What the whole exam comes to (README.md has the formulas); counts are exact, percentages in tenths, half away from
 * zero; CHART_NONE: not defined, or over 100. Sites are those of teeth that are present, without implants. */
typedef struct chart_scores {
    int32_t teeth_present, teeth_missing, implants;
    int32_t sites_examined; /* with a probing depth; without any in the exam but with bleeding marks: 6 a tooth */
    int32_t sites_bled, sites_with_bleeding_mark, sites_suppuration, sites_plaque; /* of the same teeth */
    int32_t pd4, pd5, pd6, teeth_pd5;
    int16_t bop_percent, plaque_percent, suppuration_percent, pd4_percent, pd5_percent, pd6_percent; /* tenths of % */
    int16_t max_pd;                                                                                  /* tenths */
    int32_t mean_pd, mean_cal; /* hundredths of mm; CHART_NONE_MEAN: none */
} chart_scores;
enum { CHART_NONE_MEAN = INT32_MIN };

typedef struct chart_origin chart_origin;

typedef struct exam_chart {
    sv exam;                  /* src_key of its clinical_exam */
    tooth_system numbering;   /* TOOTH_UNKNOWN only where no label needs one */
    bool numbering_assumed;   /* the profile's default decided */
    const chart_tooth *tooth; /* by tooth_index */
    size_t teeth;
    const chart_custom *custom; /* of the exam as a whole */
    size_t customs;
    chart_scores scores;
    /* Of an exam that was asked for (chart_exam_facts.traced): where its values stand in the source, in the order of its rows. */
    const chart_origin *origin;
    size_t origins;
    sv duplicate_of; /* an exam given out before that has the same occasion and the same findings; empty: none */
} exam_chart;

/* Copies that live as long as the arena; NULL when out of memory. */
const exam_chart *chart_copy(arena *mem, const exam_chart *x);
/* The same of a chart whose teeth and findings were made in the arena (chart_run.room): only its texts are copied. */
const exam_chart *chart_settle(arena *mem, const exam_chart *x);

/* ---- the plan: a declaration (chart_declare.h) with the columns of a table ---- */

typedef enum chart_shape {
    SHAPE_WIDE_EXAM,     /* a row per exam: columns carry tooth and site */
    SHAPE_TOOTH_ROW,     /* a row per exam and tooth */
    SHAPE_TOOTH_MEASURE, /* a row per exam, tooth and kind of measurement */
    SHAPE_SITE_ROW,      /* a row per exam, tooth and site */
    SHAPE_PACKED         /* a row per exam, or exam and tooth: several sites in one value */
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
    MEASURE_MISSING, /* yes: the tooth is missing */
    MEASURE_IMPLANT, /* yes: it is an implant */
    MEASURE_NOTE,
    MEASURE_IGNORED,
    MEASURE_OF_ROW /* tooth_measure: what the row's measure column says */
} chart_measure;

/* A value of the source that one of a chart's is made of. */
struct chart_origin {
    uint8_t tooth;         /* tooth_index; TEETH: of the exam as a whole */
    chart_measure measure; /* MEASURE_OF_ROW: the tooth's label; MEASURE_IGNORED: a finding of the practice's own */
    tooth_site site;       /* SITES: of the tooth */
    uint8_t entrance;      /* of a furcation: its place in chart_tooth.furcation */
    sv name;               /* of a finding, before it is told from others of that name */
    sv column;             /* as the source calls it */
    sv row;                /* "ChartingID=17": the column and value that its row is known by */
    sv value;              /* as the source has it */
};

typedef struct chart_column {
    uint16_t column; /* of the table */
    chart_measure measure;
    tooth_site site; /* SITES: of the tooth as a whole, or of the row's site */
    char entrance;   /* of a furcation: 'B' 'M' 'D' 'L'; 0 */
    sv label;        /* wide_exam: the tooth it is of */
    /* packed: three values a tooth, of the facial or the lingual side; path: the teeth in the order of the value, NULL:
     * the row's tooth alone. */
    bool packed, lingual;
    const tooth *path;
    size_t path_teeth;
} chart_column;

typedef struct chart_plan {
    chart_shape shape;
    size_t table;                                      /* index into the source's catalog */
    sv table_name;                                     /* "schema.name" */
    int exam, row_key, tooth, quadrant, site, measure; /* columns; -1: none */
    const chart_column *column;
    size_t columns;
    const struct chart_custom_column {
        uint16_t column;
        sv name;
        column_type type;
    } * custom; /* columns that nothing reads */
    size_t customs;
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
    } * statuses; /* before the words that chart_status_named knows */
    size_t status_words;
    const struct chart_site_word {
        sv value;
        tooth_site site;
    } * sites; /* before the words that site_named knows */
    size_t site_words;
    margin_sign margin;
    furcation_scale scale;
    bool by_exception;      /* no mark means no, where the site was probed; else not recorded */
    bool screen_order;      /* packed: triplets lie as on a screen, distal first on the right side; else mesial first */
    tooth_system numbering; /* of exams that name none */
    bool supernumerary_99;  /* 99 is a supernumerary tooth of unknown place */
} chart_plan;

/* ---- folding ---- */

/* An exam that was staged. */
typedef struct chart_exam_facts {
    bool traced;            /* its chart is to say where its values stand */
    bool known;             /* false: no such exam, its rows are rejected as orphans */
    tooth_system numbering; /* what its record names */
    sv provider;            /* empty: unknown */
    sv occasion; /* patient and day: exams of one occasion with the same findings are told apart by nothing */
} chart_exam_facts;

/* A row of the table that no chart is made of, an exam that cannot be read, or a value that is held back. */
typedef struct chart_reject {
    origin from;
    sv exam, src_key; /* of the row; empty: none */
    finding_code code;
    sv column; /* of a value; empty: the row */
    sv value;  /* the original; for the practice's own lists only */
    bool held_back;
    bool
        whole_exam; /* no teeth come of the exam: its record is to be left out too; its rows come one by one after it */
} chart_reject;

const chart_reject *chart_reject_copy(arena *mem, const chart_reject *x); /* as chart_copy */

typedef struct chart_run {
    row_source *source;
    const chart_plan *plan;
    /* Table line (read = decoded + unreadable), unless table_counted: then that is done elsewhere. Entity tooth_record:
     * decoded = mapped + skipped + rejected over the rows of the table; held back values. */
    ledger *counts;
    bool table_counted;
    findings *found;
    unsigned threads;
    size_t memory_bytes; /* ceiling of open exams; 0: CHART_MEMORY_BYTES of limits.h */
    /* Asked once per exam, before any is given out; what it points to is valid until the next call. */
    chart_exam_facts (*exam)(void *ctx, sv src_key);
    /* Then, before any is given out: each exam whose teeth can be read. On the caller's thread; may be NULL. */
    void (*readable)(void *ctx, sv src_key);
    /* Called on the caller's thread, an exam at a time; what it points to is valid during the call. False ends the
     * fold. */
    bool (*take)(void *ctx, const exam_chart *x);
    /* Where the teeth and findings of the next exam are made, for chart_settle; NULL: in an arena of the fold's own. */
    arena *(*room)(void *ctx);
    void (*reject)(void *ctx, const chart_reject *x);           /* likewise; may be NULL */
    bool (*cancelled)(void *ctx);                               /* may be NULL */
    void (*progress)(void *ctx, uint64_t done, uint64_t total); /* scan units, over all goes; may be NULL */
    void *ctx;
} chart_run;

/* ST_OK; ST_END when a sink or the user ended it; ST_FATAL with a finding: the source broke off, or a question about the
 * whole source has no certain answer (F_CHART_SIGN_UNCERTAIN) and the profile must say. */
status chart_fold(const chart_run *run);

/* The word of a tooth's state, in English or Turkish; TOOTH_STATUS_NONE: unknown. */
tooth_status chart_status_named(sv word);

#endif
