/* Drafts of profiles: which table and column is taken for what, and what is left over. */
#include "draft/draft_internal.h"
#include "draft/export_script.h"
#include "draft/select_list.h"
#include "profile/profile.h"
#include "testing.h"
#include <stdlib.h>
#include <string.h>

typedef struct fixture {
    arena *mem;
    problems wrong;
    table_info table[16];
    key_info key[16][8];
    catalog list;
    source_info info;
    draft_run run;
    const draft *d;
} fixture;

static int set_up(void **state)
{
    fixture *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    x->list.table = x->table;
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    fixture *x = *state;
    arena_free(x->mem);
    free(x);
    return 0;
}

static column_type type_of(sv name)
{
    if (sv_eq(name, SV_LIT("int"))) return T_INT;
    if (sv_eq(name, SV_LIT("date"))) return T_DATE;
    if (sv_eq(name, SV_LIT("datetime"))) return T_DATETIME;
    if (sv_eq(name, SV_LIT("time"))) return T_TIME;
    return sv_eq(name, SV_LIT("money")) ? T_MONEY : T_TEXT;
}

/* "PatientID:int* FName:text": a star marks the primary key. */
static size_t add(fixture *x, const char *name, const char *columns)
{
    size_t at = x->list.tables++, n = 0;
    table_info *t = &x->table[at];
    column_info *c = arena_array(x->mem, 200, sizeof *c);
    for (const char *p = columns; *p;) {
        size_t whole = strcspn(p, " "), own = strcspn(p, ":");
        bool key = p[whole - 1] == '*';
        sv type = {p + own + 1, whole - own - 1 - key};
        c[n] = (column_info){.name = {p, own}, .type_name = type, .type = type_of(type)};
        if (key) {
            uint16_t *column = arena_array(x->mem, 1, sizeof *column);
            column[0] = (uint16_t)n;
            x->key[at][t->keys++] = (key_info){.kind = KEY_PRIMARY, .column = column, .columns = 1};
        }
        n++;
        p += whole + (p[whole] == ' ');
    }
    t->schema = SV_LIT("dbo");
    t->name = sv_from(name);
    t->full_name = arena_printf(x->mem, "dbo.%s", name);
    t->column = c;
    t->columns = n;
    t->key = x->key[at];
    t->rows_expected = 100;
    return at;
}

static uint16_t column_at(const table_info *t, const char *name)
{
    for (size_t i = 0; i < t->columns; i++)
        if (sv_eq(t->column[i].name, sv_from(name))) return (uint16_t)i;
    fail_msg("no column %s", name);
    return 0;
}

static void refer(fixture *x, size_t from, const char *column, size_t to, const char *key)
{
    uint16_t *at = arena_array(x->mem, 1, sizeof *at);
    sv *name = arena_array(x->mem, 1, sizeof *name);
    *at = column_at(&x->table[from], column);
    *name = sv_from(key);
    x->key[from][x->table[from].keys++] = (key_info){.kind = KEY_FOREIGN,
                                                     .column = at,
                                                     .columns = 1,
                                                     .ref_schema = SV_LIT("dbo"),
                                                     .ref_table = x->table[to].name,
                                                     .ref_column = name};
}

static void make(fixture *x)
{
    x->run = (draft_run){.info = &x->info,
                         .list = &x->list,
                         .templates = CHARTFERRY_TEMPLATES,
                         .id = SV_LIT("clinic"),
                         .mem = x->mem,
                         .wrong = &x->wrong};
    x->d = draft_make(&x->run);
    if (x->d) return;
    buf b = buf_new(10000);
    problems_text(&x->wrong, &b);
    fail_msg("%.*s", (int)b.n, b.p);
}

static const char *file(const fixture *x, const char *name)
{
    size_t n;
    const draft_file *all = draft_files(x->d, &n);
    for (size_t i = 0; i < n; i++)
        if (sv_eq(all[i].name, sv_from(name))) return all[i].text.p;
    return NULL;
}

