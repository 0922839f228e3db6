/* PANDA Perio: referrals, plans, notes, flags, letters, documents, radiographs, appointments, and the practice's own
 * table of implants. */
#include "gen.h"
#include <openssl/evp.h>

enum {
    PURPOSE_CARE = 80,
    PURPOSE_PLAN,
    PURPOSE_LINE,
    PURPOSE_NOTE,
    PURPOSE_FLAG,
    PURPOSE_LETTER,
    PURPOSE_DOCUMENT,
    PURPOSE_RADIOGRAPH,
    PURPOSE_VISIT,
    PURPOSE_IMPLANT
};

static chance chance_for(const gen *g, uint64_t purpose, const patient *p, uint32_t k)
{
    return chance_of(g->seed, purpose, (uint64_t)p->index << 8 | k);
}

static sv number_of(gen *g, const patient *p, thing t, uint32_t k) { return text_int(g, p->first[t] + k); }

/* ---- referrals ---- */

static void referral_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_REFERRAL]; k++) {
        chance c = chance_for(g, PURPOSE_CARE, p, k);
        row *r = row_new(g, TABLE_Referral);
        bool in = k == 0 && p->source >= 0;
        int source = in ? p->source : 1 + (int)below(&c, 12);
        static const char *const REASON[] = {"Generalized pockets, please evaluate.", "Implant site #19",
                                             "Recession in the lower front; graft?",
                                             "Crown lengthening before restoration"};
        static const char *const STATUS[] = {"received", "accepted", "completed"};
        const char *status = in ? PICK(&c, STATUS) : "sent", *text = PICK(&c, REASON);
        int32_t day = in ? p->first_visit - between(&c, 5, 40) : p->exam_day[p->exams - 1];
        cell_set(r, Referral_ReferralID, number_of(g, p, THING_REFERRAL, k));
        cell_int(g, r, Referral_PatientID, p->id);
        cell_int(g, r, Referral_ReferralSourceID, source);
        cell_str(r, Referral_ReferralType, in ? "Incoming" : "Outgoing");
        cell_str(r, in ? Referral_Reason : Referral_Notes, text);
        cell_str(r, Referral_Status, status);
        cell_set(r, Referral_ReferralDate, text_moment(g, day, 0));
        cell_set(r, Referral_StatusDate, text_moment(g, day + 2, 0));
        if (!g->telling) continue;
        truth_begin(g->truth, "referral", number_of(g, p, THING_REFERRAL, k));
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "organization", text_int(g, source));
        truth_str(g->truth, "direction", in ? "incoming" : "outgoing");
        truth_str(g->truth, "status", status);
        truth_set(g->truth, "referral_date", text_day(g, day));
        truth_set(g->truth, "status_date", text_day(g, day + 2));
        truth_str(g->truth, "notes", text);
        truth_end(g->truth);
    }
}

/* ---- plans ---- */

typedef struct procedure {
    const char *phase, *code, *pms, *description, *letter, *site;
    const char *tooth, *area, *site_true;
    int fee;
} procedure;
/* Descriptions are the practice's own words. */
static const procedure PROCEDURE[] = {
    {"initial therapy", "D4341", "D4341", "Deep cleaning, four or more teeth", "scaling and root planing, one quadrant",
     "UR", NULL, "UR", NULL, 31500},
    {"initial therapy", "D4341", "D4341", "Deep cleaning, four or more teeth", "scaling and root planing, one quadrant",
     "LL", NULL, "LL", NULL, 31500},
    {"surgery", "D4260", "D4260", "Flap with bone work", "osseous surgery", "UL", NULL, "UL", NULL, 128000},
    {"bone graft", "D4263", "D4263", "Bone graft, first site", "bone replacement graft", "3 MB", "16", NULL, "MB",
     64000},
    {"extraction", "D7210", "D7210", "Surgical removal", "surgical extraction", "14", "26", NULL, NULL, 34000},
    {"implant", "D6010", "D6010", "Implant body", "placement of an implant", "19", "36", NULL, NULL, 221000},
    {"maintenance", "D4910", "D4910", "Perio maintenance visit", "periodontal maintenance", NULL, NULL, NULL, NULL,
     18500},
    {"grafting", "D4273", "D4273", "Gum graft", "connective tissue graft", "22", "33", NULL, NULL, 118000}};

static int32_t plan_day(const patient *p, uint32_t k) { return p->exam_day[k < p->exams ? k : p->exams - 1] + 3; }

