#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sched_getaffinity: the processors this process may use, not those the machine has; flock */
#endif
#include "base/platform.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* strerror is not safe between threads; strerror_r comes in two kinds. Each thread keeps its own last text. */
static const char *error_text(int code)
{
    static _Thread_local char text[128];
    const char *s = strerror_r(code, text, sizeof text);
    return s ? s : "unknown error";
}

static volatile sig_atomic_t interrupts;

struct os_file {
    int fd;
    uint64_t size;
};

os_file *os_open_read(const char *path, const char **why)
{
    os_file *f = malloc(sizeof *f);
    if (!f) {
        *why = error_text(ENOMEM);
        return NULL;
    }
    struct stat st;
    f->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (f->fd < 0 || fstat(f->fd, &st) != 0) {
        *why = error_text(errno);
    } else if (S_ISDIR(st.st_mode)) {
        *why = "it is a folder";
    } else if (!S_ISREG(st.st_mode)) {
        *why = "it is not a regular file";
    } else {
        f->size = (uint64_t)st.st_size;
        return f;
    }
    if (f->fd >= 0) close(f->fd);
    free(f);
    return NULL;
}

void os_close_read(os_file *f)
{
    if (!f) return;
    close(f->fd);
    free(f);
}

uint64_t os_file_size(const os_file *f) { return f->size; }

bool os_read_at(os_file *f, uint64_t off, void *p, size_t n, size_t *got, const char **why)
{
    *got = 0;
    while (*got < n) {
        if (off + *got > (uint64_t)INT64_MAX) break;
        ssize_t r = pread(f->fd, (char *)p + *got, n - *got, (off_t)(off + *got));
        if (r == 0) break;
        if (r < 0 && errno == EINTR) continue;
        if (r < 0) {
            *why = error_text(errno);
            return false;
        }
        *got += (size_t)r;
    }
    return true;
}

const char *os_temp_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

/* mkstemp makes it readable and writable for its owner only. */
os_file *os_create_nameless(const char *folder, const char **why)
{
    static const char leaf[] = "/chartferry-work-XXXXXX";
    size_t n = strlen(folder);
    os_file *f = malloc(sizeof *f);
    char *path = malloc(n + sizeof leaf);
    if (f && path) {
        /* Where the file system can, it never has a name; elsewhere it has one until the next call. */
        f->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        f->size = 0;
        if (f->fd >= 0) {
            free(path);
            return f;
        }
        memcpy(path, folder, n);
        memcpy(path + n, leaf, sizeof leaf);
        f->fd = mkostemp(path, O_CLOEXEC);
        if (f->fd >= 0 && unlink(path) == 0) {
            free(path);
            return f;
        }
        *why = error_text(errno);
        if (f->fd >= 0) close(f->fd);
    } else
        *why = error_text(ENOMEM);
    free(path);
    free(f);
    return NULL;
}

/* All n bytes, at off; off < 0: where the file is. */
static bool write_whole(int fd, off_t off, const void *p, size_t n, const char **why)
{
    for (size_t done = 0; done < n;) {
        const char *from = (const char *)p + done;
        ssize_t r = off < 0 ? write(fd, from, n - done) : pwrite(fd, from, n - done, off + (off_t)done);
        if (r < 0 && errno == EINTR) continue;
        if (r < 0) {
            *why = error_text(errno);
            return false;
        }
        done += (size_t)r;
    }
    return true;
}

bool os_overwrite(os_file *f, uint64_t off, const void *p, size_t n, const char **why)
{
    return write_whole(f->fd, (off_t)off, p, n, why);
}

bool os_append(os_file *f, const void *p, size_t n, const char **why)
{
    if (!os_overwrite(f, f->size, p, n, why)) return false;
    f->size += n;
    return true;
}

struct os_out {
    int fd;
};

static os_out *open_out(int folder, const char *path, int flags, const char **why)
{
    os_out *f = malloc(sizeof *f);
    if (!f) {
        *why = error_text(ENOMEM);
        return NULL;
    }
    /* Owner only: what is written holds patients' data. */
    f->fd = openat(folder, path, O_WRONLY | O_CLOEXEC | flags, 0600);
    if (f->fd >= 0) return f;
    *why = error_text(errno);
    free(f);
    return NULL;
}

os_out *os_create(const char *path, const char **why) { return open_out(AT_FDCWD, path, O_CREAT | O_EXCL, why); }

