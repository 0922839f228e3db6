/* ROLLBACK-STEPS.html. */
#include "base/platform.h"
#include "loaded/names.h"
#include "loaded/page.h"
#include "loaded/rollback_internal.h"

enum { SENTENCE_MAX = 512 };

static void verdict(const rolling *x, report_file_out *o)
{
    const rollback_result *r = x->out;
    char room[SENTENCE_MAX];
    int n = snprintf(room, sizeof room,
                     "%llu records are deleted, %llu get their old values back. %llu never got in. Of %llu it is not "
                     "known what to do.",
                     (unsigned long long)r->remove, (unsigned long long)r->restore, (unsigned long long)r->absent,
                     (unsigned long long)r->unknown);
    page_verdict(o, r->unknown ? "look" : "ready",
                 r->unknown ? "! Not everything can be taken back yet" : "\xE2\x9C\x93 The whole way back",
                 (sv){room, n > 0 ? (size_t)n : 0});
}

static void counts(const rolling *x, report_file_out *o)
{
    static const char *const head[] = {"File", "Object", "#Delete", "#Restore", "#Not there", "#Unknown"};
    html(o, "<section>\n<h2>What is to be done</h2>\n<p>Compare these numbers with what you expect before the first "
            "step. Unknown rows are "
            "in <code>unknown.csv</code>: give the success files of the load with <code>--keys</code>, exports taken "
            "before it with "
            "<code>--before</code>, and run the command again.</p>\n");
    html_table(o, NULL, SV_LIT("Records of each file"), head, sizeof head / sizeof head[0]);
    for (size_t i = 0; i < x->a.l.loads; i++) {
        const bundle_load *b = &x->a.l.load[i];
        const uint64_t *n = x->way[i].rows;
        uint64_t unknown = 0;
        for (size_t w = WAY_NOTHING; w < ROW_WAYS; w++) unknown += n[w];
        if (!taken_back(b) || (b->update && !n[WAY_RESTORE] && !n[WAY_ABSENT] && !unknown)) continue;
        html(o, "<tr><th scope=\"row\">");
        html_name(o, b->file);
        html(o, "</th>");
        html_cell(o, NULL, b->label);
        html_number_cell(o, NULL, n[WAY_REMOVE]);
        html_number_cell(o, NULL, n[WAY_RESTORE]);
        html_number_cell(o, NULL, n[WAY_ABSENT]);
        html_number_cell(o, unknown ? "n some" : NULL, unknown);
        html(o, "</tr>\n");
    }
    html_table_end(o);
    html(o, "</section>\n");
}

static void sentences(report_file_out *o, const char *title, word_list words)
{
    if (!words.n) return;
    html(o, "<section>\n<h2>");
    html(o, title);
    html(o, "</h2>\n<ul class=\"next\">\n");
    for (size_t i = 0; i < words.n; i++) {
        html(o, "<li>\xE2\x98\x90 ");
        page_marked(o, words.word[i]);
        html(o, "</li>\n");
    }
    html(o, "</ul>\n</section>\n");
}

/* A line for each file of a step. */
static void step_lines(rolling *x, report_file_out *o, size_t load, bool remove)
{
    const bundle_load *b = &x->a.l.load[load];
    const load_way *w = &x->way[load];
    uint64_t left = w->rows[remove ? WAY_REMOVE : WAY_RESTORE], most = x->a.l.undo.rows ? x->a.l.undo.rows : UINT64_MAX;
    unsigned step = remove ? w->remove_step : w->restore_step;
    sv how = !remove                                      ? x->a.l.undo.restore
             : b->keyless && x->a.l.undo.remove_keyless.n ? x->a.l.undo.remove_keyless
                                                          : x->a.l.undo.remove;
    for (unsigned part = 1; left; part++, step++) {
        uint64_t rows = left < most ? left : most;
        sv path = rollback_file_path(x, step, remove ? "delete" : "restore", name_stem(b->file), part);
        left -= rows;
        html(o, "<tr><td class=\"n\">");
        html_number(o, step);
        html(o, "</td><td>\xE2\x98\x90</td><th scope=\"row\">");
        html_name(o, path_leaf(path));
        html(o, "</th>");
        html_cell(o, "name", b->object);
        html_number_cell(o, NULL, rows);
        html(o, "<td>");
        page_marked(o, how);
        html(o, "</td></tr>\n");
    }
}

