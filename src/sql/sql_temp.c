/* Files that SQLite wants for a while, kept in memory: sorted runs and tables of its own. So nothing of a patient gets
 * into a folder for temporary files, and sorting is done in pieces that fit into the processor's cache, on two cores.
 * What they hold counts against SQLite's limit. Files with a name go to the system as always. */
#include "sql/sql_internal.h"
#include <stdlib.h>

enum { PIECE_SHIFT = 16, PIECE_BYTES = 1 << PIECE_SHIFT };

typedef struct memory_file {
    sqlite3_file base;
    char **piece; /* of PIECE_BYTES each */
    size_t pieces, room;
    sqlite3_int64 size;
} memory_file;

static void drop_pieces(memory_file *f, size_t keep)
{
    while (f->pieces > keep) sqlite3_free(f->piece[--f->pieces]);
}

static int file_close(sqlite3_file *base)
{
    memory_file *f = (memory_file *)base;
    drop_pieces(f, 0);
    sqlite3_free(f->piece);
    f->piece = NULL;
    f->room = 0;
    return SQLITE_OK;
}

static bool need_pieces(memory_file *f, size_t pieces)
{
    if (pieces > f->room) {
        size_t room = pieces + pieces / 2 + 16;
        char **grown = sqlite3_realloc64(f->piece, room * sizeof *grown);
        if (!grown) return false;
        f->piece = grown;
        f->room = room;
    }
    while (f->pieces < pieces) {
        char *p = sqlite3_malloc(PIECE_BYTES);
        if (!p) return false;
        memset(p, 0, PIECE_BYTES);
        f->piece[f->pieces++] = p;
    }
    return true;
}

/* Calls for each part of [at, at + n) that lies in one piece. */
static void copy(memory_file *f, char *p, size_t n, size_t at, bool write)
{
    while (n) {
        size_t inside = at & (PIECE_BYTES - 1), part = PIECE_BYTES - inside;
        if (part > n) part = n;
        char *q = f->piece[at >> PIECE_SHIFT] + inside;
        memcpy(write ? q : p, write ? p : q, part);
        p += part;
        at += part;
        n -= part;
    }
}

static int file_read(sqlite3_file *base, void *p, int n, sqlite3_int64 at)
{
    memory_file *f = (memory_file *)base;
    sqlite3_int64 there = at >= f->size ? 0 : f->size - at;
    size_t got = there < n ? (size_t)there : (size_t)n;
    copy(f, p, got, (size_t)at, false);
    if (got == (size_t)n) return SQLITE_OK;
    memset((char *)p + got, 0, (size_t)n - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *p, int n, sqlite3_int64 at)
{
    memory_file *f = (memory_file *)base;
    size_t end = (size_t)at + (size_t)n;
    if (!need_pieces(f, (end + PIECE_BYTES - 1) >> PIECE_SHIFT)) return SQLITE_NOMEM;
    copy(f, (char *)(uintptr_t)p, (size_t)n, (size_t)at, true);
    if ((sqlite3_int64)end > f->size) f->size = (sqlite3_int64)end;
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    memory_file *f = (memory_file *)base;
    if (size >= f->size) return SQLITE_OK;
    f->size = size;
    drop_pieces(f, ((size_t)size + PIECE_BYTES - 1) >> PIECE_SHIFT);
    size_t tail = (size_t)size & (PIECE_BYTES - 1);
    if (tail) memset(f->piece[f->pieces - 1] + tail, 0, PIECE_BYTES - tail);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = ((memory_file *)base)->size;
    return SQLITE_OK;
}

static int nothing(sqlite3_file *f, int flags)
{
    (void)f;
    (void)flags;
    return SQLITE_OK;
}

static int not_reserved(sqlite3_file *f, int *out)
{
    (void)f;
    *out = 0;
    return SQLITE_OK;
}

static int control(sqlite3_file *f, int op, void *arg)
{
    (void)f;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *f)
{
    (void)f;
    return 4096;
}

static int characteristics(sqlite3_file *f)
{
    (void)f;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = nothing,
    .xFileSize = file_size,
    .xLock = nothing,
    .xUnlock = nothing,
    .xCheckReservedLock = not_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
};

static sqlite3_vfs *system_vfs(void) { return sqlite3_vfs_find(NULL); }

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out)
{
    (void)vfs;
    if (name) return system_vfs()->xOpen(system_vfs(), name, base, flags, out);
    memory_file *f = (memory_file *)base;
    *f = (memory_file){.base.pMethods = &methods};
    if (out) *out = flags;
    return SQLITE_OK;
}

bool sql_temp_register(sql_db *db)
{
    sqlite3_vfs *real = system_vfs();
    if (!real) return false;
    /* One of its own for each sql_db: it lives as long as the connections that use it. */
    sqlite3_snprintf(sizeof db->vfs_name, db->vfs_name, "chartferry-%p", (void *)db);
    db->vfs = *real;
    db->vfs.pNext = NULL;
    db->vfs.zName = db->vfs_name;
    db->vfs.xOpen = open_file;
    if (db->vfs.szOsFile < (int)sizeof(memory_file)) db->vfs.szOsFile = (int)sizeof(memory_file);
    return sqlite3_vfs_register(&db->vfs, 0) == SQLITE_OK;
}

void sql_temp_unregister(sql_db *db)
{
    if (db->vfs.zName) sqlite3_vfs_unregister(&db->vfs);
}
