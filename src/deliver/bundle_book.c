#include "deliver/bundle_book.h"
#include "base/digits.h"
#include "base/platform.h"
#include "deliver/bundle_read.h"
#include "deliver/chart_rows.h"
#include "deliver/digest.h"
#include "xlsx/xlsx_writer.h"
#include <stdio.h>
#include <stdlib.h>

enum { CANCEL_EVERY = 1024, NUMBER_MAX = 40, DIGITS_MAX = 15, PATH_BYTES_MAX = 1 << 16 };

static const sv contents_heading[] = {{"sheet", 5}, {"records", 7}, {"file", 4}, {"remark", 6}};

/* An object whose files are finished. */
typedef struct finished {
    const object_template *o;
    const delivered_file *file;
    size_t files;
} finished;

struct bundle_book {
    const destination *d;
    deliver_run run;
    arena *mem; /* of who adds; the thread has none */
    sv path;    /* of the workbook, relative, and whole */
    sv full;
    xlsx_book *book; /* of the thread, once it runs */
    file_digest digest;
    status ended; /* of the thread, once it is joined */
    thread *runs;
    /* Under the lock. */
    mutex *lock;
    condition *changed;
    finished *item; /* one for each object of the destination */
    size_t items;
    bool complete, abandoned;
};

/* One object on its sheet. */
typedef struct sheet {
    bundle_book *of;
    const deliver_run *run;
    xlsx_book *book;
    const object_template *o;
    sv file;            /* without its folder, for cells that do not fit */
    bool heading;       /* the next record is the heading of a part */
    uint64_t rows, far; /* far: cells that say where their text is */
    bool cancelled;
} sheet;

static status workbook_failed(const deliver_run *run, sv path, const char *why)
{
    find_at(run->found, F_OUT_WRITE_FAILED, path, sv_from(why));
    return ST_FATAL;
}

/* ---- cells ---- */

static bool two_digits(const char *p, int *out)
{
    *out = (p[0] - '0') * 10 + (p[1] - '0');
    return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9';
}

/* The fraction of a second, to a thousandth: more a cell does not hold. */
static bool read_fraction(sv s, date_time *t)
{
    if (s.n < 2 || s.n > 4 || s.p[0] != '.') return s.n == 0;
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        t->ticks = t->ticks * 10 + (s.p[i] - '0');
        t->scale++;
    }
    return true;
}

