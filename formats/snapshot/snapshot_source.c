/* A snapshot as a row source: a catalog and no rows. */
#include "base/limits.h"
#include "snapshot/snapshot_internal.h"
#include <stdio.h>
#include <stdlib.h>

struct row_cursor {
    scan_counts counts;
};

static void say(const snapshot_source *s, finding_code code, const char *a)
{
    find_at(s->found, code, s->path, sv_from(a));
}

/* ---- what the file is ---- */

static int snapshot_bid(const probe *p)
{
    static const char mark[] = "\"" SNAPSHOT_MARK "\"";
    size_t i = p->n >= 3 && memcmp(p->p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < p->n && strchr(" \t\r\n", p->p[i])) i++;
    if (i == p->n || p->p[i] != '{') return 0;
    for (; i + sizeof mark - 1 <= p->n; i++)
        if (memcmp(p->p + i, mark, sizeof mark - 1) == 0) return 100;
    return 0;
}

/* Everything of a JSON tree costs memory by what opens or separates it, whatever the file's size. */
static bool is_small_enough(sv text)
{
    size_t opened = 0, commas = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (quoted) {
            if (c == '\\') i++;
            quoted = c != '"';
            continue;
        }
        quoted = c == '"';
        opened += c == '{' || c == '[';
        commas += c == ',';
    }
    return opened <= SNAPSHOT_NODES_MAX && commas <= SNAPSHOT_ITEMS_MAX;
}

/* ---- opening ---- */

static json_t *parse(const snapshot_source *s, sv text)
{
    json_error_t e;
    char why[160];
    if (!is_small_enough(text)) {
        say(s, F_SNAPSHOT_WRONG, "it holds more than any database has");
        return NULL;
    }
    if (sv_starts(text, SV_LIT("\xEF\xBB\xBF"))) text = (sv){text.p + 3, text.n - 3};
    json_t *root = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &e);
    if (root) return root;
    /* Its own text quotes the file. */
    snprintf(why, sizeof why, "it is no JSON from line %d, column %d on", e.line, e.column);
    say(s, F_SNAPSHOT_WRONG, why);
    return NULL;
}

static void read_info(snapshot_reader *r, const json_t *root, source_info *info)
{
    const json_t *o = json_object_get(root, "source");
    sv kind = snapshot_text(r, o, "kind", false);
    info->kind = arena_printf(r->mem, "snapshot of a %.*s", (int)kind.n, kind.p ? kind.p : "database");
    if (!kind.n) info->kind = SV_LIT("snapshot of a database");
    info->product = snapshot_text(r, o, "product", false);
    info->database = snapshot_text(r, o, "database", false);
    info->database_version = (unsigned)snapshot_number(r, o, "database_version", 65535);
    info->codepage = (unsigned)snapshot_number(r, o, "codepage", 65535);
    info->collation = snapshot_text(r, o, "collation", false);
    info->data_bytes = snapshot_number(r, o, "data_bytes", INT64_MAX);
    info->consistency_note = SV_LIT("A snapshot holds no rows.");
}

static bool is_version(const snapshot_source *s, const json_t *root)
{
    const json_t *version = json_object_get(root, SNAPSHOT_MARK);
    char text[32];
    if (json_is_integer(version) && json_integer_value(version) == SNAPSHOT_VERSION) return true;
    if (json_is_integer(version) && json_integer_value(version) > SNAPSHOT_VERSION) {
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(version));
        say(s, F_SNAPSHOT_VERSION, text);
    } else
        say(s, F_SNAPSHOT_WRONG, "\"" SNAPSHOT_MARK "\" is no version");
    return false;
}

static bool read_root(snapshot_source *s, const json_t *root)
{
    buf wrong = buf_new(4096);
    snapshot_reader r = {.mem = s->mem, .wrong = &wrong, .column_at = SIZE_MAX};
    if (!is_version(s, root)) return false;
    read_info(&r, root, &s->info);
    bool ok = snapshot_read_tables(&r, root, &s->list, &s->facts);
    if (!ok) {
        buf_char(&wrong, '\0');
        say(s, F_SNAPSHOT_WRONG, wrong.failed ? "it cannot be read" : wrong.p);
        s->list = (catalog){NULL, 0};
        s->facts = (source_facts){NULL, 0};
    }
    buf_free(&wrong);
    return ok;
}

