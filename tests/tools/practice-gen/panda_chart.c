/* PANDA Perio: exams, the rows of their charts, the practice's own findings. */
#include "gen.h"

enum { PURPOSE_EXAM_TEXT = 60 };

static const char *const SITE[] = {"MB", "B", "DB", "ML", "L", "DL"};

static int tenths(int count, int of) { return of ? (2000 * count + of) / (2 * of) : 0; }
static int hundredths(int sum, int of)
{
    int size = sum < 0 ? -sum : sum, h = of ? (200 * size + of) / (2 * of) : 0;
    return sum < 0 ? -h : h;
}

static sv text_tenths(gen *g, int x) { return text_of(g, "%d.%d", x / 10, x % 10); }
static sv text_hundredths(gen *g, int x)
{
    return text_of(g, "%s%d.%02d", x < 0 ? "-" : "", (x < 0 ? -x : x) / 100, (x < 0 ? -x : x) % 100);
}
/* Millimetres and indexes: no decimal where there is none. */
static sv text_reading(gen *g, int x) { return x % 10 ? text_tenths(g, x) : text_int(g, x / 10); }

/* ---- exams ---- */

typedef struct diagnosis {
    const char *stage, *grade, *extent, *text;                      /* the source */
    const char *stage_true, *grade_true, *extent_true, *other_true; /* the truth */
} diagnosis;

static void diagnose(gen *g, const patient *p, const exam *x, sv key, diagnosis *d)
{
    static const char *const ROMAN[] = {NULL, "I", "II", "III"}, *const STAGE[] = {NULL, "1", "2", "3"};
    chance c = chance_of(g->seed, PURPOSE_EXAM_TEXT, (uint64_t)p->index << 8 | x->number);
    *d = (diagnosis){.text = NULL};
    if (p->severity == 0) {
        if (percent(&c, 50)) d->text = "Gingivitis";
        if (d->text) d->other_true = "gingivitis";
    } else {
        static const char *const GRADE[] = {"A", "B", "C"};
        d->stage = ROMAN[p->severity];
        d->stage_true = STAGE[p->severity];
        d->grade = d->grade_true = GRADE[2 - p->compliance];
        bool general = p->severity == 3;
        d->extent = general ? "Generalized" : "Localized";
        d->extent_true = general ? "generalized" : "localized";
    }
    if (hard(g, 35, p->index, x->number)) {
        if ((p->index + x->number) % 2) {
            *d = (diagnosis){NULL, NULL, NULL, "St III/C gen.", "3", "C", "generalized", NULL};
        } else {
            *d = (diagnosis){NULL, NULL, NULL, "Type III", NULL, NULL, NULL, "Type III"};
        }
        planted(g, 35, TABLE_ClinicalExam, key, ClinicalExam_AAPDiagnosis, "kept", sv_from(d->text), "");
    } else if (hard(g, 36, p->index, x->number)) {
        *d = (diagnosis){"5", "D", NULL, NULL, NULL, NULL, NULL, NULL};
        planted(g, 36, TABLE_ClinicalExam, key, ClinicalExam_AAPStage, "held_back", sv_from(""), "NRM-921");
        planted(g, 36, TABLE_ClinicalExam, key, ClinicalExam_AAPGrade, "held_back", sv_from(""), "NRM-901");
    }
}

