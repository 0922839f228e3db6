/* Snapshots: what was written comes back, and what is no snapshot is told so. */
#include "registry/registry.h"
#include "snapshot/snapshot.h"
#include "testing.h"
#include <stdlib.h>
#include <string.h>

typedef struct opened_text {
    byte_source *file;
    row_source *source;
    findings *found;
    status st;
} opened_text;

static opened_text open_text(sv text)
{
    opened_text x = {.found = findings_new()};
    x.file = byte_source_memory(text.p, text.n, "practice.json");
    assert_non_null(x.file);
    const open_args a = {.file = &x.file, .files = 1};
    x.st = source_open(&a, x.found, &x.source);
    return x;
}

static void close_text(opened_text *x)
{
    if (x->source) x->source->ops->close(x->source);
    byte_source_close(x->file);
    findings_free(x->found);
}

static const uint16_t first[] = {0}, both[] = {0, 1};
static const sv ref[] = {{"ID", 2}};
static const key_info keys[] = {{.name = SV_LIT("PK"), .kind = KEY_PRIMARY, .column = both, .columns = 2},
                                {.kind = KEY_FOREIGN,
                                 .column = first,
                                 .columns = 1,
                                 .ref_schema = SV_LIT("dbo"),
                                 .ref_table = SV_LIT("u"),
                                 .ref_column = ref}};
static const column_info columns[] = {
    {.name = SV_LIT("ID"), .type_name = SV_LIT("int"), .type = T_INT, .precision = 10, .identity = true},
    {.name = SV_LIT("Ad\xC4\xB1"),
     .type_name = SV_LIT("nvarchar(max)"),
     .type = T_TEXT,
     .max_bytes = -1,
     .nullable = true}};
static const table_info tables[] = {{.schema = SV_LIT("dbo"),
                                     .name = SV_LIT("Hasta"),
                                     .full_name = SV_LIT("dbo.Hasta"),
                                     .column = columns,
                                     .columns = 2,
                                     .key = keys,
                                     .keys = 2,
                                     .rows_expected = 7,
                                     .bytes = 8192,
                                     .storage = SV_LIT("heap")}};
static const catalog list = {tables, 1};
static const snapshot_count shapes[] = {{SV_LIT("Aaaa"), 5}}, codes[] = {{SV_LIT("\"x\""), 6}};
static const column_facts facts_of_columns[] = {
    {.filled = 7, .distinct = 7, .withheld = SV_LIT("keys"), .digits_min = 1, .digits_max = 4},
    {.filled = 6,
     .null = 1,
     .distinct = 3000,
     .distinct_estimated = true,
     .shortest = 4,
     .longest = 9,
     .look = {[LOOKS_WORD] = 6},
     .shape = shapes,
     .shapes = 1,
     .other_shapes = 1,
     .code = codes,
     .codes = 1,
     .first_year = 2001,
     .last_year = 2020,
     .placeholder_dates = 3,
     .timed = 2}};
static table_facts facts_of_tables[] = {{.rows = 7, .unreadable = 1, .column = facts_of_columns}};
static const source_facts facts = {facts_of_tables, 1};
static const source_info info = {
    .kind = SV_LIT("SQL Server backup"), .database = SV_LIT("Klinik"), .database_version = 869};

static buf written(void)
{
    buf out = buf_new((size_t)1 << 20);
    assert_true(snapshot_write(&info, &list, &facts, &out));
    return out;
}

