#include "quality/duplicates.h"
#include "model/model.h"
#include "model/work_file.h"
#include "normalize/letters.h"
#include "quality/duplicate_score.h"
#include <stdlib.h>

/* A person takes about 300 bytes: a million patients fit. */
#define DUPLICATES_BYTES_MAX ((size_t)512 << 20)

/* A patient under one key; the patients of one key are a block. */
typedef struct block_entry {
    uint64_t key;
    uint32_t at;
} block_entry;

typedef struct found_pair {
    uint32_t a, b;
    int score;
    unsigned why;
    duplicate_level level;
} found_pair;

typedef struct search {
    sqlite3 *db;
    findings *found;
    arena *mem;
    person *p;
    size_t n;
    block_entry *entry;
    size_t entries, entries_room;
    found_pair *pair;
    size_t pairs, pairs_room;
    uint32_t *root; /* of each person's group */
    uint64_t compared;
} search;

static status out_of_memory(const search *s)
{
    find_code(s->found, F_OUT_OF_MEMORY, "looking for duplicates");
    return ST_FATAL;
}

static status database_failed(const search *s)
{
    find_code(s->found, F_QUA_WORK_FAILED, "duplicates");
    return ST_FATAL;
}

/* ---- reading ---- */

enum {
    C_SOURCE_KEY,
    C_SRC_KEY,
    C_LAST,
    C_FIRST,
    C_MIDDLE,
    C_SUFFIX,
    C_NICKNAME,
    C_BIRTH,
    C_SEX,
    C_EMAIL,
    C_ADDRESS,
    C_POSTAL,
    C_CHART,
    C_NATIONAL,
    C_PHONE
};
static const char select_patients[] =
    "SELECT source_key, src_key, last, first, middle, suffix, nickname, birth_date, sex, email, address_line1, "
    "postal_code, "
    "chart_number, national_id, phone_mobile, phone_home, phone, phone_work, other_phones FROM main.patient ORDER BY 1";

