#include "cli/surveyed.h"
#include "base/date.h"
#include "cli/say.h"
#include "survey/survey.h"

enum { REDRAW_MS = 200, DAYS_TO_1970 = 719162, DAY_SECONDS = 86400 };

typedef struct watching {
    const console *c;
    bool show;
    uint64_t drawn;
} watching;

static bool wants_to_stop(void *ctx)
{
    (void)ctx;
    return os_interrupted();
}

static void show(void *ctx, sv table, size_t done, size_t tables)
{
    watching *w = ctx;
    uint64_t now = os_ticks_ms();
    if (!w->show || now - w->drawn < REDRAW_MS) return;
    w->drawn = now;
    buf text = buf_new(65536);
    buf_printf(&text, "\r\x1B[Klooking at table %zu of %zu  ", done + 1, tables);
    add_shown(&text, table);
    term_print(&w->c->err, &text);
    buf_free(&text);
}

static int this_year(void) { return date_civil((int32_t)(os_now_seconds() / DAY_SECONDS) + DAYS_TO_1970).year; }

status surveyed(const options *o, const console *c, const opened *x, arena *mem, const source_facts **out)
{
    watching w = {.c = c, .show = c->err.terminal && !o->quiet && !o->json};
    const survey_run run = {.source = x->source,
                            .list = x->tables,
                            .found = x->found,
                            .mem = mem,
                            .this_year = this_year(),
                            .cancelled = wants_to_stop,
                            .progress = show,
                            .ctx = &w};
    status st = survey_take(&run, out);
    if (w.drawn) os_print(OS_STDERR, SV_LIT("\r\x1B[K"));
    return st;
}