static unsigned plan_procedure(const gen *g, const patient *p, uint32_t plan, uint32_t line)
{
    chance c = chance_for(g, PURPOSE_PLAN, p, plan);
    return (below(&c, COUNT_OF(PROCEDURE)) + line) % (unsigned)COUNT_OF(PROCEDURE);
}

static int64_t plan_cost(const gen *g, const patient *p, uint32_t plan)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < 5; i++) sum += PROCEDURE[plan_procedure(g, p, plan, i)].fee;
    return sum;
}

static unsigned plan_state(const gen *g, const patient *p, uint32_t plan)
{
    chance c = chance_for(g, PURPOSE_PLAN + 100, p, plan);
    return below(&c, 5);
}

static const char *const PLAN_STATE[] = {"proposed", "accepted", "in progress", "completed", "rejected"};
static const char *const PLAN_STATE_TRUE[] = {"proposed", "accepted", "in_progress", "completed", "rejected"};

static void plan_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_PLAN]; k++) {
        chance c = chance_for(g, PURPOSE_PLAN + 200, p, k);
        row *r = row_new(g, TABLE_TreatmentPlan);
        const sv key = number_of(g, p, THING_PLAN, k), number = text_of(g, "TP-%.*s", (int)key.n, key.p),
                 cost = text_money(g, plan_cost(g, p, k));
        unsigned state = plan_state(g, p, k);
        bool unknown = hard(g, 62, p->index, k);
        const char *notes = percent(&c, 40) ? "Discussed risks, alternatives and fees." : NULL;
        cell_set(r, TreatmentPlan_TreatmentPlanID, key);
        cell_int(g, r, TreatmentPlan_PatientID, p->id);
        cell_set(r, TreatmentPlan_PlanNumber, number);
        cell_str(r, TreatmentPlan_PlanName, k ? "Second opinion plan" : "Periodontal plan");
        cell_set(r, TreatmentPlan_PlanDate, text_moment(g, plan_day(p, k), 0));
        cell_str(r, TreatmentPlan_Status, unknown ? "acc." : PLAN_STATE[state]);
        cell_str(r, TreatmentPlan_Phase, k ? "Phase 2" : "Phase 1");
        cell_str(r, TreatmentPlan_TreatmentType, p->severity >= 2 ? "Surgical" : "Non-surgical");
        cell_set(r, TreatmentPlan_EstimatedCost, cost);
        cell_int(g, r, TreatmentPlan_ProviderID, p->provider);
        cell_str(r, TreatmentPlan_Treatment_Notes, notes);
        cell_set(r, TreatmentPlan_ModifiedDate, text_moment(g, plan_day(p, k), 700));
        if (unknown)
            planted(g, 62, TABLE_TreatmentPlan, key, TreatmentPlan_Status, "held_back", sv_from(""), "NRM-901");
        if (!g->telling) continue;
        truth_begin(g->truth, "treatment_plan", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "provider", text_int(g, p->provider));
        truth_set(g->truth, "number", number);
        truth_str(g->truth, "name", k ? "Second opinion plan" : "Periodontal plan");
        truth_set(g->truth, "plan_date", text_day(g, plan_day(p, k)));
        if (!unknown) truth_str(g->truth, "status", PLAN_STATE_TRUE[state]);
        truth_str(g->truth, "phase", k ? "Phase 2" : "Phase 1");
        truth_str(g->truth, "type", p->severity >= 2 ? "Surgical" : "Non-surgical");
        truth_set(g->truth, "est_cost", cost);
        truth_str(g->truth, "currency", "USD");
        truth_str(g->truth, "notes", notes);
        truth_set(g->truth, "modified_at", text_moment(g, plan_day(p, k), 700));
        truth_end(g->truth);
    }
}

/* A line as the source writes it, and the parts of it that are cleaned. */
typedef struct written {
    sv plan, code, site;
    const char *pms, *code_true, *system, *tooth, *area, *site_true;
    bool orphan;
} written;

