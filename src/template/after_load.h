/* What a destination's import tools give back, and how what they took is taken out again: `results:` and `undo:` of its
 * template. */
#ifndef TEMPLATE_AFTER_LOAD_H
#define TEMPLATE_AFTER_LOAD_H

#include "base/yaml.h"

typedef struct word_list {
    const sv *word;
    size_t n;
} word_list;

/* A form of file that comes back. It is known by its headings, of each list the first one that the file has; the others
 * are the bundle's own. */
typedef struct result_form {
    sv form;                    /* for people: "Data Loader, errors" */
    word_list id;               /* heading of the id that the system gave */
    word_list error;            /* heading of the reason of a row that failed */
    word_list state;            /* heading of what became of the row, */
    word_list created, updated; /* and its words for that */
    word_list row;              /* heading of the row's number in the file that was loaded, 1 below the heading */
    sv named;                   /* the file's name holds it, letter case aside; empty: any name */
    sv reason;                  /* why all rows of such a file failed, where it has no such column; else empty */
} result_form;

typedef struct result_rules {
    const result_form *form; /* the first one that fits holds */
    size_t forms;
    sv extra_column; /* a sentence: how the importer takes a file with a column more than it knows */
} result_rules;

typedef struct undo_rules {
    bool by_id;            /* deleted by the system's own id; else by the key that the bundle gave */
    sv column;             /* heading of the ids */
    uint64_t rows;         /* that one file may hold; 0: any number */
    sv empty;              /* what a cell holds that is to become empty again */
    word_list before;      /* what is done first, a sentence each */
    sv remove;             /* how one file of records is deleted, */
    sv remove_keyless;     /* and one of records that carry no key; empty: the same */
    sv restore;            /* how one file of old values is loaded */
    word_list after;       /* what is done last */
    word_list keep;        /* ids of loads that are not taken back: users */
    const yaml_node *kept; /* where that stands, for problems; may be NULL */
} undo_rules;

/* What is wrong is a problem; NULL when out of memory or no map. In mem. */
const result_rules *result_rules_read(sv file, const yaml_node *map, arena *mem, problems *p);
const undo_rules *undo_rules_read(sv file, const yaml_node *map, arena *mem, problems *p);

#endif
