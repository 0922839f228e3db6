/* The way of a document: found among the staged ones, read into the spool, given to each destination, told in its lists
 * and its ledger line. */
#include "documents/documents.h"
#include "base/limits.h"
#include "base/platform.h"
#include "documents/file_name.h"
#include "documents/file_sink.h"
#include "documents/letter_pdf.h"
#include "documents/merge_fields.h"
#include "documents/staged.h"
#include <stdio.h>
#include <stdlib.h>

#define MADE_ENDING "_pdf"

enum { DESTINATIONS_MAX = 16, TEXT_BYTES_MAX = 1 << 20, PDF_BYTES_MAX = 64 << 20 };

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
    spool *spool;
    content_reader *reader;
    arena *one; /* of the document at hand */
    staged_work work;
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
static status give_trial(const documents *x, taker *t, const staged *d, const spooled *s, sv file,
                         const file_told *told, bool counted)
{
    record_scope *scope = x->run.scope;
    if (!scope || !d->patient.n || !scope_in_trial(scope, model_entity_named(SV_LIT("document")), d->src_key))
        return scope && scope_failed(scope) ? ST_FATAL : ST_OK;
    if (!t->trial) {
        const char *why = "out of memory";
        sv id = arena_printf(x->run.mem, "%.*s/" TRIAL_FOLDER, (int)t->id.n, t->id.p);
        sv full = arena_printf(x->run.mem, "%s/%.*s", x->run.folder ? x->run.folder : "", (int)id.n, id.p);
        bool made = !x->run.folder || (full.p && (os_exists(full.p) || os_make_folder(full.p, &why)));
        if (!made) {
            finding f = FINDING_OF(F_OUT_CREATE_FAILED);
            f.path = id;
            f.a = sv_from(why);
            find_add(x->run.found, &f);
            return ST_FATAL;
        }
        t->trial = id.p ? file_sink_new(id, file_sink_rules(t->sink), x->run.folder, x->run.mem, x->run.found) : NULL;
        if (!t->trial) return no_memory(x);
    }
    file_told copy = *told;
    return file_sink_take(t->trial, x->spool, s, file, &copy, counted) == SINK_FAILED ? ST_FATAL : ST_OK;
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
    switch (file_sink_take(t->sink, x->spool, s, file, told, counted)) {
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
    if (st == ST_OK) st = give_trial(x, t, d, s, file, told, counted);
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

static bool wants_pdf(const documents *x)
{
    for (size_t i = 0; i < x->takers; i++)
        if (file_sink_rules(x->taker[i].sink)->letters_pdf) return true;
    return false;
}

/* The spool holds the PDF from here on. */
static status give_pdf(documents *x, const staged *d, sv pdf, sv kind)
{
    spooled s;
    sv file = arena_printf(x->one, "%.*s.pdf", (int)d->source_key.n, d->source_key.p);
    if (!file.p || !spool_put(x->spool, pdf, &s)) return no_memory(x);
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

static status make_pdf(documents *x, const staged *d, const letter_facts *facts, sv body, sv kind)
{
    buf pdf = buf_new(PDF_BYTES_MAX);
    letter_told told = {false, false, 0};
    status s = ST_OK;
    if (!letter_pdf(facts, body, &pdf, &told)) {
        tell(x, F_DOC_NO_PDF, d->src_table, (sv){NULL, 0}, (sv){NULL, 0});
    } else {
        if (told.left_out) tell(x, F_DOC_PDF_LESS, d->src_table, (sv){NULL, 0}, (sv){NULL, 0});
        s = give_pdf(x, d, buf_view(&pdf), kind);
    }
    buf_free(&pdf);
    return s;
}

static status letter_of(documents *x, const staged *d, const spooled *s)
{
    sv body = spool_view(x->spool);
    if (!d->is_letter || !wants_pdf(x) || !s->type->mime) return ST_OK;
    static const char *const read[] = {"application/rtf", "text/html", "text/plain"};
    size_t i = 0;
    while (i < sizeof read / sizeof read[0] && strcmp(s->type->mime, read[i]) != 0) i++;
    if (i == sizeof read / sizeof read[0]) return ST_OK;
    if (!body.p || body.n > LETTER_BYTES_MAX) {
        tell(x, F_DOC_NO_PDF, d->src_table, (sv){NULL, 0}, (sv){NULL, 0});
        return ST_OK;
    }
    const letter_facts facts = {.title = d->letter_type, .date = d->letter_date, .key = d->source_key};
    return make_pdf(x, d, &facts, body, SV_LIT("letter as PDF"));
}

/* ---- one document ---- */

static status give_all(documents *x, const staged *d, const spooled *s)
{
    char room[FILE_EXTENSION_MAX];
    bool differs, executable;
    sv claimed = file_extension(d->file_name.n ? d->file_name : d->source_path);
    sv extension = file_extension_for(s->type, claimed, room, &differs, &executable);
    sv file = arena_printf(x->one, "%.*s.%.*s", (int)d->source_key.n, d->source_key.p, (int)extension.n, extension.p);
    if (!file.p) return no_memory(x);
    if (differs)
        tell(x, F_DOC_TYPE_DIFFERS, d->src_table, extension,
             s->type->mime ? sv_from(s->type->mime) : SV_LIT("of a kind that is not known here"));
    sv name = people_name(x, d->file_name, extension, file);
    status st = staged_note(&x->work, d, s, file);
    content_type program = *s->type;
    program.executable = executable;
    spooled given = *s;
    given.type = &program;
    for (size_t i = 0; st == ST_OK && i < x->takers; i++) {
        file_told told = told_of(x, d, &given, d->is_letter ? SV_LIT("letter") : SV_LIT("document"), name);
        st = give_one(x, &x->taker[i], d, &given, file, &told, true);
    }
    return st == ST_OK ? letter_of(x, d, s) : st;
}

/* What the run is not about: nothing of it may lie in a bundle, content least of all. */
static bool left_out(documents *x, sv entity, sv src_key)
{
    const model_entity *e = model_entity_named(entity);
    return x->run.scope && (scope_leaves_entity(x->run.scope, e) || scope_leaves_out(x->run.scope, e, src_key));
}

/* Into the spool; false, with a finding, when that cannot be written. */
static bool spool_content(const documents *x, const content_place *place, spooled *s, content_end *e)
{
    const char *why;
    *e = spool_take(x->spool, x->reader, place, s, &why);
    if (!why) return true;
    finding f = FINDING_OF(F_OUT_WRITE_FAILED);
    f.path = sv_from(x->run.folder);
    f.a = sv_from(why);
    find_add(x->run.found, &f);
    return false;
}

static status take_document(documents *x, sv src_key, const content_place *given)
{
    staged d;
    spooled s;
    content_end e;
    content_place place = *given;
    status st = staged_find(&x->work, src_key, &d);
    if (st != ST_OK) return st == ST_END ? ST_OK : st;
    if (left_out(x, SV_LIT("document"), src_key)) {
        sv why = scope_is_sample(x->run.scope) ? SV_LIT(AUDIT_NO_SAMPLE) : SV_LIT(AUDIT_OUT_OF_SCOPE);
        for (size_t i = 0; i < x->takers; i++) {
            ledger_add(x->run.counts, x->taker[i].line, COUNT_MAPPED, 1);
            ledger_add(x->run.counts, x->taker[i].line, COUNT_SKIPPED, 1);
            if (note(&x->taker[i], &d, AUDIT_SKIPPED, false, why) != ST_OK) return ST_FATAL;
            if (keep_loaded(x, &x->taker[i], &d) != ST_OK) return ST_FATAL;
        }
        return scope_failed(x->run.scope) ? ST_FATAL : ST_OK;
    }
    place.path = x->takers ? d.source_path : (sv){NULL, 0};
    if (!spool_content(x, &place, &s, &e)) return ST_FATAL;
    return e == CONTENT_WHOLE ? give_all(x, &d, &s) : leave_out(x, &d, e);
}

/* ---- letter templates: reference documents ---- */

static status take_template(documents *x, sv src_key, const content_place *place)
{
    staged d;
    letter_facts facts;
    spooled s;
    content_end e;
    status st = staged_template(&x->work, src_key, &d, &facts);
    if (st != ST_OK) return st == ST_END ? ST_OK : st;
    if (left_out(x, SV_LIT("letter_template"), src_key)) return ST_OK;
    if (!spool_content(x, place, &s, &e)) return ST_FATAL;
    sv body = e == CONTENT_WHOLE ? spool_view(x->spool) : (sv){NULL, 0};
    if (!body.p || body.n > LETTER_BYTES_MAX) body = (sv){"", 0};
    if (!facts.merge_fields.n) {
        /* Where the source keeps no list of them, what the template itself says. */
        buf names = buf_new(TEXT_BYTES_MAX);
        merge_fields_of(body, &names);
        facts.merge_fields = arena_sv(x->one, buf_view(&names));
        if (names.n) st = staged_note_fields(&x->work, &d, facts.merge_fields);
        buf_free(&names);
    }
    return st == ST_OK && wants_pdf(x) ? make_pdf(x, &d, &facts, body, SV_LIT("letter template")) : st;
}

/* ---- the whole ---- */

documents *documents_new(const documents_run *run)
{
    documents *x = calloc(1, sizeof *x);
    if (x) {
        x->run = *run;
        x->spool = spool_new(run->folder);
        x->reader = content_reader_new(run->source, run->files_folder);
        x->one = arena_new(0);
        x->work = (staged_work){.db = run->work, .found = run->found, .system = run->system, .one = x->one};
        if (x->spool && x->reader && x->one) return x;
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
    return begin_audit(x, t) && open_state(x, t, rules, more, state);
}

status documents_take(documents *x, const model_entity *e, sv src_key, const content_place *p)
{
    if (x->run.cancelled && x->run.cancelled(x->run.ctx)) return ST_END;
    if (!staged_open(&x->work)) return ST_FATAL;
    status s = src_key.n ? staged_see(&x->work, e, src_key) : ST_END;
    if (s != ST_OK) return s == ST_END ? ST_OK : s;
    arena_reset(x->one);
    return strcmp(e->name, "document") == 0 ? take_document(x, src_key, p) : take_template(x, src_key, p);
}

status documents_made(documents *x, const made_file *m, sv content, const bool *wanted)
{
    const staged d = {
        .source_key = m->key, .patient = m->patient, .exam = m->exam, .category = m->category, .captured = m->captured};
    spooled s;
    arena_reset(x->one);
    sv file = arena_printf(x->one, "%.*s.%.*s", (int)m->key.n, m->key.p, (int)m->extension.n, m->extension.p);
    if (!file.p || !spool_put(x->spool, content, &s)) return no_memory(x);
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
    status s = staged_open(&x->work) ? staged_unseen(&x->work, "document", take_nothing, x) : ST_FATAL;
    if (s == ST_OK) s = staged_unseen(&x->work, "letter_template", take_nothing, x);
    staged_close(&x->work);
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
    if (s == ST_OK) s = staged_end(&x->work);
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
    staged_close(&x->work);
    for (size_t i = 0; i <= x->takers && i < DESTINATIONS_MAX; i++) {
        file_sink_free(x->taker[i].sink);
        object_state_abandon(x->taker[i].state);
        file_sink_free(x->taker[i].trial);
    }
    spool_free(x->spool);
    content_reader_free(x->reader);
    arena_free(x->one);
    free(x);
}
