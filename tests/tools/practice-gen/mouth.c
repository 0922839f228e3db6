/* A mouth over the years: pockets deepen, heal after treatment and relapse, gums recede, teeth are lost and some
 * replaced; and what an examiner writes of it, hard cases included. */
#include "gen.h"
#include <stdlib.h>

enum { PURPOSE_MOUTH = 20, PURPOSE_EXAM, PURPOSE_TIME, TEETH = 32 };

typedef struct tooth_state_now {
    tooth_state state;
    int depth[6], margin[6]; /* tenths of mm */
    int lost_at;             /* number of the exam */
} tooth_state_now;

struct mouth {
    tooth_state_now tooth[TEETH]; /* by Universal number - 1 */
    bool edentulous, child;
};

mouth *mouth_new(void) { return calloc(1, sizeof(mouth)); }

/* Universal 1..32 to FDI. */
static int fdi_of(int u) { return u <= 8 ? 19 - u : u <= 16 ? 12 + u : u <= 24 ? 55 - u : 16 + u; }
static int place_of(int u) { return fdi_of(u) % 10; }
static bool upper(int u) { return u <= 16; }
/* Sites 0 and 2, 3 and 5 lie between teeth. */
static bool between_teeth(int k) { return k % 3 != 1; }

void mouth_start(mouth *m, const gen *g, const patient *p)
{
    chance c = chance_of(g->seed, PURPOSE_MOUTH, p->index);
    int age = (TODAY - p->who.birth) / 365;
    m->edentulous = hard(g, 31, p->index, 0);
    m->child = age < 13;
    for (int u = 1; u <= TEETH; u++) {
        tooth_state_now *t = &m->tooth[u - 1];
        *t = (tooth_state_now){.state = PRESENT};
        bool wisdom = place_of(u) == 8;
        if (wisdom && percent(&c, 65)) t->state = age < 20 ? UNERUPTED : MISSING;
        if (!wisdom && age > 45 && percent(&c, (unsigned)(p->severity * 2 + 1)))
            t->state = percent(&c, 20) ? PONTIC : percent(&c, 30) ? IMPLANT : MISSING;
        if (m->edentulous) t->state = MISSING;
        for (int s = 0; s < 6; s++) {
            int ill = between_teeth(s) ? p->severity * 10 : p->severity * 4;
            if (place_of(u) >= 6) ill += p->severity * 6;
            if (t->state == IMPLANT) ill = 5;
            t->depth[s] = 18 + between(&c, 0, 9) + (ill ? (int)below(&c, (unsigned)ill + 1) : 0);
            if (p->severity >= 2 && percent(&c, (unsigned)p->severity * 3)) t->depth[s] += between(&c, 10, 50);
            t->margin[s] = between(&c, -6, 3) + (age > 40 ? (int)below(&c, (unsigned)(age - 30)) / 3 : 0);
        }
    }
}

/* What has happened since the exam before. */
static void pass_time(mouth *m, chance *c, const patient *p, unsigned number)
{
    bool treated = number == 1 || (number % 4 == 0 && p->severity >= 2);
    for (int u = 0; u < TEETH; u++) {
        tooth_state_now *t = &m->tooth[u];
        if (t->state == MISSING && t->lost_at && (int)number > t->lost_at + 1 && percent(c, 25)) t->state = IMPLANT;
        if (t->state != PRESENT && t->state != IMPLANT) continue;
        int worst = 0;
        for (int s = 0; s < 6; s++) {
            int d = t->depth[s];
            if (treated && d > 35) {
                int gain = (d - 30) * between(c, 25, 55) / 100;
                t->depth[s] -= gain;
                t->margin[s] += gain * 4 / 10;
            } else {
                t->depth[s] += between(c, -3, 2 + p->severity + (2 - p->compliance));
            }
            if (t->depth[s] < 10) t->depth[s] = 10;
            if (t->depth[s] > 120) t->depth[s] = 120;
            if (t->depth[s] > worst) worst = t->depth[s];
        }
        if (worst > 95 && number > 1 && percent(c, 20)) {
            t->state = MISSING;
            t->lost_at = (int)number;
        }
    }
}

