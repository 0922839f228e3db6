#include "convert/ownership.h"
#include "base/digits.h"
#include "convert/choice.h"
#include "deliver/list_file.h"
#include "deliver/owner_check.h"
#include "model/work_file.h"

enum { NAMES_SHOWN = 5, TEXT_MAX = 1 << 16 };

#define PATH    "quality/unmatched_providers.csv"
#define HEADING "destination,object,records,owner,provider,name,role,email,phone,why"

struct ownership {
    const destination *const *d;
    owner_options *option; /* of each destination */
    const owners **owners;
    size_t n;
    arena *mem;
    findings *found;
};

static status no_memory(const ownership *x)
{
    find_code(x->found, F_OUT_OF_MEMORY, "finding the owners of records");
    return ST_FATAL;
}

/* "zoho=users.csv" is for that destination, "users.csv" for all of them. */
static const char *file_for(const convert_options *o, sv id)
{
    const char *found = NULL;
    for (size_t i = 0; i < o->users_n; i++) {
        const char *one = o->users[i];
        if (strncmp(one, id.p, id.n) == 0 && one[id.n] == '=') return one + id.n + 1;
        bool other = false;
        for (size_t k = 0; k < o->destinations; k++) {
            size_t n = strlen(o->to[k]);
            other |= strncmp(one, o->to[k], n) == 0 && one[n] == '=';
        }
        if (!other) found = one;
    }
    return found;
}

const ownership *ownership_read(const convert_options *o, const destination *const *d, size_t n, arena *mem,
                                findings *f)
{
    ownership *x = arena_alloc(mem, sizeof *x);
    if (x) {
        *x = (ownership){.d = d, .n = n, .mem = mem, .found = f};
        x->option = arena_array(mem, n + 1, sizeof *x->option);
        x->owners = arena_array(mem, n + 1, sizeof(const owners *));
    }
    if (!x || !x->option || !x->owners) {
        find_code(f, F_OUT_OF_MEMORY, "finding the owners of records");
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        sv id = destination_id(d[i]);
        bool takes = destination_has_owners(d[i]);
        x->option[i] = (owner_options){.destination = id,
                                       .users = takes ? file_for(o, id) : NULL,
                                       .confirmed = takes ? o->owners : NULL,
                                       .fallback = takes ? choice_option_for(o->fallback_owner, id) : (sv){NULL, 0}};
        x->owners[i] = owners_read(destination_owners(d[i]), &x->option[i], mem, f);
        if (!x->owners[i]) return NULL;
    }
    return x;
}

sv ownership_apply(const ownership *x, size_t at, sqlite3 *work)
{
    buf name = buf_new(TEXT_MAX);
    owners_table_name(x->option[at].destination, &name);
    sv out = name.failed ? (sv){NULL, 0} : arena_sv(x->mem, buf_view(&name));
    buf_free(&name);
    if (!out.p) (void)no_memory(x);
    return out.p && owners_apply(x->owners[at], work) == ST_OK ? out : (sv){NULL, 0};
}

/* ---- those who are missing ---- */

/* One destination's. */
typedef struct missing {
    const ownership *x;
    size_t at;
    const ownerless *item;
    size_t n;
    list_file *list;
    uint64_t without, stands_in; /* records */
    buf names_without, names_stands_in;
    size_t shown_without, shown_stands_in;
    status end;
} missing;

static bool wants_check(const owner_options *o) { return o->users || o->fallback.n; }

static void add_name(buf *to, size_t *shown, sv name)
{
    if (*shown == NAMES_SHOWN) buf_str(to, " and others");
    if ((*shown)++ >= NAMES_SHOWN) return;
    if (to->n) buf_str(to, ", ");
    buf_sv(to, name);
}

static void list_line(missing *m, const ownerless *l, const unmatched_provider *p)
{
    char room[DIGITS_U64_MAX + 1];
    const sv cell[] = {destination_id(m->x->d[m->at]),
                       l->object,
                       {room, digits_u64(l->records, room)},
                       l->stands_in ? SV_LIT("stands in") : SV_LIT("nobody"),
                       p->source_key,
                       p->name,
                       p->role,
                       p->email,
                       p->phone,
                       sv_from(p->why)};
    m->end = list_file_row(m->list, cell, sizeof cell / sizeof cell[0]);
}

/* A provider's records, object by object; the empty key: of records that name no provider. */
static bool take_provider(void *ctx, sv src_key, const unmatched_provider *p)
{
    missing *m = ctx;
    uint64_t stands_in = 0, without = 0;
    for (size_t i = 0; i < m->n && m->end == ST_OK; i++) {
        const ownerless *l = &m->item[i];
        if (!sv_eq(l->provider, src_key)) continue;
        *(l->stands_in ? &stands_in : &without) += l->records;
        list_line(m, l, p);
    }
    if (without) add_name(&m->names_without, &m->shown_without, p->name);
    if (stands_in) add_name(&m->names_stands_in, &m->shown_stands_in, p->name);
    m->without += without;
    m->stands_in += stands_in;
    return m->end == ST_OK;
}

static void tell(const missing *m, finding_code code, uint64_t records, const buf *names)
{
    char room[32];
    size_t n = digits_u64(records, room);
    memcpy(room + n, " records", sizeof " records");
    finding f = FINDING_OF(code);
    f.path = destination_id(m->x->d[m->at]);
    f.a = buf_view(names);
    f.b = (sv){room, n + sizeof " records" - 1};
    f.rows = code == F_DEC_OWNER_MISSING ? records : 0;
    if (records) find_add(m->x->found, &f);
}

static status check_one(const ownership *x, size_t at, const deliver_run *run, list_file *list)
{
    missing m = {
        .x = x, .at = at, .list = list, .names_without = buf_new(TEXT_MAX), .names_stands_in = buf_new(TEXT_MAX)};
    const unmatched_provider nobody = {.name = SV_LIT("records without a provider"), .why = "names no provider"};
    m.end = owner_check(x->d[at], run, &m.item, &m.n);
    if (m.end == ST_OK && !owners_each_unmatched(x->owners[at], run->work, take_provider, &m) && m.end == ST_OK) {
        m.end = work_failed(run->work, x->found, "listing providers who are no users");
    }
    if (m.end == ST_OK) (void)take_provider(&m, (sv){NULL, 0}, &nobody);
    if (m.end == ST_OK && (m.names_without.failed || m.names_stands_in.failed)) m.end = no_memory(x);
    if (m.end == ST_OK) tell(&m, F_DEC_OWNER_FALLBACK, m.stands_in, &m.names_stands_in);
    if (m.end == ST_OK) tell(&m, F_DEC_OWNER_MISSING, m.without, &m.names_without);
    buf_free(&m.names_without);
    buf_free(&m.names_stands_in);
    return m.end;
}

status ownership_check(const ownership *x, const deliver_run *run, const char *folder, rejects_file *file)
{
    bool wanted = false;
    for (size_t i = 0; i < x->n; i++) wanted |= wants_check(&x->option[i]);
    *file = (rejects_file){0};
    if (!wanted) return ST_OK;
    list_file *list = list_file_new(folder, SV_LIT(PATH), HEADING, x->found);
    status s = list ? ST_OK : ST_FATAL;
    for (size_t i = 0; s == ST_OK && i < x->n; i++)
        if (wants_check(&x->option[i]) && destination_has_owners(x->d[i])) s = check_one(x, i, &run[i], list);
    if (s != ST_OK) {
        list_file_abandon(list);
        return s;
    }
    s = list_file_close(list, file);
    return s == ST_OK && findings_count(x->found, F_DEC_OWNER_MISSING) ? ST_FATAL : s;
}
