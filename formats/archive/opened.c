#include "archive/opened.h"
#include "archive/input.h"
#include "archive/member_name.h"
#include "base/limits.h"
#include <archive_entry.h>
#include <stdlib.h>

struct archive_in {
    struct archive *a;
    archive_input in;
    buf name;
    const char *why;
    bool opened;
};

archive_in *archive_in_new(byte_source *file, const char *passphrase, findings *f)
{
    archive_in *a = calloc(1, sizeof *a);
    if (!a) return NULL;
    a->name = buf_new(65536);
    a->why = "";
    a->a = archive_read_new();
    /* By the list of members at the end: a file that was cut off has none. */
    bool ok =
        a->a && archive_input_new(&a->in, file, f) && archive_read_support_format_zip_seekable(a->a) == ARCHIVE_OK;
    ok = ok && (!passphrase || archive_read_add_passphrase(a->a, passphrase) == ARCHIVE_OK);
    if (ok) return a;
    archive_in_free(a);
    return NULL;
}

void archive_in_free(archive_in *a)
{
    if (!a) return;
    if (a->a) archive_read_free(a->a);
    archive_input_free(&a->in);
    buf_free(&a->name);
    free(a);
}

static archive_in_state end_with(archive_in *a, archive_in_state s, const char *why)
{
    a->why = why;
    return s;
}

static archive_in_state broken(archive_in *a)
{
    const char *why = archive_error_string(a->a);
    if (a->in.failed) return end_with(a, ARCHIVE_IN_FAILED, "it could not be read");
    if (!why) why = "it makes no sense";
    /* The library has one code for all; these are its words for a passphrase that is wrong or is not there. */
    bool locked = strstr(why, "assphrase") != NULL;
    return end_with(a, locked ? ARCHIVE_IN_PASSPHRASE : ARCHIVE_IN_BROKEN, why);
}

static const char *unsafe(const archive_in *a, struct archive_entry *e)
{
    if (archive_entry_hardlink(e) || archive_entry_symlink(e)) return "a link to another file";
    if (archive_entry_filetype(e) != AE_IFREG) return "no file";
    return archive_unwritable_name(buf_view(&a->name));
}

static bool is_folder(struct archive_entry *e)
{
    return archive_entry_filetype(e) == AE_IFDIR && !archive_entry_symlink(e) && !archive_entry_hardlink(e);
}

archive_in_state archive_in_next(archive_in *a, sv *name)
{
    struct archive_entry *e;
    *name = (sv){NULL, 0};
    if (!a->opened && archive_input_open(a->a, &a->in) != ARCHIVE_OK) return broken(a);
    a->opened = true;
    for (;;) {
        int r = archive_read_next_header(a->a, &e);
        if (r == ARCHIVE_EOF) return ARCHIVE_IN_END;
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN) return broken(a);
        if (is_folder(e)) continue;
        const char *text = archive_entry_pathname_utf8(e);
        if (!text) text = archive_entry_pathname(e);
        buf_clear(&a->name);
        buf_str(&a->name, text ? text : "");
        if (a->name.failed) return end_with(a, ARCHIVE_IN_UNSAFE, "named too long");
        *name = buf_view(&a->name);
        const char *why = unsafe(a, e);
        return why ? end_with(a, ARCHIVE_IN_UNSAFE, why) : ARCHIVE_IN_OK;
    }
}

archive_in_state archive_in_read(archive_in *a, void *to, size_t room, size_t *got)
{
    la_ssize_t n = archive_read_data(a->a, to, room);
    *got = n > 0 ? (size_t)n : 0;
    if (n < 0) return broken(a);
    return n ? ARCHIVE_IN_OK : ARCHIVE_IN_END;
}

const char *archive_in_why(const archive_in *a) { return a->why; }
