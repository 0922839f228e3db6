/* The page of a report. It is made of the model alone, needs no script, no network and no other file, and prints on A4
 * and Letter. */
#ifndef REPORT_REPORT_HTML_H
#define REPORT_REPORT_HTML_H

#include "report/report_file_out.h"
#include <jansson.h>

void report_html(const json_t *model, report_file_out *out);

#endif
