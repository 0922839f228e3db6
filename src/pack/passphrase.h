/* The passphrase of a pack: made, or taken from where a command line, a log and a list of processes do not show it. */
#ifndef PACK_PASSPHRASE_H
#define PACK_PASSPHRASE_H

#include "base/finding.h"

/* The key of a sealed ZIP is made of it with 1,000 rounds only, so it has to be strong itself: a generated one has 25
 * characters of 31, 123 bits. */
enum { PASSPHRASE_BYTES_MIN = 20, PASSPHRASE_BYTES_MAX = 200 };

typedef struct passphrase {
    char text[PASSPHRASE_BYTES_MAX + 1]; /* NUL behind it */
    bool generated;
} passphrase;

/* What a source may be, for messages and help. */
#define PASSPHRASE_SOURCES "generate, prompt, env:NAME or file:PATH"

/* from: one of PASSPHRASE_SOURCES; a file's first line counts. NULL: for a new pack one is generated, to open one it is
 * CHARTFERRY_PASSPHRASE of the environment, else asked for. False with a finding that does not hold it. */
bool passphrase_for_new(const char *from, passphrase *out, findings *f);
bool passphrase_to_open(const char *from, passphrase *out, findings *f);
/* Whether `from` says where it comes from, and is not the passphrase itself. */
bool passphrase_source_known(const char *from);
void passphrase_forget(passphrase *p);

#endif
