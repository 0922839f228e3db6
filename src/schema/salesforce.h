/* The Metadata API's files for the tables of a bundle: what each piece writes, inside of the emitter salesforce_metadata.
 *
 * Decisions that stand in no template:
 * - a required link to a table of the bundle's own is a master-detail relation (a tooth belongs to its exam, and goes with
 *   it); a required link to a standard object is a lookup that forbids to delete what it points to; any other is emptied;
 * - custom fields of Event and Task are fields of Activity, which both share;
 * - elements stand in the order of the WSDL: fullName, then by name. */
#ifndef SCHEMA_SALESFORCE_H
#define SCHEMA_SALESFORCE_H

#include "deliver/facts.h"
#include "schema/xml_writer.h"

#define SALESFORCE_NAMESPACE "http://soap.sforce.com/2006/04/metadata"

static inline void xml_bool(xml_writer *x, const char *name, bool value)
{
    xml_word(x, name, value ? "true" : "false");
}

/* A file begun: its root element is open. */
xml_writer salesforce_file(const char *root);

/* The object whose file holds a table's fields: "Activity" for Event and Task. */
sv salesforce_holder(const fact_table *t);
/* A field that the package makes: new, or the key of the record. */
bool salesforce_makes(const fact_table *t, const fact_field *f);
bool salesforce_is_detail(const fact_table *t, const deliver_facts *facts);

/* What a link becomes. */
typedef enum salesforce_link { LINK_NONE, LINK_LOOKUP, LINK_REQUIRED, LINK_MASTER } salesforce_link;
salesforce_link salesforce_link_of(const fact_table *t, const fact_field *f, const deliver_facts *facts);

/* <fields> of an object file. masters: master-detail fields of the table that were written before. */
void salesforce_field(xml_writer *x, const fact_table *t, const fact_field *f, const deliver_facts *facts,
                      unsigned masters);
/* The whole .object file of a holder. */
xml_writer salesforce_object(sv holder, const deliver_facts *facts);

/* True when a table gets a layout and a tab: it is the package's own, or contacts. */
bool salesforce_has_layout(const fact_table *t);
sv salesforce_layout_name(const fact_table *t, arena *mem); /* "ClinicalExam__c-Clinical Exam Layout" */
xml_writer salesforce_layout(const fact_table *t, const deliver_facts *facts);
xml_writer salesforce_tab(void);

typedef enum salesforce_access { ACCESS_READ, ACCESS_IMPORT } salesforce_access;
sv salesforce_access_name(salesforce_access a); /* "Clinical_Import" */
xml_writer salesforce_permissions(salesforce_access a, bool tabs, const deliver_facts *facts);

#endif
