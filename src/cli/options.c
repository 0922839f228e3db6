#include "cli/options.h"
#include "base/ascii.h"
#include "base/platform.h"
#include "base/suggest.h"
#include "convert/convert.h"
#include "drawing/drawing.h"
#include "pack/pack.h"
#include "pack/passphrase.h"
#include "source/server_address.h"
#include <stdlib.h>

const command_text command_table[] = {
    {CMD_INSPECT, "inspect", "SOURCE...", "what is it, can it be read, what is in it",
     "Says within seconds what a file is: kind, SQL Server version, database, backup sets, size against the limit of "
     "the "
     "free Express edition, and each table with its rows and whether it can be read. Shows no values."},
    {CMD_ASK, "ask", "[SOURCE...]", "looks into a file, then asks what to do with it",
     "For people without a command line: inspects the file, then offers extract and convert and asks for what they "
     "need. "
     "On Windows a double-click on the program, or a file dropped on it, starts this."},
    {CMD_EXTRACT, "extract", "SOURCE... --out DIR", "take every table out, to CSV or XLSX",
     "Writes every user table, empty ones too, to a file of its own in DIR, and beside them _tables.csv (what was "
     "expected, written, unreadable, and why), _unreadable.csv (each cell that could not be read, by place), "
     "_findings.csv and _types.json. A row with a cell that cannot be read is not written but counted, unless "
     "--salvage "
     "is given. DIR appears only when everything is done and every count adds up."},
    {CMD_CONVERT, "convert", "SOURCE... --to ID --out DIR", "the whole way: an import bundle for a CRM",
     "Finds the profile of the practice system, reads its records, and writes an import bundle for each destination "
     "into a "
     "new folder in DIR, with report.html, manifest.json, audit.csv (what became of each record, without a value), the "
     "rows that were left out in rejects/ and the values that "
     "were "
     "held back in exceptions.csv. The folder appears only when everything is written and every count adds up. "
     "rejects/ and exceptions.csv hold patients' values: they stay in the practice."},
    {CMD_CHART, "chart", "SOURCE... --patient KEY --pdf FILE", "the periodontal chart as a picture",
     "Draws a patient's chart as PDF, to print on Letter or A4: the last exams side by side, then each on a page of "
     "its "
     "own, or the one that --exam names. As on paper: both arches, six sites a tooth, lines of the margin and of the "
     "pockets over the roots; what was not measured is blank. The exams are read as convert reads them."},
    {CMD_VERIFY, "verify", "DIR", "is a bundle still what convert wrote?",
     "Compares the folder of a run with its manifest: every file there and no other, sizes, SHA-256, rows, counts; and "
     "every row again: headings, required cells, lengths, digits, forms of dates, in CSV files and workbooks. Of "
     "audit.csv the chain of hashes is followed, and the line at which it breaks is named. Refuses a run that was not "
     "finished."},
    {CMD_LINK_FILES, "link-files", "RUN --keys FILE...", "files with the ids that a CRM gave",
     "Salesforce takes a file only with the id of the record it belongs to. From a finished run and the success files "
     "of its "
     "patients, or any export with Id and key, a new folder is made: the list of files, each with its record's id, and "
     "those "
     "without one in rejects/. The run itself is only read."},
    {CMD_RECONCILE, "reconcile", "RUN --results DIR", "after a load: what is in, what failed, what is unknown",
     "Holds what the import tools gave back (success and error files, skip files, results of the Bulk API, exports "
     "with "
     "the key) against the run, row by row. A new folder has a matrix that adds up, sums of money, a page to print, "
     "and "
     "for each file the failed rows with their reasons, ready to be corrected and loaded again. Exit code 0: "
     "everything "
     "is in; 3: something failed or is unknown."},
    {CMD_COMPARE, "compare", "RUN --export FILE...", "an export taken after the load, beside what was loaded",
     "Holds exports of the destination (CSV or XLSX, columns in any order, headed by names or labels) against the run, "
     "value by "
     "value by key: missing, extra, changed, truncated, rounded, empty, and what is the same in another form of dates, "
     "numbers, line ends and blanks. A new folder has a list of the differences, without values unless --show-values "
     "is "
     "given, counts of each field, and a page. Exit code 0: nothing differs."},
    {CMD_ROLLBACK, "rollback", "RUN [--keys FILE...] [--before FILE...]", "files and steps that take a load back",
     "What the load created is deleted, children before parents; what was there before gets back the old values of the "
     "columns "
     "that the load wrote. Success files say which is which and give the ids (--keys), exports taken before the load "
     "have "
     "the old values (--before). A new folder has the files and ROLLBACK-STEPS.html. With --dry-run it only counts."},
    {CMD_PACK, "pack", "BUNDLE --out DIR", "a bundle in parts that fit into mails, sealed with AES-256",
     "Makes ZIP files of at most --max-part bytes, each complete and sealed with AES-256: 7-Zip and WinZip open them, "
     "Windows Explorer does not. A file that is larger than a part comes in pieces, NAME.001 and so on, and the cover "
     "note has the line that joins them. Names of parts and of what is in them tell of no patient; files that are "
     "named "
     "by records lie in a ZIP of their own inside. A passphrase is made and shown once, and kept nowhere: send it by "
     "another way than the parts."},
    {CMD_UNPACK, "unpack", "PART... --out DIR", "the parts of a pack made a bundle again",
     "Takes the parts, or their folder. Says which part is missing, damaged, of another pack or there twice, before "
     "anything is written; then joins them and holds every file against the manifest, as verify does."},
    {CMD_FORGET, "forget", "BUNDLE", "delete a bundle and all of it that lies beside it, with a receipt",
     "Deletes the folder of a run with its state, and beside it the folders that link-files, reconcile, compare and "
     "rollback made from it and lists of tokens. Refuses a folder that is not chartferry's, holds files of others or "
     "links, or is being written. A receipt beside it says what was deleted and when, by name, count and hash, without "
     "a "
     "value of a patient."},
    {CMD_TEMPLATES, "templates", "list | check [ID] | show ID", "profiles and destinations: list, check, show",
     "list: what there is. check: every mistake in a template (without ID: in all of them), each with file, line and "
     "column. "
     "show: what a destination's fields are made of, or which tables a profile reads."},
    {CMD_SNAPSHOT, "snapshot", "SOURCE... --out FILE", "what a database is like, without any patient's value",
     "Writes a file that a practice can mail: tables, columns, types, keys, numbers of rows, and per column how many "
     "rows have a value, how many different ones, what they look like (99/99/9999), and lists of codes where nobody "
     "could be known by them. No name, number, date or text of a record stands in it. inspect, profile draft, profile "
     "check and profile map take it as SOURCE."},
    {CMD_PROFILE, "profile", "draft SOURCE | check PROFILE [SOURCE] | map PROFILE SOURCE",
     "from an unknown database to a profile",
     "draft: a first profile for a database that none fits, with --out in a folder: what each table and column may be, "
     "how "
     "sure that is, and what was left over. check: every mistake in a profile (its name, or a folder), with SOURCE "
     "also "
     "against a database or a snapshot: missing tables and columns, keys that are not unique, what nothing reads. map: "
     "a "
     "page to print and sign, which column of the source becomes which field."},
    {CMD_EXPORT_SCRIPT, "export-script", "PROFILE", "the lines by which a DBA exports what a profile reads",
     "Prints a script for bcp or sqlcmd that writes the tables of a profile to files which chartferry reads without "
     "loss, and "
     "says which files to send. It only reads, and uses the login of whoever runs it."},
    {CMD_BACKUP_SCRIPT, "backup-script", "[SOURCE]", "a script that makes the best backup",
     "Prints a script for SQL Server Management Studio or sqlcmd: a full backup apart from the practice's own "
     "(COPY_ONLY), "
     "checked (CHECKSUM), compressed where the edition can, in parts over several drives where folders are named, and "
     "verified. SOURCE is a running server or an older backup of the same database. Nothing is run."},
    {CMD_SQL, "sql", "SOURCE... \"SELECT ...\"", "ask the tables with SQL",
     "Runs statements of SQL (SQLite's, reading only) over the tables of a source, nothing being copied first. A table "
     "is "
     "orders where that name is unique, and \"sales.orders\" always; _page, _slot and _file say where a row came from. "
     "Types and comparisons mean what they mean in SQL Server. A cell that cannot be read ends a statement that uses "
     "it, "
     "with its place; with --salvage it is NULL. Several statements are separated by semicolons."},
    {CMD_EXPLAIN, "explain", "[CODE]", "the long text of a finding, or the list of all",
     "Prints what a code such as BAK-101 means and what to do about it. Without a code: all of them."},
    {CMD_HELP, "help", "", "everything that the program can do", "The same as --help."},
};
const size_t command_count = sizeof command_table / sizeof command_table[0];

