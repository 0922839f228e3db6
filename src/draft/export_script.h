/* The script by which somebody who administers a SQL Server exports the tables of a profile so that the CSV reader loses
 * nothing: text in quotes, NULL as nothing, binary content as 0x and hex, (max) values whole, a header in each file.
 *
 * The profile does not know the types of the columns, and of its own tables not even the names: the script asks the
 * server's catalog, and what it prints is the second script, for bcp or sqlcmd, in which everything is spelled out. */
#ifndef DRAFT_EXPORT_SCRIPT_H
#define DRAFT_EXPORT_SCRIPT_H

#include "profile/profile.h"

/* Appends the script; false when memory is out. */
bool export_script(const profile *x, bool sqlcmd, buf *out);

#endif
