/* What the packages for Dataverse share: names, option values, columns and what they are there. Names of the template are
 * schema names; logical names are their small letters. */
#ifndef SCHEMA_DATAVERSE_H
#define SCHEMA_DATAVERSE_H

#include "deliver/emitter.h"
#include "schema/xml_writer.h"

enum { DATAVERSE_LANGUAGE = 1033, DATAVERSE_XML_MAX = 64 << 20 };

/* True for names that the publisher's prefix begins: columns and tables that the solution makes. */
bool dataverse_is_ours(const deliver_facts *f, sv name);
/* A column of the target; the key of a table that takes no columns of ours (notes) is none. */
bool dataverse_is_column(const deliver_facts *f, const fact_field *x);
/* Tables of the solution: those that are written and take columns of ours, and those that a link of such a one points to, by
 * their key. */
bool dataverse_in_solution(const deliver_facts *f, const fact_table *t);
/* Whether the solution makes an alternate key for the table. */
bool dataverse_has_key(const deliver_facts *f, const fact_table *t);
/* NULL and *why when the prefix is none that a publisher may have. */
bool dataverse_prefix_fits(sv prefix, const char **why);

sv dataverse_logical(arena *mem, sv name);
/* Name of a table in references: "Contact", "Account", "SystemUser"; ours as they are. */
sv dataverse_table_name(sv object);
/* Published number of an option: prefix 10000 of "new", else one that follows from the prefix, and its place. */
unsigned dataverse_option_prefix(sv prefix);
long long dataverse_option_value(const deliver_facts *f, size_t place);
/* Choices of a column. A truth is a choice of two: columns of two options have no third state, and what nobody recorded would
 * read as No. 0: it has none. */
size_t dataverse_options(const fact_field *x);
sv dataverse_option(const deliver_facts *f, const fact_field *x, size_t place);
/* "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}", which follows from the text. */
sv dataverse_guid(arena *mem, sv text);

/* <name><child description="text" languagecode="1033" /></name> */
void dataverse_label(xml_writer *w, const char *name, const char *child, sv text);
void dataverse_flags(xml_writer *w, const char *const (*flag)[2], size_t n);

/* dataverse_column.c: an <attribute>. */
void dataverse_column(xml_writer *w, const deliver_facts *f, const fact_table *t, const fact_field *x, arena *mem);
bool dataverse_is_primary_name(const deliver_facts *f, const fact_table *t, const fact_field *x);
/* dataverse_screen.c: form and lists of a table of ours. */
void dataverse_form(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem);
void dataverse_views(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem);
/* dataverse_table.c: an <Entity>, and the <EntityRelationship> of each of its links. */
void dataverse_table(xml_writer *w, const deliver_facts *f, const fact_table *t, bool screens, arena *mem);
void dataverse_relations(xml_writer *w, const deliver_facts *f, const fact_table *t, arena *mem);

/* dataverse_map.c. Users are made by the administrator, not loaded; nor is a file without rows. */
bool dataverse_is_loaded(const fact_load *l);
/* A map: begun, an <EntityMap> for each file (its name without the ending), and written as maps/STEM.xml. */
void dataverse_map_begin(xml_writer *w, sv name);
void dataverse_entity_map(xml_writer *w, const deliver_facts *f, const fact_load *l, sv file, arena *mem);
status dataverse_map_end(xml_writer *w, sv stem, package_out *out);

#endif
