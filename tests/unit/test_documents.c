/* Documents on their way to a destination: names, limits, what is left out and why, letters as PDF. What other programs
 * read in the archives: tests/documents. */
#include "base/limits.h"
#include "documents/documents.h"
#include "documents/file_name.h"
#include "documents/merge_fields.h"
#include "folder.h"
#include "zip_members.h"

typedef struct bench {
    sqlite3 *work;
    findings *found;
    ledger *counts;
    rejects *out;
    arena *mem;
    documents *x;
} bench;

static const char tables[] =
    "CREATE TABLE document (source_key TEXT PRIMARY KEY, src_table TEXT, src_key TEXT UNIQUE, patient TEXT, exam TEXT, "
    "category TEXT, file_name TEXT, mime_type TEXT, size TEXT, sha256 TEXT, captured_at TEXT, path TEXT, source_path "
    "TEXT);"
    "CREATE TABLE letter (source_key TEXT PRIMARY KEY, src_table TEXT, src_key TEXT UNIQUE, patient TEXT, referral "
    "TEXT, "
    "type TEXT, recipient TEXT, letter_date TEXT, document TEXT);"
    "CREATE TABLE letter_template (source_key TEXT PRIMARY KEY, src_table TEXT, src_key TEXT UNIQUE, name TEXT, "
    "merge_fields "
    "TEXT, conditions TEXT, signature TEXT, codes TEXT);";

static void run_sql(const bench *b, const char *sql)
{
    assert_int_equal(sqlite3_exec(b->work, sql, NULL, NULL, NULL), SQLITE_OK);
}

static bench begin(const file_rules *rules, bool dry)
{
    bench b = {.found = findings_new(), .counts = ledger_new(), .mem = arena_new(0)};
    const char *why = "";
    folder_remove("run");
    assert_true(os_make_folder("run", &why) && os_make_folder("run/crm", &why));
    b.out = rejects_new(dry ? NULL : "run", b.found);
    assert_int_equal(sqlite3_open(":memory:", &b.work), SQLITE_OK);
    run_sql(&b, tables);
    const documents_run run = {.work = b.work,
                               .folder = dry ? NULL : "run",
                               .files_folder = "given",
                               .system = SV_LIT("PP"),
                               .counts = b.counts,
                               .found = b.found,
                               .out = b.out,
                               .mem = b.mem};
    b.x = documents_new(&run);
    assert_non_null(b.x);
    if (rules) assert_true(documents_add(b.x, SV_LIT("crm"), rules, false, NULL));
    return b;
}

static void add(const bench *b, int key, const char *file_name, const char *source_path)
{
    char *sql =
        sqlite3_mprintf("INSERT INTO document (source_key, src_table, src_key, patient, file_name, source_path) VALUES "
                        "('PP-DOC-%d', 'dbo.Document', '%d', '7', %Q, %Q)",
                        key, key, file_name, source_path);
    run_sql(b, sql);
    sqlite3_free(sql);
}

static void take(const bench *b, const char *entity, int key, sv bytes)
{
    char text[16];
    const content_place p = {.kind = bytes.p ? CONTENT_BYTES : CONTENT_NONE, .cell = bytes};
    int n = snprintf(text, sizeof text, "%d", key);
    assert_int_equal(documents_take(b->x, model_entity_named(sv_from(entity)), (sv){text, (size_t)n}, &p), ST_OK);
}

static uint64_t counted(const bench *b, const char *line, ledger_count what)
{
    for (size_t i = 0; i < ledger_lines(b->counts); i++)
        if (sv_eq(ledger_at(b->counts, i)->name, sv_from(line))) return ledger_at(b->counts, i)->count[what];
    fail_msg("no line %s", line);
    return 0;
}

static void finish(const bench *b)
{
    const rejects_file *file;
    size_t n;
    assert_int_equal(documents_finish(b->x), ST_OK);
    assert_int_equal(rejects_finish(b->out, &file, &n), ST_OK);
    assert_true(ledger_balanced(b->counts, b->found));
}

static void end(bench *b)
{
    documents_free(b->x);
    rejects_free(b->out);
    ledger_free(b->counts);
    findings_free(b->found);
    arena_free(b->mem);
    sqlite3_close(b->work);
    folder_remove("run");
}

static const char *list_of(const char *name)
{
    static char text[1 << 16];
    buf b = file_text("run", name);
    assert_true(b.n < sizeof text);
    memcpy(text, b.p, b.n);
    text[b.n] = '\0';
    buf_free(&b);
    return text;
}

