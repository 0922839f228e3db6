/* The form in which an object's dates are written. */
#ifndef TEMPLATE_FIELD_DATE_H
#define TEMPLATE_FIELD_DATE_H

#include "template/template.h"

/* The object's own, else the destination's; day: of dates, else of date-times. */
sv target_date_form(const destination *d, const object_template *o, bool day);
/* The same within a text, where a workbook has no dates of its own. */
sv target_text_date_form(const destination *d, const object_template *o, bool day);

#endif
