#include "base/locked_folder.h"
#include "base/path.h"

/* ---- whose it is ---- */

/* How much of `begins` the marker holds; -1: it holds something else, or is no file. Who dies right behind making it leaves it
 * empty. */
static int held_of_begins(const locked_folder *l)
{
    const char *why;
    char text[LOCKED_FOLDER_BEGINS_MAX];
    size_t got = 0;
    if (l->begins.n > sizeof text) return -1;
    os_file *f = os_is_link(l->marker) ? NULL : os_open_read(l->marker, &why);
    bool ok = f && os_read_at(f, 0, text, l->begins.n, &got, &why) && memcmp(text, l->begins.p, got) == 0;
    os_close_read(f);
    return ok ? (int)got : -1;
}

typedef struct other {
    sv marker;
    bool found;
} other;

static bool see_other(void *ctx, const char *name)
{
    other *o = ctx;
    o->found |= !sv_eq(sv_from(name), o->marker);
    return !o->found;
}

/* Also when it cannot be listed. */
static bool holds_others(const locked_folder *l)
{
    const char *why;
    other o = {.marker = folder_name(sv_from(l->marker))};
    return !os_list_folder(l->path, see_other, &o, &why) || o.found;
}

static bool remove_others(const locked_folder *l)
{
    return os_empty_folder(l->path, folder_name(sv_from(l->marker)).p);
}

bool locked_folder_is_empty(const locked_folder *l) { return !holds_others(l); }

/* ---- taking it ---- */

void locked_folder_let_go(locked_folder *l)
{
    const char *why;
    if (l->held) (void)os_close(l->held, &why);
    l->held = NULL;
}

void locked_folder_leave(locked_folder *l)
{
    const char *why;
    if (l->held) (void)(os_settle(l->held, &why) && os_remove(l->marker));
    locked_folder_let_go(l);
}

bool locked_folder_remove(locked_folder *l)
{
    const char *why;
    if (!l->held) return false;
    bool gone = os_settle(l->held, &why) && remove_others(l) && (os_remove(l->marker) || !os_exists(l->marker));
    /* Without its marker it is an empty folder: somebody may have taken it by now, or removed it. */
    gone = gone && (os_remove(l->path) || os_exists(l->marker) || !os_exists(l->path));
    locked_folder_let_go(l);
    return gone;
}

/* The lock of a marker that is there, of ours and at least so long. Asked before as well, for what is not ours is not even
 * locked for a moment. */
static bool lock_dead(locked_folder *l, int least, const char **why)
{
    if (held_of_begins(l) < least) return false;
    l->held = os_open_locked(l->marker, why);
    if (l->held && held_of_begins(l) < least) locked_folder_let_go(l);
    return l->held != NULL;
}

static locked_folder_end take_over(locked_folder *l, const char **why)
{
    const bool left = holds_others(l);
    if (!remove_others(l)) {
        locked_folder_let_go(l);
        return LOCKED_FOLDER_ANOTHERS;
    }
    if (os_cut(l->held, why) && os_write(l->held, l->begins.p, l->begins.n, why))
        return left ? LOCKED_FOLDER_TAKEN_OVER : LOCKED_FOLDER_TAKEN;
    (void)locked_folder_remove(l);
    return LOCKED_FOLDER_FAILED;
}

static locked_folder_end take_empty(locked_folder *l, const char **why)
{
    l->held = os_create_locked(l->marker, why);
    if (!l->held) return os_exists(l->marker) ? LOCKED_FOLDER_ANOTHERS : LOCKED_FOLDER_FAILED;
    if (os_write(l->held, l->begins.p, l->begins.n, why)) return LOCKED_FOLDER_TAKEN;
    (void)locked_folder_remove(l);
    return LOCKED_FOLDER_FAILED;
}

static locked_folder_end try_it(locked_folder *l, const char **why)
{
    const bool made = os_make_folder(l->path, why);
    if (!made && !os_exists(l->path)) return LOCKED_FOLDER_FAILED;
    if (!made && (os_is_link(l->path) || !os_is_folder(l->path))) return LOCKED_FOLDER_ANOTHERS;
    locked_folder_end end = LOCKED_FOLDER_ANOTHERS;
    if (os_exists(l->marker))
        end = lock_dead(l, 0, why) ? take_over(l, why) : LOCKED_FOLDER_ANOTHERS;
    else if (!holds_others(l))
        end = take_empty(l, why);
    if (made && !l->held) (void)os_remove(l->path);
    return end;
}

locked_folder_end locked_folder_take(locked_folder *l, const char **why)
{
    /* What is another's now may be finished or given up in the same moment, and a lock may be looked at by os_is_locked. */
    enum { TRIES = 4 };
    locked_folder_end end = LOCKED_FOLDER_FAILED;
    l->held = NULL;
    for (unsigned i = 0; i < TRIES && !l->held; i++) end = try_it(l, why);
    return end;
}

bool locked_folder_sweep(locked_folder *l)
{
    const char *why;
    l->held = NULL;
    return !os_is_link(l->path) && lock_dead(l, (int)l->begins.n, &why) && locked_folder_remove(l);
}

/* ---- finishing it ---- */

bool locked_folder_rename(locked_folder *l, const char *to, const char *marker, const char **why)
{
    if (!os_settle(l->held, why)) return false;
    if (!os_rename(l->path, to, why)) {
        if (marker) locked_folder_leave(l);
        return false;
    }
    locked_folder_let_go(l);
    if (!marker || os_remove(marker)) return true;
    *why = "it has its name, but the mark of an unfinished folder could not be removed from it";
    return false;
}
