/* guide.md line by line: titles, paragraphs, lists, tables, and words in double braces. */
#include "base/markup.h"
#include "guide/guide_words.h"
#include "report/html_style.h"

enum { PAGE_BYTES_MAX = 8 << 20, NEST_MAX = 8 };

typedef enum open_block { OPEN_NONE, OPEN_PARAGRAPH, OPEN_NUMBERS, OPEN_BULLETS, OPEN_TABLE } open_block;

typedef struct page {
    const deliver_facts *facts;
    buf *out;
    open_block open;
    bool item;            /* a list's item is open */
    bool head;            /* a table's head was written */
    bool shown[NEST_MAX]; /* of each {{if}} around */
    unsigned nest;
} page;

/* ---- within a line ---- */

/* **bold**, *names on a screen*, `code`, and values; a mark that is not closed stands for itself. */
void guide_inline(sv s, const deliver_facts *f, buf *out)
{
    bool bold = false, code = false, name = false;
    while (s.n) {
        guide_word w;
        size_t used = 1;
        if (s.n > 1 && s.p[0] == '{' && s.p[1] == '{' && guide_word_at(s, &w, &used)) {
            buf value = buf_new(PAGE_BYTES_MAX);
            guide_value(&w, f, &value);
            markup_escaped(out, buf_view(&value));
            out->failed |= value.failed;
            buf_free(&value);
        } else if (*s.p == '`') {
            buf_str(out, code ? "</code>" : "<code>");
            code = !code;
        } else if (!code && s.n > 1 && s.p[0] == '*' && s.p[1] == '*') {
            buf_str(out, bold ? "</strong>" : "<strong>");
            bold = !bold;
            used = 2;
        } else if (!code && *s.p == '*') {
            buf_str(out, name ? "</em>" : "<em>");
            name = !name;
        } else {
            markup_escaped(out, (sv){s.p, 1});
        }
        s = (sv){s.p + used, s.n - used};
    }
    if (name) buf_str(out, "</em>");
    if (code) buf_str(out, "</code>");
    if (bold) buf_str(out, "</strong>");
}

static void inline_text(page *p, sv s) { guide_inline(s, p->facts, p->out); }

/* ---- lines ---- */

static void close_block(page *p)
{
    static const char *const end[] = {"", "</p>\n", "</ol>\n", "</ul>\n", "</tbody></table></div>\n"};
    if (p->item) buf_str(p->out, "</li>\n");
    p->item = false;
    buf_str(p->out, end[p->open]);
    p->open = OPEN_NONE;
}

static void begin_block(page *p, open_block kind)
{
    static const char *const begin[] = {"", "<p>", "<ol class=\"steps\">\n", "<ul>\n", "<div class=\"scroll\"><table>"};
    if (p->open == kind) return;
    close_block(p);
    p->open = kind;
    p->head = false;
    buf_str(p->out, begin[kind]);
}

static void title(page *p, sv text, unsigned level)
{
    close_block(p);
    buf_printf(p->out, "<h%u>", level);
    inline_text(p, text);
    buf_printf(p->out, "</h%u>\n", level);
}

/* A list of steps goes on with the number that its text says: others refer to it. */
static void begin_steps(page *p, sv number)
{
    if (p->open == OPEN_NUMBERS) return;
    begin_block(p, OPEN_NUMBERS);
    if (sv_eq(number, SV_LIT("1"))) return;
    p->out->n -= strlen(">\n");
    buf_printf(p->out, " start=\"%.*s\">\n", (int)number.n, number.p);
}

static void list_item(page *p, open_block kind, sv text)
{
    begin_block(p, kind);
    if (p->item) buf_str(p->out, "</li>\n");
    p->item = true;
    buf_str(p->out, "<li>");
    inline_text(p, text);
}

static bool is_rule(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("|-: ", s.p[i])) return false;
    return true;
}

