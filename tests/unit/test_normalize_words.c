/* Words of enumerations, identification numbers, what is said of providers, classifications, file names. */
#include "normalize_ask.h"

static void practices_words_become_the_models(void **state)
{
    (void)state;
    good(&ask_us, "patient", "sex", "F", "female");
    good(&ask_us, "patient", "sex", "Male", "male");
    good(&ask_tr, "patient", "sex", "Kad\xC4\xB1n", "female");
    good(&ask_tr, "patient", "sex", "E", "male");
    good(&ask_us, "patient", "sex", "U", "unknown");
    good(&ask_us, "patient", "sex", "X", "other");
    good(&ask_us, "patient", "status", "A", "active");
    good(&ask_tr, "patient", "status", "Pasif", "inactive");
    good(&ask_us, "treatment_plan", "status", "In-Progress", "in_progress");
    good(&ask_tr, "treatment_plan", "status", "Onayland\xC4\xB1", "accepted");
    good(&ask_tr, "plan_line", "status", "planland\xC4\xB1", "proposed");
    good(&ask_tr, "plan_line", "status", "\xC4\xB0ptal", "rejected");
    good(&ask_us, "appointment", "status", "No Show", "no_show");
    good(&ask_tr, "appointment", "status", "Geldi", "completed");
    good(&ask_us, "referral", "direction", "In", "incoming");
    good(&ask_us, "workflow_flag", "status", "Closed", "resolved");
    good(&ask_us, "insurance_policy", "relationship", "Wife", "spouse");
    good(&ask_us, "insurance_policy", "relationship", "Mother", "other");
    good(&ask_us, "guarantor", "relationship", "Mother", "parent");
    good(&ask_us, "radiograph", "type", "FMX", "full_mouth");
    good(&ask_us, "radiograph", "type", "PA", "periapical");
    good(&ask_us, "clinical_note", "type", "SOAP", "soap");
    good(&ask_us, "tooth_record", "furcation_scale", "Glickman", "glickman");
    good(&ask_us, "clinical_exam", "aap_grade", "Grade C", "C");
    good(&ask_us, "clinical_exam", "aap_extent", "Molar/Incisor", "molar_incisor");
    good(&ask_us, "clinical_exam", "numbering", "Universal/National", "universal");
    good(&ask_us, "billing_line", "type", "Write-off", "adjustment");
}

/* Case 62. */
static void an_unknown_word_is_a_gap_in_the_value_map(void **state)
{
    (void)state;
    wrong(&ask_us, "treatment_plan", "status", "acc.", F_NRM_VALUE_MAP_GAP);
    wrong(&ask_us, "treatment_plan", "status", "3", F_NRM_VALUE_MAP_GAP);
    wrong(&ask_us, "patient", "sex", "?", F_NRM_VALUE_MAP_GAP);
    wrong(&ask_us, "clinical_exam", "aap_grade", "D", F_NRM_VALUE_MAP_GAP);
    wrong(&ask_us, "plan_line", "status", "accepted", F_NRM_VALUE_MAP_GAP);
}

/* ISO 5218 counts from 1; Open Dental's 0 male, 1 female would be read the wrong way round. */
static void figures_for_sex_have_a_meaning_only_without_a_zero(void **state)
{
    (void)state;
    static const char *const iso[] = {"1", "2", "2", NULL}, *const words[] = {"male", "female", "female"};
    column(&ask_us, "patient", "sex", iso, words);
    static const char *const other[] = {"0", "1", "2", NULL};
    norm_survey s = ask_survey(&ask_us, "patient", "sex", other);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ask_column(&ask_us, "patient", "sex", &s, other[i]).form, FORM_WRONG);
}

