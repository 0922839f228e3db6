#include "tds/tds_link.h"
#include "base/buf.h"
#include "base/platform.h"
#include "base/platform_remote.h"
#include <stdio.h>
#include <stdlib.h>
#include <sybdb.h>

enum {
    CONNECTIONS_MAX = 256,
    SLICE_SECONDS = 2, /* how long a wait is before an interrupt is looked for */
    TYPE_GUID = 36,    /* MS-TDS's number; db-lib hands it through, and its header has no name for it */
    SERVER_ERROR = 11  /* severities below only inform */
};

struct tds_link {
    DBPROCESS *db;
    tds_trouble trouble;
    unsigned answer_seconds, waited;
    uint64_t rows;
    bool open;   /* an answer is being read */
    bool broken; /* of no more use */
};

/* db-lib's handlers are told of a connection only after it is made, and its settings are the process's: one connection is
 * made at a time, and each thread keeps the link that it works on. */
static _Thread_local tds_link *working;
static mutex *making;

/* ---- what the library says ---- */

static int on_error(DBPROCESS *db, int severity, int number, int system, char *text, char *system_text)
{
    (void)db, (void)severity, (void)text, (void)system_text;
    tds_link *l = working;
    if (!l) return INT_CANCEL;
    if (number == SYBETIME && !l->trouble.timed_out) {
        l->waited += SLICE_SECONDS;
        l->trouble.interrupted = os_interrupted();
        if (!l->trouble.interrupted && l->waited < l->answer_seconds) return INT_CONTINUE;
        l->trouble.timed_out = !l->trouble.interrupted;
    }
    /* 20018 only says that the server's own message follows. */
    if (!l->trouble.library && number != SYBESMSG) {
        l->trouble.library = number;
        l->trouble.system = system;
    }
    return INT_CANCEL;
}

static int on_message(DBPROCESS *db, DBINT number, int state, int severity, char *text, char *server, char *procedure,
                      int line)
{
    (void)db, (void)server, (void)procedure, (void)line;
    tds_link *l = working;
    if (!l) return 0;
    l->trouble.answered = true;
    if (severity < SERVER_ERROR || l->trouble.server) return 0;
    l->trouble.server = number;
    l->trouble.state = state;
    l->trouble.severity = severity;
    snprintf(l->trouble.text, sizeof l->trouble.text, "%s", text ? text : "");
    return 0;
}

bool tds_start(void)
{
    static const char *const removed[] = {"TDSDUMP", "TDSDUMPCONFIG", "FREETDS",  "FREETDSCONF", "TDSVER",
                                          "TDSPORT", "TDSHOST",       "TDSQUERY", "DSQUERY"};
    if (making) return true;
    for (size_t i = 0; i < sizeof removed / sizeof removed[0]; i++) os_env_remove(removed[i]);
    making = mutex_new();
    if (!making) return false;
    if (dbinit() != SUCCEED) {
        mutex_free(making);
        making = NULL;
        return false;
    }
    dberrhandle(on_error);
    dbmsghandle(on_message);
    (void)dbsetmaxprocs(CONNECTIONS_MAX);
    return true;
}

/* ---- connecting ---- */

/* What db-lib has no calls for stands in a file of settings: no secret is in it. */
static bool write_settings(const tds_login *x, char *path, size_t room)
{
    static unsigned number;
    const char *why = "";
    buf b = buf_new(65536);
    os_out *f = NULL;
    for (unsigned tries = 0; !f && tries < 100; tries++) {
        snprintf(path, room, "%s/chartferry-%lu-%u.conf", x->work_folder, os_process_number(), number++);
        f = os_create(path, &why);
    }
    if (!f) return false;
    buf_printf(&b, "[chartferry]\nhost = %s\nport = %u\ntds version = 7.4\nclient charset = UTF-8\nencryption = %s\n",
               x->host, x->port, x->encryption == TDS_PLAIN ? "off" : "require");
    /* Without a file of certificates the library asks no certificate who it is. */
    if (x->encryption == TDS_CHECKED)
        buf_printf(&b, "ca file = %s\ncheck certificate hostname = yes\n",
                   x->certificates ? x->certificates : "system");
    const char *old = x->encryption == TDS_OLD ? "yes" : "no";
    buf_printf(&b, "enable tls v1 = %s\nenable tls v1.1 = %s\n", old, old);
    bool ok = !b.failed && os_write(f, b.p, b.n, &why);
    buf_free(&b);
    ok = os_close(f, &why) && ok;
    if (!ok) (void)os_remove(path);
    return ok;
}

