#include "documents/document_read.h"
#include "base/limits.h"
#include "documents/file_name.h"
#include "documents/merge_fields.h"

enum { TEXT_BYTES_MAX = 1 << 20 };

static status no_memory(const document_reading *r)
{
    find_code(r->found, F_OUT_OF_MEMORY, "reading documents");
    return ST_FATAL;
}

/* What the run is not about: nothing of it may lie in a bundle, content least of all. */
static bool left_out(const document_reading *r, const char *entity, sv src_key)
{
    const model_entity *e = model_entity_named(sv_from(entity));
    return r->scope && (scope_leaves_entity(r->scope, e) || scope_leaves_out(r->scope, e, src_key));
}

/* Into the spool; false, with a finding, when that cannot be written. */
static bool spool_content(const document_reading *r, const content_place *place, waiting *w)
{
    const char *why;
    w->end = spool_take(w->spool, r->content, place, &w->content, &why);
    if (!why) return true;
    return find_at(r->found, F_OUT_WRITE_FAILED, sv_from(r->folder), sv_from(why));
}

/* ---- letters ---- */

static void make_pdf(const letter_facts *facts, sv body, waiting *w)
{
    w->letter = letter_pdf(facts, body, &w->pdf, &w->told) ? LETTER_MADE : LETTER_FAILED;
}

static bool is_letter_of_text(const waiting *w)
{
    static const char *const read[] = {"application/rtf", "text/html", "text/plain"};
    const char *mime = w->content.type->mime;
    size_t i = 0;
    if (!w->d.is_letter || !mime) return false;
    while (i < sizeof read / sizeof read[0] && strcmp(mime, read[i]) != 0) i++;
    return i < sizeof read / sizeof read[0];
}

static void make_letter(waiting *w)
{
    const letter_facts facts = {.title = w->d.letter_type, .date = w->d.letter_date, .key = w->d.source_key};
    sv body = spool_view(w->spool);
    if (!body.p || body.n > LETTER_BYTES_MAX)
        w->letter = LETTER_FAILED;
    else
        make_pdf(&facts, body, w);
}

void document_ready(waiting *w)
{
    if (w->is_set) make_letter(w);
    if (w->is_packed) (void)spool_packs(w->spool, &w->content);
}

/* ---- documents ---- */

/* What the file is called, by what it is. */
static bool name_file(waiting *w)
{
    char room[FILE_EXTENSION_MAX];
    bool executable;
    sv claimed = file_extension(w->d.file_name.n ? w->d.file_name : w->d.source_path), *key = &w->d.source_key;
    w->extension = arena_sv(w->one, file_extension_for(w->content.type, claimed, room, &w->differs, &executable));
    w->file = arena_printf(w->one, "%.*s.%.*s", (int)key->n, key->p, (int)w->extension.n,
                           w->extension.p ? w->extension.p : "");
    w->type = *w->content.type;
    w->type.executable = executable;
    return w->extension.p && w->file.p;
}

/* Whether it goes to the trial too. False: the scope could not be asked. */
static bool ask_trial(const document_reading *r, waiting *w)
{
    if (!r->scope || !r->wanted || !w->d.patient.n) return true;
    w->in_trial = scope_in_trial(r->scope, model_entity_named(SV_LIT("document")), w->d.src_key);
    return !scope_failed(r->scope);
}

status document_read(document_reading *r, sv src_key, const content_place *given, waiting *w)
{
    content_place place = *given;
    r->work.one = w->one;
    status s = staged_find(&r->work, src_key, &w->d);
    if (s != ST_OK) return s;
    w->left_out = left_out(r, "document", src_key);
    if (w->left_out) return scope_failed(r->scope) ? ST_FATAL : ST_OK;
    place.path = r->wanted ? w->d.source_path : (sv){NULL, 0};
    if (!spool_content(r, &place, w)) return ST_FATAL;
    if (w->end != CONTENT_WHOLE) return ST_OK;
    if (!name_file(w)) return no_memory(r);
    s = staged_note(&r->work, &w->d, &w->content, w->file);
    if (s != ST_OK || !ask_trial(r, w)) return ST_FATAL;
    w->is_set = r->letters && is_letter_of_text(w);
    w->is_packed = r->archives;
    return ST_OK;
}

/* ---- letter templates: reference documents ---- */

status document_read_template(document_reading *r, sv src_key, const content_place *place, waiting *w)
{
    letter_facts facts;
    w->is_template = true;
    r->work.one = w->one;
    status s = staged_template(&r->work, src_key, &w->d, &facts);
    if (s != ST_OK) return s;
    if (left_out(r, "letter_template", src_key)) return ST_END;
    if (!spool_content(r, place, w)) return ST_FATAL;
    sv body = w->end == CONTENT_WHOLE ? spool_view(w->spool) : (sv){NULL, 0};
    if (!body.p || body.n > LETTER_BYTES_MAX) body = (sv){"", 0};
    if (!facts.merge_fields.n) {
        /* Where the source keeps no list of them, what the template itself says. */
        buf names = buf_new(TEXT_BYTES_MAX);
        merge_fields_of(body, &names);
        facts.merge_fields = arena_sv(w->one, buf_view(&names));
        if (names.n) s = staged_note_fields(&r->work, &w->d, facts.merge_fields);
        buf_free(&names);
    }
    if (s != ST_OK || !r->letters) return s == ST_OK ? ST_END : s;
    make_pdf(&facts, body, w);
    return ST_OK;
}
