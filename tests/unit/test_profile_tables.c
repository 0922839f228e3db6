/* The profile's own tables: which of a source's are taken for them, and what is never taken by chance. */
#include "profile_run.h"

#define AT "test_profile_folder/profile.yaml:"

/* ---- names ---- */

static name_fit fit(const char *a, const char *b)
{
    name_form x, y;
    name_form_of(sv_from(a), &x);
    name_form_of(sv_from(b), &y);
    assert_int_equal(name_fits(&x, &y), name_fits(&y, &x));
    return name_fits(&x, &y);
}

static void names_fit_as_closely_as_they_are_written(void **state)
{
    static const struct {
        const char *a, *b;
        name_fit fit;
    } cases[] = {
        {"Patient", "PATIENT", NAME_FITS_EXACTLY},
        {"First Name", "first_name", NAME_FITS_FOLDED},
        {"DogumTarihi", "Doğum Tarihi", NAME_FITS_FOLDED},
        {"Ilce", "İlçe", NAME_FITS_FOLDED},
        {"Ilce", "ilçe", NAME_FITS_FOLDED},
        {"tblPatient", "Patient", NAME_FITS_WITHOUT_PREFIX},
        {"strLastName", "Last_Name", NAME_FITS_WITHOUT_PREFIX},
        {"dtBirthDate", "BirthDate", NAME_FITS_WITHOUT_PREFIX},
        {"t_patient", "Patient", NAME_FITS_WITHOUT_PREFIX},
        {"tblpatients", "patients", NAME_FITS_WITHOUT_PREFIX},
        {"Patients", "Patient", NAME_FITS_BY_WORDS},
        {"ChartNo", "ChartNumber", NAME_FITS_BY_WORDS},
        {"PatientID", "patientkey", NAME_FITS_BY_WORDS},
        {"PATNum", "PatID", NAME_FITS_BY_WORDS},
        {"HomeTel", "HomePhone", NAME_FITS_BY_WORDS},
        {"ProvID", "DoctorID", NAME_FITS_BY_WORDS},
        {"ExamDt", "ExamDate", NAME_FITS_BY_WORDS},
        {"Address", "Street", NAME_FITS_BY_WORDS},
        {"Title", "itle", NAME_FITS_NOT},
        {"State", "Estate", NAME_FITS_NOT},
        {"Paid", "Pakey", NAME_FITS_NOT},
        {"PatientID", "PatientName", NAME_FITS_NOT},
        {"Ödeme", "Ödem", NAME_FITS_NOT},
        {"пациент", "врач", NAME_FITS_NOT},
        {"пациент", "Пациент", NAME_FITS_NOT},
        {"", "?", NAME_FITS_NOT},
        {"!!", "??", NAME_FITS_NOT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (fit(cases[i].a, cases[i].b) != cases[i].fit) fail_msg("%s, %s", cases[i].a, cases[i].b);
}

static void a_name_that_is_too_long_fits_only_exactly(void **state)
{
    char a[200], b[200];
    (void)state;
    memset(a, 'a', sizeof a);
    memset(b, 'a', sizeof b);
    a[199] = b[199] = 0;
    assert_int_equal(fit(a, b), NAME_FITS_EXACTLY);
    b[198] = '_';
    assert_int_equal(fit(a, b), NAME_FITS_NOT);
}

/* ---- a source of columns ---- */

typedef struct few {
    const char *table; /* "dbo.Patient" */
    const char *columns[8];
} few;

/* The catalog alone: nothing is read. */
static catalog catalog_of(fixture *x, const few *t, size_t n)
{
    table_info *info = arena_array(x->mem, n, sizeof *info);
    for (size_t i = 0; i < n; i++) {
        const char *dot = strchr(t[i].table, '.');
        column_info *column = arena_array(x->mem, 8, sizeof *column);
        size_t columns = 0;
        for (; columns < 8 && t[i].columns[columns]; columns++) column[columns].name = sv_from(t[i].columns[columns]);
        info[i] = (table_info){.full_name = sv_from(t[i].table),
                               .name = sv_from(dot ? dot + 1 : t[i].table),
                               .column = column,
                               .columns = columns};
    }
    return (catalog){info, n};
}

#define TABLES                                                                                                         \
    "title: T\nsystem: TT\ndetect:\n  tables: {Patient: [PatientID, LastName]}\ntables:\n"                             \
    "  Patient:\n    names: [Person, PatientInfo]\n    key: PatientID\n    columns:\n"                                 \
    "      PatientID: {names: [PatNum], required: true}\n      ChartNumber: [PatID, MRN]\n"                            \
    "      LastName: [Surname]\n      Status: []\n"                                                                    \
    "  Exam:\n    names: [Visit]\n    columns: {ExamID: {required: true}, PatientID: []}\n"                            \
    "  Appointment:\n    names: [Visit, Appt]\n    columns: {AppointmentID: {required: true}, PatientID: []}\n"        \
    "entities:\n  patient: {from: Patient, sql: a.sql}\n"

/* "Patient=dbo.X(PatNum,-,LName,-) Exam=- ..." */
static void assert_match(fixture *x, const few *t, size_t n, const char *expected)
{
    buf b = buf_new(10000);
    catalog c = catalog_of(x, t, n);
    write_file("a.sql", "SELECT PatientID AS src_key, LastName AS last FROM Patient");
    const profile *p = load(x, TABLES);
    assert_non_null(p);
    const table_match *m = profile_match(p, &c, x->mem);
    assert_non_null(m);
    for (size_t i = 0; i < p->tables; i++) {
        const table_info *info = m[i].table == MATCH_NONE ? NULL : &c.table[m[i].table];
        buf_printf(&b, "%s%s=%s", i ? " " : "", p->table[i].name.p,
                   info                    ? info->full_name.p
                   : m[i].rival.first >= 0 ? "?"
                   : m[i].near >= 0        ? "~"
                                           : "-");
        for (size_t k = 0; info && k < p->table[i].columns; k++) {
            int at = m[i].column[k];
            buf_printf(&b, "%s%s", k ? "," : "(",
                       at != MATCH_NONE                  ? info->column[at].name.p
                       : m[i].column_rival[k].first >= 0 ? "?"
                                                         : "-");
        }
        if (info) buf_str(&b, m[i].rival.first >= 0 ? ")!" : ")");
    }
    buf_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}
#define MATCH(x, expected, ...)                                                                                        \
    do {                                                                                                               \
        const few t[] = {__VA_ARGS__};                                                                                 \
        assert_match(x, t, sizeof t / sizeof t[0], expected);                                                          \
    } while (0)

static void the_closer_name_is_taken_first(void **state)
{
    fixture *x = *state;
    MATCH(x, "Patient=dbo.Patient(PatientID,-,LastName,-) Exam=- Appointment=-",
          {"dbo.Patient", {"PatientID", "LastName"}});
    MATCH(x, "Patient=dbo.tblPatients(PatNum,PatID,strLastName,-) Exam=- Appointment=-",
          {"dbo.tblPatients", {"PatNum", "PatID", "strLastName"}});
    /* PatID is the chart number where a key of its own is there, whichever comes first */
    MATCH(x, "Patient=dbo.PERSON(PatientKey,PatID,surname,STATUS) Exam=- Appointment=-",
          {"dbo.PERSON", {"PatID", "PatientKey", "surname", "STATUS"}});
}

static void two_columns_that_fit_equally_are_taken_by_nobody(void **state)
{
    fixture *x = *state;
    MATCH(x, "Patient=dbo.Patient(PatientID,?,LastName,-) Exam=- Appointment=-",
          {"dbo.Patient", {"PatientID", "LastName", "PatID", "MRN"}});
}

static void two_tables_that_fit_equally_are_taken_by_nobody(void **state)
{
    fixture *x = *state;
    MATCH(x, "Patient=? Exam=- Appointment=-", {"dbo.Patient", {"PatientID"}}, {"old.Patient", {"PatientID"}});
    MATCH(x, "Patient=dbo.Patient(PatientID,-,-,-)! Exam=- Appointment=-", {"dbo.Patient", {"PatientID"}},
          {"dbo.Person", {"PatNum"}});
}

static void a_table_of_two_names_is_what_its_columns_say(void **state)
{
    fixture *x = *state;
    MATCH(x, "Patient=- Exam=dbo.Visit(ExamID,PatientID) Appointment=~", {"dbo.Visit", {"ExamID", "PatientID"}});
    MATCH(x, "Patient=- Exam=~ Appointment=dbo.Visit(AppointmentID,-)", {"dbo.Visit", {"AppointmentID"}});
    MATCH(x, "Patient=- Exam=? Appointment=?", {"dbo.Visit", {"AppointmentID", "ExamID"}});
}

static void a_table_without_a_required_column_is_another_one(void **state)
{
    fixture *x = *state;
    MATCH(x, "Patient=~ Exam=- Appointment=-", {"dbo.Patient", {"LastName"}});
}

static void a_full_name_tells_two_tables_apart(void **state)
{
    fixture *x = *state;
    const few t[] = {{"dbo.Patient", {"PatientID"}}, {"old.Patient", {"PatientID"}}};
    catalog c = catalog_of(x, t, 2);
    write_file("a.sql", "SELECT 1 AS src_key");
    const profile *p = load(x, HEAD "tables:\n  Patient: {names: [old.patient], columns: {PatientID: []}}\n"
                                    "entities:\n  patient: {from: Patient, sql: a.sql}\n");
    assert_non_null(p);
    assert_int_equal(profile_match(p, &c, x->mem)[0].table, 1);
}

static void a_dump_without_headings_is_taken_by_order_where_the_profile_says_so(void **state)
{
    fixture *x = *state;
    const few good[] = {{"dump.Patient", {"column_1", "column_2"}}}, more[] = {{"dump.Patient", {"column_1"}}};
    catalog c = catalog_of(x, good, 1), d = catalog_of(x, more, 1);
    write_file("a.sql", "SELECT 1 AS src_key");
    const char *const with =
        "tables:\n  Patient: {positions: true, columns: {PatientID: {required: true}, LastName: []}}\n"
        "entities:\n  patient: {from: Patient, sql: a.sql}\n";
    char yaml[1000];
    snprintf(yaml, sizeof yaml, HEAD "%s", with);
    const profile *p = load(x, yaml);
    assert_non_null(p);
    const table_match *m = profile_match(p, &c, x->mem);
    assert_int_equal(m[0].table, 0);
    assert_true(m[0].by_position);
    assert_int_equal(m[0].column[1], 1);
    assert_int_equal(profile_match(p, &d, x->mem)[0].table, MATCH_NONE);
    snprintf(yaml, sizeof yaml, HEAD "tables:\n  Patient: {columns: {PatientID: {required: true}, LastName: []}}\n%s",
             strstr(with, "entities"));
    p = load(x, yaml);
    assert_int_equal(profile_match(p, &c, x->mem)[0].table, MATCH_NONE);
}

static void the_fingerprint_goes_through_the_same_names(void **state)
{
    fixture *x = *state;
    const few good[] = {{"dbo.person", {"PatNum", "Surname"}}}, bad[] = {{"dbo.person", {"PatNum"}}};
    write_file("a.sql", "SELECT 1 AS src_key");
    const profile *p = load(x, TABLES);
    assert_non_null(p);
    catalog c = catalog_of(x, good, 1), d = catalog_of(x, bad, 1);
    buf missing = buf_new(1000);
    assert_int_equal(profile_score(p, &c, &missing), 100);
    assert_int_equal(profile_score(p, &d, &missing), 79 * 2 / 3);
    assert_true(sv_eq(buf_view(&missing), SV_LIT("Patient.LastName")));
    buf_free(&missing);
}

static void mistakes_in_tables_are_told(void **state)
{
    fixture *x = *state;
    write_file("a.sql", "SELECT 1 AS src_key");
    assert_null(load(x, "title: T\nsystem: TT\ndetect:\n  tables: {Patient: [Nix]}\ntables:\n"
                        "  Patient: {key: Other, columns: {PatientID: x, patientid: [[a]]}}\n"
                        "  patient: {nmes: [], columns: {}}\n"
                        "  dbo.x: {columns: {A: {required: maybe}}}\n"
                        "entities:\n  patient: {from: Patent, sql: a.sql}\n"));
    assert_wrong(x, AT
                 "4:22: the profile's table Patient has no column \"Nix\"\n" AT
                 "6:18: \"key\" names no column of the table\n" AT "6:46: the synonyms of a column are a list\n" AT
                 "6:49: the column \"patientid\" stands here twice, letter case aside\n" AT
                 "6:61: a synonym must be a name\n" AT
                 "7:3: the table \"patient\" stands here twice, letter case aside\n" AT
                 "7:13: unknown key \"nmes\" in a table; did you mean \"names\"?\n" AT "7:32: a table has columns\n" AT
                 "8:3: the name of a table has letters, digits and _ (names as the source may have them stand in "
                 "\"names\")\n" AT "8:35: must be true or false\n" AT
                 "10:19: a driving table is named with its schema, such as \"dbo.patient\", or is one of \"tables\"\n");
}

/* ---- staging through the profile's own tables ---- */

#define OWN                                                                                                            \
    "title: T\nsystem: TT\ndetect:\n  tables: {Person: [PersonID]}\ntables:\n"                                         \
    "  Person:\n    names: [people]\n    columns: {PersonID: {names: [id], required: true}, LastName: [name], Day: "   \
    "[],"                                                                                                              \
    " City: []}\n"                                                                                                     \
    "  Nowhere: {columns: {A: [], B: []}}\n"

static void selects_read_the_profiles_own_names(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT p.PersonID AS src_key, coalesce(p.LastName, 'none given') AS last, p.City AS city\n"
                        "FROM Person AS p LEFT JOIN Nowhere AS n ON n.A = p.PersonID");
    write_file("a.sql", "SELECT A AS src_key, B AS patient, B AS start_at FROM Nowhere");
    assert_int_equal(stage_yaml(x, OWN "entities:\n  patient: {from: Person, sql: p.sql}\n"
                                       "  appointment: {from: Nowhere, sql: a.sql}\n"),
                     ST_OK);
    assert_line(x, "patient", 10, 10, 0, 0, 0);
    assert_line(x, "appointment", 0, 0, 0, 0, 0);
    assert_value(x, "SELECT src_key || '|' || last || '|' || ifnull(city, '-') FROM main.patient WHERE src_key = '2'",
                 "2|name, \"2\"|-");
    assert_value(x, "SELECT count(*) FROM temp.sqlite_schema", "0");
}

static void a_required_column_that_two_fit_stops(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT A AS src_key, 'x' AS last FROM People");
    assert_int_equal(stage_yaml(x, HEAD "tables:\n  People: {columns: {A: {names: [id, name], required: true}}}\n"
                                        "entities:\n  patient: {from: People, sql: p.sql}\n"),
                     ST_FATAL);
    assert_wrong(x,
                 AT "7:3: \"A\" of People may be id or name of the source: name the right one among the \"names\" of "
                    "the column\n");
}

static void an_optional_column_that_two_fit_is_told_and_not_read(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT id AS src_key, 'x' AS last, City AS city FROM People");
    assert_int_equal(stage_yaml(x, HEAD "tables:\n  People: {columns: {id: {required: true}, City: [note, name]}}\n"
                                        "entities:\n  patient: {from: People, sql: p.sql}\n"),
                     ST_OK);
    assert_int_equal(findings_count(x->found, F_PRO_COLUMN_AMBIGUOUS), 1);
    assert_value(x, "SELECT count(city) FROM main.patient", "0");
}

static void two_tables_that_fit_stop(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT id AS src_key, 'x' AS last FROM Anyone");
    assert_int_equal(stage_yaml(x, HEAD "tables:\n  Anyone: {names: [people, visits], columns: {id: []}}\n"
                                        "entities:\n  patient: {from: Anyone, sql: p.sql}\n"),
                     ST_FATAL);
    assert_wrong(x, AT "7:3: \"Anyone\" may be dbo.people or dbo.visits of the source: write the right one with its "
                       "schema, or with exactly its name, among the \"names\" of the table\n");
}

static void a_table_that_fits_less_well_and_one_that_lacks_a_column_are_told(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT id AS src_key, 'x' AS last FROM People");
    assert_int_equal(stage_yaml(x, HEAD "tables:\n  People: {names: [visits], columns: {id: []}}\n"
                                        "  Visit: {names: [visits], columns: {id: [], Nix: {required: true}}}\n"
                                        "entities:\n  patient: {from: People, sql: p.sql}\n"),
                     ST_OK);
    assert_int_equal(findings_count(x->found, F_PRO_TABLE_RIVAL), 1);
    assert_int_equal(findings_count(x->found, F_PRO_TABLE_NEAR), 1);
}

static void the_schema_of_the_program_is_not_for_selects(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT name AS src_key, 'x' AS last FROM temp.sqlite_schema");
    assert_int_equal(stage_yaml(x, OWN "entities:\n  patient: {from: Person, sql: p.sql}\n"), ST_FATAL);
    assert_int_equal(x->wrong.n, 1);
}

/* ---- values, parts, derived records ---- */

static void codes_are_mapped_and_unlisted_ones_held_back(void **state)
{
    fixture *x = *state;
    write_file("p.sql",
               "SELECT PersonID AS src_key, 'x' AS last, 'K' || PersonID AS sex FROM Person WHERE PersonID < 4");
    assert_int_equal(stage_yaml(x, OWN "entities:\n  patient: {from: Person, sql: p.sql}\n"
                                       "values:\n  patient.sex: {k0: female, \" K1\": male, K1: male, K2: \"\"}\n"),
                     ST_OK);
    assert_line(x, "patient", 10, 4, 0, 6, 1);
    assert_rejects(x, "PRO-714 sex held 3 K3;");
    assert_value(x, "SELECT group_concat(ifnull(sex, '-')) FROM main.patient", "female,male,-,-");
}

static void mistakes_in_values_are_told(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT 1 AS src_key");
    assert_null(load(x, OWN "entities:\n  patient: {from: Person, sql: p.sql}\n"
                            "values:\n  patient.sexx: {a: male}\n  patient: {}\n  patient.sex: {a: mail, b: [c]}\n"
                            "  patient.employer: {a: b}\n  patient.city: x\n"));
    assert_wrong(x, AT "13:3: the model has no field patient.sexx (fields are written as entity.field)\n" AT
                       "14:3: the model has no field patient (fields are written as entity.field)\n" AT
                       "15:20: sex is one of female male other unknown, not \"mail\"; did you mean \"male\"?\n" AT
                       "15:29: what a code means must be a text\n" AT
                       "16:3: patient.employer is a reference: what it refers to has the same codes\n" AT
                       "17:17: the values of a field must be a map (code: word of the model)\n");
}

static void an_entity_may_have_several_parts(void **state)
{
    fixture *x = *state;
    /* visits 0 to 19 come behind people 0 to 9 under keys of which 8 and 9 are taken, and 2 have no name */
    write_file("p.sql", "SELECT PersonID AS src_key, 'x' AS last FROM Person");
    write_file("v.sql", "SELECT id + 8 AS src_key, CASE WHEN id < 18 THEN 'y' END AS last FROM \"dbo.visits\"");
    assert_int_equal(stage_yaml(x, OWN "entities:\n  patient:\n    - {from: Person, sql: p.sql}\n"
                                       "    - {from: dbo.visits, sql: v.sql}\n"),
                     ST_OK);
    assert_line(x, "patient", 30, 26, 4, 0, 0);
    assert_int_equal(findings_count(x->found, F_PRO_FAN_OUT), 2);
    assert_value(x, "SELECT group_concat(DISTINCT src_table) FROM main.patient", "dbo.people,dbo.visits");
}

static void derived_records_are_no_rows_of_a_table(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT PersonID AS src_key, 'x' AS last, 'C:' || (PersonID % 2) AS employer FROM Person");
    write_file("o.sql", "SELECT DISTINCT 'C:' || (PersonID % 2) AS src_key, 'employer' AS kind,\n"
                        "  canonical('organization.name', ' N ' || (PersonID % 2)) AS name FROM Person");
    assert_int_equal(stage_yaml(x, OWN "entities:\n  patient: {from: Person, sql: p.sql}\n"
                                       "  organization: [{derived: true, sql: o.sql}]\n"),
                     ST_OK);
    assert_line(x, "organization", 2, 2, 0, 0, 0);
    assert_value(x, "SELECT group_concat(name, '|') FROM main.organization", "N 0|N 1");
    assert_value(x, "SELECT count(DISTINCT employer) FROM main.patient", "2");
    assert_int_equal(findings_count(x->found, F_PRO_MORE_RECORDS), 0);
}

static void canonical_wants_a_field_of_the_model(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT PersonID AS src_key, canonical('patient.lst', 'x') AS last FROM Person");
    assert_int_equal(stage_yaml(x, OWN "entities:\n  patient: {from: Person, sql: p.sql}\n"), ST_FATAL);
    assert_int_equal(findings_count(x->found, F_PRO_SQL_FAILED), 1);
}

static void wrong_parts_are_told(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT 1 AS src_key");
    assert_null(load(x, OWN "entities:\n  patient: []\n  provider: [{from: Person, sql: p.sql, derived: true}, x]\n"));
    assert_wrong(x, AT "11:12: the entity has no part\n" AT
                       "12:21: derived records have no driving table: their rows are accounted for elsewhere\n" AT
                       "12:57: an entity must be a map (key: value)\n");
}

/* ---- what nothing reads ---- */

static const char *const keyed = "title: T\nsystem: TT\ndetect:\n  tables: {Person: [id]}\ntables:\n"
                                 "  Person: {names: [people], key: id, columns: {id: {required: true}, day: []}}\n"
                                 "entities:\n  patient: {from: Person, sql: p.sql}\n%s";

static status stage_keyed(fixture *x, const char *more)
{
    char yaml[2000];
    snprintf(yaml, sizeof yaml, keyed, more);
    write_file("p.sql", "SELECT id AS src_key, 'x' AS last, day AS birth_date FROM Person WHERE id <> 4");
    return stage_yaml(x, yaml);
}

static void assert_left(fixture *x, const char *expected)
{
    buf_char(&x->left, 0);
    assert_string_equal(x->left.p, expected);
}

static void columns_that_no_select_reads_are_carried(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage_keyed(x, ""), ST_OK);
    /* Of people: 9 names and 10 amounts, those of 4 rejected; of visits, which hold the key as `id`: 20 times day and
     * amount, 18 names; photos are no text. */
    assert_value(x, "SELECT count(*) FROM main.custom_value WHERE name = 'amount'", "9");
    assert_value(x,
                 "SELECT record || '|' || type || '|' || value || '|' || src_table FROM main.custom_value "
                 "WHERE src_key = 'patient:2:amount'",
                 "2|number|0.14|dbo.people");
    assert_value(x, "SELECT value FROM main.custom_value WHERE src_key = 'patient:2:visits.day:3'", "1900-01-03");
    assert_line(x, "custom_value", 77, 43, 34, 0, 0);
    assert_true(findings_count(x->found, F_PRO_COLUMN_CARRIED) > 0);
    assert_int_equal(findings_count(x->found, F_PRO_COLUMN_LEFT), 2);
    assert_left(x, "dbo.people.name 9 of 10 carried\ndbo.people.amount 10 of 10 carried\n"
                   "dbo.people.photo 10 of 10 no text\ndbo.visits.name 18 of 20 carried\n"
                   "dbo.visits.amount 20 of 20 carried\ndbo.visits.day 20 of 20 carried\n"
                   "dbo.visits.photo 20 of 20 no text\n");
}