/* What is asked for of an archive. */
typedef struct members {
    char *names;
    size_t room, n;
    sv wanted; /* whose content goes to text */
    char *text;
    size_t text_room;
} members;

static void take_member(void *ctx, sv name, sv content)
{
    members *m = ctx;
    size_t n = strlen(m->names);
    assert_true(n + name.n + 2 < m->room);
    if (n) m->names[n++] = ' ';
    memcpy(m->names + n, name.p, name.n);
    m->names[n + name.n] = '\0';
    m->n++;
    if (!sv_eq(name, m->wanted)) return;
    assert_true(content.n < m->text_room);
    memcpy(m->text, content.p, content.n);
    m->text[content.n] = '\0';
}

static size_t members_of(const char *path, char *names, size_t room)
{
    members m = {.names = names, .room = room};
    *names = '\0';
    zip_members(path, take_member, &m);
    return m.n;
}

static const file_rules zip_rules = {.as = FILES_ZIP, .name = {"Files", 5}};

static void names_are_keys_with_the_extension_of_the_content(void **state)
{
    (void)state;
    char room[FILE_EXTENSION_MAX], names[4096];
    bool differs, executable;
    bench b = begin(&zip_rules, false);
    add(&b, 1, "Jane Doe pano.JPG", NULL);
    add(&b, 2, "Doe, Jane.jpg", NULL); /* DICOM inside */
    add(&b, 3, NULL, NULL);
    add(&b, 4, "notes.hl7", NULL);
    char dicom[200] = {0};
    memcpy(dicom + 128, "DICM", 4);
    take(&b, "document", 1, SV_LIT("\xFF\xD8\xFF\xE0 one"));
    take(&b, "document", 2, (sv){dicom, sizeof dicom});
    take(&b, "document", 3, SV_LIT("\x01\x02"));
    take(&b, "document", 4, SV_LIT("MSH|^~"));
    finish(&b);
    assert_int_equal(members_of("run/crm/Files_001.zip", names, sizeof names), 4);
    assert_string_equal(names, "PP-DOC-1.jpg PP-DOC-2.dcm PP-DOC-3.bin PP-DOC-4.hl7");
    assert_int_equal(findings_count(b.found, F_DOC_TYPE_DIFFERS), 1);
    const char *list = list_of("crm/Files.csv");
    assert_non_null(strstr(list, "\"Doe, Jane.dcm\""));
    assert_non_null(strstr(list, "PP-DOC-1,PP-PAT-7,,document,,,Jane Doe "
                                 "pano.jpg,PP-DOC-1.jpg,Files_001.zip,Files_001/PP-DOC-1.jpg,,8,image/jpeg,"));
    end(&b);
    const content_type *text = content_type_of((const uint8_t *)"dir", 3);
    assert_true(sv_eq(file_extension_for(text, SV_LIT("bat"), room, &differs, &executable), SV_LIT("txt")));
    assert_true(differs && !executable);
    const content_type *nothing = content_type_of((const uint8_t *)"\x01", 1);
    assert_true(sv_eq(file_extension_for(nothing, SV_LIT("EXE"), room, &differs, &executable), SV_LIT("exe")));
    assert_true(executable);
    assert_int_equal(file_extension(SV_LIT(".profile")).n, 0);
    assert_int_equal(file_extension(SV_LIT("a.../etc")).n, 0);
    assert_int_equal(file_extension(SV_LIT("letter 1.10.2019")).n, 4);
}

