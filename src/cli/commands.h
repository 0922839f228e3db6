/* The commands. Each prints its result on stdout, its talk on stderr, and returns an exit code. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/problem.h"
#include "cli/opened.h"
#include "cli/term.h"

typedef struct console {
    term out, err;
} console;

int cmd_ask(const options *o, const console *c);
int cmd_inspect(const options *o, const console *c);
int cmd_extract(const options *o, const console *c);
int cmd_sql(const options *o, const console *c);
int cmd_explain(const options *o, const console *c);
int cmd_convert(const options *o, const console *c);
int cmd_chart(const options *o, const console *c);
int cmd_link_files(const options *o, const console *c);
int cmd_reconcile(const options *o, const console *c);
int cmd_compare(const options *o, const console *c);
int cmd_rollback(const options *o, const console *c);
int cmd_pack(const options *o, const console *c);
int cmd_unpack(const options *o, const console *c);
int cmd_forget(const options *o, const console *c);
int cmd_verify(const options *o, const console *c);
int cmd_snapshot(const options *o, const console *c);
int cmd_profile(const options *o, const console *c);
int cmd_backup_script(const options *o, const console *c);
int cmd_export_script(const options *o, const console *c);
int cmd_templates(const options *o, const console *c);

/* cli.c: runs one command line, the program's name first. */
int cli_run(int argc, const char *const *argv);

/* templates_folder.c: where the templates lie, in mem; where there are none, the name that they should have had. */
const char *templates_folder(const options *o, arena *mem);
/* cmd_templates.c: mistakes in templates, for people on stderr or as JSON lines. */
void say_problems(const options *o, const console *c, const problems *p);

/* inspect_text.c, inspect_json.c: what is known of a source. The tables may be missing (NULL). */
void inspect_text(buf *out, const term *t, const options *o, const opened *x);
void inspect_head(buf *out, const term *t, const opened *x,
                  sv path); /* kind, product, database and chosen set, in short */
void inspect_json(const options *o, const opened *x);

/* Says on stderr, or as a JSON line of type "error", why there is no result; returns code. */
int say_failure(const options *o, const console *c, int code, const char *message);

#endif
