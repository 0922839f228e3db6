/* XML as packages are written in: a tree, escaped, the same bytes each time; what is no tree is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/xml_writer.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"

static void assert_text(const xml_writer *w, const char *expected)
{
    assert_true(xml_whole(w));
    assert_int_equal(w->out.n, strlen(expected));
    assert_memory_equal(w->out.p, expected, w->out.n);
}

static void a_tree_is_indented_and_empty_elements_are_closed_at_once(void **state)
{
    (void)state;
    xml_writer w = xml_begin(4096);
    xml_open(&w, "a");
    xml_attr(&w, "n", SV_LIT("1"));
    xml_word(&w, "b", "text");
    xml_open(&w, "c");
    xml_number(&w, "d", -5);
    xml_close(&w);
    xml_word(&w, "e", "");
    xml_close(&w);
    assert_text(&w, HEAD "<a n=\"1\">\n  <b>text</b>\n  <c>\n    <d>-5</d>\n  </c>\n  <e />\n</a>\n");
    buf_free(&w.out);
}

static void what_means_something_in_xml_is_escaped(void **state)
{
    (void)state;
    xml_writer w = xml_begin(4096);
    xml_open(&w, "a");
    xml_attr(&w, "n", SV_LIT("<\"&\n\t>"));
    xml_text(&w, SV_LIT("a<b>&\"c\"\r\n"));
    xml_close(&w);
    assert_text(&w, HEAD "<a n=\"&lt;&quot;&amp;&#10;&#9;&gt;\">a&lt;b&gt;&amp;\"c\"&#13;\n</a>\n");
    buf_free(&w.out);
}

static void what_xml_cannot_hold_becomes_the_replacement_character(void **state)
{
    (void)state;
    xml_writer w = xml_begin(4096);
    xml_open(&w, "a");
    xml_text(&w, SV_LIT("\x01\xC3(\xEF\xBF\xBF\xC5\x9F"));
    xml_close(&w);
    assert_text(&w, HEAD "<a>\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xC5\x9F</a>\n");
    buf_free(&w.out);
}

static void what_is_no_tree_is_refused(void **state)
{
    (void)state;
    xml_writer w = xml_begin(4096);
    xml_open(&w, "a");
    assert_false(xml_whole(&w));
    xml_close(&w);
    assert_true(xml_whole(&w));
    xml_close(&w);
    assert_false(xml_whole(&w));
    buf_free(&w.out);
    w = xml_begin(4096);
    xml_open(&w, "a");
    xml_text(&w, SV_LIT("t"));
    xml_open(&w, "b");
    xml_close(&w);
    assert_false(xml_whole(&w));
    buf_free(&w.out);
    w = xml_begin(4096);
    xml_open(&w, "a");
    xml_text(&w, SV_LIT("t"));
    xml_attr(&w, "n", SV_LIT("late"));
    xml_close(&w);
    assert_false(xml_whole(&w));
    buf_free(&w.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_indented_and_empty_elements_are_closed_at_once),
        cmocka_unit_test(what_means_something_in_xml_is_escaped),
        cmocka_unit_test(what_xml_cannot_hold_becomes_the_replacement_character),
        cmocka_unit_test(what_is_no_tree_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