const option_text option_table[OPTION_COUNT] = {
#define O(id, letter, name, argument, commands, brief, more) {letter, name, argument, commands, brief, more, NULL},
#define O_WITHOUT(id, letter, name, argument, without, commands, brief, more)                                          \
    {letter, name, "[" argument "]", commands, brief, more, without},
#include "cli/options.def"
#undef O
#undef O_WITHOUT
};

void options_free(options *o)
{
    free(o->operand);
    free(o->table);
    free(o->to);
    free(o->setting);
    free(o->folder);
    free(o->key);
    free(o->key_file);
    free(o->older);
    free(o->export);
    free(o->before);
    free(o->only);
    free(o->users);
    *o = (options){0};
}

/* ---- values of options ---- */

static int one_of(const char *text, const char *const *word, int n)
{
    for (int i = 0; text && i < n; i++)
        if (strcmp(text, word[i]) == 0) return i;
    return -1;
}

static bool number_of(const char *text, unsigned most, unsigned *out)
{
    unsigned x = 0;
    if (!*text) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || x > most / 10) return false;
        x = x * 10 + (unsigned)(*text - '0');
    }
    *out = x;
    return x >= 1 && x <= most;
}

static bool choice(option_id id, const char *text, int *out, buf *wrong)
{
    static const char *const whens[] = {"auto", "always", "never"}, *const formats[] = {"csv", "xlsx"},
                             *const sql_formats[] = {"table", "csv", "json"}, *const lobs[] = {"inline", "files"},
                             *const dialects[] = {"bcp", "sqlcmd"}, *const shells[] = {"bash", "zsh"},
                             *const encryptions[] = {"checked", "unchecked", "old", "none"};
    switch (id) {
    case OPT_FORMAT: *out = one_of(text, formats, 2); break;
    case OPT_SQL_FORMAT: *out = one_of(text, sql_formats, 3); break;
    case OPT_LOBS: *out = one_of(text, lobs, 2); break;
    case OPT_DIALECT: *out = one_of(text, dialects, 2); break;
    case OPT_SERVER_ENCRYPTION: *out = one_of(text, encryptions, 4); break;
    case OPT_COMPLETION: *out = one_of(text, shells, 2); break;
    default: *out = one_of(text, whens, 3); break;
    }
    if (*out >= 0) return true;
    const char *what = id == OPT_SERVER_ENCRYPTION ? "checked, unchecked, old or none" : option_table[id].argument;
    buf_printf(wrong, "--%s takes %s, not \"%s\".", option_table[id].name, what, text);
    return false;
}

