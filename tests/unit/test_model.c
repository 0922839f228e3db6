/* The canonical model and the keys of its records. */
#include "model/model.h"
#include "testing.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void names_are_unique_and_references_have_targets(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        assert_ptr_equal(model_entity_named(sv_from(e->name)), e);
        for (size_t k = 0; k < i; k++) assert_string_not_equal(model_entity_at(k)->letters, e->letters);
        for (size_t k = 0; k < e->fields; k++) {
            const model_field *f = &e->field[k];
            assert_ptr_equal(model_field_named(e, sv_from(f->name)), f);
            assert_true(strlen(f->meaning) > 0);
            if (f->type == FIELD_REFERENCE) assert_non_null(model_entity_named(sv_from(f->target)));
            if (f->type == FIELD_ENUM) assert_true(strlen(f->values) > 0);
        }
    }
    assert_null(model_entity_named(SV_LIT("nobody")));
}

/* Staging brings entities that others cannot be without first: that must have a beginning. */
static void required_references_make_no_ring(void **state)
{
    bool done[64] = {false};
    size_t left = model_entities(), before = left + 1;
    (void)state;
    assert_true(left <= 64);
    while (left && left < before) {
        before = left;
        for (size_t i = 0; i < model_entities(); i++) {
            const model_entity *e = model_entity_at(i);
            bool waits = done[i];
            for (size_t k = 0; k < e->fields; k++) {
                const model_field *f = &e->field[k];
                if (f->type != FIELD_REFERENCE || !f->required) continue;
                waits = waits || !done[model_entity_named(sv_from(f->target)) - model_entity_at(0)];
            }
            if (waits) continue;
            done[i] = true;
            left--;
        }
    }
    assert_int_equal(left, 0);
}

static void assert_key(const char *src_key, const char *expected)
{
    buf b = buf_new(1000);
    assert_true(model_source_key(SV_LIT("PP"), model_entity_named(SV_LIT("patient")), sv_from(src_key), &b));
    buf_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void keys_are_readable_and_safe(void **state)
{
    (void)state;
    assert_key("1042", "PP-PAT-1042");
    assert_key("AB-7", "PP-PAT-AB-7");
    assert_key("ab", "PP-PAT-.a.b");
    assert_key("1/2 x_.", "PP-PAT-1_2F2_20.x_5F_2E");
    assert_key("\xC3\xBC", "PP-PAT-_C3_BC");
}

static void an_empty_key_is_none(void **state)
{
    (void)state;
    buf b = buf_new(100);
    assert_false(model_source_key(SV_LIT("PP"), model_entity_at(0), SV_LIT(""), &b));
    assert_int_equal(b.n, 0);
}

/* The inverse of the escape: what a person with the bundle and no program would do. */
static size_t read_back(sv key, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] == '.')
            out[n++] = key.p[++i];
        else if (key.p[i] == '_') {
            char hex[3] = {key.p[i + 1], key.p[i + 2], 0};
            out[n++] = (char)strtol(hex, NULL, 16);
            i += 2;
        } else
            out[n++] = key.p[i];
    }
    return n;
}

static void short_keys_read_back_and_none_differ_only_by_case(void **state)
{
    enum { KEYS = 3000 };
    static char folded[KEYS][MODEL_KEY_MAX + 1], source[KEYS][16];
    static size_t source_n[KEYS];
    uint32_t seed = 1;
    (void)state;
    for (size_t k = 0; k < KEYS; k++) {
        source_n[k] = 1 + (seed >> 8) % 9;
        for (size_t i = 0; i < source_n[k]; i++) {
            seed = seed * 1664525u + 1013904223u;
            source[k][i] = (char)("abAB01-_. \xC3/"[(seed >> 16) % 12]);
        }
        buf b = buf_new(1000);
        assert_true(
            model_source_key(SV_LIT("HO"), model_entity_named(SV_LIT("patient")), (sv){source[k], source_n[k]}, &b));
        assert_true(b.n <= MODEL_KEY_MAX);
        char back[64];
        size_t n = read_back((sv){b.p + 7, b.n - 7}, back);
        assert_int_equal(n, source_n[k]);
        assert_memory_equal(back, source[k], n);
        for (size_t i = 0; i < b.n; i++) folded[k][i] = (char)tolower((unsigned char)b.p[i]);
        folded[k][b.n] = 0;
        for (size_t i = 0; i < k; i++)
            if (strcmp(folded[i], folded[k]) == 0) {
                assert_int_equal(source_n[i], source_n[k]);
                assert_memory_equal(source[i], source[k], source_n[k]);
            }
        buf_free(&b);
    }
}

static void long_keys_are_cut_and_stay_apart(void **state)
{
    char a[201], b[201];
    buf x = buf_new(1000), y = buf_new(1000);
    (void)state;
    memset(a, 'A', sizeof a);
    memcpy(b, a, sizeof b);
    b[200] = 'B';
    assert_true(model_source_key(SV_LIT("PP"), model_entity_at(0), (sv){a, sizeof a}, &x));
    assert_true(model_source_key(SV_LIT("PP"), model_entity_at(0), (sv){b, sizeof b}, &y));
    assert_int_equal(x.n, MODEL_KEY_MAX);
    assert_int_equal(y.n, MODEL_KEY_MAX);
    assert_memory_not_equal(x.p, y.p, MODEL_KEY_MAX);
    buf_free(&x);
    buf_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_unique_and_references_have_targets),
        cmocka_unit_test(required_references_make_no_ring),
        cmocka_unit_test(keys_are_readable_and_safe),
        cmocka_unit_test(an_empty_key_is_none),
        cmocka_unit_test(short_keys_read_back_and_none_differ_only_by_case),
        cmocka_unit_test(long_keys_are_cut_and_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
