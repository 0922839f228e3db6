#include "report/report.h"
#include "report/report_file_out.h"
#include "report/report_html.h"
#include "report/report_model.h"

static int take(const char *p, size_t n, void *ctx)
{
    report_file_out *o = ctx;
    buf_add(&o->text, p, n);
    report_file_flush(o);
    return o->failed ? -1 : 0;
}

static bool write_json(const json_t *model, const char *folder, findings *f)
{
    report_file_out o = report_file_create(folder, "report.json", f);
    bool dumped = o.failed || json_dump_callback(model, take, &o, JSON_INDENT(1)) == 0;
    buf_char(&o.text, '\n');
    bool kept = report_file_close(&o);
    if (kept && !dumped) find_code(f, F_OUT_OF_MEMORY, "writing report.json");
    return kept && dumped;
}

static bool write_html(const json_t *model, const char *folder, findings *f)
{
    report_file_out o = report_file_create(folder, "report.html", f);
    if (!o.failed) report_html(model, &o);
    return report_file_close(&o);
}

status report_write(const report_input *in, const char *folder)
{
    json_t *model = report_model(in);
    if (!model) {
        find_code(in->found, F_OUT_OF_MEMORY, "making the report");
        return ST_FATAL;
    }
    bool ok = write_json(model, folder, in->found) && write_html(model, folder, in->found);
    json_decref(model);
    return ok ? ST_OK : ST_FATAL;
}