static bool count(option_id id, const char *text, unsigned most, unsigned *out, buf *wrong)
{
    if (number_of(text, most, out)) return true;
    buf_printf(wrong, "--%s takes a number from 1 to %u, not \"%s\".", option_table[id].name, most, text);
    return false;
}

/* 15M, 900K, 2G, or bytes. */
static bool size_of(option_id id, const char *text, uint64_t least, uint64_t most, uint64_t *out, buf *wrong)
{
    uint64_t n = 0;
    const char *p = text;
    while (*p >= '0' && *p <= '9' && n <= most) n = n * 10 + (uint64_t)(*p++ - '0');
    unsigned shift = 0;
    if (p > text && *p && !p[1])
        shift = ascii_lower(*p) == 'k' ? 10 : ascii_lower(*p) == 'm' ? 20 : ascii_lower(*p) == 'g' ? 30 : 0;
    bool ok = p > text && (shift ? n <= most >> shift : !*p);
    *out = n << shift;
    if (ok && *out >= least && *out <= most) return true;
    buf_printf(wrong, "--%s takes a size from 1M to 4G, such as 15M, not \"%s\".", option_table[id].name, text);
    return false;
}

static bool delimiter_of(const char *text, char *out, buf *wrong)
{
    static const char *const words[] = {"comma", "semicolon", "tab", "pipe", "\\t"};
    int i = one_of(text, words, 5);
    *out = i >= 0 ? ",;\t|\t"[i] : text ? text[0] : '\0';
    bool ascii = (unsigned char)*out < 128 && *out != '"' && *out != '\n' && *out != '\r' && *out != '\0';
    if (i >= 0 || (ascii && text[1] == '\0')) return true;
    buf_printf(wrong, "--delimiter takes one character or comma, semicolon, tab, pipe, not \"%s\".", text);
    return false;
}

