/* Inside of the template layer: what reading shares. */
#ifndef TEMPLATE_READER_H
#define TEMPLATE_READER_H

#include "template/template.h"

typedef struct template_reader {
    arena *mem;
    problems *wrong;
    const destination_options *options;
    bool failed; /* out of memory */
} template_reader;

/* template_object.c: one object's file into *o; what links objects is left to template_order.c. False: not in this layout
 * or edition. */
bool template_read_object(template_reader *r, const destination *d, object_template *o);
/* template_field.c: what stands under `fields`, families spread out. */
void template_read_fields(template_reader *r, const destination *d, object_template *o, const yaml_node *fields);
/* Rows that `when` and `unless` of the map admit. */
const condition *template_read_when(template_reader *r, object_template *o, const yaml_node *map, size_t *n);
/* template_origin.c: from, join, template, const of a field; what a family stands for is in at. */
typedef struct family_member {
    unsigned tooth;  /* TEETH: none */
    tooth_site site; /* SITES: none */
    bool custom;
    sv name; /* of a custom value */
} family_member;
void template_read_origin(template_reader *r, object_template *o, const yaml_node *map, const family_member *member,
                          target_field *f);
/* template_column.c: SIZE_MAX, and a problem, when rows of the object have no such value. */
size_t template_column(template_reader *r, object_template *o, const yaml_node *at, sv name,
                       const family_member *member);

/* Text about an exam's whole chart, chart_json or chart_text; NULL: none of that name. */
const model_field *template_chart_text(sv name);

/* template_children.c: whether the name begins with a word such as all_of, and the column that it is; what is wrong, or
 * NULL. */
bool template_child_word(sv name, child_take *take);
const char *template_read_child(template_reader *r, object_template *o, sv name, child_take take, row_column *column);

/* template_model.c: an object for each entity of the model, as it is staged (`objects: model`). */
void template_model_objects(template_reader *r, destination *d);
/* template_order.c: `after`, lookups, names that clash, what the system requires; sorts the objects. */
void template_link(template_reader *r, destination *d);
/* template_limits.c */
void template_read_limits(template_reader *r, destination *d, const yaml_node *root);
void template_read_editions(template_reader *r, destination *d, const yaml_node *root);
/* Where the prefix is one of all names: the name with the prefix asked for. */
sv template_own_name(template_reader *r, const destination *d, sv name);
/* What `layouts`, `when_edition`, `profiles`, `not_profiles` and `with_users` say of an object or a field. */
bool template_is_wanted(template_reader *r, const destination *d, sv file, const yaml_node *map);
/* True when the list is absent, or names the word. */
bool template_named_in(template_reader *r, sv file, const yaml_node *list, const char *key, sv word);

/* Adds a problem at a node. */
void template_problem(template_reader *r, sv file, const yaml_node *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Letters, digits, - and _, then the ending: fine on every system. */
bool template_file_name(sv name, const char *ending);
/* ' (did you mean "x"?)', or nothing, in mem. */
const char *template_hint(template_reader *r, sv word, const sv *candidate, size_t n);
/* Position of the word, or -1 and a problem. */
int template_one_of(template_reader *r, sv file, const yaml_node *n, const char *key, const sv *word, size_t words);
/* The text at a key; NULL: none. */
const yaml_node *template_text(const yaml_node *map, const char *key);
/* The words of an enumeration, in mem. */
size_t template_words(template_reader *r, const model_field *f, sv **out);
void *template_block(template_reader *r, size_t count, size_t size);

#endif
