/* Custom fields. Element by type: the Metadata API guide, CustomField. */
#include "schema/salesforce.h"

enum {
    TEXT_MAX = 255,
    LONG_TEXT_LEAST = 256,
    LONG_TEXT_MOST = 131072,
    LONG_TEXT_USUAL = 32768,
    HELP_MAX = 510,
    PRECISION_MAX = 18,
    SCALE_OF_MONEY = 2,
    SCALE_USUAL = 6,
    LINES_OF_TEXT = 6,
    LINES_OF_CHOICES = 4
};

static sv stem(sv name)
{
    if (sv_ends(name, SV_LIT("__c"))) name.n -= 3;
    return name;
}

sv salesforce_holder(const fact_table *t)
{
    bool activity = sv_eq(t->object, SV_LIT("Event")) || sv_eq(t->object, SV_LIT("Task"));
    return activity ? SV_LIT("Activity") : t->object;
}

bool salesforce_makes(const fact_table *t, const fact_field *f)
{
    (void)t;
    return sv_ends(f->name, SV_LIT("__c")) && (f->is_new || f->is_key);
}

salesforce_link salesforce_link_of(const fact_table *t, const fact_field *f, const deliver_facts *facts)
{
    if (!fact_is_link(f)) return LINK_NONE;
    const fact_table *target = fact_table_named(facts, f->target);
    if (!f->required || !t->is_new) return LINK_LOOKUP;
    return target && target->is_new ? LINK_MASTER : LINK_REQUIRED;
}

bool salesforce_is_detail(const fact_table *t, const deliver_facts *facts)
{
    for (size_t i = 0; i < t->fields; i++)
        if (salesforce_link_of(t, &t->field[i], facts) == LINK_MASTER) return true;
    return false;
}

/* ---- what stands in front of <label>, and behind ---- */

/* A checkbox makes no of what was never said: of the practice's own truths nobody knows whether all records have one. */
static bool is_three_way(const fact_field *f) { return f->is_custom && f->type == TARGET_BOOL; }

static const char *type_of(const fact_field *f, salesforce_link link)
{
    static const char *const name[TARGET_TYPES] = {[TARGET_TEXT] = "Text",
                                                   [TARGET_LONGTEXT] = "LongTextArea",
                                                   [TARGET_NUMBER] = "Number",
                                                   [TARGET_DECIMAL] = "Number",
                                                   [TARGET_CURRENCY] = "Currency",
                                                   [TARGET_PERCENT] = "Percent",
                                                   [TARGET_DATE] = "Date",
                                                   [TARGET_DATETIME] = "DateTime",
                                                   [TARGET_BOOL] = "Checkbox",
                                                   [TARGET_PICKLIST] = "Picklist",
                                                   [TARGET_MULTIPICKLIST] = "MultiselectPicklist",
                                                   [TARGET_LOOKUP] = "Lookup",
                                                   [TARGET_EMAIL] = "Email",
                                                   [TARGET_PHONE] = "Phone",
                                                   [TARGET_URL] = "Url"};
    if (link != LINK_NONE) return link == LINK_MASTER ? "MasterDetail" : "Lookup";
    if (is_three_way(f)) return "Picklist";
    if (f->type == TARGET_TEXT && f->length > TEXT_MAX) return "LongTextArea";
    if (f->type >= TARGET_TYPES || f->type == TARGET_LOOKUP) return "Text";
    return name[f->type];
}

static uint64_t length_of(const fact_field *f, bool is_long)
{
    if (!is_long) return f->length && f->length < TEXT_MAX ? f->length : TEXT_MAX;
    uint64_t n = f->length ? f->length : LONG_TEXT_USUAL;
    if (n < LONG_TEXT_LEAST) return LONG_TEXT_LEAST;
    return n < LONG_TEXT_MOST ? n : LONG_TEXT_MOST;
}

static void help(xml_writer *x, sv text)
{
    if (!text.n) return;
    if (text.n > HELP_MAX) {
        text.n = HELP_MAX;
        while (text.n && ((unsigned char)text.p[text.n] & 0xC0) == 0x80) text.n--;
    }
    xml_leaf(x, "inlineHelpText", text);
}

/* Of numbers without digits of their own, such as the practice's: what is more than the scale would be rounded in silence. */
static void digits(xml_writer *x, const fact_field *f, bool front)
{
    bool whole = f->type == TARGET_NUMBER;
    bool money = f->type == TARGET_CURRENCY || f->type == TARGET_PERCENT;
    uint64_t scale = f->precision ? f->scale : whole ? 0 : money ? SCALE_OF_MONEY : SCALE_USUAL;
    uint64_t precision = f->precision ? f->precision : PRECISION_MAX;
    if (precision > PRECISION_MAX) precision = PRECISION_MAX;
    if (front)
        xml_number(x, "precision", (long long)precision);
    else
        xml_number(x, "scale", (long long)(scale < precision ? scale : precision));
}

