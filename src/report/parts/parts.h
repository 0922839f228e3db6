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
/* A number of the model, or "unknown" where it is none. */
void known_cell(page *p, const json_t *line, const char *key);

/* "And 12 further fields": a list was too long to be shown. */
void further(page *p, uint64_t n, uint64_t listed, const char *what);

#endif
