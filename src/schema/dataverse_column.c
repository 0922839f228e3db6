/* A column of a table as customizations.xml has it: an <attribute>. */
#include "schema/dataverse.h"

/* Limits of the types, from the maker's documentation of column data types. */
enum { TEXT_MAX = 4000, MEMO_MAX = 1048576, PLACES_MAX = 10, PLACES = 2 };
#define NUMBER_MAX  2147483647LL
#define DECIMAL_MAX 100000000000LL

bool dataverse_is_primary_name(const deliver_facts *f, const fact_table *t, const fact_field *x)
{
    return t->is_new && dataverse_is_ours(f, x->name) &&
           sv_eq_nocase((sv){x->name.p + f->prefix.n + 1, x->name.n - f->prefix.n - 1}, SV_LIT("name"));
}

static const char *type_word(const fact_field *x)
{
    switch (x->type) {
    case TARGET_LONGTEXT: return "ntext";
    case TARGET_NUMBER: return "int";
    case TARGET_DECIMAL:
    case TARGET_CURRENCY:
    case TARGET_PERCENT: return "decimal";
    case TARGET_DATE:
    case TARGET_DATETIME: return "datetime";
    case TARGET_BOOL:
    case TARGET_PICKLIST: return "picklist";
    case TARGET_MULTIPICKLIST: return "multiselectpicklist";
    case TARGET_LOOKUP: return "lookup";
    default: return "nvarchar";
    }
}

/* What is the same for every column. */
static void common(xml_writer *w, const fact_field *x, bool primary, sv logical)
{
    static const char *const flags[][2] = {{"ImeMode", "auto"},
                                           {"ValidForUpdateApi", "1"},
                                           {"ValidForReadApi", "1"},
                                           {"ValidForCreateApi", "1"},
                                           {"IsCustomField", "1"},
                                           {"IsAuditEnabled", "1"},
                                           {"IsSecured", "0"},
                                           {"IntroducedVersion", "1.0.0.0"},
                                           {"IsCustomizable", "1"},
                                           {"IsRenameable", "1"},
                                           {"CanModifySearchSettings", "1"},
                                           {"CanModifyRequirementLevelSettings", "1"},
                                           {"CanModifyAdditionalSettings", "1"},
                                           {"SourceType", "0"},
                                           {"IsGlobalFilterEnabled", "0"},
                                           {"IsSortableEnabled", "0"},
                                           {"CanModifyGlobalFilterSettings", "1"},
                                           {"CanModifyIsSortableSettings", "1"},
                                           {"IsDataSourceSecret", "0"},
                                           {"AutoNumberFormat", ""},
                                           {"IsSearchable", "0"},
                                           {"IsFilterable", "0"},
                                           {"IsRetrievable", "1"},
                                           {"IsLocalizable", "0"}};
    xml_word(w, "Type", type_word(x));
    xml_leaf(w, "Name", logical);
    xml_leaf(w, "LogicalName", logical);
    xml_word(w, "RequiredLevel", primary ? "required" : "none");
    xml_word(w, "DisplayMask",
             primary ? "PrimaryName|ValidForAdvancedFind|ValidForForm|ValidForGrid|RequiredForForm"
                     : "ValidForAdvancedFind|ValidForForm|ValidForGrid");
    dataverse_flags(w, flags, sizeof flags / sizeof flags[0]);
}

static void text(xml_writer *w, const fact_field *x, const char *format)
{
    long long length = x->length && x->length < TEXT_MAX ? (long long)x->length : TEXT_MAX;
    xml_word(w, "Format", format);
    xml_number(w, "MaxLength", length);
    xml_number(w, "Length", 2 * length);
}

/* Of custom values nobody knows how long the next one is. */
static void memo(xml_writer *w, const fact_field *x)
{
    bool whole = x->is_custom || !x->length || x->length > MEMO_MAX;
    xml_word(w, "Format", "textarea");
    xml_number(w, "MaxLength", whole ? MEMO_MAX : (long long)x->length);
}

