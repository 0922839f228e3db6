/* Members of a report's model; what is not there reads as nothing. */
#ifndef REPORT_MODEL_READ_H
#define REPORT_MODEL_READ_H

#include "base/sv.h"
#include <jansson.h>

sv json_words(const json_t *text);
sv text_in(const json_t *o, const char *key);
uint64_t number_in(const json_t *o, const char *key);
bool true_in(const json_t *o, const char *key);

#endif