static bool read_time(sv s, date_time *t)
{
    int hour, minute, second;
    if (s.n < 9 || s.p[0] != ' ' || s.p[3] != ':' || s.p[6] != ':') return false;
    if (!two_digits(s.p + 1, &hour) || !two_digits(s.p + 4, &minute) || !two_digits(s.p + 7, &second)) return false;
    t->ticks = (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    return hour < 24 && minute < 60 && second < 60 && read_fraction((sv){s.p + 9, s.n - 9}, t);
}

/* "YYYY-MM-DD", with " HH:MM:SS[.fff]" behind for a moment; other forms stay text. */
static bool read_moment(sv s, bool with_time, date_time *t)
{
    int century, year, month, day;
    if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-') return false;
    if (!two_digits(s.p, &century) || !two_digits(s.p + 2, &year) || !two_digits(s.p + 5, &month) ||
        !two_digits(s.p + 8, &day))
        return false;
    *t = (date_time){.days = date_days(century * 100 + year, month, day)};
    sv rest = {s.p + 10, s.n - 10};
    return t->days >= 0 && (with_time ? read_time(rest, t) : rest.n == 0);
}

/* Digits with at most one point, a minus before them; at most so many that Excel shows. */
static bool read_number(sv s, decimal *d)
{
    size_t i = s.n && s.p[0] == '-', digits = 0;
    uint64_t units = 0;
    uint8_t scale = 0;
    bool point = false;
    for (; i < s.n; i++) {
        if (s.p[i] == '.' && !point && digits) {
            point = true;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9' || ++digits > DIGITS_MAX) return false;
        units = units * 10 + (uint64_t)(s.p[i] - '0');
        scale = (uint8_t)(scale + point);
    }
    *d = decimal_from_i64(s.p && s.n && s.p[0] == '-' ? -(int64_t)units : (int64_t)units, scale);
    return digits > 0;
}

static bool put_typed(sheet *g, size_t at, field_type type, sv text)
{
    date_time t;
    decimal d;
    switch (type) {
    case FIELD_DATE: return read_moment(text, false, &t) && xlsx_date(g->book, at, t.days);
    case FIELD_DATETIME: return read_moment(text, true, &t) && xlsx_datetime(g->book, at, &t);
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_BOOL: return read_number(text, &d) && xlsx_decimal(g->book, at, &d);
    default: return false;
    }
}

static void put_cell(sheet *g, size_t at, sv text)
{
    const model_field *f =
        g->o->as_staged && at < g->o->entity->fields + STAGED_FIELDS ? staged_field(g->o->entity, at) : NULL;
    if (!text.n || (f && put_typed(g, at, f->type, text)) || xlsx_text(g->book, at, text)) return;
    char said[128];
    int n = snprintf(said, sizeof said, "(this text does not fit into a cell: see %.*s)", (int)g->file.n, g->file.p);
    (void)xlsx_text(g->book, at, (sv){said, n > 0 ? (size_t)n : 0});
    g->far++;
}

static bool must_stop(bundle_book *w)
{
    mutex_lock(w->lock);
    bool stop = w->abandoned;
    mutex_unlock(w->lock);
    return stop || (w->run.cancelled && w->run.cancelled(w->run.ctx));
}

static bool take_record(void *ctx, const sv *cell, size_t n)
{
    sheet *g = ctx;
    if (g->heading) {
        g->heading = false;
        return true;
    }
    if (g->rows++ % CANCEL_EVERY == 0 && must_stop(g->of)) {
        g->cancelled = true;
        return false;
    }
    xlsx_row(g->book);
    for (size_t i = 0; i < n; i++) put_cell(g, i, cell[i]);
    return true;
}

/* ---- sheets ---- */

static sv file_name(const delivered_file *f)
{
    const char *slash = sv_find(f->path, '/');
    return slash ? (sv){slash + 1, f->path.n - (size_t)(slash + 1 - f->path.p)} : f->path;
}

static sv plain_number(uint64_t x, char room[NUMBER_MAX]) { return (sv){room, digits_u64(x, room)}; }

/* Why an object has no sheet, in room; empty: it has one. Told once more as a finding, but of sites, which never have one. */
static sv left_out(const sheet *g, const destination *d, uint64_t rows, char *room, size_t size)
{
    if (chart_record_of(g->o->entity) == CHART_SITE)
        return SV_LIT("not in this workbook: sites are too many to look at one by one");
    if (rows <= d->rows_per_sheet_max) return SV_LIT("");
    int n = snprintf(room, size, "not in this workbook, which takes up to %llu records of a kind: all are in the file",
                     (unsigned long long)d->rows_per_sheet_max);
    finding x = FINDING_OF(F_DEL_SHEET_LEFT_OUT);
    x.table = g->o->label;
    x.path = d->workbook;
    x.a = g->file;
    find_add(g->run->found, &x);
    return (sv){room, n > 0 ? (size_t)n : 0};
}

static void add_contents(const sheet *g, size_t contents, uint64_t rows, sv remark)
{
    char room[NUMBER_MAX];
    decimal n = decimal_from_i64((int64_t)rows, 0);
    xlsx_turn_to(g->book, contents);
    xlsx_row(g->book);
    (void)xlsx_text(g->book, 0, g->o->object);
    if (!xlsx_decimal(g->book, 1, &n)) (void)xlsx_text(g->book, 1, plain_number(rows, room));
    (void)xlsx_text(g->book, 2, g->file);
    (void)xlsx_text(g->book, 3, remark);
}

static status fill_sheet(sheet *g, const delivered_file *file, size_t n, const bundle_reader *reader)
{
    for (size_t i = 0; i < n; i++) {
        const char *why = "out of memory";
        bool ended = false;
        buf path = buf_new(PATH_BYTES_MAX);
        buf_printf(&path, "%s/%.*s", g->run->folder, (int)file[i].path.n, file[i].path.p);
        g->heading = true;
        bool ok = !path.failed && bundle_read(reader, path.p, &ended, &why);
        buf_free(&path);
        if (!ok) return workbook_failed(g->run, file[i].path, why);
        if (g->cancelled) return ST_END;
    }
    return ST_OK;
}

static status add_sheet(const destination *d, sheet *g, size_t contents, const delivered_file *file, size_t n,
                        uint64_t rows)
{
    char said[128];
    sv remark = left_out(g, d, rows, said, sizeof said);
    if (!remark.n) {
        size_t columns = g->o->fields + 1;
        sv *heading = calloc(columns, sizeof *heading);
        if (!heading) return workbook_failed(g->run, d->workbook, "out of memory");
        heading[0] = g->o->key;
        for (size_t i = 0; i < g->o->fields; i++) heading[i + 1] = g->o->field[i].name;
        (void)xlsx_table(g->book, g->o->object, heading, columns);
        free(heading);
        const bundle_reader reader = {d->delimiter, take_record, g};
        status s = fill_sheet(g, file, n, &reader);
        if (s != ST_OK) return s;
    }
    if (g->far) {
        int used = snprintf(said, sizeof said, "%llu texts do not fit into a cell and are only in the file",
                            (unsigned long long)g->far);
        remark = (sv){said, used > 0 ? (size_t)used : 0};
    }
    add_contents(g, contents, rows, remark);
    return ST_OK;
}

static status add_finished(bundle_book *w, const finished *x, size_t contents)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < x->files; i++) rows += x->file[i].rows;
    sheet g = {.of = w, .run = &w->run, .book = w->book, .o = x->o, .file = file_name(&x->file[0])};
    return add_sheet(w->d, &g, contents, x->file, x->files, rows);
}

