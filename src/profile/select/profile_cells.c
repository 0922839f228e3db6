/* The values of a row: as the SELECT gave them, and made canonical by normalize. */
#include "base/limits.h"
#include "profile/profile_internal.h"

enum { PIECE_BYTES = 4096 };

static bool is_text_field(const model_field *f)
{
    return f->concern || f->type == FIELD_DATE || f->type == FIELD_DATETIME || f->type == FIELD_DECIMAL;
}

/* A column of a type leaves nothing open: only a text, or what is computed, has to be looked at as a whole. */
static bool is_typed(const profile_select *q, int column)
{
    const char *type = sqlite3_column_decltype(q->st, column);
    return type && sqlite3_stricmp(type, "TEXT") != 0 && sqlite3_stricmp(type, "BLOB") != 0;
}

/* A figure of an enumeration means nothing without the others of its column, whatever the column's type. */
static bool wants_survey(const profile_cells *c, size_t k)
{
    const model_field *f = &c->e->entity->field[k];
    if (c->from[k] < 0 || c->words[k]) return false;
    return f->type == FIELD_ENUM || (is_text_field(f) && !is_typed(c->q, c->from[k]));
}

/* Rows keep the room of their texts for the next ones, up to so much a text: there are hundreds of rows, and what each would
 * keep of the longest note that it ever held comes to more than all other memory. */
enum { ROOM_KEPT = 1 << 12 };

bool profile_cells_open(profile_cells *c, const profile_source *s, const profile_entity *e, const profile_select *q)
{
    *c = (profile_cells){.s = s, .e = e, .q = q, .cells = e->entity->fields + e->entity->inputs};
    c->options = profile_norm_options(s->x, s->run->today);
    norm_names_of(e->entity, &c->names);
    c->from = arena_array(s->mem, c->cells + 1, sizeof *c->from);
    c->whole = arena_array(s->mem, c->cells + 1, sizeof *c->whole);
    c->survey = arena_array(s->mem, c->cells + 1, sizeof *c->survey);
    c->words = arena_array(s->mem, c->cells + 1, sizeof(const profile_words *));
    c->name = arena_array(s->mem, (size_t)q->columns + 1, sizeof *c->name);
    if (!c->from || !c->whole || !c->survey || !c->words || !c->name) {
        find_code(s->run->found, F_OUT_OF_MEMORY, "staging %s", e->entity->name);
        return false;
    }
    for (size_t k = 0; k < c->cells; k++) {
        c->from[k] = -1;
        c->words[k] = profile_words_of(s->x, e->entity, &e->entity->field[k]);
    }
    for (int i = 0; i < q->columns; i++) {
        c->name[i] = sv_from(sqlite3_column_name(q->st, i));
        if (q->role[i] >= 0) c->from[q->role[i]] = i;
    }
    for (size_t k = 0; k < c->cells; k++) c->whole[k] = wants_survey(c, k);
    return true;
}

bool profile_row_open(const profile_cells *c, arena *mem, profile_row *r)
{
    size_t columns = (size_t)c->q->columns;
    *r = (profile_row){.text = arena_array(mem, columns + 1, sizeof *r->text),
                       .large = arena_array(mem, columns + 1, sizeof *r->large),
                       .raw = arena_array(mem, columns + 1, sizeof *r->raw),
                       .cell = arena_array(mem, c->cells + 1, sizeof *r->cell),
                       .reason = arena_array(mem, c->cells + 1, sizeof *r->reason),
                       .value = arena_array(mem, c->cells + 1, sizeof *r->value),
                       .changed = arena_array(mem, c->cells + 1, sizeof *r->changed)};
    if (!r->text || !r->large || !r->raw || !r->cell || !r->reason || !r->value || !r->changed) {
        *r = (profile_row){.spoilt = false};
        return false;
    }
    for (size_t i = 0; i < columns; i++) r->raw[i] = buf_new(VALUE_BYTES_MAX);
    for (size_t k = 0; k < c->cells; k++) {
        r->value[k] = buf_new(VALUE_BYTES_MAX);
        r->cell[k].text = &r->value[k];
    }
    return true;
}