static void table_row(page *p, sv s)
{
    begin_block(p, OPEN_TABLE);
    if (is_rule(s)) return;
    const char *tag = p->head ? "td" : "th";
    buf_str(p->out, p->head ? "<tr>" : "<thead><tr>");
    s = (sv){s.p + 1, s.n - 1};
    while (s.n) {
        const char *bar = sv_find(s, '|');
        sv cell = {s.p, bar ? (size_t)(bar - s.p) : s.n};
        size_t used = cell.n + (bar ? 1 : 0);
        s = (sv){s.p + used, s.n - used};
        while (cell.n && *cell.p == ' ') cell = (sv){cell.p + 1, cell.n - 1};
        while (cell.n && cell.p[cell.n - 1] == ' ') cell.n--;
        if (!bar && !cell.n) break;
        buf_printf(p->out, "<%s>", tag);
        inline_text(p, cell);
        buf_printf(p->out, "</%s>", tag);
    }
    buf_str(p->out, p->head ? "</tr>\n" : "</tr></thead><tbody>\n");
    p->head = true;
}

/* "12. text": where the text begins; 0: no item. */
static size_t number_mark(sv s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++;
    return i && i + 1 < s.n && s.p[i] == '.' && s.p[i + 1] == ' ' ? i + 2 : 0;
}

static sv behind(sv s, size_t n) { return (sv){s.p + n, s.n - n}; }

static void plain(page *p, sv s)
{
    if (p->item || p->open == OPEN_PARAGRAPH)
        buf_char(p->out, ' '); /* goes on with what is open */
    else
        begin_block(p, OPEN_PARAGRAPH);
    while (s.n && *s.p == ' ') s = behind(s, 1);
    inline_text(p, s);
}

static bool shown(const page *p)
{
    for (unsigned i = 0; i < p->nest; i++)
        if (!p->shown[i]) return false;
    return true;
}

/* A line that is one word alone. */
static bool word_line(page *p, sv s)
{
    guide_word w;
    size_t used;
    if (s.n < 4 || s.p[0] != '{' || s.p[1] != '{' || !guide_word_at(s, &w, &used) || used != s.n) return false;
    switch (guide_kind_of(&w, p->facts->destination)) {
    case GUIDE_IF:
        if (p->nest < NEST_MAX) p->shown[p->nest++] = guide_holds(&w, p->facts);
        return true;
    case GUIDE_ELSE:
        if (p->nest) p->shown[p->nest - 1] = !p->shown[p->nest - 1];
        return true;
    case GUIDE_END:
        if (p->nest) p->nest--;
        return true;
    case GUIDE_BLOCK:
        if (!shown(p)) return true;
        /* Within an item it belongs to the step. */
        if (!p->item) close_block(p);
        guide_block(&w, p->facts, p->out);
        return true;
    default: return false;
    }
}

static void line(page *p, sv s)
{
    while (s.n && (s.p[s.n - 1] == '\r' || s.p[s.n - 1] == ' ')) s.n--;
    sv bare = s;
    while (bare.n && *bare.p == ' ') bare = behind(bare, 1);
    if (word_line(p, bare) || !shown(p)) return;
    size_t mark = number_mark(s);
    if (!s.n) {
        /* A blank line ends a paragraph; a list goes on while items follow. */
        if (p->open == OPEN_PARAGRAPH || p->open == OPEN_TABLE) close_block(p);
    } else if (sv_starts(s, SV_LIT("### "))) {
        title(p, behind(s, 4), 3);
    } else if (sv_starts(s, SV_LIT("## "))) {
        title(p, behind(s, 3), 2);
    } else if (sv_starts(s, SV_LIT("# "))) {
        title(p, behind(s, 2), 1);
    } else if (mark) {
        begin_steps(p, (sv){s.p, mark - 2});
        list_item(p, OPEN_NUMBERS, behind(s, mark));
    } else if (sv_starts(s, SV_LIT("- "))) {
        list_item(p, OPEN_BULLETS, behind(s, 2));
    } else if (*s.p == '|') {
        table_row(p, s);
    } else {
        if (*s.p != ' ' && p->item) close_block(p);
        plain(p, s);
    }
}

