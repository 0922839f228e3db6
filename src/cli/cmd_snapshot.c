#include "base/text_file.h"
#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "cli/surveyed.h"
#include "survey/survey.h"

#define SNAPSHOT_TEXT_MAX ((size_t)64 << 20)

typedef struct job {
    const options *o;
    const console *c;
    opened x;
    arena *mem;
    const source_facts *facts;
} job;

/* ---- what was written, for people and for machines ---- */

typedef struct totals {
    uint64_t tables, columns, rows, codes, withheld;
} totals;

static totals count(const job *j)
{
    totals t = {.tables = j->x.tables->tables};
    for (size_t i = 0; i < t.tables; i++) {
        const table_info *info = &j->x.tables->table[i];
        const table_facts *f = &j->facts->table[i];
        t.rows += f->rows;
        t.columns += info->columns;
        for (size_t k = 0; k < info->columns; k++) {
            t.codes += f->column[k].codes > 0;
            t.withheld += f->column[k].withheld.n > 0;
        }
    }
    return t;
}

static void say_json(const job *j, int code)
{
    totals t = count(j);
    json_t *a = summary_json(code);
    json_object_set_new(a, "out", json_text(sv_from(j->o->out)));
    json_count(a, "tables", t.tables);
    json_count(a, "columns", t.columns);
    json_count(a, "rows", t.rows);
    json_count(a, "code_lists", t.codes);
    json_print(a, 0);
}

static void part(buf *out, uint64_t n, const char *one, const char *many)
{
    add_number(out, n);
    buf_printf(out, " %s", n == 1 ? one : many);
}

static void say_text(const job *j)
{
    totals t = count(j);
    buf text = buf_new(SNAPSHOT_TEXT_MAX);
    part(&text, t.tables, "table", "tables");
    buf_str(&text, " \xC2\xB7 ");
    part(&text, t.columns, "column", "columns");
    buf_str(&text, " \xC2\xB7 ");
    part(&text, t.rows, "row looked at", "rows looked at");
    buf_str(&text, " \xC2\xB7 ");
    part(&text, t.codes, "list of codes", "lists of codes");
    buf_str(&text, " \xC2\xB7 ");
    add_shown(&text, sv_from(j->o->out));
    buf_str(&text, "\nNo value of a record stands in it but these codes. Look through it before it is mailed: it is "
                   "text, and names of tables and columns stand in it as they are.\n");
    term_print(&j->c->out, &text);
    buf_free(&text);
}

/* ---- the file ---- */

static int write_snapshot(job *j)
{
    buf text = buf_new(SNAPSHOT_TEXT_MAX);
    int code = EXIT_COMPLETE;
    if (!snapshot_write(opened_info(&j->x), j->x.tables, j->facts, &text)) {
        find_code(j->x.found, F_OUT_OF_MEMORY, "writing the snapshot");
        code = EXIT_UNEXPECTED;
    } else if (!text_file_write(j->o->out, buf_view(&text), j->x.found)) {
        code = EXIT_OUTPUT;
    }
    buf_free(&text);
    if (code == EXIT_COMPLETE && findings_at_least(j->x.found, SEV_LOSS)) code = EXIT_INCOMPLETE;
    return code;
}

static int take(job *j)
{
    if (j->x.status != ST_OK) return EXIT_SOURCE;
    if (os_exists(j->o->out)) return say_failure(j->o, j->c, EXIT_USAGE, "The file for --out exists already.");
    status st = surveyed(j->o, j->c, &j->x, j->mem, &j->facts);
    if (st == ST_END) return say_failure(j->o, j->c, EXIT_INTERRUPTED, "Interrupted. Nothing was written.");
    return st == ST_OK ? write_snapshot(j) : EXIT_UNEXPECTED;
}

int cmd_snapshot(const options *o, const console *c)
{
    job j = {.o = o, .c = c, .mem = arena_new(0)};
    if (!j.mem || !opened_from(o, &j.x)) {
        arena_free(j.mem);
        return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    }
    os_catch_interrupts();
    int code = take(&j);
    say_found(o, c, j.x.found, SEV_WARN);
    if (code == EXIT_COMPLETE || code == EXIT_INCOMPLETE) {
        if (o->json)
            say_json(&j, code);
        else if (!o->quiet)
            say_text(&j);
    }
    opened_close(&j.x);
    arena_free(j.mem);
    return code;
}
