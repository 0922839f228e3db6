/* Sections of single facts: where the data comes from, how the run was made. */
#include "report/parts/parts.h"

static void fact_begin(page *p, const char *name)
{
    part_begin(p, PART_ROW);
    page_cell_of(p, CELL_HEAD, sv_from(name));
    PART_BEGIN(p, PART_CELL, .cell = CELL_VALUE);
}

static void fact_end(page *p)
{
    part_end(p, PART_CELL);
    part_end(p, PART_ROW);
}

static void fact(page *p, const char *name, sv value)
{
    if (!value.n) return;
    fact_begin(p, name);
    page_text(p, value);
    fact_end(p);
}

static void bytes_fact(page *p, const char *name, uint64_t n)
{
    if (!n) return;
    fact_begin(p, name);
    page_number(p, n);
    page_say(p, " bytes");
    fact_end(p);
}

static void add_hash(page *p, sv hash)
{
    page_ink_text(p, INK_BREAK, (sv){NULL, 0});
    page_say(p, "SHA-256 ");
    page_ink_text(p, INK_HASH, hash);
}

static void hash_fact(page *p, const char *name, sv title, sv hash)
{
    if (!title.n && !hash.n) return;
    fact_begin(p, name);
    page_text(p, title);
    if (hash.n) add_hash(p, hash);
    fact_end(p);
}

static void facts_table(page *p, sv caption)
{
    static const char *const head[] = {"What", "Value"};
    PART_BEGIN(p, PART_TABLE, .table = TABLE_FACTS, .caption = caption, .head = head, .heads = 2);
}

/* ---- the source ---- */

static void backup_set(const json_t *s, page *p)
{
    if (!number_in(s, "set")) return;
    fact_begin(p, "Backup set");
    page_number(p, number_in(s, "set"));
    if (text_in(s, "set_type").n) page_say(p, ", ");
    page_text(p, text_in(s, "set_type"));
    if (text_in(s, "set_name").n) {
        page_say(p, ", named ");
        page_text(p, text_in(s, "set_name"));
    }
    fact_end(p);
}

static void backup_time(const json_t *s, page *p)
{
    sv from = text_in(s, "started"), to = text_in(s, "finished");
    if (!from.n && !to.n) return;
    fact_begin(p, "Backup made");
    page_text(p, from.n ? from : to);
    if (from.n && to.n) {
        page_say(p, " to ");
        page_text(p, to);
    }
    page_say(p, " (clock of the server)");
    fact_end(p);
}

static void profile_fit(const json_t *f, page *p)
{
    sv title = text_in(f, "title").n ? text_in(f, "title") : text_in(f, "id");
    if (!title.n) return;
    fact_begin(p, "Source profile");
    page_text(p, title);
    page_say(p, ", fits to ");
    page_number(p, number_in(f, "score"));
    page_say(p, " of 100");
    fact_end(p);
}

static void profile_misses(const json_t *f, page *p)
{
    const json_t *missing = json_object_get(f, "missing");
    size_t n = json_array_size(missing);
    if (!n) return;
    fact_begin(p, "The profile expects, and the source lacks");
    for (size_t i = 0; i < n; i++) {
        if (i) page_ink_text(p, INK_BREAK, (sv){NULL, 0});
        page_text(p, json_words(json_array_get(missing, i)));
    }
    fact_end(p);
}

static void given_cells(page *p, const json_t *f)
{
    page_name_cell(p, CELL_HEAD, text_in(f, "name"));
    page_number_cell(p, number_in(f, "bytes"));
    if (text_in(f, "sha256").n) {
        PART_BEGIN(p, PART_CELL, .cell = CELL_HASH);
        page_ink_text(p, INK_HASH, text_in(f, "sha256"));
        part_end(p, PART_CELL);
    } else
        page_cell_of(p, CELL_TEXT, SV_LIT("not known: the file could not be read again"));
}

static void given_files(const json_t *s, page *p)
{
    static const char *const head[] = {"File", "#Bytes", "SHA-256"};
    LIST_TABLE(p, json_object_get(s, "files"), given_cells, .table = TABLE_FILES,
               .caption = SV_LIT("Files that were given"), .head = head, .heads = 3);
    if (!number_in(s, "files_not_listed")) return;
    part_begin(p, PART_PARA);
    page_say(p, "And ");
    page_count(p, number_in(s, "files_not_listed"), "further file");
    page_say(p, ".");
    part_end(p, PART_PARA);
}

void part_source(const json_t *m, page *p)
{
    const json_t *s = json_object_get(m, "source"), *f = json_object_get(m, "profile");
    section(p, "source", "Source");
    facts_table(p, SV_LIT("What was read"));
    fact_begin(p, "Kind");
    page_text(p, text_in(s, "kind").n ? text_in(s, "kind") : SV_LIT("unknown"));
    fact_end(p);
    fact(p, "Database", text_in(s, "database"));
    fact(p, "Made by", text_in(s, "product"));
    backup_set(s, p);
    backup_time(s, p);
    bytes_fact(p, "Size of the files given", number_in(s, "file_bytes"));
    bytes_fact(p, "Size of the data files", number_in(s, "data_bytes"));
    fact(p, "State of the data", text_in(s, "consistency_note"));
    if (true_in(s, "changed_while_backed_up"))
        fact(p, "Changed during the backup",
             SV_LIT("Yes: the newest records may be in part before, in part after a change."));
    profile_fit(f, p);
    profile_misses(f, p);
    part_end(p, PART_TABLE);
    given_files(s, p);
    section_end(p);
}

/* ---- how it was made ---- */

static void option_cells(page *p, const json_t *o)
{
    page_cell_of(p, CELL_HEAD, text_in(o, "name"));
    page_cell_of(p, CELL_VALUE, text_in(o, "value"));
}

static void asked(const json_t *m, page *p)
{
    static const char *const head[] = {"Option", "Value"};
    LIST_TABLE(p, json_object_get(m, "options"), option_cells, .table = TABLE_FACTS,
               .caption = SV_LIT("How it was asked for"), .head = head, .heads = 2);
}

void part_made(const json_t *m, page *p)
{
    const json_t *f = json_object_get(m, "profile"), *all = json_object_get(m, "destinations");
    section(p, "made", "How it was made");
    page_para_of(
        p, "The same source, profile, templates, options and program give the same files, byte for byte; so this page "
           "says nothing of the clock; run.log beside it has how long each step took.");
    facts_table(p, SV_LIT("Program, profile and templates"));
    fact_begin(p, "Program");
    page_say(p, "chartferry ");
    page_text(p, text_in(m, "version"));
    fact_end(p);
    fact(p, "Run", text_in(m, "run"));
    hash_fact(p, "Source profile", text_in(f, "id"), text_in(f, "sha256"));
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *d = json_array_get(all, i);
        hash_fact(p, "Destination template", text_in(d, "id"), text_in(d, "sha256"));
    }
    part_end(p, PART_TABLE);
    asked(m, p);
    section_end(p);
}
