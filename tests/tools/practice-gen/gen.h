/* practice-gen: what all its parts share. One patient at a time is made from the seed, with everything that belongs to
 * him; a table's rows are those of the patients in turn. Nothing is kept but the running numbers of each patient's first
 * exam, plan and so on. Each row is made as the source has it, and beside it the truth of it: the clean value is there
 * first and is dirtied for the source. */
#ifndef PRACTICE_GEN_H
#define PRACTICE_GEN_H

#include "base/arena.h"
#include "chance.h"
#include "schema.h"
#include "truth.h"

enum { TODAY = 17933 /* 2019-02-06, in days since 1970: the day of every backup that bakgen writes */ };

/* Things that have a running number over all patients. */
typedef enum thing {
    THING_EXAM,
    THING_PLAN,
    THING_LINE,
    THING_NOTE,
    THING_FLAG,
    THING_REFERRAL,
    THING_LETTER,
    THING_DOCUMENT,
    THING_RADIOGRAPH,
    THING_APPOINTMENT,
    THING_POLICY,
    THING_FINDING,
    THING_BILLING,
    THINGS
} thing;

typedef struct row {
    struct row *next;
    table_id table;
    sv cell[]; /* p NULL: NULL. Bytes of varbinary as they are; datetimes as YYYY-MM-DD HH:MM:SS */
} row;

/* What happens to one row after it was made. */
typedef struct tap {
    bool (*open)(struct tap *t, const source_table *table);
    bool (*take)(struct tap *t, const source_table *table, const row *r);
    bool (*close)(struct tap *t, const source_table *table);
    void (*free)(struct tap *t);
    struct tap *next;
} tap;

typedef struct edits edits; /* edits.h */

typedef struct gen {
    uint64_t seed;
    uint32_t patients;
    unsigned hard; /* hundredths of a percent: how often a hard case befalls what it can befall */
    bool lean, turkish;
    size_t document_bytes; /* of X-rays as JPEG and DICOM; 0: small ones */
    const source_table *tables;
    arena *mem;              /* of the rows of one patient */
    uint32_t *first[THINGS]; /* per patient, number of his first thing; one more at the end: how many in all */
    uint32_t *head;          /* per patient: index of the first of his family */
    truth *truth;
    /* the rows made for the patient at hand */
    row *rows, **last_row;
    uint64_t made; /* rows made, of the table at hand */
    bool counting; /* rows are only counted */
    bool telling;  /* the truth is told as well */
    tap *taps;
    edits *edits;                 /* NULL: the first backup */
    uint64_t employers, carriers; /* bits of those that the truth has met */
} gen;

