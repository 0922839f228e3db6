/* The row source of a database of a running SQL Server (2005 and later), over FreeTDS. It only ever reads: SELECT, and
 * settings of its own session.
 *
 * The first file of open_args is no file: its path is an address (server_address.h). Several cursors read over connections of
 * their own; with snapshot isolation they are opened together and see the database at one moment. */
#ifndef TDS_TDS_SOURCE_H
#define TDS_TDS_SOURCE_H

#include "source/row_source.h"

extern const row_source_ops tds_ops;

#endif
