#include "rtf/rtf_words.h"
#include "html/rich_out.h"
#include <stdlib.h>

/* Sorted by name. */
static const rtf_word words[] = {
    {"af", RTF_IGNORE, 0},
    {"aftncn", RTF_SKIP, 0},
    {"aftnsep", RTF_SKIP, 0},
    {"aftnsepc", RTF_SKIP, 0},
    {"annotation", RTF_LOST, 0},
    {"ansi", RTF_CODE_PAGE, 1252},
    {"ansicpg", RTF_CODE_PAGE, 0},
    {"atnauthor", RTF_SKIP, 0},
    {"atnid", RTF_SKIP, 0},
    {"atrfend", RTF_SKIP, 0},
    {"atrfstart", RTF_SKIP, 0},
    {"b", RTF_STYLE, RICH_BOLD},
    {"bin", RTF_BINARY, 0},
    {"bkmkend", RTF_SKIP, 0},
    {"bkmkstart", RTF_SKIP, 0},
    {"bullet", RTF_CHARACTER, 0x2022},
    {"cell", RTF_CELL, 0},
    {"colorschememapping", RTF_SKIP, 0},
    {"colortbl", RTF_SKIP, 0},
    {"column", RTF_PARAGRAPH, 0},
    {"cpg", RTF_FONT_PAGE, 0},
    {"datafield", RTF_SKIP, 0},
    {"datastore", RTF_SKIP, 0},
    {"deff", RTF_DEFAULT_FONT, 0},
    {"deleted", RTF_HIDDEN, 0},
    {"do", RTF_LOST, 0},
    {"docvar", RTF_SKIP, 0},
    {"emdash", RTF_CHARACTER, 0x2014},
    {"emspace", RTF_CHARACTER, 0x2003},
    {"endash", RTF_CHARACTER, 0x2013},
    {"enspace", RTF_CHARACTER, 0x2002},
    {"f", RTF_FONT, 0},
    {"falt", RTF_SKIP, 0},
    {"fcharset", RTF_CHARSET, 0},
    {"filetbl", RTF_SKIP, 0},
    {"fldinst", RTF_SKIP, 0},
    {"fldrslt", RTF_KEEP, 0},
    {"fontemb", RTF_SKIP, 0},
    {"fonttbl", RTF_FONT_TABLE, 0},
    {"footer", RTF_LOST, 0},
    {"footerf", RTF_LOST, 0},
    {"footerl", RTF_LOST, 0},
    {"footerr", RTF_LOST, 0},
    {"footnote", RTF_KEEP, 0},
    {"formfield", RTF_SKIP, 0},
    {"fs", RTF_SIZE, 0},
    {"ftncn", RTF_SKIP, 0},
    {"ftnsep", RTF_SKIP, 0},
    {"ftnsepc", RTF_SKIP, 0},
    {"generator", RTF_SKIP, 0},
    {"header", RTF_LOST, 0},
    {"headerf", RTF_LOST, 0},
    {"headerl", RTF_LOST, 0},
    {"headerr", RTF_LOST, 0},
    {"i", RTF_STYLE, RICH_ITALIC},
    {"info", RTF_SKIP, 0},
    {"intbl", RTF_IN_TABLE, 0},
    {"keycode", RTF_SKIP, 0},
    {"latentstyles", RTF_SKIP, 0},
    {"lbr", RTF_LINE, 0},
    {"ldblquote", RTF_CHARACTER, 0x201C},
    {"line", RTF_LINE, 0},
    {"listoverridetable", RTF_SKIP, 0},
    {"listtable", RTF_SKIP, 0},
    {"listtext", RTF_KEEP, 0},
    {"lquote", RTF_CHARACTER, 0x2018},
    {"ltrmark", RTF_CHARACTER, 0x200E},
    {"mac", RTF_CODE_PAGE, 10000},
    {"mmathPr", RTF_SKIP, 0},
    {"nestcell", RTF_CELL, 0},
    {"nestrow", RTF_ROW, 0},
    {"nonshppict", RTF_SKIP, 0},
    {"nosupersub", RTF_STYLE_END, RICH_SUB | RICH_SUPER},
    {"objclass", RTF_SKIP, 0},
    {"objdata", RTF_SKIP, 0},
    {"objname", RTF_SKIP, 0},
    {"page", RTF_PAGE, 0},
    {"panose", RTF_SKIP, 0},
    {"par", RTF_PARAGRAPH, 0},
    {"pard", RTF_PARD, 0},
    {"pc", RTF_CODE_PAGE, 437},
    {"pca", RTF_CODE_PAGE, 850},
    {"pgdsctbl", RTF_SKIP, 0},
    {"pict", RTF_LOST, 0},
    {"plain", RTF_PLAIN, 0},
    {"pn", RTF_SKIP, 0},
    {"pnseclvl", RTF_SKIP, 0},
    {"pntext", RTF_KEEP, 0},
    {"private", RTF_SKIP, 0},
    {"protusertbl", RTF_SKIP, 0},
    {"qc", RTF_ALIGN, RICH_CENTER},
    {"qj", RTF_ALIGN, RICH_LEFT},
    {"ql", RTF_ALIGN, RICH_LEFT},
    {"qmspace", RTF_CHARACTER, 0x2005},
    {"qr", RTF_ALIGN, RICH_RIGHT},
    {"rdblquote", RTF_CHARACTER, 0x201D},
    {"result", RTF_KEEP, 0},
    {"revtbl", RTF_SKIP, 0},
    {"row", RTF_ROW, 0},
    {"rquote", RTF_CHARACTER, 0x2019},
    {"rsidtbl", RTF_SKIP, 0},
    {"rtlmark", RTF_CHARACTER, 0x200F},
    {"rxe", RTF_SKIP, 0},
    {"sect", RTF_PARAGRAPH, 0},
    {"shpinst", RTF_KEEP, 0},
    {"shppict", RTF_KEEP, 0},
    {"shptxt", RTF_KEEP, 0},
    {"softline", RTF_LINE, 0},
    {"sp", RTF_SKIP, 0},
    {"stylesheet", RTF_SKIP, 0},
    {"sub", RTF_STYLE, RICH_SUB},
    {"super", RTF_STYLE, RICH_SUPER},
    {"tab", RTF_CHARACTER, 0x9},
    {"tc", RTF_SKIP, 0},
    {"tcn", RTF_SKIP, 0},
    {"template", RTF_SKIP, 0},
    {"themedata", RTF_SKIP, 0},
    {"txe", RTF_SKIP, 0},
    {"u", RTF_UNICODE, 0},
    {"uc", RTF_FALLBACK, 0},
    {"ud", RTF_KEEP, 0},
    {"ul", RTF_STYLE, RICH_UNDERLINE},
    {"uld", RTF_STYLE, RICH_UNDERLINE},
    {"uldash", RTF_STYLE, RICH_UNDERLINE},
    {"uldashd", RTF_STYLE, RICH_UNDERLINE},
    {"uldashdd", RTF_STYLE, RICH_UNDERLINE},
    {"uldb", RTF_STYLE, RICH_UNDERLINE},
    {"ulhwave", RTF_STYLE, RICH_UNDERLINE},
    {"ulldash", RTF_STYLE, RICH_UNDERLINE},
    {"ulnone", RTF_STYLE_END, RICH_UNDERLINE},
    {"ulth", RTF_STYLE, RICH_UNDERLINE},
    {"ulthd", RTF_STYLE, RICH_UNDERLINE},
    {"ulthdash", RTF_STYLE, RICH_UNDERLINE},
    {"ululdbwave", RTF_STYLE, RICH_UNDERLINE},
    {"ulw", RTF_STYLE, RICH_UNDERLINE},
    {"ulwave", RTF_STYLE, RICH_UNDERLINE},
    {"upr", RTF_TWO_FORMS, 0},
    {"v", RTF_HIDDEN, 0},
    {"wgrffmtfilter", RTF_SKIP, 0},
    {"xe", RTF_SKIP, 0},
    {"xmlnstbl", RTF_SKIP, 0},
    {"zwj", RTF_CHARACTER, 0x200D},
    {"zwnj", RTF_CHARACTER, 0x200C},
};

