/* bakgen: writes SQL Server data files and backups from a description (README.md). */
#include "backup.h"
#include "base/platform.h"
#include <stdlib.h>

enum { SPEC_BYTES_MAX = 1 << 24, SAMPLE_ROWS = 100000, STRIPES_MAX = 32, PATH_ROOM = 1024, WRITE_BUFFER = 1 << 18 };

typedef struct arguments {
    const char *spec, *sample, *out, *mdf, *truth;
    uint64_t rows;
    backup_options backup;
} arguments;

static const char USAGE[] = "usage: bakgen (--spec FILE | --sample practice|narrow|wide|lobs|types [--rows N])\n"
                            "              [--out FILE.bak] [--mdf FILE.mdf] [--truth FOLDER]\n"
                            "              [--compress] [--checksum] [--stripes N] [--block 512|4096] [--log]\n";

static bool number(const char *text, uint64_t *out)
{
    char *end = NULL;
    if (!text || *text < '0' || *text > '9') return false;
    *out = strtoull(text, &end, 10);
    return *end == 0;
}

static bool parse_option(arguments *a, const char *name, const char *value, bool *used_value)
{
    uint64_t n = 0;
    *used_value = true;
    if (strcmp(name, "--spec") == 0) return (a->spec = value) != NULL;
    if (strcmp(name, "--sample") == 0) return (a->sample = value) != NULL;
    if (strcmp(name, "--out") == 0) return (a->out = value) != NULL;
    if (strcmp(name, "--mdf") == 0) return (a->mdf = value) != NULL;
    if (strcmp(name, "--truth") == 0) return (a->truth = value) != NULL;
    if (strcmp(name, "--rows") == 0) return number(value, &a->rows);
    if (strcmp(name, "--stripes") == 0) {
        bool ok = number(value, &n) && n >= 1 && n <= STRIPES_MAX;
        a->backup.stripes = (unsigned)n;
        return ok;
    }
    if (strcmp(name, "--block") == 0) {
        bool ok = number(value, &n) && (n == 512 || n == 4096);
        a->backup.block = (unsigned)n;
        return ok;
    }
    *used_value = false;
    if (strcmp(name, "--compress") == 0) return a->backup.compress = true;
    if (strcmp(name, "--checksum") == 0) return a->backup.checksum = true;
    if (strcmp(name, "--log") == 0) return a->backup.log = true;
    return false;
}

static bool parse_arguments(int argc, char **argv, arguments *a, fault *f)
{
    *a = (arguments){.rows = SAMPLE_ROWS, .backup = {.stripes = 1, .block = 4096}};
    for (int i = 1; i < argc; i++) {
        bool used_value = false;
        if (!parse_option(a, argv[i], i + 1 < argc ? argv[i + 1] : NULL, &used_value))
            return fail(f, "%s is not understood\n%s", argv[i], USAGE);
        i += used_value;
    }
    if (!a->spec == !a->sample || (!a->out && !a->mdf)) return fail(f, "%s", USAGE);
    return true;
}

/* ---- the description ---- */

static char *read_file(const char *path, fault *f)
{
    const char *why = "";
    os_file *in = os_open_read(path, &why);
    if (!in) {
        fail(f, "%s: %s", path, why);
        return NULL;
    }
    uint64_t size = os_file_size(in);
    char *text = size <= SPEC_BYTES_MAX ? calloc(1, (size_t)size + 1) : NULL;
    size_t got = 0;
    if (!text) {
        fail(f, "%s: too large", path);
    } else if (!os_read_at(in, 0, text, (size_t)size, &got, &why)) {
        fail(f, "%s: %s", path, why);
    }
    os_close_read(in);
    return text;
}

/* A sample's text with its row count put in. */
static char *sample_text(const char *name, uint64_t rows, fault *f)
{
    const char *text = spec_sample(name);
    if (!text) {
        fail(f, "there is no sample %s", name);
        return NULL;
    }
    size_t room = strlen(text) + 32;
    char *copy = calloc(1, room);
    const char *mark = strstr(text, "$ROWS");
    if (!copy) {
        fail(f, "out of memory");
    } else if (mark) {
        snprintf(copy, room, "%.*s%llu%s", (int)(mark - text), text, (unsigned long long)rows, mark + strlen("$ROWS"));
    } else {
        memcpy(copy, text, strlen(text));
    }
    return copy;
}

