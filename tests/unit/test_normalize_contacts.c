/* Phones, e-mail addresses, states, postal codes, countries: values, and what a record's values say together. */
#include "normalize_ask.h"

/* Case 49. */
static void american_numbers_become_e164(void **state)
{
    (void)state;
    good(&ask_us, "patient", "phone_work", "(360)897-5555 x12", "+13608975555 x12");
    good(&ask_us, "patient", "phone_home", "360-897-5555", "+13608975555");
    good(&ask_us, "patient", "phone_home", "1 360 897 5555", "+13608975555");
    good(&ask_us, "patient", "phone_home", "+1.360.897.5555", "+13608975555");
    good(&ask_us, "patient", "phone_work", "3608975555 ext. 12", "+13608975555 x12");
    good(&ask_us, "patient", "phone_work", "3608975555#12", "+13608975555 x12");
    good(&ask_us, "patient", "phone_work", "3608975555 x", "+13608975555");
    good(&ask_us, "patient", "phone_home",
         "(H) 360\xC2\xA0"
         "897\xE2\x80\x91"
         "5555",
         "+13608975555");
    good(&ask_us, "patient", "phone_home", "360-897-5555 (cell)", "+13608975555");
    good(&ask_us, "patient", "phone_home", "+90 (532) 123 45 67", "+905321234567");
    good(&ask_us, "patient", "phone_home", "011 44 20 7946 0958", "+442079460958");
    empty(&ask_us, "patient", "phone_home", "(   )   -");
    empty(&ask_us, "patient", "phone_home", "NA");
}

static void what_cannot_be_dialled_is_held_back(void **state)
{
    (void)state;
    static const char *const bad[] = {"555-0100",
                                      "897-5555",
                                      "0000000000",
                                      "111-111-1111",
                                      "222-222-2222",
                                      "(160)897-5555",
                                      "360-197-5555",
                                      "911-897-5555",
                                      "360-411-5555",
                                      "36089755551",
                                      "360-897-5555 mom",
                                      "call work",
                                      "360-897-555",
                                      "+1360897555",
                                      "+28123456789",
                                      "360-897-5555 x1234567",
                                      "3608975555000000000000000000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        wrong(&ask_us, "patient", "phone_home", bad[i], F_NRM_PHONE_WRONG);
    wrong(&ask_us, "patient", "phone_home", "360-555-0100", F_NRM_PHONE_FICTIONAL);
    wrong(&ask_us, "patient", "phone_home", "360-555-0199", F_NRM_PHONE_FICTIONAL);
    good(&ask_us, "patient", "phone_home", "360-555-0200", "+13605550200");
    wrong(&ask_nowhere, "patient", "phone_home", "360-897-5555", F_NRM_PHONE_COUNTRY);
    good(&ask_nowhere, "patient", "phone_home", "+13608975555", "+13608975555");
}

/* Whatever the practice's country: the calling code and the length are all that is asked. */
static void numbers_of_any_country_are_kept_with_their_calling_code(void **state)
{
    (void)state;
    static const norm_options german = {.country = "DE", .today = 18000},
                              australian = {.country = "AU", .today = 18000};
    static const char *const kept[][2] = {{"+44 20 7946 0958", "+442079460958"},
                                          {"+49 (30) 901820 ext. 7", "+4930901820 x7"},
                                          {"+52 55 1234 5678", "+525512345678"},
                                          {"+994 12 498 00 00", "+994124980000"},
                                          {"+423 236 88 88", "+4232368888"}};
    for (size_t i = 0; i < 5; i++) {
        good(&ask_us, "patient", "phone_home", kept[i][0], kept[i][1]);
        good(&ask_tr, "patient", "phone_home", kept[i][0], kept[i][1]);
        good(&ask_nowhere, "patient", "phone_home", kept[i][0], kept[i][1]);
        good(&german, "patient", "phone_home", kept[i][0], kept[i][1]);
    }
    static const char *const bad[] = {"+999 123 456 789", "+210 123 4567",       "+44 123",
                                      "+424 123 4567",    "+442079460958123456", "+0049 30 901820"};
    for (size_t i = 0; i < 6; i++) wrong(&german, "patient", "phone_home", bad[i], F_NRM_PHONE_WRONG);
    good(&german, "patient", "phone_home", "0044 20 7946 0958", "+442079460958");
    wrong(&australian, "patient", "phone_home", "0011 44 20 7946 0958", F_NRM_PHONE_COUNTRY);
    wrong(&german, "patient", "phone_home", "030 901820", F_NRM_PHONE_COUNTRY);
}

static void turkish_numbers_become_e164(void **state)
{
    (void)state;
    static const char *const same[] = {"0532 123 45 67",   "532 123 4567",    "+90 532 123 45 67", "905321234567",
                                       "0090 532 1234567", "0(532)123 45 67", "+90 0532 123 45 67"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        good(&ask_tr, "patient", "phone_mobile", same[i], "+905321234567");
    good(&ask_tr, "patient", "phone_work", "0212 555 01 00 dahili 12", "+902125550100 x12");
    wrong(&ask_tr, "patient", "phone_mobile", "123 45 67", F_NRM_PHONE_WRONG);
    wrong(&ask_tr, "patient", "phone_mobile", "0632 123 45 67", F_NRM_PHONE_WRONG);
}

static void further_numbers_find_their_field(void **state)
{
    (void)state;
    good(&ask_us, "patient", "other_phones", "360-897-5555; 3608975556 , 360 897 5555", "+13608975555; +13608975556");
    asked_record *x =
        RECORD(&ask_us, "patient", "phone_home", "360-897-5555 / 360-897-5556", "other_phones", "3608975557");
    has(x, "phone_home", "+13608975555");
    has(x, "other_phones", "+13608975556; +13608975557");
    done(x);
    x = RECORD(&ask_us, "provider", "phone", "360-897-5555 or 360-897-5556");
    has(x, "phone", "+13608975555");
    assert_int_equal(remarked(x, F_NRM_PHONE_FURTHER), 1);
    done(x);
}

static void a_number_of_certain_kind_gets_the_field_of_its_kind(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_tr, "patient", "phone", "0532 123 45 67");
    has(x, "phone_mobile", "+905321234567");
    has(x, "phone", NULL);
    done(x);
    x = RECORD(&ask_us, "patient", "phone", "360-897-5555 (cell)", "phone_mobile", "360-897-5556");
    has(x, "phone", "+13608975555");
    has(x, "phone_mobile", "+13608975556");
    done(x);
    x = RECORD(&ask_us, "patient", "phone", "360-897-5555");
    has(x, "phone", "+13608975555");
    done(x);
}

static void a_record_of_another_country_has_its_plan(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "patient", "phone_home", "0532 123 45 67", "country", "Turkey", "state",
                             "\xC4\xB0zmir", "postal_code", "35220");
    has(x, "phone_home", "+905321234567");
    has(x, "country", "TR");
    has(x, "state", "\xC4\xB0zmir");
    has(x, "postal_code", "35220");
    assert_int_equal(x->r.n, 0);
    done(x);
    x = RECORD(&ask_us, "patient", "phone_home", "5512345678", "country", "Mexico");
    is_wrong(x, "phone_home");
    assert_int_equal(remarked(x, F_NRM_PHONE_COUNTRY), 1);
    done(x);
    x = RECORD(&ask_us, "patient", "country", "DE", "postal_code", "D-1234", "state", "Bayern");
    has(x, "postal_code", "D-1234");
    has(x, "state", "Bayern");
    done(x);
}

