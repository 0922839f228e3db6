/* Any value of any field: idempotent, bounded, clean, whatever is thrown at it; and records of such values. */
#include "normalize_judge.h"
#include "testing.h"

static uint64_t state_of_chance = 20190305;
static unsigned chance(unsigned n)
{
    state_of_chance = state_of_chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state_of_chance >> 33) % n;
}

/* Pieces that values of practices are made of, and that have meaning to some concern. */
static const char *const piece[] = {"SMITH",
                                    "John",
                                    "o'brien",
                                    "MCDONALD",
                                    "de la",
                                    "JR",
                                    "III",
                                    "DDS",
                                    "D.D.S.",
                                    "Dipl. ABP",
                                    ",",
                                    ", ",
                                    "(",
                                    ")",
                                    "\"",
                                    "'",
                                    "360",
                                    "897-5555",
                                    "+1",
                                    "+90",
                                    "0532",
                                    "x12",
                                    "ext.",
                                    "555-0100",
                                    ";",
                                    " / ",
                                    "@",
                                    "example.com",
                                    "none@none.com",
                                    "<",
                                    ">",
                                    "Wash.",
                                    "MA",
                                    "02138",
                                    "2138",
                                    "-1234",
                                    "US",
                                    "T\xC3\xBCrkiye",
                                    "1234567893",
                                    "10000000146",
                                    "000-00-0000",
                                    "Stage",
                                    "III-C",
                                    "Grade",
                                    "gen.",
                                    "Type",
                                    "a/b.pdf",
                                    "..\\",
                                    "CON",
                                    ".",
                                    "F",
                                    "K",
                                    "1",
                                    "0",
                                    "-1",
                                    "true",
                                    "NULL",
                                    "NA",
                                    "n/a",
                                    "-",
                                    "none",
                                    "\xC4\xB0",
                                    "\xC4\xB1",
                                    "\xC5\x9E",
                                    "\xC3\x85\xC5\xB8",
                                    "\xEF\xBB\xBF",
                                    "\xC2\xA0",
                                    "\xE2\x80\x93",
                                    "\xFF",
                                    "\x01",
                                    "\t",
                                    "\r\n",
                                    "03/04/2019",
                                    "2019-03-05",
                                    "5 Mart 2019",
                                    "12:30",
                                    "$1,234.50",
                                    "(50.00)",
                                    "1.250,00 TL",
                                    "12%",
                                    "D7210",
                                    "7210",
                                    "3-5",
                                    "UR6",
                                    "#6",
                                    "Delta Dental",
                                    "{\\rtf1 a\\par b}",
                                    "<b>x</b>",
                                    "&amp;",
                                    "_",
                                    "=1",
                                    " ",
                                    "  ",
                                    "z"};

static size_t make(char *out, size_t room)
{
    size_t n = 0;
    if (chance(8) == 0) { /* bytes */
        for (n = chance(40); n > 0;) out[--n] = (char)chance(256);
        return chance(40);
    }
    for (unsigned k = 1 + chance(6); k > 0; k--) {
        const char *p = piece[chance(sizeof piece / sizeof piece[0])];
        size_t m = strlen(p);
        if (n + m + 1 > room) break;
        memcpy(out + n, p, m);
        n += m;
        if (chance(2)) out[n++] = ' ';
    }
    return n;
}

static const norm_options options[] = {
    {.country = "US",
     .today = 18000,
     .currency = "USD",
     .language = "en",
     .order = ORDER_MONTH_FIRST,
     .decimal_mark = '.',
     .numbering = "fdi",
     .code_system = "CDT"},
    {.country = "TR",
     .today = 18000,
     .currency = "TRY",
     .language = "tr",
     .order = ORDER_DAY_FIRST,
     .decimal_mark = ',',
     .numbering = "fdi",
     .code_system = "TDB"},
    {.today = INT32_MIN},
};

static void any_value_is_bounded_clean_and_idempotent(void **state)
{
    static const norm_survey capitals = {.values = 9, .capitals = 9};
    char text[600] = {0};
    (void)state;
    for (size_t round = 0; round < 400; round++)
        for (size_t i = 0; i < model_entities(); i++) {
            const model_entity *e = model_entity_at(i);
            for (size_t k = 0; k < e->fields + e->inputs; k++) {
                size_t n = make(text, sizeof text);
                const norm_column c = {&options[chance(3)], &e->field[k], chance(2) ? &capitals : NULL};
                const char *sentence = judge_value(&c, (sv){text, n});
                if (sentence) print_error("%s.%s of \"%.*s\" %s\n", e->name, e->field[k].name, (int)n, text, sentence);
                assert_null(sentence);
            }
        }
}

static void any_record_is_bounded_and_clean(void **state)
{
    char text[600] = {0};
    (void)state;
    for (size_t round = 0; round < 400; round++)
        for (size_t i = 0; i < model_entities(); i++) {
            size_t n = make(text, sizeof text);
            const char *sentence = judge_record(&options[chance(3)], model_entity_at(i), (sv){text, n});
            if (sentence) print_error("%s of \"%.*s\" %s\n", model_entity_at(i)->name, (int)n, text, sentence);
            assert_null(sentence);
        }
}

static void a_column_of_anything_can_be_looked_at(void **state)
{
    char text[600] = {0};
    norm_survey s = {.values = 0};
    (void)state;
    for (size_t round = 0; round < 50; round++)
        for (size_t i = 0; i < model_entities(); i++)
            for (size_t k = 0; k < model_entity_at(i)->fields; k++) {
                const norm_column c = {&options[chance(3)], &model_entity_at(i)->field[k], NULL};
                norm_survey_add(&s, &c, (sv){text, make(text, sizeof text)});
            }
    assert_true(s.values > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_value_is_bounded_clean_and_idempotent),
        cmocka_unit_test(any_record_is_bounded_and_clean),
        cmocka_unit_test(a_column_of_anything_can_be_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
