#include "deliver/trial_undo.h"
#include "csv/csv_writer.h"
#include "deliver/scope.h"
#include <stdlib.h>

enum { LINE_BYTES_MAX = 1 << 16 };

struct trial_undo {
    const destination *d;
    const deliver_run *run;
    bundle_file *out;
    buf line;
    sv path;
    uint64_t rows;
};

static bool is_kept(const destination *d, sv id)
{
    for (size_t i = 0; i < d->undo->keep.n; i++)
        if (sv_eq(d->undo->keep.word[i], id)) return true;
    return false;
}

/* "03_Contact.csv" without its place in the load. */
static sv plain_name(sv csv)
{
    csv.n -= csv.n > 4 ? 4 : 0; /* .csv */
    size_t at = 0;
    while (at < csv.n && csv.p[at] >= '0' && csv.p[at] <= '9') at++;
    return at && at < csv.n && csv.p[at] == '_' ? (sv){csv.p + at + 1, csv.n - at - 1} : csv;
}

sv trial_undo_path(const destination *d, const object_template *o, arena *mem)
{
    size_t at = 0;
    if (!d->undo || o->update_of || o->not_loaded || is_kept(d, o->id)) return (sv){NULL, 0};
    while (at < d->objects && !sv_eq(d->object[at]->id, o->id)) at++;
    sv name = plain_name(o->csv);
    return arena_printf(mem, "%.*s/" TRIAL_FOLDER "/undo/%02zu_%.*s_keys.csv", (int)d->id.n, d->id.p, d->objects - at,
                        (int)name.n, name.p);
}

static void write_line(trial_undo *u, sv text)
{
    buf_clear(&u->line);
    csv_field(&u->line, text);
    buf_sv(&u->line, u->d->newline);
    bundle_file_text(u->out, buf_view(&u->line));
}

trial_undo *trial_undo_new(const destination *d, const object_template *o, const deliver_run *run, sv path)
{
    trial_undo *u = calloc(1, sizeof *u);
    if (!u) {
        find_code(run->found, F_OUT_OF_MEMORY, "writing a list of the trial");
        return NULL;
    }
    *u = (trial_undo){.d = d, .run = run, .line = buf_new(LINE_BYTES_MAX), .path = path};
    u->out = bundle_file_new(run->folder, path, run->found);
    if (u->out) {
        if (d->bom) bundle_file_text(u->out, SV_LIT("\xEF\xBB\xBF"));
        write_line(u, o->heading_labels ? o->key_label : o->key);
        return u;
    }
    trial_undo_abandon(u);
    return NULL;
}

void trial_undo_key(trial_undo *u, sv key)
{
    u->rows++;
    write_line(u, key);
}

status trial_undo_close(trial_undo *u, delivered_list *files)
{
    file_digest digest;
    bool ok = !u->line.failed && bundle_file_close_csv(u->out, u->rows, &digest);
    if (u->line.failed) bundle_file_abandon(u->out);
    u->out = NULL;
    delivered_file f = {.path = u->path, .rows = u->rows};
    if (ok) {
        f.bytes = digest.bytes;
        memcpy(f.sha256, digest.sha256, sizeof f.sha256);
        ok = delivered_add(files, u->run->mem, &f);
        if (!ok) find_code(u->run->found, F_OUT_OF_MEMORY, "writing a list of the trial");
    } else if (u->line.failed) {
        find_code(u->run->found, F_OUT_OF_MEMORY, "writing a list of the trial");
    }
    trial_undo_abandon(u);
    return ok ? ST_OK : ST_FATAL;
}

void trial_undo_abandon(trial_undo *u)
{
    if (!u) return;
    bundle_file_abandon(u->out);
    buf_free(&u->line);
    free(u);
}
