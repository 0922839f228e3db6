#include "rtf/rtf.h"
#include "base/ascii.h"
#include "base/codepage.h"
#include "base/utf.h"
#include "html/rich_out.h"
#include "rtf/rtf_words.h"

enum {
    GROUPS_MAX = 512, /* Word nests some dozen deep; what is deeper is read without groups of its own */
    FONTS_MAX = 8192, /* numbers of fonts; Word's go to some hundreds */
    WORD_MAX = 32,
    FALLBACK_MAX = 16,
    SIZE_MAX_HALF_POINTS = 3276 /* Word's largest */
};

typedef struct group {
    uint32_t page;    /* code page of the font, or RTF_PAGE_* */
    uint8_t style;    /* RICH_* */
    uint8_t fallback; /* \uc */
    uint8_t align;    /* rich_align */
    uint16_t size;    /* of letters, in half points; 0: not said */
    bool skip;        /* no text */
    bool hidden;
    bool font_table;
    bool in_table;
    bool two_forms; /* the next group is the form for old readers */
} group;

typedef struct rtf_reader {
    sv s;
    size_t at;
    rich_out out;
    rtf_told *told;
    group now;
    group outer[GROUPS_MAX];
    size_t depth; /* open groups; the outermost GROUPS_MAX are kept */
    uint32_t document_page;
    int32_t default_font;
    int32_t font;       /* of the font table, being described */
    unsigned skip_next; /* characters that stand for the \u before them */
    uint32_t high;      /* first half of a character beyond 16 bits; 0: none */
    char held[4];       /* bytes of one character of a multi-byte code page */
    size_t held_n;
    bool starred; /* \* was read, the word that it marks comes next */
    bool fonts_told;
    uint16_t page_of[FONTS_MAX];
} rtf_reader;

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0'; }

static size_t rtf_begin(sv s)
{
    size_t i = 0;
    while (i < s.n && (is_blank(s.p[i]) || sv_starts((sv){s.p + i, s.n - i}, SV_LIT("\xEF\xBB\xBF")))) {
        i += is_blank(s.p[i]) ? 1 : 3;
    }
    return i;
}

bool rtf_is(sv s)
{
    size_t i = rtf_begin(s);
    return sv_starts((sv){s.p + i, s.n - i}, SV_LIT("{\\rtf"));
}

/* ---- characters ---- */

static bool shown(const rtf_reader *r) { return !r->now.skip && !r->now.font_table && !r->now.hidden; }

static void set_form(rtf_reader *r)
{
    r->out.style = r->now.style;
    r->out.align = (rich_align)r->now.align;
    r->out.half_points = r->now.size;
    rich_table(&r->out, r->now.in_table);
}

static void put(rtf_reader *r, sv utf8)
{
    if (!shown(r)) {
        if (r->now.hidden && !r->now.skip) r->told->left_out = true;
        return;
    }
    set_form(r);
    rich_text(&r->out, utf8);
}

static void put_code(rtf_reader *r, uint32_t code)
{
    char utf8[4];
    if (code == 0xFFFD && shown(r)) r->told->unreadable++;
    put(r, (sv){utf8, utf8_put(code, utf8)});
}

/* Ends what only makes sense with more behind it: half a character is none. */
static void settle(rtf_reader *r)
{
    if (r->held_n > 0 || r->high != 0) put_code(r, 0xFFFD);
    r->held_n = 0;
    r->high = 0;
}

/* How many bytes a character that begins like the held ones has; 0: as many as make valid UTF-8. */
static size_t character_bytes(unsigned page, uint8_t first)
{
    switch (page) {
    case 932: return (first >= 0x81 && first <= 0x9F) || (first >= 0xE0 && first <= 0xFC) ? 2 : 1;
    case 936:
    case 949:
    case 950: return first >= 0x81 && first <= 0xFE ? 2 : 1;
    case 65001: return first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    default: return 1;
    }
}

static uint32_t page_now(const rtf_reader *r) { return r->now.page ? r->now.page : r->document_page; }

static void put_byte(rtf_reader *r, uint8_t byte)
{
    uint32_t page = page_now(r);
    if (r->high != 0) settle(r);
    if (page <= RTF_PAGE_UNKNOWN) {
        uint32_t code = page == RTF_PAGE_SYMBOL     ? rtf_symbol(byte)
                        : page == RTF_PAGE_DINGBATS ? rtf_dingbat(byte)
                        : byte < 0x80               ? byte
                                                    : 0;
        put_code(r, code ? code : 0xFFFD);
        return;
    }
    const codepage *cp = codepage_of(page);
    if (!cp) {
        put_code(r, byte < 0x80 ? byte : 0xFFFD);
        return;
    }
    r->held[r->held_n++] = (char)byte;
    if (r->held_n < character_bytes(page, (uint8_t)r->held[0])) return;
    char utf8[CODEPAGE_GROWTH_MAX * sizeof r->held + 4];
    size_t bad = 0;
    size_t n = codepage_to_utf8(cp, (sv){r->held, r->held_n}, utf8, &bad);
    r->held_n = 0;
    if (shown(r)) r->told->unreadable += bad;
    put(r, (sv){utf8, n});
}

