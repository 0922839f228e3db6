/* What the parts of the fold share. Rows go: source -> chart_read (a row's values become entries) -> batches, made by
 * reading threads in the order of the table -> chart_open (entries gathered by exam and tooth) -> chart_give (an exam with its
 * scores). */
#ifndef CHART_CHART_INTERNAL_H
#define CHART_CHART_INTERNAL_H

#include "base/limits.h"
#include "chart/chart.h"
#include <stdatomic.h>

/* ---- places of values in a tooth ---- */

enum {
    SLOT_PD = 0, /* by site: slot + site */
    SLOT_RECESSION = 6,
    SLOT_CAL = 12,
    SLOT_BOP = 18,
    SLOT_SUPPURATION = 24,
    SLOT_PLAQUE = 30,
    SLOT_CALCULUS = 36,
    SLOT_MOBILITY = 42,
    SLOT_FURCATION = 43, /* B M D L */
    SLOT_MILLER = 47,
    SLOT_CAIRO,
    SLOT_KERATINIZED,
    SLOT_MGJ,
    SLOT_PLAQUE_INDEX,
    SLOT_STATUS,
    SLOTS
};
#define SLOT_BIT(slot) (UINT64_C(1) << (slot))
extern const int16_t slot_none[SLOTS]; /* what says that a place has no value */

/* ---- a row as read ---- */

typedef struct chart_entry {
    uint8_t tooth; /* tooth_index */
    uint8_t slot;
    int16_t value;   /* tenths, 0 or 1, grade, class, tooth_status */
    uint16_t column; /* of the table */
} chart_entry;

typedef enum chart_text_kind {
    TEXT_LABEL,
    TEXT_KEY,
    TEXT_MOBILITY,
    TEXT_FURCATION, /* + 0-3: B M D L */
    TEXT_NOTE = TEXT_FURCATION + 4,
    TEXT_CUSTOM,
    TEXT_ORIGIN /* no text of the exam: see chart_origin.c; type is what it is of */
} chart_text_kind;

typedef struct chart_row_text {
    uint8_t tooth, kind; /* tooth: TEETH for the exam as a whole */
    uint8_t type;        /* column_type of a custom one */
    tooth_site site;     /* of a custom one; SITES: of the tooth */
    sv name, value;      /* name: lives as long as the plan */
    uint16_t column;     /* of the table; of a key none */
} chart_row_text;

/* Something to tell of a value. */
typedef struct chart_event {
    finding_code code;
    uint16_t column;
    bool held_back;
    sv value;
} chart_event;

typedef enum row_outcome { ROW_GOOD, ROW_SKIPPED, ROW_REJECTED, ROW_UNREADABLE, ROW_NOT_NOW } row_outcome;

#define EXAM_NONE UINT32_MAX
typedef struct chart_row {
    origin from;
    uint32_t exam;
    row_outcome outcome;
    finding_code code;                                 /* ROW_REJECTED */
    int column;                                        /* which says so; -1 */
    sv exam_key, key, value;                           /* of a rejected row, or one with events */
    size_t entry, entries, text, texts, event, events; /* ranges in the batch */
} chart_row;

/* ---- exams ---- */

enum { PROOF_33 = 1 << 8 }; /* FDI's 33, which is also the number behind Universal's last: no proof against one */

typedef enum exam_ruling {
    EXAM_READ,
    EXAM_UNKNOWN, /* no such exam */
    EXAM_MIXED,
    EXAM_CONTRADICTED,
    EXAM_UNDECIDED
} exam_ruling;

typedef struct chart_exam {
    sv key;
    uint64_t first; /* place of its first row, for a stable order */
    uint64_t rows;
    uint16_t proofs;
    uint8_t ruling, numbering, stated;
    bool assumed, by_provider;
    bool traced;
    bool given; /* in this go or before */
    /* A row of it found no room in this go: all of them wait for the next one. Reading threads look at it to save work;
     * whether they see it in time makes no difference. */
    atomic_bool waits;
    uint32_t provider; /* index; UINT32_MAX */
    sv occasion;
} chart_exam;

typedef struct chart_exams {
    arena *mem;
    chart_exam *exam;
    size_t n, room;
    uint32_t *slot; /* hash table: index + 1 */
    size_t slots;
} chart_exams;

bool exams_init(chart_exams *x, size_t ceiling);
void exams_free(chart_exams *x);
/* The exam's index, made if it is not there; EXAM_NONE when out of memory. */
uint32_t exams_add(chart_exams *x, sv key, uint64_t place);
uint32_t exams_find(const chart_exams *x, sv key);
/* Asks the caller for the facts of each exam, in the order of their first rows, and decides every numbering. False when
 * out of memory. */
bool exams_decide(chart_exams *x, const chart_run *run);
finding_code exam_ruling_code(exam_ruling r);

/* ---- reading rows ---- */

/* What a small whole number in a column of one site comes to, by kind of measurement. */
enum { READY_LOW = -16, READY_HIGH = 112, READY_MEASURES = MEASURE_CALCULUS + 1 };
typedef enum ready_kind {
    READY_ASK /* it has to be read: something is to be told */,
    READY_NOTHING,
    READY_KEPT
} ready_kind;
typedef struct ready_number {
    int16_t value; /* as an entry has it */
    uint8_t kind;  /* ready_kind */
} ready_number;

