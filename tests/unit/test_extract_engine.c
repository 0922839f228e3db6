/* The export engine over tables in memory: the same bytes for any number of threads, every loss accounted for, nothing
 * left behind when a run fails. */
#include "base/partial_folder.h"
#include "extract/extract.h"
#include "fake_source.h"
#include "folder.h"
#include "testing.h"

static const char out_name[] = "test_extract_out", partial_name[] = "test_extract_out.partial";

static extract_options plain_options(unsigned threads)
{
    return (extract_options){.out = out_name, .threads = threads};
}

static int clean(void **state)
{
    (void)state;
    folder_remove(out_name);
    folder_remove(partial_name);
    return 0;
}

/* One run into a folder that is free; the result is freed. */
static extract_end run(fake_source *s, const extract_options *o, extract_result *keep)
{
    extract_result r;
    folder_remove(o->out);
    extract_end end = extract_run(&s->base, o, s->found, &r);
    if (keep)
        *keep = r;
    else
        extract_result_free(&r);
    return end;
}

static void assert_has(const char *file, const char *line)
{
    buf b = file_text(out_name, file);
    if (!strstr(b.p, line)) fail_msg("%s lacks \"%s\":\n%.2000s", file, line, b.p);
    buf_free(&b);
}

static void add_many_tables(fake_source *s)
{
    fake_init(s);
    fake_add(s, "dbo", "empty", "dbo.empty", 0, 1);
    fake_table *big = fake_add(s, "dbo", "big", "dbo.big", 400, 500); /* many chunks */
    big->large_every = 5003;
    big->large_bytes = 200000;
    big->lost_at = 77777;
    big->unreadable_at = 123456;
    big->broken_at = 5003 * 7;
    fake_table *huge = fake_add(s, "dbo", "huge", "dbo.huge", 3, 2);
    huge->large_every = 3;
    huge->large_bytes = 14 << 20; /* a row that fits into no buffer */
    fake_add(s, "x", "small", "x.small", 2, 10);
}

static void output_does_not_depend_on_threads(void **state)
{
    (void)state;
    const unsigned threads[] = {1, 2, 4};
    const char *const folder[] = {"test_extract_1", "test_extract_2", "test_extract_4"};
    for (size_t i = 0; i < 3; i++) {
        fake_source s;
        add_many_tables(&s);
        extract_options o = plain_options(threads[i]);
        o.out = folder[i];
        assert_int_equal(run(&s, &o, NULL), EXTRACT_DONE);
        assert_true(s.verified);
        fake_free(&s);
    }
    folders_equal(folder[0], folder[1]);
    folders_equal(folder[0], folder[2]);
    for (size_t i = 0; i < 3; i++) folder_remove(folder[i]);
}

static void rows_lost_are_counted_and_listed(void **state)
{
    (void)state;
    fake_source s;
    extract_result r;
    add_many_tables(&s);
    extract_options o = plain_options(2);
    assert_int_equal(run(&s, &o, &r), EXTRACT_DONE);
    const table_result *big = &r.table[1];
    assert_int_equal(big->written, 200000 - 3);
    assert_int_equal(big->unreadable, 3);
    assert_int_equal(big->cells, 2);
    assert_int_equal(big->state, TABLE_PARTIAL);
    assert_int_equal(r.table[0].state, TABLE_OK);
    assert_has("_tables.csv", "dbo,big,dbo.big.csv,200000,199997,3,heap,none,partial,");
    assert_has("_tables.csv", "dbo,empty,dbo.empty.csv,0,0,0,heap,none,ok,\r\n");
    assert_has("_unreadable.csv", "dbo.big,1,2469,6,name,GEN-002,\r\n");
    assert_has("_unreadable.csv", "dbo.big,1,700,21,note,OUT-415,\r\n");
    assert_has("dbo.empty.csv", "id,name,amount,day,note,photo\r\n");
    assert_has("_types.json",
               "\"dbo.big\": {\"rows\":199997,\"columns\":[{\"name\":\"id\",\"type\":\"int\",\"sure\":true}");
    extract_result_free(&r);
    fake_free(&s);
}

