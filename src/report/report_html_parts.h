/* Sections of the report's page, each a <section> made of the model. */
#ifndef REPORT_REPORT_HTML_PARTS_H
#define REPORT_REPORT_HTML_PARTS_H

#include "report/report_file_out.h"
#include <jansson.h>

void html_source(const json_t *model, report_file_out *o);
void html_counts(const json_t *model, report_file_out *o);
void html_files(const json_t *model, report_file_out *o);
void html_findings(const json_t *model, report_file_out *o);
void html_quality(const json_t *model, report_file_out *o);
void html_left_behind(const json_t *model, report_file_out *o);
void html_made(const json_t *model, report_file_out *o);

#endif
