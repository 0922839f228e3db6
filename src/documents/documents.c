/* The way of a document: read and made ready (document_read), then given to each destination, told in its lists and its ledger
 * line. */
#include "documents/documents.h"
#include "base/platform.h"
#include "documents/document_hand.h"
#include "documents/document_read.h"
#include "documents/file_name.h"
#include "documents/file_sink.h"
#include <stdio.h>
#include <stdlib.h>

#define MADE_ENDING "_pdf"

enum { DESTINATIONS_MAX = 16, TEXT_BYTES_MAX = 1 << 20 };

typedef struct taker {
    file_sink *sink, *trial; /* trial: of the documents of its patients, once more; NULL: none yet */
    sv id;
    document_file *all; /* of both, when they are finished */
    size_t files;
    size_t line, made;   /* in the ledger */
    sv list;             /* of rejects */
    object_state *state; /* NULL: none is kept */
    audit_part *audit, *audit_made;
    uint64_t same, same_made; /* loaded before, and unchanged */
} taker;

struct documents {
    documents_run run;
    taker taker[DESTINATIONS_MAX];
    size_t takers;
    document_reading reading;
    document_hand *hand;
    /* Of the thread that gives: the one at hand, and its texts. */
    waiting *now;
    arena *one;
};

static status no_memory(const documents *x)
{
    find_code(x->run.found, F_OUT_OF_MEMORY, "writing documents");
    return ST_FATAL;
}

static void tell(const documents *x, finding_code code, sv table, sv a, sv b)
{
    finding f = FINDING_OF(code);
    f.table = table;
    f.a = a;
    f.b = b;
    find_add(x->run.found, &f);
}

/* In the audit list; made: of a file that was made of the document. */
static status note(const taker *t, const staged *d, audit_outcome outcome, bool made, sv code)
{
    const audit_line l = {.outcome = outcome,
                          .records = 1,
                          .table = d->src_table,
                          .src_key = d->src_key,
                          .key = d->source_key,
                          .code = code};
    return audit_add(made ? t->audit_made : t->audit, &l);
}

/* ---- left out ---- */

static status list_reject(const documents *x, const taker *t, const staged *d, finding_code code)
{
    static const sv heading[] = {{"source_key", 10}, {"src_table", 9}, {"src_key", 7},
                                 {"patient", 7},     {"file_name", 9}, {"source_path", 11}};
    const sv cell[] = {d->source_key, d->src_table, d->src_key, d->patient, d->file_name, d->source_path};
    const finding_text *text = finding_text_of(code);
    ledger_add(x->run.counts, t->line, COUNT_MAPPED, 1);
    ledger_add(x->run.counts, t->line, COUNT_REJECTED, 1);
    if (note(t, d, AUDIT_REJECTED, false, sv_from(text->id)) != ST_OK) return ST_FATAL;
    return rejects_row(x->run.out, t->list, heading, cell, 6, sv_from(text->id), sv_from(text->title));
}

static finding_code code_of(content_end e)
{
    switch (e) {
    case CONTENT_LOST: return F_DOC_LOST;
    case CONTENT_BROKEN: return F_DOC_BROKEN;
    case CONTENT_MISSING: return F_DOC_MISSING;
    case CONTENT_HOSTILE: return F_DOC_HOSTILE;
    default: return F_DOC_EMPTY;
    }
}

/* Of what is made of a document, the key that the state has it by. */
static sv made_key(const documents *x, const staged *d)
{
    return arena_printf(x->one, "%.*s" MADE_ENDING, (int)d->source_key.n, d->source_key.p);
}

/* Not written now: where it is loaded, it stays. */
static status keep_loaded(const documents *x, const taker *t, const staged *d)
{
    sv made = made_key(x, d);
    if (!t->state) return ST_OK;
    if (!made.p) return no_memory(x);
    status s = object_state_keep(t->state, d->source_key);
    return s == ST_OK ? object_state_keep(t->state, made) : s;
}

/* Without a destination that takes files nobody misses the file. */
static status leave_out(const documents *x, const staged *d, content_end e)
{
    finding_code code = code_of(e);
    status s = ST_OK;
    if (x->takers) tell(x, code, d->src_table, (sv){NULL, 0}, (sv){NULL, 0});
    for (size_t i = 0; s == ST_OK && i < x->takers; i++) s = list_reject(x, &x->taker[i], d, code);
    for (size_t i = 0; s == ST_OK && i < x->takers; i++) s = keep_loaded(x, &x->taker[i], d);
    return s;
}

