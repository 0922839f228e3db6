#include "cli/convert_summary.h"
#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "convert/convert.h"
#include "source/server_address.h"

enum { TEXT_MAX = 64 << 20 };

typedef struct talk {
    const options *o;
    const console *c;
} talk;

static bool wants_to_stop(void *ctx)
{
    (void)ctx;
    return os_interrupted();
}

/* One line per stage: the steps are few, and none of them knows how long it will take. */
static void show_stage(void *ctx, const char *stage, uint64_t done, uint64_t total)
{
    const talk *t = ctx;
    (void)done;
    (void)total;
    if (t->o->progress == WHEN_NEVER || (t->o->quiet && t->o->progress != WHEN_ALWAYS)) return;
    if (t->o->json) {
        json_t *x = json_object();
        json_object_set_new(x, "type", json_string("progress"));
        json_object_set_new(x, "stage", json_string(stage));
        json_print(x, 0);
        return;
    }
    buf text = buf_new(256);
    buf_printf(&text, "%s\n", stage);
    term_print(&t->c->err, &text);
    buf_free(&text);
}

/* ---- for people ---- */

static uint64_t written_rows(const ledger *l)
{
    uint64_t n = 0;
    for (size_t i = 0; i < ledger_lines(l); i++)
        if (ledger_at(l, i)->level == LEDGER_OBJECT) n += ledger_at(l, i)->count[COUNT_WRITTEN];
    return n;
}

static void verdict(buf *out, const term *t, const options *o, const convert_result *r)
{
    uint64_t look = r->rejected + r->held_back + r->unreadable;
    styled(out, t, look ? YELLOW : GREEN, "everything accounted for");
    buf_str(out, " \xC2\xB7 ");
    add_number(out, written_rows(r->counts));
    buf_str(out, o->dry ? " rows would be written" : " rows written");
    if (look) {
        buf_str(out, " \xC2\xB7 ");
        add_number(out, look);
        buf_str(out, " need a look: ");
        add_number(out, r->rejected);
        buf_str(out, " rejected, ");
        add_number(out, r->held_back);
        buf_str(out, " values held back, ");
        add_number(out, r->unreadable);
        buf_str(out, " unreadable");
    }
    if (r->changed) {
        buf_str(out, " \xC2\xB7 ");
        add_number(out, r->changed);
        buf_str(out, r->changed == 1 ? " value changed" : " values changed");
    }
    if (r->run_folder.n) {
        buf_str(out, " \xC2\xB7 ");
        add_shown(out, r->run_folder);
    }
    buf_char(out, '\n');
}

static void say_people(const options *o, const console *c, const convert_result *r)
{
    buf text = buf_new(TEXT_MAX);
    buf_str(&text, "profile: ");
    add_shown(&text, r->profile_title);
    buf_printf(&text, " (fits to %u of 100)\n", r->profile_score);
    convert_summary(&text, &c->out, r->counts);
    if (*r->audit) styled(&text, &c->out, DIM, "audit.csv closes with %s\n", r->audit);
    verdict(&text, &c->out, o, r);
    term_print(&c->out, &text);
    buf_free(&text);
}

/* ---- for machines ---- */

static json_t *line_json(const ledger_line *l)
{
    static const char *const level[] = {"table", "entity", "object"};
    json_t *x = json_object();
    json_object_set_new(x, "level", json_string(level[l->level]));
    json_object_set_new(x, "name", json_text(l->name));
    json_object_set_new(x, "from", json_text(l->from));
    for (size_t i = 0; i < LEDGER_COUNTS; i++) json_count(x, ledger_count_key[i], l->count[i]);
    return x;
}

static void say_machines(const convert_result *r, int code)
{
    json_t *o = summary_json(code), *counts = json_array();
    json_object_set_new(o, "run_folder", json_text(r->run_folder));
    json_object_set_new(o, "profile", json_text(r->profile_id));
    json_object_set_new(o, "profile_score", json_integer(r->profile_score));
    json_count(o, "rejected", r->rejected);
    json_count(o, "held_back", r->held_back);
    json_count(o, "changed", r->changed);
    json_count(o, "unreadable", r->unreadable);
    if (*r->audit) json_object_set_new(o, "audit", json_string(r->audit));
    for (size_t i = 0; i < ledger_lines(r->counts); i++)
        json_array_append_new(counts, line_json(ledger_at(r->counts, i)));
    json_object_set_new(o, "counts", counts);
    json_print(o, 0);
}

/* ---- the command ---- */

static int exit_of(convert_end end, const findings *f, const convert_result *r)
{
    switch (end) {
    case CONVERT_DONE: break;
    case CONVERT_WRONG_FILES: return EXIT_USAGE;
    case CONVERT_NO_PROFILE:
    case CONVERT_NO_SOURCE: return EXIT_SOURCE;
    case CONVERT_NO_OUTPUT: return EXIT_OUTPUT;
    case CONVERT_UNBALANCED: return EXIT_BALANCE;
    case CONVERT_CANCELLED: return EXIT_INTERRUPTED;
    case CONVERT_FAILED: return EXIT_UNEXPECTED;
    }
    bool look = r->rejected || r->held_back || r->unreadable || findings_at_least(f, SEV_LOSS);
    return look ? EXIT_INCOMPLETE : EXIT_COMPLETE;
}

