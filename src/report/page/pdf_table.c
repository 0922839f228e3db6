#include "report/page/pdf_page.h"
#include <stdlib.h>

/* A table of so many rows is not torn apart where it fits a page. */
enum { WHOLE_ROWS = 20, LINES_MAX = 40 };

static const float letters = 7.4f, leading = 9.4f, pad = 3.2f, gap = 4, head_letters = 7.2f;

void table_begin(pdf_table *t, pdf_flow *f, const page_spec *spec)
{
    const flow_piece head = {.style = PDF_BOLD, .ink = PDF_DARK, .name = true};
    const flow_piece caption = {.style = PDF_BOLD, .ink = PDF_BLACK};
    t->kind = spec->table;
    t->rows = t->cells = t->heads = 0;
    flow_clear(f);
    flow_add(f, &caption, spec->caption);
    t->caption = (flow_range){0, f->n};
    for (size_t i = 0; i < spec->heads && i < TABLE_COLUMNS_MAX; i++) {
        bool number = spec->head[i][0] == '#';
        size_t from = f->n;
        flow_add(f, &head, sv_from(spec->head[i] + number));
        t->head[i] = (flow_range){from, f->n};
        t->numbers[i] = number;
        t->heads++;
    }
}

static bool grow(void **item, size_t n, size_t *room, size_t size)
{
    if (n < *room) return true;
    size_t more = *room ? 2 * *room : 256;
    void *all = realloc(*item, more * size);
    if (!all) return false;
    *item = all;
    *room = more;
    return true;
}

void table_row_begin(pdf_table *t, page_row kind)
{
    void *row = t->row;
    if (!grow(&row, t->rows, &t->row_room, sizeof *t->row)) {
        t->failed = true;
        return;
    }
    t->row = row;
    t->row[t->rows++] = (table_row){t->cells, 0, kind};
}

void table_cell_end(pdf_table *t, page_cell kind, flow_range text)
{
    void *cell = t->cell;
    if (t->failed || !t->rows || !grow(&cell, t->cells, &t->cell_room, sizeof *t->cell)) {
        t->failed = true;
        return;
    }
    t->cell = cell;
    t->cell[t->cells++] = (table_cell){text, kind};
    t->row[t->rows - 1].cells++;
}

void table_free(pdf_table *t)
{
    free(t->cell);
    free(t->row);
}

/* ---- how wide ---- */

typedef struct columns {
    float width[TABLE_COLUMNS_MAX]; /* of the text */
    float all;                      /* with the gaps */
} columns;

static void widest(const pdf_flow *f, flow_range r, float size, float *least, float *most)
{
    float word = 0, whole = 0;
    flow_widths(f, r, size, &word, &whole);
    if (word > *least) *least = word;
    if (whole > *most) *most = whole;
}

static float room_to_write(const pdf_table *t, size_t column)
{
    for (size_t i = 0; i < t->rows; i++)
        if (column < t->row[i].cells && t->cell[t->row[i].cell + column].kind == CELL_FILL)
            return t->heads > 6 ? 40 : 110;
    return 0;
}

/* Each column between its longest word and its longest text; what is left goes to those that want more. */
static columns widths(const pdf_table *t, const pdf_flow *f)
{
    columns c = {.all = 0};
    float least[TABLE_COLUMNS_MAX] = {0}, most[TABLE_COLUMNS_MAX] = {0}, sum_least = 0, sum_most = 0;
    float room = SHEET_WIDTH - gap * 2 * (float)t->heads;
    for (size_t k = 0; k < t->heads; k++) {
        widest(f, t->head[k], head_letters, &least[k], &most[k]);
        for (size_t i = 0; i < t->rows; i++) {
            const table_row *r = &t->row[i];
            if (k < r->cells && t->cell[r->cell + k].kind != CELL_SPAN)
                widest(f, t->cell[r->cell + k].text, letters, &least[k], &most[k]);
        }
        float write = room_to_write(t, k);
        if (write > least[k]) least[k] = write;
        if (least[k] > most[k]) most[k] = least[k];
        sum_least += least[k];
        sum_most += most[k];
    }
    for (size_t k = 0; k < t->heads; k++) {
        float w = most[k] + 0.5f;
        if (sum_least > room)
            w = room * least[k] / sum_least;
        else if (sum_most > room)
            w = least[k] + (room - sum_least) * (most[k] - least[k]) / (sum_most - sum_least);
        else if (t->kind != TABLE_NARROW && t->kind != TABLE_FACTS)
            w += (room - sum_most) / (float)t->heads;
        c.width[k] = w;
        c.all += w + 2 * gap;
    }
    return c;
}

/* ---- rows ---- */