/* ---- rows ---- */
row *row_new(gen *g, table_id t);
void cell_set(row *r, unsigned column, sv value);
void cell_str(row *r, unsigned column, const char *value); /* NULL: NULL */
void cell_int(gen *g, row *r, unsigned column, int64_t value);
sv text_of(gen *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
sv text_int(gen *g, int64_t value);
sv text_money(gen *g, int64_t cents);
sv text_day(gen *g, int32_t day);                     /* YYYY-MM-DD */
sv text_moment(gen *g, int32_t day, unsigned minute); /* YYYY-MM-DD HH:MM:00 */
void day_parts(int32_t day, int *y, int *m, int *d);
int32_t day_of(int y, int m, int d);

/* ---- hard cases ---- */

/* Whether the case of that number befalls the thing: by chance at the rate asked for, and surely the one whose turn it
 * is, so that a small practice has each. `whose`: index of the patient; `which` tells several things of one apart. */
bool hard(const gen *g, unsigned number, uint32_t whose, uint64_t which);
/* Told only while the truth is; outcome: kept, held_back, rejected, reported. */
void planted(gen *g, unsigned number, table_id t, sv key, unsigned column, const char *outcome, sv value,
             const char *code);

/* ---- people ---- */

typedef struct person {
    const char *first, *middle, *last, *suffix, *nick, *title;
    bool male;
    int32_t birth;
} person;

typedef struct patient {
    uint32_t index, id, head, place, family;
    person who;
    bool twin;          /* of the one before */
    uint32_t same_as;   /* id of another record of the same person; 0: none */
    bool birth_swapped; /* there with day and month of birth changed over */
    sv street, street2, zip, city;
    const char *state;
    sv ssn;
    sv phone[3]; /* home, mobile, work: E.164 without extension; empty: none */
    unsigned extension;
    sv email;
    int employer, provider, source; /* numbers; -1: none */
    const char *status, *billing;
    int severity;   /* 0 healthy .. 3 severe */
    int compliance; /* 0 .. 2 */
    int32_t first_visit;
    unsigned exams;
    int32_t exam_day[16];
    uint16_t exam_minute[16];
    uint32_t count[THINGS];
    uint32_t first[THINGS];
} patient;

void patient_make(gen *g, uint32_t index, patient *p);
/* Fills gen.first and gen.head. */
bool patients_number(gen *g);

typedef struct provider {
    int id;
    const char *first, *last, *credentials_raw, *credentials, *specialty_raw, *specialty, *npi, *email, *role;
    bool active;
} provider;
enum { PROVIDERS = 8, DOCTORS = 5 };

typedef struct carrier {
    const char *name; /* the one that stands for all spellings */
    const char *payer_id;
    const char *spelling[4];
    const char *plan[4];
} carrier;
enum { CARRIERS = 7, EMPLOYERS = 12 };
extern const char *const EMPLOYER[EMPLOYERS];
extern const carrier CARRIER[CARRIERS];

/* A patient as he stands in letters and notes: "Janet Wang". */
sv patient_name(gen *g, const patient *p);

/* ---- mouths ---- */

enum { CHART_ROWS_MAX = 40, NONE = -99 };
typedef struct site {
    int8_t pd, recession, cal_source; /* NONE: not measured; of the truth */
    int8_t bop, supp, plaque;         /* NONE, 0, 1 */
    uint8_t held_pd;                  /* not 0: what the source has and nobody believes */
} site;

typedef enum tooth_state { PRESENT, MISSING, IMPLANT, PONTIC, UNERUPTED, PRIMARY } tooth_state;

typedef struct chart_row {
    char label[12];
    uint8_t fdi;
    bool supernumerary, rejected, scored;
    tooth_state state;
    site site[6];
    int8_t mobility; /* tenths */
    char mobility_raw[5];
    int8_t grade[4];
    char grade_raw[4][5];
    const char *miller, *cairo; /* canonical */
    const char *miller_raw;     /* NULL: as canonical */
    int8_t keratinized, mgj, plaque_index /* tenths */, creeping;
    const char *note;
} chart_row;

typedef struct exam_scores {
    int examined, bled, plaque, supp, pd4, pd5, pd6, sum_pd, max_pd, sum_cal, cals;
    bool bop_said, plaque_said, supp_said;
} exam_scores;

typedef struct exam {
    uint32_t id, number; /* number: of the patient's exams */
    int32_t day;
    unsigned minute;
    int provider;
    const char *type;
    const char *system;    /* as the source has it; NULL */
    const char *numbering; /* canonical */
    bool rejected;         /* all rows of its chart are */
    bool custom_finding;
    unsigned rows;
    chart_row row[CHART_ROWS_MAX];
    exam_scores scores;
} exam;

typedef struct mouth mouth;
mouth *mouth_new(void); /* NULL: out of memory */
void mouth_start(mouth *m, const gen *g, const patient *p);
/* The next exam of the patient. */
void mouth_exam(mouth *m, gen *g, const patient *p, unsigned number, exam *out);

/* ---- files: valid bytes of their kind, small ---- */
typedef enum file_kind { FILE_JPEG, FILE_PNG, FILE_PDF, FILE_DICOM, FILE_RTF } file_kind;
sv file_make(gen *g, file_kind kind, const char *title, uint64_t seed);
const char *file_mime(file_kind k);
/* RTF of a plain text, \n between paragraphs. */
sv rtf_make(gen *g, sv text);

/* ---- tables: makes the rows of a table that belong to a patient (p NULL: those of no patient) ---- */
void panda_people_rows(gen *g, table_id t, const patient *p);
void panda_chart_rows(gen *g, table_id t, const patient *p, mouth *m, exam *x);
void panda_care_rows(gen *g, table_id t, const patient *p);
/* Organizations that are made of values in other tables, once all have been told. */
void panda_derived(gen *g);
void dentes_rows(gen *g, table_id t, const patient *p);
void dentes_derived(gen *g);

/* ---- outputs ---- */

/* Rows of one table in order. */
typedef struct stream stream;
stream *stream_open(gen *g, table_id t, fault *f);
const row *stream_next(stream *s); /* NULL: no more, or out of memory (gen.mem has failed) */
void stream_close(stream *s);

/* The dumps of a run, one folder each; a fault when they cannot be made. */
tap *dialects_open(gen *g, const char *folder, fault *f);
tap *xlsx_open(const char *folder, fault *f);

#endif
