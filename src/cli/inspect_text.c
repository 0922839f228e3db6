/* The inspect block: what a file is and what is in it, for people. */
#include "cli/commands.h"
#include <stdlib.h>

enum { LABEL_WIDTH = 15 };

static void label(buf *out, const term *t, const char *text)
{
    buf_str(out, "  ");
    styled(out, t, DIM, "%s", text);
    pad(out, strlen(text), LABEL_WIDTH);
}

static void line(buf *out, const term *t, const char *name, sv text)
{
    if (!text.n) return;
    label(out, t, name);
    add_shown(out, text);
    buf_char(out, '\n');
}

/* ---- columns of a table on the terminal ---- */

enum { GRID_COLUMNS = 9 };

/* Cells as safe text, row by row; widths are measured, then everything is printed aligned. */
typedef struct grid {
    buf text;
    size_t *cell; /* start of each cell in text */
    size_t cells, room;
    size_t columns;
    bool right[GRID_COLUMNS];
    size_t width[GRID_COLUMNS];
} grid;

static grid grid_new(size_t columns) { return (grid){.text = buf_new((size_t)64 << 20), .columns = columns}; }

static void grid_free(grid *g)
{
    buf_free(&g->text);
    free(g->cell);
}

static buf *grid_cell(grid *g)
{
    if (g->cells == g->room) {
        size_t room = g->room ? g->room * 2 : 256;
        size_t *cell = realloc(g->cell, room * sizeof *cell);
        if (cell) {
            g->cell = cell;
            g->room = room;
        } else
            g->text.failed = true;
    }
    if (!g->text.failed) g->cell[g->cells++] = g->text.n;
    return &g->text;
}

static sv grid_at(const grid *g, size_t i)
{
    size_t end = i + 1 < g->cells ? g->cell[i + 1] : g->text.n;
    return (sv){g->text.p + g->cell[i], end - g->cell[i]};
}

static void grid_print(buf *out, const term *t, grid *g, size_t indent)
{
    for (size_t i = 0; i < g->cells; i++) {
        size_t w = text_width(grid_at(g, i)), column = i % g->columns;
        bool last = column + 1 == g->columns;
        if (!last && w > g->width[column]) g->width[column] = w;
    }
    for (size_t i = 0; i < g->cells; i++) {
        sv s = grid_at(g, i);
        size_t column = i % g->columns, w = text_width(s);
        bool last = column + 1 == g->columns, head = i < g->columns;
        pad(out, 0, column ? 2 : indent);
        if (g->right[column]) pad(out, w, g->width[column]);
        if (head)
            styled(out, t, DIM, "%.*s", (int)s.n, s.p);
        else
            buf_sv(out, s);
        if (!last && !g->right[column]) pad(out, w, g->width[column]);
        if (last) {
            while (out->n && out->p[out->n - 1] == ' ') out->n--;
            buf_char(out, '\n');
        }
    }
}

static void grid_head(grid *g, const char *const *names)
{
    for (size_t i = 0; i < g->columns; i++) buf_str(grid_cell(g), names[i]);
}

/* ---- parts of the block ---- */

static void product_line(buf *out, const term *t, const source_info *s)
{
    if (!s->product.n && !s->database_version) return;
    label(out, t, "Made by");
    add_shown(out, s->product);
    if (s->database_version) buf_printf(out, "%sdatabase version %u", s->product.n ? ", " : "", s->database_version);
    if (s->created_version && s->created_version != s->database_version)
        buf_printf(out, " (created as version %u)", s->created_version);
    buf_char(out, '\n');
}

static void size_lines(buf *out, const term *t, const source_info *s, size_t files)
{
    const uint64_t limit = source_express_limit(s);
    if (!s->live) {
        label(out, t, "Size");
        size_text(out, s->file_bytes);
        if (files > 1) buf_printf(out, " in %zu files", files);
        buf_char(out, '\n');
    }
    if (!s->data_bytes) return;
    label(out, t, "Data files");
    size_text(out, s->data_bytes);
    const unsigned gb = (unsigned)(limit >> 30);
    if (s->data_bytes <= limit)
        buf_printf(out, ": within the %u GB limit of the free SQL Server Express (%u %% of it)\n", gb,
                   (unsigned)(s->data_bytes * 100 / limit));
    else
        buf_printf(out, ": more than the %u GB that the free SQL Server Express can hold\n", gb);
}

