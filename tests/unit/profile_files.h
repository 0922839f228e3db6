/* A profile's folder and what staging needs, for the tests of profiles. */
#ifndef TESTS_PROFILE_FILES_H
#define TESTS_PROFILE_FILES_H

#include "fake_source.h"
#include "folder.h"
#include "profile/profile_internal.h"

#define PROFILE_FOLDER "test_profile_folder"
#define HEAD           "title: T\nsystem: TT\ndetect:\n  tables:\n    dbo.people: [id, name]\n"

typedef struct fixture {
    arena *mem;
    problems wrong;
    fake_source source;
    ledger *counts;
    findings *found;
    sql_db *db, *work;                                                   /* over the source; with what is staged */
    uint64_t large_every, large_bytes, fatal_at, lost_at, unreadable_at; /* of people */
    bool rows_unknown;                                                   /* of people, to the catalog */
    buf rejects, left;                                                   /* "code field held|row key value;" each */
} fixture;

static inline void write_file(const char *name, const char *text)
{
    char path[200];
    const char *why = "";
    snprintf(path, sizeof path, "%s/%s", PROFILE_FOLDER, name);
    (void)os_remove(path);
    os_out *f = os_create(path, &why);
    assert_non_null(f);
    assert_true(os_write(f, text, strlen(text), &why));
    assert_true(os_close(f, &why));
}

static inline int set_up(void **state)
{
    const char *why = "";
    fixture *x = calloc(1, sizeof *x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    x->counts = ledger_new();
    x->found = findings_new();
    x->rejects = buf_new(1 << 20);
    x->left = buf_new(1 << 20);
    if (os_exists(PROFILE_FOLDER)) folder_remove(PROFILE_FOLDER);
    assert_true(os_make_folder(PROFILE_FOLDER, &why));
    fake_init(&x->source);
    x->fatal_at = x->lost_at = x->unreadable_at = NOWHERE;
    *state = x;
    return 0;
}

static inline int tear_down(void **state)
{
    fixture *x = *state;
    sql_close(x->db);
    sql_close(x->work);
    fake_free(&x->source);
    findings_free(x->found);
    ledger_free(x->counts);
    buf_free(&x->rejects);
    buf_free(&x->left);
    arena_free(x->mem);
    free(x);
    folder_remove(PROFILE_FOLDER);
    return 0;
}

static inline void assert_wrong(fixture *x, const char *expected)
{
    buf b = buf_new(100000);
    problems_sort(&x->wrong);
    problems_text(&x->wrong, &b);
    sv text = arena_sv(x->mem, (sv){b.p ? b.p : "", b.n});
    buf_free(&b);
    assert_string_equal(text.p, expected);
}

static inline const profile *load(fixture *x, const char *yaml)
{
    write_file("profile.yaml", yaml);
    return profile_load(PROFILE_FOLDER, x->mem, &x->wrong);
}

#endif
