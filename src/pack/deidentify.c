#include "pack/deidentify.h"
#include "base/date.h"
#include "base/partial_folder.h"
#include "base/path.h"
#include "base/platform.h"
#include "convert/stage_folder.h"
#include "csv/csv_writer.h"
#include "deliver/bundle_file.h"
#include "deliver/bundle_read.h"
#include "pack/bundle_list.h"
#include "pack/copy_plan.h"
#include "pack/shuffle.h"
#include "pack/tokens.h"
#include <openssl/rand.h>
#include <stdlib.h>

enum { ROW_BYTES_MAX = 64 << 20, ID_SHOWN = 8 };

static const char label_safe[] = "This is a copy from which the identifiers of 45 CFR 164.514(b)(2) (Safe Harbor) were "
                                 "taken. Whoever sends it has to know of nothing "
                                 "else by which somebody in it could be known.";
static const char label_test[] =
    "TEST DATA, NOT DE-IDENTIFIED: its dates are moved, not removed. It is to be treated as patients' data.";

typedef struct copying {
    const pack_options *o;
    findings *found;
    arena *mem;
    bundle_list list;
    partial_folder *folder;
    stage_folder *stage;
    tokens *tokens;
    safe_run run;
    const char *label;
    buf columns; /* columns.csv */
    /* The file at hand. */
    const copy_file *file;
    size_t own; /* column of the key */
    shuffle *rows;
    bundle_file *out;
    uint64_t row;
    buf line, key;
    bool failed;
} copying;

static bool stopped(const copying *c) { return c->o->cancelled && c->o->cancelled(c->o->ctx); }

static bool no_memory(copying *c)
{
    find_code(c->found, F_OUT_OF_MEMORY, "making a copy");
    return false;
}

/* ---- rows ---- */

static bool is_shown(const safe_column *c)
{
    return c->is_key || c->is_link || c->constant.n || c->rule != SAFE_LEFT_OUT;
}

/* The key in destinations of a record that is named by its source's key: with the system of the row's own key. */
static bool full_key(copying *c, const safe_column *column, sv own, sv cell, sv *out)
{
    *out = cell;
    if (!column->target) return true;
    const char *letters = c->file->entity->letters;
    const size_t n = strlen(letters);
    for (size_t i = 0; i + n + 2 <= own.n; i++) {
        if (own.p[i] != '-' || own.p[i + n + 1] != '-' || memcmp(own.p + i + 1, letters, n) != 0) continue;
        buf_clear(&c->key);
        bool ok = model_source_key((sv){own.p, i}, column->target, cell, &c->key) && !c->key.failed;
        *out = buf_view(&c->key);
        return ok || no_memory(c);
    }
    return finished_run_wrong(&c->list.run, c->file->path, "a key in it is not one of chartferry's");
}

static bool put_cell(copying *c, const safe_column *column, sv own, sv cell, const char token[TOKEN_BYTES])
{
    char word[TOKEN_BYTES];
    sv key;
    if (column->is_key || (column->rule == SAFE_TOKEN && !column->is_link)) {
        if (cell.n) buf_add(&c->line, token, TOKEN_BYTES);
        return true;
    }
    if (!column->is_link) {
        const size_t before = c->key.n = 0;
        safe_cell(&c->run, column, cell, &c->key);
        if (c->key.n > before) csv_field(&c->line, buf_view(&c->key));
        return true;
    }
    if (!cell.n) return true;
    if (!full_key(c, column, own, cell, &key) || !token_of(c->tokens, key, word)) return false;
    buf_add(&c->line, word, TOKEN_BYTES);
    return true;
}

static bool put_row(copying *c, const sv *cell)
{
    const copy_file *x = c->file;
    char token[TOKEN_BYTES];
    const sv own = cell[c->own];
    bool ok = copy_is_referred(x->entity) && own.n ? token_of(c->tokens, own, token) : token_fresh(c->tokens, token);
    bool first = true;
    buf_clear(&c->line);
    safe_row(&c->run, x->column, cell, x->columns);
    for (size_t i = 0; ok && i < x->columns; i++) {
        if (!is_shown(&x->column[i])) continue;
        if (!first) csv_comma(&c->line);
        first = false;
        ok = put_cell(c, &x->column[i], own, cell[i], token);
    }
    csv_end_row(&c->line);
    if (ok && (c->line.failed || c->key.failed)) ok = no_memory(c);
    return ok && shuffle_add(c->rows, buf_view(&c->line));
}

static bool same_heading(const copying *c, const sv *cell, size_t n)
{
    static const sv mark = SV_LIT("\xEF\xBB\xBF");
    if (n != c->file->columns) return false;
    for (size_t i = 0; i < n; i++) {
        sv name = cell[i];
        if (!i && sv_starts(name, mark)) name = (sv){name.p + mark.n, name.n - mark.n};
        if (!sv_eq(name, c->file->column[i].heading)) return false;
    }
    return true;
}

