/* Workbooks for import tools: read back by our own reader of XLSX, and the same bytes each time. */
#include "deliver_room.h"
#include "xlsx/xlsx_table.h"

#define PATH DELIVER_ROOM "/t.xlsx"

static void write_one(findings *f, const char *path)
{
    const sv heading[] = {{"Key", 3}, {"Day", 3}, {"At", 2}, {"N", 1}, {"Text", 4}};
    xlsx_table_file *t = xlsx_table_open(path, SV_LIT("01_T"), heading, 5, f);
    assert_non_null(t);
    xlsx_table_row(t);
    assert_true(xlsx_table_text(t, 0, SV_LIT("X-1")));
    assert_true(xlsx_table_moment(t, 1, SV_LIT("2024-02-29")));
    assert_true(xlsx_table_moment(t, 2, SV_LIT("2024-02-29 13:30:00")));
    assert_true(xlsx_table_number(t, 3, SV_LIT("-12.50")));
    assert_true(xlsx_table_text(t, 4, SV_LIT("a<b>&\"c\"\n d")));
    xlsx_table_row(t);
    assert_true(xlsx_table_text(t, 0, SV_LIT("X-2")));
    assert_true(xlsx_table_text(t, 4, SV_LIT("X-1")));
    assert_false(xlsx_table_moment(t, 1, SV_LIT("1899-01-01")));
    assert_false(xlsx_table_moment(t, 1, SV_LIT("2024-02-30")));
    assert_false(xlsx_table_number(t, 3, SV_LIT("1234567890123456")));
    assert_false(xlsx_table_number(t, 3, SV_LIT("1e5")));
    assert_false(xlsx_table_text(t, 4, SV_LIT("\x01")));
    assert_true(xlsx_table_close(t));
}

static void the_same_rows_give_the_same_bytes(void **state)
{
    deliver_room *x = *state;
    write_one(x->found, PATH);
    write_one(x->found, PATH "2");
    buf a = file_text(DELIVER_ROOM, "t.xlsx"), b = file_text(DELIVER_ROOM, "t.xlsx2");
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.p, b.p, a.n);
    assert_memory_equal(a.p, "PK\3\4", 4);
    buf_free(&a);
    buf_free(&b);
}

static void bundles_can_be_workbooks(void **state)
{
    deliver_room *x = *state;
    room_stage(x, "patient");
    room_sql(x, "INSERT INTO patient (source_key, src_table, src_key, last, birth_date, notes) VALUES ('X-PAT-1', 't', "
                "'1', 'Bo', "
                "'2001-02-03', NULL), ('X-PAT-2', 't', '2', 'Cy', '2001-02-03', 'a' || char(1)), ('X-PAT-3', 't', '3', "
                "'Cy', NULL, "
                "NULL)");
    room_write(
        "contact.yaml",
        "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nparts: {rows: 2}\nfields:\n  L: {from: last}\n"
        "  B: {from: birth_date}\n  N: {from: notes}\n");
    x->options.format = SV_LIT("xlsx");
    assert_true(room_begin(x));
    room_finish(x);
    assert_int_equal(x->files, 2);
    assert_true(sv_eq(x->file[0].path, SV_LIT("crm/01_Contact.xlsx")));
    assert_true(sv_eq(x->file[1].path, SV_LIT("crm/01_Contact_2.xlsx")));
    assert_int_equal(x->file[0].rows, 2);
    assert_int_equal(findings_count(x->found, F_DEL_NO_CELL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, room_start, room_end)
        T(the_same_rows_give_the_same_bytes),
        T(bundles_can_be_workbooks),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
