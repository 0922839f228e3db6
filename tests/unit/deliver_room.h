/* A destination made of texts, staged records in memory, and the bundle that comes of them. */
#ifndef TESTS_DELIVER_ROOM_H
#define TESTS_DELIVER_ROOM_H

#include "base/zone.h"
#include "chart/chart.h"
#include "deliver/deliver.h"
#include "folder.h"
#include "schema/emitters.h"
#include <sqlite3.h>

#define DELIVER_ROOM   "deliver_room.tmp"
#define DELIVER_FOLDER DELIVER_ROOM "/crm"
#define DELIVER_RUN    DELIVER_ROOM "/run"

typedef struct deliver_room {
    arena *mem;
    problems wrong;
    findings *found;
    ledger *counts;
    rejects *out;
    sqlite3 *db;
    deliver_run run;
    destination_options options;
    const destination *d;
    delivery *to;
    const delivered_file *file;
    size_t files;
} deliver_room;

static inline void room_write(const char *name, const char *text)
{
    char path[256];
    const char *why = "";
    snprintf(path, sizeof path, "%s/%s", DELIVER_FOLDER, name);
    if (os_exists(path)) assert_true(os_remove(path));
    os_out *o = os_create(path, &why);
    assert_non_null(o);
    assert_true(os_write(o, text, strlen(text), &why) && os_close(o, &why));
}

static inline void room_sql(const deliver_room *x, const char *text)
{
    char *why = NULL;
    if (sqlite3_exec(x->db, text, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s", text, why);
}

/* As profile_stage makes it. */
static inline void room_stage(const deliver_room *x, const char *entity)
{
    const model_entity *e = model_entity_named(sv_from(entity));
    assert_non_null(e);
    buf b = buf_new(65536);
    buf_printf(&b, "CREATE TABLE \"%s\" (source_key TEXT PRIMARY KEY, src_table, src_key TEXT UNIQUE", entity);
    for (size_t i = 0; i < e->fields; i++) buf_printf(&b, ", \"%s\"", e->field[i].name);
    buf_add(&b, ")", 2);
    assert_false(b.failed);
    room_sql(x, b.p);
    buf_free(&b);
}

static inline int room_start(void **state)
{
    deliver_room *x = calloc(1, sizeof *x);
    const char *why = "";
    assert_non_null(x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    x->found = findings_new();
    x->counts = ledger_new();
    assert_int_equal(sqlite3_open(":memory:", &x->db), SQLITE_OK);
    if (os_exists(DELIVER_ROOM)) folder_remove(DELIVER_ROOM);
    assert_true(os_make_folder(DELIVER_ROOM, &why) && os_make_folder(DELIVER_FOLDER, &why) &&
                os_make_folder(DELIVER_RUN, &why));
    x->out = rejects_new(DELIVER_RUN, x->found);
    room_write("destination.yaml", "id: crm\ntitle: A CRM\nschema: 1\n");
    *state = x;
    return 0;
}

static inline int room_end(void **state)
{
    deliver_room *x = *state;
    delivery_free(x->to);
    rejects_free(x->out);
    ledger_free(x->counts);
    findings_free(x->found);
    arena_free(x->mem);
    sqlite3_close(x->db);
    free(x);
    folder_remove(DELIVER_ROOM);
    return 0;
}

static inline const destination *room_load(deliver_room *x)
{
    x->options.package = schema_emitter_keys(x->mem, &x->options.packages);
    x->wrong.n = 0;
    x->d = destination_load_with(DELIVER_FOLDER, &x->options, x->mem, &x->wrong);
    return x->d;
}

static inline void room_show_problems(const deliver_room *x)
{
    buf b = buf_new(1 << 16);
    problems_text(&x->wrong, &b);
    fail_msg("%.*s", (int)b.n, b.p ? b.p : "");
}

static inline bool room_begin(deliver_room *x)
{
    if (!room_load(x)) room_show_problems(x);
    const char *folder = DELIVER_RUN;
    const zone *clocks = x->run.zone;
    sv charts = x->run.chart_table;
    x->run = (deliver_run){.work = x->db,
                           .folder = folder,
                           .counts = x->counts,
                           .found = x->found,
                           .out = x->out,
                           .system = SV_LIT("X"),
                           .chart_table = charts,
                           .zone = clocks,
                           .mem = x->mem};
    x->run.emitter = schema_emitters(&x->run.emitters);
    x->to = delivery_begin(x->d, &x->run);
    return x->to != NULL;
}

/* What was found, for a test that is about to fail. */
static inline void room_show_findings(const deliver_room *x)
{
    for (size_t i = 0; i < findings_kinds(x->found); i++) {
        const finding *f = findings_kind(x->found, i)->item;
        buf b = buf_new(1 << 16);
        finding_render(&b, finding_text_of(f->code)->happened, f, 1);
        print_message("%s %.*s\n", finding_text_of(f->code)->id, (int)b.n, b.p);
        buf_free(&b);
    }
}

static inline void room_finish(deliver_room *x)
{
    const rejects_file *list = NULL;
    size_t n = 0;
    status s = delivery_finish(x->to);
    if (s != ST_OK) room_show_findings(x);
    assert_int_equal(s, ST_OK);
    assert_int_equal(delivery_clear(x->to), ST_OK);
    assert_int_equal(delivery_files(x->to, &x->file, &x->files), ST_OK);
    assert_int_equal(rejects_finish(x->out, &list, &n), ST_OK);
    assert_true(ledger_balanced(x->counts, x->found));
}

static inline void room_expect(const char *name, const char *text)
{
    buf b = file_text(DELIVER_RUN, name);
    assert_string_equal(b.p, text);
    buf_free(&b);
}

static inline bool room_holds(const char *name, const char *text)
{
    buf b = file_text(DELIVER_RUN, name);
    bool found = strstr(b.p, text) != NULL;
    buf_free(&b);
    return found;
}

static inline uint64_t room_count(const deliver_room *x, const char *label, ledger_count what)
{
    size_t line = ledger_line_of(x->counts, LEDGER_OBJECT, sv_from(label), SV_LIT(""));
    return ledger_at(x->counts, line)->count[what];
}

#endif
