/* Names that families of fields have. */
#include "template/template.h"

static const char *const site_words[SITES] = {"mesiobuccal",  "buccal",  "distobuccal",
                                              "mesiolingual", "lingual", "distolingual"};

/* Palmer as it is: a quadrant's letters are no number. The others by a letter of their own: F16, U03. */
void tooth_field_label(tooth t, tooth_system system, buf *out)
{
    buf label = buf_new(64);
    tooth_print(t, system, &label);
    bool digits = label.n > 0;
    for (size_t i = 0; i < label.n; i++) digits &= label.p[i] >= '0' && label.p[i] <= '9';
    if (system == TOOTH_UNIVERSAL) buf_str(out, digits && label.n == 1 ? "U0" : "U");
    if (system == TOOTH_FDI) buf_char(out, 'F');
    buf_sv(out, buf_view(&label));
    if (label.failed) out->failed = true;
    buf_free(&label);
}

static bool put_value(buf *out, sv word, const pattern_values *v)
{
    static const struct {
        const char *word;
        tooth_system system;
    } system[] = {{"fdi", TOOTH_FDI}, {"universal", TOOTH_UNIVERSAL}, {"palmer", TOOTH_PALMER}};
    for (size_t i = 0; v->tooth.fdi && i < sizeof system / sizeof system[0]; i++)
        if (sv_eq(word, sv_from(system[i].word))) {
            tooth_print(v->tooth, system[i].system, out);
            return true;
        }
    if (v->tooth.fdi && sv_eq(word, SV_LIT("tooth"))) {
        tooth_field_label(v->tooth, v->tooth_label, out);
        return true;
    }
    if (v->site < SITES && sv_eq(word, SV_LIT("site"))) {
        buf_str(out, site_name[v->site]);
        return true;
    }
    if (v->site < SITES && sv_eq(word, SV_LIT("site_name"))) {
        buf_str(out, site_words[v->site]);
        return true;
    }
    if (v->name.p && sv_eq(word, SV_LIT("name"))) {
        buf_sv(out, v->name);
        return true;
    }
    if (v->prefix.p && sv_eq(word, SV_LIT("prefix"))) {
        buf_sv(out, v->prefix);
        return true;
    }
    return false;
}

bool pattern_fill(buf *out, sv pattern, const pattern_values *v)
{
    while (pattern.n) {
        const char *open = sv_find(pattern, '{');
        size_t n = open ? (size_t)(open - pattern.p) : pattern.n;
        buf_add(out, pattern.p, n);
        if (!open) return true;
        const char *close = memchr(open, '}', pattern.n - n);
        if (!close || !put_value(out, (sv){open + 1, (size_t)(close - open) - 1}, v)) return false;
        n = (size_t)(close - pattern.p) + 1;
        pattern = (sv){pattern.p + n, pattern.n - n};
    }
    return true;
}

static bool is_small(char c) { return c >= 'a' && c <= 'z'; }
static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

sv readable_name(arena *mem, sv name)
{
    const sv custom = SV_LIT("__c");
    if (name.n > custom.n && memcmp(name.p + name.n - custom.n, custom.p, custom.n) == 0) name.n -= custom.n;
    buf b = buf_new(4096);
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool begins = i && is_capital(c) && is_small(name.p[i - 1]);
        if (begins || c == '_') {
            if (b.n && b.p[b.n - 1] != ' ') buf_char(&b, ' ');
            if (c == '_') continue;
        }
        if (!b.n && is_small(c)) c = (char)(c - 'a' + 'A');
        buf_char(&b, c);
    }
    sv out = b.failed ? (sv){NULL, 0} : arena_sv(mem, b.n ? buf_view(&b) : name);
    buf_free(&b);
    return out;
}