/* The text holds the words, blanks between them aside. */
static void assert_says(const fixture *x, const char *name, const char *words)
{
    const char *text = file(x, name);
    buf plain = buf_new(1 << 20);
    if (!text) fail_msg("%s was not drafted", name);
    for (size_t i = 0; text && text[i]; i++)
        if (text[i] != ' ' || (i && text[i - 1] != ' ')) buf_char(&plain, text[i]);
    buf_char(&plain, '\0');
    if (!strstr(plain.p, words)) fail_msg("%s lacks %s:\n%s", name, words, plain.p);
    buf_free(&plain);
}

/* ---- the vocabulary ---- */

static void the_vocabulary_names_fields_of_the_model_only(void **state)
{
    fixture *x = *state;
    const vocabulary *v = vocabulary_load(CHARTFERRY_TEMPLATES, x->mem, &x->wrong);
    assert_int_equal(x->wrong.n, 0);
    assert_non_null(v);
    assert_true(v->entities >= 15 && v->patterns > 20);
    for (size_t i = 0; i < v->entities; i++)
        for (size_t k = 0; k < v->entity[i].table_kinds; k++) assert_true(v->entity[i].tables[k].words.n > 0);
    assert_null(vocabulary_load("no such folder", x->mem, &x->wrong));
    assert_int_equal(x->wrong.n, 1);
}

/* ---- drafts ---- */

static void an_english_clinic(void **state)
{
    fixture *x = *state;
    size_t patient = add(x, "tblPatients",
                         "PatNum:int* FName:text LName:text DOB:date Sex:text HmPhone:text Zip:text PriProv:int"),
           doctor = add(x, "Dentist", "DentistID:int* FullName:text Specialty:text"),
           visit = add(x, "Appt", "ApptID:int* PatNum:int Doc:int ApptDate:datetime Length:int Status:text");
    refer(x, visit, "PatNum", patient, "PatNum");
    refer(x, visit, "Doc", doctor, "DentistID");
    refer(x, patient, "PriProv", doctor, "DentistID");
    make(x);
    assert_says(x, "patient.sql", "SELECT x.\"PatNum\" AS src_key,");
    assert_says(x, "patient.sql", "x.\"FName\" AS first,");
    assert_says(x, "patient.sql", "x.\"LName\" AS last,");
    assert_says(x, "patient.sql", "x.\"DOB\" AS birth_date,");
    assert_says(x, "patient.sql", "x.\"HmPhone\" AS phone_home,");
    assert_says(x, "patient.sql", "x.\"Zip\" AS postal_code,");
    assert_says(x, "patient.sql", "x.\"PriProv\" AS primary_provider");
    assert_says(x, "patient.sql", "FROM \"dbo.tblPatients\" AS x");
    assert_says(x, "provider.sql", "x.\"FullName\" AS full_name");
    assert_says(x, "appointment.sql", "x.\"PatNum\" AS patient,");
    assert_says(x, "appointment.sql", "x.\"Doc\" AS provider,");
    assert_says(x, "appointment.sql", "x.\"ApptDate\" AS start_at,");
    assert_says(x, "appointment.sql", "x.\"Length\" AS duration,");
    assert_says(x, "profile.yaml", "appointment: { from: dbo.Appt, sql: appointment.sql }");
    assert_says(x, "profile.yaml", "dbo.Appt: [ApptID, PatNum, Doc");
    assert_says(x, "profile.yaml", "language: en");
    assert_says(x, "profile.yaml", "system: CLI");
    draft_facts f = draft_count(x->d);
    assert_int_equal(f.entities, 3);
    assert_int_equal(f.tables_left, 0);
}

