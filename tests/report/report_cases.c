#include "report_cases.h"
#include <stdio.h>
#include <stdlib.h>

#define HASH  "3b1f0c9a6d5e47288f00112233445566778899aabbccddeeff0102030405a6b7"
#define HASH2 "9d5be1b0f2c34a6877e6d5c4b3a29180706f5e4d3c2b1a090807060504030201"

static void line(report_case *c, ledger_level level, const char *name, const char *from, const uint64_t *count)
{
    size_t at = ledger_line_of(c->counts, level, sv_from(name), sv_from(from));
    for (int i = 0; i < LEDGER_COUNTS; i++) ledger_add(c->counts, at, (ledger_count)i, count[i]);
}

static void table(report_case *c, const char *name, uint64_t read, uint64_t unreadable)
{
    const uint64_t n[LEDGER_COUNTS] = {
        [COUNT_READ] = read, [COUNT_DECODED] = read - unreadable, [COUNT_UNREADABLE] = unreadable};
    line(c, LEDGER_TABLE, name, "", n);
}

static void entity(report_case *c, const char *name, const char *from, uint64_t decoded, uint64_t skipped,
                   uint64_t rejected)
{
    const uint64_t n[LEDGER_COUNTS] = {[COUNT_DECODED] = decoded,
                                       [COUNT_MAPPED] = decoded - skipped - rejected,
                                       [COUNT_SKIPPED] = skipped,
                                       [COUNT_REJECTED] = rejected};
    line(c, LEDGER_ENTITY, name, from, n);
}

static void object(report_case *c, const char *name, const char *from, uint64_t mapped, uint64_t merged,
                   uint64_t rejected, uint64_t held_back)
{
    const uint64_t n[LEDGER_COUNTS] = {[COUNT_MAPPED] = mapped,
                                       [COUNT_WRITTEN] = mapped - merged - rejected,
                                       [COUNT_MERGED] = merged,
                                       [COUNT_REJECTED] = rejected,
                                       [COUNT_HELD_BACK] = held_back};
    line(c, LEDGER_OBJECT, name, from, n);
}

static void destination(report_case *c, size_t i, const char *id, const char *title)
{
    c->to[i] =
        (report_destination){.id = sv_from(id), .title = sv_from(title), .sha256 = SV_LIT(HASH2), .file = c->file[i]};
    c->in.destinations = i + 1;
}

static void file(report_case *c, size_t i, const char *path, const char *name, uint64_t rows, uint64_t bytes)
{
    c->file[i][c->to[i].files++] = (report_file){sv_from(path), sv_from(name), rows, bytes, SV_LIT(HASH)};
}

static void left(report_case *c, const char *path, uint64_t rows, uint64_t bytes)
{
    c->left[c->in.lefts++] = (report_file){sv_from(path), {NULL, 0}, rows, bytes, SV_LIT(HASH)};
}

static void unread(report_case *c, const char *name, int64_t rows)
{
    c->unread[c->in.unreads++] = (report_table){sv_from(name), rows};
}

static void found(report_case *c, finding_code code, const char *at, const char *column, const char *a, uint64_t rows)
{
    finding x = FINDING_OF(code);
    x.table = sv_from(at);
    x.column = sv_from(column);
    x.a = sv_from(a);
    x.b = SV_LIT("the row was left out");
    x.path = SV_LIT("/somewhere/of/the/user/hospital.bak");
    x.file_id = 1;
    x.page = 312;
    x.rows = rows;
    find_add(c->found, &x);
}

static void tie(report_case *c, tie_kind kind, const char *of, const char *field, const char *value, uint64_t n)
{
    const model_entity *e = model_entity_named(sv_from(of));
    c->tie[c->quality.ties++] = (quality_tie){.kind = kind,
                                              .entity = e,
                                              .field = field ? model_field_named(e, sv_from(field)) : NULL,
                                              .value = sv_from(value),
                                              .records = n,
                                              .sum = {(int64_t)n * 100, 50000000},
                                              .day = SV_LIT("2011-03-09")};
}