static const char *const GRADES[] = {"", "I", "II", "III", "IV"};

static bool has_entrance(int u, int entrance) /* 0 B, 1 M, 2 D, 3 L */
{
    int k = place_of(u);
    if (k == 4 && upper(u)) return entrance == 1 || entrance == 2;
    if (k < 6) return false;
    return upper(u) ? entrance != 3 : entrance == 0 || entrance == 3;
}

static void examine_site(site *s, chance *c, const patient *p, const tooth_state_now *t, int k, const exam *x,
                         bool plaque, bool cal)
{
    *s = (site){NONE, NONE, NONE, NONE, NONE, NONE, 0};
    if (t->state != PRESENT && t->state != IMPLANT) return;
    int pd = (t->depth[k] + between(c, -3, 3) + 5) / 10;
    s->pd = (int8_t)(pd < 1 ? 1 : pd);
    if (t->state == PRESENT) s->recession = (int8_t)((t->margin[k] + (t->margin[k] < 0 ? -5 : 5)) / 10);
    unsigned bleeds = s->pd >= 6 ? 80 : s->pd >= 4 ? 50 : 8;
    if (x->number && p->compliance == 2) bleeds /= 2;
    s->bop = percent(c, bleeds);
    s->supp = s->pd >= 6 && percent(c, 12);
    if (plaque) s->plaque = percent(c, (unsigned)(45 - 15 * p->compliance));
    if (cal && t->state == PRESENT) s->cal_source = (int8_t)(s->pd + s->recession);
}

static void examine_tooth(chart_row *r, chance *c, const tooth_state_now *t, int u)
{
    int worst = 0, loss = 0;
    for (int k = 0; k < 6; k++) {
        if (r->site[k].pd > worst) worst = r->site[k].pd;
        if (r->site[k].recession != NONE && r->site[k].pd + r->site[k].recession > loss)
            loss = r->site[k].pd + r->site[k].recession;
    }
    r->mobility = NONE;
    r->keratinized = r->mgj = r->plaque_index = r->creeping = NONE;
    if (t->state != PRESENT) return;
    if (loss >= 6 && percent(c, 50)) {
        static const char *const MOBILITY[] = {"1", "1+", "2", "I", "II", "3"};
        static const int8_t TENTHS[] = {10, 15, 20, 10, 20, 30};
        unsigned i = below(c, loss >= 9 ? 6 : 4);
        snprintf(r->mobility_raw, sizeof r->mobility_raw, "%s", MOBILITY[i]);
        r->mobility = TENTHS[i];
    }
    for (int e = 0; e < 4; e++) {
        if (!has_entrance(u, e) || worst < 5 || !percent(c, 45)) continue;
        r->grade[e] = (int8_t)(1 + (worst > 6) + (worst > 8));
        snprintf(r->grade_raw[e], sizeof r->grade_raw[e], "%s", GRADES[r->grade[e]]);
    }
    if (r->site[1].recession >= 2 && percent(c, 60)) {
        static const char *const MILLER[] = {"I", "II", "III", "IV"}, *const CAIRO[] = {"RT1", "RT2", "RT3", "RT3"};
        unsigned i = below(c, 4);
        r->miller = MILLER[i];
        r->cairo = CAIRO[i];
    }
    if (percent(c, 15)) {
        r->keratinized = (int8_t)between(c, 1, 6);
        r->mgj = (int8_t)(r->keratinized + 1);
    }
    if (percent(c, 10)) r->plaque_index = (int8_t)(5 * between(c, 0, 6));
    if (percent(c, 4)) r->note = "Watch; home care shown";
    if (percent(c, 3)) r->creeping = (int8_t)between(c, 0, 2);
}

/* ---- labels ---- */

static void label_of(chart_row *r, const exam *x, int u)
{
    static const char *const QUADRANT[] = {"", "UR", "UL", "LL", "LR"};
    if (x->numbering[0] == 'f') {
        snprintf(r->label, sizeof r->label, "%d", fdi_of(u));
    } else if (x->numbering[0] == 'p') {
        snprintf(r->label, sizeof r->label, "%s%d", QUADRANT[fdi_of(u) / 10], place_of(u));
    } else {
        snprintf(r->label, sizeof r->label, "%d", u);
    }
}

