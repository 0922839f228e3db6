#include "mdf/page_check.h"

enum { SECTORS = PAGE_BYTES / SECTOR_BYTES };

/* Eight bytes at a time in four lanes, so that a compiler keeps them in registers. */
uint32_t page_sector_xor(const uint8_t *p)
{
    uint64_t a = 0, b = 0, c = 0, d = 0;
    for (size_t i = 0; i < SECTOR_BYTES; i += 32) {
        a ^= le64(p + i);
        b ^= le64(p + i + 8);
        c ^= le64(p + i + 16);
        d ^= le64(p + i + 24);
    }
    a ^= b ^ c ^ d;
    return (uint32_t)a ^ (uint32_t)(a >> 32);
}

uint32_t page_checksum(const uint8_t *page)
{
    uint32_t sum = 0;
    for (unsigned s = 0; s < SECTORS; s++) sum ^= rotl32(page_sector_xor(page + s * SECTOR_BYTES), SECTORS - 1 - s);
    return sum ^ rotl32(le32(page + PH_CHECKSUM), SECTORS - 1); /* the field itself, in sector 0, counts as 0 */
}

/* Each sector but the first had the low two bits of its last byte replaced by one pattern (01 or 10); the word at
 * PH_CHECKSUM holds the pattern in its lowest two bits and the replaced bits of sector s in bits 2s and 2s+1. */
static bool undo_torn_bits(uint8_t *page)
{
    uint32_t word = le32(page + PH_CHECKSUM);
    for (unsigned s = 1; s < SECTORS; s++)
        if ((page[s * SECTOR_BYTES + SECTOR_BYTES - 1] & 3u) != (word & 3u)) return false;
    for (unsigned s = 1; s < SECTORS; s++) {
        uint8_t *last = page + s * SECTOR_BYTES + SECTOR_BYTES - 1;
        *last = (uint8_t)((*last & ~3u) | ((word >> (2 * s)) & 3u));
    }
    return true;
}

page_protection page_protection_undo(uint8_t *page, uint32_t *stored, uint32_t *computed)
{
    unsigned flags = le16(page + PH_FLAGS);
    if (flags & PAGE_FLAG_CHECKSUM) {
        *stored = le32(page + PH_CHECKSUM);
        *computed = page_checksum(page);
        return *stored == *computed ? PAGE_INTACT : PAGE_CHECKSUM_WRONG;
    }
    if (flags & PAGE_FLAG_TORN) return undo_torn_bits(page) ? PAGE_INTACT : PAGE_TORN_WRITE;
    return PAGE_UNPROTECTED;
}