static bool take_record(void *ctx, const sv *cell, size_t n)
{
    copying *c = ctx;
    bool ok = !stopped(c);
    if (ok && c->row == 0)
        ok = same_heading(c, cell, n) ||
             finished_run_wrong(&c->list.run, c->file->path, "it has other columns than were agreed on");
    else if (ok)
        ok = n == c->file->columns
                 ? put_row(c, cell)
                 : finished_run_wrong(&c->list.run, c->file->path, "a row of it has not as many cells as its heading");
    c->row++;
    c->failed |= !ok;
    return ok;
}

/* ---- files ---- */

static bool give_row(void *ctx, sv row)
{
    copying *c = ctx;
    bundle_file_text(c->out, row);
    return !bundle_file_failed(c->out) && !stopped(c);
}

static void tell_column(copying *c, sv heading, const char *what)
{
    csv_field(&c->columns, c->file->path);
    csv_comma(&c->columns);
    csv_field(&c->columns, heading);
    csv_comma(&c->columns);
    csv_field(&c->columns, sv_from(what));
    csv_end_row(&c->columns);
}

/* Names of the practice's own fields are its own, too: such columns are only counted. */
static void put_heading(copying *c)
{
    bool first = true;
    size_t unnamed = 0;
    buf_clear(&c->line);
    for (size_t i = 0; i < c->file->columns; i++) {
        const safe_column *x = &c->file->column[i];
        const bool shown = is_shown(x), moved = c->run.shift && (x->rule == SAFE_YEAR || x->rule == SAFE_BIRTH_YEAR);
        unnamed += !shown && !x->field;
        if (shown || x->field) tell_column(c, x->heading, moved ? "the date, moved" : copy_rule_text(x));
        if (!shown) continue;
        if (!first) csv_comma(&c->line);
        csv_field(&c->line, x->heading);
        first = false;
    }
    csv_end_row(&c->line);
    bundle_file_text(c->out, buf_view(&c->line));
    if (!unnamed) return;
    buf_clear(&c->key);
    buf_printf(&c->key, "(%zu more)", unnamed);
    tell_column(c, buf_view(&c->key), "left out");
}

static bool make_folder_of(copying *c, sv path)
{
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '/' && !stage_folder_make(c->stage, (sv){path.p, i})) return false;
    return true;
}

static bool read_rows(copying *c)
{
    const char *why = "";
    bool ended = false;
    const bundle_reader r = {.delimiter = c->file->delimiter, .take = take_record, .ctx = c};
    const sv full = finished_run_file(&c->list.run, c->file->entry);
    c->row = 0;
    if (!full.p) return false;
    if (!bundle_read(&r, full.p, &ended, &why)) return finished_run_wrong(&c->list.run, c->file->path, why);
    return !c->failed;
}

static bool write_rows(copying *c)
{
    file_digest d;
    c->out = bundle_file_new(stage_folder_path(c->stage), c->file->path, c->found);
    if (!c->out) return false;
    put_heading(c);
    bool ok = shuffle_give(c->rows, give_row, c);
    bundle_file *out = c->out;
    c->out = NULL;
    if (!ok) {
        bundle_file_abandon(out);
        return false;
    }
    const uint64_t rows = c->row ? c->row - 1 : 0;
    return bundle_file_close_csv(out, rows, &d) &&
           stage_folder_file(c->stage, c->file->path, (sv){NULL, 0}, true, rows, &d);
}

static bool copy_one(copying *c, const copy_file *file)
{
    c->file = file;
    for (c->own = 0; c->own < file->columns && !file->column[c->own].is_key;) c->own++;
    if (c->own == file->columns) return true; /* rows without a key tell nothing of a record */
    c->rows = shuffle_new(partial_folder_path(c->folder), c->found);
    bool ok = c->rows && read_rows(c) && make_folder_of(c, file->path) && write_rows(c);
    shuffle_free(c->rows);
    c->rows = NULL;
    return ok;
}

/* ---- what is told ---- */

static bool write_about(copying *c)
{
    buf text = buf_new((size_t)1 << 20);
    buf_str(&text, c->label);
    buf_str(&text, "\r\n\r\nWhat became of each column stands in columns.csv. Names and numbers are random tokens, the "
                   "same one for the same record; rows "
                   "are in random order.\r\nFree text, documents, images, charts drawn, values of the practice's own "
                   "fields, and every column of which it is "
                   "not known what it holds are left out.\r\n");
    if (c->run.shift)
        buf_str(&text, "All dates are moved by the same number of days.\r\n");
    else
        buf_str(&text, "Of dates only the year is there; who may be ninety or older has 90+ in place of the year of "
                       "birth. ZIP codes have three digits, 000 "
                       "where 20,000 people or fewer live.\r\n");
    bool ok = !text.failed && !c->columns.failed
                  ? stage_folder_text(c->stage, SV_LIT("README.txt"), buf_view(&text)) &&
                        stage_folder_text(c->stage, SV_LIT("columns.csv"), buf_view(&c->columns))
                  : no_memory(c);
    buf_free(&text);
    return ok;
}

