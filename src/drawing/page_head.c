/* What stands above and below a chart: whose it is, what it comes to, what its signs mean. */
#include "base/utf.h"
#include "drawing/page.h"
#include "drawing/tooth_shape.h"

enum { LINE_BYTES_MAX = 4096, PART_BYTES_MAX = 160, LINE = 10 };

static void cut_last(buf *text)
{
    while (text->n && ((unsigned char)text->p[text->n - 1] & 0xC0) == 0x80) text->n--;
    if (text->n) text->n--;
}

static float fit(pdf_canvas *c, unsigned style, float size, buf *text)
{
    static const float smallest = 5.5f;
    const float room = PAGE_RIGHT - PAGE_MARGIN;
    float width = pdf_canvas_width(c, style, size, buf_view(text));
    if (width > room) size = size * room / width > smallest ? size * room / width : smallest;
    if (pdf_canvas_width(c, style, size, buf_view(text)) <= room) return size;
    while (text->n && pdf_canvas_width(c, style, size, buf_view(text)) > room - size) cut_last(text);
    buf_str(text, "\xE2\x80\xA6");
    return size;
}

void page_line(pdf_canvas *c, unsigned style, float size, float y, sv text)
{
    buf line = buf_new(LINE_BYTES_MAX * 4);
    (void)utf8_add_clean(&line, text);
    size = fit(c, style, size, &line);
    pdf_canvas_text(c, style, size, PDF_BLACK, PDF_LEFT, PAGE_MARGIN, y, buf_view(&line));
    buf_free(&line);
}

/* ---- parts of a line, with " · " between ---- */

static void part(buf *line, const char *before, sv text)
{
    size_t n = text.n < PART_BYTES_MAX ? text.n : PART_BYTES_MAX;
    if (!text.n) return;
    while (n < text.n && n && ((unsigned char)text.p[n] & 0xC0) == 0x80) n--;
    if (line->n) buf_str(line, "  \xC2\xB7  ");
    buf_str(line, before);
    buf whole = buf_new(LINE_BYTES_MAX);
    (void)utf8_add_clean(&whole, (sv){text.p, n});
    for (size_t i = 0; i < whole.n; i++)
        if ((unsigned char)whole.p[i] < ' ') whole.p[i] = ' ';
    buf_sv(line, buf_view(&whole));
    if (n < text.n) buf_str(line, "\xE2\x80\xA6");
    buf_free(&whole);
}

static void who(buf *line, const drawn_patient *p)
{
    part(line, "Patient ", p->key);
    part(line, "", p->name);
    part(line, "born ", p->birth_year);
}

static void numbering(buf *line, const exam_chart *x)
{
    static const sv names[TOOTH_SYSTEMS] = {{NULL, 0}, {"Universal", 9}, {"FDI", 3}, {"Palmer", 6}, {"Haderup", 7}};
    if (!names[x->numbering].n) return;
    part(line, "numbers of teeth: ", names[x->numbering]);
    if (x->numbering_assumed) buf_str(line, " (assumed)");
}

/* ---- what an exam comes to ---- */

static void tenths_part(buf *line, const char *before, int32_t tenths, const char *behind)
{
    if (tenths == CHART_NONE) return;
    part(line, before, SV_LIT(" "));
    line->n--;
    buf_printf(line, "%d.%d%s", tenths / 10, tenths % 10, behind);
}

static void hundredths(buf *line, const char *before, int32_t mean)
{
    if (mean == CHART_NONE_MEAN) return;
    int32_t size = mean < 0 ? -mean : mean;
    part(line, before, SV_LIT(" "));
    line->n--;
    buf_printf(line, "%s%d.%02d mm", mean < 0 ? "-" : "", size / 100, size % 100);
}

static void counted(buf *line, const char *before, int32_t n)
{
    part(line, before, SV_LIT(" "));
    line->n--;
    buf_printf(line, "%d", n);
}

