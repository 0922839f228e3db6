#include "spec.h"
#include <stdlib.h>

enum {
    LINE_MAX_BYTES = 4096,
    FILE_NAME_BYTES_MAX = 120, /* of a database too: its files are named after it */
    WORDS_MAX = 64,
    COLUMNS_MAX = 1024,
    TABLES_MAX = 10000,
    INDEXES_MAX = 60,
    FILES_BEYOND_MAX = 11
};

typedef struct parser {
    arena *mem;
    database_spec *db;
    fault *f;
    unsigned line;
    char *word[WORDS_MAX];
    bool quoted[WORDS_MAX];
    size_t words, at;
    table_spec *table; /* being read */
} parser;

/* ---- small values ---- */

static bool leap(int64_t y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }

int64_t spec_days(const char *text)
{
    static const int CUMULATED[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    int year = 0, month = 0, day = 0;
    if (sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3) return -1;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return -1;
    int64_t y = year - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + CUMULATED[month - 1] + (month > 2 && leap(year)) + day - 1;
}

static bool seconds_of(const char *text, int64_t *out)
{
    int hour = 0, minute = 0, second = 0;
    if (sscanf(text, "%2d:%2d:%2d", &hour, &minute, &second) < 2) return false;
    *out = hour * 3600 + minute * 60 + second;
    return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
}

static bool decimal_of(const char *text, unsigned scale, int64_t *out)
{
    bool negative = *text == '-';
    if (negative) text++;
    int64_t v = 0;
    unsigned fraction = 0;
    bool point = false;
    for (; *text; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || v > INT64_MAX / 10 - 1) return false;
        if (point && fraction == scale) return false;
        v = v * 10 + (*text - '0');
        if (point) fraction++;
    }
    for (; fraction < scale; fraction++) {
        if (v > INT64_MAX / 10) return false;
        v *= 10;
    }
    *out = negative ? -v : v;
    return true;
}

bool spec_scalar(const sql_type *t, const char *text, int64_t *out)
{
    const char *clock = strchr(text, ' ');
    int64_t seconds = 0;
    switch (t->cls) {
    case TC_INT:
    case TC_BIT: {
        char *end = NULL;
        *out = strtoll(text, &end, 10);
        return end != text && *end == 0;
    }
    case TC_DECIMAL:
    case TC_MONEY: return decimal_of(text, t->scale, out);
    case TC_REAL: return decimal_of(text, 4, out);
    case TC_DATE: *out = spec_days(text); return *out >= 0;
    case TC_TIME: return seconds_of(text, out);
    case TC_DATETIME2:
    case TC_DATETIMEOFFSET:
    case TC_DATETIME:
    case TC_SMALLDATETIME:
        *out = spec_days(text);
        if (*out < 0 || (clock && !seconds_of(clock + 1, &seconds))) return false;
        *out = *out * 86400 + seconds;
        return true;
    default: return false;
    }
}

/* ---- words ---- */

static bool wrong(parser *p, const char *what)
{
    return fail(p->f, "line %u: %s%s%s", p->line, what, p->at < p->words ? " at " : "",
                p->at < p->words ? p->word[p->at] : "");
}

static const char *keep(parser *p, const char *text)
{
    sv copy = arena_sv(p->mem, sv_from(text));
    if (!copy.p) fail(p->f, "out of memory");
    return copy.p;
}

/* Grows a list in the arena by one zeroed element, in steps of powers of two. */
static void *append(parser *p, void *list, size_t *n, size_t size, size_t ceiling)
{
    if (*n >= ceiling) {
        wrong(p, "too many of these");
        return NULL;
    }
    if ((*n & (*n - 1)) == 0) {
        size_t room = *n ? *n * 2 : 1;
        void *bigger = arena_array(p->mem, room, size);
        if (!bigger) {
            fail(p->f, "out of memory");
            return NULL;
        }
        if (*n) memcpy(bigger, list, *n * size);
        list = bigger;
    }
    (*n)++;
    return list;
}

