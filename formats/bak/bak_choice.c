#include "bak/bak_choice.h"
#include "bak/bak_chain.h"
#include "mdf/mdf_source.h"

enum { FAMILIES_MAX = 64 }; /* SQL Server's own limit */

const char *bak_type_name(char type)
{
    switch (type) {
    case 'D': return "full";
    case 'I': return "differential";
    case 'L': return "log";
    case 'F': return "file or filegroup";
    case 'G': return "differential of files";
    case 'P': return "partial";
    case 'Q': return "differential of a partial";
    default: return "unknown";
    }
}

sv bak_product(arena *a, const bak_config *c)
{
    static const struct {
        unsigned major, minor;
        const char *name;
    } products[] = {{17, 0, "2025"}, {16, 0, "2022"}, {15, 0, "2019"},     {14, 0, "2017"}, {13, 0, "2016"},
                    {12, 0, "2014"}, {11, 0, "2012"}, {10, 50, "2008 R2"}, {10, 0, "2008"}, {9, 0, "2005"}};
    if (c->major == 0) return mdf_product_of_version(c->version);
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++)
        if (products[i].major == c->major && c->minor >= products[i].minor)
            return arena_printf(a, "SQL Server %s (%u.%u.%u)", products[i].name, c->major, c->minor, c->build);
    return arena_printf(a, "SQL Server (%u.%u.%u)", c->major, c->minor, c->build);
}

typedef struct chooser {
    const bak_media *media;
    size_t medias;
    unsigned number;
    bool salvage;
    arena *mem;
    findings *found;
    bak_choice *out;
} chooser;

static status add(chooser *c, finding_code code, const bak_media *m, sv a, sv b)
{
    finding x = FINDING_OF(code);
    if (m) x.path = m->path;
    x.a = a;
    x.b = b;
    find_add(c->found, &x);
    return ST_FATAL;
}

/* ---- listing ---- */

static bool is_zero(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i]) return false;
    return true;
}

static bool same_media_set(const bak_media *a, const bak_media *b)
{
    return memcmp(a->guid, b->guid, 16) == 0 && !is_zero(a->guid, 16);
}

static const bak_set *same_set(const bak_media *m, const bak_set *s, size_t position)
{
    for (size_t i = 0; i < m->sets && !is_zero(s->guid, 16); i++)
        if (memcmp(m->set[i].guid, s->guid, 16) == 0) return &m->set[i];
    return is_zero(s->guid, 16) && position < m->sets ? &m->set[position] : NULL;
}

static bool add_entry(chooser *c, size_t group, const bak_media *const *family, unsigned families, size_t position)
{
    bak_choice *o = c->out;
    bak_entry *e = &o->entry[o->entries];
    *e = (bak_entry){.families = families, .group = group, .number = (unsigned)o->entries + 1};
    e->part_media = arena_array(c->mem, families, sizeof *e->part_media);
    e->part_set = arena_array(c->mem, families, sizeof *e->part_set);
    if (!e->part_media || !e->part_set) return false;
    for (unsigned i = 0; i < families; i++) {
        if (!family[i]) continue;
        const bak_set *s = e->set ? same_set(family[i], e->set, position) : &family[i]->set[position];
        if (!s) continue;
        e->part_media[i] = family[i];
        e->part_set[i] = s;
        e->given++;
        if (e->set) continue;
        e->media = family[i];
        e->set = s;
    }
    o->entries++;
    return true;
}

/* The media files of one media set by family number; the same family twice is a mirror. */
static unsigned gather(chooser *c, size_t first, bool *taken, const bak_media *family[FAMILIES_MAX])
{
    const bak_media *m = &c->media[first];
    unsigned families = m->families >= 1 && m->families <= FAMILIES_MAX ? m->families : 1;
    for (size_t i = first; i < c->medias; i++) {
        const bak_media *other = &c->media[i];
        if (taken[i] || (i != first && !same_media_set(m, other))) continue;
        taken[i] = true;
        unsigned at = other->family >= 1 && other->family <= families ? other->family - 1 : 0;
        if (family[at])
            add(c, F_BAK_SAME_PART, other, arena_printf(c->mem, "part %u of %u", at + 1, families), (sv){NULL, 0});
        else
            family[at] = other;
    }
    return families;
}

