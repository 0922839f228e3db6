/* Loaded before the C library (LD_PRELOAD): what the system refuses sometimes, refused at a chosen moment.
 *
 *   FAULT        alloc: no memory      room: no memory beyond FAULT_AT bytes at once
 *                full: no room on the disk      short: a write takes one byte
 *                read: the disk fails  clock: the clock jumps back by a day
 *   FAULT_AT     the call of that kind that it happens to, from 1; 0 or absent: to none
 *   FAULT_LAST   with it: the last call that it happens to; absent: that one alone; 0: that one and all after it
 *   FAULT_TRACE  set: who called is written to stderr the first time
 *   FAULT_COUNT  a file that gets how many calls of that kind there were; with room, the most bytes at once
 *
 * Reads count on regular files alone, and only when they are of the file FAULT_PATH. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { KIND_NONE, KIND_ALLOC, KIND_ROOM, KIND_FULL, KIND_SHORT, KIND_READ, KIND_CLOCK, DAY = 86400 };

static int kind;
static unsigned long at, last;
static atomic_ulong calls;
static bool traced;
static struct stat wanted;

static void __attribute__((constructor)) begin(void)
{
    static const char *const name[] = {"", "alloc", "room", "full", "short", "read", "clock"};
    const char *what = getenv("FAULT"), *first = getenv("FAULT_AT"), *to = getenv("FAULT_LAST"),
               *path = getenv("FAULT_PATH");
    if (path && stat(path, &wanted) != 0) abort();
    traced = getenv("FAULT_TRACE") != NULL;
    if (traced) (void)backtrace((void *[1]){NULL}, 1); /* which asks for memory the first time */
    at = first ? strtoul(first, NULL, 10) : 0;
    last = to ? strtoul(to, NULL, 10) : at;
    if (last == 0) last = ULONG_MAX;
    for (int i = KIND_ALLOC; what && i <= KIND_CLOCK; i++)
        if (strcmp(what, name[i]) == 0) kind = i;
}

static void __attribute__((destructor)) end(void)
{
    const char *path = getenv("FAULT_COUNT");
    char text[32];
    if (!path) return;
    const int n = snprintf(text, sizeof text, "%lu\n", (unsigned long)calls);
    kind = KIND_NONE;
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, text, (size_t)n) != n) abort();
    close(fd);
}

/* Who called, the first time. */
static void trace(void)
{
    void *frame[40];
    if (!traced) return;
    traced = false;
    backtrace_symbols_fd(frame, backtrace(frame, 40), STDERR_FILENO);
}

static bool hits(int k)
{
    if (kind != k) return false;
    const unsigned long n = ++calls;
    const bool hit = at && n >= at && n <= last;
    if (hit) trace();
    return hit;
}

/* ---- memory ---- */

/* dlsym asks for memory before it has found who gives it. */
static char first_bytes[1 << 16];
static size_t first_used;

static void *first_room(size_t n)
{
    n = (n + 15) & ~(size_t)15;
    if (n > sizeof first_bytes - first_used) abort();
    void *p = first_bytes + first_used;
    first_used += n;
    return p;
}

static bool is_first(const void *p)
{
    return (const char *)p >= first_bytes && (const char *)p < first_bytes + sizeof first_bytes;
}

static void *(*real_malloc)(size_t), *(*real_calloc)(size_t, size_t), *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

static void find_memory(void)
{
    static bool looking;
    if (looking) return;
    looking = true;
    *(void **)&real_calloc = dlsym(RTLD_NEXT, "calloc");
    *(void **)&real_realloc = dlsym(RTLD_NEXT, "realloc");
    *(void **)&real_free = dlsym(RTLD_NEXT, "free");
    *(void **)&real_malloc = dlsym(RTLD_NEXT, "malloc");
}

static void *refused(void)
{
    errno = ENOMEM;
    return NULL;
}

static atomic_ulong held;

static void *counted(void *p)
{
    if (p && kind == KIND_ROOM) held += malloc_usable_size(p);
    return p;
}

