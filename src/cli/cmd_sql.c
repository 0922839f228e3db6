#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"
#include "cli/sql_print.h"
#include <stdlib.h>

#define SQL_FILE_BYTES_MAX ((size_t)16 << 20)

static bool wants_to_stop(void *ctx)
{
    (void)ctx;
    return os_interrupted();
}

/* ---- the statements ---- */

static bool read_file(const char *path, buf *out, const char **why)
{
    os_file *f = os_open_read(path, why);
    if (!f) return false;
    uint64_t size = os_file_size(f);
    size_t got = 0;
    char *p = size < SQL_FILE_BYTES_MAX ? buf_reserve(out, (size_t)size + 1) : NULL;
    if (!p) *why = "it is too large for a file of statements";
    bool ok = p && os_read_at(f, 0, p, (size_t)size, &got, why);
    os_close_read(f);
    if (ok) out->n = got;
    static const char mark[] = "\xEF\xBB\xBF";
    if (ok && got >= 3 && memcmp(p, mark, 3) == 0) memset(p, ' ', 3);
    return ok;
}

/* Line and column, from 1, of a byte of the text. */
static void place_of(const char *text, size_t at, unsigned *line, unsigned *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at && text[i]; i++) {
        bool inside = ((unsigned char)text[i] & 0xC0) == 0x80;
        *column = text[i] == '\n' ? 1 : *column + !inside;
        *line += text[i] == '\n';
    }
}

/* ---- one run ---- */

typedef struct run {
    const options *o;
    const console *c;
    opened *x;
    sql_db *db;
    const char *text; /* of all statements */
} run;

static int mistake(const run *r, const char *from)
{
    sqlite3 *h = sql_handle(r->db);
    int offset = sqlite3_error_offset(h);
    unsigned line, column;
    buf text = buf_new(65536);
    sv said = sql_error(r->db);
    place_of(r->text, (size_t)(from - r->text) + (offset > 0 ? (size_t)offset : 0), &line, &column);
    if (r->o->sql_file) buf_printf(&text, "%s:", r->o->sql_file);
    if (offset >= 0) buf_printf(&text, "%u:%u: ", line, column);
    if (r->o->sql_file && offset < 0) buf_char(&text, ' ');
    buf_sv(&text, said);
    buf_char(&text, '\0');
    int code = say_failure(r->o, r->c, EXIT_USAGE, text.failed ? "wrong SQL" : text.p);
    buf_free(&text);
    return code;
}

/* A statement that had begun: the source failed it, or a computation did. */
static int broken_off(const run *r)
{
    if (os_interrupted()) return say_failure(r->o, r->c, EXIT_INTERRUPTED, "Interrupted.");
    buf text = buf_new(65536);
    buf_sv(&text, sql_error(r->db));
    buf_char(&text, '\0');
    bool lost = findings_at_least(r->x->found, SEV_LOSS) > 0;
    int code = say_failure(r->o, r->c, lost ? EXIT_SOURCE : EXIT_USAGE, text.failed ? "the statement failed" : text.p);
    buf_free(&text);
    return code;
}

static int printed(const run *r, print_end end)
{
    switch (end) {
    case PRINT_DONE: return EXIT_COMPLETE;
    case PRINT_SQL_ERROR: return broken_off(r);
    case PRINT_SPOILT:
        return say_failure(
            r->o, r->c, EXIT_USAGE,
            "a value of more than 64 KB does not fit into an expression: use lob_size(x) or lob_head(x, n)");
    case PRINT_LOB_LOST: return say_failure(r->o, r->c, EXIT_SOURCE, "a large value cannot be read to its end");
    case PRINT_NO_READER: return EXIT_OUTPUT;
    case PRINT_NO_MEMORY: break;
    }
    return say_failure(r->o, r->c, EXIT_UNEXPECTED, "Out of memory.");
}

static sql_format format_of(const options *o, const console *c)
{
    if (o->json) return SQL_FORMAT_JSON;
    if (o->sql_format != SQL_FORMAT_AUTO) return o->sql_format;
    return c->out.terminal ? SQL_FORMAT_TABLE : SQL_FORMAT_CSV;
}

static int run_statements(const run *r)
{
    sqlite3 *h = sql_handle(r->db);
    sql_format format = format_of(r->o, r->c);
    size_t results = 0;
    for (const char *at = r->text; *at;) {
        sqlite3_stmt *st = NULL;
        const char *tail = at;
        if (sqlite3_prepare_v2(h, at, -1, &st, &tail) != SQLITE_OK) return mistake(r, at);
        if (st) {
            sql_printer p = {
                .db = r->db, .source = r->x->source, .out = &r->c->out, .format = format, .first = results++ == 0};
            print_end end = sql_print(&p, st);
            int code = printed(r, end);
            sqlite3_finalize(st);
            if (code != EXIT_COMPLETE) return code;
        }
        at = tail;
    }
    if (results) return EXIT_COMPLETE;
    return say_failure(r->o, r->c, EXIT_USAGE, "There is no statement.");
}

static int ask(const options *o, const console *c, opened *x, const char *text)
{
    run r = {.o = o, .c = c, .x = x, .text = text};
    sql_options how = {.unreadable_cell = o->salvage ? SQL_CELL_NULL : SQL_CELL_ERROR, .cancelled = wants_to_stop};
    if (x->status != ST_OK || sql_open(x->source, &how, x->found, &r.db) != ST_OK) return EXIT_SOURCE;
    sql_restrict(r.db);
    int code = run_statements(&r);
    sql_close(r.db);
    if (code == EXIT_COMPLETE && findings_at_least(x->found, SEV_LOSS)) code = EXIT_INCOMPLETE;
    return code;
}

int cmd_sql(const options *o, const console *c)
{
    options sources = *o;
    buf text = buf_new(SQL_FILE_BYTES_MAX);
    opened x;
    if (o->sql_file) {
        const char *why = "";
        if (!read_file(o->sql_file, &text, &why)) {
            buf said = buf_new(65536);
            buf_printf(&said, "%s: %s.", o->sql_file, why);
            buf_char(&said, '\0');
            int code = say_failure(o, c, EXIT_USAGE, said.failed ? why : said.p);
            buf_free(&said);
            buf_free(&text);
            return code;
        }
    } else {
        buf_str(&text, o->operand[--sources.operands]);
    }
    buf_char(&text, '\0');
    if (text.failed || !opened_from(&sources, &x)) {
        buf_free(&text);
        return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    }
    os_catch_interrupts();
    int code = ask(o, c, &x, text.p);
    buf said = buf_new((size_t)64 << 20);
    severity least = o->quiet ? SEV_FATAL : o->verbose ? SEV_NOTE : SEV_WARN;
    if (!o->json || code != EXIT_COMPLETE) say_findings(&said, &c->err, x.found, least, 30);
    term_print(&c->err, &said);
    buf_free(&said);
    buf_free(&text);
    opened_close(&x);
    return code;
}
