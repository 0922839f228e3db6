#include "cli/say.h"
#include "base/utf.h"
#include <stdlib.h>

const char *severity_name(severity s)
{
    static const char *const names[] = {"note", "warning", "loss", "fatal"};
    return names[s];
}

static void say_kind(buf *out, const term *t, const finding_kind *k, buf *scratch)
{
    static const char *const word[] = {"note", "warning", "data lost", "error"};
    static const style color[] = {DIM, YELLOW, RED, RED};
    const finding_text *text = finding_text_of(k->code);
    styled(out, t, color[text->level], "%s", word[text->level]);
    styled(out, t, BOLD, " %s: %s", text->id, text->title);
    if (k->table.n) {
        buf_str(out, " \xC2\xB7 ");
        add_shown(out, k->table);
    }
    if (k->count > 1) {
        buf_str(out, " \xC2\xB7 ");
        add_number(out, k->count);
        buf_str(out, " times");
    }
    buf_char(out, '\n');
    const char *const part[] = {text->happened, text->next};
    for (size_t i = 0; i < 2; i++) {
        buf_clear(scratch);
        finding_render(scratch, part[i], &k->item[0], k->count);
        paragraph(out, t, 2, buf_view(scratch));
    }
}

/* Worst first. */
void say_findings(buf *out, const term *t, const findings *f, severity least, size_t most)
{
    buf scratch = buf_new((size_t)1 << 20);
    size_t said = 0, left = 0;
    for (int level = SEV_FATAL; level >= (int)least; level--)
        for (size_t i = 0; i < findings_kinds(f); i++) {
            const finding_kind *k = findings_kind(f, i);
            if ((int)finding_text_of(k->code)->level != level) continue;
            if (said < most)
                say_kind(out, t, k, &scratch);
            else
                left++;
            said++;
        }
    if (left) {
        buf_str(out, "and ");
        add_number(out, left);
        buf_str(out, " further kinds of findings\n");
    }
    buf_free(&scratch);
}

json_t *json_text(sv s)
{
    json_t *x = json_stringn(s.p ? s.p : "", s.n);
    if (x) return x;
    buf clean = buf_new((size_t)64 << 20);
    utf8_add_clean(&clean, s);
    x = json_stringn(clean.p ? clean.p : "", clean.n);
    buf_free(&clean);
    return x;
}

static void set_if(json_t *o, const char *key, sv s)
{
    if (s.n) json_object_set_new(o, key, json_text(s));
}

void json_count(json_t *o, const char *key, uint64_t n) { json_object_set_new(o, key, json_integer((json_int_t)n)); }

static json_t *place_json(const finding *x, const char *sentence, uint64_t n)
{
    json_t *o = json_object();
    buf text = buf_new((size_t)1 << 20);
    set_if(o, "path", x->path);
    set_if(o, "column", x->column);
    if (x->file_id || x->page) {
        json_object_set_new(o, "file", json_integer(x->file_id));
        json_object_set_new(o, "page", json_integer(x->page));
        json_object_set_new(o, "slot", json_integer(x->slot));
    }
    if (x->offset != UINT64_MAX) json_count(o, "offset", x->offset);
    finding_render(&text, sentence, x, n);
    set_if(o, "text", buf_view(&text));
    buf_free(&text);
    return o;
}

json_t *finding_json(const finding_kind *k)
{
    const finding_text *text = finding_text_of(k->code);
    json_t *o = json_object();
    json_object_set_new(o, "type", json_string("finding"));
    json_object_set_new(o, "code", json_string(text->id));
    json_object_set_new(o, "severity", json_string(severity_name(text->level)));
    json_object_set_new(o, "title", json_string(text->title));
    set_if(o, "table", k->table);
    json_count(o, "count", k->count);
    if (k->rows) json_count(o, "rows", k->rows);
    json_t *places = json_array();
    for (size_t i = 0; i < k->kept; i++)
        json_array_append_new(places, place_json(&k->item[i], text->happened, k->count));
    json_object_set_new(o, "places", places);
    buf next = buf_new((size_t)1 << 20);
    finding_render(&next, text->next, &k->item[0], k->count);
    set_if(o, "next", buf_view(&next));
    buf_free(&next);
    return o;
}

json_t *findings_json(const findings *f)
{
    json_t *all = json_array();
    for (size_t i = 0; i < findings_kinds(f); i++) json_array_append_new(all, finding_json(findings_kind(f, i)));
    return all;
}

void json_print(json_t *x, int indent)
{
    size_t flags = indent ? JSON_INDENT((size_t)indent) : JSON_COMPACT;
    char *text = json_dumps(x, flags);
    if (text) {
        os_print(OS_STDOUT, sv_from(text));
        os_print(OS_STDOUT, SV_LIT("\n"));
    }
    free(text);
    json_decref(x);
}
