/* platform_remote.h for POSIX systems. */
#include "base/platform_remote.h"
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

void os_forget(void *p, size_t n)
{
    volatile unsigned char *byte = p;
    for (size_t i = 0; i < n; i++) byte[i] = 0;
}

void os_env_remove(const char *name) { (void)unsetenv(name); }

unsigned long os_process_number(void) { return (unsigned long)getpid(); }

/* ---- a datagram and its answer ---- */

static os_asked ask_address(const struct addrinfo *a, sv question, unsigned wait_ms, void *out, size_t room,
                            size_t *got)
{
    int s = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (s < 0) return OS_SILENT;
    struct pollfd wait = {.fd = s, .events = POLLIN};
    ssize_t n = -1;
    /* A connected socket takes answers of this peer only. */
    if (connect(s, a->ai_addr, a->ai_addrlen) == 0 && send(s, question.p, question.n, 0) == (ssize_t)question.n &&
        poll(&wait, 1, (int)wait_ms) == 1)
        n = recv(s, out, room, 0);
    close(s);
    if (n < 0) return OS_SILENT;
    *got = (size_t)n;
    return OS_ANSWERED;
}

os_asked os_ask_datagram(const char *host, unsigned port, sv question, unsigned wait_ms, void *out, size_t room,
                         size_t *got)
{
    struct addrinfo want = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM}, *list;
    char service[16];
    *got = 0;
    snprintf(service, sizeof service, "%u", port);
    if (getaddrinfo(host, service, &want, &list) != 0) return OS_NO_HOST;
    os_asked r = OS_SILENT;
    for (const struct addrinfo *a = list; a && r != OS_ANSWERED; a = a->ai_next)
        r = ask_address(a, question, wait_ms, out, room, got);
    freeaddrinfo(list);
    return r;
}
