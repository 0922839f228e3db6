/* What a person reads first: what is ready, what needs a look, whether the counts close, what to do next. */
#include "model/model.h"
#include "report/report_model.h"
#include "report/report_text.h"

/* Kinds of records that a sentence names; further ones are one number. */
enum { NAMED_MAX = 6, WORDS_MAX = 1 << 16 };

typedef struct totals {
    uint64_t written, rejected, unreadable, held_back, changed, skipped, merged;
} totals;

static totals totals_of(const ledger *l)
{
    totals t = {0};
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *x = ledger_at(l, i);
        t.written += x->count[COUNT_WRITTEN];
        t.rejected += x->count[COUNT_REJECTED];
        t.unreadable += x->count[COUNT_UNREADABLE];
        t.held_back += x->count[COUNT_HELD_BACK];
        t.changed += x->count[COUNT_CHANGED];
        t.skipped += x->count[COUNT_SKIPPED];
        t.merged += x->count[COUNT_MERGED];
    }
    return t;
}

/* ---- what is ready ---- */

static bool belongs_to(const ledger_line *l, sv destination)
{
    return l->level == LEDGER_OBJECT && sv_starts(l->name, destination) && l->name.n > destination.n &&
           l->name.p[destination.n] == '/';
}

/* The next line of the destination that has written records, from `at` on; the number of lines when there is none. */
static size_t next_written(const ledger *l, sv destination, size_t at)
{
    while (at < ledger_lines(l) &&
           !(belongs_to(ledger_at(l, at), destination) && ledger_at(l, at)->count[COUNT_WRITTEN]))
        at++;
    return at;
}

static bool only_one_of_entity(const ledger *l, sv destination, const ledger_line *x)
{
    size_t n = 0;
    for (size_t i = 0; i < ledger_lines(l); i++)
        n += belongs_to(ledger_at(l, i), destination) && sv_eq(ledger_at(l, i)->from, x->from);
    return n == 1;
}

static void say_entity(buf *out, uint64_t n, const model_entity *e)
{
    const char *word = n == 1 ? e->name : e->title;
    add_number(out, n);
    buf_char(out, ' ');
    for (const char *p = word; *p; p++) {
        bool first_capital = p == word && *p >= 'A' && *p <= 'Z';
        buf_char(out, (char)(first_capital ? *p - 'A' + 'a' : *p == '_' ? ' ' : *p));
    }
}

/* The practice's word ("patients"); the destination's ("Account records") where it makes several objects of one entity.
 * */
static void say_records(buf *out, const ledger *l, sv destination, const ledger_line *x)
{
    uint64_t n = x->count[COUNT_WRITTEN];
    const model_entity *e = only_one_of_entity(l, destination, x) ? model_entity_named(x->from) : NULL;
    if (!e) {
        add_number(out, n);
        buf_char(out, ' ');
        buf_sv(out, (sv){x->name.p + destination.n + 1, x->name.n - destination.n - 1});
        buf_str(out, n == 1 ? " record" : " records");
        return;
    }
    say_entity(out, n, e);
}

/* What a practice counts by, where there are more kinds of records than a sentence names. */
static const char *const counted_by[] = {"patient",       "clinical_exam", "treatment_plan",
                                         "clinical_note", "appointment",   "document"};

/* The largest of the destination's lines that are made of the entity; NULL: nothing was written of it. */
static const ledger_line *largest_of(const ledger *l, sv destination, const char *entity)
{
    const ledger_line *largest = NULL;
    for (size_t i = next_written(l, destination, 0); i < ledger_lines(l); i = next_written(l, destination, i + 1)) {
        const ledger_line *x = ledger_at(l, i);
        if (sv_eq(x->from, sv_from(entity)) && (!largest || x->count[COUNT_WRITTEN] > largest->count[COUNT_WRITTEN]))
            largest = x;
    }
    return largest;
}