static bool is_number(target_type t)
{
    return t == TARGET_NUMBER || t == TARGET_DECIMAL || t == TARGET_CURRENCY || t == TARGET_PERCENT;
}

/* "ClinicalExam_Provider": of the child and its field, so that no two children of one parent have the same. */
static void relationship_name(xml_writer *x, const fact_table *t, const fact_field *f)
{
    sv child = stem(salesforce_holder(t)), field = stem(f->name);
    buf b = buf_new(256);
    buf_printf(&b, "%.*s_%.*s", (int)child.n, child.p, (int)field.n, field.p);
    if (b.failed) x->out.failed = true;
    xml_leaf(x, "relationshipName", buf_view(&b));
    buf_free(&b);
}

/* "Clinical exams", "Clinical exams (Provider)": the heading of the list on the parent's page. */
static void relationship_label(xml_writer *x, const fact_table *t, const fact_field *f, salesforce_link link)
{
    buf b = buf_new(1024);
    buf_sv(&b, t->plural);
    if (link == LINK_LOOKUP) buf_printf(&b, " (%.*s)", (int)f->label.n, f->label.p);
    if (b.failed) x->out.failed = true;
    xml_leaf(x, "relationshipLabel", buf_view(&b));
    buf_free(&b);
}

static void reference(xml_writer *x, const fact_table *t, const fact_field *f, salesforce_link link, unsigned masters)
{
    xml_leaf(x, "referenceTo", f->target);
    relationship_label(x, t, f, link);
    relationship_name(x, t, f);
    if (link != LINK_MASTER) return;
    xml_number(x, "relationshipOrder", masters);
    /* Else a second load of the same row would be refused: the field could be written once only. */
    xml_bool(x, "reparentableMasterDetail", true);
}

static void choice(xml_writer *x, sv value, sv label)
{
    xml_open(x, "value");
    xml_leaf(x, "fullName", value);
    xml_bool(x, "default", false);
    xml_leaf(x, "label", label);
    xml_close(x);
}

/* Not restricted: a word that a later load brings is taken, and seen in reports. */
static void choices(xml_writer *x, const fact_field *f, const destination *d)
{
    xml_open(x, "valueSet");
    xml_bool(x, "restricted", false);
    xml_open(x, "valueSetDefinition");
    xml_bool(x, "sorted", false);
    for (size_t i = 0; i < f->options; i++) choice(x, f->option[i].value, f->option[i].value);
    if (is_three_way(f)) {
        choice(x, d->yes.n ? d->yes : SV_LIT("1"), SV_LIT("Yes"));
        choice(x, d->no.n ? d->no : SV_LIT("0"), SV_LIT("No"));
    }
    xml_close(x);
    xml_close(x);
}

void salesforce_field(xml_writer *x, const fact_table *t, const fact_field *f, const deliver_facts *facts,
                      unsigned masters)
{
    salesforce_link link = salesforce_link_of(t, f, facts);
    const char *type = type_of(f, link);
    bool text = strcmp(type, "Text") == 0, is_long = strcmp(type, "LongTextArea") == 0;
    bool truth = strcmp(type, "Checkbox") == 0;
    bool key = f->is_key && !sv_eq(t->object, SV_LIT("ContentVersion"));
    bool unique = text && (key || f->unique);
    bool picks = f->type == TARGET_PICKLIST || f->type == TARGET_MULTIPICKLIST || is_three_way(f);
    xml_open(x, "fields");
    xml_leaf(x, "fullName", f->name);
    /* Keys tell capital letters from small ones, as the sources do. */
    if (unique) xml_bool(x, "caseSensitive", true);
    if (truth) xml_leaf(x, "defaultValue", SV_LIT("false"));
    if (link == LINK_LOOKUP || link == LINK_REQUIRED)
        xml_leaf(x, "deleteConstraint", link == LINK_REQUIRED ? SV_LIT("Restrict") : SV_LIT("SetNull"));
    if (text && (key || f->external_id)) xml_bool(x, "externalId", true);
    help(x, f->help);
    xml_leaf(x, "label", f->label);
    if (text || is_long) xml_number(x, "length", (long long)length_of(f, is_long));
    if (link == LINK_NONE && is_number(f->type)) digits(x, f, true);
    if (link != LINK_NONE) reference(x, t, f, link, masters);
    if (link == LINK_REQUIRED) xml_bool(x, "required", true);
    if (link == LINK_NONE && is_number(f->type)) digits(x, f, false);
    xml_leaf(x, "type", sv_from(type));
    if (unique) xml_bool(x, "unique", true);
    if (link == LINK_NONE && picks) choices(x, f, facts->destination);
    if (is_long || f->type == TARGET_MULTIPICKLIST)
        xml_number(x, "visibleLines", is_long ? LINES_OF_TEXT : LINES_OF_CHOICES);
    if (link == LINK_MASTER) xml_bool(x, "writeRequiresMasterRead", false);
    xml_close(x);
}
