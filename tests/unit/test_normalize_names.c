/* Names of people: case, particles, suffixes, whole names taken apart, nicknames, test records. */
#include "normalize_ask.h"

static void a_column_in_capitals_becomes_names(void **state)
{
    (void)state;
    static const char *const in[] = {
        "SMITH",         "MCDONALD", "O'BRIEN-LEE", "DE LA CRUZ", "VAN DYKE", "NULL",     "D'ANGELO", "SMITH III",
        "M\xC3\x9CLLER", "NG",       "MACK",        "ST. JOHN",   "VAN",      "KING JR.", "MC",       NULL};
    static const char *const out[] = {"Smith", "McDonald", "O'Brien-Lee", "de la Cruz",    "van Dyke",
                                      "Null",  "D'Angelo", "Smith III",   "M\xC3\xBCller", "Ng",
                                      "Mack",  "St. John", "Van",         "King Jr.",      "Mc"};
    column(&ask_us, "patient", "last", in, out);
    static const char *const given[] = {"MARY ANN", "J", "TJ", "LA TOYA", "JO-ANN", "ROBERT (BOB)", NULL};
    static const char *const given_out[] = {"Mary Ann", "J", "TJ", "La Toya", "Jo-Ann", "Robert (Bob)"};
    column(&ask_us, "patient", "first", given, given_out);
}

static void a_column_of_both_keeps_its_case(void **state)
{
    (void)state;
    static const char *const in[] = {"SMITH", "O'BRIEN-LEE", "mary", "de  la\tCruz", NULL};
    static const char *const out[] = {"SMITH", "O'BRIEN-LEE", "mary", "de la Cruz"};
    column(&ask_us, "patient", "last", in, out);
}

static void turkish_letters_keep_their_dots(void **state)
{
    (void)state;
    static const char *const in[] = {"\xC4\xB0"
                                     "BRAH\xC4\xB0M",
                                     "I\xC5\x9EIK",
                                     "AY\xC5\x9E"
                                     "EG\xC3\x9CL",
                                     NULL};
    static const char *const tr[] = {"\xC4\xB0"
                                     "brahim",
                                     "I\xC5\x9F\xC4\xB1k",
                                     "Ay\xC5\x9F"
                                     "eg\xC3\xBCl"};
    column(&ask_tr, "patient", "first", in, tr);
    static const char *const plain[] = {"IRIS", NULL}, *const iris[] = {"Iris"};
    column(&ask_us, "patient", "first", plain, iris);
    static const char *const letters_tr[] = {"IRIS", NULL}, *const dotless[] = {"Ir\xC4\xB1s"};
    column(&ask_tr, "patient", "first", letters_tr, dotless);
}

static void suffixes_have_one_form(void **state)
{
    (void)state;
    good(&ask_us, "patient", "suffix", "JR.", "Jr");
    good(&ask_us, "patient", "suffix", "senior", "Sr");
    good(&ask_us, "patient", "suffix", "2nd", "II");
    good(&ask_us, "patient", "suffix", "iii", "III");
    good(&ask_us, "patient", "suffix", "Esq.", "Esq.");
}

/* Case 38. */
static void a_whole_name_with_a_comma_is_taken_apart(void **state)
{
    (void)state;
    static const char *const in[] = {"SMITH, JOHN A JR, DDS", "DE LA CRUZ, MARIA", "LEE, ANN, MD", NULL};
    static const char *const out[] = {"Smith, John A Jr, DDS", "de la Cruz, Maria", "Lee, Ann, MD"};
    column(&ask_us, "provider", "full_name", in, out);
    asked_record *x = RECORD(&ask_us, "patient", "full_name", "Smith, John A Jr, DDS");
    has(x, "first", "John");
    has(x, "middle", "A");
    has(x, "last", "Smith");
    has(x, "suffix", "Jr");
    assert_int_equal(remarked(x, F_NRM_CREDENTIALS_CUT), 1);
    assert_int_equal(x->r.n, 1);
    done(x);
    x = RECORD(&ask_us, "provider", "full_name", "Smith, John A Jr, D.D.S., M.S.");
    has(x, "display", "Smith, John A Jr, D.D.S., M.S.");
    has(x, "first", "John A");
    has(x, "last", "Smith Jr");
    has(x, "credentials", "DDS;MS");
    assert_int_equal(x->r.n, 0);
    done(x);
}

