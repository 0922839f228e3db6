/* Help and manual page hold every command, option and exit code. */
#include "base/finding.h"
#include "cli/help.h"
#include "testing.h"

static const term plain = {.stream = OS_STDOUT};

static void assert_has(const buf *b, const char *what)
{
    if (!strstr(b->p, what)) fail_msg("lacks \"%s\"", what);
}

/* As the manual page writes an option: every hyphen is one that a reader can copy. */
static void troff_option(const char *name, char out[128])
{
    char *to = out + snprintf(out, 128, "\\fB\\-\\-");
    for (; *name; name++) {
        if (*name == '-') *to++ = '\\';
        *to++ = *name;
    }
    snprintf(to, 4, "\\fR");
}

static void every_option_is_in_help_and_manual(void **state)
{
    (void)state;
    buf brief = buf_new(1 << 20), full = buf_new(1 << 20), man = buf_new(1 << 20);
    for (size_t i = 0; i < command_count; i++) help_short(&brief, command_table[i].id);
    help_full(&full, &plain, CMD_NONE);
    help_man(&man);
    buf_char(&brief, '\0');
    buf_char(&full, '\0');
    buf_char(&man, '\0');
    for (int i = 0; i < (int)OPTION_COUNT; i++) {
        char name[64], troff[128];
        snprintf(name, sizeof name, "--%s", option_table[i].name);
        troff_option(option_table[i].name, troff);
        assert_has(&brief, name);
        assert_has(&brief, option_table[i].brief);
        assert_has(&full, name);
        assert_has(&man, troff);
    }
    for (size_t i = 0; i < exit_count; i++) {
        assert_has(&full, exit_table[i].meaning);
        assert_has(&man, exit_table[i].meaning);
    }
    for (size_t i = 0; i < command_count; i++) {
        char name[64];
        snprintf(name, sizeof name, ".TP\n.B %s\n", command_table[i].name);
        assert_has(&man, name);
    }
    buf_free(&brief);
    buf_free(&full);
    buf_free(&man);
}

static size_t lines_of(const buf *b)
{
    size_t lines = 0, column = 0;
    for (size_t i = 0; i < b->n; i++) {
        column = b->p[i] == '\n' ? 0 : column + 1;
        lines += b->p[i] == '\n';
        assert_true(column <= 100);
    }
    return lines;
}

static void short_help_fits_a_screen(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    help_short(&b, CMD_NONE);
    assert_true(lines_of(&b) <= 40);
    for (size_t i = 0; i < command_count; i++) {
        buf_clear(&b);
        help_short(&b, command_table[i].id);
        assert_true(lines_of(&b) <= 40);
    }
    buf_clear(&b);
    help_ten_lines(&b);
    assert_true(lines_of(&b) <= 32);
    buf_free(&b);
}

static void help_of_a_command_has_its_options_only(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    help_full(&b, &plain, CMD_INSPECT);
    buf_char(&b, '\0');
    assert_has(&b, "--set");
    assert_null(strstr(b.p, "--threads"));
    assert_null(strstr(b.p, "usage: chartferry extract"));
    buf_free(&b);
}

static void every_finding_can_be_explained(void **state)
{
    (void)state;
    for (int i = 0; i < (int)FINDING_CODES; i++) {
        const finding_text *t = finding_text_of((finding_code)i);
        assert_int_equal(finding_by_id(sv_from(t->id)), i); /* ids are unique */
        assert_true(*t->title && *t->happened && *t->next);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_in_help_and_manual),
        cmocka_unit_test(short_help_fits_a_screen),
        cmocka_unit_test(help_of_a_command_has_its_options_only),
        cmocka_unit_test(every_finding_can_be_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
