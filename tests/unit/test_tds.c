/* Addresses of servers; what SQL Server Browser answers; collations by name; sql_variant by its parts. What goes over a connection is
 * tested by tests/tds. */
#include "base/utf.h"
#include "source/server_address.h"
#include "source/value_text.h"
#include "sqltype/sqltype.h"
#ifdef CHARTFERRY_TDS
#include "tds/tds_browser.h"
#include "tds/tds_cell.h"
#endif
// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

static void assert_sv(sv got, const char *wanted)
{
    assert_int_equal(got.n, strlen(wanted));
    assert_true(got.n == 0 || memcmp(got.p, wanted, got.n) == 0);
}

static void addresses(void **state)
{
    (void)state;
    static const struct {
        const char *text, *user, *host, *instance, *database;
        unsigned port;
    } good[] = {
        {"mssql://srv/db", "", "srv", "", "db", 0},
        {"MsSql://sa@srv:1444/my%20db", "sa", "srv", "", "my db", 1444},
        {"mssql://DOM\\me@srv\\EXPRESS/db", "DOM\\me", "srv", "EXPRESS", "db", 0},
        {"mssql://me@home@srv.local\\MSSQLSERVER/db", "me@home", "srv.local", "", "db", 0},
        {"mssql://srv%5CX:99/a/b", "", "srv", "X", "a/b", 99},
        {"mssql://[::1]:1433/db", "", "::1", "", "db", 1433},
        {"mssql://srv\\X:99/%5Bdb%5D", "", "srv", "X", "[db]", 99},
    };
    static const char *const bad[] = {"mssql://",       "mssql:///db",        "mssql://srv",      "mssql://srv/",
                                      "mssql://@srv/d", "mssql://srv:/d",     "mssql://srv:0/d",  "mssql://srv:65536/d",
                                      "mssql://s;r/d",  "mssql://srv\\/d",    "mssql://srv/%0Ad", "mssql://srv/%4",
                                      "mssql://[::1/d", "mssql://srv\\a,b/d", "mssql://srv:1x/d", "mssql://s\nr/d"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        arena *mem = arena_new(0);
        server_address a;
        assert_null(server_address_read(sv_from(good[i].text), mem, &a));
        assert_sv(a.user, good[i].user);
        assert_sv(a.host, good[i].host);
        assert_sv(a.instance, good[i].instance);
        assert_sv(a.database, good[i].database);
        assert_int_equal(a.port, good[i].port);
        arena_free(mem);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        arena *mem = arena_new(0);
        server_address a;
        assert_non_null(server_address_read(sv_from(bad[i]), mem, &a));
        arena_free(mem);
    }
    assert_true(server_address_has_password(SV_LIT("mssql://u:p@h/d")));
    assert_true(server_address_has_password(SV_LIT("mssql://u:p@ss/w@h/d")) ||
                server_address_has_password(SV_LIT("mssql://u:p@ss@h/d")));
    assert_false(server_address_has_password(SV_LIT("mssql://u@h:1/d:@")));
    assert_false(server_address_has_password(SV_LIT("C:/u:p@h/d")));
    assert_false(server_is_address(SV_LIT("mssql:/")));
}

static void collations(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t id;
        unsigned codepage;
    } known[] = {{"SQL_Latin1_General_CP1_CI_AS", 0x3400D008, 1252},
                 {"Latin1_General_CI_AS", 0x0000D008, 1252},
                 {"Turkish_CI_AS", 0x0000D01A, 1254},
                 {"Latin1_General_BIN2", 0x00000808, 1252},
                 {"Latin1_General_100_CI_AS_SC_UTF8", 0x0004D188, 65001}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(collation_of_name(sv_from(known[i].name)), known[i].id);
        assert_int_equal(collation_codepage(known[i].id), known[i].codepage);
    }
    /* Each name that an id has leads back to it. */
    arena *mem = arena_new(0);
    for (uint32_t id = 0; id < 0x100; id++) {
        const uint32_t c = 0xD000 | id;
        const sv name = collation_describe(c, mem);
        if (sv_starts(name, SV_LIT("0x"))) continue;
        assert_int_equal(collation_of_name(name), c);
    }
    arena_free(mem);
}

