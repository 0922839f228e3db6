/* Folds the charts of a database without writing anything: what reading, deciding and scoring alone cost.
 * usage: bench_fold FILE TABLE DECLARATION.yaml THREADS [MEGABYTES] */
#include "base/limits.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "chart/chart_declare.h"
#include "registry/registry.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct totals {
    uint64_t exams, teeth, sites, values, held_back, rejected;
} totals;

static chart_exam_facts facts(void *ctx, sv key)
{
    (void)ctx;
    (void)key;
    return (chart_exam_facts){.known = true};
}

static bool take(void *ctx, const exam_chart *x)
{
    totals *t = ctx;
    t->exams++;
    t->teeth += x->teeth;
    for (size_t i = 0; i < x->teeth; i++)
        for (size_t k = 0; k < SITES; k++) {
            const chart_site *s = &x->tooth[i].site[k];
            int n = (s->pd != CHART_NONE) + (s->recession != CHART_NONE) + (s->cal_source != CHART_NONE) +
                    (s->bop != MARK_NONE) + (s->suppuration != MARK_NONE) + (s->plaque != MARK_NONE);
            t->sites += n > 0;
            t->values += (uint64_t)n;
        }
    return true;
}

static void reject(void *ctx, const chart_reject *x)
{
    totals *t = ctx;
    t->held_back += x->held_back;
    t->rejected += !x->held_back;
}

static int fail(const char *what)
{
    fprintf(stderr, "bench_fold: %s\n", what);
    return 1;
}

static bool find_table(row_source *s, const char *name, chart_table *out)
{
    const catalog *c;
    if (s->ops->catalog(s, &c) != ST_OK) return false;
    for (size_t i = 0; i < c->tables; i++)
        if (sv_eq(c->table[i].full_name, sv_from(name))) {
            *out = (chart_table){.info = &c->table[i], .index = i};
            return true;
        }
    return false;
}

static int fold(row_source *s, const chart_plan *plan, findings *f, char **argv, int argc)
{
    totals t = {0};
    unsigned threads = (unsigned)strtoul(argv[4], NULL, 10);
    size_t memory = argc > 5 ? (size_t)strtoul(argv[5], NULL, 10) << 20 : 0;
    chart_run run = {.source = s,
                     .plan = plan,
                     .counts = ledger_new(),
                     .found = f,
                     .threads = threads,
                     .memory_bytes = memory,
                     .exam = facts,
                     .take = take,
                     .reject = reject,
                     .ctx = &t};
    uint64_t begun = os_ticks_ms();
    status st = chart_fold(&run);
    double seconds = (double)(os_ticks_ms() - begun) / 1000;
    printf("fold, %u threads: %.2f s, %" PRIu64
           " exams, %.1f million teeth, %.1f million sites, %.1f million values: %.2f million "
           "sites/s, %.2f million values/s; %" PRIu64 " held back, %" PRIu64 " rejected\n",
           threads, seconds, t.exams, (double)t.teeth / 1e6, (double)t.sites / 1e6, (double)t.values / 1e6,
           (double)t.sites / 1e6 / seconds, (double)t.values / 1e6 / seconds, t.held_back, t.rejected);
    bool balanced = ledger_balanced(run.counts, f);
    ledger_free(run.counts);
    return st == ST_OK && balanced ? 0 : fail("the fold failed");
}

int main(int argc, char **argv)
{
    if (argc < 5) return fail("FILE TABLE DECLARATION THREADS [MEGABYTES]");
    findings *f = findings_new();
    arena *mem = arena_new(0);
    problems wrong = {.mem = mem};
    const char *why = NULL;
    byte_source *file = byte_source_file(argv[1], f);
    row_source *s = NULL;
    chart_table table;
    chart_declared d;
    sv text = {NULL, 0};
    if (!file || source_open(&(open_args){.file = &file, .files = 1}, f, &s) != ST_OK)
        return fail("cannot open the source");
    if (!find_table(s, argv[2], &table)) return fail("no such table");
    if (!text_file_read(argv[3], YAML_BYTES_MAX, mem, &text, &why)) return fail("cannot read the declaration");
    const yaml_node *root = yaml_parse(sv_from(argv[3]), text, mem, &wrong);
    bool ok = root && chart_declare(sv_from(argv[3]), root, NULL, &table, mem, &d, &wrong);
    if (!ok) {
        buf b = buf_new((size_t)1 << 20);
        problems_text(&wrong, &b);
        fprintf(stderr, "%.*s", (int)b.n, b.p);
        return 1;
    }
    int result = fold(s, &d.plan, f, argv, argc);
    s->ops->close(s);
    byte_source_close(file);
    findings_free(f);
    arena_free(mem);
    return result;
}
