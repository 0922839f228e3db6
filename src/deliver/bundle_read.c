#include "deliver/bundle_read.h"
#include "base/platform.h"
#include <stdlib.h>

enum { READ_BYTES = 1 << 18, RECORD_BYTES_MAX = 64 << 20, CELLS_MAX = 4096 };

typedef struct reading {
    const bundle_reader *r;
    buf text;               /* of the cells of the record so far */
    size_t ends[CELLS_MAX]; /* in text, of each whole cell */
    size_t cells;
    sv cell[CELLS_MAX];
    bool quoted;     /* within quotes */
    bool quote_seen; /* within quotes, and the last byte was a quote */
    bool ended, too_wide;
} reading;

static void end_cell(reading *g)
{
    if (g->cells == CELLS_MAX)
        g->too_wide = true;
    else
        g->ends[g->cells++] = g->text.n;
}

static void end_record(reading *g)
{
    /* The CR before the LF outside of quotes is of the record's end. */
    if (g->text.n > (g->cells ? g->ends[g->cells - 1] : 0) && g->text.p[g->text.n - 1] == '\r') g->text.n--;
    end_cell(g);
    for (size_t i = 0, from = 0; i < g->cells; from = g->ends[i++])
        g->cell[i] = (sv){g->text.p + from, g->ends[i] - from};
    if (!g->r->take(g->r->ctx, g->cell, g->cells)) g->ended = true;
    g->cells = 0;
    g->text.n = 0;
}

static void quoted_byte(reading *g, char c)
{
    if (c == '"' && !g->quote_seen) {
        g->quote_seen = true;
        return;
    }
    if (g->quote_seen && c != '"') g->quoted = false;
    g->quote_seen = false;
    if (g->quoted || c == '"') buf_char(&g->text, c);
}

static bool is_plain(const reading *g, char c) { return c != g->r->delimiter && c != '"' && c != '\n'; }

static void read_piece(reading *g, sv piece)
{
    for (size_t i = 0; i < piece.n && !g->ended && !g->too_wide && !g->text.failed;) {
        char c = piece.p[i];
        if (g->quoted) {
            quoted_byte(g, c);
            if (g->quoted) {
                i++;
                continue;
            }
            /* The byte behind the closing quote is read as what it is. */
        }
        size_t n = 0;
        while (i + n < piece.n && is_plain(g, piece.p[i + n])) n++;
        buf_add(&g->text, piece.p + i, n);
        i += n;
        if (i == piece.n) break;
        c = piece.p[i++];
        if (c == '"')
            g->quoted = true;
        else if (c == '\n')
            end_record(g);
        else
            end_cell(g);
    }
}

static bool read_all(reading *g, os_file *f, char *room, const char **why)
{
    size_t got = 1;
    for (uint64_t at = 0; got && !g->ended; at += got) {
        if (!os_read_at(f, at, room, READ_BYTES, &got, why)) return false;
        read_piece(g, (sv){room, got});
        if (!g->text.failed && !g->too_wide) continue;
        *why = "a record is larger than any that was written";
        return false;
    }
    if (g->ended || (!g->quoted && g->text.n == 0 && g->cells == 0)) return true;
    *why = "it ends within a record";
    return false;
}

bool bundle_read(const bundle_reader *r, const char *path, bool *ended, const char **why)
{
    char *room = malloc(READ_BYTES);
    reading *g = calloc(1, sizeof *g);
    *why = "out of memory";
    os_file *f = room && g ? os_open_read(path, why) : NULL;
    bool ok = false;
    if (f) {
        g->r = r;
        g->text = buf_new(RECORD_BYTES_MAX);
        /* A record without a byte still has an address for its cells. */
        (void)buf_reserve(&g->text, 1);
        ok = read_all(g, f, room, why);
        *ended = g->ended;
        buf_free(&g->text);
        os_close_read(f);
    }
    free(g);
    free(room);
    return ok;
}