/* ---- given to the destinations ---- */

static sv number(const documents *x, uint64_t n) { return arena_printf(x->one, "%llu", (unsigned long long)n); }

static file_told told_of(const documents *x, const staged *d, const spooled *s, sv kind, sv name)
{
    file_told t = {.fact = {{NULL, 0}}};
    t.fact[FACT_DOCUMENT] = d->source_key;
    t.fact[FACT_PATIENT] = d->patient;
    t.fact[FACT_EXAM] = d->exam;
    t.fact[FACT_KIND] = kind;
    t.fact[FACT_CATEGORY] = d->is_letter && d->letter_type.n ? d->letter_type : d->category;
    t.fact[FACT_CAPTURED] = d->is_letter && d->letter_date.n ? d->letter_date : d->captured;
    t.fact[FACT_NAME] = name;
    t.fact[FACT_BYTES] = number(x, s->bytes);
    t.fact[FACT_TYPE] = s->type->mime ? sv_from(s->type->mime)
                        : d->mime.n   ? d->mime
                                      : SV_LIT("application/octet-stream");
    t.fact[FACT_SHA256] = sv_from(s->sha256);
    return t;
}

/* What is loaded already, with the same content and the same facts. */
static status compare_loaded(const documents *x, const taker *t, const staged *d, const file_told *told, bool counted,
                             state_word *word)
{
    *word = STATE_NEW;
    if (!t->state) return ST_OK;
    buf facts = buf_new(TEXT_BYTES_MAX);
    for (size_t i = 0; i < sizeof told->fact / sizeof told->fact[0]; i++) {
        buf_sv(&facts, told->fact[i]);
        buf_char(&facts, '\0');
    }
    sv key = counted ? d->source_key : made_key(x, d);
    status s =
        facts.failed || !key.p ? no_memory(x) : object_state_compare(t->state, key, buf_view(&facts), NULL, word);
    buf_free(&facts);
    return s;
}

static status put_loaded(const documents *x, const taker *t, const staged *d, bool counted)
{
    return t->state ? object_state_put(t->state, counted ? d->source_key : made_key(x, d)) : ST_OK;
}

/* A copy for the trial, in its folder: it is no record of the load, and nothing of it is counted. */
static status give_trial(const documents *x, taker *t, const spooled *s, sv file, const file_told *told, bool counted)
{
    if (!x->now->in_trial) return ST_OK;
    if (!t->trial) {
        const char *why = "out of memory";
        sv id = arena_printf(x->run.mem, "%.*s/" TRIAL_FOLDER, (int)t->id.n, t->id.p);
        sv full = arena_printf(x->run.mem, "%s/%.*s", x->run.folder ? x->run.folder : "", (int)id.n, id.p);
        bool made = !x->run.folder || (full.p && (os_exists(full.p) || os_make_folder(full.p, &why)));
        if (!made) {
            find_at(x->run.found, F_OUT_CREATE_FAILED, id, sv_from(why));
            return ST_FATAL;
        }
        t->trial = id.p ? file_sink_new(id, file_sink_rules(t->sink), x->run.folder, x->run.mem, x->run.found) : NULL;
        if (!t->trial) return no_memory(x);
    }
    file_told copy = *told;
    return file_sink_take(t->trial, x->now->spool, s, file, &copy, counted) == SINK_FAILED ? ST_FATAL : ST_OK;
}