static void everything_that_is_not_written_is_listed_with_its_reason(void **state)
{
    (void)state;
    static const sv forbidden[] = {{"gif", 3}};
    file_rules rules = zip_rules;
    rules.forbidden = forbidden;
    rules.forbiddens = 1;
    bench b = begin(&rules, false);
    for (int i = 1; i <= 7; i++)
        add(&b, i, "x", i == 2 ? "\\\\server\\gone.jpg" : i == 3 ? "..\\..\\etc\\passwd" : NULL);
    add(&b, 8, "x", NULL);
    take(&b, "document", 1, (sv){NULL, 0});
    take(&b, "document", 2, (sv){NULL, 0});
    take(&b, "document", 3, (sv){NULL, 0});
    take(&b, "document", 4, SV_LIT("GIF89a"));
    take(&b, "document", 5, SV_LIT("MZ\x90\0\x03"));
    take(&b, "document", 6, SV_LIT("%PDF-1.4"));
    take(&b, "document", 6, SV_LIT("%PDF-1.4 again")); /* a row of the same key was rejected when it was staged */
    take(&b, "document", 99, SV_LIT("%PDF-1.4"));      /* never staged */
    const content_place lost = {.kind = CONTENT_TEXT, .cell = SV_LIT("System.Byte[]")};
    assert_int_equal(documents_take(b.x, model_entity_named(SV_LIT("document")), SV_LIT("7"), &lost), ST_OK);
    finish(&b); /* and 8 was not given at all */
    assert_int_equal(counted(&b, "crm/Files", COUNT_MAPPED), 8);
    assert_int_equal(counted(&b, "crm/Files", COUNT_WRITTEN), 1);
    assert_int_equal(counted(&b, "crm/Files", COUNT_REJECTED), 7);
    assert_int_equal(findings_count(b.found, F_DOC_EMPTY), 2);
    assert_int_equal(findings_count(b.found, F_DOC_MISSING), 1);
    assert_int_equal(findings_count(b.found, F_DOC_HOSTILE), 1);
    assert_int_equal(findings_count(b.found, F_DOC_LOST), 1);
    assert_int_equal(findings_count(b.found, F_DOC_FORBIDDEN), 2);
    const char *list = list_of("rejects/crm_Files.csv");
    static const char *const rows[] = {"PP-DOC-1,dbo.Document,1,PP-PAT-7,x,,DOC-1301,",
                                       "PP-DOC-2,dbo.Document,2,PP-PAT-7,x,\\\\server\\gone.jpg,DOC-1304,",
                                       "PP-DOC-3,",
                                       "DOC-1305",
                                       "PP-DOC-4,",
                                       "PP-DOC-5,",
                                       "DOC-1307",
                                       "PP-DOC-7,",
                                       "DOC-1302",
                                       "PP-DOC-8,"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!strstr(list, rows[i])) fail_msg("%s is not in %s", rows[i], list);
    end(&b);
}

/* A source whose large values break off. */
static status open_lob(row_source *s, const lob_ref *ref, lob_stream **out)
{
    (void)ref;
    *out = (lob_stream *)(void *)s;
    return ST_OK;
}

static int pieces_left;

static status read_lob(lob_stream *l, void *p, size_t room, size_t *got)
{
    (void)l;
    memset(p, 'x', room);
    *got = room;
    return pieces_left-- > 0 ? ST_OK : ST_ROW_LOST;
}

static void close_lob(lob_stream *l) { (void)l; }

static void a_document_that_breaks_off_leaves_nothing_in_the_archive(void **state)
{
    (void)state;
    static const row_source_ops ops = {.lob_open = open_lob, .lob_read = read_lob, .lob_close = close_lob};
    row_source source = {&ops};
    char names[256];
    bench b = begin(NULL, false);
    documents_free(b.x);
    const documents_run run = {.work = b.work,
                               .source = &source,
                               .folder = "run",
                               .system = SV_LIT("PP"),
                               .counts = b.counts,
                               .found = b.found,
                               .out = b.out,
                               .mem = b.mem};
    b.x = documents_new(&run);
    assert_true(documents_add(b.x, SV_LIT("crm"), &zip_rules, false, NULL));
    add(&b, 1, "a.pdf", NULL);
    add(&b, 2, "b.pdf", NULL);
    take(&b, "document", 1, SV_LIT("%PDF-1.4"));
    pieces_left = 100; /* past what waits in memory */
    const content_place p = {.kind = CONTENT_LARGE, .ref = {.bytes = 1 << 30, .encoding = LOB_BYTES}};
    assert_int_equal(documents_take(b.x, model_entity_named(SV_LIT("document")), SV_LIT("2"), &p), ST_OK);
    finish(&b);
    assert_int_equal(findings_count(b.found, F_DOC_BROKEN), 1);
    assert_int_equal(counted(&b, "crm/Files", COUNT_REJECTED), 1);
    assert_int_equal(members_of("run/crm/Files_001.zip", names, sizeof names), 1);
    end(&b);
}

static uint64_t bytes_of(const char *path)
{
    const char *why = "";
    os_file *f = os_open_read(path, &why);
    if (!f) return 0;
    uint64_t n = os_file_size(f);
    os_close_read(f);
    return n;
}

