#include "pdf/pdf_face.h"
#include "pdf/pdf_font.h"
#include <stdio.h>
#include <stdlib.h>

enum { FONT_BYTES_MAX = 16 << 20, MAP_BYTES_MAX = 4 << 20, LETTERS_OF_BLOCK = 100 /* at most, in a text map */ };

bool pdf_face_begin(pdf_face *f, unsigned number, HPDF_Doc pdf, pdf_pack *pack)
{
    f->number = number;
    f->pack = pack;
    f->letter = malloc(128 * sizeof *f->letter);
    if (!f->letter || !truetype_open(pdf_font_file(number), &f->file)) return false;
    f->room = 128;
    f->letters = 1;
    f->letter[0] = (pdf_letter){.width = (uint16_t)truetype_width(&f->file, 0)};
    HPDF_Dict font = HPDF_Dict_New(pdf->mmgr);
    if (!font || HPDF_Xref_Add(pdf->xref, font) != HPDF_OK) return false;
    f->font = font;
    return true;
}

void pdf_face_free(pdf_face *f)
{
    for (size_t i = 0; i < sizeof f->code / sizeof f->code[0]; i++) free(f->code[i]);
    free(f->letter);
}

static bool grow(pdf_face *f)
{
    size_t room = 2 * f->room;
    pdf_letter *letter = realloc(f->letter, room * sizeof *letter);
    if (!letter) return false;
    f->letter = letter;
    f->room = room;
    return true;
}

unsigned pdf_face_code(pdf_face *f, uint32_t character)
{
    uint16_t c = (uint16_t)(character > 0xFFFF ? 0xFFFD : character), **row = &f->code[c >> 8];
    if (!*row) *row = calloc(256, sizeof **row);
    if (!*row) return 0;
    uint16_t *code = &(*row)[c & 0xFF];
    if (*code) return *code;
    if (f->letters == 0xFFFF || (f->letters == f->room && !grow(f))) return 0;
    unsigned glyph = truetype_glyph(&f->file, c);
    *code = (uint16_t)f->letters;
    f->letter[f->letters++] = (pdf_letter){c, (uint16_t)glyph, (uint16_t)truetype_width(&f->file, glyph)};
    return *code;
}

/* ---- objects ---- */

/* "KXQWBA+DejaVuSansCondensed": the six letters say which subset it is, so that programs that join files keep two apart. */
static void name_font(const pdf_face *f, char name[64])
{
    uint64_t h = sv_hash((sv){(const char *)f->letter, f->letters * sizeof *f->letter});
    size_t i = 0;
    for (; i < 6; i++, h /= 26) name[i] = (char)('A' + h % 26);
    (void)snprintf(name + i, 64 - i, "+%s", pdf_font_name(f->number));
}

static HPDF_Dict stream_of(const pdf_face *f, HPDF_Doc pdf, const buf *bytes)
{
    HPDF_Dict d = bytes->failed ? NULL : HPDF_DictStream_New(pdf->mmgr, pdf->xref);
    return d && pdf_pack_into(f->pack, d, d->stream, buf_view(bytes)) ? d : NULL;
}

/* What a reader copies out as text. */
static HPDF_Dict text_map(const pdf_face *f, HPDF_Doc pdf)
{
    static const char head[] = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                               "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                               "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                               "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
    static const char tail[] = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    buf map = buf_new(MAP_BYTES_MAX);
    buf_str(&map, head);
    for (size_t i = 1; i < f->letters;) {
        size_t to = f->letters - i > LETTERS_OF_BLOCK ? i + LETTERS_OF_BLOCK : f->letters;
        buf_printf(&map, "%u beginbfchar\n", (unsigned)(to - i));
        for (; i < to; i++) buf_printf(&map, "<%04X> <%04X>\n", (unsigned)i, (unsigned)f->letter[i].character);
        buf_str(&map, "endbfchar\n");
    }
    buf_str(&map, tail);
    HPDF_Dict d = stream_of(f, pdf, &map);
    buf_free(&map);
    return d;
}

static HPDF_Dict font_file(const pdf_face *f, HPDF_Doc pdf)
{
    buf bytes = buf_new(FONT_BYTES_MAX);
    uint16_t *glyph = malloc(f->letters * sizeof *glyph);
    for (size_t i = 0; glyph && i < f->letters; i++) glyph[i] = f->letter[i].glyph;
    bool ok = glyph && truetype_subset(&f->file, glyph, f->letters, &bytes);
    HPDF_Dict d = ok ? stream_of(f, pdf, &bytes) : NULL;
    if (d && HPDF_Dict_AddNumber(d, "Length1", (HPDF_INT32)bytes.n) != HPDF_OK) d = NULL;
    free(glyph);
    buf_free(&bytes);
    return d;
}