static DBPROCESS *open_with(const tds_login *x, LOGINREC *r)
{
    char path[4096], name[] = "chartferry";
    if (!write_settings(x, path, sizeof path)) {
        working->trouble.library = SYBEOPIN;
        return NULL;
    }
    dbsetifile(path);
    (void)dbsetlogintime((int)x->connect_seconds);
    (void)dbsettime(SLICE_SECONDS);
    DBPROCESS *db = dbopen(r, name);
    (void)os_remove(path);
    return db;
}

static DBPROCESS *open_login(const tds_login *x)
{
    LOGINREC *r = dblogin();
    if (!r) {
        working->trouble.library = SYBEMEM;
        return NULL;
    }
    bool ok = DBSETLAPP(r, "chartferry") == SUCCEED && DBSETLCHARSET(r, "UTF-8") == SUCCEED;
    ok = ok && DBSETLVERSION(r, DBVERSION_74) == SUCCEED;
    if (x->user[0]) ok = ok && DBSETLUSER(r, x->user) == SUCCEED && DBSETLPWD(r, x->password) == SUCCEED;
    if (!x->user[0]) (void)DBSETLNETWORKAUTH(r, TRUE);
    if (x->database[0]) ok = ok && DBSETLDBNAME(r, x->database) == SUCCEED;
    ok = ok && DBSETLREADONLY(r, TRUE) == SUCCEED;
    if (!ok && !working->trouble.library) working->trouble.library = SYBEMEM;
    DBPROCESS *db = ok ? open_with(x, r) : NULL;
    dbloginfree(r);
    return db;
}

tds_link *tds_connect(const tds_login *login, tds_trouble *t)
{
    tds_link *l = calloc(1, sizeof *l);
    *t = (tds_trouble){.library = SYBEMEM};
    if (!l) return NULL;
    /* While it is made a wait is the connection's whole time. */
    l->answer_seconds = SLICE_SECONDS;
    mutex_lock(making);
    working = l;
    l->db = open_login(login);
    working = NULL;
    mutex_unlock(making);
    *t = l->trouble;
    if (!l->db) {
        free(l);
        return NULL;
    }
    l->answer_seconds = login->answer_seconds;
    return l;
}

void tds_link_close(tds_link *l)
{
    if (!l) return;
    working = l;
    dbclose(l->db);
    working = NULL;
    free(l);
}

/* ---- statements ---- */

bool tds_usable(const tds_link *l) { return !l->broken; }
const tds_trouble *tds_trouble_of(const tds_link *l) { return &l->trouble; }

static status lost(tds_link *l)
{
    l->broken = true;
    l->open = false;
    return ST_TABLE_LOST;
}

/* The next result that has columns; ST_END when there is none any more. */
static status next_result(tds_link *l)
{
    for (;;) {
        RETCODE r = dbresults(l->db);
        if (l->trouble.server || l->trouble.library || r == FAIL) return lost(l);
        if (r == NO_MORE_RESULTS) return ST_END;
        if (dbnumcols(l->db) > 0) return ST_OK;
    }
}

static status send(tds_link *l, const char *sql)
{
    bool answered = l->trouble.answered;
    l->trouble = (tds_trouble){.answered = answered};
    l->waited = 0;
    l->rows = 0;
    l->open = true;
    bool ok = dbcmd(l->db, sql) == SUCCEED && dbsqlexec(l->db) == SUCCEED;
    return ok && !l->trouble.server && !l->trouble.library ? ST_OK : lost(l);
}

status tds_ask(tds_link *l, const char *sql)
{
    if (l->broken) return ST_TABLE_LOST;
    working = l;
    status st = send(l, sql);
    if (st == ST_OK) st = next_result(l);
    working = NULL;
    return st == ST_END ? lost(l) : st;
}

status tds_do(tds_link *l, const char *sql)
{
    if (l->broken) return ST_TABLE_LOST;
    working = l;
    status st = send(l, sql);
    if (st == ST_OK) st = next_result(l);
    working = NULL;
    l->open = false;
    return st == ST_END ? ST_OK : lost(l);
}

size_t tds_columns(const tds_link *l) { return l->open ? (size_t)dbnumcols(l->db) : 0; }

/* The rows are over: only when the server has counted the same is the answer whole. */
static status end_of_rows(tds_link *l)
{
    bool same = dbiscount(l->db) && (uint64_t)dbcount(l->db) == l->rows;
    status st = l->trouble.server || l->trouble.library || !same ? lost(l) : next_result(l);
    l->open = false;
    if (st == ST_OK) return lost(l); /* more rows than were asked for */
    return st;
}

