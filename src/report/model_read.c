#include "report/model_read.h"

sv json_words(const json_t *x)
{
    return json_is_string(x) ? (sv){json_string_value(x), json_string_length(x)} : (sv){NULL, 0};
}

sv text_in(const json_t *o, const char *key) { return json_words(json_object_get(o, key)); }

uint64_t number_in(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n < 0 ? 0 : (uint64_t)n;
}

bool true_in(const json_t *o, const char *key) { return json_is_true(json_object_get(o, key)); }
