#include "report/report.h"
#include "report/model_read.h"
#include "report/page/page_html.h"
#include "report/page/page_pdf.h"
#include "report/parts/report_page.h"
#include "report/report_file_out.h"
#include "report/report_model.h"
#include "report/report_text.h"

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
    buf title = buf_new((size_t)REPORT_TEXT_MAX * 4);
    report_title(model, &title);
    page *p = o.failed ? NULL : page_html_begin(&o, buf_view(&title), text_in(model, "run"));
    bool begun = p || o.failed;
    if (p) {
        report_page(model, p);
        page_html_end(p);
    }
    buf_free(&title);
    bool kept = report_file_close(&o);
    if (kept && !begun) find_code(f, F_OUT_OF_MEMORY, "writing report.html");
    return kept && begun;
}

/* ---- report.pdf ---- */

enum { PDF_BYTES_MAX = 256 << 20, PIECE = 1 << 16 };

/* pages: how many there will be, then how many there are. */
static bool set_pdf(const json_t *model, size_t *pages, buf *out)
{
    buf title = buf_new((size_t)REPORT_TEXT_MAX * 4);
    report_title(model, &title);
    page *p = title.failed ? NULL : page_pdf_begin(buf_view(&title), text_in(model, "run"), *pages);
    buf_free(&title);
    if (!p) return false;
    report_page(model, p);
    return page_pdf_end(p, out, pages);
}

static bool write_pdf(const json_t *model, const char *folder, findings *f)
{
    size_t pages = 0;
    buf pdf = buf_new(PDF_BYTES_MAX);
    bool made = set_pdf(model, &pages, &pdf);
    buf_clear(&pdf);
    made = made && set_pdf(model, &pages, &pdf);
    if (!made) find_code(f, F_OUT_OF_MEMORY, "making report.pdf");
    bool kept = made;
    if (made) {
        report_file_out o = report_file_create(folder, "report.pdf", f);
        for (size_t at = 0; at < pdf.n && !o.failed;) {
            size_t n = pdf.n - at < PIECE ? pdf.n - at : PIECE;
            kept = take(pdf.p + at, n, &o) == 0 && kept;
            at += n;
        }
        kept = report_file_close(&o) && kept;
    }
    buf_free(&pdf);
    return kept;
}

status report_write(const report_input *in, const char *folder)
{
    json_t *model = report_model(in);
    if (!model) {
        find_code(in->found, F_OUT_OF_MEMORY, "making the report");
        return ST_FATAL;
    }
    bool ok = write_json(model, folder, in->found) && write_html(model, folder, in->found) &&
              (!in->pdf || write_pdf(model, folder, in->found));
    json_decref(model);
    return ok ? ST_OK : ST_FATAL;
}