static void tell_exam(gen *g, const patient *p, const exam *x, sv key, const diagnosis *d, sv bop, sv index,
                      const char *notes)
{
    truth *t = g->truth;
    const exam_scores *n = &x->scores;
    truth_begin(t, "clinical_exam", key);
    truth_set(t, "patient", text_int(g, p->id));
    truth_set(t, "provider", text_int(g, x->provider));
    truth_set(t, "exam_at", text_moment(g, x->day, x->minute));
    truth_str(t, "charting_type", x->type);
    if (!x->rejected || x->system) truth_str(t, "numbering", x->numbering);
    truth_str(t, "aap_stage", d->stage_true);
    truth_str(t, "aap_grade", d->grade_true);
    truth_str(t, "aap_extent", d->extent_true);
    truth_str(t, "aap_other", d->other_true);
    truth_str(t, "aap_text", d->text);
    if (!x->rejected) {
        truth_set(t, "sites_examined", text_int(g, n->examined));
        if (n->examined) {
            if (n->bop_said) {
                truth_set(t, "bleeding_sites", text_int(g, n->bled));
                truth_set(t, "bop_percent", text_tenths(g, tenths(n->bled, n->examined)));
            }
            if (n->plaque_said) truth_set(t, "plaque_percent", text_tenths(g, tenths(n->plaque, n->examined)));
            if (n->supp_said) truth_set(t, "suppuration_percent", text_tenths(g, tenths(n->supp, n->examined)));
            truth_set(t, "pd4_percent", text_tenths(g, tenths(n->pd4, n->examined)));
            truth_set(t, "pd5_percent", text_tenths(g, tenths(n->pd5, n->examined)));
            truth_set(t, "pd6_percent", text_tenths(g, tenths(n->pd6, n->examined)));
            truth_set(t, "mean_pd", text_hundredths(g, hundredths(n->sum_pd, n->examined)));
            truth_set(t, "max_pd", text_int(g, n->max_pd));
        }
        if (n->cals) truth_set(t, "mean_cal", text_hundredths(g, hundredths(n->sum_cal, n->cals)));
    }
    truth_set(t, "source_bop", bop);
    truth_set(t, "plaque_index", index);
    truth_str(t, "notes", notes);
    truth_set(t, "modified_at", text_moment(g, x->day, x->minute + 20));
    truth_end(t);
}

static void tell_custom_value(gen *g, const char *entity, sv record, const char *name, sv value)
{
    truth_begin(g->truth, "custom_value", (sv){NULL, 0});
    truth_str(g->truth, "entity", entity);
    truth_set(g->truth, "record", record);
    truth_str(g->truth, "name", name);
    truth_set(g->truth, "value", value);
    truth_end(g->truth);
}

static void exam_row(gen *g, const patient *p, const exam *x)
{
    row *r = row_new(g, TABLE_ClinicalExam);
    chance c = chance_of(g->seed, PURPOSE_EXAM_TEXT + 1, (uint64_t)p->index << 8 | x->number);
    const sv key = text_int(g, x->id);
    diagnosis d;
    diagnose(g, p, x, key, &d);
    /* What the source's own program had worked out; sometimes it had nothing. */
    int own = x->scores.examined ? hundredths(100 * x->scores.bled, x->scores.examined) : 0;
    const sv bop = percent(&c, 70) && x->scores.examined ? text_hundredths(g, own) : (sv){NULL, 0};
    const sv index = percent(&c, 30) ? text_hundredths(g, between(&c, 0, 299)) : (sv){NULL, 0};
    const char *notes = percent(&c, 12) ? "Probing tolerated well.\nReview in three months." : NULL;
    const char *guard = percent(&c, 10) ? (percent(&c, 50) ? "1" : "0") : NULL;
    cell_set(r, ClinicalExam_ExamID, key);
    cell_int(g, r, ClinicalExam_PatientID, p->id);
    cell_int(g, r, ClinicalExam_ProviderID, x->provider);
    cell_set(r, ClinicalExam_ExamDate, text_moment(g, x->day, x->minute));
    cell_str(r, ClinicalExam_ChartingType, x->type);
    cell_str(r, ClinicalExam_ToothNumberingSystem, x->system);
    cell_str(r, ClinicalExam_AAPStage, d.stage);
    cell_str(r, ClinicalExam_AAPGrade, d.grade);
    cell_str(r, ClinicalExam_AAPExtent, d.extent);
    cell_str(r, ClinicalExam_AAPDiagnosis, d.text);
    cell_set(r, ClinicalExam_BOPPercent, bop);
    cell_set(r, ClinicalExam_PlaqueIndex, index);
    cell_str(r, ClinicalExam_Notes, notes ? "Probing tolerated well.\r\nReview in three months." : NULL);
    cell_str(r, ClinicalExam_OcclusalGuard, guard);
    cell_set(r, ClinicalExam_ModifiedDate, text_moment(g, x->day, x->minute + 20));
    if (!g->telling) return;
    tell_exam(g, p, x, key, &d, bop, index, notes);
    if (guard) tell_custom_value(g, "clinical_exam", key, "OcclusalGuard", sv_from(guard));
}

