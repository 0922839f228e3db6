/* Where the values of a sample's records stand in the source, and what was held back of them: kept in the work file while the run is on.
 * Of charts also what each value came to. */
#ifndef DIFF_DIFF_STORE_H
#define DIFF_DIFF_STORE_H

#include "base/finding.h"
#include "chart/chart.h"
#include "model/model.h"
#include "template/template.h"
#include <sqlite3.h>

typedef struct diff_store diff_store;

/* Makes its tables. chart_table: of the source; kept. NULL with a finding. */
diff_store *diff_store_new(sqlite3 *work, findings *f);
void diff_store_free(diff_store *s);                 /* and drops them; s may be NULL */
void diff_store_chart_table(diff_store *s, sv name); /* must outlive it */

/* A value of the source. */
typedef struct diff_origin {
    const model_entity *entity;
    sv src_key;
    const char *field; /* of the entity, or an input; "": the record's key */
    unsigned part;
    sv table, column, row, value; /* value p NULL: NULL */
    bool made;                    /* the field is not the column alone, but made of it */
} diff_origin;
/* The first one of a field and part stays. Failures are kept: diff_store_failed. */
void diff_store_put(diff_store *s, const diff_origin *o);
/* A value was held back when the record was staged. */
void diff_store_held_back(diff_store *s, const model_entity *e, sv src_key, sv field, sv code);
/* Of a chart that says where its values stand. */
void diff_store_chart(diff_store *s, const exam_chart *x);
bool diff_store_failed(const diff_store *s);

/* Records that a destination is given though they are not in the sample: those that stand for a value. After staging. */
bool diff_store_want_values(diff_store *s, const destination *d);
bool diff_store_wants(diff_store *s, const model_entity *e, sv src_key);

/* ---- asked ---- */

/* A value as it stands in the source, for a line of a diff; texts live until the list is cleared. */
typedef struct diff_source {
    sv table, column, row, value; /* as above */
    sv within;                    /* of charts: "16 MB probing depth"; else empty */
    bool made;                    /* as above */
    sv canonical;                 /* of charts: what it came to */
} diff_source;

typedef struct diff_sources {
    arena *mem;
    diff_source *item;
    size_t n, room;
} diff_sources;
bool diff_sources_add(diff_sources *l, const diff_source *x); /* texts are copied */

/* Those of a field are added; false when the work file or memory failed. */
bool diff_store_of_field(diff_store *s, const model_entity *e, sv src_key, const char *field, diff_sources *out);
/* Code of the finding by which the field was held back, in room; empty: it was not. */
enum { DIFF_CODE_MAX = 16 };
sv diff_store_held(diff_store *s, const model_entity *e, sv src_key, sv field, char room[DIFF_CODE_MAX]);

/* What of a chart: measure CHART_ANY: everything of the exam. site SITES, entrance UINT8_MAX: any. name empty: any. */
enum { CHART_ANY = 255 };
typedef struct chart_place {
    sv exam;
    unsigned tooth; /* tooth_index */
    unsigned measure;
    tooth_site site;
    uint8_t entrance;
    sv name;
} chart_place;
bool diff_store_of_chart(diff_store *s, const chart_place *p, diff_sources *out);

/* A value of a staged record; p NULL: it has none. Lives until the next call. */
sv diff_store_staged(diff_store *s, const model_entity *e, sv src_key, sv column);
/* The exam whose chart stands on a plan; empty: none. As diff_store_staged. */
sv diff_store_plan_exam(diff_store *s, sv plan);
/* The src_keys of records of the entity whose column holds the value, in the order of their keys, added as sources with `row`. */
bool diff_store_children(diff_store *s, const model_entity *e, sv column, sv value, diff_sources *out);

#endif
