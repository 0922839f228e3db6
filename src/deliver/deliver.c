/* The bundle of one destination. */
#include "deliver/deliver.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "deliver/bundle_file.h"
#include "deliver/object_run.h"

enum { MAP_BYTES_MAX = 1 << 20 };

static status no_memory(const deliver_run *run)
{
    find_code(run->found, F_OUT_OF_MEMORY, "writing the bundle");
    return ST_FATAL;
}

static status make_folder(const destination *d, const deliver_run *run)
{
    const char *why = "out of memory";
    sv path = arena_printf(run->mem, "%s/%.*s", run->folder, (int)d->id.n, d->id.p);
    if (path.p && os_make_folder(path.p, &why)) return ST_OK;
    finding x = FINDING_OF(F_OUT_CREATE_FAILED);
    x.path = path;
    x.a = sv_from(why);
    find_add(run->found, &x);
    return ST_FATAL;
}

static status write_text(const deliver_run *run, sv path, sv text, delivered_list *files)
{
    file_digest digest;
    delivered_file f = {.path = path};
    bundle_file *out = bundle_file_new(run->folder, path, run->found);
    if (!out) return ST_FATAL;
    bundle_file_text(out, text);
    if (!bundle_file_close(out, &digest)) return ST_FATAL;
    f.bytes = digest.bytes;
    memcpy(f.sha256, digest.sha256, sizeof f.sha256);
    return delivered_add(files, run->mem, &f) ? ST_OK : no_memory(run);
}

/* ---- maps ---- */

static status write_map(const destination *d, const object_template *o, const deliver_run *run, delivered_list *files)
{
    map_column *c = arena_array(run->mem, o->fields + 1, sizeof *c);
    sv path =
        arena_printf(run->mem, "%.*s/%.*s%s", (int)d->id.n, d->id.p, (int)o->csv.n - 4, o->csv.p, d->maps->ending);
    if (!c || !path.p) return no_memory(run);
    c[0].heading = o->key;
    for (size_t i = 0; i < o->fields; i++) {
        const target_field *f = &o->field[i];
        c[i + 1].heading = f->name;
        if (f->parent) {
            c[i + 1].object = f->parent->object;
            c[i + 1].key = f->parent->key;
        }
    }
    buf text = buf_new(MAP_BYTES_MAX);
    d->maps->emit(&text, c, o->fields + 1);
    status s = text.failed ? no_memory(run) : write_text(run, path, buf_view(&text), files);
    buf_free(&text);
    return s;
}

static bool was_written(const delivered_list *files, const object_template *o)
{
    for (size_t i = 0; i < files->n; i++)
        if (sv_eq(files->item[i].object, o->label)) return true;
    return false;
}

static status write_maps(const destination *d, const deliver_run *run, delivered_list *files)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && d->maps && i < d->objects; i++)
        if (was_written(files, d->object[i])) s = write_map(d, d->object[i], run, files);
    return s;
}

/* The steps that a person follows in the target system go with the bundle. */
static status write_guide(const destination *d, const deliver_run *run, delivered_list *files)
{
    if (!d->guide.p) return ST_OK;
    sv path = arena_printf(run->mem, "%.*s/README.md", (int)d->id.n, d->id.p);
    return path.p ? write_text(run, path, d->guide, files) : no_memory(run);
}

/* ---- the whole ---- */

static status drop_tables(const destination *d, const deliver_run *run)
{
    bool ok = true;
    for (size_t i = 0; i < d->objects; i++) {
        buf sql = buf_new(512);
        buf_str(&sql, "DROP TABLE IF EXISTS main.");
        written_table_name(d, d->object[i], &sql);
        buf_char(&sql, '\0');
        ok = !sql.failed && sqlite3_exec(run->work, sql.p, NULL, NULL, NULL) == SQLITE_OK && ok;
        buf_free(&sql);
    }
    return ok ? ST_OK : work_failed(run, "clearing the work file");
}

static status write_objects(const destination *d, const deliver_run *run, delivered_list *files)
{
    status s = ST_OK;
    if (sqlite3_exec(run->work, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return work_failed(run, "opening the work file");
    for (size_t i = 0; s == ST_OK && i < d->objects; i++) s = object_run(d, d->object[i], run, files);
    bool ended = sqlite3_exec(run->work, s == ST_OK ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK;
    if (s != ST_OK) return s;
    return ended ? drop_tables(d, run) : work_failed(run, "writing the work file");
}

status deliver(const destination *d, const deliver_run *run, const delivered_file **out, size_t *n)
{
    delivered_list files = {0};
    status s = run->dry ? ST_OK : make_folder(d, run);
    if (s == ST_OK) s = write_objects(d, run, &files);
    if (s == ST_OK && !run->dry) s = write_maps(d, run, &files);
    if (s == ST_OK && !run->dry) s = write_guide(d, run, &files);
    *out = files.item;
    *n = files.n;
    return s;
}
