/* One row as entries: whose it is, which tooth and site, and which column its values stand in. Runs on the reading threads;
 * tells nothing itself but notes what is to be told. */
#include "chart/chart_pattern.h"
#include "chart/chart_row.h"
#include "chart/chart_words.h"
#include "source/value_text.h"

static const value no_value = {.kind = V_NULL};

static const value *cell(const reader *r, int column)
{
    int at = column < 0 ? -1 : r->scan->at[column];
    return at < 0 || (size_t)at >= r->in->n ? &no_value : &r->in->cell[at];
}

/* Room for one more entry, which is not made; false: out of memory. */
static bool batch_room(chart_batch *b)
{
    size_t entries = b->entries;
    bool room = GROW(b, entry, entries, entry_room) != NULL;
    b->entries = entries;
    return room;
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
        reader_event(r, F_CHART_TRIPLET_WRONG, true, text);
        return;
    }
    for (size_t i = 0; i < 3 * teeth; i++) {
        unsigned which_tooth = c->path ? tooth_index(c->path[i / 3]) : r->tooth;
        value none = {.kind = V_TEXT, .as.text = part[i]};
        if (part[i].n == 0 || which_tooth >= TEETH || scan_not_measured(r->scan, part[i], &none)) continue;
        tooth_site site = triplet_site(r, c, tooth_at(which_tooth), (unsigned)(i % 3));
        reader_value(r, which_tooth, c->measure, site, c->measure == MEASURE_FURCATION ? chart_entrance_at(site) : 0,
                     part[i], NULL);
    }
}

/* tooth_measure: measurements of sites stand in the columns of sites, those of a tooth in its own. */
static bool fits(chart_measure m, tooth_site site)
{
    if (m == MEASURE_FURCATION || m == MEASURE_MGJ || m == MEASURE_KERATINIZED) return true;
    return chart_measure_has_site(m) == (site != SITES);
}

/* What most cells are: a small number of one site, of which nothing is to be told. False: it is none. There is room for
 * its entry. */
static bool read_ready(const reader *r, const ready_column *c, uint16_t column, const value *v)
{
    _Static_assert(SLOT_RECESSION == SITES * MEASURE_RECESSION && SLOT_CALCULUS == SITES * MEASURE_CALCULUS,
                   "places of sites in the order of measurements");
    unsigned slot = c->slot;
    const ready_number *list = c->ready;
    if (!c->quick || (v->kind != V_INT && v->kind != V_BOOL)) return false;
    int64_t n = v->as.integer;
    if (n < READY_LOW || n >= READY_HIGH) return false;
    if (c->of_row) {
        if ((unsigned)r->measure >= (unsigned)READY_MEASURES) return false;
        slot += (unsigned)SITES * r->measure;
        list = r->scan->ready[r->measure];
    }
    const ready_number *ready = &list[n - READY_LOW];
    if (ready->kind == READY_KEPT)
        r->b->entry[r->b->entries++] = (chart_entry){(uint8_t)r->tooth, (uint8_t)slot, ready->value, column};
    return ready->kind != READY_ASK;
}

/* What a row's value is of: the column's tooth and site, or the row's. */
static void read_column(reader *r, size_t i, const value *v)
{
    const chart_plan *p = r->scan->plan;
    const chart_column *c = &p->column[i];
    r->column = c->column;
    if (v->kind == V_UNREADABLE) r->unreadable = true;
    chart_measure m = c->measure == MEASURE_OF_ROW ? r->measure : c->measure;
    char scratch[CELL_TEXT_MAX];
    int32_t tenths;
    sv text;
    bool number = cell_tenths(v, &tenths);
    r->cell = v;
    if (number && chart_measure_has_site(m) && !c->packed && c->site != SITES && p->shape != SHAPE_WIDE_EXAM) {
        /* A number needs no text. */
        if (r->tooth < TEETH && !scan_not_measured(r->scan, (sv){NULL, 0}, v))
            reader_value(r, r->tooth, m, c->site, 0, (sv){NULL, 0}, &tenths);
        return;
    }
    if (!cell_text(v, scratch, &text)) {
        if (v->kind != V_UNREADABLE) reader_event(r, F_CHART_VALUE_LARGE, true, (sv){NULL, 0});
        return;
    }
    if (text.n == 0) return;
    if (m != MEASURE_NOTE && m != MEASURE_STATUS && scan_not_measured(r->scan, text, v)) return;
    if (c->measure == MEASURE_OF_ROW && !fits(m, c->site)) {
        bool nothing = number ? tenths == 0 : sv_eq(text, SV_LIT("0")); /* a default where nothing belongs */
        if (!nothing) reader_event(r, F_CHART_SITE_UNKNOWN, true, text);
        return;
    }
    if (c->packed) {
        read_packed(r, c, text);
        return;
    }
    unsigned which_tooth = r->tooth;
    if (p->shape == SHAPE_WIDE_EXAM && (which_tooth = r->scan->label_tooth[i][r->system]) >= TEETH) {
        reader_event(r, F_CHART_TOOTH_INVALID, true, text);
        return;
    }
    if (which_tooth >= TEETH) return;
    reader_value(r, which_tooth, m, c->site != SITES ? c->site : r->site, c->entrance, text, number ? &tenths : NULL);
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
            reader_event(r, F_CHART_VALUE_LARGE, true, (sv){NULL, 0});
        else if (text.n)
            reader_text(r, r->tooth, TEXT_CUSTOM, r->site, p->custom[i].name, text, p->custom[i].type);
    }
}

