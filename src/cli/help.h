/* Help, manual page, completion and version, made of the option and command tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/term.h"

void help_ten_lines(buf *out);
/* command: CMD_NONE for the program as a whole. */
void help_short(buf *out, command_id command);
void help_full(buf *out, const term *t, command_id command);
void help_man(buf *out);
void help_version(buf *out);
void completion_bash(buf *out);
void completion_zsh(buf *out);

/* The exit codes, for help, man page and documentation. */
typedef struct exit_text {
    int code;
    const char *meaning;
} exit_text;
extern const exit_text exit_table[];
extern const size_t exit_count;

#endif
