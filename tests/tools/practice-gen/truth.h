/* The truth: what a right conversion gives, a CSV per canonical entity, sums and digests (README.md has the formula). */
#ifndef PRACTICE_TRUTH_H
#define PRACTICE_TRUTH_H

#include "base/sv.h"
#include "types.h"

typedef struct truth truth;

/* quiet_charts: teeth and sites are summed up and not written. NULL and a fault when it cannot. */
truth *truth_open(const char *folder, bool quiet_charts, bool turkish, fault *f);
/* Writes what is left, the digests; false and a fault when something failed before. Frees. */
bool truth_close(truth *t, fault *f);

/* A record: its entity, then its fields, best in the order of the model, then its end. An empty value is none. */
void truth_begin(truth *t, const char *entity, sv key);
void truth_set(truth *t, const char *field, sv value);
void truth_str(truth *t, const char *field, const char *value);
void truth_end(truth *t);

void truth_case(truth *t, unsigned number, const char *table, sv key, const char *column, const char *outcome, sv value,
                const char *code);
/* What a dialect that loses something must lose: in the source's words. */
void truth_loss(truth *t, const char *dialect, const char *table, sv key, const char *column, const char *what);

#endif