bool os_write(os_out *f, const void *p, size_t n, const char **why) { return write_whole(f->fd, -1, p, n, why); }

bool os_write_at(os_out *f, uint64_t off, const void *p, size_t n, const char **why)
{
    return write_whole(f->fd, (off_t)off, p, n, why);
}

bool os_close(os_out *f, const char **why)
{
    bool ok = close(f->fd) == 0;
    if (!ok) *why = error_text(errno);
    free(f);
    return ok;
}

/* Whether path still leads to it: somebody who held the lock may have removed the file, or renamed its folder. */
static bool leads_to(const char *path, int fd)
{
    struct stat ours, there;
    return fstat(fd, &ours) == 0 && lstat(path, &there) == 0 && S_ISREG(ours.st_mode) && ours.st_dev == there.st_dev &&
           ours.st_ino == there.st_ino;
}

static bool lock(const os_out *f, const char *path, const char **why)
{
    if (flock(f->fd, LOCK_EX | LOCK_NB) != 0)
        *why = error_text(errno);
    else if (!leads_to(path, f->fd))
        *why = error_text(EWOULDBLOCK);
    else
        return true;
    return false;
}

/* A folder that is renamed while a file is being made in it has the file then, and nobody knows of it: it has a name, but no lock,
 * and is empty, as nobody who takes over a file leaves it. */
static void remove_stray(int folder, const char *name, int fd)
{
    struct stat st;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 && st.st_nlink && !st.st_size)
        (void)unlinkat(folder, name, 0);
}

os_out *os_create_locked(const char *path, const char **why)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *ignored;
    char *above = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int folder = above ? open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (folder < 0) *why = error_text(above ? errno : ENOMEM);
    free(above);
    os_out *f = folder < 0 ? NULL : open_out(folder, name, O_CREAT | O_EXCL, why);
    if (f && !lock(f, path, why)) {
        if (!leads_to(path, f->fd)) remove_stray(folder, name, f->fd);
        (void)os_close(f, &ignored);
        f = NULL;
    }
    if (folder >= 0) close(folder);
    return f;
}

os_out *os_open_locked(const char *path, const char **why)
{
    const char *ignored;
    os_out *f = open_out(AT_FDCWD, path, O_NOFOLLOW | O_NONBLOCK, why);
    if (!f || lock(f, path, why)) return f;
    (void)os_close(f, &ignored);
    return NULL;
}

bool os_cut(os_out *f, const char **why)
{
    if (ftruncate(f->fd, 0) == 0 && lseek(f->fd, 0, SEEK_SET) == 0) return true;
    *why = error_text(errno);
    return false;
}

bool os_is_locked(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return false;
    bool locked = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return locked;
}

/* An open file does not keep its folder from being renamed here. */
bool os_settle(os_out *f, const char **why)
{
    (void)f, (void)why;
    return true;
}

bool os_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool os_is_link(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

bool os_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

bool os_make_folder(const char *path, const char **why)
{
    if (mkdir(path, 0700) == 0) return true;
    *why = error_text(errno);
    return false;
}

bool os_rename(const char *from, const char *to, const char **why)
{
    if (os_exists(to)) {
        *why = error_text(EEXIST);
        return false;
    }
    if (rename(from, to) == 0) return true;
    *why = error_text(errno);
    return false;
}

bool os_remove(const char *path) { return remove(path) == 0; }

bool os_sync(const char *path, const char **why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok) *why = error_text(errno);
    if (fd >= 0) close(fd);
    return ok;
}

/* Folders that this program makes are three deep; deeper ones are not ours. */
enum { TREE_DEPTH_MAX = 16 };

static bool empty_tree(int folder, const char *but, unsigned depth);

static bool remove_entry(int folder, const char *name, unsigned depth)
{
    if (unlinkat(folder, name, 0) == 0) return true;
    if ((errno != EISDIR && errno != EPERM) || depth == TREE_DEPTH_MAX) return false;
    int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return inner >= 0 && empty_tree(inner, NULL, depth + 1) && unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

/* Closes folder; but may be NULL. Removing while listing may make entries be passed over: listed again until nothing more goes. */
static bool empty_tree(int folder, const char *but, unsigned depth)
{
    DIR *d = fdopendir(folder);
    if (!d) {
        close(folder);
        return false;
    }
    bool left = false;
    for (bool removed = true; removed;) {
        removed = left = false;
        rewinddir(d);
        for (struct dirent *e; (e = readdir(d));) {
            if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
            if (but && strcmp(e->d_name, but) == 0) continue;
            bool gone = remove_entry(dirfd(d), e->d_name, depth);
            removed |= gone;
            left |= !gone;
        }
    }
    closedir(d);
    return !left;
}

bool os_empty_folder(const char *path, const char *but)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return folder >= 0 && empty_tree(folder, but, 0);
}