static int by_name(const void *key, const void *element)
{
    return sv_cmp(*(const sv *)key, sv_from(((const rtf_word *)element)->name));
}

const rtf_word *rtf_word_named(sv name)
{
    return bsearch(&name, words, sizeof words / sizeof words[0], sizeof words[0], by_name);
}

uint32_t rtf_charset_page(int32_t charset)
{
    static const struct {
        uint8_t charset;
        uint16_t page;
    } pages[] = {{0, 0},      {1, 0},      {2, RTF_PAGE_SYMBOL}, {128, 932},  {129, 949},  {134, 936},
                 {136, 950},  {161, 1253}, {162, 1254},          {163, 1258}, {177, 1255}, {178, 1256},
                 {186, 1257}, {204, 1251}, {222, 874},           {238, 1250}, {254, 437},  {255, 850}};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (pages[i].charset == charset) return pages[i].page;
    }
    return RTF_PAGE_UNKNOWN;
}

/* The encoding of Adobe's font Symbol, as published with Unicode. */
static const uint16_t symbol[256] = {
    0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,
    0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,
    0,      0,      0,      0,      0x0020, 0x0021, 0x2200, 0x0023, 0x2203, 0x0025, 0x0026, 0x220B, 0x0028, 0x0029,
    0x2217, 0x002B, 0x002C, 0x2212, 0x002E, 0x002F, 0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037,
    0x0038, 0x0039, 0x003A, 0x003B, 0x003C, 0x003D, 0x003E, 0x003F, 0x2245, 0x0391, 0x0392, 0x03A7, 0x0394, 0x0395,
    0x03A6, 0x0393, 0x0397, 0x0399, 0x03D1, 0x039A, 0x039B, 0x039C, 0x039D, 0x039F, 0x03A0, 0x0398, 0x03A1, 0x03A3,
    0x03A4, 0x03A5, 0x03C2, 0x03A9, 0x039E, 0x03A8, 0x0396, 0x005B, 0x2234, 0x005D, 0x22A5, 0x005F, 0,      0x03B1,
    0x03B2, 0x03C7, 0x03B4, 0x03B5, 0x03C6, 0x03B3, 0x03B7, 0x03B9, 0x03D5, 0x03BA, 0x03BB, 0x03BC, 0x03BD, 0x03BF,
    0x03C0, 0x03B8, 0x03C1, 0x03C3, 0x03C4, 0x03C5, 0x03D6, 0x03C9, 0x03BE, 0x03C8, 0x03B6, 0x007B, 0x007C, 0x007D,
    0x223C, 0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,
    0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0,
    0,      0,      0,      0,      0,      0,      0x20AC, 0,      0x2032, 0x2264, 0x2044, 0x221E, 0,      0x2663,
    0x2666, 0x2665, 0x2660, 0x2194, 0x2190, 0x2191, 0x2192, 0x2193, 0x00B0, 0x00B1, 0x2033, 0x2265, 0x00D7, 0x221D,
    0x2202, 0x2022, 0x00F7, 0x2260, 0x2261, 0x2248, 0x2026, 0,      0,      0,      0,      0,      0,      0,
    0,      0,      0x2205, 0x2229, 0x222A, 0,      0,      0,      0,      0,      0x2208, 0x2209, 0x2220, 0x2207,
    0x00AE, 0x00A9, 0x2122, 0x220F, 0x221A, 0x22C5, 0x00AC, 0x2227, 0x2228, 0x21D4, 0x21D0, 0x21D1, 0x21D2, 0x21D3,
    0x25CA, 0,      0x00AE, 0x00A9, 0x2122, 0x2211, 0,      0,      0,      0,      0,      0,      0,      0,
    0,      0,      0,      0,      0x222B, 0,      0,      0,      0,      0,      0,      0,      0,      0,
    0,      0,      0,      0,
};

uint32_t rtf_symbol(uint8_t byte) { return symbol[byte]; }

/* What bullets and boxes of forms are made of; the pictures of the font have no place in a note. */
uint32_t rtf_dingbat(uint8_t byte)
{
    switch (byte) {
    case 0x20: return ' ';
    case 0x6C: return 0x25CF; /* filled circle */
    case 0x6E: return 0x25A0; /* filled square */
    case 0x6F:
    case 0x71:
    case 0xA8: return 0x2610; /* empty box */
    case 0x76:
    case 0xA7:
    case 0x9F: return 0x2022; /* bullets */
    case 0xD8: return 0x27A2; /* arrow head */
    case 0xE0: return 0x2192; /* arrow */
    case 0xFB: return 0x2717; /* cross */
    case 0xFC: return 0x2713; /* tick */
    case 0xFD: return 0x2612; /* crossed box */
    case 0xFE: return 0x2611; /* ticked box */
    default: return 0;
    }
}
