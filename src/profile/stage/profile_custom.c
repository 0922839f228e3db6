/* What no SELECT reads: filled columns of tables whose rows became records, and tables that hold a patient's key, are
 * carried as custom values; the rest is told with its counts. Nothing stays behind in silence. */
#include "profile/profile_internal.h"
#include <inttypes.h>
#include <stdio.h>

enum { SQL_BYTES_MAX = 1 << 20, NAME_BYTES_MAX = 4096 };

static const sv CUSTOM_VALUE = {"custom_value", 12};

/* A table whose columns are carried. */
typedef struct carried {
    const profile_source *s;
    const table_info *info;
    size_t table;
    const model_entity *entity; /* what its values belong to */
    int record, row;            /* columns: src_key of that record; key of the row, -1: the record's own row */
    const bool *take;           /* of each column: it is carried */
    bool *truths;               /* of each column: a text that is True or False in every row, as dumps write bits */
    sqlite3_stmt *rows, *put;
    key_set *records, *keys; /* of the entity, and of custom values */
    bool told;               /* what of it cannot be carried */
    size_t line;             /* in the ledger; SIZE_MAX: no value yet */
    uint64_t *filled;        /* of each column */
    uint64_t mapped, ordinal;
    buf value, key, raw, record_text;
} carried;

static void tell(const profile_source *s, finding_code code, sv table, sv column, uint64_t n, sv b)
{
    char count[32];
    finding x = FINDING_OF(code);
    snprintf(count, sizeof count, "%" PRIu64, n);
    x.table = table;
    x.column = column;
    x.a = sv_from(count);
    x.b = b;
    find_add(s->run->found, &x);
}

/* ---- keys ---- */

int profile_primary_key(const table_info *t)
{
    for (size_t i = 0; i < t->keys; i++)
        if (t->key[i].kind == KEY_PRIMARY && t->key[i].columns == 1) return t->key[i].column[0];
    return -1;
}

/* The column that is the src_key of the records made of a driving table; -1: not known. */
static int key_column(const profile_source *s, sv driving)
{
    const profile_table *t = profile_table_named(s->x, driving);
    if (t) return t->key.n ? s->match[t - s->x->table].column[profile_column_named(t, t->key)] : -1;
    const table_info *info = profile_table_info(s, driving);
    return info ? profile_primary_key(info) : -1;
}

/* The entity whose records are rows of the table. */
static const profile_entity *entity_of(const profile_source *s, size_t table)
{
    for (size_t i = 0; i < s->x->entities; i++) {
        const profile_entity *e = &s->x->entity[i];
        if (e->drivings == 1 && !e->many && profile_find_table(s->x, s->match, s->list, e->driving[0]) == (int)table)
            return e;
    }
    return NULL;
}

static bool refers_to(const table_info *t, int column, const table_info *target)
{
    for (size_t i = 0; i < t->keys; i++) {
        const key_info *k = &t->key[i];
        if (k->kind == KEY_FOREIGN && k->columns == 1 && k->column[0] == column &&
            sv_eq_nocase(k->ref_table, target->name) && sv_eq_nocase(k->ref_schema, target->schema))
            return true;
    }
    return false;
}

/* A key that is called like any table's, and is this table's own: it says nothing of whose the row is. */
static bool is_own_key(const table_info *t, size_t column)
{
    static const char *const words[] = {"id", "no", "nr", "num", "key", "code", "pk", "guid"};
    name_form f;
    bool named = false;
    name_form_of(t->column[column].name, &f);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) named |= sv_eq((sv){f.folded, f.n}, sv_from(words[i]));
    return named && (t->column[column].identity || profile_primary_key(t) == (int)column);
}

/* How a column's name fits the patients' key: as the source calls it, or as the profile does. */
static bool names_patient(const profile_source *s, sv column, const table_info *patients, int key,
                          const profile_table *t)
{
    name_form form, own;
    name_form_of(column, &form);
    name_form_of(patients->column[key].name, &own);
    bool fits = name_fits(&form, &own) >= NAME_FITS_FOLDED;
    (void)s;
    size_t at = t ? profile_column_named(t, t->key) : SIZE_MAX;
    for (size_t i = 0; at != SIZE_MAX && i < t->column[at].forms; i++)
        fits |= name_fits(&form, &t->column[at].form[i]) >= NAME_FITS_FOLDED;
    return fits;
}