static void addresses_of_e_mail_are_checked(void **state)
{
    (void)state;
    good(&ask_us, "patient", "email", " Jane.Doe@Example.COM ", "Jane.Doe@example.com");
    good(&ask_us, "patient", "email", "Jane Doe <jane@example.com>", "jane@example.com");
    good(&ask_us, "patient", "email", "mailto:jane@example.com", "jane@example.com");
    good(&ask_us, "patient", "other_emails", "a@x.org, b@Y.org;a@x.org", "a@x.org; b@y.org");
    static const char *const none[] = {"none@none.com", "noemail", "NoEmail@NoEmail.com", "none", "n/a", "No Email"};
    for (size_t i = 0; i < 6; i++) empty(&ask_us, "patient", "email", none[i]);
    static const char *const bad[] = {"jane@",
                                      "@x.org",
                                      "jane",
                                      "jane@x",
                                      "a@@x.org",
                                      "a@b@x.org",
                                      "jane@x..org",
                                      ".jane@x.org",
                                      "jane@x.o",
                                      "j\xC3\xA4ne@x.org",
                                      "jane@x.org and bob",
                                      "jane@-x.org"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        wrong(&ask_us, "patient", "email", bad[i], F_NRM_EMAIL_WRONG);
}

static void further_addresses_find_their_field(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "patient", "email", "a@x.org; b@X.org c@x.org", "other_emails", "d@x.org");
    has(x, "email", "a@x.org");
    has(x, "other_emails", "b@x.org; c@x.org; d@x.org");
    assert_int_equal(x->r.n, 0);
    done(x);
    x = RECORD(&ask_us, "provider", "email", "a@x.org, b@x.org");
    has(x, "email", "a@x.org");
    assert_int_equal(remarked(x, F_NRM_EMAIL_FURTHER), 1);
    done(x);
}

static void states_have_two_letters(void **state)
{
    (void)state;
    good(&ask_us, "patient", "state", "wa", "WA");
    good(&ask_us, "patient", "state", "Wash.", "WA");
    good(&ask_us, "patient", "state", "North Carolina", "NC");
    good(&ask_us, "patient", "state", "D.C.", "DC");
    good(&ask_us, "patient", "state", "Puerto Rico", "PR");
    good(&ask_us, "patient", "state", "AE", "AE");
    good(&ask_us, "patient", "state", "British Columbia", "BC");
    wrong(&ask_us, "patient", "state", "XX", F_NRM_STATE_UNKNOWN);
    good(&ask_tr, "patient", "state", "\xC4\xB0stanbul", "\xC4\xB0stanbul");
}

