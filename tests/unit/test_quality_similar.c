/* Sounds, likeness and nicknames. */
#include "quality/similar.h"
#include "testing.h"

static void assert_sound(const char *name, const char *code)
{
    uint32_t x = soundex(sv_from(name));
    char text[5] = {(char)(x >> 24), (char)(x >> 16), (char)(x >> 8), (char)x, 0};
    assert_string_equal(text, code);
}

/* The examples of the National Archives and the usual ones. */
static void sounds_are_those_of_the_census(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"smith", "S530"},    {"smyth", "S530"},     {"robert", "R163"},
                                           {"rupert", "R163"},   {"tymczak", "T522"},   {"pfister", "P236"},
                                           {"ashcraft", "A261"}, {"honeyman", "H555"},  {"washington", "W252"},
                                           {"lee", "L000"},      {"gutierrez", "G362"}, {"jackson", "J250"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) assert_sound(cases[i][0], cases[i][1]);
    assert_int_equal(soundex(SV_LIT("\xD0\xB8")), 0);
}

/* Winkler's published examples. */
static void likeness_is_winklers(void **state)
{
    (void)state;
    assert_float_equal(jaro_winkler(SV_LIT("martha"), SV_LIT("marhta")), 0.961, 0.001);
    assert_float_equal(jaro_winkler(SV_LIT("dwayne"), SV_LIT("duane")), 0.840, 0.001);
    assert_float_equal(jaro_winkler(SV_LIT("dixon"), SV_LIT("dicksonx")), 0.813, 0.001);
    assert_float_equal(jaro_winkler(SV_LIT("a"), SV_LIT("a")), 1, 0.0001);
    assert_float_equal(jaro_winkler(SV_LIT("ab"), SV_LIT("cd")), 0, 0.0001);
    assert_float_equal(jaro_winkler(SV_LIT(""), SV_LIT("cd")), 0, 0.0001);
    char longer[200];
    memset(longer, 'x', sizeof longer);
    assert_float_equal(jaro_winkler((sv){longer, 200}, (sv){longer, 199}), 1, 0.0001);
}

static bool share(const char *a, const char *b)
{
    return nicknames_share(nicknames_of(sv_from(a)), nicknames_of(sv_from(b)));
}

static void nicknames_lead_to_their_names(void **state)
{
    (void)state;
    assert_true(share("william", "bill"));
    assert_true(share("peggy", "margaret"));
    assert_true(share("alex", "alexandra"));
    assert_true(share("mehmet", "memo"));
    assert_false(share("william", "robert"));
    assert_false(share("will", "wil"));
    assert_false(share("", ""));
    assert_false(share("|", "|"));
    assert_false(share("bill|billy", "bill"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sounds_are_those_of_the_census),
        cmocka_unit_test(likeness_is_winklers),
        cmocka_unit_test(nicknames_lead_to_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