static void storage_line(buf *out, const term *t, const source_info *s)
{
    label(out, t, "Container");
    buf_str(out, s->compressed ? "compressed" : "not compressed");
    buf_str(out, s->encrypted ? ", encrypted" : ", not encrypted");
    if (s->cipher.n) buf_printf(out, " (%.*s, opened with the key given)", (int)s->cipher.n, s->cipher.p);
    if (s->striped) buf_printf(out, ", striped: %u of %u parts given", s->families_given, s->families);
    buf_str(out, s->checksums ? ", with checksums\n" : ", without backup checksums\n");
}

/* A running server has no sets; the one that stands for it says whose it is and when it was asked. */
static void server_line(buf *out, const term *t, const source_info *s)
{
    label(out, t, "Server");
    add_shown(out, s->set[0].server);
    buf_str(out, ", asked at ");
    add_shown(out, s->set[0].started);
    buf_str(out, " by its clock\n");
}

static void sets_table(buf *out, const term *t, const source_info *s)
{
    static const char *const head[] = {"set", "type", "started", "server", "made by", "size", "database"};
    grid g = grid_new(7);
    g.right[0] = g.right[5] = true;
    grid_head(&g, head);
    bool any_chosen = false;
    for (size_t i = 0; i < s->sets; i++) {
        const backup_set_info *b = &s->set[i];
        any_chosen |= b->chosen;
        buf_printf(grid_cell(&g), "%s%u", b->chosen && s->sets > 1 ? "> " : "", b->number);
        buf *type = grid_cell(&g);
        buf_printf(type, "%s%s", b->type ? b->type : "", b->copy_only ? ", copy-only" : "");
        if (b->checksums) buf_str(type, ", checksums");
        add_shown(grid_cell(&g), b->started);
        add_shown(grid_cell(&g), b->server);
        add_shown(grid_cell(&g), b->product);
        size_text(grid_cell(&g), b->bytes);
        add_shown(grid_cell(&g), b->database);
    }
    styled(out, t, BOLD, "\nBackup sets");
    buf_str(out, s->sets > 1 && any_chosen ? " (> is read; choose another with --set N)\n" : "\n");
    grid_print(out, t, &g, 2);
    grid_free(&g);
}

static void files_table(buf *out, const term *t, const source_info *s)
{
    static const char *const head[] = {"id", "name", "filegroup", "size", "path on the server"};
    grid g = grid_new(5);
    g.right[0] = g.right[3] = true;
    grid_head(&g, head);
    for (size_t i = 0; i < s->files; i++) {
        const database_file_info *f = &s->file[i];
        buf_printf(grid_cell(&g), "%u", f->id);
        add_shown(grid_cell(&g), f->name);
        if (f->log)
            buf_str(grid_cell(&g), "(log)");
        else
            add_shown(grid_cell(&g), f->filegroup);
        size_text(grid_cell(&g), f->bytes);
        add_shown(grid_cell(&g), f->path);
    }
    styled(out, t, BOLD, "\nDatabase files\n");
    grid_print(out, t, &g, 2);
    grid_free(&g);
}

static void table_remark(buf *b, const table_info *x)
{
    if (x->unreadable.n) {
        buf_str(b, "not readable: ");
        add_shown(b, x->unreadable);
        return;
    }
    add_shown(b, x->storage);
    size_t left_out = 0;
    for (size_t i = 0; i < x->columns; i++) left_out += x->column[i].unreadable.n != 0;
    if (left_out) buf_printf(b, "; %zu of %zu columns not readable", left_out, x->columns);
    if (!x->unproven) return;
    buf_str(b, "; not yet seen in a real file: ");
    add_shown(b, x->unproven_note);
}