static void summary(buf *line, const chart_scores *s)
{
    char room[READING_TEXT];
    if (s->bop_percent != CHART_NONE) {
        tenths_part(line, "bleeding on probing ", s->bop_percent, " %");
        buf_printf(line, " (%d of %d sites)", s->sites_bled, s->sites_examined);
    } else {
        part(line, "bleeding on probing ", SV_LIT("not recorded"));
    }
    if (s->mean_pd != CHART_NONE_MEAN) {
        counted(line, "sites of 4 mm and more: ", s->pd4);
        counted(line, "5: ", s->pd5);
        counted(line, "6: ", s->pd6);
        hundredths(line, "mean depth ", s->mean_pd);
        if (s->max_pd != CHART_NONE) part(line, "deepest ", reading_text(s->max_pd, room));
    }
    hundredths(line, "mean attachment loss ", s->mean_cal);
    tenths_part(line, "plaque ", s->plaque_percent, " %");
    tenths_part(line, "suppuration ", s->suppuration_percent, " %");
    counted(line, "teeth ", s->teeth_present);
    if (s->teeth_missing) counted(line, "missing ", s->teeth_missing);
    if (s->implants) counted(line, "implants ", s->implants);
}

/* What the exam holds and no picture shows. */
static void not_shown(buf *line, const exam_chart *x)
{
    bool notes = false, widths = false, classes = false, own = x->customs > 0, index = false;
    furcation_scale scale = FURCATION_UNKNOWN;
    for (size_t i = 0; i < x->teeth; i++) {
        const chart_tooth *t = &x->tooth[i];
        notes |= t->note.n > 0;
        widths |= t->keratinized != CHART_NONE || t->mgj != CHART_NONE;
        classes |= t->miller || t->cairo;
        index |= t->plaque_index != CHART_NONE;
        own |= t->customs > 0;
        if (t->scale != FURCATION_UNKNOWN) scale = t->scale;
    }
    if (scale != FURCATION_UNKNOWN)
        part(line, "furcation after ", scale == FURCATION_HAMP ? SV_LIT("Hamp") : SV_LIT("Glickman"));
    buf rest = buf_new(LINE_BYTES_MAX);
    const char *const name[] = {"notes on teeth", "widths of gingiva", "recession classes", "plaque index",
                                "the practice's own findings"};
    const bool has[] = {notes, widths, classes, index, own};
    for (size_t i = 0; i < sizeof has / sizeof has[0]; i++) {
        if (!has[i]) continue;
        if (rest.n) buf_str(&rest, ", ");
        buf_str(&rest, name[i]);
    }
    part(line, "in the record, not in this picture: ", buf_view(&rest));
    buf_free(&rest);
}

/* ---- heads ---- */

static void title(pdf_canvas *c, const char *text, sv right)
{
    pdf_canvas_text(c, PDF_BOLD, 13, PDF_BLACK, PDF_LEFT, PAGE_MARGIN, PAGE_TOP - 11, sv_from(text));
    pdf_canvas_text(c, PDF_BOLD, 11, PDF_BLACK, PDF_RIGHT, PAGE_RIGHT, PAGE_TOP - 11, right);
}

float page_exam_head(pdf_canvas *c, const drawn_patient *patient, const drawn_exam *exam)
{
    buf line = buf_new(LINE_BYTES_MAX);
    float y = PAGE_TOP - 12 - LINE;
    title(c, "Periodontal chart", exam->day);
    who(&line, patient);
    part(&line, "exam ", exam->key);
    part(&line, "", exam->charting_type);
    part(&line, "examined by ", exam->provider);
    numbering(&line, exam->chart);
    page_line(c, 0, 8, y, buf_view(&line));
    buf_clear(&line);
    summary(&line, &exam->chart->scores);
    page_line(c, PDF_BOLD, 8, y - LINE, buf_view(&line));
    buf_clear(&line);
    part(&line, "", exam->diagnosis);
    not_shown(&line, exam->chart);
    page_line(c, 0, 7, y - 2 * LINE, buf_view(&line));
    buf_free(&line);
    return y - 2 * LINE - 9;
}

static void cell(pdf_canvas *c, float x, float y, buf *text)
{
    if (text->n) pdf_canvas_text(c, 0, 7.5f, PDF_BLACK, PDF_RIGHT, x, y, buf_view(text));
    buf_clear(text);
}

enum { COMPARE_COLUMN = 66, COMPARE_FIRST = PAGE_MARGIN + 64 };