static void dirty_line(gen *g, const patient *p, sv key, uint32_t which, written *w)
{
    if (hard(g, 60, p->index, which)) {
        static const char *const CODES[][2] = {
            {"7210", "D7210"}, {"d7210", "D7210"}, {"D7210 ", "D7210"}, {"N4341", "N4341"}};
        unsigned way = (p->index + which) % 4;
        w->code = sv_from(CODES[way][0]);
        w->code_true = CODES[way][1];
        if (way == 3) w->system = "LOCAL";
        planted(g, 60, TABLE_TreatmentPlanLine, key, TreatmentPlanLine_ADACode, "kept", sv_from(w->code_true), "");
    }
    if (hard(g, 61, p->index, which)) {
        w->pms = "D4260X";
        planted(g, 61, TABLE_TreatmentPlanLine, key, TreatmentPlanLine_PMSCode, "kept", sv_from(w->pms), "NRM-946");
    }
    if (hard(g, 15, p->index, which)) {
        w->site = sv_from("3-5");
        w->tooth = "16;15;14";
        w->area = w->site_true = NULL;
        planted(g, 15, TABLE_TreatmentPlanLine, key, TreatmentPlanLine_ToothSite, "kept", sv_from(w->tooth), "");
    }
    if (which && hard(g, 63, p->index, which)) {
        w->orphan = true;
        w->plan = text_of(g, "%u", 800000000 + p->id);
        planted(g, 63, TABLE_TreatmentPlanLine, key, TreatmentPlanLine_TreatmentPlanID, "rejected", sv_from(""),
                "PRO-705");
    }
}

static void tell_line(gen *g, const patient *p, sv key, uint32_t which, const procedure *a, const written *w)
{
    truth *t = g->truth;
    unsigned state = plan_state(g, p, which / 5);
    truth_begin(t, "plan_line", key);
    truth_set(t, "plan", w->plan);
    truth_set(t, "seq", text_int(g, which % 5 + 1));
    truth_str(t, "phase", a->phase);
    truth_str(t, "code", w->code_true);
    truth_str(t, "code_system", w->system);
    sv raw = w->code;
    while (raw.n && raw.p[raw.n - 1] == ' ') raw.n--;
    truth_set(t, "code_raw", raw);
    truth_str(t, "pms_code", w->pms);
    truth_str(t, "description", a->description);
    truth_str(t, "letter_description", a->letter);
    truth_str(t, "tooth", w->tooth);
    truth_set(t, "tooth_raw", w->site);
    truth_str(t, "site", w->site_true);
    truth_str(t, "area", w->area);
    truth_set(t, "fee", text_money(g, a->fee));
    truth_str(t, "status", state == 3 ? "completed" : state == 4 ? "rejected" : "proposed");
    if (state == 3) truth_set(t, "done_date", text_day(g, plan_day(p, which / 5) + 10 * (int)(which % 5 + 1)));
    truth_end(t);
}

static void line_rows(gen *g, const patient *p)
{
    for (uint32_t which = 0; which < p->count[THING_LINE]; which++) {
        const procedure *a = &PROCEDURE[plan_procedure(g, p, which / 5, which % 5)];
        row *r = row_new(g, TABLE_TreatmentPlanLine);
        const sv key = number_of(g, p, THING_LINE, which);
        unsigned state = plan_state(g, p, which / 5);
        written w = {.plan = number_of(g, p, THING_PLAN, which / 5),
                     .code = sv_from(a->code),
                     .site = sv_from(a->site),
                     .pms = a->pms,
                     .code_true = a->code,
                     .system = "CDT",
                     .tooth = a->tooth,
                     .area = a->area,
                     .site_true = a->site_true};
        dirty_line(g, p, key, which, &w);
        cell_set(r, TreatmentPlanLine_LineID, key);
        cell_set(r, TreatmentPlanLine_TreatmentPlanID, w.plan);
        cell_int(g, r, TreatmentPlanLine_Sequence, which % 5 + 1);
        cell_str(r, TreatmentPlanLine_Phase, a->phase);
        cell_set(r, TreatmentPlanLine_ADACode, w.code);
        cell_str(r, TreatmentPlanLine_PMSCode, w.pms);
        cell_str(r, TreatmentPlanLine_Description, a->description);
        cell_str(r, TreatmentPlanLine_LetterDescription, a->letter);
        cell_set(r, TreatmentPlanLine_ToothSite, w.site);
        cell_set(r, TreatmentPlanLine_EstimatedCost, text_money(g, a->fee));
        cell_str(r, TreatmentPlanLine_Status, state == 3 ? "completed" : state == 4 ? "rejected" : "proposed");
        if (state == 3)
            cell_set(r, TreatmentPlanLine_CompletedDate,
                     text_moment(g, plan_day(p, which / 5) + 10 * (int)(which % 5 + 1), 0));
        if (g->telling && !w.orphan) tell_line(g, p, key, which, a, &w);
    }
}

/* ---- notes ---- */

