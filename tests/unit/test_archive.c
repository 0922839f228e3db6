/* Dumps and backups inside archives, and archives that are made to harm. */
#include "base/limits.h"
#include "text_files.h"
#include <archive.h>
#include <archive_entry.h>

typedef struct member {
    const char *name;
    const char *text;
    size_t n;         /* 0: strlen(text) */
    const char *link; /* a symbolic link to this */
} member;

enum { ZIP, SEVEN_ZIP, TAR_GZ, LOCKED_ZIP };

static void put(struct archive *a, const member *m)
{
    struct archive_entry *e = archive_entry_new();
    size_t n = m->n ? m->n : m->text ? strlen(m->text) : 0;
    archive_entry_set_pathname(e, m->name);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_filetype(e, m->link ? AE_IFLNK : AE_IFREG);
    if (m->link)
        archive_entry_set_symlink(e, m->link);
    else
        archive_entry_set_size(e, (la_int64_t)n);
    assert_true(archive_write_header(a, e) >= ARCHIVE_WARN);
    for (size_t at = 0; at < n;) {
        la_ssize_t done = archive_write_data(a, m->text + at, n - at);
        assert_true(done > 0);
        at += (size_t)done;
    }
    archive_entry_free(e);
}

static void make(const char *path, int form, const member *m, size_t n)
{
    (void)os_remove(path);
    struct archive *a = archive_write_new();
    if (form == SEVEN_ZIP) {
        assert_int_equal(archive_write_set_format_7zip(a), ARCHIVE_OK);
    } else if (form == TAR_GZ) {
        assert_int_equal(archive_write_set_format_pax_restricted(a), ARCHIVE_OK);
        assert_int_equal(archive_write_add_filter_gzip(a), ARCHIVE_OK);
    } else
        assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
    if (form == LOCKED_ZIP) {
        assert_int_equal(archive_write_set_passphrase(a, "secret"), ARCHIVE_OK);
        assert_int_equal(archive_write_set_options(a, "zip:encryption=traditional"), ARCHIVE_OK);
    }
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    for (size_t i = 0; i < n; i++) put(a, &m[i]);
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
}

static const member dump_members[] = {
    {"export/dbo.Patient.csv", "Id,Name\r\n1,Ann\r\n2,Bo\r\n", 0, NULL},
    {"export/Fees.csv", "Code;Fee\n7210;1,5\n", 0, NULL},
    {"__MACOSX/export/._Fees.csv", "\x00\x05\x16\x07", 4, NULL},
    {"export/photo.jpg", "\xFF\xD8\xFF\xE0 no table", 0, NULL},
};

static void zip_7z_and_tar_gz_are_folders(void **state)
{
    (void)state;
    static const char *const paths[] = {"dump.zip", "dump.7z", "dump.tar.gz"};
    for (int form = ZIP; form <= TAR_GZ; form++) {
        make(paths[form], form, dump_members, 4);
        dump d = open_dump(paths[form]);
        assert_int_equal(d.status, ST_OK);
        assert_int_equal(d.tables->tables, 2);
        assert_string_equal(rows_of(&d, "dbo.Patient"), "1|Ann\n2|Bo\n");
        assert_string_equal(rows_of(&d, "Fees"), "7210|1,5\n");
        assert_int_equal(findings_count(d.found, F_CSV_FILE_SKIPPED), 1);
        close_dump(&d);
    }
}

static void gzip(const char *path, const char *p, size_t n)
{
    (void)os_remove(path);
    struct archive *a = archive_write_new();
    struct archive_entry *e = archive_entry_new();
    archive_write_set_format_raw(a);
    archive_write_add_filter_gzip(a);
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_pathname(e, "data");
    assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
    for (size_t at = 0; at < n; at += 1 << 20)
        assert_true(archive_write_data(a, p + at, n - at < 1 << 20 ? n - at : 1 << 20) > 0);
    archive_entry_free(e);
    archive_write_close(a);
    archive_write_free(a);
}

static void a_gzipped_file_has_its_own_name_without_the_ending(void **state)
{
    (void)state;
    static const char text[] = "Id,Name\n1,Ann\n";
    gzip("dbo.Patient.csv.gz", text, sizeof text - 1);
    dump d = open_dump("dbo.Patient.csv.gz");
    assert_string_equal(rows_of(&d, "dbo.Patient"), "1|Ann\n");
    close_dump(&d);
}

static void a_backup_inside_an_archive_inside_an_archive_is_read(void **state)
{
    (void)state;
    buf sample = file_text(CHARTFERRY_SAMPLES "/bak", "compressed.bak");
    const member inner[] = {{"nightly/clinic.bak", sample.p, sample.n, NULL}};
    make("clinic.zip", ZIP, inner, 1);
    buf zip = file_text(".", "clinic.zip");
    const member outer[] = {{"clinic.zip", zip.p, zip.n, NULL}};
    make("outer.7z", SEVEN_ZIP, outer, 1);
    dump d = open_dump("outer.7z");
    assert_int_equal(d.status, ST_OK);
    assert_true(d.tables->tables > 0);
    close_dump(&d);
    buf twice = file_text(".", "outer.7z");
    const member third[] = {{"outer.7z", twice.p, twice.n, NULL}};
    make("third.zip", ZIP, third, 1);
    d = open_dump("third.zip");
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, F_ARCHIVE_NESTED), 1);
    close_dump(&d);
    buf_free(&sample);
    buf_free(&zip);
    buf_free(&twice);
}