static void compare_row(pdf_canvas *c, const drawn_exam *exam, float y)
{
    buf text = buf_new(LINE_BYTES_MAX);
    const chart_scores *s = &exam->chart->scores;
    const int32_t counts[] = {s->pd4, s->pd5, s->pd6}, means[] = {s->mean_pd, s->mean_cal};
    float x = COMPARE_FIRST;
    pdf_canvas_text(c, PDF_BOLD, 7.5f, PDF_BLACK, PDF_LEFT, PAGE_MARGIN, y, exam->day);
    if (s->bop_percent != CHART_NONE)
        buf_printf(&text, "%d.%d %% (%d/%d)", s->bop_percent / 10, s->bop_percent % 10, s->sites_bled,
                   s->sites_examined);
    cell(c, x += COMPARE_COLUMN, y, &text);
    for (size_t i = 0; i < 3; i++) {
        if (s->mean_pd != CHART_NONE_MEAN) buf_printf(&text, "%d", counts[i]);
        cell(c, x += COMPARE_COLUMN * 2 / 3, y, &text);
    }
    for (size_t i = 0; i < 2; i++) {
        hundredths(&text, "", means[i]);
        cell(c, x += COMPARE_COLUMN, y, &text);
    }
    buf_printf(&text, "%d / %d / %d", s->teeth_present, s->teeth_missing, s->implants);
    cell(c, x += COMPARE_COLUMN, y, &text);
    part(&text, "", exam->diagnosis);
    part(&text, "", exam->provider);
    const float room = PAGE_RIGHT - x - 12;
    while (text.n && pdf_canvas_width(c, 0, 7, buf_view(&text)) > room) cut_last(&text);
    pdf_canvas_text(c, 0, 7, PDF_BLACK, PDF_LEFT, x + 12, y, buf_view(&text));
    buf_free(&text);
}

float page_compare_head(pdf_canvas *c, const drawn_patient *patient, const drawn_exam *exam, size_t exams)
{
    static const char *const heads[] = {"bleeding",   "\xE2\x89\xA5 4 mm", "\xE2\x89\xA5 5 mm", "\xE2\x89\xA5 6 mm",
                                        "mean depth", "mean att. loss",    "teeth/miss./impl."};
    static const int widths[] = {COMPARE_COLUMN, COMPARE_COLUMN * 2 / 3, COMPARE_COLUMN * 2 / 3, COMPARE_COLUMN * 2 / 3,
                                 COMPARE_COLUMN, COMPARE_COLUMN,         COMPARE_COLUMN};
    buf line = buf_new(LINE_BYTES_MAX);
    float y = PAGE_TOP - 12 - LINE, x = COMPARE_FIRST;
    buf_printf(&line, "%.*s \xE2\x80\x93 %.*s", (int)exam[exams - 1].day.n, exam[exams - 1].day.p, (int)exam[0].day.n,
               exam[0].day.p);
    title(c, "Periodontal charts compared", buf_view(&line));
    buf_clear(&line);
    who(&line, patient);
    page_line(c, 0, 8, y, buf_view(&line));
    buf_free(&line);
    y -= LINE;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        pdf_canvas_text(c, 0, 6.5f, PDF_DARK, PDF_RIGHT, x += (float)widths[i], y, sv_from(heads[i]));
    for (size_t i = exams; i-- > 0;) compare_row(c, &exam[i], y -= LINE);
    return y - LINE;
}

void page_sides(pdf_canvas *c, float y)
{
    pdf_canvas_text(c, 0, 6, PDF_DARK, PDF_LEFT, PAGE_LEFT, y, SV_LIT("patient's right"));
    pdf_canvas_text(c, 0, 6, PDF_DARK, PDF_RIGHT, PAGE_RIGHT, y, SV_LIT("patient's left"));
}

/* ---- legends ---- */

static float word(pdf_canvas *c, float x, float y, const char *text)
{
    pdf_canvas_text(c, 0, 6, PDF_BLACK, PDF_LEFT, x, y, sv_from(text));
    return x + pdf_canvas_width(c, 0, 6, sv_from(text)) + 9;
}

static float deep_sample(pdf_canvas *c, float x, float y)
{
    pdf_canvas_text(c, PDF_BOLD, 7, PDF_RED, PDF_LEFT, x, y, SV_LIT("5"));
    pdf_canvas_pen(c, PDF_RED, 0.5f, false);
    pdf_canvas_from(c, x, y - 1.1f);
    pdf_canvas_to(c, x + 4, y - 1.1f);
    pdf_canvas_stroke(c);
    return word(c, x + 7, y, "depth of 4 mm and more");
}

