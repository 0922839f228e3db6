#include "base/path.h"
#include "base/text_file.h"
#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "cli/surveyed.h"
#include "convert/template_set.h"
#include "draft/checked.h"
#include "draft/draft.h"
#include "draft/schema_map.h"

enum { TEXT_MAX = 64 << 20 };

typedef struct job {
    const options *o;
    const console *c;
    arena *mem;
    opened x; /* of draft, of map, of check with a source */
    bool has_source;
    problems wrong;
    buf text;
    /* What the summary tells of. */
    const draft *drafted;
    const draft_file *file; /* of the draft */
    size_t files;
    const profile *checked;
} job;

static bool usable(const job *j) { return j->x.status == ST_OK && j->x.tables; }

/* ---- draft ---- */

/* By the folder it will lie in, else by the database. */
static sv draft_id(const job *j)
{
    const source_info *info = opened_info(&j->x);
    if (j->o->out) return path_name(sv_from(j->o->out));
    return info && info->database.n ? info->database : SV_LIT("draft");
}

static bool write_file(job *j, const draft_file *f)
{
    sv path = arena_printf(j->mem, "%s/%.*s", j->o->out, (int)f->name.n, f->name.p);
    if (path.p) return text_file_write(path.p, f->text, j->x.found);
    find_code(j->x.found, F_OUT_OF_MEMORY, "writing the draft");
    return false;
}

static int write_draft(job *j)
{
    const char *why = "";
    if (!os_make_folder(j->o->out, &why)) {
        find_at(j->x.found, F_OUT_CREATE_FAILED, sv_from(j->o->out), sv_from(why));
        return EXIT_OUTPUT;
    }
    for (size_t i = 0; i < j->files; i++)
        if (!write_file(j, &j->file[i])) {
            (void)os_remove_tree(j->o->out);
            return EXIT_OUTPUT;
        }
    return EXIT_COMPLETE;
}

static void print_files(job *j)
{
    for (size_t i = 0; i < j->files; i++) {
        const draft_file *f = &j->file[i];
        buf_printf(&j->text, "%s-- %.*s\n", i ? "\n" : "", (int)f->name.n, f->name.p);
        for (size_t at = 0; at < f->text.n;) {
            const char *end = memchr(f->text.p + at, '\n', f->text.n - at);
            size_t length = end ? (size_t)(end - (f->text.p + at)) : f->text.n - at;
            add_shown(&j->text, (sv){f->text.p + at, length});
            buf_char(&j->text, '\n');
            at += length + 1;
        }
    }
    term_print(&j->c->out, &j->text);
}

static int draft_it(job *j)
{
    const source_facts *facts = NULL;
    if (!usable(j)) return EXIT_SOURCE;
    if (j->o->out && os_exists(j->o->out))
        return say_failure(j->o, j->c, EXIT_USAGE, "The folder for --out exists already.");
    status st = surveyed(j->o, j->c, &j->x, j->mem, &facts);
    if (st == ST_END) return say_failure(j->o, j->c, EXIT_INTERRUPTED, "Interrupted. Nothing was written.");
    if (st != ST_OK) return EXIT_UNEXPECTED;
    const draft_run run = {.info = opened_info(&j->x),
                           .list = j->x.tables,
                           .facts = facts,
                           .templates = templates_folder(j->o, j->mem),
                           .id = draft_id(j),
                           .mem = j->mem,
                           .wrong = &j->wrong};
    const draft *d = draft_make(&run);
    if (!d) return j->wrong.n ? EXIT_USAGE : EXIT_UNEXPECTED;
    if (draft_is_empty(d)) {
        find_code(j->x.found, F_DRAFT_NOTHING_KNOWN, "%zu", j->x.tables->tables);
        return EXIT_SOURCE;
    }
    j->file = draft_files(d, &j->files);
    if (!j->file) return EXIT_UNEXPECTED;
    if (j->o->out) {
        int code = write_draft(j);
        if (code != EXIT_COMPLETE) return code;
    } else if (!j->o->json) {
        print_files(j);
    }
    j->drafted = d;
    return EXIT_COMPLETE;
}