/* Splits a line in place: words at blanks, "..." with \" \\ \n \r \t inside, # to the end is a comment. */
static bool split(parser *p, char *s)
{
    p->words = p->at = 0;
    while (true) {
        s += strspn(s, " \t\r");
        if (*s == 0 || *s == '#') return true;
        if (p->words == WORDS_MAX) return wrong(p, "too many words");
        bool quoted = *s == '"';
        p->quoted[p->words] = quoted;
        if (!quoted) {
            p->word[p->words++] = s;
            s += strcspn(s, " \t\r");
            if (*s == 0) return true;
            *s++ = 0;
            continue;
        }
        char *to = ++s;
        p->word[p->words++] = to;
        while (*s && *s != '"') {
            if (*s == '\\' && s[1]) {
                s++;
                *to++ = (char)(*s == 'n' ? '\n' : *s == 'r' ? '\r' : *s == 't' ? '\t' : *s);
                s++;
            } else {
                *to++ = *s++;
            }
        }
        if (*s == 0) return wrong(p, "a quote is not closed");
        s++;
        *to = 0;
    }
}

static const char *take(parser *p) { return p->at < p->words ? p->word[p->at++] : NULL; }

static bool taken(parser *p, const char *word)
{
    if (p->at >= p->words || p->quoted[p->at] || strcmp(p->word[p->at], word) != 0) return false;
    p->at++;
    return true;
}

static bool take_number(parser *p, uint64_t *out)
{
    const char *w = take(p);
    char *end = NULL;
    if (!w || *w < '0' || *w > '9') {
        p->at -= w ? 1 : 0;
        return wrong(p, "a number is needed");
    }
    *out = strtoull(w, &end, 10);
    return *end == 0 || wrong(p, "this is no number");
}

/* ---- rules ---- */

static const sql_type COUNT = {.cls = TC_INT};

static bool is_sized(const sql_type *t) { return t->cls == TC_TEXT || t->cls == TC_UTEXT || t->cls == TC_BYTES; }

static bool parse_range(parser *p, const sql_type *t, rule *r, bool lengths)
{
    char *w = p->at < p->words ? p->word[p->at] : NULL;
    char *dots = w ? strstr(w, "..") : NULL;
    if (!dots) return lengths ? wrong(p, "a range A..B is needed") : true;
    *dots = 0;
    const sql_type *unit = lengths ? &COUNT : t;
    bool ok = spec_scalar(unit, w, &r->lo) && spec_scalar(unit, dots + 2, &r->hi) && r->lo <= r->hi;
    p->at++;
    r->ranged = true;
    return ok || wrong(p, "this is no range of the type");
}

static bool parse_seq(parser *p, const sql_type *t, rule *r)
{
    r->start = r->step = 1;
    r->div = 1;
    const char *first = p->at < p->words ? p->word[p->at] : "div";
    if (strcmp(first, "div") != 0 && strcmp(first, "mod") != 0 &&
        !spec_scalar(is_sized(t) ? &COUNT : t, take(p), &r->start))
        return wrong(p, "the sequence's start does not fit the type");
    const char *next = p->at < p->words ? p->word[p->at] : "";
    if (*next && (*next == '-' || (*next >= '0' && *next <= '9'))) {
        char *end = NULL;
        r->step = strtoll(take(p), &end, 10);
        if (*end) return wrong(p, "the step must be a whole number");
    }
    if (taken(p, "div") && (!take_number(p, &r->div) || r->div == 0)) return wrong(p, "div must be above 0");
    if (taken(p, "mod") && !take_number(p, &r->mod)) return false;
    return true;
}

static bool parse_items(parser *p, rule *r)
{
    r->items = p->words - p->at;
    if (r->items == 0) return wrong(p, "a list needs items");
    const char **item = arena_array(p->mem, r->items, sizeof *item);
    if (!item) return fail(p->f, "out of memory");
    for (size_t i = 0; i < r->items; i++) item[i] = keep(p, take(p));
    r->item = item;
    return !p->f->set;
}

