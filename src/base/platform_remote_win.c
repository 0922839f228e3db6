/* platform_remote.h for Windows. */
#include "base/platform_remote.h"
#include <winsock2.h>
#include <ws2tcpip.h>
/* behind the sockets, which must come first */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

void os_forget(void *p, size_t n) { SecureZeroMemory(p, n); }

/* Libraries read the C library's copy of the environment. */
void os_env_remove(const char *name) { (void)_putenv_s(name, ""); }

unsigned long os_process_number(void) { return GetCurrentProcessId(); }

static os_asked ask_address(const struct addrinfo *a, sv question, unsigned wait_ms, void *out, size_t room,
                            size_t *got)
{
    SOCKET s = socket(a->ai_family, SOCK_DGRAM, 0);
    if (s == INVALID_SOCKET) return OS_SILENT;
    DWORD wait = wait_ms;
    int n = -1;
    /* A connected socket takes answers of this peer only. */
    if (setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&wait, sizeof wait) == 0 &&
        connect(s, a->ai_addr, (int)a->ai_addrlen) == 0 && send(s, question.p, (int)question.n, 0) == (int)question.n)
        n = recv(s, out, (int)room, 0);
    closesocket(s);
    if (n < 0) return OS_SILENT;
    *got = (size_t)n;
    return OS_ANSWERED;
}

os_asked os_ask_datagram(const char *host, unsigned port, sv question, unsigned wait_ms, void *out, size_t room,
                         size_t *got)
{
    struct addrinfo want = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM}, *list;
    WSADATA sockets;
    char service[16];
    *got = 0;
    snprintf(service, sizeof service, "%u", port);
    if (WSAStartup(MAKEWORD(2, 2), &sockets) != 0) return OS_SILENT;
    os_asked r = OS_NO_HOST;
    if (getaddrinfo(host, service, &want, &list) == 0) {
        r = OS_SILENT;
        for (const struct addrinfo *a = list; a && r != OS_ANSWERED; a = a->ai_next)
            r = ask_address(a, question, wait_ms, out, room, got);
        freeaddrinfo(list);
    }
    WSACleanup();
    return r;
}
