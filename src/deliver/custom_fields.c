#include "deliver/custom_fields.h"
#include "base/utf.h"
#include "deliver/object_writer.h"
#include "model/work_file.h"
#include "template/field_date.h"

enum { NAMES_MAX = 2000, TEXT_BYTES_MAX = 1 << 16, NAME_MAX_DEFAULT = 64, RANK_MAX = 1000 };

/* What the practice has under one name. */
typedef struct discovered {
    sv name, type; /* type: text, number, date, bool; empty where several, or unknown */
    uint64_t records, distinct, longest;
    bool several; /* of one record */
} discovered;

typedef struct expanding {
    const destination *d;
    const object_template *o;
    const deliver_run *run;
    arena *mem;
    object_template *out;
    bool failed;
} expanding;

static sv kept(expanding *x, sv s)
{
    sv out = arena_sv(x->mem, s);
    if (!out.p) x->failed = true;
    return out;
}

/* ---- names ---- */

/* Letters that are not ASCII, without their marks, as names of fields take them. */
static char plain_letter(uint32_t c)
{
    static const struct {
        uint16_t from, to;
        char as;
    } range[] = {{0xC0, 0xC5, 'A'},   {0xC7, 0xC7, 'C'},   {0xC8, 0xCB, 'E'},   {0xCC, 0xCF, 'I'},
                 {0xD1, 0xD1, 'N'},   {0xD2, 0xD6, 'O'},   {0xD9, 0xDC, 'U'},   {0xDD, 0xDD, 'Y'},
                 {0xE0, 0xE5, 'a'},   {0xE7, 0xE7, 'c'},   {0xE8, 0xEB, 'e'},   {0xEC, 0xEF, 'i'},
                 {0xF1, 0xF1, 'n'},   {0xF2, 0xF6, 'o'},   {0xF9, 0xFC, 'u'},   {0xFD, 0xFF, 'y'},
                 {0x11E, 0x11E, 'G'}, {0x11F, 0x11F, 'g'}, {0x130, 0x130, 'I'}, {0x131, 0x131, 'i'},
                 {0x15E, 0x15E, 'S'}, {0x15F, 0x15F, 's'}};
    for (size_t i = 0; i < sizeof range / sizeof range[0]; i++)
        if (c >= range[i].from && c <= range[i].to) return range[i].as;
    return '_';
}

static uint32_t code_point(sv s, size_t n)
{
    static const uint8_t lead[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t c = (uint8_t)s.p[0] & lead[n];
    for (size_t i = 1; i < n; i++) c = c << 6 | ((uint8_t)s.p[i] & 0x3Fu);
    return c;
}

/* "ImplantRegistry.Lot No" becomes ImplantRegistry_Lot_No: letters, digits, single underscores between them. */
static void field_name(sv name, buf *out)
{
    size_t start = out->n;
    while (name.n) {
        size_t n = utf8_valid_at(name);
        char c = n > 1 ? plain_letter(code_point(name, n)) : *name.p;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain)
            buf_char(out, c);
        else if (out->n > start && out->p[out->n - 1] != '_')
            buf_char(out, '_');
        name = (sv){name.p + (n ? n : 1), name.n - (n ? n : 1)};
    }
    while (out->n > start && out->p[out->n - 1] == '_') out->n--;
    if (out->n == start) buf_str(out, "Field");
}

static bool taken(const object_template *o, sv name)
{
    if (sv_eq_nocase(o->key, name)) return true;
    for (size_t i = 0; i < o->fields; i++)
        if (sv_eq_nocase(o->field[i].name, name)) return true;
    return false;
}

static bool label_taken(const object_template *o, sv label)
{
    for (size_t i = 0; i < o->fields; i++)
        if (sv_eq_nocase(o->field[i].label, label)) return true;
    return sv_eq_nocase(o->key_label, label);
}

static sv filled(expanding *x, sv pattern, const pattern_values *v)
{
    buf b = buf_new(TEXT_BYTES_MAX);
    (void)pattern_fill(&b, pattern, v);
    sv s = b.failed ? (sv){NULL, 0} : kept(x, buf_view(&b));
    if (!s.p) x->failed = true;
    buf_free(&b);
    return s;
}