/* A UTF-16 unit of \u. */
static void put_unit(rtf_reader *r, int32_t number)
{
    uint32_t unit = number < 0 ? (uint32_t)(number + 65536) : (uint32_t)number;
    if (r->held_n > 0) settle(r);
    if (r->high != 0 && unit >= 0xDC00 && unit < 0xE000) {
        uint32_t code = 0x10000 + ((r->high - 0xD800) << 10) + (unit - 0xDC00);
        r->high = 0;
        put_code(r, code);
        return;
    }
    if (r->high != 0) settle(r);
    if (unit >= 0xD800 && unit < 0xDC00) {
        r->high = unit;
    } else if (unit >= 0xF020 && unit <= 0xF0FF &&
               (page_now(r) == RTF_PAGE_SYMBOL || page_now(r) == RTF_PAGE_DINGBATS)) {
        put_byte(r, (uint8_t)(unit - 0xF000)); /* Word writes bytes of symbol fonts so */
    } else if (unit == 0 || (unit < 0x20 && unit != '\t')) {
        return;
    } else {
        put_code(r, unit > 0x10FFFF ? 0xFFFD : unit);
    }
}

/* ---- fonts ---- */

/* The name of a symbol font tells which symbols it holds. */
static void font_name(rtf_reader *r, sv name)
{
    if (r->font < 0 || r->font >= FONTS_MAX || r->page_of[r->font] != RTF_PAGE_SYMBOL) return;
    if (name.n >= 9 &&
        (sv_eq_nocase((sv){name.p, 9}, SV_LIT("Wingdings")) || sv_eq_nocase((sv){name.p, 8}, SV_LIT("Webdings")))) {
        r->page_of[r->font] = RTF_PAGE_DINGBATS;
    }
}

static void use_font(rtf_reader *r, int32_t number)
{
    if (r->now.font_table) {
        r->font = number;
        if (number >= 0 && number < FONTS_MAX) r->page_of[number] = 0;
        return;
    }
    r->now.page = number >= 0 && number < FONTS_MAX ? r->page_of[number] : 0;
}

static void describe_font(rtf_reader *r, uint32_t page)
{
    if (!r->now.font_table || r->font < 0 || r->font >= FONTS_MAX) return;
    r->page_of[r->font] = (uint16_t)page;
    r->fonts_told = true;
}

/* ---- groups ---- */

static void open_group(rtf_reader *r)
{
    if (r->depth < GROUPS_MAX) {
        r->outer[r->depth] = r->now;
    } else {
        r->told->broken = true;
    }
    bool old_form = r->now.two_forms;
    if (old_form && r->depth < GROUPS_MAX) r->outer[r->depth].two_forms = false;
    r->depth++;
    r->now.two_forms = false;
    r->now.skip = r->now.skip || old_form;
    r->skip_next = 0;
}

static void close_group(rtf_reader *r)
{
    r->skip_next = 0;
    if (r->depth == 0) {
        r->told->broken = true;
        return;
    }
    r->depth--;
    if (r->depth < GROUPS_MAX) {
        group inner = r->now;
        r->now = r->outer[r->depth];
        /* A paragraph goes on behind a group that stands in it. */
        if (!inner.skip && !inner.font_table) r->now.in_table = inner.in_table;
        if (inner.font_table && !r->now.font_table) use_font(r, r->default_font);
    }
}

static void begin_document(rtf_reader *r)
{
    r->now = (group){.fallback = 1};
    r->document_page = 1252;
    r->default_font = -1;
    r->font = -1;
    r->starred = false;
    r->skip_next = 0;
    if (r->fonts_told) memset(r->page_of, 0, sizeof r->page_of);
    r->fonts_told = false;
}

/* ---- control words ---- */

static void set_style(rtf_reader *r, unsigned bits, bool on)
{
    unsigned exclusive = bits & (RICH_SUB | RICH_SUPER) ? RICH_SUB | RICH_SUPER : 0;
    r->now.style = (uint8_t)((r->now.style & ~(bits | exclusive)) | (on ? bits : 0));
}