static void what_was_written_comes_back(void **state)
{
    (void)state;
    buf text = written();
    opened_text x = open_text(buf_view(&text));
    const catalog *c;
    assert_int_equal(x.st, ST_OK);
    assert_int_equal(x.source->ops->catalog(x.source, &c), ST_OK);
    const table_info *t = &c->table[0];
    assert_int_equal(c->tables, 1);
    assert_true(sv_eq(t->full_name, SV_LIT("dbo.Hasta")));
    assert_int_equal(t->rows_expected, 7);
    assert_int_equal(t->columns, 2);
    assert_int_equal(t->column[0].type, T_INT);
    assert_true(t->column[0].identity);
    assert_true(sv_eq(t->column[1].name, columns[1].name));
    assert_true(sv_eq(t->column[1].type_name, SV_LIT("nvarchar(max)")));
    assert_int_equal(t->column[1].max_bytes, -1);
    assert_int_equal(t->keys, 2);
    assert_int_equal(t->key[0].column[1], 1);
    assert_int_equal(t->key[1].kind, KEY_FOREIGN);
    assert_true(sv_eq(t->key[1].ref_table, SV_LIT("u")));
    const source_facts *f = snapshot_facts(x.source);
    assert_non_null(f);
    assert_int_equal(f->table[0].rows, 7);
    const column_facts *a = &f->table[0].column[1], *b = &facts_of_columns[1];
    assert_int_equal(a->filled, b->filled);
    assert_int_equal(a->null, 1);
    assert_int_equal(a->distinct, 3000);
    assert_true(a->distinct_estimated);
    assert_int_equal(a->longest, 9);
    assert_int_equal(a->look[LOOKS_WORD], 6);
    assert_true(a->shapes == 1 && sv_eq(a->shape[0].text, SV_LIT("Aaaa")) && a->shape[0].rows == 5);
    assert_true(a->codes == 1 && sv_eq(a->code[0].text, SV_LIT("\"x\"")));
    assert_int_equal(a->last_year, 2020);
    assert_int_equal(f->table[0].column[0].digits_max, 4);
    assert_true(sv_eq(x.source->ops->info(x.source)->database, SV_LIT("Klinik")));
    close_text(&x);
    buf_free(&text);
}

static void names_that_may_be_data_are_not_written(void **state)
{
    (void)state;
    facts_of_tables[0].names_withheld = true;
    buf text = written();
    facts_of_tables[0].names_withheld = false;
    buf_char(&text, '\0');
    assert_null(strstr(text.p, "\"Ad"));
    assert_non_null(strstr(text.p, "\"column_2\""));
    buf_free(&text);
}

static void rows_are_refused_with_advice(void **state)
{
    (void)state;
    buf text = written();
    opened_text x = open_text(buf_view(&text));
    const scan_request q = {.table = 0};
    row_cursor *c = NULL;
    assert_int_equal(x.source->ops->scan(x.source, &q, &c), ST_FATAL);
    assert_null(c);
    assert_int_equal(findings_count(x.found, F_SNAPSHOT_NO_ROWS), 1);
    close_text(&x);
    buf_free(&text);
}

static void assert_refused(const char *text, finding_code code)
{
    opened_text x = open_text(sv_from(text));
    if (x.st != ST_FATAL || !findings_count(x.found, code)) fail_msg("taken: %s", text);
    close_text(&x);
}

#define HEAD "{\"chartferry_snapshot\": 1, \"tables\": ["

static void what_is_no_snapshot_is_told_so(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{\"chartferry_snapshot\": 1}",
        "{\"chartferry_snapshot\": \"1\", \"tables\": []}",
        "{\"chartferry_snapshot\": 0, \"tables\": []}",
        HEAD,
        HEAD "7]}",
        HEAD "{\"name\": 7, \"full_name\": \"t\", \"columns\": []}]}",
        HEAD "{\"name\": \"t\", \"full_name\": \"t\", \"rows\": -1, \"columns\": []}]}",
        HEAD "{\"name\": \"t\", \"full_name\": \"t\", \"columns\": [{\"name\": \"a\"}]}]}",
        HEAD "{\"name\": \"t\", \"full_name\": \"t\", \"columns\": [], \"keys\": [{\"kind\": \"primary\", \"columns\": "
             "[\"a\"]}]}]}",
        HEAD
        "{\"name\": \"t\", \"full_name\": \"t\", \"columns\": [{\"name\": \"a\", \"kind\": \"int\", \"facts\": 1}]}]}",
        HEAD "{\"name\": \"t\", \"full_name\": \"t\", \"columns\": [{\"name\": \"a\", \"kind\": \"int\", \"facts\": "
             "{\"shapes\": [[1, 1]]}}]}]}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) assert_refused(wrong[i], F_SNAPSHOT_WRONG);
    assert_refused("{\"chartferry_snapshot\": 2, \"tables\": []}", F_SNAPSHOT_VERSION);
}

static void a_file_that_would_fill_memory_is_refused(void **state)
{
    (void)state;
    buf text = buf_new((size_t)8 << 20);
    buf_str(&text, HEAD);
    for (size_t i = 0; i < 600000; i++) buf_str(&text, "{},");
    buf_str(&text, "{}]}");
    buf_char(&text, '\0');
    assert_refused(text.p, F_SNAPSHOT_WRONG);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_comes_back),
        cmocka_unit_test(names_that_may_be_data_are_not_written),
        cmocka_unit_test(rows_are_refused_with_advice),
        cmocka_unit_test(what_is_no_snapshot_is_told_so),
        cmocka_unit_test(a_file_that_would_fill_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
