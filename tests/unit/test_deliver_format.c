/* Forms of dates, and the maps of the Salesforce Data Loader. */
#include "schema/data_loader.h"
#include "template/target_format.h"
#include "testing.h"

static void check(const char *form, const char *canonical, const char *expected)
{
    buf b = buf_new(256);
    bool ok = target_format_write(&b, sv_from(form), sv_from(canonical));
    assert_int_equal(ok, expected != NULL);
    buf_char(&b, '\0');
    if (expected) assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void dates_take_the_form_of_the_destination(void **state)
{
    (void)state;
    check("YYYY-MM-DD", "2024-02-29", "2024-02-29");
    check("MM/DD/YYYY", "2024-02-29", "02/29/2024");
    check("DD.MM.YYYY", "0007-01-02", "02.01.0007");
    check("YYYYMMDD", "2024-02-29", "20240229");
}

static void moments_keep_their_local_time(void **state)
{
    (void)state;
    check("YYYY-MM-DDThh:mm:ss", "2024-03-10 02:30:05", "2024-03-10T02:30:05");
    check("YYYY-MM-DDThh:mm:ss", "2024-03-10 02:30:05.1234567", "2024-03-10T02:30:05");
    check("MM/DD/YYYY hh:mm", "2024-03-10 02:30:05", "03/10/2024 02:30");
    check("YYYY-MM-DD", "2024-03-10 23:59:59", "2024-03-10");
    check("YYYY-MM-DD hh:mm:ss", "2024-03-10", "2024-03-10 00:00:00");
}

static void what_is_no_canonical_date_is_not_written(void **state)
{
    (void)state;
    const char *const none[] = {
        "", "2024-2-29", "2024-02-29T10:00:00", "29.02.2024", "2024-02-29 10:00", "2024-02-29 10:00:00.", "x024-02-29"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        check("YYYY-MM-DD", none[i], NULL);
        assert_int_equal(target_format_year(sv_from(none[i])), 0);
    }
    assert_int_equal(target_format_year(SV_LIT("1699-12-31")), 1699);
}

static void wrong_forms_say_what_is_wrong(void **state)
{
    (void)state;
    assert_null(target_format_wrong(SV_LIT("YYYY-MM-DD"), false));
    assert_null(target_format_wrong(SV_LIT("YYYY-MM-DDThh:mm:ss"), true));
    assert_non_null(target_format_wrong(SV_LIT("YYYY-MM-DD hh:mm"), false));
    assert_non_null(target_format_wrong(SV_LIT("YY-MM-DD"), false));
    assert_non_null(target_format_wrong(SV_LIT("YYYY-MM"), false));
    assert_non_null(target_format_wrong(SV_LIT("YYYY-MMM-DD"), false));
    assert_non_null(target_format_wrong(SV_LIT(""), true));
}

#define PLAIN(text)                                                                                                    \
    {                                                                                                                  \
        .heading = SV_LIT(text), .name = SV_LIT(text)                                                                  \
    }
#define LINK(text, object)                                                                                             \
    {                                                                                                                  \
        .heading = SV_LIT(text), .name = SV_LIT(text), .target = SV_LIT(object), .target_key = SV_LIT("Source_Key__c") \
    }

static void sdl(const fact_field *f, size_t n, const char *expected)
{
    buf b = buf_new(4096);
    const fact_load l = {.field = f, .fields = n};
    data_loader_map(&l, &b);
    buf_char(&b, '\0');
    assert_false(b.failed);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void sdl_maps_a_heading_to_its_field(void **state)
{
    (void)state;
    const fact_field c[] = {PLAIN("Source_Key__c"), PLAIN("LastName")};
    sdl(c, 2, "Source_Key__c=Source_Key__c\nLastName=LastName\n");
}

static void sdl_sets_links_through_the_relationship(void **state)
{
    (void)state;
    const fact_field c[] = {LINK("AccountId", "Account"), LINK("WhoId", "Contact"),
                            LINK("Primary_Provider__c", "Contact")};
    sdl(c, 3,
        "AccountId=Account\\:Source_Key__c\n"
        "WhoId=Who\\:Contact-Source_Key__c\n"
        "Primary_Provider__c=Primary_Provider__r\\:Source_Key__c\n");
}

static void sdl_escapes_what_properties_files_give_a_meaning(void **state)
{
    (void)state;
    const fact_field c[] = {PLAIN("a b:c=d#e!f\\g\"h"), PLAIN("\xC3\xBC\xF0\x9F\xA6\xB7"), PLAIN("\xFF\t")};
    sdl(c, 3,
        "a\\ b\\:c\\=d\\#e\\!f\\\\g\\\"h=a\\ b\\:c\\=d\\#e\\!f\\\\g\\\"h\n"
        "\\u00FC\\uD83E\\uDDB7=\\u00FC\\uD83E\\uDDB7\n"
        "\\uFFFD\\u0009=\\uFFFD\\u0009\n");
}

static void emitters_have_keys_of_their_own(void **state)
{
    (void)state;
    size_t n = 0;
    const emitter *const *all = schema_emitters(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) assert_string_not_equal(all[i]->key, all[k]->key);
    assert_true(n >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_take_the_form_of_the_destination),
        cmocka_unit_test(moments_keep_their_local_time),
        cmocka_unit_test(what_is_no_canonical_date_is_not_written),
        cmocka_unit_test(wrong_forms_say_what_is_wrong),
        cmocka_unit_test(sdl_maps_a_heading_to_its_field),
        cmocka_unit_test(sdl_sets_links_through_the_relationship),
        cmocka_unit_test(sdl_escapes_what_properties_files_give_a_meaning),
        cmocka_unit_test(emitters_have_keys_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
