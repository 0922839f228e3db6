/* Money, numbers, currencies, procedure codes, insurers, teeth of plan lines. */
#include "normalize_ask.h"

static void fee(const norm_options *o, const char *in, const char *want) { good(o, "plan_line", "fee", in, want); }

static void hard_case_65_amounts_of_either_mark(void **state)
{
    (void)state;
    fee(&ask_tr, "1.250,00 TL", "1250.00");
    fee(&ask_us, "1,250.00", "1250.00");
    fee(&ask_nowhere, "1.250,00", "1250.00");
    asked_record *x = RECORD(&ask_tr, "treatment_plan", "est_cost", "1.250,00 TL");
    has(x, "est_cost", "1250.00");
    has(x, "currency", "TRY");
    done(x);
    x = RECORD(&ask_us, "treatment_plan", "est_cost", "1,250.00");
    has(x, "currency", "USD");
    done(x);
}

static void amounts_with_signs_and_currencies(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"$1,234.50", "1234.50"},
        {"(50.00)", "-50.00"},
        {"($50.00)", "-50.00"},
        {"-$50.00", "-50.00"},
        {"$-50", "-50.00"},
        {"50.00-", "-50.00"},
        {"4250.0000", "4250.00"},
        {"0.00", "0.00"},
        {"-0.00", "0.00"},
        {"007.10", "7.10"},
        {".5", "0.50"},
        {"5.", "5.00"},
        {"1,234,567", "1234567.00"},
        {"1.234.567,8", "1234567.80"},
        {"1 250,00", "1250.00"},
        {"1'250.00", "1250.00"},
        {"\xE2\x88\x92"
         "5",
         "-5.00"},
        {"USD 12.00", "12.00"},
        {"12.00 usd", "12.00"},
        {"0,125", "0.125"},
        {"1250,125", "1250.125"},
        {"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"},
        {"+5", "5.00"},
        {"1\xC2\xA0"
         "250,5",
         "1250.50"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) fee(&ask_nowhere, cases[i][0], cases[i][1]);
    static const char *const no[] = {"1,23,4",     "1.2.3",   "12e3", "abc",     "1,234.5.6", "--5",
                                     "(-5)",       "5 000 0", "$",    "1.2,3,4", "12 34",     "$5 EUR",
                                     "1,2345,678", "()",      ".",    "5-5",     "1.250,0.0"};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) wrong(&ask_us, "plan_line", "fee", no[i], F_NRM_WRONG_TYPE);
}

static void a_mark_that_may_be_thousands_is_decided_by_option_column_or_country(void **state)
{
    (void)state;
    wrong(&ask_nowhere, "plan_line", "fee", "1.250", F_NRM_NUMBER_AMBIGUOUS);
    wrong(&ask_nowhere, "plan_line", "fee", "1,250", F_NRM_NUMBER_AMBIGUOUS);
    fee(&ask_us, "1,250", "1250.00");
    fee(&ask_us, "1.250", "1.25");
    fee(&ask_tr, "1.250 TL", "1250.00");
    wrong(&ask_tr, "plan_line", "fee", "1.250", F_NRM_NUMBER_AMBIGUOUS); /* a database may have printed decimals */
    norm_options comma = ask_nowhere;
    comma.decimal_mark = ',';
    fee(&comma, "1.250", "1250.00");
    wrong(&comma, "plan_line", "fee", "1,250", F_NRM_NUMBER_AMBIGUOUS); /* amounts have no three decimals */
    fee(&comma, "1250.00", "1250.00");
    column(&ask_nowhere, "plan_line", "fee", (const char *const[]){"1.250", "12,50", NULL},
           (const char *const[]){"1250.00", "12.50"});
    column(&ask_nowhere, "plan_line", "fee", (const char *const[]){"1,250", "12.50", NULL},
           (const char *const[]){"1250.00", "12.50"});
    const char *const both[] = {"1,250", "12.50", "12,50", NULL};
    norm_survey s = ask_survey(&ask_us, "plan_line", "fee", both);
    answer a = ask_column(&ask_us, "plan_line", "fee", &s, "1,250");
    assert_int_equal(a.form, FORM_WRONG);
    a = ask_column(&ask_us, "plan_line", "fee", &s, "12,50");
    assert_string_equal(a.text, "12.50");
}

