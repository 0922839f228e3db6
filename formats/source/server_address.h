/* mssql://[user@]host[\instance][:port]/database */
#ifndef SOURCE_SERVER_ADDRESS_H
#define SOURCE_SERVER_ADDRESS_H

#include "base/arena.h"

typedef struct server_address {
    sv user;     /* empty: a Windows (or Kerberos) login; may be DOMAIN\name */
    sv host;     /* name or address, without the brackets of IPv6 */
    sv instance; /* empty: the default one, or told by the port */
    sv database;
    unsigned port; /* 0: not given */
    sv place;      /* "host\instance" or "host:port": how findings name the server */
} server_address;

/* True for a text that is such an address, right or wrong. */
bool server_is_address(sv text);

/* A user name with a password behind it, as in other programs' addresses. Such a text is shown nowhere. */
bool server_address_has_password(sv text);

/* NULL, or what is wrong, a sentence without its full stop. Everything in *out lives in mem. Parts may be written with %XX, as
 * in other addresses: "my%20practice". */
const char *server_address_read(sv text, arena *mem, server_address *out);

#endif