/* The one column that holds a patient's key; -1: none, or several. */
static int patient_column(const profile_source *s, const table_info *t)
{
    const profile_entity *e = profile_entity_of(s->x, "patient");
    const table_info *patients = e && e->drivings == 1 ? profile_table_info(s, e->driving[0]) : NULL;
    int key = patients ? key_column(s, e->driving[0]) : -1, found = -1;
    if (key < 0) return -1;
    for (int pass = 0; pass < 2 && found < 0; pass++)
        for (size_t i = 0; i < t->columns; i++) {
            bool is = pass == 0 ? refers_to(t, (int)i, patients)
                                : !is_own_key(t, i) && names_patient(s, t->column[i].name, patients, key,
                                                                     profile_table_named(s->x, e->driving[0]));
            if (is && found >= 0) return -1;
            if (is) found = (int)i;
        }
    return found;
}

/* ---- values ---- */

static bool can_be_text(const column_info *c)
{
    return !c->unreadable.n && c->type != T_BYTES && c->type != T_ROWVERSION && c->type != T_UNKNOWN;
}

/* A moment at midnight is a day, in whatever form a dump or a server writes it. */
static sv without_midnight(sv s)
{
    static const char form[] = "dddd-dd-dd 00:00:00";
    enum { DAY = 10, MOMENT = sizeof form - 1 };
    if (s.n < MOMENT) return s;
    for (size_t i = 0; i < MOMENT; i++) {
        bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (form[i] == 'd' ? !digit : s.p[i] != form[i]) return s;
    }
    for (size_t i = MOMENT; i < s.n; i++)
        if (s.p[i] != '0' && !(i == MOMENT && s.p[i] == '.')) return s;
    return (sv){s.p, DAY};
}

static void reject(const carried *c, finding_code code, sv name, sv text)
{
    const sv column[] = {{"entity", 6}, {"record", 6}, {"name", 4}, {"value", 5}};
    const sv original[] = {sv_from(c->entity->name), buf_view(&c->record_text), name, text};
    const profile_reject x = {.entity = model_entity_named(CUSTOM_VALUE),
                              .src_table = c->info->full_name,
                              .src_key = {NULL, 0},
                              .code = finding_text_of(code)->id,
                              .column = column,
                              .original = original,
                              .columns = 4};
    finding f = FINDING_OF(code);
    f.table = CUSTOM_VALUE;
    f.column = SV_LIT("record");
    f.a = sv_from(c->entity->name);
    find_add(c->s->run->found, &f);
    ledger_add(c->s->run->counts, c->line, COUNT_REJECTED, 1);
    if (c->s->run->reject) c->s->run->reject(c->s->run->ctx, &x);
}

static void bind(sqlite3_stmt *st, int at, sv text)
{
    sqlite3_bind_text64(st, at, text.n ? text.p : "", text.n, SQLITE_STATIC, SQLITE_UTF8);
}

/* ImplantRegistry.LotNumber of a table that nothing reads, else SmilePlanTier. */
static sv name_of(const carried *c, int column, char *room)
{
    const table_info *t = c->info;
    sv table = c->row >= 0 || c->ordinal ? t->name : (sv){NULL, 0};
    int n = snprintf(room, NAME_BYTES_MAX, "%.*s%s%.*s", (int)table.n, table.n ? table.p : "", table.n ? "." : "",
                     (int)t->column[column].name.n, t->column[column].name.p);
    return (sv){room, n < 0 ? 0 : n < NAME_BYTES_MAX ? (size_t)n : NAME_BYTES_MAX - 1};
}

/* Where a value stands: in the row of a key of its own, or in that of its record. */
static void tell_origin(const carried *c, int column, sv src_key, sv row_key)
{
    const profile_run *run = c->s->run;
    const model_entity *e = model_entity_named(CUSTOM_VALUE);
    buf place = buf_new(KEY_BYTES_MAX * 2);
    if (!run->carried) return;
    buf_sv(&place, c->row < 0 && c->ordinal ? SV_LIT("row") : c->info->column[c->row < 0 ? c->record : c->row].name);
    buf_char(&place, '=');
    buf_sv(&place, row_key.n ? row_key : buf_view(&c->record_text));
    const profile_origin o = {.entity = e,
                              .src_key = src_key,
                              .field = model_field_named(e, SV_LIT("value")),
                              .table = c->info->full_name,
                              .column = c->info->column[column].name,
                              .row = buf_view(&place),
                              .value = {c->raw.n ? c->raw.p : "", c->raw.n}};
    run->carried(run->ctx, &o);
    buf_free(&place);
}

