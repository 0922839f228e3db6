/* What a check of a profile against a source comes to, as findings. */
#ifndef DRAFT_CHECKED_H
#define DRAFT_CHECKED_H

#include "profile/profile.h"

void checked_findings(const profile *x, const catalog *list, const profile_checked *c, findings *f);

#endif
