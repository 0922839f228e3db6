/* In a window of its own, for people without a command line: looks into a file, then asks what to do with it. Each
 * answer becomes a command line, so nothing here does what a command does not. */
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/secret.h"
#include <stdlib.h>

enum {
    ANSWER_BYTES = 32768,
    FILES_MAX = 64,
    KEYS_MAX = 4,
    WORDS_MAX = FILES_MAX + 2 * KEYS_MAX + 8,
    TEXT_BYTES_MAX = 1 << 20
};

typedef struct ask {
    const console *c;
    const char *file[FILES_MAX];
    int files;
    const char *key[KEYS_MAX]; /* files of the certificate and its private key */
    int keys;
    char answer[ANSWER_BYTES];
    int code; /* of the last command */
} ask;

static void print(const ask *a, const char *format, const char *fact)
{
    buf text = buf_new(TEXT_BYTES_MAX);
    buf_str(&text, format);
    if (fact) add_shown(&text, sv_from(fact));
    term_print(&a->c->err, &text);
    buf_free(&text);
}

/* What was typed, without blanks around it and the quotes that a file dragged into a window comes in. */
static bool read_answer(ask *a)
{
    print(a, "> ", NULL);
    if (!os_read_line(a->answer, sizeof a->answer)) {
        print(a, "\n", NULL);
        return false;
    }
    char *p = a->answer;
    size_t n = strlen(p), from = 0;
    while (from < n && (p[from] == ' ' || p[from] == '\t')) from++;
    while (n > from && (p[n - 1] == ' ' || p[n - 1] == '\t')) n--;
    if (n >= from + 2 && (p[from] == '"' || p[from] == '\'') && p[n - 1] == p[from]) {
        from++;
        n--;
    }
    memmove(p, p + from, n - from);
    p[n - from] = '\0';
    return true;
}

/* Runs a command on the files, with the words behind them. */
static void run_words(ask *a, const char *command, const char *const *more, int count)
{
    const char *word[WORDS_MAX] = {"chartferry", command};
    int n = 2;
    for (int i = 0; i < a->files; i++) word[n++] = a->file[i];
    for (int i = 0; i < count; i++) word[n++] = more[i];
    for (int i = 0; i < a->keys; i++) {
        word[n++] = "--key";
        word[n++] = a->key[i];
    }
    a->code = cli_run(n, word);
    print(a, "\n", NULL);
}

/* The path of a file that is there, until the end of the program; NULL: none was named. */
static const char *read_path(ask *a)
{
    while (read_answer(a) && *a->answer) {
        const char *path = os_own_path(a->answer);
        if (path && os_exists(path)) return memory_text(sv_from(path));
        print(a, "There is no such file: ", a->answer);
        print(a, "\n", NULL);
    }
    return NULL;
}

static bool name_file(ask *a)
{
    print(
        a,
        "Which file? Drag a backup (.bak) or a data file (.mdf) into this window, or type its path, and press Enter.\n",
        NULL);
    const char *path = read_path(a);
    if (path) a->file[a->files++] = path;
    return path != NULL;
}

/* ---- what is encrypted ---- */

/* Whether it is for want of the right key that the files cannot be read. */
static bool is_sealed(const ask *a, const options *o)
{
    static const finding_code code[] = {F_BAK_ENCRYPTED,   F_BAK_TDE,  F_KEY_FILE,  F_KEY_PASSWORD,
                                        F_KEY_NO_PASSWORD, F_KEY_PAIR, F_KEY_OTHER, F_KEY_REFUSED};
    const char *file[FILES_MAX], *key[KEYS_MAX];
    options of = *o;
    opened x;
    bool sealed = false;
    memcpy(file, a->file, sizeof file);
    memcpy(key, a->key, sizeof key);
    of.operand = file;
    of.operands = (size_t)a->files;
    of.key_file = key;
    of.key_files = (size_t)a->keys;
    if (!opened_from(&of, &x)) return false;
    for (size_t i = 0; i < sizeof code / sizeof code[0]; i++) sealed = sealed || findings_count(x.found, code[i]);
    opened_close(&x);
    return sealed;
}