static const char *const SENTENCE[] = {"Medical history reviewed, no changes.",
                                       "Local anesthesia: 2 carpules lidocaine 2% with epinephrine.",
                                       "Scaling and root planing completed without complications.",
                                       "Patient reports \"less bleeding\" at home.",
                                       "Home care: brush, floss, interdental brushes.",
                                       "Flap reflected, defect debrided, graft placed, sutures 4-0.",
                                       "Post-operative instructions given in writing.",
                                       "Next visit in three months; sooner if swelling, pain or fever."};

/* A plain note of so many sentences; \n between paragraphs. */
static sv note_text(gen *g, chance *c, unsigned sentences)
{
    char text[4096];
    size_t n = 0;
    for (unsigned i = 0; i < sentences; i++) {
        const char *s = PICK(c, SENTENCE);
        size_t room = sizeof text - n;
        int used = snprintf(text + n, room, "%s%s", i == 0 ? "" : i % 3 == 0 ? "\n" : " ", s);
        if (used < 0 || (size_t)used >= room) break;
        n += (size_t)used;
    }
    return arena_sv(g->mem, (sv){text, n});
}

static sv with_crlf(gen *g, sv text)
{
    size_t more = 0, n = 0;
    for (size_t i = 0; i < text.n; i++) more += text.p[i] == '\n';
    char *p = arena_alloc(g->mem, text.n + more + 1);
    if (!p) return (sv){NULL, 0};
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n') p[n++] = '\r';
        p[n++] = text.p[i];
    }
    return (sv){p, n};
}

static sv long_note(gen *g, chance *c)
{
    sv part = note_text(g, c, 24);
    size_t times = 40000 / part.n + 1, n = 0;
    char *p = arena_alloc(g->mem, times * (part.n + 8));
    if (!p) return (sv){NULL, 0};
    for (size_t i = 0; i < times; i++) {
        memcpy(p + n, part.p, part.n);
        n += part.n;
        memcpy(p + n, " \xF0\x9F\xA6\xB7\n", 6);
        n += 6;
    }
    return (sv){p, n - 1};
}

static void soap_note(gen *g, row *r, chance *c)
{
    const sv part[4] = {note_text(g, c, 1), note_text(g, c, 1 + below(c, 3)), note_text(g, c, 1), note_text(g, c, 2)};
    static const char *const FIELD[] = {"subjective", "objective", "assessment", "plan"};
    for (unsigned i = 0; i < 4; i++) {
        cell_set(r, SOAPNotes_Subjective + i, part[i]);
        if (g->telling) truth_set(g->truth, FIELD[i], part[i]);
    }
}

static void text_note(gen *g, const patient *p, row *r, sv key, uint32_t k, chance *c)
{
    sv text = note_text(g, c, 2 + below(c, 10));
    bool rtf = percent(c, 60);
    if (hard(g, 66, p->index, k)) {
        text = long_note(g, c);
        rtf = false;
        planted(g, 66, TABLE_SOAPNotes, key, SOAPNotes_NoteText, "kept", sv_from("(all of it)"), "");
    } else if (hard(g, 67, p->index, k)) {
        text = text_of(g, "Dr. \xC5\x9E"
                          "ahin called.\nCaf\xC3\xA9 au lait spot noted {left} \\ right.");
        rtf = true;
        planted(g, 67, TABLE_SOAPNotes, key, SOAPNotes_NoteText, "kept", text, "");
    } else if (hard(g, 68, p->index, k)) {
        char exact[257];
        memset(exact, 0, sizeof exact);
        for (size_t i = 0; i < 256; i++) exact[i] = i == 255 ? '.' : i % 8 == 7 ? ' ' : (char)('a' + i % 8);
        text = arena_sv(g->mem, (sv){exact, 256});
        rtf = false;
        planted(g, 68, TABLE_SOAPNotes, key, SOAPNotes_NoteText, "kept", text, "");
    }
    cell_set(r, SOAPNotes_NoteText, rtf ? rtf_make(g, text) : with_crlf(g, text));
    if (g->telling) truth_set(g->truth, "body", text);
}