static void what_the_profile_leaves_is_not_carried(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage_keyed(x, "leave: [dbo.visits, Person.amount, people.name]\n"), ST_OK);
    assert_value(x, "SELECT count(*) FROM main.sqlite_master WHERE name = 'custom_value'", "0");
    assert_left(x, "dbo.people.name 9 of 10 leave\ndbo.people.amount 10 of 10 leave\n"
                   "dbo.people.photo 10 of 10 no text\n");
    assert_int_equal(findings_count(x->found, F_PRO_LEAVE_UNKNOWN), 0);
}

static void what_shall_stay_behind_and_is_not_there_is_told(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage_keyed(x, "leave: [dbo.visits.naem, dbo.other, Person.amount]\n"), ST_OK);
    assert_int_equal(findings_count(x->found, F_PRO_LEAVE_UNKNOWN), 1); /* PRO-717 */
}

/* ---- functions ---- */

static void contents_are_told_by_their_bytes(void **state)
{
    fixture *x = *state;
    write_file(
        "p.sql",
        "SELECT PersonID AS src_key, 'x' AS last,\n"
        "  coalesce(content_mime(CASE PersonID WHEN 0 THEN x'FFD8FF00' WHEN 1 THEN '0xFFD8FF00' WHEN 2 THEN "
        "'System.Byte[]'\n   WHEN 3 THEN '{\\rtf1 x}' WHEN 4 THEN zeroblob(128) || 'DICM' WHEN 5 THEN '0xFF0' WHEN 6 "
        "THEN '' END), '-') AS title,\n"
        "  content_size('FFD8FF00') || ' ' || content_sha256('abc') AS nickname,\n"
        "  tooth_fdi('3', 'Universal') || tooth_fdi('18', 'FDI') || tooth_fdi('3', NULL) AS suffix FROM Person");
    assert_int_equal(stage_yaml(x, OWN "entities:\n  patient: {from: Person, sql: p.sql}\n"
                                       "options: {numbering: universal}\n"),
                     ST_OK);
    assert_value(
        x, "SELECT group_concat(ifnull(title, '-')) FROM (SELECT title FROM main.patient ORDER BY src_key LIMIT 7)",
        "image/jpeg,image/jpeg,-,application/rtf,application/dicom,-,-");
    assert_value(x, "SELECT nickname FROM main.patient WHERE src_key = '0'",
                 "4 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* ---- options ---- */

static void options_of_the_user_hold_instead(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT 1 AS src_key");
    const profile *p =
        load(x, OWN "entities:\n  patient: {from: Person, sql: p.sql}\noptions: {country: US, mine: a}\n");
    static const char *const good[] = {"country=TR", "mine=b=c", "date_order=dmy", "time_zone=US/Eastern"};
    static const char *const wrong[] = {"contry=TR", "country=Turkey", "date_order", "language=de"};
    const profile *y = profile_with_options(p, good, 4, x->mem, &x->wrong);
    assert_wrong(x, "");
    assert_true(sv_eq(profile_option_text(y, "mine"), SV_LIT("b=c")));
    norm_options o = profile_norm_options(y, 7), before = profile_norm_options(p, INT32_MIN);
    assert_string_equal(o.country, "TR");
    assert_int_equal(o.order, ORDER_DAY_FIRST);
    assert_int_equal(o.today, 7);
    assert_string_equal(o.time_zone, "US/Eastern");
    assert_null(o.currency);
    assert_string_equal(before.country, "US");
    (void)profile_with_options(p, wrong, 4, x->mem, &x->wrong);
    assert_wrong(x, "--option: an option is written as NAME=VALUE, not \"date_order\"\n"
                    "--option: the option country is two capital letters (ISO 3166), such as US, not \"Turkey\"\n"
                    "--option: the option language is one of en tr, not \"de\"\n"
                    "--option: the profile test_profile_folder has no option \"contry\"; did you mean \"country\"?\n");
}

static void options_with_a_meaning_are_checked(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT 1 AS src_key");
    assert_null(load(
        x, OWN
        "entities:\n  patient: {from: Person, sql: p.sql}\noptions: {date_order: ymd, own: ymd, time_zone: Mars}\n"));
    assert_wrong(x, AT "12:23: the option date_order is one of mdy dmy, not \"ymd\"\n" AT
                       "12:49: the option time_zone is a time zone, such as America/New_York or Turkey Standard Time, "
                       "not \"Mars\"\n");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(names_fit_as_closely_as_they_are_written),
        T(a_name_that_is_too_long_fits_only_exactly),
        T(the_closer_name_is_taken_first),
        T(two_columns_that_fit_equally_are_taken_by_nobody),
        T(two_tables_that_fit_equally_are_taken_by_nobody),
        T(a_table_of_two_names_is_what_its_columns_say),
        T(a_table_without_a_required_column_is_another_one),
        T(a_full_name_tells_two_tables_apart),
        T(a_dump_without_headings_is_taken_by_order_where_the_profile_says_so),
        T(the_fingerprint_goes_through_the_same_names),
        T(mistakes_in_tables_are_told),
        T(selects_read_the_profiles_own_names),
        T(a_required_column_that_two_fit_stops),
        T(an_optional_column_that_two_fit_is_told_and_not_read),
        T(two_tables_that_fit_stop),
        T(a_table_that_fits_less_well_and_one_that_lacks_a_column_are_told),
        T(the_schema_of_the_program_is_not_for_selects),
        T(codes_are_mapped_and_unlisted_ones_held_back),
        T(mistakes_in_values_are_told),
        T(an_entity_may_have_several_parts),
        T(derived_records_are_no_rows_of_a_table),
        T(canonical_wants_a_field_of_the_model),
        T(wrong_parts_are_told),
        T(columns_that_no_select_reads_are_carried),
        T(what_the_profile_leaves_is_not_carried),
        T(what_shall_stay_behind_and_is_not_there_is_told),
        T(contents_are_told_by_their_bytes),
        T(options_of_the_user_hold_instead),
        T(options_with_a_meaning_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