static float line_sample(pdf_canvas *c, float x, float y, pdf_ink ink, float width, bool dashed, const char *text)
{
    pdf_canvas_pen(c, ink, width, dashed);
    pdf_canvas_from(c, x, y + 2);
    pdf_canvas_to(c, x + 14, y + 2);
    pdf_canvas_stroke(c);
    return word(c, x + 18, y, text);
}

static float dot_sample(pdf_canvas *c, float x, float y, pdf_ink ink, float width, const char *text)
{
    pdf_canvas_pen(c, ink, width, false);
    pdf_canvas_dot(c, x + 2, y + 2);
    pdf_canvas_stroke(c);
    return word(c, x + 6, y, text);
}

static float mark_samples(pdf_canvas *c, float x, float y)
{
    x = dot_sample(c, x, y, PDF_RED, 3.6f, "bleeding");
    pdf_canvas_pen(c, PDF_BLACK, 0.7f, false);
    pdf_canvas_box(c, x, y + 0.6f, 2.6f, 2.6f);
    pdf_canvas_stroke(c);
    x = word(c, x + 6, y, "suppuration");
    pdf_canvas_brush(c, PDF_BLUE);
    pdf_canvas_box(c, x, y + 0.5f, 3, 3);
    pdf_canvas_fill(c);
    x = word(c, x + 6, y, "plaque");
    pdf_canvas_brush(c, PDF_DARK);
    pdf_canvas_from(c, x, y + 0.4f);
    pdf_canvas_to(c, x + 3.4f, y + 0.4f);
    pdf_canvas_to(c, x + 1.7f, y + 3.6f);
    pdf_canvas_fill(c);
    x = word(c, x + 6, y, "calculus");
    return dot_sample(c, x, y, PDF_GREY, 0.8f, "looked for, not found");
}

void page_exam_legend(pdf_canvas *c)
{
    float y = PAGE_BOTTOM + 18, x = deep_sample(c, PAGE_MARGIN, y);
    x = mark_samples(c, x, y);
    (void)word(
        c, x, y,
        "blank: not recorded    0: measured as 0    M: mobility    !: contrary words on the tooth, not in the scores");
    y -= 9;
    x = line_sample(c, PAGE_MARGIN, y, PDF_RED, 1.3f, false, "gingival margin");
    x = line_sample(c, x, y, PDF_BLUE, 0.8f, false, "base of the pocket (attachment)");
    x = line_sample(c, x, y, PDF_BLUE, 0.8f, true, "depth alone, margin not recorded");
    x = line_sample(c, x, y, PDF_DARK, 0.5f, false, "cemento-enamel junction; a line each mm");
    (void)word(c, x, y,
               "triangle: furcation I open, II grey, III and IV black    recession below 0: margin on the crown");
    y -= 9;
    (void)word(c, PAGE_MARGIN, y,
               "crossed out: missing    dashed: unerupted, or not in this exam    small grey number: FDI    attachment "
               "loss = depth + recession, all in mm");
}

void page_compare_legend(pdf_canvas *c)
{
    float y = PAGE_BOTTOM + 9, x = deep_sample(c, PAGE_MARGIN, y);
    x = dot_sample(c, x, y, PDF_RED, 2.6f, "bleeding");
    pdf_canvas_text(c, 0, 6, PDF_RED, PDF_LEFT, x, y, SV_LIT("\xE2\x96\xB2"));
    x = word(c, x + 8, y, "2 mm deeper or more than in the row above");
    pdf_canvas_text(c, 0, 6, PDF_DARK, PDF_LEFT, x, y, SV_LIT("\xE2\x96\xBD"));
    x = word(c, x + 8, y, "2 mm shallower or more");
    (void)word(c, x, y, "\xC3\x97: missing    blank: not recorded    0: measured as 0    A: attachment loss");
    (void)word(c, PAGE_MARGIN, y - 9,
               "rows from the earliest exam to the latest; all in mm    small grey number: FDI    !: contrary words on "
               "the tooth");
}