static void note_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_NOTE]; k++) {
        chance c = chance_for(g, PURPOSE_NOTE, p, k);
        row *r = row_new(g, TABLE_SOAPNotes);
        if (g->counting) continue;
        uint32_t visit = k < p->exams ? k : p->exams - 1;
        const sv key = number_of(g, p, THING_NOTE, k);
        bool soap = percent(&c, 45), orphan = k + 1 == p->count[THING_NOTE] && hard(g, 63, p->index, 0) && p->index % 2;
        int author = percent(&c, 40) ? 6 + (int)below(&c, 2) : p->provider;
        unsigned minute = p->exam_minute[visit] + 30U + 5 * (k - visit);
        cell_set(r, SOAPNotes_NoteID, key);
        cell_int(g, r, SOAPNotes_PatientID, orphan ? 700000000 + p->id : p->id);
        cell_int(g, r, SOAPNotes_ProviderID, author);
        cell_set(r, SOAPNotes_NoteDate, text_moment(g, p->exam_day[visit], minute));
        cell_str(r, SOAPNotes_NoteType, soap ? "SOAP" : "Progress");
        cell_set(r, SOAPNotes_ModifiedDate, text_moment(g, p->exam_day[visit], minute + 10));
        bool telling = g->telling;
        if (orphan) planted(g, 63, TABLE_SOAPNotes, key, SOAPNotes_PatientID, "rejected", sv_from(""), "PRO-705");
        g->telling = telling && !orphan;
        if (g->telling) {
            truth_begin(g->truth, "clinical_note", key);
            truth_set(g->truth, "patient", text_int(g, p->id));
            truth_set(g->truth, "author", text_int(g, author));
            truth_set(g->truth, "noted_at", text_moment(g, p->exam_day[visit], minute));
            truth_str(g->truth, "type", soap ? "soap" : "progress");
        }
        if (soap) {
            soap_note(g, r, &c);
        } else {
            text_note(g, p, r, key, k, &c);
        }
        if (g->telling) {
            truth_set(g->truth, "modified_at", text_moment(g, p->exam_day[visit], minute + 10));
            truth_end(g->truth);
        }
        g->telling = telling;
    }
}

/* ---- flags ---- */

static void flag_rows(gen *g, const patient *p)
{
    static const char *const TYPE[] = {"recare needed", "treatment incomplete", "referral pending",
                                       "unconfirmed appointment", "unsent report"};
    static const char *const STATUS[] = {"Open", "Resolved", "Dismissed"}, *const STATUS_TRUE[] = {"open", "resolved",
                                                                                                   "dismissed"};
    for (uint32_t k = 0; k < p->count[THING_FLAG]; k++) {
        chance c = chance_for(g, PURPOSE_FLAG, p, k);
        row *r = row_new(g, TABLE_ClinicalFlags);
        const sv key = number_of(g, p, THING_FLAG, k);
        const char *type = PICK(&c, TYPE);
        unsigned state = below(&c, 3);
        int32_t raised = p->exam_day[p->exams - 1] + between(&c, 0, 20), due = raised + between(&c, 10, 90),
                done = raised + between(&c, 1, 20);
        cell_set(r, ClinicalFlags_FlagID, key);
        cell_int(g, r, ClinicalFlags_PatientID, p->id);
        cell_str(r, ClinicalFlags_FlagType, type);
        cell_str(r, ClinicalFlags_Description, "Call the patient; leave a message.");
        cell_set(r, ClinicalFlags_RaisedDate, text_moment(g, raised, 0));
        cell_set(r, ClinicalFlags_DueDate, text_moment(g, due, 0));
        cell_str(r, ClinicalFlags_Status, STATUS[state]);
        if (state == 1) cell_set(r, ClinicalFlags_ResolvedDate, text_moment(g, done, 0));
        cell_int(g, r, ClinicalFlags_ProviderID, p->provider);
        if (!g->telling) continue;
        truth_begin(g->truth, "workflow_flag", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "provider", text_int(g, p->provider));
        truth_str(g->truth, "type", type);
        truth_str(g->truth, "description", "Call the patient; leave a message.");
        truth_set(g->truth, "raised_date", text_day(g, raised));
        truth_set(g->truth, "due_date", text_day(g, due));
        truth_str(g->truth, "status", STATUS_TRUE[state]);
        if (state == 1) truth_set(g->truth, "resolved_date", text_day(g, done));
        truth_end(g->truth);
    }
}

/* ---- letters ---- */

static void template_rows(gen *g)
{
    static const char *const NAME[] = {"Thank you for referral", "Treatment report", "Patient motivation report"};
    for (int i = 0; i < 3; i++) {
        row *r = row_new(g, TABLE_LetterTemplate);
        const char *conditions = i == 1 ? "Sent when a plan is completed" : NULL;
        cell_int(g, r, LetterTemplate_TemplateID, i + 1);
        cell_str(r, LetterTemplate_TemplateName, NAME[i]);
        cell_set(r, LetterTemplate_Body, rtf_make(g, sv_from("Dear <<RefdrName>>,\nthank you for <<PatientName>>.")));
        cell_str(r, LetterTemplate_Conditions, conditions);
        cell_str(r, LetterTemplate_SignatureBlock, "David S North, DDS, MS");
        if (!g->telling) continue;
        truth_begin(g->truth, "letter_template", text_int(g, i + 1));
        truth_str(g->truth, "name", NAME[i]);
        truth_str(g->truth, "conditions", conditions);
        truth_str(g->truth, "signature", "David S North, DDS, MS");
        truth_end(g->truth);
    }
}

