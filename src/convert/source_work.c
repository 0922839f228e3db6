#include "convert/source_work.h"
#include "base/date.h"
#include "base/limits.h"

static const backup_set_info *chosen_set(const source_info *info)
{
    for (size_t i = 0; info && i < info->sets; i++)
        if (info->set[i].chosen) return &info->set[i];
    return NULL;
}

report_source source_facts(const source_info *info)
{
    report_source s = {0};
    const backup_set_info *set = chosen_set(info);
    if (info) {
        s = (report_source){.kind = info->kind,
                            .product = info->product,
                            .database = info->database,
                            .file_bytes = info->file_bytes,
                            .data_bytes = info->data_bytes,
                            .consistency_note = info->consistency_note,
                            .changed_while_backed_up = info->consistent == CHANGED_DURING_BACKUP};
    }
    if (set) {
        s.set = set->number;
        s.set_type = sv_from(set->type);
        s.set_name = set->name;
        s.started = set->started;
        s.finished = set->finished;
        if (!s.database.n) s.database = set->database;
    }
    return s;
}

int32_t source_day(const report_source *s)
{
    enum { DAYS_1970 = 719162, DATE_LENGTH = 10 };
    int part[3] = {0, 0, 0}, at = 0;
    sv day = s->finished.n >= DATE_LENGTH ? s->finished : s->started;
    if (day.n < DATE_LENGTH) return INT32_MIN;
    for (size_t i = 0; i < DATE_LENGTH; i++) {
        if (day.p[i] == '-')
            at++;
        else if (day.p[i] < '0' || day.p[i] > '9' || at > 2)
            return INT32_MIN;
        else
            part[at] = part[at] * 10 + (day.p[i] - '0');
    }
    int32_t days = date_days(part[0], part[1], part[2]);
    return days < 0 ? INT32_MIN : days - DAYS_1970;
}

status source_work_open(row_source *s, const source_work_options *o, findings *f, source_work *out)
{
    sql_options q = {.work_folder = o->folder,
                     .shared = o->shared,
                     .leave_out_unreadable = true,
                     .cache_bytes = WORK_CACHE_BYTES,
                     .cancelled = o->cancelled,
                     .ctx = o->ctx};
    *out = (source_work){NULL, NULL};
    status st = sql_open(s, &q, f, &out->work);
    q.shared = false;
    q.main_in_memory = true;
    q.cache_bytes = 0;
    q.counts = o->counts;
    return st == ST_OK ? sql_open(s, &q, f, &out->db) : st;
}

void source_work_close(source_work *w)
{
    sql_close(w->db);
    sql_close(w->work);
    *w = (source_work){NULL, NULL};
}
