#include "convert/verify_audit.h"
#include "base/digits.h"
#include "base/platform.h"
#include "convert/finished_run.h"
#include "deliver/audit_chain.h"
#include "deliver/bundle_read.h"
#include <stdlib.h>

/* A line of the list has some cells of a thousand bytes at most. */
enum { READ_BYTES = 1 << 18, LINE_BYTES_MAX = READ_BYTES, SUMS_MAX = 8192, NAME_BYTES_MAX = 1 << 14 };

/* ---- the chain ---- */

typedef struct links {
    audit_chain *chain;
    arena *mem;
    uint64_t lines; /* behind the heading */
    bool closed;
    const char *why; /* where it breaks */
} links;

static bool breaks(links *l, const char *what)
{
    l->why = arena_printf(l->mem, "at line %llu: %s", (unsigned long long)l->lines, what).p;
    if (!l->why) l->why = "out of memory";
    return false;
}

/* The digits in front of the first comma. */
static bool is_numbered(sv line, uint64_t n)
{
    char text[DIGITS_U64_MAX];
    size_t digits = digits_u64(n, text);
    return line.n > digits && memcmp(line.p, text, digits) == 0 && line.p[digits] == ',';
}

/* The closing line says how many come before it. */
static bool is_closing(sv text, uint64_t lines, bool *right)
{
    char want[DIGITS_U64_MAX];
    size_t at = 0, digits = digits_u64(lines - 1, want);
    while (at < text.n && text.p[at] != ',') at++;
    sv rest = {text.p + at, text.n - at}, closed = SV_LIT(",closed,");
    if (!sv_starts(rest, closed)) return false;
    rest = (sv){rest.p + closed.n, rest.n - closed.n};
    *right = rest.n > digits && memcmp(rest.p, want, digits) == 0 && rest.p[digits] == ',';
    return true;
}

static bool take_heading(links *l, sv line)
{
    if (!sv_eq(line, SV_LIT(AUDIT_HEADING))) return breaks(l, "its heading differs");
    l->chain = audit_chain_new(line);
    return l->chain || breaks(l, "out of memory");
}

/* line: without its end. */
static bool take_line(links *l, sv line)
{
    char hex[AUDIT_HASH_WHOLE];
    bool right = true;
    size_t at = line.n;
    if (!l->chain) return take_heading(l, line);
    l->lines++;
    if (l->closed) return breaks(l, "it stands behind the closing one");
    while (at && line.p[at - 1] != ',') at--;
    if (!at) return breaks(l, "it has no hash");
    sv text = {line.p, at - 1}, hash = {line.p + at, line.n - at};
    l->closed = is_closing(text, l->lines, &right);
    if (!is_numbered(text, l->lines)) return breaks(l, "its number is not the next one");
    if (!audit_chain_add(l->chain, text, hex)) return breaks(l, "out of memory");
    sv wanted = {hex, l->closed ? AUDIT_HASH_WHOLE : AUDIT_HASH_DIGITS};
    if (!sv_eq(hash, wanted)) return breaks(l, "its hash is not that of the lines up to it");
    return right || breaks(l, "it closes another number of lines");
}

/* Whole lines of the text; *used: their bytes. */
static bool take_lines(links *l, sv text, size_t *used)
{
    bool ok = true;
    *used = 0;
    for (const char *end; ok && (end = sv_find(text, '\n'));) {
        sv line = {text.p, (size_t)(end - text.p)};
        *used += line.n + 1;
        text = (sv){end + 1, text.n - line.n - 1};
        bool ended = line.n && line.p[line.n - 1] == '\r';
        line.n -= ended;
        ok = take_line(l, line) && (ended || breaks(l, "its end is not CR LF"));
    }
    return ok;
}

static bool follow(links *l, os_file *f, char *room)
{
    size_t got = 1, kept = 0, used = 0;
    const char *why = "";
    bool ok = true;
    for (uint64_t at = 0; ok && got; at += got) {
        if (kept == LINE_BYTES_MAX) return breaks(l, "the one behind it is longer than any that was written");
        if (!os_read_at(f, at, room + kept, READ_BYTES - kept, &got, &why)) return breaks(l, why);
        ok = take_lines(l, (sv){room, kept + got}, &used);
        kept = kept + got - used;
        memmove(room, room + used, kept);
    }
    if (ok && kept) ok = breaks(l, "the one behind it is cut off");
    return ok && (l->closed || breaks(l, "it is the last one, and no closing line follows"));
}

static bool say(findings *f, finding_code code, sv what)
{
    return find_at(f, code, SV_LIT(AUDIT_FILE), what.p ? what : SV_LIT("out of memory"));
}

static bool check_chain(const char *path, arena *mem, findings *f)
{
    links l = {.mem = mem};
    const char *why = "out of memory";
    os_file *file = os_open_read(path, &why);
    char *room = file ? malloc(READ_BYTES) : NULL;
    bool ok = room && follow(&l, file, room);
    if (!ok) (void)say(f, F_DEL_VERIFY_AUDIT, sv_from(l.why ? l.why : why));
    if (file) os_close_read(file);
    free(room);
    audit_chain_free(l.chain);
    return ok;
}

/* ---- the sums ---- */

typedef struct audit_sum {
    ledger_level level;
    sv name;
    uint64_t count[LEDGER_COUNTS + 1]; /* the last one: of no count */
    bool counted;                      /* the manifest has it */
} audit_sum;