static void truths_have_many_words(void **state)
{
    (void)state;
    static const char *const yes[] = {"1", "-1", "True", "Y", "E", "Evet", "yes"}, *const no[] = {"0", "False", "N",
                                                                                                  "H", "Hay\xC4\xB1r"};
    for (size_t i = 0; i < 7; i++) good(&ask_us, "provider", "is_internal", yes[i], "1");
    for (size_t i = 0; i < 5; i++) good(&ask_us, "provider", "is_internal", no[i], "0");
    wrong(&ask_us, "provider", "is_internal", "2", F_NRM_WRONG_TYPE);
    good(&ask_tr, "provider", "active", "Aktif", "1");
}

/* Case 59. */
static void national_numbers_are_checked(void **state)
{
    (void)state;
    good(&ask_tr, "patient", "national_id", "10000000146", "10000000146");
    wrong(&ask_tr, "patient", "national_id", "12345678901", F_NRM_NATIONAL_ID_WRONG);
    wrong(&ask_tr, "patient", "national_id", "00000000147", F_NRM_NATIONAL_ID_WRONG);
    good(&ask_us, "patient", "national_id", "123456789", "123-45-6789");
    good(&ask_us, "patient", "national_id", "123-45-6789", "123-45-6789");
    empty(&ask_us, "patient", "national_id", "000-00-0000");
    static const char *const bad[] = {"000-12-3456", "666-12-3456", "999-12-3456", "123-00-6789", "123-45-0000",
                                      "111-11-1111", "078-05-1120", "12345678",    "***-**-6789", "6789"};
    for (size_t i = 0; i < 10; i++) wrong(&ask_us, "patient", "national_id", bad[i], F_NRM_NATIONAL_ID_WRONG);
    good(&ask_us, "patient", "national_id", "912-70-1234", "912-70-1234");
    good(&ask_nowhere, "patient", "national_id", "A-77", "A-77");
}

/* Case 55. */
static void an_npi_has_its_check_digit(void **state)
{
    (void)state;
    good(&ask_us, "provider", "npi", "1234567893", "1234567893");
    good(&ask_us, "provider", "npi", " 123-456 7893", "1234567893");
    static const char *const bad[] = {"1234567890", "3234567893", "123456789", "12345678930", "x234567893"};
    for (size_t i = 0; i < 5; i++) wrong(&ask_us, "provider", "npi", bad[i], F_NRM_NPI_WRONG);
}

/* Case 56. */
static void credentials_have_a_normal_form(void **state)
{
    (void)state;
    good(&ask_us, "provider", "credentials", "D.D.S., M.S., Dipl. ABP", "DDS;MS;Board Certified");
    good(&ask_us, "provider", "credentials", "DDS, MS, Board Certified", "DDS;MS;Board Certified");
    good(&ask_us, "provider", "credentials", "dmd ph.d.", "DMD;PhD");
    good(&ask_us, "provider", "credentials", "DDS; Diplomate, American Board of Periodontology", "DDS;Board Certified");
    good(&ask_us, "provider", "credentials", "RDH / Special Cert", "RDH;Special Cert");
    good(&ask_us, "provider", "credentials", "DDS DDS", "DDS");
    asked_record *x = RECORD(&ask_us, "provider", "credentials", "D.D.S., M.S.");
    has(x, "credentials", "DDS;MS");
    has(x, "credentials_raw", "D.D.S., M.S.");
    done(x);
    x = RECORD(&ask_us, "provider", "credentials_raw", "D.M.D.");
    has(x, "credentials", "DMD");
    done(x);
}

static void specialties_and_their_codes(void **state)
{
    (void)state;
    good(&ask_us, "provider", "specialty", "Perio", "Periodontics");
    good(&ask_us, "provider", "specialty", "Oral & Maxillofacial Surgery", "Oral Surgery");
    good(&ask_us, "provider", "specialty", "General Dentist", "General Dentistry");
    good(&ask_tr, "provider", "specialty", "Periodontoloji", "Periodontics");
    good(&ask_us, "provider", "specialty", "Oral Pathology", "Oral Pathology");
    good(&ask_us, "provider", "taxonomy", "1223p0300x", "1223P0300X");
    wrong(&ask_us, "provider", "taxonomy", "1223P0300", F_NRM_TAXONOMY_WRONG);
    asked_record *x = RECORD(&ask_us, "provider", "taxonomy", "1223E0200X");
    has(x, "specialty", "Endodontics");
    done(x);
}

