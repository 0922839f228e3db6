/* Page layouts. That of an own object has the name which the platform gives an object's first layout, so that it takes its
 * place; that of contacts is a further one, which the guide has assigned. */
#include "schema/salesforce.h"

bool salesforce_has_layout(const fact_table *t) { return t->is_new || sv_eq(t->object, SV_LIT("Contact")); }

sv salesforce_layout_name(const fact_table *t, arena *mem)
{
    const sv *o = &t->object, *label = &t->label;
    if (!t->is_new) return arena_printf(mem, "%.*s-Clinical %.*s Layout", (int)o->n, o->p, (int)o->n, o->p);
    return arena_printf(mem, "%.*s-%.*s Layout", (int)o->n, o->p, (int)label->n, label->p);
}

static bool starts(sv s, const char *with) { return sv_starts(s, sv_from(with)); }

/* On a layout the parts of a compound field stand as one, and an owner where the object has one. */
static sv layout_field(const fact_table *t, const fact_field *f)
{
    if (t->is_new) return f->name;
    if (sv_eq(f->name, SV_LIT("FirstName")) || sv_eq(f->name, SV_LIT("LastName")) ||
        sv_eq(f->name, SV_LIT("MiddleName")) || sv_eq(f->name, SV_LIT("Suffix")) ||
        sv_eq(f->name, SV_LIT("Salutation")))
        return SV_LIT("Name");
    if (starts(f->name, "Mailing")) return SV_LIT("MailingAddress");
    return f->name;
}

static bool placed_before(const fact_table *t, size_t field, sv name)
{
    for (size_t i = 0; i < field; i++)
        if (sv_eq(layout_field(t, &t->field[i]), name)) return true;
    return false;
}

static void item(xml_writer *x, sv field, const char *behavior)
{
    xml_open(x, "layoutItems");
    xml_leaf(x, "behavior", sv_from(behavior));
    xml_leaf(x, "field", field);
    xml_close(x);
}

static const char *behavior_of(const fact_table *t, const fact_field *f, sv name, const deliver_facts *facts)
{
    salesforce_link link = salesforce_link_of(t, f, facts);
    bool required = link == LINK_MASTER || link == LINK_REQUIRED || sv_eq(name, SV_LIT("Name"));
    return required ? "Required" : "Edit";
}

static void begin_section(xml_writer *x, const char *label)
{
    xml_open(x, "layoutSections");
    xml_bool(x, "customLabel", true);
    xml_bool(x, "detailHeading", true);
    xml_bool(x, "editHeading", true);
    xml_leaf(x, "label", sv_from(label));
}

static void end_section(xml_writer *x)
{
    xml_leaf(x, "style", SV_LIT("TwoColumnsLeftToRight"));
    xml_close(x);
}

/* Fields of single teeth stand in a section of their own: there may be hundreds. */
static bool belongs(const fact_table *t, size_t i, bool teeth)
{
    const fact_field *f = &t->field[i];
    bool own = salesforce_makes(t, f) || !t->is_new || sv_eq(f->name, SV_LIT("Name"));
    return own && (f->tooth < TEETH) == teeth && !placed_before(t, i, layout_field(t, f));
}

static size_t column(xml_writer *x, const fact_table *t, const deliver_facts *facts, bool teeth, unsigned which)
{
    size_t n = 0;
    xml_open(x, "layoutColumns");
    for (size_t i = 0; i < t->fields; i++) {
        if (!belongs(t, i, teeth)) continue;
        if (n++ % 2 != which) continue;
        sv name = layout_field(t, &t->field[i]);
        item(x, name, behavior_of(t, &t->field[i], name, facts));
    }
    if (which && !teeth && !salesforce_is_detail(t, facts)) item(x, SV_LIT("OwnerId"), "Edit");
    xml_close(x);
    return n;
}

static bool has_teeth(const fact_table *t)
{
    for (size_t i = 0; i < t->fields; i++)
        if (t->field[i].tooth < TEETH) return true;
    return false;
}

static bool named(const fact_table *t) { return fact_field_named(t, SV_LIT("Name")) != NULL; }

static void sections(xml_writer *x, const fact_table *t, const deliver_facts *facts)
{
    begin_section(x, "Details");
    if (t->is_new && !named(t)) {
        xml_open(x, "layoutColumns");
        item(x, SV_LIT("Name"), "Readonly");
        xml_close(x);
        xml_open(x, "layoutColumns");
        xml_close(x);
        end_section(x);
        begin_section(x, "Values");
    }
    (void)column(x, t, facts, false, 0);
    (void)column(x, t, facts, false, 1);
    end_section(x);
    if (has_teeth(t)) {
        begin_section(x, "Teeth");
        (void)column(x, t, facts, true, 0);
        (void)column(x, t, facts, true, 1);
        end_section(x);
    }
    begin_section(x, "System");
    xml_open(x, "layoutColumns");
    item(x, SV_LIT("CreatedById"), "Readonly");
    xml_close(x);
    xml_open(x, "layoutColumns");
    item(x, SV_LIT("LastModifiedById"), "Readonly");
    xml_close(x);
    end_section(x);
}

/* Up to four more columns of a list: the first fields that say something in a line. */
static void list_columns(xml_writer *x, const fact_table *child)
{
    unsigned n = 0;
    xml_leaf(x, "fields", SV_LIT("NAME"));
    for (size_t i = 0; i < child->fields && n < 4; i++) {
        const fact_field *f = &child->field[i];
        if (f->is_key || !salesforce_makes(child, f) || fact_is_link(f)) continue;
        if (f->type == TARGET_LONGTEXT || f->length > 255) continue;
        xml_leaf(x, "fields", f->name);
        n++;
    }
}

static void related(xml_writer *x, const char *list)
{
    xml_open(x, "relatedLists");
    xml_leaf(x, "relatedList", sv_from(list));
    xml_close(x);
}

/* Lists of what points to the table, from the package's own objects. */
static void related_lists(xml_writer *x, const fact_table *t, const deliver_facts *facts)
{
    for (size_t i = 0; i < facts->tables; i++) {
        const fact_table *child = &facts->table[i];
        for (size_t k = 0; child->is_new && k < child->fields; k++) {
            const fact_field *f = &child->field[k];
            if (!fact_is_link(f) || !sv_eq(f->target, t->object) || !salesforce_makes(child, f)) continue;
            buf b = buf_new(512);
            buf_printf(&b, "%.*s.%.*s", (int)child->object.n, child->object.p, (int)f->name.n, f->name.p);
            xml_open(x, "relatedLists");
            list_columns(x, child);
            xml_leaf(x, "relatedList", buf_view(&b));
            xml_close(x);
            if (b.failed) x->out.failed = true;
            buf_free(&b);
        }
    }
    related(x, "RelatedActivityList");
    related(x, "RelatedHistoryList");
    related(x, "RelatedFileList");
}

xml_writer salesforce_layout(const fact_table *t, const deliver_facts *facts)
{
    static const char *const off[] = {"showEmailCheckbox", "showHighlightsPanel", "showInteractionLogPanel",
                                      "showRunAssignmentRulesCheckbox", "showSubmitAndAttachButton"};
    xml_writer x = salesforce_file("Layout");
    sections(&x, t, facts);
    related_lists(&x, t, facts);
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) xml_bool(&x, off[i], false);
    xml_close(&x);
    return x;
}