static sv column(sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (sv){p, p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

/* Never 0, which means none. */
static uint64_t hash_of(sv s)
{
    uint64_t h = sv_hash(s);
    return h ? h : 1;
}

static sv folded_in(arena *mem, sv s)
{
    folded f;
    return s.n && text_fold(s, &f) && f.n ? arena_sv(mem, (sv){f.text, f.n}) : (sv){NULL, 0};
}

static uint64_t folded_hash(sv s)
{
    folded f;
    if (s.n == 0) return 0;
    bool short_enough = text_fold(s, &f);
    return short_enough && f.n == 0 ? 0 : hash_of(short_enough ? (sv){f.text, f.n} : s);
}

static int number(sv s, size_t at, size_t n)
{
    int x = 0;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return -1;
        x = x * 10 + (s.p[i] - '0');
    }
    return x;
}

static void read_birth(person *p, sv s)
{
    if (s.n != 10) return;
    int year = number(s, 0, 4), month = number(s, 5, 2), day = number(s, 8, 2);
    if (year <= 0 || month <= 0 || day <= 0) return;
    p->year = year, p->month = month, p->day = day;
}

/* The numbers of a cell, without extensions: "+13608975555 x12; +1...". */
static void read_phones(person *p, sv s, size_t *n)
{
    while (s.n) {
        size_t end = 0, digits = 0;
        while (end < s.n && s.p[end] != ';') end++;
        while (digits < end && s.p[digits] != ' ') digits++;
        uint64_t h = hash_of((sv){s.p, digits});
        bool known = digits < 8;
        for (size_t i = 0; i < *n; i++) known = known || p->phone[i] == h;
        if (!known && *n < PERSON_PHONES) p->phone[(*n)++] = h;
        while (end < s.n && (s.p[end] == ';' || s.p[end] == ' ')) end++;
        s = (sv){s.p + end, s.n - end};
    }
}

static char first_letter(sv s)
{
    folded f;
    return s.n && text_fold(s, &f) && f.n ? f.text[0] : '\0';
}

/* One first name stands for all: "Mary Ann" is Mary. */
static sv first_word(sv s)
{
    const char *blank = sv_find(s, ' ');
    return blank ? (sv){s.p, (size_t)(blank - s.p)} : s;
}

static void read_person(person *p, sqlite3_stmt *st, arena *mem)
{
    size_t phones = 0;
    p->source_key = arena_sv(mem, column(st, C_SOURCE_KEY));
    p->src_key = arena_sv(mem, column(st, C_SRC_KEY));
    p->last = folded_in(mem, column(st, C_LAST));
    p->first = folded_in(mem, column(st, C_FIRST));
    p->nickname = folded_in(mem, column(st, C_NICKNAME));
    p->suffix = folded_in(mem, column(st, C_SUFFIX));
    p->last_sound = soundex(p->last);
    p->first_sound = soundex(first_word(p->first));
    nicknames given = nicknames_of(first_word(p->first)), called = nicknames_of(first_word(p->nickname));
    for (size_t i = 0; i < 2; i++) p->names.bits[i] = given.bits[i] | called.bits[i];
    p->middle = first_letter(column(st, C_MIDDLE));
    sv sex = column(st, C_SEX);
    if (sv_eq(sex, SV_LIT("female")) || sv_eq(sex, SV_LIT("male"))) p->sex = sex.p[0];
    read_birth(p, column(st, C_BIRTH));
    p->email = folded_hash(column(st, C_EMAIL));
    p->address = folded_hash(column(st, C_ADDRESS));
    sv postal = column(st, C_POSTAL);
    if (postal.n > 5 && postal.p[5] == '-') postal.n = 5; /* ZIP+4 */
    p->postal_code = folded_hash(postal);
    p->chart_number = folded_hash(column(st, C_CHART));
    p->national_id = folded_hash(column(st, C_NATIONAL));
    for (int i = 0; i < 5; i++) read_phones(p, column(st, C_PHONE + i), &phones);
}

static bool count_patients(search *s, size_t *n)
{
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_prepare_v2(s->db, "SELECT count(*) FROM main.patient", -1, &st, NULL) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW;
    *n = ok ? (size_t)sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    return ok;
}

static status read_patients(search *s)
{
    size_t n;
    sqlite3_stmt *st = NULL;
    if (!count_patients(s, &n)) return database_failed(s);
    s->p = n < UINT32_MAX ? arena_array(s->mem, n + 1, sizeof *s->p) : NULL;
    if (!s->p) return out_of_memory(s);
    if (sqlite3_prepare_v2(s->db, select_patients, -1, &st, NULL) != SQLITE_OK) return database_failed(s);
    int rc = SQLITE_DONE;
    while (s->n < n && (rc = sqlite3_step(st)) == SQLITE_ROW) read_person(&s->p[s->n++], st, s->mem);
    if (s->n == n) rc = SQLITE_DONE;
    sqlite3_finalize(st);
    if (rc != SQLITE_DONE) return database_failed(s);
    return arena_failed(s->mem) ? out_of_memory(s) : ST_OK;
}

/* ---- blocks ---- */

enum { KIND_PHONE = 1, KIND_EMAIL, KIND_NATIONAL, KIND_BIRTH, KIND_PLACE };

/* Kinds share one space of 64 bits; two blocks that meet there by chance are only compared for nothing. */
static uint64_t mixed(uint64_t kind, uint64_t a, uint64_t b)
{
    uint64_t h = (a + kind * 0x9E3779B97F4A7C15u) ^ (b * 0xC2B2AE3D27D4EB4Fu + 0x165667B19E3779F9u);
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9u;
    return h ^ h >> 32;
}

static void add_entry(search *s, size_t at, uint64_t key)
{
    if (s->entries < s->entries_room) s->entry[s->entries++] = (block_entry){key, (uint32_t)at};
}

static bool make_entries(search *s)
{
    s->entries_room = s->n * (PERSON_PHONES + 4);
    s->entry = malloc((s->entries_room + 1) * sizeof *s->entry);
    if (!s->entry) return false;
    for (size_t i = 0; i < s->n; i++) {
        const person *p = &s->p[i];
        uint64_t sound = p->last_sound ? p->last_sound : hash_of(p->last);
        for (size_t k = 0; k < PERSON_PHONES && p->phone[k]; k++) add_entry(s, i, mixed(KIND_PHONE, p->phone[k], 0));
        if (p->email) add_entry(s, i, mixed(KIND_EMAIL, p->email, 0));
        if (p->national_id) add_entry(s, i, mixed(KIND_NATIONAL, p->national_id, 0));
        if (p->year) add_entry(s, i, mixed(KIND_BIRTH, sound, (uint64_t)p->year));
        if (p->postal_code && p->first_sound)
            add_entry(s, i, mixed(KIND_PLACE, sound << 32 | p->first_sound, p->postal_code));
    }
    return true;
}

static int by_key(const void *x, const void *y)
{
    const block_entry *a = x, *b = y;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static bool add_pair(search *s, found_pair x)
{
    if (s->pairs == s->pairs_room) {
        size_t room = s->pairs_room ? s->pairs_room * 2 : 256;
        found_pair *more = room <= DUPLICATES_BYTES_MAX / sizeof *more ? realloc(s->pair, room * sizeof *more) : NULL;
        if (!more) return false;
        s->pair = more;
        s->pairs_room = room;
    }
    s->pair[s->pairs++] = x;
    return true;
}

static bool compare(search *s, uint32_t a, uint32_t b)
{
    found_pair x = {a < b ? a : b, a < b ? b : a, 0, 0, DUPLICATE_POSSIBLE};
    s->compared++;
    if (a == b || !persons_compare(&s->p[x.a], &s->p[x.b], &x.score, &x.why, &x.level)) return true;
    return add_pair(s, x);
}

/* A member of a large block beside what it is sorted by. */
typedef struct member {
    const person *p;
    uint32_t at;
} member;

static int by_name(const void *x, const void *y)
{
    const member *a = x, *b = y;
    int order = sv_cmp(a->p->last, b->p->last);
    if (order == 0) order = sv_cmp(a->p->first, b->p->first);
    if (order == 0) order = a->p->year - b->p->year;
    return order ? order : a->at < b->at ? -1 : a->at > b->at;
}

static bool compare_neighbours(search *s, const block_entry *block, size_t n)
{
    member *m = malloc(n * sizeof *m);
    bool ok = m != NULL;
    for (size_t i = 0; ok && i < n; i++) m[i] = (member){&s->p[block[i].at], block[i].at};
    if (ok) qsort(m, n, sizeof *m, by_name);
    for (size_t i = 0; ok && i < n; i++)
        for (size_t k = i + 1; ok && k < n && k <= i + DUPLICATE_NEIGHBOURS; k++) ok = compare(s, m[i].at, m[k].at);
    free(m);
    if (ok) find_code(s->found, F_QUA_LARGE_BLOCK, "%zu", n);
    return ok;
}

static bool compare_all(search *s, const block_entry *block, size_t n)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        for (size_t k = i + 1; ok && k < n; k++) ok = compare(s, block[i].at, block[k].at);
    return ok;
}

static bool compare_blocks(search *s)
{
    bool ok = true;
    qsort(s->entry, s->entries, sizeof *s->entry, by_key);
    for (size_t i = 0, n; ok && i < s->entries; i += n) {
        for (n = 1; i + n < s->entries && s->entry[i + n].key == s->entry[i].key;) n++;
        ok = n > DUPLICATE_BLOCK_MAX ? compare_neighbours(s, s->entry + i, n) : compare_all(s, s->entry + i, n);
    }
    return ok;
}

static int by_members(const void *x, const void *y)
{
    const found_pair *a = x, *b = y;
    if (a->a != b->a) return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

/* A pair that several blocks share was found several times. */
static void drop_repeated(search *s)
{
    size_t n = 0;
    if (s->pairs) qsort(s->pair, s->pairs, sizeof *s->pair, by_members);
    for (size_t i = 0; i < s->pairs; i++)
        if (n == 0 || by_members(&s->pair[n - 1], &s->pair[i]) != 0) s->pair[n++] = s->pair[i];
    s->pairs = n;
}

/* ---- groups ---- */

static uint32_t root_of(uint32_t *root, uint32_t at)
{
    while (root[at] != at) at = root[at] = root[root[at]];
    return at;
}

/* The smaller root stays: a group is found at its first patient. */
static void join(uint32_t *root, uint32_t a, uint32_t b)
{
    a = root_of(root, a), b = root_of(root, b);
    if (a < b)
        root[b] = a;
    else
        root[a] = b;
}

static bool make_groups(search *s)
{
    s->root = arena_array(s->mem, s->n + 1, sizeof *s->root);
    if (!s->root) return false;
    for (size_t i = 0; i < s->n; i++) s->root[i] = (uint32_t)i;
    for (size_t i = 0; i < s->pairs; i++) join(s->root, s->pair[i].a, s->pair[i].b);
    return true;
}

/* ---- the result ---- */

/* Patients of pairs, with numbers of groups that count from 0 in the order of their first patient. */
static bool list_patients(search *s, duplicates *out, duplicate_patient **list)
{
    bool *in_pair = arena_array(s->mem, s->n + 1, sizeof *in_pair);
    uint32_t *group = arena_array(s->mem, s->n + 1, sizeof *group);
    *list = arena_array(s->mem, 2 * s->pairs + 1, sizeof **list);
    if (!in_pair || !group || !*list) return false;
    for (size_t i = 0; i < s->pairs; i++) in_pair[s->pair[i].a] = in_pair[s->pair[i].b] = true;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t root = root_of(s->root, (uint32_t)i);
        if (!in_pair[i]) continue;
        if (root == i) group[i] = (uint32_t)out->groups++;
        (*list)[out->patients++] =
            (duplicate_patient){.source_key = s->p[i].source_key, .src_key = s->p[i].src_key, .group = group[root]};
    }
    duplicate_pair *pair = arena_array(s->mem, s->pairs + 1, sizeof *pair);
    if (!pair) return false;
    for (size_t i = 0; i < s->pairs; i++) {
        const found_pair *x = &s->pair[i];
        pair[i] = (duplicate_pair){s->p[x->a].source_key,        s->p[x->b].source_key, x->score, x->why, x->level,
                                   group[root_of(s->root, x->a)]};
    }
    out->pair = pair;
    out->pairs = s->pairs;
    return true;
}

static int by_group_and_score(const void *x, const void *y)
{
    const duplicate_pair *a = x, *b = y;
    if (a->group != b->group) return a->group < b->group ? -1 : 1;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    int order = sv_cmp(a->a, b->a);
    return order ? order : sv_cmp(a->b, b->b);
}

static int by_src_key(const void *x, const void *y)
{
    return sv_cmp((*(duplicate_patient *const *)x)->src_key, (*(duplicate_patient *const *)y)->src_key);
}

static int by_importance(const void *x, const void *y)
{
    const duplicate_patient *a = x, *b = y;
    if (a->group != b->group) return a->group < b->group ? -1 : 1;
    if (a->clinical_rows != b->clinical_rows) return a->clinical_rows > b->clinical_rows ? -1 : 1;
    int order = sv_cmp(b->latest, a->latest);
    return order ? order : sv_cmp(a->source_key, b->source_key);
}

static int by_source_key(const void *x, const void *y)
{
    const duplicate_patient *a = x, *b = y;
    if (a->group != b->group) return a->group < b->group ? -1 : 1;
    if (a->primary != b->primary) return a->primary ? -1 : 1;
    return sv_cmp(a->source_key, b->source_key);
}

/* ---- what refers to them ---- */

static duplicate_patient *patient_of(duplicate_patient *const *sorted, size_t n, sv src_key)
{
    duplicate_patient key = {.src_key = src_key}, *wanted = &key;
    duplicate_patient *const *at = n ? bsearch(&wanted, sorted, n, sizeof *sorted, by_src_key) : NULL;
    return at ? *at : NULL;
}

static const model_field *patient_field(const model_entity *e)
{
    const model_field *f = model_field_named(e, SV_LIT("patient"));
    return f && f->type == FIELD_REFERENCE ? f : NULL;
}

/* Its first date: when it happened. */
static const char *date_field(const model_entity *e)
{
    for (size_t i = 0; i < e->fields; i++)
        if (e->field[i].type == FIELD_DATE || e->field[i].type == FIELD_DATETIME) return e->field[i].name;
    return NULL;
}

static bool count_rows_of(search *s, const model_entity *e, duplicate_patient *const *sorted, size_t n)
{
    buf sql = buf_new(1000);
    sqlite3_stmt *st = NULL;
    const char *date = date_field(e);
    buf_printf(&sql,
               date ? "SELECT patient, \"%s\" FROM main.\"%s\"" : "SELECT patient, NULL AS \"%s\" FROM main.\"%s\"",
               date ? date : "date", e->name);
    buf_char(&sql, '\0');
    bool ok = !sql.failed && sqlite3_prepare_v2(s->db, sql.p, -1, &st, NULL) == SQLITE_OK;
    buf_free(&sql);
    int rc = SQLITE_DONE;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        duplicate_patient *p = patient_of(sorted, n, column(st, 0));
        sv day = column(st, 1);
        if (!p) continue;
        p->clinical_rows++;
        if (sv_cmp(day, p->latest) > 0) p->latest = arena_sv(s->mem, day);
    }
    sqlite3_finalize(st);
    return ok && rc == SQLITE_DONE;
}

