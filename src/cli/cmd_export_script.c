#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "cli/surveyed.h"
#include "convert/template_set.h"
#include "draft/export_script.h"

enum { TEXT_MAX = 16 << 20 };

static int print_script(const options *o, const console *c, arena *mem, problems *wrong, findings *found)
{
    const char *folder = template_profile(templates_folder(o, mem), o->operand[0], mem, found);
    const profile *x = folder ? profile_load(folder, mem, wrong) : NULL;
    buf text = buf_new(TEXT_MAX);
    if (!x) return EXIT_USAGE;
    int code = EXIT_COMPLETE;
    if (export_script(x, o->sqlcmd, &text))
        os_print(OS_STDOUT, buf_view(&text));
    else
        code = say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    buf_free(&text);
    return code;
}

int cmd_export_script(const options *o, const console *c)
{
    arena *mem = arena_new(0);
    findings *found = findings_new();
    problems wrong = {.mem = mem};
    int code = mem && found ? print_script(o, c, mem, &wrong, found) : EXIT_UNEXPECTED;
    problems_sort(&wrong);
    if (mem) say_problems(o, c, &wrong);
    if (found) say_found(o, c, found, SEV_WARN);
    findings_free(found);
    arena_free(mem);
    return code;
}
