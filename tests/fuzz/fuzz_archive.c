/* Any bytes as an archive: unpacked, and what is an archive again unpacked as well. */
#include "archive/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct taker {
    archive_store *store;
    unsigned depth;
} taker;

static bool wanted(void *ctx, sv path, const void *first, size_t n)
{
    (void)ctx;
    (void)first;
    return path.n % 2 || n > 2;
}

static status take(void *ctx, byte_source *member);
static void passed(void *ctx, sv path)
{
    (void)ctx;
    (void)path;
}

static status unpack(taker *t, byte_source *file, findings *f)
{
    archive_taker a = {wanted, take, passed, t};
    uint8_t first[512];
    size_t got = 0;
    if (byte_source_read(file, 0, first, sizeof first, &got, f) != ST_OK || !archive_begins(first, got)) return ST_OK;
    status st = archive_unpack(t->store, file, t->depth++, &a);
    t->depth--;
    return st;
}

static status take(void *ctx, byte_source *member)
{
    status st = unpack(ctx, member, NULL);
    byte_source_close(member);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    findings *f = findings_new();
    taker t = {.store = archive_store_new("/tmp", f)};
    byte_source *file = byte_source_memory(data, size, "fuzz.zip");
    (void)unpack(&t, file, f);
    byte_source_close(file);
    archive_store_free(t.store);
    findings_free(f);
    return 0;
}