void profile_row_close(const profile_cells *c, profile_row *r)
{
    for (int i = 0; r->raw && i < c->q->columns; i++) buf_free(&r->raw[i]);
    for (size_t k = 0; r->value && k < c->cells; k++) buf_free(&r->value[k]);
    *r = (profile_row){.spoilt = false};
}

static void clear(buf *b)
{
    if (b->room > ROOM_KEPT) buf_free(b);
    buf_clear(b);
}

/* ---- columns ---- */

bool profile_read_text(sql_db *db, const lob_ref *ref, buf *out)
{
    row_source *source = sql_source(db);
    lob_stream *l = NULL;
    if (!lob_is_text((lob_encoding)ref->encoding) || source->ops->lob_open(source, ref, &l) != ST_OK) return false;
    status st = ST_OK;
    while (st == ST_OK && !out->failed) {
        size_t got = 0;
        char *room = buf_reserve(out, PIECE_BYTES);
        if (!room) break;
        st = source->ops->lob_read(l, room, PIECE_BYTES, &got);
        if (st == ST_OK) out->n += got;
    }
    source->ops->lob_close(l);
    return st == ST_END && !out->failed;
}

static void read_column(const profile_cells *c, int i, profile_row *r)
{
    static const sv large = {"(a large value)", 15};
    sql_db *db = c->s->run->db;
    int role = c->q->role[i], type = sql_rows_type(c->rows, i);
    bool exact_wanted = role >= 0 && c->e->entity->field[role].type == FIELD_DECIMAL && type == SQLITE_FLOAT;
    lob_ref locator;
    decimal exact;
    buf *b = &r->raw[i];
    clear(b);
    r->large[i] = false;
    if (role == ROLE_CONTENT) {
        r->text[i] = (sv){NULL, 0};
        return;
    }
    if (sql_rows_lob(c->rows, i, &locator)) {
        r->large[i] = role < 0 || c->e->entity->field[role].type != FIELD_TEXT || !profile_read_text(db, &locator, b);
        if (r->large[i]) buf_clear(b);
        if (r->large[i]) buf_sv(b, large);
    } else if (exact_wanted && sql_rows_decimal(c->rows, i, &exact)) {
        char text[DECIMAL_TEXT_MAX];
        buf_add(b, text, decimal_text(&exact, text));
    } else {
        sql_rows_text(c->rows, i, b);
    }
    if (b->failed) {
        r->large[i] = true;
        buf_clear(b);
        buf_sv(b, large);
    }
    r->text[i] = type == SQLITE_NULL ? (sv){NULL, 0} : (sv){b->n ? b->p : "", b->n};
}

size_t profile_row_read(const profile_cells *c, bool for_survey, profile_row *r)
{
    size_t bytes = 0;
    bool narrow = for_survey && c->survey_st;
    r->spoilt = false;
    for (int i = 0; i < c->q->columns; i++) {
        int role = c->q->role[i];
        r->spoilt |= sql_rows_spoilt(c->rows, i);
        if (narrow && (role < 0 || !c->whole[role])) continue;
        read_column(c, i, r);
        bytes += r->text[i].n;
    }
    return bytes;
}

sv profile_row_role(const profile_cells *c, const profile_row *r, int role)
{
    for (int i = 0; i < c->q->columns; i++)
        if (c->q->role[i] == role && !r->large[i] && r->text[i].n <= KEY_BYTES_MAX) return r->text[i];
    return (sv){NULL, 0};
}

/* ---- the survey ---- */

bool profile_cells_want_survey(const profile_cells *c)
{
    for (size_t k = 0; k < c->cells; k++)
        if (c->whole[k]) return true;
    return false;
}