static void break_text(rtf_reader *r, rtf_action action)
{
    if (!shown(r)) return;
    set_form(r);
    switch (action) {
    case RTF_PARAGRAPH: rich_paragraph(&r->out); break;
    case RTF_PAGE: rich_page(&r->out); break;
    case RTF_LINE: rich_line(&r->out); break;
    case RTF_CELL: rich_cell(&r->out); break;
    default: rich_row(&r->out); break;
    }
}

static void skip_binary(rtf_reader *r, int64_t n)
{
    size_t left = r->s.n - r->at;
    if (n < 0 || (uint64_t)n > left) {
        r->told->broken = true; /* a damaged count must not swallow the text */
        return;
    }
    r->at += (size_t)n;
}

static void document_page(rtf_reader *r, uint32_t page, bool given, int32_t number)
{
    if (page == 0 && given && number > 0) page = (uint32_t)number;
    if (page == 0) return;
    /* \ansi after \ansicpg, in the wrong order, must not undo it. */
    if (page == 1252 && !given && r->document_page != 1252) return;
    r->document_page = page <= RTF_PAGE_UNKNOWN ? 1252 : page;
}

static void obey(rtf_reader *r, const rtf_word *w, bool given, int32_t number)
{
    bool on = !given || number != 0;
    switch (w->action) {
    case RTF_IGNORE: break;
    case RTF_CHARACTER: put_code(r, w->value); break;
    case RTF_PARAGRAPH:
    case RTF_PAGE:
    case RTF_LINE:
    case RTF_CELL:
    case RTF_ROW: break_text(r, w->action); break;
    case RTF_IN_TABLE: r->now.in_table = on; break;
    case RTF_PARD:
        r->now.in_table = false;
        r->now.align = RICH_LEFT;
        break;
    case RTF_ALIGN: r->now.align = (uint8_t)w->value; break;
    case RTF_SIZE: r->now.size = (uint16_t)(number < 0 || number > SIZE_MAX_HALF_POINTS ? 0 : number); break;
    case RTF_PLAIN:
        r->now.style = 0;
        r->now.size = 0;
        r->now.hidden = false;
        if (!r->now.font_table) use_font(r, r->default_font);
        break;
    case RTF_STYLE: set_style(r, w->value, on); break;
    case RTF_STYLE_END: set_style(r, w->value, false); break;
    case RTF_HIDDEN: r->now.hidden = on; break;
    case RTF_FONT: use_font(r, number); break;
    case RTF_DEFAULT_FONT: r->default_font = number; break;
    case RTF_CHARSET: describe_font(r, rtf_charset_page(number)); break;
    case RTF_FONT_PAGE:
        if (number > RTF_PAGE_UNKNOWN && number <= 65535) describe_font(r, (uint32_t)number);
        break;
    case RTF_CODE_PAGE: document_page(r, w->value, given, number); break;
    case RTF_UNICODE:
        put_unit(r, number);
        r->skip_next = r->now.fallback;
        break;
    case RTF_FALLBACK:
        r->now.fallback = (uint8_t)(number < 0 ? 0 : number > FALLBACK_MAX ? FALLBACK_MAX : number);
        break;
    case RTF_BINARY: skip_binary(r, number); break;
    case RTF_FONT_TABLE: r->now.font_table = true; break;
    case RTF_KEEP: break;
    case RTF_TWO_FORMS: r->now.two_forms = true; break;
    case RTF_SKIP: r->now.skip = true; break;
    case RTF_LOST:
        if (shown(r)) r->told->left_out = true;
        r->now.skip = true;
        break;
    }
}

/* The word or symbol behind a backslash. */
static void word(rtf_reader *r)
{
    sv s = r->s;
    size_t from = r->at;
    while (r->at < s.n && r->at - from < WORD_MAX && is_letter(s.p[r->at])) r->at++;
    sv name = {s.p + from, r->at - from};
    bool minus = r->at + 1 < s.n && s.p[r->at] == '-' && is_digit(s.p[r->at + 1]);
    r->at += minus;
    bool given = false;
    int64_t number = 0;
    for (; r->at < s.n && is_digit(s.p[r->at]); r->at++) {
        given = true;
        if (number < INT32_MAX) number = number * 10 + (s.p[r->at] - '0');
    }
    if (number > INT32_MAX) number = INT32_MAX;
    if (minus) number = -number;
    if (r->at < s.n && s.p[r->at] == ' ') r->at++;

    const rtf_word *w = rtf_word_named(name);
    bool starred = r->starred;
    r->starred = false;
    if (starred && (!w || (w->action != RTF_KEEP && w->action != RTF_LOST && w->action != RTF_FONT_TABLE))) {
        r->now.skip = true;
    }
    if (r->skip_next > 0 && w && w->action != RTF_UNICODE && w->action != RTF_BINARY) {
        r->skip_next--; /* a word counts as one character of what stands for \u */
        if (w->action == RTF_CHARACTER) return;
    }
    if (!w) return;
    if (w->action != RTF_UNICODE && w->action != RTF_FALLBACK) settle(r);
    obey(r, w, given, (int32_t)number);
}

