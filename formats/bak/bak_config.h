/* What a backup set says about itself: the MQCI streams of MSCI (beginning) and MSLS (end). */
#ifndef BAK_BAK_CONFIG_H
#define BAK_BAK_CONFIG_H

#include "bak/mtf.h"

typedef struct bak_lsn {
    uint32_t vlf, block;
    uint16_t slot;
} bak_lsn;

int bak_lsn_cmp(bak_lsn a, bak_lsn b);
bak_lsn bak_lsn_at(const uint8_t *p);   /* 10 bytes: u32, u32, u16 */
sv bak_lsn_text(arena *a, bak_lsn lsn); /* "25:976:89" */

typedef struct bak_config_file {
    uint32_t id, flags, filegroup; /* filegroup 0: log */
    uint64_t extents;              /* in this data pass, over all parts */
    uint64_t bytes;
    sv name, path, group_name;
} bak_config_file;

typedef struct bak_config {
    uint32_t flags;
    char type; /* D full, I differential, L log, F file or filegroup ...; 0: no SCIN chunk */
    uint8_t major, minor;
    uint16_t build;
    uint16_t version; /* of the database */
    uint8_t compatibility;
    bak_lsn first, last, checkpoint, base;
    uint8_t started[5], finished[5];
    uint8_t binding[16], fork[16];
    uint64_t bytes;
    sv database, server;
    const bak_config_file *file; /* data files and logs, in the set's order */
    size_t files;
} bak_config;

/* Parses n bytes of chunks into *out (text in the arena). False when the chunks do not fit into each other; what was
 * understood until then is kept. */
bool bak_config_parse(const uint8_t *p, size_t n, arena *a, bak_config *out);

#endif
