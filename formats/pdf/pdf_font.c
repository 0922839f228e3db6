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

typedef struct font {
    const char *name, *from, *end;
    int stem;
} font;

static font font_of(unsigned face)
{
    switch (face) {
    case 1: return (font){"DejaVuSansCondensed-Bold", pdf_font_bold, pdf_font_bold_end, 158};
    case 2: return (font){"DejaVuSansCondensed-Oblique", pdf_font_oblique, pdf_font_oblique_end, 82};
    case 3: return (font){"DejaVuSansCondensed-BoldOblique", pdf_font_bold_oblique, pdf_font_bold_oblique_end, 158};
    default: return (font){"DejaVuSansCondensed", pdf_font_regular, pdf_font_regular_end, 82};
    }
}

sv pdf_font_file(unsigned face)
{
    font f = font_of(face);
    return (sv){f.from, (size_t)(f.end - f.from)};
}

const char *pdf_font_name(unsigned face) { return font_of(face).name; }
int pdf_font_stem(unsigned face) { return font_of(face).stem; }
