/* Notes in three forms, encodings, and that nothing is cut. */
#include "normalize_ask.h"

static void note_is(const char *in, const char *want) { good(&ask_us, "treatment_plan", "notes", in, want); }

static void notes_keep_every_character(void **state)
{
    (void)state;
    note_is("a\r\nb\rc\nd", "a\nb\nc\nd");
    note_is("  two  blanks  ", "  two  blanks  ");
    note_is("\"quoted\", PD < 4 > 2 & <b>", "\"quoted\", PD < 4 > 2 & <b>");
    note_is("None", "None");
    note_is("=SUM(A1)", "=SUM(A1)"); /* hard case 80: data is not changed for spreadsheets */
    note_is("+1", "+1");
    note_is("@x", "@x");
    empty(&ask_us, "treatment_plan", "notes", " \r\n ");
    empty(&ask_us, "treatment_plan", "notes", "NULL");
}

static void hard_case_66_a_large_note_is_whole(void **state)
{
    (void)state;
    enum { PART = 21, TIMES = 2000 };
    buf in = buf_new((size_t)1 << 20), out = buf_new((size_t)1 << 20), want = buf_new((size_t)1 << 20);
    for (int i = 0; i < TIMES; i++) {
        buf_str(&in, "\"PD\" 5 mm \xF0\x9F\x98\x80,\r\nx");
        buf_str(&want, "\"PD\" 5 mm \xF0\x9F\x98\x80,\nx");
    }
    const norm_column c = {&ask_us, ask_field("treatment_plan", "notes"), NULL};
    norm_remarks r = {.n = 0};
    assert_int_equal(norm_value(&c, buf_view(&in), &out, &r), FORM_GOOD);
    assert_true(sv_eq(buf_view(&out), buf_view(&want)));
    assert_int_equal(r.n, 0);
    buf_free(&in);
    buf_free(&out);
    buf_free(&want);
}

static void hard_case_67_rtf_notes(void **state)
{
    (void)state;
    note_is("{\\rtf1\\ansi\\u350?ahin}", "\xC5\x9E"
                                         "ahin");
    asked_record *x = RECORD(&ask_us, "clinical_note", "note", "{\\rtf1\\ansi {\\b PD} 5 & 6\\par next\\par}");
    has(x, "body", "PD 5 & 6\nnext");
    has(x, "body_html", "<p><b>PD</b> 5 &amp; 6</p><p>next</p>");
    assert_int_equal(x->r.n, 0);
    done(x);
    x = RECORD(&ask_us, "clinical_note", "note", "{\\rtf1\\ansi broken {\\b off");
    has(x, "body", "broken off");
    assert_int_equal(remarked(x, F_NRM_NOTE_BROKEN), 1);
    done(x);
    x = RECORD(&ask_us, "clinical_note", "note", "{\\rtf1 see {\\pict 00}}");
    has(x, "body", "see ");
    assert_int_equal(remarked(x, F_NRM_NOTE_LEFT_OUT), 1);
    done(x);
    x = RECORD(&ask_us, "clinical_note", "note", "{\\rtf1{\\fonttbl{\\f0\\fcharset77 M;}}\\f0 x\\'8a}");
    assert_int_equal(remarked(x, F_NRM_NOTE_UNREADABLE), 1);
    done(x);
    empty(&ask_us, "clinical_note", "note", "{\\rtf1\\ansi\\pard\\par}");
}

static void html_and_plain_notes(void **state)
{
    (void)state;
    asked_record *x = RECORD(&ask_us, "clinical_note", "note", "<p>One <i>two</i></p><script>x</script><p>&Uuml;</p>");
    has(x, "body", "One two\n\xC3\x9C");
    has(x, "body_html", "<p>One <i>two</i></p><p>\xC3\x9C</p>");
    done(x);
    x = RECORD(&ask_us, "clinical_note", "note", "PD < 4\r\nnext");
    has(x, "body", "PD < 4\nnext");
    has(x, "body_html", "<p>PD &lt; 4<br>next</p>");
    done(x);
    x = RECORD(&ask_us, "clinical_note", "body", "a", "note", "b");
    has(x, "body", "a\n\nb"); /* nothing of either is lost */
    done(x);
    x = RECORD(&ask_us, "clinical_note", "subjective", "hurts");
    has(x, "body", NULL);
    done(x);
}

static void text_that_is_rich_again_is_read_again(void **state)
{
    (void)state;
    note_is("<p>&lt;b&gt;x&lt;/b&gt;</p>", "x");
    wrong(&ask_us, "treatment_plan", "notes",
          "<p>&lt;p&gt;&amp;lt;p&amp;gt;&amp;amp;lt;p&amp;amp;gt;&amp;amp;amp;lt;p&amp;amp;amp;gt;x",
          F_NRM_NOTE_NESTED);
}