/* Case 50. */
static void postal_codes_have_the_form_of_their_country(void **state)
{
    (void)state;
    good(&ask_us, "patient", "postal_code", "98579", "98579");
    good(&ask_us, "patient", "postal_code", "985791234", "98579-1234");
    good(&ask_us, "patient", "postal_code", "98579-1234", "98579-1234");
    good(&ask_us, "patient", "postal_code", "98579-", "98579");
    good(&ask_us, "patient", "postal_code", "98579-0000", "98579");
    good(&ask_us, "patient", "postal_code", "v6b1a1", "V6B 1A1");
    wrong(&ask_us, "patient", "postal_code", "2138", F_NRM_POSTAL_CODE_WRONG);
    wrong(&ask_us, "patient", "postal_code", "9857", F_NRM_POSTAL_CODE_WRONG);
    wrong(&ask_us, "patient", "postal_code", "985-79", F_NRM_POSTAL_CODE_WRONG);
    wrong(&ask_us, "patient", "postal_code", "00000", F_NRM_POSTAL_CODE_WRONG);
    good(&ask_tr, "patient", "postal_code", "34710", "34710");
    wrong(&ask_tr, "patient", "postal_code", "99710", F_NRM_POSTAL_CODE_WRONG);
}

static void a_lost_zero_is_put_back_only_beside_the_right_state(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "patient", "postal_code", "2138", "state", "Mass.");
    has(x, "postal_code", "02138");
    assert_int_equal(x->r.n, 1);
    assert_int_equal(remarked(x, F_NRM_POSTAL_ZERO), 1);
    done(x);
    x = RECORD(&ask_us, "patient", "postal_code", "21381234", "state", "MA");
    has(x, "postal_code", "02138-1234");
    done(x);
    static const char *const others[] = {"WA", "CT"};
    for (size_t i = 0; i < 2; i++) {
        x = RECORD(&ask_us, "patient", "postal_code", "2138", "state", others[i]);
        is_wrong(x, "postal_code");
        assert_int_equal(remarked(x, F_NRM_POSTAL_CODE_WRONG), 1);
        done(x);
    }
    x = RECORD(&ask_tr, "patient", "postal_code", "6010", "city", "Ankara");
    has(x, "postal_code", "06010");
    done(x);
    x = RECORD(&ask_tr, "patient", "postal_code", "6010", "city", "\xC4\xB0stanbul");
    is_wrong(x, "postal_code");
    done(x);
}

static void a_code_of_another_state_is_told_and_kept(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "patient", "postal_code", "98579", "state", "TX");
    has(x, "postal_code", "98579");
    has(x, "state", "TX");
    assert_int_equal(remarked(x, F_NRM_POSTAL_CODE_STATE), 1);
    done(x);
    static const char *const right[][2] = {
        {"98579", "WA"}, {"06390", "NY"}, {"83414", "WY"}, {"00901", "PR"}, {"96799", "AS"}};
    for (size_t i = 0; i < 5; i++) {
        x = RECORD(&ask_us, "patient", "postal_code", right[i][0], "state", right[i][1]);
        assert_int_equal(x->r.n, 0);
        done(x);
    }
    x = RECORD(&ask_us, "patient", "postal_code", "V6B 1A1", "state", "BC", "country", "Canada");
    assert_int_equal(x->r.n, 0);
    done(x);
}

static void countries_are_iso_codes_where_they_are_known(void **state)
{
    (void)state;
    static const char *const us[] = {
        "US", "usa", "U.S.A.", "United States of America", "ABD", "Amerika Birle\xC5\x9Fik Devletleri"};
    for (size_t i = 0; i < 6; i++) good(&ask_us, "patient", "country", us[i], "US");
    good(&ask_tr, "patient", "country", "T\xC3\xBCrkiye", "TR");
    good(&ask_tr, "patient", "country", "TURKEY", "TR");
    good(&ask_us, "patient", "country", "Almanya", "DE");
    good(&ask_us, "patient", "country", "Cascadia", "Cascadia");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(american_numbers_become_e164),
        cmocka_unit_test(what_cannot_be_dialled_is_held_back),
        cmocka_unit_test(numbers_of_any_country_are_kept_with_their_calling_code),
        cmocka_unit_test(turkish_numbers_become_e164),
        cmocka_unit_test(further_numbers_find_their_field),
        cmocka_unit_test(a_number_of_certain_kind_gets_the_field_of_its_kind),
        cmocka_unit_test(a_record_of_another_country_has_its_plan),
        cmocka_unit_test(addresses_of_e_mail_are_checked),
        cmocka_unit_test(further_addresses_find_their_field),
        cmocka_unit_test(states_have_two_letters),
        cmocka_unit_test(postal_codes_have_the_form_of_their_country),
        cmocka_unit_test(a_lost_zero_is_put_back_only_beside_the_right_state),
        cmocka_unit_test(a_code_of_another_state_is_told_and_kept),
        cmocka_unit_test(countries_are_iso_codes_where_they_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