static void choose_numbering(exam *x, chance *c, const gen *g, const patient *p)
{
    x->numbering = "universal";
    x->system = "Universal";
    if (g->turkish) {
        x->numbering = "fdi";
        x->system = "FDI";
    } else if (x->provider == 3 && percent(c, 40)) {
        x->numbering = "fdi";
        x->system = "FDI";
    } else if (hard(g, 2, p->index, x->number)) {
        x->numbering = "palmer";
        x->system = "Palmer";
    } else if (percent(c, 4)) {
        x->system = NULL; /* a whole mouth proves its numbering */
    }
}

static sv exam_key(gen *g, const exam *x) { return text_int(g, x->id); }

static void plant(gen *g, unsigned number, const exam *x, const chart_row *r, unsigned column, const char *outcome,
                  const char *value, const char *code)
{
    if (!g->telling) return;
    planted(g, number, TABLE_PeriodontalCharting, text_of(g, "%u:%s", x->id, r->label), column, outcome, sv_from(value),
            code);
}

/* ---- hard cases of teeth; each befalls one tooth of the exam ---- */

static void relabel(chart_row *r, const char *label) { snprintf(r->label, sizeof r->label, "%s", label); }

static chart_row *row_of(exam *x, int fdi)
{
    for (unsigned i = 0; i < x->rows; i++)
        if (x->row[i].fdi == fdi && !x->row[i].supernumerary) return &x->row[i];
    return NULL;
}

/* A row of its own behind the others, with the readings of the first molar. */
static chart_row *further_row(exam *x, const char *label, int fdi, bool supernumerary)
{
    if (x->rows == CHART_ROWS_MAX) return NULL;
    chart_row *r = &x->row[x->rows++];
    *r = (chart_row){.fdi = (uint8_t)fdi,
                     .supernumerary = supernumerary,
                     .state = PRESENT,
                     .scored = true,
                     .mobility = NONE,
                     .keratinized = NONE,
                     .mgj = NONE,
                     .plaque_index = NONE,
                     .creeping = NONE};
    relabel(r, label);
    for (int k = 0; k < 6; k++) r->site[k] = (site){3, 0, NONE, k == 0, 0, NONE, 0};
    return r;
}

static void hard_labels(gen *g, const patient *p, exam *x)
{
    bool universal = strcmp(x->numbering, "universal") == 0;
    uint32_t i = p->index;
    chart_row *r = NULL;
    if (universal && x->system && hard(g, 8, i, x->number) && (r = further_row(x, "51", 18, true)))
        plant(g, 8, x, r, PeriodontalCharting_ToothNumber, "kept", "18S", "");
    if (universal && hard(g, 9, i, x->number)) {
        static const struct {
            const char *label;
            int fdi;
            bool more;
        } LETTERS[] = {{"A", 55, false}, {"AS", 55, true}, {"T", 85, false}};
        for (size_t k = 0; k < COUNT_OF(LETTERS); k++) {
            if (!(r = further_row(x, LETTERS[k].label, LETTERS[k].fdi, LETTERS[k].more))) continue;
            plant(g, 9, x, r, PeriodontalCharting_ToothNumber, "kept",
                  LETTERS[k].more        ? "55S"
                  : LETTERS[k].fdi == 55 ? "55"
                                         : "85",
                  "");
        }
    }
    if (universal && hard(g, 12, i, x->number)) {
        static const char *const NOTHING[] = {"0", "90"};
        for (size_t k = 0; k < 2; k++) {
            if (!(r = further_row(x, NOTHING[k], 0, false))) continue;
            r->rejected = true;
            plant(g, 12, x, r, PeriodontalCharting_ToothNumber, "rejected", "", "CHT-1001");
        }
    }
    if (hard(g, 13, i, x->number) && (r = further_row(x, "99", 0, false))) {
        r->rejected = true;
        plant(g, 13, x, r, PeriodontalCharting_ToothNumber, "rejected", "", "CHT-1001");
    }
    if (hard(g, 15, i, x->number) && (r = further_row(x, "3-5", 0, false))) {
        r->rejected = true;
        plant(g, 15, x, r, PeriodontalCharting_ToothNumber, "rejected", "", "CHT-1001");
    }
    if (universal && hard(g, 14, i, x->number)) {
        static const char *const FORMS[] = {"06", "6.0", "#6", " 6 "};
        if ((r = row_of(x, 13))) {
            relabel(r, FORMS[(i + x->number) % 4]);
            plant(g, 14, x, r, PeriodontalCharting_ToothNumber, "kept", "13", "");
        }
    }
    if (strcmp(x->numbering, "palmer") == 0) {
        /* Case 11: signs of the quadrants in place of letters. */
        static const char *const SIGNS[] = {"6\xE2\x8F\x8C",
                                            "\xE2\x8E\xBF"
                                            "6",
                                            "\xE2\x94\x94"
                                            "6",
                                            "6\xE2\x94\x90"};
        static const int OF[] = {16, 26, 26, 46};
        size_t k = (i + x->number) % 4;
        if ((r = row_of(x, OF[k]))) {
            relabel(r, SIGNS[k]);
            plant(g, 11, x, r, PeriodontalCharting_ToothNumber, "kept",
                  OF[k] == 16   ? "16"
                  : OF[k] == 26 ? "26"
                                : "46",
                  "");
        }
        plant(g, 2, x, &x->row[0], PeriodontalCharting_ToothNumber, "kept", "18", "");
        if ((r = further_row(x, "ULA", 61, false)))
            plant(g, 10, x, r, PeriodontalCharting_ToothNumber, "kept", "61", "");
    }
}