static bool put(carried *c, int column, sv name, sv row_key)
{
    const profile_source *s = c->s;
    const model_entity *e = model_entity_named(CUSTOM_VALUE);
    sv record = buf_view(&c->record_text);
    buf src = buf_new(KEY_BYTES_MAX * 2);
    buf_printf(&src, "%s:", c->entity->name);
    buf_sv(&src, record);
    buf_char(&src, ':');
    buf_sv(&src, name);
    if (row_key.n) buf_char(&src, ':');
    buf_sv(&src, row_key);
    buf_clear(&c->key);
    bool ok = !src.failed && model_source_key(s->x->system, e, buf_view(&src), &c->key);
    bool is_new = false;
    ok = ok && profile_staged_add(s, c->keys, buf_view(&src), buf_view(&c->key), &is_new);
    if (ok && !is_new) reject(c, F_PRO_FAN_OUT, name, buf_view(&c->value));
    if (ok && is_new) {
        bind(c->put, 1, buf_view(&c->key));
        bind(c->put, 2, c->info->full_name);
        bind(c->put, 3, buf_view(&src));
        bind(c->put, 4, sv_from(c->entity->name));
        bind(c->put, 5, record);
        bind(c->put, 6, name);
        bind(c->put, 7, c->truths[column] ? SV_LIT("bool") : chart_custom_type(c->info->column[column].type));
        bind(c->put, 8, buf_view(&c->value));
        ok = sqlite3_step(c->put) == SQLITE_DONE;
        sqlite3_reset(c->put);
        c->mapped += ok;
        if (ok) tell_origin(c, column, buf_view(&src), row_key);
    }
    buf_free(&src);
    if (!ok) profile_work_failed(s, NULL);
    return ok;
}

/* False: empty, or larger than a value can be (told). */
static bool take_text(carried *c, int at, int column)
{
    static const model_field text_field = {.name = "value", .type = FIELD_TEXT};
    const norm_column how = {&(norm_options){.today = INT32_MIN}, &text_field, NULL};
    norm_remarks ignored = {.n = 0};
    lob_ref ref;
    buf_clear(&c->raw);
    buf_clear(&c->value);
    bool whole = true;
    if (sql_column_lob(c->s->run->db, c->rows, at, &ref))
        whole = profile_read_text(c->s->run->db, &ref, &c->raw);
    else
        sql_column_text(c->rows, at, &c->raw);
    if (!whole || c->raw.failed) {
        tell(c->s, F_PRO_COLUMN_LEFT, c->info->full_name, c->info->column[column].name, 1,
             SV_LIT("it holds a value that is too large"));
        return false;
    }
    sv text = buf_view(&c->raw);
    if (c->truths[column] && text.n) text = sv_eq_nocase(text, SV_LIT("true")) ? SV_LIT("1") : SV_LIT("0");
    return norm_value(&how, without_midnight(text), &c->value, &ignored) == FORM_GOOD && !c->value.failed;
}

/* A key of a char column is padded; the SELECT may have taken the blanks off. */
static bool find_record(carried *c, bool *known)
{
    for (int pass = 0; pass < 2 && !*known; pass++) {
        buf *text = &c->record_text;
        while (pass && text->n && text->p[text->n - 1] == ' ') text->n--;
        if (key_set_has(c->records, buf_view(text), known)) continue;
        profile_work_failed(c->s, NULL);
        return false;
    }
    return true;
}

/* Columns of the statement: the record's key, the row's key, then those that are carried. */
static bool take_row(carried *c)
{
    char name[NAME_BYTES_MAX], ordinal[32];
    sv row_key = {NULL, 0};
    int at = 2;
    bool known = false;
    buf_clear(&c->record_text);
    sql_column_text(c->rows, 0, &c->record_text);
    if (!find_record(c, &known)) return false;
    buf key = buf_new(KEY_BYTES_MAX);
    if (c->row >= 0) {
        sql_column_text(c->rows, 1, &key);
        row_key = buf_view(&key);
    } else if (c->ordinal) {
        row_key = (sv){ordinal, (size_t)snprintf(ordinal, sizeof ordinal, "%" PRIu64, c->ordinal)};
    }
    bool ok = true;
    for (size_t i = 0; ok && i < c->info->columns; i++) {
        if (!c->take[i] || !take_text(c, at++, (int)i)) continue;
        sv called = name_of(c, (int)i, name);
        c->filled[i]++;
        if (c->line == SIZE_MAX) c->line = profile_entity_line(c->s, model_entity_named(CUSTOM_VALUE));
        ledger_add(c->s->run->counts, c->line, COUNT_DECODED, 1);
        if (known)
            ok = put(c, (int)i, called, row_key);
        else
            reject(c, F_PRO_ORPHAN, called, buf_view(&c->value));
    }
    if (c->ordinal) c->ordinal++;
    buf_free(&key);
    return ok;
}

