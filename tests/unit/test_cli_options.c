/* The command line: what is understood, what is refused and with which advice. */
#include "cli/options.h"
#include "testing.h"

enum { ARGUMENTS_MAX = 16 };

typedef struct parsed {
    options o;
    bool ok;
    buf wrong; /* NUL behind it */
} parsed;

static parsed parse(const char *const *argv)
{
    int argc = 0;
    while (argv[argc]) argc++;
    parsed p = {.wrong = buf_new(4096)};
    p.ok = options_parse(&p.o, argc, argv, &p.wrong);
    buf_char(&p.wrong, '\0');
    return p;
}

static void done(parsed *p)
{
    options_free(&p->o);
    buf_free(&p->wrong);
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void assert_refused(const char *const *argv, const char *why)
{
    parsed p = parse(argv);
    assert_false(p.ok);
    if (!strstr(p.wrong.p, why)) fail_msg("\"%s\" lacks \"%s\"", p.wrong.p, why);
    done(&p);
}

static void every_form_of_an_option_is_understood(void **state)
{
    (void)state;
    const char *const *forms[] = {
        ARGS("extract", "a.bak", "--out", "d", "--table", "x.y"), ARGS("extract", "a.bak", "--out=d", "--table=x.y"),
        ARGS("extract", "-o", "d", "-t", "x.y", "a.bak"),         ARGS("-od", "-tx.y", "extract", "a.bak"),
        ARGS("extract", "-od", "-tx.y", "--", "a.bak"),
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        parsed p = parse(forms[i]);
        assert_true(p.ok);
        assert_int_equal(p.o.command, CMD_EXTRACT);
        assert_string_equal(p.o.out, "d");
        assert_int_equal(p.o.tables, 1);
        assert_string_equal(p.o.table[0], "x.y");
        assert_int_equal(p.o.operands, 1);
        assert_string_equal(p.o.operand[0], "a.bak");
        done(&p);
    }
}

static void tables_or_documents_are_extracted(void **state)
{
    (void)state;
    parsed p = parse(ARGS("extract", "a.bak", "--documents", "d", "--patient", "7"));
    assert_true(p.ok);
    assert_string_equal(p.o.documents, "d");
    assert_null(p.o.out);
    done(&p);
    assert_refused(ARGS("extract", "a.bak"), "Where to?");
    assert_refused(ARGS("extract", "a.bak", "--out", "o", "--documents", "d"), "--out writes tables");
    assert_refused(ARGS("extract", "a.bak", "--out", "o", "--patient", "7"), "--out writes tables");
}

static void a_chart_needs_a_patient_and_a_file(void **state)
{
    (void)state;
    parsed p = parse(ARGS("chart", "a.bak", "--patient", "7", "--pdf", "c.pdf", "--last", "3", "--show-name"));
    assert_true(p.ok);
    assert_string_equal(p.o.patient, "7");
    assert_string_equal(p.o.out, "c.pdf");
    assert_int_equal(p.o.last, 3);
    assert_true(p.o.show_name);
    done(&p);
    assert_refused(ARGS("chart", "a.bak", "--pdf", "c.pdf"), "Whose chart?");
    assert_refused(ARGS("chart", "a.bak", "--patient", "7"), "Where to?");
    assert_refused(ARGS("chart", "a.bak", "--patient", "7", "--pdf", "c.pdf", "--last", "6"), "from 1 to 5");
    assert_refused(ARGS("chart", "a.bak", "--patient", "7", "--pdf", "c.pdf", "--last", "2", "--exam", "1"),
                   "one of them");
}

static void charts_alone_are_the_latest(void **state)
{
    (void)state;
    const char *const *forms[] = {ARGS("convert", "a.bak", "--to", "zoho", "--charts", "--out", "d"),
                                  ARGS("convert", "a.bak", "--to", "zoho", "--out", "d", "--charts"),
                                  ARGS("convert", "a.bak", "--to", "zoho", "--out", "d", "--charts", "latest")};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        parsed p = parse(forms[i]);
        assert_true(p.ok);
        assert_string_equal(p.o.charts, "latest");
        assert_string_equal(p.o.out, "d");
        done(&p);
    }
}