/* False: none was named. */
static bool name_keys(ask *a)
{
    a->keys = 0;
    print(a,
          "The file is encrypted. With the certificate that it was made for, and its private key, it can be read.\n"
          "Drag the file of the certificate (.cer) or of both (.pfx) into this window and press Enter; Enter alone: "
          "there is none.\n",
          NULL);
    const char *path = read_path(a);
    if (!path) return false;
    a->key[a->keys++] = path;
    print(a, "And the file of its private key (.pvk)? Enter alone: it is in the same file.\n", NULL);
    path = read_path(a);
    if (path) a->key[a->keys++] = path;
    return true;
}

/* Looks into the files; asks for keys until they open them or nobody has any. */
static void inspect(ask *a, const options *o)
{
    run_words(a, "inspect", NULL, 0);
    while (a->code == EXIT_SOURCE && is_sealed(a, o)) {
        secret_keep(true); /* the one before was not it */
        if (!name_keys(a)) return;
        run_words(a, "inspect", NULL, 0);
    }
}

/* A new folder that the person names, or one beside the first file. False: nothing was chosen. */
static bool name_folder(ask *a, const char *suffix, buf *out)
{
    sv file = sv_from(a->file[0]);
    size_t dot = file.n;
    for (size_t i = file.n; i > 0 && file.p[i - 1] != '/'; i--)
        if (file.p[i - 1] == '.' && dot == file.n) dot = i - 1;
    buf_add(out, file.p, dot ? dot : file.n);
    buf_str(out, suffix);
    buf_char(out, '\0');
    if (out->failed) return false;
    print(a, "Into which folder? Enter: ", out->p);
    print(a, "\n", NULL);
    if (!read_answer(a)) return false;
    if (!*a->answer) return true;
    buf_clear(out);
    buf_str(out, a->answer);
    buf_char(out, '\0');
    return !out->failed;
}

static void extract(ask *a)
{
    buf folder = buf_new(ANSWER_BYTES);
    if (name_folder(a, "-tables", &folder)) run_words(a, "extract", (const char *[]){"--out", folder.p}, 2);
    buf_free(&folder);
}

static void convert(ask *a)
{
    static const char *const list[] = {"chartferry", "templates", "list"};
    buf folder = buf_new(ANSWER_BYTES), to = buf_new(ANSWER_BYTES);
    (void)cli_run(3, list);
    print(a, "\nFor which destination? Type its name (several: with commas between); Enter: canonical\n", NULL);
    bool ok = read_answer(a);
    buf_str(&to, *a->answer ? a->answer : "canonical");
    buf_char(&to, '\0');
    if (ok && !to.failed && name_folder(a, "-runs", &folder))
        run_words(a, "convert", (const char *[]){"--to", to.p, "--out", folder.p}, 4);
    buf_free(&folder);
    buf_free(&to);
}

static bool next_step(ask *a)
{
    print(a,
          "What next?\n"
          "  1      take every table out, to CSV files\n"
          "  2      prepare an import for a CRM\n"
          "  Enter  nothing more\n",
          NULL);
    if (!read_answer(a) || !*a->answer) return false;
    if (strcmp(a->answer, "1") == 0)
        extract(a);
    else if (strcmp(a->answer, "2") == 0)
        convert(a);
    else
        print(a, "1, 2, or Enter.\n", NULL);
    return true;
}

int cmd_ask(const options *o, const console *c)
{
    ask a = {.c = c, .code = EXIT_COMPLETE};
    for (size_t i = 0; i < o->operands && a.files < FILES_MAX; i++) a.file[a.files++] = o->operand[i];
    if (o->operands > FILES_MAX) return say_failure(o, c, EXIT_USAGE, "These are too many files at once.");
    print(&a,
          "chartferry reads SQL Server backups and data files without a SQL Server. It changes nothing in them.\n\n",
          NULL);
    if (!a.files && !name_file(&a)) return EXIT_COMPLETE;
    secret_keep(true);
    inspect(&a, o);
    /* What cannot be read has been explained; there is nothing to choose from. */
    bool on = a.code != EXIT_SOURCE;
    while (on && a.code != EXIT_INTERRUPTED) on = next_step(&a);
    secret_keep(false);
    return a.code;
}
