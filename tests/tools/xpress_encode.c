/* Greedy LZ77 over hash chains, then one Huffman code limited to 15 bits. */
#include "xpress_encode.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    SYMBOLS = 512,
    END_MARK = 256,
    CODE_BITS_MAX = 15,
    HASH_BITS = 14,
    CHAIN_MAX = 12,  /* places looked at for one match: more gains little on pages */
    GOOD_LENGTH = 64 /* a match this long ends the search, and its inside is not entered into the chains in full */
};
#define NO_PLACE UINT32_MAX

/* A literal: offset 0 and the byte in `length`; else a match of length + 3. */
typedef struct token {
    uint16_t offset, length;
} token;

struct xpress_encoder {
    uint32_t newest[1 << HASH_BITS]; /* last place with this hash */
    uint32_t older[XPRESS_IN_MAX];   /* the place before, by place */
    token tokens[XPRESS_IN_MAX];
    uint32_t uses[SYMBOLS];
    uint8_t bits[SYMBOLS];
    uint16_t code[SYMBOLS];
};

xpress_encoder *xpress_encoder_new(void) { return malloc(sizeof(xpress_encoder)); }

void xpress_encoder_free(xpress_encoder *x) { free(x); }

/* ---- LZ77 ---- */

static uint32_t hash3(const uint8_t *p)
{
    uint32_t v = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
    return v * 0x9E3779B1U >> (32 - HASH_BITS);
}

static size_t common_prefix(const uint8_t *a, const uint8_t *b, size_t most)
{
    size_t n = 0;
    while (n + 8 <= most && memcmp(a + n, b + n, 8) == 0) n += 8;
    while (n < most && a[n] == b[n]) n++;
    return n;
}

static void enter(xpress_encoder *x, const uint8_t *in, size_t n, size_t at)
{
    if (n - at < 3) return;
    uint32_t h = hash3(in + at);
    x->older[at] = x->newest[h];
    x->newest[h] = (uint32_t)at;
}

/* Longest match for the place; its length, 0 when there is none of 3 bytes. Among equal ones the nearest wins. */
static size_t find_match(const xpress_encoder *x, const uint8_t *in, size_t n, size_t at, size_t *offset)
{
    size_t most = n - at, best = 2;
    if (most < 3) return 0;
    uint32_t from = x->newest[hash3(in + at)];
    for (unsigned k = 0; k < CHAIN_MAX && from != NO_PLACE; k++, from = x->older[from]) {
        if (in[from + best] != in[at + best]) continue;
        size_t length = common_prefix(in + from, in + at, most);
        if (length <= best) continue;
        best = length;
        *offset = at - from;
        if (best >= GOOD_LENGTH || best == most) break;
    }
    return best >= 3 ? best : 0;
}

static unsigned log2_of(unsigned v) { return 31U - (unsigned)__builtin_clz(v); }

static unsigned symbol_of(token t)
{
    if (t.offset == 0) return t.length;
    return END_MARK + log2_of(t.offset) * 16 + (t.length < 15 ? t.length : 15U);
}

static size_t tokenize(xpress_encoder *x, const uint8_t *in, size_t n)
{
    size_t count = 0;
    memset(x->newest, 0xFF, sizeof x->newest);
    for (size_t at = 0; at < n;) {
        size_t offset = 0, length = find_match(x, in, n, at, &offset);
        if (length == 0) {
            enter(x, in, n, at);
            x->tokens[count++] = (token){0, in[at++]};
            continue;
        }
        size_t step = length > GOOD_LENGTH ? length / 16 : 1;
        for (size_t i = 0; i < length; i += step) enter(x, in, n, at + i);
        x->tokens[count++] = (token){(uint16_t)offset, (uint16_t)(length - 3)};
        at += length;
    }
    return count;
}

/* ---- Huffman ---- */

