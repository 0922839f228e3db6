/* What the program's end says to a script. An unknown code is to be treated as a failure. */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

enum {
    EXIT_COMPLETE = 0,
    EXIT_UNEXPECTED = 1,
    EXIT_USAGE = 2,
    EXIT_INCOMPLETE = 3, /* written, but something is unreadable or unsupported and listed */
    EXIT_SOURCE = 4,
    EXIT_OUTPUT = 5,
    EXIT_BALANCE = 6,
    EXIT_INTERRUPTED = 130
};

#endif
