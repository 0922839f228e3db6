/* Contents of documents: bytes, hex text, large values, files; what leads out of the folder; what they are by their first
 * bytes. */
#include "content/content.h"
#include "content/content_type.h"
#include "folder.h"

/* ---- a source whose large values are this text, a few bytes at a time, and may break off ---- */

typedef struct text_source {
    row_source base;
    sv text;
    size_t step, breaks_at; /* breaks_at: SIZE_MAX: not */
    size_t at;
} text_source;

static status open_lob(row_source *s, const lob_ref *ref, lob_stream **out)
{
    (void)ref;
    ((text_source *)s)->at = 0;
    *out = (lob_stream *)(void *)s;
    return ST_OK;
}

static status read_lob(lob_stream *l, void *p, size_t room, size_t *got)
{
    text_source *s = (text_source *)(void *)l;
    size_t n = s->text.n - s->at;
    if (s->at >= s->breaks_at) return ST_ROW_LOST;
    if (n == 0) return ST_END;
    *got = n < s->step ? n : s->step;
    if (*got > room) *got = room;
    memcpy(p, s->text.p + s->at, *got);
    s->at += *got;
    return ST_OK;
}

static void close_lob(lob_stream *l) { (void)l; }

static const row_source_ops ops = {.lob_open = open_lob, .lob_read = read_lob, .lob_close = close_lob};

/* The whole content as text, or in parentheses why there is none. */
static const char *content_of(text_source *s, const char *folder, const content_place *p)
{
    static char text[1 << 16];
    static const char *const why[] = {"(open)", "", "(empty)", "(lost)", "(broken)", "(missing)", "(hostile)"};
    content_reader *r = content_reader_new(s ? &s->base : NULL, folder);
    size_t n = 0, got = 0;
    content_end e = content_begin(r, p);
    while (e == CONTENT_OPEN) {
        e = content_read(r, text + n, 7, &got);
        n += got;
    }
    content_reader_free(r);
    if (e != CONTENT_WHOLE) return why[e];
    text[n] = '\0';
    return text;
}

static content_place text_place(const char *text)
{
    return (content_place){.kind = CONTENT_TEXT, .cell = sv_from(text)};
}

static const char *of_text(const char *text)
{
    const content_place p = text_place(text);
    return content_of(NULL, NULL, &p);
}

static void hex_text_becomes_bytes_and_other_text_stays(void **state)
{
    (void)state;
    assert_string_equal(of_text("0x255044462D312E34"), "%PDF-1.4");
    assert_string_equal(of_text("0X255044462d312e34"), "%PDF-1.4");
    assert_string_equal(of_text("255044462D312E34"), "%PDF-1.4"); /* a dump that leaves 0x out */
    assert_string_equal(of_text("12345678"), "12345678");         /* digits that begin no file */
    assert_string_equal(of_text("{\\rtf1 a}"), "{\\rtf1 a}");
    assert_string_equal(of_text("0x25504"), "(lost)"); /* half a byte */
    assert_string_equal(of_text("0x25ZZ"), "(lost)");
    assert_string_equal(of_text("System.Byte[]"), "(lost)");
    assert_string_equal(of_text("0x"), "(empty)");
    assert_string_equal(of_text(""), "(empty)");
}

static void large_values_stream_and_break_off(void **state)
{
    (void)state;
    text_source s = {
        .base = {&ops}, .text = SV_LIT("0x255044462D312E34255044462D312E34"), .step = 5, .breaks_at = SIZE_MAX};
    content_place p = {.kind = CONTENT_LARGE, .ref = {.bytes = s.text.n, .encoding = LOB_UTF8}};
    assert_string_equal(content_of(&s, NULL, &p), "%PDF-1.4%PDF-1.4");
    p.ref.encoding = LOB_BYTES;
    assert_string_equal(content_of(&s, NULL, &p), s.text.p);
    s.breaks_at = 10;
    assert_string_equal(content_of(&s, NULL, &p), "(broken)");
    p.ref.encoding = LOB_UTF8;
    assert_string_equal(content_of(&s, NULL, &p), "(broken)");
}

static const char *of_path(const char *path)
{
    const content_place p = {.kind = CONTENT_NONE, .path = sv_from(path)};
    return content_of(NULL, "files", &p);
}

