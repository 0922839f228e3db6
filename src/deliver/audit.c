#include "deliver/audit.h"
#include "base/arena.h"
#include "base/digits.h"
#include "base/platform.h"
#include "csv/csv_writer.h"
#include "deliver/bundle_file.h"
#include <stdlib.h>

enum {
    PARTS_MAX = 4096, /* one for each line of the ledger that has any: hundreds */
    SPILL_BYTES = 1 << 17,
    PART_BYTES_MAX = 1 << 22,
    READ_BYTES = 1 << 18,
    CELL_BYTES_MAX = 1100 /* more than a table has in its name; a key of the source may be any text */
};

#define PARTS_FOLDER "audit.parts"

const char *const audit_outcome_word[AUDIT_OUTCOMES] = {
    [AUDIT_WRITTEN] = "written",      [AUDIT_UPDATED] = "updated", [AUDIT_UNCHANGED] = "unchanged",
    [AUDIT_MERGED] = "merged",        [AUDIT_SKIPPED] = "skipped", [AUDIT_REJECTED] = "rejected",
    [AUDIT_HELD_BACK] = "held_back",  [AUDIT_CHANGED] = "changed", [AUDIT_DELETED] = "deleted",
    [AUDIT_UNREADABLE] = "unreadable"};

ledger_count audit_count_of(audit_outcome x)
{
    static const ledger_count count[AUDIT_OUTCOMES] = {
        [AUDIT_WRITTEN] = COUNT_WRITTEN,      [AUDIT_UPDATED] = COUNT_WRITTEN, [AUDIT_UNCHANGED] = COUNT_SKIPPED,
        [AUDIT_MERGED] = COUNT_MERGED,        [AUDIT_SKIPPED] = COUNT_SKIPPED, [AUDIT_REJECTED] = COUNT_REJECTED,
        [AUDIT_HELD_BACK] = COUNT_HELD_BACK,  [AUDIT_CHANGED] = COUNT_CHANGED, [AUDIT_DELETED] = LEDGER_COUNTS,
        [AUDIT_UNREADABLE] = COUNT_UNREADABLE};
    return count[x];
}

bool audit_tells(ledger_level level, ledger_count what)
{
    switch (level) {
    case LEDGER_TABLE: return what == COUNT_UNREADABLE;
    case LEDGER_ENTITY: return what == COUNT_SKIPPED || what == COUNT_REJECTED || what == COUNT_HELD_BACK;
    case LEDGER_OBJECT: return what >= COUNT_WRITTEN;
    }
    return false;
}

struct audit_part {
    audit *of;
    ledger_level level;
    sv name;
    buf before, between; /* cells that are the same in each line: ",entity," and ",destination,object," */
    buf lines;           /* not in the file yet */
    buf cell;
    os_out *out; /* NULL: all of it is in lines */
    sv path;
    uint64_t sum[AUDIT_OUTCOMES]; /* counted when it is joined */
    bool failed;
};

struct audit {
    arena *mem; /* under the lock, as part and parts are */
    mutex *lock;
    findings *found;
    const char *folder;
    audit_part *part[PARTS_MAX];
    size_t parts;
    bool folder_made;
};

static bool no_memory(const audit *a)
{
    find_code(a->found, F_OUT_OF_MEMORY, "writing the audit list");
    return false;
}

static bool say(const audit *a, finding_code code, sv path, const char *why)
{
    return find_at(a->found, code, path, sv_from(why));
}

audit *audit_new(const char *folder, findings *f)
{
    audit *a = calloc(1, sizeof *a);
    if (a) {
        a->found = f;
        a->mem = arena_new(0);
        a->lock = mutex_new();
        if (a->mem && a->lock) a->folder = arena_sv(a->mem, sv_from(folder)).p;
        if (a->folder) return a;
    }
    find_code(f, F_OUT_OF_MEMORY, "writing the audit list");
    audit_free(a);
    return NULL;
}

static void free_part(audit_part *p)
{
    const char *why;
    if (p->out) (void)os_close(p->out, &why);
    buf_free(&p->before);
    buf_free(&p->between);
    buf_free(&p->lines);
    buf_free(&p->cell);
}

