/* One row's values as entries: which tooth, which place, which number. Runs on the reading threads; tells nothing itself
 * but notes what is to be told. */
#include "chart/chart_internal.h"
#include "chart/chart_pattern.h"
#include "chart/chart_words.h"
#include "source/value_text.h"

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

static const value no_value = {.kind = V_NULL};

static const value *cell(const reader *r, int column)
{
    int at = column < 0 ? -1 : r->scan->at[column];
    return at < 0 || (size_t)at >= r->in->n ? &no_value : &r->in->cell[at];
}

#define GROW(b, list, n, room) batch_grow((b), (void **)&(b)->list, &(b)->n, &(b)->room, sizeof *(b)->list)

static void add_entry(reader *r, unsigned which_tooth, unsigned slot, int16_t n)
{
    chart_entry *e = GROW(r->b, entry, entries, entry_room);
    if (e) *e = (chart_entry){(uint8_t)which_tooth, (uint8_t)slot, n, r->column};
}

static void add_event(reader *r, finding_code code, bool held_back, sv text)
{
    chart_event *e = GROW(r->b, event, events, event_room);
    char scratch[CELL_TEXT_MAX];
    if (held_back && !text.p && !cell_text(r->cell, scratch, &text)) text = (sv){NULL, 0};
    if (e) *e = (chart_event){code, r->column, held_back, held_back ? batch_text(r->b, text) : (sv){NULL, 0}};
}

static void add_text(reader *r, unsigned which_tooth, chart_text_kind kind, tooth_site site, sv name, sv text,
                     column_type type)
{
    chart_row_text *t = GROW(r->b, text, texts, text_room);
    if (t)
        *t = (chart_row_text){(uint8_t)which_tooth, (uint8_t)kind, (uint8_t)type, site, name, batch_text(r->b, text)};
}

/* ---- values ---- */

/* Codes of a kind of measurement: held back, kept and told. */
typedef struct codes {
    finding_code wrong, odd;
} codes;

static void put(reader *r, unsigned which_tooth, unsigned slot, reading kind, int16_t n, codes c, sv text)
{
    if (kind == READING_WRONG) add_event(r, c.wrong, true, text);
    if (kind == READING_ODD) add_event(r, c.odd, false, text);
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
        add_event(r, F_CHART_FLAGS_WRONG, true, text);
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
        add_text(r, which_tooth, TEXT_CUSTOM, SITES, SV_LIT("furcation"), text, T_TEXT);
        return;
    }
    unsigned which = (unsigned)(at - entrances);
    reading kind = furcation_read(text, r->scan->plan->scale, &grade);
    if (kind == READING_NONE) return;
    add_text(r, which_tooth, (chart_text_kind)(TEXT_FURCATION + which), SITES, (sv){NULL, 0}, text, T_TEXT);
    bool scale = kind == READING_WRONG && furcation_read(text, FURCATION_UNKNOWN, &grade) == READING_GOOD;
    finding_code wrong = scale ? F_CHART_FURCATION_SCALE : F_CHART_FURCATION_RANGE;
    put(r, which_tooth, SLOT_FURCATION + which, kind, grade, (codes){wrong, wrong}, text);
}

static void put_status(reader *r, unsigned which_tooth, sv text)
{
    char plain[64], word[64];
    size_t n = chart_plain(text, plain, sizeof plain);
    tooth_status s = TOOTH_STATUS_NONE;
    for (size_t i = 0; i < r->scan->plan->status_words && s == TOOTH_STATUS_NONE; i++) {
        size_t k = chart_plain(r->scan->plan->statuses[i].value, word, sizeof word);
        bool same = n ? sv_eq((sv){plain, n}, (sv){word, k}) : sv_eq_nocase(text, r->scan->plan->statuses[i].value);
        if (same) s = r->scan->plan->statuses[i].status;
    }
    if (s == TOOTH_STATUS_NONE) s = chart_status_named(text);
    if (s == TOOTH_STATUS_NONE) add_event(r, F_CHART_STATUS_UNKNOWN, true, text);
    /* An unknown state is an entry too: the tooth may be missing. */
    add_entry(r, which_tooth, SLOT_STATUS, (int16_t)s);
}

