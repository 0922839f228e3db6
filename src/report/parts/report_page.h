/* The page of a report, made of the model alone: whoever sets it has nothing else. */
#ifndef REPORT_PARTS_REPORT_PAGE_H
#define REPORT_PARTS_REPORT_PAGE_H

#include "report/page/page.h"

void report_page(const json_t *model, page *p);
void report_title(const json_t *model, buf *out);

#endif
