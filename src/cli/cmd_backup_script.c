#include "cli/exit_code.h"
#include "cli/opened.h"
#include "cli/outcome.h"
#include "cli/surveyed.h"
#include "draft/backup_script.h"

enum { SCRIPT_MAX = 1 << 20 };

static int print_script(const options *o, const console *c, const backup_facts *x)
{
    buf text = buf_new(SCRIPT_MAX);
    const bool ok = backup_script(x, &text);
    if (ok) os_print(OS_STDOUT, buf_view(&text));
    buf_free(&text);
    return ok ? EXIT_COMPLETE : say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
}

/* What a source says of its server: a running one, or the one that an older backup comes from. */
static int of_source(const options *o, const console *c)
{
    opened s;
    if (!opened_from(o, &s)) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    const source_info *i = opened_info(&s);
    int code = EXIT_SOURCE;
    if (s.status == ST_OK && i && i->database.n) {
        const backup_facts x = {.database = i->database,
                                .version = i->product,
                                .edition = i->product,
                                .bytes = i->data_bytes,
                                .folder = o->folder,
                                .folders = o->folders};
        code = print_script(o, c, &x);
    } else if (s.status == ST_OK)
        code = say_failure(o, c, EXIT_SOURCE, "This source is no database of SQL Server.");
    say_found(o, c, s.found, SEV_WARN);
    opened_close(&s);
    return code;
}

int cmd_backup_script(const options *o, const console *c)
{
    backup_facts x = {.folder = o->folder, .folders = o->folders};
    if (!o->server_facts) return of_source(o, c);
    const char *wrong = backup_facts_read(sv_from(o->server_facts), &x);
    return wrong ? say_failure(o, c, EXIT_USAGE, wrong) : print_script(o, c, &x);
}
