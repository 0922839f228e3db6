/* Offsets and constants of backup files on disk (FORMAT.md says how each was checked). Nothing but numbers. */
#ifndef BAK_BAK_LAYOUT_H
#define BAK_BAK_LAYOUT_H

#include "base/bytes.h"

#define MTF_TAG(a, b, c, d)                                                                                            \
    ((uint32_t)(uint8_t)(a) | (uint32_t)(uint8_t)(b) << 8 | (uint32_t)(uint8_t)(c) << 16 | (uint32_t)(uint8_t)(d) << 24)

#define TAG_TAPE MTF_TAG('T', 'A', 'P', 'E')
#define TAG_SFMB MTF_TAG('S', 'F', 'M', 'B')
#define TAG_SSET MTF_TAG('S', 'S', 'E', 'T')
#define TAG_VOLB MTF_TAG('V', 'O', 'L', 'B')
#define TAG_MSCI MTF_TAG('M', 'S', 'C', 'I')
#define TAG_MSDA MTF_TAG('M', 'S', 'D', 'A')
#define TAG_MSTL MTF_TAG('M', 'S', 'T', 'L')
#define TAG_MSLS MTF_TAG('M', 'S', 'L', 'S')
#define TAG_ESET MTF_TAG('E', 'S', 'E', 'T')

#define TAG_RAID MTF_TAG('R', 'A', 'I', 'D')
#define TAG_SPAD MTF_TAG('S', 'P', 'A', 'D')
#define TAG_APAD MTF_TAG('A', 'P', 'A', 'D')
#define TAG_MQCI MTF_TAG('M', 'Q', 'C', 'I')
#define TAG_MQDA MTF_TAG('M', 'Q', 'D', 'A')
#define TAG_MQTL MTF_TAG('M', 'Q', 'T', 'L')
#define TAG_CSUM MTF_TAG('C', 'S', 'U', 'M')
#define TAG_OTCP MTF_TAG('O', 'T', 'C', 'P')
#define TAG_TSMP MTF_TAG('T', 'S', 'M', 'P')

#define TAG_SCIN MTF_TAG('S', 'C', 'I', 'N')
#define TAG_SFGI MTF_TAG('S', 'F', 'G', 'I')
#define TAG_SFIN MTF_TAG('S', 'F', 'I', 'N')

/* Descriptor block header. */
enum {
    MTF_HEADER_BYTES = 52,
    MTF_ATTRIBUTES = 4,    /* u32 */
    MTF_FIRST_STREAM = 8,  /* u16, from the block's start; of an SFMB: its own size */
    MTF_LOGICAL = 20,      /* u64, in logical blocks from the SSET */
    MTF_CONTROL_ID = 36,   /* u32, 0, 1, 2 ... within a set */
    MTF_OS_DATA = 44,      /* u16 size, u16 offset */
    MTF_STRING_TYPE = 48,  /* u8: 2 UTF-16LE, 1 ANSI, 0 none */
    MTF_CHECKSUM = 50,     /* u16, XOR of the 25 words before it */
    MTF_SECTOR_BYTES = 512 /* unit of every alignment */
};

/* Stream header. */
enum {
    MTF_STREAM_BYTES = 22,
    MTF_STREAM_MEDIA = 6,     /* u16 */
    MTF_STREAM_LENGTH = 8,    /* u64 */
    MTF_STREAM_CHECKSUM = 20, /* u16, XOR of the 10 words before it */
    MTF_STREAM_HAS_CSUM = 0x0100
};

/* TAPE after its header. */
enum {
    TAPE_SOFT_BLOCK = 64, /* u16, x 512: physical block size */
    TAPE_NAME = 68,
    TAPE_SOFTWARE = 80, /* u16 size, u16 offset */
    TAPE_BYTES = 94
};

/* Data of the RAID stream. */
enum { RAID_GUID = 0, RAID_FAMILIES = 20, RAID_MIRRORS = 22, RAID_FAMILY = 24, RAID_BYTES = 32 };

