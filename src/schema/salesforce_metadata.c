/* What Salesforce must have before the first row: objects, fields, layouts, tabs, permission sets, as the Metadata API takes
 * them, in a ZIP for Workbench or the command line. A second ZIP has objects, fields and permission sets alone: one deployment
 * is all or nothing, and layouts are the part that an organization may have grown differently. */
#include "schema/emitters.h"
#include "schema/salesforce.h"

#define API_VERSION "60.0"

typedef struct package {
    const deliver_facts *facts;
    package_out *out;
    package_member *member;
    size_t n, room;
    bool lean, failed;
} package;

/* Takes the text over. */
static void add(package *p, sv path, xml_writer x)
{
    arena *mem = package_mem(p->out);
    sv copy = !xml_whole(&x) || !path.p ? (sv){NULL, 0} : arena_sv(mem, buf_view(&x.out));
    buf_free(&x.out);
    if (!copy.p || p->n == p->room) {
        p->failed = true;
        return;
    }
    p->member[p->n++] = (package_member){path, copy};
}

/* ---- what is in it ---- */

static bool makes_fields(const fact_table *t)
{
    for (size_t i = 0; i < t->fields; i++)
        if (salesforce_makes(t, &t->field[i])) return true;
    return t->is_new;
}

/* Position of the first table whose fields are in the same object file. */
static bool first_of_holder(const deliver_facts *f, size_t table)
{
    for (size_t i = 0; i < table; i++)
        if (makes_fields(&f->table[i]) && sv_eq(salesforce_holder(&f->table[i]), salesforce_holder(&f->table[table])))
            return false;
    return makes_fields(&f->table[table]);
}

static void add_objects(package *p)
{
    for (size_t i = 0; i < p->facts->tables; i++) {
        if (!first_of_holder(p->facts, i)) continue;
        sv holder = salesforce_holder(&p->facts->table[i]);
        add(p, arena_printf(package_mem(p->out), "objects/%.*s.object", (int)holder.n, holder.p),
            salesforce_object(holder, p->facts));
    }
}

static void add_access(package *p)
{
    for (salesforce_access a = ACCESS_READ; a <= ACCESS_IMPORT; a++) {
        sv name = salesforce_access_name(a);
        add(p, arena_printf(package_mem(p->out), "permissionsets/%.*s.permissionset", (int)name.n, name.p),
            salesforce_permissions(a, !p->lean, p->facts));
    }
}

/* Middle names and suffixes of people are fields only where an organization has switched them on. */
static void add_settings(package *p)
{
    xml_writer x = salesforce_file("NameSettings");
    xml_bool(&x, "enableMiddleName", true);
    xml_bool(&x, "enableNameSuffix", true);
    xml_close(&x);
    add(p, SV_LIT("settings/Name.settings"), x);
}

static void add_pages(package *p)
{
    arena *mem = package_mem(p->out);
    for (size_t i = 0; i < p->facts->tables; i++) {
        const fact_table *t = &p->facts->table[i];
        if (!salesforce_has_layout(t)) continue;
        sv name = salesforce_layout_name(t, mem);
        add(p, arena_printf(mem, "layouts/%.*s.layout", (int)name.n, name.p ? name.p : ""),
            salesforce_layout(t, p->facts));
        if (t->is_new) add(p, arena_printf(mem, "tabs/%.*s.tab", (int)t->object.n, t->object.p), salesforce_tab());
    }
}

/* ---- package.xml ---- */

/* The members of a folder, by their file names. */
static void types_of(xml_writer *x, const package *p, const char *folder, const char *ending, const char *type)
{
    bool any = false;
    for (size_t i = 0; i < p->n; i++) {
        sv path = p->member[i].path;
        if (!sv_starts(path, sv_from(folder))) continue;
        if (!any) xml_open(x, "types");
        any = true;
        size_t before = strlen(folder);
        xml_leaf(x, "members", (sv){path.p + before, path.n - before - strlen(ending)});
    }
    if (!any) return;
    xml_leaf(x, "name", sv_from(type));
    xml_close(x);
}

static void add_contents(package *p)
{
    xml_writer x = salesforce_file("Package");
    types_of(&x, p, "objects/", ".object", "CustomObject");
    types_of(&x, p, "tabs/", ".tab", "CustomTab");
    types_of(&x, p, "layouts/", ".layout", "Layout");
    types_of(&x, p, "permissionsets/", ".permissionset", "PermissionSet");
    types_of(&x, p, "settings/", ".settings", "Settings");
    xml_leaf(&x, "version", SV_LIT(API_VERSION));
    xml_close(&x);
    add(p, SV_LIT("package.xml"), x);
}

static status write_package(const deliver_facts *facts, package_out *out, bool lean, sv path)
{
    package p = {.facts = facts, .out = out, .lean = lean, .room = 4 * facts->tables + 8};
    p.member = arena_array(package_mem(out), p.room, sizeof *p.member);
    if (!p.member) return package_no_memory(out);
    add_objects(&p);
    add_access(&p);
    if (!lean) add_pages(&p);
    if (!lean) add_settings(&p);
    add_contents(&p);
    return p.failed ? package_no_memory(out) : package_zip(out, path, p.member, p.n);
}

static status emit(const deliver_facts *facts, package_out *out)
{
    status s = write_package(facts, out, false, SV_LIT("metadata/salesforce-metadata.zip"));
    return s == ST_OK ? write_package(facts, out, true, SV_LIT("metadata/salesforce-metadata-lean.zip")) : s;
}

const emitter salesforce_metadata = {"salesforce_metadata", "Metadata package", emit};
