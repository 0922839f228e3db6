/* A page as its parts, one behind the other: what stands on a report is said once, and is set as HTML (page_html.h) or as PDF
 * (page_pdf.h). Words of our own are plain text, never markup; whoever sets the page escapes them with all others. */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

#include "base/buf.h"
#include <jansson.h>

/* Parts begin and end; text stands in the innermost one. Which may hold text: TITLE RUN BANNER FIGURE PARA ITEM WORD HEADING
 * CELL FOOT. */
typedef enum page_part {
    PART_TOP,
    PART_TITLE,
    PART_RUN,      /* the line below the title */
    PART_CONTENTS, /* spec.link: to sections */
    PART_BANNER,   /* who must not see the page */
    PART_VERDICT,  /* spec.title, spec.look; paragraphs */
    PART_FIGURES,
    PART_FIGURE,  /* spec.title: what the number is of; spec.look: LOOK_LOOK where it asks for a look */
    PART_SECTION, /* spec.id, spec.title */
    PART_HEADING, /* spec.id; of a part of a section */
    PART_PARA,    /* spec.para */
    PART_STEPS,
    PART_LIST,
    PART_ITEM, /* of either */
    PART_WORDS,
    PART_WORD, /* spec.title: the word; text: what it means */
    PART_FINDING,
    PART_FINDING_HEAD,
    PART_TABLE,   /* spec.caption, spec.head, spec.table */
    PART_ROW,     /* spec.row */
    PART_CELL,    /* spec.cell */
    PART_PICTURE, /* a picture and its table, beside each other where there is room */
    PART_SIGNATURES,
    PART_SIGNATURE, /* spec.title: what is signed */
    PART_FOOT,
    PAGE_PARTS
} page_part;

/* What a colour says is said in words too. */
typedef enum page_look { LOOK_PLAIN, LOOK_READY, LOOK_LOOK, LOOK_STOP, LOOK_NOTE } page_look;
typedef enum page_para { PARA_PLAIN, PARA_LABEL, PARA_TIMES, PARA_LIST } page_para;
typedef enum page_row { ROW_PLAIN, ROW_SUM, ROW_WRONG, ROW_GROUP } page_row;
typedef enum page_table {
    TABLE_PLAIN,
    TABLE_MATRIX,
    TABLE_FACTS,
    TABLE_NARROW,
    TABLE_FILES,
    TABLE_OVERVIEW,
    TABLE_SHEET /* cells to fill in by hand */
} page_table;
typedef enum page_cell {
    CELL_TEXT,
    CELL_HEAD, /* what the row is about */
    CELL_NAME, /* of the source: may be written from right to left, may end a line within */
    CELL_VALUE,
    CELL_NUMBER,
    CELL_ZERO, /* a number, or a word in its place, that asks for no attention */
    CELL_SOME, /* a number that asks for a look */
    CELL_CODE,
    CELL_HASH,
    CELL_YES,
    CELL_NO,
    CELL_FILL, /* empty, to be filled in by hand */
    CELL_SPAN  /* over all columns */
} page_cell;
typedef enum page_ink {
    INK_PLAIN,
    INK_STRONG,
    INK_EM,
    INK_CODE,
    INK_NAME,
    INK_HASH,
    INK_ID,
    INK_LINK, /* to the finding of that code */
    INK_FILE, /* to the file of that path beside the page */
    INK_BREAK /* no text: a new line */
} page_ink;

typedef struct page_link {
    const char *id, *title;
} page_link;

typedef struct page_spec {
    const char *id, *title;
    sv caption;
    page_look look;
    page_para para;
    page_row row;
    page_table table;
    page_cell cell;
    const char *const *head; /* a head that begins with '#' stands over numbers */
    size_t heads;
    const page_link *link;
    size_t links;
} page_spec;

typedef struct page page;
typedef struct page_ops {
    void (*begin)(page *p, page_part part, const page_spec *spec);
    void (*end)(page *p, page_part part);
    void (*text)(page *p, page_ink ink, sv text);
    void (*tag)(page *p, page_look look, const char *word);
    void (*picture)(page *p, const json_t *picture); /* of the model, within PART_PICTURE */
} page_ops;

struct page {
    const page_ops *ops;
    buf number; /* of the functions below */
};

#define PART_BEGIN(p, part, ...) (p)->ops->begin((p), (part), &(page_spec){__VA_ARGS__})
void part_begin(page *p, page_part part);
void part_end(page *p, page_part part);

/* ---- text ---- */

void page_say(page *p, const char *words);
void page_text(page *p, sv text);
void page_ink_text(page *p, page_ink ink, sv text);
void page_number(page *p, uint64_t n);                  /* 12,408 */
void page_count(page *p, uint64_t n, const char *what); /* "1 row", "12,408 rows" */
void page_decimal(page *p, sv digits);                  /* 12,408.5 */
void page_rate(page *p, uint64_t tenths);               /* 94.2 % */

/* ---- whole pieces ---- */

void page_para_of(page *p, const char *words);
void page_item_of(page *p, sv text);
/* A cell with its text; a name, broken where a line may end; a number, asking for a look where `some` and it is not 0. */
void page_cell_of(page *p, page_cell cell, sv text);
void page_name_cell(page *p, page_cell cell, sv name);
void page_number_cell(page *p, uint64_t n);
void page_some_cell(page *p, uint64_t n);

#endif