/* A physician's general practice is no dentistry, his Ortho is orthopedics. */
static void words_that_physicians_share_are_dentists_only_where_it_is_said(void **state)
{
    (void)state;
    static const norm_options dental = {.country = "US", .today = 18000, .dental_specialties = true};
    static const char *const shared[][2] = {{"General Practitioner", "General Dentistry"},
                                            {"GP", "General Dentistry"},
                                            {"Ortho", "Orthodontics"},
                                            {"Endo", "Endodontics"},
                                            {"Hygienist", "Dental Hygiene"}};
    for (size_t i = 0; i < 5; i++) {
        good(&ask_us, "provider", "specialty", shared[i][0], shared[i][0]);
        good(&dental, "provider", "specialty", shared[i][0], shared[i][1]);
        asked_record *x = RECORD(&ask_us, "provider", "specialty", shared[i][0], "credentials", "D.D.S., M.S.");
        has(x, "specialty", shared[i][1]);
        done(x);
        x = RECORD(&dental, "provider", "specialty", shared[i][0], "credentials", "MD");
        has(x, "specialty", shared[i][0]);
        done(x);
        x = RECORD(&dental, "provider", "specialty", shared[i][0], "credentials", "MD, DMD");
        has(x, "specialty", shared[i][1]);
        done(x);
    }
    asked_record *x = RECORD(&dental, "provider", "specialty", "Oral Surgeon", "credentials", "MD");
    has(x, "specialty", "Oral Surgery");
    done(x);
}

/* Case 36. */
static void a_stage_is_one_of_four(void **state)
{
    (void)state;
    static const char *const three[] = {"3",    "III", "iii", "Stage III", "St. 3", "Evre III", "Stage III Grade C",
                                        "III-C"};
    for (size_t i = 0; i < 8; i++) good(&ask_us, "clinical_exam", "aap_stage", three[i], "3");
    static const char *const bad[] = {"5", "0", "Type III", "Stage II-III", "Stage 5", "periodontitis"};
    for (size_t i = 0; i < 6; i++) wrong(&ask_us, "clinical_exam", "aap_stage", bad[i], F_NRM_AAP_STAGE);
}