static void fields_are_written_as_documented(void **state)
{
    (void)state;
    fake_source s;
    fake_init(&s);
    fake_add(&s, "x", "small", "x.small", 1, 4);
    extract_options o = plain_options(1);
    assert_int_equal(run(&s, &o, NULL), EXTRACT_DONE);
    buf b = file_text(out_name, "x.small.csv");
    assert_string_equal(b.p, "id,name,amount,day,note,photo\r\n"
                             "0,\"name, \"\"0\"\"\",0.00,1900-01-01,\"\",0x01ff\r\n"
                             "1,\"name, \"\"1\"\"\",0.07,1900-01-02,\"\",0x01ff\r\n"
                             "2,\"name, \"\"2\"\"\",0.14,1900-01-03,\"\",0x01ff\r\n"
                             "3,,0.21,1900-01-04,\"\",0x01ff\r\n");
    buf_free(&b);
    fake_free(&s);
}

/* A streamed text: between quotes, every quote in it doubled, nothing cut. */
static void large_values_are_streamed_whole(void **state)
{
    (void)state;
    fake_source s;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    t->large_every = 1;
    t->large_bytes = 20 << 20;
    extract_options o = plain_options(1);
    assert_int_equal(run(&s, &o, NULL), EXTRACT_DONE);
    buf b = file_text(out_name, "dbo.t.csv");
    const size_t note = 20 << 20, quotes = note / 61, photo = note / 4;
    const char *head = "id,name,amount,day,note,photo\r\n0,\"name, \"\"0\"\"\",0.00,1900-01-01,\"";
    assert_memory_equal(b.p, head, strlen(head));
    assert_int_equal(b.n, strlen(head) + note + quotes + strlen("\",0x") + photo * 2 + strlen("\r\n"));
    assert_memory_equal(b.p + strlen(head) + note + quotes, "\",0x616263", 10);
    buf_free(&b);
    fake_free(&s);
}

static void salvage_writes_rows_with_holes(void **state)
{
    (void)state;
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 4, 25);
    t->unreadable_at = 12;
    t->large_every = 30;
    t->large_bytes = 14 << 20;
    t->broken_at = 60;
    extract_options o = plain_options(2);
    o.salvage = true;
    assert_int_equal(run(&s, &o, &r), EXTRACT_DONE);
    assert_int_equal(r.table[0].written, 100);
    assert_int_equal(r.table[0].unreadable, 0);
    assert_int_equal(r.table[0].holed, 2);
    assert_int_equal(r.table[0].state, TABLE_PARTIAL);
    assert_has("dbo.t.csv", "\r\n12,,0.84,1900-01-13,\"\",0x01ff\r\n");
    assert_has("dbo.t.csv", "\r\n60,\"name, \"\"60\"\"\",4.20,1900-03-02,,0x");
    assert_has("_unreadable.csv", "dbo.t,1,0,12,name,GEN-002,\r\n");
    assert_has("_unreadable.csv", "dbo.t,1,1,10,note,OUT-415,\r\n");
    extract_result_free(&r);
    fake_free(&s);
}

static void a_broken_value_leaves_no_half_row(void **state)
{
    (void)state;
    for (uint64_t bytes = 100000; bytes <= 30 << 20; bytes *= 300) {
        fake_source s;
        fake_init(&s);
        fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 3);
        t->large_every = 2;
        t->large_bytes = bytes;
        t->broken_at = 2;
        extract_options o = plain_options(1);
        assert_int_equal(run(&s, &o, NULL), EXTRACT_DONE);
        buf b = file_text(out_name, "dbo.t.csv");
        const char *end = "1,\"name, \"\"1\"\"\",0.07,1900-01-02,\"\",0x01ff\r\n";
        assert_string_equal(b.p + b.n - strlen(end), end);
        assert_has("_tables.csv", "dbo,t,dbo.t.csv,3,2,1,heap,none,partial,");
        buf_free(&b);
        fake_free(&s);
    }
}

static void binary_values_go_to_files_when_asked(void **state)
{
    (void)state;
    fake_source s;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 2, 2);
    t->large_every = 2;
    t->large_bytes = 100000;
    extract_options o = plain_options(2);
    o.lobs_as_files = true;
    assert_int_equal(run(&s, &o, NULL), EXTRACT_DONE);
    assert_has("dbo.t.csv", ",dbo.t.lobs/1-1_photo.bin\r\n");
    buf b = file_text("test_extract_out/dbo.t.lobs", "1-2_photo.bin"),
        c = file_text("test_extract_out/dbo.t.lobs", "1-1_photo.bin");
    assert_true(sv_eq(buf_view(&b), SV_LIT("\x01\xff")));
    assert_int_equal(c.n, 25000);
    buf_free(&b);
    buf_free(&c);
    fake_free(&s);
}

