/* Values of charts in the words of a diff. Inside of the diff layer. */
#ifndef DIFF_DIFF_CHART_H
#define DIFF_DIFF_CHART_H

#include "base/buf.h"
#include "chart/chart.h"
#include "model/model.h"

/* What the value that stands there came to in the chart, as the model writes it; nothing where nothing came of it. */
void chart_value_of(const exam_chart *x, const chart_origin *o, buf *out);
/* "16 MB probing depth" */
void chart_place_words(unsigned which_tooth, unsigned measure, tooth_site site, unsigned entrance, buf *out);

/* What of a chart a field of tooth_record or site_measure is made of. */
typedef struct chart_field {
    const char *entity, *field;
    chart_measure measure; /* MEASURE_OF_ROW: the tooth's label */
    uint8_t entrance;      /* UINT8_MAX: none */
} chart_field;
/* NULL: of nothing that stands in the chart's table. */
const chart_field *chart_field_of(const model_entity *e, const char *field);
/* Whether a field of clinical_exam is computed from its chart. */
bool chart_scores_field(const char *field);
/* "77:16" and "77:16:MB" taken apart. False: it is no such key. */
bool chart_key_read(sv src_key, bool site, sv *exam, unsigned *which_tooth, tooth_site *which_site);

#endif
