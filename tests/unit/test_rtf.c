/* RTF and HTML of notes: the text comes out whole, the form simple, and damage gives best effort and is told. */
#include "html/html_reader.h"
#include "html/rich_out.h"
#include "rtf/rtf.h"
#include "testing.h"

typedef struct read_note {
    buf text, html;
    rtf_told told;
} read_note;

static read_note read_rtf(sv s)
{
    read_note r = {.text = buf_new((size_t)64 << 20), .html = buf_new((size_t)64 << 20)};
    rtf_read(s, &r.text, &r.html, &r.told);
    return r;
}

static void free_note(read_note *r)
{
    buf_free(&r->text);
    buf_free(&r->html);
}

static void assert_sv(sv got, const char *want)
{
    if (!sv_eq(got, sv_from(want))) print_message("got  [%.*s]\nwant [%s]\n", (int)got.n, got.p ? got.p : "", want);
    assert_true(sv_eq(got, sv_from(want)));
}

static void gives(const char *rtf, const char *text)
{
    read_note r = read_rtf(sv_from(rtf));
    assert_sv(buf_view(&r.text), text);
    free_note(&r);
}

static void gives_html(const char *rtf, const char *html)
{
    read_note r = read_rtf(sv_from(rtf));
    assert_sv(buf_view(&r.html), html);
    free_note(&r);
}

static void rtf_is_told_by_its_beginning(void **state)
{
    (void)state;
    assert_true(rtf_is(SV_LIT("{\\rtf1 x}")));
    assert_true(rtf_is(SV_LIT("\xEF\xBB\xBF \r\n{\\rtf1 x}")));
    assert_false(rtf_is(SV_LIT("x {\\rtf1}")));
    assert_false(rtf_is(SV_LIT("")));
    assert_false(rtf_is(SV_LIT("{\\rt")));
}

static void paragraphs_lines_and_tabs(void **state)
{
    (void)state;
    gives("{\\rtf1\\ansi First\\par Second\\line third\\tab fourth\\par}", "First\nSecond\nthird\tfourth");
    gives("{\\rtf1 a\\par\\par b\\par\\par}", "a\n\nb\n");
    gives("{\\rtf1\r\nline \r\nend \r\n}\r\n", "line end ");
    gives("{\\rtf1 a\\\r\nb\\\nc}", "a\nb\nc");
    gives("{\\rtf1 braces \\{ \\} and \\\\}", "braces { } and \\");
    gives_html("{\\rtf1 a < b & c > d\\par\\par last}", "<p>a &lt; b &amp; c &gt; d</p><p><br></p><p>last</p>");
}

static void hard_case_67_unicode_with_its_fallback_dropped(void **state)
{
    (void)state;
    gives("{\\rtf1\\ansi\\u350?ahin}", "\xC5\x9E"
                                       "ahin");
    gives("{\\rtf1\\uc1\\u350\\'deahin}", "\xC5\x9E"
                                          "ahin");
    gives("{\\rtf1\\uc0\\u350 ahin}", "\xC5\x9E"
                                      "ahin");
    gives("{\\rtf1\\uc2\\u26085\\'93\\'fa!}", "\xE6\x97\xA5!");
    gives("{\\rtf1 {\\uc0 x\\u252 y}\\u252?z}", "x\xC3\xBCy\xC3\xBCz"); /* \uc ends with its group */
    gives("{\\rtf1\\u-10179?\\u-8704?}", "\xF0\x9F\x98\x80");           /* two units, one emoji */
    gives("{\\rtf1\\u-10179?x}", "\xEF\xBF\xBDx");                      /* half of one */
    gives("{\\rtf1\\u350{x}}", "\xC5\x9Ex");                            /* a brace ends the fallback */
    gives("{\\rtf1\\u8805\\bullet 4}", "\xE2\x89\xA5"
                                       "4"); /* a word stands for it too */
}

static void bytes_are_read_by_the_page_of_document_and_font(void **state)
{
    (void)state;
    gives("{\\rtf1\\ansi\\ansicpg1254 \\'deahin}", "\xC5\x9E"
                                                   "ahin");
    gives("{\\rtf1\\ansi\\ansicpg1252 \\'deahin}", "\xC3\x9E"
                                                   "ahin");
    gives("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fnil\\fcharset162 Arial;}{\\f1\\fcharset204 Arial Cyr;}}"
          "\\'deahin \\f1\\'c4\\'e0}",
          "\xC5\x9E"
          "ahin \xD0\x94\xD0\xB0");
    gives("{\\rtf1\\ansi\\ansicpg1254{\\fonttbl{\\f0\\fcharset0 Arial;}}\\f0\\'fd}", "\xC4\xB1");
    gives("{\\rtf1{\\fonttbl{\\f3\\fcharset128 MS Gothic;}}{\\f3\\'93\\'fa\\'83A}\\'e9}",
          "\xE6\x97\xA5\xE3\x82\xA2\xC3\xA9");
    gives("{\\rtf1\\ansicpg65001 \\'c3\\'bc}", "\xC3\xBC");
    gives("{\\rtf1\\ansicpg1254 \xC5\x9F \xFE}", "\xC5\x9F \xC5\x9F"); /* raw: UTF-8 as it is, else the page */
    gives("{\\rtf1{\\fonttbl{\\f0\\fcharset2 Symbol;}{\\f1\\fcharset2 Wingdings;}{\\f2 Arial;}}"
          "\\f0\\'b3\\f2 4 \\f1\\'fc\\f2 x}",
          "\xE2\x89\xA5"
          "4 \xE2\x9C\x93x");
}