/* Case 32 takes every tooth of the exam: cases whose values it would overwrite are not planted there. */
static bool bleeds_at_19(const gen *g, const patient *p, const exam *x)
{
    return x->rows == TEETH && hard(g, 32, p->index, x->number);
}

static void hard_values(gen *g, const patient *p, exam *x)
{
    uint32_t i = p->index;
    unsigned n = x->number;
    bool overwritten = bleeds_at_19(g, p, x);
    for (unsigned k = 0; k < x->rows; k++) {
        chart_row *r = &x->row[k];
        if (r->state != PRESENT || r->rejected) continue;
        uint64_t which = (uint64_t)n << 8 | (k == 4 ? 0 : k + 1);
        if (g->hard && !overwritten && hard(g, 17, i, which)) {
            r->site[1].pd = 0;
            if (r->site[1].cal_source != NONE) r->site[1].cal_source = r->site[1].recession;
            plant(g, 17, x, r, PeriodontalCharting_PocketDepth_B, "kept", "0", "");
            r->site[4].pd = r->site[4].cal_source = NONE;
            plant(g, 17, x, r, PeriodontalCharting_PocketDepth_L, "kept", "", "");
        }
        if (k == 5 && !overwritten && hard(g, 18, i, n)) {
            static const int8_t DEEP[] = {15, 17, 25};
            int8_t deep = DEEP[(i + n) % 3];
            site *s = &r->site[2];
            s->cal_source = NONE;
            s->pd = deep == 25 ? NONE : deep;
            s->held_pd = deep == 25 ? 25 : 0;
            plant(g, 18, x, r, PeriodontalCharting_PocketDepth_DB,
                  deep == 25   ? "held_back"
                  : deep == 17 ? "reported"
                               : "kept",
                  deep == 25   ? ""
                  : deep == 17 ? "17"
                               : "15",
                  deep == 15   ? ""
                  : deep == 17 ? "CHT-1031"
                               : "CHT-1030");
        }
        if (r->fdi == 11 && hard(g, 26, i, n)) {
            r->grade[0] = 3;
            snprintf(r->grade_raw[0], sizeof r->grade_raw[0], "III");
            plant(g, 26, x, r, PeriodontalCharting_Furcation_B, "reported", "3", "CHT-1044");
        }
        if (r->fdi == 31 && hard(g, 27, i, n)) {
            r->mobility = NONE;
            snprintf(r->mobility_raw, sizeof r->mobility_raw, "4");
            plant(g, 27, x, r, PeriodontalCharting_Mobility, "held_back", "", "CHT-1040");
        }
        if (r->fdi == 41 && hard(g, 28, i, n)) {
            r->miller = NULL;
            r->miller_raw = "2";
            plant(g, 28, x, r, PeriodontalCharting_MillerClass, "held_back", "", "CHT-1045");
        }
    }
}

