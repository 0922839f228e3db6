#include "decide/owners.h"
#include "decide/sheet.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 1 << 14 };

/* A user of the destination. */
typedef struct crm_user {
    sv email, written;
    bool active, twice; /* twice: another active user has the address */
} crm_user;

typedef struct confirmed_user {
    sv provider, user; /* source key; address or what is written */
} confirmed_user;

struct owners {
    const owner_rules *rules;
    const owner_options *o;
    arena *mem;
    findings *found;
    crm_user *user; /* by address */
    size_t users;
    confirmed_user *confirmed; /* by provider */
    size_t confirmeds;
    sv fallback; /* as it is written; empty: none */
};

void owners_table_name(sv destination, buf *out)
{
    buf_str(out, "\"owners:");
    buf_sv(out, destination);
    buf_char(out, '"');
}

static status no_memory(const owners *r)
{
    find_code(r->found, F_OUT_OF_MEMORY, "finding the owners of records");
    return ST_FATAL;
}

static status sheet_lacks(const owners *r, const char *path, const char *why)
{
    find_at(r->found, F_DEC_SHEET, sv_from(path), sv_from(why));
    return ST_FATAL;
}

/* ---- the destination's users ---- */

static sv small(arena *mem, sv s)
{
    char *p = arena_alloc(mem, s.n + 1);
    for (size_t i = 0; p && i < s.n; i++) p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i];
    return (sv){p, p ? s.n : 0};
}

static int by_email(const void *a, const void *b)
{
    return sv_cmp(((const crm_user *)a)->email, ((const crm_user *)b)->email);
}

static bool is_inactive(const owner_rules *rules, sv word)
{
    for (size_t i = 0; i < rules->inactives; i++)
        if (sv_eq_nocase(word, rules->inactive[i])) return true;
    return false;
}

/* Two active users of one address: nobody can tell whose it is. */
static void mark_twice(owners *r)
{
    for (size_t i = 0; i < r->users; i++) {
        size_t active = 0, n = i;
        while (n < r->users && sv_eq(r->user[n].email, r->user[i].email)) active += r->user[n++].active;
        for (size_t k = i; active > 1 && k < n; k++) r->user[k].twice = true;
        if (active > 1) {
            finding x = FINDING_OF(F_DEC_USER_TWICE);
            x.path = sv_from(r->o->users);
            find_add(r->found, &x);
        }
        i = n - 1;
    }
}

static status read_users(owners *r)
{
    sheet s;
    if (sheet_read(r->o->users, r->mem, &s, r->found) != ST_OK) return ST_FATAL;
    size_t email = sheet_column(&s, r->rules->email, r->rules->emails);
    size_t active = sheet_column(&s, r->rules->active, r->rules->actives);
    size_t written = r->rules->writes ? sheet_column(&s, r->rules->write, r->rules->writes) : email;
    if (email == SIZE_MAX) return sheet_lacks(r, r->o->users, "no column holds the users' e-mail addresses");
    if (written == SIZE_MAX) return sheet_lacks(r, r->o->users, "no column holds the users' ids");
    if (active == SIZE_MAX) return sheet_lacks(r, r->o->users, "no column says which users are active");
    r->user = arena_array(r->mem, s.rows + 1, sizeof *r->user);
    if (!r->user) return no_memory(r);
    for (size_t i = 0; i < s.rows; i++) {
        sv address = small(r->mem, sheet_cell(&s, i, email)), what = sheet_cell(&s, i, written);
        if (!address.n || !what.n) continue;
        sv word = sheet_cell(&s, i, active);
        r->user[r->users++] = (crm_user){address, what, word.n && !is_inactive(r->rules, word), false};
    }
    if (r->users) qsort(r->user, r->users, sizeof *r->user, by_email);
    mark_twice(r);
    return ST_OK;
}

/* The active user of an address; NULL: none, or several. */
static const crm_user *user_of(const owners *r, sv email)
{
    const crm_user wanted = {.email = small(r->mem, email)};
    const crm_user *found =
        r->users && wanted.email.n ? bsearch(&wanted, r->user, r->users, sizeof wanted, by_email) : NULL;
    if (!found) return NULL;
    while (found > r->user && sv_eq(found[-1].email, wanted.email)) found--;
    for (; found < r->user + r->users && sv_eq(found->email, wanted.email); found++)
        if (found->active && !found->twice) return found;
    return NULL;
}