static void characters_without_meaning_are_counted(void **state)
{
    (void)state;
    read_note r = read_rtf(SV_LIT("{\\rtf1{\\fonttbl{\\f0\\fcharset77 Mac;}}\\f0 a\\'8a}"));
    assert_sv(buf_view(&r.text), "a\xEF\xBF\xBD");
    assert_int_equal(r.told.unreadable, 1);
    assert_false(r.told.broken);
    free_note(&r);
}

static void what_is_no_text_is_skipped(void **state)
{
    (void)state;
    gives("{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0\\green0\\blue0;}{\\stylesheet{\\s0 Normal;}}"
          "{\\info{\\author Someone}}{\\*\\generator Riched20;}{\\*\\unknown {\\b deep} text}Text}",
          "Text");
    gives("{\\rtf1 see {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt the page}}.}", "see the page.");
    gives("{\\rtf1{\\listtext 1.\\tab}first\\par{\\pntext\\bullet\\tab}second}", "1.\tfirst\n\xE2\x80\xA2\tsecond");
    gives("{\\rtf1{\\upr{old}{\\*\\ud{new}}}}", "new");
    gives("{\\rtf1 a{\\pict\\bin4 }}{x}b}", "ab");
    gives("{\\rtf1{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt In a box}}}", "In a box");
}

static void what_text_cannot_show_is_told(void **state)
{
    (void)state;
    static const char *const lost[] = {"{\\rtf1 a{\\pict 0102}}", "{\\rtf1 a{\\v secret}}", "{\\rtf1 a{\\deleted old}}",
                                       "{\\rtf1{\\header Letterhead}a}", "{\\rtf1 a{\\*\\annotation note}}"};
    for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
        read_note r = read_rtf(sv_from(lost[i]));
        assert_sv(buf_view(&r.text), "a");
        assert_true(r.told.left_out);
        assert_false(r.told.broken);
        free_note(&r);
    }
    read_note r = read_rtf(SV_LIT("{\\rtf1 a{\\info{\\title x}}}"));
    assert_false(r.told.left_out);
    free_note(&r);
}

static void form_becomes_simple_html(void **state)
{
    (void)state;
    gives_html("{\\rtf1 a {\\b bold {\\i both}} and \\ul under\\ulnone  end\\par}",
               "<p>a <b>bold </b><b><i>both</i></b> and <u>under</u> end</p>");
    gives_html("{\\rtf1\\b x\\b0 y\\super 2\\nosupersub z\\plain w}", "<p><b>x</b>y<sup>2</sup>zw</p>");
    gives_html("{\\rtf1 two  blanks\\line <script>}", "<p>two &nbsp;blanks<br>&lt;script&gt;</p>");
}

static void tables_are_rows_and_cells(void **state)
{
    (void)state;
    const char *rtf = "{\\rtf1 Depths:\\par\\trowd\\pard\\intbl Tooth\\cell PD\\cell\\cell\\row"
                      "\\pard\\intbl 3\\cell 5\\line 6\\cell x\\cell\\row\\pard after\\par}";
    gives(rtf, "Depths:\nTooth\tPD\t\n3\t5\n6\tx\nafter");
    gives_html(rtf, "<p>Depths:</p><table><tr><td>Tooth</td><td>PD</td><td></td></tr><tr><td>3</td><td>5<br>6</td>"
                    "<td>x</td></tr></table><p>after</p>");
}