static void letter_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_LETTER]; k++) {
        chance c = chance_for(g, PURPOSE_LETTER, p, k);
        row *r = row_new(g, TABLE_Letter);
        if (g->counting) continue;
        const sv key = number_of(g, p, THING_LETTER, k), referral = number_of(g, p, THING_REFERRAL, 0);
        static const char *const TYPE[] = {"Referral", "SOAP", "Motivation"};
        const char *type = k == 0 ? TYPE[0] : PICK(&c, TYPE);
        int32_t day = p->exam_day[k < p->exams ? k : p->exams - 1] + 1;
        const sv name = patient_name(g, p),
                 text = text_of(g, "Re: %.*s\nThank you for the kind referral.\nOur findings are attached.",
                                (int)name.n, name.p);
        cell_set(r, Letter_LetterID, key);
        cell_int(g, r, Letter_PatientID, p->id);
        cell_set(r, Letter_LetterDate, text_moment(g, day, 0));
        cell_str(r, Letter_LetterType, type);
        cell_str(r, Letter_RecipientType, p->source >= 0 ? "Referrer" : "Patient");
        if (p->source >= 0) cell_int(g, r, Letter_RecipientID, p->source);
        cell_set(r, Letter_ReferralID, referral);
        cell_set(r, Letter_FileName, text_of(g, "letter_%.*s.rtf", (int)key.n, key.p));
        cell_set(r, Letter_Body, file_make(g, FILE_RTF, text.p, p->first[THING_LETTER] + k));
        cell_set(r, Letter_SentDate, text_moment(g, day + 1, 0));
        if (!g->telling) continue;
        truth_begin(g->truth, "letter", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "referral", referral);
        truth_str(g->truth, "type", type);
        truth_set(g->truth, "letter_date", text_day(g, day));
        truth_end(g->truth);
    }
}

/* ---- documents ---- */

static const struct {
    const char *category, *end;
    file_kind kind;
} SHAPE[] = {
    {"X-ray", "jpg", FILE_JPEG}, {"Photo", "png", FILE_PNG}, {"Consent", "pdf", FILE_PDF}, {"CBCT", "dcm", FILE_DICOM}};

static unsigned shape_of(const gen *g, const patient *p, uint32_t k)
{
    chance c = chance_for(g, PURPOSE_DOCUMENT, p, k);
    return k == 0 ? 0 : below(&c, COUNT_OF(SHAPE));
}

static void tell_document(gen *g, const patient *p, sv key, const char *category, sv name, sv path, sv content,
                          file_kind kind, int32_t day)
{
    uint8_t sum[32];
    char hex[65];
    size_t n = 0;
    truth_begin(g->truth, "document", key);
    truth_set(g->truth, "patient", text_int(g, p->id));
    truth_set(g->truth, "exam", number_of(g, p, THING_EXAM, 0));
    truth_str(g->truth, "category", category);
    truth_set(g->truth, "file_name", name);
    if (content.n && EVP_Q_digest(NULL, "SHA256", NULL, content.p, content.n, sum, &n)) {
        for (size_t i = 0; i < n; i++) snprintf(hex + 2 * i, 3, "%02x", sum[i]);
        truth_str(g->truth, "mime_type", file_mime(kind));
        truth_set(g->truth, "size", text_int(g, (int64_t)content.n));
        truth_str(g->truth, "sha256", hex);
    }
    truth_set(g->truth, "captured_at", text_moment(g, day, 615));
    if (path.n) truth_set(g->truth, "source_path", path);
    truth_end(g->truth);
}

