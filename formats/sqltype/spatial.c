/* The stored form of geometry and geography taken apart and checked (FORMAT-clr.md, Spatial). */
#include "sqltype/spatial.h"
#include <stdlib.h>

enum {
    HAS_Z = 0x01,
    HAS_M = 0x02,
    SINGLE_POINT = 0x08,
    SINGLE_LINE = 0x10,
    FLAGS_1 = 0x1f, /* bits that version 1 knows; 0x04: valid, which says nothing about the text */
    FLAGS_2 = 0x3f  /* version 2 adds 0x20: larger than a hemisphere */
};

figure_kind spatial_figure_kind(const spatial *s, uint32_t figure)
{
    /* Version 1 says what a figure is to its polygon, and knows straight lines only. */
    if (s->version == 1) return FIGURE_STRAIGHT;
    uint8_t attribute = s->figure[(size_t)figure * 5];
    return attribute == 3 ? FIGURE_COMPOSITE : attribute == 2 ? FIGURE_ARCS : FIGURE_STRAIGHT;
}

/* A count, then that many entries of `size` bytes. */
static const uint8_t *take_table(cur *c, size_t size, uint32_t *count)
{
    *count = cur_u32(c);
    if (*count > cur_left(c) / size) {
        c->bad = true;
        return NULL;
    }
    return cur_take(c, *count * size);
}

static bool take_points(cur *c, spatial *s, unsigned flags)
{
    size_t size = 16 + (flags & HAS_Z ? 8u : 0u) + (flags & HAS_M ? 8u : 0u);
    s->points = flags & SINGLE_POINT ? 1 : flags & SINGLE_LINE ? 2 : cur_u32(c);
    if (s->points > cur_left(c) / size) return false;
    s->xy = cur_take(c, (size_t)s->points * 16);
    if (flags & HAS_Z) s->z = cur_take(c, (size_t)s->points * 8);
    if (flags & HAS_M) s->m = cur_take(c, (size_t)s->points * 8);
    return !c->bad;
}

/* The one figure and the one shape that a single point or line leaves out. */
static void make_single(spatial *s, spatial_type type)
{
    const uint8_t made[14] = {1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, (uint8_t)type};
    memcpy(s->made, made, sizeof made);
    s->figures = s->shapes = 1;
    s->figure = s->made;
    s->shape = s->made + 5;
}

static bool check_figures(const spatial *s)
{
    uint8_t last_attribute = s->version == 1 ? 2 : 3;
    if (s->figures == 0) return s->points == 0;
    if (spatial_figure_start(s, 0) != 0) return false;
    for (uint32_t i = 0; i < s->figures; i++) {
        uint32_t stop = spatial_figure_stop(s, i);
        if (stop > s->points || stop <= spatial_figure_start(s, i)) return false;
        if (s->figure[(size_t)i * 5] > last_attribute) return false;
    }
    return true;
}

static bool may_hold(spatial_type parent, spatial_type child)
{
    switch (parent) {
    case SHAPE_MULTIPOINT: return child == SHAPE_POINT;
    case SHAPE_MULTILINESTRING: return child == SHAPE_LINESTRING;
    case SHAPE_MULTIPOLYGON: return child == SHAPE_POLYGON;
    case SHAPE_GEOMETRYCOLLECTION: return child != SHAPE_FULLGLOBE;
    default: return false;
    }
}

/* The figures of a shape that holds no other shapes fit its type. */
static bool check_leaf(const spatial *s, uint32_t shape)
{
    spatial_type type = spatial_shape_type(s, shape);
    uint32_t first = spatial_first_figure(s, shape), end = s->figure_end[shape];
    if (type == SHAPE_FULLGLOBE || first >= end) return false;
    if (type != SHAPE_POLYGON && type != SHAPE_CURVEPOLYGON && end - first != 1) return false;
    if (type == SHAPE_CURVEPOLYGON) return true;
    figure_kind want = type == SHAPE_CIRCULARSTRING  ? FIGURE_ARCS
                       : type == SHAPE_COMPOUNDCURVE ? FIGURE_COMPOSITE
                                                     : FIGURE_STRAIGHT;
    for (uint32_t f = first; f < end; f++)
        if (spatial_figure_kind(s, f) != want) return false;
    return type != SHAPE_POINT || spatial_figure_stop(s, first) - spatial_figure_start(s, first) == 1;
}

/* Children and siblings in stored order. Shapes come parents first: depth first from SQL Server, level by level from
 * some clients; both are understood. */
