/* Words of enumerations: which words of a source stand for which of the model. */
#include "normalize/normalize_internal.h"

norm_form normalize_enum(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    for (const char *p = c->field->values; *p;) {
        size_t n = strcspn(p, " ");
        if (sv_eq_nocase(in, (sv){p, n})) {
            buf_add(out, p, n);
            return FORM_GOOD;
        }
        p += n + (p[n] == ' ');
    }
    norm_remark(r, F_NRM_VALUE_MAP_GAP, c->field);
    return FORM_WRONG;
}