/* word: a currency; key: of a patient. */
static void sheet(report_case *c, const char *word, const char *key)
{
    static char year[45][5];
    static const model_field *field[2];
    static const model_entity *child[1];
    static const uint64_t records[2][1] = {{12408}, {0}};
    static sv values[2][2];
    const model_entity *e = model_entity_named(SV_LIT("patient"));
    tie(c, TIE_RECORDS, "patient", NULL, "", 12302);
    tie(c, TIE_WORD, "patient", "status", "active", 11002);
    tie(c, TIE_WORD, "patient", "status", "", 1300);
    tie(c, TIE_RECORDS, "clinical_exam", NULL, "", 31950);
    for (size_t i = 0; i < 45; i++) {
        snprintf(year[i], sizeof year[i], "%zu", 1970 + i);
        tie(c, TIE_YEAR, "clinical_exam", "exam_at", year[i], 100 * i + 7);
    }
    tie(c, TIE_YEAR, "clinical_exam", "exam_at", "", 3);
    tie(c, TIE_FIRST, "clinical_exam", "exam_at", "", 31947);
    tie(c, TIE_RECORDS, "billing_line", NULL, "", 800123);
    tie(c, TIE_SUM, "billing_line", "charge", word, 700100);
    tie(c, TIE_SUM, "billing_line", "payment", word, 600099);
    tie(c, TIE_BALANCE, "billing_line", "balance", word, 4711);
    c->tie[c->quality.ties - 1].unadded = 2;
    c->tie[c->quality.ties - 1].sum = (amount){-1234567, -250000000};
    c->quality.tie = c->tie;
    c->quality.charts = (chart_counts){.exams = 31950,
                                       .teeth_there = 850000,
                                       .teeth_away = 4100,
                                       .recorded = {5099000, 5000000, 4999999, 5100000, 0, 1, 4000},
                                       .depths_away = 73,
                                       .depth = {1, 20, 3000, 2000000, 1999999},
                                       .exam_sites = {12, 0, 7, 31931}};
    c->quality.charts.depth[CHART_DEPTHS - 1] = 46;
    field[0] = model_field_named(e, SV_LIT("last"));
    field[1] = model_field_named(e, SV_LIT("status"));
    child[0] = model_entity_named(SV_LIT("clinical_exam"));
    values[0][0] = SV_LIT("Canary<b>");
    values[0][1] = SV_LIT("active");
    for (size_t i = 0; i < 2; i++)
        c->check[i] = (spot_check){sv_from(key), SV_LIT("dbo.Patient"), SV_LIT("1042"), values[i], records[i]};
    c->spot[0] = (spot_group){e, field, 2, child, 1, c->check, 2};
    c->quality.spot = c->spot;
    c->quality.spots = 1;
}

/* name: of a file and a field. */
static void asked(report_case *c, const char *name)
{
    c->given[0] = (report_source_file){sv_from(name), 3215872, SV_LIT(HASH)};
    c->given[1] = (report_source_file){SV_LIT("second.bak"), 7, {NULL, 0}};
    c->in.source.file = c->given;
    c->in.source.files = 2;
    c->option[0] = (report_option){SV_LIT("--to"), SV_LIT("salesforce")};
    c->option[1] = (report_option){SV_LIT("--only"), sv_from(name)};
    c->option[2] = (report_option){SV_LIT("--pdf"), {NULL, 0}};
    c->in.option = c->option;
    c->in.options = 3;
    c->fill[0] = (report_fill){
        SV_LIT("salesforce/Contact"), sv_from(name), SV_LIT("patient.first"), 1, 12408, 11664, 12302, 10211, 14};
    c->fill[1] = (report_fill){
        SV_LIT("salesforce/Contact"), SV_LIT("Phone"), SV_LIT("patient.phone_home"), 1, 12302, 9000, 12302, 9001, 0};
    c->fill[2] =
        (report_fill){SV_LIT("salesforce/Tooth__c"), {NULL, 0}, SV_LIT("chart"), 192, 96000, 4000, 96000, 4000, 0};
    c->to[0].fill = c->fill;
    c->to[0].fills = 3;
}

/* ---- the cases ---- */

static void source(report_case *c)
{
    c->in.version = SV_LIT("0.1.0");
    c->in.run = SV_LIT("Hospital_2017-12-18_162140");
    c->in.source = (report_source){.kind = SV_LIT("SQL Server backup"),
                                   .product = SV_LIT("SQL Server 2014 (12.0.2000)"),
                                   .database = SV_LIT("Hospital"),
                                   .set = 1,
                                   .set_type = SV_LIT("full"),
                                   .set_name = SV_LIT("Hospital-Full Database Backup"),
                                   .started = SV_LIT("2017-12-18 16:21:39"),
                                   .finished = SV_LIT("2017-12-18 16:21:40"),
                                   .file_bytes = 3215872,
                                   .data_bytes = 5242880,
                                   .consistency_note = SV_LIT("No table was written to while the backup was made.")};
    c->in.profile =
        (report_profile){SV_LIT("hospital"), SV_LIT("Hospital sample (2014)"), 100, {NULL, 0}, SV_LIT(HASH2)};
}