static HPDF_Dict describe(const pdf_face *f, HPDF_Doc pdf, const char *name)
{
    enum { SYMBOLIC = 4, SLANTED = 64 };
    truetype_measures m = truetype_measure(&f->file);
    HPDF_Dict d = HPDF_Dict_New(pdf->mmgr), file = font_file(f, pdf);
    if (!d || HPDF_Xref_Add(pdf->xref, d) != HPDF_OK || !file) return NULL;
    HPDF_STATUS st = HPDF_Dict_AddName(d, "Type", "FontDescriptor");
    st |= HPDF_Dict_AddName(d, "FontName", name);
    st |= HPDF_Dict_AddNumber(d, "Flags", SYMBOLIC | (m.slant ? SLANTED : 0));
    HPDF_Array box = HPDF_Array_New(pdf->mmgr);
    st |= HPDF_Dict_Add(d, "FontBBox", box);
    for (size_t i = 0; box && i < 4; i++) st |= HPDF_Array_AddNumber(box, m.box[i]);
    st |= HPDF_Dict_AddNumber(d, "ItalicAngle", m.slant);
    st |= HPDF_Dict_AddNumber(d, "Ascent", m.ascent);
    st |= HPDF_Dict_AddNumber(d, "Descent", m.descent);
    st |= HPDF_Dict_AddNumber(d, "CapHeight", m.cap_height);
    st |= HPDF_Dict_AddNumber(d, "StemV", pdf_font_stem(f->number));
    st |= HPDF_Dict_Add(d, "FontFile2", file);
    return st == HPDF_OK ? d : NULL;
}

static HPDF_Dict character_system(HPDF_Doc pdf)
{
    HPDF_Dict d = HPDF_Dict_New(pdf->mmgr);
    if (!d) return NULL;
    HPDF_STATUS st = HPDF_Dict_Add(d, "Registry", HPDF_String_New(pdf->mmgr, "Adobe", NULL));
    st |= HPDF_Dict_Add(d, "Ordering", HPDF_String_New(pdf->mmgr, "Identity", NULL));
    st |= HPDF_Dict_AddNumber(d, "Supplement", 0);
    return st == HPDF_OK ? d : NULL;
}

/* [0 [600 636 ...] 1000 [...]]: readers of this version of PDF take arrays of at most 8191. */
static HPDF_Array widths(const pdf_face *f, HPDF_Doc pdf)
{
    enum { WIDTHS_TOGETHER = 1000 };
    HPDF_Array all = HPDF_Array_New(pdf->mmgr), some = NULL;
    HPDF_STATUS st = all ? HPDF_OK : HPDF_FAILD_TO_ALLOC_MEM;
    for (size_t i = 0; i < f->letters && st == HPDF_OK; i++) {
        if (i % WIDTHS_TOGETHER == 0) {
            some = HPDF_Array_New(pdf->mmgr);
            if (!some) return NULL;
            st = HPDF_Array_AddNumber(all, (HPDF_INT32)i);
            st |= HPDF_Array_Add(all, some);
        }
        st |= HPDF_Array_AddNumber(some, f->letter[i].width);
    }
    return st == HPDF_OK ? all : NULL;
}

static HPDF_Dict outlines(const pdf_face *f, HPDF_Doc pdf, const char *name)
{
    HPDF_Dict d = HPDF_Dict_New(pdf->mmgr);
    if (!d || HPDF_Xref_Add(pdf->xref, d) != HPDF_OK) return NULL;
    HPDF_STATUS st = HPDF_Dict_AddName(d, "Type", "Font");
    st |= HPDF_Dict_AddName(d, "Subtype", "CIDFontType2");
    st |= HPDF_Dict_AddName(d, "BaseFont", name);
    st |= HPDF_Dict_Add(d, "CIDSystemInfo", character_system(pdf));
    st |= HPDF_Dict_Add(d, "FontDescriptor", describe(f, pdf, name));
    st |= HPDF_Dict_Add(d, "W", widths(f, pdf));
    st |= HPDF_Dict_AddName(d, "CIDToGIDMap", "Identity");
    return st == HPDF_OK ? d : NULL;
}

/* A font of TrueType outlines, whose strings hold the numbers of glyphs, two bytes each (PDF 1.3, composite fonts). */
bool pdf_face_finish(pdf_face *f, HPDF_Doc pdf)
{
    char name[64];
    name_font(f, name);
    HPDF_STATUS st = HPDF_Dict_AddName(f->font, "Type", "Font");
    st |= HPDF_Dict_AddName(f->font, "Subtype", "Type0");
    st |= HPDF_Dict_AddName(f->font, "BaseFont", name);
    st |= HPDF_Dict_AddName(f->font, "Encoding", "Identity-H");
    HPDF_Array below = HPDF_Array_New(pdf->mmgr);
    st |= HPDF_Dict_Add(f->font, "DescendantFonts", below);
    if (below) st |= HPDF_Array_Add(below, outlines(f, pdf, name));
    st |= HPDF_Dict_Add(f->font, "ToUnicode", text_map(f, pdf));
    return st == HPDF_OK;
}