/* ---- one table ---- */

static void add_column(const table_info *t, int column, buf *sql)
{
    buf name = buf_new(NAME_BYTES_MAX);
    sql_column_name(t, (size_t)column, &name);
    buf_quoted(sql, buf_view(&name), '"', '"');
    buf_free(&name);
}

static bool prepare(carried *c)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "SELECT ");
    add_column(c->info, c->record, &sql);
    buf_str(&sql, ", ");
    if (c->row >= 0)
        add_column(c->info, c->row, &sql);
    else
        buf_str(&sql, "NULL");
    for (size_t i = 0; i < c->info->columns; i++) {
        if (!c->take[i]) continue;
        buf_str(&sql, ", ");
        add_column(c->info, (int)i, &sql);
    }
    buf_str(&sql, " FROM source.");
    buf_quoted(&sql, c->info->full_name, '"', '"');
    buf_char(&sql, '\0');
    c->records = profile_staged_keys(c->s, c->entity);
    c->keys = profile_staged_keys(c->s, model_entity_named(CUSTOM_VALUE));
    bool ok = !sql.failed && sqlite3_prepare_v2(c->s->db, sql.p, -1, &c->rows, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(c->s->work, "INSERT INTO main.custom_value VALUES (?, ?, ?, ?, ?, ?, ?, ?)", -1,
                                 &c->put, NULL) == SQLITE_OK;
    buf_free(&sql);
    if (!ok) profile_work_failed(c->s, NULL);
    return ok;
}

static bool take_rows(carried *c)
{
    int rc;
    while ((rc = sqlite3_step(c->rows)) == SQLITE_ROW)
        if (!take_row(c)) return false;
    if (rc == SQLITE_DONE) return true;
    finding x = FINDING_OF(F_PRO_SQL_FAILED);
    x.table = c->info->full_name;
    x.a = sql_error(c->s->run->db);
    find_add(c->s->run->found, &x);
    return false;
}

/* One look at all columns of text. */
static bool find_truths(carried *c)
{
    sqlite3_stmt *st = NULL;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "SELECT 1");
    for (size_t i = 0; i < c->info->columns; i++) {
        if (!c->take[i] || c->info->column[i].type != T_TEXT) continue;
        buf_str(&sql, ", max(CASE WHEN ");
        add_column(c->info, (int)i, &sql);
        buf_str(&sql, " <> '' THEN ");
        add_column(c->info, (int)i, &sql);
        buf_str(&sql, " NOT IN ('True', 'False') END)");
    }
    buf_str(&sql, " FROM source.");
    buf_quoted(&sql, c->info->full_name, '"', '"');
    buf_char(&sql, '\0');
    bool ok = !sql.failed && sqlite3_prepare_v2(c->s->db, sql.p, -1, &st, NULL) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW;
    int at = 1;
    for (size_t i = 0; ok && i < c->info->columns; i++) {
        if (!c->take[i] || c->info->column[i].type != T_TEXT) continue;
        c->truths[i] = sqlite3_column_type(st, at) == SQLITE_INTEGER && sqlite3_column_int(st, at) == 0;
        at++;
    }
    sqlite3_finalize(st);
    buf_free(&sql);
    if (!ok) profile_source_failed(c->s);
    return ok;
}

static bool carry(carried *c)
{
    c->value = buf_new(VALUE_BYTES_MAX);
    c->raw = buf_new(VALUE_BYTES_MAX);
    c->key = buf_new(KEY_BYTES_MAX * 4);
    c->record_text = buf_new(KEY_BYTES_MAX);
    c->filled = arena_array(c->s->mem, c->info->columns + 1, sizeof *c->filled);
    c->truths = arena_array(c->s->mem, c->info->columns + 1, sizeof *c->truths);
    bool ok = c->filled && c->truths && find_truths(c) && prepare(c) &&
              sqlite3_exec(c->s->work, "BEGIN", NULL, NULL, NULL) == SQLITE_OK;
    if (ok) {
        ok = take_rows(c);
        sqlite3_reset(c->rows);
        ok = sqlite3_exec(c->s->work, "COMMIT", NULL, NULL, NULL) == SQLITE_OK && ok;
        if (c->mapped) ledger_add(c->s->run->counts, c->line, COUNT_MAPPED, c->mapped);
    }
    for (size_t i = 0; ok && i < c->info->columns; i++)
        if (c->filled[i])
            tell(c->s, F_PRO_COLUMN_CARRIED, c->info->full_name, c->info->column[i].name, c->filled[i],
                 sv_from(c->entity->name));
    sqlite3_finalize(c->rows);
    sqlite3_finalize(c->put);
    buf_free(&c->value);
    buf_free(&c->raw);
    buf_free(&c->key);
    buf_free(&c->record_text);
    return ok;
}