static void hard_case_70_double_encoding_is_undone_only_if_the_whole_column_agrees(void **state)
{
    (void)state;
    static const char twice[] = "\xC3\x85\xC5\xB8"
                                "ahin",
                      also[] = "G\xC3\x83\xC2\xBC"
                               "l";
    const char *const whole[] = {twice, also, "plain", NULL};
    column(&ask_us, "patient", "city", whole,
           (const char *const[]){"\xC5\x9F"
                                 "ahin",
                                 "G\xC3\xBC"
                                 "l",
                                 "plain"});
    norm_survey s = ask_survey(&ask_us, "patient", "city", whole);
    assert_int_equal(s.double_encoded, 2);
    assert_int_equal(ask_column(&ask_us, "patient", "city", &s, twice).r.code[0], F_NRM_TEXT_REPAIRED);
    /* A blank that does not break is trimmed before it could count as part of the text. */
    const char *const blank[] = {"\xC3\x85\xC5\xB8"
                                 "ahin\xC2\xA0",
                                 NULL};
    column(&ask_us, "patient", "city", blank,
           (const char *const[]){"\xC5\x9F"
                                 "ahin"});
    const char *const mixed[] = {twice, "Bet\xC3\xBCl", NULL};
    s = ask_survey(&ask_us, "patient", "city", mixed);
    const norm_column c = {&ask_us, ask_field("patient", "city"), &s};
    buf out = buf_new(100);
    norm_remarks r = {.n = 0};
    assert_int_equal(norm_value(&c, sv_from(twice), &out, &r), FORM_GOOD);
    assert_true(sv_eq(buf_view(&out), sv_from(twice))); /* as it was */
    assert_int_equal(r.code[0], F_NRM_TEXT_DOUBLE);
    buf_free(&out);
    good(&ask_us, "patient", "city", twice, twice); /* alone it proves nothing */
}

static void hard_case_70_turkish_read_as_western_is_told_not_changed(void **state)
{
    (void)state;
    static const char thorn[] = "\xC3\x9E"
                                "ahin";
    const norm_column c = {&ask_tr, ask_field("patient", "city"), NULL};
    buf out = buf_new(100);
    norm_remarks r = {.n = 0};
    assert_int_equal(norm_value(&c, sv_from(thorn), &out, &r), FORM_GOOD);
    assert_true(sv_eq(buf_view(&out), sv_from(thorn)));
    assert_int_equal(r.n, 1);
    assert_int_equal(r.code[0], F_NRM_TEXT_CODE_PAGE);
    buf_free(&out);
    assert_int_equal(ask_column(&ask_us, "patient", "city", NULL, thorn).r.n, 0);
}

/* Texts of all kinds of bytes that look like RTF, HTML, dates and numbers: what is good stays as it came out. */
static void every_concern_leaves_its_own_output_unchanged(void **state)
{
    (void)state;
    static const char *const bits[] = {"{\\rtf1 ",
                                       "}",
                                       "<p>",
                                       "</b>",
                                       "&lt;",
                                       "&amp;",
                                       "12",
                                       "/",
                                       ".",
                                       ",",
                                       "-",
                                       " ",
                                       "2019",
                                       "Mar",
                                       "$",
                                       "D",
                                       "(",
                                       ")",
                                       "\\par",
                                       "\\u350?",
                                       "MB",
                                       "Delta",
                                       "PPO",
                                       "of WA",
                                       ";",
                                       "\r\n",
                                       "%",
                                       "1.250",
                                       "\xC3\x85\xC5\xB8",
                                       "0",
                                       "\\'fe",
                                       "<br>",
                                       "TL",
                                       "UR",
                                       "7210",
                                       ":"};
    uint64_t random = 88172645463325252U;
    norm_options numbered = ask_tr;
    numbered.numbering = "fdi";
    for (int round = 0; round < 20000; round++) {
        buf in = buf_new(1000);
        for (int i = 0; i < 1 + round % 9; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            buf_str(&in, bits[random % (sizeof bits / sizeof bits[0])]);
        }
        static const char *const fields[][2] = {{"treatment_plan", "notes"},
                                                {"patient", "birth_date"},
                                                {"clinical_exam", "exam_at"},
                                                {"plan_line", "fee"},
                                                {"plan_line", "code"},
                                                {"appointment", "procedure_codes"},
                                                {"insurance_policy", "carrier_name"},
                                                {"plan_line", "tooth"},
                                                {"plan_line", "area"},
                                                {"clinical_exam", "source_bop"},
                                                {"plan_line", "seq"}};
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
            const norm_column c = {&numbered, ask_field(fields[i][0], fields[i][1]), NULL};
            buf out = buf_new(4000), again = buf_new(4000);
            norm_remarks r = {.n = 0};
            if (norm_value(&c, buf_view(&in), &out, &r) == FORM_GOOD) {
                norm_form second = norm_value(&c, buf_view(&out), &again, &r);
                if (second != FORM_GOOD || !sv_eq(buf_view(&out), buf_view(&again)))
                    print_error("%s: [%.*s] [%.*s] [%.*s]\n", fields[i][1], (int)in.n, in.p, (int)out.n, out.p,
                                (int)again.n, again.n ? again.p : "");
                assert_int_equal(second, FORM_GOOD);
                assert_true(sv_eq(buf_view(&out), buf_view(&again)));
            }
            buf_free(&out);
            buf_free(&again);
        }
        buf_free(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_keep_every_character),
        cmocka_unit_test(hard_case_66_a_large_note_is_whole),
        cmocka_unit_test(hard_case_67_rtf_notes),
        cmocka_unit_test(html_and_plain_notes),
        cmocka_unit_test(text_that_is_rich_again_is_read_again),
        cmocka_unit_test(hard_case_70_double_encoding_is_undone_only_if_the_whole_column_agrees),
        cmocka_unit_test(hard_case_70_turkish_read_as_western_is_told_not_changed),
        cmocka_unit_test(every_concern_leaves_its_own_output_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
