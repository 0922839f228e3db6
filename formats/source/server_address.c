#include "source/server_address.h"

/* SQL Server's names have at most 128 characters; nothing in an address is longer. */
enum { PART_MAX = 512, PORT_MAX = 65535 };

#define SCHEME "mssql://"

bool server_is_address(sv text)
{
    const size_t n = sizeof SCHEME - 1;
    return text.n >= n && sv_eq_nocase((sv){text.p, n}, SV_LIT(SCHEME));
}

/* ---- pieces ---- */

static size_t find(sv s, char c)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == c) return i;
    return s.n;
}

/* The part before the database; *rest is what stands behind the slash, NULL without one. */
static sv authority(sv text, sv *rest)
{
    const size_t n = sizeof SCHEME - 1;
    sv s = {text.p + n, text.n - n};
    size_t slash = find(s, '/');
    *rest = slash < s.n ? (sv){s.p + slash + 1, s.n - slash - 1} : (sv){NULL, 0};
    return (sv){s.p, slash};
}

/* A user name may hold an @, a host cannot: the last one parts them. */
static size_t last_at(sv s)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '@') return i - 1;
    return s.n;
}

bool server_address_has_password(sv text)
{
    sv rest;
    if (!server_is_address(text)) return false;
    sv before = authority(text, &rest);
    size_t at = last_at(before);
    return at < before.n && find((sv){before.p, at}, ':') < at;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* {NULL, 0}: too long, a wrong %XX, or a control character. */
static sv decoded(sv s, arena *mem)
{
    char out[PART_MAX];
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int high = i + 2 < s.n ? hex(s.p[i + 1]) : -1, low = high >= 0 ? hex(s.p[i + 2]) : -1;
            if (low < 0) return (sv){NULL, 0};
            c = (char)(high * 16 + low);
            i += 2;
        }
        if ((unsigned char)c < 32 || c == 127 || n == sizeof out) return (sv){NULL, 0};
        out[n++] = c;
    }
    return arena_sv(mem, (sv){out, n});
}

static bool port_of(sv s, unsigned *out)
{
    unsigned x = 0;
    if (s.n == 0 || s.n > 5) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        x = x * 10 + (unsigned)(s.p[i] - '0');
    }
    *out = x;
    return x >= 1 && x <= PORT_MAX;
}

/* What a name or an address of a computer is made of; it stands in a file of settings, so nothing else may. */
static bool is_host(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 128;
        if (!letter && c != '.' && c != '-' && c != '_' && c != ':') return false;
    }
    return s.n > 0;
}

static bool is_instance(sv s)
{
    enum { INSTANCE_MAX = 16 };
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == '\\' || c == '/' || c == ';' || c == ',' || c == '@') return false;
    }
    return s.n > 0 && s.n <= INSTANCE_MAX;
}

/* ---- the whole ---- */

static const char *read_host(sv s, arena *mem, server_address *out)
{
    size_t end;
    if (s.n && s.p[0] == '[') { /* IPv6 */
        end = find(s, ']');
        if (end == s.n) return "a [ in it has no ]";
        out->host = arena_sv(mem, (sv){s.p + 1, end - 1});
        end++;
    } else {
        end = find(s, '\\');
        if (end == s.n) end = find(s, ':');
        out->host = decoded((sv){s.p, end}, mem);
    }
    sv rest = {s.p + end, s.n - end};
    if (!out->host.n) return "it names no server";
    if (rest.n && rest.p[0] == '\\') {
        size_t colon = find(rest, ':');
        out->instance = decoded((sv){rest.p + 1, colon - 1}, mem);
        if (!out->instance.n) return "behind \\ no instance is named";
        rest = (sv){rest.p + colon, rest.n - colon};
    }
    if (rest.n && (rest.p[0] != ':' || !port_of((sv){rest.p + 1, rest.n - 1}, &out->port)))
        return "behind the server stands no port from 1 to 65535";
    return NULL;
}

/* host%5Cinstance, for shells that take a backslash for their own. */
static void split_instance(arena *mem, server_address *out)
{
    size_t cut = find(out->host, '\\');
    if (cut == out->host.n || out->instance.n) return;
    out->instance = arena_sv(mem, (sv){out->host.p + cut + 1, out->host.n - cut - 1});
    out->host = arena_sv(mem, (sv){out->host.p, cut});
}

const char *server_address_read(sv text, arena *mem, server_address *out)
{
    sv database, before = authority(text, &database);
    *out = (server_address){0};
    size_t at = last_at(before);
    if (at < before.n) {
        out->user = decoded((sv){before.p, at}, mem);
        if (!out->user.n) return "before the @ no user is named";
        before = (sv){before.p + at + 1, before.n - at - 1};
    }
    const char *wrong = read_host(before, mem, out);
    if (wrong) return wrong;
    split_instance(mem, out);
    if (!is_host(out->host)) return "the name of the server holds a character that no such name has";
    if (out->instance.n && !is_instance(out->instance)) return "no instance of SQL Server has such a name";
    out->database = decoded(database, mem);
    if (!out->database.n) return "it names no database";
    if (sv_eq_nocase(out->instance, SV_LIT("MSSQLSERVER"))) out->instance = (sv){NULL, 0}; /* the default one's name */
    if (out->instance.n)
        out->place =
            arena_printf(mem, "%.*s\\%.*s", (int)out->host.n, out->host.p, (int)out->instance.n, out->instance.p);
    else if (out->port)
        out->place = arena_printf(mem, "%.*s:%u", (int)out->host.n, out->host.p, out->port);
    else
        out->place = out->host;
    return out->place.p ? NULL : "memory is out";
}