static void put_state(reader *r, unsigned which_tooth, tooth_status state, sv text, const int32_t *tenths)
{
    int8_t yes;
    reading kind = mark_of(text, tenths, &yes);
    if (kind == READING_WRONG) add_event(r, F_CHART_MARK_WRONG, true, text);
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
    add_text(r, which_tooth, TEXT_MOBILITY, SITES, (sv){NULL, 0}, text, T_TEXT);
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
        add_event(r, c.wrong, true, text);
    else if (kind != READING_NONE)
        add_text(r, which_tooth, TEXT_CUSTOM, site, names[which], text, T_DECIMAL);
}

/* One value, already known to be there. tenths: of a whole number; else NULL. */
static void put_value(reader *r, unsigned which_tooth, chart_measure m, tooth_site site, char entrance, sv text,
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
    case MEASURE_NOTE: add_text(r, which_tooth, TEXT_NOTE, SITES, (sv){NULL, 0}, text, T_TEXT); break;
    default: break;
    }
}

/* ---- columns ---- */

/* Facial or lingual sites in the order of a triplet. On a screen the patient's right is on the left: there the distal
 * site comes first. */
static tooth_site triplet_site(const reader *r, const chart_column *c, tooth t, unsigned at)
{
    static const tooth_site sites[2][3] = {{SITE_MB, SITE_B, SITE_DB}, {SITE_ML, SITE_L, SITE_DL}};
    bool distal_first = r->scan->plan->screen_order && tooth_is_on_the_right(t);
    return sites[c->lingual][distal_first ? 2 - at : at];
}

enum { PATH_MAX_TEETH = TEETH };

static void read_packed(reader *r, const chart_column *c, sv text)
{
    sv part[3 * PATH_MAX_TEETH];
    size_t teeth = c->path ? c->path_teeth : 1;
    if (teeth > PATH_MAX_TEETH) teeth = PATH_MAX_TEETH;
    if (!packed_split(text, teeth, part)) {
        add_event(r, F_CHART_TRIPLET_WRONG, true, text);
        return;
    }
    for (size_t i = 0; i < 3 * teeth; i++) {
        unsigned which_tooth = c->path ? tooth_index(c->path[i / 3]) : r->tooth;
        value none = {.kind = V_TEXT, .as.text = part[i]};
        if (part[i].n == 0 || which_tooth >= TEETH || scan_not_measured(r->scan, part[i], &none)) continue;
        tooth_site site = triplet_site(r, c, tooth_at(which_tooth), (unsigned)(i % 3));
        put_value(r, which_tooth, c->measure, site, c->measure == MEASURE_FURCATION ? chart_entrance_at(site) : 0,
                  part[i], NULL);
    }
}

/* tooth_measure: measurements of sites stand in the columns of sites, those of a tooth in its own. */
static bool fits(chart_measure m, tooth_site site)
{
    if (m == MEASURE_FURCATION || m == MEASURE_MGJ || m == MEASURE_KERATINIZED) return true;
    return chart_measure_has_site(m) == (site != SITES);
}