static void steps(rolling *x, report_file_out *o)
{
    static const char *const head[] = {"#Step", "Done", "File", "Object", "#Rows", "How"};
    html(o, "<section>\n<h2>The steps, in this order</h2>\n<p>Old values first: a record that was there before must "
            "not hang on one that is "
            "deleted. Then children before their parents.</p>\n");
    html_table(o, NULL, SV_LIT("Steps"), head, sizeof head / sizeof head[0]);
    for (size_t i = 0; i < x->a.l.loads; i++)
        if (x->way[i].restore_step) step_lines(x, o, i, false);
    for (size_t i = x->a.l.loads; i-- > 0;)
        if (x->way[i].remove_step) step_lines(x, o, i, true);
    html_table_end(o);
    html(o, "</section>\n");
}

static void what_stays(const rolling *x, report_file_out *o)
{
    uint64_t lost = x->out->lost;
    if (!lost && !x->out->kept) return;
    html(o, "<section>\n<h2>What stays</h2>\n<ul class=\"next\">\n");
    if (lost) {
        html(o, "<li>");
        html_number(o, lost);
        html(o, " values that the load wrote over have no column in the exports taken before: they stay as the load "
                "left them.</li>\n");
    }
    for (size_t i = 0; i < x->a.l.loads; i++) {
        if (!x->a.l.load[i].kept || !x->a.l.load[i].parts) continue;
        html(o, "<li>");
        html_text(o, x->a.l.load[i].file);
        html(o, " is not taken back by a file: see the sentences above and below.</li>\n");
    }
    html(o, "</ul>\n</section>\n");
}

/* What a second pick-up did besides loading files (guides, "A second pick-up") cannot be told from its rows. */
static const char later_before[] =
    "<section>\n<h2>What the second pick-up deleted</h2>\n<ul class=\"next\">\n<li>\xE2\x98\x90 Bring back the records "
    "whose keys stand in the bundle's folder <code>deleted/</code>, parents first: from the recycle bin, which keeps "
    "their "
    "ids, or by loading their rows of the earlier bundle again.</li>\n</ul>\n</section>\n";
static const char later_after[] =
    "<section>\n<h2>What the second pick-up emptied and replaced</h2>\n<ul class=\"next\">\n<li>\xE2\x98\x90 Records "
    "that had to be deleted before they were loaded anew, because the system knows no key of them, come back as those "
    "in "
    "<code>deleted/</code>: their keys stand in <code>changed/</code>.</li>\n<li>\xE2\x98\x90 Fields that stand in "
    "<code>emptied/</code> get their values again: from the export that was taken before, or by loading the rows of "
    "the "
    "earlier bundle with these keys again.</li>\n<li>\xE2\x98\x90 Where files of the earlier bundle stood for an "
    "export: load "
    "its second passes again, the rows whose keys stand in <code>changed/</code> and <code>emptied/</code>; empty the "
    "fields of second passes of this "
    "bundle whose key has no row there.</li>\n</ul>\n"
    "</section>\n";

static bool has_list(const rolling *x, const char *folder)
{
    sv path = arena_printf(x->a.mem, "%s/%.*s/%s", x->o->bundle, (int)x->a.l.id.n, x->a.l.id.p, folder);
    return path.p && os_is_folder(path.p);
}

static bool is_later(const rolling *x)
{
    return has_list(x, "deleted") || has_list(x, "changed") || has_list(x, "emptied");
}

bool rollback_write_page(rolling *x)
{
    report_file_out o = page_begin(x->a.folder, &x->a.l, "ROLLBACK-STEPS.html", "The way back");
    verdict(x, &o);
    counts(x, &o);
    sentences(&o, "Before the first step", x->a.l.undo.before);
    if (is_later(x)) html(&o, later_before);
    steps(x, &o);
    if (is_later(x)) html(&o, later_after);
    sentences(&o, "After the last step", x->a.l.undo.after);
    what_stays(x, &o);
    return page_end(x->a.folder, &o);
}
