#include "xlsx/workbook.h"
#include "base/id_table.h"
#include "base/limits.h"
#include "xlsx/cell_text.h"
#include "xlsx/sheet_number.h"
#include "xlsx/xml_part.h"
#include <stdlib.h>

/* Excel itself stops at 65,490 formats. Each part is looked for among all of them: what people have is some ten sheets. */
enum { SHEETS_MAX = 1024, RELATIONS_MAX = 4096, FORMATS_MAX = 65536 };

/* A format of the workbook's own. */
typedef struct custom {
    uint64_t number; /* its id, and 1 */
    uint64_t kind;
} custom;

typedef struct loader {
    workbook *w;
    arena *mem;
    findings *found;
    /* Relations of the part that is read: id and target. */
    sv *id, *target, *type;
    size_t relations;
    sv *sheet_relation; /* id of each sheet */
    /* Styles. */
    id_table custom;
    bool in_cell_styles;
    /* Shared strings. */
    bool in_text, in_phonetic;
    bool failed, too_many, more; /* more: sheets or relations than are read */
} loader;

static sv copy(loader *l, const char *s)
{
    sv x = arena_sv(l->mem, sv_from(s ? s : ""));
    l->failed |= !x.p;
    return x;
}

static status read_part(loader *l, sv name, xml_taker t)
{
    t.ctx = l;
    return xml_part_read(l->w->file, name, &t, l->found);
}

/* ---- relations ---- */

static void relation(void *ctx, const char *name, const char **a)
{
    loader *l = ctx;
    if (strcmp(name, "Relationship") != 0) return;
    l->more |= l->relations == RELATIONS_MAX;
    if (l->more) return;
    l->id[l->relations] = copy(l, xml_attribute(a, "Id"));
    l->target[l->relations] = copy(l, xml_attribute(a, "Target"));
    l->type[l->relations++] = copy(l, xml_attribute(a, "Type"));
}

static sv target_of_type(const loader *l, const char *type)
{
    for (size_t i = 0; i < l->relations; i++)
        if (sv_ends(l->type[i], sv_from(type))) return l->target[i];
    return (sv){NULL, 0};
}

/* The part that a target means, seen from a folder such as "xl/". */
static sv part_of(loader *l, sv folder, sv target)
{
    if (target.n && target.p[0] == '/') return (sv){target.p + 1, target.n - 1};
    while (sv_starts(target, SV_LIT("./"))) target = (sv){target.p + 2, target.n - 2};
    if (sv_starts(target, SV_LIT("../"))) return (sv){target.p + 3, target.n - 3};
    sv x = arena_printf(l->mem, "%.*s%.*s", (int)folder.n, folder.p, (int)target.n, target.p);
    l->failed |= !x.p;
    return x;
}

static sv folder_of(sv part)
{
    while (part.n && part.p[part.n - 1] != '/') part.n--;
    return part;
}

/* ---- workbook.xml ---- */