/* What a row's value is of: the column's tooth and site, or the row's. */
static void read_column(reader *r, size_t i)
{
    const chart_plan *p = r->scan->plan;
    const chart_column *c = &p->column[i];
    const value *v = cell(r, c->column);
    if (v->kind == V_NULL) return;
    r->column = c->column;
    if (v->kind == V_UNREADABLE) r->unreadable = true;
    chart_measure m = c->measure == MEASURE_OF_ROW ? r->measure : c->measure;
    char scratch[CELL_TEXT_MAX];
    int32_t tenths;
    sv text;
    bool number = cell_tenths(v, &tenths);
    r->cell = v;
    if (number && chart_measure_has_site(m) && !c->packed && c->site != SITES && p->shape != SHAPE_WIDE_EXAM) {
        /* What most cells are: a number needs no text. */
        if (r->tooth < TEETH && !scan_not_measured(r->scan, (sv){NULL, 0}, v))
            put_of_site(r, r->tooth, m, c->site, (sv){NULL, 0}, &tenths);
        return;
    }
    if (!cell_text(v, scratch, &text)) {
        if (v->kind != V_UNREADABLE) add_event(r, F_CHART_VALUE_LARGE, true, (sv){NULL, 0});
        return;
    }
    if (text.n == 0) return;
    if (m != MEASURE_NOTE && m != MEASURE_STATUS && scan_not_measured(r->scan, text, v)) return;
    if (c->measure == MEASURE_OF_ROW && !fits(m, c->site)) {
        bool nothing = number ? tenths == 0 : sv_eq(text, SV_LIT("0")); /* a default where nothing belongs */
        if (!nothing) add_event(r, F_CHART_SITE_UNKNOWN, true, text);
        return;
    }
    if (c->packed) {
        read_packed(r, c, text);
        return;
    }
    unsigned which_tooth = r->tooth;
    if (p->shape == SHAPE_WIDE_EXAM && (which_tooth = r->scan->label_tooth[i][r->system]) >= TEETH) {
        add_event(r, F_CHART_TOOTH_INVALID, true, text);
        return;
    }
    if (which_tooth >= TEETH) return;
    put_value(r, which_tooth, m, c->site != SITES ? c->site : r->site, c->entrance, text, number ? &tenths : NULL);
}

static void read_customs(reader *r)
{
    const chart_plan *p = r->scan->plan;
    for (size_t i = 0; i < p->customs; i++) {
        const value *v = cell(r, p->custom[i].column);
        char scratch[CELL_TEXT_MAX];
        sv text;
        r->column = p->custom[i].column;
        r->cell = v;
        if (v->kind == V_NULL || v->kind == V_UNREADABLE) continue;
        if (!cell_text(v, scratch, &text))
            add_event(r, F_CHART_VALUE_LARGE, true, (sv){NULL, 0});
        else if (text.n)
            add_text(r, r->tooth, TEXT_CUSTOM, r->site, p->custom[i].name, text, p->custom[i].type);
    }
}

/* ---- the row ---- */

static sv trimmed(sv s)
{
    while (s.n && s.p[0] == ' ') s = (sv){s.p + 1, s.n - 1};
    while (s.n && s.p[s.n - 1] == ' ') s.n--;
    return s;
}

/* A role's text; false and the row unreadable when it cannot be had. */
static bool role_text(reader *r, int column, char scratch[CELL_TEXT_MAX], sv *out)
{
    if (cell_text(cell(r, column), scratch, out)) return true;
    r->unreadable = true;
    return false;
}

static void refuse(reader *r, chart_row *out, finding_code code, int column, sv text)
{
    out->outcome = ROW_REJECTED;
    out->code = code;
    out->column = column;
    out->value = batch_text(r->b, text);
}

static bool find_measure(reader *r, chart_row *out)
{
    const chart_plan *p = r->scan->plan;
    char scratch[CELL_TEXT_MAX];
    sv text;
    if (p->measure < 0) return true;
    if (!role_text(r, p->measure, scratch, &text)) return false;
    for (size_t i = 0; i < p->measure_words; i++)
        if (sv_eq_nocase(p->measures[i].value, trimmed(text))) {
            r->measure = p->measures[i].measure;
            if (r->measure == MEASURE_IGNORED) out->outcome = ROW_SKIPPED;
            return r->measure != MEASURE_IGNORED;
        }
    refuse(r, out, F_CHART_MEASURE_UNKNOWN, p->measure, text);
    return false;
}

static bool find_tooth(reader *r, chart_row *out)
{
    const chart_plan *p = r->scan->plan;
    char scratch[CELL_TEXT_MAX], scratch_quadrant[CELL_TEXT_MAX];
    sv label, quadrant;
    tooth t;
    if (p->tooth < 0) return true;
    if (!role_text(r, p->tooth, scratch, &label) || !role_text(r, p->quadrant, scratch_quadrant, &quadrant))
        return false;
    if (!label_tooth(r->scan, label, quadrant, r->system, &t)) {
        refuse(r, out, F_CHART_TOOTH_INVALID, p->tooth, label);
        return false;
    }
    r->tooth = tooth_index(t);
    add_text(r, r->tooth, TEXT_LABEL, SITES, (sv){NULL, 0}, label, T_TEXT);
    return true;
}

