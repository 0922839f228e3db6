/* Limits and editions of a destination, and what of them a template breaks whatever the data. */
#include "template/reader.h"

#define L(id, key, what) key,
const char *const limit_key[LIMITS] = {LIMIT_LIST(L)};
#undef L
#define L(id, key, what) what,
const char *const limit_what[LIMITS] = {LIMIT_LIST(L)};
#undef L

static const yaml_key limit_keys[] = {{"is", YAML_IS_TEXT, true}, {"source", YAML_IS_TEXT, true}};

/* A number, or {is: 100, source: "..."}. */
static void read_limit(template_reader *r, destination *d, const yaml_pair *p, limit_id id, bool of_edition)
{
    const yaml_node *n = p->value;
    if (n->kind == YAML_MAP) {
        (void)yaml_check(d->file, n, limit_key[id], limit_keys, 2, r->wrong);
        const yaml_node *source = template_text(n, "source");
        if (source) d->limit.source[id] = source->text;
        n = template_text(n, "is");
    } else if (n->kind == YAML_TEXT && r->options && r->options->sources) {
        template_problem(r, d->file, n, "\"%s\" says nothing of its source: {is: %.*s, source: \"where that is said\"}",
                         limit_key[id], (int)n->text.n, n->text.p);
    }
    if (!n || n->kind != YAML_TEXT) {
        if (n) template_problem(r, d->file, n, "\"%s\" is a number, or {is: ..., source: ...}", limit_key[id]);
        return;
    }
    if (yaml_uint(d->file, n, INT64_MAX, &d->limit.most[id], r->wrong) && !d->limit.most[id])
        template_problem(r, d->file, n, "\"%s\" is at least 1", limit_key[id]);
    d->limit.of_edition[id] = of_edition;
}

static int limit_named(sv key)
{
    for (size_t i = 0; i < LIMITS; i++)
        if (sv_eq(sv_from(limit_key[i]), key)) return (int)i;
    return -1;
}

static void read_map(template_reader *r, destination *d, const yaml_node *map, const char *what, bool of_edition)
{
    yaml_key all[LIMITS + 1];
    for (size_t i = 0; i < LIMITS; i++) all[i] = (yaml_key){limit_key[i], YAML_IS_TEXT | YAML_IS_MAP, false};
    all[LIMITS] = (yaml_key){"title", YAML_IS_TEXT, false};
    (void)yaml_check(d->file, map, what, all, LIMITS + (of_edition ? 1 : 0), r->wrong);
    for (size_t i = 0; i < map->n; i++) {
        int id = limit_named(map->pair[i].key);
        if (id >= 0) read_limit(r, d, &map->pair[i], (limit_id)id, of_edition);
    }
}

void template_read_limits(template_reader *r, destination *d, const yaml_node *root)
{
    static const yaml_key parts_keys[] = {{"rows", YAML_IS_TEXT | YAML_IS_MAP, false},
                                          {"bytes", YAML_IS_TEXT | YAML_IS_MAP, false}};
    const yaml_node *map = yaml_get(root, "limits"), *parts = yaml_get(root, "parts");
    d->limit.most[LIMIT_FIRST_YEAR] = 1;
    d->limit.most[LIMIT_LAST_YEAR] = 9999;
    if (map && map->kind == YAML_MAP) read_map(r, d, map, "\"limits\"", false);
    if (parts && parts->kind == YAML_MAP) {
        (void)yaml_check(d->file, parts, "\"parts\"", parts_keys, 2, r->wrong);
        for (size_t i = 0; i < parts->n; i++)
            read_limit(r, d, &parts->pair[i],
                       sv_eq(parts->pair[i].key, SV_LIT("rows")) ? LIMIT_ROWS_PER_FILE : LIMIT_BYTES_PER_FILE, false);
    }
    if (d->edition && d->edition->limits->kind == YAML_MAP) read_map(r, d, d->edition->limits, "this edition", true);
    if (d->limit.most[LIMIT_FIRST_YEAR] > d->limit.most[LIMIT_LAST_YEAR])
        template_problem(r, d->file, map, "\"first_year\" is after \"last_year\"");
}

/* The names of all editions, for a choice. */
static const sv *edition_names(template_reader *r, const destination *d)
{
    sv *name = template_block(r, d->edition_count, sizeof *name);
    for (size_t i = 0; name && i < d->edition_count; i++) name[i] = d->editions[i].name;
    return name;
}

