/* Places that go round between threads: each station does its part of what lies in a place and passes it on to the next one,
 * the last one back to the first. The n-th use of the belt is in place n % places, so the order of things is that of their
 * numbers, whoever is faster; several threads of one station may each take their own. Who passes a place on wakes those of
 * the next station that wait for it, and nobody else. */
#ifndef BASE_BELT_H
#define BASE_BELT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct belt belt;

belt *belt_new(size_t places, unsigned stations); /* NULL: out of memory */
void belt_free(belt *b);                          /* once the threads of all stations have ended; b may be NULL */

/* Waits until what has the number `at` is at the station (from 0). False: the belt was stopped. */
bool belt_take(belt *b, unsigned station, uint64_t at);
/* Of what belt_take gave. */
void belt_pass(belt *b, unsigned station, uint64_t at);
/* Whoever waits goes home, and whoever comes. */
void belt_stop(belt *b);

#endif
