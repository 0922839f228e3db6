/* Which user of a destination is which provider of the practice, so that records get the owner that they had. Users are
 * matched by e-mail, then by a list that somebody has confirmed; a user who is not active owns nothing. */
#ifndef DECIDE_OWNERS_H
#define DECIDE_OWNERS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/finding.h"
#include "base/status.h"
#include "template/owner_rules.h"
#include <sqlite3.h>

typedef struct owner_options {
    sv destination;        /* id */
    const char *users;     /* export of its users; NULL: a provider's address is taken for his user's */
    const char *confirmed; /* list with the headings provider (a source key) and user (an address, or what is written);
                              NULL: none */
    sv fallback;           /* an address, or what is written: owns what has no other owner; empty: nobody */
} owner_options;

/* Name of the work table: provider (src_key; '' is the fallback) and user, what the owner columns hold. */
void owners_table_name(sv destination, buf *out);

typedef struct owners owners;

/* Reads the lists. rules NULL: the destination's template says nothing of users, none may be given. NULL with a finding,
 * also for a fallback who is no active user. o must outlive it. In mem. */
const owners *owners_read(const owner_rules *rules, const owner_options *o, arena *mem, findings *f);
/* Once everything is staged: makes the destination's table. ST_FATAL with a finding. */
status owners_apply(const owners *x, sqlite3 *work);

/* ---- providers that no user is known for ---- */

typedef struct unmatched_provider {
    sv source_key, name, role, email, phone;
    const char *why; /* "no active user has the address" ...; static */
} unmatched_provider;

/* Each provider without a user, by source key; a text lives during the call. False when the work file failed or take ended
 * it. */
typedef bool (*owners_take)(void *ctx, sv src_key, const unmatched_provider *p);
bool owners_each_unmatched(const owners *x, sqlite3 *work, owners_take take, void *ctx);

#endif