/* Each is HEX=TEXT. */
static bool coded_items(parser *p, const rule *r)
{
    for (size_t i = 0; i < r->items; i++) {
        size_t n = strspn(r->item[i], "0123456789abcdefABCDEF");
        if (n % 2 || r->item[i][n] != '=') return wrong(p, "a coded item is HEX=TEXT");
    }
    return true;
}

static bool parse_rule(parser *p, const sql_type *t, rule *r)
{
    if (taken(p, "seq")) {
        r->kind = RULE_SEQ;
        return parse_seq(p, t, r);
    }
    if (taken(p, "list") || taken(p, "cycle")) {
        r->kind = strcmp(p->word[p->at - 1], "list") == 0 ? RULE_LIST : RULE_CYCLE;
        return parse_items(p, r);
    }
    if (taken(p, "text") || taken(p, "bytes")) {
        r->kind = strcmp(p->word[p->at - 1], "text") == 0 ? RULE_TEXT : RULE_BYTES;
        return parse_range(p, t, r, true);
    }
    if (taken(p, "edges")) {
        r->kind = RULE_EDGES;
        return true;
    }
    if (taken(p, "coded")) {
        r->kind = RULE_CODED;
        return parse_items(p, r) && coded_items(p, r);
    }
    r->kind = RULE_RANDOM;
    if (!taken(p, "random")) return p->at == p->words || wrong(p, "this rule is not known");
    return p->at == p->words || parse_range(p, t, r, is_sized(t));
}

/* ---- statements ---- */

/* How a column is stored, beyond its type. */
static bool parse_storage(parser *p, column_spec *c)
{
    uint64_t n = 0;
    if (taken(p, "collate")) {
        const char *id = take(p);
        c->type.collation = id ? (uint32_t)strtoul(id, NULL, 16) : 0;
        if (!c->type.collation) return wrong(p, "collate needs a number in hexadecimal");
    }
    if ((c->sparse = taken(p, "sparse")) && c->not_null) return wrong(p, "a sparse column is null");
    c->dropped = taken(p, "dropped");
    if (!taken(p, "added")) return true;
    if (!take_number(p, &n) || n == 0) return wrong(p, "added needs the number of older rows");
    c->added = n;
    if (!taken(p, "default")) return !c->not_null || wrong(p, "a not null column needs a default");
    const char *item = take(p);
    if (!item) return wrong(p, "a default is missing");
    c->default_item = keep(p, item);
    return !p->f->set;
}

static bool parse_column(parser *p)
{
    table_spec *t = p->table;
    t->column = append(p, t->column, &t->columns, sizeof *t->column, COLUMNS_MAX);
    if (!t->column) return false;
    column_spec *c = &t->column[t->columns - 1];
    const char *name = take(p), *type = take(p);
    if (!name || !type || !sql_type_parse(type, &c->type))
        return wrong(p, "a column needs a name and a type that is known");
    c->name = keep(p, name);
    if (taken(p, "not")) {
        if (!taken(p, "null")) return wrong(p, "null is missing");
        c->not_null = true;
    } else if (taken(p, "null")) {
        const char *w = p->at < p->words ? p->word[p->at] : "";
        if (*w >= '0' && *w <= '9' && w[strlen(w) - 1] == '%') c->null_percent = (unsigned)strtoul(take(p), NULL, 10);
        if (c->null_percent > 100) return wrong(p, "more than 100 %");
    }
    if (c->type.cls == TC_ROWVERSION) c->not_null = true;
    c->identity = taken(p, "identity");
    if (!parse_storage(p, c) || !parse_rule(p, &c->type, &c->rule)) return false;
    bool raw = c->type.cls == TC_VARIANT || c->type.cls == TC_XML || c->type.cls == TC_CLR;
    return !raw || c->rule.kind == RULE_CODED || wrong(p, "values of this type must be coded");
}

