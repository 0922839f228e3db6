#include "base/byte_source.h"
#include "base/platform.h"
#include <stdlib.h>

struct byte_source {
    os_file *file;    /* or */
    const uint8_t *p; /* memory; neither: opened for each read */
    bool borrowed;    /* the file is not closed here */
    uint64_t at;      /* in the file */
    uint64_t size;
    sv path;
    char text[];
};

static byte_source *make(const char *path)
{
    size_t n = strlen(path);
    byte_source *s = calloc(1, sizeof *s + n + 1);
    if (!s) return NULL;
    memcpy(s->text, path, n);
    s->path = (sv){s->text, n};
    return s;
}

byte_source *byte_source_file(const char *path, findings *f)
{
    const char *why = "out of memory";
    byte_source *s = make(path);
    if (s) s->file = os_open_read(path, &why);
    if (s && s->file) {
        s->size = os_file_size(s->file);
        return s;
    }
    find_at(f, F_OPEN_ERROR, sv_from(path), sv_from(why));
    free(s);
    return NULL;
}

byte_source *byte_source_parked(const char *path, findings *f)
{
    byte_source *s = byte_source_file(path, f);
    if (!s) return NULL;
    os_close_read(s->file);
    s->file = NULL;
    return s;
}

byte_source *byte_source_range(os_file *file, uint64_t at, uint64_t n, const char *name)
{
    byte_source *s = make(name);
    if (!s) return NULL;
    s->file = file;
    s->borrowed = true;
    s->at = at;
    s->size = n;
    return s;
}

byte_source *byte_source_memory(const void *p, size_t n, const char *name)
{
    byte_source *s = make(name);
    if (!s) return NULL;
    s->p = p;
    s->size = n;
    return s;
}

void byte_source_close(byte_source *s)
{
    if (!s) return;
    if (!s->borrowed) os_close_read(s->file);
    free(s);
}

uint64_t byte_source_size(const byte_source *s) { return s->size; }
sv byte_source_path(const byte_source *s) { return s->path; }

status byte_source_read(byte_source *s, uint64_t off, void *p, size_t n, size_t *got, findings *f)
{
    *got = 0;
    if (off >= s->size || n == 0) return ST_OK;
    if (n > s->size - off) n = (size_t)(s->size - off);
    if (s->p) {
        memcpy(p, s->p + off, n);
        *got = n;
    } else {
        const char *why = "";
        os_file *file = s->file ? s->file : os_open_read(s->text, &why);
        bool ok = file && os_read_at(file, s->at + off, p, n, got, &why);
        if (file && !s->file) os_close_read(file);
        if (!ok) {
            finding x = FINDING_OF(F_READ_ERROR);
            x.path = s->path;
            x.offset = off + *got;
            x.a = sv_from(why);
            find_add(f, &x);
            return ST_FATAL;
        }
    }
    return ST_OK;
}

bool byte_source_exact(byte_source *s, uint64_t off, void *p, size_t n, findings *f)
{
    size_t got;
    return byte_source_read(s, off, p, n, &got, f) == ST_OK && got == n;
}
