/* The checksum that SQL Server uses everywhere: XOR of 32-bit words, rotated left by one between units. */
#ifndef BAK_BAK_SUM_H
#define BAK_BAK_SUM_H

#include "base/bytes.h"

/* Over n bytes word by word, the last word filled up with zeros: of a compressed piece. */
uint32_t bak_sum_words(const void *p, size_t n);

/* Over whole sectors of 512 bytes, one rotation per sector: of CSUM streams, pages and log blocks. Because an extent is
 * 128 sectors, a multiple of 32, the checksum of a stream is the XOR of those of its extents, in any order. */
uint32_t bak_sum_sectors(const void *p, size_t n);

/* XOR of the n u16 words at p: of descriptor blocks and stream headers. */
uint16_t bak_xor_words(const uint8_t *p, size_t n);

#endif