static void a_broken_value_leaves_no_file(void **state)
{
    (void)state;
    fake_source s;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    t->large_every = 1;
    t->large_bytes = 100000;
    t->broken_at = 0;
    extract_options o = plain_options(1);
    o.lobs_as_files = true;
    assert_int_equal(run(&s, &o, NULL), EXTRACT_DONE);
    assert_false(os_exists("test_extract_out/dbo.t.lobs/1-1_photo.bin"));
    fake_free(&s);
}

static void missing_rows_without_a_place_are_unreadable(void **state)
{
    (void)state;
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 10);
    t->info.rows_expected = 12;
    extract_options o = plain_options(1);
    assert_int_equal(run(&s, &o, &r), EXTRACT_DONE);
    assert_int_equal(r.table[0].unreadable, 2);
    assert_int_equal(r.table[0].state, TABLE_PARTIAL);
    assert_int_equal(findings_count(s.found, F_OUT_ROWS_MISSING), 1);
    assert_has("_findings.csv", "OUT-406,loss,dbo.t,,,,,1,");
    extract_result_free(&r);
    fake_free(&s);
}

static void more_rows_than_expected_are_a_warning(void **state)
{
    (void)state;
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 10);
    t->info.rows_expected = 9;
    extract_options o = plain_options(1);
    assert_int_equal(run(&s, &o, &r), EXTRACT_DONE);
    assert_int_equal(r.table[0].written, 10);
    assert_int_equal(r.table[0].unreadable, 0);
    assert_int_equal(r.table[0].state, TABLE_OK);
    assert_true(r.table[0].reason.n > 0);
    assert_int_equal(findings_count(s.found, F_OUT_ROWS_MORE), 1);
    assert_int_equal(findings_worst(s.found), SEV_WARN);
    extract_result_free(&r);
    fake_free(&s);
}

static void a_table_that_ends_early_is_partial(void **state)
{
    (void)state;
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 10);
    t->ends_at = 4;
    fake_add(&s, "dbo", "u", "dbo.u", 1, 10);
    extract_options o = plain_options(1);
    assert_int_equal(run(&s, &o, &r), EXTRACT_DONE);
    assert_int_equal(r.table[0].written, 4);
    assert_int_equal(r.table[0].unreadable, 6);
    assert_int_equal(r.table[0].state, TABLE_PARTIAL);
    assert_int_equal(r.table[1].written, 10);
    extract_result_free(&r);
    fake_free(&s);
}

static void unsupported_tables_and_columns_are_named(void **state)
{
    (void)state;
    fake_source s;
    extract_result r;
    fake_init(&s);
    s.column[COL_PHOTO].unreadable = SV_LIT("it is a FILESTREAM column");
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 10);
    fake_table *u = fake_add(&s, "dbo", "u", "dbo.u", 1, 10);
    t->info.unreadable = SV_LIT("it is memory-optimized");
    assert_non_null(u);
    extract_options o = plain_options(1);
    assert_int_equal(run(&s, &o, &r), EXTRACT_DONE);
    assert_int_equal(r.table[0].state, TABLE_UNSUPPORTED);
    assert_int_equal(r.table[0].unreadable, 10);
    assert_false(os_exists("test_extract_out/dbo.t.csv"));
    assert_has("_tables.csv", "dbo,t,,10,0,10,heap,none,unsupported,it is memory-optimized\r\n");
    assert_int_equal(r.table[1].state, TABLE_PARTIAL);
    assert_int_equal(r.table[1].written, 10);
    assert_has("dbo.u.csv", "id,name,amount,day,note\r\n");
    assert_int_equal(findings_count(s.found, F_OUT_TABLE_UNSUPPORTED), 1);
    assert_int_equal(findings_count(s.found, F_OUT_COLUMN_LEFT_OUT), 1);
    extract_result_free(&r);
    fake_free(&s);
}

