/* Text on the terminal: harmless, aligned, wrapped; progress lines; findings. */
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/term.h"
#include "testing.h"
#include <stdlib.h>

static void assert_text(buf *b, const char *want)
{
    buf_char(b, '\0');
    assert_string_equal(b->p, want);
    buf_clear(b);
}

static void findings_cannot_steer_the_terminal(void **state)
{
    (void)state;
    const term t = {.stream = OS_STDERR};
    findings *f = findings_new();
    finding x = FINDING_OF(F_OUT_EXISTS);
    x.path = SV_LIT("evil\x1b]0;title\x07");
    x.table = SV_LIT("dbo.\x1b[2J");
    find_add(f, &x);
    buf b = buf_new(4096);
    say_findings(&b, &t, f, SEV_NOTE, 10);
    assert_null(memchr(b.p, 0x1b, b.n));
    buf_char(&b, '\0');
    assert_non_null(strstr(b.p, "error OUT-401: The output folder is already in use"));
    assert_non_null(strstr(b.p, "evil\\x1B]0;title\\x07 exists"));
    buf_free(&b);
    findings_free(f);
}

static void sizes_and_times_are_easy_to_read(void **state)
{
    (void)state;
    buf b = buf_new(4096);
    size_text(&b, 1);
    assert_text(&b, "1 byte");
    size_text(&b, 1536);
    assert_text(&b, "1.5 KB");
    size_text(&b, (uint64_t)10 << 30);
    assert_text(&b, "10.0 GB");
    duration_text(&b, 3250);
    assert_text(&b, "3.2 s");
    duration_text(&b, 65000);
    assert_text(&b, "1:05");
    duration_text(&b, 7420000);
    assert_text(&b, "2:03:40");
    buf_free(&b);
}

static void paragraphs_wrap_between_words(void **state)
{
    (void)state;
    const term narrow = {.width = 20}, endless = {0};
    buf b = buf_new(4096);
    paragraph(&b, &narrow, 2, SV_LIT("one two three four five"));
    assert_text(&b, "  one two three four\n  five\n");
    paragraph(&b, &narrow, 2, SV_LIT("averyveryverylongwordindeed x"));
    assert_text(&b, "  averyveryverylongwordindeed\n  x\n");
    paragraph(&b, &endless, 2, SV_LIT("one two three four five"));
    assert_text(&b, "  one two three four five\n");
    buf_free(&b);
}

static void colours_are_off_unless_wanted(void **state)
{
    (void)state;
    term t = term_of(OS_STDOUT, WHEN_NEVER);
    assert_false(t.color);
    buf b = buf_new(4096);
    styled(&b, &t, RED, "x");
    assert_text(&b, "x");
    t = term_of(OS_STDOUT, WHEN_ALWAYS);
    styled(&b, &t, RED, "x");
    assert_text(&b, "\x1b[31;1mx\x1b[0m");
    buf_free(&b);
}

static void progress_tells_share_rate_and_time_left(void **state)
{
    (void)state;
    extract_progress p = {.stage = STAGE_TABLES,
                          .bytes = 25 << 20,
                          .bytes_total = 100 << 20,
                          .rows = 1200000,
                          .tables = 3,
                          .tables_total = 12};
    buf b = buf_new(4096);
    progress_line(&b, &p, 0);
    assert_text(&b, "reading tables  25 %  1,200,000 rows  3 of 12 tables");
    progress_line(&b, &p, 10000);
    assert_text(&b, "reading tables  25 %  1,200,000 rows  120,000 rows/s  2.5 MB/s  3 of 12 tables  30.0 s left");
    p.bytes_total = 0;
    progress_line(&b, &p, 10000);
    assert_text(&b, "reading tables  1,200,000 rows  120,000 rows/s  2.5 MB/s  3 of 12 tables");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_cannot_steer_the_terminal),      cmocka_unit_test(sizes_and_times_are_easy_to_read),
        cmocka_unit_test(paragraphs_wrap_between_words),           cmocka_unit_test(colours_are_off_unless_wanted),
        cmocka_unit_test(progress_tells_share_rate_and_time_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
