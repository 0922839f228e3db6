#include "cli/opened.h"
#include <stdlib.h>

static void open_files(const options *o, opened *x)
{
    for (size_t i = 0; i < o->operands; i++) {
        byte_source *s = byte_source_file(o->operand[i], x->found);
        if (s)
            x->file[x->files++] = s;
        else
            x->status = ST_FATAL; /* go on: every file that cannot be opened is said at once */
    }
}

bool opened_from(const options *o, opened *out)
{
    *out = (opened){.found = findings_new(), .status = ST_OK};
    out->file = calloc(o->operands ? o->operands : 1, sizeof *out->file);
    if (!out->found || !out->file) {
        opened_close(out);
        return false;
    }
    open_files(o, out);
    if (out->status != ST_OK) return true;
    open_args args = {.file = out->file, .files = out->files, .set = o->set, .salvage = o->salvage};
    out->status = source_open(&args, out->found, &out->source);
    if (out->status == ST_OK) out->status = out->source->ops->catalog(out->source, &out->tables);
    return true;
}

void opened_close(opened *x)
{
    if (x->source) x->source->ops->close(x->source);
    for (size_t i = 0; x->file && i < x->files; i++) byte_source_close(x->file[i]);
    free(x->file);
    findings_free(x->found);
    *x = (opened){0};
}

const source_info *opened_info(const opened *x) { return x->source ? x->source->ops->info(x->source) : NULL; }
