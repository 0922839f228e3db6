#include "convert/run_log.h"
#include "base/date.h"
#include "base/platform.h"
#include "base/text_file.h"
#include <inttypes.h>

enum { TEXT_BYTES_MAX = 16 << 20, DAY_SECONDS = 86400, DAYS_TO_1970 = 719162, PATH_BYTES_MAX = 1 << 16 };

void run_log_begin(run_log *l) { *l = (run_log){.begun = os_now_seconds(), .begun_ms = os_ticks_ms()}; }

void run_log_step(run_log *l, const char *name)
{
    if (l->steps == RUN_LOG_STEPS_MAX) return;
    l->step[l->steps].name = name;
    l->step[l->steps++].at_ms = os_ticks_ms() - l->begun_ms;
}

static void add_sv(buf *b, const char *before, sv s)
{
    if (!s.n) return;
    buf_str(b, before);
    /* One line, whatever a name of the source holds. */
    for (size_t i = 0; i < s.n; i++) buf_char(b, (unsigned char)s.p[i] < ' ' ? '?' : s.p[i]);
}

static void add_moment(buf *b, int64_t seconds)
{
    civil_date d = date_civil((int32_t)(seconds / DAY_SECONDS) + DAYS_TO_1970);
    int rest = (int)(seconds % DAY_SECONDS);
    buf_printf(b, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day, rest / 3600, rest / 60 % 60, rest % 60);
}

static void add_head(buf *b, const run_log *l, const report_input *x)
{
    add_sv(b, "chartferry ", x->version);
    buf_str(b, "\nbegun ");
    add_moment(b, l->begun);
    buf_printf(b, "\nprocessors %u", os_cpus());
    add_sv(b, "\nsource ", x->source.kind);
    add_sv(b, ", ", x->source.product);
    buf_printf(b, ", %" PRIu64 " bytes of files, %" PRIu64 " bytes of data", x->source.file_bytes,
               x->source.data_bytes);
    add_sv(b, "\nprofile ", x->profile.id);
    buf_printf(b, ", fits to %u of 100", x->profile.score);
    add_sv(b, ", sha256 ", x->profile.sha256);
    for (size_t i = 0; i < x->destinations; i++) {
        add_sv(b, "\ndestination ", x->destination[i].id);
        add_sv(b, ", sha256 ", x->destination[i].sha256);
        buf_printf(b, ", %zu files", x->destination[i].files);
    }
    buf_char(b, '\n');
}

static void add_steps(buf *b, const run_log *l)
{
    uint64_t now = os_ticks_ms() - l->begun_ms;
    for (size_t i = 0; i < l->steps; i++) {
        uint64_t end = i + 1 < l->steps ? l->step[i + 1].at_ms : now, took = end - l->step[i].at_ms;
        buf_printf(b, "step %s: %" PRIu64 ".%03" PRIu64 " s\n", l->step[i].name, took / 1000, took % 1000);
    }
    buf_printf(b, "so far: %" PRIu64 ".%03" PRIu64 " s\n", now / 1000, now % 1000);
}

static void add_counts(buf *b, const ledger *l)
{
    static const char *const level[] = {"table", "entity", "object"};
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *x = ledger_at(l, i);
        buf_printf(b, "count %s", level[x->level]);
        add_sv(b, " ", x->name);
        for (size_t k = 0; k < LEDGER_COUNTS; k++)
            if (x->count[k]) buf_printf(b, ", %s %" PRIu64, ledger_count_key[k], x->count[k]);
        buf_char(b, '\n');
    }
}

/* Its facts are left out: they may be names. */
static void add_place(buf *b, const finding *x)
{
    add_sv(b, ", column ", x->column);
    if (x->file_id) buf_printf(b, ", page %u:%u slot %u", x->file_id, x->page, x->slot);
    if (x->line) buf_printf(b, ", line %" PRIu64, x->line);
    if (x->offset != UINT64_MAX) buf_printf(b, ", byte %" PRIu64, x->offset);
}

static void add_findings(buf *b, const findings *f)
{
    static const char *const level[] = {"note", "warning", "loss", "fatal"};
    for (size_t i = 0; i < findings_kinds(f); i++) {
        const finding_kind *k = findings_kind(f, i);
        const finding_text *t = finding_text_of(k->code);
        buf_printf(b, "finding %s, %s, %" PRIu64 " times", t->id, level[t->level], k->count);
        if (k->rows) buf_printf(b, ", %" PRIu64 " rows", k->rows);
        add_sv(b, ", table ", k->table);
        if (k->kept) add_place(b, &k->item[0]);
        buf_char(b, '\n');
    }
}

bool run_log_write(const run_log *l, const report_input *facts, const char *folder, findings *f)
{
    buf text = buf_new(TEXT_BYTES_MAX), path = buf_new(PATH_BYTES_MAX);
    add_head(&text, l, facts);
    add_steps(&text, l);
    add_counts(&text, facts->counts);
    add_findings(&text, facts->found);
    buf_printf(&path, "%s/" TREE_LOG, folder);
    const bool made = !text.failed && !path.failed;
    if (!made) find_code(f, F_OUT_OF_MEMORY, "writing " TREE_LOG);
    const bool ok = made && text_file_write(path.p, buf_view(&text), f);
    buf_free(&text);
    buf_free(&path);
    return ok;
}
