/* Sections of the report's page, made of the model. */
#ifndef REPORT_PARTS_PARTS_H
#define REPORT_PARTS_PARTS_H

#include "report/model_read.h"
#include "report/page/page.h"

void part_top(const json_t *model, page *p); /* and the verdict with what to do next */
void part_source(const json_t *model, page *p);
void part_counts(const json_t *model, page *p);
void part_ties(const json_t *model, page *p);
void part_files(const json_t *model, page *p);
void part_findings(const json_t *model, page *p);
void part_fills(const json_t *model, page *p);
void part_sample(const json_t *model, page *p); /* nothing where there is none */
void part_quality(const json_t *model, page *p);
void part_pictures(const json_t *model, page *p);
void part_left_behind(const json_t *model, page *p);
void part_spots(const json_t *model, page *p);
void part_made(const json_t *model, page *p);
void part_foot(const json_t *model, page *p);

/* ---- what several of them need ---- */

void section(page *p, const char *id, const char *title);
void section_end(page *p);
/* A table with a row for each element of a list: its cells. Where the list is empty there is no table. */
typedef void (*row_cells)(page *p, const json_t *element);
void list_table(page *p, const json_t *list, row_cells cells, const page_spec *table);
#define LIST_TABLE(p, list, cells, ...) list_table((p), (list), (cells), &(page_spec){__VA_ARGS__})

/* A number of the model, or "unknown" where it is none. */
void known_cell(page *p, const json_t *line, const char *key);

/* "And 12 further fields": a list was too long to be shown. */
void further(page *p, uint64_t n, uint64_t listed, const char *what);

#endif
