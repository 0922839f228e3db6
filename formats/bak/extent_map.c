#include "bak/extent_map.h"

static unsigned ones(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (unsigned)(x * 0x0101010101010101u >> 56);
}

bool extent_map_add(extent_map *m, arena *a, uint32_t k, const uint64_t bits[MAP_WORDS])
{
    if (k < m->intervals) return false;
    if (k >= m->room) {
        size_t room = m->room ? m->room * 2 : 4;
        if (room <= k) room = (size_t)k + 1;
        extent_interval *grown = arena_array(a, room, sizeof *grown);
        if (!grown) return false;
        if (m->intervals) memcpy(grown, m->interval, m->intervals * sizeof *grown);
        m->interval = grown;
        m->room = room;
    }
    while (m->intervals < k) m->interval[m->intervals++] = (extent_interval){NULL, m->count};
    extent_bits *b = arena_alloc(a, sizeof *b);
    if (!b) return false;
    memcpy(b->word, bits, sizeof b->word);
    unsigned n = 0;
    for (unsigned i = 0; i < MAP_WORDS; i++) {
        if (i % MAP_WORDS_PER_SUM == 0) b->sum[i / MAP_WORDS_PER_SUM] = (uint16_t)n;
        n += ones(b->word[i]);
    }
    m->interval[m->intervals++] = (extent_interval){b, m->count};
    m->count += n;
    return true;
}

bool extent_map_rank(const extent_map *m, uint32_t extent, uint64_t *rank)
{
    uint32_t k = extent / GAM_EXTENTS, i = extent % GAM_EXTENTS;
    if (k >= m->intervals || !m->interval[k].bits) return false;
    const extent_bits *b = m->interval[k].bits;
    uint32_t w = i / 64;
    if (!(b->word[w] >> i % 64 & 1)) return false;
    uint64_t n = m->interval[k].before + b->sum[w / MAP_WORDS_PER_SUM];
    for (uint32_t j = w - w % MAP_WORDS_PER_SUM; j < w; j++) n += ones(b->word[j]);
    *rank = n + ones(b->word[w] & (((uint64_t)1 << i % 64) - 1));
    return true;
}

uint64_t extent_map_end(const extent_map *m)
{
    for (size_t k = m->intervals; k > 0; k--) {
        const extent_bits *b = m->interval[k - 1].bits;
        for (uint32_t i = b ? MAP_WORDS * 64 : 0; i > 0; i--)
            if (b->word[(i - 1) / 64] >> (i - 1) % 64 & 1) return (uint64_t)(k - 1) * GAM_EXTENTS + i;
    }
    return 0;
}