/* SSET after its header. */
enum {
    SSET_ATTRIBUTES = 52, /* u32 */
    SSET_NUMBER = 62,     /* u16 */
    SSET_NAME = 64,
    SSET_DATE = 88,
    SSET_SOFTWARE_MAJOR = 93, /* u8: 8 = SQL Server 2000, 9 = 2005 ... */
    SSET_BYTES = 98
};
enum { SSET_COPY_ONLY = 2, SSET_NORMAL = 4, SSET_DIFFERENTIAL = 8 };

/* MSTL after its header. */
enum {
    MSTL_START = 60,   /* u64, first byte of the log file that is included */
    MSTL_STOP = 68,    /* u64 */
    MSTL_FILE_ID = 76, /* u32 */
    MSTL_VLF = 92,     /* u32 */
    MSTL_BYTES = 112
};

/* Configuration chunks: tag, u32 length, then: */
enum { CONFIG_CHUNK_HEADER = 8 };
enum {
    SCIN_FLAGS = 8,
    SCIN_BUILD = 24, /* u16, u8 minor, u8 major */
    SCIN_FIRST_LSN = 32,
    SCIN_LAST_LSN = 42,
    SCIN_CHECKPOINT_LSN = 52,
    SCIN_BASE_LSN = 62,
    SCIN_CREATED = 72,
    SCIN_STARTED = 77,
    SCIN_FINISHED = 82,
    SCIN_TYPE = 87, /* letter */
    SCIN_COMPATIBILITY = 91,
    SCIN_VERSION = 94, /* u16 */
    SCIN_SIZE = 96,    /* u64 */
    SCIN_DATABASE = 104,
    SCIN_SERVER = 108,
    SCIN_BINDING = 124,
    SCIN_FORK = 156,
    SCIN_BYTES = 172
};
enum { SCIN_WITH_CHECKSUM = 0x10, SCIN_COPY_ONLY = 0x400, SCIN_DIFFERENTIAL = 0x800 };
enum { SFGI_ID = 12, SFGI_NAME = 16, SFGI_BYTES = 20 };
enum {
    SFIN_FLAGS = 8,
    SFIN_FILE_ID = 20,
    SFIN_PAGES = 24,
    SFIN_FILEGROUP = 36,
    SFIN_SIZE = 40,
    SFIN_NAME = 48,
    SFIN_PATH = 52,
    SFIN_BYTES = 56
};

/* Page data: two zero bytes, then whole extents. */
enum { MQDA_LEAD_BYTES = 2 };

/* MSSQLBAK container. */
enum {
    BOX_MAGIC_BYTES = 8,
    BOX_VERSION = 8, /* u32 */
    BOX_FLAGS = 12,  /* u32 */
    BOX_HEADER_BYTES = 480,
    BOX_FLAG_COMPRESSED = 2,
    BOX_FLAG_ENCRYPTED = 4,
    BOX_FLAG_TDE = 0x28,
    BOX_SEALED_KEY = 20,     /* of a backup WITH ENCRYPTION: keys/content_key.h */
    BOX_RECORD_V1_BYTES = 8, /* u8 flags, u8 size / 512, u16 packed size, u32 checksum */
    BOX_RECORD_V2_BYTES = 28,
    BOX_RECORD_IV = 4,      /* 16 bytes, of a sealed record */
    BOX_RECORD_STORED = 20, /* u32, bytes that a sealed record takes */
    BOX_RECORD_SIZE = 1,
    BOX_RECORD_PACKED = 2,
    BOX_RECORD_PACKED_FLAG = 1, /* of the record's flags: 0 when the bytes are stored as they are */
    BOX_RECORD_STORED_FLAG = 2, /* the same, of backups WITH ENCRYPTION and without COMPRESSION */
    BOX_PIECE_BYTES = 65536,
    BOX_STORED_BYTES_MAX = BOX_PIECE_BYTES + 16 /* filled up for a cipher */
};

#endif