/* ---- output ---- */

/* Stripe 2 of x.bak is x.2.bak; a single family is x.bak itself. */
static void stripe_path(const char *path, unsigned number, unsigned stripes, char *out)
{
    const char *dot = strrchr(path, '.');
    size_t stem = dot ? (size_t)(dot - path) : strlen(path);
    if (stripes == 1) {
        snprintf(out, PATH_ROOM, "%s", path);
    } else {
        snprintf(out, PATH_ROOM, "%.*s.%u%s", (int)stem, path, number, dot ? dot : "");
    }
}

static bool write_backups(const database *db, FILE *data, const arguments *a, fault *f)
{
    char(*path)[PATH_ROOM] = calloc(a->backup.stripes, PATH_ROOM);
    const char *list[STRIPES_MAX];
    if (!path) return fail(f, "out of memory");
    for (unsigned i = 0; i < a->backup.stripes; i++) {
        stripe_path(a->out, i + 1, a->backup.stripes, path[i]);
        list[i] = path[i];
    }
    backup_options o = a->backup;
    o.path = list;
    bool ok = backup_write(db, data, &o, f);
    free(path);
    return ok;
}

/* A plain backup in one file needs no data file first: its pages are written where they belong. */
static bool can_be_in_place(const arguments *a)
{
    return a->out && !a->mdf && a->backup.stripes == 1 && !a->backup.compress && !a->backup.checksum;
}

static bool write_files(const arguments *a, const database_spec *spec, FILE *data, fault *f)
{
    database db;
    uint64_t base = a->backup.in_place ? backup_data_start(spec, &a->backup, f) : 0;
    if (f->set) return false;
    bool ok = database_write(&db, spec, data, base, a->truth, f);
    if (ok && a->out) ok = write_backups(&db, data, a, f);
    database_free(&db);
    return ok;
}

static bool make_truth_folder(const char *path, fault *f)
{
    const char *why = "";
    return !path || os_is_folder(path) || os_make_folder(path, &why) || fail(f, "%s: %s", path, why);
}

static bool run(arguments *a, const char *text, fault *f)
{
    char data_path[PATH_ROOM];
    a->backup.in_place = can_be_in_place(a);
    bool temporary = !a->mdf && !a->backup.in_place;
    snprintf(data_path, sizeof data_path, "%s%s", a->mdf ? a->mdf : a->out, temporary ? ".image" : "");
    arena *mem = arena_new(0);
    database_spec spec;
    bool ok = (mem || fail(f, "out of memory")) && spec_parse(text, mem, &spec, f) && make_truth_folder(a->truth, f);
    FILE *data = ok && !os_exists(data_path) ? fopen(data_path, "w+b") : NULL;
    if (ok && !data) ok = fail(f, "%s: exists, or cannot be made", data_path);
    if (data) {
        /* Pages follow one another for long stretches; reading back, which copying does, would suffer from it. */
        if (a->backup.in_place) setvbuf(data, NULL, _IOFBF, WRITE_BUFFER);
        ok = write_files(a, &spec, data, f);
        if (fclose(data) != 0) ok = fail(f, "%s: cannot be written", data_path);
        if (temporary || !ok) os_remove(data_path);
    }
    arena_free(mem);
    return ok;
}

int main(int argc, char **argv)
{
    fault f = {false, ""};
    arguments a;
    bool ok = parse_arguments(argc, argv, &a, &f);
    char *text = !ok ? NULL : a.spec ? read_file(a.spec, &f) : sample_text(a.sample, a.rows, &f);
    ok = text && !f.set && run(&a, text, &f);
    free(text);
    if (!ok) fprintf(stderr, "bakgen: %s\n", f.text);
    return ok ? 0 : 2;
}