static bool apply(options *o, option_id id, const char *text, bool short_form, buf *wrong)
{
    int x = 0;
    switch (id) {
    case OPT_OUT:
    case OPT_OUT_PATH:
    case OPT_PDF:
    case OPT_OUT_PACK:
    case OPT_OUT_STAGE: o->out = text; break;
    case OPT_PATIENT: o->patient = text; break;
    case OPT_EXAM: o->exam = text; break;
    case OPT_SHOW_NAME: o->show_name = true; break;
    case OPT_TABLE: o->table[o->tables++] = text; break;
    case OPT_TO: o->to[o->destinations++] = text; break;
    case OPT_PROFILE: o->profile = text; break;
    case OPT_ENCODING: o->encoding = text; break;
    case OPT_DELIMITER: return delimiter_of(text, &o->delimiter, wrong);
    case OPT_KEYS:
        o->key[o->keys++] = text;
        o->last_list = LIST_KEYS;
        break;
    case OPT_EXPORT:
        o->export[o->exports++] = text;
        o->last_list = LIST_EXPORT;
        break;
    case OPT_BEFORE:
        o->before[o->befores++] = text;
        o->last_list = LIST_BEFORE;
        break;
    case OPT_SHOW_VALUES:
    case OPT_SHOW_VALUES_REPORT: o->show_values = true; break;
    case OPT_PDF_REPORT: o->pdf = true; break;
    case OPT_BASE: o->base = text; break;
    case OPT_DEIDENTIFY: o->deidentify = true; break;
    case OPT_TEST_DATA: o->test_data = true; break;
    case OPT_MAX_PART: return size_of(id, text, PACK_PART_BYTES_MIN, PACK_PART_BYTES_MAX, &o->max_part, wrong);
    case OPT_PASSPHRASE_FROM:
        o->passphrase_from = text;
        if (passphrase_source_known(text)) break;
        /* What was typed is not repeated: it may be the passphrase. */
        buf_str(wrong, "--passphrase-from takes " PASSPHRASE_SOURCES ", never the passphrase itself.");
        return false;
    case OPT_RESULTS: o->results = text; break;
    case OPT_OPTION: o->setting[o->settings++] = text; break;
    case OPT_TEMPLATES: o->templates = text; break;
    case OPT_XLSX: o->xlsx = text; break;
    case OPT_ONLY: o->only[o->onlys++] = text; break;
    case OPT_USERS: o->users[o->users_n++] = text; break;
    case OPT_OWNERS: o->owners = text; break;
    case OPT_FALLBACK_OWNER: o->fallback_owner = text; break;
    case OPT_SINCE: o->since = text; break;
    case OPT_WITHOUT: o->without = text; break;
    case OPT_DECISIONS: o->decisions = text; break;
    case OPT_EDITION: o->edition = text; break;
    case OPT_LAYOUT: o->layout = text; break;
    case OPT_TEETH: o->teeth = text; break;
    case OPT_CHARTS: o->charts = text; break;
    case OPT_TOOTH_LABEL: o->tooth_label = text; break;
    case OPT_PREFIX: o->prefix = text; break;
    case OPT_DESTINATION_FORMAT: o->bundle_format = text; break;
    case OPT_DOCUMENTS_OUT:
    case OPT_DOCUMENTS: o->documents = text; break;
    case OPT_DRY_RUN: o->dry = true; break;
    case OPT_SERVER_FACTS: o->server_facts = text; break;
    case OPT_FOLDER: o->folder[o->folders++] = text; break;
    case OPT_REPAIR_FROM: o->older[o->olders++] = text; break;
    case OPT_CERT:
    case OPT_KEY: o->key_file[o->key_files++] = text; break;
    case OPT_KEY_PASSWORD_FILE: o->key_password_file = text; break;
    case OPT_PASSWORD_FILE: o->password_file = text; break;
    case OPT_SERVER_CERTIFICATE: o->server_certificate = text; break;
    case OPT_SERVER_TIMEOUT: return count(id, text, 86400, &o->server_timeout, wrong);
    case OPT_SERVER_ENCRYPTION:
        if (!choice(id, text, &x, wrong)) return false;
        o->server_encryption = (server_encryption)x;
        break;
    case OPT_SALVAGE: o->salvage = true; break;
    case OPT_FULL: o->full = true; break;
    case OPT_JSON: o->json = true; break;
    case OPT_VERBOSE: o->verbose = true; break;
    case OPT_QUIET: o->quiet = true; break;
    case OPT_VERSION: o->version = true; break;
    case OPT_MAN: o->man = true; break;
    case OPT_HELP:
        o->help = true;
        o->help_short = short_form;
        break;
    case OPT_LAST: return count(id, text, DRAWING_EXAMS_MAX, &o->last, wrong);
    case OPT_SAMPLE: return count(id, text, CONVERT_SAMPLE_MAX, &o->sample, wrong);
    case OPT_SET: return count(id, text, 65535, &o->set, wrong);
    case OPT_THREADS: return count(id, text, 1024, &o->threads, wrong);
    case OPT_SQL_FILE: o->sql_file = text; break;
    case OPT_FORMAT:
    case OPT_SQL_FORMAT:
    case OPT_LOBS:
    case OPT_DIALECT:
    case OPT_COMPLETION:
    case OPT_PROGRESS:
    case OPT_COLOR:
        if (!choice(id, text, &x, wrong)) return false;
        if (id == OPT_FORMAT) o->format = (extract_format)x;
        if (id == OPT_SQL_FORMAT) o->sql_format = (sql_format)(x + SQL_FORMAT_TABLE);
        if (id == OPT_DIALECT) o->sqlcmd = x == 1;
        if (id == OPT_COMPLETION) o->completion = x == 1 ? SHELL_ZSH : SHELL_BASH;
        if (id == OPT_LOBS) o->lobs_as_files = x == 1;
        if (id == OPT_PROGRESS) o->progress = (when)x;
        if (id == OPT_COLOR) o->color = (when)x;
        break;
    case OPTION_COUNT: break;
    }
    return true;
}