static status give_one(const documents *x, taker *t, const staged *d, const spooled *s, sv file, file_told *told,
                       bool counted)
{
    size_t line = counted ? t->line : t->made;
    sv label = file_sink_label(t->sink, counted);
    state_word word;
    if (compare_loaded(x, t, d, told, counted, &word) != ST_OK) return ST_FATAL;
    if (word == STATE_SAME) {
        ledger_add(x->run.counts, line, COUNT_MAPPED, 1);
        ledger_add(x->run.counts, line, COUNT_SKIPPED, 1);
        *(counted ? &t->same : &t->same_made) += 1;
        return put_loaded(x, t, d, counted);
    }
    switch (file_sink_take(t->sink, x->now->spool, s, file, told, counted)) {
    case SINK_FAILED: return ST_FATAL;
    case SINK_FORBIDDEN:
        tell(x, F_DOC_FORBIDDEN, label, told->fact[FACT_TYPE], (sv){NULL, 0});
        if (counted) return list_reject(x, t, d, F_DOC_FORBIDDEN);
        return ST_OK;
    case SINK_BY_HAND: tell(x, F_DOC_BY_HAND, label, (sv){NULL, 0}, (sv){NULL, 0}); break;
    case SINK_WRITTEN: break;
    }
    ledger_add(x->run.counts, line, COUNT_MAPPED, 1);
    ledger_add(x->run.counts, line, COUNT_WRITTEN, 1);
    status st = note(t, d, word == STATE_CHANGED ? AUDIT_UPDATED : AUDIT_WRITTEN, !counted, (sv){NULL, 0});
    if (st == ST_OK) st = give_trial(x, t, s, file, told, counted);
    return st == ST_OK ? put_loaded(x, t, d, counted) : st;
}

/* A name for people from what the practice calls it. */
static sv people_name(const documents *x, sv name, sv extension, sv file)
{
    buf b = buf_new(TEXT_BYTES_MAX);
    sv made = file;
    if (name.n) {
        file_name_for_people(name, extension, &b);
        if (!b.failed) made = arena_sv(x->one, buf_view(&b));
    }
    buf_free(&b);
    return made;
}

/* ---- letters as PDF ---- */

/* The spool holds the PDF from here on. */
static status give_pdf(documents *x, const staged *d, sv pdf, sv kind)
{
    spooled s;
    sv file = arena_printf(x->one, "%.*s.pdf", (int)d->source_key.n, d->source_key.p);
    if (!file.p || !spool_put(x->now->spool, pdf, &s)) return no_memory(x);
    sv name = people_name(x, d->file_name, SV_LIT("pdf"), file);
    status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < x->takers; i++) {
        if (!file_sink_rules(x->taker[i].sink)->letters_pdf) continue;
        file_told told = told_of(x, d, &s, kind, name);
        told.fact[FACT_PDF_OF] = d->source_key;
        st = give_one(x, &x->taker[i], d, &s, file, &told, false);
    }
    return st;
}

static status give_letter(documents *x, waiting *w)
{
    if (w->letter == LETTER_NONE) return ST_OK;
    if (w->letter == LETTER_FAILED) {
        tell(x, F_DOC_NO_PDF, w->d.src_table, (sv){NULL, 0}, (sv){NULL, 0});
        return ST_OK;
    }
    if (w->told.left_out) tell(x, F_DOC_PDF_LESS, w->d.src_table, (sv){NULL, 0}, (sv){NULL, 0});
    return give_pdf(x, &w->d, buf_view(&w->pdf), w->is_template ? SV_LIT("letter template") : SV_LIT("letter as PDF"));
}

/* ---- one document ---- */

static status give_all(documents *x, const waiting *w)
{
    const staged *d = &w->d;
    if (w->differs)
        tell(x, F_DOC_TYPE_DIFFERS, d->src_table, w->extension,
             w->type.mime ? sv_from(w->type.mime) : SV_LIT("of a kind that is not known here"));
    sv name = people_name(x, d->file_name, w->extension, w->file);
    spooled given = w->content;
    given.type = &w->type;
    status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < x->takers; i++) {
        file_told told = told_of(x, d, &given, d->is_letter ? SV_LIT("letter") : SV_LIT("document"), name);
        st = give_one(x, &x->taker[i], d, &given, w->file, &told, true);
    }
    return st;
}

static status skip(const documents *x, const staged *d)
{
    sv why = scope_is_sample(x->run.scope) ? SV_LIT(AUDIT_NO_SAMPLE) : SV_LIT(AUDIT_OUT_OF_SCOPE);
    for (size_t i = 0; i < x->takers; i++) {
        ledger_add(x->run.counts, x->taker[i].line, COUNT_MAPPED, 1);
        ledger_add(x->run.counts, x->taker[i].line, COUNT_SKIPPED, 1);
        if (note(&x->taker[i], d, AUDIT_SKIPPED, false, why) != ST_OK) return ST_FATAL;
        if (keep_loaded(x, &x->taker[i], d) != ST_OK) return ST_FATAL;
    }
    return ST_OK;
}