static int by_uses(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Code lengths of a Huffman tree over `weight`; the longest one. At least two weights are not 0. Leaves, in the order
 * of weight, and inner nodes, which come into being in that order, are two queues; each node joins the two smallest
 * heads. */
static unsigned tree_lengths(const uint32_t weight[SYMBOLS], uint8_t bits[SYMBOLS])
{
    uint32_t leaf[SYMBOLS], sum[SYMBOLS];
    uint16_t parent[2 * SYMBOLS];
    unsigned depth[2 * SYMBOLS];
    unsigned leaves = 0, nodes = 0, next_leaf = 0, next_node = 0;
    for (uint32_t s = 0; s < SYMBOLS; s++) {
        if (weight[s]) leaf[leaves++] = weight[s] << 9 | s;
    }
    qsort(leaf, leaves, sizeof leaf[0], by_uses);
    while (nodes < leaves - 1) {
        uint32_t both = 0;
        for (unsigned k = 0; k < 2; k++) {
            bool from_leaves = next_leaf < leaves && (next_node == nodes || leaf[next_leaf] >> 9 <= sum[next_node]);
            both += from_leaves ? leaf[next_leaf] >> 9 : sum[next_node];
            parent[from_leaves ? next_leaf++ : SYMBOLS + next_node++] = (uint16_t)nodes;
        }
        sum[nodes++] = both;
    }
    depth[SYMBOLS + nodes - 1] = 0;
    for (unsigned i = nodes - 1; i-- > 0;) depth[SYMBOLS + i] = depth[SYMBOLS + parent[SYMBOLS + i]] + 1;
    unsigned longest = 0;
    memset(bits, 0, SYMBOLS);
    for (unsigned i = 0; i < leaves; i++) {
        unsigned d = depth[SYMBOLS + parent[i]] + 1;
        bits[leaf[i] & (SYMBOLS - 1)] = (uint8_t)d;
        if (d > longest) longest = d;
    }
    return longest;
}

/* A code within the limit: weights are made more alike until the tree is flat enough. Each tree fills the code space.
 * */
static void make_code(xpress_encoder *x)
{
    uint32_t weight[SYMBOLS];
    memcpy(weight, x->uses, sizeof weight);
    while (tree_lengths(weight, x->bits) > CODE_BITS_MAX) {
        for (unsigned s = 0; s < SYMBOLS; s++) weight[s] = (weight[s] + 1) / 2;
    }
    unsigned next = 0;
    for (unsigned bits = 1; bits <= CODE_BITS_MAX; bits++, next <<= 1) {
        for (unsigned s = 0; s < SYMBOLS; s++) {
            if (x->bits[s] == bits) x->code[s] = (uint16_t)next++;
        }
    }
}

/* ---- output ---- */

/* Two units are set aside ahead of the bytes that lie between them; the next is set aside once a unit is more than
 * full. */
typedef struct bit_writer {
    uint8_t *unit, *unit_after, *at;
    uint32_t bits; /* `16 - room` of them */
    unsigned room;
} bit_writer;

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static void put_bits(bit_writer *w, uint32_t value, unsigned n)
{
    if (n <= w->room) {
        w->bits = w->bits << n | value;
        w->room -= n;
        return;
    }
    unsigned rest = n - w->room;
    put16(w->unit, w->bits << w->room | value >> rest);
    w->unit = w->unit_after;
    w->unit_after = w->at;
    w->at += 2;
    w->bits = value & ((1U << rest) - 1);
    w->room = 16 - rest;
}

static void put_extra_length(bit_writer *w, unsigned length)
{
    if (length < 15) return;
    if (length < 15 + 255) {
        *w->at++ = (uint8_t)(length - 15);
        return;
    }
    *w->at++ = 255;
    put16(w->at, length);
    w->at += 2;
}

static size_t extra_bytes(unsigned length) { return length < 15 ? 0 : length < 15 + 255 ? 1 : 3; }

static size_t encoded_size(const xpress_encoder *x, const token *tokens, size_t count)
{
    size_t bytes = SYMBOLS / 2, bits = x->bits[END_MARK];
    for (size_t i = 0; i < count; i++) {
        bits += x->bits[symbol_of(tokens[i])];
        if (tokens[i].offset == 0) continue;
        bits += log2_of(tokens[i].offset);
        bytes += extra_bytes(tokens[i].length);
    }
    return bytes + ((bits + 15) / 16 + 1) * 2;
}

size_t xpress_encode(xpress_encoder *x, const void *in, size_t n, void *out)
{
    if (n == 0 || n > XPRESS_IN_MAX) return 0;
    size_t count = tokenize(x, in, n);
    memset(x->uses, 0, sizeof x->uses);
    for (size_t i = 0; i < count; i++) x->uses[symbol_of(x->tokens[i])]++;
    x->uses[END_MARK]++;
    make_code(x);
    size_t size = encoded_size(x, x->tokens, count);
    if (size > XPRESS_OUT_MAX) return 0;

    uint8_t *p = out;
    for (size_t i = 0; i < SYMBOLS / 2; i++) p[i] = (uint8_t)(x->bits[2 * i] | x->bits[2 * i + 1] << 4);
    p += SYMBOLS / 2;
    bit_writer w = {p, p + 2, p + 4, 0, 16};
    for (size_t i = 0; i < count; i++) {
        token t = x->tokens[i];
        unsigned s = symbol_of(t);
        put_bits(&w, x->code[s], x->bits[s]);
        if (t.offset == 0) continue;
        put_extra_length(&w, t.length);
        unsigned offset_bits = log2_of(t.offset);
        put_bits(&w, t.offset - (1U << offset_bits), offset_bits);
    }
    put_bits(&w, x->code[END_MARK], x->bits[END_MARK]);
    put16(w.unit, w.bits << w.room);
    put16(w.unit_after, 0);
    return size;
}
