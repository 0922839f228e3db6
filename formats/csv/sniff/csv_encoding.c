#include "csv/sniff/csv_encoding.h"
#include "base/ascii.h"
#include "base/utf.h"
#include <stdio.h>
#include <stdlib.h>

/* What is looked at: the head, and pieces spread over the rest. */
enum { HEAD_BYTES = 256 << 10, PIECE_BYTES = 64 << 10, PIECES = 16 };

/* ---- names ---- */

static unsigned page_number(const char *digits)
{
    unsigned n = 0;
    for (; *digits >= '0' && *digits <= '9' && n < 100000; digits++) n = n * 10 + (unsigned)(*digits - '0');
    return *digits ? 0 : n;
}

bool csv_encoding_named(sv name, csv_encoding_found *out)
{
    char word[32];
    size_t n = 0;
    *out = (csv_encoding_found){.encoding = CSV_UTF8};
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '-' || c == '_' || c == ' ') continue;
        if (n + 1 == sizeof word) return false;
        word[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    word[n] = '\0';
    if (strcmp(word, "utf8") == 0) return true;
    out->encoding = CSV_UTF16LE;
    if (strcmp(word, "utf16le") == 0 || strcmp(word, "utf16") == 0 || strcmp(word, "unicode") == 0) return true;
    out->encoding = CSV_UTF16BE;
    if (strcmp(word, "utf16be") == 0) return true;
    out->encoding = CSV_CODEPAGE;
    static const struct {
        const char *word;
        unsigned page;
    } alias[] = {{"latin1", 1252}, {"iso88591", 1252}, {"ansi", 1252}, {"latin5", 1254}, {"iso88599", 1254}};
    unsigned page = 0;
    for (size_t i = 0; i < sizeof alias / sizeof alias[0]; i++)
        if (strcmp(word, alias[i].word) == 0) page = alias[i].page;
    if (strncmp(word, "windows", 7) == 0) page = page_number(word + 7);
    if (strncmp(word, "cp", 2) == 0) page = page_number(word + 2);
    if (strncmp(word, "ibm", 3) == 0) page = page_number(word + 3);
    if (word[0] >= '0' && word[0] <= '9') page = page_number(word);
    if (page == 65001) {
        out->encoding = CSV_UTF8;
        return true;
    }
    /* Double-byte pages are no superset of ASCII: their second bytes may look like delimiters. */
    if (page >= 900 && page < 1000) return false;
    out->page = codepage_of(page);
    return out->page != NULL;
}

const char *csv_encoding_name(csv_encoding e, const codepage *page, bool bom)
{
    static _Thread_local char text[32];
    switch (e) {
    case CSV_UTF8: return bom ? "UTF-8 with BOM" : "UTF-8";
    case CSV_UTF16LE: return bom ? "UTF-16LE with BOM" : "UTF-16LE";
    case CSV_UTF16BE: return bom ? "UTF-16BE with BOM" : "UTF-16BE";
    case CSV_CODEPAGE: break;
    }
    unsigned number = page ? codepage_number(page) : 0;
    snprintf(text, sizeof text, number > 1000 ? "Windows-%u" : "code page %u", number);
    return text;
}

/* ---- evidence ---- */

typedef struct evidence {
    uint64_t bytes, even_nul, odd_nul, loose; /* loose: NUL or control characters that no text has */
    uint64_t wide, invalid;                   /* characters of several bytes of UTF-8; bytes that are none */
    uint64_t between[256], beside[256];       /* bytes from 0x80 on with ASCII letters on both sides; on one */
    uint64_t in_word[256];                    /* the same with any letter on one side */
} evidence;

static bool separates(uint8_t c) { return c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';' || c == '|'; }

/* bcp writes an empty text as a NUL between separators: that is text. */
static bool is_loose(const uint8_t *p, size_t n, size_t i)
{
    uint8_t c = p[i];
    if (c == 0) return !((i == 0 || separates(p[i - 1])) && (i + 1 == n || separates(p[i + 1])));
    return c < 0x20 && !separates(c) && c != '\f' && c != '\v' && c != 0x1A && c < 0x1C;
}

