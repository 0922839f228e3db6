/* Files and folders on Windows. */
#include "base/platform_win.h"
#include <stdlib.h>
#include <string.h>

enum { SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, IO_BYTES_MAX = 1 << 30 };

/* ---- files to read ---- */

struct os_file {
    HANDLE h;
    uint64_t size;
};

static bool is_folder(const wchar_t *path)
{
    DWORD a = GetFileAttributesW(path);
    return a != INVALID_FILE_ATTRIBUTES && (a & FILE_ATTRIBUTE_DIRECTORY);
}

os_file *os_open_read(const char *path, const char **why)
{
    os_file *f = malloc(sizeof *f);
    wchar_t *w = f ? win_path(path, why) : NULL;
    if (!f) *why = win_error(ERROR_OUTOFMEMORY);
    if (!w) {
        free(f);
        return NULL;
    }
    f->h = INVALID_HANDLE_VALUE;
    if (is_folder(w)) {
        *why = "it is a folder";
    } else {
        LARGE_INTEGER size;
        f->h = CreateFileW(w, GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
        if (f->h == INVALID_HANDLE_VALUE)
            *why = win_error(GetLastError());
        else if (GetFileType(f->h) != FILE_TYPE_DISK)
            *why = "it is not a regular file";
        else if (!GetFileSizeEx(f->h, &size))
            *why = win_error(GetLastError());
        else {
            f->size = (uint64_t)size.QuadPart;
            free(w);
            return f;
        }
    }
    if (f->h != INVALID_HANDLE_VALUE) CloseHandle(f->h);
    free(w);
    free(f);
    return NULL;
}

void os_close_read(os_file *f)
{
    if (!f) return;
    CloseHandle(f->h);
    free(f);
}

uint64_t os_file_size(const os_file *f) { return f->size; }

/* The place goes with the call, so threads do not disturb each other. */
static OVERLAPPED place_of(uint64_t off)
{
    OVERLAPPED at = {.Offset = (DWORD)off, .OffsetHigh = (DWORD)(off >> 32)};
    return at;
}

bool os_read_at(os_file *f, uint64_t off, void *p, size_t n, size_t *got, const char **why)
{
    *got = 0;
    while (*got < n && off + *got <= (uint64_t)INT64_MAX) {
        OVERLAPPED at = place_of(off + *got);
        DWORD r = 0, wanted = n - *got < IO_BYTES_MAX ? (DWORD)(n - *got) : IO_BYTES_MAX;
        if (!ReadFile(f->h, (char *)p + *got, wanted, &r, &at)) {
            DWORD code = GetLastError();
            if (code == ERROR_HANDLE_EOF) break;
            *why = win_error(code);
            return false;
        }
        if (r == 0) break;
        *got += r;
    }
    return true;
}

const char *os_temp_folder(void)
{
    static char *kept;
    static SRWLOCK lock = SRWLOCK_INIT;
    AcquireSRWLockExclusive(&lock);
    if (!kept) {
        wchar_t w[MAX_PATH + 2];
        DWORD n = GetTempPathW(MAX_PATH + 2, w);
        while (n > 1 && w[n - 1] == L'\\') w[--n] = L'\0';
        kept = n && n < MAX_PATH + 2 ? win_utf8(w) : NULL;
        if (kept) win_slashes(kept);
    }
    const char *folder = kept ? kept : ".";
    ReleaseSRWLockExclusive(&lock);
    return folder;
}

/* how: CREATE_NEW or OPEN_EXISTING. */
static HANDLE open_own(const char *path, DWORD how, DWORD access, DWORD share, DWORD flags, const char **why)
{
    SECURITY_ATTRIBUTES *owner = win_owner_only();
    wchar_t *w = owner ? win_path(path, why) : NULL;
    if (!owner) *why = win_error(ERROR_OUTOFMEMORY);
    if (!w) return INVALID_HANDLE_VALUE;
    /* Names of devices take an open for creating as well. */
    HANDLE h = CreateFileW(w, access, share, owner, how, flags, NULL);
    if (h == INVALID_HANDLE_VALUE) {
        *why = win_error(GetLastError());
    } else if (GetFileType(h) != FILE_TYPE_DISK) {
        *why = "Windows keeps this name for a device";
        CloseHandle(h);
        h = INVALID_HANDLE_VALUE;
    }
    free(w);
    return h;
}

/* Deleted by the system when the handle is closed, also that of a process which was killed. */
os_file *os_create_nameless(const char *folder, const char **why)
{
    static const char digit[] = "0123456789abcdef";
    static const char leaf[] = "/chartferry-work-";
    enum { TRIES = 16, DIGITS = 16 };
    size_t n = strlen(folder);
    os_file *f = malloc(sizeof *f);
    char *path = malloc(n + sizeof leaf + DIGITS);
    if (!f || !path) *why = win_error(ERROR_OUTOFMEMORY);
    for (unsigned i = 0; f && path && i < TRIES; i++) {
        LUID unique; /* new at every call until the machine starts again */
        LARGE_INTEGER now;
        if (!AllocateLocallyUniqueId(&unique) || !QueryPerformanceCounter(&now)) {
            *why = win_error(GetLastError());
            break;
        }
        uint64_t x = (uint64_t)now.QuadPart ^ (uint64_t)GetCurrentProcessId() << 40 ^ (uint64_t)unique.LowPart << 16;
        memcpy(path, folder, n);
        memcpy(path + n, leaf, sizeof leaf - 1);
        for (size_t k = 0; k < DIGITS; k++, x >>= 4) path[n + sizeof leaf - 1 + k] = digit[x & 15];
        path[n + sizeof leaf - 1 + DIGITS] = '\0';
        f->size = 0;
        f->h = open_own(path, CREATE_NEW, GENERIC_READ | GENERIC_WRITE | DELETE, FILE_SHARE_DELETE,
                        FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, why);
        if (f->h != INVALID_HANDLE_VALUE) {
            free(path);
            return f;
        }
        if (GetLastError() != ERROR_FILE_EXISTS) break;
    }
    free(path);
    free(f);
    return NULL;
}

static bool write_at(HANDLE h, uint64_t off, const void *p, size_t n, const char **why)
{
    for (size_t done = 0; done < n;) {
        OVERLAPPED at = place_of(off + done);
        DWORD r = 0, wanted = n - done < IO_BYTES_MAX ? (DWORD)(n - done) : IO_BYTES_MAX;
        if (!WriteFile(h, (const char *)p + done, wanted, &r, &at)) {
            *why = win_error(GetLastError());
            return false;
        }
        if (r == 0) {
            *why = win_error(ERROR_DISK_FULL);
            return false;
        }
        done += r;
    }
    return true;
}

bool os_append(os_file *f, const void *p, size_t n, const char **why)
{
    if (!write_at(f->h, f->size, p, n, why)) return false;
    f->size += n;
    return true;
}

bool os_overwrite(os_file *f, uint64_t off, const void *p, size_t n, const char **why)
{
    return write_at(f->h, off, p, n, why);
}

/* ---- files to write ---- */

struct os_out {
    HANDLE h;      /* INVALID_HANDLE_VALUE once settled */
    HANDLE locked; /* NULL: not a locked file */
    uint64_t end;
};

static os_out *open_out(const char *path, DWORD how, DWORD flags, const char **why)
{
    os_out *f = calloc(1, sizeof *f);
    if (!f) {
        *why = win_error(ERROR_OUTOFMEMORY);
        return NULL;
    }
    f->h = open_own(path, how, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, FILE_ATTRIBUTE_NORMAL | flags, why);
    if (f->h != INVALID_HANDLE_VALUE) return f;
    free(f);
    return NULL;
}

os_out *os_create(const char *path, const char **why) { return open_out(path, CREATE_NEW, 0, why); }

bool os_write(os_out *f, const void *p, size_t n, const char **why)
{
    if (!write_at(f->h, f->end, p, n, why)) return false;
    f->end += n;
    return true;
}

bool os_write_at(os_out *f, uint64_t off, const void *p, size_t n, const char **why)
{
    return write_at(f->h, off, p, n, why);
}

bool os_settle(os_out *f, const char **why)
{
    bool ok = f->h == INVALID_HANDLE_VALUE || CloseHandle(f->h);
    if (!ok) *why = win_error(GetLastError());
    f->h = INVALID_HANDLE_VALUE;
    return ok;
}

bool os_close(os_out *f, const char **why)
{
    bool ok = os_settle(f, why);
    if (f->locked) CloseHandle(f->locked);
    free(f);
    return ok;
}

/* Files that libraries make have the rights of their folder: ours, whose rights go on to what is made in them. */
void os_keep_private(void) {}

/* ---- locks ---- */

/* A folder cannot be renamed while a file in it is open, so the lock that outlives that is an object of the system named
 * by the path, gone with its last handle. It is seen on this machine only; on others, the open file is. */
static bool lock_name(const char *path, wchar_t name[64])
{
    const char *why;
    wchar_t *w = win_path(path, &why);
    if (!w) return false;
    CharLowerW(w);
    uint64_t h = sv_hash((sv){(const char *)w, wcslen(w) * sizeof *w});
    free(w);
    static const wchar_t head[] = L"Global\\chartferry-";
    size_t n = sizeof head / sizeof head[0] - 1;
    memcpy(name, head, n * sizeof *name);
    for (unsigned i = 0; i < 16; i++, h >>= 4) name[n++] = L"0123456789abcdef"[h & 15];
    name[n] = L'\0';
    return true;
}

/* The object first: who has it, has the file for himself. */
static os_out *open_locked(const char *path, DWORD how, DWORD flags, const char **why)
{
    wchar_t name[64];
    SetLastError(ERROR_OUTOFMEMORY);
    HANDLE locked = lock_name(path, name) ? CreateMutexW(NULL, FALSE, name) : NULL;
    const DWORD code = GetLastError();
    os_out *f = locked && code != ERROR_ALREADY_EXISTS ? open_out(path, how, flags, why) : NULL;
    if (f)
        f->locked = locked;
    else if (!locked || code == ERROR_ALREADY_EXISTS)
        *why = locked ? "it is locked" : win_error(code);
    if (!f && locked) CloseHandle(locked);
    return f;
}

os_out *os_create_locked(const char *path, const char **why) { return open_locked(path, CREATE_NEW, 0, why); }

os_out *os_open_locked(const char *path, const char **why)
{
    if (!os_is_link(path)) return open_locked(path, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, why);
    *why = "it is a link";
    return NULL;
}

bool os_cut(os_out *f, const char **why)
{
    const LARGE_INTEGER start = {.QuadPart = 0};
    f->end = 0;
    if (SetFilePointerEx(f->h, start, NULL, FILE_BEGIN) && SetEndOfFile(f->h)) return true;
    *why = win_error(GetLastError());
    return false;
}

bool os_is_locked(const char *path)
{
    const char *why;
    wchar_t name[64];
    HANDLE held = lock_name(path, name) ? OpenMutexW(SYNCHRONIZE, FALSE, name) : NULL;
    wchar_t *w = win_path(path, &why);
    /* Whoever has it open for writing lets nobody else write. */
    HANDLE h = w ? CreateFileW(w, GENERIC_WRITE, SHARE_ALL, NULL, OPEN_EXISTING, 0, NULL) : INVALID_HANDLE_VALUE;
    bool locked = held || (w && h == INVALID_HANDLE_VALUE && GetLastError() == ERROR_SHARING_VIOLATION);
    bool there = w && GetFileAttributesW(w) != INVALID_FILE_ATTRIBUTES;
    if (h != INVALID_HANDLE_VALUE) CloseHandle(h);
    if (held) CloseHandle(held);
    free(w);
    return locked && there;
}

/* ---- folders ---- */

bool os_is_folder(const char *path)
{
    const char *why;
    wchar_t *w = win_path(path, &why);
    bool is = w && is_folder(w);
    free(w);
    return is;
}

/* A junction or a symbolic link; other points where the file system goes on elsewhere, such as files of a cloud drive that
 * are not here yet, are none. */
bool os_is_link(const char *path)
{
    const char *why;
    WIN32_FIND_DATAW e;
    wchar_t *w = win_path(path, &why);
    HANDLE h = w ? FindFirstFileW(w, &e) : INVALID_HANDLE_VALUE;
    bool is = h != INVALID_HANDLE_VALUE && (e.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) &&
              (e.dwReserved0 == IO_REPARSE_TAG_SYMLINK || e.dwReserved0 == IO_REPARSE_TAG_MOUNT_POINT);
    if (h != INVALID_HANDLE_VALUE) FindClose(h);
    free(w);
    return is;
}

bool os_exists(const char *path)
{
    const char *why;
    wchar_t *w = win_path(path, &why);
    bool is = w && GetFileAttributesW(w) != INVALID_FILE_ATTRIBUTES;
    free(w);
    return is;
}

bool os_make_folder(const char *path, const char **why)
{
    SECURITY_ATTRIBUTES *owner = win_owner_only();
    wchar_t *w = owner ? win_path(path, why) : NULL;
    if (!owner) *why = win_error(ERROR_OUTOFMEMORY);
    bool ok = w && CreateDirectoryW(w, owner);
    if (w && !ok) *why = win_error(GetLastError());
    free(w);
    return ok;
}

/* A virus scanner or the search index may have a new file open for a moment: tried again for two seconds. */
static bool passes(DWORD code) { return code == ERROR_ACCESS_DENIED || code == ERROR_SHARING_VIOLATION; }

bool os_rename(const char *from, const char *to, const char **why)
{
    enum { TRIES = 20, PAUSE_MS = 100 };
    wchar_t *a = win_path(from, why), *b = a ? win_path(to, why) : NULL;
    DWORD code = ERROR_SUCCESS;
    bool ok = false;
    if (b && GetFileAttributesW(b) != INVALID_FILE_ATTRIBUTES) {
        code = ERROR_FILE_EXISTS;
    } else if (b) {
        for (unsigned i = 0; !ok && i < TRIES; i++) {
            if (i) Sleep(PAUSE_MS);
            ok = MoveFileExW(a, b, MOVEFILE_WRITE_THROUGH); /* not over an existing one */
            code = ok ? ERROR_SUCCESS : GetLastError();
            if (!passes(code)) break;
        }
    }
    if (b && !ok) *why = win_error(code);
    free(a);
    free(b);
    return ok;
}

/* A link to a folder is a folder of its own kind: it goes, what it leads to stays. */
static bool remove_wide(const wchar_t *w)
{
    DWORD a = GetFileAttributesW(w);
    if (a == INVALID_FILE_ATTRIBUTES) return false;
    if (a & FILE_ATTRIBUTE_READONLY) (void)SetFileAttributesW(w, a & ~(DWORD)FILE_ATTRIBUTE_READONLY);
    return a & FILE_ATTRIBUTE_DIRECTORY ? RemoveDirectoryW(w) : DeleteFileW(w);
}

bool os_remove(const char *path)
{
    const char *why;
    wchar_t *w = win_path(path, &why);
    bool ok = w && remove_wide(w);
    free(w);
    return ok;
}

/* NTFS writes names to its log by itself; a folder has nothing to be flushed. */
bool os_sync(const char *path, const char **why)
{
    wchar_t *w = win_path(path, why);
    bool ok = w && is_folder(w);
    if (w && !ok) {
        HANDLE h = CreateFileW(w, GENERIC_WRITE, SHARE_ALL, NULL, OPEN_EXISTING, 0, NULL);
        ok = h != INVALID_HANDLE_VALUE && FlushFileBuffers(h);
        if (!ok) *why = win_error(GetLastError());
        if (h != INVALID_HANDLE_VALUE) CloseHandle(h);
    }
    free(w);
    return ok;
}

static wchar_t *joined(const wchar_t *folder, const wchar_t *name)
{
    size_t n = wcslen(folder), m = wcslen(name);
    wchar_t *w = malloc((n + m + 2) * sizeof *w);
    if (!w) return NULL;
    memcpy(w, folder, n * sizeof *w);
    if (n && w[n - 1] != L'\\') w[n++] = L'\\';
    memcpy(w + n, name, (m + 1) * sizeof *w);
    return w;
}

static bool is_dots(const wchar_t *name) { return wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0; }

/* Folders that this program makes are three deep; deeper ones are not ours. */
enum { TREE_DEPTH_MAX = 16 };

/* but: a file that stays, or NULL. */
static bool empty_tree(const wchar_t *folder, const wchar_t *but, unsigned depth)
{
    WIN32_FIND_DATAW e;
    wchar_t *all = joined(folder, L"*");
    HANDLE h = all ? FindFirstFileW(all, &e) : INVALID_HANDLE_VALUE;
    bool ok = h != INVALID_HANDLE_VALUE;
    free(all);
    if (!ok) return false;
    do {
        if (is_dots(e.cFileName) || (but && wcscmp(e.cFileName, but) == 0)) continue;
        wchar_t *w = joined(folder, e.cFileName);
        bool inner =
            (e.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) && !(e.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT);
        ok &= w && (!inner || (depth < TREE_DEPTH_MAX && empty_tree(w, NULL, depth + 1))) && remove_wide(w);
        free(w);
    } while (FindNextFileW(h, &e));
    FindClose(h);
    return ok;
}

static bool is_own_folder(const wchar_t *w)
{
    DWORD a = GetFileAttributesW(w);
    return a != INVALID_FILE_ATTRIBUTES && (a & FILE_ATTRIBUTE_DIRECTORY) && !(a & FILE_ATTRIBUTE_REPARSE_POINT);
}

bool os_empty_folder(const char *path, const char *but)
{
    const char *why;
    wchar_t *w = win_path(path, &why), *kept = win_wide(but);
    bool ok = w && kept && is_own_folder(w) && empty_tree(w, kept, 0);
    free(w);
    free(kept);
    return ok;
}

bool os_remove_tree(const char *path)
{
    const char *why;
    wchar_t *w = win_path(path, &why);
    bool ok = w && is_own_folder(w) && empty_tree(w, NULL, 0) && remove_wide(w);
    free(w);
    return ok;
}

bool os_list_folder(const char *path, bool (*visit)(void *ctx, const char *name), void *ctx, const char **why)
{
    WIN32_FIND_DATAW e;
    wchar_t *w = win_path(path, why), *all = w ? joined(w, L"*") : NULL;
    if (w && !all) *why = win_error(ERROR_OUTOFMEMORY);
    HANDLE h = all ? FindFirstFileW(all, &e) : INVALID_HANDLE_VALUE;
    DWORD code = h == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
    free(all);
    free(w);
    if (h == INVALID_HANDLE_VALUE) {
        if (all) *why = win_error(code);
        return false;
    }
    bool ok = true, on = true;
    do {
        if (is_dots(e.cFileName)) continue;
        char *name = win_utf8(e.cFileName);
        ok = name != NULL;
        if (!ok) *why = win_error(ERROR_OUTOFMEMORY);
        on = ok && visit(ctx, name);
        free(name);
    } while (on && FindNextFileW(h, &e));
    code = on ? GetLastError() : ERROR_NO_MORE_FILES;
    if (ok && code != ERROR_NO_MORE_FILES) {
        *why = win_error(code);
        ok = false;
    }
    FindClose(h);
    return ok;
}

uint64_t os_free_space(const char *folder)
{
    const char *why;
    ULARGE_INTEGER bytes;
    wchar_t *w = win_path(folder, &why);
    bool ok = w && GetDiskFreeSpaceExW(w, &bytes, NULL, NULL);
    free(w);
    return ok ? bytes.QuadPart : UINT64_MAX;
}
