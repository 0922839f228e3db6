/* What a destination has for some sources only, names with a publisher's prefix, links that the system finds itself,
 * alternatives. */
#include "template_files.h"

#include "template/template.h"

static const destination *load(template_fixture *x, const char *profile, const char *prefix)
{
    static const sv known[] = {{"data_loader", 11}};
    const destination_options options = {
        .package = known, .packages = 1, .profile = sv_from(profile), .prefix = sv_from(prefix)};
    x->wrong.n = 0;
    return destination_load_with(TEMPLATE_FOLDER, &options, x->mem, &x->wrong);
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

static const target_field *field_of(const destination *d, size_t object, const char *name)
{
    for (size_t i = 0; i < d->object[object]->fields; i++)
        if (sv_eq(d->object[object]->field[i].name, sv_from(name))) return &d->object[object]->field[i];
    return NULL;
}

static void expect_problem(template_fixture *x, const char *text)
{
    assert_null(load(x, "", ""));
    if (!strstr(all_of(x), text)) fail_msg("\"%s\" is not in: %s", text, all_of(x));
}

static void an_object_of_another_profile_is_not_there_and_may_still_be_named(void **state)
{
    template_fixture *x = *state;
    template_change("account.yaml", "file: 01_Account.csv", "file: 01_Account.csv\nprofiles: [dr-dentes]");
    template_change("contact.yaml", "  AccountId: {from: location, lookup: Account.Key__c}\n",
                    "  AccountId: {from: location, lookup: Account.Key__c, not_profiles: [panda-perio]}\n");
    template_change("destination.yaml", "  Account: [Name]\n", "");
    const destination *d = load(x, "dr-dentes", "");
    assert_non_null(d);
    assert_int_equal(destination_objects(d), 3);
    d = load(x, "panda-perio", "");
    assert_non_null(d);
    assert_int_equal(destination_objects(d), 2);
    assert_null(field_of(d, 0, "AccountId"));
    /* Whoever names no profile sees everything. */
    d = load(x, "", "");
    assert_non_null(d);
    assert_int_equal(destination_objects(d), 3);
    assert_non_null(field_of(d, 1, "AccountId"));
}

static const char prefixed_account[] = "object: new_place\n"
                                       "from: practice_location\n"
                                       "key: new_key\n"
                                       "file: 01_Account.csv\n"
                                       "fields:\n"
                                       "  new_name: {from: name, required: true}\n"
                                       "  newest: {from: phone}\n";

static void every_name_with_the_publishers_prefix_takes_the_one_asked_for(void **state)
{
    template_fixture *x = *state;
    template_write("account.yaml", prefixed_account, strlen(prefixed_account));
    template_change("destination.yaml", "requires:\n  Account: [Name]\n  Contact: [LastName]\n",
                    "prefix: new\nprefix_of_names: true\nrequires: {new_place: [new_name]}\n");
    char contact[4096];
    snprintf(contact, sizeof contact, "%s", good_template[2].text);
    char *after = strstr(contact, "[Account]"), *lookup = strstr(contact, "Account.Key__c");
    assert_non_null(after);
    assert_non_null(lookup);
    buf b = buf_new(1 << 16);
    buf_add(&b, contact, (size_t)(after - contact));
    buf_str(&b, "[new_place]");
    buf_add(&b, after + 9, (size_t)(lookup - after - 9));
    buf_str(&b, "new_place.new_key");
    buf_str(&b, lookup + 14);
    template_write("contact.yaml", b.p, b.n);
    buf_free(&b);
    const destination *d = load(x, "", "abc");
    if (!d) fail_msg("%s", all_of(x));
    assert_true(sv_eq(d->object[0]->object, SV_LIT("abc_place")));
    assert_true(sv_eq(d->object[0]->key, SV_LIT("abc_key")));
    assert_non_null(field_of(d, 0, "abc_name"));
    assert_non_null(field_of(d, 0, "newest"));
    assert_true(sv_eq(field_of(d, 1, "AccountId")->lookup, SV_LIT("abc_place.abc_key")));
    assert_non_null(load(x, "", ""));
    static const char *const wrong[] = {"a", "much2long", "a_b", "2ab"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) assert_null(load(x, "", wrong[i]));
}

static void a_link_that_the_system_finds_is_written_as_it_is(void **state)
{
    template_fixture *x = *state;
    template_change("contact.yaml", "  AccountId: {from: location, lookup: Account.Key__c}\n",
                    "  OwnerId: {from: primary_provider.email, matches: User.Email}\n");
    const destination *d = load(x, "", "");
    assert_non_null(d);
    const target_field *f = field_of(d, 1, "OwnerId");
    assert_int_equal(f->type, TARGET_LOOKUP);
    assert_true(sv_eq(f->matches, SV_LIT("User.Email")));
    assert_int_equal(f->parents, 0);
    template_change("contact.yaml", "  AccountId: {from: location, lookup: Account.Key__c}\n",
                    "  OwnerId: {from: primary_provider.email, matches: User}\n");
    expect_problem(x, "\"matches\" is Object.Field");
}

static void a_piece_may_have_what_stands_in_for_it(void **state)
{
    template_fixture *x = *state;
    template_change("contact.yaml", "{from: chart_number, default: none}", "{template: '{nickname|first} {last}'}");
    const destination *d = load(x, "", "");
    assert_non_null(d);
    const target_field *f = field_of(d, 1, "Chart__c");
    assert_int_equal(f->pieces, 3);
    assert_int_equal(f->piece[0].others, 1);
    assert_int_equal(f->piece[1].others, 0);
    template_change("contact.yaml", "{from: chart_number, default: none}", "{template: '{nickname|forename}'}");
    expect_problem(x, "patient has no field \"forename\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_object_of_another_profile_is_not_there_and_may_still_be_named,
                                        template_start, template_end),
        cmocka_unit_test_setup_teardown(every_name_with_the_publishers_prefix_takes_the_one_asked_for, template_start,
                                        template_end),
        cmocka_unit_test_setup_teardown(a_link_that_the_system_finds_is_written_as_it_is, template_start, template_end),
        cmocka_unit_test_setup_teardown(a_piece_may_have_what_stands_in_for_it, template_start, template_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