/* ---- check ---- */

static const char *folder_of(const job *j, findings *f)
{
    return template_profile(templates_folder(j->o, j->mem), j->o->operand[1], j->mem, f);
}

static const profile *load(job *j)
{
    const char *folder = folder_of(j, j->x.found);
    return folder ? profile_load(folder, j->mem, &j->wrong) : NULL;
}

/* The code page that the profile has for text files; what is wrong with it is told when it is loaded to be used. */
static sv codepage_of(const job *j)
{
    findings *ignored = findings_new();
    problems wrong = {.mem = j->mem};
    const char *folder = ignored ? folder_of(j, ignored) : NULL;
    const profile *x = folder ? profile_load(folder, j->mem, &wrong) : NULL;
    findings_free(ignored);
    return x ? profile_option_text(x, "codepage") : (sv){NULL, 0};
}

/* Against the source: ST_OK also with problems. */
static status against(job *j, const profile *x, profile_checked *out)
{
    sql_db *db = NULL;
    const sql_options q = {.leave_out_unreadable = true};
    ledger *counts = ledger_new();
    bool rows = !snapshot_facts(j->x.source);
    status st = counts ? sql_open(j->x.source, &q, j->x.found, &db) : ST_FATAL;
    const profile_run run = {.db = db, .counts = counts, .found = j->x.found, .wrong = &j->wrong, .today = INT32_MIN};
    if (st == ST_OK) st = profile_check(x, &run, rows, j->mem, out);
    if (st == ST_OK) checked_findings(x, j->x.tables, out, j->x.found);
    sql_close(db);
    ledger_free(counts);
    return st;
}

static bool has_bad_keys(const job *j)
{
    return findings_count(j->x.found, F_CHECK_KEY_REPEATED) || findings_count(j->x.found, F_CHECK_KEY_MISSING) ||
           findings_count(j->x.found, F_CHECK_FINGERPRINT);
}

static int check_it(job *j)
{
    profile_checked checked;
    if (j->has_source && !usable(j)) return EXIT_SOURCE;
    const profile *x = load(j);
    if (!x) return EXIT_USAGE;
    if (j->has_source && against(j, x, &checked) != ST_OK) return EXIT_SOURCE;
    j->checked = x;
    if (j->wrong.n) return EXIT_USAGE;
    return j->has_source && has_bad_keys(j) ? EXIT_INCOMPLETE : EXIT_COMPLETE;
}

/* ---- map ---- */

static int map_it(job *j)
{
    profile_checked checked;
    const source_facts *facts = NULL;
    if (!usable(j)) return EXIT_SOURCE;
    const profile *x = load(j);
    if (!x) return EXIT_USAGE;
    if (os_exists(j->o->out)) return say_failure(j->o, j->c, EXIT_USAGE, "The file for --out exists already.");
    if (surveyed(j->o, j->c, &j->x, j->mem, &facts) != ST_OK) return EXIT_UNEXPECTED;
    if (against(j, x, &checked) != ST_OK) return EXIT_SOURCE;
    if (j->wrong.n) return EXIT_USAGE;
    const schema_map m = {.profile = x,
                          .info = opened_info(&j->x),
                          .list = j->x.tables,
                          .facts = facts,
                          .checked = &checked,
                          .mem = j->mem,
                          .found = j->x.found};
    return schema_map_write(&m, j->o->out) ? EXIT_COMPLETE : EXIT_OUTPUT;
}

/* ---- how it ended ---- */