static void archives_keep_their_limits_and_what_is_larger_goes_by_hand(void **state)
{
    (void)state;
    static char noise[60000];
    char names[1 << 14], path[64];
    uint32_t r = 7;
    memcpy(noise, "\xFF\xD8\xFF", 3);
    for (size_t i = 3; i < sizeof noise; i++) noise[i] = (char)((r = r * 1664525 + 1013904223) >> 24);
    static const file_column column[] = {{{"Regarding", 9}, {"patient", 7}, {NULL, 0}},
                                         {{"File Name", 9}, {"name", 4}, {NULL, 0}},
                                         {{"Document", 8}, {"file", 4}, {NULL, 0}},
                                         {{"Title", 5}, {NULL, 0}, {"From the old system", 19}}};
    const file_rules rules = {.as = FILES_ATTACHMENTS,
                              .name = {"Files", 5},
                              .csv = {"annotation.csv", 14},
                              .member_bytes_max = 50000,
                              .zip_bytes_max = 100000,
                              .zip_members_max = 5,
                              .column = column,
                              .columns = 4,
                              .bom = true};
    bench b = begin(&rules, false);
    static const size_t sizes[] = {30000, 30000, 30000, 100, 100, 100, 100, 100, 50001, 45000};
    for (int i = 0; i < 10; i++) add(&b, i + 1, "x.jpg", NULL);
    for (int i = 0; i < 10; i++) take(&b, "document", i + 1, (sv){noise, sizes[i]});
    finish(&b);
    assert_int_equal(counted(&b, "crm/Files", COUNT_WRITTEN), 10);
    assert_int_equal(findings_count(b.found, F_DOC_BY_HAND), 1);
    assert_int_equal(bytes_of("run/crm/Files_by_hand/PP-PAT-7/PP-DOC-9.jpg"), 50001);
    size_t files = 0;
    for (int part = 1;; part++) {
        snprintf(path, sizeof path, "run/crm/Files_%03d.zip", part);
        if (!os_exists(path)) break;
        assert_in_range(bytes_of(path), 1, 100000);
        size_t n = members_of(path, names, sizeof names);
        assert_in_range(n, 2, 5);
        assert_non_null(strstr(names, "annotation.csv")); /* each archive has its own list */
        files += n - 1;
    }
    assert_int_equal(files, 9);
    char text[4096] = "";
    members first = {.names = names,
                     .room = sizeof names,
                     .wanted = SV_LIT("annotation.csv"),
                     .text = text,
                     .text_room = sizeof text};
    *names = '\0';
    zip_members("run/crm/Files_001.zip", take_member, &first);
    assert_non_null(strstr(
        text, "\xEF\xBB\xBFRegarding,File Name,Document,Title\r\nPP-PAT-7,x.jpg,PP-DOC-1.jpg,From the old system\r\n"));
    assert_non_null(strstr(list_of("crm/Files.csv"), "PP-PAT-7,x.jpg,Files_by_hand/PP-PAT-7/PP-DOC-9.jpg,"));
    end(&b);
}

static void a_folder_tree_has_a_folder_for_each_patient(void **state)
{
    (void)state;
    const file_rules rules = {.as = FILES_FOLDER, .name = {"files", 5}};
    size_t n;
    bench b = begin(&rules, false);
    add(&b, 1, "a.pdf", NULL);
    add(&b, 2, "b.pdf", NULL);
    run_sql(&b, "UPDATE document SET patient = NULL WHERE src_key = '2'");
    take(&b, "document", 1, SV_LIT("%PDF-1.4"));
    take(&b, "document", 2, SV_LIT("%PDF-1.5"));
    finish(&b);
    assert_int_equal(bytes_of("run/crm/files/PP-PAT-7/PP-DOC-1.pdf"), 8);
    assert_int_equal(bytes_of("run/crm/files/without_patient/PP-DOC-2.pdf"), 8);
    const document_file *file = documents_files(b.x, 0, &n);
    assert_int_equal(n, 3);
    assert_true(sv_eq(file[2].object, SV_LIT("crm/files")) && file[2].rows == 2);
    end(&b);
}

/* What is told of a document comes to the staged record; without a destination nothing is written and nothing missed. */
static void type_size_and_hash_come_to_the_record(void **state)
{
    (void)state;
    bench b = begin(NULL, true);
    add(&b, 1, "a.jpg", NULL);
    add(&b, 2, "b.jpg", "\\\\server\\b.jpg");
    take(&b, "document", 1, SV_LIT("%PDF-1.4"));
    take(&b, "document", 2, (sv){NULL, 0});
    finish(&b);
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(b.work,
                                        "SELECT mime_type || ' ' || size || ' ' || path || ' ' || substr(sha256, 1, 8) "
                                        "FROM document WHERE src_key = '1'",
                                        -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(st, 0), "application/pdf 8 PP-DOC-1.pdf e16fa5d9");
    sqlite3_finalize(st);
    assert_int_equal(findings_count(b.found, F_DOC_MISSING), 0);
    end(&b);
}

