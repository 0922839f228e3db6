/* The password of a server's login: from a file, the environment or the terminal, never from the command line. */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "cli/options.h"

typedef struct secret_from {
    const options *o;
    findings *found;
} secret_from;

/* For server_access.password; ctx: a secret_from. Appends the password to out. */
bool secret_ask(void *ctx, sv user, sv server, buf *out);

#endif