/* Where a system takes no two underscores in a row, nor one at the end, a prefix or pattern makes none. */
static sv single_underscores(expanding *x, sv name)
{
    if (x->d->limit.most[LIMIT_UNDERSCORES] != 1) return name;
    buf b = buf_new(TEXT_BYTES_MAX);
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] != '_' || (b.n && b.p[b.n - 1] != '_' && i + 1 < name.n)) buf_char(&b, name.p[i]);
    sv out = b.failed ? (sv){NULL, 0} : kept(x, buf_view(&b));
    if (!out.p) x->failed = true;
    buf_free(&b);
    return out;
}

/* The practice's own name is kept as the label; the note says what became of it. */
static void say_rewritten(expanding *x, sv custom, sv name)
{
    bool twice = false;
    for (size_t i = 1; i < custom.n; i++) twice |= custom.p[i] == '_' && custom.p[i - 1] == '_';
    bool end = custom.n && custom.p[custom.n - 1] == '_';
    if (x->d->limit.most[LIMIT_UNDERSCORES] != 1 || !(twice || end)) return;
    finding f = FINDING_OF(F_DEL_NAME_REWRITTEN);
    f.table = x->o->name;
    f.column = name;
    f.a = custom;
    find_add(x->run->found, &f);
}

/* A name that fits, and that no other field has in any letter case: Tier, Tier_2. */
static sv free_name(expanding *x, sv custom)
{
    const custom_family *c = x->o->custom;
    size_t most = x->d->limit.most[LIMIT_NAME_LENGTH] ? (size_t)x->d->limit.most[LIMIT_NAME_LENGTH] : NAME_MAX_DEFAULT;
    buf stem = buf_new(TEXT_BYTES_MAX);
    field_name(custom, &stem);
    sv out = {NULL, 0};
    for (unsigned rank = 1; rank < RANK_MAX && !out.p && !x->failed; rank++) {
        for (size_t length = stem.n; length && !out.p && !x->failed; length--) {
            sv cut = {stem.p, length};
            while (cut.n > 1 && cut.p[cut.n - 1] == '_') cut.n--;
            sv word = rank == 1 ? cut : arena_printf(x->mem, "%.*s_%u", (int)cut.n, cut.p, rank);
            const pattern_values v = {.name = word, .site = SITES, .prefix = x->d->prefix};
            sv name = single_underscores(x, filled(x, c->name, &v));
            if (name.n > most) continue;
            if (taken(x->out, name)) break;
            out = name;
        }
    }
    if (!out.p) x->failed = true;
    buf_free(&stem);
    return out;
}

static sv free_label(expanding *x, sv custom)
{
    const pattern_values v = {.name = custom, .site = SITES, .prefix = x->d->prefix};
    sv label = filled(x, x->o->custom->label, &v), out = label;
    for (unsigned rank = 2; rank < RANK_MAX && !x->failed && label_taken(x->out, out); rank++)
        out = arena_printf(x->mem, "%.*s %u", (int)label.n, label.p, rank);
    return out;
}

/* ---- types ---- */

static target_type type_of(const expanding *x, const discovered *n)
{
    const custom_family *c = x->o->custom;
    if (n->several) return n->longest > 255 ? TARGET_LONGTEXT : TARGET_TEXT;
    if (sv_eq(n->type, SV_LIT("number"))) return TARGET_DECIMAL;
    if (sv_eq(n->type, SV_LIT("date"))) return n->longest > 10 ? TARGET_DATETIME : TARGET_DATE;
    if (sv_eq(n->type, SV_LIT("bool"))) return TARGET_BOOL;
    /* A list to pick from: few words, each used again and again. */
    bool few = n->distinct && n->distinct <= c->options && n->records >= 2 * n->distinct && n->longest <= 60;
    if (few) return TARGET_PICKLIST;
    return n->longest > 255 ? TARGET_LONGTEXT : TARGET_TEXT;
}

