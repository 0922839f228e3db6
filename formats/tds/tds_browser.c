#include "tds/tds_browser.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/platform_remote.h"

enum { WAIT_MS = 3000, DATAGRAM_MAX = 65536, OTHERS_MAX = 400 };

/* The next part of "name;value;name;value;;". */
static sv next_part(sv *rest)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ';') n++;
    sv part = {rest->p, n};
    size_t used = n < rest->n ? n + 1 : n;
    *rest = (sv){rest->p + used, rest->n - used};
    return part;
}

static unsigned port_of(sv s)
{
    unsigned x = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || i == 5) return 0;
        x = x * 10 + (unsigned)(s.p[i] - '0');
    }
    return x <= 65535 ? x : 0;
}

typedef struct listed {
    sv name;
    unsigned port;
} listed;

/* One instance: pairs up to an empty name. False at the end. */
static bool next_instance(sv *rest, listed *out)
{
    *out = (listed){{NULL, 0}, 0};
    while (rest->n) {
        sv name = next_part(rest);
        if (!name.n) {
            if (out->name.n) return true;
            continue;
        }
        sv value = next_part(rest);
        if (sv_eq_nocase(name, SV_LIT("InstanceName"))) out->name = value;
        if (sv_eq_nocase(name, SV_LIT("tcp"))) out->port = port_of(value);
    }
    return out->name.n != 0;
}

static void add_name(buf *b, sv name)
{
    if (b->n + name.n > OTHERS_MAX) return;
    if (b->n) buf_str(b, ", ");
    for (size_t i = 0; i < name.n; i++) buf_char(b, (unsigned char)name.p[i] < 32 ? '?' : name.p[i]);
}

tds_browsed tds_browser_answer(sv datagram, sv instance, arena *mem, unsigned *port, sv *others)
{
    enum { HEAD = 3, MARK = 5 };
    const uint8_t *p = (const uint8_t *)datagram.p;
    listed x;
    *port = 0;
    *others = (sv){NULL, 0};
    if (datagram.n < HEAD || p[0] != MARK) return TDS_SILENT;
    size_t n = le16(p + 1);
    sv rest = {datagram.p + HEAD, datagram.n - HEAD < n ? datagram.n - HEAD : n};
    buf names = buf_new(2 * OTHERS_MAX);
    tds_browsed r = TDS_UNKNOWN;
    while (r == TDS_UNKNOWN && next_instance(&rest, &x)) {
        if (sv_eq_nocase(x.name, instance)) {
            *port = x.port;
            r = x.port ? TDS_FOUND : TDS_NOT_OVER_TCP;
        } else
            add_name(&names, x.name);
    }
    if (r == TDS_UNKNOWN) *others = arena_sv(mem, buf_view(&names));
    buf_free(&names);
    return r;
}

tds_browsed tds_browse(sv host, sv instance, arena *mem, unsigned *port, sv *others)
{
    size_t got = 0;
    char *room = arena_alloc(mem, DATAGRAM_MAX);
    if (!room) return TDS_SILENT;
    /* 3: all instances of this computer. */
    switch (os_ask_datagram(host.p, TDS_BROWSER_PORT, SV_LIT("\x03"), WAIT_MS, room, DATAGRAM_MAX, &got)) {
    case OS_NO_HOST: return TDS_NO_HOST;
    case OS_SILENT: return TDS_SILENT;
    case OS_ANSWERED: break;
    }
    return tds_browser_answer((sv){room, got}, instance, mem, port, others);
}
