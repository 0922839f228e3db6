/* bakgen: writes SQL Server data files and backups from a description (README.md). */
#include "backup.h"
#include "base/platform.h"
#include <stdlib.h>

enum { SPEC_BYTES_MAX = 1 << 24, SAMPLE_ROWS = 100000, STRIPES_MAX = 32, PATH_ROOM = 1024, WRITE_BUFFER = 1 << 18 };

typedef struct arguments {
    const char *spec, *sample, *out, *diff, *mdf, *truth, *sets;
    const char *certificate, *encrypt, *tde;
    unsigned forms; /* SEAL_ ... */
    uint64_t rows, version;
    backup_options backup;
} arguments;

static const char USAGE[] =
    "usage: bakgen (--spec FILE | --sample practice|narrow|wide|lobs|types [--rows N])\n"
    "              [--out FILE.bak] [--diff FILE.bak] [--mdf FILE.mdf] [--truth FOLDER]\n"
    "              [--version N] [--sets KIND,...] [--compress] [--checksum] [--stripes N]\n"
    "              [--block BYTES] [--log] [--log-changes] [--second-pass] [--filler]\n"
    "              [--certificate FILE (--encrypt CIPHER | --tde CIPHER) [--sealed-as FORM,...]]\n";

static bool number(const char *text, uint64_t *out)
{
    char *end = NULL;
    if (!text || *text < '0' || *text > '9') return false;
    *out = strtoull(text, &end, 10);
    return *end == 0;
}

