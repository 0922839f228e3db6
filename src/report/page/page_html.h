/* A page as HTML. It needs no script, no network and no other file, and prints on A4 and Letter. */
#ifndef REPORT_PAGE_PAGE_HTML_H
#define REPORT_PAGE_PAGE_HTML_H

#include "report/page/page.h"
#include "report/report_file_out.h"

/* NULL when out of memory. out must outlive it. Writes everything before the first part; title: of the page, run: for the foot
 * of printed pages. */
page *page_html_begin(report_file_out *out, sv title, sv run);
/* Writes what is behind the last part, and frees p. */
void page_html_end(page *p);

#endif
