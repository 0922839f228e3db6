/* The files that stand beside the tables. */
#include "extract/job.h"
#include "source/value_text.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

const char sidecar_unreadable_head[] = "table,file,page,slot,column,finding,line\r\n";

enum { FLUSH_BYTES = 1 << 16 };

/* A file with a buffer before it. */
typedef struct side {
    out_file *file;
    buf text;
    bool ok;
} side;

static side side_open(job *j, const char *name)
{
    side s = {out_file_new(j->folder, sv_from(name)), buf_new((size_t)64 << 20), true};
    s.ok = s.file != NULL;
    return s;
}

static void side_flush(side *s)
{
    s->ok = s->ok && !s->text.failed && out_file_write(s->file, buf_view(&s->text));
    buf_clear(&s->text);
}

static void side_line(side *s)
{
    csv_end_row(&s->text);
    if (s->text.n >= FLUSH_BYTES) side_flush(s);
}

static bool side_close(side *s)
{
    side_flush(s);
    buf_free(&s->text);
    if (!s->file) return false;
    return out_file_close(s->file) && s->ok;
}

/* Nothing, not "", where there is nothing to say. */
static void field(buf *b, sv text)
{
    if (text.n) csv_field(b, text);
}

static void number_if(buf *b, bool known, uint64_t x)
{
    csv_comma(b);
    if (known) buf_printf(b, "%" PRIu64, x);
}

bool sidecar_tables(job *j, const extract_result *result)
{
    side s = side_open(j, "_tables.csv");
    buf *b = &s.text;
    buf_str(b, "schema,table,file,rows_expected,rows_written,rows_unreadable,kind,compression,status,reason\r\n");
    for (size_t i = 0; i < result->tables; i++) {
        const table_result *r = &result->table[i];
        csv_field(b, r->info->schema);
        csv_comma(b);
        csv_field(b, r->info->name);
        csv_comma(b);
        field(b, r->file);
        number_if(b, r->info->rows_expected >= 0, (uint64_t)r->info->rows_expected);
        number_if(b, true, r->written);
        number_if(b, true, r->unreadable);
        csv_comma(b);
        field(b, r->info->storage);
        csv_comma(b);
        field(b, r->info->compression);
        buf_printf(b, ",%s,", table_state_name(r->state));
        field(b, r->reason);
        side_line(&s);
    }
    return side_close(&s);
}

/* ---- findings ---- */

static void finding_head(buf *b, const finding_kind *k)
{
    static const char *const level[] = {"note", "warning", "loss", "fatal"};
    const finding_text *text = finding_text_of(k->code);
    buf_printf(b, "%s,%s,", text->id, level[text->level]);
    field(b, k->table);
    csv_comma(b);
}

static void finding_line(side *s, const finding_kind *k, const finding *x, buf *scratch)
{
    buf *b = &s->text;
    bool placed = x->file_id || x->page;
    finding_head(b, k);
    field(b, x->column);
    number_if(b, placed, x->file_id);
    number_if(b, placed, x->page);
    number_if(b, placed, x->slot);
    buf_str(b, ",1,");
    buf_clear(scratch);
    finding_render(scratch, finding_text_of(k->code)->happened, x, k->count);
    field(b, buf_view(scratch));
    side_line(s);
}

static void kind_lines(side *s, const finding_kind *k, buf *scratch)
{
    const finding *item[64];
    size_t n = k->kept < 64 ? k->kept : 64;
    for (size_t i = 0; i < n; i++) item[i] = &k->item[i];
    qsort(item, n, sizeof item[0], findings_by_place);
    for (size_t i = 0; i < n; i++) finding_line(s, k, item[i], scratch);
    if (k->count <= n) return;
    finding_head(&s->text, k);
    buf_printf(&s->text, ",,,,%" PRIu64 ",further ones of this kind", k->count - n);
    side_line(s);
}

bool sidecar_findings(job *j)
{
    side s = side_open(j, "_findings.csv");
    buf scratch = buf_new((size_t)1 << 20);
    buf_str(&s.text, "code,severity,table,column,file,page,slot,count,text\r\n");
    for (size_t i = 0; i < findings_kinds(j->found); i++) kind_lines(&s, findings_kind(j->found, i), &scratch);
    buf_free(&scratch);
    return side_close(&s);
}

/* ---- types ---- */

static int take_json(const char *p, size_t n, void *ctx)
{
    side *s = ctx;
    buf_add(&s->text, p, n);
    if (s->text.n >= FLUSH_BYTES) side_flush(s);
    return s->ok ? 0 : -1;
}

static json_t *text_of(sv s) { return json_stringn(s.p ? s.p : "", s.n); }

static json_t *type_of_table(const table_job *t)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < t->columns; i++) {
        const column_info *c = &t->info->column[t->column[i]];
        json_array_append_new(
            columns, json_pack("{so so sb}", "name", text_of(c->name), "type", text_of(c->type_name), "sure", 1));
    }
    return json_pack("{sI so}", "rows", (json_int_t)t->written, "columns", columns);
}

static bool dump(side *s, json_t *x)
{
    bool ok = x && json_dump_callback(x, take_json, s, JSON_COMPACT | JSON_ENCODE_ANY) == 0;
    json_decref(x);
    return ok;
}

/* Table by table: the whole of it as one JSON value would need memory for every column of the database. */
bool sidecar_types(job *j)
{
    side s = side_open(j, "_types.json");
    bool ok = s.ok, any = false;
    buf_str(&s.text, "{");
    for (size_t i = 0; ok && i < j->tables; i++) {
        const table_job *t = &j->table[i];
        if (!t->file.n) continue;
        buf_str(&s.text, any ? ",\n" : "\n");
        any = true;
        ok = dump(&s, text_of(t->info->full_name));
        buf_str(&s.text, ": ");
        ok = ok && dump(&s, type_of_table(t));
    }
    buf_str(&s.text, "\n}\n");
    return side_close(&s) && ok;
}