static void small(report_case *c)
{
    source(c);
    table(c, "dbo.Clinic", 4, 0);
    table(c, "dbo.Patient", 22, 0);
    table(c, "dbo.Appointment", 30, 0);
    entity(c, "practice_location", "dbo.Clinic", 4, 0, 0);
    entity(c, "patient", "dbo.Patient", 22, 0, 0);
    entity(c, "appointment", "dbo.Appointment", 30, 0, 0);
    object(c, "salesforce/Account", "practice_location", 4, 0, 0, 0);
    object(c, "salesforce/Contact", "patient", 22, 0, 0, 0);
    object(c, "salesforce/Event", "appointment", 30, 0, 0, 0);
    destination(c, 0, "salesforce", "Salesforce (Data Loader)");
    file(c, 0, "salesforce/01_Account.csv", "salesforce/Account", 4, 312);
    file(c, 0, "salesforce/02_Contact.csv", "salesforce/Contact", 22, 4126);
    file(c, 0, "salesforce/03_Event.csv", "salesforce/Event", 30, 5093);
    file(c, 0, "salesforce/01_Account.sdl", "", 0, 187);
    file(c, 0, "salesforce/02_Contact.sdl", "", 0, 402);
    file(c, 0, "salesforce/README.md", "", 0, 2210);
    unread(c, "dbo.Treatment", 18);
    unread(c, "dbo.Room", 6);
}

static const model_entity *patient(void) { return model_entity_named(SV_LIT("patient")); }

/* name: of a field and a column of the practice's own. */
static void quality(report_case *c, const char *name)
{
    const sv own = sv_from(name), table_name = SV_LIT("dbo.Patient");
    c->records[0] = (quality_entity){patient(), 12302, NULL};
    c->lack[0] = (quality_lack){patient(), "birth_date", 12302, 12};
    c->lack[1] = (quality_lack){patient(), "email", 12302, 731};
    c->custom[0] = (quality_custom){SV_LIT("patient"), own, SV_LIT("text"), 512, 4, false};
    c->custom[1] = (quality_custom){SV_LIT("custom_finding"), SV_LIT("Frenum"), SV_LIT(""), 40992, 1024, true};
    c->field[0] = (quality_field){patient(), &patient()->field[0], 12302, 12302, 0, 0, 12302};
    c->field[1] = (quality_field){patient(), &patient()->field[1], 12300, 12298, 4401, 2, 12302};
    c->column[0] = (quality_left){table_name, own, 12408, 512, true, {NULL, 0}};
    c->column[1] = (quality_left){table_name, SV_LIT("ts"), 12408, -1, false, SV_LIT("no text")};
    c->column[2] = (quality_left){SV_LIT("dbo.AuditLog"), {NULL, 0}, 2203118, -1, false, {NULL, 0}};
    c->quality = (quality_facts){.entity = c->records,
                                 .entities = 1,
                                 .lack = c->lack,
                                 .lacks = 2,
                                 .custom = c->custom,
                                 .customs = 2,
                                 .field = c->field,
                                 .fields = 2,
                                 .left = c->column,
                                 .lefts = 3,
                                 .duplicate_groups = 14,
                                 .duplicate_records = 29,
                                 .malformed_dates = 3,
                                 .before_birth = 6,
                                 .shared_emails = 2,
                                 .accounts_differ = 3,
                                 .exams = 31950,
                                 .exams_assumed = 17,
                                 .exams_left_out = 9,
                                 .ambiguous_teeth = 5};
    c->in.quality = &c->quality;
}

