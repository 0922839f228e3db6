/* A letter becomes a PDF or is refused, whatever its bytes; the same bytes give the same PDF. */
#include "documents/letter_pdf.h"
#include "documents/merge_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sv in = {(const char *)data, size};
    const letter_facts facts = {.title = {in.p, size < 40 ? size : 40}, .key = SV_LIT("PP-DOC-1")};
    buf pdf = buf_new((size_t)256 << 20);
    letter_told told;
    bool made = letter_pdf(&facts, in, &pdf, &told);
    if (made && (pdf.n < 8 || memcmp(pdf.p, "%PDF-", 5) != 0)) __builtin_trap();
    buf_free(&pdf);
    buf names = buf_new((size_t)1 << 20);
    merge_fields_of(in, &names);
    buf_free(&names);
    return 0;
}