static void a_whole_name_in_natural_order_is_taken_apart(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "patient", "full_name", "John A Smith Jr");
    has(x, "first", "John");
    has(x, "middle", "A");
    has(x, "last", "Smith");
    has(x, "suffix", "Jr");
    assert_int_equal(x->r.n, 0);
    done(x);
    x = RECORD(&ask_us, "patient", "full_name", "Dr. Jane (Jenny) van der Berg III");
    has(x, "title", "Dr.");
    has(x, "first", "Jane");
    has(x, "nickname", "Jenny");
    has(x, "last", "van der Berg");
    has(x, "suffix", "III");
    done(x);
    x = RECORD(&ask_us, "patient", "full_name", "John \"Jack\" O'Brien-Lee");
    has(x, "first", "John");
    has(x, "nickname", "Jack");
    has(x, "last", "O'Brien-Lee");
    done(x);
    x = RECORD(&ask_us, "provider", "full_name", "David S North, DDS");
    has(x, "first", "David S");
    has(x, "last", "North");
    has(x, "credentials", "DDS");
    done(x);
    x = RECORD(&ask_us, "patient", "full_name", "Cher");
    has(x, "last", "Cher");
    has(x, "first", NULL);
    done(x);
    x = RECORD(&ask_us, "patient", "full_name", "Mary Ann Smith");
    has(x, "first", "Mary");
    has(x, "middle", "Ann");
    has(x, "last", "Smith");
    assert_int_equal(remarked(x, F_NRM_NAME_BY_CUSTOM), 1);
    done(x);
    x = RECORD(&ask_tr, "patient", "full_name",
               "Ay\xC5\x9F"
               "e Nur Y\xC4\xB1lmaz");
    has(x, "first",
        "Ay\xC5\x9F"
        "e Nur");
    has(x, "last", "Y\xC4\xB1lmaz");
    done(x);
}

static void what_is_not_certain_is_not_taken_apart(void **state)
{
    (void)state;
    static const char *const unclear[] = {"Nguyen, Do", "Smith, John, Peter, Paul", ", ,"};
    for (size_t i = 0; i < 3; i++) {
        asked_record *x = RECORD(&ask_us, "patient", "full_name", unclear[i]);
        is_wrong(x, "full_name");
        has(x, "last", NULL);
        assert_int_equal(remarked(x, F_NRM_NAME_NOT_SPLIT), 1);
        done(x);
    }
}

static void a_part_that_is_given_is_kept(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "patient", "full_name", "Smith, John", "last", "Smyth");
    has(x, "last", "Smyth");
    has(x, "first", "John");
    assert_int_equal(remarked(x, F_NRM_NAME_CONTRADICTS), 1);
    done(x);
    x = RECORD(&ask_us, "patient", "full_name", "SMITH, JOHN", "last", "Smith");
    has(x, "last", "Smith");
    assert_int_equal(x->r.n, 0);
    done(x);
}

static void a_suffix_behind_a_last_name_gets_its_field(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "patient", "last", "Smith, Jr.");
    has(x, "last", "Smith");
    has(x, "suffix", "Jr");
    done(x);
    x = RECORD(&ask_us, "patient", "last", "de Vries V");
    has(x, "last", "de Vries V");
    has(x, "suffix", NULL);
    done(x);
}

static void test_patients_are_told_and_kept(void **state)
{
    (void)state;
    static const char *const names[] = {"TEST", "ZZZTest", "Smith - DO NOT USE", "do not use"};
    for (size_t i = 0; i < 4; i++) {
        asked_record *x = RECORD(&ask_us, "patient", "last", names[i], "first", "Ann");
        has(x, "last", names[i]);
        assert_int_equal(remarked(x, F_NRM_TEST_RECORD), 1);
        done(x);
    }
    static const char *const people[] = {"Testa", "Testaverde", "Contest"};
    for (size_t i = 0; i < 3; i++) {
        asked_record *x = RECORD(&ask_us, "patient", "last", people[i]);
        assert_int_equal(x->r.n, 0);
        done(x);
    }
}

/* Cases 39, 40 and the bridge's blanks. */
static void odd_names_are_kept(void **state)
{
    (void)state;
    good(&ask_us, "patient", "last", "O'BRIEN-LEE", "O'BRIEN-LEE");
    good(&ask_us, "patient", "first", "mary", "mary");
    good(&ask_us, "patient", "last", "Null", "Null");
    good(&ask_us, "patient", "last", "NULL", "NULL");
    good(&ask_us, "patient", "last", "Unknown", "Unknown");
    good(&ask_us, "patient", "last", "Van_Dyke", "Van_Dyke");
    empty(&ask_us, "patient", "nickname", "NA");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_in_capitals_becomes_names),
        cmocka_unit_test(a_column_of_both_keeps_its_case),
        cmocka_unit_test(turkish_letters_keep_their_dots),
        cmocka_unit_test(suffixes_have_one_form),
        cmocka_unit_test(a_whole_name_with_a_comma_is_taken_apart),
        cmocka_unit_test(a_whole_name_in_natural_order_is_taken_apart),
        cmocka_unit_test(what_is_not_certain_is_not_taken_apart),
        cmocka_unit_test(a_part_that_is_given_is_kept),
        cmocka_unit_test(a_suffix_behind_a_last_name_gets_its_field),
        cmocka_unit_test(test_patients_are_told_and_kept),
        cmocka_unit_test(odd_names_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