/* Named by address or by what is written. */
static const crm_user *user_named(const owners *r, sv name)
{
    const crm_user *found = user_of(r, name);
    for (size_t i = 0; !found && i < r->users; i++)
        if (r->user[i].active && sv_eq(r->user[i].written, name)) found = &r->user[i];
    return found;
}

/* ---- the list that somebody confirmed ---- */

static int by_provider(const void *a, const void *b)
{
    return sv_cmp(((const confirmed_user *)a)->provider, ((const confirmed_user *)b)->provider);
}

static void say_unknown(const owners *r, size_t row)
{
    finding x = FINDING_OF(F_DEC_OWNER_UNKNOWN);
    x.path = sv_from(r->o->confirmed);
    x.line = row + 2;
    find_add(r->found, &x);
}

static status read_confirmed(owners *r)
{
    static const sv provider_heading[] = {{"provider", 8}, {"source_key", 10}}, user_heading[] = {{"user", 4}};
    sheet s;
    if (sheet_read(r->o->confirmed, r->mem, &s, r->found) != ST_OK) return ST_FATAL;
    static const sv destination_heading[] = {{"destination", 11}};
    size_t provider = sheet_column(&s, provider_heading, 2), name = sheet_column(&s, user_heading, 1);
    size_t destination = sheet_column(&s, destination_heading, 1);
    if (provider == SIZE_MAX || name == SIZE_MAX)
        return sheet_lacks(r, r->o->confirmed, "it lacks one of the columns provider, user");
    r->confirmed = arena_array(r->mem, s.rows + 1, sizeof *r->confirmed);
    if (!r->confirmed) return no_memory(r);
    for (size_t i = 0; i < s.rows; i++) {
        sv key = sheet_cell(&s, i, provider), person = sheet_cell(&s, i, name), id = sheet_cell(&s, i, destination);
        if (!key.n || !person.n || (id.n && !sv_eq_nocase(id, r->o->destination))) continue;
        const crm_user *known = r->o->users ? user_named(r, person) : NULL;
        if (r->o->users && !known)
            say_unknown(r, i);
        else
            r->confirmed[r->confirmeds++] = (confirmed_user){key, known ? known->written : person};
    }
    if (r->confirmeds) qsort(r->confirmed, r->confirmeds, sizeof *r->confirmed, by_provider);
    for (size_t i = 1; i < r->confirmeds; i++)
        if (sv_eq(r->confirmed[i - 1].provider, r->confirmed[i].provider) &&
            !sv_eq(r->confirmed[i - 1].user, r->confirmed[i].user))
            return sheet_lacks(r, r->o->confirmed, "it gives one provider two users");
    return ST_OK;
}

static sv confirmed_of(const owners *r, sv source_key)
{
    const confirmed_user wanted = {.provider = source_key};
    const confirmed_user *found =
        r->confirmeds ? bsearch(&wanted, r->confirmed, r->confirmeds, sizeof wanted, by_provider) : NULL;
    return found ? found->user : (sv){NULL, 0};
}

/* ---- the table ---- */

static bool make_table(const owners *r, sqlite3 *work)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "CREATE TABLE main.");
    owners_table_name(r->o->destination, &sql);
    buf_str(&sql, " (provider TEXT PRIMARY KEY, user TEXT NOT NULL) WITHOUT ROWID");
    return work_once(work_prepare(work, &sql));
}

static sqlite3_stmt *prepare_insert(const owners *r, sqlite3 *work)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "INSERT INTO main.");
    owners_table_name(r->o->destination, &sql);
    buf_str(&sql, " VALUES (?1, ?2)");
    return work_prepare(work, &sql);
}

