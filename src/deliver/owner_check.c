#include "deliver/owner_check.h"
#include "deliver/child_select.h"
#include "deliver/row_select.h"
#include "deliver/scope.h"
#include "deliver/target_cell.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { CANCEL_EVERY = 1024, PROVIDERS_MAX = 100000 };

typedef struct checking {
    const deliver_run *run;
    ownerless *item;
    size_t n, room;
    size_t first; /* of the object at hand */
} checking;

/* Columns that an object is checked by, behind its own: the provider, and who he is. */
typedef struct owner_columns {
    object_template object; /* with them */
    size_t owner, provider, user;
} owner_columns;

static status no_memory(const deliver_run *run)
{
    find_code(run->found, F_OUT_OF_MEMORY, "counting records without an owner");
    return ST_FATAL;
}

/* The first column of owners; SIZE_MAX: none. */
static size_t owner_column(const object_template *o)
{
    for (size_t i = 0; i < o->columns; i++)
        if (o->column[i].kind == COLUMN_PARENT && o->column[i].owner == OWNER_OWNER) return i;
    return SIZE_MAX;
}

bool destination_has_owners(const destination *d)
{
    for (size_t i = 0; i < d->objects; i++)
        if (owner_column(d->object[i]) != SIZE_MAX) return true;
    return false;
}

static bool decides(const object_template *o, size_t column)
{
    for (size_t i = 0; i < o->whens; i++)
        if (o->when[i].column == column) return true;
    return false;
}

/* What only cells are made of is not looked up: values of charts come as NULL. */
static bool with_columns(const object_template *o, arena *mem, owner_columns *out)
{
    *out = (owner_columns){.object = *o, .owner = owner_column(o), .provider = o->columns, .user = o->columns + 1};
    row_column *column = arena_array(mem, o->columns + 2, sizeof *column);
    if (!column) return false;
    memcpy(column, o->column, o->columns * sizeof *column);
    for (size_t i = 0; i < o->columns; i++)
        if (column[i].kind != COLUMN_STAGED && i != out->owner && !decides(o, i)) column[i].kind = COLUMN_CHART;
    column[out->provider] = column[out->user] = o->column[out->owner];
    column[out->provider].owner = OWNER_NONE;
    column[out->provider].field = NULL;
    column[out->user].owner = OWNER_USER;
    out->object.column = column;
    out->object.columns = out->object.column_room = o->columns + 2;
    return true;
}

static bool add(checking *c, const object_template *o, sv provider, bool stands_in)
{
    for (size_t i = c->first; i < c->n; i++) {
        ownerless *x = &c->item[i];
        if (x->stands_in != stands_in || !sv_eq(x->provider, provider)) continue;
        x->records++;
        return true;
    }
    if (c->n == c->room) {
        size_t room = c->room ? 2 * c->room : 64;
        ownerless *more = room <= PROVIDERS_MAX ? arena_array(c->run->mem, room, sizeof *more) : NULL;
        if (!more) return false;
        if (c->n) memcpy(more, c->item, c->n * sizeof *more);
        c->item = more;
        c->room = room;
    }
    sv key = provider.n ? arena_sv(c->run->mem, provider) : (sv){NULL, 0};
    c->item[c->n++] = (ownerless){o->name, key, 1, stands_in};
    return !provider.n || key.p;
}

static bool is_written(const checking *c, const object_template *o, const sv *value)
{
    record_scope *scope = c->run->scope;
    if (scope && (scope_leaves_entity(scope, o->entity) || scope_leaves_out(scope, o->entity, value[STAGED_SRC_KEY])))
        return false;
    return conditions_met(value, o->when, o->whens);
}

static status check_rows(checking *c, const owner_columns *x, sqlite3_stmt *rows, sv *value)
{
    const object_template *o = &x->object;
    for (uint64_t n = 0;; n++) {
        if (n % CANCEL_EVERY == 0 && c->run->cancelled && c->run->cancelled(c->run->ctx)) return ST_END;
        int step = sqlite3_step(rows);
        if (step == SQLITE_DONE) return ST_OK;
        if (step != SQLITE_ROW) return work_failed(c->run->work, c->run->found, "counting records without an owner");
        row_read(rows, value, o->columns);
        if (value[x->user].n || !is_written(c, o, value)) continue;
        if (!add(c, o, value[x->provider], value[x->owner].n > 0)) return no_memory(c->run);
    }
}

static status check_object(checking *c, const object_template *o)
{
    owner_columns x;
    if (!with_columns(o, c->run->mem, &x)) return no_memory(c->run);
    if (!child_select_prepare(o, c->run) || !row_select_prepare(&x.object, c->run))
        return work_failed(c->run->work, c->run->found, "counting records without an owner");
    sv *value = calloc(x.object.columns, sizeof *value);
    sqlite3_stmt *rows = row_select(&x.object, c->run, ROWS_ALL, (sv){NULL, 0});
    status s = !value ? no_memory(c->run)
               : rows ? check_rows(c, &x, rows, value)
                      : work_failed(c->run->work, c->run->found, "counting records without an owner");
    sqlite3_finalize(rows);
    free(value);
    c->first = c->n;
    return s;
}

status owner_check(const destination *d, const deliver_run *run, const ownerless **out, size_t *n)
{
    checking c = {.run = run};
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < d->objects; i++) {
        const object_template *o = d->object[i];
        /* What is behind the first characters of a text follows its record. */
        bool own = owner_column(o) != SIZE_MAX && !o->slice_characters;
        if (own && work_has(run->work, sv_from(o->entity->name))) s = check_object(&c, o);
    }
    *out = c.item;
    *n = c.n;
    return s;
}