#ifdef CHARTFERRY_TDS
static void browser(void **state)
{
    (void)state;
    static const char list[] = "ServerName;S;InstanceName;A;IsClustered;No;Version;9.0;np;\\\\S\\pipe;;"
                               "ServerName;S;InstanceName;B;Version;15.0;tcp;49172;;";
    char packet[512] = {5};
    arena *mem = arena_new(0);
    unsigned port;
    sv others;
    packet[1] = (char)(sizeof list - 1);
    memcpy(packet + 3, list, sizeof list - 1);
    for (size_t cut = 0; cut <= sizeof list + 2; cut++) /* whatever of it comes */
        (void)tds_browser_answer((sv){packet, cut}, SV_LIT("b"), mem, &port, &others);
    const sv whole = {packet, sizeof list + 2};
    assert_int_equal(tds_browser_answer(whole, SV_LIT("b"), mem, &port, &others), TDS_FOUND);
    assert_int_equal(port, 49172);
    assert_int_equal(tds_browser_answer(whole, SV_LIT("A"), mem, &port, &others), TDS_NOT_OVER_TCP);
    assert_int_equal(tds_browser_answer(whole, SV_LIT("C"), mem, &port, &others), TDS_UNKNOWN);
    assert_sv(others, "A, B");
    packet[0] = 4;
    assert_int_equal(tds_browser_answer(whole, SV_LIT("B"), mem, &port, &others), TDS_SILENT);
    arena_free(mem);
}

static void variants(void **state)
{
    (void)state;
    static const struct {
        const char *base;
        int64_t precision, scale, page;
        const char *bytes;
        size_t n;
        const char *text; /* NULL: none */
    } cases[] = {{"int", 10, 0, 0, "\xFF\xFF\xFF\xFB", 4, "-5"},
                 {"int", 10, 0, 0, "\xFF\xFF\xFB", 3, NULL},
                 {"decimal", 5, 2, 0, "\x05\x02\x00\x01\x39\x30\x00\x00", 8, "123.45"},
                 {"decimal", 5, 2, 0, "\x06\x02\x00\x01\x39\x30\x00\x00", 8, NULL},
                 {"decimal", 5, 2, 0, "\x05\x02\x00", 3, NULL},
                 {"date", 10, 0, 0, "\x07\x24\x0B", 3, "2000-01-01"},
                 {"time", 8, 0, 0, "\x00\x01\x00\x00", 4, "00:00:01"},
                 {"time", 8, 1, 0, "\x00\x01\x00\x00", 4, NULL},
                 {"time", 8, 200, 0, "", 0, NULL},
                 {"varchar", 0, 0, 1254, "\xFE", 1, "\xC5\x9F"},
                 {"varchar", 0, 0, 1, "\xFE", 1, NULL},
                 {"nvarchar", 0, 0, 0, "a\0b", 3, NULL},
                 {"nonsense", 0, 0, 0, "a", 1, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        arena *mem = arena_new(0);
        buf text = buf_new(1000);
        sqltype_notes notes = {0};
        value v;
        const bool ok = tds_variant(sv_from(cases[i].base), cases[i].precision, cases[i].scale, cases[i].page,
                                    (sv){cases[i].bytes, cases[i].n}, mem, &v, &notes);
        assert_int_equal(ok, cases[i].text != NULL);
        if (ok) {
            value_text(&v, &text);
            assert_sv(buf_view(&text), cases[i].text);
        }
        buf_free(&text);
        arena_free(mem);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses), cmocka_unit_test(collations),
#ifdef CHARTFERRY_TDS
                                       cmocka_unit_test(browser), cmocka_unit_test(variants)
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