/* ---- teeth ---- */

static const char *const STATE[] = {"Present", "Missing", "Implant", "Pontic", "Unerupted", "Primary"};
static const char *const STATE_TRUE[] = {"present", "missing", "implant", "pontic", "unerupted", "primary"};

static void tell_site(gen *g, const site *s, int k, sv tooth)
{
    if (s->pd == NONE && s->recession == NONE && s->cal_source == NONE && s->bop == NONE && s->supp == NONE &&
        s->plaque == NONE)
        return;
    truth *t = g->truth;
    char key[48];
    size_t n = tooth.n < 40 ? tooth.n : 40;
    memcpy(key, tooth.p, n);
    key[n++] = ':';
    for (const char *c = SITE[k]; *c; c++) key[n++] = *c;
    truth_begin(t, "site_measure", (sv){key, n});
    truth_set(t, "tooth", tooth);
    truth_str(t, "site", SITE[k]);
    if (s->pd != NONE) truth_set(t, "pd", text_int(g, s->pd));
    if (s->recession != NONE) truth_set(t, "recession", text_int(g, s->recession));
    if (s->pd != NONE && s->recession != NONE) truth_set(t, "cal", text_int(g, s->pd + s->recession));
    if (s->cal_source != NONE) truth_set(t, "cal_source", text_int(g, s->cal_source));
    if (s->bop != NONE) truth_set(t, "bop", text_int(g, s->bop));
    if (s->supp != NONE) truth_set(t, "suppuration", text_int(g, s->supp));
    if (s->plaque != NONE) truth_set(t, "plaque", text_int(g, s->plaque));
    truth_end(t);
}

static void tell_tooth(gen *g, const exam *x, const chart_row *r)
{
    static const char *const GRADE[][2] = {{"furcation_b_grade", "furcation_b_raw"},
                                           {"furcation_m_grade", "furcation_m_raw"},
                                           {"furcation_d_grade", "furcation_d_raw"},
                                           {"furcation_l_grade", "furcation_l_raw"}};
    truth *t = g->truth;
    const sv exam_key = text_int(g, x->id), key = text_of(g, "%u:%u%s", x->id, r->fdi, r->supernumerary ? "S" : "");
    truth_begin(t, "tooth_record", key);
    truth_set(t, "exam", exam_key);
    truth_set(t, "fdi", text_int(g, r->fdi));
    truth_str(t, "supernumerary", r->supernumerary ? "1" : "0");
    truth_str(t, "tooth_raw", r->label);
    truth_str(t, "status", STATE_TRUE[r->state]);
    if (r->mobility != NONE) truth_set(t, "mobility", text_reading(g, r->mobility));
    truth_str(t, "mobility_raw", r->mobility_raw);
    for (int k = 0; k < 4; k++) {
        if (!r->grade[k]) continue;
        truth_set(t, GRADE[k][0], text_int(g, r->grade[k]));
        truth_str(t, GRADE[k][1], r->grade_raw[k]);
    }
    truth_str(t, "miller_recession", r->miller);
    truth_str(t, "cairo", r->cairo);
    if (r->keratinized != NONE) truth_set(t, "keratinized_width", text_int(g, r->keratinized));
    if (r->mgj != NONE) truth_set(t, "mgj", text_int(g, r->mgj));
    if (r->plaque_index != NONE) truth_set(t, "plaque_index", text_reading(g, r->plaque_index));
    truth_str(t, "note", r->note);
    truth_end(t);
    for (int k = 0; k < 6; k++) tell_site(g, &r->site[k], k, key);
    if (r->creeping == NONE) return;
    truth_begin(t, "custom_finding", (sv){NULL, 0});
    truth_set(t, "exam", exam_key);
    truth_set(t, "tooth", key);
    truth_str(t, "name", "CreepingAttachment");
    truth_set(t, "value", text_int(g, r->creeping));
    truth_end(t);
}

