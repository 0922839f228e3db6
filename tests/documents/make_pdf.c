/* A letter in RTF or plain text as PDF, for check_pdf.py: make_pdf FROM TO. */
#include "base/platform.h"
#include "base/text_file.h"
#include "documents/letter_pdf.h"
#include <stdio.h>

int main(int argc, char **argv)
{
    const char *why = "";
    sv body;
    letter_told told;
    if (argc != 3) return 2;
    arena *mem = arena_new(0);
    buf pdf = buf_new((size_t)64 << 20);
    const letter_facts facts = {.title = SV_LIT("Referral"), .date = SV_LIT("2019-05-04"), .key = SV_LIT("PP-DOC-17")};
    bool ok =
        mem && text_file_read(argv[1], (size_t)16 << 20, mem, &body, &why) && letter_pdf(&facts, body, &pdf, &told);
    os_out *out = ok ? os_create(argv[2], &why) : NULL;
    ok = out && os_write(out, pdf.p, pdf.n, &why);
    ok = out && os_close(out, &why) && ok;
    if (ok) printf("left out %d, broken %d, unset %u\n", told.left_out, told.broken, (unsigned)told.unset);
    if (!ok) printf("failed: %s\n", why);
    buf_free(&pdf);
    arena_free(mem);
    return ok ? 0 : 1;
}