static void workbook_element(void *ctx, const char *name, const char **a)
{
    loader *l = ctx;
    if (strcmp(name, "workbookPr") == 0) {
        const char *x = xml_attribute(a, "date1904");
        l->w->from_1904 = x && (strcmp(x, "1") == 0 || strcmp(x, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0) return;
    l->more |= l->w->sheets == SHEETS_MAX;
    if (l->more) return;
    const char *state = xml_attribute(a, "state"), *relation_id = NULL;
    for (size_t i = 0; a[i]; i += 2)
        if (strchr(a[i], ':') && strcmp(strchr(a[i], ':'), ":id") == 0) relation_id = a[i + 1];
    l->sheet_relation[l->w->sheets] = copy(l, relation_id);
    l->w->sheet[l->w->sheets++] =
        (sheet_part){.name = copy(l, xml_attribute(a, "name")), .hidden = state && strcmp(state, "visible") != 0};
}

/* ---- styles.xml ---- */

static unsigned number_of(const char *s)
{
    unsigned n = 0;
    for (; s && *s >= '0' && *s <= '9' && n < 100000000; s++) n = n * 10 + (unsigned)(*s - '0');
    return n;
}

static unsigned kind_of_format(const loader *l, unsigned id)
{
    const custom *c = id_table_find(&l->custom, (uint64_t)id + 1);
    return c ? (unsigned)c->kind : number_kind_of_id(id);
}

static void style_element(void *ctx, const char *name, const char **a)
{
    loader *l = ctx;
    const char *code = xml_attribute(a, "formatCode");
    if (strcmp(name, "numFmt") == 0 && code) {
        custom *c = id_table_put(&l->custom, (uint64_t)number_of(xml_attribute(a, "numFmtId")) + 1);
        if (c) c->kind = (uint64_t)number_kind_of_code(sv_from(code));
        l->failed |= !c && !l->custom.full;
    }
    if (strcmp(name, "cellXfs") == 0) l->in_cell_styles = true;
    if (strcmp(name, "xf") == 0 && l->in_cell_styles && l->w->formats < FORMATS_MAX)
        l->w->format[l->w->formats++] = (uint8_t)kind_of_format(l, number_of(xml_attribute(a, "numFmtId")));
}

static void style_end(void *ctx, const char *name)
{
    loader *l = ctx;
    if (strcmp(name, "cellXfs") == 0) l->in_cell_styles = false;
}

/* ---- sharedStrings.xml ---- */

static void string_element(void *ctx, const char *name, const char **a)
{
    (void)a;
    loader *l = ctx;
    if (strcmp(name, "rPh") == 0) l->in_phonetic = true;
    l->in_text = strcmp(name, "t") == 0 && !l->in_phonetic;
}

static void string_end(void *ctx, const char *name)
{
    loader *l = ctx;
    workbook *w = l->w;
    l->in_text = false;
    if (strcmp(name, "rPh") == 0) l->in_phonetic = false;
    if (strcmp(name, "si") != 0) return;
    if (w->texts + 2 > w->texts_room) {
        size_t room = w->texts_room ? w->texts_room * 2 : 1024;
        size_t *p = room > XLSX_STRINGS_MAX * 2 ? NULL : realloc(w->text_at, room * sizeof *p);
        if (!p) {
            l->failed = true;
            return;
        }
        w->text_at = p;
        w->texts_room = room;
    }
    if (w->texts == 0) w->text_at[0] = 0;
    size_t from = w->text_at[w->texts];
    w->text.n = from + cell_text_unescape(w->text.p + from, w->text.n - from);
    w->text_at[++w->texts] = w->text.n;
}

static void string_text(void *ctx, const char *p, int n)
{
    loader *l = ctx;
    if (l->in_text) buf_add(&l->w->text, p, (size_t)n);
    l->too_many |= l->w->text.failed;
}

/* ---- all of it ---- */

static status wrong(loader *l, const char *why)
{
    find_at(l->found, F_XLSX_WRONG, byte_source_path(l->w->file), sv_from(why));
    return ST_TABLE_LOST;
}

static status relations_of(loader *l, sv name)
{
    l->relations = 0;
    return read_part(l, name, (xml_taker){.start = relation});
}

/* Programs write one part for each sheet. A workbook that has rows of one part in many sheets has more of them than it can hold. */
static bool shares_a_part(const workbook *w)
{
    for (size_t i = 1; i < w->sheets; i++)
        for (size_t k = 0; w->sheet[i].part.n && k < i; k++)
            if (sv_eq(w->sheet[i].part, w->sheet[k].part)) return true;
    return false;
}

static status load_sheets(loader *l, sv book)
{
    static const char sheet_type[] = "/worksheet";
    sv folder = folder_of(book), leaf = {book.p + folder.n, book.n - folder.n};
    status st = read_part(l, book, (xml_taker){.start = workbook_element});
    if (st != ST_OK) return st == ST_END ? wrong(l, "there is no workbook in it") : st;
    sv rels = arena_printf(l->mem, "%.*s_rels/%.*s.rels", (int)folder.n, folder.p, (int)leaf.n, leaf.p);
    st = relations_of(l, rels);
    if (st != ST_OK) return st == ST_END ? wrong(l, "it does not say where its sheets are") : st;
    for (size_t i = 0; i < l->w->sheets; i++)
        for (size_t k = 0; k < l->relations; k++)
            if (sv_eq(l->id[k], l->sheet_relation[i]) && sv_ends(l->type[k], sv_from(sheet_type)))
                l->w->sheet[i].part = part_of(l, folder, l->target[k]);
    if (l->more) return wrong(l, "it has more than 1,024 sheets, or 4,096 other parts");
    if (shares_a_part(l->w)) return wrong(l, "two of its sheets are one part of the file");
    sv styles = target_of_type(l, "/styles"), strings = target_of_type(l, "/sharedStrings");
    if (styles.n) st = read_part(l, part_of(l, folder, styles), (xml_taker){.start = style_element, .end = style_end});
    if (st != ST_OK && st != ST_END) return st;
    st = ST_OK;
    if (strings.n)
        st = read_part(l, part_of(l, folder, strings),
                       (xml_taker){.start = string_element, .end = string_end, .text = string_text});
    return st == ST_END ? ST_OK : st;
}

/* As much as a workbook may have, for as long as it is opened. */
static bool lend(loader *l, arena *lent)
{
    l->id = arena_array(lent, RELATIONS_MAX, sizeof(sv));
    l->target = arena_array(lent, RELATIONS_MAX, sizeof(sv));
    l->type = arena_array(lent, RELATIONS_MAX, sizeof(sv));
    l->sheet_relation = arena_array(lent, SHEETS_MAX, sizeof(sv));
    l->w->sheet = arena_array(lent, SHEETS_MAX, sizeof *l->w->sheet);
    l->w->format = arena_array(lent, FORMATS_MAX, 1);
    return !arena_failed(lent);
}

/* What it does have: a folder may hold hundreds of workbooks, and all stay open. */
static void keep(loader *l)
{
    workbook *w = l->w;
    w->sheet = arena_copy(l->mem, w->sheet, w->sheets, sizeof *w->sheet);
    w->format = arena_copy(l->mem, w->format, w->formats, 1);
    l->failed |= !w->sheet || !w->format;
}

status workbook_open(byte_source *file, arena *mem, findings *f, workbook *out)
{
    *out = (workbook){.file = file, .text = buf_new(XLSX_STRINGS_BYTES_MAX)};
    loader l = {.w = out, .mem = mem, .found = f, .custom = {.entry_bytes = sizeof(custom), .most = FORMATS_MAX}};
    arena *lent = arena_new(0);
    status st = ST_OK;
    if (!lent || !lend(&l, lent) || !buf_reserve(&out->text, 1)) /* where the texts begin, though all be empty */
        l.failed = true;
    else
        st = relations_of(&l, SV_LIT("_rels/.rels"));
    sv book = st == ST_OK && !l.failed ? target_of_type(&l, "/officeDocument") : (sv){NULL, 0};
    if ((st == ST_OK || st == ST_END) && !l.failed)
        st = load_sheets(&l, book.n ? part_of(&l, (sv){"", 0}, book) : SV_LIT("xl/workbook.xml"));
    if (st == ST_OK && l.too_many) st = wrong(&l, "its texts are more than 256 MB");
    keep(&l);
    arena_free(lent);
    id_table_free(&l.custom);
    if (l.failed) {
        find_code(f, F_OUT_OF_MEMORY, "reading a workbook");
        st = ST_FATAL;
    }
    return st;
}

void workbook_free(workbook *w)
{
    buf_free(&w->text);
    free(w->text_at);
    w->text_at = NULL;
}
