#include "drawing/tooth_shape.h"

/* A shape: where it begins, then curves of three points each. Across in halves of the crown's width, towards the root's end in
 * mm from the junction. */
typedef struct shape {
    float begin[2];
    const float (*curve)[6];
    size_t curves;
} shape;
#define SHAPE(x, y, curves)                                                                                            \
    {                                                                                                                  \
        {x, y}, curves, sizeof curves / sizeof curves[0]                                                               \
    }

static const float flat_crown[][6] = {{-0.95f, -1.6f, -1, -3.6f, -0.9f, -4.5f},
                                      {-0.4f, -4.7f, 0.4f, -4.7f, 0.9f, -4.5f},
                                      {1, -3.6f, 0.95f, -1.6f, 0.8f, 0}};
static const float pointed_crown[][6] = {{-0.98f, -1.4f, -1, -2.8f, -0.8f, -3.6f},
                                         {-0.5f, -4.2f, -0.2f, -4.7f, 0, -4.8f},
                                         {0.2f, -4.7f, 0.5f, -4.2f, 0.8f, -3.6f},
                                         {1, -2.8f, 0.98f, -1.4f, 0.8f, 0}};
static const float molar_crown[][6] = {{-1, -1.2f, -1.05f, -3, -0.85f, -4},
                                       {-0.65f, -4.6f, -0.3f, -4.4f, 0, -3.7f},
                                       {0.3f, -4.4f, 0.65f, -4.6f, 0.85f, -4},
                                       {1.05f, -3, 1, -1.2f, 0.85f, 0}};
static const float one_root[][6] = {
    {0.75f, 4, 0.5f, 10, 0.1f, 12.6f}, {0.04f, 12.9f, -0.04f, 12.9f, -0.1f, 12.6f}, {-0.5f, 10, -0.75f, 4, -0.8f, 0}};
static const float two_roots[][6] = {{0.9f, 4, 0.85f, 9, 0.55f, 11.6f},
                                     {0.35f, 11.6f, 0.25f, 7, 0, 3.6f},
                                     {-0.25f, 7, -0.35f, 11.6f, -0.55f, 11.6f},
                                     {-0.85f, 9, -0.9f, 4, -0.85f, 0}};
static const float palatal_root[][6] = {{0.9f, 2.5f, 0.7f, 4, 0.5f, 6},
                                        {0.4f, 9, 0.25f, 11.6f, 0, 11.8f},
                                        {-0.25f, 11.6f, -0.4f, 9, -0.5f, 6},
                                        {-0.7f, 4, -0.9f, 2.5f, -0.85f, 0}};

static const shape crowns[] = {SHAPE(-0.8f, 0, flat_crown), SHAPE(-0.8f, 0, pointed_crown),
                               SHAPE(-0.85f, 0, molar_crown)};
static const shape roots[] = {SHAPE(0.8f, 0, one_root), SHAPE(0.85f, 0, two_roots), SHAPE(0.85f, 0, palatal_root)};

float height_of(const tooth_place *at, int32_t tenths)
{
    float mm = (float)tenths / 10;
    if (mm < -CROWN_MM) mm = -CROWN_MM;
    if (mm > ROOT_MM) mm = ROOT_MM;
    return at->junction + mm * at->mm;
}

/* ---- pieces ---- */

typedef struct scale {
    float x, y, across, mm;
} scale;

static void trace(pdf_canvas *c, const shape *s, const scale *k)
{
    pdf_canvas_from(c, k->x + s->begin[0] * k->across, k->y + s->begin[1] * k->mm);
    for (size_t i = 0; i < s->curves; i++) {
        float p[6];
        for (int n = 0; n < 6; n++) p[n] = n % 2 ? k->y + s->curve[i][n] * k->mm : k->x + s->curve[i][n] * k->across;
        pdf_canvas_curve(c, p);
    }
}

