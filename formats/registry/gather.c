#include "registry/gather.h"
#include "archive/unpack.h"
#include "bak/bak_foreign.h"
#include "bak/bak_source.h"
#include "base/path.h"
#include "csv/csv_source.h"
#include "mdf/mdf_source.h"
#include "source/server_address.h"
#include "xlsx/sheet_source.h"
#include <stdio.h>
#include <stdlib.h>

/* Files of one source; and those of a folder that are held open, a system allowing some hundred. */
enum { FILES_MAX = 20000, FILES_HELD_OPEN = 64, PATH_BYTES_MAX = 4096 };

typedef enum kind { KIND_OTHER, KIND_TABLE, KIND_BACKUP, KIND_DATA, KIND_ARCHIVE } kind;

/* A file found in a folder, of which it is not yet known whether it belongs to the source. */
typedef struct candidate {
    byte_source *file;
    kind kind;
} candidate;

struct gather {
    arena *mem;
    findings *found;
    gathered *out;
    size_t room;
    candidate *candidate;
    size_t candidates, candidate_room;
    sv *name; /* of the folder's entries */
    size_t names, name_room;
    bool failed; /* out of memory */
    archive_store *store;
    const char *work_folder;
    unsigned depth; /* archives that what is looked at lies in */
};

typedef struct gather gatherer;

static void say(gatherer *g, finding_code code, sv path, const char *a) { find_at(g->found, code, path, sv_from(a)); }

/* ---- lists ---- */

static bool grow(void **p, size_t *room, size_t n, size_t size)
{
    if (n < *room) return true;
    size_t more = *room ? *room * 2 : 64;
    void *q = realloc(*p, more * size);
    if (!q) return false;
    *p = q;
    *room = more;
    return true;
}

static bool add_file(gatherer *g, byte_source *file)
{
    void *p = g->out->file;
    bool ok = file && g->out->files < FILES_MAX && grow(&p, &g->room, g->out->files, sizeof(byte_source *));
    g->out->file = p;
    if (ok)
        g->out->file[g->out->files++] = file;
    else
        byte_source_close(file);
    return ok;
}

static bool add_candidate(gatherer *g, byte_source *file, kind k)
{
    void *p = g->candidate;
    bool ok = grow(&p, &g->candidate_room, g->candidates, sizeof(candidate));
    g->candidate = p;
    if (ok)
        g->candidate[g->candidates++] = (candidate){file, k};
    else {
        byte_source_close(file);
        g->failed = true;
    }
    return ok;
}

/* ---- what a file is ---- */

