/* The record-count matrix: each line of the ledger, whether it adds up, and the sum in words. */
#include "base/shown.h"
#include "report/report_model.h"
#include <stdlib.h>

const sum_rule report_sums[LEDGER_OBJECT + 1] = {
    [LEDGER_TABLE] = {"table", "tables", COUNT_READ, {COUNT_DECODED, COUNT_UNREADABLE}, 2, false, false},
    [LEDGER_ENTITY] =
        {"entity", "entities", COUNT_DECODED, {COUNT_MAPPED, COUNT_SKIPPED, COUNT_REJECTED}, 3, true, false},
    [LEDGER_OBJECT] = {"object",
                       "objects",
                       COUNT_MAPPED,
                       {COUNT_WRITTEN, COUNT_MERGED, COUNT_SKIPPED, COUNT_REJECTED},
                       4,
                       true,
                       true},
};

/* Rows in all files whose rows the object's line counts. */
static uint64_t rows_in_files(const report_input *in, sv object)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < in->destinations; i++)
        for (size_t k = 0; k < in->destination[i].files; k++)
            if (sv_eq(in->destination[i].file[k].object, object)) rows += in->destination[i].file[k].rows;
    return rows;
}

static uint64_t sum_of(const sum_rule *r, const ledger_line *l)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < r->parts; i++) sum += l->count[r->part[i]];
    return sum;
}

/* "22 decoded = 20 mapped + 2 skipped + 0 rejected", or "22 decoded, but 20 mapped + ... make 20". */
static void say_sum(buf *out, const sum_rule *r, const ledger_line *l)
{
    uint64_t whole = l->count[r->whole], sum = sum_of(r, l);
    add_number(out, whole);
    buf_printf(out, " %s%s", ledger_count_key[r->whole], whole == sum ? " = " : ", but ");
    for (size_t i = 0; i < r->parts; i++) {
        if (i) buf_str(out, " + ");
        add_number(out, l->count[r->part[i]]);
        buf_printf(out, " %s", ledger_count_key[r->part[i]]);
    }
    if (whole == sum) return;
    buf_str(out, " make ");
    add_number(out, sum);
}

/* ---- which findings name a line ---- */

static int by_table(const void *a_, const void *b_)
{
    const finding_kind *a = *(const finding_kind *const *)a_, *b = *(const finding_kind *const *)b_;
    int c = sv_cmp(a->table, b->table);
    return c ? c : (a->code > b->code) - (a->code < b->code);
}

typedef struct kind_list {
    const finding_kind **kind; /* by table, then code */
    size_t n;
} kind_list;

static kind_list kinds_by_table(model_maker *m)
{
    kind_list l = {NULL, findings_kinds(m->in->found)};
    l.kind = calloc(l.n ? l.n : 1, sizeof(const finding_kind *));
    if (!l.kind) {
        m->failed = true;
        l.n = 0;
        return l;
    }
    for (size_t i = 0; i < l.n; i++) l.kind[i] = findings_kind(m->in->found, i);
    qsort(l.kind, l.n, sizeof(const finding_kind *), by_table);
    return l;
}

static json_t *codes_of(model_maker *m, const kind_list *l, sv table)
{
    json_t *all = json_array();
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(l->kind[middle]->table, table) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; table.n && low < l->n && sv_eq(l->kind[low]->table, table); low++)
        push(m, all, json_string(finding_text_of(l->kind[low]->code)->id));
    return all;
}

/* ---- lines ---- */

static json_t *line(model_maker *m, const ledger_line *l, const kind_list *kinds, bool *adds_up)
{
    const sum_rule *r = &report_sums[l->level];
    json_t *o = json_object();
    buf words = buf_new((size_t)1 << 12);
    say_sum(&words, r, l);
    *adds_up = l->count[r->whole] == sum_of(r, l);
    put_text(m, o, "name", l->name);
    put_text(m, o, "from", l->from);
    put_number(m, o, ledger_count_key[r->whole], l->count[r->whole]);
    for (size_t i = 0; i < r->parts; i++) put_number(m, o, ledger_count_key[r->part[i]], l->count[r->part[i]]);
    if (r->holds_back) put_number(m, o, ledger_count_key[COUNT_HELD_BACK], l->count[COUNT_HELD_BACK]);
    if (r->changes) put_number(m, o, ledger_count_key[COUNT_CHANGED], l->count[COUNT_CHANGED]);
    if (l->level == LEDGER_OBJECT) {
        uint64_t rows = rows_in_files(m->in, l->name);
        put_number(m, o, "in_files", rows);
        if (rows != l->count[COUNT_WRITTEN]) {
            *adds_up = false;
            buf_str(&words, "; ");
            add_number(&words, l->count[COUNT_WRITTEN]);
            buf_str(&words, " written, but its files hold ");
            add_number(&words, rows);
        }
    }
    put(m, o, "adds_up", json_boolean(*adds_up));
    put_text(m, o, "sum", buf_view(&words));
    put(m, o, "findings", codes_of(m, kinds, l->name));
    if (words.failed) m->failed = true;
    buf_free(&words);
    return o;
}

/* Which destination an object is of; lines of other levels, and of none, go with the first. */
static size_t destination_of(const report_input *in, const ledger_line *l)
{
    for (size_t d = 1; l->level == LEDGER_OBJECT && d < in->destinations; d++) {
        sv id = in->destination[d].id;
        if (sv_starts(l->name, id) && l->name.n > id.n && l->name.p[id.n] == '/') return d;
    }
    return 0;
}

json_t *model_counts(model_maker *m)
{
    json_t *o = json_object();
    kind_list kinds = kinds_by_table(m);
    uint64_t open = 0;
    for (int i = LEDGER_TABLE; i <= LEDGER_OBJECT; i++) put(m, o, report_sums[i].title, json_array());
    /* Objects stand together by destination, whatever the order in which they were written. */
    for (size_t d = 0; d == 0 || d < m->in->destinations; d++)
        for (size_t i = 0; i < ledger_lines(m->in->counts); i++) {
            const ledger_line *l = ledger_at(m->in->counts, i);
            bool adds_up = true;
            if (destination_of(m->in, l) != d) continue;
            push(m, json_object_get(o, report_sums[l->level].title), line(m, l, &kinds, &adds_up));
            open += !adds_up;
        }
    put_number(m, o, "lines", ledger_lines(m->in->counts));
    put_number(m, o, "open", open);
    free(kinds.kind);
    return o;
}
