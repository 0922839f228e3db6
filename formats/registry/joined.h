/* Two sources as one: the tables of the second behind those of the first. For folders of CSV files and workbooks. */
#ifndef REGISTRY_JOINED_H
#define REGISTRY_JOINED_H

#include "source/row_source.h"

/* Takes both sources and closes them, also when it fails (NULL: out of memory). Large values come from the first one only. */
row_source *joined_source(row_source *first, row_source *second, findings *f);

#endif
