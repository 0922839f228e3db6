/* The pictures of a report, in units of their own: whoever sets the page draws areas, lines and texts where they are said to be,
 * so that HTML and PDF show the same. */
#ifndef REPORT_PAGE_PICTURE_H
#define REPORT_PAGE_PICTURE_H

#include "base/sv.h"
#include <jansson.h>

enum { PICTURE_WIDTH = 640 };

typedef enum picture_tone { TONE_THERE, TONE_MISSING, TONE_AXIS } picture_tone;
typedef enum picture_side { SIDE_LEFT, SIDE_MIDDLE, SIDE_RIGHT } picture_side;

/* x from the left, y from the top. */
typedef struct picture_pen {
    void (*area)(void *ctx, picture_tone tone, float x, float y, float width, float height);
    void (*text)(void *ctx, picture_side side, float x, float y, sv text);
    void *ctx;
} picture_pen;

/* Letters are so high; a text that is longer than its place at this size is not drawn. */
enum { PICTURE_LETTERS = 10 };

float picture_height(const json_t *picture);
void picture_draw(const json_t *picture, const picture_pen *pen);

#endif
