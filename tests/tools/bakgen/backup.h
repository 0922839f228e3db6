/* The .bak files of a full backup of a data file: MTF blocks and streams, plain or in compressed records, in one file or
 * dealt to several. */
#ifndef BAKGEN_BACKUP_H
#define BAKGEN_BACKUP_H

#include "database.h"
#include "seal.h"

enum { BLOCK_MAX = 65536 };

typedef enum set_kind { SET_FULL, SET_COPY, SET_DIFF, SET_LOG } set_kind;

/* One backup set: a database and the data files it lies in. */
typedef struct backup_set {
    set_kind kind;
    const database *db;
    FILE *const *data;             /* one per data file */
    const uint8_t *const *changed; /* SET_DIFF: per file and extent */
    uint32_t moment;               /* sets count up; a differential's base is the set before it of kind SET_FULL */
    uint32_t base;                 /* SET_DIFF: the moment of that set */
} backup_set;

typedef struct backup_options {
    const char *const *path; /* one per stripe */
    unsigned stripes;        /* 1..32 */
    unsigned block;          /* physical block size: a power of two, 512 to BLOCK_MAX */
    bool compress, checksum, log;
    bool log_changes; /* the log tells of rows put into the first user table while the backup ran */
    bool second_pass; /* some extents were copied again */
    bool filler;      /* filler extents up to a megabyte */
    seal *seal;       /* NULL: not encrypted */
    bool in_place;    /* the only set's data file is the only stripe's file, its data part already there */
} backup_options;

/* Where the data part of a plain backup of one family begins. */
uint64_t backup_data_start(const database_spec *spec, const backup_options *o, fault *f);

/* Writes the sets one behind the other into each family's file. */
bool backup_write(const backup_set *set, size_t sets, const backup_options *o, fault *f);

/* ---- parts ---- */

/* Where the bytes of a media family go. */
typedef struct media media;
media *media_create(const char *path, unsigned block, bool compress, seal *with, fault *f); /* NULL: failed */
/* Over a file that stays the caller's; NULL: counts only. */
media *media_over(FILE *file, unsigned block, fault *f);
bool media_close(media *m);              /* false when something had failed; frees */
uint64_t media_position(const media *m); /* in the MTF stream, whatever the container */
void media_write(media *m, const void *p, size_t n);
void media_zero(media *m, uint64_t n);
void media_skip(media *m, uint64_t n); /* passes over bytes that are there already; only of media_over */
void media_break(media *m);            /* ends a compressed piece here */
void media_filemark(media *m, const void *p, size_t n); /* a block that compression leaves as it is */

/* The stream MQCI: what is in the backup. */
typedef struct config_counts {
    uint32_t pages[FILES_MAX]; /* of each data file in the pass, over all stripes */
    uint64_t log_bytes;
    bool final; /* the copy at the end */
} config_counts;
size_t config_build(const backup_set *set, const backup_options *o, const config_counts *n, uint8_t *out, size_t room);

/* 2019-02-06 09:<minute> as the 5 bytes of an MTF date. */
void media_date(uint8_t *p, unsigned minute);

/* Log blocks of a checkpoint that found nothing to do, or with rows put into a table: a multiple of 512 bytes. */
enum { LOG_VLF = 0x31, LOG_FIRST_BLOCK = 0x50, LOG_SET_BLOCKS = 0x20, LOG_BYTES_MAX = 8192 };
static inline uint32_t log_block_of(uint32_t moment) { return LOG_FIRST_BLOCK + moment * LOG_SET_BLOCKS; }
uint32_t log_block_count(const backup_set *set, bool changes); /* of 512 bytes; known before the pages are written */
size_t log_build(const backup_set *set, bool changes, uint8_t out[LOG_BYTES_MAX]);

#endif