static bool parse_forms(const char *text, unsigned *out)
{
    static const char *const WORD[] = {"filled", "sum-sealed", "page-sum-sealed", "oaep", "half", "sum-other"};
    enum { WORDS = sizeof WORD / sizeof *WORD };
    while (text && *text) {
        size_t n = strcspn(text, ","), i = 0;
        while (i < WORDS && (strlen(WORD[i]) != n || memcmp(WORD[i], text, n) != 0)) i++;
        if (i == WORDS) return false;
        *out |= 1u << i;
        text += n + (text[n] != 0);
    }
    return text != NULL;
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
    if (strcmp(name, "--diff") == 0) return (a->diff = value) != NULL;
    if (strcmp(name, "--sets") == 0) return (a->sets = value) != NULL;
    if (strcmp(name, "--certificate") == 0) return (a->certificate = value) != NULL;
    if (strcmp(name, "--encrypt") == 0) return (a->encrypt = value) != NULL;
    if (strcmp(name, "--tde") == 0) return (a->tde = value) != NULL;
    if (strcmp(name, "--sealed-as") == 0) return parse_forms(value, &a->forms);
    if (strcmp(name, "--rows") == 0) return number(value, &a->rows);
    if (strcmp(name, "--version") == 0) return number(value, &a->version) && version_of((unsigned)a->version);
    if (strcmp(name, "--stripes") == 0) {
        bool ok = number(value, &n) && n >= 1 && n <= STRIPES_MAX;
        a->backup.stripes = (unsigned)n;
        return ok;
    }
    if (strcmp(name, "--block") == 0) {
        bool ok = number(value, &n) && n >= 512 && n <= BLOCK_MAX && (n & (n - 1)) == 0;
        a->backup.block = (unsigned)n;
        return ok;
    }
    *used_value = false;
    if (strcmp(name, "--compress") == 0) return a->backup.compress = true;
    if (strcmp(name, "--checksum") == 0) return a->backup.checksum = true;
    if (strcmp(name, "--log") == 0) return a->backup.log = true;
    if (strcmp(name, "--log-changes") == 0) return a->backup.log_changes = true;
    if (strcmp(name, "--second-pass") == 0) return a->backup.second_pass = true;
    if (strcmp(name, "--filler") == 0) return a->backup.filler = true;
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
    if (!a->spec == !a->sample || (!a->out && !a->mdf) || (a->diff && !a->out) ||
        !a->certificate != (!a->encrypt && !a->tde))
        return fail(f, "%s", USAGE);
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

static bool write_backup(const backup_set *set, size_t sets, const char *to, const arguments *a, fault *f)
{
    char(*path)[PATH_ROOM] = calloc(a->backup.stripes, PATH_ROOM);
    const char *list[STRIPES_MAX];
    if (!path) return fail(f, "out of memory");
    for (unsigned i = 0; i < a->backup.stripes; i++) {
        stripe_path(to, i + 1, a->backup.stripes, path[i]);
        list[i] = path[i];
    }
    backup_options o = a->backup;
    o.path = list;
    bool ok = backup_write(set, sets, &o, f);
    free(path);
    return ok;
}

/* ---- a state of the database: its data files ---- */

typedef struct state {
    database db;
    bool written;
    FILE *file[FILES_MAX];
    char path[FILES_MAX][PATH_ROOM];
    bool temporary;
    uint8_t *changed[FILES_MAX]; /* per extent, against the state before; owned */
} state;

/* The first data file has the name that was given, the others its stem with their number and .ndf. */
static void data_path(const char *stem, unsigned place, const char *end, char *out)
{
    const char *dot = strrchr(stem, '.');
    if (place == 0) {
        snprintf(out, PATH_ROOM, "%s%s", stem, end);
    } else {
        snprintf(out, PATH_ROOM, "%.*s.%u.ndf%s", (int)(dot ? (size_t)(dot - stem) : strlen(stem)), stem,
                 file_id_at(place), end);
    }
}

static bool open_files(state *s, const database_spec *spec, const char *stem, const char *end, fault *f)
{
    for (unsigned i = 0; i <= spec->files; i++) {
        data_path(stem, i, end, s->path[i]);
        s->file[i] = os_exists(s->path[i]) ? NULL : fopen(s->path[i], "w+b");
        if (!s->file[i]) return fail(f, "%s: exists, or cannot be made", s->path[i]);
    }
    return true;
}

static bool close_files(state *s, bool keep, fault *f)
{
    bool ok = true;
    if (s->written) database_free(&s->db);
    for (unsigned i = 0; i < FILES_MAX; i++) {
        free(s->changed[i]);
        if (!s->file[i]) continue;
        if (fclose(s->file[i]) != 0) ok = fail(f, "%s: cannot be written", s->path[i]);
        if (s->temporary || !keep || !ok) os_remove(s->path[i]);
    }
    return ok;
}

static bool write_state(state *s, const database_spec *spec, const arguments *a, bool before, uint64_t base, fault *f)
{
    const database_options o = {.file = s->file,
                                .backup_base = base,
                                .truth_dir = before ? NULL : a->truth,
                                .before = before,
                                .all_changed = a->backup.second_pass,
                                .changed = s->changed[0] ? (const uint8_t *const *)s->changed : NULL};
    s->written = true;
    return database_write(&s->db, spec, &o, f);
}

static bool same_extent(FILE *a, FILE *b, uint32_t e, uint8_t *room)
{
    size_t n = 0, m = 0;
    if (file_seek(a, (uint64_t)e * EXTENT)) n = fread(room, 1, EXTENT, a);
    if (file_seek(b, (uint64_t)e * EXTENT)) m = fread(room + EXTENT, 1, EXTENT, b);
    return n == EXTENT && m == EXTENT && memcmp(room, room + EXTENT, EXTENT) == 0;
}

/* The extents in which two states differ: what a differential holds. Then the later state is written again, with the map
 * that says so. */
static bool find_changes(state *before, state *after, const database_spec *spec, const arguments *a, fault *f)
{
    uint8_t *room = malloc(2 * (size_t)EXTENT);
    bool ok = room || fail(f, "out of memory");
    for (unsigned i = 0; ok && i <= spec->files; i++) {
        const image *m = &after->db.image[i];
        after->changed[i] = calloc(m->extents, 1);
        if (!after->changed[i]) ok = fail(f, "out of memory");
        for (uint32_t e = 0; ok && e < m->extents; e++)
            after->changed[i][e] = e == 0 || !same_extent(before->file[i], after->file[i], e, room);
    }
    free(room);
    if (!ok) return false;
    database_free(&after->db);
    arguments quiet = *a;
    quiet.truth = NULL;
    for (unsigned i = 0; i <= spec->files; i++) rewind(after->file[i]);
    return write_state(after, spec, &quiet, false, 0, f);
}

/* ---- the sets ---- */

enum { SETS_MAX = 16 };

static bool add_set(backup_set *set, size_t *n, const char *word, size_t bytes, state *before, state *after, fault *f)
{
    static const struct {
        const char *word;
        set_kind kind;
        bool before;
    } KINDS[] = {{"full", SET_FULL, false},
                 {"before", SET_FULL, true},
                 {"copy", SET_COPY, false},
                 {"diff", SET_DIFF, false},
                 {"log", SET_LOG, false}};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS && *n < SETS_MAX; i++) {
        if (strlen(KINDS[i].word) != bytes || memcmp(KINDS[i].word, word, bytes) != 0) continue;
        state *s = KINDS[i].before ? before : after;
        uint32_t base = 0;
        for (size_t k = 0; k < *n; k++)
            if (set[k].kind == SET_FULL) base = set[k].moment;
        set[*n] = (backup_set){.kind = KINDS[i].kind,
                               .db = &s->db,
                               .data = s->file,
                               .changed = (const uint8_t *const *)s->changed,
                               .moment = (uint32_t)*n,
                               .base = base};
        (*n)++;
        return true;
    }
    return fail(f, "--sets: full, before, copy, diff and log are known, %d at most", SETS_MAX);
}