static void columns_of(buf *out, const table_info *x)
{
    for (size_t i = 0; i < x->columns; i++) {
        const column_info *c = &x->column[i];
        buf_str(out, "      ");
        size_t start = out->n;
        add_shown(out, c->name);
        pad(out, text_width((sv){out->p + start, out->n - start}), 28);
        buf_char(out, ' ');
        add_shown(out, c->type_name);
        if (!c->nullable) buf_str(out, " not null");
        if (c->identity) buf_str(out, " identity");
        if (c->computed) buf_str(out, " computed");
        if (c->unreadable.n) {
            buf_str(out, "  not readable: ");
            add_shown(out, c->unreadable);
        }
        buf_char(out, '\n');
    }
}

static void tables_head(buf *out, const term *t, const catalog *c)
{
    uint64_t rows = 0, bytes = 0, unreadable = 0;
    for (size_t i = 0; i < c->tables; i++) {
        if (c->table[i].rows_expected > 0) rows += (uint64_t)c->table[i].rows_expected;
        bytes += c->table[i].bytes;
        unreadable += c->table[i].unreadable.n != 0;
    }
    styled(out, t, BOLD, "\nTables");
    buf_str(out, ": ");
    add_number(out, c->tables);
    buf_str(out, " with ");
    add_number(out, rows);
    buf_str(out, " rows, ");
    size_text(out, bytes);
    if (unreadable) {
        buf_str(out, "; ");
        add_number(out, unreadable);
        buf_str(out, " not readable");
    }
    buf_char(out, '\n');
}

static void table_row(grid *g, const table_info *x)
{
    add_shown(grid_cell(g), x->full_name);
    if (x->rows_expected >= 0)
        add_number(grid_cell(g), (uint64_t)x->rows_expected);
    else
        buf_char(grid_cell(g), '?');
    size_text(grid_cell(g), x->bytes);
    table_remark(grid_cell(g), x);
}

static void tables_table(buf *out, const term *t, const catalog *c, bool verbose)
{
    static const char *const head[] = {"table", "rows", "size", "storage"};
    tables_head(out, t, c);
    if (!c->tables) return;
    grid g = grid_new(4);
    g.right[1] = g.right[2] = true;
    grid_head(&g, head);
    for (size_t i = 0; i < c->tables; i++) table_row(&g, &c->table[i]);
    grid_print(out, t, &g, 2);
    grid_free(&g);
    for (size_t i = 0; verbose && i < c->tables; i++) {
        buf_str(out, "\n    ");
        add_shown(out, c->table[i].full_name);
        buf_char(out, '\n');
        columns_of(out, &c->table[i]);
    }
}

static const char *leaf(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if ((*path == '/' || *path == '\\') && path[1]) name = path + 1;
    return name;
}

static void texts_table(buf *out, const term *t, const source_info *s, bool verbose)
{
    static const char *const head[] = {"file", "table", "encoding", "separated by", "quotes", "names", "written by"};
    grid g = grid_new(7);
    grid_head(&g, head);
    for (size_t i = 0; i < s->texts; i++) {
        const text_file_info *x = &s->text[i];
        add_shown(grid_cell(&g), (sv){leaf(x->path.p), strlen(leaf(x->path.p))});
        add_shown(grid_cell(&g), x->table);
        buf *encoding = grid_cell(&g);
        add_shown(encoding, x->encoding);
        if (x->guessed) buf_str(encoding, " (?)");
        add_shown(grid_cell(&g), x->delimiter);
        add_shown(grid_cell(&g), x->quoting);
        buf_str(grid_cell(&g), x->header ? "yes" : "no: column_1, ...");
        add_shown(grid_cell(&g), x->writer);
    }
    styled(out, t, BOLD, "\nText files\n");
    grid_print(out, t, &g, 2);
    grid_free(&g);
    for (size_t i = 0; verbose && i < s->texts; i++) {
        buf_str(out, i ? "" : "\n");
        buf_str(out, "  ");
        add_shown(out, s->text[i].table);
        buf_str(out, ": ");
        add_shown(out, s->text[i].null_rule);
        buf_str(out, "; line ends ");
        add_shown(out, s->text[i].line_ends);
        buf_char(out, '\n');
    }
}

