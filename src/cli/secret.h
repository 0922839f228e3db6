/* The passwords of a server's login and of private keys: from a file, the environment or the terminal, never from the command line. */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "cli/options.h"

typedef struct secret_from {
    const options *o;
    findings *found;
} secret_from;

/* For server_access.password and key_password.ask; ctx: a secret_from. They append the password to out. */
bool secret_ask(void *ctx, sv user, sv server, buf *out);
bool secret_ask_key(void *ctx, sv path, buf *out);

/* For a conversation of several commands: while it lasts, the password that the terminal gave for private keys is kept in memory
 * and not asked for again. Each call forgets the one that is kept. */
void secret_keep(bool lasts);

#endif
