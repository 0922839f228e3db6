/* Archives read back in tests, by the code that reads those of others (libarchive): it compares the sum of every member. */
#ifndef TESTS_ZIP_MEMBERS_H
#define TESTS_ZIP_MEMBERS_H

#include "archive/opened.h"
#include "base/buf.h"
#include "testing.h"

/* Called for each member, in order; its content is valid until it returns. */
typedef void zip_member_take(void *ctx, sv name, sv content);

static inline void zip_members(const char *path, zip_member_take *take, void *ctx)
{
    findings *f = findings_new();
    byte_source *file = byte_source_file(path, f);
    archive_in *a = file ? archive_in_new(file, NULL, f) : NULL;
    assert_non_null(a);
    buf content = buf_new(SIZE_MAX / 2);
    archive_in_state s;
    sv name;
    while ((s = archive_in_next(a, &name)) == ARCHIVE_IN_OK) {
        char piece[1 << 14];
        size_t got = 0;
        buf_clear(&content);
        while ((s = archive_in_read(a, piece, sizeof piece, &got)) == ARCHIVE_IN_OK) buf_add(&content, piece, got);
        assert_int_equal(s, ARCHIVE_IN_END);
        assert_false(content.failed);
        take(ctx, name, content.n ? buf_view(&content) : (sv){"", 0});
    }
    assert_int_equal(s, ARCHIVE_IN_END);
    buf_free(&content);
    archive_in_free(a);
    byte_source_close(file);
    findings_free(f);
}

#endif
