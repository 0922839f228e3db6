#include "base/ascii.h"
#include "base/path.h"
#include "csv/csv_internal.h"

static bool identifier(sv s)
{
    if (s.n == 0 || !(is_letter(s.p[0]) || s.p[0] == '_')) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter(s.p[i]) && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_') return false;
    return true;
}

/* Without the ending: at most four letters or digits behind the last dot. */
static sv stem_of(sv leaf)
{
    for (size_t i = leaf.n; i-- > 1;) {
        if (leaf.p[i] != '.') continue;
        size_t n = leaf.n - i - 1;
        return n >= 1 && n <= 4 ? (sv){leaf.p, i} : leaf;
    }
    return leaf;
}

void csv_table_name(sv path, arena *mem, table_info *t)
{
    sv stem = stem_of(path_leaf(path));
    const char *dot = sv_find(stem, '.');
    sv schema = {stem.p, dot ? (size_t)(dot - stem.p) : 0};
    sv name = dot ? (sv){dot + 1, stem.n - schema.n - 1} : stem;
    const char *second = dot ? sv_find(name, '.') : NULL;
    if (second) {
        /* database.dbo.table, as bcp names what it exports */
        sv middle = {name.p, (size_t)(second - name.p)}, rest = {second + 1, name.n - (size_t)(second - name.p) - 1};
        bool three = identifier(schema) && sv_eq_nocase(middle, SV_LIT("dbo")) && rest.n && !sv_find(rest, '.');
        schema = three ? middle : (sv){NULL, 0};
        name = three ? rest : stem;
    } else if (!dot || !identifier(schema) || !name.n) {
        schema = (sv){NULL, 0};
        name = stem;
    }
    t->schema = arena_sv(mem, schema);
    t->name = arena_sv(mem, name);
    t->full_name = schema.n ? arena_printf(mem, "%.*s.%.*s", (int)schema.n, schema.p, (int)name.n, name.p) : t->name;
}
