/* Pieces of HTML. Text is escaped by what puts it in, so that nothing of a source is ever markup. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/report_file_out.h"

/* Markup of our own: never text from outside. */
void html(report_file_out *o, const char *markup);
/* Any text, as content or within double quotes. Control characters and marks that turn the direction of writing are
 * spelled out, as \x1B and \u{202E}, the way the command line does it. */
void html_text(report_file_out *o, sv text);
/* A name: as html_text, with the places in it where a line may end. */
void html_name(report_file_out *o, sv name);
void html_number(report_file_out *o, uint64_t n); /* 12,408 */
/* A text within quotes of a style sheet. */
void html_css_text(report_file_out *o, sv text);

/* A cell with its text; with a number, aligned right. class: NULL or our own. */
void html_cell(report_file_out *o, const char *class, sv text);
void html_number_cell(report_file_out *o, const char *class, uint64_t n);
/* A table that may scroll sideways on a narrow screen, its caption, and the row of its heads. A head that begins with
 * '#' stands over numbers. */
void html_table(report_file_out *o, const char *class, sv caption, const char *const *head, size_t heads);
void html_table_end(report_file_out *o);

#endif
