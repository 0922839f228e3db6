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

/* A number and the words behind it, of a summary for people. */
typedef struct count_said {
    uint64_t n;
    const char *words;
} count_said;
/* The line "12,408 values of 310 rows compared · FOLDER" on stdout; folder may be NULL. */
void say_counts(const console *c, const count_said *count, size_t counts, const char *folder);

/* The exit code of a command that looks at a load. whole: nothing is left to be looked at. */
int after_load_code(after_load_end end, bool whole);

#endif