static void draft_json(const job *j, json_t *a)
{
    const draft_facts f = draft_count(j->drafted);
    json_count(a, "entities", f.entities);
    json_count(a, "fields", f.fields);
    json_count(a, "uncertain", f.uncertain);
    json_count(a, "tables_left", f.tables_left);
    json_count(a, "columns_left", f.columns_left);
    if (j->o->out) return;
    json_t *files = json_object();
    for (size_t i = 0; i < j->files; i++)
        json_object_setn_new(files, j->file[i].name.p, j->file[i].name.n, json_text(j->file[i].text));
    json_object_set_new(a, "files", files);
}

static void say_json(const job *j, int code)
{
    json_t *a = summary_json(code);
    if (j->drafted) draft_json(j, a);
    if (j->checked) {
        json_object_set_new(a, "profile", json_text(profile_title(j->checked)));
        json_count(a, "selects", profile_entities(j->checked));
        json_count(a, "problems", j->wrong.n);
    }
    if (code == EXIT_COMPLETE && j->o->out) json_object_set_new(a, "out", json_text(sv_from(j->o->out)));
    json_print(a, 0);
}

static void say_draft(job *j)
{
    const draft_facts f = draft_count(j->drafted);
    buf_printf(
        &j->text,
        "%zu entities with %zu fields drafted, %zu of them uncertain \xC2\xB7 left over: %zu tables, %zu columns",
        f.entities, f.fields, f.uncertain, f.tables_left, f.columns_left);
    if (j->o->out) {
        buf_str(&j->text, " \xC2\xB7 ");
        add_shown(&j->text, sv_from(j->o->out));
    }
    buf_char(&j->text, '\n');
    term_print(&j->c->err, &j->text); /* the draft itself may go to stdout */
}

static void say_checked(job *j)
{
    add_shown(&j->text, profile_title(j->checked));
    buf_printf(&j->text, " \xC2\xB7 %zu SELECTs \xC2\xB7 ", profile_entities(j->checked));
    if (j->wrong.n)
        styled(&j->text, &j->c->out, RED, "cannot be used");
    else
        styled(&j->text, &j->c->out, GREEN, j->has_source ? "fits this source" : "no mistake in its files");
    buf_char(&j->text, '\n');
    term_print(&j->c->out, &j->text);
}

static void say_summary(job *j, int code)
{
    if (j->o->json)
        say_json(j, code);
    else if (j->drafted && !j->o->quiet)
        say_draft(j);
    else if (j->checked && !j->o->quiet)
        say_checked(j);
}

/* ---- the command ---- */

static int act(job *j)
{
    switch (j->o->operand[0][0]) {
    case 'd': return draft_it(j);
    case 'c': return check_it(j);
    default: return map_it(j);
    }
}

static bool open_source(job *j)
{
    size_t first = j->o->operand[0][0] == 'd' ? 1 : 2;
    j->has_source = j->o->operands > first;
    if (j->has_source) {
        if (!opened_from_operand(j->o, first, (sv){NULL, 0}, &j->x)) return false;
        bool guessed = first == 2 && !j->o->encoding && j->x.status == ST_OK && opened_guessed_text(&j->x);
        sv codepage = guessed ? codepage_of(j) : (sv){NULL, 0};
        if (!codepage.n) return true;
        opened_close(&j->x);
        return opened_from_operand(j->o, first, codepage, &j->x);
    }
    j->x = (opened){.found = findings_new(), .status = ST_OK};
    return j->x.found != NULL;
}

int cmd_profile(const options *o, const console *c)
{
    job j = {.o = o, .c = c, .mem = arena_new(0), .text = buf_new(TEXT_MAX)};
    j.wrong.mem = j.mem;
    if (!j.mem || !open_source(&j)) {
        arena_free(j.mem);
        return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    }
    os_catch_interrupts();
    int code = act(&j);
    problems_sort(&j.wrong);
    say_problems(o, c, &j.wrong);
    say_found(o, c, j.x.found, SEV_WARN);
    say_summary(&j, code);
    opened_close(&j.x);
    buf_free(&j.text);
    arena_free(j.mem);
    return code;
}
