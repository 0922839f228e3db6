#include "base/memory.h"
#include "base/platform_win.h"
#include <sddl.h>
#include <stdlib.h>
#include <string.h>

#ifndef ERROR_DISK_QUOTA_EXCEEDED
#define ERROR_DISK_QUOTA_EXCEEDED 1295L /* not in mingw-w64 10 */
#endif

/* ---- text ---- */

wchar_t *win_wide(const char *utf8)
{
    int n = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
    wchar_t *w = n > 0 ? malloc((size_t)n * sizeof *w) : NULL;
    if (w && MultiByteToWideChar(CP_UTF8, 0, utf8, -1, w, n) == n) return w;
    free(w);
    return NULL;
}

char *win_utf8(const wchar_t *text)
{
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *p = n > 0 ? malloc((size_t)n) : NULL;
    if (p && WideCharToMultiByte(CP_UTF8, 0, text, -1, p, n, NULL, NULL) == n) return p;
    free(p);
    return NULL;
}

/* ---- errors ---- */

static const char *known_error(DWORD code)
{
    switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_NET_NAME:
    case ERROR_INVALID_DRIVE: return "No such file or directory";
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME: return "Windows allows no such name";
    case ERROR_ACCESS_DENIED:
    case ERROR_NETWORK_ACCESS_DENIED: return "Permission denied";
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
        return "another program has it open for itself alone, as SQL Server has the files of every database that is "
               "attached: detach the database, or give its backup instead";
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY: return "Cannot allocate memory";
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL: return "No space left on device";
    case ERROR_DISK_QUOTA_EXCEEDED: return "Disk quota exceeded";
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS: return "File exists";
    case ERROR_DIR_NOT_EMPTY: return "Directory not empty";
    case ERROR_WRITE_PROTECT: return "the disk is protected against writing";
    case ERROR_FILENAME_EXCED_RANGE: return "File name too long";
    case ERROR_FILE_TOO_LARGE: return "the file system takes no file of this size (FAT32 ends at 4 GB)";
    case ERROR_CRC:
    case ERROR_IO_DEVICE: return "Input/output error";
    default: return NULL;
    }
}

const char *win_error(DWORD code)
{
    enum { ROOM = 256 };
    static _Thread_local char text[3 * ROOM];
    const char *known = known_error(code);
    if (known) return known;
    wchar_t said[ROOM];
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK;
    DWORD n = FormatMessageW(flags, NULL, code, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), said, ROOM, NULL);
    if (n == 0) n = FormatMessageW(flags, NULL, code, 0, said, ROOM, NULL);
    while (n && (said[n - 1] == L' ' || said[n - 1] == L'.')) n--;
    int bytes = n ? WideCharToMultiByte(CP_UTF8, 0, said, (int)n, text, (int)sizeof text - 1, NULL, NULL) : 0;
    text[bytes] = '\0';
    return bytes ? text : "the system gives no reason";
}

/* ---- paths ---- */

static wchar_t *full_path(const wchar_t *path, const char **why)
{
    static const wchar_t local[] = L"\\\\?\\", share[] = L"\\\\?\\UNC\\";
    DWORD room = GetFullPathNameW(path, 0, NULL, NULL);
    wchar_t *full = room ? malloc((room + sizeof share / sizeof share[0]) * sizeof *full) : NULL;
    size_t head = sizeof share / sizeof share[0] - 1; /* left free in front */
    DWORD n = full ? GetFullPathNameW(path, room, full + head, NULL) : 0;
    if (n == 0 || n >= room) {
        *why = win_error(room && !full ? ERROR_OUTOFMEMORY : GetLastError());
        free(full);
        return NULL;
    }
    const wchar_t *p = full + head;
    const wchar_t *prefix = local;
    if (wcsncmp(p, L"\\\\.\\", 4) == 0 || wcsncmp(p, L"\\\\?\\", 4) == 0) {
        prefix = L"";
    } else if (p[0] == L'\\' && p[1] == L'\\') {
        prefix = share;
        p += 2;
        n -= 2;
    }
    size_t put = wcslen(prefix);
    memmove(full + put, p, (n + 1) * sizeof *full);
    memcpy(full, prefix, put * sizeof *full);
    return full;
}

