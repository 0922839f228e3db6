/* Permission sets: fields that come by metadata are seen by nobody, not even by administrators, until one grants them. */
#include "schema/salesforce.h"

sv salesforce_access_name(salesforce_access a)
{
    return a == ACCESS_IMPORT ? SV_LIT("Clinical_Import") : SV_LIT("Clinical_Read");
}

/* Required fields are always seen; a permission for one is refused. */
static bool grants(const fact_table *t, const fact_field *f, const deliver_facts *facts)
{
    salesforce_link link = salesforce_link_of(t, f, facts);
    return salesforce_makes(t, f) && link != LINK_REQUIRED && link != LINK_MASTER;
}

static void grant(xml_writer *x, sv object, sv field, bool edit)
{
    buf b = buf_new(1024);
    buf_printf(&b, "%.*s.%.*s", (int)object.n, object.p, (int)field.n, field.p);
    xml_open(x, "fieldPermissions");
    xml_bool(x, "editable", edit);
    xml_leaf(x, "field", buf_view(&b));
    xml_bool(x, "readable", true);
    xml_close(x);
    if (b.failed) x->out.failed = true;
    buf_free(&b);
}

static bool of_activity(const deliver_facts *facts, const fact_table *t, size_t before, sv name)
{
    for (size_t i = 0; i < before; i++)
        if (sv_eq(salesforce_holder(&facts->table[i]), salesforce_holder(t)) &&
            fact_field_named(&facts->table[i], name))
            return true;
    return false;
}

/* Fields of Activity are granted for Event and for Task, each by its own name: "Activity.X" names nothing. */
static void fields(xml_writer *x, bool edit, const deliver_facts *facts)
{
    for (size_t i = 0; i < facts->tables; i++) {
        const fact_table *t = &facts->table[i];
        bool activity = sv_eq(salesforce_holder(t), SV_LIT("Activity"));
        for (size_t k = 0; k < t->fields; k++) {
            const fact_field *f = &t->field[k];
            if (!grants(t, f, facts)) continue;
            if (!activity) {
                grant(x, t->object, f->name, edit);
            } else if (!of_activity(facts, t, i, f->name)) {
                grant(x, SV_LIT("Event"), f->name, edit);
                grant(x, SV_LIT("Task"), f->name, edit);
            }
        }
    }
}

static void object(xml_writer *x, sv name, bool edit, bool all)
{
    xml_open(x, "objectPermissions");
    xml_bool(x, "allowCreate", edit);
    xml_bool(x, "allowDelete", edit && all);
    xml_bool(x, "allowEdit", edit);
    xml_bool(x, "allowRead", true);
    xml_bool(x, "modifyAllRecords", edit && all);
    xml_leaf(x, "object", name);
    xml_bool(x, "viewAllRecords", all);
    xml_close(x);
}

/* All records of the package's own objects: who loads owns them, and others must see them. Of accounts and contacts only what
 * loading needs: the organization's own sharing stays what it is. */
static void objects(xml_writer *x, bool edit, const deliver_facts *facts)
{
    object(x, SV_LIT("Account"), edit, false);
    object(x, SV_LIT("Contact"), edit, false);
    for (size_t i = 0; i < facts->tables; i++)
        if (facts->table[i].is_new) object(x, facts->table[i].object, edit, true);
}

xml_writer salesforce_permissions(salesforce_access a, bool tabs, const deliver_facts *facts)
{
    xml_writer x = salesforce_file("PermissionSet");
    bool edit = a == ACCESS_IMPORT;
    xml_leaf(&x, "description",
             edit ? SV_LIT("For the user who loads the bundle, and who mends records afterwards.")
                  : SV_LIT("For those who read the clinical records."));
    fields(&x, edit, facts);
    xml_bool(&x, "hasActivationRequired", false);
    xml_leaf(&x, "label", edit ? SV_LIT("Clinical records: import") : SV_LIT("Clinical records: read"));
    objects(&x, edit, facts);
    for (size_t i = 0; tabs && i < facts->tables; i++) {
        if (!facts->table[i].is_new) continue;
        xml_open(&x, "tabSettings");
        xml_leaf(&x, "tab", facts->table[i].object);
        xml_leaf(&x, "visibility", SV_LIT("Visible"));
        xml_close(&x);
    }
    xml_close(&x);
    return x;
}