void template_read_editions(template_reader *r, destination *d, const yaml_node *root)
{
    const yaml_node *map = yaml_get(root, "editions"), *n = template_text(root, "default_edition");
    const yaml_node asked = {.kind = YAML_TEXT, .text = r->options ? r->options->edition : (sv){NULL, 0}};
    if (!map || map->kind != YAML_MAP || map->n == 0) {
        if (n) template_problem(r, d->file, n, "\"default_edition\" needs \"editions\"");
        if (asked.text.n)
            template_problem(r, d->file, NULL, "%.*s has no editions to choose from", (int)d->id.n, d->id.p);
        return;
    }
    edition *all = template_block(r, map->n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < map->n; i++) {
        const yaml_node *x = map->pair[i].value, *title = template_text(x, "title");
        all[i] = (edition){map->pair[i].key, title ? title->text : map->pair[i].key, x};
        if (x->kind != YAML_MAP) template_problem(r, d->file, x, "an edition is a map of limits");
    }
    d->editions = all;
    d->edition_count = map->n;
    if (!n) template_problem(r, d->file, map, "\"editions\" needs \"default_edition\"");
    if (asked.text.n) n = &asked;
    const sv *name = edition_names(r, d);
    int found =
        n && name ? template_one_of(r, d->file, n, asked.text.n ? "--edition" : "default_edition", name, map->n) : -1;
    if (found >= 0) d->edition = &all[found];
}

bool template_named_in(template_reader *r, sv file, const yaml_node *list, const char *key, sv word)
{
    if (!list || list->kind != YAML_LIST) return true;
    bool found = false;
    for (size_t i = 0; i < list->n; i++) {
        if (list->item[i]->kind != YAML_TEXT)
            template_problem(r, file, list->item[i], "\"%s\" is a list of words", key);
        else
            found |= sv_eq(list->item[i]->text, word);
    }
    return found;
}

static bool profile_wanted(template_reader *r, sv file, const yaml_node *map)
{
    const yaml_node *only = yaml_get(map, "profiles"), *but = yaml_get(map, "not_profiles");
    sv profile = r->options ? r->options->profile : (sv){NULL, 0};
    bool listed = template_named_in(r, file, only, "profiles", profile);
    bool left_out = but && but->kind == YAML_LIST && template_named_in(r, file, but, "not_profiles", profile);
    return !profile.n || (listed && !left_out);
}

bool template_is_wanted(template_reader *r, const destination *d, sv file, const yaml_node *map)
{
    bool layout = template_named_in(r, file, yaml_get(map, "layouts"), "layouts", d->layout);
    bool sold = template_named_in(r, file, yaml_get(map, "when_edition"), "when_edition", destination_edition(d));
    bool source = profile_wanted(r, file, map), with_users = false;
    const yaml_node *users = template_text(map, "with_users");
    if (users) (void)yaml_bool(file, users, &with_users, r->wrong);
    bool asked = r->options && r->options->profile.n; /* else a template is read whole, to be checked or shown */
    return layout && sold && source && (!with_users || !asked || r->options->users);
}

static uint64_t larger(uint64_t own, uint64_t general, uint64_t most)
{
    uint64_t x = own ? own : general;
    return x > most ? x : most;
}

void destination_file_limits(const destination *d, uint64_t *rows, uint64_t *bytes)
{
    *rows = *bytes = 0;
    for (size_t i = 0; i < d->objects; i++) {
        *rows = larger(d->object[i]->rows_per_file, d->limit.most[LIMIT_ROWS_PER_FILE], *rows);
        *bytes = larger(d->object[i]->bytes_per_file, d->limit.most[LIMIT_BYTES_PER_FILE], *bytes);
    }
    /* An object without a limit is no file to be judged by another's. */
    if (!d->limit.most[LIMIT_ROWS_PER_FILE]) *rows = 0;
    if (!d->limit.most[LIMIT_BYTES_PER_FILE]) *bytes = 0;
}

/* ---- what does not fit ---- */

static sv what_breaks(const destination *d, arena *mem, limit_id id, sv where, uint64_t n)
{
    bool sold = d->edition && d->limit.of_edition[id];
    return arena_printf(mem, "%.*s: %llu %s, %llu are taken%s%.*s", (int)where.n, where.p, (unsigned long long)n,
                        limit_what[id], (unsigned long long)d->limit.most[id], sold ? " by " : "",
                        sold ? (int)d->edition->title.n : 0, sold ? d->edition->title.p : "");
}

