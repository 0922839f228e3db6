#include "csv/csv_words.h"
#include "csv/csv_writer.h"
#include <stddef.h>

static void count_byte(csv_counter *c, char byte)
{
    c->quoted ^= byte == '"';
    c->records += !c->quoted && byte == '\n';
}

static unsigned count_bits(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    return (unsigned)(((x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F)) * CSV_ONES >> 56);
}

/* Quotes before and at each byte, even or odd, say what is inside: in charts as JSON, and in rows with names, nearly
 * every block has some. */
static void count_block(csv_counter *c, const char *p)
{
    uint64_t quotes = csv_bits(p, '"'), line_feeds = csv_bits(p, '\n');
    if (quotes)
        for (unsigned step = 1; step < CSV_BLOCK; step *= 2) quotes ^= quotes << step;
    uint64_t inside = c->quoted ? ~quotes : quotes;
    c->records += count_bits(line_feeds & ~inside);
    c->quoted = inside >> (CSV_BLOCK - 1);
}

void csv_count(csv_counter *c, sv piece)
{
    csv_counter at = *c; /* kept in registers */
    size_t i = 0;
    for (; i + CSV_BLOCK <= piece.n; i += CSV_BLOCK) count_block(&at, piece.p + i);
    for (; i < piece.n; i++) count_byte(&at, piece.p[i]);
    *c = at;
}
