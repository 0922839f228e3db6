/* Any file as a snapshot: it is refused, or its catalog, facts and whatever is written of them again are sound. */
#include "snapshot/snapshot.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(row_source *s, findings *f)
{
    const catalog *list;
    const source_facts *facts = snapshot_facts(s);
    if (s->ops->catalog(s, &list) != ST_OK || !facts || facts->tables != list->tables) abort();
    for (size_t i = 0; i < list->tables; i++) {
        const table_info *t = &list->table[i];
        for (size_t k = 0; k < t->keys; k++)
            for (size_t c = 0; c < t->key[k].columns; c++)
                if (t->key[k].column[c] >= t->columns || (t->key[k].kind == KEY_FOREIGN && !t->key[k].ref_column))
                    abort();
        if (t->columns && !facts->table[i].column) abort();
    }
    buf out = buf_new((size_t)64 << 20);
    (void)snapshot_write(s->ops->info(s), list, facts, &out);
    buf_free(&out);
    if (list->tables) {
        const scan_request q = {.table = 0};
        row_cursor *c = NULL;
        if (s->ops->scan(s, &q, &c) != ST_FATAL || findings_count(f, F_SNAPSHOT_NO_ROWS) == 0) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    findings *f = findings_new();
    byte_source *file = byte_source_memory(data, size, "fuzz.json");
    row_source *s = NULL;
    const open_args a = {.file = &file, .files = 1};
    if (f && file && snapshot_ops.open(&a, f, &s) == ST_OK) walk(s, f);
    if (s) s->ops->close(s);
    byte_source_close(file);
    findings_free(f);
    return 0;
}
