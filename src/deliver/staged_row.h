/* A record as it was staged, as a line of CSV: no rule of a field stands between. */
#ifndef DELIVER_STAGED_ROW_H
#define DELIVER_STAGED_ROW_H

#include "base/buf.h"
#include "model/model.h"

typedef struct staged_form {
    char delimiter;
    sv newline;
    const bool *text; /* per column: staged_may_need_quotes */
    size_t columns;
} staged_form;

/* Texts may hold anything; what is made of digits, signs and the model's words needs no quotes. */
bool staged_may_need_quotes(const model_entity *e, size_t column);
/* Whether a text that is not empty stands without quotes. */
bool staged_is_plain(sv s, char delimiter);
/* A text of a cell that is not empty, with quotes where it needs them, line ends within it as one line feed; its end. At most
 * 2 n + 2 bytes. */
char *staged_put_text(char *to, sv s, char delimiter);
/* Appends the line to out, texts as staged_put_text has them. */
void staged_row(const staged_form *form, const sv *column, buf *out);

#endif
