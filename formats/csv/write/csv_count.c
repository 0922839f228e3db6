#include "csv/csv_words.h"
#include "csv/csv_writer.h"

static void count_byte(csv_counter *c, char byte)
{
    c->quoted ^= byte == '"';
    c->records += !c->quoted && byte == '\n';
}

/* Quotes before and at each byte, even or odd, say what is inside: in charts as JSON nearly every word has some. */
static void count_word(csv_counter *c, const char *p)
{
    uint64_t w = csv_load(p), odd = ((csv_marks(w, '"') >> 7) * CSV_ONES) & CSV_ONES;
    uint64_t inside = c->quoted ? odd ^ CSV_ONES : odd, line_feeds = (csv_marks(w, '\n') >> 7) & ~inside;
    c->records += (line_feeds * CSV_ONES) >> 56;
    c->quoted = inside >> 56;
}

enum { BLOCK = 128 }; /* few enough for the sums below to fit into a byte */

/* Line feeds of a block, and whether it has a quote. */
static unsigned look_at(const char *p, bool *quotes)
{
    uint64_t line_feeds = 0, quote = 0; /* line_feeds: a sum in each byte */
    for (size_t i = 0; i < BLOCK; i += 8) {
        uint64_t w = csv_load(p + i);
        line_feeds += csv_marks(w, '\n') >> 7;
        quote |= csv_has(w, '"');
    }
    *quotes = quote != 0;
    return (unsigned)((line_feeds * CSV_ONES) >> 56);
}

void csv_count(csv_counter *c, sv piece)
{
    size_t i = 0;
    for (; i + BLOCK <= piece.n; i += BLOCK) {
        bool quotes;
        unsigned line_feeds = look_at(piece.p + i, &quotes);
        if (quotes)
            for (size_t j = 0; j < BLOCK; j += sizeof(uint64_t)) count_word(c, piece.p + i + j);
        else if (!c->quoted)
            c->records += line_feeds;
    }
    for (; i < piece.n; i++) count_byte(c, piece.p[i]);
}
