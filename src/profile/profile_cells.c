/* The values of a row: as the SELECT gave them, and made canonical by normalize. */
#include "base/limits.h"
#include "profile/profile_internal.h"

enum { PIECE_BYTES = 4096 };

bool profile_cells_open(profile_cells *c, const profile_source *s, const profile_entity *e, const profile_select *q)
{
    *c = (profile_cells){.s = s, .e = e, .q = q};
    size_t all = e->entity->fields + e->entity->inputs, columns = (size_t)q->columns;
    c->options = profile_norm_options(s->x, s->run->today);
    c->cell = arena_array(s->mem, all + 1, sizeof *c->cell);
    c->from = arena_array(s->mem, all + 1, sizeof *c->from);
    c->survey = arena_array(s->mem, all + 1, sizeof *c->survey);
    c->words = arena_array(s->mem, all + 1, sizeof(const profile_words *));
    c->reason = arena_array(s->mem, all + 1, sizeof *c->reason);
    c->value = arena_array(s->mem, all + 1, sizeof *c->value);
    c->name = arena_array(s->mem, columns + 1, sizeof *c->name);
    c->text = arena_array(s->mem, columns + 1, sizeof *c->text);
    c->large = arena_array(s->mem, columns + 1, sizeof *c->large);
    c->raw = arena_array(s->mem, columns + 1, sizeof *c->raw);
    if (!c->cell || !c->from || !c->survey || !c->words || !c->reason || !c->value || !c->name || !c->text ||
        !c->large || !c->raw) {
        find_code(s->run->found, F_OUT_OF_MEMORY, "staging %s", e->entity->name);
        c->raw = NULL;
        return false;
    }
    c->cells = all;
    for (size_t k = 0; k < all; k++) {
        c->from[k] = -1;
        c->value[k] = buf_new(VALUE_BYTES_MAX);
        c->cell[k].text = &c->value[k];
        c->words[k] = profile_words_of(s->x, e->entity, &e->entity->field[k]);
    }
    for (int i = 0; i < q->columns; i++) {
        c->name[i] = sv_from(sqlite3_column_name(q->st, i));
        c->raw[i] = buf_new(VALUE_BYTES_MAX);
        if (q->role[i] >= 0) c->from[q->role[i]] = i;
    }
    return true;
}

void profile_cells_close(profile_cells *c)
{
    for (size_t k = 0; k < c->cells; k++) buf_free(&c->value[k]);
    for (int i = 0; c->raw && i < c->q->columns; i++) buf_free(&c->raw[i]);
    *c = (profile_cells){0};
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

static void read_column(profile_cells *c, int i)
{
    static const sv large = {"(a large value)", 15};
    sql_db *db = c->s->run->db;
    sqlite3_stmt *st = c->q->st;
    int role = c->q->role[i], type = sqlite3_column_type(st, i);
    bool exact_wanted = role >= 0 && c->e->entity->field[role].type == FIELD_DECIMAL && type == SQLITE_FLOAT;
    lob_ref locator;
    decimal exact;
    buf *b = &c->raw[i];
    buf_clear(b);
    c->large[i] = false;
    if (sql_column_lob(db, st, i, &locator)) {
        c->large[i] = role < 0 || c->e->entity->field[role].type != FIELD_TEXT || !profile_read_text(db, &locator, b);
        if (c->large[i]) buf_clear(b);
        if (c->large[i]) buf_sv(b, large);
    } else if (exact_wanted && sql_column_decimal(st, i, &exact)) {
        char text[DECIMAL_TEXT_MAX];
        buf_add(b, text, decimal_text(&exact, text));
    } else {
        sql_column_text(st, i, b);
    }
    if (b->failed) {
        c->large[i] = true;
        buf_clear(b);
        buf_sv(b, large);
    }
    c->text[i] = type == SQLITE_NULL ? (sv){NULL, 0} : (sv){b->n ? b->p : "", b->n};
}

sv profile_cells_role(const profile_cells *c, int role)
{
    for (int i = 0; i < c->q->columns; i++)
        if (c->q->role[i] == role && !c->large[i] && c->text[i].n <= KEY_BYTES_MAX) return c->text[i];
    return (sv){NULL, 0};
}

/* ---- the survey ---- */

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

bool profile_cells_want_survey(const profile_cells *c)
{
    for (size_t k = 0; k < c->cells; k++)
        if (wants_survey(c, k)) return true;
    return false;
}

void profile_cells_survey(profile_cells *c)
{
    for (size_t k = 0; k < c->cells; k++) {
        if (!wants_survey(c, k)) continue;
        const norm_column column = {&c->options, &c->e->entity->field[k], NULL};
        int i = c->from[k];
        read_column(c, i);
        if (!c->large[i] && c->text[i].n) norm_survey_add(&c->survey[k], &column, c->text[i]);
    }
    c->surveyed = true;
}

/* ---- one row ---- */

static norm_form form_of(profile_cells *c, size_t k, sv in)
{
    const model_field *f = &c->e->entity->field[k];
    buf *out = &c->value[k];
    /* A reference is the very text of the other record's src_key, which nobody changes. */
    if (f->type == FIELD_REFERENCE) {
        buf_sv(out, in);
        return in.n ? FORM_GOOD : FORM_EMPTY;
    }
    if (c->words[k] && in.n) {
        sv word;
        if (!profile_word_for(c->words[k], in, &word)) {
            norm_remark(&c->remarks, F_PRO_VALUE_GAP, f);
            return FORM_WRONG;
        }
        in = word;
    }
    const norm_column column = {&c->options, f, c->surveyed && wants_survey(c, k) ? &c->survey[k] : NULL};
    return norm_value(&column, in, out, &c->remarks);
}

static void take_cell(profile_cells *c, size_t k)
{
    int i = c->from[k];
    norm_cell *cell = &c->cell[k];
    buf_clear(&c->value[k]);
    cell->original = i < 0 ? (sv){NULL, 0} : c->text[i];
    if (i < 0 || !cell->original.p)
        cell->form = FORM_EMPTY;
    else if (c->large[i])
        cell->form = FORM_WRONG;
    else
        cell->form = form_of(c, k, cell->original);
    if (!c->value[k].failed) return;
    buf_clear(&c->value[k]);
    cell->form = FORM_WRONG;
}

/* Of a value that is held back the first remark is the reason, and no finding of its own. */
static void take_reasons(profile_cells *c)
{
    for (size_t k = 0; k < c->cells; k++) {
        int i = c->from[k];
        c->reason[k] = i >= 0 && c->large[i] ? F_PRO_LARGE_VALUE : F_NRM_WRONG_TYPE;
        if (c->cell[k].form != FORM_WRONG) continue;
        norm_remarks *r = &c->remarks;
        for (size_t n = 0; n < r->n; n++) {
            if (r->field[n] != &c->e->entity->field[k]) continue;
            c->reason[k] = r->code[n];
            for (size_t m = n + 1; m < r->n; m++) {
                r->code[m - 1] = r->code[m];
                r->field[m - 1] = r->field[m];
            }
            r->n--;
            break;
        }
    }
}

void profile_cells_take(profile_cells *c)
{
    c->remarks.n = 0;
    for (int i = 0; i < c->q->columns; i++) read_column(c, i);
    for (size_t k = 0; k < c->cells; k++) take_cell(c, k);
    norm_record(&c->options, c->e->entity, c->cell, &c->remarks);
    take_reasons(c);
}
