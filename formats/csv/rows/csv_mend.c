#include "csv/rows/csv_mend.h"
#include <stdlib.h>

/* Work that one broken row may cost: far more than any that a person could put right. */
enum { PIECES_MAX = 8192, STEPS_MAX = 256 << 10 };

/* The text between two separators. */
typedef struct piece {
    const char *p, *end;
    bool line_before;  /* a line break, not a delimiter, stands before it: no field begins here */
    bool opens;        /* begins with a quotation mark */
    size_t clean_last; /* of a piece that opens: the piece that ends its quotes as they should; SIZE_MAX: none */
} piece;

typedef struct mender {
    const csv_dialect *d;
    const column_shape *shape;
    size_t columns, pieces, spare; /* spare: pieces more than columns */
    piece *piece;
    uint8_t *ways;   /* from piece j + e at column j to the end: 0, 1, 2 (more); 3: not yet known */
    uint32_t *taken; /* pieces of the field in the one way */
    uint64_t steps;
} mender;

static bool is_break(char c) { return c == '\n' || c == '\r'; }

/* Each separator ends a piece. Room for those of this row and no more: a file may hold a broken row in every other line. */
static bool find_pieces(mender *m, const char *p, const char *end)
{
    size_t room = 1;
    for (const char *s = p; s < end; s++) room += *s == m->d->delimiter || is_break(*s);
    if (room > PIECES_MAX) return false;
    m->piece = malloc(room * sizeof *m->piece);
    if (!m->piece) return false;
    bool line = false;
    for (const char *s = p;;) {
        const char *q = s;
        while (q < end && *q != m->d->delimiter && !is_break(*q)) q++;
        m->piece[m->pieces++] = (piece){s, q, line, m->d->quote && s < q && *s == m->d->quote, SIZE_MAX};
        if (q == end) return true;
        line = is_break(*q);
        s = q + (line && *q == '\r' && q + 1 < end && q[1] == '\n' ? 2 : 1);
    }
}

/* Where quotes that open at piece i close as the rules want it: the piece whose end they close at. */
static void find_clean(mender *m, size_t i)
{
    const char *end = m->piece[m->pieces - 1].end, *q = m->piece[i].p + 1;
    while (q < end) {
        if (*q != m->d->quote) {
            q++;
            continue;
        }
        if (q + 1 < end && q[1] == m->d->quote) {
            q += 2;
            continue;
        }
        for (size_t k = i; k < m->pieces; k++)
            if (m->piece[k].end == q + 1) m->piece[i].clean_last = k;
        return;
    }
}

/* The field of pieces i to k, if they can be one. */
static bool field_of(const mender *m, size_t i, size_t k, csv_field_text *out)
{
    const piece *first = &m->piece[i];
    const char *p = first->p, *end = m->piece[k].end;
    char quote = m->d->quote;
    if (first->opens) {
        bool ends = end - p >= 2 && end[-1] == quote;
        if (first->clean_last != SIZE_MAX && first->clean_last < k) return false;
        if (first->clean_last == k) {
            *out = (csv_field_text){p + 1, (size_t)(end - p) - 2, FIELD_QUOTED};
            if (memchr(p + 1, quote, (size_t)(end - p) - 2)) out->flags |= FIELD_DOUBLED;
            return true;
        }
        if (ends) {
            *out = (csv_field_text){p + 1, (size_t)(end - p) - 2, FIELD_QUOTED | FIELD_STRAY};
            return true;
        }
        if (k > i || first->clean_last != SIZE_MAX) return false;
    }
    for (size_t n = i + 1; n <= k; n++)
        if (m->piece[n].opens && m->piece[n].clean_last != SIZE_MAX) return false;
    *out = (csv_field_text){p, (size_t)(end - p), 0};
    return true;
}

static bool allowed(mender *m, size_t column, size_t i, size_t k)
{
    csv_field_text f;
    m->steps++;
    return field_of(m, i, k, &f) && shape_fits(&m->shape[column], (sv){f.p, f.n});
}

/* Columns from the last to the first: what follows is always known. */
static void count_ways(mender *m)
{
    size_t n = m->columns, width = m->spare + 1;
    for (size_t j = n; j-- > 0;) {
        for (size_t e = 0; e < width; e++) {
            size_t i = j + e;
            uint8_t *here = &m->ways[j * width + e];
            *here = 0;
            if (m->piece[i].line_before) continue;
            for (size_t k = i; k < m->pieces && k - j < width && *here < 2; k++) {
                bool last = j + 1 == n;
                if (last ? k + 1 != m->pieces : k + 1 >= m->pieces) continue;
                uint8_t rest = last ? 1 : m->ways[(j + 1) * width + (k - j)];
                if (rest == 0 || !allowed(m, j, i, k)) continue;
                if (m->steps > STEPS_MAX) return;
                if (*here == 0) m->taken[j * width + e] = (uint32_t)(k - i + 1);
                *here = (uint8_t)(*here + rest > 2 ? 2 : *here + rest);
            }
        }
    }
}

static bool weigh(mender *m, csv_field_text *field)
{
    size_t width = m->spare + 1;
    for (size_t i = 0; i < m->pieces; i++)
        if (m->piece[i].opens) find_clean(m, i);
    count_ways(m);
    if (m->steps > STEPS_MAX) return false;
    if (m->ways[0] != 1) return false;
    for (size_t j = 0, i = 0; j < m->columns; j++) {
        size_t n = m->taken[j * width + (i - j)];
        if (!field_of(m, i, i + n - 1, &field[j])) return false;
        i += n;
    }
    return true;
}

bool csv_mend(const csv_dialect *d, const char *p, const char *end, const column_shape *shape, size_t columns,
              csv_field_text *field)
{
    mender m = {.d = d, .shape = shape, .columns = columns};
    bool ok = false;
    if (shape && columns && find_pieces(&m, p, end) && m.pieces >= columns) {
        m.spare = m.pieces - columns;
        uint64_t states = (uint64_t)columns * (m.spare + 1);
        if (states * (m.spare + 1) <= STEPS_MAX) {
            m.ways = calloc((size_t)states, 1);
            m.taken = calloc((size_t)states, sizeof *m.taken);
            ok = m.ways && m.taken && weigh(&m, field);
        }
    }
    free(m.piece);
    free(m.ways);
    free(m.taken);
    return ok;
}
