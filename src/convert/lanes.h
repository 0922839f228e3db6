/* The destinations of a run side by side. Each has a lane: what it finds and lists is held back until that of the lanes
 * before it is where it belongs, so that every byte that is written is the same whatever threads there are. Internal to
 * this folder. */
#ifndef CONVERT_LANES_H
#define CONVERT_LANES_H

#include "base/arena.h"
#include "base/finding.h"
#include "deliver/rejects.h"

typedef struct lanes lanes;

/* How many threads so many destinations are written by; below 2 there are no lanes. */
unsigned lanes_threads(size_t destinations);

/* NULL when out of memory, with a finding. What lanes give goes to f and out, which must outlive it. */
lanes *lanes_new(size_t n, unsigned threads, findings *f, rejects *out);
void lanes_free(lanes *l); /* l may be NULL. And the arenas */

/* Of one lane: used by one thread at a time. */
findings *lanes_found(const lanes *l, size_t lane);
rejects *lanes_out(const lanes *l, size_t lane);
arena *lanes_mem(const lanes *l, size_t lane); /* lives as long as l */

/* job(ctx, lane) for each lane, several at a time, the calling thread among those that do them; returns when all have
 * ended. */
typedef void lane_job(void *ctx, size_t lane);
void lanes_run(lanes *l, lane_job *job, void *ctx);

/* Gives what the lanes hold, one lane behind the other. False when it could not, with a finding. */
bool lanes_give(lanes *l);

/* A job of many steps: each lane says that it has done the next one, at most LANE_STEPS_MAX. Then they are given in order, of
 * each step lane by lane, and lanes_give gives the rest and begins anew. */
enum { LANE_STEPS_MAX = 256 };
void lanes_step(lanes *l, size_t lane);
bool lanes_give_step(lanes *l, size_t step);

/* As lanes_run, for jobs of any length, of which what one lane holds goes before all that the next one does: a lane that
 * holds much waits for its turn, and another one is worked on meanwhile, by a thread of its own. job returns whether the
 * lane has done what it should; of the lanes behind one that has not nothing is given. */
typedef bool lane_whole_job(void *ctx, size_t lane);
bool lanes_run_in_turn(lanes *l, lane_whole_job *job, void *ctx); /* all have, and were given */

#endif
