/* Which of the backup sets in the files given are read: parts of striped sets are put together, a differential finds
 * its full backup, everything that cannot give whole tables is refused with a reason. */
#ifndef BAK_BAK_CHOICE_H
#define BAK_BAK_CHOICE_H

#include "bak/bak_media.h"
#include "source/row_source.h"

/* One backup set over all its parts. */
typedef struct bak_entry {
    const bak_media *media; /* of the first part given */
    const bak_set *set;
    const bak_media **part_media; /* by family number - 1; NULL: not given */
    const bak_set **part_set;
    unsigned families, given;
    size_t group; /* sets of one group are in the same files */
    unsigned number;
} bak_entry;

typedef struct bak_choice {
    bak_entry *entry; /* all sets, numbered from 1 */
    size_t entries;
    size_t groups;
    const bak_entry *full; /* what is read; NULL: nothing can be */
    const bak_entry *diff; /* and put on it; may be NULL */
    const bak_entry **log; /* log backups whose changes come on top, in their order */
    size_t logs;
} bak_choice;

/* ST_OK with out->full; ST_FATAL with findings. out->entry is there in both cases, but for lack of memory. */
status bak_choose(const bak_media *media, size_t medias, unsigned number, bool salvage, arena *a, findings *f,
                  bak_choice *out);

/* "full", "differential", "log" ... */
const char *bak_type_name(char type);
/* "SQL Server 2014 (12.0.2000)"; version: of the database, where the set names no server version. */
sv bak_product(arena *a, const bak_config *c);

#endif
