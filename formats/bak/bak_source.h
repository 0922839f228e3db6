/* SQL Server backups as a row source. */
#ifndef BAK_BAK_SOURCE_H
#define BAK_BAK_SOURCE_H

#include "source/row_source.h"

extern const row_source_ops bak_ops;

#endif
