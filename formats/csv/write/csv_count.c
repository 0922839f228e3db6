#include "csv/csv_words.h"
#include "csv/csv_writer.h"

static unsigned marks_in(uint64_t marks) { return (unsigned)(((marks >> 7) * CSV_ONES) >> 56); }

static void count_byte(csv_counter *c, char byte)
{
    c->quoted ^= byte == '"';
    c->records += !c->quoted && byte == '\n';
}

void csv_count(csv_counter *c, sv piece)
{
    size_t i = 0;
    for (; i + 8 <= piece.n; i += 8) {
        uint64_t w = csv_load(piece.p + i);
        if (csv_has(w, '"')) {
            for (size_t j = 0; j < 8; j++) count_byte(c, piece.p[i + j]);
        } else if (!c->quoted)
            c->records += marks_in(csv_marks(w, '\n'));
    }
    for (; i < piece.n; i++) count_byte(c, piece.p[i]);
}