static void hex_byte(rtf_reader *r)
{
    int high = r->at < r->s.n ? hex_digit(r->s.p[r->at]) : -1;
    int low = r->at + 1 < r->s.n ? hex_digit(r->s.p[r->at + 1]) : -1;
    if (high < 0 || low < 0) {
        r->told->broken = true;
        return;
    }
    r->at += 2;
    if (r->skip_next > 0) {
        r->skip_next--;
    } else {
        put_byte(r, (uint8_t)(high << 4 | low));
    }
}

static void symbol(rtf_reader *r, char c)
{
    if (c == '\'') {
        hex_byte(r);
        return;
    }
    if (c == '*') {
        r->starred = true;
        return;
    }
    if (r->skip_next > 0) {
        r->skip_next--;
        return;
    }
    settle(r);
    switch (c) {
    case '\\':
    case '{':
    case '}': put(r, (sv){&c, 1}); break;
    case '~': put_code(r, 0xA0); break;
    case '_': put_code(r, 0x2011); break;
    case '\r':
    case '\n':
        if (c == '\r' && r->at < r->s.n && r->s.p[r->at] == '\n') r->at++;
        break_text(r, RTF_PARAGRAPH);
        break;
    case '\t': put(r, SV_LIT("\t")); break;
    default: break; /* a place where a word may be divided, and index marks */
    }
}

static void control(rtf_reader *r)
{
    r->at++;
    if (r->at >= r->s.n) {
        r->told->broken = true;
        return;
    }
    if (is_letter(r->s.p[r->at])) {
        word(r);
    } else {
        r->at++;
        symbol(r, r->s.p[r->at - 1]);
    }
}

/* ---- text ---- */

static void one_character(rtf_reader *r)
{
    sv rest = {r->s.p + r->at, r->s.n - r->at};
    size_t n = (unsigned char)rest.p[0] < 0x80 ? 1 : utf8_valid_at(rest);
    r->at += n ? n : 1;
    if (r->skip_next > 0) {
        r->skip_next--;
    } else if (n == 1 && (r->held_n > 0 || page_now(r) <= RTF_PAGE_UNKNOWN)) {
        put_byte(r, (uint8_t)rest.p[0]);
    } else if (n > 0) {
        settle(r);
        put(r, (sv){rest.p, n});
    } else {
        put_byte(r, (uint8_t)rest.p[0]);
    }
}

static bool all_blank(sv s)
{
    size_t i = 0;
    while (i < s.n && is_blank(s.p[i])) i++;
    return i == s.n;
}

static void characters(rtf_reader *r)
{
    size_t from = r->at;
    bool plain = r->skip_next == 0 && r->held_n == 0 && r->high == 0 && page_now(r) > RTF_PAGE_UNKNOWN;
    while (plain && r->at < r->s.n) {
        unsigned char c = (unsigned char)r->s.p[r->at];
        if (c == '{' || c == '}' || c == '\\' || c >= 0x80 || (c < 0x20 && c != '\t')) break;
        r->at++;
    }
    if (r->at == from) {
        if (r->depth == 0 && !is_blank(r->s.p[r->at])) r->told->broken = true;
        one_character(r);
        return;
    }
    sv run = {r->s.p + from, r->at - from};
    if (r->depth == 0 && !all_blank(run)) r->told->broken = true;
    if (r->now.font_table) {
        font_name(r, run);
    } else if (r->depth > 0 || r->told->broken) {
        put(r, run);
    }
}

void rtf_read(sv s, buf *text, buf *html, rtf_told *told) { rtf_read_to(s, rich_new(text, html), told); }

void rtf_read_to(sv s, rich_out out, rtf_told *told)
{
    rtf_reader r = {.s = s, .at = rtf_begin(s), .out = out, .told = told};
    *told = (rtf_told){false, false, 0};
    begin_document(&r);
    if (!rtf_is(s)) told->broken = true;
    while (r.at < s.n) {
        char c = s.p[r.at];
        if (c == '{') {
            settle(&r);
            if (r.depth == 0) begin_document(&r);
            open_group(&r);
            r.at++;
        } else if (c == '}') {
            settle(&r);
            close_group(&r);
            r.at++;
        } else if (c == '\\') {
            control(&r);
        } else if (c == '\r' || c == '\n' || c == '\0') {
            r.at++;
        } else {
            characters(&r);
        }
    }
    settle(&r);
    if (r.depth > 0) told->broken = true;
    rich_end(&r.out);
}