static void an_amount_of_another_currency_is_held_back(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "plan_line", "fee",
                             "\xE2\x82\xAC"
                             "100.00");
    is_wrong(x, "fee");
    assert_int_equal(remarked(x, F_NRM_CURRENCY_CONTRADICTS), 1);
    done(x);
    x = RECORD(&ask_us, "plan_line", "fee", "$100.00");
    has(x, "fee", "100.00");
    done(x);
    x = RECORD(&ask_tr, "treatment_plan", "est_cost", "$100.00", "currency", "TL");
    is_wrong(x, "est_cost"); /* whose dollar is not known, and the column says lira */
    done(x);
    x = RECORD(&ask_us, "treatment_plan", "est_cost", "100 EUR");
    has(x, "currency", "EUR");
    has(x, "est_cost", "100.00");
    done(x);
    x = RECORD(&ask_us, "treatment_plan", "est_cost", "100", "currency", "EUR");
    has(x, "currency", "EUR");
    done(x);
    x = RECORD(&ask_us, "treatment_plan", "name", "no cost");
    has(x, "currency", NULL);
    done(x);
}

static void currencies(void **state)
{
    (void)state;
    good(&ask_tr, "treatment_plan", "currency", "TL", "TRY");
    good(&ask_tr, "treatment_plan", "currency", "\xE2\x82\xBA", "TRY");
    good(&ask_us, "treatment_plan", "currency", "$", "USD");
    good(&ask_us, "treatment_plan", "currency", "usd", "USD");
    good(&ask_nowhere, "treatment_plan", "currency", "\xE2\x82\xAC", "EUR");
    wrong(&ask_nowhere, "treatment_plan", "currency", "$", F_NRM_CURRENCY_UNKNOWN);
    wrong(&ask_us, "treatment_plan", "currency", "beads", F_NRM_CURRENCY_UNKNOWN);
}

static void percentages_and_whole_numbers(void **state)
{
    (void)state;
    good(&ask_us, "clinical_exam", "source_bop", "9.9%", "9.9");
    good(&ask_tr, "clinical_exam", "source_bop", "%12", "12");
    good(&ask_tr, "clinical_exam", "source_bop", "9,9", "9.9");
    good(&ask_us, "clinical_exam", "source_bop", "100.0", "100.0");
    wrong(&ask_us, "clinical_exam", "source_bop", "100.1", F_NRM_PERCENT_OUTSIDE);
    wrong(&ask_us, "clinical_exam", "source_bop", "-1", F_NRM_PERCENT_OUTSIDE);
    good(&ask_us, "plan_line", "seq", "12.00", "12");
    good(&ask_us, "plan_line", "seq", "1,200", "1200");
    wrong(&ask_us, "plan_line", "seq", "1.5", F_NRM_WRONG_TYPE);
    wrong(&ask_us, "plan_line", "seq", "5%", F_NRM_WRONG_TYPE);
}

/* ---- procedure codes ---- */

static void hard_case_60_cdt_codes(void **state)
{
    (void)state;
    static const char *const same[] = {"7210", "d7210", "D7210 ", "D 7210"};
    for (size_t i = 0; i < 4; i++) {
        asked_record *x = RECORD(&ask_us, "plan_line", "code", same[i]);
        has(x, "code", "D7210");
        has(x, "code_system", "CDT");
        done(x);
    }
    asked_record *x = RECORD(&ask_us, "plan_line", "code", "d7210");
    has(x, "code_raw", "d7210");
    done(x);
    x = RECORD(&ask_us, "plan_line", "code", "N4341");
    has(x, "code", "N4341");
    has(x, "code_system", "LOCAL");
    done(x);
    good(&ask_us, "plan_line", "code", "180", "D0180");
    good(&ask_us, "plan_line", "code", "PERIO1", "PERIO1");
    good(&ask_us, "plan_line", "code", "D72101", "D72101");
    x = RECORD(&ask_us, "plan_line", "code", "D7210.1");
    has(x, "code", "D7210.1");
    has(x, "code_system", "LOCAL");
    done(x);
}

static void codes_of_other_systems_stay(void **state)
{
    (void)state;
    norm_options tdb = ask_tr;
    tdb.code_system = "TDB";
    asked_record *x = RECORD(&tdb, "plan_line", "code", "1-1");
    has(x, "code", "1-1");
    has(x, "code_system", "TDB");
    done(x);
    good(&tdb, "plan_line", "code", "180", "180");
    good(&tdb, "plan_line", "code", "7210", "7210");
    x = RECORD(&ask_us, "plan_line", "code", "7210", "code_system", "sut");
    has(x, "code", "7210"); /* the line says that it is no CDT code */
    has(x, "code_system", "SUT");
    done(x);
    wrong(&tdb, "plan_line", "code", "Jan-03", F_NRM_CODE_DATE);
    wrong(&tdb, "plan_line", "code", "3-Oca", F_NRM_CODE_DATE);
}

