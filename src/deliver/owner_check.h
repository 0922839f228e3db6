/* Records whose provider is no user of the destination: counted before anything is written, so that the practice can say who
 * owns them. */
#ifndef DELIVER_OWNER_CHECK_H
#define DELIVER_OWNER_CHECK_H

#include "deliver/deliver.h"

typedef struct ownerless {
    sv object;   /* its line in the ledger, "zoho/Contacts" */
    sv provider; /* src_key; empty: the records name none */
    uint64_t records;
    bool stands_in; /* they belong to who stands in; else to nobody */
} ownerless;

/* Whether some object has a column for owners. */
bool destination_has_owners(const destination *d);

/* Each object's records without a user of their own, by object and provider, in mem of the run. ST_OK; ST_END when it was
 * cancelled; ST_FATAL with a finding. */
status owner_check(const destination *d, const deliver_run *run, const ownerless **out, size_t *n);

#endif