static void all_files_behind_keys_are_files_with_ids(void **state)
{
    (void)state;
    parsed p = parse(ARGS("link-files", "run", "--keys", "a.csv", "b.csv"));
    assert_true(p.ok);
    assert_int_equal(p.o.keys, 2);
    assert_int_equal(p.o.operands, 1);
    done(&p);
}

static void values_are_read(void **state)
{
    (void)state;
    parsed p =
        parse(ARGS("extract", "-qv", "a", "b", "-o", "d", "--set", "3", "--threads=2", "--format", "xlsx", "--lobs",
                   "files", "--progress=never", "--color=always", "--salvage", "--json", "-t", "1", "-t", "2"));
    assert_true(p.ok);
    assert_true(p.o.quiet && p.o.verbose && p.o.salvage && p.o.json && p.o.lobs_as_files);
    assert_int_equal(p.o.set, 3);
    assert_int_equal(p.o.threads, 2);
    assert_int_equal(p.o.format, EXTRACT_XLSX);
    assert_int_equal(p.o.progress, WHEN_NEVER);
    assert_int_equal(p.o.color, WHEN_ALWAYS);
    assert_int_equal(p.o.operands, 2);
    assert_int_equal(p.o.tables, 2);
    done(&p);
}

static void a_file_may_begin_with_a_dash(void **state)
{
    (void)state;
    parsed p = parse(ARGS("inspect", "--", "--json"));
    assert_true(p.ok && !p.o.json);
    assert_string_equal(p.o.operand[0], "--json");
    done(&p);
}

static void mistakes_get_a_suggestion(void **state)
{
    (void)state;
    assert_refused(ARGS("insepct", "a"), "Did you mean inspect?");
    assert_refused(ARGS("xyzzy"), "no command \"xyzzy\".");
    assert_refused(ARGS("inspect", "a", "--jsn"), "Did you mean --json?");
    assert_refused(ARGS("extract", "a", "--outt=d"), "Did you mean --out?");
    assert_refused(ARGS("inspect", "a", "-Z"), "no option -Z");
}

static void wrong_usage_is_named(void **state)
{
    (void)state;
    assert_refused(ARGS("inspect"), "Which file?");
    assert_refused(ARGS("extract", "a"), "--out DIR");
    assert_refused(ARGS("extract", "a", "--out"), "--out needs a value");
    assert_refused(ARGS("extract", "a", "--out", "--json"), "--json is an option itself");
    assert_refused(ARGS("link-files", "run", "other", "--keys", "a"), "takes one");
    assert_refused(ARGS("extract", "a", "-o", "d", "--set", "0"), "--set takes a number from 1");
    assert_refused(ARGS("extract", "a", "-o", "d", "--set", "99999999999999999999"), "--set takes a number");
    assert_refused(ARGS("extract", "a", "-o", "d", "--threads", "2x"), "--threads takes a number");
    assert_refused(ARGS("extract", "a", "-o", "d", "--format", "ods"), "csv|xlsx");
    assert_refused(ARGS("extract", "a", "-o", "d", "-o", "e"), "more than once");
    assert_refused(ARGS("inspect", "a", "--out", "d"), "does not go with this command");
    assert_refused(ARGS("inspect", "a", "--json=1"), "takes no value");
    assert_refused(ARGS("explain", "A", "B"), "one code");
}

static void help_needs_no_operands(void **state)
{
    (void)state;
    parsed a = parse(ARGS("extract", "-h")), b = parse(ARGS("--help")), c = parse(ARGS("--version"));
    assert_true(a.ok && a.o.help && a.o.help_short && a.o.command == CMD_EXTRACT);
    assert_true(b.ok && b.o.help && !b.o.help_short);
    assert_true(c.ok && c.o.version);
    done(&a);
    done(&b);
    done(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_an_option_is_understood),
        cmocka_unit_test(a_chart_needs_a_patient_and_a_file),
        cmocka_unit_test(tables_or_documents_are_extracted),
        cmocka_unit_test(charts_alone_are_the_latest),
        cmocka_unit_test(all_files_behind_keys_are_files_with_ids),
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(a_file_may_begin_with_a_dash),
        cmocka_unit_test(mistakes_get_a_suggestion),
        cmocka_unit_test(wrong_usage_is_named),
        cmocka_unit_test(help_needs_no_operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
