/* Uploads of the import wizard: files in ZIPs, as few as its limits and the links allow, each with a data map for all files in it. A file in a ZIP is
 * named by its table, which is what the wizard goes by when there is no map. Second passes are no part of it: they update by a key, which the wizard asks for
 * file by file. uploads/order.csv says what is loaded in which order. */
#include "deliver/package_archive.h"
#include "schema/dataverse.h"
#include "schema/emitters.h"

/* The wizard takes ZIPs of 32 MB that unpack to 200 MB. */
enum { MEMBERS_MAX = 400 };
#define ZIP_BYTES   UINT64_C(30000000)
#define PLAIN_BYTES UINT64_C(150000000)

typedef struct member {
    const fact_load *load;
    sv name; /* without the ending */
} member;

typedef struct uploads {
    const deliver_facts *f;
    package_out *out;
    arena *mem;
    package_archive *zip; /* NULL: none is open */
    unsigned number;
    sv stem; /* "upload_03" */
    member member[MEMBERS_MAX];
    size_t members;
    uint64_t plain;
    buf order; /* order.csv */
    unsigned steps;
    uint64_t lines; /* of it */
} uploads;

static void quoted(buf *out, sv s, const char *behind)
{
    buf_quoted(out, s, '"', '"');
    buf_str(out, behind);
}

/* A line of order.csv and of the guide: a file within an upload, or one that is loaded by itself. */
static status tell(uploads *u, sv upload, sv map, sv file, const fact_load *l, const fact_file *part)
{
    const fact_step step = {u->steps, upload, map, file, l, part};
    u->lines++;
    buf_printf(&u->order, "%u,", u->steps);
    quoted(&u->order, upload, ",");
    quoted(&u->order, map, ",");
    quoted(&u->order, file, ",");
    quoted(&u->order, u->f->table[l->table].label, ",");
    buf_printf(&u->order, "%llu,%s\r\n", (unsigned long long)part->rows,
               l->update ? "update by the key Source Key" : "create");
    return upload.p && map.p ? package_step(u->out, &step) : package_no_memory(u->out);
}

/* Second passes, each file by itself. */
static status tell_update(uploads *u, const fact_load *l)
{
    sv stem = l->file.n > 4 ? (sv){l->file.p, l->file.n - 4} : l->file;
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < l->parts; i++) {
        u->steps++;
        s = tell(u, l->part[i].name, arena_printf(u->mem, "maps/%.*s.xml", (int)stem.n, stem.p), l->part[i].name, l,
                 &l->part[i]);
    }
    return s;
}

static status close_upload(uploads *u)
{
    if (!u->zip) return ST_OK;
    package_archive *zip = u->zip;
    u->zip = NULL;
    status s = package_archive_close(zip);
    if (s != ST_OK) return s;
    xml_writer w = xml_begin(DATAVERSE_XML_MAX);
    dataverse_map_begin(&w, arena_printf(u->mem, "chartferry %.*s", (int)u->stem.n, u->stem.p));
    for (size_t i = 0; i < u->members; i++)
        dataverse_entity_map(&w, u->f, u->member[i].load, u->member[i].name, u->mem);
    s = dataverse_map_end(&w, u->stem, u->out);
    u->members = 0;
    u->plain = 0;
    return s;
}

/* "Contact", and "Contact_2" for a second one in the same ZIP. */
static sv member_name(uploads *u, const fact_load *l)
{
    sv label = u->f->table[l->table].label;
    char *p = arena_alloc(u->mem, label.n + 1);
    size_t n = 0, same = 1;
    for (size_t i = 0; p && i < label.n; i++) p[n++] = strchr("\\/:*?\"<>|", label.p[i]) ? '_' : label.p[i];
    for (size_t i = 0; i < u->members; i++) same += u->member[i].load->table == l->table;
    if (same == 1 || !p) return (sv){p, n};
    return arena_printf(u->mem, "%.*s_%zu", (int)n, p, same);
}

/* A link to a table that is in the same ZIP would depend on the order in which the wizard takes its files. */
static bool points_inside(const uploads *u, const fact_load *l)
{
    for (size_t i = 0; i < l->fields; i++)
        for (size_t k = 0; k < u->members; k++)
            if (l->field[i].target.n && sv_eq(l->field[i].target, u->member[k].load->object)) return true;
    return false;
}

static status open_upload(uploads *u)
{
    u->stem = arena_printf(u->mem, "upload_%02u", ++u->number);
    u->steps++;
    u->zip = package_archive_open(u->out, arena_printf(u->mem, "uploads/%.*s.zip", (int)u->stem.n, u->stem.p));
    return u->zip ? ST_OK : ST_FATAL;
}

static status add(uploads *u, const fact_load *l, const fact_file *file)
{
    bool full = u->zip && (u->members == MEMBERS_MAX || u->plain + file->bytes > PLAIN_BYTES ||
                           package_archive_bytes_with(u->zip, file->name, file->bytes) > ZIP_BYTES);
    status s = full ? close_upload(u) : ST_OK;
    if (s == ST_OK && !u->zip) s = open_upload(u);
    if (s != ST_OK) return s;
    sv name = member_name(u, l);
    size_t stem = file->name.n;
    while (stem && file->name.p[stem - 1] != '.') stem--;
    sv with_ending = arena_printf(u->mem, "%.*s.%.*s", (int)name.n, name.p ? name.p : "", (int)(file->name.n - stem),
                                  file->name.p + stem);
    if (!with_ending.p) return package_no_memory(u->out);
    u->member[u->members++] = (member){l, name};
    s = tell(u, arena_printf(u->mem, "uploads/%.*s.zip", (int)u->stem.n, u->stem.p),
             arena_printf(u->mem, "maps/%.*s.xml", (int)u->stem.n, u->stem.p), with_ending, l, file);
    u->plain += file->bytes;
    return s == ST_OK ? package_archive_file(u->zip, with_ending, file->path) : s;
}

static status add_load(uploads *u, const fact_load *l)
{
    status s = points_inside(u, l) ? close_upload(u) : ST_OK;
    for (size_t i = 0; s == ST_OK && i < l->parts; i++) s = add(u, l, &l->part[i]);
    return s;
}

static status emit(const deliver_facts *f, package_out *out)
{
    uploads *u = arena_alloc(package_mem(out), sizeof *u);
    if (!u) return package_no_memory(out);
    *u = (uploads){.f = f, .out = out, .mem = package_mem(out), .order = buf_new(DATAVERSE_XML_MAX)};
    buf_str(&u->order, "\xEF\xBB\xBFStep,Upload,Data map,File,Table,Rows,What is done\r\n");
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < f->loads; i++) {
        const fact_load *l = &f->load[i];
        if (!dataverse_is_loaded(l)) continue;
        /* What comes behind a second pass may need what that one does. */
        s = l->update ? close_upload(u) : add_load(u, l);
        if (s == ST_OK && l->update) s = tell_update(u, l);
    }
    if (s == ST_OK) s = close_upload(u);
    package_archive_abandon(u->zip);
    if (s == ST_OK)
        s = u->order.failed ? package_no_memory(out)
                            : package_list(out, SV_LIT("uploads/order.csv"), buf_view(&u->order), u->lines);
    buf_free(&u->order);
    return s;
}

const emitter dataverse_uploads = {"dataverse_uploads", "Uploads of the import wizard", emit};
