#include "mdf/tde.h"
#include "keys/block_cipher.h"
#include "mdf/mdf_cd.h"
#include "mdf/mdf_fixedvar.h"
#include "mdf/page_check.h"
#include <stdlib.h>

enum { BODY_BYTES = PAGE_BYTES - PAGE_HEADER_BYTES, IV_PAGE_BYTES = 6 };

struct tde {
    block_cipher *cipher;
};

status tde_open(const key_ring *keys, const sealed_key *sealed, sv path, const char *what, findings *f, tde **out)
{
    content_key k;
    status st = key_ring_open(keys, sealed, path, F_BAK_TDE, what, f, &k);
    *out = NULL;
    if (st != ST_OK) return st;
    tde *t = calloc(1, sizeof *t);
    if (t) t->cipher = block_cipher_new(&k);
    content_key_forget(&k);
    *out = t;
    if (t && t->cipher) return ST_OK;
    tde_free(t);
    *out = NULL;
    find_code(f, F_OUT_OF_MEMORY, "opening an encrypted database");
    return ST_FATAL;
}

void tde_free(tde *t)
{
    if (!t) return;
    block_cipher_free(t->cipher);
    free(t);
}

const char *tde_cipher(const tde *t) { return block_cipher_name(t->cipher); }

static bool is_marked(const uint8_t *page)
{
    return page[PH_VERSION] == 1 && le16(page + PH_FLAGS) & PAGE_FLAG_ENCRYPTED;
}

/* How often the most frequent byte of a page's body comes. Ciphertext has every byte about equally often, 32 times; whatever
 * SQL Server stores in a page has some value far oftener, but for values that are compressed or encrypted themselves. */
static unsigned peak(const uint8_t *page)
{
    uint16_t count[256] = {0};
    unsigned most = 0;
    for (size_t i = PAGE_HEADER_BYTES; i < PAGE_BYTES; i++)
        if (++count[page[i]] > most) most = count[page[i]];
    return most;
}

enum { DRAWN_PEAK_MAX = BODY_BYTES / 256 * 3 };

static bool sum_is_right(const uint8_t *page) { return le32(page + PH_CHECKSUM) == page_checksum(page); }

static void put_sum(uint8_t *page, uint32_t sum)
{
    for (unsigned i = 0; i < 4; i++) page[PH_CHECKSUM + i] = (uint8_t)(sum >> 8 * i);
}

/* Whether a record that begins at `at` and lies before `end` is one that the page may have, and says how long it is. */
static bool is_record(const uint8_t *page, unsigned at, unsigned end)
{
    enum { LOB_LENGTH = 2, LOB_KIND = 12, LOB_BYTES_MIN = 14, LOB_KIND_MAX = 8 };
    enum { UNUSED_BIT = 0x80, CD_UNUSED_BITS = 0xC0, SECOND_BYTE_MAX = 1 };
    const uint8_t *p = page + at;
    const unsigned room = end - at;
    fixedvar r;
    cd_record c;
    if (page[PH_TYPE] == PAGE_LOB_MIX || page[PH_TYPE] == PAGE_LOB_TREE)
        return (p[0] & ~1u) == RECORD_LOB << 1 && room >= LOB_BYTES_MIN && le16(p + LOB_LENGTH) >= LOB_BYTES_MIN &&
               le16(p + LOB_LENGTH) <= room && le16(p + LOB_KIND) <= LOB_KIND_MAX;
    if (cd_is(p)) return !(p[0] & CD_UNUSED_BITS) && cd_parse(p, room, NULL, 0, &c);
    return !(p[0] & UNUSED_BIT) && p[1] <= SECOND_BYTE_MAX && fixedvar_parse(page, at, &r) && r.n <= room;
}

/* How much of a page's body fits its header, which is never encrypted: slots that point between the header and the free
 * room, and, which counts for more, to something that is a record. Bytes drawn by chance point there in one of eight. */
