/* What bundles travel by: passphrases, names of parts, names that may be read. */
#include "archive/member_name.h"
#include "base/platform.h"
#include "pack/part_form.h"
#include "pack/part_writer.h"
#include "pack/passphrase.h"
#include "testing.h"

static void passphrases_are_made_of_every_letter_and_never_twice(void **state)
{
    (void)state;
    enum { MADE = 400 };
    static passphrase p[MADE];
    unsigned seen[128] = {0};
    findings *f = findings_new();
    for (size_t i = 0; i < MADE; i++) {
        assert_true(passphrase_for_new(NULL, &p[i], f));
        assert_true(p[i].generated);
        assert_int_equal(strlen(p[i].text), 29);
        for (const char *c = p[i].text; *c; c++) seen[(unsigned char)*c]++;
        for (size_t k = 0; k < i; k++) assert_string_not_equal(p[i].text, p[k].text);
    }
    /* 10,000 letters of 31: each some 320 times. */
    unsigned letters = 0;
    for (unsigned c = 0; c < 128; c++) {
        if (!seen[c] || c == '-') continue;
        letters++;
        assert_in_range(seen[c], 200, 450);
    }
    assert_int_equal(letters, 31);
    assert_int_equal(seen['l'] + seen['o'] + seen['i'] + seen['0'] + seen['1'], 0);
    passphrase_forget(&p[0]);
    assert_int_equal(p[0].text[0], 0);
    findings_free(f);
}

static void endings_of_pieces_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned piece;
        size_t left;
    } known[] = {{"a.csv.001", 1, 5}, {"a.csv.1000", 1000, 5}, {"a.csv", 0, 5}, {"a.12", 0, 4},       {"x/a.00x", 0, 7},
                 {".001", 0, 4},      {"x/.001", 1, 2},        {"a.000", 0, 5}, {"a.20240101", 0, 10}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        sv name = sv_from(known[i].name);
        unsigned piece = part_piece_of(&name);
        assert_int_equal(piece, known[i].piece);
        if (piece) assert_int_equal(name.n, known[i].left);
    }
}

static void names_with_a_key_are_private(void **state)
{
    (void)state;
    static const char *const plain[] = {"manifest.json", "salesforce/09_Contact_Patient.csv", "state/zoho/Contacts.csv",
                                        "report.html", "canonical/canonical.xlsx"};
    static const char *const hidden[] = {"documents/documents/PP-PAT-1001/PP-DOC-2.jpg",
                                         "x/DD-LTP-1.pdf",
                                         "chartferry-index.json",
                                         "chartferry-part-1.json",
                                         "private-names.zip",
                                         "a.csv.001",
                                         "Kl\xC3\xBCver.csv",
                                         "a/../b",
                                         "con.txt"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) assert_true(part_name_is_plain(sv_from(plain[i])));
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) assert_false(part_name_is_plain(sv_from(hidden[i])));
    assert_false(part_name_is_plain((sv){NULL, 0}));
}

static void a_member_that_cannot_be_written_is_a_finding(void **state)
{
    (void)state;
    static char name[1200];
    file_digest d;
    findings *f = findings_new();
    memset(name, 'x', sizeof name);
    (void)os_remove("test_pack.zip");
    part_writer *w = part_writer_new(".", SV_LIT("test_pack.zip"), "five words that nobody would guess", f);
    assert_non_null(w);
    assert_true(part_writer_whole(w, SV_LIT("a"), SV_LIT("text")));
    assert_true(part_writer_whole(w, SV_LIT("empty"), (sv){"", 0}));
    assert_false(part_writer_begin(w, (sv){name, sizeof name}, 1));
    assert_int_equal(findings_count(f, F_PACK_MEMBER_FAILED), 1);
    assert_false(part_writer_close(w, &d));
    (void)os_remove("test_pack.zip");
    findings_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passphrases_are_made_of_every_letter_and_never_twice),
        cmocka_unit_test(endings_of_pieces_are_told),
        cmocka_unit_test(names_with_a_key_are_private),
        cmocka_unit_test(a_member_that_cannot_be_written_is_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
