/* The statements that make the backup which is best for chartferry: whole, checked, as small as the edition can make it, and apart
 * from the practice's own chain of backups. Text for whoever administers the server; nothing is run here. */
#ifndef DRAFT_BACKUP_SCRIPT_H
#define DRAFT_BACKUP_SCRIPT_H

#include "base/buf.h"

typedef struct backup_facts {
    sv database;
    sv version;     /* "2014", "10.50.6000" or "SQL Server 2014 (12.0.2000)"; empty: unknown */
    sv edition;     /* "Standard", "Express Edition (64-bit)"; empty: unknown */
    uint64_t bytes; /* of the data files; 0: unknown */
    const char *const
        *folder; /* on the server; each gets a part of the backup. None: the server's own folder for backups */
    size_t folders;
} backup_facts;

/* "database=Clinic,version=2014,edition=Standard": NULL, or what is wrong, a sentence. Points into text. */
const char *backup_facts_read(sv text, backup_facts *out);

/* Appends the script; false when memory is out. */
bool backup_script(const backup_facts *x, buf *out);

#endif