/* ---- names ---- */

/* A name or letter may mean one option to one command and another to another: the command's own goes first. */
static bool goes_first(int i, option_id found, command_id command)
{
    return found == OPTION_COUNT ||
           (!(option_table[found].commands & (unsigned)command) && (option_table[i].commands & (unsigned)command));
}

static option_id option_named(sv name, command_id command)
{
    option_id found = OPTION_COUNT;
    for (int i = 0; i < (int)OPTION_COUNT; i++)
        if (sv_eq(sv_from(option_table[i].name), name) && goes_first(i, found, command)) found = (option_id)i;
    return found;
}

static option_id option_lettered(char letter, command_id command)
{
    option_id found = OPTION_COUNT;
    for (int i = 0; i < (int)OPTION_COUNT; i++)
        if (option_table[i].letter == letter && goes_first(i, found, command)) found = (option_id)i;
    return found;
}

/* Adds ' Did you mean "x"?' for the nearest name, when one is near. */
static void suggest(buf *out, sv typed, const char *(*name)(size_t i), size_t n, const char *prefix)
{
    size_t best = SIZE_MAX;
    const char *nearest = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t d = edit_distance(typed, sv_from(name(i)));
        if (d >= best || !suggest_plausible(typed, sv_from(name(i)), d)) continue;
        best = d;
        nearest = name(i);
    }
    if (nearest) buf_printf(out, " Did you mean %s%s?", prefix, nearest);
}

static const char *option_name(size_t i) { return option_table[i].name; }
static const char *command_name(size_t i) { return command_table[i].name; }

static command_id command_named(const char *name, buf *wrong)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(command_table[i].name, name) == 0) return command_table[i].id;
    buf_printf(wrong, "There is no command \"%s\".", name);
    suggest(wrong, sv_from(name), command_name, command_count, "");
    return CMD_NONE;
}

/* ---- the line ---- */

typedef struct line {
    int argc, at;
    const char *const *argv;
    bool only_operands; /* behind "--" */
    unsigned used[OPTION_COUNT];
} line;

/* Whether a word is the name of an option, and so no value of the one before it; "--out=--json" says that it is one. */
static bool is_option(const char *word, command_id command)
{
    if (word[0] != '-' || word[1] != '-') return false;
    sv name = sv_from(word + 2);
    const char *equals = sv_find(name, '=');
    if (equals) name.n = (size_t)(equals - name.p);
    return option_named(name, command) != OPTION_COUNT;
}