static bool find_site(reader *r, chart_row *out)
{
    const chart_plan *p = r->scan->plan;
    char scratch[CELL_TEXT_MAX];
    sv text;
    if (p->site < 0) return true;
    if (!role_text(r, p->site, scratch, &text)) return false;
    r->site = pattern_site(trimmed(text), p->sites, p->site_words);
    if (r->site == SITES) refuse(r, out, F_CHART_SITE_UNKNOWN, p->site, text);
    return r->site != SITES;
}

/* Rows of an exam mostly lie together: the row before knows. */
static uint32_t find_key(const chart_batch *b, const chart_exams *exams, sv key)
{
    const chart_row *before = b->rows > 1 ? &b->row[b->rows - 2] : NULL;
    return before && before->exam_key.n && sv_eq(before->exam_key, key) ? before->exam : exams_find(exams, key);
}

static bool find_exam(reader *r, const chart_exams *exams, chart_row *out)
{
    const chart_plan *p = r->scan->plan;
    char scratch[CELL_TEXT_MAX];
    sv key;
    if (!role_text(r, p->exam, scratch, &key)) return false;
    if (key.n == 0) {
        refuse(r, out, F_CHART_EXAM_EMPTY, p->exam, key);
        return false;
    }
    out->exam = find_key(r->b, exams, key);
    if (out->exam == EXAM_NONE) { /* the survey did not see it: the table is not what it was */
        refuse(r, out, F_CHART_ORPHAN, p->exam, key);
        return false;
    }
    const chart_exam *e = &exams->exam[out->exam];
    out->exam_key = e->key;
    if (e->ruling == EXAM_READ) {
        r->system = (tooth_system)e->numbering;
        return true;
    }
    refuse(r, out, exam_ruling_code((exam_ruling)e->ruling), p->exam, key);
    return false;
}

static void read_values(reader *r)
{
    const chart_plan *p = r->scan->plan;
    for (size_t i = 0; i < p->columns; i++) read_column(r, i);
    read_customs(r);
}

void chart_read(const chart_scan *s, const chart_exams *exams, const uint8_t *settled, const row *in, chart_batch *b)
{
    reader r = {.scan = s, .b = b, .in = in, .tooth = TEETH, .site = SITES, .measure = MEASURE_OF_ROW};
    chart_row *made = GROW(b, row, rows, row_room);
    if (!made) return;
    size_t at = b->rows - 1;
    chart_row out = {
        .from = in->from, .exam = EXAM_NONE, .column = -1, .entry = b->entries, .text = b->texts, .event = b->events};
    char scratch[CELL_TEXT_MAX];
    sv key = {NULL, 0};
    bool known = find_exam(&r, exams, &out);
    if (settled && (out.exam == EXAM_NONE || settled[out.exam])) { /* of an earlier go */
        b->rows--;
        return;
    }
    if (out.exam != EXAM_NONE && atomic_load_explicit(&exams->exam[out.exam].waits, memory_order_relaxed)) {
        b->rows--;
        b->waiting++;
        return;
    }
    if (cell_text(cell(&r, s->plan->row_key), scratch, &key) && key.n) out.key = batch_text(b, key);
    if (known && find_measure(&r, &out) && find_tooth(&r, &out) && find_site(&r, &out)) read_values(&r);
    if (out.key.n && out.outcome == ROW_GOOD && !r.unreadable)
        add_text(&r, r.tooth, TEXT_KEY, SITES, (sv){NULL, 0}, out.key, T_TEXT);
    if (r.unreadable) out.outcome = ROW_UNREADABLE;
    if (out.outcome != ROW_GOOD) { /* nothing comes of it */
        b->entries = out.entry;
        b->texts = out.text;
        b->events = out.event;
    }
    out.entries = b->entries - out.entry;
    out.texts = b->texts - out.text;
    out.events = b->events - out.event;
    b->row[at] = out;
}