void audit_free(audit *a)
{
    if (!a) return;
    for (size_t i = 0; i < a->parts; i++) free_part(a->part[i]);
    mutex_free(a->lock);
    arena_free(a->mem);
    free(a);
}

/* ---- parts ---- */

static bool is_control(char c) { return (unsigned char)c < ' ' || c == 0x7F; }

void audit_text(buf *out, sv s)
{
    static const char digit[] = "0123456789ABCDEF";
    size_t n = s.n;
    if (n > CELL_BYTES_MAX)
        for (n = CELL_BYTES_MAX; n && ((unsigned char)s.p[n] & 0xC0) == 0x80;) n--;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (!is_control(s.p[i])) {
            buf_char(out, s.p[i]);
            continue;
        }
        buf_char(out, '%');
        buf_char(out, digit[c >> 4]);
        buf_char(out, digit[c & 15]);
    }
    if (n < s.n) buf_str(out, "..");
}

static void cell(buf *out, buf *room, sv s)
{
    bool plain = s.n <= CELL_BYTES_MAX;
    for (size_t i = 0; plain && i < s.n; i++) plain = !is_control(s.p[i]);
    if (!s.n) return;
    if (plain) {
        csv_field(out, s);
        return;
    }
    buf_clear(room);
    audit_text(room, s);
    csv_field(out, buf_view(room));
    out->failed |= room->failed;
}

/* "salesforce/Contact (patient)" as two cells. */
static void render_same(audit_part *p, sv entity)
{
    sv destination = {NULL, 0}, object = p->name;
    if (p->level == LEDGER_OBJECT) {
        const char *slash = sv_find(p->name, '/');
        if (slash) {
            destination = (sv){p->name.p, (size_t)(slash - p->name.p)};
            object = (sv){slash + 1, p->name.n - destination.n - 1};
        }
    } else {
        object = (sv){NULL, 0};
    }
    buf_char(&p->before, ',');
    cell(&p->before, &p->cell, entity);
    buf_char(&p->before, ',');
    buf_char(&p->between, ',');
    cell(&p->between, &p->cell, destination);
    buf_char(&p->between, ',');
    cell(&p->between, &p->cell, object);
    buf_char(&p->between, ',');
    p->failed = p->before.failed || p->between.failed;
}

static audit_part *make_part(audit *a, ledger_level level, sv name, sv entity)
{
    audit_part *p = a->parts < PARTS_MAX ? arena_alloc(a->mem, sizeof *p) : NULL;
    if (!p) return NULL;
    *p = (audit_part){.of = a, .level = level, .name = arena_sv(a->mem, name)};
    p->path = arena_printf(a->mem, "%s/" PARTS_FOLDER "/%zu", a->folder, a->parts);
    p->before = p->between = p->lines = p->cell = buf_new(PART_BYTES_MAX);
    if (!p->name.p || !p->path.p) return NULL;
    a->part[a->parts++] = p;
    render_same(p, entity);
    return p->failed ? NULL : p;
}

audit_part *audit_part_of(audit *a, ledger_level level, sv name, sv entity)
{
    audit_part *p = NULL;
    mutex_lock(a->lock);
    for (size_t i = 0; !p && i < a->parts; i++)
        if (a->part[i]->level == level && sv_eq(a->part[i]->name, name)) p = a->part[i];
    if (!p) p = make_part(a, level, name, entity);
    mutex_unlock(a->lock);
    if (!p) (void)no_memory(a);
    return p;
}

static bool open_part(audit_part *p)
{
    audit *a = p->of;
    const char *why = "out of memory";
    mutex_lock(a->lock);
    if (!a->folder_made) {
        sv folder = arena_printf(a->mem, "%s/" PARTS_FOLDER, a->folder);
        a->folder_made = folder.p && os_make_folder(folder.p, &why);
    }
    bool made = a->folder_made;
    mutex_unlock(a->lock);
    if (made) p->out = os_create(p->path.p, &why);
    return p->out || say(a, F_OUT_CREATE_FAILED, p->path, why);
}

static bool spill(audit_part *p)
{
    const char *why = "";
    if (!p->lines.n) return true;
    if (!p->out && !open_part(p)) return false;
    bool ok = os_write(p->out, p->lines.p, p->lines.n, &why);
    buf_clear(&p->lines);
    return ok || say(p->of, F_OUT_WRITE_FAILED, p->path, why);
}

