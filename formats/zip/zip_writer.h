/* ZIP archives written member by member, straight to the disk. The same members give the same bytes: the time
 * of all of them is 1980-01-01, their order is that of the calls. Archives and members may pass 4 GB and 65,535 members
 * (ZIP64); whatever stays below is written without ZIP64 fields, which old importers stumble over. */
#ifndef ZIP_ZIP_WRITER_H
#define ZIP_ZIP_WRITER_H

#include "base/finding.h"
#include "base/sv.h"

typedef struct zip_writer zip_writer;
typedef struct zip_content zip_content;

typedef enum zip_method {
    ZIP_STORED, /* as it is: for what is compressed already */
    ZIP_FAST,   /* for large contents: three quarters of the gain in a third of the time */
    ZIP_TABLE,  /* for large tables: a third more than zlib's usual level in less than half of its time */
    ZIP_SMALL   /* for packages of texts */
} zip_method;

/* The length of a member that nobody knows before its end. */
#define ZIP_BYTES_UNKNOWN UINT64_MAX
enum { ZIP_NAME_BYTES_MAX = 512 };

/* Makes the file; one that exists is refused. NULL with a finding. f must outlive it. */
zip_writer *zip_writer_open(const char *path, findings *f);

/* Both for who tells failures himself: none is found, the reason (static or thread-local text) is in *why. zip_writer_finish is
 * zip_writer_close. */
zip_writer *zip_writer_new(const char *path, const char **why);
bool zip_writer_finish(zip_writer *z, const char **why);

/* Before the first member: tell gets all bytes of the archive in order, the last ones while it is closed; for a hash without
 * reading the file again. */
void zip_writer_tell(zip_writer *z, void (*tell)(void *ctx, const void *p, size_t n), void *ctx);

/* Begins a member. name: UTF-8, '/' between folders, relative, without "..", "\", ':' and control characters, at most
 * ZIP_NAME_BYTES_MAX, and not yet in the archive (letter case of ASCII does not count). bytes_max: the most it may
 * become, or ZIP_BYTES_UNKNOWN. After a false, with a finding, nothing more is written: only zip_writer_abandon is left. */
bool zip_writer_begin(zip_writer *z, sv name, zip_method how, uint64_t bytes_max);
bool zip_writer_write(zip_writer *z, const void *p, size_t n);
bool zip_writer_end(zip_writer *z);
/* A whole member. */
bool zip_writer_add(zip_writer *z, sv name, zip_method how, sv content);

/* A member that is packed already, of that length and CRC-32 before: its raw deflate follows, then zip_writer_end. */
bool zip_writer_begin_packed(zip_writer *z, sv name, uint64_t bytes, uint32_t crc);
bool zip_writer_write_packed(zip_writer *z, const void *p, size_t n);

/* A content packed once, as ZIP_FAST does, for as many archives as take it (zip_content.h). */
bool zip_writer_add_packed(zip_writer *z, sv name, const zip_content *c);

uint64_t zip_writer_members(const zip_writer *z);
/* Bytes of the archive if it were closed now; with a further member of that name, method and length: at most. */
uint64_t zip_writer_bytes(const zip_writer *z);
uint64_t zip_writer_bytes_with(const zip_writer *z, sv name, zip_method how, uint64_t bytes);
bool zip_writer_failed(const zip_writer *z);

/* Writes the directory, closes and frees. False, with a finding, when the archive was not written whole. */
bool zip_writer_close(zip_writer *z);
void zip_writer_abandon(zip_writer *z); /* and removes the file; z may be NULL */

#endif
