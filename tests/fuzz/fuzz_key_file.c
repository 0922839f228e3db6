/* Exports of ids: any bytes as a CSV file. */
#define _GNU_SOURCE /* memfd_create: a file with a path that lies in memory */
#include "linking/key_file.h"
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[64];
    const char *path = name;
    key_map map = {NULL, 0};
    int fd = memfd_create("keys", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    arena *mem = arena_new(0);
    findings *f = findings_new();
    if (mem && f && key_files_read(&path, 1, SV_LIT("Source_Key__c"), mem, &map, f))
        for (size_t i = 0; i < map.n; i++)
            if (map.item[i].id.p && !sv_eq(key_map_id(&map, map.item[i].key), map.item[i].id)) __builtin_trap();
    findings_free(f);
    arena_free(mem);
    close(fd);
    return 0;
}