static void look_at_bytes(evidence *e, const uint8_t *p, size_t n, uint64_t at)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t c = p[i];
        if (c >= 0x80) {
            bool before = i && is_letter((char)p[i - 1]), behind = i + 1 < n && is_letter((char)p[i + 1]);
            e->between[c] += before && behind;
            e->beside[c] += before || behind;
            e->in_word[c] += before || behind || (i && p[i - 1] >= 0x80) || (i + 1 < n && p[i + 1] >= 0x80);
        } else if (c < 0x20) {
            e->even_nul += c == 0 && ((at + i) & 1) == 0;
            e->odd_nul += c == 0 && ((at + i) & 1) == 1;
            e->loose += is_loose(p, n, i);
        }
    }
    e->bytes += n;
}

/* The piece may begin and end within a character, unless it is the file's first or last. */
static void look_at_utf8(evidence *e, const uint8_t *p, size_t n, bool whole, bool last)
{
    size_t i = 0;
    if (!whole)
        while (i < n && i < 3 && (p[i] & 0xC0) == 0x80) i++;
    while (i < n) {
        if (p[i] < 0x80) {
            i++;
            continue;
        }
        size_t len = utf8_valid_at((sv){(const char *)p + i, n - i});
        e->wide += len > 1;
        e->invalid += len == 0 && (last || i + 4 <= n);
        i += len ? len : 1;
    }
}

static status gather(byte_source *file, uint8_t *room, evidence *e, findings *f)
{
    uint64_t size = byte_source_size(file);
    size_t got = 0;
    if (byte_source_read(file, 0, room, HEAD_BYTES, &got, f) != ST_OK) return ST_FATAL;
    look_at_bytes(e, room, got, 0);
    look_at_utf8(e, room, got, true, got == size);
    if (size > got) {
        uint64_t step = (size - got) / PIECES;
        for (unsigned i = 0; i < PIECES; i++) {
            uint64_t at = size - PIECE_BYTES < HEAD_BYTES ? HEAD_BYTES : HEAD_BYTES + step * i;
            if (i + 1 == PIECES && size > HEAD_BYTES + PIECE_BYTES) at = size - PIECE_BYTES;
            if (byte_source_read(file, at, room, PIECE_BYTES, &got, f) != ST_OK) return ST_FATAL;
            look_at_bytes(e, room, got, at);
            look_at_utf8(e, room, got, false, at + got == size);
            if (size - HEAD_BYTES <= PIECE_BYTES) break;
        }
    }
    return ST_OK;
}

/* ---- conclusions ---- */

static uint64_t sum_of(const uint64_t *count, const char *bytes)
{
    uint64_t n = 0;
    for (; *bytes; bytes++) n += count[(uint8_t)*bytes];
    return n;
}

static uint64_t range(const uint64_t *count, unsigned from, unsigned to)
{
    uint64_t n = 0;
    for (unsigned i = from; i <= to; i++) n += count[i];
    return n;
}

/* Letters of the Windows pages begin at 0xC0, those of the command prompt at 0x80. Of the latter, 1252 has quotation
 * marks at 0x91 and 0x92 (O'Brien), which stand between letters as well. Turkish letters are where the sister pages
 * have letters of Icelandic and Faroese, whose words have acute vowels at least as often; Turkish words have none. */
static unsigned page_of(const evidence *e, bool *silent)
{
    uint64_t prompt = range(e->between, 0x80, 0xA8) - e->between[0x91] - e->between[0x92];
    uint64_t windows = range(e->beside, 0xC0, 0xFF);
    uint64_t turkish = sum_of(e->in_word, "\xD0\xDD\xDE\xF0\xFD\xFE"),
             acute = sum_of(e->in_word, "\xC1\xC6\xC9\xCD\xD3\xDA\xE1\xE6\xE9\xED\xF3\xFA");
    if (prompt > 2 * windows) {
        turkish = sum_of(e->in_word, "\xA6\x98\x9E\xA7\x8D\x9F");
        *silent = turkish == 0;
        return turkish ? 857 : 850;
    }
    *silent = turkish == 0;
    return turkish > acute ? 1254 : 1252;
}

