/* The solution: tables, columns, choices, links, keys, lists and forms in a ZIP of three files; and a lean one without lists
 * and forms, should the first be refused. */
#include "schema/dataverse.h"
#include "schema/emitters.h"

static const char content_types[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                                    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                                    "<Default Extension=\"xml\" ContentType=\"application/octet-stream\" /></Types>\n";
static const char instance[] = "http://www.w3.org/2001/XMLSchema-instance";

/* ---- customizations.xml ---- */

static sv customizations(const deliver_facts *f, bool screens, xml_writer *w, arena *mem)
{
    static const char *const before[] = {"Roles", "Workflows", "FieldSecurityProfiles", "Templates", "EntityMaps"};
    static const char *const behind[] = {"OrganizationSettings", "optionsets", "CustomControls", "EntityDataProviders"};
    xml_open(w, "ImportExportXml");
    xml_attr(w, "xmlns:xsi", sv_from(instance));
    xml_open(w, "Entities");
    for (size_t i = 0; i < f->tables; i++)
        if (dataverse_in_solution(f, &f->table[i])) dataverse_table(w, f, &f->table[i], screens, mem);
    xml_close(w);
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) xml_word(w, before[i], "");
    xml_open(w, "EntityRelationships");
    for (size_t i = 0; i < f->tables; i++)
        if (dataverse_in_solution(f, &f->table[i])) dataverse_relations(w, f, &f->table[i], mem);
    xml_close(w);
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) xml_word(w, behind[i], "");
    xml_open(w, "Languages");
    xml_number(w, "Language", DATAVERSE_LANGUAGE);
    xml_close(w);
    xml_close(w);
    return buf_view(&w->out);
}

/* ---- solution.xml ---- */

static void nil(xml_writer *w, const char *name)
{
    xml_open(w, name);
    xml_attr(w, "xsi:nil", SV_LIT("true"));
    xml_close(w);
}

static void address(xml_writer *w, int number)
{
    static const char *const before[] = {"City",
                                         "County",
                                         "Country",
                                         "Fax",
                                         "FreightTermsCode",
                                         "ImportSequenceNumber",
                                         "Latitude",
                                         "Line1",
                                         "Line2",
                                         "Line3",
                                         "Longitude",
                                         "Name",
                                         "PostalCode",
                                         "PostOfficeBox",
                                         "PrimaryContactName"};
    static const char *const behind[] = {
        "StateOrProvince",           "Telephone1", "Telephone2", "Telephone3",
        "TimeZoneRuleVersionNumber", "UPSZone",    "UTCOffset",  "UTCConversionTimeZoneCode"};
    xml_open(w, "Address");
    xml_number(w, "AddressNumber", number);
    xml_word(w, "AddressTypeCode", "1");
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) nil(w, before[i]);
    xml_word(w, "ShippingMethodCode", "1");
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) nil(w, behind[i]);
    xml_close(w);
}

static void publisher(xml_writer *w, const deliver_facts *f, arena *mem)
{
    sv prefix = dataverse_logical(mem, f->prefix);
    xml_open(w, "Publisher");
    xml_leaf(w, "UniqueName", arena_printf(mem, "chartferry%.*s", (int)prefix.n, prefix.p));
    dataverse_label(w, "LocalizedNames", "LocalizedName",
                    arena_printf(mem, "Practice records (%.*s)", (int)prefix.n, prefix.p));
    dataverse_label(w, "Descriptions", "Description", SV_LIT("Records of the practice's old system"));
    nil(w, "EMailAddress");
    nil(w, "SupportingWebsiteUrl");
    xml_leaf(w, "CustomizationPrefix", prefix);
    xml_number(w, "CustomizationOptionValuePrefix", dataverse_option_prefix(f->prefix));
    xml_open(w, "Addresses");
    address(w, 1);
    address(w, 2);
    xml_close(w);
    xml_close(w);
}

static void components(xml_writer *w, const deliver_facts *f, arena *mem)
{
    xml_open(w, "RootComponents");
    for (size_t i = 0; i < f->tables; i++) {
        const fact_table *t = &f->table[i];
        if (!dataverse_in_solution(f, t)) continue;
        xml_open(w, "RootComponent");
        xml_attr(w, "type", SV_LIT("1"));
        xml_attr(w, "schemaName", dataverse_logical(mem, t->object));
        xml_attr(w, "behavior", t->is_new ? SV_LIT("0") : SV_LIT("2"));
        xml_close(w);
    }
    xml_close(w);
}

static sv manifest(const deliver_facts *f, xml_writer *w, arena *mem)
{
    sv prefix = dataverse_logical(mem, f->prefix);
    xml_open(w, "ImportExportXml");
    xml_attr(w, "version", SV_LIT("9.2.0.0"));
    xml_attr(w, "SolutionPackageVersion", SV_LIT("9.2"));
    xml_attr(w, "languagecode", SV_LIT("1033"));
    xml_attr(w, "generatedBy", SV_LIT("chartferry"));
    xml_attr(w, "xmlns:xsi", sv_from(instance));
    xml_open(w, "SolutionManifest");
    xml_leaf(w, "UniqueName", arena_printf(mem, "PracticeRecords_%.*s", (int)prefix.n, prefix.p));
    dataverse_label(w, "LocalizedNames", "LocalizedName", SV_LIT("Practice records"));
    xml_word(w, "Descriptions", "");
    xml_word(w, "Version", "1.0.0.0");
    xml_word(w, "Managed", "0");
    publisher(w, f, mem);
    components(w, f, mem);
    xml_word(w, "MissingDependencies", "");
    xml_close(w);
    xml_close(w);
    return buf_view(&w->out);
}

/* ---- the ZIP ---- */

static status write_solution(const deliver_facts *f, package_out *out, bool screens, sv path)
{
    arena *mem = package_mem(out);
    xml_writer tables = xml_begin(DATAVERSE_XML_MAX), solution = xml_begin(DATAVERSE_XML_MAX);
    const package_member member[] = {{SV_LIT("[Content_Types].xml"), sv_from(content_types)},
                                     {SV_LIT("solution.xml"), manifest(f, &solution, mem)},
                                     {SV_LIT("customizations.xml"), customizations(f, screens, &tables, mem)}};
    bool whole = xml_whole(&tables) && xml_whole(&solution) && !arena_failed(mem);
    status s = whole ? package_zip(out, path, member, sizeof member / sizeof member[0]) : package_no_memory(out);
    buf_free(&tables.out);
    buf_free(&solution.out);
    return s;
}

static status wrong_prefix(const deliver_facts *f, package_out *out, const char *why)
{
    finding x = FINDING_OF(F_DEL_LIMIT_BROKEN);
    x.path = f->id;
    x.a = sv_from(why);
    x.b = SV_LIT("--prefix with such a word");
    find_add(package_findings(out), &x);
    return ST_FATAL;
}

static status emit(const deliver_facts *f, package_out *out)
{
    const char *why;
    if (!dataverse_prefix_fits(f->prefix, &why)) return wrong_prefix(f, out, why);
    status s = write_solution(f, out, true, SV_LIT("solution/PracticeRecords.zip"));
    return s == ST_OK ? write_solution(f, out, false, SV_LIT("solution/PracticeRecords_lean.zip")) : s;
}

const emitter dataverse_solution = {"dataverse_solution", "Solution for Dataverse", emit};
