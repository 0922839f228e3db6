/* Fields that only have a type. */
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

norm_form normalize_text(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    (void)c, (void)r;
    buf_sv(out, in);
    return FORM_GOOD;
}

static norm_form wrong(const norm_column *c, norm_remarks *r)
{
    norm_remark(r, F_NRM_WRONG_TYPE, c->field);
    return FORM_WRONG;
}

/* 1, 0 and -1 (Access); English and Turkish words. */
norm_form normalize_bool(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    folded x;
    bool of_state = strcmp(c->field->name, "active") == 0;
    if (!text_fold(in, &x)) return wrong(c, r);
    if (folded_is_one_of(&x, "1|true|t|yes|y|on|evet|e|dogru") || (of_state && folded_is_one_of(&x, "active|aktif")))
        buf_char(out, '1');
    else if (folded_is_one_of(&x, "0|false|f|no|n|off|hayir|h|yanlis") ||
             (of_state && folded_is_one_of(&x, "inactive|pasif")))
        buf_char(out, '0');
    else
        return wrong(c, r);
    return FORM_GOOD;
}