/* ---- the whole ---- */

static int year_now(void)
{
    const int64_t days = os_now_seconds() / 86400 + date_days(1970, 1, 1);
    return days >= 0 && days <= DATE_DAYS_MAX ? date_civil((int32_t)days).year : 9999;
}

/* Five to fifty-two weeks back: days of the week stay, and nothing lies in the future. */
static bool choose_shift(copying *c)
{
    unsigned char byte;
    do {
        if (RAND_bytes(&byte, 1) != 1) return no_memory(c);
    } while (byte >= 240);
    c->run.shift = -7 * (5 + byte % 48);
    return true;
}

static bool begin(copying *c, bool test_data)
{
    c->run.year = year_now();
    c->label = test_data ? label_test : label_safe;
    c->line = buf_new(ROW_BYTES_MAX);
    c->key = buf_new(ROW_BYTES_MAX);
    c->columns = buf_new((size_t)16 << 20);
    buf_str(&c->columns, "file,column,in_the_copy\r\n");
    if (test_data && !choose_shift(c)) return false;
    sv out = folder_path(sv_from(c->o->out));
    sv copy = arena_printf(c->mem, "%.*s.copy", (int)out.n, out.p);
    if (!copy.p) return no_memory(c);
    c->folder = partial_folder_new(copy.p, c->found);
    if (!c->folder) return false;
    c->tokens = tokens_new(partial_folder_path(c->folder), c->found);
    c->stage = c->tokens ? stage_folder_new(&c->list.run, partial_folder_path(c->folder), "-copy") : NULL;
    return c->stage != NULL;
}

static bool make_copy(copying *c, bool test_data, deidentify_result *r, char **path)
{
    const copy_file *file;
    size_t n;
    if (!bundle_list_read(c->o->bundle, c->mem, c->found, &c->list)) return false;
    if (!copy_plan_read(&c->list.run, c->mem, &file, &n) || !begin(c, test_data)) return false;
    for (size_t i = 0; i < n; i++)
        if (stopped(c) || !copy_one(c, &file[i])) return false;
    r->files = n;
    r->left_out = c->list.plains + c->list.hiddens - n;
    if (n == 0)
        return finished_run_wrong(&c->list.run, (sv){NULL, 0},
                                  "nothing in it can be de-identified: convert with --to canonical as well");
    return write_about(c) &&
           stage_folder_finish(c->stage, test_data ? "test data, not de-identified" : "de-identified", NULL, path);
}

/* Beside the bundle: it stays where the bundle stays. */
static bool keep_list(copying *c, deidentify_result *r)
{
    sv bundle = folder_path(sv_from(c->o->bundle));
    r->tokens = arena_printf(r->pack.mem, "%.*s-tokens-%.*s.csv", (int)bundle.n, bundle.p, ID_SHOWN, r->pack.id.p);
    return r->tokens.p ? tokens_list(c->tokens, r->tokens.p) : no_memory(c);
}

static pack_end why_not(const copying *c)
{
    if (stopped(c)) return PACK_CANCELLED;
    if (findings_count(c->found, F_DEL_LINK_BUNDLE)) return PACK_SOURCE;
    return findings_count(c->found, F_OUT_OF_MEMORY) ? PACK_FAILED : PACK_OUTPUT;
}

static void end_copy(copying *c)
{
    stage_folder_free(c->stage);
    tokens_free(c->tokens);
    if (c->folder) (void)partial_folder_discard(c->folder);
    partial_folder_free(c->folder);
    bundle_list_free(&c->list);
    buf_free(&c->line);
    buf_free(&c->key);
    buf_free(&c->columns);
    arena_free(c->mem);
}

pack_end deidentify_bundle(const pack_options *o, bool test_data, findings *f, deidentify_result *out)
{
    *out = (deidentify_result){.files = 0};
    copying c = {.o = o, .found = f, .mem = arena_new(0)};
    char *path = NULL;
    pack_end end = PACK_FAILED;
    if (!c.mem) {
        (void)no_memory(&c);
        return end;
    }
    if (make_copy(&c, test_data, out, &path)) {
        pack_options p = *o;
        p.bundle = path;
        p.label = c.label;
        end = pack_bundle(&p, f, &out->pack);
        if (end == PACK_DONE && !keep_list(&c, out)) {
            (void)os_remove_tree(o->out); /* parts whose tokens nobody can resolve */
            end = why_not(&c);
        }
    } else
        end = why_not(&c);
    free(path);
    end_copy(&c);
    return end;
}