/* A column of the plan as rows are gone through: where it stands in them, and what small whole numbers of one site come
 * to. */
typedef struct ready_column {
    uint16_t at;               /* place in a row; UINT16_MAX: none */
    uint8_t slot;              /* of its measurement; with of_row the site alone */
    bool quick, of_row;        /* small numbers may need no reading; the row says which measurement they are */
    const ready_number *ready; /* of a quick one, but of_row */
} ready_column;

/* A plan made ready for a scan. */
typedef struct chart_scan {
    const chart_run *run;
    const chart_plan *plan;
    const table_info *table;
    uint16_t *wanted; /* columns to scan */
    size_t wanted_n;
    int *at;                      /* place in a row of each of the table's columns; -1 */
    int32_t *not_measured_tenths; /* of the plan's words that are numbers */
    size_t not_measured_n;
    uint8_t (*label_tooth)[TOOTH_SYSTEMS]; /* wide_exam: by plan column, tooth_index or TEETH */
    uint16_t label_proofs;                 /* wide_exam: of all columns */
    const struct sign_trio {               /* columns of one site: depth, margin, attachment loss; -1: none */
        int pd, margin, cal;
    } * trio;
    size_t trios;
    margin_sign margin;
    ready_number (*ready)[READY_HIGH - READY_LOW]; /* of READY_MEASURES */
    ready_column *column;                          /* of the plan's */
    int16_t
        survey[READY_HIGH - READY_LOW]; /* small numbers in tenths, as the survey sees them; CHART_NONE: not measured */
    arena *mem;
} chart_scan;

/* survey: only the columns that the first pass looks at. */
bool scan_init(chart_scan *s, const chart_run *run, bool survey);
void scan_free(chart_scan *s);
void scan_set_margin(chart_scan *s, margin_sign sign); /* how recession is read from here on */

typedef struct sign_counts {
    uint64_t plus, minus, sited; /* sites with depth, a margin that is not 0, and attachment loss; depth +, - margin */
    uint64_t margins, negative, hundreds; /* margins that are not 0; 100 and more */
} sign_counts;

/* Survey: rows of one exam that lie together. */
typedef struct chart_seen {
    sv exam; /* empty: none named */
    uint64_t rows;
    uint16_t proofs;
} chart_seen;

/* What a short text was found to mean, so that it is read once: a label, a word for a tooth's state. */
typedef struct known_word {
    uint64_t word; /* 0: none */
    uint16_t means;
    bool known;
} known_word;
enum { KNOWN_WORDS_BITS = 7, KNOWN_WORDS = 1 << KNOWN_WORDS_BITS };
/* Its place among KNOWN_WORDS known ones, whose last one made room; NULL: it is too long to be kept. as (to 7): what it is read
 * as. */
known_word *word_place(known_word *known, sv text, uint8_t as);

typedef struct chart_batch {
    chart_seen *seen;
    size_t seens, seen_room;
    chart_row *row;
    size_t rows, row_room;
    chart_entry *entry;
    size_t entries, entry_room;
    chart_row_text *text;
    size_t texts, text_room;
    chart_event *event;
    size_t events, event_room;
    arena *mem; /* texts */
    size_t text_bytes;
    bool by_number;                                    /* the row before named its exam by a whole number */
    int64_t number;                                    /* this one */
    uint32_t exam;                                     /* fold: which it is; it is read */
    known_word label[KNOWN_WORDS], state[KNOWN_WORDS]; /* outlive batch_clear */
    sign_counts signs;                                 /* survey */
    bool failed;                                       /* out of memory */
    bool last;                                         /* of its chunk */
    uint64_t waiting;                                  /* rows of exams that wait for the next go */
    uint64_t units, lost;                              /* scan units done, rows that could not be read, when last */
    status end;                                        /* ST_END; ST_TABLE_LOST; ST_FATAL */
} chart_batch;

void batch_clear(chart_batch *b);
/* One more element of a batch's list; NULL: out of memory, and the batch has failed. */
void *batch_grow(chart_batch *b, void **list, size_t *n, size_t *room, size_t size);
void batch_free(chart_batch *b);
sv batch_text(chart_batch *b, sv text); /* a copy */

/* Reads one row into the batch. settled: exams that an earlier go gave out; may be NULL. */
void chart_read(const chart_scan *s, const chart_exams *exams, const uint8_t *settled, const row *r, chart_batch *b);

/* What a label proves of its exam; the tooth it means, with 99 where the profile says that it is one. */
uint16_t label_proof(const chart_scan *s, sv label, sv quadrant);
bool label_tooth(const chart_scan *s, sv label, sv quadrant, tooth_system system, tooth *out);
/* The text of a cell; in scratch, or the cell's own. False: a large value, or one that cannot be read. */
enum { CELL_TEXT_MAX = 96 };
bool cell_text(const value *v, char scratch[CELL_TEXT_MAX], sv *out);
/* A cell of a whole number, in tenths; false: any other. */
bool cell_tenths(const value *v, int32_t *tenths);
bool scan_not_measured(const chart_scan *s, sv text, const value *v);