wchar_t *win_path(const char *utf8, const char **why)
{
    wchar_t *path = win_wide(utf8), *full = NULL;
    if (!path || !*path) {
        *why = path ? "an empty name" : win_error(ERROR_OUTOFMEMORY);
    } else {
        for (wchar_t *p = path; *p; p++)
            if (*p == L'/') *p = L'\\';
        /* As it is: nothing in it means anything but itself. */
        if (wcsncmp(path, L"\\\\?\\", 4) == 0) return path;
        full = full_path(path, why);
    }
    free(path);
    return full;
}

char *os_native_path(const char *path)
{
    const char *why;
    wchar_t *w = win_path(path, &why);
    char *p = w ? win_utf8(w) : NULL;
    free(w);
    return p;
}

void win_slashes(char *path)
{
    for (; *path; path++)
        if (*path == '\\') *path = '/';
}

/* Paths of the command line: few, and needed until the end. */
const char *os_own_path(const char *path)
{
    if (!strchr(path, '\\')) return path;
    char *own = memory_text(sv_from(path));
    if (own) win_slashes(own);
    return own;
}

/* ---- who may ---- */

static SECURITY_ATTRIBUTES owner_only;
static INIT_ONCE owner_once = INIT_ONCE_STATIC_INIT;

static wchar_t *user_sid(void)
{
    HANDLE token;
    wchar_t *text = NULL;
    DWORD n = 0;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return NULL;
    GetTokenInformation(token, TokenUser, NULL, 0, &n);
    TOKEN_USER *user = n ? malloc(n) : NULL;
    if (user && GetTokenInformation(token, TokenUser, user, n, &n) && !ConvertSidToStringSidW(user->User.Sid, &text))
        text = NULL;
    free(user);
    CloseHandle(token);
    return text;
}

static BOOL CALLBACK make_owner_only(INIT_ONCE *once, void *arg, void **out)
{
    (void)once, (void)arg, (void)out;
    /* Protected from the folder above; FA: all rights; OICI: also for what is made inside. */
    static const wchar_t before[] = L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;";
    wchar_t text[512];
    wchar_t *sid = user_sid();
    size_t n = sid ? wcslen(sid) : 0, head = sizeof before / sizeof before[0] - 1;
    bool fits = n && head + n + 2 <= sizeof text / sizeof text[0];
    if (fits) {
        memcpy(text, before, head * sizeof *text);
        memcpy(text + head, sid, n * sizeof *text);
        memcpy(text + head + n, L")", 2 * sizeof *text);
    }
    if (sid) LocalFree(sid);
    owner_only.nLength = sizeof owner_only;
    return fits && ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1,
                                                                        &owner_only.lpSecurityDescriptor, NULL);
}

SECURITY_ATTRIBUTES *win_owner_only(void)
{
    return InitOnceExecuteOnce(&owner_once, make_owner_only, NULL, NULL) ? &owner_only : NULL;
}

/* ---- double-byte code pages ---- */

static uint16_t character_of(unsigned page, const unsigned char *p, int n)
{
    wchar_t w[4];
    if (MultiByteToWideChar(page, MB_ERR_INVALID_CHARS, (const char *)p, n, w, 4) != 1) return 0;
    /* The areas of the user's own characters mean nothing without the user's font. */
    return w[0] == 0xFFFD || (w[0] >= 0xE000 && w[0] <= 0xF8FF) ? 0 : (uint16_t)w[0];
}

bool os_double_byte_table(unsigned page, os_double_byte *out)
{
    if (!IsValidCodePage(page)) return false;
    memset(out, 0, sizeof *out);
    for (unsigned a = 0; a < 256; a++) {
        unsigned char c[2] = {(unsigned char)a, 0};
        out->single[a] = a < 0x80 || !IsDBCSLeadByteEx(page, c[0]) ? character_of(page, c, 1) : 0;
        for (unsigned b = 0; a >= 0x80 && b < 256; b++) {
            c[1] = (unsigned char)b;
            out->pair[a - 0x80][b] = out->single[a] ? 0 : character_of(page, c, 2);
        }
    }
    return true;
}
