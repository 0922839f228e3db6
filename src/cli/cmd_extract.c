#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "cli/progress.h"

enum { TABLES_SHOWN = 60 };

static bool wants_to_stop(void *ctx)
{
    (void)ctx;
    return os_interrupted();
}

static bool whole(const table_result *r) { return r->state == TABLE_OK; }

/* ---- for people ---- */

static void cell_right(buf *out, uint64_t n, bool known, size_t width)
{
    buf text = buf_new(64);
    if (known)
        add_number(&text, n);
    else
        buf_char(&text, '?');
    pad(out, text.n, width);
    buf_sv(out, buf_view(&text));
    buf_free(&text);
}

static size_t name_width(const extract_result *r)
{
    size_t widest = 5;
    buf text = buf_new(65536);
    for (size_t i = 0; i < r->tables; i++) {
        buf_clear(&text);
        add_shown(&text, r->table[i].info->full_name);
        size_t w = text_width(buf_view(&text));
        if (w > widest) widest = w;
    }
    buf_free(&text);
    return widest < 48 ? widest : 48;
}

static void table_line(buf *out, const term *t, const table_result *r, size_t width)
{
    size_t start = out->n;
    add_shown(out, r->info->full_name);
    pad(out, text_width((sv){out->p + start, out->n - start}), width);
    cell_right(out, (uint64_t)r->info->rows_expected, r->info->rows_expected >= 0, 15);
    cell_right(out, r->written, true, 15);
    cell_right(out, r->unreadable, true, 13);
    if (r->state != TABLE_OK) {
        buf_str(out, "  ");
        styled(out, t, r->state == TABLE_PARTIAL ? YELLOW : RED, "%s", table_state_name(r->state));
    }
    if (r->reason.n) {
        buf_str(out, r->state != TABLE_OK ? ": " : "  ");
        add_shown(out, r->reason);
    }
    buf_char(out, '\n');
}

/* Tables in trouble always; whole ones up to a screenful. */
static void tables_summary(buf *out, const term *t, const extract_result *r)
{
    size_t width = name_width(r), left = 0, shown = 0;
    size_t start = out->n;
    buf_str(out, "table");
    pad(out, 5, width);
    buf_printf(out, "%15s%15s%13s", "expected", "written", "unreadable");
    buf head = buf_new(4096);
    buf_add(&head, out->p + start, out->n - start);
    out->n = start;
    styled(out, t, DIM, "%.*s", (int)head.n, head.p);
    buf_free(&head);
    buf_char(out, '\n');
    for (size_t i = 0; i < r->tables; i++) {
        if (whole(&r->table[i]) && shown >= TABLES_SHOWN)
            left++;
        else
            table_line(out, t, &r->table[i], width);
        shown += whole(&r->table[i]);
    }
    if (!left) return;
    buf_str(out, "and ");
    add_number(out, left);
    buf_str(out, " further tables, all whole: see _tables.csv\n");
}

static void verdict(buf *out, const term *t, const options *o, const extract_result *r, int code, uint64_t ms)
{
    size_t incomplete = 0;
    for (size_t i = 0; i < r->tables; i++) incomplete += !whole(&r->table[i]);
    if (code == EXIT_COMPLETE)
        styled(out, t, GREEN, "everything accounted for");
    else
        styled(out, t, YELLOW, "not everything could be read");
    buf_str(out, " \xC2\xB7 ");
    add_number(out, r->written);
    buf_str(out, " rows of ");
    add_number(out, r->tables);
    buf_str(out, r->tables == 1 ? " table written" : " tables written");
    if (r->unreadable) {
        buf_str(out, ", ");
        add_number(out, r->unreadable);
        buf_str(out, " unreadable");
    }
    if (incomplete) {
        buf_str(out, ", ");
        add_number(out, incomplete);
        buf_str(out, incomplete == 1 ? " table incomplete" : " tables incomplete");
    }
    buf_str(out, " \xC2\xB7 ");
    duration_text(out, ms);
    buf_str(out, " \xC2\xB7 ");
    add_shown(out, sv_from(o->out));
    buf_char(out, '\n');
}

static void talk(const options *o, const console *c, const extract_result *r, int code, uint64_t ms)
{
    buf text = buf_new((size_t)64 << 20);
    tables_summary(&text, &c->out, r);
    verdict(&text, &c->out, o, r, code, ms);
    term_print(&c->out, &text);
    buf_free(&text);
}

/* ---- for machines ---- */

static void start_json(const options *o, const opened *x)
{
    json_t *a = json_object(), *paths = json_array();
    const source_info *s = opened_info(x);
    json_object_set_new(a, "type", json_string("start"));
    for (size_t i = 0; i < o->operands; i++) json_array_append_new(paths, json_text(sv_from(o->operand[i])));
    json_object_set_new(a, "source", paths);
    json_object_set_new(a, "out", json_text(sv_from(o->out)));
    json_object_set_new(a, "version", json_string(CHARTFERRY_VERSION));
    if (s) {
        json_object_set_new(a, "kind", json_text(s->kind));
        json_object_set_new(a, "product", json_text(s->product));
        json_object_set_new(a, "database", json_text(s->database));
    }
    for (size_t i = 0; s && i < s->sets; i++)
        if (s->set[i].chosen) json_object_set_new(a, "set", json_integer(s->set[i].number));
    json_print(a, 0);
}

