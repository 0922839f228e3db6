/* Reading a destination: what is good, and every kind of mistake with its place. */
#include "template_files.h"

static const destination *load(template_fixture *x)
{
    x->wrong.n = 0;
    static const sv known[] = {{"data_loader", 11}};
    const destination_options options = {.package = known, .packages = 1};
    const destination *d = destination_load_with(TEMPLATE_FOLDER, &options, x->mem, &x->wrong);
    problems_sort(&x->wrong);
    return d;
}

/* All problems as text, in the arena. */
static const char *all_of(template_fixture *x)
{
    buf b = buf_new(1 << 20);
    problems_text(&x->wrong, &b);
    const char *s = arena_sv(x->mem, buf_view(&b)).p;
    buf_free(&b);
    return s ? s : "";
}

static void a_good_template_loads(void **state)
{
    template_fixture *x = *state;
    const destination *d = load(x);
    if (!d) fail_msg("%s", all_of(x));
    assert_int_equal(x->wrong.n, 0);
    assert_true(sv_eq(destination_id(d), SV_LIT("crm")));
    assert_true(sv_eq(destination_title(d), SV_LIT("A CRM")));
    assert_int_equal(destination_objects(d), 3);
}

static void a_mapping_is_told_in_the_order_of_loading(void **state)
{
    template_fixture *x = *state;
    size_t n = 0;
    const mapping_line *l = destination_mapping(load(x), x->mem, &n);
    assert_int_equal(n, 2 + 8 + 3);
    assert_true(sv_eq(l[0].target, SV_LIT("Key__c")) && sv_eq(l[0].source, SV_LIT("source_key")));
    assert_true(sv_eq(l[3].file, SV_LIT("02_Contact.csv")) && sv_eq(l[3].entity, SV_LIT("patient")));
    assert_true(sv_eq(l[3].rules, SV_LIT("required; at most 10 characters, else text cut")));
    assert_true(sv_eq(l[4].source, SV_LIT("first + last")));
    assert_true(sv_eq(l[8].source, SV_LIT("\"Old system\"")));
    assert_true(sv_eq(l[12].target, SV_LIT("WhoId")));
}

typedef struct mistake {
    const char *file, *old, *new;
    const char *expected; /* begin of a line of the problems, up to and with a part of its text */
} mistake;

