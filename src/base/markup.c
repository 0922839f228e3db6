#include "base/markup.h"

const char *markup_entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    default: return NULL;
    }
}

void markup_escaped(buf *out, sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        const char *entity = markup_entity(text.p[i]);
        if (entity)
            buf_str(out, entity);
        else
            buf_char(out, text.p[i]);
    }
}
