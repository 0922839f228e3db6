/* Small files that are valid in their kind: an image of flat blocks as JPEG, a grey ramp as PNG, a page as PDF, a slice as
 * DICOM, letters and notes as RTF. */
#include "base/buf.h"
#include "gen.h"

enum { FILE_BYTES_MAX = 1 << 22 };
#define ADD_BYTES(b, literal) buf_add((b), (literal), sizeof(literal) - 1)

static sv keep(gen *g, buf *b)
{
    sv out = b->failed ? (sv){NULL, 0} : arena_sv(g->mem, buf_view(b));
    buf_free(b);
    return out;
}

static void add16(buf *b, unsigned v) /* big-endian */
{
    buf_char(b, (char)(v >> 8));
    buf_char(b, (char)v);
}
static void add32(buf *b, uint32_t v)
{
    add16(b, v >> 16);
    add16(b, v & 0xFFFF);
}

/* ---- JPEG (ITU T.81, baseline, grey): each block has its mean alone ---- */

static const uint8_t DC_COUNTS[16] = {0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0}; /* annex K.3 */

typedef struct bits {
    buf *out;
    uint32_t held;
    unsigned n;
} bits;

static void put_bits(bits *b, uint32_t code, unsigned n)
{
    b->held = b->held << n | code;
    for (b->n += n; b->n >= 8; b->n -= 8) {
        uint8_t byte = (uint8_t)(b->held >> (b->n - 8));
        buf_char(b->out, (char)byte);
        if (byte == 0xFF) buf_char(b->out, 0);
    }
}

/* Code and length of a category of the DC table: 2 bits for 0, 3 for 1 to 5, then one more each. */
static void put_dc(bits *b, int difference)
{
    static const uint16_t CODE[12] = {0, 2, 3, 4, 5, 6, 14, 30, 62, 126, 254, 510};
    static const uint8_t LENGTH[12] = {2, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9};
    unsigned size = 0;
    for (int x = difference < 0 ? -difference : difference; x; x >>= 1) size++;
    put_bits(b, CODE[size], LENGTH[size]);
    if (size)
        put_bits(b, (uint32_t)(difference < 0 ? difference - 1 + (1 << size) : difference) & ((1U << size) - 1), size);
    put_bits(b, 0, 1); /* end of block: the only code of the AC table */
}

/* A comment of noise, which no other program makes smaller. */
static void add_noise(buf *b, chance *c, size_t n)
{
    enum { COMMENT_MAX = 65000 };
    while (n) {
        size_t now = n < COMMENT_MAX ? n : COMMENT_MAX;
        add16(b, 0xFFFE);
        add16(b, (unsigned)now + 2);
        for (size_t i = 0; i < now; i++) buf_char(b, (char)below(c, 256));
        n -= now;
    }
}