static const char *failure(int code, bool partial_left)
{
    switch (code) {
    case EXIT_USAGE: return "A profile, a template or a list is wrong. Nothing was written.";
    case EXIT_SOURCE: return "The source cannot be converted; no output was kept.";
    case EXIT_OUTPUT: return "The output could not be written.";
    case EXIT_BALANCE: return "The counts do not add up; no output was kept.";
    case EXIT_INTERRUPTED:
        return partial_left ? "Interrupted. The unfinished output could not be removed."
                            : "Interrupted. The unfinished output was removed.";
    default: return "Unexpected failure; no output was kept.";
    }
}

/* The destinations of all --to, each of which may be a list: "salesforce,canonical". */
static const char *const *destinations(const options *o, arena *mem, size_t *n)
{
    size_t room = 0;
    for (size_t i = 0; i < o->destinations; i++) room += strlen(o->to[i]) / 2 + 1;
    const char **all = arena_array(mem, room + 1, sizeof(const char *));
    *n = 0;
    for (size_t i = 0; all && i < o->destinations; i++)
        for (const char *p = o->to[i];; p++) {
            size_t length = strcspn(p, ",");
            all[(*n)++] = arena_sv(mem, (sv){p, length}).p;
            if (!all[*n - 1]) return NULL;
            p += length;
            if (!*p) break;
        }
    return all;
}

/* Where the source lies: itself when it is a folder. NULL when out of memory. */
static const char *documents_folder(const options *o, arena *mem)
{
    if (o->documents) return o->documents;
    sv source = sv_from(o->operand[0]);
    if (os_is_folder(o->operand[0])) return o->operand[0];
    while (source.n && source.p[source.n - 1] != '/' && source.p[source.n - 1] != '\\') source.n--;
    if (!source.n) return ".";
    return arena_sv(mem, (sv){source.p, source.n > 1 ? source.n - 1 : 1}).p;
}

static bool choose(const talk *t, arena *mem, convert_options *out)
{
    const options *o = t->o;
    *out = (convert_options){.templates = templates_folder(o, mem),
                             .profile = o->profile,
                             .only = o->only,
                             .onlys = o->onlys,
                             .sample = o->sample,
                             .users = o->users,
                             .users_n = o->users_n,
                             .owners = o->owners,
                             .fallback_owner = o->fallback_owner,
                             .decisions = o->decisions,
                             .since = o->since,
                             .without = o->without,
                             .edition = o->edition,
                             .layout = o->layout,
                             .teeth = o->teeth,
                             .charts = o->charts,
                             .tooth_label = o->tooth_label,
                             .prefix = o->prefix,
                             .format = o->bundle_format,
                             .setting = o->setting,
                             .settings = o->settings,
                             .out = o->out,
                             .files = documents_folder(o, mem),
                             .show_values = o->show_values,
                             .pdf = o->pdf,
                             .dry = o->dry,
                             .progress = show_stage,
                             .cancelled = wants_to_stop,
                             .ctx = (void *)(uintptr_t)t};
    out->to = destinations(o, mem, &out->destinations);
    return out->to != NULL;
}

/* The files of the source as they were named; where a folder was, those that were found in it and read. */
static bool give_files(const options *o, const opened *x, arena *mem, convert_options *to)
{
    source_given *all = arena_array(mem, o->operands + x->from.files + 1, sizeof *all);
    if (!all) return false;
    bool folder = false;
    for (size_t i = 0; i < o->operands; i++) folder |= os_is_folder(o->operand[i]);
    to->given = all;
    to->givens = folder ? x->from.files : o->operands;
    if (server_is_address(sv_from(o->operand[0]))) to->givens = 0; /* a running server has no bytes to know it by */
    for (size_t i = 0; i < to->givens; i++)
        if (folder)
            all[i].bytes = x->from.file[i];
        else
            all[i].path = o->operand[i];
    return true;
}

int cmd_convert(const options *o, const console *c)
{
    opened x;
    convert_result r = {0};
    convert_options to;
    talk t = {o, c};
    arena *mem = arena_new(0);
    if (!mem || !choose(&t, mem, &to) || !opened_for_profile(o, &to, mem, &x) || !give_files(o, &x, mem, &to)) {
        arena_free(mem);
        return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    }
    os_catch_interrupts();
    if (!o->json && !o->quiet) {
        buf text = buf_new((size_t)1 << 20);
        inspect_head(&text, &c->err, &x, sv_from(o->operand[0]));
        term_print(&c->err, &text);
        buf_free(&text);
    }
    int code = x.status == ST_OK ? exit_of(convert_run(x.source, &to, x.found, &r), x.found, &r) : EXIT_SOURCE;
    bool done = code == EXIT_COMPLETE || code == EXIT_INCOMPLETE;
    say_problems(o, c, &r.wrong);
    say_found(o, c, x.found, SEV_WARN);
    if (done && o->json)
        say_machines(&r, code);
    else if (done && !o->quiet)
        say_people(o, c, &r);
    if (!done) (void)say_failure(o, c, code, failure(code, r.partial_left));
    convert_result_free(&r);
    opened_close(&x);
    arena_free(mem);
    return code;
}