static void tables_are_chosen_in_any_letter_case(void **state)
{
    (void)state;
    const char *const full[] = {"DBO.T"}, *const bare[] = {"b\xC3\x84R"}, *const wrong[] = {"dbo.tt", "u"},
                      *const twice[] = {"U"};
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    fake_add(&s, "x", "b\xC3\xA4r", "x.b\xC3\xA4r", 1, 1);
    fake_add(&s, "x", "u", "x.u", 1, 1);
    fake_add(&s, "y", "u", "y.u", 1, 1);
    extract_options o = plain_options(1);
    o.tables = 1;
    o.table = full;
    assert_int_equal(run(&s, &o, &r), EXTRACT_DONE);
    assert_int_equal(r.tables, 1);
    assert_string_equal(r.table[0].file.p, "dbo.t.csv");
    extract_result_free(&r);
    o.table = bare;
    assert_int_equal(run(&s, &o, NULL), EXTRACT_DONE);
    o.table = wrong;
    o.tables = 2;
    assert_int_equal(run(&s, &o, NULL), EXTRACT_NO_TABLE);
    assert_false(os_exists(out_name));
    assert_int_equal(findings_count(s.found, F_CLI_NO_SUCH_TABLE), 1);
    assert_non_null(strstr(findings_kind(s.found, 0)->item[0].b.p, "dbo.t?"));
    assert_int_equal(findings_count(s.found, F_CLI_TABLE_AMBIGUOUS), 1);
    o.table = twice;
    o.tables = 1;
    assert_int_equal(run(&s, &o, NULL), EXTRACT_NO_TABLE);
    fake_free(&s);
}

static void existing_output_is_never_touched(void **state)
{
    (void)state;
    const char *why = "";
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_add(&s, "dbo", "t", "dbo.t", 1, 1);
    extract_options o = plain_options(1);
    assert_true(os_make_folder(out_name, &why));
    assert_int_equal(extract_run(&s.base, &o, s.found, &r), EXTRACT_DONE); /* empty: taken */
    extract_result_free(&r);
    buf before = file_text(out_name, "dbo.t.csv");
    assert_int_equal(extract_run(&s.base, &o, s.found, &r), EXTRACT_NO_OUTPUT);
    extract_result_free(&r);
    assert_int_equal(findings_count(s.found, F_OUT_EXISTS), 1);
    assert_false(os_exists(partial_name));
    buf after = file_text(out_name, "dbo.t.csv");
    assert_true(sv_eq(buf_view(&before), buf_view(&after)));
    buf_free(&before);
    buf_free(&after);
    folder_remove(out_name);
    assert_true(os_make_folder(partial_name, &why));
    buf mine = buf_new(4096);
    buf_printf(&mine, "%s/mine.txt", partial_name);
    buf_char(&mine, '\0');
    assert_true(os_close(os_create(mine.p, &why), &why));
    assert_int_equal(extract_run(&s.base, &o, s.found, &r), EXTRACT_NO_OUTPUT);
    extract_result_free(&r);
    assert_int_equal(findings_count(s.found, F_OUT_PARTIAL_EXISTS), 1);
    assert_true(os_exists(mine.p));
    buf_free(&mine);
    fake_free(&s);
}

/* A folder with our mark that nobody holds: the process that made it is dead. */
static void what_a_dead_run_left_is_removed(void **state)
{
    (void)state;
    const char *why = "";
    findings *f = findings_new();
    partial_folder *alive = partial_folder_new(out_name, f);
    assert_non_null(alive);
    assert_null(partial_folder_new(out_name, f));
    assert_int_equal(findings_count(f, F_OUT_PARTIAL_EXISTS), 1);
    buf work = buf_new(4096);
    buf_printf(&work, "%s/work.db", partial_folder_path(alive));
    buf_char(&work, '\0');
    assert_true(os_close(os_create(work.p, &why), &why));
    partial_folder_free(alive); /* lets go of the mark, as dying does */
    partial_folder *next = partial_folder_new(out_name, f);
    assert_non_null(next);
    assert_int_equal(findings_count(f, F_DEL_STALE_REMOVED), 1);
    assert_false(os_exists(work.p));
    assert_true(partial_folder_discard(next));
    partial_folder_free(next);
    buf_free(&work);
    findings_free(f);
}

