/* Progress of a long run on stderr (or as JSON lines on stdout): one line redrawn on a terminal, else one plain line
 * per stage and one every 30 seconds. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/term.h"

typedef struct progress_view {
    const term *err;
    enum { SHOW_NOTHING, SHOW_LINE, SHOW_PLAIN, SHOW_JSON } how;
    uint64_t started, shown; /* os_ticks_ms */
    int stage;               /* -1 before the first */
    bool drawn;              /* a line stands on the terminal */
    unsigned every_ms;
} progress_view;

void progress_start(progress_view *v, const options *o, const term *err);
/* As extract_options.progress. */
void progress_show(void *view, const extract_progress *p);
/* Clears the line. */
void progress_end(progress_view *v);

/* The text of one line, for tests: after ms milliseconds. */
void progress_line(buf *out, const extract_progress *p, uint64_t ms);

#endif
