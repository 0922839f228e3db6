/* Folders of files in tests: read them, compare them, remove them. Paths are relative to where the test runs. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include "base/buf.h"
#include "base/platform.h"
#include "testing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLDER_FILES_MAX = 4096 };

typedef struct folder_list {
    char *name[FOLDER_FILES_MAX];
    size_t n;
} folder_list;

static inline bool folder_visit(void *ctx, const char *name)
{
    folder_list *l = ctx;
    assert_true(l->n < FOLDER_FILES_MAX);
    size_t n = strlen(name) + 1;
    l->name[l->n] = malloc(n);
    assert_non_null(l->name[l->n]);
    memcpy(l->name[l->n++], name, n);
    return true;
}

static inline int folder_by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static inline void folder_names(const char *path, folder_list *l)
{
    const char *why = "";
    l->n = 0;
    assert_true(os_list_folder(path, folder_visit, l, &why));
    qsort(l->name, l->n, sizeof l->name[0], folder_by_name);
}

static inline void folder_names_free(folder_list *l)
{
    while (l->n) free(l->name[--l->n]);
}

static inline void folder_remove(const char *path)
{
    if (!os_is_folder(path)) {
        (void)os_remove(path);
        return;
    }
    folder_list *l = calloc(1, sizeof *l);
    assert_non_null(l);
    folder_names(path, l);
    for (size_t i = 0; i < l->n; i++) {
        char inner[1024];
        assert_in_range(snprintf(inner, sizeof inner, "%s/%s", path, l->name[i]), 1, sizeof inner - 1);
        folder_remove(inner);
    }
    folder_names_free(l);
    free(l);
    assert_true(os_remove(path));
}

/* A new file that holds this text. */
static inline void file_put(const char *path, const char *text)
{
    const char *why = NULL;
    os_out *f = os_create(path, &why);
    if (!f) fail_msg("%s: %s", path, why);
    assert_true(os_write(f, text, strlen(text), &why) && os_close(f, &why));
    assert_null(why);
}

/* The whole file, NUL behind it. */
static inline buf file_text(const char *folder, const char *name)
{
    char path[1024];
    const char *why = "";
    snprintf(path, sizeof path, "%s/%s", folder, name);
    os_file *f = os_open_read(path, &why);
    if (!f) fail_msg("%s: %s", path, why);
    size_t n = (size_t)os_file_size(f), got = 0;
    buf b = buf_new(n + 1);
    char *p = buf_reserve(&b, n + 1);
    assert_non_null(p);
    assert_true(os_read_at(f, 0, p, n, &got, &why) && got == n);
    p[n] = '\0';
    b.n = n;
    os_close_read(f);
    return b;
}

/* Fails when the two folders differ in a name or a byte. */
static inline void folders_equal(const char *a, const char *b)
{
    folder_list *la = calloc(1, sizeof *la), *lb = calloc(1, sizeof *lb);
    assert_true(la && lb);
    folder_names(a, la);
    folder_names(b, lb);
    assert_int_equal(la->n, lb->n);
    for (size_t i = 0; i < la->n; i++) {
        char pa[1024], pb[1024];
        assert_string_equal(la->name[i], lb->name[i]);
        snprintf(pa, sizeof pa, "%s/%s", a, la->name[i]);
        snprintf(pb, sizeof pb, "%s/%s", b, lb->name[i]);
        if (os_is_folder(pa)) {
            folders_equal(pa, pb);
            continue;
        }
        buf ta = file_text(a, la->name[i]), tb = file_text(b, lb->name[i]);
        if (!sv_eq(buf_view(&ta), buf_view(&tb))) fail_msg("%s differs", la->name[i]);
        buf_free(&ta);
        buf_free(&tb);
    }
    folder_names_free(la);
    folder_names_free(lb);
    free(la);
    free(lb);
}

#endif
