/* The style sheet of a report's page, without its end: what follows names the run. */
#ifndef REPORT_HTML_STYLE_H
#define REPORT_HTML_STYLE_H

extern const char html_style_screen[];
extern const char html_style_report[]; /* what only the report of a conversion has */
extern const char html_style_print[];

#endif