static void letters_get_a_pdf_beside_them(void **state)
{
    (void)state;
    char names[4096];
    file_rules rules = zip_rules;
    rules.letters_pdf = true;
    bench b = begin(&rules, false);
    add(&b, 1, "letter.rtf", NULL);
    add(&b, 2, "letter.rtf", NULL);
    add(&b, 3, "other.rtf", NULL);
    run_sql(&b, "INSERT INTO letter (source_key, src_key, type, letter_date, document) VALUES ('PP-LET-1', '1', "
                "'Referral', '2019-05-04', '1'), ('PP-LET-2', '2', 'Recall', NULL, '2')");
    run_sql(&b, "INSERT INTO letter_template (source_key, src_key, name, signature) VALUES ('PP-LTP-1', '1', 'Thank "
                "you', 'Dr. North')");
    take(&b, "document", 1, SV_LIT("{\\rtf1 Dear {\\b colleague}\\par}"));
    take(&b, "document", 2, SV_LIT("{\\rtf1 {\\pict 00ff}See above\\par}"));
    take(&b, "document", 3, SV_LIT("{\\rtf1 No letter}"));
    take(&b, "letter_template", 1, SV_LIT("{\\rtf1 Dear <<Name>>}"));
    finish(&b);
    assert_int_equal(members_of("run/crm/Files_001.zip", names, sizeof names), 6);
    assert_string_equal(names, "PP-DOC-1.rtf PP-DOC-1.pdf PP-DOC-2.rtf PP-DOC-2.pdf PP-DOC-3.rtf PP-LTP-1.pdf");
    assert_int_equal(findings_count(b.found, F_DOC_PDF_LESS), 1);
    assert_int_equal(counted(&b, "crm/Files", COUNT_WRITTEN), 3);
    assert_int_equal(counted(&b, "crm/Files (made)", COUNT_WRITTEN), 3);
    assert_non_null(
        strstr(list_of("crm/Files_made.csv"), "letter as PDF,Referral,2019-05-04,letter.pdf,PP-DOC-1.pdf,"));
    end(&b);
}

static void html_letters_get_one_too(void **state)
{
    (void)state;
    char names[4096];
    file_rules rules = zip_rules;
    rules.letters_pdf = true;
    bench b = begin(&rules, false);
    add(&b, 1, "letter.html", NULL);
    run_sql(&b, "INSERT INTO letter (source_key, src_key, type, document) VALUES ('PP-LET-1', '1', 'Referral', '1')");
    take(&b, "document", 1, SV_LIT("<html><body><p>Dear <b>colleague</b></p></body></html>"));
    finish(&b);
    assert_int_equal(members_of("run/crm/Files_001.zip", names, sizeof names), 2);
    assert_string_equal(names, "PP-DOC-1.html PP-DOC-1.pdf");
    end(&b);
}

