/* The mapping of a destination as a workbook, for the meeting where it is agreed on: without a source, as the template says. */
#ifndef GUIDE_MAPPING_BOOK_H
#define GUIDE_MAPPING_BOOK_H

#include "base/finding.h"
#include "base/platform.h"
#include "template/destination.h"

/* Makes path, which must not exist. False with a finding. */
bool mapping_book(const destination *d, const char *path, arena *mem, findings *f);

#endif