static void turn_to(documents *x, waiting *w)
{
    x->now = w;
    x->one = w->one;
}

static status give(void *ctx, waiting *w)
{
    documents *x = ctx;
    turn_to(x, w);
    if (w->left_out) return skip(x, &w->d);
    if (!w->is_template && w->end != CONTENT_WHOLE) return leave_out(x, &w->d, w->end);
    status s = w->is_template ? ST_OK : give_all(x, w);
    return s == ST_OK ? give_letter(x, w) : s;
}

/* ---- the whole ---- */

documents *documents_new(const documents_run *run)
{
    documents *x = calloc(1, sizeof *x);
    if (x) {
        x->run = *run;
        x->reading = (document_reading){.work = {.db = run->work, .found = run->found, .system = run->system},
                                        .content = content_reader_new(run->source, run->files_folder),
                                        .scope = run->scope,
                                        .found = run->found,
                                        .folder = run->folder};
        x->hand = document_hand_new(run->folder, document_ready, give, x);
        if (x->hand && x->reading.content) return x;
    }
    find_code(run->found, F_OUT_OF_MEMORY, "writing documents");
    documents_free(x);
    return NULL;
}

static bool open_state(documents *x, taker *t, const file_rules *rules, bool more, load_state *state)
{
    if (!state) return true;
    sv list = arena_printf(x->run.mem, "%.*s.csv", (int)rules->name.n, rules->name.p);
    if (!list.p) return no_memory(x) == ST_OK;
    const state_object what = {.name = rules->name, .list = list, .key = SV_LIT("document")};
    t->state = object_state_open(state, &what);
    if (!t->state) return false;
    object_state_audit(t->state, t->audit);
    if (more) return true;
    /* Charts that an earlier run drew: this one was not asked for any. */
    const model_entity *exam = model_entity_named(SV_LIT("clinical_exam"));
    sv begin = arena_printf(x->run.mem, "%.*s-%s-", (int)x->run.system.n, x->run.system.p, exam->letters);
    if (!begin.p) return no_memory(x) == ST_OK;
    object_state_keeps(t->state, begin, SV_LIT(MADE_ENDING));
    return true;
}

static bool begin_audit(const documents *x, taker *t)
{
    audit *a = x->run.audit;
    if (!a) return true;
    t->audit = audit_part_of(a, LEDGER_OBJECT, file_sink_label(t->sink, true), SV_LIT("document"));
    t->audit_made =
        t->made == t->line ? t->audit : audit_part_of(a, LEDGER_OBJECT, file_sink_label(t->sink, false), (sv){NULL, 0});
    return t->audit && t->audit_made;
}

static status note_same(const taker *t)
{
    const audit_line one = {.outcome = AUDIT_UNCHANGED, .records = t->same},
                     made = {.outcome = AUDIT_UNCHANGED, .records = t->same_made};
    status s = t->same ? audit_add(t->audit, &one) : ST_OK;
    return s == ST_OK && t->same_made ? audit_add(t->audit_made, &made) : s;
}

bool documents_add(documents *x, sv id, const file_rules *rules, bool more, load_state *state)
{
    taker *t = &x->taker[x->takers];
    if (x->takers == DESTINATIONS_MAX) return no_memory(x) == ST_OK;
    t->id = id;
    t->sink = file_sink_new(id, rules, x->run.folder, x->run.mem, x->run.found);
    t->list = arena_printf(x->run.mem, "%.*s_%.*s", (int)id.n, id.p, (int)rules->name.n, rules->name.p);
    if (!t->sink || !t->list.p) return no_memory(x) == ST_OK;
    t->line = ledger_line_of(x->run.counts, LEDGER_OBJECT, file_sink_label(t->sink, true), SV_LIT("document"));
    t->made = rules->letters_pdf || more
                  ? ledger_line_of(x->run.counts, LEDGER_OBJECT, file_sink_label(t->sink, false), (sv){NULL, 0})
                  : t->line;
    if (t->line == SIZE_MAX || t->made == SIZE_MAX) return no_memory(x) == ST_OK;
    x->takers++;
    document_hand_start(x->hand); /* who only notes what documents are has nothing to give */
    x->reading.wanted = true;
    x->reading.letters |= rules->letters_pdf;
    x->reading.archives |= x->run.folder && rules->as != FILES_FOLDER;
    return begin_audit(x, t) && open_state(x, t, rules, more, state);
}

