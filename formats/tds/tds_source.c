#include "tds/tds_source.h"
#include "base/platform_remote.h"
#include "tds/tds_internal.h"
#include <stdlib.h>

enum { KEYS_BYTES_MAX = 128 << 20, ANSWER_SECONDS = 120, CONNECT_SECONDS = 20 };

static int tds_bid(const probe *p) { return server_is_address(p->path) ? 100 : 0; }

static void tds_close(row_source *source)
{
    tds_source *s = (tds_source *)source;
    if (!s) return;
    tds_pool_end(s);
    if (s->password) {
        os_forget(s->password, strlen(s->password));
        free(s->password);
    }
    mutex_free(s->lock);
    mutex_free(s->beginning);
    arena_free(s->keys);
    arena_free(s->mem);
    free(s->key);
    free(s);
}

static bool say(const tds_source *s, finding_code code, sv a) { return find_at(s->found, code, s->path, a); }

static tds_source *new_source(const open_args *a, findings *f)
{
    tds_source *s = calloc(1, sizeof *s);
    if (s) *s = (tds_source){.base = {&tds_ops}, .found = f, .mem = arena_new(0), .keys = arena_new(KEYS_BYTES_MAX)};
    if (s) s->lock = mutex_new();
    if (s) s->beginning = mutex_new();
    if (s && s->mem) s->path = arena_sv(s->mem, byte_source_path(a->file[0]));
    if (s && s->mem && s->keys && s->lock && s->beginning && s->path.p && tds_start()) return s;
    find_code(f, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
    tds_close(s ? &s->base : NULL);
    return NULL;
}

/* ---- the login ---- */

static bool ask_password(tds_source *s, const server_access *x)
{
    enum { PASSWORD_MAX = 1024 };
    buf b = buf_new(PASSWORD_MAX);
    bool ok = x->password && x->password(x->ctx, s->address.user, s->address.place, &b);
    if (!x->password) say(s, F_TDS_NO_PASSWORD, s->address.user);
    if (ok) {
        buf_char(&b, '\0');
        ok = !b.failed && (s->password = malloc(b.n)) != NULL;
        if (ok) memcpy(s->password, b.p, b.n);
        if (!ok) find_code(s->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
    }
    if (b.p) os_forget(b.p, b.room);
    buf_free(&b);
    return ok;
}

static const char *encryption_name(server_encryption e)
{
    static const char *const names[] = {"checked", "unchecked", "old", "none"};
    return names[e];
}

static void say_encryption(const tds_source *s, server_encryption e)
{
    static const char *const what[] = {"", "encrypted, but with whoever answered there",
                                       "encrypted in a way that is no longer safe, with whoever answered there",
                                       "whoever is in the network could read the login and every record"};
    finding x = FINDING_OF(F_TDS_ENCRYPTION);
    x.path = s->path;
    x.a = sv_from(encryption_name(e));
    x.b = sv_from(what[e]);
    if (e != SERVER_CHECKED) find_add(s->found, &x);
}

static bool prepare(tds_source *s, const open_args *a)
{
    static const tds_encryption encryption[] = {TDS_CHECKED, TDS_UNCHECKED, TDS_OLD, TDS_PLAIN};
    static const server_access none = {0};
    const server_access *x = a->server ? a->server : &none;
    if (a->files > 1) return say(s, F_TDS_WITH_FILES, (sv){NULL, 0});
    const char *wrong = server_address_has_password(s->path) ? "a password has no place in it"
                                                             : server_address_read(s->path, s->mem, &s->address);
    if (wrong) return say(s, F_TDS_ADDRESS, sv_from(wrong));
    if (s->address.user.n && !ask_password(s, x)) return false;
    s->login = (tds_login){.host = s->address.host.p,
                           .port = s->address.port,
                           .database = s->address.database.p,
                           .user = s->address.user.n ? s->address.user.p : "",
                           .password = s->password ? s->password : "",
                           .encryption = encryption[x->encryption],
                           .certificates = x->certificates,
                           .work_folder = x->work_folder ? x->work_folder : os_temp_folder(),
                           .connect_seconds = CONNECT_SECONDS,
                           .answer_seconds = x->seconds ? x->seconds : ANSWER_SECONDS};
    say_encryption(s, x->encryption);
    return true;
}

static bool open_all(tds_source *s, const open_args *a)
{
    if (!prepare(s, a)) return false;
    tds_link *l = tds_open_link(s);
    if (!l) return false;
    const bool ok = tds_read_facts(s, l) && tds_read_catalog(s, l);
    if (ok && !s->snapshot) say(s, F_TDS_NO_SNAPSHOT, s->info.database);
    tds_link_close(l);
    return ok;
}

static status tds_open(const open_args *a, findings *f, row_source **out)
{
    *out = NULL;
    tds_source *s = new_source(a, f);
    if (!s) return ST_FATAL;
    s->info.kind = SV_LIT("SQL Server, running");
    s->info.live = true;
    const bool ok = open_all(s, a);
    s->dead = !ok;
    *out = &s->base;
    return ok ? ST_OK : ST_FATAL;
}

static const source_info *tds_info(row_source *s) { return &((tds_source *)s)->info; }

static status tds_catalog_of(row_source *source, const catalog **out)
{
    tds_source *s = (tds_source *)source;
    *out = &s->catalog;
    return s->dead ? ST_FATAL : ST_OK;
}

static status tds_verify(row_source *s)
{
    (void)s; /* each answer was held against the server's own count when it ended */
    return ST_OK;
}

const row_source_ops tds_ops = {.name = "tds",
                                .title = "running SQL Server",
                                .bid = tds_bid,
                                .open = tds_open,
                                .info = tds_info,
                                .catalog = tds_catalog_of,
                                .scan = tds_scan,
                                .next = tds_next,
                                .counts = tds_counts,
                                .cursor_close = tds_scan_close,
                                .lob_open = tds_lob_open,
                                .lob_read = tds_lob_read,
                                .lob_close = tds_lob_close,
                                .verify = tds_verify,
                                .close = tds_close};
