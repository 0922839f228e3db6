/* A workbook when memory runs out, on the threads that pack too: each allocation in turn fails once, or it and all after it fail.
 * Whatever happens, the file is whole or is not there, the reason is told, and nothing leaks. */
#include "base/platform.h"
#include "failing_memory.h"
#include "testing.h"
#include "xlsx/xlsx_writer.h"

#define PATH "test_xlsx_out_of_memory.xlsx"

/* Two tables in turn, of several pieces each. */
static bool write_book(const char **why)
{
    const sv heading[] = {SV_LIT("number"), SV_LIT("text")};
    const unsigned width[] = {10, 20};
    xlsx_book *b = xlsx_create_book(PATH, ".");
    if (!b) {
        *why = "out of memory";
        return false;
    }
    size_t table[2];
    for (size_t i = 0; i < 2; i++) {
        table[i] = xlsx_table(b, i ? SV_LIT("two") : SV_LIT("one"), heading, 2);
        xlsx_widths(b, width, 2);
    }
    for (int64_t i = 0; i < 12000; i++) {
        if (i % 1500 == 0) xlsx_turn_to(b, table[i / 1500 % 2]);
        xlsx_row(b);
        (void)xlsx_integer(b, 0, i * 7919);
        (void)xlsx_text(b, 1, SV_LIT("some text & more"));
    }
    return xlsx_close(b, why);
}

static uint32_t file_sum(void)
{
    const char *why = "";
    unsigned char piece[4096];
    uint32_t sum = 0;
    os_file *f = os_open_read(PATH, &why);
    size_t got = 0;
    assert_non_null(f);
    for (uint64_t at = 0; os_read_at(f, at, piece, sizeof piece, &got, &why) && got; at += got)
        for (size_t i = 0; i < got; i++) sum = sum * 31 + piece[i];
    os_close_read(f);
    return sum;
}

/* Windows takes a path in UTF-16, and a place for that is asked for: where there is no memory any more, the half file stays. */
#ifdef _WIN32
static const bool removes_without_memory = false;
#else
static const bool removes_without_memory = true;
#endif

static void workbook_survives_any_failed_allocation(void **state)
{
    (void)state;
    const char *why = NULL;
    uint64_t all = 0, failed = 0;
    fail_from = fail_to = UINT64_MAX;
    (void)os_remove(PATH);
    assert_true(write_book(&why)); /* what is kept as long as the process is asked for once */
    assert_true(os_remove(PATH));
    asked = 0;
    live = 0;
    assert_true(write_book(&why));
    all = asked;
    assert_int_equal(live, 0);
    assert_true(all > 40);
    uint32_t whole = file_sum();
    assert_true(os_remove(PATH));
    for (int alone = 0; alone < 2; alone++)
        for (uint64_t n = 1; n <= all; n++) {
            why = NULL;
            asked = 0;
            fail_to = alone ? n + 1 : UINT64_MAX;
            fail_from = n;
            bool ok = write_book(&why);
            fail_from = UINT64_MAX;
            if (live != 0) fail_msg("allocation %llu failed: %lld blocks leak", (unsigned long long)n, (long long)live);
            if (ok && file_sum() != whole)
                fail_msg("allocation %llu failed: the workbook differs", (unsigned long long)n);
            if (!ok && (!why || (os_exists(PATH) && (alone || removes_without_memory))))
                fail_msg("allocation %llu failed: no reason, or half a file", (unsigned long long)n);
            failed += !ok;
            (void)os_remove(PATH);
        }
    assert_true(failed > all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(workbook_survives_any_failed_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
