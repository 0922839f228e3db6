#include "loaded/after_load.h"

bool after_load_stop(after_load *a, after_load_end end)
{
    if (a->end == AFTER_LOAD_DONE) a->end = end;
    return false;
}

bool after_load_no_memory(after_load *a)
{
    find_code(a->found, F_OUT_OF_MEMORY, "%s", a->doing);
    return after_load_stop(a, AFTER_LOAD_MEMORY);
}

bool after_load_open(after_load *a, const char *doing, const char *bundle, const char *to, findings *f)
{
    *a = (after_load){.doing = doing, .found = f, .mem = arena_new(0)};
    if (!a->mem) return after_load_no_memory(a);
    return loads_open(bundle, to, a->mem, f, &a->l) || after_load_stop(a, AFTER_LOAD_BUNDLE);
}

bool after_load_folder(after_load *a, const char *out, const char *suffix, bool below)
{
    a->folder = stage_folder_new(&a->l.run, out, suffix);
    if (!a->folder || (below && !stage_folder_make(a->folder, a->l.id))) return after_load_stop(a, AFTER_LOAD_OUTPUT);
    a->work = load_work_open(stage_folder_path(a->folder), a->found);
    return a->work || after_load_stop(a, AFTER_LOAD_OUTPUT);
}

list_file *after_load_list(after_load *a, sv path, const char *heading)
{
    list_file *list = list_file_new(stage_folder_path(a->folder), path, heading, a->found);
    if (!list) (void)after_load_stop(a, AFTER_LOAD_OUTPUT);
    return list;
}

bool after_load_list_done(after_load *a, list_file *list, sv path)
{
    rejects_file d;
    if (list_file_close(list, &d) != ST_OK) return after_load_stop(a, AFTER_LOAD_OUTPUT);
    file_digest digest = {.bytes = d.bytes, .records = d.rows + 1};
    memcpy(digest.sha256, d.sha256, sizeof digest.sha256);
    return stage_folder_file(a->folder, path, (sv){NULL, 0}, true, d.rows, &digest) || after_load_no_memory(a);
}

void after_load_work_done(after_load *a)
{
    load_work_close(a->work);
    a->work = NULL;
}

bool after_load_finish(after_load *a, const char *what, char **path)
{
    return stage_folder_finish(a->folder, what, NULL, path) || after_load_stop(a, AFTER_LOAD_OUTPUT);
}

void after_load_close(after_load *a)
{
    after_load_work_done(a);
    stage_folder_free(a->folder);
    if (a->mem) loads_close(&a->l);
    arena_free(a->mem);
}
