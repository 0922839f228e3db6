/* Any bytes as the part of a pack: its comment made right, so that what lies behind the hash is reached, then unpacked. */
#include "base/platform.h"
#include "deliver/digest.h"
#include "pack/pack.h"
#include "pack/part_form.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char part[] = "chartferry-fuzz-part.zip", out[] = "chartferry-fuzz-unpacked";

static void write_all(os_out *f, const void *p, size_t n, sha256 *s)
{
    const char *why;
    if (!os_write(f, p, n, &why)) __builtin_trap();
    if (s) sha256_add(s, p, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char in_path[256], out_path[256], hex[SHA256_HEX + 1];
    const char *why = "";
    (void)snprintf(in_path, sizeof in_path, "%s/%s", os_temp_folder(), part);
    (void)snprintf(out_path, sizeof out_path, "%s/%s", os_temp_folder(), out);
    (void)os_remove(in_path);
    os_out *f = os_create(in_path, &why);
    sha256 *s = sha256_new();
    if (!f || !s) __builtin_trap();
    /* A seed ends in a comment that has room for one. */
    write_all(f, data, size > SHA256_HEX ? size - SHA256_HEX : size, s);
    if (!sha256_end(s, hex)) __builtin_trap();
    write_all(f, hex, SHA256_HEX, NULL);
    if (!os_close(f, &why)) __builtin_trap();
    findings *found = findings_new();
    const char *const parts[] = {in_path};
    const unpack_options o = {
        .part = parts, .parts = 1, .out = out_path, .passphrase = "five words that nobody would guess"};
    unpack_result r;
    (void)unpack_bundle(&o, found, &r);
    findings_free(found);
    (void)os_remove_tree(out_path);
    return 0;
}