bool os_remove_tree(const char *path) { return os_empty_folder(path, NULL) && rmdir(path) == 0; }

bool os_list_folder(const char *path, bool (*visit)(void *ctx, const char *name), void *ctx, const char **why)
{
    DIR *d = opendir(path);
    if (!d) {
        *why = error_text(errno);
        return false;
    }
    for (struct dirent *e; (e = readdir(d));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (!visit(ctx, e->d_name)) break;
    }
    closedir(d);
    return true;
}

uint64_t os_free_space(const char *folder)
{
    struct statvfs v;
    return statvfs(folder, &v) == 0 ? (uint64_t)v.f_bavail * v.f_frsize : UINT64_MAX;
}

char *os_native_path(const char *path) { return strdup(path); }
const char *os_own_path(const char *path) { return path; }

static bool print_failed[3];

void os_print(os_stream to, sv text)
{
    for (size_t done = 0; done < text.n && !print_failed[to];) {
        ssize_t r = write((int)to, text.p + done, text.n - done);
        if (r < 0 && errno == EINTR) continue;
        if (r < 0)
            print_failed[to] = true;
        else
            done += (size_t)r;
    }
}

bool os_print_failed(os_stream to) { return print_failed[to]; }
bool os_is_terminal(os_stream s) { return isatty((int)s) == 1; }

unsigned os_terminal_width(void)
{
    struct winsize w;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

/* A line of the terminal, byte by byte: nothing of it stays in a buffer of the C library. */
static bool read_line(int fd, char *out, size_t room, const char **why)
{
    size_t n = 0;
    for (char c; n < room;) {
        ssize_t r = read(fd, &c, 1);
        if (r < 0 && errno == EINTR && !interrupts) continue;
        if (r != 1) {
            *why = r < 0 ? error_text(errno) : "nothing was typed";
            return false;
        }
        if (c == '\n') {
            out[n] = '\0';
            return true;
        }
        out[n++] = c;
    }
    *why = "it is too long";
    return false;
}

bool os_ask_secret(const char *prompt, char *out, size_t room, const char **why)
{
    struct termios before, silent;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        *why = "there is no terminal to ask at";
        if (fd >= 0) close(fd);
        return false;
    }
    silent = before;
    silent.c_lflag &= (tcflag_t) ~(unsigned)ECHO;
    silent.c_lflag |= ICANON | ECHONL;
    /* Unseen first: whoever reads the question may answer at once. */
    bool ok = tcsetattr(fd, TCSAFLUSH, &silent) == 0 && write(fd, prompt, strlen(prompt)) >= 0;
    if (!ok) *why = error_text(errno);
    ok = ok && read_line(fd, out, room, why);
    (void)tcsetattr(fd, TCSADRAIN, &before);
    close(fd);
    return ok;
}

bool os_read_line(char *out, size_t room)
{
    size_t n = 0;
    bool any = false;
    for (char c;; any = true) {
        ssize_t r = read(STDIN_FILENO, &c, 1);
        if (r < 0 && errno == EINTR && !interrupts) continue;
        if (r != 1 || c == '\n') {
            out[n] = '\0';
            return r == 1 || (r == 0 && any);
        }
        if (n + 1 < room) out[n++] = c;
    }
}

bool os_own_window(void) { return false; }

void os_keep_private(void) { (void)umask(077); }

char **os_arguments(int *argc, char **argv)
{
    (void)argc;
    return argv;
}

const char *os_env(const char *name) { return getenv(name); }

size_t os_program_path(char *out, size_t room)
{
    ssize_t n = readlink("/proc/self/exe", out, room);
    if (n <= 0 || (size_t)n >= room) return 0;
    out[n] = '\0';
    return (size_t)n;
}

uint64_t os_ticks_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

int64_t os_now_seconds(void) { return (int64_t)time(NULL); }

unsigned os_cpus(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : (unsigned)n;
}

static void on_interrupt(int sig)
{
    if (interrupts) _exit(128 + sig);
    interrupts = 1;
}

