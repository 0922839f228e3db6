#include "deliver/object_tally.h"
#include <stdlib.h>

bool object_tally_init(object_tally *t, const object_template *o, arena *mem)
{
    *t = (object_tally){.mem = mem, .field = arena_array(mem, o->fields + 1, sizeof(field_tally))};
    return t->field != NULL;
}

static bool grow(object_tally *t, field_tally *f)
{
    size_t room = f->room ? 2 * f->room : 16, slots = 4 * room;
    tally_option *option = arena_array(t->mem, room, sizeof *option);
    size_t *slot = arena_array(t->mem, slots, sizeof *slot);
    if (!option || !slot) return false;
    for (size_t i = 0; i < f->options; i++) {
        option[i] = f->option[i];
        size_t at = (size_t)sv_hash(option[i].value) & (slots - 1);
        while (slot[at]) at = (at + 1) & (slots - 1);
        slot[at] = i + 1;
    }
    f->option = option;
    f->slot = slot;
    f->room = room;
    f->slots = slots;
    return true;
}

static bool count_option(object_tally *t, field_tally *f, sv value)
{
    if (f->options == f->room && !f->more && !grow(t, f)) return false;
    size_t at = (size_t)sv_hash(value) & (f->slots - 1);
    while (f->slot[at] && !sv_eq(f->option[f->slot[at] - 1].value, value)) at = (at + 1) & (f->slots - 1);
    if (f->slot[at]) {
        f->option[f->slot[at] - 1].count++;
        return true;
    }
    if (f->options == TALLY_OPTIONS_MAX) {
        f->more = true;
        return true;
    }
    sv copy = arena_sv(t->mem, value);
    if (!copy.p) return false;
    f->option[f->options++] = (tally_option){copy, 1};
    f->slot[at] = f->options;
    return true;
}

bool object_tally_cell(object_tally *t, const object_template *o, size_t field, sv text, uint64_t characters)
{
    field_tally *f = &t->field[field];
    const target_type type = o->field[field].type;
    if (!text.n) return true;
    f->filled++;
    if (characters > f->longest) f->longest = characters;
    if (type == TARGET_PICKLIST) return count_option(t, f, text);
    while (type == TARGET_MULTIPICKLIST && text.n) {
        const char *end = sv_find(text, ';');
        sv one = {text.p, end ? (size_t)(end - text.p) : text.n};
        size_t used = one.n + (end ? 1 : 0);
        text = (sv){text.p + used, text.n - used};
        one = sv_trimmed_spaces(one);
        if (one.n && !count_option(t, f, one)) return false;
    }
    return true;
}

static int by_value(const void *a, const void *b)
{
    return sv_cmp(((const tally_option *)a)->value, ((const tally_option *)b)->value);
}

void object_tally_sort(object_tally *t, const object_template *o)
{
    for (size_t i = 0; i < o->fields; i++) {
        field_tally *f = &t->field[i];
        if (f->options) qsort(f->option, f->options, sizeof *f->option, by_value);
        f->slots = 0; /* no longer true */
    }
}
