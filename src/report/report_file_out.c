#include "report/report_file_out.h"

/* One text that is appended between two flushes is far smaller than the ceiling: REPORT_TEXT_MAX, escaped. */
enum { FLUSH_BYTES = 1 << 16, BUFFER_BYTES_MAX = 1 << 20 };

static void fail(report_file_out *o, finding_code code, const char *why)
{
    if (!o->failed) {
        find_at(o->found, code, sv_from(o->name), sv_from(why));
    }
    o->failed = true;
}

report_file_out report_file_create(const char *folder, const char *name, findings *found)
{
    report_file_out o = {.text = buf_new(BUFFER_BYTES_MAX), .name = name, .found = found};
    const char *why = "out of memory";
    buf path = buf_new(BUFFER_BYTES_MAX);
    buf_printf(&path, "%s/%s", folder, name);
    buf_char(&path, '\0');
    if (!path.failed) o.file = os_create(path.p, &why);
    if (!o.file) fail(&o, F_OUT_CREATE_FAILED, why);
    buf_free(&path);
    return o;
}

static void write_out(report_file_out *o)
{
    const char *why = "out of memory";
    bool ok = o->failed || (!o->text.failed && os_write(o->file, o->text.p, o->text.n, &why));
    if (!ok) fail(o, F_OUT_WRITE_FAILED, why);
    buf_clear(&o->text);
}

void report_file_flush(report_file_out *o)
{
    if (o->text.n >= FLUSH_BYTES || o->text.failed) write_out(o);
}

bool report_file_close(report_file_out *o)
{
    const char *why = "";
    if (o->text.n || o->text.failed) write_out(o);
    if (o->file && !os_close(o->file, &why)) fail(o, F_OUT_WRITE_FAILED, why);
    o->file = NULL;
    buf_free(&o->text);
    return !o->failed;
}