static void implant(pdf_canvas *c, const scale *k)
{
    enum { THREADS = 7 };
    static const float length = 10, top = 0.36f, end = 0.24f;
    pdf_canvas_pen(c, PDF_DARK, 0.7f, false);
    pdf_canvas_brush(c, PDF_PALE);
    pdf_canvas_from(c, k->x - top * k->across, k->y);
    pdf_canvas_to(c, k->x - end * k->across, k->y + length * k->mm);
    pdf_canvas_to(c, k->x + end * k->across, k->y + length * k->mm);
    pdf_canvas_to(c, k->x + top * k->across, k->y);
    pdf_canvas_fill_and_close(c);
    for (int i = 1; i <= THREADS; i++) {
        float mm = length * (float)i / (THREADS + 1), half = (top + 0.08f) * k->across;
        pdf_canvas_from(c, k->x - half, k->y + (mm - 0.35f) * k->mm);
        pdf_canvas_to(c, k->x + half, k->y + (mm + 0.35f) * k->mm);
    }
    pdf_canvas_stroke(c);
}

static void cross(pdf_canvas *c, const scale *k)
{
    static const float from = -4.2f, to = 8;
    pdf_canvas_pen(c, PDF_DARK, 0.8f, false);
    for (int side = -1; side <= 1; side += 2) {
        pdf_canvas_from(c, k->x - (float)side * 0.7f * k->across, k->y + from * k->mm);
        pdf_canvas_to(c, k->x + (float)side * 0.7f * k->across, k->y + to * k->mm);
    }
    pdf_canvas_stroke(c);
}

/* ---- kinds of teeth ---- */

static unsigned position_of(tooth t) { return t.fdi == TOOTH_ANYWHERE ? 4 : t.fdi % 10u; }

/* The crown's part of its column, by position: incisors are narrow, the lower ones more so. */
static float width_of(tooth t)
{
    static const float upper[] = {0.78f, 0.62f, 0.7f, 0.68f, 0.68f, 0.92f, 0.9f, 0.82f};
    static const float lower[] = {0.5f, 0.55f, 0.66f, 0.68f, 0.7f, 0.94f, 0.92f, 0.88f};
    float width = (tooth_is_upper(t) || t.fdi == TOOTH_ANYWHERE ? upper : lower)[position_of(t) - 1];
    return tooth_is_molar(t) && tooth_is_primary(t) ? 0.88f : width;
}

static const shape *crown_of(tooth t)
{
    if (tooth_is_molar(t)) return &crowns[2];
    return &crowns[position_of(t) >= 3];
}

static const shape *root_of(tooth t, bool lingual)
{
    if (!tooth_is_molar(t)) return &roots[0];
    return &roots[tooth_is_upper(t) && lingual ? 2 : 1];
}

void tooth_shape(pdf_canvas *c, tooth which, const chart_tooth *t, const tooth_place *at)
{
    tooth_status state = t ? t->status : TOOTH_STATUS_NONE;
    bool told = t && (state != TOOTH_STATUS_NONE || tooth_is_measured(t) || tooth_is_examined(t));
    scale k = {at->x, at->junction, at->half * width_of(which), at->mm};
    if (tooth_is_primary(which)) k.mm *= 0.85f;
    if (state == TOOTH_MISSING) {
        cross(c, &k);
        return;
    }
    if (state == TOOTH_UNERUPTED) {
        k.y += 3.5f * at->mm;
        k.mm *= 0.85f;
    }
    bool drawn_through = told && state != TOOTH_UNERUPTED;
    if (state == TOOTH_IMPLANT) implant(c, &k);
    pdf_canvas_pen(c, drawn_through ? PDF_DARK : PDF_GREY, drawn_through ? 0.6f : 0.4f, !drawn_through);
    trace(c, crown_of(which), &k);
    if (state != TOOTH_IMPLANT && state != TOOTH_PONTIC) trace(c, root_of(which, at->lingual), &k);
    pdf_canvas_close(c);
}
