/* guide.md made into IMPORT-STEPS.html: marks, words of this very bundle, and what is wrong with a word. */
#include "deliver_room.h"
#include "guide/guide.h"

static void stage(deliver_room *x)
{
    room_stage(x, "patient");
    room_sql(x, "INSERT INTO patient (source_key, src_table, src_key, last) VALUES ('X-PAT-1', 't', '1', 'Bo'),"
                "('X-PAT-2', 't', '2', 'Cy'), ('X-PAT-3', 't', '3', NULL)");
    room_write("contact.yaml", "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n"
                               "  L: {from: last, required: true, new: true, max_length: 80}\n");
}

static void run_with(deliver_room *x)
{
    static const emitter *const always[] = {&import_steps};
    assert_true(room_begin(x));
    delivery_free(x->to);
    folder_remove(DELIVER_RUN "/crm");
    x->run.always = always;
    x->run.always_n = 1;
    x->to = delivery_begin(x->d, &x->run);
    assert_non_null(x->to);
    room_finish(x);
}

static bool page_holds(const char *text) { return room_holds("crm/IMPORT-STEPS.html", text); }

static void marks_become_a_page_without_script(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_write("guide.md", "# Loading\n\nOne **bold** *name* line\nand `code` <b>.\n\n## Steps\n1. First\n   goes "
                           "on\n2. Second\n\n- a\n- b\n\n3. Third\n4. Fourth\n\n"
                           "| A | B |\n| --- | --- |\n| 1 | 2 |\n\n### End\n");
    run_with(x);
    assert_true(page_holds("<h1>Loading</h1>"));
    assert_true(page_holds("<p>One <strong>bold</strong> <em>name</em> line and <code>code</code> &lt;b&gt;.</p>"));
    assert_true(page_holds("<ol class=\"steps\">\n<li>First goes on</li>\n<li>Second</li>\n</ol>"));
    /* Behind something else the steps go on with their numbers. */
    assert_true(page_holds("<ol class=\"steps\" start=\"3\">\n<li>Third</li>\n<li>Fourth</li>\n</ol>"));
    assert_true(page_holds("<ul>\n<li>a</li>\n<li>b</li>\n</ul>"));
    assert_true(page_holds("<thead><tr><th>A</th><th>B</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td></tr>\n"));
    assert_true(page_holds("<h3>End</h3>"));
    assert_false(page_holds("<script"));
    /* The files are listed though the guide does not ask for it. */
    assert_true(page_holds("<tr><td>01_Contact.csv</td><td>Contact</td>"));
}

static void words_are_filled_in_from_this_bundle(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_write("destination.yaml",
               "id: crm\ntitle: A & B\nschema: 1\nparts: {rows: {is: 1, source: 'the vendor'}}\nlimits: "
               "{bytes_per_record: 2000}\n");
    room_write("guide.md",
               "# {{title}}\n{{rows contact}} rows of {{object contact}} in {{parts contact}}: {{files contact}}; "
               "{{rejected contact}} rejected.\nAt most {{limit rows_per_file}} ({{source rows_per_file}}); "
               "{{storage_mb}} MB.\n"
               "{{load contact}}\n{{limits}}\n{{new_fields}}\n");
    run_with(x);
    assert_true(page_holds("<h1>A &amp; B</h1>"));
    assert_true(page_holds("2 rows of Contact in 2: 01_Contact.csv and 01_Contact_2.csv; 1 rejected."));
    assert_true(page_holds("At most 1 (the vendor); 1 MB."));
    assert_true(page_holds("<tr><td>01_Contact_2.csv</td><td>Contact</td><td class=\"n\">1</td>"));
    assert_true(page_holds("<tr><td>rows a file</td><td class=\"n\">1</td><td>the vendor</td></tr>"));
    assert_true(page_holds("<tr><td>Contact</td><td>L</td><td>L</td><td>text</td><td class=\"n\">80</td></tr>"));
}

static void parts_of_the_guide_depend_on_the_bundle(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_write("destination.yaml", "id: crm\ntitle: C\nschema: 1\nlayouts: [json, wide]\nteeth: latest\n");
    room_write(
        "guide.md",
        "{{if layout wide}}\nWide.\n{{else}}\nJson.\n{{end}}\n{{if load contact}}\nContacts.\n{{if load tooth}}\nTeeth."
        "\n{{end}}\n{{end}}\n{{if teeth latest}}\nLatest.\n{{end}}\n{{if custom}}\nOwn.\n{{end}}\n");
    run_with(x);
    assert_true(page_holds("<p>Json.") && page_holds("Contacts.") && page_holds("Latest."));
    assert_false(page_holds("Wide."));
    assert_false(page_holds("Teeth."));
    assert_false(page_holds("Own."));
}

static void wrong_words_are_told_with_their_line(void **state)
{
    deliver_room *x = *state;
    stage(x);
    assert_non_null(room_load(x));
    static const char text[] =
        "ok {{title}}\n{{rows nobody}}\n{{nothing}}\n{{if layout wide}}\n{{limit colour}}\n{{open\n";
    problems p = {.mem = x->mem};
    guide_check(SV_LIT("crm/guide.md"), sv_from(text), x->d, &p);
    assert_int_equal(p.n, 5);
    static const unsigned line[] = {2, 3, 4, 5, 6};
    for (size_t i = 0; i < 5; i++) assert_int_equal(p.item[i].line, line[i]);
    p.n = 0;
    static const char nested[] = "{{if load contact}}\n{{end}}\n{{end}}\n{{if load contact}}\n";
    guide_check(SV_LIT("crm/guide.md"), sv_from(nested), x->d, &p);
    assert_int_equal(p.n, 2);
}

static void without_a_guide_there_is_no_page(void **state)
{
    deliver_room *x = *state;
    stage(x);
    run_with(x);
    assert_false(os_exists(DELIVER_RUN "/crm/IMPORT-STEPS.html"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, room_start, room_end)
        T(marks_become_a_page_without_script),      T(words_are_filled_in_from_this_bundle),
        T(parts_of_the_guide_depend_on_the_bundle), T(wrong_words_are_told_with_their_line),
        T(without_a_guide_there_is_no_page),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
