#include "documents/merge_fields.h"
#include "base/ascii.h"
#include "base/limits.h"
#include "html/html_reader.h"
#include "rtf/rtf.h"

enum { NAME_BYTES_MIN = 2, NAME_BYTES_MAX = 60, FIELDS_MAX = 500, SEEN = 1024 };

typedef struct list {
    buf *out;
    uint64_t seen[SEEN]; /* hashes of the names; 0: free */
    unsigned n;
} list;

static void add(list *l, sv name)
{
    uint64_t h = sv_hash(name) | 1;
    size_t i = (size_t)(h >> 1) % SEEN;
    while (l->seen[i] && l->seen[i] != h) i = (i + 1) % SEEN;
    if (l->seen[i] || l->n == FIELDS_MAX) return;
    l->seen[i] = h;
    if (l->n++) buf_str(l->out, "; ");
    buf_sv(l->out, name);
}

static bool begins_name(char c) { return is_letter(c) || c == '_' || (unsigned char)c >= 0x80; }
static bool goes_on(char c) { return begins_name(c) || is_digit(c) || c == '.' || c == '-' || c == ' '; }

/* Bytes of a name between marks at the beginning of s, with the mark behind it; 0: it is none. */
static size_t marked(sv s, sv end, sv *name)
{
    size_t i = 0;
    while (i < s.n && i <= NAME_BYTES_MAX && goes_on(s.p[i]) && !sv_starts((sv){s.p + i, s.n - i}, end)) i++;
    *name = sv_trimmed_spaces((sv){s.p, i});
    if (name->n < NAME_BYTES_MIN || i > NAME_BYTES_MAX || !begins_name(name->p[0])) return 0;
    return sv_starts((sv){s.p + i, s.n - i}, end) ? i + end.n : 0;
}

static void find_marked(list *l, sv text)
{
    static const sv mark[][2] = {{{"<<", 2}, {">>", 2}},
                                 {{"\xC2\xAB", 2}, {"\xC2\xBB", 2}},
                                 {{"{{", 2}, {"}}", 2}},
                                 {{"[", 1}, {"]", 1}},
                                 {{"{", 1}, {"}", 1}}};
    for (size_t i = 0; i < text.n;) {
        sv rest = {text.p + i, text.n - i}, name;
        size_t used = 0;
        for (size_t k = 0; k < sizeof mark / sizeof mark[0] && !used; k++) {
            if (!sv_starts(rest, mark[k][0])) continue;
            size_t begin = mark[k][0].n, n = marked((sv){rest.p + begin, rest.n - begin}, mark[k][1], &name);
            if (n) used = begin + n;
        }
        if (used) add(l, name);
        i += used ? used : 1;
    }
}

/* {\field{\*\fldinst { MERGEFIELD  PatientName \\* MERGEFORMAT }}...}: what no reader of the text shows. */
static void find_word_fields(list *l, sv rtf)
{
    static const sv word = {"MERGEFIELD", 10};
    for (size_t i = 0; i + word.n < rtf.n; i++) {
        const char *p = memchr(rtf.p + i, 'M', rtf.n - i);
        if (!p) return;
        i = (size_t)(p - rtf.p);
        if (!sv_starts((sv){p, rtf.n - i}, word)) continue;
        size_t from = i + word.n, to;
        while (from < rtf.n && (rtf.p[from] == ' ' || rtf.p[from] == '"')) from++;
        for (to = from; to < rtf.n && to - from <= NAME_BYTES_MAX && rtf.p[to] != ' ' && goes_on(rtf.p[to]);) to++;
        sv name = {rtf.p + from, to - from};
        if (from > i + word.n && name.n >= NAME_BYTES_MIN && name.n <= NAME_BYTES_MAX && begins_name(name.p[0]))
            add(l, name);
        i = to - 1;
    }
}

void merge_fields_of(sv body, buf *out)
{
    list l = {.out = out};
    buf text = buf_new(4 * LETTER_BYTES_MAX);
    sv shown = body;
    if (rtf_is(body)) {
        rtf_told told;
        find_word_fields(&l, body);
        rtf_read(body, &text, NULL, &told);
        shown = buf_view(&text);
    } else if (html_is(body)) {
        html_told told;
        html_read(body, &text, NULL, &told);
        shown = buf_view(&text);
    }
    find_marked(&l, shown);
    buf_free(&text);
}