typedef struct sums {
    audit_sum *item;
    size_t n, last; /* last: found before, mostly found again */
    arena *mem;
    buf name;
    const char *why;
} sums;

static audit_sum *sum_of(sums *s, ledger_level level, sv name, bool make)
{
    for (size_t i = 0; i < s->n; i++) {
        audit_sum *x = &s->item[(s->last + i) % s->n];
        if (x->level != level || !sv_eq(x->name, name)) continue;
        s->last = (size_t)(x - s->item);
        return x;
    }
    sv copy = make && s->n < SUMS_MAX ? arena_sv(s->mem, name) : (sv){NULL, 0};
    if (!copy.p) return NULL;
    s->item[s->n] = (audit_sum){.level = level, .name = copy};
    s->last = s->n;
    return &s->item[s->n++];
}

static bool take_record(void *ctx, const sv *cell, size_t n)
{
    enum { OUTCOME = 1, RECORDS, ENTITY, TABLE, DESTINATION = 6, OBJECT };
    sums *s = ctx;
    uint64_t records = 0;
    size_t at = 0;
    unsigned x = 0;
    if (n != AUDIT_COLUMNS) return false;
    if (sv_eq(cell[OUTCOME], SV_LIT("outcome")) || sv_eq(cell[OUTCOME], SV_LIT("closed"))) return true;
    while (x < AUDIT_OUTCOMES && !sv_eq(cell[OUTCOME], sv_from(audit_outcome_word[x]))) x++;
    while (at < cell[RECORDS].n && at < DIGITS_U64_MAX - 1 && cell[RECORDS].p[at] >= '0' && cell[RECORDS].p[at] <= '9')
        records = records * 10 + (uint64_t)(cell[RECORDS].p[at++] - '0');
    if (x == AUDIT_OUTCOMES || !at || at < cell[RECORDS].n) return false;
    buf_clear(&s->name);
    ledger_level level = cell[DESTINATION].n ? LEDGER_OBJECT : cell[ENTITY].n ? LEDGER_ENTITY : LEDGER_TABLE;
    buf_sv(&s->name, cell[level == LEDGER_OBJECT ? DESTINATION : level == LEDGER_ENTITY ? ENTITY : TABLE]);
    if (level == LEDGER_OBJECT) {
        buf_char(&s->name, '/');
        buf_sv(&s->name, cell[OBJECT]);
    }
    audit_sum *sum = s->name.failed ? NULL : sum_of(s, level, buf_view(&s->name), true);
    if (!sum) return false;
    sum->count[audit_count_of((audit_outcome)x)] += records;
    return true;
}

static uint64_t number_of(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n < 0 ? UINT64_MAX : (uint64_t)n;
}

static bool compare_line(sums *s, const json_t *line, findings *f)
{
    static const char *const level[] = {"table", "entity", "object"};
    sv name = json_member_text(line, "name"), of = json_member_text(line, "level");
    unsigned at = 0;
    bool ok = true;
    while (at < LEDGER_OBJECT && !sv_eq(of, sv_from(level[at]))) at++;
    buf_clear(&s->name);
    audit_text(&s->name, name);
    audit_sum *sum = sum_of(s, (ledger_level)at, buf_view(&s->name), false);
    if (sum) sum->counted = true;
    for (unsigned k = 0; k < LEDGER_COUNTS; k++) {
        uint64_t counted = number_of(line, ledger_count_key[k]), listed = sum ? sum->count[k] : 0;
        if (!audit_tells((ledger_level)at, (ledger_count)k) || counted == listed) continue;
        ok = say(f, F_DEL_AUDIT_UNBALANCED,
                 arena_printf(s->mem, "%.*s: %llu %s were counted, %llu are listed", (int)name.n, name.p ? name.p : "",
                              (unsigned long long)counted, ledger_count_key[k], (unsigned long long)listed));
    }
    return ok;
}

static bool check_sums(const json_t *manifest, const char *path, arena *mem, findings *f)
{
    sums s = {.mem = mem, .item = arena_array(mem, SUMS_MAX, sizeof *s.item), .name = buf_new(NAME_BYTES_MAX)};
    const bundle_reader r = {.delimiter = ',', .take = take_record, .ctx = &s};
    const json_t *counts = json_object_get(manifest, "counts");
    const char *why = "a line of it is none that was written";
    bool ended = false, ok = s.item && bundle_read(&r, path, &ended, &why) && !ended;
    if (!ok) (void)say(f, F_DEL_VERIFY_AUDIT, sv_from(s.item ? why : "out of memory"));
    bool read = ok;
    for (size_t i = 0; read && i < json_array_size(counts); i++)
        ok = compare_line(&s, json_array_get(counts, i), f) && ok;
    for (size_t i = 0; read && i < s.n; i++)
        if (!s.item[i].counted) {
            sv name = s.item[i].name;
            ok = say(f, F_DEL_AUDIT_UNBALANCED,
                     arena_printf(mem, "%.*s is listed and was not counted", (int)name.n, name.p));
        }
    buf_free(&s.name);
    return ok;
}

bool verify_audit(const json_t *manifest, const char *folder, arena *mem, findings *f)
{
    sv path = arena_printf(mem, "%s/" AUDIT_FILE, folder);
    if (!path.p) return say(f, F_DEL_VERIFY_AUDIT, path);
    return check_chain(path.p, mem, f) && check_sums(manifest, path.p, mem, f);
}
