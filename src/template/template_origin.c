/* What a field is made of: exactly one of from, join, template and const. */
#include "template/reader.h"

static void read_from(template_reader *r, object_template *o, const yaml_node *n, const family_member *m,
                      target_field *f)
{
    size_t *one = template_block(r, 1, sizeof *one);
    if (!one) return;
    *one = template_column(r, o, n, n->text, m);
    if (*one == SIZE_MAX) return;
    f->from = one;
    f->froms = 1;
}

static void read_join(template_reader *r, object_template *o, const yaml_node *n, const family_member *m,
                      target_field *f)
{
    size_t *all = template_block(r, n->n, sizeof *all), count = 0;
    for (size_t i = 0; all && i < n->n; i++) {
        if (n->item[i]->kind != YAML_TEXT) {
            template_problem(r, o->file, n->item[i], "\"join\" is a list of canonical fields");
            continue;
        }
        size_t c = template_column(r, o, n->item[i], n->item[i]->text, m);
        if (c != SIZE_MAX) all[count++] = c;
    }
    if (n->n < 2) template_problem(r, o->file, n, "\"join\" takes at least two canonical fields");
    f->from = all;
    f->froms = count;
}

/* ---- template ---- */

static size_t braces(sv text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) n += text.p[i] == '{' || text.p[i] == '|';
    return n;
}

static void read_form(template_reader *r, const object_template *o, const yaml_node *n, sv form, text_piece *p)
{
    static const sv forms[] = {{"date", 4}, {"words", 5}};
    const yaml_node at = {.kind = YAML_TEXT, .line = n->line, .column = n->column, .text = form};
    int found = template_one_of(r, o->file, &at, "form of a value", forms, 2);
    p->form = found == 0 ? PIECE_DATE : found == 1 ? PIECE_WORDS : PIECE_PLAIN;
}

/* "a|b": the column of a, and those that stand in for it. */
static void read_columns(template_reader *r, object_template *o, const yaml_node *n, sv words, const family_member *m,
                         target_field *f, size_t *from, text_piece *p)
{
    size_t first = f->froms;
    while (words.n) {
        const char *bar = sv_find(words, '|');
        sv word = {words.p, bar ? (size_t)(bar - words.p) : words.n};
        size_t used = word.n + (bar ? 1 : 0), column = template_column(r, o, n, word, m);
        if (column != SIZE_MAX) from[f->froms++] = column;
        words = (sv){words.p + used, words.n - used};
    }
    if (f->froms == first) return;
    p->column = from[first];
    p->other = from + first + 1;
    p->others = f->froms - first - 1;
}

/* "{last}, {first:words}" into pieces; columns are also put into f->from, in their order. */
static void read_template(template_reader *r, object_template *o, const yaml_node *n, const family_member *m,
                          target_field *f)
{
    sv rest = n->text;
    size_t most = braces(rest);
    text_piece *all = template_block(r, most + 1, sizeof *all);
    size_t *from = template_block(r, most, sizeof *from);
    while (all && from) {
        const char *open = sv_find(rest, '{');
        const char *close = open ? memchr(open, '}', rest.n - (size_t)(open - rest.p)) : NULL;
        text_piece *p = &all[f->pieces];
        *p = (text_piece){.before = {rest.p, close ? (size_t)(open - rest.p) : rest.n}, .column = SIZE_MAX};
        if (!close) {
            if (open) template_problem(r, o->file, n, "\"template\" has a brace that is not closed");
            break;
        }
        sv word = {open + 1, (size_t)(close - open) - 1};
        const char *colon = sv_find(word, ':');
        if (colon) {
            read_form(r, o, n, (sv){colon + 1, (size_t)(word.p + word.n - colon) - 1}, p);
            word.n = (size_t)(colon - word.p);
        }
        read_columns(r, o, n, word, m, f, from, p);
        size_t used = (size_t)(close - rest.p) + 1;
        rest = (sv){rest.p + used, rest.n - used};
        if (p->column == SIZE_MAX) continue;
        f->pieces++;
    }
    if (!all || !from) return;
    if (!f->froms && braces(n->text) == 0)
        template_problem(r, o->file, n, "\"template\" names no field in braces; a fixed value is a \"const\"");
    f->pieces++; /* what stands behind the last column */
    f->piece = all;
    f->from = from;
}

void template_read_origin(template_reader *r, object_template *o, const yaml_node *map, const family_member *m,
                          target_field *f)
{
    static const char *const key[] = {"from", "const", "join", "template"};
    int origins = 0;
    for (size_t i = 0; i < sizeof key / sizeof key[0]; i++) origins += yaml_get(map, key[i]) != NULL;
    const yaml_node *from = template_text(map, "from"), *constant = template_text(map, "const");
    const yaml_node *join = yaml_get(map, "join"), *text = template_text(map, "template");
    if (origins == 0 && yaml_get(map, "default"))
        template_problem(r, o->file, map, "%.*s has a default but no source; a fixed value is a \"const\"",
                         (int)f->name.n, f->name.p);
    else if (origins == 0)
        template_problem(r, o->file, map, "%.*s has no source: say \"from\", \"join\", \"template\" or \"const\"",
                         (int)f->name.n, f->name.p);
    else if (origins > 1)
        template_problem(r, o->file, map,
                         "%.*s has more than one source: only one of \"from\", \"join\", \"template\" and \"const\"",
                         (int)f->name.n, f->name.p);
    if (from) read_from(r, o, from, m, f);
    if (join && join->kind == YAML_LIST && !from) read_join(r, o, join, m, f);
    if (text && !from && !join) read_template(r, o, text, m, f);
    f->is_const = constant != NULL && !from && !join && !text;
    if (f->is_const) f->constant = constant->text;
    if (f->is_const && !constant->text.n) template_problem(r, o->file, constant, "\"const\" is empty");
}
