#include "cli/help.h"
#include "cli/exit_code.h"
#include <jansson.h>
#include <stdio.h>

const exit_text exit_table[] = {
    {EXIT_COMPLETE, "everything was read and written"},
    {EXIT_UNEXPECTED, "unexpected failure"},
    {EXIT_USAGE, "the command line, a profile or a template is wrong; nothing was done"},
    {EXIT_INCOMPLETE, "done, but something is unreadable, unsupported, rejected or held back; it is listed"},
    {EXIT_SOURCE, "the source cannot be read, no profile fits it, or verify refuses the folder"},
    {EXIT_OUTPUT, "the output cannot be written"},
    {EXIT_BALANCE, "the counts do not add up: a defect of the program; nothing was kept"},
    {EXIT_INTERRUPTED, "interrupted; nothing was kept"},
};
const size_t exit_count = sizeof exit_table / sizeof exit_table[0];

static const char *const examples[][2] = {
    {"chartferry inspect practice.bak", "what is it, what is in it?"},
    {"chartferry extract practice.bak --out practice", "every table to practice/*.csv"},
    {"chartferry extract stripe1.bak stripe2.bak --out all", "the parts of a striped backup together"},
    {"chartferry extract full.bak diff.bak --out all", "a differential backup on its full one"},
    {"chartferry extract practice.mdf -t dbo.patient -o one", "one table of a data file"},
    {"chartferry convert practice.bak --to salesforce --out runs", "an import bundle"},
    {"chartferry chart practice.bak --patient 1042 --pdf chart.pdf", "a patient's charts as PDF"},
    {"chartferry link-files runs/Practice --keys ids.csv", "files with Salesforce's ids"},
    {"chartferry reconcile runs/Practice --results results", "is everything in?"},
    {"chartferry rollback runs/Practice --keys success.csv", "the way back"},
    {"chartferry verify runs/Practice_2024-05-31_201500", "is it still what was written?"},
};
enum { EXAMPLES = sizeof examples / sizeof examples[0] };

void help_ten_lines(buf *out)
{
    buf_str(out, "chartferry reads SQL Server backups (.bak) and data files (.mdf, .ndf) without a SQL Server.\n\n");
    for (size_t i = 0; i < command_count; i++)
        buf_printf(out, "  %-10s %s\n", command_table[i].name, command_table[i].brief);
    buf_str(out, "\nExamples:\n");
    for (size_t i = 0; i < 2; i++) buf_printf(out, "  %s\n", examples[i][0]);
    buf_str(out, "\n\"chartferry COMMAND -h\" lists its options, \"chartferry --help\" explains everything.\n");
}

static void signature(buf *out, const option_text *o)
{
    if (o->letter)
        buf_printf(out, "-%c, ", o->letter);
    else
        buf_str(out, "    ");
    buf_printf(out, "--%s", o->name);
    if (o->argument) buf_printf(out, " %s", o->argument);
}

/* Brief and more as sentences. */
static void option_help(buf *out, const option_text *o)
{
    char first = o->brief[0];
    buf_char(out, first >= 'a' && first <= 'z' ? (char)(first - 32) : first);
    buf_printf(out, "%s.%s%s", o->brief + 1, *o->more ? " " : "", o->more);
}

static bool belongs(const option_text *o, command_id command)
{
    return command == CMD_NONE || (o->commands & (unsigned)command);
}

static void usage(buf *out, command_id command)
{
    const char *lead = "usage: ";
    for (size_t i = 0; i < command_count; i++) {
        const command_text *c = &command_table[i];
        if (command != CMD_NONE && c->id != command) continue;
        buf_printf(out, "%schartferry %s%s%s [OPTION...]\n", lead, c->name, *c->operands ? " " : "", c->operands);
        lead = "       ";
    }
}

/* Options of one kind of source: a page of a command that reads sources has one line of each kind, inspect's has them all. */
typedef enum source_kind { ANY_SOURCE, OF_FEW_SOURCES, OF_TEXT_FILES, SOURCE_KINDS } source_kind;

static source_kind kind_of(option_id id)
{
    switch (id) {
    case OPT_REPAIR_FROM:
    case OPT_CERT:
    case OPT_KEY:
    case OPT_KEY_PASSWORD_FILE:
    case OPT_PASSWORD_FILE:
    case OPT_SERVER_CERTIFICATE:
    case OPT_SERVER_ENCRYPTION:
    case OPT_SERVER_TIMEOUT: return OF_FEW_SOURCES;
    case OPT_ENCODING:
    case OPT_DELIMITER: return OF_TEXT_FILES;
    default: return ANY_SOURCE;
    }
}

static void line(buf *out, const char *text, const char *brief)
{
    buf_printf(out, "  %s", text);
    pad(out, strlen(text) + 2, 36);
    buf_printf(out, "%s\n", brief);
}