static void look(report_case *c)
{
    quality(c, "SmilePlanTier");
    source(c);
    c->in.source.changed_while_backed_up = true;
    c->in.source.consistency_note = SV_LIT("Tables were written to while the backup was made.");
    c->in.profile.score = 84;
    c->in.profile.missing = SV_LIT("table dbo.Referral\ncolumn dbo.Patient.Fax");
    table(c, "dbo.Provider", 8, 0);
    table(c, "dbo.Patient", 12408, 5);
    table(c, "dbo.Appointment", 31950, 0);
    entity(c, "provider", "dbo.Provider", 8, 0, 0);
    entity(c, "patient", "dbo.Patient", 12403, 101, 0);
    entity(c, "appointment", "dbo.Appointment", 31950, 0, 12);
    object(c, "salesforce/Contact", "patient", 12302, 40, 188, 3);
    object(c, "salesforce/Event", "appointment", 31938, 0, 0, 61);
    const uint64_t changed[LEDGER_COUNTS] = {[COUNT_CHANGED] = 7};
    line(c, LEDGER_OBJECT, "salesforce/Event", "appointment", changed);
    destination(c, 0, "salesforce", "Salesforce (Data Loader)");
    file(c, 0, "salesforce/02_Contact.csv", "salesforce/Contact", 12074, 3400126);
    file(c, 0, "salesforce/03_Event.csv", "salesforce/Event", 31938, 8150093);
    left(c, "rejects/Contact.csv", 188, 40222);
    left(c, "rejects/appointment.csv", 12, 1201);
    left(c, "exceptions.csv", 71, 9120);
    for (int i = 0; i < 188; i++) found(c, F_DEL_REQUIRED_EMPTY, "salesforce/Contact", "LastName", "", 1);
    for (int i = 0; i < 3; i++) found(c, F_DEL_TOO_LONG, "salesforce/Contact", "MailingStreet", "255", 0);
    for (int i = 0; i < 61; i++) found(c, F_DEL_LINK_MISSING, "salesforce/Event", "WhoId", "Contact", 0);
    for (int i = 0; i < 7; i++) found(c, F_DEL_CHARACTER_REPLACED, "salesforce/Event", "Subject", "", 0);
    found(c, F_DEL_DEFAULT_USED, "salesforce/Event", "Subject", "", 0);
    unread(c, "dbo.AuditLog", 2203118);
    unread(c, "dbo.LetterTemplate", 41);
    unread(c, "dbo.WaitingList", -1);
    sheet(c, "USD", "PP-PAT-1042");
    asked(c, "hospital.bak");
    c->listed[0] = (report_listed){SV_LIT("rejects/Contact.csv"), SV_LIT("DEL-801"), 188};
    c->listed[1] = (report_listed){SV_LIT("exceptions.csv"), SV_LIT("DEL-801"), 1400};
    c->in.listed = c->listed;
    c->in.listeds = 2;
}

static void values(report_case *c)
{
    look(c);
    c->in.show_values = true;
}

/* Every code, in up to 30 tables. */
static void all_findings(report_case *c)
{
    for (int code = 0; code < (int)FINDING_CODES; code++) {
        if (finding_text_of((finding_code)code)->level == SEV_FATAL) continue;
        for (int t = 0; t < code % 30 + 1; t++) {
            char name[64];
            snprintf(name, sizeof name, "dbo.table_with_a_rather_long_name_%02d", t);
            for (int i = 0; i < code % 40 + 1; i++) found(c, (finding_code)code, name, "Column", "12", 1);
        }
    }
}

static void large(report_case *c)
{
    static const char *const name[][5] = {
        {"practice_location", "dbo.PracticeLocationAndItsAddressesHistory", "Account", "Accounts", "Accounts"},
        {"patient", "dbo.Patient", "Contact", "Contacts", "contact"},
        {"provider", "dbo.Provider", "Provider__c", "Providers", "pps_provider"},
        {"appointment",
         "scheduling.AppointmentBookEntryWithAVeryLongNameThatNeverSeemsToEndInAnyOfTheReportsWeHaveSeenSoFar", "Event",
         "Events", "appointment"},
        {"clinical_exam", "perio.Exam", "Perio_Exam__c", "Perio_Exams", "pps_exam"},
        {"treatment_plan", "dbo.TreatmentPlan", "Treatment_Plan__c", "Plans", "pps_plan"},
        {"tooth_finding", "perio.Measure", "Tooth_Finding__c", "Tooth_Findings", "pps_tooth"},
    };
    static const uint64_t rows[] = {41, 212408, 118, 3195021, 1048576, 88014, 31950331};
    static const char *const id[] = {"salesforce", "zoho", "dynamics"};
    static char object_name[3][7][64], path[3][7][96];
    source(c);
    for (size_t i = 0; i < 7; i++) {
        table(c, name[i][1], rows[i], i);
        entity(c, name[i][0], name[i][1], rows[i] - i, i * 17, i);
    }
    destination(c, 0, id[0], "Salesforce (Data Loader)");
    destination(c, 1, id[1], "Zoho CRM");
    destination(c, 2, id[2], "Dynamics 365");
    for (size_t d = 0; d < 3; d++)
        for (size_t i = 0; i < 7; i++) {
            uint64_t mapped = rows[i] - i - i * 17 - i;
            snprintf(object_name[d][i], sizeof object_name[d][i], "%s/%s", id[d], name[i][2 + d]);
            snprintf(path[d][i], sizeof path[d][i], "%s/%02u_%s.csv", id[d], (unsigned)i + 1, name[i][2 + d]);
            object(c, object_name[d][i], name[i][0], mapped, i, d, i * 7);
            file(c, d, path[d][i], object_name[d][i], mapped - i - d, mapped * 96);
        }
    left(c, "exceptions.csv", 441, 60112);
    all_findings(c);
    for (size_t i = 0; i < CASE_TABLES_MAX; i++) {
        snprintf(c->text[i], sizeof c->text[i], "dbo.Unread%04u", (unsigned)i);
        unread(c, c->text[i], i % 50 == 49 ? -1 : (int64_t)(i * i % 977));
    }
}

