#include "deliver/staged_row.h"
#include "template/template.h"

bool staged_may_need_quotes(const model_entity *e, size_t column)
{
    if (column == STAGED_SOURCE_KEY) return false;
    const model_field *f = staged_field(e, column);
    return !f || f->type == FIELD_TEXT || f->type == FIELD_REFERENCE;
}

static char *put(char *to, sv s)
{
    memcpy(to, s.p, s.n);
    return to + s.n;
}

static bool is_plain(sv s, char delimiter)
{
    if (s.p[0] == ' ' || s.p[s.n - 1] == ' ') return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == delimiter || c == '"' || c == '\n' || c == '\r') return false;
    }
    return true;
}

static char *put_quoted(char *to, sv s)
{
    *to++ = '"';
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\r' && i + 1 < s.n && s.p[i + 1] == '\n') continue;
        if (c == '"') *to++ = '"';
        *to++ = c == '\r' ? '\n' : c;
    }
    *to++ = '"';
    return to;
}

void staged_row(const staged_form *form, const sv *column, buf *out)
{
    size_t most = form->newline.n;
    for (size_t i = 0; i < form->columns; i++) most += 2 * column[i].n + 3; /* every byte a quote */
    char *start = buf_reserve(out, most), *to = start;
    if (!to) return;
    for (size_t i = 0; i < form->columns; i++) {
        if (i) *to++ = form->delimiter;
        if (!column[i].n) continue;
        if (form->text[i] && !is_plain(column[i], form->delimiter))
            to = put_quoted(to, column[i]);
        else
            to = put(to, column[i]);
    }
    to = put(to, form->newline);
    out->n += (size_t)(to - start);
}
