/* Console, process and threads on Windows. */
#include "base/memory.h"
#include "base/platform_win.h"
#include "base/utf.h"
#include <limits.h>
#include <process.h>
#include <stdlib.h>
#include <string.h>

enum { SHARE_ALL = FILE_SHARE_READ | FILE_SHARE_WRITE };

static volatile LONG interrupts;

/* ---- console ---- */

static HANDLE stream_of(os_stream s) { return GetStdHandle(s == OS_STDOUT ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE); }

bool os_is_terminal(os_stream s)
{
    DWORD mode;
    HANDLE h = stream_of(s);
    if (!GetConsoleMode(h, &mode)) return false;
    /* Colours and the line of progress are escape sequences; every Windows that is still supported knows them. */
    (void)SetConsoleMode(h, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    return true;
}

unsigned os_terminal_width(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(stream_of(OS_STDERR), &info)) return 80;
    int n = info.srWindow.Right - info.srWindow.Left + 1;
    return n > 0 ? (unsigned)n : 80;
}

static bool print_failed[3];

/* A console gets UTF-16, whatever code page it is set to. In pieces: old ones take no more at once. */
static bool print_console(HANDLE h, sv text)
{
    enum { PIECE = 4096 };
    wchar_t w[PIECE];
    while (text.n) {
        size_t n = text.n < PIECE ? text.n : PIECE;
        if (n < text.n)
            while (n > 1 && ((unsigned char)text.p[n] & 0xC0) == 0x80) n--; /* between characters */
        int wide = MultiByteToWideChar(CP_UTF8, 0, text.p, (int)n, w, PIECE);
        for (DWORD done = 0, r; wide > 0 && done < (DWORD)wide; done += r)
            if (!WriteConsoleW(h, w + done, (DWORD)wide - done, &r, NULL) || r == 0) return false;
        text.p += n;
        text.n -= n;
    }
    return true;
}

static bool print_file(HANDLE h, sv text)
{
    for (size_t done = 0; done < text.n;) {
        DWORD r, n = text.n - done < (1U << 30) ? (DWORD)(text.n - done) : 1U << 30;
        if (!WriteFile(h, text.p + done, n, &r, NULL) || r == 0) return false;
        done += r;
    }
    return true;
}

void os_print(os_stream to, sv text)
{
    DWORD mode;
    HANDLE h = stream_of(to);
    if (!text.n || print_failed[to]) return;
    print_failed[to] = !(GetConsoleMode(h, &mode) ? print_console(h, text) : print_file(h, text));
}

bool os_print_failed(os_stream to) { return print_failed[to]; }

/* A line of the console without its end, as UTF-16. */
static bool read_line(HANDLE in, wchar_t *line, DWORD room, const char **why)
{
    DWORD n = 0;
    while (n + 1 < room) {
        DWORD r = 0;
        if (!ReadConsoleW(in, line + n, 1, &r, NULL) || r == 0 || interrupts) {
            *why = "nothing was typed";
            return false;
        }
        if (line[n] == L'\n') {
            while (n && line[n - 1] == L'\r') n--;
            line[n] = L'\0';
            return true;
        }
        n++;
    }
    *why = "it is too long";
    return false;
}

bool os_ask_secret(const char *prompt, char *out, size_t room, const char **why)
{
    enum { LINE = 4096 };
    wchar_t line[LINE];
    DWORD mode;
    HANDLE in = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE to = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, NULL, OPEN_EXISTING, 0, NULL);
    bool ok = in != INVALID_HANDLE_VALUE && to != INVALID_HANDLE_VALUE && GetConsoleMode(in, &mode);
    *why = "there is no terminal to ask at";
    if (ok) {
        /* Unseen first: whoever reads the question may answer at once. */
        ok = SetConsoleMode(in, (mode | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT) & ~(DWORD)ENABLE_ECHO_INPUT);
        if (ok) (void)print_console(to, sv_from(prompt));
        ok = ok && read_line(in, line, LINE, why);
        (void)SetConsoleMode(in, mode);
        (void)print_console(to, SV_LIT("\n"));
    }
    if (ok && (room > INT_MAX || !WideCharToMultiByte(CP_UTF8, 0, line, -1, out, (int)room, NULL, NULL))) {
        *why = "it is too long";
        ok = false;
    }
    SecureZeroMemory(line, sizeof line);
    if (in != INVALID_HANDLE_VALUE) CloseHandle(in);
    if (to != INVALID_HANDLE_VALUE) CloseHandle(to);
    return ok;
}

