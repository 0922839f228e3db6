#include "content/content_file.h"
#include "base/buf.h"

enum { PATH_BYTES_MAX = 4096, PARTS_MAX = 64 };

static bool is_separator(char c) { return c == '/' || c == '\\'; }

/* The names of the path without drive and empty ones. False when it is none that leads below a folder. */
static bool parts_of(sv path, sv *part, size_t *n)
{
    *n = 0;
    if (path.n >= 2 && path.p[1] == ':') path = (sv){path.p + 2, path.n - 2};
    for (size_t i = 0; i < path.n;) {
        size_t from = i;
        while (i < path.n && !is_separator(path.p[i])) {
            unsigned char c = (unsigned char)path.p[i++];
            if (c < ' ' || c == ':') return false;
        }
        sv name = {path.p + from, i - from};
        if (i < path.n) i++;
        if (name.n == 0 || sv_eq(name, SV_LIT("."))) continue;
        if (sv_eq(name, SV_LIT("..")) || *n == PARTS_MAX) return false;
        part[(*n)++] = name;
    }
    return *n > 0;
}

content_end content_file_open(const char *folder, sv path, os_file **out)
{
    sv part[PARTS_MAX];
    size_t parts;
    *out = NULL;
    if (path.n > PATH_BYTES_MAX || !parts_of(path, part, &parts)) return CONTENT_HOSTILE;
    buf full = buf_new(strlen(folder) + PATH_BYTES_MAX + PARTS_MAX + 2);
    for (size_t first = 0; first < parts && !*out; first++) {
        const char *why;
        buf_clear(&full);
        buf_str(&full, folder);
        for (size_t i = first; i < parts; i++) {
            buf_char(&full, '/');
            buf_sv(&full, part[i]);
        }
        buf_char(&full, '\0');
        if (!full.failed && os_exists(full.p)) *out = os_open_read(full.p, &why);
    }
    buf_free(&full);
    return *out ? CONTENT_OPEN : CONTENT_MISSING;
}
