/* What a destination takes as files and how: `files:` of its template. */
#ifndef TEMPLATE_FILE_RULES_H
#define TEMPLATE_FILE_RULES_H

#include "base/yaml.h"

typedef enum file_form {
    FILES_ZIP,         /* NAME_001.zip ...: the files alone */
    FILES_ATTACHMENTS, /* NAME_001.zip ...: a folder Attachments, and beside it a CSV with a row for each file in it */
    FILES_FOLDER       /* NAME/<key of the patient>/ */
} file_form;

/* A column of a list of files: its heading, and a fact (file_fact_is_known) or a constant. */
typedef struct file_column {
    sv heading;
    sv fact; /* "file", "patient" ...; empty: a constant */
    sv constant;
} file_column;

typedef struct file_rules {
    file_form as;
    sv name;                   /* "Files": of the archives, the list NAME.csv and the folders */
    sv csv;                    /* FILES_ATTACHMENTS: the list in each archive, "Note.csv" */
    uint64_t member_bytes_max; /* 0: no limit. What is larger goes to NAME_by_hand/<key of the patient>/ */
    uint64_t zip_bytes_max, zip_members_max;
    const sv *forbidden; /* extensions that the destination refuses, beside those of programs and scripts */
    size_t forbiddens;
    const file_column *column; /* of the lists; none: all facts */
    size_t columns;
    bool bom;         /* the lists begin with a byte order mark */
    bool letters_pdf; /* letters in RTF get a PDF beside them */
} file_rules;

/* Reads `files:`; file: the template's, for problems; sources: each limit must say where it is from. NULL, with problems, when it cannot be used. In mem. */
const file_rules *file_rules_read(sv file, const yaml_node *map, bool sources, arena *mem, problems *p);

/* True for: document, patient, exam, kind, category, captured, name, file, archive, unpacked, by_hand, bytes, type,
 * sha256, pdf_of. */
bool file_fact_is_known(sv name);
/* All of them, in the order of a list without columns of its own. */
const sv *file_facts(size_t *n);

#endif
