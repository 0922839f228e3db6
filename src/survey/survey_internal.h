/* What the files of this folder share. */
#ifndef SURVEY_SURVEY_INTERNAL_H
#define SURVEY_SURVEY_INTERNAL_H

#include "profile/profile_names.h"
#include "survey/survey.h"

/* ---- how many different values (distinct.c) ---- */

/* Exact up to DISTINCT_EXACT_MAX, then a HyperLogLog of 4,096 registers: about 2 % off. */
enum { DISTINCT_EXACT_MAX = 2048, DISTINCT_SLOTS = 4096, DISTINCT_REGISTERS = 4096 };
typedef struct distinct_count {
    uint64_t slot[DISTINCT_SLOTS]; /* hashes; 0: free */
    size_t n;                      /* in slots */
    bool estimating;
    uint8_t top[DISTINCT_REGISTERS];
} distinct_count;
uint64_t survey_hash(const void *p, size_t n);
void distinct_add(distinct_count *d, uint64_t hash);
uint64_t distinct_number(const distinct_count *d);

/* ---- texts (looks.c, shape.c) ---- */

sv text_trimmed(sv s);
text_look text_looks(sv trimmed); /* of a text that is not empty */
uint32_t text_characters(sv s);
/* The shape of a text of at most SHAPE_CHARACTERS_MAX characters; false for a longer one. */
enum { SHAPE_CHARACTERS_MAX = 32, SHAPE_BYTES_MAX = 128 };
bool text_shape(sv trimmed, char out[SHAPE_BYTES_MAX], size_t *n);

/* ---- who could be known by a column (personal.c) ---- */

typedef enum personal {
    PERSONAL_NOT,
    PERSONAL_NAME,
    PERSONAL_CONTACT,
    PERSONAL_PLACE,
    PERSONAL_BIRTH,
    PERSONAL_KEY,
    PERSONAL_PROSE,
    PERSONAL_SECRET
} personal;
personal personal_by_name(sv column);
sv personal_word(personal p);       /* "names" */
bool is_code_name(sv column);       /* "Status", "Cinsiyet": a list of codes would be no surprise */
bool is_column_name(sv name);       /* some word of it is one that columns are named by */
bool is_word_of_the_model(sv text); /* "Female", "iptal": understood by a field of the model as one of its words */

/* ---- words that name people in this source (people.c) ---- */

enum { PEOPLE_BITS = 1 << 22 };
typedef struct people {
    uint8_t bit[PEOPLE_BITS / 8];
} people;
void people_add(people *p, sv text);
bool people_has(const people *p, sv text); /* some word of the text */

/* ---- one column (column.c) ---- */

enum {
    CODES_MAX = 20,
    CODE_CHARACTERS_MAX = 16,
    CODE_BYTES_MAX = 64,
    SHAPES_MAX = 64,
    SHAPES_TOLD = 6,
    YEAR_MAX = 2200
};
typedef struct column_survey {
    const column_info *info;
    personal personal;
    bool key, code_name;
    column_facts facts;
    distinct_count distinct;
    struct {
        char text[SHAPE_BYTES_MAX];
        uint8_t n;
        uint64_t rows;
    } shape[SHAPES_MAX];
    size_t shapes;
    struct {
        char text[CODE_BYTES_MAX];
        uint8_t n;
        uint64_t rows;
    } code[CODES_MAX];
    size_t codes;
    bool too_many; /* different values, or too long ones, for a list */
    uint64_t year[YEAR_MAX];
} column_survey;

void column_survey_begin(column_survey *c, const column_info *info, bool key);
void column_survey_add(column_survey *c, const value *v, people *names);
/* The facts, with what may be told of codes but for the people that they could be: ask column_survey_forget_people when all
 * tables are read. False when out of memory. */
bool column_survey_end(column_survey *c, int this_year, arena *mem, column_facts *out);
void column_survey_forget_people(const column_info *info, const people *names, column_facts *facts);

#endif
