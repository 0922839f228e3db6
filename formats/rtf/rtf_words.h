/* The control words that are understood. Internal to this folder. */
#ifndef RTF_RTF_WORDS_H
#define RTF_RTF_WORDS_H

#include "base/sv.h"

typedef enum rtf_action {
    RTF_IGNORE,    /* a word that says nothing about the text */
    RTF_CHARACTER, /* value: code point */
    RTF_PARAGRAPH, /* ends one */
    RTF_PAGE,      /* ends one, and the page */
    RTF_LINE,      /* a line break inside one */
    RTF_CELL,
    RTF_ROW,
    RTF_IN_TABLE,  /* the paragraph stands in a cell */
    RTF_PARD,      /* paragraph properties back to their default */
    RTF_ALIGN,     /* of paragraphs; value: rich_align */
    RTF_SIZE,      /* of letters, in half points */
    RTF_PLAIN,     /* character properties back to their default */
    RTF_STYLE,     /* value: RICH_*; parameter 0 ends it */
    RTF_STYLE_END, /* value: RICH_* that end */
    RTF_HIDDEN,    /* parameter 0 ends it */
    RTF_FONT,
    RTF_DEFAULT_FONT,
    RTF_CHARSET,   /* of a font */
    RTF_FONT_PAGE, /* of a font */
    RTF_CODE_PAGE, /* of the document; value: the page, or 0 for the parameter */
    RTF_UNICODE,
    RTF_FALLBACK, /* \ucN */
    RTF_BINARY,
    RTF_FONT_TABLE, /* the group describes fonts */
    RTF_KEEP,       /* the group is text, though it may be marked as one to be skipped */
    RTF_TWO_FORMS,  /* \upr: the first group of it is for old readers */
    RTF_SKIP,       /* the group is no text */
    RTF_LOST        /* the group is something that text cannot show */
} rtf_action;

typedef struct rtf_word {
    const char *name;
    rtf_action action;
    uint32_t value;
} rtf_word;

/* NULL: not known. */
const rtf_word *rtf_word_named(sv name);

/* The code page of a font's \fcharset: 0 for the document's own, 1 (RTF_PAGE_SYMBOL) for symbol fonts,
 * RTF_PAGE_UNKNOWN. */
enum { RTF_PAGE_SYMBOL = 1, RTF_PAGE_DINGBATS = 2, RTF_PAGE_UNKNOWN = 3 };
uint32_t rtf_charset_page(int32_t charset);

/* What a byte means in the fonts Symbol and Wingdings; 0: not known. */
uint32_t rtf_symbol(uint8_t byte);
uint32_t rtf_dingbat(uint8_t byte);

#endif
