#include "documents/letter_pdf.h"
#include "base/utf.h"
#include "html/html_reader.h"
#include "pdf/pdf_writer.h"
#include "rtf/rtf.h"

enum { TOP_BYTES_MAX = 4096 };

static unsigned style_of(unsigned rich)
{
    return (rich & RICH_BOLD ? (unsigned)PDF_BOLD : 0) | (rich & RICH_ITALIC ? (unsigned)PDF_OBLIQUE : 0) |
           (rich & RICH_UNDERLINE ? (unsigned)PDF_UNDERLINE : 0) | (rich & RICH_SUB ? (unsigned)PDF_SUB : 0) |
           (rich & RICH_SUPER ? (unsigned)PDF_SUPER : 0);
}

static pdf_align align_of(rich_align a)
{
    return a == RICH_CENTER ? PDF_CENTER : a == RICH_RIGHT ? PDF_RIGHT : PDF_LEFT;
}

static void take(void *ctx, const rich_out *o, rich_event e, sv utf8)
{
    pdf_writer *w = ctx;
    unsigned points = (o->half_points + 1) / 2;
    switch (e) {
    case RICH_TEXT: pdf_text(w, utf8, style_of(o->style), points, o->in_table); break;
    case RICH_LINE: pdf_line(w, o->in_table); break;
    case RICH_PARAGRAPH: pdf_paragraph(w, align_of(o->align), points, o->in_table); break;
    case RICH_CELL: pdf_cell(w); break;
    case RICH_ROW: pdf_row(w); break;
    case RICH_PAGE: pdf_page(w); break;
    }
}

static void plain_lines(pdf_writer *w, sv text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.n; i++) {
        if (i < text.n && text.p[i] != '\n') continue;
        size_t n = i - from;
        if (n && text.p[from + n - 1] == '\r') n--;
        pdf_text(w, (sv){text.p + from, n}, 0, 0, false);
        if (i < text.n) pdf_paragraph(w, PDF_LEFT, 0, false);
        from = i + 1;
    }
}

/* Line by line is enough: a template's facts are short. */
static void fact(pdf_writer *w, const char *name, sv text)
{
    if (!text.n) return;
    pdf_text(w, sv_from(name), PDF_BOLD, 0, false);
    pdf_text(w, SV_LIT(": "), 0, 0, false);
    plain_lines(w, text);
    pdf_paragraph(w, PDF_LEFT, 0, false);
}

static void template_head(pdf_writer *w, const letter_facts *f)
{
    pdf_text(w, f->title, PDF_BOLD, 15, false);
    pdf_paragraph(w, PDF_LEFT, 0, false);
    pdf_text(w, SV_LIT("Letter template, for reference. It is not an active template of the new system."), PDF_OBLIQUE,
             9, false);
    pdf_paragraph(w, PDF_LEFT, 0, false);
    pdf_paragraph(w, PDF_LEFT, 0, false);
    fact(w, "Used when", f->conditions);
    fact(w, "Merge fields", f->merge_fields);
    fact(w, "Procedure codes", f->codes);
    fact(w, "Signature", f->signature);
    pdf_paragraph(w, PDF_LEFT, 0, false);
}

/* "Referral letter · 2019-05-04 · PP-DOC-17" */
static void top_line(const letter_facts *f, buf *out)
{
    const sv part[] = {f->title, f->date, f->key};
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        if (!part[i].n) continue;
        if (out->n) buf_str(out, " \xC2\xB7 ");
        (void)utf8_add_clean(out, part[i]);
    }
}

bool letter_pdf(const letter_facts *facts, sv body, buf *out, letter_told *told)
{
    buf top = buf_new(TOP_BYTES_MAX);
    rtf_told rtf = {false, false, 0};
    html_told html = {false, false};
    *told = (letter_told){false, false, 0};
    top_line(facts, &top);
    pdf_writer *w = top.failed ? NULL : pdf_writer_new(facts->key, buf_view(&top));
    buf_free(&top);
    if (!w) return false;
    if (facts->is_template) template_head(w, facts);
    rich_out o = rich_new(NULL, NULL);
    o.take = take;
    o.ctx = w;
    if (rtf_is(body)) {
        rtf_read_to(body, o, &rtf);
    } else if (html_is(body)) {
        html_read_to(body, o, &html);
    } else {
        plain_lines(w, body);
    }
    told->unset = pdf_unset(w) + rtf.unreadable;
    told->broken = rtf.broken || html.broken;
    told->left_out = rtf.left_out || html.left_out || told->broken || told->unset;
    return pdf_writer_end(w, out);
}
