#include "base/text_file.h"
#include "cli/exit_code.h"
#include "cli/outcome.h"
#include "convert/patient_charts.h"
#include "drawing/drawing.h"

enum { PDF_BYTES_MAX = 64 << 20, TEXT_MAX = 16 << 20 };

static bool wants_to_stop(void *ctx)
{
    (void)ctx;
    return os_interrupted();
}

static int exit_of(convert_end end, const chart_result *r)
{
    switch (end) {
    case CONVERT_DONE: return r->left_out ? EXIT_INCOMPLETE : EXIT_COMPLETE;
    case CONVERT_WRONG_FILES: return EXIT_USAGE;
    case CONVERT_NO_PROFILE:
    case CONVERT_NO_SOURCE: return EXIT_SOURCE;
    case CONVERT_NO_OUTPUT: return EXIT_OUTPUT;
    case CONVERT_CANCELLED: return EXIT_INTERRUPTED;
    default: return EXIT_UNEXPECTED;
    }
}

static const char *failure(int code)
{
    switch (code) {
    case EXIT_USAGE: return "A profile is wrong. Nothing was written.";
    case EXIT_SOURCE: return "No chart was drawn.";
    case EXIT_OUTPUT: return "The file could not be written.";
    case EXIT_INTERRUPTED: return "Interrupted. Nothing was written.";
    default: return "Unexpected failure; nothing was written.";
    }
}

/* What is wrong with other patients' records is no matter of this one's chart. */
static void say_people(const options *o, const console *c, const opened *x, const chart_result *r, bool done)
{
    buf text = buf_new(TEXT_MAX);
    say_found(o, c, x->found, SEV_FATAL);
    if (done && !o->quiet) {
        buf_printf(&text, "%u exam%s drawn \xC2\xB7 ", (unsigned)r->exams, r->exams == 1 ? "" : "s");
        add_shown(&text, sv_from(o->out));
        buf_char(&text, '\n');
        term_print(&c->out, &text);
    }
    if (done && r->left_out) {
        buf_printf(&text,
                   "%llu rows or values of the patient's exams have no certain meaning and are not drawn; convert "
                   "lists them.\n",
                   (unsigned long long)r->left_out);
        term_print(&c->err, &text);
    }
    buf_free(&text);
}

static void say_machines(const options *o, const opened *x, const chart_result *r, int code, bool done)
{
    for (size_t i = 0; i < findings_kinds(x->found); i++) {
        const finding_kind *k = findings_kind(x->found, i);
        if (o->verbose || finding_text_of(k->code)->level == SEV_FATAL) json_print(finding_json(k), 0);
    }
    if (!done) return;
    json_t *s = summary_json(code);
    json_count(s, "exams", r->exams);
    json_count(s, "left_out", r->left_out);
    json_object_set_new(s, "file", json_text(sv_from(o->out)));
    json_print(s, 0);
}

static int draw(const options *o, const console *c, const convert_options *to, arena *mem, opened *x)
{
    chart_result r = {.exams = 0};
    buf pdf = buf_new(PDF_BYTES_MAX);
    const chart_wish wish = {.patient = o->patient,
                             .exam = o->exam,
                             .last = o->last ? o->last : DRAWING_EXAMS_MAX,
                             .show_name = o->show_name,
                             .work_folder = opened_work_folder(o, mem)};
    convert_end end = CONVERT_NO_SOURCE;
    if (x->status == ST_OK) end = convert_patient_charts(x->source, to, &wish, mem, x->found, &r, &pdf);
    if (end == CONVERT_DONE && !text_file_write(o->out, buf_view(&pdf), x->found)) end = CONVERT_NO_OUTPUT;
    int code = exit_of(end, &r);
    bool done = end == CONVERT_DONE;
    say_problems(o, c, &r.wrong);
    if (o->json)
        say_machines(o, x, &r, code, done);
    else
        say_people(o, c, x, &r, done);
    buf_free(&pdf);
    return done ? code : say_failure(o, c, code, failure(code));
}

int cmd_chart(const options *o, const console *c)
{
    opened x;
    arena *mem = arena_new(0);
    const convert_options to = {.templates = mem ? templates_folder(o, mem) : NULL,
                                .profile = o->profile,
                                .setting = o->setting,
                                .settings = o->settings,
                                .cancelled = wants_to_stop};
    if (!mem || !opened_for_profile(o, &to, mem, &x)) {
        arena_free(mem);
        return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    }
    os_catch_interrupts();
    int code = draw(o, c, &to, mem, &x);
    opened_close(&x);
    arena_free(mem);
    return code;
}