static void lists_of_codes(void **state)
{
    (void)state;
    good(&ask_us, "appointment", "procedure_codes", "D4910;D0180", "D4910;D0180");
    good(&ask_us, "appointment", "procedure_codes", "4910, d0180", "D4910;D0180");
    good(&ask_us, "appointment", "procedure_codes", "D4341/D4342 D4910", "D4341;D4342;D4910");
    good(&ask_us, "appointment", "procedure_codes", "perio maint;D4910;", "perio maint;D4910");
    empty(&ask_us, "appointment", "procedure_codes", ";;");
}

static void hard_case_61_letter_and_plan_differ(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "plan_line", "code", "D4260", "pms_code", "D4260", "description",
                             "Osseous surgery", "letter_description", "bone graft");
    assert_int_equal(remarked(x, F_NRM_DESCRIPTIONS_CONTRADICT), 1);
    assert_int_equal(remarked(x, F_NRM_CODES_CONTRADICT), 0);
    has(x, "pms_code", "D4260");
    has(x, "letter_description", "bone graft");
    done(x);
    x = RECORD(&ask_us, "plan_line", "code", "D4263", "pms_code", "4260");
    assert_int_equal(remarked(x, F_NRM_CODES_CONTRADICT), 1);
    done(x);
    x = RECORD(&ask_us, "plan_line", "code", "D4260", "letter_description", "Graft (D4263)");
    assert_int_equal(remarked(x, F_NRM_DESCRIPTIONS_CONTRADICT), 1);
    done(x);
    x = RECORD(&ask_us, "plan_line", "code", "D4260", "pms_code", "4260", "description", "Flap with osseous graft",
               "letter_description", "grafting of bone, D4260");
    assert_int_equal(x->r.n, 0);
    done(x);
    x = RECORD(&ask_us, "plan_line", "code", "D4910", "description", "Perio maint", "letter_description",
               "deep cleaning");
    assert_int_equal(x->r.n, 0); /* nothing that can be told */
    done(x);
}

/* ---- insurers ---- */

static void insurer(const char *raw, const char *name, const char *plan)
{
    asked_record *x = RECORD(&ask_us, "insurance_policy", "carrier_raw", raw);
    has(x, "carrier_raw", raw);
    has(x, "carrier_name", name);
    has(x, "plan", plan);
    done(x);
}

static void hard_case_57_insurers_have_one_name(void **state)
{
    (void)state;
    insurer("Delta Dental of WA PPO", "Delta Dental of Washington", "PPO");
    insurer("DDWA", "Delta Dental of Washington", NULL);
    insurer("Washington Dental Service", "Delta Dental of Washington", NULL);
    insurer("DDCA", "Delta Dental of California", NULL);
    insurer("Delta Dental Premier", "Delta Dental", "Premier");
    insurer("DELTA DENTAL INS CO", "Delta Dental", NULL);
    insurer("Met Life", "MetLife", NULL);
    insurer("Metropolitan Life Insurance Company", "MetLife", NULL);
    insurer("CGLIC", "Cigna", NULL);
    insurer("Aetna DMO", "Aetna", "DMO");
    insurer("Guardian Life", "Guardian", NULL);
    insurer("UCCI", "United Concordia", NULL);
    insurer("UHC", "UnitedHealthcare", NULL);
    insurer("United Healthcare Dental", "UnitedHealthcare", NULL);
    insurer("BCBS of Texas", "Blue Cross Blue Shield of Texas", NULL);
    insurer("United Agricultural Benefit Trust", "United Agricultural Benefit Trust", NULL);
    insurer("Acme PPO", "Acme PPO", NULL);
    insurer("PPO", "PPO", NULL);
    good(&ask_us, "insurance_policy", "carrier_name", "DDWA", "Delta Dental of Washington");
    buf known = buf_new(200);
    assert_true(norm_carrier_known(SV_LIT("DDWA"), &known) &&
                sv_eq(buf_view(&known), SV_LIT("Delta Dental of Washington")));
    buf_clear(&known);
    assert_false(norm_carrier_known(SV_LIT("Acme PPO"), &known) || known.n);
    buf_free(&known);
    assert_string_equal(norm_carrier_parent(SV_LIT("Delta Dental of Washington")), "Delta Dental");
    assert_null(norm_carrier_parent(SV_LIT("MetLife")));
    assert_null(norm_carrier_parent(SV_LIT("Delta Dental")));
}