/* The fold of charts makes custom findings of what it does not read. */
static bool is_chart(const profile_source *s, size_t table)
{
    for (size_t i = 0; i < s->x->charts; i++)
        if (profile_find_table(s->x, s->match, s->list, s->x->chart[i].table) == (int)table) return true;
    return false;
}

/* Which columns are carried; those that cannot be are told. 0: none. */
static size_t choose(const profile_source *s, size_t table, const carried *c, bool *take, left_column *left)
{
    const table_info *t = &s->list->table[table];
    size_t n = 0;
    for (size_t i = 0; i < t->columns; i++) {
        if (s->used[table][i] || (int)i == c->record || (int)i == c->row) continue;
        bool by_intent = profile_is_left(s, table, (int)i), text = can_be_text(&t->column[i]);
        take[i] = !by_intent && text && c->entity;
        n += take[i];
        if (take[i]) continue;
        left[i].why = by_intent ? "leave" : c->entity ? "no text" : "no record";
        if (!by_intent && c->told)
            tell(s, F_PRO_COLUMN_LEFT, t->full_name, t->column[i].name,
                 t->rows_expected > 0 ? (uint64_t)t->rows_expected : 0,
                 c->entity ? SV_LIT("its values are no text") : SV_LIT("nothing says which record a row belongs to"));
    }
    return n;
}

/* What belongs to no record is told, but of a list of names that other tables refer to what matters was read. */
static void find_owner(const profile_source *s, size_t table, carried *c)
{
    bool read = profile_is_read(s, table);
    const profile_entity *e = read ? entity_of(s, table) : profile_entity_of(s->x, "patient");
    c->told = !read || e;
    if (read && e) {
        c->record = key_column(s, e->driving[0]);
    } else if (!read) {
        c->record = patient_column(s, c->info);
        c->row = c->record >= 0 ? profile_primary_key(c->info) : -1;
        if (c->row == c->record) c->row = -1;
        c->ordinal = c->record >= 0 && c->row < 0;
    }
    c->entity = e && c->record >= 0 ? e->entity : NULL;
}

static bool carry_table(const profile_source *s, size_t table)
{
    const table_info *t = &s->list->table[table];
    if (t->rows_expected == 0 || t->unreadable.n || is_chart(s, table)) return true;
    bool *take = arena_array(s->mem, t->columns + 1, sizeof *take);
    left_column *left = arena_array(s->mem, t->columns + 1, sizeof *left);
    if (!take || !left) return false;
    carried c = {.s = s, .info = t, .table = table, .record = -1, .row = -1, .line = SIZE_MAX, .take = take};
    find_owner(s, table, &c);
    /* The list of unread tables has it. */
    if (!profile_is_read(s, table) && (c.record < 0 || profile_is_left(s, table, -1))) return true;
    if (choose(s, table, &c, take, left) > 0 && !carry(&c)) return false;
    for (size_t i = 0; i < t->columns; i++) left[i].carried = c.filled ? c.filled[i] : 0;
    return profile_list_left(s, table, left);
}

/* Where nothing was carried there is no such entity. */
static bool drop_empty(const profile_source *s)
{
    sqlite3_stmt *st = NULL;
    bool ok =
        sqlite3_prepare_v2(s->work, "SELECT EXISTS (SELECT 1 FROM main.custom_value)", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW;
    bool some = ok && sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    if (ok && !some) ok = sqlite3_exec(s->work, "DROP TABLE main.custom_value", NULL, NULL, NULL) == SQLITE_OK;
    if (!ok) profile_work_failed(s, NULL);
    return ok;
}

static bool index_all(const profile_source *s)
{
    bool there =
        sqlite3_table_column_metadata(s->work, "main", "custom_value", NULL, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
    return !there || profile_table_index(s, model_entity_named(CUSTOM_VALUE));
}

bool profile_custom(const profile_source *s)
{
    profile_check_leave(s);
    for (size_t i = 0; i < s->list->tables; i++)
        if (!carry_table(s, i)) return false;
    return (profile_is_staged(s->x, "custom_value") || drop_empty(s)) && index_all(s);
}