/* --base goes into files as it is written; a profile may be named by its folder. */
static bool is_path(option_id id)
{
    static const char *const kind[] = {"DIR", "FILE", "PATH", "RUN", "[ID=]FILE"};
    const char *argument = option_table[id].argument;
    for (size_t i = 0; argument && id != OPT_BASE && i < sizeof kind / sizeof kind[0]; i++)
        if (strcmp(argument, kind[i]) == 0) return true;
    return id == OPT_PROFILE;
}

static const char *path_of(const char *text, buf *wrong)
{
    const char *own = os_own_path(text);
    if (!own) buf_str(wrong, "Out of memory.");
    return own;
}

static bool take_option(options *o, line *l, option_id id, const char *text, bool short_form, buf *wrong)
{
    const option_text *t = &option_table[id];
    if (!t->argument && text) {
        buf_printf(wrong, "--%s takes no value.", t->name);
        return false;
    }
    if (t->argument && !text) {
        bool there = l->at < l->argc && !is_option(l->argv[l->at], o->command);
        if (!there && !t->without) {
            buf_printf(wrong, "--%s needs a value: --%s %s.", t->name, t->name, t->argument);
            if (l->at < l->argc) buf_printf(wrong, " %s is an option itself.", l->argv[l->at]);
            return false;
        }
        text = there ? l->argv[l->at++] : t->without;
    }
    l->used[id]++;
    if (is_path(id) && !(text = path_of(text, wrong))) return false;
    return apply(o, id, text, short_form, wrong);
}

static bool take_long(options *o, line *l, const char *arg, buf *wrong)
{
    const char *equals = strchr(arg, '=');
    sv name = {arg, equals ? (size_t)(equals - arg) : strlen(arg)};
    option_id id = option_named(name, o->command);
    if (id != OPTION_COUNT) return take_option(o, l, id, equals ? equals + 1 : NULL, false, wrong);
    buf_printf(wrong, "There is no option --%.*s.", (int)name.n, name.p);
    suggest(wrong, name, option_name, OPTION_COUNT, "--");
    return false;
}

static bool take_letters(options *o, line *l, const char *arg, buf *wrong)
{
    for (; *arg; arg++) {
        option_id id = option_lettered(*arg, o->command);
        if (id == OPTION_COUNT) {
            buf_printf(wrong, "There is no option -%c.", *arg);
            return false;
        }
        const char *rest = option_table[id].argument && arg[1] ? arg + 1 : NULL;
        if (!take_option(o, l, id, rest, true, wrong)) return false;
        if (rest) break;
    }
    return true;
}

static bool take_operand(options *o, const char *arg, buf *wrong)
{
    if (server_address_has_password(sv_from(arg))) {
        buf_str(
            wrong,
            "A password has no place in the address of a server: whoever lists the programs of this computer has seen "
            "it, so change it. It is asked for on the terminal, or taken from CHARTFERRY_PASSWORD in the "
            "environment or --password-file FILE.");
        return false;
    }
    if (o->command == CMD_NONE) {
        o->command = command_named(arg, wrong);
        return o->command != CMD_NONE;
    }
    bool lists =
        o->operands > 0 && (o->command == CMD_COMPARE || o->command == CMD_ROLLBACK || o->command == CMD_LINK_FILES);
    if (lists && o->last_list != LIST_NONE && !(arg = path_of(arg, wrong))) return false;
    if (lists && o->last_list == LIST_KEYS)
        o->key[o->keys++] = arg;
    else if (lists && o->last_list == LIST_EXPORT)
        o->export[o->exports++] = arg;
    else if (lists && o->last_list == LIST_BEFORE)
        o->before[o->befores++] = arg;
    else
        o->operand[o->operands++] = arg;
    return true;
}

/* Operands are paths, but for the statement of sql. */
static bool own_operands(options *o, buf *wrong)
{
    size_t paths = o->command == CMD_SQL && !o->sql_file && o->operands ? o->operands - 1 : o->operands;
    for (size_t i = 0; i < paths; i++)
        if (!(o->operand[i] = path_of(o->operand[i], wrong))) return false;
    return true;
}