static void broken_documents_give_what_can_be_had(void **state)
{
    (void)state;
    static const struct {
        const char *rtf, *text;
    } cases[] = {
        {"{\\rtf1 cut {\\b here", "cut here"},
        {"{\\rtf1 cut \\", "cut "},
        {"{\\rtf1 cut \\'e", "cut e"},
        {"{\\rtf1 one}} two", "one two"},
        {"no rtf", "no rtf"},
        {"{\\rtf1 one} text behind", "one text behind"},
        {"{\\rtf1 a \\bin99999 b}", "a b"},
        {"{\\rtf1 a \\bin-5 b}", "a b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        read_note r = read_rtf(sv_from(cases[i].rtf));
        assert_sv(buf_view(&r.text), cases[i].text);
        assert_true(r.told.broken);
        free_note(&r);
    }
}

static void groups_without_end_and_without_number_are_bounded(void **state)
{
    (void)state;
    enum { DEEP = 100000 };
    buf in = buf_new((size_t)1 << 24);
    buf_str(&in, "{\\rtf1 a");
    for (int i = 0; i < DEEP; i++) buf_str(&in, "{\\b ");
    buf_str(&in, "deep");
    for (int i = 0; i < DEEP; i++) buf_str(&in, "}");
    buf_str(&in, "b}");
    read_note r = read_rtf(buf_view(&in));
    assert_sv(buf_view(&r.text), "adeepb");
    assert_true(r.told.broken);
    free_note(&r);
    buf_free(&in);
}

/* ---- HTML ---- */

static void html_gives(const char *in, const char *text, const char *html)
{
    buf t = buf_new(1 << 20), h = buf_new(1 << 20);
    html_told told;
    html_read(sv_from(in), &t, &h, &told);
    assert_sv(buf_view(&t), text);
    if (html) assert_sv(buf_view(&h), html);
    buf_free(&t);
    buf_free(&h);
}

static void html_is_told_from_text_with_signs(void **state)
{
    (void)state;
    static const char *const yes[] = {"<p>x</p>",
                                      "a<br>b",
                                      "a<BR/>b",
                                      "<b>x</b>",
                                      "<html>",
                                      "<!DOCTYPE html><p>x",
                                      "<div class=\"a\">x",
                                      "text with <span style='x'>span</span>"};
    static const char *const no[] = {"PD < 4 and BOP > 2",      "<b> alone", "a <see chart> b",
                                     "<script@mail.org>",       "x<3",       "",
                                     "<Dr. Smith> called </br", "1 <p 2"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        assert_true(html_is(sv_from(yes[i])));
    }
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        assert_false(html_is(sv_from(no[i])));
    }
}

static void html_blocks_and_lines(void **state)
{
    (void)state;
    html_gives("<p>One</p>\n<p>Two<br>three</p>", "One\nTwo\nthree", "<p>One</p><p>Two<br>three</p>");
    html_gives("<div>a<br></div><div><br></div><div>b</div>", "a\n\nb", NULL);
    html_gives("a<br><br>b<br>", "a\n\nb", NULL);
    html_gives("  lots \n of   <b>white</b> space ", "lots of white space", "<p>lots of <b>white </b>space</p>");
    html_gives("<pre>a\n  b</pre>c", "a\n  b\nc", NULL);
    html_gives("<ol><li>one<li>two</ol><ul><li>x</ul>", "1. one\n2. two\n- x", NULL);
    html_gives("<table><tr><td>a</td><td><p>b</p></td></tr><tr><td></td><td>c</td></tr></table>after",
               "a\tb\n\tc\nafter",
               "<table><tr><td>a</td><td>b</td></tr><tr><td></td><td>c</td></tr></table><p>after</p>");
}

static void html_entities_and_scripts(void **state)
{
    (void)state;
    html_gives("PD &lt; 4 &amp; caf&eacute; &#350;ahin &#x15e; &#146; &nbsp;x &bogus; AT&T",
               "PD < 4 & caf\xC3\xA9 \xC5\x9E"
               "ahin \xC5\x9E \xE2\x80\x99  x &bogus; AT&T",
               NULL);
    html_gives("a<script>alert('<p>x</p>')</script>b<style>p{}</style><!-- c > d -->c<title>t</title>", "abc",
               "<p>abc</p>");
    html_gives("<a href=\"javascript:x>y\">link</a> <img src=x onerror=y>", "link", "<p>link</p>");
    html_gives("5 < 6 and <unknown>text</unknown>", "5 < 6 and text", NULL);
}

static void html_without_an_end_loses_no_text(void **state)
{
    (void)state;
    html_gives("a <b never ends", "a <b never ends", NULL);
    html_gives("a <!-- never ends", "a <!-- never ends", NULL);
    html_gives("<p title=\"x>one</p><p>two</p>", "one\ntwo", NULL);
}

static void plain_text_as_html(void **state)
{
    (void)state;
    buf h = buf_new(1 << 16);
    rich_from_plain(SV_LIT("a < b\r\nc\n\nd"), &h);
    assert_sv(buf_view(&h), "<p>a &lt; b<br>c<br><br>d</p>");
    buf_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rtf_is_told_by_its_beginning),
        cmocka_unit_test(paragraphs_lines_and_tabs),
        cmocka_unit_test(hard_case_67_unicode_with_its_fallback_dropped),
        cmocka_unit_test(bytes_are_read_by_the_page_of_document_and_font),
        cmocka_unit_test(characters_without_meaning_are_counted),
        cmocka_unit_test(what_is_no_text_is_skipped),
        cmocka_unit_test(what_text_cannot_show_is_told),
        cmocka_unit_test(form_becomes_simple_html),
        cmocka_unit_test(tables_are_rows_and_cells),
        cmocka_unit_test(broken_documents_give_what_can_be_had),
        cmocka_unit_test(groups_without_end_and_without_number_are_bounded),
        cmocka_unit_test(html_is_told_from_text_with_signs),
        cmocka_unit_test(html_blocks_and_lines),
        cmocka_unit_test(html_entities_and_scripts),
        cmocka_unit_test(html_without_an_end_loses_no_text),
        cmocka_unit_test(plain_text_as_html),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
