#include "documents/staged.h"
#include "model/work_file.h"
#include <stdio.h>

enum { TEXT_BYTES_MAX = 1 << 20 };

static bool prepare(const staged_work *x, const char *sql, sqlite3_stmt **out)
{
    return sqlite3_prepare_v2(x->db, sql, -1, out, NULL) == SQLITE_OK;
}

bool staged_open(staged_work *x)
{
    static const char seen[] = "CREATE TABLE IF NOT EXISTS main.documents_seen (entity TEXT, src_key TEXT, PRIMARY KEY "
                               "(entity, src_key)) WITHOUT ROWID";
    if (x->see) return true;
    bool ok = sqlite3_exec(x->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
              sqlite3_exec(x->db, seen, NULL, NULL, NULL) == SQLITE_OK &&
              prepare(x, "INSERT OR IGNORE INTO main.documents_seen VALUES (?1, ?2)", &x->see);
    if (ok && work_has(x->db, SV_LIT("document")))
        ok = prepare(x,
                     "SELECT source_key, src_table, src_key, file_name, mime_type, category, captured_at, source_path, "
                     "patient, exam FROM main.document WHERE src_key = ?1",
                     &x->find) &&
             prepare(x,
                     "UPDATE main.document SET mime_type = coalesce(?2, mime_type), size = ?3, sha256 = ?4, path = ?5 "
                     "WHERE src_key = ?1",
                     &x->note);
    if (ok && work_has(x->db, SV_LIT("letter_template")))
        ok = prepare(x,
                     "SELECT source_key, src_table, src_key, name, conditions, signature, merge_fields, codes FROM "
                     "main.letter_template WHERE src_key = ?1",
                     &x->pattern) &&
             prepare(x, "UPDATE main.letter_template SET merge_fields = ?2 WHERE src_key = ?1", &x->fields);
    if (ok && work_has(x->db, SV_LIT("letter")))
        ok = sqlite3_exec(x->db, "CREATE INDEX IF NOT EXISTS main.letter_document ON letter (document)", NULL, NULL,
                          NULL) == SQLITE_OK &&
             prepare(x, "SELECT type, letter_date FROM main.letter WHERE document = ?1", &x->letter);
    if (!ok) (void)work_failed(x->db, x->found, "looking for documents");
    return ok;
}

static void bind(sqlite3_stmt *st, int at, sv text)
{
    if (text.p)
        sqlite3_bind_text64(st, at, text.p, text.n, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(st, at);
}

static sv column(const staged_work *x, sqlite3_stmt *st, int at)
{
    const char *p = (const char *)sqlite3_column_text(st, at);
    return p ? arena_sv(x->one, (sv){p, (size_t)sqlite3_column_bytes(st, at)}) : (sv){NULL, 0};
}

status staged_see(const staged_work *x, const model_entity *e, sv src_key)
{
    bind(x->see, 1, sv_from(e->name));
    bind(x->see, 2, src_key);
    int rc = sqlite3_step(x->see);
    bool first = sqlite3_changes(x->db) > 0;
    sqlite3_reset(x->see);
    if (rc != SQLITE_DONE) return work_failed(x->db, x->found, "counting documents");
    return first ? ST_OK : ST_END;
}

static sv key_of(const staged_work *x, const char *entity, sv src_key)
{
    buf b = buf_new(4 * MODEL_KEY_MAX + TEXT_BYTES_MAX);
    sv key = {NULL, 0};
    if (src_key.n && model_source_key(x->system, model_entity_named(sv_from(entity)), src_key, &b))
        key = arena_sv(x->one, buf_view(&b));
    buf_free(&b);
    return key;
}

static status find_letter(const staged_work *x, staged *d)
{
    if (!x->letter) return ST_OK;
    bind(x->letter, 1, d->src_key);
    int rc = sqlite3_step(x->letter);
    if (rc == SQLITE_ROW) {
        d->is_letter = true;
        d->letter_type = column(x, x->letter, 0);
        d->letter_date = column(x, x->letter, 1);
    }
    sqlite3_reset(x->letter);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : work_failed(x->db, x->found, "looking for letters");
}

status staged_find(const staged_work *x, sv src_key, staged *d)
{
    sv *const place[] = {&d->source_key, &d->src_table, &d->src_key,     &d->file_name, &d->mime,
                         &d->category,   &d->captured,  &d->source_path, &d->patient,   &d->exam};
    *d = (staged){.is_letter = false};
    if (!x->find) return ST_END;
    bind(x->find, 1, src_key);
    int rc = sqlite3_step(x->find);
    for (size_t i = 0; rc == SQLITE_ROW && i < sizeof place / sizeof place[0]; i++)
        *place[i] = column(x, x->find, (int)i);
    sqlite3_reset(x->find);
    if (rc == SQLITE_DONE) return ST_END;
    if (rc != SQLITE_ROW) return work_failed(x->db, x->found, "looking for documents");
    d->patient = key_of(x, "patient", d->patient);
    d->exam = key_of(x, "clinical_exam", d->exam);
    return find_letter(x, d);
}

status staged_note(const staged_work *x, const staged *d, const spooled *s, sv file)
{
    char size[24];
    int n = snprintf(size, sizeof size, "%llu", (unsigned long long)s->bytes);
    bind(x->note, 1, d->src_key);
    bind(x->note, 2, content_type_is_known(s->type) ? sv_from(s->type->mime) : (sv){NULL, 0});
    bind(x->note, 3, (sv){size, n > 0 ? (size_t)n : 0});
    bind(x->note, 4, sv_from(s->sha256));
    bind(x->note, 5, file);
    int rc = sqlite3_step(x->note);
    sqlite3_reset(x->note);
    return rc == SQLITE_DONE ? ST_OK : work_failed(x->db, x->found, "noting documents");
}

status staged_template(const staged_work *x, sv src_key, staged *d, letter_facts *f)
{
    *d = (staged){.is_letter = false};
    *f = (letter_facts){.is_template = true};
    if (!x->pattern) return ST_END;
    bind(x->pattern, 1, src_key);
    int rc = sqlite3_step(x->pattern);
    if (rc == SQLITE_ROW) {
        d->source_key = f->key = column(x, x->pattern, 0);
        d->src_table = column(x, x->pattern, 1);
        d->src_key = column(x, x->pattern, 2);
        d->file_name = f->title = column(x, x->pattern, 3);
        f->conditions = column(x, x->pattern, 4);
        f->signature = column(x, x->pattern, 5);
        f->merge_fields = column(x, x->pattern, 6);
        f->codes = column(x, x->pattern, 7);
    }
    sqlite3_reset(x->pattern);
    if (rc == SQLITE_ROW) return ST_OK;
    return rc == SQLITE_DONE ? ST_END : work_failed(x->db, x->found, "looking for letter templates");
}

status staged_note_fields(const staged_work *x, const staged *d, sv names)
{
    bind(x->fields, 1, d->src_key);
    bind(x->fields, 2, names);
    int rc = sqlite3_step(x->fields);
    sqlite3_reset(x->fields);
    return rc == SQLITE_DONE ? ST_OK : work_failed(x->db, x->found, "noting merge fields");
}

status staged_unseen(const staged_work *x, const char *entity, staged_take *take, void *ctx)
{
    sqlite3_stmt *st = NULL;
    const model_entity *e = model_entity_named(sv_from(entity));
    status s = ST_OK;
    int rc = SQLITE_DONE;
    if (!work_has(x->db, sv_from(entity))) return ST_OK;
    char *sql = sqlite3_mprintf("SELECT src_key FROM main.\"%w\" WHERE src_key NOT IN (SELECT src_key FROM "
                                "main.documents_seen WHERE entity = %Q) ORDER BY source_key",
                                entity, entity);
    if (!sql || sqlite3_prepare_v2(x->db, sql, -1, &st, NULL) != SQLITE_OK)
        s = work_failed(x->db, x->found, "looking for documents");
    while (s == ST_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        sv key = {(const char *)sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0)};
        s = take(ctx, e, key);
    }
    if (s == ST_OK && rc != SQLITE_DONE) s = work_failed(x->db, x->found, "looking for documents");
    sqlite3_finalize(st);
    sqlite3_free(sql);
    return s;
}

void staged_close(staged_work *x)
{
    sqlite3_stmt **const all[] = {&x->find, &x->see, &x->note, &x->letter, &x->pattern, &x->fields};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        sqlite3_finalize(*all[i]);
        *all[i] = NULL;
    }
}

status staged_end(const staged_work *x)
{
    static const char sql[] =
        "DROP TABLE IF EXISTS main.documents_seen; DROP INDEX IF EXISTS main.letter_document; COMMIT";
    return sqlite3_exec(x->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? ST_OK
               : work_failed(x->db, x->found, "clearing the work file");
}