void help_short(buf *out, command_id command)
{
    static const char *const names[] = {"", "--key, --repair-..., --server-...", "--encoding, --delimiter"},
                             *const briefs[] = {"", "of encrypted, damaged, running sources: \"chartferry inspect -h\"",
                                                "of text files: \"chartferry inspect -h\""};
    bool said[SOURCE_KINDS] = {false};
    usage(out, command);
    buf_char(out, '\n');
    for (int i = 0; i < (int)OPTION_COUNT; i++) {
        const option_text *o = &option_table[i];
        /* Of all commands together only what goes with each of them: the others have a page of their own. */
        if (command == CMD_NONE ? o->commands != CMD_ANY : !belongs(o, command)) continue;
        const source_kind kind = kind_of((option_id)i);
        if (kind != ANY_SOURCE && command != CMD_INSPECT) {
            if (!said[kind]) line(out, names[kind], briefs[kind]);
            said[kind] = true;
            continue;
        }
        size_t start = out->n;
        buf_str(out, "  ");
        signature(out, o);
        pad(out, out->n - start, 36);
        buf_printf(out, "%s\n", o->brief);
    }
    buf_str(out, command == CMD_NONE
                     ? "\n\"chartferry COMMAND -h\" has a command's options, \"chartferry --help\" explains "
                       "everything.\n"
                     : "\n\"chartferry --help\" explains everything.\n");
}

/* Help is wrapped also where nobody says how wide the lines may be. */
static term wrapped(const term *t)
{
    term w = *t;
    if (w.width == 0) w.width = 80;
    return w;
}

static void heading(buf *out, const term *t, const char *text)
{
    buf_char(out, '\n');
    styled(out, t, BOLD, "%s", text);
    buf_char(out, '\n');
}

static const char *const files_help =
    "SOURCE is a backup (.bak), a data file (.mdf with its .ndf files), all parts of a striped backup together, or a "
    "full "
    "backup followed by a differential one; or the address of a database on a running server, "
    "mssql://user@server\\instance/database. Sources are opened for reading only and never changed.";
static const char *const lost_help =
    "A row is in the output or it is counted. Rows on damaged pages and rows with a cell that cannot be read are not "
    "written; _tables.csv says how many per table, _unreadable.csv lists the cells by page and slot (or line) and "
    "column, "
    "_findings.csv says why. With --salvage, rows with unreadable cells are written with those cells empty. Exit code "
    "3 "
    "says that something is missing.";
static const char *const names_help =
    "Output files are named schema.table.csv. Characters that a file system does not allow are written as %XX, so are "
    "reserved names; a name that another table already has, letter case aside, gets ~2. With --lobs files, and for "
    "values "
    "that a spreadsheet cell cannot hold, values go to schema.table.lobs/PART-ROW_COLUMN with the ending bin, txt or "
    "xml: "
    "PART is the stretch of the table, 1 in all but large ones, ROW the row in it.";
static const char *const xlsx_help =
    "Workbooks: text is text, leading zeros stay. Numbers of up to 15 digits are numbers, longer ones text. Dates from "
    "1900-03-01 are dates, earlier ones and times finer than a millisecond text. A sheet cannot tell NULL from an "
    "empty "
    "text. A table of more than 1,048,575 rows continues on further sheets.";
static const char *const environment_help = "NO_COLOR (any value) and TERM=dumb turn colours off. CHARTFERRY_TEMPLATES "
                                            "names the folder of profiles and destinations, CHARTFERRY_PASSWORD is a "
                                            "server's password, CHARTFERRY_KEY_PASSWORD that of a private key, "
                                            "CHARTFERRY_PASSPHRASE what unpack opens parts with.";

void help_full(buf *out, const term *t, command_id command)
{
    term w = wrapped(t);
    usage(out, command);
    for (size_t i = 0; i < command_count; i++) {
        const command_text *c = &command_table[i];
        if (command != CMD_NONE && c->id != command) continue;
        heading(out, &w, c->name);
        paragraph(out, &w, 2, sv_from(c->help));
    }
    heading(out, &w, "Sources");
    paragraph(out, &w, 2, sv_from(files_help));
    heading(out, &w, "Options");
    buf text = buf_new(4096);
    for (int i = 0; i < (int)OPTION_COUNT; i++) {
        const option_text *o = &option_table[i];
        if (!belongs(o, command)) continue;
        buf_str(out, "  ");
        signature(out, o);
        buf_char(out, '\n');
        buf_clear(&text);
        option_help(&text, o);
        paragraph(out, &w, 10, buf_view(&text));
    }
    buf_free(&text);
    heading(out, &w, "What is missing is said");
    paragraph(out, &w, 2, sv_from(lost_help));
    heading(out, &w, "Files written");
    paragraph(out, &w, 2, sv_from(names_help));
    paragraph(out, &w, 2, sv_from(xlsx_help));
    heading(out, &w, "Exit codes");
    for (size_t i = 0; i < exit_count; i++) buf_printf(out, "  %3d  %s\n", exit_table[i].code, exit_table[i].meaning);
    paragraph(out, &w, 2, SV_LIT("Treat a code that is not listed as a failure."));
    heading(out, &w, "Environment");
    paragraph(out, &w, 2, sv_from(environment_help));
    heading(out, &w, "Examples");
    for (size_t i = 0; i < EXAMPLES; i++) buf_printf(out, "  %-56s %s\n", examples[i][0], examples[i][1]);
}