static void open_line(report_case *c)
{
    const uint64_t n[LEDGER_COUNTS] = {[COUNT_DECODED] = 22, [COUNT_MAPPED] = 19, [COUNT_SKIPPED] = 1};
    source(c);
    table(c, "dbo.Patient", 22, 0);
    line(c, LEDGER_ENTITY, "patient", "dbo.Patient", n);
    object(c, "salesforce/Contact", "patient", 19, 0, 0, 0);
    destination(c, 0, "salesforce", "Salesforce (Data Loader)");
    file(c, 0, "salesforce/02_Contact.csv", "salesforce/Contact", 18, 4126);
}

#define HOSTILE_NAME                                                                                                   \
    "dbo.</td></table><script>alert(1)</script><b a=\"x\" "                                                            \
    "b='y'>&amp;\x01\x1B[31m\x7F\xE2\x80\xAEtxet\xC2\x85\xFF\xC0\x80\xEF\xBF\xBF"

static void hostile(report_case *c)
{
    static const char with_nul[] = "dbo.a\0b";
    const sv nul = {with_nul, sizeof with_nul - 1};
    source(c);
    quality(c, HOSTILE_NAME);
    c->in.run = SV_LIT("}</style><script>x</script>\"\n\\");
    c->in.source.database = SV_LIT("]]>--><!-- \" onload=\"x");
    c->in.source.consistency_note = SV_LIT("</p><img src=x>");
    c->in.profile.missing = SV_LIT("<i>\n\n</i>\n");
    table(c, HOSTILE_NAME, 7, 0);
    entity(c, "<patient>", HOSTILE_NAME, 7, 0, 0);
    object(c, "salesforce/<Contact>", "<patient>", 7, 0, 0, 0);
    destination(c, 0, "salesforce", "<Sales & \"force\">");
    file(c, 0, "salesforce/<Contact>.csv", "salesforce/<Contact>", 7, 1);
    c->file[0][0].sha256 = SV_LIT("<tt>");
    found(c, F_DEL_TOO_LONG, HOSTILE_NAME, "<column>", "<a>", 0);
    sheet(c, HOSTILE_NAME, HOSTILE_NAME);
    asked(c, HOSTILE_NAME);
    unread(c, HOSTILE_NAME, 1);
    c->unread[c->in.unreads++] = (report_table){nul, 3};
}

report_case *report_case_new(case_kind kind)
{
    static void (*const fill[CASE_KINDS])(report_case *) = {
        [CASE_SMALL] = small,    [CASE_LOOK] = look,     [CASE_LARGE] = large,
        [CASE_OPEN] = open_line, [CASE_VALUES] = values, [CASE_HOSTILE] = hostile,
    };
    static const char *const name[CASE_KINDS] = {"small", "look", "large", "empty", "open", "values", "hostile"};
    report_case *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->name = name[kind];
    c->counts = ledger_new();
    c->found = findings_new();
    if (!c->counts || !c->found) {
        report_case_free(c);
        return NULL;
    }
    if (fill[kind]) fill[kind](c);
    c->in.pdf = true;
    c->in.counts = c->counts;
    c->in.found = c->found;
    c->in.destination = c->to;
    c->in.left = c->left;
    c->in.unread = c->unread;
    return c;
}

void report_case_free(report_case *c)
{
    ledger_free(c->counts);
    findings_free(c->found);
    free(c);
}
