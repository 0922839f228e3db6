/* What a value of a row means: numbers, marks, grades and words, each put as entries of its tooth or noted as something to be
 * told. */
#include "chart/chart_pattern.h"
#include "chart/chart_row.h"
#include "chart/chart_words.h"

static void add_entry(reader *r, unsigned which_tooth, unsigned slot, int16_t n)
{
    chart_entry *e = GROW(r->b, entry, entries, entry_room);
    if (e) *e = (chart_entry){(uint8_t)which_tooth, (uint8_t)slot, n, r->column};
}

void reader_event(reader *r, finding_code code, bool held_back, sv text)
{
    chart_event *e = GROW(r->b, event, events, event_room);
    char scratch[CELL_TEXT_MAX];
    if (held_back && !text.p && !cell_text(r->cell, scratch, &text)) text = (sv){NULL, 0};
    if (e) *e = (chart_event){code, r->column, held_back, held_back ? batch_text(r->b, text) : (sv){NULL, 0}};
}

void reader_kept_text(reader *r, unsigned which_tooth, chart_text_kind kind, tooth_site site, sv name, sv text,
                      column_type type)
{
    chart_row_text *t = GROW(r->b, text, texts, text_room);
    if (t) *t = (chart_row_text){(uint8_t)which_tooth, (uint8_t)kind, (uint8_t)type, site, name, text, r->column};
}

void reader_text(reader *r, unsigned which_tooth, chart_text_kind kind, tooth_site site, sv name, sv text,
                 column_type type)
{
    reader_kept_text(r, which_tooth, kind, site, name, batch_text(r->b, text), type);
}

/* ---- values ---- */

/* Codes of a kind of measurement: held back, kept and told. */
typedef struct codes {
    finding_code wrong, odd;
} codes;

static void put(reader *r, unsigned which_tooth, unsigned slot, reading kind, int16_t n, codes c, sv text)
{
    if (kind == READING_WRONG) reader_event(r, c.wrong, true, text);
    if (kind == READING_ODD) reader_event(r, c.odd, false, text);
    if (kind == READING_GOOD || kind == READING_ODD) add_entry(r, which_tooth, slot, n);
}

static reading checked(reading kind, int32_t tenths, int16_t *n)
{
    *n = kind == READING_GOOD || kind == READING_ODD ? (int16_t)tenths : (int16_t)READ_NONE;
    return kind;
}

static void put_millimetres(reader *r, unsigned which_tooth, chart_measure m, tooth_site site, sv text,
                            const int32_t *tenths)
{
    int16_t n;
    reading kind;
    switch (m) {
    case MEASURE_PD:
        kind = tenths ? checked(depth_check(*tenths), *tenths, &n) : depth_read(text, &n);
        put(r, which_tooth, SLOT_PD + site, kind, n, (codes){F_CHART_DEPTH_RANGE, F_CHART_DEPTH_ODD}, text);
        break;
    case MEASURE_RECESSION:
        kind = tenths ? recession_check(*tenths, r->scan->margin, &n) : recession_read(text, r->scan->margin, &n);
        put(r, which_tooth, SLOT_RECESSION + site, kind, n, (codes){F_CHART_RECESSION_RANGE, F_CHART_RECESSION_ODD},
            text);
        break;
    default:
        kind = tenths ? checked(attachment_check(*tenths), *tenths, &n) : attachment_read(text, &n);
        put(r, which_tooth, SLOT_CAL + site, kind, n, (codes){F_CHART_ATTACHMENT_RANGE, F_CHART_ATTACHMENT_ODD}, text);
        break;
    }
}

static reading mark_of(sv text, const int32_t *tenths, int8_t *yes)
{
    if (!tenths) return mark_read(text, yes);
    *yes = *tenths == 10;
    return *tenths == 0 || *tenths == 10 ? READING_GOOD : READING_WRONG;
}

static void put_mark(reader *r, unsigned which_tooth, unsigned slot, sv text, const int32_t *tenths)
{
    int8_t yes;
    reading kind = mark_of(text, tenths, &yes);
    put(r, which_tooth, slot, kind, yes, (codes){F_CHART_MARK_WRONG, F_CHART_MARK_WRONG}, text);
}