static void conclude(const evidence *e, csv_encoding_found *out)
{
    uint64_t half = e->bytes / 2 ? e->bytes / 2 : 1;
    if (e->bytes >= 2 && e->odd_nul * 10 >= half * 6 && e->even_nul * 10 <= half * 2) {
        out->encoding = CSV_UTF16LE;
        return;
    }
    if (e->bytes >= 2 && e->even_nul * 10 >= half * 6 && e->odd_nul * 10 <= half * 2) {
        out->encoding = CSV_UTF16BE;
        return;
    }
    out->binary = e->loose > 4 && e->loose * 50 > e->bytes;
    if (e->invalid == 0 || e->wide > 20 * e->invalid) return; /* UTF-8, perhaps with some damaged values */
    out->encoding = CSV_CODEPAGE;
    out->page = codepage_of(page_of(e, &out->silent));
    out->guessed = true;
}

void csv_sisters_learn(csv_sisters *x, const csv_encoding_found *e)
{
    if (!e->guessed || !e->page) return;
    x->is_1254 |= codepage_number(e->page) == 1254;
    x->is_857 |= codepage_number(e->page) == 857;
}

void csv_encoding_of_sisters(csv_encoding_found *e, const csv_sisters *x)
{
    if (!e->silent || !e->page) return;
    if (x->is_1254 && codepage_number(e->page) == 1252) e->page = codepage_of(1254);
    if (x->is_857 && codepage_number(e->page) == 850) e->page = codepage_of(857);
}

static bool marked(const uint8_t *p, size_t n, csv_encoding_found *out)
{
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        *out = (csv_encoding_found){.encoding = CSV_UTF8, .bom = 3};
    else if (n >= 2 && memcmp(p, "\xFF\xFE", 2) == 0)
        *out = (csv_encoding_found){.encoding = CSV_UTF16LE, .bom = 2};
    else if (n >= 2 && memcmp(p, "\xFE\xFF", 2) == 0)
        *out = (csv_encoding_found){.encoding = CSV_UTF16BE, .bom = 2};
    else
        return false;
    return true;
}

static bool is_windows(const codepage *page) { return codepage_number(page) > 1000; }

/* A page of another family than the bytes show is not theirs: the guess stays, and is told. */
static void take_said_page(csv_encoding_found *e, sv name)
{
    csv_encoding_found said;
    if (!e->guessed || !csv_encoding_named(name, &said) || !said.page) return;
    if (is_windows(said.page) != is_windows(e->page)) return;
    e->page = said.page;
    e->guessed = e->silent = false;
}

status csv_encoding_find(byte_source *file, const csv_encoding_said *said, findings *f, csv_encoding_found *out)
{
    uint8_t first[4];
    size_t got = 0;
    *out = (csv_encoding_found){.encoding = CSV_UTF8};
    if (byte_source_read(file, 0, first, sizeof first, &got, f) != ST_OK) return ST_FATAL;
    if (marked(first, got, out)) return ST_OK;
    if (said->named.n && csv_encoding_named(said->named, out)) return ST_OK;
    evidence *e = calloc(1, sizeof *e);
    uint8_t *room = malloc(HEAD_BYTES);
    status st = ST_FATAL;
    if (!e || !room)
        find_code(f, F_OUT_OF_MEMORY, "looking at a text file");
    else
        st = gather(file, room, e, f);
    if (st == ST_OK) {
        conclude(e, out);
        take_said_page(out, said->codepage);
    }
    free(e);
    free(room);
    return st;
}
