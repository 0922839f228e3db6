/* Data maps of the import wizard: which heading of a file goes to which column, by what a link is found, which word is which
 * option. A map for each file that is loaded by itself, and one for the list of notes in archives of attachments. */
#include "schema/dataverse.h"
#include "schema/emitters.h"

enum { PARTS_MAX = 500 };

/* Options of columns that every organization has, by their published numbers. */
static bool standard_option(sv column, sv label, long long *value)
{
    static const struct {
        sv column, label;
        long long value;
    } known[] = {{{"gendercode", 10}, {"Male", 4}, 1}, {{"gendercode", 10}, {"Female", 6}, 2}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (sv_eq(known[i].column, column) && sv_eq(known[i].label, label)) {
            *value = known[i].value;
            return true;
        }
    return false;
}

static void process(xml_writer *w) { xml_word(w, "ProcessCode", "Process"); }

static void lookup_map(xml_writer *w, const fact_field *x, arena *mem)
{
    xml_open(w, "LookupMaps");
    xml_open(w, "LookupMap");
    xml_leaf(w, "LookupEntityName", dataverse_logical(mem, x->target));
    xml_leaf(w, "LookupAttributeName", dataverse_logical(mem, x->target_key));
    xml_word(w, "LookupType", "System");
    process(w);
    xml_close(w);
    xml_close(w);
}

static void option_map(xml_writer *w, sv source, long long value)
{
    xml_open(w, "PicklistMap");
    xml_leaf(w, "SourceValue", source);
    xml_number(w, "TargetValue", value);
    process(w);
    xml_close(w);
}

/* Places of options are those of the table's column, which all files of the table share. */
static void option_maps(xml_writer *w, const deliver_facts *f, const fact_load *l, const fact_field *x)
{
    const fact_field *whole = fact_field_named(&f->table[l->table], x->name);
    bool ours = dataverse_is_ours(f, x->name);
    xml_open(w, "PicklistMaps");
    for (size_t i = 0; whole && i < dataverse_options(whole); i++) {
        sv label = dataverse_option(f, whole, i);
        long long value = ours ? dataverse_option_value(f, i) : 0;
        if (ours || standard_option(x->name, label, &value)) option_map(w, label, value);
    }
    xml_close(w);
}

static void attribute_map(xml_writer *w, const deliver_facts *f, const fact_load *l, const fact_field *x, arena *mem)
{
    bool there = dataverse_is_column(f, x);
    xml_open(w, "AttributeMap");
    xml_leaf(w, "SourceAttributeName", x->heading);
    xml_leaf(w, "TargetAttributeName", there ? dataverse_logical(mem, x->name) : (sv){NULL, 0});
    xml_word(w, "ProcessCode", there ? "Process" : "Ignore");
    if (there && fact_is_link(x)) lookup_map(w, x, mem);
    if (there && dataverse_options(x)) option_maps(w, f, l, x);
    xml_close(w);
}

void dataverse_entity_map(xml_writer *w, const deliver_facts *f, const fact_load *l, sv file, arena *mem)
{
    xml_open(w, "EntityMap");
    xml_attr(w, "TargetEntityName", dataverse_logical(mem, l->object));
    xml_attr(w, "SourceEntityName", file);
    xml_attr(w, "Dedupe", SV_LIT("Ignore"));
    xml_attr(w, "ProcessCode", SV_LIT("Process"));
    xml_open(w, "AttributeMaps");
    for (size_t i = 0; i < l->fields; i++) attribute_map(w, f, l, &l->field[i], mem);
    xml_close(w);
    xml_close(w);
}

static sv stem_of(sv name)
{
    size_t n = name.n;
    while (n && name.p[n - 1] != '.') n--;
    return (sv){name.p, n ? n - 1 : name.n};
}

bool dataverse_is_loaded(const fact_load *l) { return l->rows && !sv_eq(l->object, SV_LIT("systemuser")); }

void dataverse_map_begin(xml_writer *w, sv name)
{
    xml_open(w, "Map");
    xml_attr(w, "Name", name);
    xml_attr(w, "Source", SV_LIT("chartferry"));
    xml_word(w, "EntitiesPerFile", "Single");
    xml_open(w, "EntityMaps");
}

status dataverse_map_end(xml_writer *w, sv stem, package_out *out)
{
    arena *mem = package_mem(out);
    xml_close(w);
    xml_close(w);
    sv path = arena_printf(mem, "maps/%.*s.xml", (int)stem.n, stem.p);
    bool whole = xml_whole(w) && path.p && !arena_failed(mem);
    status s = whole ? package_file(out, path, buf_view(&w->out)) : package_no_memory(out);
    buf_free(&w->out);
    return s;
}

static status one_map(const deliver_facts *f, const fact_load *l, package_out *out)
{
    arena *mem = package_mem(out);
    sv stem = stem_of(l->file);
    xml_writer w = xml_begin(DATAVERSE_XML_MAX);
    dataverse_map_begin(&w, arena_printf(mem, "chartferry %.*s", (int)stem.n, stem.p));
    for (size_t i = 0; i < l->parts && i < PARTS_MAX; i++)
        dataverse_entity_map(&w, f, l, stem_of(l->part[i].name), mem);
    return dataverse_map_end(&w, stem, out);
}

/* What the list of notes calls its columns is what the files of plain notes do; another column goes nowhere. */
static const fact_field *column_headed(const fact_table *t, sv heading)
{
    static const fact_field nowhere = {.is_key = true};
    for (size_t i = 0; i < t->fields; i++)
        if (sv_eq(t->field[i].heading, heading)) return &t->field[i];
    return &nowhere;
}

static status files_map(const deliver_facts *f, package_out *out)
{
    const file_rules *rules = destination_files(f->destination);
    const fact_table *notes = fact_table_named(f, SV_LIT("annotation"));
    arena *mem = package_mem(out);
    if (!rules || rules->as != FILES_ATTACHMENTS || !notes) return ST_OK;
    fact_field *field = arena_array(mem, rules->columns + 1, sizeof *field);
    if (!field) return package_no_memory(out);
    for (size_t i = 0; i < rules->columns; i++) {
        field[i] = *column_headed(notes, rules->column[i].heading);
        field[i].heading = rules->column[i].heading;
    }
    const fact_load list = {
        .object = notes->object, .table = (size_t)(notes - f->table), .field = field, .fields = rules->columns};
    xml_writer w = xml_begin(DATAVERSE_XML_MAX);
    dataverse_map_begin(&w, arena_printf(mem, "chartferry %.*s", (int)rules->name.n, rules->name.p));
    dataverse_entity_map(&w, f, &list, stem_of(rules->csv), mem);
    return dataverse_map_end(&w, rules->name, out);
}

static status emit(const deliver_facts *f, package_out *out)
{
    status s = ST_OK;
    for (size_t i = 0; i < f->loads && s == ST_OK; i++)
        if (dataverse_is_loaded(&f->load[i])) s = one_map(f, &f->load[i], out);
    return s == ST_OK ? files_map(f, out) : s;
}

const emitter dataverse_map = {"dataverse_map", "Data maps of the import wizard", emit};