void profile_row_survey(profile_cells *c, const profile_row *r)
{
    for (size_t k = 0; k < c->cells; k++) {
        if (!c->whole[k]) continue;
        const norm_column column = {&c->options, &c->e->entity->field[k], NULL};
        int i = c->from[k];
        if (!r->large[i] && r->text[i].n) norm_survey_add(&c->survey[k], &column, r->text[i]);
    }
}

/* ---- one row ---- */

static norm_form make_value(const profile_cells *c, profile_row *r, size_t k, sv in)
{
    const model_field *f = &c->e->entity->field[k];
    if (c->words[k] && in.n) {
        sv word;
        if (!profile_word_for(c->words[k], in, &word)) {
            norm_remark(&r->remarks, F_PRO_VALUE_GAP, f);
            return FORM_WRONG;
        }
        in = word;
    }
    const norm_column column = {&c->options, f, c->surveyed && c->whole[k] ? &c->survey[k] : NULL};
    return norm_value(&column, in, &r->value[k], &r->remarks);
}

static norm_form form_of(const profile_cells *c, known_values *known, profile_row *r, size_t k, sv in)
{
    buf *out = &r->value[k];
    /* A reference is the very text of the other record's src_key, which nobody changes. */
    if (c->e->entity->field[k].type == FIELD_REFERENCE) {
        buf_sv(out, in);
        return in.n ? FORM_GOOD : FORM_EMPTY;
    }
    known_value *place;
    const known_value *v = known_value_of(&known[k], in, &place);
    if (v) {
        buf_add(out, v->out, v->out_n);
        return (norm_form)v->form;
    }
    size_t remarks = r->remarks.n;
    norm_form form = make_value(c, r, k, in);
    /* What a remark is on is made anew, for the remark. */
    bool plain = form != FORM_WRONG && r->remarks.n == remarks && remarks < NORM_REMARKS_MAX;
    if (plain && !out->failed) known_value_keep(place, in, buf_view(out), form);
    return form;
}

static void take_cell(const profile_cells *c, known_values *known, profile_row *r, size_t k)
{
    int i = c->from[k];
    norm_cell *cell = &r->cell[k];
    clear(&r->value[k]);
    cell->original = i < 0 ? (sv){NULL, 0} : r->text[i];
    if (i < 0 || !cell->original.p)
        cell->form = FORM_EMPTY;
    else if (r->large[i])
        cell->form = FORM_WRONG;
    else
        cell->form = form_of(c, known, r, k, cell->original);
    if (!r->value[k].failed) return;
    buf_clear(&r->value[k]);
    cell->form = FORM_WRONG;
}

/* Of a value that is held back the first remark is the reason, and no finding of its own. */
static void take_reasons(const profile_cells *c, profile_row *r)
{
    for (size_t k = 0; k < c->cells; k++) {
        int i = c->from[k];
        r->reason[k] = i >= 0 && r->large[i] ? F_PRO_LARGE_VALUE : F_NRM_WRONG_TYPE;
        if (r->cell[k].form != FORM_WRONG) continue;
        norm_remarks *said = &r->remarks;
        for (size_t n = 0; n < said->n; n++) {
            if (said->field[n] != &c->e->entity->field[k]) continue;
            r->reason[k] = said->code[n];
            for (size_t m = n + 1; m < said->n; m++) {
                said->code[m - 1] = said->code[m];
                said->field[m - 1] = said->field[m];
            }
            said->n--;
            break;
        }
    }
}

/* Here, where texts and values are at hand. */
static void compare(const profile_cells *c, profile_row *r)
{
    for (size_t k = 0; k < c->cells; k++) {
        const norm_cell *cell = &r->cell[k];
        r->changed[k] = cell->form == FORM_GOOD && !sv_eq(cell->original, buf_view(&r->value[k]));
    }
}

void profile_row_normalize(const profile_cells *c, known_values *known, profile_row *r)
{
    r->remarks.n = 0;
    for (size_t k = 0; k < c->cells; k++) take_cell(c, known, r, k);
    norm_record(&c->options, &c->names, r->cell, &r->remarks);
    take_reasons(c, r);
    compare(c, r);
}