/* ---- the thread ---- */

/* The next object, waited for; false: there is none. */
static bool next_object(bundle_book *w, size_t at, finished *out)
{
    mutex_lock(w->lock);
    while (at == w->items && !w->complete && !w->abandoned) condition_wait(w->changed, w->lock);
    bool there = at < w->items && !w->abandoned;
    if (there) *out = w->item[at];
    mutex_unlock(w->lock);
    return there;
}

static status close_book(bundle_book *w)
{
    const char *why = "";
    bool ok = xlsx_close(w->book, &why);
    w->book = NULL;
    if (ok && digest_file(w->full.p, &w->digest, &why)) return ST_OK;
    return workbook_failed(&w->run, w->path, why);
}

static void run_workbook(void *arg)
{
    bundle_book *w = arg;
    finished x;
    size_t contents = xlsx_table(w->book, SV_LIT("Contents"), contents_heading, 4);
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && next_object(w, i, &x); i++) s = add_finished(w, &x, contents);
    if (s == ST_OK) s = must_stop(w) ? ST_END : close_book(w);
    if (w->book) xlsx_abandon(w->book);
    w->book = NULL;
    w->ended = s;
}

/* ---- the whole ---- */

bundle_book *bundle_book_begin(const destination *d, const deliver_run *run)
{
    bundle_book *w = calloc(1, sizeof *w);
    if (w) {
        *w = (bundle_book){.d = d, .run = *run, .mem = arena_new(0), .lock = mutex_new(), .changed = condition_new()};
        w->item = calloc(d->objects ? d->objects : 1, sizeof *w->item);
    }
    bool ok = w && w->mem && w->lock && w->changed && w->item;
    if (ok) {
        w->path = arena_printf(w->mem, "%.*s/%.*s", (int)d->id.n, d->id.p, (int)d->workbook.n, d->workbook.p);
        w->full = arena_printf(w->mem, "%s/%.*s", run->folder, (int)w->path.n, w->path.p ? w->path.p : "");
    }
    if (ok && w->path.p && w->full.p) w->book = xlsx_create_book(w->full.p, run->folder);
    if (ok && w->book) w->runs = thread_start(run_workbook, w);
    if (ok && w->runs) return w;
    (void)workbook_failed(run, d->workbook, "out of memory");
    bundle_book_free(w);
    return NULL;
}

status bundle_book_add(bundle_book *w, const object_template *o, const delivered_file *file, size_t n)
{
    delivered_file *copy = arena_array(w->mem, n, sizeof *copy);
    if (!copy || w->items == w->d->objects) return workbook_failed(&w->run, w->path, "out of memory");
    memcpy(copy, file, n * sizeof *copy);
    mutex_lock(w->lock);
    w->item[w->items++] = (finished){o, copy, n};
    condition_wake_all(w->changed);
    mutex_unlock(w->lock);
    return ST_OK;
}

void bundle_book_complete(bundle_book *w)
{
    mutex_lock(w->lock);
    w->complete = true;
    condition_wake_all(w->changed);
    mutex_unlock(w->lock);
}

status bundle_book_wait(bundle_book *w, delivered_file *out)
{
    thread_join(w->runs);
    w->runs = NULL;
    *out = (delivered_file){.path = w->path, .bytes = w->digest.bytes};
    memcpy(out->sha256, w->digest.sha256, sizeof out->sha256);
    return w->ended;
}

void bundle_book_free(bundle_book *w)
{
    if (!w) return;
    if (w->runs) {
        mutex_lock(w->lock);
        w->abandoned = true;
        condition_wake_all(w->changed);
        mutex_unlock(w->lock);
        thread_join(w->runs);
    } else {
        xlsx_abandon(w->book);
    }
    condition_free(w->changed);
    mutex_free(w->lock);
    free(w->item);
    arena_free(w->mem);
    free(w);
}