static void set_reading(gen *g, row *r, unsigned column, int value)
{
    if (value != NONE) cell_int(g, r, column, value);
}

static void tooth_row(gen *g, const exam *x, const chart_row *t)
{
    row *r = row_new(g, TABLE_PeriodontalCharting);
    if (g->counting) return;
    cell_int(g, r, PeriodontalCharting_ChartingID, (int64_t)g->made);
    cell_int(g, r, PeriodontalCharting_ExamID, x->id);
    cell_set(r, PeriodontalCharting_ToothNumber, arena_sv(g->mem, sv_from(t->label)));
    cell_str(r, PeriodontalCharting_ToothStatus, STATE[t->state]);
    for (unsigned k = 0; k < 6; k++) {
        const site *s = &t->site[k];
        set_reading(g, r, PeriodontalCharting_PocketDepth_MB + k, s->held_pd ? s->held_pd : s->pd);
        set_reading(g, r, PeriodontalCharting_Recession_MB + k, s->recession);
        set_reading(g, r, PeriodontalCharting_BOP_MB + k, s->bop);
        set_reading(g, r, PeriodontalCharting_Supp_MB + k, s->supp);
        set_reading(g, r, PeriodontalCharting_Plaque_MB + k, s->plaque);
        set_reading(g, r, PeriodontalCharting_CAL_MB + k, s->cal_source);
    }
    if (t->mobility_raw[0]) cell_set(r, PeriodontalCharting_Mobility, arena_sv(g->mem, sv_from(t->mobility_raw)));
    for (unsigned k = 0; k < 4; k++)
        if (t->grade_raw[k][0])
            cell_set(r, PeriodontalCharting_Furcation_B + k, arena_sv(g->mem, sv_from(t->grade_raw[k])));
    cell_str(r, PeriodontalCharting_MillerClass, t->miller_raw ? t->miller_raw : t->miller);
    cell_str(r, PeriodontalCharting_CairoRT, t->cairo);
    set_reading(g, r, PeriodontalCharting_KeratinizedWidth, t->keratinized);
    set_reading(g, r, PeriodontalCharting_MGJ, t->mgj);
    if (t->plaque_index != NONE) cell_set(r, PeriodontalCharting_PlaqueIndex, text_reading(g, t->plaque_index));
    cell_str(r, PeriodontalCharting_Note, t->note);
    set_reading(g, r, PeriodontalCharting_CreepingAttachment, t->creeping);
    if (g->telling && !t->rejected && !x->rejected) tell_tooth(g, x, t);
}

static void orphan_row(gen *g, const patient *p)
{
    exam none = {.id = 900000000 + p->id};
    chart_row t = {.fdi = 16,
                   .state = PRESENT,
                   .rejected = true,
                   .mobility = NONE,
                   .keratinized = NONE,
                   .mgj = NONE,
                   .plaque_index = NONE,
                   .creeping = NONE};
    snprintf(t.label, sizeof t.label, "3");
    for (int k = 0; k < 6; k++) t.site[k] = (site){3, 1, NONE, 0, 0, NONE, 0};
    tooth_row(g, &none, &t);
    planted(g, 63, TABLE_PeriodontalCharting, text_of(g, "%u:3", none.id), PeriodontalCharting_ExamID, "rejected",
            sv_from(""), "CHT-1021");
}

/* ---- findings ---- */