static bool find_column(parser *p, const char *name, size_t *out)
{
    for (size_t i = 0; i < p->table->columns; i++)
        if (strcmp(p->table->column[i].name, name) == 0) {
            *out = i;
            return true;
        }
    p->at--;
    return wrong(p, "there is no such column");
}

static bool indexable(const sql_type *t) { return !t->max && !t->legacy && t->length <= 900; }

static const size_t *parse_columns(parser *p, size_t *n)
{
    *n = p->words - p->at;
    size_t *column = *n ? arena_array(p->mem, *n, sizeof *column) : NULL;
    if (!column) {
        wrong(p, "columns are needed");
        return NULL;
    }
    for (size_t i = 0; i < *n; i++) {
        if (!find_column(p, take(p), &column[i])) return NULL;
        if (!indexable(&p->table->column[column[i]].type)) {
            p->at--;
            wrong(p, "a key cannot hold this column");
            return NULL;
        }
    }
    return column;
}

static bool parse_key(parser *p, bool primary)
{
    p->table->primary = primary;
    p->table->key = parse_columns(p, &p->table->keys);
    if (!p->table->key) return false;
    for (size_t i = 0; i < p->table->keys; i++)
        if (!p->table->column[p->table->key[i]].not_null) return wrong(p, "key columns must be not null");
    return true;
}

static bool parse_index(parser *p, bool unique)
{
    table_spec *t = p->table;
    t->index = append(p, t->index, &t->indexes, sizeof *t->index, INDEXES_MAX);
    if (!t->index) return false;
    index_spec *x = &t->index[t->indexes - 1];
    const char *name = take(p);
    if (!name) return wrong(p, "an index needs a name");
    x->name = keep(p, name);
    x->unique = unique;
    x->column = parse_columns(p, &x->columns);
    return x->column != NULL;
}

static bool split_name(parser *p, const char *full, const char **schema, const char **name)
{
    const char *dot = full ? strchr(full, '.') : NULL;
    if (!dot || dot == full || !dot[1]) return wrong(p, "a name schema.table is needed");
    sv s = arena_sv(p->mem, (sv){full, (size_t)(dot - full)});
    *schema = s.p;
    *name = keep(p, dot + 1);
    return *schema && *name;
}

static bool parse_foreign(parser *p)
{
    table_spec *t = p->table;
    t->foreign = append(p, t->foreign, &t->foreigns, sizeof *t->foreign, INDEXES_MAX);
    if (!t->foreign) return false;
    foreign_spec *k = &t->foreign[t->foreigns - 1];
    const char *column = take(p);
    if (!column || !find_column(p, column, &k->column)) return wrong(p, "a foreign key needs a column");
    return split_name(p, take(p), &k->schema, &k->table);
}

static bool parse_table(parser *p)
{
    database_spec *db = p->db;
    db->table = append(p, db->table, &db->tables, sizeof *db->table, TABLES_MAX);
    if (!db->table) return false;
    p->table = &db->table[db->tables - 1];
    p->table->parts = 1;
    return split_name(p, take(p), &p->table->schema, &p->table->name) && take_number(p, &p->table->rows);
}

static bool parse_gap(parser *p)
{
    uint64_t n = 0;
    if (!take_number(p, &n) || n > 1000000) return wrong(p, "gap needs a number of extents");
    p->table->gap = (unsigned)n;
    return true;
}

static bool parse_version(parser *p)
{
    uint64_t n = 0;
    if (!take_number(p, &n)) return false;
    p->db->version = version_of((unsigned)n);
    return p->db->version || wrong(p, "this version is not known");
}

static bool parse_file(parser *p)
{
    database_spec *db = p->db;
    db->file = append(p, db->file, &db->files, sizeof *db->file, FILES_BEYOND_MAX);
    const char *name = take(p);
    if (!db->file || !name || strlen(name) > FILE_NAME_BYTES_MAX)
        return wrong(p, "a file needs a name of at most 120 bytes");
    file_spec *x = &db->file[db->files - 1];
    x->name = keep(p, name);
    const char *group = take(p);
    x->group = group ? keep(p, group) : "PRIMARY";
    return !p->f->set;
}

