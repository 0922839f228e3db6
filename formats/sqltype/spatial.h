/* The parts of a stored geometry or geography (FORMAT-clr.md, Spatial), checked against each other, over the caller's
 * bytes. Within this layer only: the way in is spatial_text of sqltype.h. */
#ifndef SQLTYPE_SPATIAL_H
#define SQLTYPE_SPATIAL_H

#include "base/bytes.h"
#include "base/sv.h"

typedef enum spatial_type {
    SHAPE_POINT = 1,
    SHAPE_LINESTRING,
    SHAPE_POLYGON,
    SHAPE_MULTIPOINT,
    SHAPE_MULTILINESTRING,
    SHAPE_MULTIPOLYGON,
    SHAPE_GEOMETRYCOLLECTION,
    SHAPE_CIRCULARSTRING,
    SHAPE_COMPOUNDCURVE,
    SHAPE_CURVEPOLYGON,
    SHAPE_FULLGLOBE
} spatial_type;

/* How the points of a figure are joined. */
typedef enum figure_kind { FIGURE_STRAIGHT, FIGURE_ARCS, FIGURE_COMPOSITE } figure_kind;

/* The segments of a composite figure: arcs take two more points, lines one; a first one begins a new part. */
enum { SEGMENT_ARC_BIT = 1, SEGMENT_FIRST_BIT = 2 };

#define SPATIAL_NONE UINT32_MAX /* no shape, no figure */

/* After a successful parse every index below is in range, figures hold at least one point, each figure belongs to one
 * shape, and the parents of the shapes lead to shape 0 without a loop. */
typedef struct spatial {
    bool geography; /* points are latitude, longitude */
    uint32_t points, figures, shapes, segments;
    const uint8_t *xy;      /* 2 doubles a point */
    const uint8_t *z, *m;   /* 1 double a point; NULL: none has one */
    const uint8_t *figure;  /* 5 bytes each */
    const uint8_t *shape;   /* 9 bytes each */
    const uint8_t *segment; /* 1 byte each */
    uint8_t version;
    uint8_t made[14]; /* figure and shape of a value stored without them (single point, single line) */

    uint32_t *links; /* owned: the four tables below */
    uint32_t *child, *next, *figure_end, *segment_at;
} spatial;

/* False when the bytes are no spatial value or memory is short; then nothing needs to be freed. A value that says it is
 * none (SRID -1) has no shapes. `s` must stay where it is while it is used. */
bool spatial_parse(sv in, bool geography, spatial *s);
void spatial_free(spatial *s);

static inline spatial_type spatial_shape_type(const spatial *s, uint32_t shape)
{
    return (spatial_type)s->shape[(size_t)shape * 9 + 8];
}
static inline uint32_t spatial_parent(const spatial *s, uint32_t shape) { return le32(s->shape + (size_t)shape * 9); }
/* First figure of a shape, SPATIAL_NONE when it is empty; its last one is before figure_end[shape]. */
static inline uint32_t spatial_first_figure(const spatial *s, uint32_t shape)
{
    return le32(s->shape + (size_t)shape * 9 + 4);
}
static inline uint32_t spatial_figure_start(const spatial *s, uint32_t figure)
{
    return le32(s->figure + (size_t)figure * 5 + 1);
}
static inline uint32_t spatial_figure_stop(const spatial *s, uint32_t figure)
{
    return figure + 1 < s->figures ? spatial_figure_start(s, figure + 1) : s->points;
}
figure_kind spatial_figure_kind(const spatial *s, uint32_t figure);

static inline bool spatial_is_collection(spatial_type t)
{
    return t >= SHAPE_MULTIPOINT && t <= SHAPE_GEOMETRYCOLLECTION;
}

#endif