/* Three readings of a packed value for each of n teeth, as texts within it (empty: not measured); false when there is
 * not exactly one way. */
bool packed_split(sv text, size_t teeth, sv *out);

/* ---- the survey ---- */

void sign_count(sign_counts *c, margin_sign stated, int32_t pd, int32_t margin, int32_t cal);

/* First pass: exams with their rows and proofs, and the signs. */
status chart_survey(const chart_run *run, chart_exams *exams, sign_counts *signs);
/* The sign that the counts prove, or what the plan says; ST_FATAL with a finding. */
status sign_decide(const chart_run *run, const sign_counts *c, margin_sign *out);

/* ---- open exams ---- */

typedef struct text_node {
    struct text_node *next;
    sv name, value;
    uint8_t kind, type;
    tooth_site site;
} text_node;

/* A text with its length before it. */
typedef struct open_text {
    uint32_t n;
    char p[];
} open_text;

typedef struct open_tooth {
    const open_text *label, *key; /* every tooth has them: NULL, or without a node of their own */
    text_node *text;              /* others */
    uint64_t known, contrary;
    int16_t value[SLOTS]; /* none (slot_none) where nothing is known, or what is said is contrary */
    uint8_t tooth;
} open_tooth;

typedef struct open_block open_block;
typedef struct origin_node origin_node;
typedef struct open_exam {
    uint64_t rows;
    open_tooth *tooth[TEETH]; /* by index */
    text_node *text;          /* of the exam as a whole */
    origin_node *origin;      /* of a traced exam, the last one first */
    size_t origins;
    uint16_t texts[TEETH + 1]; /* notes and findings of each, and of the exam */
    size_t text_bytes;
    size_t promised; /* bytes that it will need, as its rows let expect */
    open_block *block;
} open_exam;

typedef struct open_exams {
    open_exam **exam; /* by index of the exam; NULL: not open */
    open_block *spare;
    size_t held, promised, ceiling; /* bytes */
    size_t open;
} open_exams;

bool open_init(open_exams *o, size_t exams, size_t ceiling);
void open_free(open_exams *o, size_t exams);
/* Whether an exam of so many teeth may be opened: the first one always. */
bool open_has_room(const open_exams *o, size_t teeth);
open_exam *open_make(open_exams *o, uint32_t exam, size_t teeth); /* NULL: out of memory */
void open_close(open_exams *o, uint32_t exam);
void *open_alloc(open_exams *o, open_exam *x, size_t n); /* zeroed; NULL: out of memory */

typedef struct chart_fold_run chart_fold_run;
/* Takes a row's entries and texts; false: out of memory. */
bool open_take(chart_fold_run *f, open_exam *x, const chart_batch *b, const chart_row *r);

/* One more origin of a traced exam. *place: of the row at hand, made when p is NULL. False: out of memory. */
bool open_take_origin(chart_fold_run *f, open_exam *x, const chart_row *r, const chart_row_text *n, sv *place);
const chart_origin *open_origins(arena *mem,
                                 const open_exam *x); /* x->origins of them; NULL: none, or the arena has failed */

/* ---- giving exams out ---- */

void chart_score(const chart_tooth *list, size_t teeth, chart_scores *out);
/* Finds an earlier exam of the same occasion and findings. */
typedef struct same_exams same_exams;
same_exams *same_new(void);
void same_free(same_exams *s);
uint32_t same_find(same_exams *s, sv occasion, const exam_chart *x, uint32_t exam);

struct chart_fold_run {
    const chart_run *run;
    chart_scan *scan;
    chart_exams *exams;
    open_exams open;
    same_exams *same;
    sign_counts *signs; /* not NULL: only signs are counted, nothing is told and given out */
    arena *mem;         /* of one exam that is given out */
    size_t line;        /* of the ledger: entity */
    uint64_t held_back;
};

/* ST_OK; ST_END: the sink ends it; ST_FATAL: out of memory. */
status chart_give(chart_fold_run *f, uint32_t exam, const open_exam *x);

/* Tells of a value, or of a row (column -1). */
void chart_tell(chart_fold_run *f, finding_code code, int column, origin from, sv a, sv b);
void chart_hold_back(chart_fold_run *f, const chart_reject *r);
sv scan_column_name(const chart_scan *s, int column);

/* ---- reading in order on several threads ---- */

typedef struct chart_feed chart_feed;
/* Reads all chunks of the table with `make` (called on a reading thread with one row at a time) and gives the batches in
 * the table's order. NULL: out of memory. */
typedef void (*chart_make)(const void *ctx, const row *r, chart_batch *b);
chart_feed *feed_start(const chart_scan *s, chart_make make, const void *ctx);
chart_batch *feed_next(chart_feed *f); /* NULL: all done; valid until the next call */
void feed_stop(chart_feed *f);         /* at any time */
uint64_t feed_units(const chart_scan *s);

#endif