/* ---- the row ---- */

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
        if (sv_eq_nocase(p->measures[i].value, sv_trimmed_spaces(text))) {
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
    known_word *known = quadrant.n ? NULL : word_place(r->b->label, label, (uint8_t)r->system);
    if (known && known->known) {
        r->tooth = known->means;
    } else {
        if (!label_tooth(r->scan, label, quadrant, r->system, &t)) {
            refuse(r, out, F_CHART_TOOTH_INVALID, p->tooth, label);
            return false;
        }
        r->tooth = tooth_index(t);
        if (known) *known = (known_word){known->word, (uint16_t)r->tooth, true};
    }
    r->column = (uint16_t)p->tooth;
    reader_text(r, r->tooth, TEXT_LABEL, SITES, (sv){NULL, 0}, label, T_TEXT);
    return true;
}

static bool find_site(reader *r, chart_row *out)
{
    const chart_plan *p = r->scan->plan;
    char scratch[CELL_TEXT_MAX];
    sv text;
    if (p->site < 0) return true;
    if (!role_text(r, p->site, scratch, &text)) return false;
    r->site = pattern_site(sv_trimmed_spaces(text), p->sites, p->site_words);
    if (r->site == SITES) refuse(r, out, F_CHART_SITE_UNKNOWN, p->site, text);
    return r->site != SITES;
}

/* Rows of an exam mostly lie together: the row before knows. */
static uint32_t find_key(const chart_batch *b, const chart_exams *exams, sv key)
{
    const chart_row *before = b->rows > 1 ? &b->row[b->rows - 2] : NULL;
    return before && before->exam_key.n && sv_eq(before->exam_key, key) ? before->exam : exams_find(exams, key);
}

/* The exam of the row before, when this one names it by the same number. */
static bool is_exam_before(const chart_batch *b, const value *v)
{
    return b->by_number && v->kind == V_INT && v->as.integer == b->number;
}

static bool find_exam(reader *r, const chart_exams *exams, chart_row *out)
{
    const chart_plan *p = r->scan->plan;
    const value *named = cell(r, p->exam);
    char scratch[CELL_TEXT_MAX];
    sv key;
    if (is_exam_before(r->b, named)) {
        out->exam = r->b->exam;
        out->exam_key = exams->exam[out->exam].key;
        r->system = (tooth_system)exams->exam[out->exam].numbering;
        return true;
    }
    r->b->by_number = false;
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
        r->b->by_number = named->kind == V_INT;
        if (r->b->by_number) r->b->number = named->as.integer;
        r->b->exam = out->exam;
        return true;
    }
    refuse(r, out, exam_ruling_code((exam_ruling)e->ruling), p->exam, key);
    return false;
}

static void read_values(reader *r)
{
    const chart_plan *p = r->scan->plan;
    bool ready = r->tooth < TEETH && p->shape != SHAPE_WIDE_EXAM;
    for (size_t i = 0; i < p->columns; i++) {
        const ready_column *c = &r->scan->column[i];
        const value *v = c->at < r->in->n ? &r->in->cell[c->at] : &no_value;
        if (v->kind == V_NULL) continue;
        if (ready && r->b->entries == r->b->entry_room) ready = batch_room(r->b);
        if (!ready || !read_ready(r, c, p->column[i].column, v)) read_column(r, i, v);
    }
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
        reader_kept_text(&r, r.tooth, TEXT_KEY, SITES, (sv){NULL, 0}, out.key, T_TEXT);
    if (r.unreadable) out.outcome = ROW_UNREADABLE;
    if (out.outcome == ROW_GOOD && exams->exam[out.exam].traced) reader_origins(&r, &out);
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