static const mistake mistakes[] = {
    /* keys */
    {"contact.yaml", "required: true", "requierd: true",
     "crm/contact.yaml:7:26: unknown key \"requierd\" in field \"LastName\"; did you mean \"required\"?"},
    {"contact.yaml", "object: Contact", "objekt: Contact", "crm/contact.yaml:1:1: unknown key \"objekt\""},
    {"contact.yaml", "key: Key__c\n", "", "crm/contact.yaml:1:1: this object lacks the key \"key\""},
    {"destination.yaml", "title: A CRM\n", "", "crm/destination.yaml:1:1: this destination lacks the key \"title\""},
    {"destination.yaml", "newline: crlf", "newlines: crlf", "crm/destination.yaml:4:10: unknown key \"newlines\""},
    {"destination.yaml", "first_year: 1700", "first_yaer: 1700",
     "crm/destination.yaml:5:10: unknown key \"first_yaer\""},
    /* kinds */
    {"contact.yaml", "after: [Account]", "after: Account",
     "crm/contact.yaml:5:8: \"after\" in this object must be a list"},
    {"contact.yaml", "max_length: 10", "max_length: ten", "crm/contact.yaml:7:54: must be a whole number"},
    {"contact.yaml", "max_length: 10", "max_length: 0", "crm/contact.yaml:7:54: \"max_length\" is at least 1"},
    {"contact.yaml", "required: true", "required: yes", "crm/contact.yaml:7:36: must be true or false"},
    {"contact.yaml", "{const: Old system}", "Old system", "crm/contact.yaml:15:14: Source__c takes keys"},
    /* one of a few words */
    {"contact.yaml", "overflow: cut", "overflow: cutt",
     "crm/contact.yaml:7:68: \"overflow\" is one of reject, hold, cut, move, not \"cutt\" (did you mean \"cut\"?)"},
    {"contact.yaml", "else: hold", "else: cut", "crm/contact.yaml:12:11: \"else\" is one of reject, hold, keep"},
    {"destination.yaml", "packages: [data_loader]", "packages: [data_loder]",
     "crm/destination.yaml:6:12: \"packages\" is one of data_loader"},
    {"destination.yaml", "newline: crlf", "newline: cr", "crm/destination.yaml:4:19: \"newline\" is one of crlf, lf"},
    {"destination.yaml", "newline: crlf", "delimiter: pipe",
     "crm/destination.yaml:4:21: \"delimiter\" is one of comma, semicolon, tab"},
    {"destination.yaml", "newline: crlf", "encoding: latin1",
     "crm/destination.yaml:4:20: \"encoding\" is one of utf-8"},
    {"destination.yaml", "schema: 1", "schema: 2",
     "crm/destination.yaml:3:9: this program reads templates of schema 1"},
    /* canonical names */
    {"contact.yaml", "from: last", "from: lasst",
     "crm/contact.yaml:7:20: patient has no field \"lasst\" (did you mean \"last\"?)"},
    {"contact.yaml", "join: [first", "join: [frist", "crm/contact.yaml:8:20: patient has no field \"frist\""},
    {"contact.yaml", "from: patient", "from: pacient",
     "crm/contact.yaml:2:7: there is no canonical entity \"pacient\" (did you mean \"patient\"?)"},
    {"contact.yaml", "female: F", "femail: F",
     "crm/contact.yaml:13:14: sex of patient is never \"femail\" (did you mean \"female\"?)"},
    {"contact.yaml", "    else: hold\n", "", "crm/contact.yaml:12:13: \"values\" lacks \"other\" of sex"},
    {"contact.yaml", "{const: Old system}", "{const: Old, when: {sex: femal}}",
     "crm/contact.yaml:15:39: sex of patient is never \"femal\""},
    {"contact.yaml", "{const: Old system}", "{const: Old, when: {sox: female}}",
     "crm/contact.yaml:15:34: patient has no field \"sox\""},
    {"contact.yaml", "fields:", "when: {sex: [female, [male]]}\nfields:",
     "crm/contact.yaml:6:22: \"when\" takes a value or a list of values"},
    /* sources of a field */
    {"contact.yaml", "{const: Old system}", "{required: true}", "crm/contact.yaml:15:14: Source__c has no source"},
    {"contact.yaml", "{const: Old system}", "{default: x}",
     "crm/contact.yaml:15:14: Source__c has a default but no source"},
    {"contact.yaml", "{const: Old system}", "{const: Old, from: sex}",
     "crm/contact.yaml:15:14: Source__c has more than one source"},
    {"contact.yaml", "{const: Old system}", "{const: ''}", "crm/contact.yaml:15:22: \"const\" is empty"},
    {"contact.yaml", "default: none", "default: ''", "crm/contact.yaml:16:43: \"default\" is empty"},
    {"contact.yaml", "[first, last]", "[first]", "crm/contact.yaml:8:19: \"join\" takes at least two"},
    {"contact.yaml", "from: location, lookup: Account.Key__c", "from: location",
     "crm/contact.yaml:14:21: location is a link to practice_location: it needs \"lookup\""},
    /* keys that need others */
    {"contact.yaml", "join: [first, last]", "from: last", "crm/contact.yaml:8:36: \"separator\" needs \"join\""},
    {"contact.yaml", "max_length: 10, overflow", "overflow",
     "crm/contact.yaml:7:52: \"overflow\" needs \"max_length\""},
    {"contact.yaml", "default: none", "else: hold", "crm/contact.yaml:16:40: \"else\" needs \"values\" or \"lookup\""},
    {"contact.yaml", "{const: Old system}", "{from: last, required: true, when: {sex: male}}",
     "crm/contact.yaml:15:49: a required field cannot have \"when\""},
    /* dates */
    {"contact.yaml", "MM/DD/YYYY", "MM/DD/YY", "crm/contact.yaml:9:41: \"MM/DD/YY\" is no form of a date"},
    {"contact.yaml", "MM/DD/YYYY", "YYYY-MM-DD hh:mm", "crm/contact.yaml:9:41: \"YYYY-MM-DD hh:mm\" is no form"},
    {"contact.yaml", "default: none", "format: YYYY", "crm/contact.yaml:16:42: \"format\" is for dates"},
    {"destination.yaml", "dates: YYYY-MM-DD,", "dates: YYYY-MM,", "crm/destination.yaml:4:32: \"dates\" is no form"},
    {"destination.yaml", "first_year: 1700", "first_year: 5000", "crm/destination.yaml:5:9: \"first_year\" is after"},
    /* links and order */
    {"contact.yaml", "lookup: Account.Key__c", "lookup: Acount.Key__c",
     "crm/contact.yaml:14:39: there is no object \"Acount\" (did you mean \"Account\"?)"},
    {"contact.yaml", "lookup: Account.Key__c", "lookup: Account.Kei__c",
     "crm/contact.yaml:14:39: Account has no key \"Kei__c\""},
    {"contact.yaml", "lookup: Account.Key__c", "lookup: Account", "crm/contact.yaml:14:39: \"lookup\" is Object.Key"},
    {"event.yaml", "lookup: Contact.Key__c", "lookup: Account.Key__c",
     "crm/event.yaml:8:34: patient links to patient, and no file of Account is made from it"},
    {"contact.yaml", "after: [Account]\n", "", "crm/contact.yaml:13:39: links to Account need \"after: [account]\""},
    {"contact.yaml", "from: location, lookup", "from: last, lookup",
     "crm/contact.yaml:14:35: last of patient is no link"},
    {"contact.yaml", "after: [Account]", "after: [Acount]",
     "crm/contact.yaml:5:9: there is no object \"Acount\" to come after (did you mean \"Account\"?)"},
    {"contact.yaml", "after: [Account]", "after: [Account, event]", "after\" goes in a circle: "},
    {"account.yaml", "fields:", "after: [account]\nfields:", "crm/account.yaml:5:8: \"after\" goes in a circle"},
    {"account.yaml", "01_Account", "05_Account",
     "crm/contact.yaml:4:7: 02_Contact.csv is loaded after 05_Account.csv, and its name sorts before it"},
    /* names */
    {"contact.yaml", "Source__c:", "lastname:", "crm/contact.yaml:15:3: the field lastname is already there in line 7"},
    {"contact.yaml", "Source__c:", "KEY__C:", "crm/contact.yaml:15:3: KEY__C is the key and is written by itself"},
    {"contact.yaml", "Source__c:", "LastName:", "crm/contact.yaml:15:3: the key \"LastName\" stands here twice"},
    {"contact.yaml", "02_Contact.csv", "01_account.CSV", "crm/contact.yaml:4:7: a file is named by letters"},
    {"contact.yaml", "02_Contact.csv", "../02.csv", "crm/contact.yaml:4:7: a file is named by letters"},
    {"contact.yaml", "02_Contact.csv", "01_account.csv", "crm/contact.yaml:4:7: 01_account.csv is also the file of"},
    {"destination.yaml", "id: crm", "id: CRM", "crm/destination.yaml:1:5: an id has up to 32 small letters"},
    {"destination.yaml", "id: crm", "id: crm2", "crm/destination.yaml:1:5: the id is the name of the folder: \"crm\""},
    /* what the system requires */
    {"contact.yaml", "required: true, ", "", "crm/contact.yaml:7:3: Contact requires LastName"},
    {"account.yaml", "Name: {from", "Title: {from", "crm/account.yaml:6:3: Account requires Name"},
    {"destination.yaml", "Contact: [LastName]", "Kontact: [LastName]",
     "crm/destination.yaml:9:3: no file here is of the object \"Kontact\" (did you mean \"Contact\"?)"},
    {"destination.yaml", "Contact: [LastName]", "Contact: LastName",
     "crm/destination.yaml:9:12: \"requires\" is a list of fields"},
    /* the file itself */
    {"contact.yaml", "fields:", "\tfields:", "crm/contact.yaml:6:1: a tab"},
    {"contact.yaml", "fields:", "fields: [", "crm/contact.yaml:"},
};