status tds_row(tds_link *l)
{
    if (l->broken) return ST_TABLE_LOST;
    if (!l->open) return ST_END;
    l->waited = 0;
    working = l;
    STATUS r = dbnextrow(l->db);
    status st;
    if (r == REG_ROW) {
        l->rows++;
        st = ST_OK;
    } else
        st = r == NO_MORE_ROWS ? end_of_rows(l) : lost(l);
    working = NULL;
    return st;
}

bool tds_cancel(tds_link *l)
{
    if (l->broken) return false;
    working = l;
    if (l->open && dbcancel(l->db) != SUCCEED) l->broken = true;
    if (l->trouble.library || DBDEAD(l->db)) l->broken = true;
    working = NULL;
    l->open = false;
    return !l->broken;
}

/* ---- columns ---- */

static tds_form form_of(int type, size_t n)
{
    switch (type) {
    case SYBINT1: return n == 1 ? TDS_INTEGER : TDS_OTHER;
    case SYBINT2: return n == 2 ? TDS_INTEGER : TDS_OTHER;
    case SYBINT4: return n == 4 ? TDS_INTEGER : TDS_OTHER;
    case SYBINT8: return n == 8 ? TDS_INTEGER : TDS_OTHER;
    case SYBBIT: return n == 1 ? TDS_BIT : TDS_OTHER;
    case SYBREAL: return n == 4 ? TDS_FLOAT : TDS_OTHER;
    case SYBFLT8: return n == 8 ? TDS_FLOAT : TDS_OTHER;
    case SYBMONEY4: return n == 4 ? TDS_MONEY : TDS_OTHER;
    case SYBMONEY: return n == 8 ? TDS_MONEY : TDS_OTHER;
    case SYBDATETIME4: return n == 4 ? TDS_DATETIME : TDS_OTHER;
    case SYBDATETIME: return n == 8 ? TDS_DATETIME : TDS_OTHER;
    case SYBNUMERIC:
    case SYBDECIMAL: return n == sizeof(DBNUMERIC) ? TDS_NUMERIC : TDS_OTHER;
    case SYBMSDATE:
    case SYBMSTIME:
    case SYBMSDATETIME2:
    case SYBMSDATETIMEOFFSET: return n == sizeof(DBDATETIMEALL) ? TDS_MOMENT : TDS_OTHER;
    case TYPE_GUID: return n == 16 ? TDS_GUID : TDS_OTHER;
    case SYBBINARY:
    case SYBVARBINARY:
    case SYBIMAGE: return TDS_BYTES;
    default: return TDS_OTHER;
    }
}

tds_form tds_column(tds_link *l, size_t i, sv *bytes)
{
    *bytes = (sv){"", 0};
    if (i >= tds_columns(l)) return TDS_OTHER;
    working = l;
    const int at = (int)i + 1, type = dbcoltype(l->db, at);
    const DBINT n = dbdatlen(l->db, at);
    const BYTE *p = dbdata(l->db, at);
    working = NULL;
    if (!p) return n > 0 ? TDS_OTHER : TDS_NULL; /* a value of no bytes has an address all the same */
    if (n < 0) return TDS_OTHER;
    *bytes = (sv){(const char *)p, (size_t)n};
    return form_of(type, (size_t)n);
}

tds_numeric tds_numeric_of(sv bytes)
{
    enum { PRECISION_MAX = 38 };
    /* Bytes of sign and magnitude by precision, as db-lib lays them out: the highest first. */
    static const uint8_t length[PRECISION_MAX + 1] = {0,  2,  2,  3,  3,  4,  4,  4,  5,  5,  6,  6,  6,
                                                      7,  7,  8,  8,  9,  9,  9,  10, 10, 11, 11, 11, 12,
                                                      12, 13, 13, 14, 14, 14, 15, 15, 16, 16, 16, 17, 17};
    DBNUMERIC x;
    memcpy(&x, bytes.p, sizeof x);
    tds_numeric out = {.precision = x.precision, .scale = x.scale, .negative = x.array[0] != 0};
    out.fits = x.precision >= 1 && x.precision <= PRECISION_MAX && x.scale <= x.precision;
    for (size_t i = 1; out.fits && i < length[x.precision]; i++) {
        out.hi = out.hi << 8 | out.lo >> 56;
        out.lo = out.lo << 8 | x.array[i];
    }
    return out;
}

tds_moment tds_moment_of(sv bytes)
{
    DBDATETIMEALL x;
    memcpy(&x, bytes.p, sizeof x);
    return (tds_moment){x.time, x.date, x.offset};
}
