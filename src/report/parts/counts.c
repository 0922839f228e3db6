/* The count of every row. Each line is a sum that is read from left to right. */
#include "report/parts/parts.h"
#include "report/report_model.h"
#include <stdio.h>

#define NBSP "\xC2\xA0"

static const char *const count_label[LEDGER_COUNTS] = {
    [COUNT_READ] = "read",       [COUNT_DECODED] = "decoded",   [COUNT_UNREADABLE] = "unreadable",
    [COUNT_MAPPED] = "mapped",   [COUNT_WRITTEN] = "written",   [COUNT_MERGED] = "merged",
    [COUNT_SKIPPED] = "skipped", [COUNT_REJECTED] = "rejected", [COUNT_HELD_BACK] = "held back",
    [COUNT_CHANGED] = "changed",
};

static bool is_loss(ledger_count c) { return c == COUNT_REJECTED || c == COUNT_UNREADABLE || c == COUNT_HELD_BACK; }

static void count_cell(page *p, const json_t *line, ledger_count c)
{
    uint64_t n = number_in(line, ledger_count_key[c]);
    if (is_loss(c))
        page_some_cell(p, n);
    else
        page_number_cell(p, n);
}

static void codes_cell(page *p, const json_t *line)
{
    const json_t *codes = json_object_get(line, "findings");
    PART_BEGIN(p, PART_CELL, .cell = CELL_TEXT);
    if (!json_array_size(codes)) page_say(p, "none");
    for (size_t i = 0; i < json_array_size(codes); i++) {
        if (i) page_say(p, ", ");
        page_ink_text(p, INK_LINK, json_words(json_array_get(codes, i)));
    }
    part_end(p, PART_CELL);
}

typedef struct count_view {
    const sum_rule *sum;
    const char *caption, *name, *from; /* from: NULL where lines come from nothing */
} count_view;

static void count_line(page *p, const json_t *line, const count_view *v)
{
    bool adds_up = true_in(line, "adds_up");
    part_begin(p, PART_ROW);
    page_name_cell(p, CELL_HEAD, text_in(line, "name"));
    if (v->from) page_name_cell(p, CELL_NAME, text_in(line, "from"));
    count_cell(p, line, v->sum->whole);
    for (size_t i = 0; i < v->sum->parts; i++) count_cell(p, line, v->sum->part[i]);
    if (v->sum->holds_back) count_cell(p, line, COUNT_HELD_BACK);
    if (v->sum->changes) count_cell(p, line, COUNT_CHANGED);
    if (adds_up)
        page_cell_of(p, CELL_YES, SV_LIT("\xE2\x9C\x93 adds up"));
    else
        page_cell_of(p, CELL_NO, SV_LIT("\xE2\x9C\x97 wrong"));
    codes_cell(p, line);
    part_end(p, PART_ROW);
    if (adds_up) return;
    PART_BEGIN(p, PART_ROW, .row = ROW_WRONG);
    PART_BEGIN(p, PART_CELL, .cell = CELL_SPAN);
    page_say(p, "Does not add up: ");
    page_text(p, text_in(line, "sum"));
    page_say(p, ".");
    part_end(p, PART_CELL);
    part_end(p, PART_ROW);
}

static void count_table(page *p, const json_t *lines, const count_view *v)
{
    enum { COLUMNS_MAX = 12, HEAD_BYTES = 48 };
    char label[COLUMNS_MAX][HEAD_BYTES];
    const char *head[COLUMNS_MAX];
    size_t n = 0;
    if (!json_array_size(lines)) return;
    head[n++] = v->name;
    if (v->from) head[n++] = v->from;
    /* Heads read as the sum that the row is: "decoded", "= mapped", "+ skipped". */
    for (size_t i = 0; i <= v->sum->parts; i++, n++) {
        ledger_count c = i ? v->sum->part[i - 1] : v->sum->whole;
        (void)snprintf(label[n], HEAD_BYTES, "#%s%s", i == 0 ? "" : i == 1 ? "=" NBSP : "+" NBSP, count_label[c]);
        head[n] = label[n];
    }
    if (v->sum->holds_back) head[n++] = "#held back";
    if (v->sum->changes) head[n++] = "#changed";
    head[n++] = "Sum";
    head[n++] = "Findings";
    PART_BEGIN(p, PART_TABLE, .table = TABLE_MATRIX, .caption = sv_from(v->caption), .head = head, .heads = n);
    for (size_t i = 0; i < json_array_size(lines); i++) count_line(p, json_array_get(lines, i), v);
    part_end(p, PART_TABLE);
}

static void words(page *p)
{
    static const page_link word[] = {
        {"Decoded", "A row that was found in the source and understood."},
        {"Mapped", "A row that became a record of the kind."},
        {"Written", "A record that stands in the files to load."},
        {"Merged", "A record that became part of another one, by decision."},
        {"Skipped", "A row left out by a rule or by the scope of the conversion."},
        {"Rejected",
         "A row left out because something is wrong with it; it stands in the folder rejects, with the reason."},
        {"Unreadable", "A row that the source holds and that could not be read."},
        {"Held back",
         "A value, not a row: its record was written without it, and the original stands in exceptions.csv."},
        {"Changed",
         "A value, not a row: it was written in a form that the destination takes, such as another character for one "
         "that it forbids, and the original stands in exceptions.csv."}};
    part_begin(p, PART_HEADING);
    page_say(p, "The words");
    part_end(p, PART_HEADING);
    part_begin(p, PART_WORDS);
    for (size_t i = 0; i < sizeof word / sizeof word[0]; i++) {
        PART_BEGIN(p, PART_WORD, .title = word[i].id);
        page_say(p, word[i].title);
        part_end(p, PART_WORD);
    }
    part_end(p, PART_WORDS);
}

static void lines_sentence(const json_t *c, page *p)
{
    uint64_t open = number_in(c, "open"), lines = number_in(c, "lines");
    part_begin(p, PART_PARA);
    if (open) {
        page_ink_text(p, INK_STRONG, SV_LIT("\xE2\x9C\x97 "));
        page_number(p, open);
        page_say(p, " of ");
        page_count(p, lines, "line");
        page_ink_text(p, INK_STRONG, open == 1 ? SV_LIT(" does not add up.") : SV_LIT(" do not add up."));
        page_say(p, " ");
    } else if (lines) {
        page_say(p, "All ");
        page_count(p, lines, "line");
        page_say(p, " add up. ");
    } else
        page_say(p, "No row was read. ");
    page_say(p, "Each line is a sum from left to right; records written were counted once more in the files.");
    part_end(p, PART_PARA);
}

void part_counts(const json_t *m, page *p)
{
    static const count_view view[] = {
        {&report_sums[LEDGER_TABLE], "Rows of the tables that were read", "Table", NULL},
        {&report_sums[LEDGER_ENTITY], "What became of the rows of each kind's main table", "Kind of record",
         "From table"},
        {&report_sums[LEDGER_OBJECT], "What became of the records in each destination", "Object", "From kind"},
    };
    const json_t *c = json_object_get(m, "counts");
    section(p, "counts", "Every row accounted for");
    lines_sentence(c, p);
    for (size_t i = 0; i < sizeof view / sizeof view[0]; i++)
        count_table(p, json_object_get(c, view[i].sum->title), &view[i]);
    words(p);
    section_end(p);
}