status documents_take(documents *x, const model_entity *e, sv src_key, const content_place *p)
{
    if (x->run.cancelled && x->run.cancelled(x->run.ctx)) return ST_END;
    if (!staged_open(&x->reading.work)) return ST_FATAL;
    status s = src_key.n ? staged_see(&x->reading.work, e, src_key) : ST_END;
    if (s != ST_OK) return s == ST_END ? ST_OK : s;
    waiting *w = document_hand_next(x->hand);
    s = strcmp(e->name, "document") == 0 ? document_read(&x->reading, src_key, p, w)
                                         : document_read_template(&x->reading, src_key, p, w);
    if (s != ST_OK) return s == ST_END ? ST_OK : s;
    return document_hand_over(x->hand);
}

/* By the caller itself, when nothing waits. */
status documents_made(documents *x, const made_file *m, sv content, const bool *wanted)
{
    const staged d = {
        .source_key = m->key, .patient = m->patient, .exam = m->exam, .category = m->category, .captured = m->captured};
    spooled s;
    if (document_hand_wait(x->hand) != ST_OK) return ST_FATAL;
    turn_to(x, document_hand_next(x->hand));
    sv file = arena_printf(x->one, "%.*s.%.*s", (int)m->key.n, m->key.p, (int)m->extension.n, m->extension.p);
    if (!file.p || !spool_put(x->now->spool, content, &s)) return no_memory(x);
    status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < x->takers; i++) {
        file_told told = told_of(x, &d, &s, m->kind, file);
        if (wanted[i]) st = give_one(x, &x->taker[i], &d, &s, file, &told, false);
    }
    return st;
}

static status take_nothing(void *ctx, const model_entity *e, sv src_key)
{
    const content_place nothing = {.kind = CONTENT_NONE};
    return documents_take(ctx, e, src_key, &nothing);
}

static status finish_taker(const documents *x, taker *t)
{
    size_t n = 0, trial = 0;
    if (!file_sink_finish(t->sink) || (t->trial && !file_sink_finish(t->trial))) return ST_FATAL;
    const document_file *one = file_sink_files(t->sink, &n),
                        *more = t->trial ? file_sink_files(t->trial, &trial) : NULL;
    t->all = arena_array(x->run.mem, n + trial + 1, sizeof *t->all);
    if (!t->all) return no_memory(x);
    for (size_t i = 0; i < n; i++) t->all[t->files++] = one[i];
    for (size_t i = 0; i < trial; i++) {
        t->all[t->files] = more[i];
        t->all[t->files++].object = (sv){NULL, 0};
    }
    return ST_OK;
}

status documents_finish(documents *x)
{
    staged_work *work = &x->reading.work;
    status s = staged_open(work) ? staged_unseen(work, "document", take_nothing, x) : ST_FATAL;
    if (s == ST_OK) s = staged_unseen(work, "letter_template", take_nothing, x);
    staged_close(work);
    if (s == ST_OK) s = document_hand_wait(x->hand);
    for (size_t i = 0; s == ST_OK && i < x->takers; i++) {
        s = finish_taker(x, &x->taker[i]);
        object_state *state = x->taker[i].state;
        x->taker[i].state = NULL;
        if (state && s == ST_OK)
            s = object_state_close(state);
        else
            object_state_abandon(state);
        if (s == ST_OK) s = note_same(&x->taker[i]);
    }
    if (s == ST_OK) s = staged_end(work);
    return s;
}

const document_file *documents_files(const documents *x, size_t destination, size_t *n)
{
    *n = destination < x->takers ? x->taker[destination].files : 0;
    return destination < x->takers ? x->taker[destination].all : NULL;
}

void documents_free(documents *x)
{
    if (!x) return;
    document_hand_free(x->hand);
    staged_close(&x->reading.work);
    for (size_t i = 0; i <= x->takers && i < DESTINATIONS_MAX; i++) {
        file_sink_free(x->taker[i].sink);
        object_state_abandon(x->taker[i].state);
        file_sink_free(x->taker[i].trial);
    }
    content_reader_free(x->reading.content);
    free(x);
}