/* Blood 1, suppuration 2, plaque 4, calculus 8: a sum says of each whether it is there. */
static void put_flags(reader *r, unsigned which_tooth, tooth_site site, sv text, const int32_t *tenths)
{
    int16_t n = READ_NONE;
    int32_t sum = tenths ? *tenths : -1;
    if (!tenths) {
        reading kind = recession_read(text, MARGIN_UNKNOWN, &n);
        if (kind == READING_NONE) return;
        sum = kind == READING_GOOD ? n : -1;
    }
    if (sum < 0 || sum > 150 || sum % 10) {
        reader_event(r, F_CHART_FLAGS_WRONG, true, text);
        return;
    }
    static const unsigned slots[] = {SLOT_BOP, SLOT_SUPPURATION, SLOT_PLAQUE, SLOT_CALCULUS};
    for (unsigned bit = 0; bit < 4; bit++) add_entry(r, which_tooth, slots[bit] + site, (int16_t)(sum / 10 >> bit & 1));
}

static void put_of_site(reader *r, unsigned which_tooth, chart_measure m, tooth_site site, sv text,
                        const int32_t *tenths)
{
    switch (m) {
    case MEASURE_PD:
    case MEASURE_RECESSION:
    case MEASURE_CAL: put_millimetres(r, which_tooth, m, site, text, tenths); break;
    case MEASURE_BOP: put_mark(r, which_tooth, SLOT_BOP + site, text, tenths); break;
    case MEASURE_SUPPURATION: put_mark(r, which_tooth, SLOT_SUPPURATION + site, text, tenths); break;
    case MEASURE_PLAQUE: put_mark(r, which_tooth, SLOT_PLAQUE + site, text, tenths); break;
    case MEASURE_CALCULUS: put_mark(r, which_tooth, SLOT_CALCULUS + site, text, tenths); break;
    default: put_flags(r, which_tooth, site, text, tenths); break;
    }
}

static void put_furcation(reader *r, unsigned which_tooth, char entrance, sv text)
{
    static const char entrances[] = "BMDL";
    const char *at = entrance ? strchr(entrances, entrance) : NULL;
    int8_t grade;
    if (!at) { /* of no entrance that anybody names */
        reader_text(r, which_tooth, TEXT_CUSTOM, SITES, SV_LIT("furcation"), text, T_TEXT);
        return;
    }
    unsigned which = (unsigned)(at - entrances);
    reading kind = furcation_read(text, r->scan->plan->scale, &grade);
    if (kind == READING_NONE) return;
    reader_text(r, which_tooth, (chart_text_kind)(TEXT_FURCATION + which), SITES, (sv){NULL, 0}, text, T_TEXT);
    bool scale = kind == READING_WRONG && furcation_read(text, FURCATION_UNKNOWN, &grade) == READING_GOOD;
    finding_code wrong = scale ? F_CHART_FURCATION_SCALE : F_CHART_FURCATION_RANGE;
    put(r, which_tooth, SLOT_FURCATION + which, kind, grade, (codes){wrong, wrong}, text);
}

static tooth_status status_named(const chart_plan *p, sv text)
{
    char plain[64], word[64];
    size_t n = chart_plain(text, plain, sizeof plain);
    for (size_t i = 0; i < p->status_words; i++) {
        size_t k = chart_plain(p->statuses[i].value, word, sizeof word);
        bool same = n ? sv_eq((sv){plain, n}, (sv){word, k}) : sv_eq_nocase(text, p->statuses[i].value);
        if (same && p->statuses[i].status != TOOTH_STATUS_NONE) return p->statuses[i].status;
    }
    return chart_status_named(text);
}

static void put_status(reader *r, unsigned which_tooth, sv text)
{
    known_word *known = word_place(r->b->state, text, 0);
    tooth_status s = known && known->known ? (tooth_status)known->means : status_named(r->scan->plan, text);
    if (known) *known = (known_word){known->word, (uint16_t)s, true};
    if (s == TOOTH_STATUS_NONE) reader_event(r, F_CHART_STATUS_UNKNOWN, true, text);
    /* An unknown state is an entry too: the tooth may be missing. */
    add_entry(r, which_tooth, SLOT_STATUS, (int16_t)s);
}

