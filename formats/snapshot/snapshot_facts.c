/* The members of a snapshot, each checked for its kind, and the facts of a column. */
#include "snapshot/snapshot_internal.h"

enum { LIST_MAX = 64 };

void snapshot_wrong(snapshot_reader *r, const char *what, const char *key)
{
    if (r->wrong->n) return;
    if (r->table) buf_printf(r->wrong, "%s[%zu]", r->table, r->table_at);
    if (r->table && r->column_at != SIZE_MAX) buf_printf(r->wrong, ".columns[%zu]", r->column_at);
    buf_printf(r->wrong, "%s\"%s\" %s", r->table ? ": " : "", key, what);
}

static sv text_of(snapshot_reader *r, const json_t *x)
{
    sv copy = arena_sv(r->mem, (sv){json_string_value(x), json_string_length(x)});
    if (!copy.p) snapshot_wrong(r, "does not fit into memory", "text");
    return copy;
}

sv snapshot_text(snapshot_reader *r, const json_t *o, const char *key, bool required)
{
    const json_t *x = json_object_get(o, key);
    if (json_is_string(x)) return text_of(r, x);
    if (x || required) snapshot_wrong(r, "is no text", key);
    return (sv){NULL, 0};
}

static bool is_number(const json_t *x, uint64_t most)
{
    return json_is_integer(x) && json_integer_value(x) >= 0 && (uint64_t)json_integer_value(x) <= most;
}

uint64_t snapshot_number(snapshot_reader *r, const json_t *o, const char *key, uint64_t most)
{
    const json_t *x = json_object_get(o, key);
    if (is_number(x, most)) return (uint64_t)json_integer_value(x);
    if (x) snapshot_wrong(r, "is no number of its kind", key);
    return 0;
}

bool snapshot_truth(snapshot_reader *r, const json_t *o, const char *key)
{
    const json_t *x = json_object_get(o, key);
    if (x && !json_is_boolean(x)) snapshot_wrong(r, "is neither true nor false", key);
    return json_is_true(x);
}

const json_t *snapshot_array(snapshot_reader *r, const json_t *o, const char *key)
{
    const json_t *x = json_object_get(o, key);
    if (!x || json_is_array(x)) return x;
    snapshot_wrong(r, "is no list", key);
    return NULL;
}

/* [text, rows] each. */
static const snapshot_count *counts(snapshot_reader *r, const json_t *o, const char *key, size_t *n)
{
    const json_t *all = snapshot_array(r, o, key);
    size_t size = json_array_size(all);
    *n = 0;
    if (size == 0) return NULL;
    snapshot_count *list = size <= LIST_MAX ? arena_array(r->mem, size, sizeof *list) : NULL;
    if (!list) {
        snapshot_wrong(r, "is too long", key);
        return NULL;
    }
    for (size_t i = 0; i < size; i++) {
        const json_t *pair = json_array_get(all, i), *text = json_array_get(pair, 0), *rows = json_array_get(pair, 1);
        if (!json_is_string(text) || !is_number(rows, INT64_MAX)) {
            snapshot_wrong(r, "holds something else than a text and a number of rows", key);
            return NULL;
        }
        list[i] = (snapshot_count){text_of(r, text), (uint64_t)json_integer_value(rows)};
    }
    *n = size;
    return list;
}

/* Numbers at fixed places of a list; absent: zeros. */
static void numbers(snapshot_reader *r, const json_t *o, const char *key, uint64_t most, uint64_t *out, size_t n)
{
    const json_t *all = snapshot_array(r, o, key);
    for (size_t i = 0; i < n; i++) {
        const json_t *x = json_array_get(all, i);
        out[i] = is_number(x, most) ? (uint64_t)json_integer_value(x) : 0;
        if (all && !is_number(x, most)) snapshot_wrong(r, "holds something else than numbers", key);
    }
}

void snapshot_read_facts(snapshot_reader *r, const json_t *column, column_facts *out)
{
    const json_t *o = json_object_get(column, "facts"), *looks = json_object_get(o, "looks");
    uint64_t length[2], digits[3], years[2];
    *out = (column_facts){0};
    if (!o) return;
    if (!json_is_object(o)) snapshot_wrong(r, "is no object", "facts");
    if (looks && !json_is_object(looks)) snapshot_wrong(r, "is no object", "looks");
    out->filled = snapshot_number(r, o, "filled", INT64_MAX);
    out->empty = snapshot_number(r, o, "empty", INT64_MAX);
    out->null = snapshot_number(r, o, "null", INT64_MAX);
    out->unreadable = snapshot_number(r, o, "unreadable", INT64_MAX);
    out->distinct = snapshot_number(r, o, "distinct", INT64_MAX);
    out->distinct_estimated = snapshot_truth(r, o, "distinct_estimated");
    for (int i = 0; i < LOOKS; i++) out->look[i] = snapshot_number(r, looks, text_look_name((text_look)i), INT64_MAX);
    out->shape = counts(r, o, "shapes", &out->shapes);
    out->other_shapes = snapshot_number(r, o, "other_shapes", INT64_MAX);
    out->code = counts(r, o, "codes", &out->codes);
    out->other_codes = snapshot_number(r, o, "other_codes", INT64_MAX);
    out->withheld = snapshot_text(r, o, "withheld", false);
    numbers(r, o, "length", UINT32_MAX, length, 2);
    numbers(r, o, "digits", 255, digits, 3);
    numbers(r, o, "years", 9999, years, 2);
    out->shortest = (uint32_t)length[0];
    out->longest = (uint32_t)length[1];
    out->digits_min = (uint8_t)digits[0];
    out->digits_max = (uint8_t)digits[1];
    out->decimals = (uint8_t)digits[2];
    out->negative = snapshot_truth(r, o, "negative");
    out->first_year = (int)years[0];
    out->last_year = (int)years[1];
    out->placeholder_dates = snapshot_number(r, o, "placeholder_dates", INT64_MAX);
    out->timed = snapshot_number(r, o, "timed", INT64_MAX);
}
