/* Large values, streamed from where they lie in the file. */
#include "base/utf.h"
#include "csv/csv_internal.h"
#include <stdlib.h>

struct lob_stream {
    csv_source *s;
    csv_table *t;
    csv_text text;
    size_t at;
    uint16_t column;
    bool quoted, second; /* second: the next byte is the second of a doubled quotation mark */
};

status csv_lob_open(row_source *source, const lob_ref *ref, lob_stream **out)
{
    csv_source *s = (csv_source *)source;
    lob_stream *l = calloc(1, sizeof *l);
    *out = NULL;
    if (!l) {
        find_code(s->found, F_OUT_OF_MEMORY, "opening a large value");
        return ST_FATAL;
    }
    uint64_t at = ref->page | (uint64_t)ref->slot << 32;
    *l = (lob_stream){.s = s, .t = &s->table[ref->owner], .column = ref->column, .quoted = ref->origin & FIELD_QUOTED};
    csv_text_start(&l->text, l->t->file, s->found, &l->t->s.d, at, at + ref->bytes);
    *out = l;
    return ST_OK;
}

void csv_lob_close(lob_stream *l)
{
    if (!l) return;
    csv_text_free(&l->text);
    free(l);
}

static status invalid(lob_stream *l)
{
    const csv_dialect *d = &l->t->s.d;
    finding x = FINDING_OF(F_CSV_CELL_INVALID);
    x.path = l->t->text->path;
    x.table = l->t->info->full_name;
    x.column = l->t->info->column[l->column].name;
    x.a = sv_from(csv_encoding_name(d->encoding, d->page, false));
    find_add(l->s->found, &x);
    return ST_ROW_LOST;
}

/* Bytes at the window's front that are one character: 0: more are needed; *skip: it is no part of the value. SIZE_MAX:
 * not valid. */
static size_t character(const lob_stream *l, bool *skip)
{
    const char *p = l->text.p + l->at;
    size_t n = l->text.n - l->at;
    bool all = l->text.end, keep = l->t->s.d.keep_all;
    *skip = false;
    if (*p == l->t->s.d.quote && l->quoted) {
        if (n == 1 && !all) return 0;
        *skip = n > 1 && p[1] == *p; /* of a doubled one the first is dropped */
        return 1;
    }
    size_t len = utf8_valid_at((sv){p, n});
    if (!len) return n < 4 && !all ? 0 : SIZE_MAX;
    *skip = !keep && (*p == '\0' || (len == 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0));
    return len;
}

status csv_lob_read(lob_stream *l, void *p, size_t room, size_t *got)
{
    char *out = p;
    *got = 0;
    while (room - *got >= 4) {
        bool skip = false;
        size_t n = 0;
        if (l->at < l->text.n) n = l->second ? 1 : character(l, &skip);
        if (n == SIZE_MAX) return *got ? ST_OK : invalid(l);
        if (n == 0) {
            if (l->text.end && l->at >= l->text.n) break;
            status st = csv_text_more(&l->text, l->at);
            l->at = 0;
            if (st == ST_FATAL) return st;
            if (st == ST_END && l->text.n == 0) break;
            continue;
        }
        if (skip) {
            l->second = *(l->text.p + l->at) == l->t->s.d.quote;
        } else {
            memcpy(out + *got, l->text.p + l->at, n);
            *got += n;
            l->second = false;
        }
        l->at += n;
    }
    return *got ? ST_OK : ST_END;
}