/* ZIP archives that are one thing to their owner. */
static bool is_document(const probe *p)
{
    static const char *const endings[] = {".bacpac", ".dacpac", ".docx", ".pptx", ".odt",
                                          ".ods",    ".jar",    ".apk",  ".vsdx"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (sv_ends_nocase(p->path, sv_from(endings[i]))) return true;
    return false;
}

static kind kind_of(const probe *p)
{
    if (bak_ops.bid(p) >= 50) return KIND_BACKUP;
    if (mdf_ops.bid(p) >= 50) return KIND_DATA;
    if (xlsx_ops.bid(p) > 0) return KIND_TABLE;
    if (archive_begins(p->p, p->n) && !is_document(p)) return KIND_ARCHIVE;
    if (csv_ending(p->path)) return KIND_TABLE;
    return KIND_OTHER;
}

static status unpack(gatherer *g, byte_source *file);

/* Our own list of types, and logs beside data files, are no surprise. */
static bool is_expected(sv path)
{
    return sv_ends_nocase(path, SV_LIT("_types.json")) || sv_ends_nocase(path, SV_LIT(".ldf"));
}

static void say_passed(gatherer *g, const probe *p)
{
    sv what = {NULL, 0}, advice;
    if (is_expected(p->path)) return;
    if (!bak_name_foreign(p, &what, &advice)) what = SV_LIT("of no kind that is known here");
    find_at(g->found, F_CSV_FILE_SKIPPED, p->path, what);
}

/* The file is closed or becomes a candidate. */
static status look_at(gatherer *g, byte_source *file)
{
    uint8_t first[PROBE_BYTES];
    probe p = {first, 0, byte_source_size(file), byte_source_path(file)};
    status st = byte_source_read(file, 0, first, sizeof first, &p.n, g->found);
    kind k = st == ST_OK ? kind_of(&p) : KIND_OTHER;
    if (st == ST_OK && k == KIND_ARCHIVE) st = unpack(g, file);
    if (st == ST_OK && k == KIND_OTHER) say_passed(g, &p);
    if (st == ST_OK && k != KIND_OTHER && k != KIND_ARCHIVE) return add_candidate(g, file, k) ? ST_OK : ST_FATAL;
    byte_source_close(file);
    return st;
}

/* ---- archives ---- */

static bool member_wanted(void *ctx, sv path, const void *first, size_t n)
{
    (void)ctx;
    probe p = {first, n < PROBE_BYTES ? n : PROBE_BYTES, n, path};
    return kind_of(&p) != KIND_OTHER;
}

static status member_take(void *ctx, byte_source *member) { return look_at(ctx, member); }

static void member_passed(void *ctx, sv path)
{
    if (!is_expected(path)) say(ctx, F_CSV_FILE_SKIPPED, path, "of no kind that is read from archives");
}

static status unpack(gatherer *g, byte_source *file)
{
    archive_taker t = {member_wanted, member_take, member_passed, g};
    if (!g->store) g->store = archive_store_new(g->work_folder, g->found);
    if (!g->store) {
        g->failed = true;
        return ST_FATAL;
    }
    status st = archive_unpack(g->store, file, g->depth++, &t);
    g->depth--;
    return st;
}

/* ---- folders ---- */

static bool take_name(void *ctx, const char *name)
{
    gatherer *g = ctx;
    void *p = g->name;
    if (name[0] == '.') return true;
    bool ok = g->names < FILES_MAX && grow(&p, &g->name_room, g->names, sizeof(sv));
    g->name = p;
    sv copy = ok ? arena_sv(g->mem, sv_from(name)) : (sv){NULL, 0};
    if (copy.p) g->name[g->names++] = copy;
    g->failed |= !copy.p;
    return copy.p != NULL;
}

static int by_name(const void *a, const void *b) { return sv_cmp(*(const sv *)a, *(const sv *)b); }

static status read_folder(gatherer *g, const char *path)
{
    const char *why = "";
    char full[PATH_BYTES_MAX];
    g->names = 0;
    if (!os_list_folder(path, take_name, g, &why)) {
        say(g, F_OPEN_ERROR, sv_from(path), why);
        return ST_FATAL;
    }
    if (g->failed) return ST_FATAL;
    if (g->names) qsort(g->name, g->names, sizeof(sv), by_name);
    bool slash = path[0] && (path[strlen(path) - 1] == '/' || path[strlen(path) - 1] == '\\');
    for (size_t i = 0; i < g->names; i++) {
        int n = snprintf(full, sizeof full, "%s%s%s", path, slash ? "" : "/", g->name[i].p);
        if (n < 0 || (size_t)n >= sizeof full) continue;
        if (os_is_folder(full)) {
            if (!sv_ends_nocase(sv_from(full), SV_LIT(".lobs")))
                say(g, F_CSV_FILE_SKIPPED, sv_from(full), "it is a folder within the folder");
            continue;
        }
        byte_source *file =
            g->names > FILES_HELD_OPEN ? byte_source_parked(full, g->found) : byte_source_file(full, g->found);
        if (!file) return ST_FATAL;
        status st = look_at(g, file);
        if (st != ST_OK) return st;
    }
    return ST_OK;
}

/* ---- which of the files found are the source ---- */

static size_t count(const gatherer *g, kind k)
{
    size_t n = 0;
    for (size_t i = 0; i < g->candidates; i++) n += g->candidate[i].kind == k;
    return n;
}

/* All files found of one kind go on; the others are closed. */
static bool take(gatherer *g, kind k)
{
    bool ok = true;
    for (size_t i = 0; i < g->candidates; i++) {
        byte_source *file = g->candidate[i].file;
        if (g->candidate[i].kind == k)
            ok = add_file(g, file) && ok;
        else
            byte_source_close(file);
    }
    g->candidates = 0;
    return ok;
}

static status choose(gatherer *g, sv path)
{
    size_t tables = count(g, KIND_TABLE), backups = count(g, KIND_BACKUP), data = count(g, KIND_DATA);
    char text[96];
    if (!tables && !backups && !data) {
        say(g, F_CSV_NO_TABLE, path, "none");
        return ST_FATAL;
    }
    if (backups > 1 || (backups && data) || ((backups || data) && tables)) {
        snprintf(text, sizeof text, "%zu backup%s, %zu data file%s and %zu text file%s", backups,
                 backups == 1 ? "" : "s", data, data == 1 ? "" : "s", tables, tables == 1 ? "" : "s");
        say(g, F_CSV_SEVERAL_DATABASES, path, text);
        return ST_FATAL;
    }
    kind k = backups ? KIND_BACKUP : data ? KIND_DATA : KIND_TABLE;
    g->out->chosen = true;
    return take(g, k) ? ST_OK : ST_FATAL;
}

static void drop_candidates(gatherer *g)
{
    for (size_t i = 0; i < g->candidates; i++) byte_source_close(g->candidate[i].file);
    g->candidates = 0;
}

/* ---- all of it ---- */

static status is_archive(gatherer *g, byte_source *file, bool *out)
{
    uint8_t first[PROBE_BYTES];
    probe p = {first, 0, byte_source_size(file), byte_source_path(file)};
    status st = byte_source_read(file, 0, first, sizeof first, &p.n, g->found);
    *out = st == ST_OK && kind_of(&p) == KIND_ARCHIVE;
    return st;
}

/* "dump" of "exports/dump/" and of "exports/dump.tar.gz". */
static sv name_of(const char *path, bool archive)
{
    static const char *const endings[] = {".gz", ".tgz", ".tar", ".zip", ".7z"};
    sv s = path_name(sv_from(path));
    for (size_t i = 0; archive && i < sizeof endings / sizeof endings[0]; i++)
        if (sv_ends_nocase(s, sv_from(endings[i]))) s.n -= strlen(endings[i]);
    return sv_eq(s, SV_LIT(".")) || sv_eq(s, SV_LIT("..")) ? (sv){"", 0} : s;
}

/* A server is no file, but goes the same way: a file of no bytes whose path is the address. */
static status one_server(gatherer *g, const char *path)
{
#ifdef CHARTFERRY_TDS
    byte_source *file = byte_source_memory("", 0, path);
    if (file && add_file(g, file)) return ST_OK;
    g->failed = true;
#else
    finding x = FINDING_OF(F_NOT_A_SOURCE);
    x.path = sv_from(path);
    x.a = SV_LIT("the address of a server, and this chartferry was built without reading from servers");
    x.b = SV_LIT("Have a backup of the database made, and read that.");
    find_add(g->found, &x);
#endif
    return ST_FATAL;
}

static status one_path(gatherer *g, const char *path)
{
    if (server_is_address(sv_from(path))) return one_server(g, path);
    bool folder = os_is_folder(path), archive = false;
    status st = ST_OK;
    if (folder) {
        st = read_folder(g, path);
    } else {
        byte_source *file = byte_source_file(path, g->found);
        if (!file) return ST_FATAL;
        st = is_archive(g, file, &archive);
        if (st == ST_OK && !archive) {
            if (add_file(g, file)) return ST_OK;
            g->failed = true;
            return ST_FATAL;
        }
        if (st == ST_OK) st = unpack(g, file);
        byte_source_close(file);
    }
    if (st == ST_OK) st = choose(g, sv_from(path));
    if (st == ST_OK && !g->out->name.n) g->out->name = arena_sv(g->mem, name_of(path, archive));
    drop_candidates(g);
    return st;
}

status gather(const char *const *path, size_t paths, const char *work_folder, findings *f, gathered *out)
{
    *out = (gathered){.inner = calloc(1, sizeof(gatherer))};
    gatherer *g = out->inner;
    if (g) *g = (gatherer){.mem = arena_new(0), .found = f, .out = out, .work_folder = work_folder};
    if (!g || !g->mem) {
        find_code(f, F_OUT_OF_MEMORY, "looking for files");
        return ST_FATAL;
    }
    status st = ST_OK;
    for (size_t i = 0; i < paths; i++) /* go on: every path that is wrong is said at once */
        if (one_path(g, path[i]) != ST_OK) st = ST_FATAL;
    if (g->failed) find_code(f, F_OUT_OF_MEMORY, "looking for files");
    return st;
}

void gathered_free(gathered *g)
{
    for (size_t i = 0; i < g->files; i++) byte_source_close(g->file[i]);
    free(g->file);
    if (g->inner) {
        archive_store_free(g->inner->store); /* behind the files that lie in it */
        free(g->inner->candidate);
        free(g->inner->name);
        arena_free(g->inner->mem);
        free(g->inner);
    }
    *g = (gathered){0};
}