static bool read_piped_line(HANDLE in, char *out, size_t room)
{
    size_t n = 0;
    bool any = false;
    for (char c;; any = true) {
        DWORD r = 0;
        bool got = ReadFile(in, &c, 1, &r, NULL) && r == 1;
        if (!got || c == '\n') {
            if (n && out[n - 1] == '\r') n--;
            out[n] = '\0';
            return got || any;
        }
        if (n + 1 < room) out[n++] = c;
    }
}

bool os_read_line(char *out, size_t room)
{
    enum { LINE = 32768 };
    DWORD mode;
    const char *why;
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
    if (!GetConsoleMode(in, &mode)) return read_piped_line(in, out, room);
    wchar_t *line = malloc(LINE * sizeof *line);
    char *text = line && read_line(in, line, LINE, &why) ? win_utf8(line) : NULL;
    size_t n = text ? strlen(text) : 0;
    if (n >= room) n = room - 1;
    if (text) memcpy(out, text, n);
    out[n] = '\0';
    bool ok = text != NULL;
    free(text);
    free(line);
    return ok;
}

bool os_own_window(void)
{
    DWORD mode, list[2];
    return GetConsoleWindow() && GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &mode) &&
           GetConsoleProcessList(list, 2) == 1;
}

/* ---- process ---- */

/* A value stays valid as long as the process, so those that were asked for are kept. */
typedef struct kept {
    struct kept *next;
    char *name, *value;
} kept;

static char *value_of(const char *name)
{
    wchar_t *w = win_wide(name), *text = NULL;
    DWORD n = w ? GetEnvironmentVariableW(w, NULL, 0) : 0;
    if (n) text = malloc(n * sizeof *text);
    char *value = text && GetEnvironmentVariableW(w, text, n) < n ? win_utf8(text) : NULL;
    free(w);
    free(text);
    return value;
}

const char *os_env(const char *name)
{
    static kept *all;
    static SRWLOCK lock = SRWLOCK_INIT;
    char *value = value_of(name);
    if (!value) return NULL;
    AcquireSRWLockExclusive(&lock);
    kept *k = all;
    while (k && (strcmp(k->name, name) != 0 || strcmp(k->value, value) != 0)) k = k->next;
    if (k) {
        free(value);
    } else if ((k = calloc(1, sizeof *k))) {
        *k = (kept){all, memory_text(sv_from(name)), value};
        if (k->name) {
            all = k;
        } else {
            free(k);
            free(value);
            k = NULL;
        }
    } else {
        free(value);
    }
    ReleaseSRWLockExclusive(&lock);
    return k ? k->value : NULL;
}

size_t os_program_path(char *out, size_t room)
{
    enum { PATH_ROOM = 32768 };
    size_t n = 0;
    wchar_t *w = malloc(PATH_ROOM * sizeof *w);
    DWORD got = w ? GetModuleFileNameW(NULL, w, PATH_ROOM) : 0;
    char *path = got && got < PATH_ROOM ? win_utf8(w) : NULL;
    if (path && strlen(path) < room) {
        win_slashes(path);
        n = strlen(path);
        memcpy(out, path, n + 1);
    }
    free(path);
    free(w);
    return n;
}

