#include "schema/dataverse.h"
#include <stdio.h>

static char small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

bool dataverse_prefix_fits(sv prefix, const char **why)
{
    *why = "a publisher's prefix has 2 to 8 letters and digits, a letter first";
    if (prefix.n < 2 || prefix.n > 8) return false;
    for (size_t i = 0; i < prefix.n; i++) {
        char c = small(prefix.p[i]);
        if (!(c >= 'a' && c <= 'z') && !(i && c >= '0' && c <= '9')) return false;
    }
    if (prefix.n >= 5 && sv_eq_nocase((sv){prefix.p, 5}, SV_LIT("mscrm"))) {
        *why = "a publisher's prefix does not begin with mscrm";
        return false;
    }
    return true;
}

bool dataverse_is_ours(const deliver_facts *f, sv name)
{
    return name.n > f->prefix.n + 1 && name.p[f->prefix.n] == '_' && sv_eq_nocase((sv){name.p, f->prefix.n}, f->prefix);
}

bool dataverse_is_column(const deliver_facts *f, const fact_field *x)
{
    return !x->is_key || dataverse_is_ours(f, x->name);
}

static bool has_columns(const deliver_facts *f, const fact_table *t)
{
    bool any = false;
    for (size_t i = 0; i < t->fields; i++) any |= dataverse_is_ours(f, t->field[i].name);
    return any;
}

static bool points_to(const fact_table *from, sv object)
{
    for (size_t i = 0; i < from->fields; i++)
        if (sv_eq(from->field[i].target, object)) return true;
    return false;
}

/* Links go over a few tables: from a billing line to its procedure to its plan. */
static bool is_wanted(const deliver_facts *f, const fact_table *t, unsigned depth)
{
    enum { DEPTH_MAX = 4 };
    bool wanted = t->is_written;
    for (size_t i = 0; !wanted && depth < DEPTH_MAX && i < f->tables; i++)
        wanted = &f->table[i] != t && points_to(&f->table[i], t->object) && is_wanted(f, &f->table[i], depth + 1);
    return wanted;
}

bool dataverse_in_solution(const deliver_facts *f, const fact_table *t)
{
    return has_columns(f, t) && is_wanted(f, t, 0);
}

/* Activities and users get the column and no key: whether their tables take one is not documented, and one refusal would
 * stop the whole solution. */
bool dataverse_has_key(const deliver_facts *f, const fact_table *t)
{
    static const sv without[] = {{"appointment", 11}, {"task", 4}, {"systemuser", 10}};
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
        if (sv_eq_nocase(t->object, without[i])) return false;
    return dataverse_is_ours(f, t->key);
}

sv dataverse_logical(arena *mem, sv name)
{
    char *p = arena_alloc(mem, name.n + 1);
    for (size_t i = 0; p && i < name.n; i++) p[i] = small(name.p[i]);
    return (sv){p, p ? name.n : 0};
}

sv dataverse_table_name(sv object)
{
    static const sv name[] = {{"Account", 7}, {"Contact", 7},     {"Appointment", 11},
                              {"Task", 4},    {"SystemUser", 10}, {"Annotation", 10}};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (sv_eq_nocase(object, name[i])) return name[i];
    return object;
}

unsigned dataverse_option_prefix(sv prefix)
{
    enum { FIRST = 10000, LAST = 99999 };
    if (sv_eq_nocase(prefix, SV_LIT("new"))) return FIRST;
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < prefix.n; i++) h = (h ^ (uint8_t)small(prefix.p[i])) * UINT64_C(1099511628211);
    return FIRST + 1 + (unsigned)(h % (LAST - FIRST));
}

long long dataverse_option_value(const deliver_facts *f, size_t place)
{
    return (long long)dataverse_option_prefix(f->prefix) * 10000 + (long long)place;
}

size_t dataverse_options(const fact_field *x)
{
    if (x->type == TARGET_BOOL) return 2;
    return x->type == TARGET_PICKLIST || x->type == TARGET_MULTIPICKLIST ? x->options : 0;
}

sv dataverse_option(const deliver_facts *f, const fact_field *x, size_t place)
{
    if (x->type != TARGET_BOOL) return x->option[place].value;
    return place ? f->destination->no : f->destination->yes;
}

sv dataverse_guid(arena *mem, sv text)
{
    uint64_t a = sv_hash(text), b = a;
    /* A second hash over the first one's bytes and the text again. */
    for (unsigned i = 0; i < 8; i++) b = (b ^ (uint8_t)(a >> 8 * i)) * UINT64_C(1099511628211);
    for (size_t i = 0; i < text.n; i++) b = (b ^ (uint8_t)text.p[i]) * UINT64_C(1099511628211);
    return arena_printf(mem, "{%08X-%04X-4%03X-%04X-%012llX}", (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xFFFFu,
                        (unsigned)a & 0xFFFu, ((unsigned)(b >> 48) & 0x3FFFu) | 0x8000u,
                        (unsigned long long)(b & UINT64_C(0xFFFFFFFFFFFF)));
}

void dataverse_label(xml_writer *w, const char *name, const char *child, sv text)
{
    xml_open(w, name);
    xml_open(w, child);
    xml_attr(w, "description", text);
    xml_attr(w, "languagecode", SV_LIT("1033"));
    xml_close(w);
    xml_close(w);
}

void dataverse_flags(xml_writer *w, const char *const (*flag)[2], size_t n)
{
    for (size_t i = 0; i < n; i++) xml_word(w, flag[i][0], flag[i][1]);
}