static void account_table(buf *out, const term *t, const byte_account *x)
{
    buf name = buf_new(65536);
    grid g = grid_new(2);
    uint64_t sum = 0;
    add_shown(&name, sv_from(leaf(x->path.p)));
    styled(out, t, BOLD, "\nBytes %s %.*s\n", x->inside ? "inside" : "of", (int)name.n, name.p);
    buf_free(&name);
    static const char *const head[] = {"bytes", "what"};
    g.right[0] = true;
    grid_head(&g, head);
    for (size_t i = 0; i < x->parts; i++) {
        add_number(grid_cell(&g), x->part[i].bytes);
        add_shown(grid_cell(&g), x->part[i].what);
        sum += x->part[i].bytes;
    }
    add_number(grid_cell(&g), sum);
    buf_str(grid_cell(&g), sum == x->bytes ? "together: all there are" : "together, which is not what there is");
    grid_print(out, t, &g, 2);
    grid_free(&g);
}

static void checks_table(buf *out, const term *t, const page_counts *n)
{
    const struct {
        uint64_t pages;
        const char *what;
    } part[] = {{n->checksum, "with a right checksum"},
                {n->torn_bits, "whole by their torn-page bits"},
                {n->unprotected, "without either, or changed by the log"},
                {n->damaged, "damaged or missing"},
                {n->pages, "together: all pages in use"},
                {n->unknown, "more of which no map says whether they are in use"}};
    static const char *const head[] = {"pages", "what"};
    grid g = grid_new(2);
    g.right[0] = true;
    grid_head(&g, head);
    for (size_t i = 0; i < sizeof part / sizeof part[0] - (n->unknown == 0); i++) {
        add_number(grid_cell(&g), part[i].pages);
        buf_str(grid_cell(&g), part[i].what);
    }
    styled(out, t, BOLD, "\nChecksums\n");
    grid_print(out, t, &g, 2);
    grid_free(&g);
}

void inspect_text(buf *out, const term *t, const options *o, const opened *x)
{
    const source_info *s = opened_info(x);
    if (!s) return;
    for (size_t i = 0; i < o->operands; i++) {
        buf name = buf_new(65536);
        add_shown(&name, sv_from(s->live ? o->operand[i] : leaf(o->operand[i])));
        styled(out, t, BOLD, "%s%.*s", i ? " + " : "", (int)name.n, name.p);
        buf_free(&name);
    }
    buf_char(out, '\n');
    line(out, t, "Kind", s->kind);
    product_line(out, t, s);
    line(out, t, "Database", s->database);
    line(out, t, "Collation", s->collation);
    size_lines(out, t, s, x->files);
    if (!s->texts && !s->live) storage_line(out, t, s);
    if (s->live && s->sets) server_line(out, t, s);
    line(out, t, "Consistency", s->consistency_note);
    if (s->sets && !s->live) sets_table(out, t, s);
    if (s->texts) texts_table(out, t, s, o->verbose);
    if (o->verbose && s->files) files_table(out, t, s);
    if (x->tables) tables_table(out, t, x->tables, o->verbose);
    for (size_t i = 0; i < s->accounts; i++) account_table(out, t, &s->account[i]);
    if (x->checked) checks_table(out, t, &x->pages);
}

void inspect_head(buf *out, const term *t, const opened *x, sv path)
{
    const source_info *s = opened_info(x);
    if (!s) return;
    buf name = buf_new(65536);
    add_shown(&name, path);
    styled(out, t, BOLD, "%.*s", (int)name.n, name.p);
    buf_free(&name);
    const sv part[] = {s->kind, s->product, s->database};
    for (size_t i = 0; i < 3; i++) {
        if (!part[i].n) continue;
        buf_str(out, i ? " \xC2\xB7 " : ": ");
        add_shown(out, part[i]);
    }
    for (size_t i = 0; i < s->sets; i++) {
        const backup_set_info *b = &s->set[i];
        if (!b->chosen) continue;
        buf_str(out, " \xC2\xB7 ");
        if (!s->live) buf_printf(out, "set %u of %zu, %s, ", b->number, s->sets, b->type ? b->type : "");
        add_shown(out, b->started);
    }
    buf_char(out, '\n');
}