static bool insert(sqlite3_stmt *st, sv provider, sv name)
{
    bool ok = sqlite3_bind_text(st, 1, provider.n ? provider.p : "", (int)provider.n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_bind_text(st, 2, name.p, (int)name.n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_DONE;
    return sqlite3_reset(st) == SQLITE_OK && ok;
}

enum { P_KEY, P_SOURCE_KEY, P_EMAIL, P_ACTIVE, P_INTERNAL, P_NAME, P_ROLE, P_PHONE };
static const char each_provider[] =
    "SELECT p.src_key, p.source_key, p.email, p.active, p.is_internal, coalesce(p.display, trim(coalesce(p.first, '') "
    "|| ' ' || coalesce(p.last, ''))), p.role, p.phone FROM main.provider AS p";

static sv text(sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (sv){p, p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

static bool is_no(sqlite3_stmt *st, int i) { return sv_eq(text(st, i), SV_LIT("0")); }

/* Empty: nobody. Who referred patients from another practice is no user. */
static sv owner_of(const owners *r, sqlite3_stmt *p)
{
    sv confirmed = confirmed_of(r, text(p, P_SOURCE_KEY));
    if (is_no(p, P_INTERNAL)) return confirmed;
    const crm_user *known = r->o->users ? user_of(r, text(p, P_EMAIL)) : NULL;
    if (known) return known->written;
    if (confirmed.n || r->o->users) return confirmed;
    return is_no(p, P_ACTIVE) ? (sv){NULL, 0} : text(p, P_EMAIL);
}

static bool fill(const owners *r, sqlite3 *work, sqlite3_stmt *to)
{
    sqlite3_stmt *p = NULL;
    if (!work_has(work, SV_LIT("provider"))) return true;
    bool ok = sqlite3_prepare_v2(work, each_provider, -1, &p, NULL) == SQLITE_OK;
    int rc = SQLITE_DONE;
    while (ok && (rc = sqlite3_step(p)) == SQLITE_ROW) {
        sv owner = owner_of(r, p);
        if (owner.n) ok = insert(to, text(p, P_KEY), owner);
    }
    sqlite3_finalize(p);
    return ok && rc == SQLITE_DONE;
}

static status find_fallback(owners *r)
{
    sv name = r->o->fallback;
    const crm_user *known = name.n && r->o->users ? user_named(r, name) : NULL;
    r->fallback = known ? known->written : name;
    if (!name.n || !r->o->users || known) return ST_OK;
    find_at(r->found, F_DEC_FALLBACK_UNKNOWN, sv_from(r->o->users), r->o->destination);
    return ST_FATAL;
}

const owners *owners_read(const owner_rules *rules, const owner_options *o, arena *mem, findings *f)
{
    owners *r = arena_alloc(mem, sizeof *r);
    if (!r) {
        find_code(f, F_OUT_OF_MEMORY, "finding the owners of records");
        return NULL;
    }
    *r = (owners){.rules = rules, .o = o, .mem = mem, .found = f};
    status s = o->users && !rules ? sheet_lacks(r, o->users, "this destination's template has no users") : ST_OK;
    if (s == ST_OK && o->users) s = read_users(r);
    if (s == ST_OK && o->confirmed) s = read_confirmed(r);
    if (s == ST_OK) s = find_fallback(r);
    if (s == ST_OK && arena_failed(mem)) s = no_memory(r);
    return s == ST_OK ? r : NULL;
}

status owners_apply(const owners *r, sqlite3 *work)
{
    sqlite3_stmt *to = make_table(r, work) ? prepare_insert(r, work) : NULL;
    bool ok = to && fill(r, work, to) && (!r->fallback.n || insert(to, (sv){NULL, 0}, r->fallback));
    status s = ok ? ST_OK : work_failed(work, r->found, "finding the owners of records");
    sqlite3_finalize(to);
    return s;
}

/* ---- providers without a user ---- */

static const char *reason(const owner_options *o, sqlite3_stmt *p)
{
    if (is_no(p, P_INTERNAL)) return "belongs to another practice";
    if (!text(p, P_EMAIL).n) return "has no e-mail address";
    if (o->users) return "no active user has the e-mail address";
    return "has left the practice";
}

bool owners_each_unmatched(const owners *r, sqlite3 *work, owners_take take, void *ctx)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    if (!work_has(work, SV_LIT("provider"))) return true;
    buf_str(&sql, each_provider);
    buf_str(&sql, " WHERE p.src_key NOT IN (SELECT provider FROM main.");
    owners_table_name(r->o->destination, &sql);
    buf_str(&sql, ") ORDER BY p.source_key");
    sqlite3_stmt *p = work_prepare(work, &sql);
    int rc = SQLITE_ERROR;
    bool ok = p != NULL;
    while (ok && (rc = sqlite3_step(p)) == SQLITE_ROW) {
        const unmatched_provider x = {.source_key = text(p, P_SOURCE_KEY),
                                      .name = text(p, P_NAME),
                                      .role = text(p, P_ROLE),
                                      .email = text(p, P_EMAIL),
                                      .phone = text(p, P_PHONE),
                                      .why = reason(r->o, p)};
        ok = take(ctx, text(p, P_KEY), &x);
    }
    sqlite3_finalize(p);
    return ok && rc == SQLITE_DONE;
}
