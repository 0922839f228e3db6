#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"
#include "convert/template_set.h"

enum { TEXT_MAX = 64 << 20 };

typedef struct job {
    const options *o;
    const console *c;
    arena *mem;
    findings *found;
    const char *folder;
    const template_name *all;
    size_t n;
    problems wrong;
    buf text;
} job;

static const char *kind_of(const template_name *t) { return t->profile ? "profile" : "destination"; }

void say_problems(const options *o, const console *c, const problems *p)
{
    if (o->json) {
        for (size_t i = 0; i < p->n; i++) {
            json_t *x = json_object();
            json_object_set_new(x, "type", json_string("problem"));
            json_object_set_new(x, "file", json_text(p->item[i].file));
            json_object_set_new(x, "line", json_integer(p->item[i].line));
            json_object_set_new(x, "column", json_integer(p->item[i].column));
            json_object_set_new(x, "text", json_text(p->item[i].text));
            json_print(x, 0);
        }
        return;
    }
    buf raw = buf_new(TEXT_MAX), text = buf_new(TEXT_MAX);
    problems_text(p, &raw);
    for (size_t at = 0; at < raw.n;) {
        const char *end = memchr(raw.p + at, '\n', raw.n - at);
        size_t n = end ? (size_t)(end - (raw.p + at)) : raw.n - at;
        add_shown(&text, (sv){raw.p + at, n});
        buf_char(&text, '\n');
        at += n + 1;
    }
    term_print(&c->err, &text);
    buf_free(&raw);
    buf_free(&text);
}

/* ---- list, check ---- */

static void one_line(job *j, const template_name *t, bool good, const template_facts *facts)
{
    if (j->o->json) {
        json_t *x = json_object();
        json_object_set_new(x, "type", json_string(kind_of(t)));
        json_object_set_new(x, "id", json_text(t->id));
        json_object_set_new(x, "title", json_text(facts->title));
        json_object_set_new(x, "good", json_boolean(good));
        json_print(x, 0);
        return;
    }
    size_t start = j->text.n;
    buf_printf(&j->text, "%-13s", kind_of(t));
    add_shown(&j->text, t->id);
    pad(&j->text, j->text.n - start, 32);
    if (good) {
        add_shown(&j->text, facts->title);
        buf_str(&j->text, " \xC2\xB7 ");
        add_shown(&j->text, facts->details);
    } else {
        styled(&j->text, &j->c->out, RED, "cannot be used");
    }
    buf_char(&j->text, '\n');
}

/* All of them, or the one of that id (a profile and a destination may share one). */
static int check_all(job *j, const char *id)
{
    bool good = true, any = false;
    for (size_t i = 0; i < j->n; i++) {
        template_facts facts;
        if (id && !sv_eq(j->all[i].id, sv_from(id))) continue;
        any = true;
        bool ok = template_check(j->folder, &j->all[i], j->mem, &j->wrong, &facts);
        one_line(j, &j->all[i], ok, &facts);
        good &= ok;
    }
    if (id && !any) {
        (void)template_named(j->all, j->n, false, sv_from(id), j->mem, j->found);
        return EXIT_USAGE;
    }
    return good ? EXIT_COMPLETE : EXIT_USAGE;
}

/* ---- show ---- */

static void table_text(job *j, const template_table *t)
{
    size_t width[16] = {0};
    for (size_t r = 0; r <= t->rows; r++) {
        for (size_t k = 0; k < t->shown && k < 16; k++) {
            size_t n = text_width(r ? t->cell[(r - 1) * t->columns + k] : t->heading[k]);
            if (n > width[k]) width[k] = n;
        }
    }
    for (size_t r = 0; r <= t->rows; r++) {
        for (size_t k = 0; k < t->shown && k < 16; k++) {
            sv s = r ? t->cell[(r - 1) * t->columns + k] : t->heading[k];
            add_shown(&j->text, s);
            if (k + 1 < t->shown) pad(&j->text, text_width(s), width[k] + 2);
        }
        buf_char(&j->text, '\n');
    }
}

static void table_json(const template_table *t)
{
    for (size_t r = 0; r < t->rows; r++) {
        json_t *x = json_object();
        for (size_t k = 0; k < t->columns; k++) {
            sv name = t->heading[k], cell = t->cell[r * t->columns + k];
            if (k >= t->shown && !cell.n) continue;
            json_object_set_new(x, name.p, json_text(cell));
        }
        json_print(x, 0);
    }
}

static int show(job *j, const char *id)
{
    bool any = false;
    for (size_t i = 0; i < j->n; i++) {
        if (!sv_eq(j->all[i].id, sv_from(id))) continue;
        any = true;
        if (j->o->xlsx && j->all[i].profile) continue;
        if (j->o->xlsx) {
            bool made = template_show_book(j->folder, &j->all[i], j->o->xlsx, j->mem, &j->wrong, j->found);
            return made ? EXIT_COMPLETE : j->wrong.n ? EXIT_USAGE : EXIT_OUTPUT;
        }
        const template_table *t = template_show(j->folder, &j->all[i], j->mem, &j->wrong);
        if (!t) return EXIT_USAGE;
        if (j->o->json)
            table_json(t);
        else
            table_text(j, t);
    }
    if (!any) (void)template_named(j->all, j->n, false, sv_from(id), j->mem, j->found);
    return any ? EXIT_COMPLETE : EXIT_USAGE;
}

/* ---- the command ---- */

static int act(job *j)
{
    j->folder = templates_folder(j->o, j->mem);
    if (template_names(j->folder, j->mem, &j->all, &j->n, j->found) != ST_OK) return EXIT_USAGE;
    const char *action = j->o->operand[0];
    if (strcmp(action, "show") == 0) return show(j, j->o->operand[1]);
    int code = check_all(j, j->o->operands > 1 ? j->o->operand[1] : NULL);
    /* Listing says what there is; that one of them is wrong is what check is for. */
    return strcmp(action, "list") == 0 ? EXIT_COMPLETE : code;
}

int cmd_templates(const options *o, const console *c)
{
    job j = {.o = o, .c = c, .mem = arena_new(0), .found = findings_new(), .text = buf_new(TEXT_MAX)};
    j.wrong.mem = j.mem;
    int code = EXIT_UNEXPECTED;
    if (j.mem && j.found) {
        code = act(&j);
        problems_sort(&j.wrong);
        bool listing = strcmp(o->operand[0], "list") == 0;
        if (!listing) say_problems(o, c, &j.wrong);
        term_print(&c->out, &j.text);
        for (size_t i = 0; o->json && i < findings_kinds(j.found); i++)
            json_print(finding_json(findings_kind(j.found, i)), 0);
        if (!o->json) {
            say_findings(&j.text, &c->err, j.found, SEV_NOTE, 10);
            term_print(&c->err, &j.text);
        }
    } else {
        (void)say_failure(o, c, code, "Out of memory.");
    }
    buf_free(&j.text);
    findings_free(j.found);
    arena_free(j.mem);
    return code;
}
