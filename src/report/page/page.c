#include "report/page/page.h"
#include "base/shown.h"

void part_begin(page *p, page_part part) { p->ops->begin(p, part, &(page_spec){0}); }
void part_end(page *p, page_part part) { p->ops->end(p, part); }

void page_text(page *p, sv text) { p->ops->text(p, INK_PLAIN, text); }
void page_say(page *p, const char *words) { page_text(p, sv_from(words)); }
void page_ink_text(page *p, page_ink ink, sv text) { p->ops->text(p, ink, text); }

static void said(page *p)
{
    page_text(p, buf_view(&p->number));
    buf_clear(&p->number);
}

void page_number(page *p, uint64_t n)
{
    add_number(&p->number, n);
    said(p);
}

void page_count(page *p, uint64_t n, const char *what)
{
    add_count(&p->number, n, what);
    said(p);
}

void page_decimal(page *p, sv digits)
{
    add_decimal(&p->number, digits);
    said(p);
}

void page_rate(page *p, uint64_t tenths)
{
    add_number(&p->number, tenths / 10);
    buf_printf(&p->number, ".%u %%", (unsigned)(tenths % 10));
    said(p);
}

void page_para_of(page *p, const char *words)
{
    part_begin(p, PART_PARA);
    page_say(p, words);
    part_end(p, PART_PARA);
}

void page_item_of(page *p, sv text)
{
    part_begin(p, PART_ITEM);
    page_text(p, text);
    part_end(p, PART_ITEM);
}

void page_cell_of(page *p, page_cell cell, sv text)
{
    PART_BEGIN(p, PART_CELL, .cell = cell);
    page_text(p, text);
    part_end(p, PART_CELL);
}

void page_name_cell(page *p, page_cell cell, sv name)
{
    PART_BEGIN(p, PART_CELL, .cell = cell);
    page_ink_text(p, INK_NAME, name);
    part_end(p, PART_CELL);
}

static void number_cell(page *p, page_cell cell, uint64_t n)
{
    PART_BEGIN(p, PART_CELL, .cell = cell);
    page_number(p, n);
    part_end(p, PART_CELL);
}

void page_number_cell(page *p, uint64_t n) { number_cell(p, n ? CELL_NUMBER : CELL_ZERO, n); }
void page_some_cell(page *p, uint64_t n) { number_cell(p, n ? CELL_SOME : CELL_ZERO, n); }
