#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"
#include "loaded/reconcile.h"
#include <stdlib.h>

enum { KINDS_SHOWN = 30 };

static int code_of(reconcile_end end, const reconcile_result *r)
{
    switch (end) {
    case RECONCILE_DONE: return r->failed || r->unknown ? EXIT_INCOMPLETE : EXIT_COMPLETE;
    case RECONCILE_BUNDLE: return EXIT_SOURCE;
    case RECONCILE_OUTPUT: return EXIT_OUTPUT;
    case RECONCILE_UNBALANCED: return EXIT_BALANCE;
    case RECONCILE_MEMORY: break;
    }
    return EXIT_UNEXPECTED;
}

static void say_json(const findings *f, const reconcile_result *r, int code)
{
    for (size_t i = 0; i < findings_kinds(f); i++) json_print(finding_json(findings_kind(f, i)), 0);
    json_t *x = json_object();
    json_object_set_new(x, "type", json_string("summary"));
    json_object_set_new(x, "exit", json_integer(code));
    json_object_set_new(x, "rows", json_integer((json_int_t)r->rows));
    json_object_set_new(x, "created", json_integer((json_int_t)r->created));
    json_object_set_new(x, "updated", json_integer((json_int_t)r->updated));
    json_object_set_new(x, "seen", json_integer((json_int_t)r->seen));
    json_object_set_new(x, "failed", json_integer((json_int_t)r->failed));
    json_object_set_new(x, "unknown", json_integer((json_int_t)r->unknown));
    json_object_set_new(x, "not_in_bundle", json_integer((json_int_t)r->extra));
    json_object_set_new(x, "files", json_integer((json_int_t)r->files));
    if (r->folder) json_object_set_new(x, "folder", json_text(sv_from(r->folder)));
    json_print(x, 0);
}

static void say_text(const options *o, const console *c, const findings *f, const reconcile_result *r)
{
    buf text = buf_new((size_t)16 << 20);
    say_findings(&text, &c->err, f, o->quiet ? SEV_FATAL : o->verbose ? SEV_NOTE : SEV_WARN, KINDS_SHOWN);
    term_print(&c->err, &text);
    if (r->folder && !o->quiet) {
        number_text(&text, r->created + r->updated + r->seen);
        buf_str(&text, " of ");
        number_text(&text, r->rows);
        buf_str(&text, " rows are in \xC2\xB7 ");
        number_text(&text, r->failed);
        buf_str(&text, " failed, ");
        number_text(&text, r->unknown);
        buf_str(&text, " unknown, ");
        number_text(&text, r->extra);
        buf_str(&text, " not in the bundle \xC2\xB7 ");
        safe_text(&text, sv_from(r->folder));
        buf_char(&text, '\n');
        term_print(&c->out, &text);
    }
    buf_free(&text);
}

int cmd_reconcile(const options *o, const console *c)
{
    findings *f = findings_new();
    if (!f) return say_failure(o, c, EXIT_UNEXPECTED, "Out of memory.");
    const reconcile_options x = {
        .bundle = o->operand[0], .results = o->results, .to = o->destinations ? o->to[0] : NULL, .out = o->out};
    reconcile_result r;
    int code = code_of(reconcile(&x, &r, f), &r);
    if (o->json)
        say_json(f, &r, code);
    else
        say_text(o, c, f, &r);
    free(r.folder);
    findings_free(f);
    return code;
}
