/* Notes: RTF and HTML to plain text, and both to simple HTML. */
#include "normalize/texts/note.h"
#include "html/html_reader.h"
#include "html/rich_out.h"
#include "normalize/normalize_internal.h"
#include "normalize/texts/clean.h"
#include "normalize/texts/encoding.h"
#include "rtf/rtf.h"

enum {
    NESTED_MAX = 4, /* HTML within HTML: what is wrapped more often is no note */
    GROWTH = 128,   /* bytes of HTML that a byte of RTF may give (formats/rtf/FORMAT.md) */
    NOTE_BYTES_MAX = 1 << 30
};

static buf note_buf(size_t n) { return buf_new(n < NOTE_BYTES_MAX / GROWTH ? n * GROWTH + GROWTH : NOTE_BYTES_MAX); }

static bool is_rich(sv s) { return rtf_is(s) || html_is(s); }

/* One wrapping taken off. */
static void unwrap(sv in, buf *text, buf *html, note_told *told)
{
    if (rtf_is(in)) {
        rtf_told t;
        rtf_read(in, text, html, &t);
        told->broken = told->broken || t.broken;
        told->left_out = told->left_out || t.left_out;
        told->unreadable = told->unreadable || t.unreadable > 0;
    } else {
        html_told t;
        html_read(in, text, html, &t);
        told->broken = told->broken || t.broken;
        told->left_out = told->left_out || t.left_out;
    }
}

/* Every line end as LF. */
static void add_lines(buf *out, sv s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\r') continue;
        buf_add(out, s.p + from, i - from);
        if (i + 1 >= s.n || s.p[i + 1] != '\n') buf_char(out, '\n');
        from = i + 1;
    }
    buf_add(out, s.p + from, s.n - from);
}

bool note_read(sv in, buf *text, buf *html, note_told *told)
{
    *told = (note_told){.rich = is_rich(in)};
    if (!told->rich) {
        add_lines(text, in);
        if (html) rich_from_plain(in, html);
        return true;
    }
    buf now = note_buf(in.n), next = note_buf(in.n);
    buf_sv(&now, in);
    for (size_t pass = 0; is_rich(buf_view(&now)); pass++) {
        if (pass == NESTED_MAX) {
            told->nested = true;
            break;
        }
        buf_clear(&next);
        if (html) buf_clear(html);
        unwrap(buf_view(&now), &next, html, told);
        buf_clear(&now);
        text_add_cleaned(&now, buf_view(&next));
    }
    bool good = !told->nested && !now.failed && !next.failed;
    if (good) add_lines(text, buf_view(&now));
    buf_free(&now);
    buf_free(&next);
    return good;
}

norm_form normalize_note(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    size_t start = out->n;
    note_told told;
    if (!note_read(in, out, NULL, &told)) {
        norm_remark(r, F_NRM_NOTE_NESTED, c->field);
        return FORM_WRONG;
    }
    if (told.broken) norm_remark(r, F_NRM_NOTE_BROKEN, c->field);
    if (told.left_out) norm_remark(r, F_NRM_NOTE_LEFT_OUT, c->field);
    if (told.unreadable) norm_remark(r, F_NRM_NOTE_UNREADABLE, c->field);
    if (out->n == start) return FORM_EMPTY;
    sv text = text_trim((sv){out->p + start, out->n - start});
    return text.n == 0 || text_is_one_of(text, "null|(null)") ? FORM_EMPTY : FORM_GOOD;
}

/* The note's HTML from its original, repaired like its text where that was. */
static void add_html(const record *x, sv plain, buf *html)
{
    buf clean = buf_new(NOTE_BYTES_MAX), text = buf_new(NOTE_BYTES_MAX);
    sv original = record_cell(x, "note")->original;
    note_told told = {.rich = false};
    text_add_cleaned(&clean, original);
    bool good = is_rich(buf_view(&clean)) && note_read(buf_view(&clean), &text, html, &told);
    if (good && told.rich && !sv_eq(buf_view(&text), plain)) { /* the text was repaired on its way: its form, too */
        buf undone = buf_new(clean.n + 1);
        buf_clear(&text);
        buf_clear(html);
        good = text_undo_double(buf_view(&clean), &undone) && note_read(buf_view(&undone), &text, html, &told);
        buf_free(&undone);
    }
    if (!good || !told.rich || !sv_eq(buf_view(&text), plain)) {
        buf_clear(html);
        rich_from_plain(plain, html);
    }
    buf_free(&clean);
    buf_free(&text);
}

/* A note in one piece becomes body and body_html. Beside a body of its own it is added to that, unless one holds the
 * other: nothing of either is lost. */
void record_note(const record *x)
{
    if (!record_cell(x, "note") || !record_cell(x, "body")) return;
    sv note = record_text(x, "note"), body = record_text(x, "body");
    norm_cell *cell_html = record_cell(x, "body_html");
    buf joined = buf_new(NOTE_BYTES_MAX), html = buf_new(NOTE_BYTES_MAX);
    bool both = note.n && body.n && !sv_eq(note, body);
    if (both) {
        buf_sv(&joined, body);
        buf_str(&joined, "\n\n");
        buf_sv(&joined, note);
        record_set(x, "body", buf_view(&joined));
    } else if (note.n) {
        record_set(x, "body", note);
    }
    if (cell_html && cell_html->form == FORM_EMPTY && (note.n || body.n)) {
        if (note.n && !both) {
            add_html(x, note, &html);
        } else {
            rich_from_plain(record_text(x, "body"), &html);
        }
        record_set(x, "body_html", buf_view(&html));
    }
    buf_free(&joined);
    buf_free(&html);
}
