/* The templates of a folder: what there is, what is wrong with it, what it says. For `templates list|check|show`
 * and for a run. */
#ifndef CONVERT_TEMPLATE_SET_H
#define CONVERT_TEMPLATE_SET_H

#include "base/finding.h"
#include "base/problem.h"
#include "base/status.h"

typedef struct template_name {
    sv id;
    bool profile; /* else a destination */
} template_name;

/* Profiles, then destinations, by id. ST_FATAL with a finding when the folder has no sources/ or destinations/. */
status template_names(const char *folder, arena *mem, const template_name **out, size_t *n, findings *f);
/* True when there is such a one; else a finding with a suggestion. */
bool template_named(const template_name *all, size_t n, bool is_profile, sv id, arena *mem, findings *f);
/* Path of a template's folder, in mem. */
const char *template_path(const char *folder, const template_name *t, arena *mem);

/* Folder of the profile that a person named: by its id among the templates of `folder`, else a folder of any place that holds a
 * profile.yaml, such as `profile draft` writes. In mem, or name itself; NULL with a finding. */
const char *template_profile(const char *folder, const char *name, arena *mem, findings *f);

typedef struct template_facts {
    sv title;
    sv details; /* "4 objects", "3 entities, source keys begin with HO" */
} template_facts;

/* Reads one and adds everything that is wrong with it. True when nothing is. */
bool template_check(const char *folder, const template_name *t, arena *mem, problems *p, template_facts *out);

/* What a template says, as a table: each row `columns` cells. NULL when it is wrong (problems) or memory is out. */
typedef struct template_table {
    const sv *heading;
    const sv *cell; /* rows * columns */
    size_t rows, columns;
    size_t shown; /* of the columns: what a person sees; a machine gets all */
} template_table;
/* The mapping of a destination as a workbook at path. False with problems or findings. */
bool template_show_book(const char *folder, const template_name *t, const char *path, arena *mem, problems *p,
                        findings *f);
const template_table *template_show(const char *folder, const template_name *t, arena *mem, problems *p);

#endif