static void merge_fields_of_a_template_are_listed(void **state)
{
    (void)state;
    static const struct {
        const char *body, *fields;
    } cases[] = {
        {"Dear <<RefdrName>>, <<PatientName>> and <<RefdrName>>", "RefdrName; PatientName"},
        {"{\\rtf1\\ansi Dear \\'abName\\'bb {\\field{\\*\\fldinst { MERGEFIELD  Birth_Date \\\\* MERGEFORMAT "
         "}}{\\fldrslt x}} [Patient Name]}",
         "Birth_Date; Name; Patient Name"},
        {"<p>Dear {{patient.last}}, &lt;&lt;City&gt;&gt;</p>", "patient.last; City"},
        {"{Surname} [x] [ ] [2] << >> a < b [see\nbelow] {} MERGEFIELD", "Surname"},
        {"[", ""},
        {"no field", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buf names = buf_new(1000);
        merge_fields_of(sv_from(cases[i].body), &names);
        assert_true(sv_eq(buf_view(&names), sv_from(cases[i].fields)));
        buf_free(&names);
    }
    /* Into the record, where the source has no list of its own, whether a destination takes files or not. */
    bench b = begin(NULL, false);
    run_sql(&b, "INSERT INTO letter_template (source_key, src_key, merge_fields) VALUES ('PP-LTP-1', '1', NULL), "
                "('PP-LTP-2', '2', 'Own'), ('PP-LTP-3', '3', NULL)");
    for (int key = 1; key <= 2; key++) take(&b, "letter_template", key, SV_LIT("{\\rtf1 Dear <<Name>>}"));
    take(&b, "letter_template", 3, SV_LIT("Dear Sir"));
    finish(&b);
    sqlite3_stmt *st = NULL;
    static const char sql[] = "SELECT group_concat(coalesce(merge_fields, 'none'), ',') FROM letter_template";
    assert_int_equal(sqlite3_prepare_v2(b.work, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal(sqlite3_column_text(st, 0), "Name,Own,none");
    sqlite3_finalize(st);
    end(&b);
}

static void a_letter_that_is_too_large_for_a_pdf_is_told(void **state)
{
    (void)state;
    size_t n = LETTER_BYTES_MAX + 1;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, 'x', n);
    memcpy(text, "{\\rtf1 ", 7);
    file_rules rules = zip_rules;
    rules.letters_pdf = true;
    bench b = begin(&rules, false);
    add(&b, 1, "letter.rtf", NULL);
    run_sql(&b, "INSERT INTO letter (source_key, src_key, document) VALUES ('PP-LET-1', '1', '1')");
    take(&b, "document", 1, (sv){text, n});
    finish(&b);
    assert_int_equal(findings_count(b.found, F_DOC_NO_PDF), 1);
    assert_int_equal(counted(&b, "crm/Files", COUNT_WRITTEN), 1);
    end(&b);
    free(text);
}

static const file_rules *read_rules(const char *text, arena *mem, problems *p)
{
    const yaml_node *n = yaml_parse(SV_LIT("destination.yaml"), sv_from(text), mem, p);
    return n ? file_rules_read(SV_LIT("destination.yaml"), yaml_get(n, "files"), false, mem, p) : NULL;
}

static void rules_are_read_and_mistakes_told(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    problems p = {.mem = mem};
    const file_rules *r = read_rules("files:\n  as: attachments\n  name: Files\n  csv: Note.csv\n  member_bytes_max: "
                                     "8000000\n  zip_bytes_max: 32000000\n"
                                     "  forbidden: [js, svg]\n  bom: true\n  letters_pdf: true\n  columns:\n    - { "
                                     "heading: File Name, fact: name }\n    - { heading: Kind, const: \"1\" }\n",
                                     mem, &p);
    assert_non_null(r);
    assert_int_equal(r->as, FILES_ATTACHMENTS);
    assert_int_equal(r->zip_bytes_max, 32000000);
    assert_true(r->columns == 2 && r->forbiddens == 2 && r->bom && r->letters_pdf);
    static const char *const wrong[] = {
        "files: { as: rar, name: F }",
        "files: { as: zip }",
        "files: { as: zip, name: \"../x\" }",
        "files: { as: zip, name: F, csv: x.csv }",
        "files: { as: attachments, name: F }",
        "files: { as: zip, name: F, zip_bytes_max: many }",
        "files: { as: zip, name: F, forbidden: [\".exe\"] }",
        "files: { as: zip, name: F, columns: [{ heading: A, fact: sha265 }] }",
        "files: { as: zip, name: F, columns: [{ heading: A }] }",
        "files: { as: zip, name: F, colums: [] }",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        size_t before = p.n;
        if (read_rules(wrong[i], mem, &p) || p.n == before) fail_msg("%s was taken", wrong[i]);
    }
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_keys_with_the_extension_of_the_content),
        cmocka_unit_test(everything_that_is_not_written_is_listed_with_its_reason),
        cmocka_unit_test(a_document_that_breaks_off_leaves_nothing_in_the_archive),
        cmocka_unit_test(archives_keep_their_limits_and_what_is_larger_goes_by_hand),
        cmocka_unit_test(a_folder_tree_has_a_folder_for_each_patient),
        cmocka_unit_test(type_size_and_hash_come_to_the_record),
        cmocka_unit_test(letters_get_a_pdf_beside_them),
        cmocka_unit_test(html_letters_get_one_too),
        cmocka_unit_test(merge_fields_of_a_template_are_listed),
        cmocka_unit_test(a_letter_that_is_too_large_for_a_pdf_is_told),
        cmocka_unit_test(rules_are_read_and_mistakes_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
