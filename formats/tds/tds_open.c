/* Connecting, and what to tell people where that fails. */
#include "tds/tds_browser.h"
#include "tds/tds_failure.h"
#include "tds/tds_internal.h"
#include <stdio.h>

enum { DEFAULT_PORT = 1433, LISTED_BYTES_MAX = 400 };

static void say(const tds_source *s, finding_code code, sv a, sv b)
{
    finding x = FINDING_OF(code);
    x.path = s->path;
    x.a = a;
    x.b = b;
    find_add(s->found, &x);
}

/* ---- the port ---- */

static bool find_port(tds_source *s)
{
    sv others;
    if (s->login.port) return true;
    if (!s->address.instance.n) {
        s->login.port = DEFAULT_PORT;
        return true;
    }
    switch (tds_browse(s->address.host, s->address.instance, s->mem, &s->login.port, &others)) {
    case TDS_FOUND: return true;
    case TDS_NO_HOST: say(s, F_TDS_HOST_UNKNOWN, s->address.host, (sv){NULL, 0}); break;
    case TDS_SILENT: say(s, F_TDS_BROWSER_SILENT, s->address.host, s->address.place); break;
    case TDS_UNKNOWN: say(s, F_TDS_INSTANCE_UNKNOWN, others.n ? others : SV_LIT("none"), (sv){NULL, 0}); break;
    case TDS_NOT_OVER_TCP: say(s, F_TDS_INSTANCE_NO_TCP, (sv){NULL, 0}, (sv){NULL, 0}); break;
    }
    return false;
}

/* ---- why the server ended the talk before the login ---- */

/* Asks again in another way, with a name that nobody has and no password: whether the server then answers at all. */
static bool answers(const tds_source *s, tds_encryption e)
{
    tds_login x = s->login;
    tds_trouble t;
    x.encryption = e;
    x.user = "chartferry-diagnosis";
    x.password = "";
    x.database = "";
    tds_link_close(tds_connect(&x, &t));
    return t.answered;
}

static void say_silent(tds_source *s, const tds_trouble *t)
{
    char words[TDS_WORDS_MAX];
    const tds_encryption used = s->login.encryption;
    const bool windows = s->login.user[0] == '\0';
    const sv vouching = s->login.certificates ? sv_from(s->login.certificates) : SV_LIT("this computer");
    const bool good = answers(s, used); /* the connection is: it is the login that could not even be tried */
    if (good && windows)
        say(s, F_TDS_WINDOWS_LOGIN, SV_LIT("no ticket of Kerberos, or of Windows, was there to show it"),
            sv_from("20002"));
    else if (good)
        say(s, F_TDS_CONNECT_FAILED, sv_from(tds_words(t, words)), (sv){NULL, 0});
    else if (used == TDS_CHECKED && answers(s, TDS_UNCHECKED))
        say(s, F_TDS_CERTIFICATE, vouching, (sv){NULL, 0});
    else if (used <= TDS_UNCHECKED && answers(s, TDS_OLD))
        say(s, F_TDS_TLS_OLD, (sv){NULL, 0}, (sv){NULL, 0});
    else if (used != TDS_PLAIN && answers(s, TDS_PLAIN))
        say(s, F_TDS_NO_TLS, (sv){NULL, 0}, (sv){NULL, 0});
    else
        say(s, F_TDS_CONNECT_FAILED, sv_from(tds_words(t, words)), (sv){NULL, 0});
}

/* ---- databases that there are ---- */

static void list_databases(tds_source *s, buf *out)
{
    static const sqltype utf16 = {.xtype = XT_NVARCHAR};
    tds_login x = s->login;
    tds_trouble t;
    x.database = "";
    tds_link *l = tds_connect(&x, &t);
    bool more =
        l && tds_ask(l, "SELECT CAST(CAST(d.name AS nvarchar(260)) AS varbinary(520)) AS name FROM sys.databases AS "
                        "d WHERE HAS_DBACCESS(d.name) = 1 AND d.database_id > 4 ORDER BY d.name") == ST_OK;
    while (more && tds_row(l) == ST_OK) {
        sqltype_notes notes = {0};
        value v;
        sv bytes;
        if (tds_column(l, 0, &bytes) != TDS_BYTES || !sqltype_decode(&utf16, bytes, s->mem, &v, &notes)) break;
        if (out->n + v.as.text.n > LISTED_BYTES_MAX) {
            buf_str(out, " ...");
            break;
        }
        if (out->n) buf_str(out, ", ");
        buf_sv(out, v.as.text);
    }
    if (!out->n) buf_str(out, "none");
    tds_link_close(l);
}

static void say_database(tds_source *s, const tds_trouble *t)
{
    char number[32];
    buf names = buf_new(4096);
    snprintf(number, sizeof number, "error %d", t->server);
    list_databases(s, &names);
    say(s, F_TDS_DATABASE_WRONG, buf_view(&names), sv_from(number));
    buf_free(&names);
}

/* ---- all of it ---- */

static void say_refusal(tds_source *s, const tds_trouble *t)
{
    char words[TDS_WORDS_MAX], number[32];
    tds_words(t, words);
    snprintf(number, sizeof number, "%d", t->server);
    const sv a = sv_from(words), b = sv_from(number), none = {NULL, 0};
    switch (tds_refusal_of(t, s->login.user[0] == '\0')) {
    case TDS_REFUSED_HOST: say(s, F_TDS_HOST_UNKNOWN, s->address.host, none); break;
    case TDS_REFUSED_PORT:
        snprintf(number, sizeof number, "%u", s->login.port);
        say(s, F_TDS_NO_ANSWER, s->address.host, sv_from(number));
        break;
    case TDS_REFUSED_SILENT: say_silent(s, t); break;
    case TDS_REFUSED_LOGIN: say(s, F_TDS_LOGIN_FAILED, a, b); break;
    case TDS_REFUSED_LOCKED: say(s, F_TDS_LOGIN_LOCKED, a, b); break;
    case TDS_REFUSED_EXPIRED: say(s, F_TDS_PASSWORD_EXPIRED, a, b); break;
    case TDS_REFUSED_WINDOWS: say(s, F_TDS_WINDOWS_LOGIN, a, b); break;
    case TDS_REFUSED_DATABASE: say_database(s, t); break;
    case TDS_REFUSED_OTHER: say(s, F_TDS_CONNECT_FAILED, a, none); break;
    }
}

/* What every session is set to: values whole, messages in one language, and in the practice's way as little as can be. */
static const char session[] = "SET TEXTSIZE 2147483647; SET ROWCOUNT 0; SET NOCOUNT OFF; SET LANGUAGE us_english; "
                              "SET ANSI_NULLS ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON; SET ARITHABORT ON; "
                              "SET CONCAT_NULL_YIELDS_NULL ON; SET NUMERIC_ROUNDABORT OFF; SET QUOTED_IDENTIFIER ON; "
                              "SET XACT_ABORT ON; SET DEADLOCK_PRIORITY LOW; SET IMPLICIT_TRANSACTIONS OFF";

tds_link *tds_open_link(tds_source *s)
{
    tds_trouble t;
    if (!find_port(s)) return NULL;
    tds_link *l = tds_connect(&s->login, &t);
    if (!l) {
        say_refusal(s, &t);
        return NULL;
    }
    if (tds_do(l, session) == ST_OK) return l;
    char words[TDS_WORDS_MAX];
    say(s, F_TDS_CONNECT_FAILED, sv_from(tds_words(tds_trouble_of(l), words)), (sv){NULL, 0});
    tds_link_close(l);
    return NULL;
}