static bool read_file(snapshot_source *s, byte_source *file)
{
    uint64_t size = byte_source_size(file);
    if (size > SNAPSHOT_BYTES_MAX) {
        say(s, F_SNAPSHOT_WRONG, "it is larger than a snapshot can be");
        return false;
    }
    char *p = malloc((size_t)size + 1);
    bool ok = p && byte_source_exact(file, 0, p, (size_t)size, s->found);
    if (!p) find_code(s->found, F_OUT_OF_MEMORY, "reading a snapshot");
    json_t *root = ok ? parse(s, (sv){p, (size_t)size}) : NULL;
    free(p);
    ok = root && read_root(s, root);
    json_decref(root);
    return ok;
}

static void snapshot_close(row_source *source)
{
    snapshot_source *s = (snapshot_source *)source;
    if (!s) return;
    arena_free(s->mem);
    free(s);
}

static status snapshot_open(const open_args *a, findings *f, row_source **out)
{
    snapshot_source *s = calloc(1, sizeof *s);
    *out = NULL;
    if (s) *s = (snapshot_source){.base = {&snapshot_ops}, .found = f, .mem = arena_new(SNAPSHOT_CATALOG_BYTES_MAX)};
    if (s && s->mem) s->path = arena_sv(s->mem, byte_source_path(a->file[0]));
    if (!s || !s->mem || !s->path.p) {
        find_code(f, F_OUT_OF_MEMORY, "reading a snapshot");
        snapshot_close(s ? &s->base : NULL);
        return ST_FATAL;
    }
    s->info.kind = SV_LIT("snapshot of a database");
    s->info.file_bytes = byte_source_size(a->file[0]);
    *out = &s->base;
    if (a->files > 1) {
        say(s, F_SNAPSHOT_WRONG, "it was given together with other files");
        return ST_FATAL;
    }
    return read_file(s, a->file[0]) ? ST_OK : ST_FATAL;
}

static const source_info *snapshot_info(row_source *s) { return &((snapshot_source *)s)->info; }

static status snapshot_catalog(row_source *s, const catalog **out)
{
    *out = &((snapshot_source *)s)->list;
    return ST_OK;
}

/* ---- rows, of which there are none ---- */

static status snapshot_scan(row_source *source, const scan_request *q, row_cursor **out)
{
    const snapshot_source *s = (const snapshot_source *)source;
    finding x = FINDING_OF(F_SNAPSHOT_NO_ROWS);
    x.path = s->path;
    x.table = s->list.table[q->table].full_name;
    find_add(s->found, &x);
    *out = NULL;
    return ST_FATAL;
}

static status snapshot_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    (void)c, (void)out, (void)max;
    *got = 0;
    return ST_END;
}

static const scan_counts *snapshot_counts(const row_cursor *c) { return &c->counts; }
static void snapshot_cursor_close(row_cursor *c) { (void)c; }

static status snapshot_lob_open(row_source *s, const lob_ref *ref, lob_stream **out)
{
    (void)s, (void)ref;
    *out = NULL;
    return ST_FATAL;
}

static status snapshot_lob_read(lob_stream *l, void *p, size_t room, size_t *got)
{
    (void)l, (void)p, (void)room;
    *got = 0;
    return ST_END;
}

static void snapshot_lob_close(lob_stream *l) { (void)l; }

static status snapshot_verify(row_source *s)
{
    (void)s;
    return ST_OK;
}

const row_source_ops snapshot_ops = {.name = "snapshot",
                                     .title = "snapshot of a database",
                                     .bid = snapshot_bid,
                                     .open = snapshot_open,
                                     .info = snapshot_info,
                                     .catalog = snapshot_catalog,
                                     .scan = snapshot_scan,
                                     .next = snapshot_next,
                                     .counts = snapshot_counts,
                                     .cursor_close = snapshot_cursor_close,
                                     .lob_open = snapshot_lob_open,
                                     .lob_read = snapshot_lob_read,
                                     .lob_close = snapshot_lob_close,
                                     .verify = snapshot_verify,
                                     .close = snapshot_close};

const source_facts *snapshot_facts(const row_source *s)
{
    return s && s->ops == &snapshot_ops ? &((const snapshot_source *)s)->facts : NULL;
}
