/* Packages beside the files of a bundle: metadata, solutions, maps, sheets. A template chooses emitters by key (`packages:`);
 * each is one file in src/schema and a line in src/schema/emitters.c. */
#ifndef DELIVER_EMITTER_H
#define DELIVER_EMITTER_H

#include "deliver/facts.h"
#include "deliver/package_out.h"

struct emitter {
    const char *key;   /* of `packages:` */
    const char *title; /* for people: "Metadata package" */
    /* Runs when every file of the bundle is written. ST_OK; ST_FATAL with a finding (package_out adds those of files; memory
     * is F_OUT_OF_MEMORY). The same facts must give the same bytes. */
    status (*emit)(const deliver_facts *facts, package_out *out);
};

#endif
