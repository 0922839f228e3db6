/* Findings as people and machines see them. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include "base/finding.h"
#include "cli/term.h"
#include <jansson.h>

const char *severity_name(severity s);

/* The findings of at least this severity, worst first, in their parts: what, where, consequence and what to do. After
 * `most` kinds only the number of the rest is said. */
void say_findings(buf *out, const term *t, const findings *f, severity least, size_t most);

/* One kind as JSON: code, severity, title, table, count, rows, places. */
json_t *finding_json(const finding_kind *k);
json_t *findings_json(const findings *f);
/* A string of any bytes: what is not UTF-8 becomes U+FFFD. */
json_t *json_text(sv s);
void json_count(json_t *o, const char *key, uint64_t n);
/* Prints x on one line (indent 0) or indented, with a line end, and frees it. */
void json_print(json_t *x, int indent);

#endif
