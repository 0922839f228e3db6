#include "archive/input.h"
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 256 << 10 };

bool archive_input_new(archive_input *in, byte_source *file, findings *f)
{
    *in = (archive_input){.file = file, .found = f, .block = malloc(BLOCK_BYTES)};
    return in->block != NULL;
}

void archive_input_free(archive_input *in) { free(in->block); }

static la_ssize_t read_block(struct archive *a, void *ctx, const void **out)
{
    (void)a;
    archive_input *in = ctx;
    size_t got = 0;
    *out = in->block;
    if (byte_source_read(in->file, in->at, in->block, BLOCK_BYTES, &got, in->found) != ST_OK) {
        in->failed = true;
        return -1;
    }
    in->at += got;
    return (la_ssize_t)got;
}

static la_int64_t skip_bytes(struct archive *a, void *ctx, la_int64_t n)
{
    (void)a;
    archive_input *in = ctx;
    uint64_t left = byte_source_size(in->file) - in->at;
    uint64_t step = n < 0 ? 0 : (uint64_t)n < left ? (uint64_t)n : left;
    in->at += step;
    return (la_int64_t)step;
}

static la_int64_t seek_to(struct archive *a, void *ctx, la_int64_t off, int whence)
{
    (void)a;
    archive_input *in = ctx;
    int64_t size = (int64_t)byte_source_size(in->file);
    int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (int64_t)in->at : size;
    if (off < -base || off > size - base) return ARCHIVE_FATAL;
    in->at = (uint64_t)(base + off);
    return base + off;
}

int archive_input_open(struct archive *a, archive_input *in)
{
    archive_read_set_read_callback(a, read_block);
    archive_read_set_skip_callback(a, skip_bytes);
    archive_read_set_seek_callback(a, seek_to);
    archive_read_set_callback_data(a, in);
    return archive_read_open1(a);
}