static bool link_shapes(spatial *s)
{
    uint8_t last_type = s->version == 1 ? SHAPE_GEOMETRYCOLLECTION : SHAPE_FULLGLOBE;
    if (s->shapes == 0 || spatial_parent(s, 0) != SPATIAL_NONE) return false;
    for (uint32_t i = 0; i < s->shapes; i++) {
        spatial_type type = spatial_shape_type(s, i);
        if (type < SHAPE_POINT || type > last_type) return false;
        s->child[i] = s->next[i] = SPATIAL_NONE;
    }
    for (uint32_t i = s->shapes - 1; i > 0; i--) {
        uint32_t parent = spatial_parent(s, i);
        if (parent >= i || !may_hold(spatial_shape_type(s, parent), spatial_shape_type(s, i))) return false;
        s->next[i] = s->child[parent];
        s->child[parent] = i;
    }
    return true;
}

/* A shape's figures reach to the first one of the next shape that has any and is no collection (a collection repeats
 * the number of its first child). No figure may be left over. */
static bool link_figures(spatial *s)
{
    uint32_t end = s->figures;
    for (uint32_t i = s->shapes; i-- > 0;) {
        uint32_t first = spatial_first_figure(s, i);
        if (first != SPATIAL_NONE && first > s->figures) return false;
        s->figure_end[i] = end;
        if (first == SPATIAL_NONE || spatial_is_collection(spatial_shape_type(s, i))) continue;
        if (!check_leaf(s, i)) return false;
        end = first;
    }
    return end == 0;
}

/* Gives each composite figure its run of segments; the runs follow each other in the order of the figures. */
static bool link_segments(spatial *s)
{
    uint32_t at = 0;
    for (uint32_t f = 0; f < s->figures; f++) {
        s->segment_at[f] = at;
        if (spatial_figure_kind(s, f) != FIGURE_COMPOSITE) continue;
        uint32_t points = spatial_figure_stop(s, f) - spatial_figure_start(s, f), used = 1;
        if (points < 2 || at >= s->segments || !(s->segment[at] & SEGMENT_FIRST_BIT)) return false;
        while (used < points) {
            if (at >= s->segments || s->segment[at] > (SEGMENT_FIRST_BIT | SEGMENT_ARC_BIT)) return false;
            uint32_t takes = s->segment[at++] & SEGMENT_ARC_BIT ? 2 : 1;
            if (takes > points - used) return false;
            used += takes;
        }
    }
    return at == s->segments;
}

static bool link_all(spatial *s)
{
    /* At most 16 bytes for each 5 or 9 stored ones. */
    size_t entries = (size_t)s->shapes * 3 + s->figures;
    s->links = calloc(entries ? entries : 1, sizeof *s->links);
    if (!s->links) return false;
    s->child = s->links;
    s->next = s->child + s->shapes;
    s->figure_end = s->next + s->shapes;
    s->segment_at = s->figure_end + s->shapes;
    return link_shapes(s) && link_figures(s) && link_segments(s);
}

static bool parse_parts(cur *c, spatial *s)
{
    s->version = cur_u8(c);
    unsigned flags = cur_u8(c);
    if (c->bad || (s->version != 1 && s->version != 2)) return false;
    if (flags & ~(unsigned)(s->version == 1 ? FLAGS_1 : FLAGS_2)) return false;
    unsigned single = flags & (SINGLE_POINT | SINGLE_LINE);
    if (single == (SINGLE_POINT | SINGLE_LINE) || !take_points(c, s, flags)) return false;
    if (single) {
        make_single(s, single == SINGLE_POINT ? SHAPE_POINT : SHAPE_LINESTRING);
    } else {
        s->figure = take_table(c, 5, &s->figures);
        s->shape = take_table(c, 9, &s->shapes);
        if (s->version == 2 && cur_left(c)) s->segment = take_table(c, 1, &s->segments);
    }
    return !c->bad && cur_left(c) == 0 && check_figures(s);
}

bool spatial_parse(sv in, bool geography, spatial *s)
{
    memset(s, 0, sizeof *s);
    s->geography = geography;
    cur c = cur_from(in.p, in.n);
    uint32_t srid = cur_u32(&c);
    if (c.bad) return false;
    if (srid == UINT32_MAX) return cur_left(&c) == 0;
    if (!parse_parts(&c, s)) return false;
    if (link_all(s)) return true;
    spatial_free(s);
    return false;
}

void spatial_free(spatial *s)
{
    free(s->links);
    s->links = NULL;
}