static void a_dying_source_leaves_nothing(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads *= 2) {
        fake_source s;
        add_many_tables(&s);
        s.table[1].fatal_at = 150000;
        extract_options o = plain_options(threads);
        assert_int_equal(run(&s, &o, NULL), EXTRACT_NO_SOURCE);
        assert_false(os_exists(out_name));
        assert_false(os_exists(partial_name));
        fake_free(&s);
    }
}

static void a_dying_source_leaves_no_value_files(void **state)
{
    (void)state;
    fake_source s;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 2, 300);
    t->fatal_at = 580;
    extract_options o = plain_options(2);
    o.lobs_as_files = true;
    assert_int_equal(run(&s, &o, NULL), EXTRACT_NO_SOURCE);
    assert_false(os_exists(partial_name));
    fake_free(&s);
}

static bool stop_after_some(void *ctx)
{
    int *left = ctx;
    return --*left < 0;
}

static void a_cancelled_run_leaves_nothing(void **state)
{
    (void)state;
    for (int batches = 0; batches < 300; batches += 60) {
        int left = batches;
        fake_source s;
        add_many_tables(&s);
        extract_options o = plain_options(1);
        o.cancelled = stop_after_some;
        o.ctx = &left;
        assert_int_equal(run(&s, &o, NULL), EXTRACT_CANCELLED);
        assert_false(os_exists(out_name));
        assert_false(os_exists(partial_name));
        fake_free(&s);
    }
}

typedef struct seen {
    extract_progress last;
    unsigned calls;
} seen;

static void see(void *ctx, const extract_progress *p)
{
    seen *x = ctx;
    assert_true(p->bytes >= x->last.bytes && p->rows >= x->last.rows && p->tables >= x->last.tables);
    x->last = *p;
    x->calls++;
}

static void progress_ends_at_its_total(void **state)
{
    (void)state;
    seen x = {0};
    fake_source s;
    add_many_tables(&s);
    extract_options o = plain_options(2);
    o.progress = see;
    o.ctx = &x;
    assert_int_equal(run(&s, &o, NULL), EXTRACT_DONE);
    assert_int_equal(x.last.stage, STAGE_FINISH);
    assert_int_equal(x.last.tables, 4);
    assert_int_equal(x.last.tables_total, 4);
    assert_true(x.last.bytes == x.last.bytes_total);
    assert_true(x.calls > 100);
    fake_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(output_does_not_depend_on_threads, clean, clean),
        cmocka_unit_test_setup_teardown(rows_lost_are_counted_and_listed, clean, clean),
        cmocka_unit_test_setup_teardown(fields_are_written_as_documented, clean, clean),
        cmocka_unit_test_setup_teardown(large_values_are_streamed_whole, clean, clean),
        cmocka_unit_test_setup_teardown(salvage_writes_rows_with_holes, clean, clean),
        cmocka_unit_test_setup_teardown(a_broken_value_leaves_no_half_row, clean, clean),
        cmocka_unit_test_setup_teardown(binary_values_go_to_files_when_asked, clean, clean),
        cmocka_unit_test_setup_teardown(a_broken_value_leaves_no_file, clean, clean),
        cmocka_unit_test_setup_teardown(missing_rows_without_a_place_are_unreadable, clean, clean),
        cmocka_unit_test_setup_teardown(more_rows_than_expected_are_a_warning, clean, clean),
        cmocka_unit_test_setup_teardown(a_table_that_ends_early_is_partial, clean, clean),
        cmocka_unit_test_setup_teardown(unsupported_tables_and_columns_are_named, clean, clean),
        cmocka_unit_test_setup_teardown(tables_are_chosen_in_any_letter_case, clean, clean),
        cmocka_unit_test_setup_teardown(what_a_dead_run_left_is_removed, clean, clean),
        cmocka_unit_test_setup_teardown(existing_output_is_never_touched, clean, clean),
        cmocka_unit_test_setup_teardown(a_dying_source_leaves_nothing, clean, clean),
        cmocka_unit_test_setup_teardown(a_dying_source_leaves_no_value_files, clean, clean),
        cmocka_unit_test_setup_teardown(a_cancelled_run_leaves_nothing, clean, clean),
        cmocka_unit_test_setup_teardown(progress_ends_at_its_total, clean, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
