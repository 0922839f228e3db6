/* Files that came back from a load, read into the work file: what became of which row. */
#ifndef LOADED_CAME_BACK_H
#define LOADED_CAME_BACK_H

#include "deliver/list_file.h"
#include "loaded/reason.h"
#include "loaded/work.h"

/* A file that was read, for the report. */
typedef struct came_file {
    sv name, form, object; /* object: label of what it is about; "several" */
    uint64_t rows;         /* below the heading */
    uint64_t ours;         /* of them rows of the bundle */
    uint64_t others;       /* without one of our keys */
    uint64_t extra, unclear, odd;
    uint64_t lost; /* could not be read */
} came_file;

typedef struct came_back {
    const loads *l;
    load_work *work;
    arena *mem;
    findings *found;
    reason_list *reason; /* one for each load */
    uint64_t *extra;     /* for each object: keys that the bundle never had */
    list_file *extras;   /* they go there: file, row, object, key; NULL: they are only counted */
    bool *
        told; /* for each load: some file spoke of it with what became of its rows, or showed the object; NULL: unwanted */
    came_file *file;
    size_t files, room;
} came_back;

/* Reads one file. name: without folders. What is no file of the load is a finding and passed over. False with a finding when
 * it cannot go on. */
bool came_back_file(came_back *c, const char *path, sv name);
/* Every file of a folder that is a table by its name, in the order of their names, and of the folders in it. */
bool came_back_folder(came_back *c, const char *folder);

#endif