/* Case 35. */
static void stage_grade_and_extent_are_read_from_the_diagnosis(void **state)
{
    (void)state;
    static const struct {
        const char *text, *stage, *grade, *extent, *other;
    } cases[] = {
        {"St III/C gen.", "3", "C", "generalized", NULL},
        {"Stage III Grade C", "3", "C", NULL, NULL},
        {"Stage 3, grade c, localized", "3", "C", "localized", NULL},
        {"III-C", "3", "C", NULL, NULL},
        {"Generalized periodontitis, Stage II, Grade B", "2", "B", "generalized", NULL},
        {"Periodontitis Stage IV Grade C molar/incisor pattern", "4", "C", "molar_incisor", NULL},
        {"Evre II Derece B, yayg\xC4\xB1n", "2", "B", "generalized", NULL},
        {"Type III", NULL, NULL, NULL, "Type III"},
        {"Class III", NULL, NULL, NULL, "Class III"},
        {"AAP Case Type IV", NULL, NULL, NULL, "Type IV"},
        {"Gingivitis", NULL, NULL, NULL, "gingivitis"},
        {"Peri-implantitis", NULL, NULL, NULL, "peri-implantitis"},
        {"Generalized chronic periodontitis", NULL, NULL, "generalized", "chronic periodontitis"},
        {"no periodontitis, not Stage II", NULL, NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        asked_record *x = RECORD(&ask_us, "clinical_exam", "aap_text", cases[i].text);
        has(x, "aap_stage", cases[i].stage);
        has(x, "aap_grade", cases[i].grade);
        has(x, "aap_extent", cases[i].extent);
        has(x, "aap_other", cases[i].other);
        has(x, "aap_text", cases[i].text);
        assert_int_equal(x->r.n, 0);
        done(x);
    }
}

static void a_contradiction_is_held_back_and_the_text_kept(void **state)
{
    (void)state;
    asked_record *x =
        RECORD(&ask_us, "clinical_exam", "aap_text", "Stage III Grade C", "aap_stage", "2", "aap_grade", "C");
    is_wrong(x, "aap_stage");
    has(x, "aap_grade", "C");
    has(x, "aap_text", "Stage III Grade C");
    assert_int_equal(remarked(x, F_NRM_AAP_CONTRADICTION), 1);
    done(x);
    static const char *const unclear[] = {"Stage II-III", "Stage 5 Grade B", "Stage II Grade D",
                                          "Stage II, was Stage III"};
    for (size_t i = 0; i < 4; i++) {
        x = RECORD(&ask_us, "clinical_exam", "aap_text", unclear[i]);
        has(x, "aap_stage", NULL);
        has(x, "aap_grade", NULL);
        assert_int_equal(remarked(x, F_NRM_AAP_UNCLEAR), 1);
        done(x);
    }
}

/* Case 51. */
static void numbers_of_charts_are_text(void **state)
{
    (void)state;
    good(&ask_us, "patient", "chart_number", "007", "007");
    good(&ask_us, "patient", "chart_number", " 100011PC ", "100011PC");
    good(&ask_us, "patient", "source_id", "007", "007");
    good(&ask_us, "patient", "external_ids", "1E5;-0", "1E5;-0");
    empty(&ask_us, "patient", "chart_number", "NA");
}

/* Case 79. */
static void file_names_are_safe(void **state)
{
    (void)state;
    good(&ask_us, "document", "file_name", "a/b.pdf", "b.pdf");
    good(&ask_us, "document", "file_name", "..\\x", "x");
    good(&ask_us, "document", "file_name", "CON.pdf", "_CON.pdf");
    good(&ask_us, "document", "file_name", "com1", "_com1");
    good(&ask_us, "document", "file_name", "R\xC3\xB6ntgen 1.jpg", "R\xC3\xB6ntgen 1.jpg");
    good(&ask_us, "document", "file_name", "what?.pdf. ", "what_.pdf");
    wrong(&ask_us, "document", "file_name", "C:\\scans\\", F_NRM_FILE_NAME_WRONG);
    wrong(&ask_us, "document", "file_name", "..", F_NRM_FILE_NAME_WRONG);
    char longer[400];
    memset(longer, 'a', sizeof longer);
    memcpy(longer + 390, ".jpeg", 6);
    answer a = ask_column(&ask_us, "document", "file_name", NULL, longer);
    assert_int_equal(strlen(a.text), 200);
    assert_string_equal(a.text + 195, ".jpeg");
    assert_int_equal(a.r.code[0], F_NRM_FILE_NAME_CHANGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(practices_words_become_the_models),
        cmocka_unit_test(an_unknown_word_is_a_gap_in_the_value_map),
        cmocka_unit_test(figures_for_sex_have_a_meaning_only_without_a_zero),
        cmocka_unit_test(truths_have_many_words),
        cmocka_unit_test(national_numbers_are_checked),
        cmocka_unit_test(an_npi_has_its_check_digit),
        cmocka_unit_test(credentials_have_a_normal_form),
        cmocka_unit_test(specialties_and_their_codes),
        cmocka_unit_test(words_that_physicians_share_are_dentists_only_where_it_is_said),
        cmocka_unit_test(a_stage_is_one_of_four),
        cmocka_unit_test(stage_grade_and_extent_are_read_from_the_diagnosis),
        cmocka_unit_test(a_contradiction_is_held_back_and_the_text_kept),
        cmocka_unit_test(numbers_of_charts_are_text),
        cmocka_unit_test(file_names_are_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