/* "300 patients, 2,170 clinical exams and 25,092 other records". False: none of these was written. */
static bool say_main_kinds(buf *out, const ledger *l, sv destination)
{
    enum { KINDS = sizeof counted_by / sizeof counted_by[0] };
    const ledger_line *line[KINDS];
    size_t n = 0;
    uint64_t all = 0;
    for (size_t i = next_written(l, destination, 0); i < ledger_lines(l); i = next_written(l, destination, i + 1))
        all += ledger_at(l, i)->count[COUNT_WRITTEN];
    for (size_t i = 0; i < KINDS && n + 1 < NAMED_MAX; i++) {
        line[n] = largest_of(l, destination, counted_by[i]);
        if (!line[n]) continue;
        all -= line[n]->count[COUNT_WRITTEN];
        n++;
    }
    for (size_t i = 0; i < n; i++) {
        buf_str(out, between(i, n + 1));
        say_entity(out, line[i]->count[COUNT_WRITTEN], model_entity_named(line[i]->from));
    }
    if (n) buf_str(out, " and ");
    if (n) add_count(out, all, "other record");
    return n > 0;
}

/* "22 patients, 8 providers and 30 appointments"; "0 records" when nothing was written. True when it is one single
 * record. */
static bool say_written(buf *out, const ledger *l, sv destination)
{
    size_t kinds = 0, said = 0;
    uint64_t rest = 0, all = 0;
    for (size_t i = next_written(l, destination, 0); i < ledger_lines(l); i = next_written(l, destination, i + 1))
        kinds++;
    if (kinds > NAMED_MAX && say_main_kinds(out, l, destination)) return false;
    size_t named = kinds <= NAMED_MAX ? kinds : NAMED_MAX - 1;
    for (size_t i = next_written(l, destination, 0); i < ledger_lines(l); i = next_written(l, destination, i + 1)) {
        const ledger_line *x = ledger_at(l, i);
        all += x->count[COUNT_WRITTEN];
        if (said == named) {
            rest += x->count[COUNT_WRITTEN];
            continue;
        }
        buf_str(out, between(said++, kinds > named ? named + 1 : named));
        say_records(out, l, destination, x);
    }
    if (kinds == 0) buf_str(out, "0 records");
    if (kinds > named) {
        buf_str(out, " and ");
        add_count(out, rest, "other record");
    }
    return all == 1;
}

static bool same_for_all(const report_input *in)
{
    buf first = buf_new(WORDS_MAX), other = buf_new(WORDS_MAX);
    bool same = in->destinations > 0;
    if (same) (void)say_written(&first, in->counts, in->destination[0].id);
    for (size_t i = 1; same && i < in->destinations; i++) {
        buf_clear(&other);
        (void)say_written(&other, in->counts, in->destination[i].id);
        same = sv_eq(buf_view(&first), buf_view(&other));
    }
    buf_free(&first);
    buf_free(&other);
    return same;
}

/* One sentence for all destinations where it is true of each, else one for each. */
static json_t *ready(model_maker *m, bool stop)
{
    const report_input *in = m->in;
    json_t *all = json_array();
    bool together = same_for_all(in);
    buf words = buf_new(WORDS_MAX);
    if (!in->destinations) push(m, all, json_string("0 records: no destination was asked for."));
    for (size_t i = 0; i < in->destinations; i++) {
        bool last = !together || i + 1 == in->destinations;
        if (i == 0 || !together) {
            bool single = say_written(&words, in->counts, in->destination[i].id);
            buf_str(&words, single ? (stop ? " was written for " : " is ready for ")
                                   : (stop ? " were written for " : " are ready for "));
        } else
            buf_str(&words, between(i, in->destinations));
        buf_sv(&words, in->destination[i].title);
        if (!last) continue;
        buf_char(&words, '.');
        push(m, all, words.failed ? NULL : json_clean(buf_view(&words)));
        buf_clear(&words);
    }
    buf_free(&words);
    return all;
}

/* ---- what needs a look ---- */

static void say_part(buf *out, uint64_t n, const char *words, bool *any)
{
    if (!n) return;
    buf_str(out, *any ? ", " : "");
    add_number(out, n);
    buf_str(out, words);
    *any = true;
}

static void say_look(buf *out, const totals *t)
{
    uint64_t rows = t->rejected + t->unreadable;
    bool any = false;
    if (rows) {
        add_count(out, rows, "row");
        buf_str(out, rows == 1 ? " needs a look (" : " need a look (");
        say_part(out, t->rejected, " rejected", &any);
        say_part(out, t->unreadable, " unreadable", &any);
        buf_str(out, "). ");
    }
    if (t->held_back) {
        add_count(out, t->held_back, "value");
        buf_str(out, t->held_back == 1 ? " was held back. " : " were held back. ");
    }
    if (t->changed) {
        add_count(out, t->changed, "value");
        buf_str(out, t->changed == 1 ? " was changed" : " were changed");
        buf_str(out, " to a form that the destination takes. ");
    }
    if (!rows && !t->held_back) buf_str(out, "No row was rejected or unreadable, no value was held back. ");
}

