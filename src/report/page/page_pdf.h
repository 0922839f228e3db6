/* A page as PDF: pages that print on A4 and Letter, with the run and the page's number at the foot of each. Its parts come twice:
 * the first time to know how many pages there will be. */
#ifndef REPORT_PAGE_PAGE_PDF_H
#define REPORT_PAGE_PAGE_PDF_H

#include "report/page/page.h"

/* of: how many pages there will be; 0: not known yet. NULL when out of memory. run must outlive it. */
page *page_pdf_begin(sv title, sv run, size_t of);
/* Appends the file, says how many pages it has, and frees p. False when it could not be made. */
bool page_pdf_end(page *p, buf *out, size_t *pages);

#endif