static void number(buf *b, uint64_t n)
{
    char text[DIGITS_U64_MAX];
    buf_add(b, text, digits_u64(n, text));
}

status audit_add(audit_part *p, const audit_line *x)
{
    if (!p) return ST_OK;
    if (p->failed) return ST_FATAL;
    buf *b = &p->lines;
    buf_str(b, audit_outcome_word[x->outcome]);
    buf_char(b, ',');
    number(b, x->records);
    buf_sv(b, buf_view(&p->before));
    cell(b, &p->cell, x->table);
    buf_char(b, ',');
    cell(b, &p->cell, x->src_key);
    buf_sv(b, buf_view(&p->between));
    cell(b, &p->cell, x->key);
    buf_char(b, ',');
    cell(b, &p->cell, x->into);
    buf_char(b, ',');
    cell(b, &p->cell, x->field);
    buf_char(b, ',');
    cell(b, &p->cell, x->code);
    buf_char(b, '\n');
    p->failed = b->failed ? !no_memory(p->of) : b->n >= SPILL_BYTES && !spill(p);
    return p->failed ? ST_FATAL : ST_OK;
}

/* ---- the list ---- */

typedef struct joining {
    audit *a;
    audit_chain *chain;
    bundle_file *out;
    buf line;
    uint64_t lines;
    char hash[AUDIT_HASH_WHOLE]; /* of the last line */
} joining;

/* The line with its number in front and its hash behind. */
static bool put_line(joining *j, sv text, size_t digits)
{
    buf_clear(&j->line);
    number(&j->line, ++j->lines);
    buf_char(&j->line, ',');
    buf_sv(&j->line, text);
    if (j->line.failed || !audit_chain_add(j->chain, buf_view(&j->line), j->hash)) return no_memory(j->a);
    buf_char(&j->line, ',');
    buf_add(&j->line, j->hash, digits);
    csv_end_row(&j->line);
    if (j->line.failed) return no_memory(j->a);
    bundle_file_text(j->out, buf_view(&j->line));
    return true;
}

static bool is_word(sv text, const char *word, size_t *used)
{
    size_t n = strlen(word);
    if (text.n <= n || memcmp(text.p, word, n) != 0 || text.p[n] != ',') return false;
    *used = n + 1;
    return true;
}

static void count_line(audit_part *p, sv text)
{
    size_t at = 0;
    unsigned x = 0;
    uint64_t n = 0;
    while (x < AUDIT_OUTCOMES && !is_word(text, audit_outcome_word[x], &at)) x++;
    while (at < text.n && text.p[at] >= '0' && text.p[at] <= '9') n = n * 10 + (uint64_t)(text.p[at++] - '0');
    if (x < AUDIT_OUTCOMES) p->sum[x] += n;
}

/* Whole lines of the text; *used: their bytes. */
static bool join_lines(joining *j, audit_part *p, sv text, size_t *used)
{
    bool ok = true;
    *used = 0;
    for (const char *end; ok && (end = sv_find(text, '\n'));) {
        sv line = {text.p, (size_t)(end - text.p)};
        count_line(p, line);
        ok = put_line(j, line, AUDIT_HASH_DIGITS);
        *used += line.n + 1;
        text = (sv){end + 1, text.n - line.n - 1};
    }
    return ok;
}

static bool join_file(joining *j, audit_part *p, os_file *f, char *room, const char **why)
{
    size_t got = 1, kept = 0, used = 0;
    bool ok = true;
    for (uint64_t at = 0; ok && got; at += got) {
        ok = os_read_at(f, at, room + kept, READ_BYTES - kept, &got, why) &&
             join_lines(j, p, (sv){room, kept + got}, &used);
        if (!ok) break;
        kept = kept + got - used;
        memmove(room, room + used, kept);
    }
    return ok && !kept;
}