static void a_turkish_clinic_without_declared_keys(void **state)
{
    fixture *x = *state;
    add(x, "Hastalar",
        "HastaNo:int Ad\xC4\xB1:text Soyad\xC4\xB1:text Do\xC4\x9Fum_Tarihi:date Cinsiyet:text Cep:text Hekim:text "
        "Boy:int");
    add(x, "Doktorlar", "ID:int AdSoyad:text");
    add(x, "Randevular", "RandevuID:int HastaNo:int Tarih:date Saat:time Durum:text");
    make(x);
    assert_says(x, "patient.sql", "x.\"HastaNo\" AS src_key");
    assert_says(x, "patient.sql", "x.\"Ad\xC4\xB1\" AS first");
    assert_says(x, "patient.sql", "x.\"Soyad\xC4\xB1\" AS last");
    assert_says(x, "patient.sql", "x.\"Do\xC4\x9Fum_Tarihi\" AS birth_date");
    assert_says(x, "patient.sql", "x.\"Cep\" AS phone_mobile");
    assert_says(x, "patient.sql",
                "CASE WHEN count(*) = 1 THEN min(t.\"ID\") END FROM \"dbo.Doktorlar\" AS t WHERE t.\"AdSoyad\" = "
                "x.\"Hekim\") AS primary_provider");
    assert_says(x, "patient.sql", "-- Boy: int");
    assert_says(x, "patient.sql", "FROM hastalar AS x");
    assert_says(x, "appointment.sql", "x.\"HastaNo\" AS patient");
    assert_says(x, "appointment.sql", "x.\"Tarih\" || ' ' || x.\"Saat\" AS start_at");
    assert_says(x, "profile.yaml", "hastalar:\n names: [dbo.Hastalar]\n key: HastaNo");
    assert_says(x, "profile.yaml", "country: TR");
    assert_says(x, "profile.yaml", "date_order: dmy");
}

static void what_all_columns_begin_with_says_nothing(void **state)
{
    fixture *x = *state;
    add(x, "doctor", "docid:text* docfname:text doclname:text docemail:text");
    make(x);
    assert_says(x, "provider.sql", "x.\"docfname\" AS first");
    assert_says(x, "provider.sql", "x.\"docemail\" AS email");
}

static void a_number_of_a_list_becomes_the_word_of_the_list(void **state)
{
    fixture *x = *state;
    size_t patient = add(x, "Patient", "ID:int* FirstName:text LastName:text GenderID:int"),
           gender = add(x, "Gender", "ID:int* Name:text");
    refer(x, patient, "GenderID", gender, "ID");
    make(x);
    assert_says(x, "patient.sql",
                "(SELECT t.\"Name\" FROM \"dbo.Gender\" AS t WHERE t.\"ID\" = x.\"GenderID\") AS sex");
}

static void text_keys_are_looked_up_so_that_case_and_blanks_are_the_keys_own(void **state)
{
    fixture *x = *state;
    size_t patient = add(x, "Patient", "PatientID:text* FirstName:text LastName:text"),
           visit = add(x, "Visit", "VisitID:int* PatientID:text VisitDate:datetime");
    refer(x, visit, "PatientID", patient, "PatientID");
    make(x);
    assert_says(
        x, "appointment.sql",
        "(SELECT t.\"PatientID\" FROM \"dbo.Patient\" AS t WHERE t.\"PatientID\" = x.\"PatientID\") AS patient");
}

static void tables_of_one_entity_have_keys_that_do_not_meet(void **state)
{
    fixture *x = *state;
    size_t carrier = add(x, "InsuranceCarrier", "CarrierID:int* CarrierName:text Phone:text"),
           patient = add(x, "Patient", "ID:int* FirstName:text LastName:text EmployerID:int"),
           employer = add(x, "Employer", "EmployerID:int* Name:text");
    (void)carrier;
    refer(x, patient, "EmployerID", employer, "EmployerID");
    make(x);
    assert_says(x, "organization_employer.sql", "SELECT 'employer:' || x.\"EmployerID\" AS src_key,");
    assert_says(x, "organization_employer.sql", "'employer' AS kind");
    assert_says(x, "organization_carrier.sql", "SELECT 'carrier:' || x.\"CarrierID\"");
    assert_says(x, "patient.sql", "(SELECT 'employer:' || t.\"EmployerID\" FROM \"dbo.Employer\" AS t");
    assert_says(x, "profile.yaml", "organization:\n - { from: dbo.InsuranceCarrier, sql: organization_carrier.sql }");
}

static void a_table_that_lacks_what_an_entity_cannot_be_without_is_left(void **state)
{
    fixture *x = *state;
    add(x, "Patient", "ID:int* FirstName:text LastName:text");
    add(x, "Appointments", "ID:int* AppointmentDate:datetime Status:text");
    add(x, "Suppliers", "Code:text* Balance:money");
    make(x);
    assert_null(file(x, "appointment.sql"));
    assert_says(x, "profile.yaml", "dbo.Appointments, 100 rows: Looks like appointment");
    assert_says(x, "profile.yaml", "but no column gives patient");
    assert_says(x, "profile.yaml", "dbo.Suppliers, 100 rows: Code, Balance");
}

