#include "report/page/picture.h"
#include "base/shown.h"
#include "report/model_read.h"

enum { LEFT = 6, TOP = 22, BASE = 186, COLUMNS_HEIGHT = 210, BAR_MAX = 56 };
enum { NAME_WIDTH = 128, SHARE_WIDTH = 400, ROW = 27, SHARES_TOP = 4 };

/* Letters of the faces that are used here are about so wide, in parts of their height. */
static float width_of(size_t letters) { return (float)letters * PICTURE_LETTERS * 0.55f; }

static bool is_shares(const json_t *x) { return sv_eq(text_in(x, "kind"), SV_LIT("shares")); }

float picture_height(const json_t *x)
{
    return is_shares(x) ? (float)(SHARES_TOP * 2 + ROW * (int)json_array_size(json_object_get(x, "bars")))
                        : COLUMNS_HEIGHT;
}

static void number(const picture_pen *pen, picture_side side, float x, float y, uint64_t n, float room)
{
    buf digits = buf_new(64);
    add_number(&digits, n);
    /* Of four characters one is a comma, which is half as wide. */
    if (width_of(digits.n) - width_of(digits.n / 4) / 2 <= room) pen->text(pen->ctx, side, x, y, buf_view(&digits));
    buf_free(&digits);
}

static size_t longest_label(const json_t *bars)
{
    size_t longest = 1;
    for (size_t i = 0; i < json_array_size(bars); i++) {
        size_t n = text_in(json_array_get(bars, i), "label").n;
        if (n > longest) longest = n;
    }
    return longest;
}

static void columns(const json_t *bars, const picture_pen *pen)
{
    size_t n = json_array_size(bars);
    uint64_t most = 1;
    for (size_t i = 0; i < n; i++)
        if (number_in(json_array_get(bars, i), "number") > most) most = number_in(json_array_get(bars, i), "number");
    float place = (float)(PICTURE_WIDTH - 2 * LEFT) / (float)(n ? n : 1);
    float width = place * 0.74f > BAR_MAX ? BAR_MAX : place * 0.74f;
    /* Where labels are wider than their places, every second one, or third, is shown. */
    size_t each = (size_t)(width_of(longest_label(bars)) * 0.92f / place) + 1;
    pen->area(pen->ctx, TONE_AXIS, LEFT, BASE, PICTURE_WIDTH - 2 * LEFT, 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *bar = json_array_get(bars, i);
        uint64_t value = number_in(bar, "number");
        float middle = LEFT + place * ((float)i + 0.5f), height = (float)(BASE - TOP) * ((float)value / (float)most);
        if (value && height < 1) height = 1;
        if (value) pen->area(pen->ctx, TONE_THERE, middle - width / 2, BASE - height, width, height);
        number(pen, SIDE_MIDDLE, middle, BASE - height - 5, value, place * 1.02f);
        if (i % each == 0) pen->text(pen->ctx, SIDE_MIDDLE, middle, BASE + 16, text_in(bar, "label"));
    }
}

static void shares(const json_t *bars, const picture_pen *pen)
{
    for (size_t i = 0; i < json_array_size(bars); i++) {
        const json_t *bar = json_array_get(bars, i);
        float y = SHARES_TOP + (float)ROW * (float)i, there = SHARE_WIDTH * (float)number_in(bar, "rate") / 1000;
        buf words = buf_new(64);
        add_number(&words, number_in(bar, "rate") / 10);
        buf_printf(&words, ".%u %% there", (unsigned)(number_in(bar, "rate") % 10));
        pen->text(pen->ctx, SIDE_LEFT, LEFT, y + 15, text_in(bar, "label"));
        pen->area(pen->ctx, TONE_MISSING, NAME_WIDTH, y + 3, SHARE_WIDTH, ROW - 9);
        if (there > 0) pen->area(pen->ctx, TONE_THERE, NAME_WIDTH, y + 3, there, ROW - 9);
        pen->text(pen->ctx, SIDE_LEFT, NAME_WIDTH + SHARE_WIDTH + 10, y + 15, buf_view(&words));
        buf_free(&words);
    }
}

void picture_draw(const json_t *x, const picture_pen *pen)
{
    if (is_shares(x))
        shares(json_object_get(x, "bars"), pen);
    else
        columns(json_object_get(x, "bars"), pen);
}
