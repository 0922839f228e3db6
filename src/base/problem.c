#include "base/problem.h"
#include "base/suggest.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static problem *one_more(problems *p)
{
    if (p->n == p->room) {
        size_t room = p->room ? p->room * 2 : 16;
        problem *grown = arena_array(p->mem, room, sizeof *grown);
        if (!grown) return NULL;
        if (p->n) memcpy(grown, p->item, p->n * sizeof *grown);
        p->item = grown;
        p->room = room;
    }
    return &p->item[p->n++];
}

void problem_add(problems *p, sv file, unsigned line, unsigned column, const char *format, ...)
{
    char text[1024];
    va_list args;
    if (p->n > PROBLEMS_MAX) return;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sv said = {text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1};
    if (p->n == PROBLEMS_MAX) {
        said = SV_LIT("there are more mistakes than are listed here");
        line = column = 0;
    }
    problem *x = one_more(p);
    if (x) *x = (problem){arena_sv(p->mem, file), line, column, arena_sv(p->mem, said)};
    if (!x || !x->text.p || !x->file.p) p->failed = true;
}

static int place_order(const void *a, const void *b)
{
    const problem *x = a, *y = b;
    int c = sv_cmp(x->file, y->file);
    if (c) return c;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    if (x->column != y->column) return x->column < y->column ? -1 : 1;
    return sv_cmp(x->text, y->text);
}

void problems_sort(problems *p)
{
    if (p->n) qsort(p->item, p->n, sizeof *p->item, place_order);
}

void problems_text(const problems *p, buf *out)
{
    for (size_t i = 0; i < p->n; i++) {
        const problem *x = &p->item[i];
        buf_sv(out, x->file);
        if (x->line) buf_printf(out, ":%u:%u", x->line, x->column);
        buf_str(out, x->file.n ? ": " : "");
        buf_sv(out, x->text);
        buf_char(out, '\n');
    }
    if (p->failed) buf_str(out, "memory ran out: mistakes may be missing from this list\n");
}

sv problem_suggest(sv word, const sv *candidate, size_t n)
{
    sv best = {NULL, 0};
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t distance = edit_distance(word, candidate[i]);
        if (distance >= least || !suggest_plausible(word, candidate[i], distance)) continue;
        best = candidate[i];
        least = distance;
    }
    return best;
}
