#include "tds/tds_failure.h"
#include <inttypes.h>
#include <stdio.h>

/* db-lib's own numbers that mean something here; the rest is told by number. */
enum {
    LIBRARY_CONNECT = 20002, /* the login was not answered by an acceptance */
    LIBRARY_TIME = 20003,
    LIBRARY_READ = 20004,
    LIBRARY_WRITE = 20006,
    LIBRARY_SOCKET = 20008,
    LIBRARY_NO_CONNECTION = 20009,
    LIBRARY_MEMORY = 20010,
    LIBRARY_NO_HOST = 20013,
    LIBRARY_PASSWORD = 20014,
    LIBRARY_SETTINGS = 20015,
    LIBRARY_END = 20017,
    LIBRARY_BAD_TOKEN = 20020,
    LIBRARY_DEAD = 20047
};

/* Errors whose words name logins, databases and objects only: other errors may quote a value. */
static bool has_plain_words(int error)
{
    static const int plain[] = {208,   229,   230,   262,   300,   911,   916,   976,   978,   983,
                                1205,  1222,  3952,  3960,  3961,  4060,  4064,  18452, 18456, 18470,
                                18486, 18487, 18488, 17892, 41332, 40532, 40613, 40615, 15006};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (plain[i] == error) return true;
    return false;
}

tds_refusal tds_refusal_of(const tds_trouble *t, bool windows_login)
{
    switch (t->server) {
    case 4060:
    case 911:
    case 916: return TDS_REFUSED_DATABASE;
    case 18486: return TDS_REFUSED_LOCKED;
    case 18487:
    case 18488: return TDS_REFUSED_EXPIRED;
    case 18452: return TDS_REFUSED_WINDOWS;
    case 18456:
    case 18470: return windows_login ? TDS_REFUSED_WINDOWS : TDS_REFUSED_LOGIN;
    case 0: break;
    default: return TDS_REFUSED_OTHER;
    }
    if (t->answered) return TDS_REFUSED_OTHER;
    switch (t->library) {
    case LIBRARY_NO_HOST: return TDS_REFUSED_HOST;
    case LIBRARY_SOCKET:
    case LIBRARY_NO_CONNECTION: return TDS_REFUSED_PORT;
    case LIBRARY_TIME: return TDS_REFUSED_PORT;
    case LIBRARY_CONNECT:
    case LIBRARY_READ:
    case LIBRARY_WRITE:
    case LIBRARY_END: return TDS_REFUSED_SILENT;
    default: return TDS_REFUSED_OTHER;
    }
}

static const char *library_words(int number)
{
    switch (number) {
    case LIBRARY_TIME: return "it did not answer in time";
    case LIBRARY_READ:
    case LIBRARY_WRITE: return "the connection broke off";
    case LIBRARY_END: return "it closed the connection";
    case LIBRARY_MEMORY: return "the machine gave no more memory";
    case LIBRARY_SETTINGS: return "no file can be written to the folder for temporary files";
    case LIBRARY_BAD_TOKEN: return "its answer is not of SQL Server's protocol";
    case LIBRARY_CONNECT: return "it ended the talk before the login";
    case LIBRARY_DEAD: return "the connection is gone";
    default: return NULL;
    }
}

const char *tds_words(const tds_trouble *t, char out[TDS_WORDS_MAX])
{
    const char *known = library_words(t->library);
    if (t->interrupted)
        snprintf(out, TDS_WORDS_MAX, "it was interrupted");
    else if (t->server && has_plain_words(t->server))
        snprintf(out, TDS_WORDS_MAX, "%.380s", t->text);
    else if (t->server)
        snprintf(out, TDS_WORDS_MAX, "error %d, state %d", t->server, t->state);
    else if (known)
        snprintf(out, TDS_WORDS_MAX, "%s", known);
    else if (t->library)
        snprintf(out, TDS_WORDS_MAX, "error %d of FreeTDS", t->library);
    else
        snprintf(out, TDS_WORDS_MAX, "its answer is not whole");
    size_t n = strlen(out); /* the sentence around it has its own full stop */
    while (n && (out[n - 1] == '.' || out[n - 1] == ' ')) out[--n] = '\0';
    return out;
}

void tds_say_lost(findings *f, const tds_trouble *t, sv path, sv table, uint64_t rows, unsigned seconds)
{
    char words[TDS_WORDS_MAX], number[32], b[TDS_WORDS_MAX + 32];
    finding x = FINDING_OF(F_TDS_ANSWER_WRONG);
    snprintf(b, sizeof b, "%s", tds_words(t, words));
    if (t->timed_out) {
        x.code = F_TDS_TIMEOUT;
        snprintf(b, sizeof b, "%u", seconds);
    } else if (t->server) {
        x.code = F_TDS_QUERY_FAILED;
        if (has_plain_words(t->server)) snprintf(b, sizeof b, "\"%s\" (error %d)", words, t->server);
    } else if (t->library != LIBRARY_BAD_TOKEN && t->library) {
        x.code = F_TDS_CUT;
    }
    snprintf(number, sizeof number, "%" PRIu64, rows);
    x.path = path;
    x.table = table;
    x.a = sv_from(number);
    x.b = sv_from(b);
    find_add(f, &x);
}
