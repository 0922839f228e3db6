/* A byte source as libarchive reads it. Internal to this layer. */
#ifndef ARCHIVE_INPUT_H
#define ARCHIVE_INPUT_H

#include "base/byte_source.h"
#include <archive.h>

typedef struct archive_input {
    byte_source *file;
    findings *found;
    uint64_t at;
    uint8_t *block;
    bool failed; /* the file could not be read; a finding says so */
} archive_input;

bool archive_input_new(archive_input *in, byte_source *file, findings *f); /* false: out of memory */
void archive_input_free(archive_input *in);
/* Opens with the formats that were chosen on a. */
int archive_input_open(struct archive *a, archive_input *in);

#endif