static void decimal(xml_writer *w, const fact_field *x)
{
    long long places = x->precision ? (long long)x->scale : x->is_custom ? PLACES_MAX : PLACES;
    xml_number(w, "MinValue", -DECIMAL_MAX);
    xml_number(w, "MaxValue", DECIMAL_MAX);
    xml_number(w, "Accuracy", places > PLACES_MAX ? PLACES_MAX : places);
}

/* Days are days for every reader; moments are the practice's clock, whatever the reader's zone. */
static void moment(xml_writer *w, bool day)
{
    xml_word(w, "Format", day ? "date" : "datetime");
    xml_word(w, "CanChangeDateTimeBehavior", "1");
    xml_word(w, "Behavior", day ? "2" : "3");
}

static void option(xml_writer *w, long long value, sv label, arena *mem)
{
    xml_open(w, "option");
    xml_attr(w, "value", arena_printf(mem, "%lld", value));
    xml_attr(w, "ExternalValue", SV_LIT(""));
    xml_attr(w, "IsHidden", SV_LIT("0"));
    dataverse_label(w, "labels", "label", label);
    xml_close(w);
}

/* Sets are the column's own: a global one could clash with what the organization has. */
static void options(xml_writer *w, const deliver_facts *f, const fact_table *t, const fact_field *x, arena *mem)
{
    sv table = dataverse_logical(mem, t->object), column = dataverse_logical(mem, x->name);
    xml_word(w, "AppDefaultValue", "-1");
    xml_open(w, "optionset");
    xml_attr(w, "Name", arena_printf(mem, "%.*s_%.*s", (int)table.n, table.p, (int)column.n, column.p));
    xml_word(w, "OptionSetType", "picklist");
    xml_word(w, "IsGlobal", "0");
    xml_word(w, "IntroducedVersion", "1.0.0.0");
    xml_word(w, "IsCustomizable", "1");
    xml_word(w, "ExternalTypeName", "");
    dataverse_label(w, "displaynames", "displayname", x->label);
    dataverse_label(w, "Descriptions", "Description", SV_LIT(""));
    xml_open(w, "options");
    for (size_t i = 0; i < dataverse_options(x); i++)
        option(w, dataverse_option_value(f, i), dataverse_option(f, x, i), mem);
    xml_close(w);
    xml_close(w);
}

static void by_type(xml_writer *w, const deliver_facts *f, const fact_table *t, const fact_field *x, arena *mem)
{
    switch (x->type) {
    case TARGET_LONGTEXT: memo(w, x); return;
    case TARGET_NUMBER:
        xml_word(w, "Format", "none");
        xml_number(w, "MinValue", -NUMBER_MAX);
        xml_number(w, "MaxValue", NUMBER_MAX);
        return;
    case TARGET_DECIMAL:
    case TARGET_CURRENCY:
    case TARGET_PERCENT: decimal(w, x); return;
    case TARGET_DATE: moment(w, true); return;
    case TARGET_DATETIME: moment(w, false); return;
    case TARGET_BOOL:
    case TARGET_PICKLIST:
    case TARGET_MULTIPICKLIST: options(w, f, t, x, mem); return;
    case TARGET_LOOKUP:
        xml_word(w, "LookupStyle", "single");
        xml_word(w, "LookupTypes", "");
        return;
    case TARGET_EMAIL: text(w, x, "email"); return;
    case TARGET_PHONE: text(w, x, "phone"); return;
    case TARGET_URL: text(w, x, "url"); return;
    default: text(w, x, "text"); return;
    }
}

void dataverse_column(xml_writer *w, const deliver_facts *f, const fact_table *t, const fact_field *x, arena *mem)
{
    bool primary = dataverse_is_primary_name(f, t, x);
    xml_open(w, "attribute");
    xml_attr(w, "PhysicalName", x->name);
    common(w, x, primary, dataverse_logical(mem, x->name));
    by_type(w, f, t, x, mem);
    dataverse_label(w, "displaynames", "displayname", x->label);
    dataverse_label(w, "Descriptions", "Description", x->help);
    xml_close(w);
}
