/* The tables that records are staged in. While records come, no index is kept: their keys are remembered beside the tables,
 * and the indexes are built by one sort each when all records of an entity are there. */
#include "base/limits.h"
#include "profile/profile_internal.h"

enum { SQL_BYTES_MAX = 1 << 16 };

struct staged_keys {
    key_room room;
    const model_entity **entity;
    key_set **of; /* of each of them */
    size_t n;
    /* source_keys that may be shortened: two src_keys may come to one of those. */
    key_set *long_keys;
};

static bool no_memory(const profile_source *s)
{
    find_code(s->run->found, F_OUT_OF_MEMORY, "staging");
    return false;
}

/* ---- keys ---- */

static bool add_entity(profile_source *s, const model_entity *e)
{
    struct staged_keys *k = s->staged;
    k->entity[k->n] = e;
    k->of[k->n] = key_set_new(s->work, &k->room);
    return k->of[k->n++] || no_memory(s);
}

key_room *profile_key_room(const profile_source *s) { return &s->staged->room; }

key_set *profile_staged_keys(const profile_source *s, const model_entity *e)
{
    for (size_t i = 0; i < s->staged->n; i++)
        if (s->staged->entity[i] == e) return s->staged->of[i];
    return NULL;
}

bool profile_staged_add(const profile_source *s, key_set *keys, sv src_key, sv source_key, bool *is_new)
{
    bool ok = key_set_add(keys, src_key, is_new);
    if (ok && *is_new && source_key.n >= MODEL_KEY_MAX) ok = key_set_add(s->staged->long_keys, source_key, is_new);
    return ok;
}

/* ---- tables ---- */

static bool make_table(const profile_source *s, const model_entity *e)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "CREATE TABLE IF NOT EXISTS main.\"%s\" (source_key TEXT, src_table TEXT, src_key TEXT", e->name);
    for (size_t i = 0; i < e->fields; i++) buf_printf(&sql, ", \"%s\" TEXT", e->field[i].name);
    buf_add(&sql, ")", 2);
    bool ok = !sql.failed && profile_run_sql(s, NULL, s->work, sql.p);
    buf_free(&sql);
    return ok;
}

bool profile_tables_make(profile_source *s)
{
    const model_entity *custom = model_entity_named(SV_LIT("custom_value"));
    struct staged_keys *k = s->staged = arena_alloc(s->mem, sizeof *s->staged);
    if (!k) return no_memory(s);
    *k = (struct staged_keys){.room = {.most = STAGED_KEYS_BYTES},
                              .entity = arena_array(s->mem, s->x->entities + 1, sizeof *k->entity),
                              .of = arena_array(s->mem, s->x->entities + 1, sizeof *k->of)};
    k->long_keys = key_set_new(s->work, &k->room);
    if (!k->entity || !k->of || !k->long_keys) return no_memory(s);
    for (size_t i = 0; i < s->x->entities; i++) {
        const model_entity *e = s->x->entity[i].entity;
        if (profile_is_first_part(s->x, i) && (!make_table(s, e) || !add_entity(s, e))) return false;
    }
    return profile_is_staged(s->x, custom->name) || (make_table(s, custom) && add_entity(s, custom));
}

/* By their names they are told apart from tables. */
bool profile_table_index(const profile_source *s, const model_entity *e)
{
    static const char *const keys[] = {"source_key", "src_key"};
    buf sql = buf_new(SQL_BYTES_MAX);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        buf_printf(&sql, "CREATE UNIQUE INDEX main.\"%s by %s\" ON \"%s\" (%s);", e->name, keys[i], e->name, keys[i]);
    buf_char(&sql, '\0');
    bool ok = !sql.failed && profile_run_sql(s, NULL, s->work, sql.p);
    buf_free(&sql);
    return ok;
}

bool profile_tables_end(profile_source *s)
{
    struct staged_keys *k = s->staged;
    bool ok = true;
    if (!k) return true;
    for (size_t i = 0; i < k->n; i++) ok = key_set_free(k->of[i]) && ok;
    ok = key_set_free(k->long_keys) && ok;
    s->staged = NULL;
    if (!ok) profile_work_failed(s, NULL);
    return ok;
}