static void what_does_not_fit_into_memory_goes_to_a_file_without_a_name(void **state)
{
    (void)state;
    size_t n = ARCHIVE_MEMORY_BYTES + 12345;
    char *text = malloc(n);
    assert_non_null(text);
    for (size_t i = 0; i < n; i++) text[i] = i % 16 == 15 ? '\n' : i % 16 == 7 ? ',' : (char)('a' + i * 7 % 23);
    const member m[] = {
        {"a.csv", "Id,Name\n1,Ann\n", 0, NULL}, {"big.csv", text, n, NULL}, {"c.csv", "Id,Name\n2,Bo\n", 0, NULL}};
    make("big.zip", ZIP, m, 3);
    new_folder("work");
    findings *f = findings_new();
    gathered g;
    const char *path = "big.zip";
    assert_int_equal(gather(&path, 1, "work", f, &g), ST_OK);
    assert_int_equal(g.files, 3);
    assert_int_equal(findings_count(f, F_ARCHIVE_UNPACKED), 1);
    char *got = malloc(n);
    assert_non_null(got);
    assert_int_equal(byte_source_size(g.file[1]), n);
    assert_true(byte_source_exact(g.file[1], 0, got, n, f));
    assert_memory_equal(got, text, n);
    assert_true(byte_source_exact(g.file[2], 0, got, 13, f));
    assert_memory_equal(got, "Id,Name\n2,Bo\n", 13);
#ifndef _WIN32 /* where it has a name as long as it is open */
    folder_list l;
    folder_names("work", &l);
    assert_int_equal(l.n, 0);
    folder_names_free(&l);
#endif
    gathered_free(&g);
    assert_true(os_remove("work"));
    new_folder("work");
    findings_free(f);
    free(text);
    free(got);
    folder_remove("work");
}

static void expect_refused(const char *path, int form, const member *m, size_t n, finding_code code)
{
    make(path, form, m, n);
    dump d = open_dump(path);
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, code), 1);
    close_dump(&d);
}

static void paths_out_of_the_archive_and_links_are_refused(void **state)
{
    (void)state;
    static const member bad[][1] = {{{"../../evil.csv", "a,b\n", 0, NULL}}, {{"x/../../evil.csv", "a,b\n", 0, NULL}},
                                    {{"/etc/evil.csv", "a,b\n", 0, NULL}},  {{"C:\\evil.csv", "a,b\n", 0, NULL}},
                                    {{"..\\evil.csv", "a,b\n", 0, NULL}},   {{"link.csv", NULL, 0, "/etc/passwd"}}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_refused("evil.tar.gz", TAR_GZ, bad[i], 1, F_ARCHIVE_UNSAFE);
        expect_refused("evil.zip", ZIP, bad[i], 1, F_ARCHIVE_UNSAFE);
    }
}

static void an_encrypted_member_is_named(void **state)
{
    (void)state;
    make("locked.zip", LOCKED_ZIP, dump_members, 1);
    dump d = open_dump("locked.zip");
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, F_ARCHIVE_ENCRYPTED), 1);
    ASSERT_SV(findings_kind(d.found, 0)->item[0].a, "export/dbo.Patient.csv");
    close_dump(&d);
}

static void a_bomb_is_refused(void **state)
{
    (void)state;
    size_t n = (size_t)280 << 20;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, 'x', n);
    gzip("bomb.csv.gz", text, n);
    free(text);
    dump d = open_dump("bomb.csv.gz");
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, F_ARCHIVE_TOO_LARGE), 1);
    close_dump(&d);
}

static void damaged_and_empty_archives_are_told(void **state)
{
    (void)state;
    make("cut.zip", ZIP, dump_members, 2);
    buf b = file_text(".", "cut.zip");
    write_bytes("cut.zip", b.p, b.n / 3);
    dump d = open_dump("cut.zip");
    assert_int_equal(d.status, ST_FATAL);
    assert_int_equal(findings_count(d.found, F_ARCHIVE_BROKEN), 1);
    close_dump(&d);
    b.p[60] ^= 0x55; /* within the first member: its checksum must not fit */
    write_bytes("cut.zip", b.p, b.n);
    d = open_dump("cut.zip");
    assert_int_equal(d.status, ST_FATAL);
    close_dump(&d);
    buf_free(&b);
}

static void no_room_for_the_work_file_is_told(void **state)
{
    (void)state;
    size_t n = ARCHIVE_MEMORY_BYTES + 1;
    char *text = calloc(n, 1);
    assert_non_null(text);
    memset(text, 'x', n);
    const member m[] = {{"big.csv", text, n, NULL}};
    make("big.zip", ZIP, m, 1);
    free(text);
    findings *f = findings_new();
    gathered g;
    const char *path = "big.zip";
    assert_int_equal(gather(&path, 1, "there/is/no/such/folder", f, &g), ST_FATAL);
    assert_int_equal(findings_count(f, F_ARCHIVE_NO_SPACE), 1);
    gathered_free(&g);
    findings_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zip_7z_and_tar_gz_are_folders),
        cmocka_unit_test(a_gzipped_file_has_its_own_name_without_the_ending),
        cmocka_unit_test(a_backup_inside_an_archive_inside_an_archive_is_read),
        cmocka_unit_test(what_does_not_fit_into_memory_goes_to_a_file_without_a_name),
        cmocka_unit_test(paths_out_of_the_archive_and_links_are_refused),
        cmocka_unit_test(an_encrypted_member_is_named),
        cmocka_unit_test(a_bomb_is_refused),
        cmocka_unit_test(damaged_and_empty_archives_are_told),
        cmocka_unit_test(no_room_for_the_work_file_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