/* One in every other exam; half of them on a tooth, by the label that it has in that exam. */
static void finding_row(gen *g, const patient *p, const exam *x, uint32_t k)
{
    static const char *const NAMES[] = {"Wear facets", "Cold test", "Ridge type"}, *const VALUES[] = {"moderate",
                                                                                                      "positive",
                                                                                                      "Seibert II"};
    chance c = chance_of(g->seed, PURPOSE_EXAM_TEXT + 2, (uint64_t)p->index << 8 | k);
    row *r = row_new(g, TABLE_CustomFinding);
    unsigned i = below(&c, 3), at = below(&c, 32);
    const chart_row *tooth =
        percent(&c, 50) && x->rows >= 32 && !x->rejected && !x->row[at].rejected ? &x->row[at] : NULL;
    const sv exam_key = text_int(g, x->id);
    cell_int(g, r, CustomFinding_FindingID, p->first[THING_FINDING] + k);
    cell_set(r, CustomFinding_ExamID, exam_key);
    if (tooth) cell_set(r, CustomFinding_ToothNumber, arena_sv(g->mem, sv_from(tooth->label)));
    cell_str(r, CustomFinding_FindingName, NAMES[i]);
    cell_str(r, CustomFinding_FindingValue, VALUES[i]);
    if (!g->telling) return;
    truth_begin(g->truth, "custom_finding", (sv){NULL, 0});
    truth_set(g->truth, "exam", exam_key);
    if (tooth) truth_set(g->truth, "tooth", text_of(g, "%u:%u", x->id, tooth->fdi));
    truth_str(g->truth, "name", NAMES[i]);
    truth_str(g->truth, "value", VALUES[i]);
    truth_end(g->truth);
}

/* Some mouths were charted tooth by tooth over several exams in the order of the table: rows of exams are mixed there. */
static void mix_rows(gen *g, const patient *p)
{
    row *list[16 * CHART_ROWS_MAX];
    size_t n = 0;
    if (g->counting || p->index % 16 != 7) return;
    for (row *r = g->rows; r && n < COUNT_OF(list); r = r->next) list[n++] = r;
    size_t step = 0;
    for (size_t i = 0; i + 1 < n && step == 0; i++)
        if (!sv_eq(list[i]->cell[PeriodontalCharting_ExamID], list[i + 1]->cell[PeriodontalCharting_ExamID]))
            step = i + 1;
    if (step == 0) return;
    uint64_t number = g->made - n;
    g->last_row = &g->rows;
    for (size_t first = 0; first < step; first++)
        for (size_t i = first; i < n; i += step) {
            *g->last_row = list[i];
            g->last_row = &list[i]->next;
            cell_int(g, list[i], PeriodontalCharting_ChartingID, (int64_t)++number);
        }
    *g->last_row = NULL;
}

void panda_chart_rows(gen *g, table_id t, const patient *p, mouth *m, exam *x)
{
    if (!p) return;
    if (t != TABLE_ClinicalExam && t != TABLE_PeriodontalCharting && t != TABLE_CustomFinding) return;
    mouth_start(m, g, p);
    for (unsigned i = 0; i < p->exams; i++) {
        /* The cases of teeth are told with their rows, once. */
        bool telling = g->telling;
        g->telling = telling && t == TABLE_PeriodontalCharting;
        mouth_exam(m, g, p, i, x);
        g->telling = telling;
        if (t == TABLE_ClinicalExam) exam_row(g, p, x);
        for (unsigned k = 0; k < x->rows && t == TABLE_PeriodontalCharting; k++) tooth_row(g, x, &x->row[k]);
        if (t == TABLE_CustomFinding && i % 2 == 0 && i / 2 < p->count[THING_FINDING]) finding_row(g, p, x, i / 2);
    }
    if (t == TABLE_PeriodontalCharting) mix_rows(g, p);
    if (t == TABLE_PeriodontalCharting && hard(g, 63, p->index, 0)) orphan_row(g, p);
}
