/* How a command ends: what was found, and one summary, each for people or, with --json, as a line of JSON. */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include "cli/commands.h"
#include "cli/say.h"
#include "loaded/after_load_end.h"

/* Each kind of finding as a JSON line; or, for people on stderr, those that are at least as severe as `least` (with --quiet
 * the fatal ones alone, with --verbose all). */
void say_found(const options *o, const console *c, const findings *f, severity least);

/* {"type": "summary", "exit": code}, for what a command adds; json_print prints and frees it. */
json_t *summary_json(int code);

/* A number and the words behind it, for people; and one by its name, for machines. Lists of them end with an entry that is all
 * zeroes. */
typedef struct count_said {
    uint64_t n;
    const char *words;
} count_said;
typedef struct count_named {
    const char *name;
    uint64_t n;
} count_named;

/* How a command ends whose summary is numbers and the folder that it made. */
typedef struct ending {
    int code;
    bool done; /* else people get no summary: the findings say why */
    const count_said *said;
    const count_named *named;
    const char *folder; /* zero-terminated; NULL: none was made */
} ending;
/* The findings of at least this severity, then the summary: the line "12,408 values of 310 rows compared · FOLDER" on
 * stdout, which --quiet leaves out, or with --json {"type": "summary", ...}. Returns the code. */
int say_end(const options *o, const console *c, const findings *f, severity least, const ending *e);

/* The exit code of a command that looks at a load. whole: nothing is left to be looked at. */
int after_load_code(after_load_end end, bool whole);

#endif