static void say_balance(buf *out, uint64_t lines, uint64_t open)
{
    if (!open) {
        buf_str(out, "The counts add up: every row is accounted for.");
        return;
    }
    add_number(out, open);
    buf_str(out, " of ");
    add_count(out, lines, "line");
    buf_str(out, " of the count ");
    buf_str(out, open == 1 ? "does not add up." : "do not add up.");
}

/* ---- what to do next ---- */

static void step(model_maker *m, json_t *all, const char *text) { push(m, all, json_string(text)); }

static json_t *steps_after_failure(model_maker *m, bool open)
{
    json_t *all = json_array();
    step(m, all, "Do not load any of these files.");
    if (open)
        step(m, all,
             m->in->show_values
                 ? "Report it: counts that do not add up are a defect of chartferry, not of your data. Convert again "
                   "without --show-values for a report that may be sent along."
                 : "Report it: counts that do not add up are a defect of chartferry, not of your data. This report "
                   "holds no value of any record and may be sent along.");
    else
        step(m, all, "Read the first findings below: they say what failed and what to do. Then convert again.");
    return all;
}

static json_t *steps_to_load(model_maker *m, const totals *t, bool look)
{
    json_t *all = json_array();
    if (m->in->source.changed_while_backed_up)
        step(m, all,
             "The system was in use while the backup was made. If there is a backup from after hours, convert that "
             "one.");
    if (t->unreadable)
        step(m, all,
             "Rows of the old system could not be read and are in none of the files; the findings name their tables. "
             "Before you load, take a new backup and convert that, or give a good older one with --repair-from.");
    if (t->rejected || t->held_back)
        step(m, all,
             "Decide about what needs a look before you load: rejected rows stand in the folder rejects, values held "
             "back in exceptions.csv, each with its reason. Correct them in the old system or in the template, and "
             "convert again; or load them by hand later.");
    if (t->changed)
        step(m, all,
             "Look through the values that were changed for the destination: exceptions.csv has each as it was, with "
             "the reason.");
    if (look) step(m, all, "Read the findings below, worst first. Each says what it means and what to do.");
    if (t->written) {
        step(m, all,
             "Run \"chartferry verify\" on this folder where you load it from: it tells whether a file has changed.");
        step(m, all,
             "Print the sheet \"Hold it against the old system\", write beside each number what the old system shows, "
             "and have it signed.");
        step(m, all, "Load the files in the order in which they are listed, each when the one before it has ended.");
        step(m, all, "Compare the numbers of the destination with the counts below and with the sheet.");
    } else
        step(m, all, "There is nothing to load. See below which tables were read and which were left behind.");
    if (m->in->lefts)
        step(m, all, "Keep the rejects and exceptions.csv in the practice: they hold values of patients.");
    return all;
}

json_t *model_verdict(model_maker *m, uint64_t open)
{
    const report_input *in = m->in;
    totals t = totals_of(in->counts);
    bool stop = open || findings_at_least(in->found, SEV_FATAL);
    bool look = t.rejected || t.unreadable || t.held_back || findings_at_least(in->found, SEV_LOSS);
    buf words = buf_new(WORDS_MAX);
    say_look(&words, &t);
    say_balance(&words, ledger_lines(in->counts), open);
    const char *state = stop ? "stop" : t.unreadable ? "lost" : look ? "look" : t.written ? "ready" : "empty";
    json_t *o = json_object();
    put(m, o, "state", json_string(state));
    put(m, o, "ready", ready(m, stop));
    put_text(m, o, "count", buf_view(&words));
    put(m, o, "next", stop ? steps_after_failure(m, open > 0) : steps_to_load(m, &t, look));
    put_number(m, o, "written", t.written);
    put_number(m, o, "merged", t.merged);
    put_number(m, o, "skipped", t.skipped);
    put_number(m, o, "rejected", t.rejected);
    put_number(m, o, "unreadable", t.unreadable);
    put_number(m, o, "held_back", t.held_back);
    put_number(m, o, "changed", t.changed);
    if (words.failed) m->failed = true;
    buf_free(&words);
    return o;
}