static bool add_field(expanding *x, const discovered *n)
{
    object_template *o = x->out;
    const custom_family *c = x->o->custom;
    size_t *from = arena_alloc(x->mem, sizeof *from);
    const pattern_values v = {.name = n->name, .site = SITES, .prefix = x->d->prefix};
    target_field *f = &o->field[o->fields];
    if (!from) return false;
    *from = o->columns;
    o->column[o->columns++] =
        (row_column){.kind = COLUMN_CUSTOM, .name = n->name, .custom = n->name, .tooth = TEETH, .site = SITES};
    *f = (target_field){.name = free_name(x, n->name),
                        .label = free_label(x, n->name),
                        .help = filled(x, c->help, &v),
                        .brief = filled(x, c->brief, &v),
                        .type = type_of(x, n),
                        .is_new = c->is_new,
                        .from = from,
                        .froms = 1,
                        .separator = SV_LIT(" "),
                        .overflow = MISFIT_HOLD,
                        .otherwise = MISFIT_HOLD,
                        .tooth = TEETH,
                        .site = SITES,
                        .is_custom = true};
    if (f->type == TARGET_DATE || f->type == TARGET_DATETIME)
        f->format = target_date_form(x->d, o, f->type == TARGET_DATE);
    if (f->type == TARGET_TEXT) f->max_length = c->max_length;
    if (!x->failed) say_rewritten(x, n->name, f->name);
    o->fields++;
    return !x->failed;
}

/* ---- what there is ---- */

static bool is_used(const object_template *o, sv name)
{
    for (size_t i = 0; i < o->columns; i++)
        if (o->column[i].kind == COLUMN_CUSTOM && sv_eq(o->column[i].custom, name)) return true;
    return false;
}

static size_t discover(expanding *x, discovered *all)
{
    buf sql = buf_new(TEXT_BYTES_MAX);
    buf_str(
        &sql,
        "SELECT name, CASE WHEN min(coalesce(type, 'text')) = max(coalesce(type, 'text')) THEN min(coalesce(type, "
        "'text')) END, count(DISTINCT record), count(DISTINCT value), max(length(value)), count(*) > count(DISTINCT "
        "record) FROM main.custom_value WHERE entity = ?1 AND value IS NOT NULL GROUP BY name ORDER BY name");
    sqlite3_stmt *st = work_prepare(x->run->work, &sql);
    size_t n = 0;
    if (!st || sqlite3_bind_text(st, 1, x->o->entity->name, -1, SQLITE_STATIC) != SQLITE_OK) x->failed = true;
    int step = SQLITE_DONE;
    while (!x->failed && n < NAMES_MAX && (step = sqlite3_step(st)) == SQLITE_ROW) {
        sv name = {(const char *)sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0)};
        sv type = {(const char *)sqlite3_column_text(st, 1), (size_t)sqlite3_column_bytes(st, 1)};
        if (!name.n || is_used(x->o, name)) continue;
        all[n++] = (discovered){.name = kept(x, name),
                                .type = type.n ? kept(x, type) : (sv){NULL, 0},
                                .records = (uint64_t)sqlite3_column_int64(st, 2),
                                .distinct = (uint64_t)sqlite3_column_int64(st, 3),
                                .longest = (uint64_t)sqlite3_column_int64(st, 4),
                                .several = sqlite3_column_int(st, 5) != 0};
    }
    if (step != SQLITE_DONE && step != SQLITE_ROW) x->failed = true;
    sqlite3_finalize(st);
    return n;
}

/* A copy with room for n further fields and columns. */
static bool copy_object(expanding *x, size_t n)
{
    x->out = arena_alloc(x->mem, sizeof *x->out);
    if (!x->out) return false;
    *x->out = *x->o;
    x->out->column_room = x->o->columns + n;
    x->out->column = arena_array(x->mem, x->out->column_room, sizeof(row_column));
    x->out->field = arena_array(x->mem, x->o->fields + n + 1, sizeof(target_field));
    if (!x->out->column || !x->out->field) return false;
    memcpy(x->out->column, x->o->column, x->o->columns * sizeof(row_column));
    if (x->o->fields) memcpy(x->out->field, x->o->field, x->o->fields * sizeof(target_field));
    return true;
}

/* The new fields stand behind all others: a family's place in the template is where its author found it, not an order. */
object_template *custom_fields_of(const destination *d, object_template *o, const deliver_run *run)
{
    if (!o->custom || !work_has(run->work, SV_LIT("custom_value"))) return o;
    expanding x = {.d = d, .o = o, .run = run, .mem = run->mem};
    discovered *all = arena_array(run->mem, NAMES_MAX, sizeof *all);
    size_t n = all ? discover(&x, all) : 0;
    bool ok = all && !x.failed && copy_object(&x, n);
    for (size_t i = 0; ok && i < n; i++) ok = add_field(&x, &all[i]);
    if (ok && !x.failed) return x.out;
    (void)work_failed(run->work, run->found, "making fields of the practice's own values");
    return NULL;
}
