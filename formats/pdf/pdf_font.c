#include "pdf/pdf_font.h"

/* The assembler puts the files in; CMakeLists.txt says where they are. */
#ifdef _WIN32
#define READ_ONLY ".section .rdata,\"dr\"\n"
#else
#define READ_ONLY ".section .rodata\n"
#endif
#define FONT(name, path)                                                                                               \
    __asm__(READ_ONLY ".balign 16\n.globl " #name "\n" #name ":\n.incbin \"" path "\"\n.globl " #name "_end\n" #name   \
                      "_end:\n.byte 0\n.text\n");                                                                      \
    extern const char name[], name##_end[]

FONT(pdf_font_regular, PDF_FONTS "/DejaVuSansCondensed.ttf");
FONT(pdf_font_bold, PDF_FONTS "/DejaVuSansCondensed-Bold.ttf");
FONT(pdf_font_oblique, PDF_FONTS "/DejaVuSansCondensed-Oblique.ttf");
FONT(pdf_font_bold_oblique, PDF_FONTS "/DejaVuSansCondensed-BoldOblique.ttf");

sv pdf_font_file(unsigned face)
{
    switch (face) {
    case 1: return (sv){pdf_font_bold, (size_t)(pdf_font_bold_end - pdf_font_bold)};
    case 2: return (sv){pdf_font_oblique, (size_t)(pdf_font_oblique_end - pdf_font_oblique)};
    case 3: return (sv){pdf_font_bold_oblique, (size_t)(pdf_font_bold_oblique_end - pdf_font_bold_oblique)};
    default: return (sv){pdf_font_regular, (size_t)(pdf_font_regular_end - pdf_font_regular)};
    }
}
