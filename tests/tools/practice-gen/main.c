/* practice-gen: an invented periodontal practice as its software would leave it, and the truth about it (README.md). */
#include "base/platform.h"
#include "database_out.h"
#include "edits.h"
#include <stdlib.h>

typedef struct arguments {
    uint64_t seed, patients, document_kb;
    const char *out, *edits;
    bool dentes, lean;
    unsigned hard; /* hundredths of a percent */
} arguments;

static const char USAGE[] =
    "usage: practice-gen --out FOLDER [--seed N] [--patients N] [--system panda|dentes] [--hard PERCENT] [--lean] "
    "[--document-kb N] [--edits FILE]";

static bool parse_percent(const char *text, unsigned *out)
{
    char *end = NULL;
    double x = text ? strtod(text, &end) : -1;
    if (!text || end == text || *end || !(x >= 0 && x <= 100)) return false;
    *out = (unsigned)(x * 100 + 0.5);
    return true;
}

static bool parse_number(const char *text, uint64_t *out)
{
    char *end = NULL;
    if (!text || *text < '0' || *text > '9') return false;
    *out = strtoull(text, &end, 10);
    return *end == 0;
}

static bool parse_option(arguments *a, const char *name, const char *value, int *used)
{
    *used = 2;
    if (strcmp(name, "--seed") == 0) return parse_number(value, &a->seed);
    if (strcmp(name, "--patients") == 0)
        return parse_number(value, &a->patients) && a->patients >= 1 && a->patients <= 1000000;
    if (strcmp(name, "--out") == 0) return (a->out = value) != NULL;
    if (strcmp(name, "--edits") == 0) return (a->edits = value) != NULL;
    if (strcmp(name, "--hard") == 0) return parse_percent(value, &a->hard);
    if (strcmp(name, "--document-kb") == 0) return parse_number(value, &a->document_kb) && a->document_kb <= 1600;
    if (strcmp(name, "--system") == 0) {
        a->dentes = value && strcmp(value, "dentes") == 0;
        return a->dentes || (value && strcmp(value, "panda") == 0);
    }
    *used = 1;
    if (strcmp(name, "--lean") == 0) return a->lean = true;
    return false;
}

static bool make_folder(const char *path, fault *f)
{
    const char *why = "";
    return os_is_folder(path) || os_make_folder(path, &why) || fail(f, "%s: %s", path, why);
}

/* Names and types of the columns, which dumps of bcp do not have. */
static bool write_columns(const gen *g, const char *folder, fault *f)
{
    char path[1040];
    snprintf(path, sizeof path, "%s/columns.csv", folder);
    FILE *out = os_exists(path) ? NULL : fopen(path, "wb");
    if (!out) return fail(f, "%s: exists, or cannot be made", path);
    fputs("table,position,column,type,nullable\n", out);
    for (table_id t = g->turkish ? PANDA_TABLES : 0; t < (g->turkish ? TABLES : PANDA_TABLES); t++)
        for (unsigned i = 0; i < g->tables[t].columns; i++) {
            const source_column *c = &g->tables[t].column[i];
            fprintf(out, "%s,%u,%s,\"%s\",%d\n", g->tables[t].name, i + 1, c->name, c->type, !c->not_null);
        }
    return fclose(out) == 0 || fail(f, "%s: cannot be written", path);
}

static bool write_all(gen *g, const arguments *a, fault *f)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/truth", a->out);
    if (!make_folder(a->out, f) || !make_folder(path, f)) return false;
    if (!write_columns(g, path, f)) return false;
    g->truth = truth_open(path, a->lean, a->dentes, f);
    if (!g->truth) return false;
    g->telling = !g->edits; /* of what was changed nothing is told but the changes */
    if (!f->set && !a->lean) g->taps = dialects_open(g, a->out, f);
    if (!f->set && !a->lean && a->dentes) {
        tap *books = xlsx_open(a->out, f);
        if (books) books->next = g->taps;
        if (books) g->taps = books;
    }
    bool ok = !f->set && (a->dentes ? rows_out(g, PANDA_TABLES, TABLES, f) : database_out(g, a->out, !a->lean, f));
    if (ok) a->dentes ? dentes_derived(g) : panda_derived(g);
    for (tap *t = g->taps, *next = NULL; t; t = next) {
        next = t->next;
        t->free(t);
    }
    return truth_close(g->truth, f) && ok;
}

int main(int argc, char **argv)
{
    arguments a = {.seed = 1, .patients = 200, .hard = 300};
    fault f = {false, ""};
    for (int i = 1, used = 1; i < argc && !f.set; i += used)
        if (!parse_option(&a, argv[i], i + 1 < argc ? argv[i + 1] : NULL, &used))
            fail(&f, "%s is not understood\n%s", argv[i], USAGE);
    if (!f.set && !a.out) fail(&f, "%s", USAGE);
    gen g = {.seed = a.seed,
             .patients = (uint32_t)a.patients,
             .hard = a.hard,
             .lean = a.lean,
             .document_bytes = (size_t)a.document_kb * 1000,
             .turkish = a.dentes,
             .tables = schema_tables(),
             .mem = arena_new((size_t)1 << 28)};
    arena *kept = arena_new((size_t)1 << 28);
    if (!f.set && a.edits && kept && g.tables) g.edits = edits_read(a.edits, g.tables, kept, &f);
    bool ready = !f.set && g.tables && g.mem && kept && patients_number(&g);
    if (!f.set && !ready) fail(&f, "out of memory");
    bool ok = ready && write_all(&g, &a, &f);
    for (int i = 0; i < THINGS; i++) free(g.first[i]);
    free(g.head);
    arena_free(g.mem);
    arena_free(kept);
    if (!ok) fprintf(stderr, "practice-gen: %s\n", f.text);
    return ok ? 0 : 2;
}