/* Readings on a missing tooth (29), bleeding that makes exactly 19 of 192 (32). */
static void hard_scores(gen *g, const patient *p, exam *x)
{
    bool overwrites = bleeds_at_19(g, p, x);
    if (!overwrites && hard(g, 29, p->index, x->number)) {
        for (unsigned k = 0; k < x->rows; k++) {
            chart_row *r = &x->row[k];
            if (r->state != MISSING || r->rejected) continue;
            for (int s = 0; s < 6; s++) r->site[s] = (site){4, 1, NONE, 1, 0, NONE, 0};
            plant(g, 29, x, r, PeriodontalCharting_ToothStatus, "reported", "missing", "CHT-1070");
            break;
        }
    }
    for (unsigned k = 0; k < x->rows && !overwrites && hard(g, 30, p->index, x->number); k++) {
        if (x->row[k].state != IMPLANT) continue;
        plant(g, 30, x, &x->row[k], PeriodontalCharting_ToothStatus, "kept", "implant", "");
        break;
    }
    if (!overwrites) return;
    int bled = 0;
    for (unsigned k = 0; k < TEETH; k++) {
        chart_row *r = &x->row[k];
        if (r->state != PRESENT) {
            r->state = PRESENT;
            r->mobility = NONE;
        }
        r->scored = true;
        for (int s = 0; s < 6; s++, bled++) {
            if (r->site[s].pd == NONE && !r->site[s].held_pd) r->site[s] = (site){2, 0, NONE, 0, 0, NONE, 0};
            r->site[s].held_pd = 0;
            if (r->site[s].pd == NONE) r->site[s].pd = 2;
            r->site[s].bop = bled < 19;
        }
    }
    plant(g, 32, x, &x->row[0], PeriodontalCharting_BOP_MB, "kept", "9.9", "");
}

/* Exams of a few rows: 4 without a system that could be read both ways, 5 that contradicts itself, 6 that contradicts its
 * own word. */
static bool hard_few(gen *g, const patient *p, exam *x)
{
    if (g->turkish || x->number == 0) return false;
    static const char *const FOUR[] = {"11", "12", "21", "31"}, *const MIXED[] = {"8", "47"},
                             *const WORD[] = {"3", "46"};
    bool four = hard(g, 4, p->index, x->number) && x->provider <= 2, mixed = !four && hard(g, 5, p->index, x->number),
         word = !four && !mixed && hard(g, 6, p->index, x->number);
    /* The guaranteed exam of a case is number 0; these befall a later one. */
    if (x->number == 1) {
        four = four || (hard(g, 4, p->index, 0) && x->provider <= 2);
        mixed = !four && (mixed || hard(g, 5, p->index, 0));
        word = !four && !mixed && (word || hard(g, 6, p->index, 0));
    }
    if (!four && !mixed && !word) return false;
    x->rows = 0;
    x->numbering = "universal";
    x->system = word ? "Universal" : NULL;
    x->rejected = mixed || word;
    for (size_t k = 0; k < (four ? 4U : 2U); k++) {
        const char *label = four ? FOUR[k] : mixed ? MIXED[k] : WORD[k];
        int u = (int)strtol(label, NULL, 10);
        chart_row *r = further_row(x, label, u <= TEETH ? fdi_of(u) : 0, false);
        if (r) r->rejected = x->rejected;
    }
    unsigned number = four ? 4 : mixed ? 5 : 6;
    planted(g, number, TABLE_ClinicalExam, exam_key(g, x), ClinicalExam_ToothNumberingSystem,
            four ? "reported" : "rejected", sv_from(four ? "universal" : ""),
            four    ? "CHT-1002"
            : mixed ? "CHT-1003"
                    : "CHT-1004");
    return true;
}