/* What an insurer or a till says is no reason to prefer a record. */
static bool is_clinical(const model_entity *e)
{
    static const char *const others[] = {"insurance_policy", "billing_line", "recall", "workflow_flag"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(e->name, others[i]) == 0) return false;
    return patient_field(e) != NULL;
}

static status propose_primaries(search *s, duplicate_patient *list, size_t n)
{
    duplicate_patient **sorted = arena_array(s->mem, n + 1, sizeof *sorted);
    if (!sorted) return out_of_memory(s);
    for (size_t i = 0; i < n; i++) sorted[i] = &list[i];
    qsort(sorted, n, sizeof *sorted, by_src_key);
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        if (is_clinical(e) && work_has(s->db, sv_from(e->name)) && !count_rows_of(s, e, sorted, n))
            return database_failed(s);
    }
    if (arena_failed(s->mem)) return out_of_memory(s);
    qsort(list, n, sizeof *list, by_importance);
    for (size_t i = 0; i < n; i++) list[i].primary = i == 0 || list[i].group != list[i - 1].group;
    qsort(list, n, sizeof *list, by_source_key);
    return ST_OK;
}

static status search_all(search *s, duplicates *out)
{
    status end = read_patients(s);
    if (end != ST_OK) return end;
    if (!make_entries(s) || !compare_blocks(s)) return out_of_memory(s);
    drop_repeated(s);
    duplicate_patient *list;
    if (!make_groups(s) || !list_patients(s, out, &list)) return out_of_memory(s);
    if (out->patients && (end = propose_primaries(s, list, out->patients)) != ST_OK) return end;
    if (out->pairs) qsort((duplicate_pair *)out->pair, out->pairs, sizeof *out->pair, by_group_and_score);
    out->patient = list;
    out->compared = s->compared;
    return ST_OK;
}

status duplicates_find(sqlite3 *db, findings *f, duplicates *out)
{
    search s = {.db = db, .found = f, .mem = arena_new(DUPLICATES_BYTES_MAX)};
    *out = (duplicates){.mem = s.mem};
    status end = ST_OK;
    if (!s.mem)
        end = out_of_memory(&s);
    else if (work_has(db, SV_LIT("patient")))
        end = search_all(&s, out);
    free(s.entry);
    free(s.pair);
    if (end == ST_OK) return ST_OK;
    duplicates_free(out);
    return end;
}

void duplicates_free(duplicates *d)
{
    arena_free(d->mem);
    *d = (duplicates){.mem = NULL};
}