static bool list(chooser *c)
{
    size_t sets = 0;
    for (size_t i = 0; i < c->medias; i++) sets += c->media[i].sets;
    c->out->entry = arena_array(c->mem, sets + 1, sizeof *c->out->entry);
    bool *taken = arena_array(c->mem, c->medias + 1, sizeof *taken);
    if (!c->out->entry || !taken) return false;
    for (size_t i = 0; i < c->medias; i++) {
        const bak_media *family[FAMILIES_MAX] = {NULL};
        if (taken[i]) continue;
        unsigned families = gather(c, i, taken, family);
        const bak_media *base = NULL;
        for (unsigned k = 0; k < families && !base; k++) base = family[k];
        for (size_t s = 0; base && s < base->sets; s++)
            if (!add_entry(c, c->out->groups, family, families, s)) return false;
        c->out->groups++;
    }
    return true;
}

/* ---- choosing ---- */

static char type_of(const bak_entry *e) { return bak_set_type(e->set); }

static const bak_config *first_config(const bak_entry *e)
{
    return e->set->has_begin ? &e->set->begin : &e->set->finish;
}

/* How well an entry serves as the base of everything: 0 not at all. Partial and file backups serve when the primary
 * file, which holds the catalog, is among them. */
static int fullness(const bak_entry *e)
{
    char type = type_of(e);
    if (type == 'D') return 2;
    if (type != 'P' && type != 'F') return 0;
    const bak_config *c = first_config(e);
    for (size_t i = 0; i < c->files; i++)
        if (c->file[i].id == 1 && c->file[i].extents) return 1;
    return 0;
}

static uint64_t finished(const bak_entry *e)
{
    uint64_t k = mtf_date_key(bak_set_config(e->set)->finished);
    return k ? k : mtf_date_key(e->set->date);
}

static bool is_based_on(const bak_entry *diff, const bak_entry *full)
{
    const bak_config *d = first_config(diff);
    const bak_config *both[2] = {&full->set->begin, &full->set->finish};
    if (memcmp(d->binding, first_config(full)->binding, 16) != 0) return false;
    for (int i = 0; i < 2; i++)
        if (both[i]->type &&
            (bak_lsn_cmp(d->base, both[i]->checkpoint) == 0 || bak_lsn_cmp(d->base, both[i]->first) == 0))
            return true;
    return false;
}

static const bak_entry *base_of(const bak_choice *o, const bak_entry *diff)
{
    for (size_t i = 0; i < o->entries; i++)
        if (fullness(&o->entry[i]) == 2 && is_based_on(diff, &o->entry[i])) return &o->entry[i];
    return NULL;
}

static const bak_entry *newest_full(const bak_choice *o)
{
    const bak_entry *best = NULL;
    for (size_t i = 0; i < o->entries; i++) {
        const bak_entry *e = &o->entry[i];
        if (!fullness(e)) continue;
        bool better = !best || fullness(e) > fullness(best);
        if (best && fullness(e) == fullness(best)) better = finished(e) >= finished(best);
        if (better) best = e;
    }
    return best;
}

/* The newest differential that has its full backup among the sets. group: only in files other than the full's. */
static const bak_entry *newest_diff(const bak_choice *o, const bak_entry **full)
{
    const bak_entry *best = NULL;
    for (size_t i = 0; i < o->entries; i++) {
        const bak_entry *e = &o->entry[i];
        const bak_entry *base = type_of(e) == 'I' ? base_of(o, e) : NULL;
        if (!base || base->group == e->group || (best && finished(e) < finished(best))) continue;
        best = e;
        *full = base;
    }
    return best;
}

static status refuse_entry(chooser *c, const bak_entry *e)
{
    arena *a = c->mem;
    sv none = {NULL, 0};
    const bak_config *k = first_config(e);
    sv what = arena_printf(a, "database %.*s, set %u", (int)k->database.n, k->database.p, e->number);
    switch (type_of(e)) {
    case 'L': return add(c, F_BAK_LOG_ONLY, e->media, what, none);
    case 'I':
    case 'G':
    case 'Q': return add(c, F_BAK_DIFF_ONLY, e->media, what, none);
    case 'F':
    case 'P':
        return add(c, F_BAK_FILES_ONLY, e->media,
                   arena_printf(a, "a %s backup of %.*s", bak_type_name(type_of(e)), (int)k->database.n, k->database.p),
                   none);
    default: return add(c, F_BAK_NO_SET, e->media, SV_LIT("what kind of backup set it holds is not readable"), none);
    }
}

