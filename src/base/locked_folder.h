/* A folder that one process at a time writes.
 *
 * A file in it, the marker, begins with a text of ours and is locked as long as that process lives, however it ends. Whoever
 * holds the lock owns the folder; nothing in it is removed or made without. An empty folder may be taken by whoever makes its
 * marker first. One with a marker of ours that nobody holds was left by a process that died: it is cleared and taken over,
 * marker and all, so that it never is without one. Any other folder is somebody's, and left alone. */
#ifndef BASE_LOCKED_FOLDER_H
#define BASE_LOCKED_FOLDER_H

#include "base/platform.h"

typedef struct locked_folder {
    const char *path;   /* borrowed; the folder above it is there */
    const char *marker; /* borrowed; path of the marker */
    sv begins;          /* borrowed; at most LOCKED_FOLDER_BEGINS_MAX bytes */
    os_out *held;       /* the marker, open and locked, `begins` written to it; NULL: not ours */
} locked_folder;

enum { LOCKED_FOLDER_BEGINS_MAX = 512 };

typedef enum {
    LOCKED_FOLDER_TAKEN,
    LOCKED_FOLDER_TAKEN_OVER, /* what a dead process had left in it was removed */
    LOCKED_FOLDER_ANOTHERS,   /* a living process' or somebody's; also a file of that name */
    LOCKED_FOLDER_FAILED      /* *why; nothing of ours is left */
} locked_folder_end;

locked_folder_end locked_folder_take(locked_folder *l, const char **why);
/* Removes the folder that a dead process has left, when its marker holds all of `begins`: a living one may not have come so
 * far yet. False: there is none, or not all of it could be removed. */
bool locked_folder_sweep(locked_folder *l);

/* Nothing is in it but the marker. */
bool locked_folder_is_empty(const locked_folder *l);
/* Gives it its final name, which must not exist, and lets go. marker: the path of the marker then, to be removed; NULL: it is
 * part of what was written. As long as the folder has the old name the marker is in it: nobody else can make one there. False:
 * it could not have the name, and is left to its user. */
bool locked_folder_rename(locked_folder *l, const char *to, const char *marker, const char **why);
/* Removes it with everything in it, the marker last; lets go. False: something is left, and with it the marker, by which the
 * next process knows that it may clear the folder; or it is not ours. */
bool locked_folder_remove(locked_folder *l);
/* Leaves it to its user: without its marker it is nobody's to clear. Lets go. */
void locked_folder_leave(locked_folder *l);
/* Leaves it as it is, for whoever comes next. */
void locked_folder_let_go(locked_folder *l);

#endif
