/* Spatial values as well-known text, written as SQL Server's ToString() writes it: with Z and M (FORMAT-clr.md). */
#include "source/value_text.h"
#include "sqltype/spatial.h"
#include "sqltype/sqltype.h"
#include <math.h>

static const char *const NAMES[] = {
    "",
    "POINT",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
    "CIRCULARSTRING",
    "COMPOUNDCURVE",
    "CURVEPOLYGON",
    "FULLGLOBE",
};

static double double_at(const uint8_t *p)
{
    uint64_t bits = le64(p);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Digits of a number's shortest text, from the first to the last that is not 0. */
static unsigned shortest_digits(double x)
{
    char text[32];
    size_t n = text_of_double(x, text);
    unsigned digits = 0, zeros = 0;
    for (size_t i = 0; i < n && text[i] != 'e'; i++) {
        if (text[i] == '0') {
            zeros++;
        } else if (text[i] > '0' && text[i] <= '9') {
            digits = digits ? digits + zeros + 1 : 1;
            zeros = 0;
        }
    }
    return digits;
}

/* 15 digits where they read back as the same number, else 17, never 16: the rule of the .NET Framework, which prints
 * these values in the server. It is not the shortest text; FORMAT-clr.md has the evidence. */
static void add_number(buf *out, double x)
{
    if (x == 0)
        buf_char(out, '0'); /* also for minus zero */
    else
        buf_printf(out, "%.*G", shortest_digits(x) <= 15 ? 15 : 17, x);
}

static bool add_point(buf *out, const spatial *s, uint32_t i)
{
    double first = double_at(s->xy + (size_t)i * 16), second = double_at(s->xy + (size_t)i * 16 + 8);
    double z = s->z ? double_at(s->z + (size_t)i * 8) : NAN;
    double m = s->m ? double_at(s->m + (size_t)i * 8) : NAN;
    if (!isfinite(first) || !isfinite(second) || isinf(z) || isinf(m)) return false;
    add_number(out, s->geography ? second : first);
    buf_char(out, ' ');
    add_number(out, s->geography ? first : second);
    if (!isnan(z)) {
        buf_char(out, ' ');
        add_number(out, z);
    }
    if (isnan(m)) return true;
    buf_str(out, isnan(z) ? " NULL " : " "); /* holds the place of the missing Z */
    add_number(out, m);
    return true;
}

/* "(1 2, 3 4)" */
static bool add_points(buf *out, const spatial *s, uint32_t from, uint32_t to)
{
    buf_char(out, '(');
    for (uint32_t i = from; i < to; i++) {
        if (i > from) buf_str(out, ", ");
        if (!add_point(out, s, i)) return false;
    }
    buf_char(out, ')');
    return true;
}

/* "((0 0, 1 1), CIRCULARSTRING (1 1, 2 2, 3 1))": parts share the point at which they meet. */
static bool add_composite(buf *out, const spatial *s, uint32_t figure)
{
    uint32_t last = spatial_figure_stop(s, figure) - 1;
    uint32_t from = spatial_figure_start(s, figure);
    uint32_t segment = s->segment_at[figure];
    buf_char(out, '(');
    while (from < last) {
        bool arcs = s->segment[segment] & SEGMENT_ARC_BIT;
        uint32_t to = from;
        do {
            to += arcs ? 2 : 1;
            segment++;
        } while (to < last && s->segment[segment] == (arcs ? SEGMENT_ARC_BIT : 0));
        if (arcs) buf_str(out, "CIRCULARSTRING ");
        if (!add_points(out, s, from, to + 1)) return false;
        if (to < last) buf_str(out, ", ");
        from = to;
    }
    buf_char(out, ')');
    return true;
}

static bool add_figure(buf *out, const spatial *s, uint32_t figure)
{
    if (spatial_figure_kind(s, figure) == FIGURE_COMPOSITE) return add_composite(out, s, figure);
    return add_points(out, s, spatial_figure_start(s, figure), spatial_figure_stop(s, figure));
}

static bool add_rings(buf *out, const spatial *s, uint32_t shape)
{
    static const char *const RING[] = {"", "CIRCULARSTRING ", "COMPOUNDCURVE "};
    uint32_t first = spatial_first_figure(s, shape);
    buf_char(out, '(');
    for (uint32_t f = first; f < s->figure_end[shape]; f++) {
        if (f > first) buf_str(out, ", ");
        buf_str(out, RING[spatial_figure_kind(s, f)]);
        if (!add_figure(out, s, f)) return false;
    }
    buf_char(out, ')');
    return true;
}

/* A shape up to where its children begin, or all of it when it has none. */
static bool add_shape(buf *out, const spatial *s, uint32_t shape)
{
    spatial_type type = spatial_shape_type(s, shape);
    uint32_t parent = spatial_parent(s, shape);
    bool named = parent == SPATIAL_NONE || spatial_shape_type(s, parent) == SHAPE_GEOMETRYCOLLECTION;
    if (named) buf_str(out, NAMES[type]);
    if (type == SHAPE_FULLGLOBE) return true;
    if (named) buf_char(out, ' ');
    if (s->child[shape] != SPATIAL_NONE) {
        buf_char(out, '(');
        return true;
    }
    if (spatial_is_collection(type) || spatial_first_figure(s, shape) == SPATIAL_NONE) {
        buf_str(out, "EMPTY");
        return true;
    }
    if (type == SHAPE_POLYGON || type == SHAPE_CURVEPOLYGON) return add_rings(out, s, shape);
    return add_figure(out, s, spatial_first_figure(s, shape));
}

/* Depth first along the links: nesting of any depth needs no stack. */
static bool add_shapes(buf *out, const spatial *s)
{
    uint32_t i = 0;
    for (;;) {
        if (!add_shape(out, s, i)) return false;
        if (s->child[i] != SPATIAL_NONE) {
            i = s->child[i];
            continue;
        }
        while (s->next[i] == SPATIAL_NONE) {
            i = spatial_parent(s, i);
            if (i == SPATIAL_NONE) return true;
            buf_char(out, ')');
        }
        buf_str(out, ", ");
        i = s->next[i];
    }
}

bool spatial_text(sv in, bool geography, buf *out)
{
    spatial s;
    size_t start = out->n;
    if (!spatial_parse(in, geography, &s)) return false;
    bool ok = s.shapes == 0 || add_shapes(out, &s);
    spatial_free(&s);
    if (!ok) out->n = start;
    return ok;
}
