/* One row on its way to entries: shared by what finds out whose it is (chart_read.c) and what reads its values
 * (chart_values.c). Inside of the chart layer. */
#ifndef CHART_CHART_ROW_H
#define CHART_CHART_ROW_H

#include "chart/chart_internal.h"

typedef struct reader {
    const chart_scan *scan;
    chart_batch *b;
    const row *in;
    tooth_system system;
    unsigned tooth;  /* index, of the row; TEETH: none */
    tooth_site site; /* of the row; SITES: none */
    chart_measure measure;
    uint16_t column;   /* of the table: the value at hand */
    const value *cell; /* the same; its text is made when it is asked for */
    bool unreadable;
} reader;

/* One more of a list of the batch; NULL: out of memory, and the batch has failed. */
#define GROW(b, list, n, room) batch_grow((b), (void **)&(b)->list, &(b)->n, &(b)->room, sizeof *(b)->list)

void reader_event(reader *r, finding_code code, bool held_back, sv text);
void reader_text(reader *r, unsigned which_tooth, chart_text_kind kind, tooth_site site, sv name, sv text,
                 column_type type);
/* text: of the batch already. */
void reader_kept_text(reader *r, unsigned which_tooth, chart_text_kind kind, tooth_site site, sv name, sv text,
                      column_type type);

/* Where the values of a good row of a traced exam stand, behind its texts. */
void reader_origins(reader *r, const chart_row *of);

/* One value, already known to be there. tenths: of a whole number; else NULL. entrance: of a furcation; 0: by its site. */
void reader_value(reader *r, unsigned which_tooth, chart_measure m, tooth_site site, char entrance, sv text,
                  const int32_t *tenths);

#endif
