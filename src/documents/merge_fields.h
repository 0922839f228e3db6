/* The merge fields of a letter template: the places where a program puts a patient's or a dentist's data. Internal to this
 * folder. */
#ifndef DOCUMENTS_MERGE_FIELDS_H
#define DOCUMENTS_MERGE_FIELDS_H

#include "base/buf.h"

/* Appends the names of all fields in an RTF, an HTML or a plain text, each once, in their order, with "; " between: of
 * <<Name>>, «Name», {{Name}}, {Name}, [Name] and Word's MERGEFIELD Name. */
void merge_fields_of(sv body, buf *out);

#endif
