/* Custom objects and the fields that standard ones are given. */
#include "schema/salesforce.h"

/* Hundreds of fields with their help texts. */
enum { FILE_BYTES_MAX = 32 << 20 };

static const fact_field *name_field(const fact_table *t)
{
    for (size_t i = 0; i < t->fields; i++)
        if (sv_eq(t->field[i].name, SV_LIT("Name"))) return &t->field[i];
    return NULL;
}

/* The record's name: a text where the template fills it, else a running number. */
static void record_name(xml_writer *x, const fact_table *t)
{
    const fact_field *f = name_field(t);
    buf b = buf_new(1024);
    xml_open(x, "nameField");
    if (!f) {
        for (size_t i = 0; i < t->object.n; i++)
            if (t->object.p[i] >= 'A' && t->object.p[i] <= 'Z') buf_char(&b, t->object.p[i]);
        buf_str(&b, "-{000000}");
        xml_leaf(x, "displayFormat", buf_view(&b));
        buf_clear(&b);
        buf_printf(&b, "%.*s number", (int)t->label.n, t->label.p);
    }
    xml_leaf(x, "label", f ? f->label : buf_view(&b));
    xml_leaf(x, "type", f ? SV_LIT("Text") : SV_LIT("AutoNumber"));
    xml_close(x);
    if (b.failed) x->out.failed = true;
    buf_free(&b);
}

/* The three of bulk, sharing and streaming go together: the platform refuses an object that has only some of them. */
static void traits(xml_writer *x, const fact_table *t)
{
    xml_leaf(x, "deploymentStatus", SV_LIT("Deployed"));
    if (t->help.n) xml_leaf(x, "description", t->help);
    xml_bool(x, "enableActivities", true);
    xml_bool(x, "enableBulkApi", true);
    xml_bool(x, "enableHistory", false);
    xml_bool(x, "enableReports", true);
    xml_bool(x, "enableSearch", true);
    xml_bool(x, "enableSharing", true);
    xml_bool(x, "enableStreamingApi", true);
}

static bool written_before(const deliver_facts *facts, sv holder, size_t table, sv name)
{
    for (size_t i = 0; i < table; i++) {
        const fact_field *f =
            sv_eq(salesforce_holder(&facts->table[i]), holder) ? fact_field_named(&facts->table[i], name) : NULL;
        if (f && salesforce_makes(&facts->table[i], f)) return true;
    }
    return false;
}

xml_writer salesforce_file(const char *root)
{
    xml_writer x = xml_begin(FILE_BYTES_MAX);
    xml_open(&x, root);
    xml_attr(&x, "xmlns", SV_LIT(SALESFORCE_NAMESPACE));
    return x;
}

xml_writer salesforce_object(sv holder, const deliver_facts *facts)
{
    xml_writer x = salesforce_file("CustomObject");
    const fact_table *own = NULL;
    for (size_t i = 0; i < facts->tables; i++)
        if (facts->table[i].is_new && sv_eq(facts->table[i].object, holder)) own = &facts->table[i];
    if (own) traits(&x, own);
    for (size_t i = 0; i < facts->tables; i++) {
        const fact_table *t = &facts->table[i];
        unsigned masters = 0;
        for (size_t k = 0; sv_eq(salesforce_holder(t), holder) && k < t->fields; k++) {
            const fact_field *f = &t->field[k];
            if (!salesforce_makes(t, f) || written_before(facts, holder, i, f->name)) continue;
            salesforce_field(&x, t, f, facts, masters);
            masters += salesforce_link_of(t, f, facts) == LINK_MASTER;
        }
    }
    if (own) {
        xml_leaf(&x, "label", own->label);
        record_name(&x, own);
        xml_leaf(&x, "pluralLabel", own->plural);
        xml_leaf(&x, "sharingModel",
                 salesforce_is_detail(own, facts) ? SV_LIT("ControlledByParent") : SV_LIT("Private"));
    }
    xml_close(&x);
    return x;
}

xml_writer salesforce_tab(void)
{
    xml_writer x = salesforce_file("CustomTab");
    xml_bool(&x, "customObject", true);
    xml_leaf(&x, "motif", SV_LIT("Custom18: Form"));
    xml_close(&x);
    return x;
}
