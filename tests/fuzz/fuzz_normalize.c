/* Values and records: any text is canonical, empty or held back; see normalize_judge.h for what must hold. The first
 * byte chooses the concern or type, the second the options and whether a column in capitals is given. */
#include "../unit/normalize_judge.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const char *name, const char *sentence)
{
    if (!sentence) return;
    fprintf(stderr, "%s %s\n", name, sentence);
    __builtin_trap();
}

enum { CHOICES_MAX = 128 };

/* A field of each concern, and of each type without one; enumerations each. */
static size_t choose(const model_field *choice[CHOICES_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        for (size_t k = 0; k < e->fields + e->inputs && n < CHOICES_MAX; k++) {
            const model_field *f = &e->field[k];
            bool known = false;
            for (size_t m = 0; m < n && !known; m++) {
                const model_field *g = choice[m];
                bool concern =
                    f->concern && g->concern && strcmp(f->concern, g->concern) == 0 && strcmp(f->name, g->name) == 0;
                known = concern || (!f->concern && !g->concern && f->type == g->type && f->values == g->values);
            }
            if (!known) choice[n++] = f;
        }
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* teeth come out as FDI: only there they can go in again */
    static const norm_options options[] = {
        {.country = "US", .today = 18000, .currency = "USD", .language = "en", .numbering = "fdi"},
        {.country = "TR",
         .today = 18000,
         .currency = "TRY",
         .language = "tr",
         .numbering = "fdi",
         .time_zone = "Europe/Istanbul"},
        {.today = INT32_MIN, .decimal_mark = ',', .order = ORDER_DAY_FIRST, .code_system = "TDB"},
        {.country = "DE", .today = INT32_MIN},
    };
    static const norm_survey capitals = {.values = 9, .capitals = 9};
    static const model_field *choice[CHOICES_MAX];
    static size_t choices = 0;
    if (choices == 0) choices = choose(choice);
    if (size < 2) return 0;
    sv text = {(const char *)data + 2, size - 2};
    const norm_options *o = &options[data[1] & 3];
    if (data[0] >= 200) {
        const model_entity *e = model_entity_at(data[0] % model_entities());
        judge(e->name, judge_record(o, e, text));
        return 0;
    }
    norm_column c = {o, choice[data[0] % choices], data[1] & 4 ? &capitals : NULL};
    norm_survey s = {.values = 0};
    norm_survey_add(&s, &c, text);
    if (data[1] & 8) c.survey = &s;
    judge(c.field->name, judge_value(&c, text));
    return 0;
}
