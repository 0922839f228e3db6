/* Writes ZIP archives for check_zip.py, which reads them with other programs: make_zip CASE FILE. */
#include "zip/zip_writer.h"
#include <stdio.h>
#include <stdlib.h>

enum { PIECE_BYTES = 1 << 20, MANY = 65540 };
#define HUGE_BYTES ((UINT64_C(1) << 32) + 12345)

static bool write_zeros(zip_writer *z, uint64_t n)
{
    static const char zeros[PIECE_BYTES];
    bool ok = true;
    for (; ok && n > PIECE_BYTES; n -= PIECE_BYTES) ok = zip_writer_write(z, zeros, PIECE_BYTES);
    return ok && zip_writer_write(z, zeros, (size_t)n);
}

/* A member of more than 4 GB whose length is known or not, and one behind it. */
static bool huge(zip_writer *z, zip_method how, uint64_t said)
{
    return zip_writer_begin(z, SV_LIT("huge.bin"), how, said) && write_zeros(z, HUGE_BYTES) && zip_writer_end(z) &&
           zip_writer_add(z, SV_LIT("behind.txt"), ZIP_SMALL, SV_LIT("behind it\n"));
}

static bool many(zip_writer *z)
{
    char name[32], text[32];
    bool ok = true;
    for (int i = 0; ok && i < MANY; i++) {
        int n = snprintf(name, sizeof name, "d%03d/f%05d.txt", i / 1000, i);
        int t = snprintf(text, sizeof text, "file %d\n", i);
        ok = zip_writer_add(z, (sv){name, (size_t)n}, i % 2 ? ZIP_STORED : ZIP_FAST, (sv){text, (size_t)t});
    }
    return ok;
}

static bool small(zip_writer *z)
{
    bool ok =
        zip_writer_add(z, SV_LIT("package.xml"), ZIP_SMALL, SV_LIT("<Package>aaaaaaaaaaaaaaaaaaaaaaaa</Package>\n")) &&
        zip_writer_add(z, SV_LIT("empty.txt"), ZIP_STORED, SV_LIT("")) &&
        zip_writer_add(z, SV_LIT("Attachments/0001.jpg"), ZIP_STORED, SV_LIT("\xFF\xD8\xFF\xE0 picture")) &&
        zip_writer_add(z, SV_LIT("K\xC3\xB6pr\xC3\xBC \xC5\x9E.txt"), ZIP_FAST, SV_LIT("name in UTF-8\n")) &&
        zip_writer_begin(z, SV_LIT("unknown.txt"), ZIP_FAST, ZIP_BYTES_UNKNOWN);
    for (int i = 0; ok && i < 1000; i++) ok = zip_writer_write(z, "of unknown length\n", 18);
    return ok && zip_writer_end(z);
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    findings *f = findings_new();
    zip_writer *z = zip_writer_open(argv[2], f);
    bool ok = z != NULL;
    uint64_t said = 0;
    if (ok && strcmp(argv[1], "small") == 0) ok = small(z);
    if (ok && strcmp(argv[1], "many") == 0) ok = many(z);
    if (ok && strcmp(argv[1], "deflated") == 0) ok = huge(z, ZIP_FAST, ZIP_BYTES_UNKNOWN);
    if (ok && strcmp(argv[1], "stored") == 0) ok = huge(z, ZIP_STORED, HUGE_BYTES);
    if (ok) said = zip_writer_bytes(z);
    ok = z && zip_writer_close(z) && ok;
    printf("%llu\n", (unsigned long long)said);
    findings_free(f);
    return ok ? 0 : 1;
}