static bool parse_compression(parser *p)
{
    uint8_t kind[PARTS_MAX];
    size_t n = 0;
    for (; p->at < p->words && n < PARTS_MAX; n++) {
        if (taken(p, "none")) {
            kind[n] = 0;
        } else if (taken(p, "row")) {
            kind[n] = 1;
        } else if (taken(p, "page")) {
            kind[n] = 2;
        } else {
            return wrong(p, "none, row or page");
        }
    }
    if (n == 0) return wrong(p, "none, row or page is needed");
    for (size_t i = 0; i < PARTS_MAX; i++) p->table->compression[i] = kind[i % n];
    return true;
}

static bool parse_parts(parser *p)
{
    uint64_t n = 0;
    if (!take_number(p, &n) || n == 0 || n > PARTS_MAX) return wrong(p, "too many partitions, or none");
    p->table->parts = (unsigned)n;
    return true;
}

static bool parse_nodes(parser *p)
{
    uint64_t n = 0;
    if (!take_number(p, &n) || n < 2 || n > 500) return wrong(p, "2 to 500 links");
    p->table->nodes = (unsigned)n;
    return true;
}

static bool parse_table_storage(parser *p)
{
    table_spec *t = p->table;
    const struct {
        const char *word;
        bool *flag;
    } flags[] = {{"stale", &t->stale},
                 {"oldroots", &t->old_roots},
                 {"nullroots", &t->null_roots},
                 {"vardecimal", &t->vardecimal}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (taken(p, flags[i].word)) return *flags[i].flag = true;
    if (taken(p, "duplicates")) {
        t->duplicates = true;
        return parse_key(p, false);
    }
    if (taken(p, "compress")) return parse_compression(p);
    if (taken(p, "parts")) return parse_parts(p);
    if (taken(p, "nodes")) return parse_nodes(p);
    if (taken(p, "hollow")) return take_number(p, &t->hollow);
    if (taken(p, "later")) return take_number(p, &t->later);
    if (taken(p, "updated")) return take_number(p, &t->updated);
    if (taken(p, "on")) {
        const char *name = take(p);
        t->group = name ? keep(p, name) : NULL;
        return t->group || wrong(p, "a filegroup is needed");
    }
    return wrong(p, "this is not known");
}

static bool parse_statement(parser *p)
{
    if (taken(p, "database")) {
        const char *name = take(p);
        if (!name || strlen(name) > FILE_NAME_BYTES_MAX)
            return wrong(p, "a database needs a name of at most 120 bytes");
        p->db->name = keep(p, name);
        return !p->f->set;
    }
    if (taken(p, "seed")) return take_number(p, &p->db->seed);
    if (taken(p, "version")) return parse_version(p);
    if (taken(p, "file")) return parse_file(p);
    if (taken(p, "torn") || taken(p, "unprotected")) {
        p->db->guard = strcmp(p->word[0], "torn") == 0 ? 1 : 2;
        return true;
    }
    if (taken(p, "table")) return parse_table(p);
    if (!p->table) return wrong(p, "a table must come first");
    if (taken(p, "column")) return parse_column(p);
    if (taken(p, "primary")) return parse_key(p, true);
    if (taken(p, "clustered")) return parse_key(p, false);
    if (taken(p, "index")) return parse_index(p, false);
    if (taken(p, "unique")) return parse_index(p, true);
    if (taken(p, "foreign")) return parse_foreign(p);
    if (taken(p, "ghosts")) return take_number(p, &p->table->ghost_every);
    if (taken(p, "forwarded")) return take_number(p, &p->table->forward_every);
    if (taken(p, "gap")) return parse_gap(p);
    return parse_table_storage(p);
}

enum { KEY_BYTES_MAX = 900, KEY_COLUMNS_MAX = 32, LOCATOR_BYTES = 8 };

static unsigned key_bytes(const table_spec *t, const size_t *column, size_t n)
{
    unsigned bytes = 0;
    for (size_t i = 0; i < n; i++) bytes += (unsigned)t->column[column[i]].type.length;
    return bytes;
}

static bool check_table(const table_spec *t, fault *f)
{
    unsigned key = key_bytes(t, t->key, t->keys);
    bool fits = key <= KEY_BYTES_MAX && t->keys <= KEY_COLUMNS_MAX / 2;
    for (size_t i = 0; i < t->indexes; i++)
        fits = fits && t->index[i].columns <= KEY_COLUMNS_MAX / 2 &&
               key_bytes(t, t->index[i].column, t->index[i].columns) + key + LOCATOR_BYTES <= KEY_BYTES_MAX;
    if (!fits)
        return fail(f, "table %s.%s: a key has more than %d bytes or %d columns", t->schema, t->name, KEY_BYTES_MAX,
                    KEY_COLUMNS_MAX / 2);
    if (t->columns == 0) return fail(f, "table %s.%s has no column", t->schema, t->name);
    bool compressed = false, special = t->vardecimal;
    for (unsigned i = 0; i < t->parts; i++) compressed = compressed || t->compression[i];
    for (size_t i = 0; i < t->columns; i++) special = special || t->column[i].sparse;
    if (compressed && (special || t->forward_every))
        return fail(f, "table %s.%s: what is compressed has no sparse columns, vardecimal or forwarded rows", t->schema,
                    t->name);
    if (t->duplicates && t->indexes)
        return fail(f, "table %s.%s: no index beside a key that is not unique", t->schema, t->name);
    for (size_t i = 0; i + 1 < t->columns; i++)
        if (t->column[i].added > t->column[i + 1].added)
            return fail(f, "table %s.%s: columns added later come last", t->schema, t->name);
    for (size_t i = 0; i < t->keys; i++)
        if (t->column[t->key[i]].added || t->column[t->key[i]].dropped)
            return fail(f, "table %s.%s: key columns stay", t->schema, t->name);
    if (t->keys && t->forward_every) return fail(f, "table %s.%s: only a heap has forwarded rows", t->schema, t->name);
    return true;
}

bool spec_parse(const char *text, arena *mem, database_spec *out, fault *f)
{
    *out = (database_spec){.name = "Sample", .seed = 1, .version = version_of(VERSION_DEFAULT)};
    parser p = {.mem = mem, .db = out, .f = f};
    char line[LINE_MAX_BYTES];
    while (*text) {
        size_t n = strcspn(text, "\n");
        p.line++;
        if (n >= sizeof line) return wrong(&p, "the line is too long");
        memcpy(line, text, n);
        line[n] = 0;
        text += n + (text[n] != 0);
        if (!split(&p, line)) return false;
        if (p.words == 0) continue;
        if (!parse_statement(&p)) return false;
        if (p.at < p.words) return wrong(&p, "nothing is expected here");
    }
    for (size_t i = 0; i < out->tables; i++)
        if (!check_table(&out->table[i], f)) return false;
    return !f->set;
}

static bool young_type(const sql_type *t)
{
    return t->cls == TC_DATE || t->cls == TC_TIME || t->cls == TC_DATETIME2 || t->cls == TC_DATETIMEOFFSET ||
           t->cls == TC_CLR;
}

bool spec_check(const database_spec *db, fault *f)
{
    const unsigned version = db->version->number;
    for (size_t i = 0; i < db->tables; i++) {
        const table_spec *t = &db->table[i];
        bool young = t->compression[0] || t->compression[t->parts - 1], newer = false;
        for (size_t k = 0; k < t->columns; k++) {
            young = young || young_type(&t->column[k].type) || t->column[k].sparse;
            newer = newer || t->column[k].default_item;
        }
        if ((young && version < VERSION_2008) || (newer && version < VERSION_2012))
            return fail(f, "table %s.%s: version %u had no such thing", t->schema, t->name, version);
    }
    return true;
}
