#include "normalize/normalize_internal.h"

enum { ADDRESS_MAX = 254 }; /* RFC 5321, 4.5.3.1.3: a path of 256 with its brackets */

/* What practices type so that the field is not empty. */
static bool is_no_address(sv s)
{
    static const char words[] = "noemail|no email|no e-mail|no mail|none|yok|mail yok|e-posta yok|declined|refused|"
                                "none@none.com|noemail@noemail.com|noemail@none.com|no@no.com|no@email.com|na@na.com|"
                                "n/a@n/a.com|unknown@unknown.com|none@none.none|test@test.test|yok@yok.com";
    return text_is_one_of(s, words);
}

static bool is_local(char c)
{
    bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return word || (c && strchr("!#$%&'*+/=?^_`{|}~.-", c));
}

static bool is_host(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* No point at either end, no two in a row. */
static bool points_are_right(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '.' && (i == 0 || i + 1 == s.n || s.p[i + 1] == '.')) return false;
    return s.n > 0;
}

static bool is_host_name(sv s)
{
    size_t dot = s.n;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_host(s.p[i])) return false;
        if (s.p[i] == '.') dot = i;
    }
    if (!points_are_right(s) || s.p[0] == '-' || s.n - dot < 3) return false;
    for (size_t i = dot + 1; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9' && !sv_starts((sv){s.p + dot, s.n - dot}, SV_LIT(".xn--"))) return false;
    return true;
}

static bool add_address(sv s, buf *out)
{
    const char *at = s.n && s.n <= ADDRESS_MAX ? sv_find(s, '@') : NULL;
    if (!at) return false;
    sv local = {s.p, (size_t)(at - s.p)}, host = {at + 1, s.n - local.n - 1};
    if (local.n > 64 || !points_are_right(local) || !is_host_name(host)) return false;
    for (size_t i = 0; i < local.n; i++)
        if (!is_local(local.p[i])) return false;
    buf_sv(out, local);
    buf_char(out, '@');
    for (size_t i = 0; i < host.n; i++)
        buf_char(out, host.p[i] >= 'A' && host.p[i] <= 'Z' ? (char)(host.p[i] + 32) : host.p[i]);
    return true;
}

static bool ends_address(char c) { return c == ';' || c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* "mailto:", brackets of <jane@x.com>. */
static sv bare(sv s)
{
    static const char mailto[] = "mailto:";
    size_t n = sizeof mailto - 1;
    if (s.n > n && sv_eq_nocase((sv){s.p, n}, (sv){mailto, n})) s = (sv){s.p + n, s.n - n};
    if (s.n > 2 && s.p[0] == '<' && s.p[s.n - 1] == '>') s = (sv){s.p + 1, s.n - 2};
    return s;
}

/* "Jane Smith <jane@x.com>" */
static sv without_name(sv s)
{
    const char *open = sv_find(s, '<');
    bool one = open && s.p[s.n - 1] == '>' && !memchr(open + 1, '<', s.n - (size_t)(open - s.p) - 1) &&
               !memchr(s.p, '@', (size_t)(open - s.p));
    return one ? (sv){open, s.n - (size_t)(open - s.p)} : s;
}

/* The addresses of a text, each once, joined by "; "; words for none are left out. False when anything else is there. */
static bool add_addresses(sv s, buf *out, size_t *n)
{
    size_t start = out->n;
    *n = 0;
    s = without_name(s);
    if (is_no_address(s)) return true;
    for (size_t i = 0; i < s.n;) {
        size_t end = i;
        while (end < s.n && !ends_address(s.p[end])) end++;
        sv one = bare((sv){s.p + i, end - i});
        i = end + 1;
        if (one.n == 0 || is_no_address(one)) continue;
        size_t before = out->n;
        if (*n) buf_str(out, "; ");
        size_t first = out->n;
        if (!add_address(one, out)) return false;
        sv added = {out->p + first, out->n - first};
        bool known = false;
        for (size_t k = start; k + added.n <= before && !known; k++)
            known = memcmp(out->p + k, added.p, added.n) == 0 && (k == start || out->p[k - 1] == ' ') &&
                    (k + added.n == before || out->p[k + added.n] == ';');
        if (known)
            out->n = before;
        else
            (*n)++;
        if (out->failed) return false;
    }
    return true;
}

norm_form normalize_emails(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    size_t n;
    if (add_addresses(in, out, &n)) return n ? FORM_GOOD : FORM_EMPTY;
    norm_remark(r, F_NRM_EMAIL_WRONG, c->field);
    return FORM_WRONG;
}

/* The first of several; record_emails finds the others. */
norm_form normalize_email(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    size_t start = out->n;
    norm_form form = normalize_emails(c, in, out, r);
    const char *end = form == FORM_GOOD ? memchr(out->p + start, ';', out->n - start) : NULL;
    if (end) out->n = (size_t)(end - out->p);
    return form;
}

void record_emails(const record *x)
{
    const norm_cell *email = record_cell(x, "email");
    if (!email || email->form != FORM_GOOD || !email->original.n) return;
    size_t n = 0;
    sv first = buf_view(email->text);
    buf text = buf_new(email->original.n * 3 + 1), all = buf_new(email->original.n * 4 + 1);
    sv original = record_original(x, "email", &text);
    bool more = add_addresses(original, &all, &n) && n > 1 && all.n > first.n + 2;
    if (more)
        record_add_further(x, "other_emails", (sv){all.p + first.n + 2, all.n - first.n - 2}, "email",
                           F_NRM_EMAIL_FURTHER);
    buf_free(&all);
    buf_free(&text);
}
