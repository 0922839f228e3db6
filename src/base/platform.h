/* The only door to the operating system: files, folders, console, clock, environment, threads. One implementation per
 * system (platform_posix.c; platform_win.c and its two companions), and no other file may call these services. Paths are
 * UTF-8 everywhere, with '/' between names. */
#ifndef BASE_PLATFORM_H
#define BASE_PLATFORM_H

#include "base/sv.h"
#include <stdint.h>

/* Reasons (`why`) are set by what fails; what succeeds leaves them as they are. */

/* ---- files to read ---- */

typedef struct os_file os_file;

/* Opens for reading only, with full sharing; NULL and *why (static or thread-local text) when it cannot. A folder is
 * refused. */
os_file *os_open_read(const char *path, const char **why);
void os_close_read(os_file *f);
uint64_t os_file_size(const os_file *f);
/* Reads up to n bytes at off, fewer only at the end of the file; *got says how many. False and *why on a read error.
 * Safe from several threads at once. */
bool os_read_at(os_file *f, uint64_t off, void *p, size_t n, size_t *got, const char **why);

/* A file without a name, empty, for this process and its owner only: gone when it is closed, however the process ends. It
 * grows at its end and is read like any other. */
os_file *os_create_nameless(const char *folder, const char **why);
bool os_append(os_file *f, const void *p, size_t n, const char **why);
/* Overwrites bytes that were appended before. */
bool os_overwrite(os_file *f, uint64_t off, const void *p, size_t n, const char **why);
const char *os_temp_folder(void);

/* ---- files to write ---- */

typedef struct os_out os_out;

/* Creates the file; refuses one that exists. */
os_out *os_create(const char *path, const char **why);
bool os_write(os_out *f, const void *p, size_t n, const char **why);
/* Overwrites bytes that were written before; what os_write adds still goes to the end. */
bool os_write_at(os_out *f, uint64_t off, const void *p, size_t n, const char **why);
/* Writes through to the system and closes; false when that failed (a full disk may show only here). */
bool os_close(os_out *f, const char **why);

/* As os_create; the file stays locked until it is closed or the process ends, however it ends. Where the lock could not be
 * had, the file stays: somebody else has it. */
os_out *os_create_locked(const char *path, const char **why);
/* A file that is there, not a link, locked in the same way; what it holds stays until it is cut. */
os_out *os_open_locked(const char *path, const char **why);
bool os_cut(os_out *f, const char **why); /* to nothing; what is written next is its beginning */
bool os_is_locked(const char *path);      /* by whoever made it so; false when there is no such file */
/* No more is written to it, and the folder that it lies in may be renamed. It stays locked until it is closed. */
bool os_settle(os_out *f, const char **why);

bool os_is_folder(const char *path);
bool os_is_link(const char *path); /* leads to another file or folder; false when there is no such path */
bool os_exists(const char *path);
bool os_make_folder(const char *path, const char **why);            /* one level; an existing folder is an error */
bool os_rename(const char *from, const char *to, const char **why); /* `to` must not exist */
bool os_remove(const char *path);                                   /* file or empty folder */
/* The folder with everything in it; a link in it is removed, not followed. False when something is left. */
bool os_remove_tree(const char *path);
/* The same of what is in it; the file of this name stays. */
bool os_empty_folder(const char *path, const char *but);
/* What was written to the file, or the names in the folder, has reached the disk. */
bool os_sync(const char *path, const char **why);
/* Calls visit for each entry of the folder except . and .. until it returns false. */
bool os_list_folder(const char *path, bool (*visit)(void *ctx, const char *name), void *ctx, const char **why);
uint64_t os_free_space(const char *folder); /* bytes; UINT64_MAX when unknown */

/* The path for libraries that open files by name themselves, in the form that the system sets no limits to; to be freed.
 * NULL when memory is out or the name is none. */
char *os_native_path(const char *path);
/* A path as its user wrote it, as one of ours: '/' between names. Valid as long as the process; NULL: memory is out. */
const char *os_own_path(const char *path);

/* ---- console ---- */

typedef enum { OS_STDOUT = 1, OS_STDERR = 2 } os_stream;
void os_print(os_stream to, sv text); /* UTF-8; loss of the reader (closed pipe) is remembered, see os_print_failed */
bool os_print_failed(os_stream to);
bool os_is_terminal(os_stream s);
unsigned os_terminal_width(void); /* columns; 80 when unknown */
/* Asks at the terminal and reads a line of at most room - 1 bytes without showing it; its line end is not in it, NUL
 * stands behind it. False and *why when nobody sits at a terminal, or the line is longer. */
bool os_ask_secret(const char *prompt, char *out, size_t room, const char **why);
/* A line of standard input without its end, NUL behind it; of one that is longer, the beginning. False at the end. */
bool os_read_line(char *out, size_t room);
/* Whether the window that this process prints to closes with it, as after a double-click. */
bool os_own_window(void);

/* ---- process ---- */

/* Files and folders that this process makes from now on, also those that libraries make, are for their owner only. */
void os_keep_private(void);

/* The words of the command line in UTF-8, from what main was given; valid as long as the process. */
char **os_arguments(int *argc, char **argv);
const char *os_env(const char *name); /* NULL when not set */
/* The path of the running program, NUL behind it; its length, 0 when it cannot be had or has no room. */
size_t os_program_path(char *out, size_t room);
uint64_t os_ticks_ms(void);   /* monotonic */
int64_t os_now_seconds(void); /* Unix time, UTC */
unsigned os_cpus(void);       /* usable by this process, at least 1 */
/* After this, an interrupt (Ctrl-C, SIGTERM) sets the flag that os_interrupted returns; a second one ends the process. Called where
 * there is something to put away: while a source is opened, which leaves nothing behind, the first one ends the process. */
void os_catch_interrupts(void);
bool os_interrupted(void);

/* Between these calls the C library takes text for UTF-8 on this thread, whatever the user's language: for libraries that
 * turn names into the locale's characters. */
typedef struct os_locale os_locale;
os_locale *os_utf8_begin(void); /* NULL when the system has no such locale */
void os_utf8_end(os_locale *l); /* l may be NULL */

/* What the system says of a double-byte code page: 932, 936, 949 or 950. */
typedef struct os_double_byte {
    uint16_t single[256];    /* the character of a byte that stands alone; 0: none, or it begins a pair */
    uint16_t pair[128][256]; /* that of a pair, by its first byte - 0x80; 0: none */
} os_double_byte;
bool os_double_byte_table(unsigned page, os_double_byte *out); /* false: the system does not have it */

/* ---- threads ---- */

typedef struct thread thread;
typedef struct mutex mutex;
typedef struct condition condition;

thread *thread_start(void (*run)(void *), void *arg); /* NULL when it cannot */
void thread_join(thread *t);                          /* and frees it */
/* From here on the calling thread gives way to the others, of this program too, as far as the system has such an order; on
 * the main thread it must not be called. */
void thread_stand_back(void);
mutex *mutex_new(void);
void mutex_free(mutex *m); /* m may be NULL */
void mutex_lock(mutex *m);
void mutex_unlock(mutex *m);
condition *condition_new(void);
void condition_free(condition *c); /* c may be NULL */
void condition_wait(condition *c, mutex *held);
void condition_wake_all(condition *c);

#endif