static void put_state(reader *r, unsigned which_tooth, tooth_status state, sv text, const int32_t *tenths)
{
    int8_t yes;
    reading kind = mark_of(text, tenths, &yes);
    if (kind == READING_WRONG) reader_event(r, F_CHART_MARK_WRONG, true, text);
    if (kind == READING_WRONG) add_entry(r, which_tooth, SLOT_STATUS, TOOTH_STATUS_NONE);
    if (kind == READING_GOOD && yes) add_entry(r, which_tooth, SLOT_STATUS, (int16_t)state);
}

static void put_class(reader *r, unsigned which_tooth, chart_measure m, sv text)
{
    int8_t n;
    reading kind = m == MEASURE_MILLER ? miller_read(text, &n) : cairo_read(text, &n);
    finding_code wrong = m == MEASURE_MILLER ? F_CHART_MILLER_AMBIGUOUS : F_CHART_CAIRO_WRONG;
    put(r, which_tooth, m == MEASURE_MILLER ? SLOT_MILLER : SLOT_CAIRO, kind, n, (codes){wrong, wrong}, text);
}

static void put_mobility(reader *r, unsigned which_tooth, sv text)
{
    int16_t n;
    reading kind = mobility_read(text, &n);
    if (kind == READING_NONE) return;
    reader_text(r, which_tooth, TEXT_MOBILITY, SITES, (sv){NULL, 0}, text, T_TEXT);
    put(r, which_tooth, SLOT_MOBILITY, kind, n, (codes){F_CHART_MOBILITY_RANGE, F_CHART_MOBILITY_ODD}, text);
}

/* Widths and the plaque index are the tooth's in the model; of a site they are findings of their own. */
static void put_width(reader *r, unsigned which_tooth, chart_measure m, tooth_site site, sv text)
{
    static const sv names[] = {{"keratinized_width", 17}, {"mgj", 3}, {"plaque_index", 12}};
    int16_t n;
    reading kind = m == MEASURE_PLAQUE_INDEX ? index_read(text, &n) : width_read(text, &n);
    codes c = m == MEASURE_PLAQUE_INDEX ? (codes){F_CHART_INDEX_RANGE, F_CHART_INDEX_RANGE}
                                        : (codes){F_CHART_WIDTH_RANGE, F_CHART_WIDTH_ODD};
    unsigned which = (unsigned)(m - MEASURE_KERATINIZED);
    if (site == SITES)
        put(r, which_tooth, SLOT_KERATINIZED + which, kind, n, c, text);
    else if (kind == READING_WRONG)
        reader_event(r, c.wrong, true, text);
    else if (kind != READING_NONE)
        reader_text(r, which_tooth, TEXT_CUSTOM, site, names[which], text, T_DECIMAL);
}

void reader_value(reader *r, unsigned which_tooth, chart_measure m, tooth_site site, char entrance, sv text,
                  const int32_t *tenths)
{
    if (chart_measure_has_site(m)) {
        if (site < SITES) put_of_site(r, which_tooth, m, site, text, tenths);
        return;
    }
    switch (m) {
    case MEASURE_MOBILITY: put_mobility(r, which_tooth, text); break;
    case MEASURE_FURCATION: put_furcation(r, which_tooth, entrance ? entrance : chart_entrance_at(site), text); break;
    case MEASURE_MILLER:
    case MEASURE_CAIRO: put_class(r, which_tooth, m, text); break;
    case MEASURE_KERATINIZED:
    case MEASURE_MGJ:
    case MEASURE_PLAQUE_INDEX: put_width(r, which_tooth, m, site, text); break;
    case MEASURE_STATUS: put_status(r, which_tooth, text); break;
    case MEASURE_MISSING: put_state(r, which_tooth, TOOTH_MISSING, text, tenths); break;
    case MEASURE_IMPLANT: put_state(r, which_tooth, TOOTH_IMPLANT, text, tenths); break;
    case MEASURE_NOTE: reader_text(r, which_tooth, TEXT_NOTE, SITES, (sv){NULL, 0}, text, T_TEXT); break;
    default: break;
    }
}