static void document_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_DOCUMENT]; k++) {
        row *r = row_new(g, TABLE_Document);
        if (g->counting) continue;
        unsigned shape = shape_of(g, p, k);
        file_kind kind = SHAPE[shape].kind;
        const sv key = number_of(g, p, THING_DOCUMENT, k);
        sv name = text_of(g, "%u_%.*s.%s", p->id, (int)key.n, key.p, SHAPE[shape].end), name_true = name,
           content = {NULL, 0};
        sv path = {NULL, 0};
        int32_t day = p->exam_day[0];
        if (hard(g, 77, p->index, k) && kind == FILE_JPEG) {
            kind = FILE_DICOM;
            planted(g, 77, TABLE_Document, key, Document_Content, "reported", sv_from("application/dicom"),
                    "FILE_TYPE_DIFFERS");
        }
        bool missing = k && hard(g, 78, p->index, k);
        if (k == 0 && p->index > 1 && hard(g, 79, p->index, 0)) {
            name_true = text_of(g, "scan %.*s.jpg", (int)key.n, key.p);
            name = text_of(g, "old/scan %.*s.jpg", (int)key.n, key.p);
            planted(g, 79, TABLE_Document, key, Document_FileName, "kept", name_true, "");
        }
        if (missing) {
            path = text_of(g, "\\\\SERVER\\panda\\%.*s", (int)name.n, name.p);
            planted(g, 78, TABLE_Document, key, Document_FilePath, "reported", sv_from(""), "FILE_MISSING");
        } else {
            content = file_make(g, kind, "Consent to periodontal treatment", p->first[THING_DOCUMENT] + k);
        }
        cell_set(r, Document_DocumentID, key);
        cell_int(g, r, Document_PatientID, p->id);
        cell_set(r, Document_ExamID, number_of(g, p, THING_EXAM, 0));
        cell_str(r, Document_DocType, SHAPE[shape].category);
        cell_set(r, Document_FileName, name);
        cell_set(r, Document_FilePath, path);
        cell_set(r, Document_Content, content);
        cell_set(r, Document_CapturedDate, text_moment(g, day, 615));
        if (g->telling) tell_document(g, p, key, SHAPE[shape].category, name_true, path, content, kind, day);
    }
}

static void radiograph_rows(gen *g, const patient *p)
{
    static const char *const TYPE[] = {"FMX", "PA", "BW", "PAN"}, *const TYPE_TRUE[] = {"full_mouth", "periapical",
                                                                                        "bitewing", "panoramic"};
    for (uint32_t k = 0; k < p->count[THING_RADIOGRAPH]; k++) {
        chance c = chance_for(g, PURPOSE_RADIOGRAPH, p, k);
        row *r = row_new(g, TABLE_Radiograph);
        const sv key = number_of(g, p, THING_RADIOGRAPH, k);
        unsigned type = below(&c, 4);
        const char *findings = percent(&c, 50) ? "Horizontal bone loss, 20-30 percent." : NULL,
                   *apex = type == 1 ? "within normal limits" : NULL;
        int32_t day = p->exam_day[k ? p->exams - 1 : 0];
        const sv exam_key = number_of(g, p, THING_EXAM, k ? p->exams - 1 : 0);
        bool image = k == 0 && p->count[THING_DOCUMENT];
        cell_set(r, Radiograph_RadiographID, key);
        cell_int(g, r, Radiograph_PatientID, p->id);
        cell_set(r, Radiograph_ExamID, exam_key);
        cell_str(r, Radiograph_RadiographType, TYPE[type]);
        cell_str(r, Radiograph_Findings, findings);
        cell_str(r, Radiograph_PeriapicalStatus, apex);
        if (image) cell_set(r, Radiograph_DocumentID, number_of(g, p, THING_DOCUMENT, 0));
        cell_set(r, Radiograph_TakenDate, text_moment(g, day, 0));
        if (!g->telling) continue;
        truth_begin(g->truth, "radiograph", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "exam", exam_key);
        truth_str(g->truth, "type", TYPE_TRUE[type]);
        truth_set(g->truth, "taken_date", text_day(g, day));
        truth_str(g->truth, "findings", findings);
        truth_str(g->truth, "periapical_status", apex);
        if (image) truth_set(g->truth, "document", number_of(g, p, THING_DOCUMENT, 0));
        truth_end(g->truth);
    }
}

/* ---- appointments ---- */

