/* What is found once for a scan, so that the cells and words that most rows are made of need no reading: small whole numbers
 * in columns of one site, and short texts that come again and again. */
#include "chart/chart_internal.h"
#include "chart/chart_words.h"

/* ---- numbers ---- */

static ready_number of_millimetres(chart_measure m, margin_sign sign, int32_t tenths)
{
    int16_t n = (int16_t)tenths;
    reading kind = m == MEASURE_PD          ? depth_check(tenths)
                   : m == MEASURE_RECESSION ? recession_check(tenths, sign, &n)
                                            : attachment_check(tenths);
    return kind == READING_GOOD   ? (ready_number){n, READY_KEPT}
           : kind == READING_NONE ? (ready_number){0, READY_NOTHING}
                                  : (ready_number){0, READY_ASK};
}

static ready_number of_mark(int32_t n)
{
    return n == 0 || n == 1 ? (ready_number){(int16_t)n, READY_KEPT} : (ready_number){0, READY_ASK};
}

static bool is_not_measured(const chart_scan *s, int n)
{
    const value v = {.kind = V_INT, .as.integer = n};
    return scan_not_measured(s, (sv){NULL, 0}, &v);
}

void scan_set_margin(chart_scan *s, margin_sign sign)
{
    s->margin = sign;
    for (int i = READY_LOW; i < READY_HIGH; i++)
        s->survey[i - READY_LOW] = (int16_t)(is_not_measured(s, i) ? CHART_NONE : i * 10);
    for (unsigned m = 0; m < READY_MEASURES; m++)
        for (int i = READY_LOW; i < READY_HIGH; i++) {
            ready_number *to = &s->ready[m][i - READY_LOW];
            if (is_not_measured(s, i))
                *to = (ready_number){0, READY_NOTHING};
            else
                *to = m <= MEASURE_CAL ? of_millimetres((chart_measure)m, sign, i * 10) : of_mark(i);
        }
}

/* ---- words ---- */

/* A text of at most seven bytes with its length, as a number; 0: it is empty or longer. */
static uint64_t packed_word(sv text)
{
    uint64_t word = 0;
    if (text.n == 0 || text.n >= sizeof word) return 0;
    memcpy(&word, text.p, text.n);
    return word | (uint64_t)text.n << 56;
}

known_word *word_place(known_word *known, sv text, uint8_t as)
{
    uint64_t word = packed_word(text);
    if (!word) return NULL;
    word ^= (uint64_t)as << 60; /* beside the length, which needs three bits */
    known_word *w = &known[word * UINT64_C(0x9E3779B97F4A7C15) >> (64 - KNOWN_WORDS_BITS)];
    if (w->word != word) *w = (known_word){.word = word};
    return w;
}
