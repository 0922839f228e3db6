/* What of a bundle is packed: every file of its manifest and no other, apart by whether their names may be read. */
#ifndef PACK_BUNDLE_LIST_H
#define PACK_BUNDLE_LIST_H

#include "convert/finished_run.h"
#include "deliver/digest.h"
#include "pack/pack_stream.h"

typedef struct bundle_list {
    finished_run run;
    pack_file *plain, *hidden; /* by path, each */
    size_t plains, hiddens;
    sv *empty; /* folders without a file */
    size_t empties;
    uint64_t bytes;
} bundle_list;

/* In mem. False with a finding: no finished bundle, or its files are not those of its manifest. */
bool bundle_list_read(const char *bundle, arena *mem, findings *f, bundle_list *out);
void bundle_list_free(bundle_list *b);

#endif