/* ---- manual page ---- */

/* Text for troff: backslashes and hyphens escaped, no line begins with a control character. */
static void troff(buf *out, const char *text)
{
    if (*text == '.' || *text == '\'') buf_str(out, "\\&");
    for (; *text; text++) {
        if (*text == '\\')
            buf_str(out, "\\e");
        else if (*text == '-')
            buf_str(out, "\\-");
        else
            buf_char(out, *text);
    }
}

static void man_section(buf *out, const char *title, const char *text)
{
    buf_printf(out, ".SH %s\n", title);
    if (!text) return;
    troff(out, text);
    buf_char(out, '\n');
}

static void man_option(buf *out, const option_text *o)
{
    buf_str(out, ".TP\n");
    if (o->letter) buf_printf(out, "\\fB\\-%c\\fR, ", o->letter);
    buf_str(out, "\\fB\\-\\-");
    troff(out, o->name);
    buf_str(out, "\\fR");
    if (o->argument) {
        buf_str(out, " \\fI");
        troff(out, o->argument);
        buf_str(out, "\\fR");
    }
    buf_char(out, '\n');
    buf text = buf_new(4096);
    option_help(&text, o);
    buf_char(&text, '\0');
    troff(out, text.p ? text.p : "");
    buf_char(out, '\n');
    buf_free(&text);
}

void help_man(buf *out)
{
    buf_printf(out, ".TH CHARTFERRY 1 \"\" \"chartferry %s\" \"User Commands\"\n", CHARTFERRY_VERSION);
    man_section(out, "NAME", "chartferry - read SQL Server backups and data files without a SQL Server");
    man_section(out, "SYNOPSIS", NULL);
    for (size_t i = 0; i < command_count; i++) {
        buf_printf(out, "%s.B chartferry %s\n", i ? ".br\n" : "", command_table[i].name);
        troff(out, command_table[i].operands);
        buf_printf(out, "%s[OPTION...]\n", *command_table[i].operands ? " " : "");
    }
    man_section(out, "DESCRIPTION", files_help);
    man_section(out, "COMMANDS", NULL);
    for (size_t i = 0; i < command_count; i++) {
        buf_printf(out, ".TP\n.B %s\n", command_table[i].name);
        troff(out, command_table[i].help);
        buf_char(out, '\n');
    }
    man_section(out, "OPTIONS", NULL);
    for (int i = 0; i < (int)OPTION_COUNT; i++) man_option(out, &option_table[i]);
    man_section(out, "WHAT IS MISSING IS SAID", lost_help);
    man_section(out, "FILES WRITTEN", names_help);
    buf_str(out, ".PP\n");
    troff(out, xlsx_help);
    buf_char(out, '\n');
    man_section(out, "EXIT STATUS", NULL);
    for (size_t i = 0; i < exit_count; i++) {
        buf_printf(out, ".TP\n.B %d\n", exit_table[i].code);
        troff(out, exit_table[i].meaning);
        buf_char(out, '\n');
    }
    man_section(out, "ENVIRONMENT", environment_help);
    man_section(out, "EXAMPLES", NULL);
    for (size_t i = 0; i < EXAMPLES; i++) {
        buf_str(out, ".TP\n.B ");
        troff(out, examples[i][0]);
        buf_char(out, '\n');
        troff(out, examples[i][1]);
        buf_char(out, '\n');
    }
}

/* ---- version ---- */

#if defined(__SANITIZE_ADDRESS__)
#define BUILD_CHECKS ", address and undefined-behaviour sanitizers"
#else
#define BUILD_CHECKS ""
#endif
#ifdef __OPTIMIZE__
#define BUILD_KIND "optimized"
#else
#define BUILD_KIND "not optimized"
#endif
#if defined(__clang__)
#define BUILD_COMPILER __VERSION__
#else
#define BUILD_COMPILER "gcc " __VERSION__
#endif

void help_version(buf *out)
{
    buf_printf(out, "chartferry %s\n", CHARTFERRY_VERSION);
    buf_printf(out, "libraries: jansson %s\n", JANSSON_VERSION);
    buf_printf(out, "build: %s, %s%s\n", BUILD_COMPILER, BUILD_KIND, BUILD_CHECKS);
}
