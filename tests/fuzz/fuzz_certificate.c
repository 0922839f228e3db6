/* Certificates and private keys: any bytes as such a file, behind a .pvk's magic or as they are, and as a sealed key. The first
 * byte says how; passwords are not tried for files whose own numbers say how long that takes. */
#include "keys/key_ring.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool password(void *ctx, sv path, buf *out)
{
    (void)path;
    if (*(const uint8_t *)ctx & 2) buf_str(out, "secret");
    return *(const uint8_t *)ctx & 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t file[1 << 16];
    static const uint8_t pvk[8] = {0x1E, 0xF1, 0xB5, 0xB0};
    if (size < 1 || size > sizeof file - sizeof pvk) return 0;
    uint8_t how = data[0];
    size_t lead = how & 1 ? sizeof pvk : 0, n = lead + size - 1;
    memcpy(file, pvk, lead);
    memcpy(file + lead, data + 1, size - 1);
    if (!lead) how &= (uint8_t)~2u;
    findings *f = findings_new();
    key_ring *r = key_ring_new();
    byte_source *s = byte_source_memory(file, n, "key");
    const key_password ask = {password, &how};
    if (f && r && s && key_ring_add(r, s, &ask, f) == ST_OK) (void)key_ring_match(r, f);
    sealed_key k;
    content_key key;
    for (size_t at = 0; r && sealed_key_find(file, n, at, &k); at = k.end) {
        if (k.end > n || k.sealed + k.sealed_bytes > file + n) __builtin_trap();
        if (key_ring_open(r, &k, (sv){NULL, 0}, F_BAK_TDE, "", f, &key) == ST_OK) content_key_forget(&key);
    }
    byte_source_close(s);
    key_ring_free(r);
    findings_free(f);
    return 0;
}
