/* The steps of a load, printable: guide.md of a template, with what this very bundle holds, as IMPORT-STEPS.html without
 * script. What may stand in guide.md: templates/README.md. */
#ifndef GUIDE_GUIDE_H
#define GUIDE_GUIDE_H

#include "base/problem.h"
#include "deliver/emitter.h"

/* Writes IMPORT-STEPS.html where the template has a guide.md; is run for every bundle, not by `packages`. */
extern const emitter import_steps;

/* Appends the page. False when out of memory. */
bool guide_page(sv text, const deliver_facts *facts, buf *out);

/* Every word in double braces that means nothing to this destination, with its line. */
void guide_check(sv file, sv text, const destination *d, problems *p);

#endif
