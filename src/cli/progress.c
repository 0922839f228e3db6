#include "cli/progress.h"
#include "cli/say.h"

enum { REDRAW_MS = 200, PLAIN_MS = 30000, ETA_AFTER_MS = 3000, JSON_MS = 1000 };

void progress_start(progress_view *v, const options *o, const term *err)
{
    *v = (progress_view){.err = err, .stage = -1, .started = os_ticks_ms()};
    v->every_ms = o->json ? JSON_MS : PLAIN_MS;
    if (o->progress == WHEN_NEVER || (o->quiet && o->progress != WHEN_ALWAYS)) return;
    if (o->json) {
        v->how = SHOW_JSON;
    } else if (err->terminal) {
        v->how = SHOW_LINE;
        v->every_ms = REDRAW_MS;
    } else {
        v->how = SHOW_PLAIN;
        if (o->progress == WHEN_ALWAYS) v->every_ms = JSON_MS;
    }
}

static const char *stage_name(extract_stage s)
{
    static const char *const names[] = {"reading tables", "verifying the rest of the source", "finishing"};
    return names[s];
}

static uint64_t rate(uint64_t n, uint64_t ms) { return ms ? (uint64_t)((double)n * 1000.0 / (double)ms) : 0; }

void progress_line(buf *out, const extract_progress *p, uint64_t ms)
{
    buf_str(out, stage_name(p->stage));
    if (p->stage != STAGE_TABLES) return;
    double share = p->bytes_total ? (double)p->bytes / (double)p->bytes_total : 0;
    if (share > 1) share = 1;
    if (p->bytes_total) buf_printf(out, "  %d %%", (int)(share * 100));
    buf_str(out, "  ");
    add_number(out, p->rows);
    buf_str(out, " rows");
    if (ms >= 1000) {
        buf_str(out, "  ");
        add_number(out, rate(p->rows, ms));
        buf_str(out, " rows/s  ");
        size_text(out, rate(p->bytes, ms));
        buf_str(out, "/s");
    }
    buf_printf(out, "  %zu of %zu tables", p->tables, p->tables_total);
    if (ms < ETA_AFTER_MS || share <= 0) return;
    buf_str(out, "  ");
    duration_text(out, (uint64_t)((double)ms * (1 - share) / share));
    buf_str(out, " left");
}

static void show_json(const extract_progress *p, uint64_t ms)
{
    json_t *o = json_object();
    json_object_set_new(o, "type", json_string("progress"));
    json_object_set_new(o, "stage", json_string(stage_name(p->stage)));
    json_count(o, "bytes", p->bytes);
    json_count(o, "bytes_total", p->bytes_total);
    json_count(o, "rows", p->rows);
    json_count(o, "tables", p->tables);
    json_count(o, "tables_total", p->tables_total);
    json_count(o, "ms", ms);
    json_print(o, 0);
}

void progress_show(void *view, const extract_progress *p)
{
    progress_view *v = view;
    if (v->how == SHOW_NOTHING) return;
    uint64_t now = os_ticks_ms();
    bool new_stage = (int)p->stage != v->stage;
    if (!new_stage && now - v->shown < v->every_ms) return;
    v->stage = (int)p->stage;
    v->shown = now;
    if (v->how == SHOW_JSON) {
        show_json(p, now - v->started);
        return;
    }
    buf text = buf_new(4096);
    if (v->how == SHOW_LINE) buf_str(&text, "\r\x1b[K");
    size_t start = text.n;
    progress_line(&text, p, now - v->started);
    if (v->how == SHOW_LINE && v->err->width && text.n - start >= v->err->width) text.n = start + v->err->width - 1;
    if (v->how == SHOW_PLAIN) buf_char(&text, '\n');
    v->drawn = v->how == SHOW_LINE;
    term_print(v->err, &text);
    buf_free(&text);
}

void progress_end(progress_view *v)
{
    if (v->drawn) os_print(v->err->stream, SV_LIT("\r\x1b[K"));
    v->drawn = false;
}
