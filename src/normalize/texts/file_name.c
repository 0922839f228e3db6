/* Names of documents as every file system takes them: no folders, no characters or names that Windows keeps for itself,
 * no point or blank at the end. */
#include "base/path.h"
#include "base/utf.h"
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

/* 255 bytes are what file systems allow; the rest is for what a bundle puts before or behind. */
enum { NAME_MAX_BYTES = 200, ENDING_MAX = 16 };

static bool is_reserved(sv name)
{
    sv stem = name;
    const char *dot = sv_find(name, '.');
    if (dot) stem.n = (size_t)(dot - name.p);
    stem = text_trim(stem);
    if (text_is_one_of(stem, "con|prn|aux|nul|conin$|conout$")) return true;
    bool port =
        stem.n == 4 && (sv_eq_nocase((sv){stem.p, 3}, SV_LIT("com")) || sv_eq_nocase((sv){stem.p, 3}, SV_LIT("lpt")));
    return port && stem.p[3] >= '0' && stem.p[3] <= '9';
}

/* The beginning of s in at most n bytes, whole characters. */
static sv head(sv s, size_t n)
{
    if (s.n <= n) return s;
    while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80) n--;
    return (sv){s.p, n};
}

static sv ending_of(sv s)
{
    for (size_t i = s.n; i > 1 && s.n - i < ENDING_MAX; i--)
        if (s.p[i - 1] == '.') return (sv){s.p + i - 1, s.n - i + 1};
    return (sv){NULL, 0};
}

static sv without_end(sv s)
{
    for (;;) {
        s = text_trim(s);
        if (s.n == 0 || s.p[s.n - 1] != '.') return s;
        s.n--;
    }
}

static void add_safe(buf *out, sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool unsafe = s.p[i] == '\0' || strchr("<>:\"|?*\t\r\n\v\f", s.p[i]);
        buf_char(out, unsafe ? '_' : s.p[i]);
    }
}

norm_form normalize_file_name(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    size_t start = out->n;
    sv name = without_end(path_leaf(in));
    if (name.n == 0) {
        norm_remark(r, F_NRM_FILE_NAME_WRONG, c->field);
        return FORM_WRONG;
    }
    if (is_reserved(name)) buf_char(out, '_');
    size_t room = NAME_MAX_BYTES - (out->n - start);
    sv ending = name.n > room ? ending_of(name) : (sv){NULL, 0};
    sv stem = name.n > room ? without_end(head((sv){name.p, name.n - ending.n}, room - ending.n)) : name;
    add_safe(out, stem);
    add_safe(out, ending);
    if (!out->failed && !sv_eq((sv){out->p + start, out->n - start}, in))
        norm_remark(r, F_NRM_FILE_NAME_CHANGED, c->field);
    return FORM_GOOD;
}