/* No set can be read: say it of the most telling one. */
static status refuse_all(chooser *c)
{
    const bak_choice *o = c->out;
    const bak_entry *e = NULL;
    unsigned diffs = 0, logs = 0;
    for (size_t i = 0; i < o->entries; i++) {
        char type = type_of(&o->entry[i]);
        diffs += type == 'I';
        logs += type == 'L';
        if (!e || (type == 'I' && type_of(e) != 'I')) e = &o->entry[i];
    }
    if (!e) return add(c, F_BAK_NO_SET, NULL, SV_LIT("no backup set could be read"), (sv){NULL, 0});
    sv none = {NULL, 0};
    if (diffs && diffs + logs == o->entries && o->entries > 1)
        return add(c, F_BAK_DIFF_ONLY, e->media,
                   arena_printf(c->mem, "%u differential and %u log sets, no full one", diffs, logs), none);
    if (logs == o->entries && logs > 1)
        return add(c, F_BAK_LOG_ONLY, e->media, arena_printf(c->mem, "%u log sets", logs), none);
    return refuse_entry(c, e);
}

static status refuse_base(chooser *c, const bak_entry *diff, const bak_entry *full)
{
    return add(c, F_BAK_DIFF_BASE, diff->media, bak_lsn_text(c->mem, first_config(diff)->base),
               bak_lsn_text(c->mem, first_config(full)->checkpoint));
}

static status pick_number(chooser *c)
{
    bak_choice *o = c->out;
    if (c->number > o->entries)
        return add(c, F_BAK_NO_SUCH_SET, NULL, arena_printf(c->mem, "%u", c->number),
                   arena_printf(c->mem, "%zu", o->entries));
    const bak_entry *e = &o->entry[c->number - 1];
    if (fullness(e)) {
        o->full = e;
        return ST_OK;
    }
    const bak_entry *base = type_of(e) == 'I' ? base_of(o, e) : NULL;
    if (!base) return refuse_entry(c, e);
    o->full = base;
    o->diff = e;
    return ST_OK;
}

static status refuse_stranger(chooser *c, const bak_entry *e)
{
    const bak_choice *o = c->out;
    const bak_config *k = first_config(e);
    if (type_of(e) == 'I' && !base_of(o, e)) return refuse_base(c, e, o->full);
    if (!type_of(e)) return ST_OK; /* cut off before it says what it is: told at the end of the chain */
    if (memcmp(k->binding, first_config(o->full)->binding, 16) != 0)
        return add(c, F_BAK_NOT_TOGETHER, e->media,
                   arena_printf(c->mem, "a backup of database %.*s", (int)k->database.n, k->database.p), (sv){NULL, 0});
    return ST_OK;
}

/* Files given together must have to do with each other. */
static status refuse_strangers(chooser *c)
{
    const bak_choice *o = c->out;
    status st = ST_OK;
    for (size_t i = 0; i < o->entries && st == ST_OK; i++) {
        const bak_entry *e = &o->entry[i];
        if (e->group == o->full->group || (o->diff && e->group == o->diff->group)) continue;
        st = refuse_stranger(c, e);
    }
    return st;
}

static void note_newer_diff(chooser *c)
{
    const bak_choice *o = c->out;
    const bak_entry *best = NULL;
    for (size_t i = 0; i < o->entries && !o->diff; i++) {
        const bak_entry *e = &o->entry[i];
        if (type_of(e) == 'I' && base_of(o, e) == o->full && (!best || finished(e) >= finished(best))) best = e;
    }
    if (best)
        add(c, F_BAK_DIFF_LEFT_OUT, o->full->media, arena_printf(c->mem, "%u", o->full->number),
            arena_printf(c->mem, "%u", best->number));
}

