/* What reading from a server on the network needs of the operating system besides platform.h. One implementation per
 * system, as there. */
#ifndef BASE_PLATFORM_REMOTE_H
#define BASE_PLATFORM_REMOTE_H

#include "base/sv.h"

/* Overwrites memory that held a secret; not left out by an optimizer. */
void os_forget(void *p, size_t n);

/* The variable is gone from this process's environment, which libraries read. Before any thread is started. */
void os_env_remove(const char *name);

/* Sends one datagram and waits for one answer of the same peer. */
typedef enum os_asked { OS_ANSWERED, OS_SILENT, OS_NO_HOST } os_asked;
os_asked os_ask_datagram(const char *host, unsigned port, sv question, unsigned wait_ms, void *out, size_t room,
                         size_t *got);

/* A number that tells running programs apart, for names of temporary files. */
unsigned long os_process_number(void);

#endif
