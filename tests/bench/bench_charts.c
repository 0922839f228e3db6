/* How fast charts become files: made-up exams of 32 teeth and 6 sites into a destination that takes the model as it is,
 * and nothing else: no source, no fold. usage: bench_charts FOLDER EXAMS */
#include "base/platform.h"
#include "deliver/chart_rows.h"
#include "deliver/deliver.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOUTH = 32, PATH_ROOM = 4096 };

static void fill(chart_tooth *t, unsigned position, unsigned exam)
{
    *t = (chart_tooth){.tooth = {(uint8_t)(10 * (position / 8 + 1) + position % 8 + 1), false},
                       .status = TOOTH_PRESENT,
                       .mobility = (int16_t)(5 * (exam % 3)),
                       .keratinized = CHART_NONE,
                       .mgj = CHART_NONE,
                       .plaque_index = CHART_NONE,
                       .raw = {"16", 2}};
    for (unsigned i = 0; i < 4; i++) t->furcation[i].grade = MARK_NONE;
    for (unsigned i = 0; i < SITES; i++) {
        unsigned x = exam * 31 + position * 7 + i * 13;
        int16_t pd = (int16_t)(10 * (1 + x % 7)), rec = (int16_t)(10 * (int)(x % 4) - 10);
        t->site[i] =
            (chart_site){pd, rec, (int16_t)(pd + rec), CHART_NONE, x % 3 == 0, MARK_NONE, x % 5 == 0, MARK_NONE};
    }
}

static bool write_template(const char *folder)
{
    static const char text[] = "id: canonical\ntitle: Canonical\nschema: 1\nobjects: model\n";
    char path[PATH_ROOM];
    const char *why = "";
    (void)snprintf(path, sizeof path, "%s/canonical", folder);
    if (!os_make_folder(path, &why)) return false;
    (void)snprintf(path, sizeof path, "%s/canonical/destination.yaml", folder);
    os_out *f = os_create(path, &why);
    bool ok = f && os_write(f, text, strlen(text), &why);
    return f && os_close(f, &why) && ok;
}

static bool run(const char *folder, unsigned exams, arena *mem, sqlite3 *work)
{
    char template[PATH_ROOM], out[PATH_ROOM];
    const char *why = "";
    problems wrong = {.mem = mem};
    findings *found = findings_new();
    (void)snprintf(template, sizeof template, "%s/canonical", folder);
    (void)snprintf(out, sizeof out, "%s/run", folder);
    const destination *d = destination_load(template, mem, &wrong);
    if (!d || !found || !os_make_folder(out, &why)) return false;
    const deliver_run r = {.work = work,
                           .folder = out,
                           .counts = ledger_new(),
                           .found = found,
                           .system = SV_LIT("PP"),
                           .chart_table = SV_LIT("dbo.PerioMeasurement"),
                           .mem = mem};
    chart_tooth mouth[MOUTH];
    uint64_t start = os_ticks_ms();
    delivery *x = delivery_begin(d, &r);
    bool ok = x != NULL;
    for (unsigned i = 0; ok && i < exams; i++) {
        char key[16];
        int n = snprintf(key, sizeof key, "%u", 100000 + i);
        for (unsigned k = 0; k < MOUTH; k++) fill(&mouth[k], k, i);
        const exam_chart chart = {.exam = {key, n > 0 ? (size_t)n : 0}, .tooth = mouth, .teeth = MOUTH};
        ok = delivery_chart(x, &chart) == ST_OK;
    }
    const delivered_file *file = NULL;
    size_t n = 0;
    ok = ok && delivery_finish(x) == ST_OK && delivery_files(x, &file, &n) == ST_OK;
    delivery_free(x);
    double seconds = (double)(os_ticks_ms() - start) / 1000, sites = (double)exams * MOUTH * SITES;
    uint64_t bytes = 0;
    for (size_t i = 0; i < n; i++) bytes += file[i].bytes;
    printf("charts to files: %.1f million sites, %.0f MB in %.2f s: %.2f million sites/s, %.0f MB/s\n", sites / 1e6,
           (double)bytes / 1e6, seconds, sites / 1e6 / seconds, (double)bytes / 1e6 / seconds);
    ledger_free(r.counts);
    findings_free(found);
    return ok;
}

int main(int argc, char **argv)
{
    arena *mem = arena_new(0);
    sqlite3 *work = NULL;
    if (argc != 3 || !mem || sqlite3_open(":memory:", &work) != SQLITE_OK) return 2;
    bool ok = write_template(argv[1]) && run(argv[1], (unsigned)strtoul(argv[2], NULL, 10), mem, work);
    sqlite3_close(work);
    arena_free(mem);
    return ok ? 0 : 1;
}
