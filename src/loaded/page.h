/* Pages of the commands after a load: printable, in the style of the report, without script. */
#ifndef LOADED_PAGE_H
#define LOADED_PAGE_H

#include "convert/stage_folder.h"
#include "loaded/loads.h"
#include "report/html.h"

/* Makes path in the folder and writes all up to the first section. */
report_file_out page_begin(stage_folder *s, const loads *l, const char *path, const char *title);
/* look: ready, look or stop, with its words; then the sentence. */
void page_verdict(report_file_out *o, const char *look, const char *words, sv sentence);
void page_figure(report_file_out *o, const char *name, uint64_t n);
/* A sentence of a template: **bold** and `code` are marked. */
void page_marked(report_file_out *o, sv text);
/* Closes the page and lists it. False with a finding. */
bool page_end(stage_folder *s, report_file_out *o);

#endif