/* Of the C library: the line taken apart as its compilers agree on, and * and ? in words without quotes replaced by the
 * files that fit, which on other systems the shell does. */
int __wgetmainargs(int *argc, wchar_t ***argv, wchar_t ***env, int expand, int *new_mode);

char **os_arguments(int *argc, char **argv)
{
    wchar_t **wide, **env;
    int mode = 0, n = 0;
    if (__wgetmainargs(&n, &wide, &env, 1, &mode) != 0) return argv;
    char **all = calloc((size_t)n + 1, sizeof *all);
    for (int i = 0; all && i < n; i++)
        if (!(all[i] = win_utf8(wide[i]))) return argv;
    if (all) *argc = n;
    return all ? all : argv;
}

uint64_t os_ticks_ms(void) { return GetTickCount64(); }

int64_t os_now_seconds(void)
{
    FILETIME t;
    GetSystemTimeAsFileTime(&t); /* tenths of microseconds since 1601 */
    return (int64_t)(((uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime) / 10000000) - INT64_C(11644473600);
}

unsigned os_cpus(void)
{
    DWORD_PTR ours, system;
    unsigned n = 0;
    if (GetProcessAffinityMask(GetCurrentProcess(), &ours, &system))
        for (; ours; ours &= ours - 1) n++;
    return n ? n : 1;
}

/* On a thread of the system's own. When the window is closed or the user signs off, the process ends with this function,
 * or after five seconds: the program has that long to put its work files away. */
static BOOL WINAPI on_interrupt(DWORD kind)
{
    enum { PATIENCE_MS = 4500, INTERRUPTED = 130 };
    bool ends = kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT;
    if (InterlockedExchange(&interrupts, 1) && !ends) ExitProcess(INTERRUPTED);
    if (ends) Sleep(PATIENCE_MS);
    return TRUE;
}

void os_catch_interrupts(void) { SetConsoleCtrlHandler(on_interrupt, TRUE); }
bool os_interrupted(void) { return interrupts != 0; }

/* The C library here has no locale of UTF-8. Names go as wide characters where libraries take them. */
os_locale *os_utf8_begin(void) { return NULL; }
void os_utf8_end(os_locale *l) { (void)l; }

/* ---- threads ---- */

struct thread {
    HANDLE h;
    void (*run)(void *);
    void *arg;
};
struct mutex {
    SRWLOCK m;
};
struct condition {
    CONDITION_VARIABLE c;
};

static unsigned __stdcall thread_main(void *p)
{
    thread *t = p;
    t->run(t->arg);
    return 0;
}

thread *thread_start(void (*run)(void *), void *arg)
{
    thread *t = malloc(sizeof *t);
    if (!t) return NULL;
    t->run = run;
    t->arg = arg;
    t->h = (HANDLE)_beginthreadex(NULL, 0, thread_main, t, 0, NULL);
    if (t->h) return t;
    free(t);
    return NULL;
}

void thread_join(thread *t)
{
    WaitForSingleObject(t->h, INFINITE);
    CloseHandle(t->h);
    free(t);
}

void thread_stand_back(void) { (void)SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_LOWEST); }

mutex *mutex_new(void)
{
    mutex *m = malloc(sizeof *m);
    if (m) InitializeSRWLock(&m->m);
    return m;
}

void mutex_free(mutex *m) { free(m); }
void mutex_lock(mutex *m) { AcquireSRWLockExclusive(&m->m); }
void mutex_unlock(mutex *m) { ReleaseSRWLockExclusive(&m->m); }

condition *condition_new(void)
{
    condition *c = malloc(sizeof *c);
    if (c) InitializeConditionVariable(&c->c);
    return c;
}

void condition_free(condition *c) { free(c); }
void condition_wait(condition *c, mutex *held) { SleepConditionVariableSRW(&c->c, &held->m, INFINITE, 0); }
void condition_wake_all(condition *c) { WakeAllConditionVariable(&c->c); }