static void score(exam *x)
{
    exam_scores *n = &x->scores;
    *n = (exam_scores){0};
    int marks = 0, present = 0;
    for (unsigned i = 0; i < x->rows; i++) {
        const chart_row *r = &x->row[i];
        if (r->rejected || r->state == MISSING || r->state == IMPLANT || r->state == PONTIC || r->state == UNERUPTED)
            continue;
        present++;
        for (int k = 0; k < 6; k++) {
            const site *s = &r->site[k];
            n->bop_said = n->bop_said || s->bop != NONE;
            n->supp_said = n->supp_said || s->supp != NONE;
            n->plaque_said = n->plaque_said || s->plaque != NONE;
            n->bled += s->bop == 1;
            marks += s->bop != NONE;
            n->supp += s->supp == 1;
            n->plaque += s->plaque == 1;
            if (s->pd == NONE) continue;
            n->examined++;
            n->sum_pd += s->pd;
            if (s->pd > n->max_pd) n->max_pd = s->pd;
            n->pd4 += s->pd >= 4;
            n->pd5 += s->pd >= 5;
            n->pd6 += s->pd >= 6;
            if (s->recession == NONE) continue;
            n->cals++;
            n->sum_cal += s->pd + s->recession;
        }
    }
    if (n->examined == 0 && marks) n->examined = 6 * present;
}

/* Case 33: the exam before once more, as if saved twice: the same moment, the same readings, another number. */
static bool saved_twice(const gen *g, const patient *p, unsigned number)
{
    return number == 2 && !g->turkish && hard(g, 33, p->index, 0);
}

void mouth_exam(mouth *m, gen *g, const patient *p, unsigned number, exam *x)
{
    bool twice = saved_twice(g, p, number);
    uint32_t id = p->first[THING_EXAM] + number;
    number -= twice;
    chance c = chance_of(g->seed, PURPOSE_EXAM, (uint64_t)p->index << 8 | number);
    *x = (exam){.id = id,
                .number = number,
                .day = p->exam_day[number],
                .minute = p->exam_minute[number],
                .provider = p->provider};
    if (percent(&c, 15)) x->provider = 1 + (int)below(&c, DOCTORS);
    x->type = number == 0 ? "Comprehensive" : number == 1 ? "Re-evaluation" : "Maintenance";
    choose_numbering(x, &c, g, p);
    chance between_exams = chance_of(g->seed, PURPOSE_TIME, (uint64_t)p->index << 8 | number);
    if (number && !twice) pass_time(m, &between_exams, p, number);
    bool plaque = percent(&c, 75), cal = percent(&c, 60);
    for (int u = 1; u <= TEETH; u++) {
        const tooth_state_now *t = &m->tooth[u - 1];
        chart_row *r = &x->row[x->rows++];
        r->fdi = (uint8_t)fdi_of(u);
        r->state = t->state;
        label_of(r, x, u);
        for (int k = 0; k < 6; k++) examine_site(&r->site[k], &c, p, t, k, x, plaque, cal);
        examine_tooth(r, &c, t, u);
    }
    x->custom_finding = percent(&c, 50);
    if (!hard_few(g, p, x)) {
        hard_labels(g, p, x);
        hard_values(g, p, x);
        hard_scores(g, p, x);
    }
    score(x);
    if (twice)
        planted(g, 33, TABLE_ClinicalExam, exam_key(g, x), ClinicalExam_ExamDate, "reported", text_int(g, id - 1),
                "CHT-1073");
    if (m->edentulous && number == 0 && !g->turkish)
        planted(g, 31, TABLE_ClinicalExam, exam_key(g, x), ClinicalExam_BOPPercent, "kept", sv_from(""), "");
    /* Whether an exam that does not name its numbering shows the one that it was read by is the program's choice. */
    if (!x->system && !x->rejected)
        planted(g, 4, TABLE_ClinicalExam, exam_key(g, x), ClinicalExam_ToothNumberingSystem, "or_empty",
                sv_from(x->numbering), "");
    if (x->numbering[0] == 'f' && !g->turkish)
        planted(g, 7, TABLE_ClinicalExam, exam_key(g, x), ClinicalExam_ToothNumberingSystem, "kept", sv_from("fdi"),
                "");
}