static void misspelt_tables_and_passwords(void **state)
{
    fixture *x = *state;
    add(x, "Patients", "ID:int* FirstName:text LastName:text");
    add(x, "Appoinments", "ID:int* PatientID:int AppointmentDate:datetime");
    add(x, "Users", "UserID:int* Login:text Password:text");
    make(x);
    assert_says(x, "appointment.sql", "FROM \"dbo.Appoinments\" AS x");
    assert_says(x, "profile.yaml", "leave:\n - dbo.Users.Password");
}

static void nothing_known_is_an_empty_draft(void **state)
{
    fixture *x = *state;
    add(x, "Orders", "OrderID:int* Freight:money");
    make(x);
    assert_true(draft_is_empty(x->d));
}

/* ---- charts ---- */

static void exams_and(fixture *x, const char *name, const char *columns)
{
    add(x, "Patient", "PatientID:int* FirstName:text LastName:text");
    add(x, "PerioExam", "ExamID:int* PatientID:int ExamDate:datetime");
    add(x, name, columns);
    make(x);
}

static void a_row_per_tooth_is_recognised(void **state)
{
    exams_and(*state, "PerioChart",
              "ChartID:int* ExamID:int ToothNumber:text PD_MB:int PD_B:int PD_DB:int PD_ML:int PD_L:int PD_DL:int "
              "REC_MB:int Mobility:text");
    assert_says(*state, "profile.yaml",
                "\nchart:\n shape: tooth_row\n table: dbo.PerioChart\n exam: ExamID\n row_key: ChartID\n tooth: "
                "ToothNumber\n columns:\n");
    assert_says(*state, "profile.yaml", "\"PD_{site}\": pd\n");
    assert_says(*state, "profile.yaml", "\"REC_{site}\": recession\n");
    assert_says(*state, "profile.yaml", "Mobility: mobility\n");
}

static void a_row_per_site_is_recognised(void **state)
{
    exams_and(*state, "Probing", "ID:int* ExamID:int Tooth:int Site:text PocketDepth:int Bleeding:int");
    assert_says(*state, "profile.yaml", "shape: site_row");
    assert_says(*state, "profile.yaml", "site: Site");
    assert_says(*state, "profile.yaml", "PocketDepth: pd");
}

static void a_row_per_measurement_of_a_published_table_is_drafted(void **state)
{
    exams_and(*state, "PerioMeasure",
              "PerioMeasureNum:int* PerioExamNum:int SequenceType:int IntTooth:int ToothValue:int MBvalue:int "
              "Bvalue:int DBvalue:int MLvalue:int Lvalue:int DLvalue:int");
    assert_says(*state, "profile.yaml",
                "\nchart:\n shape: tooth_measure\n table: dbo.PerioMeasure\n exam: PerioExamNum\n row_key: "
                "PerioMeasureNum\n tooth: IntTooth\n tooth_value: ToothValue\n numbering: universal\n margin_sign: "
                "od_100plus\n measure:\n column: SequenceType\n values:\n");
    assert_says(*state, "profile.yaml", "4: probing_depth\n");
    assert_says(*state, "profile.yaml",
                "sites: { MB: MBvalue, B: Bvalue, DB: DBvalue, ML: MLvalue, L: Lvalue, DL: DLvalue }\n");
}

static void a_row_per_measurement_of_unknown_numbers_is_named_and_left_to_a_person(void **state)
{
    exams_and(*state, "Measurements",
              "ID:int* ExamID:int MeasureType:int Tooth:int MB:int B:int DB:int ML:int L:int DL:int");
    assert_says(*state, "profile.yaml", "# shape: tooth_measure");
    assert_says(*state, "profile.yaml", "what the values of its column of measurements mean");
}

/* ---- the text of SELECTs ---- */

static void names_of(void *ctx, sv qualifier, sv name)
{
    buf *b = ctx;
    buf_sv(b, qualifier);
    buf_char(b, '.');
    buf_sv(b, name);
    buf_char(b, ' ');
}

