#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"

/* The sentences speak of a finding that has happened; names stand where its facts would. */
static const finding nameless = {
    .path = {"<file>", 6},
    .table = {"<table>", 7},
    .column = {"<column>", 8},
    .a = {"<...>", 5},
    .b = {"<...>", 5},
    .offset = UINT64_MAX,
};

/* Numbers have no stand-in in a finding: {page} and the like are named here. */
static void sentence(buf *out, const char *text)
{
    static const char *const numbers[] = {"{file}", "{page}", "{slot}", "{line}", "{offset}", "{rows}", "{n}"};
    buf plain = buf_new(65536);
    while (*text) {
        const char *hit = NULL;
        for (size_t i = 0; !hit && i < sizeof numbers / sizeof numbers[0]; i++)
            if (strncmp(text, numbers[i], strlen(numbers[i])) == 0) hit = numbers[i];
        if (!hit) {
            buf_char(&plain, *text++);
            continue;
        }
        buf_printf(&plain, "<%.*s>", (int)strlen(hit) - 2, hit + 1);
        text += strlen(hit);
    }
    buf_char(&plain, '\0');
    if (!plain.failed) finding_render(out, plain.p, &nameless, 0);
    buf_free(&plain);
}

static json_t *code_json(finding_code code)
{
    const finding_text *t = finding_text_of(code);
    buf happened = buf_new(65536), next = buf_new(65536);
    sentence(&happened, t->happened);
    sentence(&next, t->next);
    json_t *x = json_object();
    json_object_set_new(x, "code", json_string(t->id));
    json_object_set_new(x, "severity", json_string(severity_name(t->level)));
    json_object_set_new(x, "title", json_string(t->title));
    json_object_set_new(x, "happened", json_text(buf_view(&happened)));
    json_object_set_new(x, "next", json_text(buf_view(&next)));
    buf_free(&happened);
    buf_free(&next);
    return x;
}

static void explain_one(buf *out, const term *t, finding_code code)
{
    static const char *const meaning[] = {
        "A note: nothing is wrong with the data.",
        "A warning: something is odd, but all data was read.",
        "Data could not be read, or not be kept as it was. The exit code is 3.",
        "The run ended here. The exit code is 4 (source) or 5 (output).",
    };
    const finding_text *x = finding_text_of(code);
    buf text = buf_new(65536);
    styled(out, t, BOLD, "%s: %s\n", x->id, x->title);
    sentence(&text, x->happened);
    paragraph(out, t, 2, buf_view(&text));
    buf_clear(&text);
    sentence(&text, x->next);
    paragraph(out, t, 2, buf_view(&text));
    paragraph(out, t, 2, sv_from(meaning[x->level]));
    buf_free(&text);
}

int cmd_explain(const options *o, const console *c)
{
    if (o->operands) {
        finding_code code = finding_by_id(sv_from(o->operand[0]));
        if (code == FINDING_CODES)
            return say_failure(o, c, EXIT_USAGE,
                               "There is no finding with this code. \"chartferry explain\" lists all of them.");
        if (o->json) {
            json_print(code_json(code), 2);
            return EXIT_COMPLETE;
        }
        buf out = buf_new((size_t)1 << 20);
        explain_one(&out, &c->out, code);
        term_print(&c->out, &out);
        buf_free(&out);
        return EXIT_COMPLETE;
    }
    buf out = buf_new((size_t)1 << 20);
    json_t *all = json_array();
    for (int i = 0; i < (int)FINDING_CODES; i++) {
        const finding_text *t = finding_text_of((finding_code)i);
        buf_printf(&out, "%-9s%-9s%s\n", t->id, severity_name(t->level), t->title);
        json_array_append_new(all, code_json((finding_code)i));
    }
    if (o->json) {
        json_print(json_incref(all), 2);
    } else
        term_print(&c->out, &out);
    json_decref(all);
    buf_free(&out);
    return EXIT_COMPLETE;
}
