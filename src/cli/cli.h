/* The command line: the only part of the program, with the later guided page, that speaks to people. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Runs the program with main's arguments; returns its exit code. */
int cli_main(int argc, const char *const *argv);

#endif
