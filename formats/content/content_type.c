#include "content/content_type.h"
#include "base/utf.h"

typedef struct magic {
    content_type type;
    const char *bytes;
    unsigned at, n;
} magic;

static const magic known[] = {
    {{"image/jpeg", "jpg", "jpeg jpe jfif", true, false}, "\xFF\xD8\xFF", 0, 3},
    {{"image/png", "png", "", true, false}, "\x89PNG\r\n\x1A\n", 0, 8},
    {{"image/gif", "gif", "", true, false}, "GIF8", 0, 4},
    {{"image/tiff", "tif", "tiff", false, false}, "II*\0", 0, 4},
    {{"image/tiff", "tif", "tiff", false, false}, "MM\0*", 0, 4},
    {{"application/pdf", "pdf", "", true, false}, "%PDF-", 0, 5},
    {{"application/rtf", "rtf", "doc", false, false}, "{\\rtf", 0, 5},
    {{"application/dicom", "dcm", "dic dicom", false, false}, "DICM", 128, 4},
    {{"image/jp2", "jp2", "j2k jpx", true, false}, "\0\0\0\x0CjP  ", 0, 8},
    {{"image/heic", "heic", "heif", true, false}, "ftypheic", 4, 8},
    {{"video/mp4", "mp4", "m4v", true, false}, "ftypisom", 4, 8},
    {{"video/mp4", "mp4", "m4v", true, false}, "ftypmp42", 4, 8},
    {{"image/webp", "webp", "", true, false}, "WEBP", 8, 4},
    {{"audio/wav", "wav", "", false, false}, "WAVE", 8, 4},
    {{"application/x-7z-compressed", "7z", "", true, false}, "7z\xBC\xAF\x27\x1C", 0, 6},
    {{"application/gzip", "gz", "tgz", true, false}, "\x1F\x8B\x08", 0, 3},
    {{"application/x-msdownload", "exe", "dll scr com sys", false, true}, "MZ", 0, 2},
    {{"image/bmp", "bmp", "dib", false, false}, "BM", 0, 2},
};

/* Containers, told apart by what lies in them. */
static const content_type zip = {"application/zip", "zip", "", true, false};
static const content_type ole = {"application/x-ole-storage", "", "doc dot xls ppt msg vsd", false, false};
static const content_type jar = {"application/java-archive", "jar", "", true, true};
static const magic office[] = {
    {{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "docm dotx", true, false},
     "word/",
     0,
     5},
    {{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "xlsm", true, false}, "xl/", 0, 3},
    {{"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", "pptm", true, false},
     "ppt/",
     0,
     4},
};
static const magic compound[] = {
    {{"application/msword", "doc", "dot", false, false}, "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", 0, 24},
    {{"application/vnd.ms-excel", "xls", "xlt", false, false}, "W\0o\0r\0k\0b\0o\0o\0k\0", 0, 16},
    {{"application/vnd.ms-outlook", "msg", "", false, false}, "_\0_\0p\0r\0o\0p\0e\0r\0t\0i\0e\0s\0_\0", 0, 26},
};

static const content_type html = {"text/html", "html", "htm", false, false};
static const content_type xml = {"text/xml", "xml", "", false, false};
static const content_type script = {"text/x-shellscript", "sh", "", false, true};
static const content_type plain = {"text/plain", "txt", "", false, false};
static const content_type unknown = {NULL, "", "", false, false};

/* What a name alone can say of: scripts are text, and their names make them run. */
static const content_type by_name[] = {
    {"text/csv", "csv", "", false, false},
    {"application/x-script", "bat", "cmd ps1 psm1 vbs vbe js jse wsf wsh hta reg msi lnk scf cpl", false, true},
};

#define COUNT_OF(list) (sizeof(list) / sizeof(list)[0])

static bool holds(const uint8_t *p, size_t n, const char *what, size_t length)
{
    for (size_t i = 0; i + length <= n; i++)
        if (p[i] == (uint8_t)what[0] && memcmp(p + i, what, length) == 0) return true;
    return false;
}

static bool begins(const uint8_t *p, size_t n, const char *what)
{
    return sv_starts((sv){(const char *)p, n}, sv_from(what));
}

static const content_type *inside(const magic *list, size_t lists, const uint8_t *p, size_t n,
                                  const content_type *else_type)
{
    for (size_t i = 0; i < lists; i++)
        if (holds(p, n, list[i].bytes, list[i].n)) return &list[i].type;
    return else_type;
}

static const content_type *text_type(const uint8_t *p, size_t n)
{
    size_t from = begins(p, n, "\xEF\xBB\xBF") ? 3 : 0;
    for (size_t i = from; i < n; i++)
        if (p[i] < ' ' && p[i] != '\t' && p[i] != '\r' && p[i] != '\n' && p[i] != '\f' && p[i] != 0x1B) return &unknown;
    if (n == from) return &unknown;
    sv text = {(const char *)p + from, n - from};
    if (sv_starts(text, SV_LIT("#!"))) return &script;
    if (sv_starts(text, SV_LIT("<?xml"))) return &xml;
    if (sv_starts(text, SV_LIT("<!DOCTYPE")) || sv_starts(text, SV_LIT("<!doctype")) ||
        sv_starts(text, SV_LIT("<html")) || sv_starts(text, SV_LIT("<HTML")))
        return &html;
    return &plain;
}

const content_type *content_type_of(const uint8_t *head, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        const magic *m = &known[i];
        if (n < m->at + m->n || memcmp(head + m->at, m->bytes, m->n) != 0) continue;
        /* A text may begin with BM or MZ. */
        if (m->n > 2 || text_type(head, n) == &unknown) return &m->type;
    }
    if (n >= 4 && memcmp(head, "PK\x03\x04", 4) == 0)
        return inside(office, COUNT_OF(office), head, n, holds(head, n, "META-INF/", 9) ? &jar : &zip);
    if (n >= 8 && memcmp(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
        return inside(compound, COUNT_OF(compound), head, n, &ole);
    return text_type(head, n);
}

bool content_type_is_known(const content_type *t) { return t->mime && t != &plain && t != &unknown; }

bool content_type_has_extension(const content_type *t, sv extension)
{
    if (!extension.n) return false;
    if (sv_eq_nocase(extension, sv_from(t->extension))) return true;
    for (const char *p = t->extensions; *p;) {
        size_t n = strcspn(p, " ");
        if (sv_eq_nocase(extension, (sv){p, n})) return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

const content_type *content_type_named(sv extension)
{
    static const content_type *const others[] = {&zip, &ole, &jar, &html, &xml, &script, &plain};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (content_type_has_extension(&known[i].type, extension)) return &known[i].type;
    for (size_t i = 0; i < COUNT_OF(office); i++)
        if (content_type_has_extension(&office[i].type, extension)) return &office[i].type;
    for (size_t i = 0; i < COUNT_OF(compound); i++)
        if (content_type_has_extension(&compound[i].type, extension)) return &compound[i].type;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (content_type_has_extension(others[i], extension)) return others[i];
    for (size_t i = 0; i < COUNT_OF(by_name); i++)
        if (content_type_has_extension(&by_name[i], extension)) return &by_name[i];
    return NULL;
}