static bool write_sets(state *before, state *after, const arguments *a, fault *f)
{
    backup_set set[SETS_MAX + 1];
    size_t n = 0;
    const char *p = a->sets ? a->sets : a->diff ? "before" : "full";
    while (*p) {
        size_t bytes = strcspn(p, ",");
        if (!add_set(set, &n, p, bytes, before, after, f)) return false;
        p += bytes + (p[bytes] != 0);
    }
    if (!write_backup(set, n, a->out, a, f)) return false;
    if (!a->diff) return true;
    if (n == SETS_MAX) return fail(f, "too many sets");
    return add_set(set, &n, "diff", 4, before, after, f) && write_backup(&set[n - 1], 1, a->diff, a, f);
}

static bool needs_before(const arguments *a)
{
    return a->diff || (a->sets && (strstr(a->sets, "before") || strstr(a->sets, "diff")));
}

/* A plain backup in one file needs no data file first: its pages are written where they belong. */
static bool can_be_in_place(const arguments *a, const database_spec *spec)
{
    const backup_options *o = &a->backup;
    return a->out && !a->mdf && !a->sets && !a->diff && o->stripes == 1 && !o->compress && !o->checksum &&
           !o->second_pass && !o->filler && !o->seal && spec->files == 0;
}

/* The data files that stay, once nothing reads them any more. */
static bool seal_files(state *s, const database_spec *spec, seal *with, fault *f)
{
    uint8_t page[PAGE];
    for (unsigned i = 0; i <= spec->files; i++)
        for (uint64_t at = 0; file_seek(s->file[i], at) && fread(page, PAGE, 1, s->file[i]) == 1; at += PAGE) {
            if (!seal_pages(with, page, 1, (page_guard)spec->guard, true, f)) return false;
            if (!file_seek(s->file[i], at) || fwrite(page, PAGE, 1, s->file[i]) != 1)
                return fail(f, "%s: cannot be written", s->path[i]);
        }
    return true;
}

static bool write_all(state *before, state *after, const database_spec *spec, arguments *a, fault *f)
{
    const char *stem = a->mdf ? a->mdf : a->out;
    a->backup.in_place = can_be_in_place(a, spec);
    after->temporary = !a->mdf && !a->backup.in_place;
    before->temporary = true;
    uint64_t base = a->backup.in_place ? backup_data_start(spec, &a->backup, f) : 0;
    if (f->set || !open_files(after, spec, stem, after->temporary ? ".image" : "", f)) return false;
    /* Pages follow one another for long stretches; reading back, which copying does, would suffer from it. */
    if (a->backup.in_place) setvbuf(after->file[0], NULL, _IOFBF, WRITE_BUFFER);
    if (!write_state(after, spec, a, false, base, f)) return false;
    if (needs_before(a)) {
        if (!open_files(before, spec, stem, ".before", f) || !write_state(before, spec, a, true, 0, f)) return false;
        for (unsigned i = 0; i <= spec->files; i++) {
            fflush(before->file[i]);
            fflush(after->file[i]);
        }
        if (!find_changes(before, after, spec, a, f)) return false;
    }
    if (a->out && !write_sets(before, after, a, f)) return false;
    return !a->mdf || !seal_has_database(a->backup.seal) || seal_files(after, spec, a->backup.seal, f);
}

static bool make_truth_folder(const char *path, fault *f)
{
    const char *why = "";
    return !path || os_is_folder(path) || os_make_folder(path, &why) || fail(f, "%s: %s", path, why);
}

static bool run(arguments *a, const char *text, fault *f)
{
    arena *mem = arena_new(0);
    state *before = calloc(1, sizeof *before), *after = calloc(1, sizeof *after);
    database_spec spec;
    bool ok = (mem && before && after) || fail(f, "out of memory");
    ok = ok && spec_parse(text, mem, &spec, f) && make_truth_folder(a->truth, f);
    if (ok && a->certificate) {
        a->backup.seal = seal_open(a->certificate, a->encrypt, a->tde, a->forms, f);
        ok = a->backup.seal != NULL;
    }
    if (ok) {
        if (a->version) spec.version = version_of((unsigned)a->version);
        if (spec.version->second_pass && !can_be_in_place(a, &spec)) a->backup.second_pass = true;
        ok = spec_check(&spec, f) && write_all(before, after, &spec, a, f);
        bool closed = close_files(after, ok, f);
        ok = close_files(before, false, f) && closed && ok;
    }
    seal_close(a->backup.seal);
    free(before);
    free(after);
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
