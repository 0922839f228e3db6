/* The whole page: its top, the verdict, what to do next, its sections, its foot. */
#include "report/parts/report_page.h"
#include "report/parts/parts.h"
#include "report/report_text.h"

void section(page *p, const char *id, const char *title) { PART_BEGIN(p, PART_SECTION, .id = id, .title = title); }
void section_end(page *p) { part_end(p, PART_SECTION); }

void list_table(page *p, const json_t *list, row_cells cells, const page_spec *table)
{
    if (!json_array_size(list)) return;
    p->ops->begin(p, PART_TABLE, table);
    for (size_t i = 0; i < json_array_size(list); i++) {
        part_begin(p, PART_ROW);
        cells(p, json_array_get(list, i));
        part_end(p, PART_ROW);
    }
    part_end(p, PART_TABLE);
}

void known_cell(page *p, const json_t *line, const char *key)
{
    if (json_is_integer(json_object_get(line, key)))
        page_number_cell(p, number_in(line, key));
    else
        page_cell_of(p, CELL_NUMBER, SV_LIT("unknown"));
}

void further(page *p, uint64_t n, uint64_t listed, const char *what)
{
    if (n <= listed) return;
    part_begin(p, PART_PARA);
    page_say(p, "And ");
    page_count(p, n - listed, what);
    page_say(p, "; all are in the files of the folder ");
    page_ink_text(p, INK_CODE, SV_LIT("quality"));
    page_say(p, ".");
    part_end(p, PART_PARA);
}

/* ---- the top ---- */

void report_title(const json_t *m, buf *out)
{
    sv database = text_in(json_object_get(m, "source"), "database");
    buf_str(out, "Conversion report");
    if (database.n) buf_str(out, ": ");
    buf_sv(out, database);
}

static void run_line(const json_t *m, page *p)
{
    const json_t *all = json_object_get(m, "destinations");
    size_t n = json_array_size(all);
    part_begin(p, PART_RUN);
    if (n) page_say(p, "For ");
    for (size_t i = 0; i < n; i++) {
        page_say(p, between(i, n));
        page_text(p, text_in(json_array_get(all, i), "title"));
    }
    page_say(p, n ? ". Run " : "Run ");
    page_ink_text(p, INK_CODE, text_in(m, "run"));
    part_end(p, PART_RUN);
}

static void contents(page *p)
{
    static const page_link link[] = {{"next", "What to do next"},
                                     {"source", "Source"},
                                     {"counts", "Every row accounted for"},
                                     {"ties", "Hold it against the old system"},
                                     {"findings", "Findings"},
                                     {"fill", "How full the fields are"},
                                     {"quality", "Quality"},
                                     {"pictures", "Pictures"},
                                     {"left", "Left behind"},
                                     {"spots", "Spot checks"},
                                     {"files", "Files to load"},
                                     {"made", "How it was made"}};
    PART_BEGIN(p, PART_CONTENTS, .link = link, .links = sizeof link / sizeof link[0]);
    part_end(p, PART_CONTENTS);
}

static void banner(const json_t *m, page *p)
{
    if (!true_in(json_object_get(m, "spot_checks"), "values_shown")) return;
    part_begin(p, PART_BANNER);
    page_ink_text(p, INK_STRONG, SV_LIT("This report shows values of patients. "));
    page_say(
        p,
        "It was made with --show-values for checking in the practice: do not send it along, do not keep it longer than "
        "the check takes.");
    part_end(p, PART_BANNER);
}

/* ---- the verdict ---- */

typedef struct state_look {
    const char *key;
    page_look look;
    const char *words;
} state_look;

static const state_look states[] = {{"ready", LOOK_READY, "\xE2\x9C\x93 Ready to load"},
                                    {"lost", LOOK_STOP, "! Rows could not be read: see to it before you load"},
                                    {"look", LOOK_LOOK, "! Something to look at before you load"},
                                    {"empty", LOOK_NOTE, "Nothing to load"},
                                    {"stop", LOOK_STOP, "\xE2\x9C\x97 Do not load"}};