/* What it holds in its file comes first, then what never left its buffer. */
static bool join_part(joining *j, audit_part *p)
{
    const char *why = "";
    size_t used = 0;
    if (!p->out) return join_lines(j, p, buf_view(&p->lines), &used);
    if (!spill(p)) return false;
    bool closed = os_close(p->out, &why);
    p->out = NULL;
    if (!closed) return say(j->a, F_OUT_WRITE_FAILED, p->path, why);
    os_file *f = os_open_read(p->path.p, &why);
    char *room = malloc(READ_BYTES);
    bool ok = f && room && join_file(j, p, f, room, &why);
    if (f) os_close_read(f);
    free(room);
    if (!ok && !findings_count(j->a->found, F_OUT_OF_MEMORY)) (void)say(j->a, F_OPEN_ERROR, p->path, why);
    return ok && (os_remove(p->path.p) || say(j->a, F_OUT_NOT_REMOVED, p->path, ""));
}

static int by_name(const void *a_, const void *b_)
{
    const audit_part *a = *(audit_part *const *)a_, *b = *(audit_part *const *)b_;
    if (a->level != b->level) return a->level < b->level ? -1 : 1;
    return sv_cmp(a->name, b->name);
}

static bool put_closing(joining *j)
{
    buf text = buf_new(256);
    buf_str(&text, "closed,");
    number(&text, j->lines);
    for (size_t i = 0; i < AUDIT_COLUMNS - 4; i++) buf_char(&text, ',');
    bool ok = !text.failed && put_line(j, buf_view(&text), AUDIT_HASH_WHOLE);
    buf_free(&text);
    return ok;
}

bool audit_finish(audit *a, rejects_file *out, char closing[AUDIT_HASH_WHOLE + 1])
{
    file_digest d;
    joining j = {.a = a, .line = buf_new(PART_BYTES_MAX)};
    *out = (rejects_file){.path = SV_LIT(AUDIT_FILE)};
    if (a->parts) qsort(a->part, a->parts, sizeof *a->part, by_name);
    j.chain = audit_chain_new(SV_LIT(AUDIT_HEADING));
    bool ok = j.chain || no_memory(a);
    if (ok) j.out = bundle_file_new(a->folder, out->path, a->found);
    ok = j.out != NULL;
    if (ok) bundle_file_text(j.out, SV_LIT(AUDIT_HEADING "\r\n"));
    for (size_t i = 0; ok && i < a->parts; i++) ok = !a->part[i]->failed && join_part(&j, a->part[i]);
    ok = ok && put_closing(&j);
    if (ok) {
        ok = bundle_file_close_csv(j.out, j.lines, &d);
        out->rows = j.lines;
        out->bytes = d.bytes;
        memcpy(out->sha256, d.sha256, sizeof out->sha256);
        memcpy(closing, j.hash, AUDIT_HASH_WHOLE);
        closing[AUDIT_HASH_WHOLE] = '\0';
    } else {
        bundle_file_abandon(j.out);
    }
    sv folder = a->folder_made && ok ? arena_printf(a->mem, "%s/" PARTS_FOLDER, a->folder) : (sv){NULL, 0};
    if (folder.p && !os_remove(folder.p)) ok = say(a, F_OUT_NOT_REMOVED, folder, "");
    audit_chain_free(j.chain);
    buf_free(&j.line);
    return ok;
}

/* ---- its sums ---- */

static const audit_part *part_of(const audit *a, const ledger_line *l)
{
    for (size_t i = 0; i < a->parts; i++)
        if (a->part[i]->level == l->level && sv_eq(a->part[i]->name, l->name)) return a->part[i];
    return NULL;
}

static bool same(sv name, ledger_count what, uint64_t counted, uint64_t listed, findings *f)
{
    if (counted == listed) return true;
    find_code(f, F_DEL_AUDIT_UNBALANCED, "%.*s: %llu %s were counted, %llu are listed", (int)name.n, name.p,
              (unsigned long long)counted, ledger_count_key[what], (unsigned long long)listed);
    return false;
}

bool audit_balanced(const audit *a, const ledger *l, findings *f)
{
    bool ok = true;
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *x = ledger_at(l, i);
        const audit_part *p = part_of(a, x);
        uint64_t listed[LEDGER_COUNTS + 1] = {0};
        for (unsigned k = 0; p && k < AUDIT_OUTCOMES; k++) listed[audit_count_of((audit_outcome)k)] += p->sum[k];
        for (unsigned k = 0; k < LEDGER_COUNTS; k++)
            if (audit_tells(x->level, (ledger_count)k))
                ok = same(x->name, (ledger_count)k, x->count[k], listed[k], f) && ok;
    }
    return ok;
}