static void paths_of_other_machines_are_found_below_the_folder_only(void **state)
{
    (void)state;
    const char *why = "";
    folder_remove("files");
    assert_true(os_make_folder("files", &why) && os_make_folder("files/docs", &why));
    file_put("files/docs/1.jpg", "one");
    file_put("files/2.jpg", "two");
    file_put("secret.txt", "secret");
    assert_string_equal(of_path("docs/1.jpg"), "one");
    assert_string_equal(of_path("\\\\SERVER\\panda\\docs\\1.jpg"), "one");
    assert_string_equal(of_path("C:\\panda\\2.jpg"), "two");
    assert_string_equal(of_path("/srv/2.jpg"), "two");
    assert_string_equal(of_path("docs/3.jpg"), "(missing)");
    assert_string_equal(of_path("../secret.txt"), "(hostile)");
    assert_string_equal(of_path("docs\\..\\..\\secret.txt"), "(hostile)");
    assert_string_equal(of_path("C:\\a\\..\\..\\secret.txt"), "(hostile)");
    assert_string_equal(of_path("2.jpg:stream"), "(hostile)");
    assert_string_equal(of_path("a\nb"), "(hostile)");
    assert_string_equal(of_path("/"), "(hostile)");
    assert_string_equal(of_path("docs"), "(missing)"); /* a folder is no file */
    const content_place nowhere = {.kind = CONTENT_NONE, .path = SV_LIT("2.jpg")};
    assert_string_equal(content_of(NULL, NULL, &nowhere), "(missing)");
    (void)os_remove("secret.txt");
    folder_remove("files");
}

static const char *type_of(const char *head, size_t n)
{
    const content_type *t = content_type_of((const uint8_t *)head, n);
    return t->mime ? t->mime : "?";
}
#define TYPE(literal) type_of(literal, sizeof(literal) - 1)

static void first_bytes_say_what_it_is(void **state)
{
    (void)state;
    char dicom[132] = {0};
    memcpy(dicom + 128, "DICM", 4);
    assert_string_equal(type_of(dicom, sizeof dicom), "application/dicom");
    assert_string_equal(type_of(dicom, 131), "?");
    assert_string_equal(TYPE("\xFF\xD8\xFF\xE0"), "image/jpeg");
    assert_string_equal(TYPE("\x89PNG\r\n\x1A\n"), "image/png");
    assert_string_equal(TYPE("II*\0\x08\0\0\0"), "image/tiff");
    assert_string_equal(TYPE("%PDF-1.7\n"), "application/pdf");
    assert_string_equal(TYPE("{\\rtf1"), "application/rtf");
    assert_string_equal(TYPE("PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml word/document.xml"),
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    assert_string_equal(TYPE("PK\x03\x04\x14\0\0\0\x08\0readme.txt"), "application/zip");
    assert_string_equal(TYPE("PK\x03\x04\x14\0\0\0\x08\0META-INF/MANIFEST.MF"), "application/java-archive");
    assert_string_equal(TYPE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"),
                        "application/msword");
    assert_string_equal(TYPE("MZ\x90\0\x03"), "application/x-msdownload");
    assert_string_equal(TYPE("MZ was seen today"), "text/plain"); /* not every text that begins so is a program */
    assert_string_equal(TYPE("BMW driver, BM\0"), "image/bmp");
    assert_string_equal(TYPE("BMW driver"), "text/plain");
    assert_string_equal(TYPE("#!/bin/sh\n"), "text/x-shellscript");
    assert_string_equal(TYPE("\x01\x02\x03"), "?");
    assert_true(content_type_of((const uint8_t *)"MZ\x90\0\x03", 5)->executable);
    assert_true(content_type_named(SV_LIT("BAT"))->executable);
    assert_true(content_type_has_extension(content_type_named(SV_LIT("jpg")), SV_LIT("JPEG")));
    assert_null(content_type_named(SV_LIT("hl7")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_text_becomes_bytes_and_other_text_stays),
        cmocka_unit_test(large_values_stream_and_break_off),
        cmocka_unit_test(paths_of_other_machines_are_found_below_the_folder_only),
        cmocka_unit_test(first_bytes_say_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