/* ---- teeth of plan lines ---- */

static const norm_options universal = {.country = "US", .today = 18000, .numbering = "universal"};
static const norm_options fdi = {.country = "TR", .today = 18000, .numbering = "fdi"};

static void line(const char *in, const char *tooth, const char *site, const char *area, const char *surface)
{
    asked_record *x = RECORD(&universal, "plan_line", "tooth", in);
    has(x, "tooth", tooth);
    has(x, "tooth_raw", in);
    has(x, "site", site);
    has(x, "area", area);
    has(x, "surface", surface);
    done(x);
}

static void plan_lines_name_teeth_sites_areas_and_surfaces(void **state)
{
    (void)state;
    line("3", "16", NULL, NULL, NULL);
    line("3 MB", "16", "MB", NULL, NULL);
    line("3-5", "16;15;14", NULL, NULL, NULL);
    line("3,14", "16;26", NULL, NULL, NULL);
    line("#3, #14", "16;26", NULL, NULL, NULL);
    line("UR", NULL, NULL, "UR", NULL);
    line("14 MOD", "26", NULL, NULL, "MOD");
    line("10", "22", NULL, NULL, NULL); /* a tooth: area codes are for columns of areas */
    line("full mouth", NULL, NULL, "FM", NULL);
    line("A", "55", NULL, NULL, NULL);
}

static void hard_case_16_area_codes_are_for_area_columns(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"10", "UR"},       {"20", "UL"},         {"30", "LL"},
                                           {"40", "LR"},       {"00", "FM"},         {"01", "UA"},
                                           {"02", "LA"},       {"03", "S1"},         {"08", "S6"},
                                           {"UR", "UR"},       {"Upper Left", "UL"}, {"maxillary arch", "UA"},
                                           {"tum agiz", "FM"}, {"S4", "S4"},         {"Sa\xC4\x9F \xC3\xBCst", "UR"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        good(&universal, "plan_line", "area", cases[i][0], cases[i][1]);
    wrong(&universal, "plan_line", "area", "3", F_NRM_AREA_UNKNOWN);
    wrong(&universal, "plan_line", "area", "50", F_NRM_AREA_UNKNOWN);
    asked_record *x = RECORD(&universal, "plan_line", "tooth", "UR", "area", "20");
    has(x, "area", "UL");
    assert_int_equal(remarked(x, F_NRM_TOOTH_AREA), 1);
    done(x);
}

static void teeth_need_their_system(void **state)
{
    (void)state;
    wrong(&ask_nowhere, "plan_line", "tooth", "14", F_NRM_TOOTH_NEEDS_SYSTEM);
    wrong(&universal, "plan_line", "tooth", "46", F_NRM_TOOTH_INVALID);
    wrong(&universal, "plan_line", "tooth", "0", F_NRM_TOOTH_INVALID);
    wrong(&universal, "plan_line", "tooth", "molar", F_NRM_TOOTH_INVALID);
    good(&fdi, "plan_line", "tooth", "16,26", "16;26");
    good(&fdi, "plan_line", "tooth", "13-11", "13;12;11");
    good(&fdi, "diagnosis", "tooth", "46", "46");
    wrong(&fdi, "diagnosis", "tooth", "16,26", F_NRM_TOOTH_INVALID);
    wrong(&fdi, "diagnosis", "tooth", "UR", F_NRM_TOOTH_INVALID);
    good(&ask_nowhere, "plan_line", "tooth", "46", "46"); /* proves FDI itself */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_case_65_amounts_of_either_mark),
        cmocka_unit_test(amounts_with_signs_and_currencies),
        cmocka_unit_test(a_mark_that_may_be_thousands_is_decided_by_option_column_or_country),
        cmocka_unit_test(an_amount_of_another_currency_is_held_back),
        cmocka_unit_test(currencies),
        cmocka_unit_test(percentages_and_whole_numbers),
        cmocka_unit_test(hard_case_60_cdt_codes),
        cmocka_unit_test(codes_of_other_systems_stay),
        cmocka_unit_test(lists_of_codes),
        cmocka_unit_test(hard_case_61_letter_and_plan_differ),
        cmocka_unit_test(hard_case_57_insurers_have_one_name),
        cmocka_unit_test(plan_lines_name_teeth_sites_areas_and_surfaces),
        cmocka_unit_test(hard_case_16_area_codes_are_for_area_columns),
        cmocka_unit_test(teeth_need_their_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