static json_t *table_json(const table_result *r)
{
    json_t *a = json_object();
    int64_t expected = r->info->rows_expected;
    json_object_set_new(a, "schema", json_text(r->info->schema));
    json_object_set_new(a, "table", json_text(r->info->name));
    json_object_set_new(a, "file", r->file.n ? json_text(r->file) : json_null());
    json_object_set_new(a, "rows_expected", expected < 0 ? json_null() : json_integer(expected));
    json_count(a, "rows_written", r->written);
    json_count(a, "rows_unreadable", r->unreadable);
    json_object_set_new(a, "status", json_string(table_state_name(r->state)));
    json_object_set_new(a, "reason", r->reason.n ? json_text(r->reason) : json_null());
    return a;
}

static void result_json(const options *o, const extract_result *r, int code, uint64_t ms)
{
    json_t *a = summary_json(code), *tables = json_array();
    json_object_set_new(a, "out", json_text(sv_from(o->out)));
    json_count(a, "rows_written", r->written);
    json_count(a, "rows_unreadable", r->unreadable);
    json_count(a, "ms", ms);
    for (size_t i = 0; i < r->tables; i++) json_array_append_new(tables, table_json(&r->table[i]));
    json_object_set_new(a, "tables", tables);
    json_print(a, 0);
}

/* ---- the command ---- */

static const char *failure(int code, bool partial_left)
{
    switch (code) {
    case EXIT_USAGE: return "Nothing was written.";
    case EXIT_INTERRUPTED:
        return partial_left ? "Interrupted. The unfinished output could not be removed."
                            : "Interrupted. The unfinished output was removed.";
    case EXIT_SOURCE: return "The source cannot be read; no output was kept.";
    case EXIT_OUTPUT: return "The output could not be written.";
    case EXIT_BALANCE: return "The counts do not add up; no output was kept.";
    default: return "Unexpected failure; no output was kept.";
    }
}

static int exit_of(extract_end end, const findings *f, const extract_result *r)
{
    switch (end) {
    case EXTRACT_DONE: break;
    case EXTRACT_NO_TABLE: return EXIT_USAGE;
    case EXTRACT_NO_SOURCE: return EXIT_SOURCE;
    case EXTRACT_NO_OUTPUT: return EXIT_OUTPUT;
    case EXTRACT_NO_MEMORY: return EXIT_UNEXPECTED;
    case EXTRACT_UNBALANCED: return EXIT_BALANCE;
    case EXTRACT_CANCELLED: return EXIT_INTERRUPTED;
    }
    if (findings_at_least(f, SEV_LOSS)) return EXIT_INCOMPLETE;
    for (size_t i = 0; i < r->tables; i++)
        if (!whole(&r->table[i])) return EXIT_INCOMPLETE;
    return EXIT_COMPLETE;
}

static int extract_to(const options *o, const console *c, opened *x, extract_result *r)
{
    progress_view view;
    extract_options e = {.out = o->out,
                         .format = o->format,
                         .table = o->table,
                         .tables = o->tables,
                         .threads = o->threads,
                         .lobs_as_files = o->lobs_as_files,
                         .salvage = o->salvage,
                         .progress = progress_show,
                         .cancelled = wants_to_stop,
                         .ctx = &view};
    if (x->status != ST_OK) return EXIT_SOURCE;
    progress_start(&view, o, &c->err);
    extract_end end = extract_run(x->source, &e, x->found, r);
    progress_end(&view);
    return exit_of(end, x->found, r);
}

/* Documents have a patient and a kind only where a profile says so: it is a conversion to folders alone. */
static int extract_documents(const options *o, const console *c)
{
    /* What is one patient's: not the letter templates of the practice. */
    const char *to = "documents", *only[] = {NULL, "entities:document,letter"};
    options x = *o;
    buf patient = buf_new(1 << 16);
    if (o->patient) {
        buf_printf(&patient, "patient:%s", o->patient);
        buf_char(&patient, '\0');
        if (patient.failed) {
            buf_free(&patient);
            return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
        }
        only[0] = patient.p;
    }
    x.to = &to;
    x.destinations = 1;
    x.only = only;
    x.onlys = only[0] ? 2 : 0;
    x.out = o->documents;
    x.documents = NULL;
    int code = cmd_convert(&x, c);
    buf_free(&patient);
    return code;
}

int cmd_extract(const options *o, const console *c)
{
    if (o->documents) return extract_documents(o, c);
    opened x;
    extract_result r = {0};
    uint64_t started = os_ticks_ms();
    if (!opened_from(o, &x)) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    os_catch_interrupts();
    if (o->json) {
        start_json(o, &x);
    } else if (!o->quiet) {
        buf text = buf_new((size_t)1 << 20);
        inspect_head(&text, &c->err, &x, sv_from(o->operand[0]));
        term_print(&c->err, &text);
        buf_free(&text);
    }
    int code = extract_to(o, c, &x, &r);
    uint64_t ms = os_ticks_ms() - started;
    bool done = code == EXIT_COMPLETE || code == EXIT_INCOMPLETE;
    say_found(o, c, x.found, SEV_WARN);
    if (done && o->json)
        result_json(o, &r, code, ms);
    else if (done && !o->quiet)
        talk(o, c, &r, code, ms);
    if (!done) say_failure(o, c, code, failure(code, r.partial_left));
    extract_result_free(&r);
    opened_close(&x);
    return code;
}