static void columns_of_a_select_are_read_from_its_text(void **state)
{
    fixture *x = *state;
    static const char sql[] =
        "-- a, b\nSELECT x.\"ID\" AS src_key, -- 98 ?: key; int\n  (SELECT min(t.a, ',') FROM \"dbo.t\" AS t WHERE t.k "
        "= x.k) AS first,\n"
        "  x.last, rtrim(x.City) /* , */ AS city -- 77: name\n  FROM \"dbo.Patient\" AS x JOIN list l ON l.id = x.l";
    size_t n;
    const select_item *item = select_items(sv_from(sql), x->mem, &n);
    buf b = buf_new(1000);
    assert_int_equal(n, 4);
    assert_true(sv_eq(item[0].field, SV_LIT("src_key")));
    assert_int_equal(item[0].points, 98);
    assert_true(sv_eq(item[1].field, SV_LIT("first")));
    select_names(item[1].expression, names_of, &b);
    assert_true(sv_starts(buf_view(&b), SV_LIT(".SELECT t.a .FROM .dbo.t .AS .t .WHERE t.k x.k ")));
    assert_true(sv_eq(item[2].field, SV_LIT("last")));
    assert_true(sv_eq(item[3].expression, SV_LIT("rtrim(x.City)")));
    assert_int_equal(item[3].points, 77);
    assert_true(sv_eq(select_table_of(sv_from(sql), SV_LIT("x")), SV_LIT("dbo.Patient")));
    assert_true(sv_eq(select_table_of(sv_from(sql), SV_LIT("l")), SV_LIT("list")));
    assert_true(sv_eq(select_table_of(item[1].expression, SV_LIT("t")), SV_LIT("dbo.t")));
    assert_null(select_table_of(sv_from(sql), SV_LIT("y")).p);
    buf_free(&b);
}

/* ---- scripts for the server ---- */

static void a_script_for_the_server_names_the_tables_and_changes_nothing(void **state)
{
    fixture *x = *state;
    const profile *p = profile_load(CHARTFERRY_TEMPLATES "/sources/hospital", x->mem, &x->wrong);
    static const char *const never[] = {"sa ",   "UPDATE ", "DELETE ", "CREATE ", "ALTER ",
                                        "DROP ", "EXEC",    "-U ",     "-P "};
    assert_non_null(p);
    for (int sqlcmd = 0; sqlcmd < 2; sqlcmd++) {
        buf b = buf_new(1 << 20);
        assert_true(export_script(p, sqlcmd, &b));
        buf_char(&b, '\0');
        assert_non_null(strstr(b.p, "N'dbo.patient'"));
        assert_non_null(strstr(b.p, "N'dbo.patientphone'")); /* only joined */
        assert_non_null(strstr(b.p, sqlcmd ? ":OUT" : "queryout"));
        assert_non_null(strstr(b.p, "-y 0"));
        assert_non_null(strstr(b.p, "varbinary(max)"));
        const char *code = strstr(b.p, "SET NOCOUNT ON");
        assert_non_null(code);
        for (size_t i = 0; code && i < sizeof never / sizeof never[0]; i++)
            if (strstr(code, never[i])) fail_msg("the script holds %s", never[i]);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_vocabulary_names_fields_of_the_model_only),
        TEST(an_english_clinic),
        TEST(a_turkish_clinic_without_declared_keys),
        TEST(what_all_columns_begin_with_says_nothing),
        TEST(a_number_of_a_list_becomes_the_word_of_the_list),
        TEST(text_keys_are_looked_up_so_that_case_and_blanks_are_the_keys_own),
        TEST(tables_of_one_entity_have_keys_that_do_not_meet),
        TEST(a_table_that_lacks_what_an_entity_cannot_be_without_is_left),
        TEST(misspelt_tables_and_passwords),
        TEST(nothing_known_is_an_empty_draft),
        TEST(a_row_per_tooth_is_recognised),
        TEST(a_row_per_site_is_recognised),
        TEST(a_row_per_measurement_of_a_published_table_is_drafted),
        TEST(a_row_per_measurement_of_unknown_numbers_is_named_and_left_to_a_person),
        TEST(columns_of_a_select_are_read_from_its_text),
        TEST(a_script_for_the_server_names_the_tables_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