static void appointment_rows(gen *g, const patient *p)
{
    static const char *const STATUS[] = {"completed", "completed", "completed", "cancelled", "no-show"},
                             *const STATUS_TRUE[] = {"completed", "completed", "completed", "cancelled", "no_show"};
    for (uint32_t k = 0; k < p->count[THING_APPOINTMENT]; k++) {
        chance c = chance_for(g, PURPOSE_VISIT, p, k);
        row *r = row_new(g, TABLE_Appointment);
        const sv key = number_of(g, p, THING_APPOINTMENT, k);
        bool future = k >= p->exams;
        int32_t day = future ? TODAY + between(&c, 5, 150) : p->exam_day[k];
        unsigned minute = future ? 8 * 60 + 15 * below(&c, 36) : p->exam_minute[k], state = below(&c, 5);
        static const int MINUTES[] = {30, 45, 60, 90};
        int minutes = PICK(&c, MINUTES);
        const char *session = k == 0 ? "consultation" : "maintenance", *codes = k == 0 ? "D0180" : "D4910;D0120";
        const char *notes = percent(&c, 10) ? "Prefers mornings" : NULL;
        cell_set(r, Appointment_AppointmentID, key);
        cell_int(g, r, Appointment_PatientID, p->id);
        cell_int(g, r, Appointment_ProviderID, p->provider);
        cell_set(r, Appointment_AppointmentDate, text_moment(g, day, minute));
        cell_int(g, r, Appointment_Duration, minutes);
        cell_str(r, Appointment_SessionType, session);
        cell_str(r, Appointment_ProcedureCodes, codes);
        cell_str(r, Appointment_Notes, notes);
        cell_str(r, Appointment_Status, future ? "scheduled" : STATUS[state]);
        if (!g->telling) continue;
        truth_begin(g->truth, "appointment", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "provider", text_int(g, p->provider));
        truth_set(g->truth, "start_at", text_moment(g, day, minute));
        truth_set(g->truth, "duration", text_int(g, minutes));
        truth_str(g->truth, "session_type", session);
        truth_str(g->truth, "procedure_codes", codes);
        truth_str(g->truth, "status", future ? "scheduled" : STATUS_TRUE[state]);
        truth_str(g->truth, "notes", notes);
        truth_end(g->truth);
    }
}

/* ---- a table that no profile knows ---- */

static void tell_registry(gen *g, const patient *p, const char *name, sv value)
{
    truth_begin(g->truth, "custom_value", (sv){NULL, 0});
    truth_str(g->truth, "entity", "patient");
    truth_set(g->truth, "record", text_int(g, p->id));
    truth_set(g->truth, "name", text_of(g, "ImplantRegistry.%s", name));
    truth_set(g->truth, "value", value);
    truth_end(g->truth);
}

static void registry_row(gen *g, const patient *p)
{
    chance c = chance_for(g, PURPOSE_IMPLANT, p, 0);
    if (!percent(&c, 6)) return;
    row *r = row_new(g, TABLE_ImplantRegistry);
    const sv lot = text_of(g, "L%06u", below(&c, 999999)),
             diameter = text_of(g, "%d.%02d", between(&c, 3, 5), 5 * between(&c, 0, 9)),
             day = text_day(g, p->exam_day[p->exams / 2]);
    static const char *const SYSTEM[] = {"Northfield TL", "Axion Tapered"};
    const char *system = PICK(&c, SYSTEM);
    cell_set(r, ImplantRegistry_RegistryID, text_int(g, (int64_t)p->id * 10));
    cell_int(g, r, ImplantRegistry_PatientID, p->id);
    cell_str(r, ImplantRegistry_ToothNumber, "19");
    cell_str(r, ImplantRegistry_ImplantSystem, system);
    cell_set(r, ImplantRegistry_LotNumber, lot);
    cell_set(r, ImplantRegistry_DiameterMm, diameter);
    cell_set(r, ImplantRegistry_PlacedDate, text_moment(g, p->exam_day[p->exams / 2], 0));
    if (!g->telling) return;
    tell_registry(g, p, "ToothNumber", sv_from("19"));
    tell_registry(g, p, "ImplantSystem", sv_from(system));
    tell_registry(g, p, "LotNumber", lot);
    tell_registry(g, p, "DiameterMm", diameter);
    tell_registry(g, p, "PlacedDate", day);
}

void panda_care_rows(gen *g, table_id t, const patient *p)
{
    if (!p) {
        if (t == TABLE_LetterTemplate) template_rows(g);
        return;
    }
    switch (t) {
    case TABLE_Referral: referral_rows(g, p); break;
    case TABLE_TreatmentPlan: plan_rows(g, p); break;
    case TABLE_TreatmentPlanLine: line_rows(g, p); break;
    case TABLE_SOAPNotes: note_rows(g, p); break;
    case TABLE_ClinicalFlags: flag_rows(g, p); break;
    case TABLE_Letter: letter_rows(g, p); break;
    case TABLE_Document: document_rows(g, p); break;
    case TABLE_Radiograph: radiograph_rows(g, p); break;
    case TABLE_Appointment: appointment_rows(g, p); break;
    case TABLE_ImplantRegistry: registry_row(g, p); break;
    default: break;
    }
}
