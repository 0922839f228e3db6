#include "cli/cli.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/library_memory.h"
#include "cli/say.h"
#include <stdlib.h>

int say_failure(const options *o, const console *c, int code, const char *message)
{
    if (o->json) {
        json_t *x = json_object();
        json_object_set_new(x, "type", json_string("error"));
        json_object_set_new(x, "exit", json_integer(code));
        json_object_set_new(x, "message", json_text(sv_from(message)));
        json_print(x, 0);
        return code;
    }
    buf text = buf_new((size_t)1 << 20);
    styled(&text, &c->err, RED, "chartferry:");
    buf_char(&text, ' ');
    add_shown(&text, sv_from(message));
    buf_char(&text, '\n');
    if (text.failed)
        os_print(OS_STDERR, SV_LIT("chartferry: Out of memory.\n"));
    else
        term_print(&c->err, &text);
    buf_free(&text);
    return code;
}

static int wrong_usage(const options *o, const console *c, buf *wrong)
{
    buf_char(wrong, '\0');
    int code = say_failure(o, c, EXIT_USAGE, wrong->failed ? "wrong usage" : wrong->p);
    if (!o->json) os_print(OS_STDERR, SV_LIT("\"chartferry -h\" lists commands and options.\n"));
    return code;
}

/* True when the line asks for help or the like; the text goes to out. */
static bool information(const options *o, const console *c, buf *out)
{
    if (o->man)
        help_man(out);
    else if (o->completion)
        (o->completion == SHELL_ZSH ? completion_zsh : completion_bash)(out);
    else if (o->version)
        help_version(out);
    else if (o->help && o->help_short)
        help_short(out, o->command);
    else if (o->help)
        help_full(out, &c->out, o->command);
    else if (o->command == CMD_HELP)
        help_full(out, &c->out, CMD_NONE);
    else
        return false;
    return true;
}

static int run(const options *o, const console *c)
{
    switch (o->command) {
    case CMD_INSPECT: return cmd_inspect(o, c);
    case CMD_EXTRACT: return cmd_extract(o, c);
    case CMD_SQL: return cmd_sql(o, c);
    case CMD_CONVERT: return cmd_convert(o, c);
    case CMD_CHART: return cmd_chart(o, c);
    case CMD_VERIFY: return cmd_verify(o, c);
    case CMD_PACK: return cmd_pack(o, c);
    case CMD_UNPACK: return cmd_unpack(o, c);
    case CMD_FORGET: return cmd_forget(o, c);
    case CMD_LINK_FILES: return cmd_link_files(o, c);
    case CMD_RECONCILE: return cmd_reconcile(o, c);
    case CMD_COMPARE: return cmd_compare(o, c);
    case CMD_ROLLBACK: return cmd_rollback(o, c);
    case CMD_TEMPLATES: return cmd_templates(o, c);
    case CMD_SNAPSHOT: return cmd_snapshot(o, c);
    case CMD_PROFILE: return cmd_profile(o, c);
    case CMD_BACKUP_SCRIPT: return cmd_backup_script(o, c);
    case CMD_EXPORT_SCRIPT: return cmd_export_script(o, c);
    case CMD_ASK: return cmd_ask(o, c);
    case CMD_EXPLAIN: return cmd_explain(o, c);
    default: return EXIT_USAGE;
    }
}

int cli_run(int argc, const char *const *argv)
{
    os_keep_private();
    (void)library_memory_watch();
    options o;
    buf text = buf_new((size_t)1 << 20);
    bool parsed = options_parse(&o, argc - 1, argv + 1, &text);
    console c = {term_of(OS_STDOUT, o.color), term_of(OS_STDERR, o.color)};
    int code = EXIT_COMPLETE;
    if (!parsed) {
        code = wrong_usage(&o, &c, &text);
    } else if (information(&o, &c, &text)) {
        term_print(&c.out, &text);
    } else if (o.command == CMD_NONE) {
        help_ten_lines(&text);
        term_print(&c.err, &text);
        code = EXIT_USAGE;
    } else {
        code = run(&o, &c);
    }
    /* Whatever was said or written may lack what there was no memory for. */
    if (memory_has_run_out() && code != EXIT_UNEXPECTED && code != EXIT_INTERRUPTED)
        code =
            say_failure(&o, &c, EXIT_UNEXPECTED,
                        "Out of memory: do not use what was written, and do not trust what was said before this. Close "
                        "other programs, or take a machine with more memory, and run it again.");
    /* A reader that went away has not got the result. */
    if (code == EXIT_COMPLETE && os_print_failed(OS_STDOUT)) code = EXIT_OUTPUT;
    buf_free(&text);
    options_free(&o);
    return code;
}

/* A double-click, or files dropped on the program. */
static bool opened_by_mouse(int argc, const char *const *argv)
{
    if (argc < 2) return true;
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(argv[1], command_table[i].name) == 0) return false;
    return argv[1][0] != '-' && os_exists(argv[1]);
}

static int ask(int argc, const char *const *argv)
{
    const char **word = calloc((size_t)argc + 3, sizeof *word);
    if (!word) return EXIT_UNEXPECTED;
    int n = 0;
    word[n++] = "chartferry";
    word[n++] = "ask";
    word[n++] = "--";
    for (int i = 1; i < argc; i++) word[n++] = argv[i];
    int code = cli_run(n, word);
    free(word);
    return code;
}

int cli_main(int argc, const char *const *argv)
{
    if (!os_own_window()) return cli_run(argc, argv);
    int code = opened_by_mouse(argc, argv) ? ask(argc, argv) : cli_run(argc, argv);
    char any[2];
    os_print(OS_STDERR, SV_LIT("\nPress Enter to close this window.\n"));
    (void)os_read_line(any, sizeof any);
    return code;
}