static unsigned fitting(const uint8_t *page)
{
    enum { HEAD_BYTES = 4, A_RECORD = 8 };
    unsigned fit = 0;
    const unsigned limit = page_record_limit(page), end = le16(page + PH_FREE_DATA);
    if (limit == 0 || end > limit) return 0;
    for (unsigned i = 0; i < page_slots(page); i++) {
        const unsigned at = page_slot_offset(page, i);
        if (at < PAGE_HEADER_BYTES || at + HEAD_BYTES > end) continue;
        fit += is_record(page, at, end) ? A_RECORD : 1;
    }
    return fit;
}

/* Which of the two a page is whose mark says that it is encrypted: the file header carries the mark in plain databases too,
 * the boot page of a data file holds the key itself, of a compressed backup the pages were made plain before they were
 * packed, and where encryption is being switched off pages may be plain already.
 *
 * What a page's checksum covers is not known for certain: when the plain page has it, that decides. Else its slots and
 * records do, which only the right one of the two has; and where there are none, how its bytes are spread: decrypting a
 * plain page spreads them, though one that repeats itself gives one that does. */
static bool is_plain(const uint8_t *page, const uint8_t *plain)
{
    const unsigned fits = fitting(page), opened_fits = fitting(plain);
    if (fits != opened_fits) return fits > opened_fits;
    const unsigned as_it_lies = peak(page);
    return as_it_lies > DRAWN_PEAK_MAX && as_it_lies > 2 * peak(plain);
}

/* When the page as it lies has the checksum, the plain one gets one that is right; else one that is wrong, so that the
 * damage is seen. */
static void choose(uint8_t *page, uint8_t *plain)
{
    bool summed = le16(page + PH_FLAGS) & PAGE_FLAG_CHECKSUM;
    if (!summed || !sum_is_right(plain)) {
        if (is_plain(page, plain)) return;
        bool intact = summed && sum_is_right(page);
        uint32_t sum = page_checksum(plain);
        if (summed) put_sum(plain, intact ? sum : ~sum);
    }
    memcpy(page, plain, PAGE_BYTES);
}

static bool open_page(tde *t, uint8_t *page)
{
    uint8_t plain[PAGE_BYTES], iv[IV_BYTES] = {0};
    uint32_t stored, computed;
    unsigned protection = le16(page + PH_FLAGS) & (PAGE_FLAG_CHECKSUM | PAGE_FLAG_TORN);
    /* Torn bits lie over whatever was written last: they go first, and once. */
    if (protection == PAGE_FLAG_TORN && page_protection_undo(page, &stored, &computed) == PAGE_INTACT)
        page[PH_FLAGS + 1] = (uint8_t)(page[PH_FLAGS + 1] & ~(PAGE_FLAG_TORN >> 8));
    memcpy(iv, page + PH_PAGE, IV_PAGE_BYTES); /* page and file, as they stand in the header */
    memcpy(plain, page, PAGE_HEADER_BYTES);
    if (!block_cipher_open(t->cipher, iv, page + PAGE_HEADER_BYTES, plain + PAGE_HEADER_BYTES, BODY_BYTES))
        return false;
    choose(page, plain);
    return true;
}

bool tde_open_pages(tde *t, uint8_t *extent, unsigned pages)
{
    for (unsigned i = 0; i < pages; i++) {
        uint8_t *page = extent + (size_t)i * PAGE_BYTES;
        if (is_marked(page) && !open_page(t, page)) return false;
    }
    return true;
}

bool tde_sealed(const uint8_t *extent, unsigned pages)
{
    unsigned sealed = 0, formatted = 0;
    for (unsigned i = 0; i < pages; i++) {
        const uint8_t *page = extent + (size_t)i * PAGE_BYTES;
        formatted += page[PH_VERSION] == 1;
        sealed += is_marked(page) && peak(page) <= DRAWN_PEAK_MAX;
    }
    return sealed >= 2 && sealed * 2 >= formatted;
}