/* ---- the page ---- */

static void begin_page(const deliver_facts *f, buf *out)
{
    buf_str(out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Import steps: ");
    markup_escaped(out, f->title);
    buf_str(out, "</title>\n<style>\n");
    buf_str(out, html_style_screen);
    buf_str(out, html_style_print);
    buf_str(out, "ol.steps>li{margin:.5rem 0}\n@page{margin:17mm 15mm 19mm;@bottom-right{content:\"Page \" "
                 "counter(page) \" of \" "
                 "counter(pages);font:7.5pt sans-serif;color:#55626f}}\n</style>\n</head>\n<body>\n<p "
                 "class=\"over\">chartferry</p>\n");
}

/* A guide that does not list the files itself has them at its end. */
static void list_all(page *p)
{
    const guide_word loads = {SV_LIT("loads"), {NULL, 0}};
    buf_str(
        p->out,
        "<h2>Files of this bundle, in the order of loading</h2>\n<p>Rows are those to expect in the system. Load the "
        "same files of <code>00_trial</code> first: 20 patients with all that belongs to them.</p>\n");
    guide_block(&loads, p->facts, p->out);
}

bool guide_page(sv text, const deliver_facts *facts, buf *out)
{
    page p = {.facts = facts, .out = out};
    bool lists_files = sv_holds(text, SV_LIT("{{loads}}")) || (facts->steps && sv_holds(text, SV_LIT("{{steps}}")));
    begin_page(facts, out);
    while (text.n) {
        const char *end = sv_find(text, '\n');
        sv one = {text.p, end ? (size_t)(end - text.p) : text.n};
        line(&p, one);
        text = behind(text, one.n + (end ? 1 : 0));
    }
    close_block(&p);
    if (!lists_files) list_all(&p);
    buf_str(out, "<footer>Made by chartferry ");
    markup_escaped(out, facts->version);
    buf_str(out, " for this bundle: names of files, counts and limits are its own.</footer>\n</body>\n</html>\n");
    return !out->failed;
}

void guide_check(sv file, sv text, const destination *d, problems *p)
{
    unsigned at = 1, nest = 0;
    for (size_t i = 0; i < text.n; i++) {
        at += text.p[i] == '\n';
        if (text.p[i] != '{' || i + 1 >= text.n || text.p[i + 1] != '{') continue;
        guide_word w;
        size_t used = 2;
        if (!guide_word_at((sv){text.p + i, text.n - i}, &w, &used)) {
            problem_add(p, file, at, 0, "double braces that are not closed in their line");
            i++;
            continue;
        }
        guide_kind kind = guide_kind_of(&w, d);
        if (kind == GUIDE_UNKNOWN)
            problem_add(p, file, at, 0, "{{%.*s}} means nothing here: templates/README.md lists the words",
                        (int)used - 4, text.p + i + 2);
        if (kind == GUIDE_IF && ++nest > NEST_MAX) problem_add(p, file, at, 0, "{{if}} is nested too deeply");
        if ((kind == GUIDE_END || kind == GUIDE_ELSE) && nest == 0)
            problem_add(p, file, at, 0, "{{%.*s}} without {{if}}", (int)w.name.n, w.name.p);
        if (kind == GUIDE_END && nest) nest--;
        i += used - 1;
    }
    if (nest) problem_add(p, file, at, 0, "{{if}} without {{end}}");
}

static status emit(const deliver_facts *facts, package_out *out)
{
    sv text = facts->destination->steps;
    if (!text.p) return ST_OK;
    buf b = buf_new(PAGE_BYTES_MAX);
    bool ok = guide_page(text, facts, &b);
    status s = ok ? package_file(out, SV_LIT("IMPORT-STEPS.html"), buf_view(&b)) : package_no_memory(out);
    buf_free(&b);
    return s;
}

const emitter import_steps = {"import_steps", "Steps of the load", emit};
