#include "normalize/normalize_internal.h"

/* Tabs and line breaks within become one blank each; runs of blanks are as they were. */
norm_form normalize_line(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    (void)c, (void)r;
    for (size_t i = 0; i < in.n; i++) {
        bool broken = in.p[i] == '\r' || in.p[i] == '\n';
        while (broken && i + 1 < in.n && (in.p[i + 1] == '\r' || in.p[i + 1] == '\n')) i++;
        buf_char(out, broken || in.p[i] == '\t' || in.p[i] == '\v' || in.p[i] == '\f' ? ' ' : in.p[i]);
    }
    return FORM_GOOD;
}