typedef struct table_setter {
    const pdf_table *t;
    const pdf_flow *f;
    pdf_sheets *s;
    columns c;
} table_setter;

static bool is_number(page_cell kind) { return kind == CELL_NUMBER || kind == CELL_ZERO || kind == CELL_SOME; }

static flow_place cell_place(const table_setter *x, size_t column, page_cell kind, bool draw)
{
    float left = SHEET_LEFT;
    for (size_t i = 0; i < column; i++) left += x->c.width[i] + 2 * gap;
    flow_place at = {.x = left + gap,
                     .y = x->s->y - pad - letters * 0.8f,
                     .width = x->c.width[column] + 0.5f,
                     .size = letters,
                     .leading = leading,
                     .align = is_number(kind) ? PDF_RIGHT : PDF_LEFT,
                     .draw = draw,
                     .most = LINES_MAX};
    if (kind == CELL_SPAN) at.width = SHEET_WIDTH - 2 * gap;
    return at;
}

static float row_height(const table_setter *x, const table_row *r)
{
    size_t most = 1;
    for (size_t k = 0; k < r->cells && k < x->t->heads; k++) {
        const table_cell *cell = &x->t->cell[r->cell + k];
        flow_place at = cell_place(x, k, cell->kind, false);
        size_t n = flow_set(x->f, cell->text, &at);
        if (n > most) most = n;
    }
    float height = (float)most * leading + 2 * pad;
    return x->t->kind == TABLE_SHEET ? height + 3 : height;
}

static void draw_row(const table_setter *x, const table_row *r, float height)
{
    float left = SHEET_LEFT;
    for (size_t k = 0; k < r->cells && k < x->t->heads; k++) {
        const table_cell *cell = &x->t->cell[r->cell + k];
        flow_place at = cell_place(x, k, cell->kind, true);
        (void)flow_set(x->f, cell->text, &at);
        if (cell->kind == CELL_FILL) {
            pdf_canvas_pen(x->s->c, PDF_GREY, 0.4f, false);
            pdf_canvas_box(x->s->c, left + 1, x->s->y - height, x->c.width[k] + 2 * gap - 2, height);
            pdf_canvas_stroke(x->s->c);
        }
        left += x->c.width[k] + 2 * gap;
    }
    x->s->y -= height;
    sheets_rule(x->s, SHEET_LEFT, SHEET_LEFT + x->c.all, x->s->y, 0.4f, PDF_PALE);
}

static size_t head_lines(const table_setter *x)
{
    size_t most = 1;
    for (size_t k = 0; k < x->t->heads; k++) {
        flow_place at = cell_place(x, k, CELL_TEXT, false);
        at.size = head_letters;
        size_t n = flow_set(x->f, x->t->head[k], &at);
        if (n > most) most = n;
    }
    return most;
}

static void draw_head(const table_setter *x)
{
    float height = (float)head_lines(x) * leading + 2 * pad;
    for (size_t k = 0; k < x->t->heads; k++) {
        flow_place at = cell_place(x, k, x->t->numbers[k] ? CELL_NUMBER : CELL_TEXT, true);
        at.size = head_letters;
        (void)flow_set(x->f, x->t->head[k], &at);
    }
    x->s->y -= height;
    sheets_rule(x->s, SHEET_LEFT, SHEET_LEFT + x->c.all, x->s->y, 0.9f, PDF_BLACK);
}

static void draw_caption(const table_setter *x)
{
    flow_place at = {.x = SHEET_LEFT, .y = x->s->y - 9, .width = SHEET_WIDTH, .size = 9, .leading = 11, .draw = true};
    x->s->y -= (float)flow_set(x->f, x->t->caption, &at) * at.leading + 3;
}

void table_set(const pdf_table *t, const pdf_flow *f, pdf_sheets *s)
{
    table_setter x = {t, f, s, widths(t, f)};
    float head = (float)head_lines(&x) * leading + 2 * pad, height = 14 + head, first = height;
    for (size_t i = 0; i < t->rows && i < WHOLE_ROWS; i++) {
        height += row_height(&x, &t->row[i]);
        if (i < 2) first = height;
    }
    s->y -= 6;
    sheets_need(s, t->rows <= WHOLE_ROWS && height < SHEET_TOP - SHEET_BOTTOM ? height : first);
    draw_caption(&x);
    draw_head(&x);
    for (size_t i = 0; i < t->rows && !s->full; i++) {
        float row = row_height(&x, &t->row[i]);
        if (s->y - row < SHEET_BOTTOM) {
            sheets_page(s);
            draw_head(&x);
        }
        draw_row(&x, &t->row[i], row);
    }
    s->y -= 8;
}