static bool options_fit_command(const options *o, const line *l, buf *wrong)
{
    for (int i = 0; i < (int)OPTION_COUNT; i++) {
        const option_text *t = &option_table[i];
        if (!l->used[i] || (t->commands & (unsigned)o->command)) continue;
        buf_printf(wrong, "--%s does not go with this command.", t->name);
        return false;
    }
    for (int i = 0; i < (int)OPTION_COUNT; i++) {
        if (l->used[i] < 2 || i == OPT_TABLE || i == OPT_TO || i == OPT_OPTION || i == OPT_KEYS || i == OPT_EXPORT ||
            i == OPT_BEFORE || i == OPT_CERT || i == OPT_KEY || i == OPT_REPAIR_FROM || i == OPT_FOLDER ||
            i == OPT_ONLY || i == OPT_USERS || !option_table[i].argument)
            continue;
        buf_printf(wrong, "--%s was given more than once.", option_table[i].name);
        return false;
    }
    return true;
}

static void complete_templates(const options *o, buf *wrong)
{
    static const char *const actions[] = {"list", "check", "show"};
    static const size_t least[] = {1, 1, 2}, most[] = {1, 2, 2};
    int i = o->operands ? one_of(o->operand[0], actions, 3) : -1;
    if (i < 0 || o->operands < least[i] || o->operands > most[i])
        buf_str(wrong, "templates takes list, check, check ID or show ID.");
}

static void complete_profile(const options *o, buf *wrong)
{
    static const char *const actions[] = {"draft", "check", "map"};
    static const size_t least[] = {2, 2, 3};
    int i = o->operands ? one_of(o->operand[0], actions, 3) : -1;
    if (i < 0 || o->operands < least[i])
        buf_str(wrong, "profile takes draft SOURCE, check PROFILE, check PROFILE SOURCE or map PROFILE SOURCE.");
    else if (i == 2 && !o->out)
        buf_str(wrong, "Where to? Name a new file with --out FILE.html.");
}

static void complete_convert(const options *o, buf *wrong)
{
    if (!o->destinations)
        buf_str(wrong, "For which CRM? Name a destination with --to ID; \"chartferry templates list\" lists them.");
    else if (!o->out && !o->dry)
        buf_str(wrong, "Where to? Name a folder with --out DIR.");
}

static void complete_pack(const options *o, buf *wrong)
{
    if (o->command == CMD_PACK && o->operands != 1)
        buf_str(wrong, "Which bundle? pack takes one folder that convert wrote.");
    else if (o->operands == 0)
        buf_str(wrong, "Which parts? Name the ZIP files of a pack, or the folder that they lie in.");
    else if (!o->out)
        buf_str(wrong, "Where to? Name a new folder with --out DIR.");
    else if (o->deidentify && o->test_data)
        buf_str(wrong, "--deidentify and --test-data are two different copies: one of them.");
}

static void complete_after(const options *o, buf *wrong)
{
    bool compare = o->command == CMD_COMPARE;
    if (o->operands != 1)
        buf_printf(wrong, "Which run? %s takes one folder that convert wrote.", compare ? "compare" : "rollback");
    else if (compare && !o->exports)
        buf_str(wrong, "With what? Name exports that were taken after the load with --export FILE.");
    else if (o->destinations > 1)
        buf_printf(wrong, "%s is about one destination.", compare ? "compare" : "rollback");
}

static void complete_chart(const options *o, buf *wrong)
{
    if (!o->patient)
        buf_str(wrong, "Whose chart? Name the patient's key with --patient KEY.");
    else if (!o->out)
        buf_str(wrong, "Where to? Name a new file with --pdf FILE.");
    else if (o->exam && o->last)
        buf_str(wrong, "--exam draws one exam, --last the latest ones: one of them.");
}