/* New fields of a table over all its files, its key among them; a name counts once. */
static uint64_t new_fields(const destination *d, sv table, size_t first)
{
    uint64_t n = d->object[first]->key_is_old ? 0 : 1;
    for (size_t i = first; i < d->objects; i++) {
        const object_template *o = d->object[i];
        if (!sv_eq(o->table, table)) continue;
        for (size_t k = 0; k < o->fields; k++) {
            bool seen = !o->field[k].is_new;
            for (size_t b = first; !seen && b < i; b++)
                for (size_t m = 0; sv_eq(d->object[b]->table, table) && m < d->object[b]->fields; m++)
                    seen |= sv_eq(d->object[b]->field[m].name, o->field[k].name);
            n += !seen;
        }
    }
    return n;
}

static bool is_first_of_table(const destination *d, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (sv_eq(d->object[k]->table, d->object[i]->table)) return false;
    return true;
}

static bool over(const destination *d, limit_id id, uint64_t n) { return d->limit.most[id] && n > d->limit.most[id]; }

static uint64_t underscores(sv name)
{
    uint64_t most = 0, n = 0;
    for (size_t i = 0; i < name.n; i++) {
        n = name.p[i] == '_' ? n + 1 : 0;
        if (n > most) most = n;
    }
    return most;
}

static sv field_breaks(const destination *d, arena *mem, const object_template *o, const target_field *f)
{
    if (f->is_new && over(d, LIMIT_NAME_LENGTH, f->name.n))
        return what_breaks(d, mem, LIMIT_NAME_LENGTH, f->name, f->name.n);
    if (f->is_new && over(d, LIMIT_UNDERSCORES, underscores(f->name)))
        return what_breaks(d, mem, LIMIT_UNDERSCORES, f->name, underscores(f->name));
    if (f->is_new && over(d, LIMIT_LABEL_LENGTH, f->label.n))
        return what_breaks(d, mem, LIMIT_LABEL_LENGTH, f->label, f->label.n);
    if (over(d, LIMIT_OPTIONS_PER_FIELD, f->values))
        return what_breaks(d, mem, LIMIT_OPTIONS_PER_FIELD,
                           arena_printf(mem, "%.*s of %.*s", (int)f->name.n, f->name.p, (int)o->object.n, o->object.p),
                           f->values);
    return (sv){NULL, 0};
}

sv destination_breaks(const destination *d, arena *mem)
{
    uint64_t tables = 0, all = 0;
    sv wrong = {NULL, 0};
    for (size_t i = 0; i < d->objects && !wrong.p; i++) {
        const object_template *o = d->object[i];
        bool first = is_first_of_table(d, i);
        uint64_t fields = first ? new_fields(d, o->table, i) : 0;
        tables += first && o->is_new;
        all += fields;
        if (over(d, LIMIT_FIELDS_PER_OBJECT, fields))
            wrong = what_breaks(d, mem, LIMIT_FIELDS_PER_OBJECT, o->object, fields);
        else if (over(d, LIMIT_COLUMNS_PER_FILE, o->fields + 1))
            wrong = what_breaks(d, mem, LIMIT_COLUMNS_PER_FILE, o->csv, o->fields + 1);
        for (size_t k = 0; k < o->fields && !wrong.p; k++) wrong = field_breaks(d, mem, o, &o->field[k]);
    }
    if (!wrong.p && over(d, LIMIT_NEW_OBJECTS, tables)) wrong = what_breaks(d, mem, LIMIT_NEW_OBJECTS, d->id, tables);
    if (!wrong.p && over(d, LIMIT_FIELDS_IN_ALL, all)) wrong = what_breaks(d, mem, LIMIT_FIELDS_IN_ALL, d->id, all);
    return wrong;
}

static void add_alternative(buf *b, const char *option, sv word)
{
    if (b->n) buf_str(b, " or ");
    buf_printf(b, "--%s %.*s", option, (int)word.n, word.p);
}

sv destination_alternatives(const char *folder, const destination_options *options, arena *mem)
{
    const destination_options base = options ? *options : (destination_options){0};
    problems ignored = {.mem = mem};
    const destination *d = destination_load_with(folder, &base, mem, &ignored);
    buf b = buf_new(65536);
    for (size_t i = 0; d && i < d->layout_count; i++) {
        destination_options x = base;
        x.layout = d->layouts[i];
        const destination *other = destination_load_with(folder, &x, mem, &ignored);
        if (other && !destination_breaks(other, mem).p) add_alternative(&b, "layout", d->layouts[i]);
    }
    for (size_t i = 0; d && i < d->edition_count; i++) {
        destination_options x = base;
        x.edition = d->editions[i].name;
        const destination *other = destination_load_with(folder, &x, mem, &ignored);
        if (other && !destination_breaks(other, mem).p) add_alternative(&b, "edition", d->editions[i].name);
    }
    sv out = arena_sv(mem, buf_view(&b));
    buf_free(&b);
    return out;
}