static void every_mistake_is_told_with_its_place(void **state)
{
    template_fixture *x = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        const mistake *m = &mistakes[i];
        template_write_all();
        template_change(m->file, m->old, m->new);
        assert_null(load(x));
        const char *text = all_of(x);
        if (!strstr(text, m->expected))
            fail_msg("%s: \"%s\"\nexpected: %s\ngot:\n%s", m->file, m->new, m->expected, text);
    }
}

static void all_mistakes_come_at_once(void **state)
{
    template_fixture *x = *state;
    template_change("contact.yaml", "from: last", "from: lasst");
    template_change("event.yaml", "from: start_at", "from: begin");
    template_change("destination.yaml", "packages: [data_loader]", "packages: [xml]");
    assert_null(load(x));
    const char *text = all_of(x);
    assert_non_null(strstr(text, "crm/contact.yaml:7:20: "));
    assert_non_null(strstr(text, "crm/event.yaml:7:25: "));
    assert_non_null(strstr(text, "crm/destination.yaml:6:12: "));
}

static void a_folder_without_objects_is_told(void **state)
{
    template_fixture *x = *state;
    assert_true(os_remove(TEMPLATE_FOLDER "/account.yaml") && os_remove(TEMPLATE_FOLDER "/contact.yaml") &&
                os_remove(TEMPLATE_FOLDER "/event.yaml"));
    assert_null(load(x));
    assert_non_null(strstr(all_of(x), "crm/destination.yaml: there is neither an object"));
    assert_true(os_remove(TEMPLATE_FOLDER "/destination.yaml"));
    assert_null(load(x));
    assert_non_null(strstr(all_of(x), "crm/destination.yaml: the file cannot be read"));
    x->wrong.n = 0;
    assert_null(destination_load(TEMPLATE_ROOM "/absent", x->mem, &x->wrong));
    assert_int_equal(x->wrong.n, 1);
}

/* Whatever stands in a file: no crash, and no destination out of it. */
static void cut_files_are_refused_or_whole(void **state)
{
    template_fixture *x = *state;
    for (size_t i = 0; i < TEMPLATE_FILES; i++) {
        const char *text = good_template[i].text;
        for (size_t n = 0; n < strlen(text); n += 3) {
            template_write(good_template[i].name, text, n);
            (void)load(x);
        }
        template_write(good_template[i].name, text, strlen(text));
    }
    assert_non_null(load(x));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, template_start, template_end)
    const struct CMUnitTest tests[] = {
        TEST(a_good_template_loads),
        TEST(a_mapping_is_told_in_the_order_of_loading),
        TEST(every_mistake_is_told_with_its_place),
        TEST(all_mistakes_come_at_once),
        TEST(a_folder_without_objects_is_told),
        TEST(cut_files_are_refused_or_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