static void make_jpeg(buf *b, chance *c, size_t noise)
{
    unsigned side = 8 * (4 + below(c, 12));
    add16(b, 0xFFD8);
    ADD_BYTES(b, "\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0");
    add_noise(b, c, noise);
    ADD_BYTES(b, "\xFF\xDB\0\x43\0");
    for (int i = 0; i < 64; i++) buf_char(b, 16);
    ADD_BYTES(b, "\xFF\xC0\0\x0B\x08");
    add16(b, side);
    add16(b, side);
    ADD_BYTES(b, "\1\1\x11\0");
    ADD_BYTES(b, "\xFF\xC4\0\x1F\0");
    buf_add(b, DC_COUNTS, 16);
    for (int i = 0; i < 12; i++) buf_char(b, (char)i);
    /* One AC code of one bit, for the end of a block. */
    ADD_BYTES(b, "\xFF\xC4\0\x14\x10\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    ADD_BYTES(b, "\xFF\xDA\0\x08\1\1\0\0\x3F\0");
    bits out = {b, 0, 0};
    int last = 0;
    for (unsigned i = 0; i < side / 8 * (side / 8); i++) {
        int dc = between(c, -50, 50);
        put_dc(&out, dc - last);
        last = dc;
    }
    if (out.n) put_bits(&out, (1U << (8 - out.n)) - 1, 8 - out.n);
    add16(b, 0xFFD9);
}

/* ---- PNG (RFC 2083): rows stored, not deflated ---- */

static uint32_t crc32_of(const char *p, size_t n)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        crc ^= (uint8_t)p[i];
        for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

static void add_chunk(buf *b, const char *kind, const buf *data)
{
    add32(b, (uint32_t)data->n);
    size_t from = b->n;
    buf_str(b, kind);
    buf_add(b, data->p, data->n);
    if (!b->failed) add32(b, crc32_of(b->p + from, b->n - from));
}

static void make_png(buf *b, chance *c, unsigned least)
{
    unsigned side = least + below(c, 40);
    buf data = buf_new(FILE_BYTES_MAX), raw = buf_new(FILE_BYTES_MAX);
    ADD_BYTES(b, "\x89PNG\r\n\x1A\n");
    add32(&data, side);
    add32(&data, side);
    ADD_BYTES(&data, "\x08\0\0\0\0");
    add_chunk(b, "IHDR", &data);
    uint32_t s1 = 1, s2 = 0;
    for (unsigned y = 0; y < side; y++)
        for (unsigned x = 0; x <= side; x++) {
            uint8_t v = (uint8_t)(x ? x * 255 / side ^ below(c, 8) : 0);
            buf_char(&raw, (char)v);
            s1 = (s1 + v) % 65521;
            s2 = (s2 + s1) % 65521;
        }
    buf_clear(&data);
    ADD_BYTES(&data, "\x78\x01\x01");
    buf_char(&data, (char)raw.n);
    buf_char(&data, (char)(raw.n >> 8));
    buf_char(&data, (char)~raw.n);
    buf_char(&data, (char)(~raw.n >> 8));
    buf_add(&data, raw.p, raw.n);
    add32(&data, s2 << 16 | s1);
    add_chunk(b, "IDAT", &data);
    buf_clear(&data);
    add_chunk(b, "IEND", &data);
    buf_free(&data);
    buf_free(&raw);
}

/* ---- PDF 1.4: one page with a line of text ---- */

static void make_pdf(buf *b, const char *title)
{
    size_t at[6];
    buf_str(b, "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n");
    const char *const OBJECT[] = {
        "",
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        NULL,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"};
    for (unsigned i = 1; i <= 5; i++) {
        at[i] = b->n;
        buf_printf(b, "%u 0 obj\n", i);
        if (OBJECT[i]) {
            buf_printf(b, "%s\nendobj\n", OBJECT[i]);
        } else {
            buf_printf(b, "<</Length %zu>>\nstream\nBT /F1 12 Tf 72 720 Td (%s) Tj ET\nendstream\nendobj\n",
                       strlen(title) + 31, title);
        }
    }
    size_t start = b->n;
    buf_str(b, "xref\n0 6\n0000000000 65535 f \n");
    for (unsigned i = 1; i <= 5; i++) buf_printf(b, "%010zu 00000 n \n", at[i]);
    buf_printf(b, "trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", start);
}

/* ---- DICOM (PS3.10): explicit VR, little-endian ---- */

static void le16(buf *b, unsigned v)
{
    buf_char(b, (char)v);
    buf_char(b, (char)(v >> 8));
}

static void element(buf *b, unsigned group, unsigned number, const char *vr, const char *value, size_t n)
{
    le16(b, group);
    le16(b, number);
    buf_str(b, vr);
    if (strcmp(vr, "OB") == 0 || strcmp(vr, "OW") == 0) {
        le16(b, 0);
        le16(b, (unsigned)(n + n % 2));
        le16(b, (unsigned)((n + n % 2) >> 16));
    } else {
        le16(b, (unsigned)(n + n % 2));
    }
    buf_add(b, value, n);
    if (n % 2) buf_char(b, strcmp(vr, "UI") == 0 || vr[0] == 'O' ? 0 : ' ');
}
static void text_element(buf *b, unsigned group, unsigned number, const char *vr, const char *value)
{
    element(b, group, number, vr, value, strlen(value));
}
static void short_element(buf *b, unsigned number, unsigned value)
{
    const char two[] = {(char)value, (char)(value >> 8)};
    element(b, 0x0028, number, "US", two, 2);
}

/* pixels: at least so many, in rows of 32. */
static void make_dicom(buf *b, chance *c, size_t pixels)
{
    static const char SECONDARY_CAPTURE[] = "1.2.840.10008.5.1.4.1.1.7";
    enum { SIDE = 32 };
    char uid[64], size[4];
    unsigned rows = pixels > SIDE * SIDE ? (unsigned)((pixels + SIDE - 1) / SIDE) : SIDE;
    buf image = buf_new(FILE_BYTES_MAX);
    snprintf(uid, sizeof uid, "2.25.%u%u", below(c, 1000000000) + 1, below(c, 1000000000));
    buf meta = buf_new(FILE_BYTES_MAX);
    element(&meta, 2, 1, "OB", "\0\1", 2);
    text_element(&meta, 2, 2, "UI", SECONDARY_CAPTURE);
    text_element(&meta, 2, 3, "UI", uid);
    text_element(&meta, 2, 0x10, "UI", "1.2.840.10008.1.2.1");
    text_element(&meta, 2, 0x12, "UI", "2.25.1");
    for (int i = 0; i < 128; i++) buf_char(b, 0);
    buf_str(b, "DICM");
    for (int i = 0; i < 4; i++) size[i] = (char)(meta.n >> (8 * i));
    element(b, 2, 0, "UL", size, 4);
    buf_add(b, meta.p, meta.n);
    buf_free(&meta);
    text_element(b, 8, 0x16, "UI", SECONDARY_CAPTURE);
    text_element(b, 8, 0x18, "UI", uid);
    text_element(b, 8, 0x60, "CS", "IO");
    text_element(b, 0x20, 0x0D, "UI", uid);
    short_element(b, 2, 1);
    text_element(b, 0x28, 4, "CS", "MONOCHROME2");
    short_element(b, 0x10, rows);
    short_element(b, 0x11, SIDE);
    short_element(b, 0x100, 8);
    short_element(b, 0x101, 8);
    short_element(b, 0x102, 7);
    short_element(b, 0x103, 0);
    for (unsigned i = 0; i < SIDE * rows; i++) buf_char(&image, (char)(i % SIDE * 8 ^ below(c, 4)));
    element(b, 0x7FE0, 0x10, "OW", image.p, image.n);
    buf_free(&image);
}

/* ---- RTF ---- */

static void add_rtf_text(buf *b, sv text)
{
    for (size_t i = 0; i < text.n;) {
        uint8_t c = (uint8_t)text.p[i];
        unsigned n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        if (c == '\n') {
            buf_str(b, "\\par\r\n");
        } else if (c == '\\' || c == '{' || c == '}') {
            buf_char(b, '\\');
            buf_char(b, (char)c);
        } else if (n == 1) {
            buf_char(b, (char)c);
        } else {
            uint32_t x = c & (0x3FU >> (n - 1));
            for (unsigned k = 1; k < n && i + k < text.n; k++) x = x << 6 | ((uint8_t)text.p[i + k] & 0x3FU);
            /* \u takes 16 bits, as a signed number; beyond them, two halves. */
            uint32_t unit[2] = {x, 0};
            if (x > 0xFFFF) {
                unit[0] = 0xD800 + ((x - 0x10000) >> 10);
                unit[1] = 0xDC00 + ((x - 0x10000) & 0x3FF);
            }
            for (int k = 0; k < 2 && (k == 0 || unit[k]); k++) buf_printf(b, "\\u%d?", (int)(int16_t)(uint16_t)unit[k]);
        }
        i += n;
    }
}

static void begin_rtf(buf *b)
{
    buf_str(b, "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\r\n"
               "{\\*\\generator Riched20 10.0.19041}\\viewkind4\\uc1\\pard\\f0\\fs20 ");
}

sv rtf_make(gen *g, sv text)
{
    buf b = buf_new(FILE_BYTES_MAX);
    begin_rtf(&b);
    add_rtf_text(&b, text);
    buf_str(&b, "}");
    return keep(g, &b);
}

/* A letter with the practice's mark as a picture, as word processors leave them. */
static void make_letter(buf *b, const char *text, chance *c, unsigned mark_side)
{
    static const char HEX[] = "0123456789abcdef";
    buf mark = buf_new(FILE_BYTES_MAX);
    begin_rtf(b);
    buf_str(b, "{\\pict\\pngblip\\picw48\\pich48 ");
    make_png(&mark, c, mark_side);
    for (size_t i = 0; i < mark.n; i++) {
        buf_char(b, HEX[(uint8_t)mark.p[i] >> 4]);
        buf_char(b, HEX[mark.p[i] & 15]);
        if (i % 64 == 63) buf_str(b, "\r\n");
    }
    buf_free(&mark);
    buf_str(b, "}\\par\r\n");
    add_rtf_text(b, sv_from(text));
    buf_str(b, "}");
}

sv file_make(gen *g, file_kind kind, const char *title, uint64_t seed)
{
    chance c = chance_of(g->seed, 77, seed);
    buf b = buf_new(FILE_BYTES_MAX);
    switch (kind) {
    case FILE_JPEG: make_jpeg(&b, &c, g->document_bytes); break;
    case FILE_PNG: make_png(&b, &c, 24); break;
    case FILE_PDF: make_pdf(&b, title); break;
    case FILE_DICOM: make_dicom(&b, &c, g->document_bytes); break;
    case FILE_RTF: make_letter(&b, title, &c, g->lean ? 60 : 24); break;
    }
    return keep(g, &b);
}

const char *file_mime(file_kind k)
{
    static const char *const MIME[] = {"image/jpeg", "image/png", "application/pdf", "application/dicom",
                                       "application/rtf"};
    return MIME[k];
}
