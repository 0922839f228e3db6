/* SQL Server Browser: which instances a computer has, and where they listen (MC-SQLR). */
#ifndef TDS_TDS_BROWSER_H
#define TDS_TDS_BROWSER_H

#include "base/arena.h"

enum { TDS_BROWSER_PORT = 1434 };

typedef enum tds_browsed {
    TDS_FOUND,       /* *port */
    TDS_NO_HOST,     /* no such computer */
    TDS_SILENT,      /* the service does not answer */
    TDS_UNKNOWN,     /* *others: the instances that there are, "A, B" */
    TDS_NOT_OVER_TCP /* the instance takes no connections over TCP/IP */
} tds_browsed;

/* host: NUL behind it. */
tds_browsed tds_browse(sv host, sv instance, arena *mem, unsigned *port, sv *others);

/* Reads an answer as it came from the network. */
tds_browsed tds_browser_answer(sv datagram, sv instance, arena *mem, unsigned *port, sv *others);

#endif