void os_catch_interrupts(void)
{
    struct sigaction a = {.sa_handler = on_interrupt};
    sigemptyset(&a.sa_mask);
    sigaction(SIGINT, &a, NULL);
    sigaction(SIGTERM, &a, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool os_interrupted(void) { return interrupts != 0; }

struct os_locale {
    locale_t made, before;
};

os_locale *os_utf8_begin(void)
{
    os_locale *l = malloc(sizeof *l);
    if (!l) return NULL;
    l->made = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (l->made == (locale_t)0) {
        free(l);
        return NULL;
    }
    l->before = uselocale(l->made);
    return l;
}

void os_utf8_end(os_locale *l)
{
    if (!l) return;
    uselocale(l->before);
    freelocale(l->made);
    free(l);
}

/* What iconv makes of n bytes when that is one character, else 0. */
static uint16_t character_of(iconv_t cd, const unsigned char *p, size_t n)
{
    uint16_t c[4];
    char *from = (char *)(uintptr_t)p, *to = (char *)c;
    size_t room = sizeof c;
    bool whole = iconv(cd, &from, &n, &to, &room) != (size_t)-1 && n == 0 && room == sizeof c - sizeof *c;
    (void)iconv(cd, NULL, NULL, NULL, NULL);
    return whole ? c[0] : 0;
}

bool os_double_byte_table(unsigned page, os_double_byte *out)
{
    char name[16];
    uint16_t one = 1;
    bool little = *(unsigned char *)&one == 1;
    snprintf(name, sizeof name, "CP%u", page);
    iconv_t cd = iconv_open(little ? "UTF-16LE" : "UTF-16BE", name);
    if (cd == (iconv_t)-1) return false;
    memset(out, 0, sizeof *out);
    for (unsigned a = 0; a < 256; a++) {
        unsigned char c[2] = {(unsigned char)a, 0};
        out->single[a] = character_of(cd, c, 1);
        for (unsigned b = 0; a >= 0x80 && !out->single[a] && b < 256; b++) {
            c[1] = (unsigned char)b;
            out->pair[a - 0x80][b] = character_of(cd, c, 2);
        }
    }
    iconv_close(cd);
    return true;
}

struct thread {
    pthread_t id;
    void (*run)(void *);
    void *arg;
};
struct mutex {
    pthread_mutex_t m;
};
struct condition {
    pthread_cond_t c;
};

static void *thread_main(void *p)
{
    thread *t = p;
    t->run(t->arg);
    return NULL;
}

thread *thread_start(void (*run)(void *), void *arg)
{
    thread *t = malloc(sizeof *t);
    if (!t) return NULL;
    t->run = run;
    t->arg = arg;
    if (pthread_create(&t->id, NULL, thread_main, t) == 0) return t;
    free(t);
    return NULL;
}

void thread_join(thread *t)
{
    pthread_join(t->id, NULL);
    free(t);
}

/* POSIX means the whole process; under Linux each thread has a priority of its own. A step of ten is a tenth of the time
 * where somebody else wants it. */
void thread_stand_back(void)
{
#ifdef __linux__
    enum { STEP = 10 };
    errno = 0;
    int now = getpriority(PRIO_PROCESS, 0);
    if (errno == 0) (void)setpriority(PRIO_PROCESS, 0, now + STEP);
#endif
}

mutex *mutex_new(void)
{
    mutex *m = malloc(sizeof *m);
    if (m && pthread_mutex_init(&m->m, NULL) != 0) {
        free(m);
        m = NULL;
    }
    return m;
}

void mutex_free(mutex *m)
{
    if (!m) return;
    pthread_mutex_destroy(&m->m);
    free(m);
}

void mutex_lock(mutex *m) { pthread_mutex_lock(&m->m); }
void mutex_unlock(mutex *m) { pthread_mutex_unlock(&m->m); }

condition *condition_new(void)
{
    condition *c = malloc(sizeof *c);
    if (c && pthread_cond_init(&c->c, NULL) != 0) {
        free(c);
        c = NULL;
    }
    return c;
}

void condition_free(condition *c)
{
    if (!c) return;
    pthread_cond_destroy(&c->c);
    free(c);
}

void condition_wait(condition *c, mutex *held) { pthread_cond_wait(&c->c, &held->m); }
void condition_wake_all(condition *c) { pthread_cond_broadcast(&c->c); }