/* There was something to choose from, besides logs that belong to what was chosen. */
static bool has_other_data(const bak_choice *o)
{
    for (size_t i = 0; i < o->entries && !o->diff; i++)
        if (&o->entry[i] != o->full && (type_of(&o->entry[i]) != 'L' || o->entry[i].group == o->full->group))
            return true;
    return false;
}

static status pick_newest(chooser *c)
{
    bak_choice *o = c->out;
    const bak_entry *full = NULL;
    o->diff = newest_diff(o, &full);
    o->full = full ? full : newest_full(o);
    if (!o->full) return refuse_all(c);
    status st = refuse_strangers(c);
    if (st != ST_OK) return st;
    if (has_other_data(o)) {
        const bak_config *k = bak_set_config(o->full->set);
        sv when = mtf_date(c->mem, k->finished);
        add(c, F_BAK_SET_CHOSEN, o->full->media, arena_printf(c->mem, "%u", o->full->number),
            arena_printf(c->mem, "%s backup of %.*s%s%.*s", bak_type_name(type_of(o->full)), (int)k->database.n,
                         k->database.p, when.n ? ", finished " : "", (int)when.n, when.p));
        note_newer_diff(c);
    }
    return ST_OK;
}

/* A file given that holds the same part of another backup: taken for the missing one. */
static void name_mixed_up(const chooser *c, const bak_entry *e, buf *text)
{
    for (size_t k = 0; k < c->out->entries; k++) {
        const bak_entry *x = &c->out->entry[k];
        if (x->group == e->group || x->families != e->families) continue;
        for (unsigned i = 0; i < e->families; i++) {
            if (e->part_set[i] || !x->part_set[i]) continue;
            sv path = x->part_media[i]->path, when = mtf_date(c->mem, bak_set_config(x->set)->finished);
            buf_printf(text, "; %.*s is part %u of another backup%s%.*s", (int)path.n, path.p, i + 1,
                       when.n ? ", finished " : "", (int)when.n, when.p);
            return;
        }
    }
}

/* All parts there, or named. */
static status check_parts(chooser *c, const bak_entry *e)
{
    if (!e || e->given == e->families) return ST_OK;
    buf text = buf_new(4096);
    unsigned missing = e->families - e->given;
    buf_str(&text, missing > 1 ? "parts " : "part ");
    for (unsigned i = 0, n = 0; i < e->families; i++)
        if (!e->part_set[i]) buf_printf(&text, "%s%u", n++ ? ", " : "", i + 1);
    buf_printf(&text, " of %u %s missing", e->families, missing > 1 ? "are" : "is");
    name_mixed_up(c, e, &text);
    sv what = arena_sv(c->mem, buf_view(&text));
    buf_free(&text);
    status st = add(c, c->salvage ? F_BAK_PART_SALVAGE : F_BAK_PART_MISSING, e->media, what, (sv){NULL, 0});
    return c->salvage ? ST_OK : st;
}

static status check_data(chooser *c, const bak_entry *e)
{
    if (!e) return ST_OK;
    for (unsigned i = 0; i < e->families; i++)
        if (e->part_set[i] && (e->part_set[i]->passes || e->part_set[i]->broken)) return ST_OK;
    return add(c, F_BAK_NO_DATA, e->media, arena_printf(c->mem, "a %s backup", bak_type_name(type_of(e))),
               (sv){NULL, 0});
}

status bak_choose(const bak_media *media, size_t medias, unsigned number, bool salvage, arena *a, findings *f,
                  bak_choice *out)
{
    memset(out, 0, sizeof *out);
    chooser c = {media, medias, number, salvage, a, f, out};
    if (!list(&c)) {
        out->entries = 0;
        return add(&c, F_OUT_OF_MEMORY, NULL, SV_LIT("listing backup sets"), (sv){NULL, 0});
    }
    status st = number ? pick_number(&c) : pick_newest(&c);
    if (st == ST_OK) st = check_parts(&c, out->full);
    if (st == ST_OK) st = check_parts(&c, out->diff);
    if (st == ST_OK) st = check_data(&c, out->full);
    if (st == ST_OK) st = check_data(&c, out->diff);
    if (st == ST_OK && !number) st = bak_chain(out, a, f);
    if (st != ST_OK) out->full = out->diff = NULL;
    return st;
}