/* before: what p has already. */
static bool too_much(size_t n, size_t before)
{
    const unsigned long now = held;
    if (kind == KIND_ROOM && now > calls) calls = now;
    const bool refuse = kind == KIND_ROOM && at && n > before && now + (n - before) > at;
    if (refuse) trace();
    return refuse;
}

static bool refuses(size_t n, size_t before) { return hits(KIND_ALLOC) || too_much(n, before); }

void *malloc(size_t n)
{
    if (!real_malloc) find_memory();
    if (!real_malloc) return first_room(n);
    return refuses(n, 0) ? refused() : counted(real_malloc(n));
}

void *calloc(size_t count, size_t size)
{
    if (!real_malloc) find_memory();
    if (!real_malloc) return first_room(count * size);
    return refuses(count * size, 0) ? refused() : counted(real_calloc(count, size));
}

void *realloc(void *p, size_t n)
{
    if (!real_malloc) find_memory();
    if (is_first(p) || !real_malloc) abort();
    const size_t before = p && kind == KIND_ROOM ? malloc_usable_size(p) : 0;
    if (refuses(n, before)) return refused();
    void *grown = real_realloc(p, n);
    if (grown || n == 0) held -= before;
    return counted(grown);
}

void free(void *p)
{
    if (is_first(p) || !real_free) return;
    if (p && kind == KIND_ROOM) held -= malloc_usable_size(p);
    real_free(p);
}

/* ---- files ---- */

#define REAL(name, ...)                                                                                                \
    static ssize_t (*real)(__VA_ARGS__);                                                                               \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

static bool is_file(int fd)
{
    struct stat s;
    return fd > STDERR_FILENO && fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
}

static bool is_wanted(int fd)
{
    struct stat s;
    return fstat(fd, &s) == 0 && s.st_ino == wanted.st_ino && s.st_dev == wanted.st_dev;
}

/* How many of n bytes are taken; negative: none, with errno. */
static ssize_t taken(int fd, size_t n)
{
    if ((kind != KIND_FULL && kind != KIND_SHORT) || n < 2 || !is_file(fd)) return (ssize_t)n;
    if (hits(KIND_FULL)) {
        errno = ENOSPC;
        return -1;
    }
    return hits(KIND_SHORT) ? 1 : (ssize_t)n;
}

ssize_t write(int fd, const void *p, size_t n)
{
    REAL("write", int, const void *, size_t);
    const ssize_t some = taken(fd, n);
    return some < 0 ? -1 : real(fd, p, (size_t)some);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t off)
{
    REAL("pwrite", int, const void *, size_t, off_t);
    const ssize_t some = taken(fd, n);
    return some < 0 ? -1 : real(fd, p, (size_t)some, off);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t off)
{
    REAL("pwrite64", int, const void *, size_t, off64_t);
    const ssize_t some = taken(fd, n);
    return some < 0 ? -1 : real(fd, p, (size_t)some, off);
}

static bool fails(int fd)
{
    if (kind != KIND_READ || !is_wanted(fd) || !hits(KIND_READ)) return false;
    errno = EIO;
    return true;
}

ssize_t read(int fd, void *p, size_t n)
{
    REAL("read", int, void *, size_t);
    return fails(fd) ? -1 : real(fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t off)
{
    REAL("pread", int, void *, size_t, off_t);
    return fails(fd) ? -1 : real(fd, p, n, off);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t off)
{
    REAL("pread64", int, void *, size_t, off64_t);
    return fails(fd) ? -1 : real(fd, p, n, off);
}

/* ---- time ---- */

static int jumped(int done, struct timespec *t)
{
    if (done == 0 && hits(KIND_CLOCK)) t->tv_sec -= DAY;
    return done;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    return jumped(real(id, t), t);
}

time_t time(time_t *out)
{
    struct timespec t = {0};
    if (clock_gettime(CLOCK_REALTIME, &t) != 0) return (time_t)-1;
    if (out) *out = t.tv_sec;
    return t.tv_sec;
}