static bool complete(const options *o, buf *wrong)
{
    if (o->help || o->version || o->man || o->completion || o->command == CMD_HELP || o->command == CMD_NONE)
        return true;
    if (o->command == CMD_EXPLAIN) {
        if (o->operands > 1) buf_str(wrong, "explain takes one code.");
    } else if (o->command == CMD_TEMPLATES) {
        complete_templates(o, wrong);
    } else if (o->command == CMD_PROFILE) {
        complete_profile(o, wrong);
    } else if (o->command == CMD_EXPORT_SCRIPT) {
        if (o->operands != 1) buf_str(wrong, "Which profile? export-script takes its name, or its folder.");
    } else if (o->command == CMD_BACKUP_SCRIPT) {
        if (!o->operands == !o->server_facts)
            buf_str(wrong, "Which database? backup-script takes a running server or an older backup, or --server-facts "
                           "database=NAME,version=2014,edition=Standard.");
    } else if (o->command == CMD_LINK_FILES) {
        if (o->operands == 0)
            buf_str(wrong, "Which run? link-files takes the folder that convert wrote.");
        else if (o->operands > 1)
            buf_str(wrong, "Which run? link-files takes one; files with ids stand behind --keys.");
        else if (o->keys == 0)
            buf_str(wrong,
                    "Which ids? Name the success files of the load, or an export with Id and key, with --keys FILE.");
    } else if (o->command == CMD_FORGET) {
        if (o->operands != 1) buf_str(wrong, "Which bundle? forget takes one folder that convert wrote.");
    } else if (o->command == CMD_PACK || o->command == CMD_UNPACK) {
        complete_pack(o, wrong);
    } else if (o->command == CMD_COMPARE || o->command == CMD_ROLLBACK) {
        complete_after(o, wrong);
    } else if (o->command == CMD_RECONCILE) {
        if (o->operands != 1)
            buf_str(wrong, "Which run? reconcile takes one folder that convert wrote.");
        else if (!o->results)
            buf_str(wrong, "What came back? Name the folder of result files and exports with --results DIR.");
        else if (o->destinations > 1)
            buf_str(wrong, "reconcile is about one destination.");
    } else if (o->command == CMD_VERIFY) {
        if (o->operands != 1) buf_str(wrong, "Which folder? verify takes one: a run that convert wrote.");
    } else if (o->command == CMD_ASK) {
        return true; /* asks for the file as well */
    } else if (o->operands == 0) {
        buf_str(wrong, "Which file? Name a backup (.bak) or a data file (.mdf).");
    } else if (o->command == CMD_EXTRACT && !o->out && !o->documents) {
        buf_str(wrong,
                "Where to? Name a new folder with --out DIR, or one for X-rays and letters with --documents DIR.");
    } else if (o->command == CMD_EXTRACT && ((o->out && o->documents) || (o->patient && !o->documents))) {
        buf_str(wrong, "--out writes tables, --documents the files of all patients or, with --patient, of one.");
    } else if (o->command == CMD_SNAPSHOT && !o->out) {
        buf_str(wrong, "Where to? Name a new file with --out FILE.");
    } else if (o->command == CMD_SQL && !o->sql_file && o->operands < 2) {
        buf_str(wrong,
                "Which statement? Put it behind the file, in quotes, or name a file of statements with -f FILE.");
    }
    if (o->command == CMD_CONVERT && !wrong->n) complete_convert(o, wrong);
    if (o->command == CMD_CHART && !wrong->n) complete_chart(o, wrong);
    return wrong->n == 0;
}

bool options_parse(options *o, int argc, const char *const *argv, buf *wrong)
{
    *o = (options){0};
    size_t room = argc > 0 ? (size_t)argc : 1;
    o->operand = calloc(room, sizeof *o->operand);
    o->table = calloc(room, sizeof *o->table);
    o->to = calloc(room, sizeof *o->to);
    o->setting = calloc(room, sizeof *o->setting);
    o->folder = calloc(room, sizeof *o->folder);
    o->key = calloc(room, sizeof *o->key);
    o->key_file = calloc(room, sizeof *o->key_file);
    o->older = calloc(room, sizeof *o->older);
    o->export = calloc(room, sizeof *o->export);
    o->before = calloc(room, sizeof *o->before);
    o->only = calloc(room, sizeof *o->only);
    o->users = calloc(room, sizeof *o->users);
    if (!o->operand || !o->table || !o->to || !o->setting || !o->folder || !o->key || !o->export || !o->before ||
        !o->only || !o->users || !o->key_file || !o->older) {
        buf_str(wrong, "Out of memory.");
        return false;
    }
    line l = {.argc = argc, .argv = argv};
    while (l.at < l.argc) {
        const char *arg = l.argv[l.at++];
        bool ok;
        if (l.only_operands || arg[0] != '-' || !arg[1])
            ok = take_operand(o, arg, wrong);
        else if (strcmp(arg, "--") == 0)
            ok = l.only_operands = true;
        else if (arg[1] == '-')
            ok = take_long(o, &l, arg + 2, wrong);
        else
            ok = take_letters(o, &l, arg + 1, wrong);
        if (!ok) return false;
    }
    bool any = o->command != CMD_NONE && !o->help;
    return own_operands(o, wrong) && (!any || options_fit_command(o, &l, wrong)) && complete(o, wrong);
}