static void verdict_words(const json_t *v, page *p)
{
    const json_t *ready = json_object_get(v, "ready");
    size_t s = 0, n = json_array_size(ready);
    while (s + 1 < sizeof states / sizeof states[0] && !sv_eq(text_in(v, "state"), sv_from(states[s].key))) s++;
    PART_BEGIN(p, PART_VERDICT, .look = states[s].look, .title = states[s].words);
    part_begin(p, PART_PARA);
    for (size_t i = 0; i < n; i++) {
        page_text(p, json_words(json_array_get(ready, i)));
        if (n == 1) {
            page_say(p, " ");
            continue;
        }
        part_end(p, PART_PARA);
        part_begin(p, PART_PARA);
    }
    page_text(p, text_in(v, "count"));
    part_end(p, PART_PARA);
    part_end(p, PART_VERDICT);
}

static void figure(page *p, const char *label, uint64_t n, bool to_look_at)
{
    PART_BEGIN(p, PART_FIGURE, .title = label, .look = to_look_at && n ? LOOK_LOOK : LOOK_PLAIN);
    page_number(p, n);
    part_end(p, PART_FIGURE);
}

static void figures(const json_t *m, page *p)
{
    const json_t *v = json_object_get(m, "verdict");
    part_begin(p, PART_FIGURES);
    figure(p, "Records written", number_in(v, "written"), false);
    figure(p, "Rows rejected", number_in(v, "rejected"), true);
    figure(p, "Rows unreadable", number_in(v, "unreadable"), true);
    figure(p, "Values held back", number_in(v, "held_back"), true);
    figure(p, "Values changed", number_in(v, "changed"), false);
    figure(p, "Tables left behind", number_in(json_object_get(m, "left_behind"), "tables"), false);
    part_end(p, PART_FIGURES);
}

static void next_steps(const json_t *next, page *p)
{
    section(p, "next", "What to do next");
    part_begin(p, PART_STEPS);
    for (size_t i = 0; i < json_array_size(next); i++) page_item_of(p, json_words(json_array_get(next, i)));
    part_end(p, PART_STEPS);
    section_end(p);
}

void part_top(const json_t *m, page *p)
{
    const json_t *v = json_object_get(m, "verdict");
    buf title = buf_new((size_t)REPORT_TEXT_MAX * 4);
    report_title(m, &title);
    part_begin(p, PART_TOP);
    part_begin(p, PART_TITLE);
    page_text(p, buf_view(&title));
    part_end(p, PART_TITLE);
    run_line(m, p);
    contents(p);
    part_end(p, PART_TOP);
    buf_free(&title);
    banner(m, p);
    verdict_words(v, p);
    figures(m, p);
    next_steps(json_object_get(v, "next"), p);
}

/* ---- the whole ---- */

void part_foot(const json_t *m, page *p)
{
    bool values = true_in(json_object_get(m, "spot_checks"), "values_shown");
    part_begin(p, PART_FOOT);
    page_say(p, "Run ");
    page_ink_text(p, INK_CODE, text_in(m, "run"));
    page_say(p, ", made by chartferry ");
    page_text(p, text_in(m, "version"));
    page_say(
        p, values
               ? ". This report holds values of patients and stays in the practice. report.json beside it holds the "
                 "same for "
                 "programs."
               : ". This report holds counts, keys of records, and the names of tables and fields, and no value of any "
                 "patient. report.json beside it holds the same for programs.");
    part_end(p, PART_FOOT);
}

void report_page(const json_t *m, page *p)
{
    part_top(m, p);
    part_source(m, p);
    part_counts(m, p);
    part_ties(m, p);
    part_findings(m, p);
    part_fills(m, p);
    part_sample(m, p);
    part_quality(m, p);
    part_pictures(m, p);
    part_left_behind(m, p);
    part_spots(m, p);
    part_files(m, p);
    part_made(m, p);
    part_foot(m, p);
}
