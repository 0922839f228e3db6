/* Dr.DENTES: a Turkish clinic, FDI numbers, lira. */
#include "gen.h"

enum { PURPOSE_DENTES = 120, STAFF = 5, LINES_A_PLAN = 5 };

static chance chance_for(const gen *g, uint64_t purpose, const patient *p, uint32_t k)
{
    return chance_of(g->seed, PURPOSE_DENTES + purpose, (uint64_t)p->index << 8 | k);
}
static sv number_of(gen *g, const patient *p, thing t, uint32_t k) { return text_int(g, p->first[t] + k); }

static void clinic_rows(gen *g)
{
    row *r = row_new(g, TABLE_Klinik);
    cell_str(r, Klinik_LocationID, "1");
    cell_str(r, Klinik_FirmaKodu, "GULUS01");
    cell_str(r, Klinik_FirmaAdi,
             "G\xC3\xBCl\xC3\xBC\xC5\x9F A\xC4\x9F\xC4\xB1z ve Di\xC5\x9F Sa\xC4\x9Fl\xC4\xB1\xC4\x9F\xC4\xB1");
    cell_str(r, Klinik_VergiDairesi, "Kad\xC4\xB1k\xC3\xB6y");
    cell_str(r, Klinik_VergiNumarasi, "1234567890");
    cell_str(r, Klinik_Address,
             "Ba\xC4\x9F"
             "dat Cad. No:12");
    cell_str(r, Klinik_Phone, "0216 345 67 80");
    cell_str(r, Klinik_Email, "bilgi@gulus.example.com");
    cell_str(r, Klinik_UnitSayisi, "4");
    if (!g->telling) return;
    truth_begin(g->truth, "practice_location", sv_from("1"));
    truth_str(g->truth, "name",
              "G\xC3\xBCl\xC3\xBC\xC5\x9F A\xC4\x9F\xC4\xB1z ve Di\xC5\x9F Sa\xC4\x9Fl\xC4\xB1\xC4\x9F\xC4\xB1");
    truth_str(g->truth, "company_code", "GULUS01");
    truth_str(g->truth, "tax_office", "Kad\xC4\xB1k\xC3\xB6y");
    truth_str(g->truth, "tax_number", "1234567890");
    truth_str(g->truth, "phone", "+902163456780");
    truth_str(g->truth, "email", "bilgi@gulus.example.com");
    truth_str(g->truth, "address_line1",
              "Ba\xC4\x9F"
              "dat Cad. No:12");
    truth_end(g->truth);
}

static void staff_rows(gen *g)
{
    static const char *const FIRST[STAFF] = {"Selin", "Kaan", "\xC4\xB0lker", "Defne", "O\xC4\x9Fuz"},
                             *const LAST[STAFF] = {"Karaca", "\xC3\x96zdemir",
                                                   "\xC5\x9E"
                                                   "im\xC5\x9F"
                                                   "ek",
                                                   "Ayd\xC4\xB1n", "Toprak"};
    for (int i = 0; i < STAFF; i++) {
        row *r = row_new(g, TABLE_Dishekimi);
        const sv key = text_int(g, i + 1), email = text_of(g, "hekim%d@gulus.example.com", i + 1);
        cell_set(r, Dishekimi_UserID, key);
        cell_str(r, Dishekimi_Adi, FIRST[i]);
        cell_str(r, Dishekimi_Soyadi, LAST[i]);
        cell_str(r, Dishekimi_IDNumber, "10000000146");
        cell_str(r, Dishekimi_Uzmanlik, i < 2 ? "Periodontoloji" : "Genel");
        cell_set(r, Dishekimi_Email, email);
        cell_set(r, Dishekimi_Phone, text_of(g, "0532 345 67 1%d", i));
        cell_str(r, Dishekimi_Gorev, "Di\xC5\x9Fhekimi");
        cell_str(r, Dishekimi_Durum, i == 4 ? "Pasif" : "Aktif");
        if (!g->telling) continue;
        truth_begin(g->truth, "provider", key);
        truth_str(g->truth, "first", FIRST[i]);
        truth_str(g->truth, "last", LAST[i]);
        truth_set(g->truth, "email", email);
        truth_set(g->truth, "phone", text_of(g, "+9053234567%d%d", 1, i));
        truth_str(g->truth, "role", "Di\xC5\x9Fhekimi");
        truth_str(g->truth, "active", i == 4 ? "0" : "1");
        truth_end(g->truth);
    }
}

/* 0532 345 67 89, +90 532 345 67 89 or without blanks. */
static sv written_phone(gen *g, sv clean, unsigned way)
{
    if (clean.n != 13) return (sv){NULL, 0};
    const char *d = clean.p + 3;
    if (way == 0) return text_of(g, "0%.3s %.3s %.2s %.2s", d, d + 3, d + 6, d + 8);
    if (way == 1) return text_of(g, "+90 %.3s %.3s %.2s %.2s", d, d + 3, d + 6, d + 8);
    return text_of(g, "0%.10s", d);
}

static void patient_row(gen *g, const patient *p)
{
    static const char *const COLOUR[] = {"K\xC4\xB1rm\xC4\xB1z\xC4\xB1", "Ye\xC5\x9Fil", "Mavi"};
    row *r = row_new(g, TABLE_Hastalar);
    chance c = chance_for(g, 0, p, 0);
    const sv key = text_int(g, p->id);
    bool active = p->status[0] == 'A', wrong = hard(g, 59, p->index, 0), no_birth = hard(g, 45, p->index, 0);
    const char *colour = percent(&c, 30) ? PICK(&c, COLOUR) : NULL,
               *remark = percent(&c, 20) ? "Penisiline alerjisi var" : NULL;
    cell_set(r, Hastalar_HastaNo, key);
    cell_set(r, Hastalar_TCKimlikNo, wrong ? sv_from("12345678901") : p->ssn);
    cell_str(r, Hastalar_Adi, p->who.first);
    cell_str(r, Hastalar_Soyadi, p->who.last);
    cell_set(r, Hastalar_DogumTarihi, no_birth ? sv_from("1900-01-01") : text_day(g, p->who.birth));
    cell_str(r, Hastalar_Cinsiyet, p->who.male ? "Erkek" : "Kad\xC4\xB1n");
    cell_set(r, Hastalar_CepTelefonu, written_phone(g, p->phone[1], below(&c, 3)));
    cell_set(r, Hastalar_SabitTelefon, written_phone(g, p->phone[0], below(&c, 3)));
    cell_set(r, Hastalar_EPosta, p->email);
    cell_set(r, Hastalar_Adres, p->street);
    cell_str(r, Hastalar_Ilce, p->state);
    cell_set(r, Hastalar_Il, p->city);
    cell_str(r, Hastalar_Ulke, "T\xC3\xBCrkiye");
    cell_int(g, r, Hastalar_Hekim, p->provider);
    cell_str(r, Hastalar_Sube, "1");
    cell_str(r, Hastalar_Durum, active ? "Aktif" : "Pasif");
    cell_str(r, Hastalar_CerceveRengi, colour);
    cell_str(r, Hastalar_Aciklama, remark);
    cell_set(r, Hastalar_KayitTarihi, text_day(g, p->first_visit));
    if (p->same_as)
        planted(g, p->birth_swapped ? 44 : 42, TABLE_Hastalar, key, Hastalar_Soyadi, "reported",
                text_int(g, p->same_as), "");
    if (wrong) planted(g, 59, TABLE_Hastalar, key, Hastalar_TCKimlikNo, "held_back", sv_from(""), "NRM-913");
    if (no_birth) planted(g, 45, TABLE_Hastalar, key, Hastalar_DogumTarihi, "reported", sv_from(""), "NRM-937");
    if (!g->telling) return;
    truth_begin(g->truth, "patient", key);
    if (!wrong) truth_set(g->truth, "national_id", p->ssn);
    truth_str(g->truth, "first", p->who.first);
    truth_str(g->truth, "last", p->who.last);
    if (!no_birth) truth_set(g->truth, "birth_date", text_day(g, p->who.birth));
    truth_str(g->truth, "sex", p->who.male ? "male" : "female");
    truth_set(g->truth, "phone_home", p->phone[0]);
    truth_set(g->truth, "phone_mobile", p->phone[1]);
    truth_set(g->truth, "email", p->email);
    truth_set(g->truth, "address_line1", p->street);
    truth_str(g->truth, "city", p->state);
    truth_set(g->truth, "state", p->city);
    truth_str(g->truth, "country", "TR");
    truth_str(g->truth, "status", active ? "active" : "inactive");
    truth_set(g->truth, "primary_provider", text_int(g, p->provider));
    truth_str(g->truth, "location", "1");
    truth_str(g->truth, "alert_colour", colour);
    truth_str(g->truth, "notes", remark);
    truth_set(g->truth, "created_at", text_moment(g, p->first_visit, 0));
    truth_end(g->truth);
}

/* ---- plans and treatments ---- */

typedef struct treatment {
    const char *tooth, *surface, *code, *system, *name;
    int fee;
} treatment;
static const treatment TREATMENT[] = {
    {"16", "MOD", "2-5", "TDB", "Kompozit dolgu", 125000},
    {"26", NULL, "5-1", "TDB",
     "Di\xC5\x9F \xC3\xA7"
     "ekimi",
     90000},
    {NULL, NULL, "6-1", "TDB", "Di\xC5\x9F ta\xC5\x9F\xC4\xB1 temizli\xC4\x9Fi", 60050},
    {"46", NULL, "6-7", "TDB", "Flep operasyonu", 1250000},
    {"36", NULL, "IMP1", "LOCAL", "\xC4\xB0mplant", 2499990}};

static int32_t plan_day(const patient *p, uint32_t k) { return p->exam_day[k < p->exams ? k : p->exams - 1] + 1; }
static unsigned line_state(const gen *g, const patient *p, uint32_t which)
{
    chance c = chance_for(g, 1, p, which);
    return below(&c, 3);
}

static void plan_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_PLAN]; k++) {
        row *r = row_new(g, TABLE_Planlama);
        const sv key = number_of(g, p, THING_PLAN, k);
        cell_set(r, Planlama_PlanID, key);
        cell_int(g, r, Planlama_HastaNo, p->id);
        cell_int(g, r, Planlama_Hekim, p->provider);
        cell_set(r, Planlama_Tarih, text_day(g, plan_day(p, k)));
        cell_set(r, Planlama_ProposedDate, text_day(g, plan_day(p, k) + 2));
        cell_str(r, Planlama_Onay, "Evet");
        if (!g->telling) continue;
        truth_begin(g->truth, "treatment_plan", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "provider", text_int(g, p->provider));
        truth_set(g->truth, "plan_date", text_day(g, plan_day(p, k)));
        truth_set(g->truth, "proposed_date", text_day(g, plan_day(p, k) + 2));
        truth_end(g->truth);
    }
}

/* Some treatments were entered without planning them. */
static bool without_plan(const gen *g, const patient *p, uint32_t which)
{
    chance c = chance_for(g, 5, p, which);
    return percent(&c, 6);
}

/* The truth gives them a plan of their own, one a patient. */
static sv plan_of_the_unplanned(gen *g, const patient *p, bool *told)
{
    const sv key = text_of(g, "unplanned:%u", p->id);
    if (*told || !g->telling) return key;
    truth_begin(g->truth, "treatment_plan", key);
    truth_set(g->truth, "patient", text_int(g, p->id));
    truth_end(g->truth);
    *told = true;
    return key;
}

static void line_rows(gen *g, const patient *p)
{
    static const char *const STATE[] = {"planland\xC4\xB1", "tamamland\xC4\xB1", "iptal"}, *const STATE_TRUE[] = {
                                                                                               "proposed", "completed",
                                                                                               "rejected"};
    bool told = false;
    for (uint32_t which = 0; which < p->count[THING_LINE]; which++) {
        const treatment *a = &TREATMENT[which % COUNT_OF(TREATMENT)];
        row *r = row_new(g, TABLE_Tedavi);
        const sv key = number_of(g, p, THING_LINE, which);
        bool planned = !without_plan(g, p, which);
        const sv plan =
            planned ? number_of(g, p, THING_PLAN, which / LINES_A_PLAN) : plan_of_the_unplanned(g, p, &told);
        unsigned state = line_state(g, p, which);
        int32_t day = plan_day(p, which / LINES_A_PLAN) + 7;
        cell_set(r, Tedavi_LineID, key);
        if (planned) cell_set(r, Tedavi_PlanID, plan);
        cell_int(g, r, Tedavi_HastaNo, p->id);
        cell_str(r, Tedavi_DisNo, a->tooth);
        cell_str(r, Tedavi_Yuzey, a->surface);
        cell_str(r, Tedavi_IslemKodu, a->code);
        cell_str(r, Tedavi_CodeSystem, a->system);
        cell_str(r, Tedavi_IslemAdi, a->name);
        cell_set(r, Tedavi_Tutar, text_money(g, a->fee));
        cell_str(r, Tedavi_Durum, STATE[state]);
        if (state == 1) cell_set(r, Tedavi_PerformedDate, text_day(g, day));
        cell_int(g, r, Tedavi_Hekim, p->provider);
        if (a->fee == 125000 && which == 0)
            planted(g, 65, TABLE_Tedavi, key, Tedavi_Tutar, "kept", sv_from("1250.00"), "");
        if (!g->telling) continue;
        truth_begin(g->truth, "plan_line", key);
        truth_set(g->truth, "plan", plan);
        truth_str(g->truth, "code", a->code);
        truth_str(g->truth, "code_system", a->system);
        truth_str(g->truth, "code_raw", a->code);
        truth_str(g->truth, "description", a->name);
        truth_str(g->truth, "tooth", a->tooth);
        truth_str(g->truth, "tooth_raw", a->tooth);
        truth_str(g->truth, "surface", a->surface);
        truth_set(g->truth, "fee", text_money(g, a->fee));
        truth_str(g->truth, "status", STATE_TRUE[state]);
        if (state == 1) truth_set(g->truth, "done_date", text_day(g, day));
        truth_end(g->truth);
    }
}

/* A charge and, for what was done, a payment of each line. */
static void billing_rows(gen *g, const patient *p)
{
    int64_t balance = 0;
    for (uint32_t which = 0; which < p->count[THING_LINE] * 2; which++) {
        bool charge = which % 2 == 0;
        int64_t fee = TREATMENT[which / 2 % COUNT_OF(TREATMENT)].fee;
        row *r = row_new(g, TABLE_Odeme);
        const sv key = number_of(g, p, THING_BILLING, which), line = number_of(g, p, THING_LINE, which / 2);
        int32_t day = plan_day(p, which / 2 / LINES_A_PLAN) + 8;
        balance += charge ? fee : -fee;
        cell_set(r, Odeme_BillingID, key);
        cell_int(g, r, Odeme_HastaNo, p->id);
        cell_set(r, Odeme_LineID, line);
        cell_str(r, Odeme_EntryType, charge ? "charge" : "patient payment");
        cell_set(r, charge ? Odeme_Borc : Odeme_Alacak, text_money(g, fee));
        cell_set(r, Odeme_Bakiye, text_money(g, balance));
        cell_set(r, Odeme_PaymentDate, text_day(g, day));
        if (!charge) cell_str(r, Odeme_OdemeSekli, "Kredi kart\xC4\xB1");
        cell_str(r, Odeme_Currency, "TRY");
        if (!g->telling) continue;
        truth_begin(g->truth, "billing_line", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "plan_line", line);
        truth_str(g->truth, "type", charge ? "charge" : "payment");
        truth_set(g->truth, charge ? "charge" : "payment", text_money(g, fee));
        truth_set(g->truth, "balance", text_money(g, balance));
        truth_str(g->truth, "currency", "TRY");
        truth_set(g->truth, "line_date", text_day(g, day));
        if (!charge) truth_str(g->truth, "method", "Kredi kart\xC4\xB1");
        truth_end(g->truth);
    }
}

/* ---- the rest of a record ---- */

static void diagnosis_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_RADIOGRAPH]; k++) {
        row *r = row_new(g, TABLE_Diyagnoz);
        const sv key = number_of(g, p, THING_RADIOGRAPH, k);
        cell_set(r, Diyagnoz_DiagnosisID, key);
        cell_int(g, r, Diyagnoz_HastaNo, p->id);
        cell_str(r, Diyagnoz_DisNo, k ? "11" : "36");
        cell_str(r, Diyagnoz_ICD10, k ? "K02.1" : "K05.3");
        cell_str(r, Diyagnoz_Text, k ? "Dentin \xC3\xA7\xC3\xBCr\xC3\xBC\xC4\x9F\xC3\xBC" : "Kronik periodontitis");
        cell_set(r, Diyagnoz_Date, text_day(g, p->exam_day[0]));
        cell_int(g, r, Diyagnoz_Hekim, p->provider);
        if (!g->telling) continue;
        truth_begin(g->truth, "diagnosis", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "provider", text_int(g, p->provider));
        truth_str(g->truth, "tooth", k ? "11" : "36");
        truth_str(g->truth, "tooth_raw", k ? "11" : "36");
        truth_str(g->truth, "code", k ? "K02.1" : "K05.3");
        truth_str(g->truth, "text", k ? "Dentin \xC3\xA7\xC3\xBCr\xC3\xBC\xC4\x9F\xC3\xBC" : "Kronik periodontitis");
        truth_set(g->truth, "diagnosed_date", text_day(g, p->exam_day[0]));
        truth_end(g->truth);
    }
}

static void appointment_rows(gen *g, const patient *p)
{
    static const char *const STATE[] = {"Geldi", "Gelmedi", "\xC4\xB0ptal"}, *const STATE_TRUE[] = {
                                                                                 "completed", "no_show", "cancelled"};
    for (uint32_t k = 0; k < p->exams; k++) {
        chance c = chance_for(g, 2, p, k);
        row *r = row_new(g, TABLE_Randevu);
        const sv key = number_of(g, p, THING_APPOINTMENT, k);
        unsigned state = percent(&c, 80) ? 0 : 1 + below(&c, 2), minute = p->exam_minute[k], end = minute + 30;
        cell_set(r, Randevu_AppointmentID, key);
        cell_int(g, r, Randevu_HastaNo, p->id);
        cell_int(g, r, Randevu_Hekim, p->provider);
        cell_str(r, Randevu_Unit, "Unit 2");
        cell_set(r, Randevu_Tarih, text_day(g, p->exam_day[k]));
        cell_set(r, Randevu_BaslangicSaati, text_of(g, "%02u:%02u:00", minute / 60, minute % 60));
        cell_set(r, Randevu_BitisSaati, text_of(g, "%02u:%02u:00", end / 60, end % 60));
        cell_str(r, Randevu_RandevuTuru, "Kontrol");
        cell_str(r, Randevu_Durum, STATE[state]);
        if (!g->telling) continue;
        truth_begin(g->truth, "appointment", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "provider", text_int(g, p->provider));
        truth_str(g->truth, "operatory", "Unit 2");
        truth_set(g->truth, "start_at", text_moment(g, p->exam_day[k], minute));
        truth_str(g->truth, "session_type", "Kontrol");
        truth_str(g->truth, "status", STATE_TRUE[state]);
        truth_end(g->truth);
    }
}

static const char *const INSURER[] = {"Anadolu \xC3\x96rnek Sigorta", "Ege Deneme Sigorta"};

static void policy_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_POLICY]; k++) {
        chance c = chance_for(g, 3, p, k);
        row *r = row_new(g, TABLE_Sigorta);
        const sv key = number_of(g, p, THING_POLICY, k), number = text_of(g, "P%07u", below(&c, 9999999));
        cell_set(r, Sigorta_PolicyID, key);
        cell_int(g, r, Sigorta_HastaNo, p->id);
        unsigned of = below(&c, COUNT_OF(INSURER));
        cell_str(r, Sigorta_PayerName, INSURER[of]);
        cell_set(r, Sigorta_PoliceNo, number);
        cell_str(r, Sigorta_Yakinlik, "Kendisi");
        cell_set(r, Sigorta_EffectiveFrom, text_day(g, p->first_visit - 30));
        cell_int(g, r, Sigorta_Priority, k + 1);
        if (!g->telling) continue;
        truth_begin(g->truth, "insurance_policy", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        g->carriers |= (uint64_t)1 << of;
        truth_set(g->truth, "carrier", text_of(g, "@carrier:%s", INSURER[of]));
        truth_str(g->truth, "carrier_raw", INSURER[of]);
        truth_set(g->truth, "policy_number", number);
        truth_str(g->truth, "relationship", "self");
        truth_set(g->truth, "priority", text_int(g, k + 1));
        truth_set(g->truth, "valid_from", text_day(g, p->first_visit - 30));
        truth_end(g->truth);
    }
}

static void note_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->exams; k++) {
        row *r = row_new(g, TABLE_Notlar);
        const sv key = number_of(g, p, THING_NOTE, k);
        cell_set(r, Notlar_NoteID, key);
        cell_int(g, r, Notlar_HastaNo, p->id);
        cell_int(g, r, Notlar_AuthorID, p->provider);
        cell_set(r, Notlar_NoteDate, text_day(g, p->exam_day[k]));
        cell_str(r, Notlar_NoteType, "progress");
        cell_str(r, Notlar_Body,
                 "<b>Kontrol:</b> di\xC5\x9F eti sa\xC4\x9Fl\xC4\xB1kl\xC4\xB1.<br>\xC3\x96neri: aray\xC3\xBCz "
                 "f\xC4\xB1r\xC3\xA7"
                 "as\xC4\xB1 &amp; ip");
        if (!g->telling) continue;
        truth_begin(g->truth, "clinical_note", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "author", text_int(g, p->provider));
        truth_set(g->truth, "noted_at", text_moment(g, p->exam_day[k], 0));
        truth_str(g->truth, "type", "progress");
        truth_str(
            g->truth, "body",
            "Kontrol: di\xC5\x9F eti sa\xC4\x9Fl\xC4\xB1kl\xC4\xB1.\n\xC3\x96neri: aray\xC3\xBCz f\xC4\xB1r\xC3\xA7"
            "as\xC4\xB1 & ip");
        truth_end(g->truth);
    }
}

static void recall_row(gen *g, const patient *p)
{
    row *r = row_new(g, TABLE_Kontrol);
    const sv key = text_int(g, p->id);
    int32_t last = p->exam_day[p->exams - 1];
    cell_set(r, Kontrol_RecallID, key);
    cell_set(r, Kontrol_HastaNo, key);
    cell_str(r, Kontrol_RecallType, "perio maintenance");
    cell_set(r, Kontrol_NextRecallDate, text_day(g, last + 180));
    cell_set(r, Kontrol_LastAppointmentDate, text_day(g, last));
    if (!g->telling) return;
    truth_begin(g->truth, "recall", key);
    truth_set(g->truth, "patient", key);
    truth_str(g->truth, "type", "perio maintenance");
    truth_set(g->truth, "next_date", text_day(g, last + 180));
    truth_set(g->truth, "last_date", text_day(g, last));
    truth_end(g->truth);
}

static void custom_row(gen *g, const patient *p)
{
    chance c = chance_for(g, 4, p, 0);
    if (!percent(&c, 25)) return;
    row *r = row_new(g, TABLE_OzelAlan);
    cell_str(r, OzelAlan_EntityName, "Patient");
    cell_int(g, r, OzelAlan_EntityID, p->id);
    cell_str(r, OzelAlan_FieldName, "Sigara");
    cell_str(r, OzelAlan_DataType, "text");
    cell_str(r, OzelAlan_Value, "G\xC3\xBCnde 10");
    if (!g->telling) return;
    truth_begin(g->truth, "custom_value", (sv){NULL, 0});
    truth_str(g->truth, "entity", "patient");
    truth_set(g->truth, "record", text_int(g, p->id));
    truth_str(g->truth, "name", "Sigara");
    truth_str(g->truth, "value", "G\xC3\xBCnde 10");
    truth_end(g->truth);
}

static void document_rows(gen *g, const patient *p)
{
    for (uint32_t k = 0; k < p->count[THING_DOCUMENT]; k++) {
        row *r = row_new(g, TABLE_Belge);
        const sv key = number_of(g, p, THING_DOCUMENT, k), name = text_of(g, "%u_r\xC3\xB6ntgen_%u.jpg", p->id, k + 1);
        cell_set(r, Belge_DocumentID, key);
        cell_int(g, r, Belge_HastaNo, p->id);
        cell_set(r, Belge_DosyaAdi, name);
        cell_str(r, Belge_MimeType, "image/jpeg");
        cell_str(r, Belge_Kategori, k ? "R\xC3\xB6ntgen" : "A\xC4\x9F\xC4\xB1z i\xC3\xA7i");
        cell_set(r, Belge_CekimTarihi, text_day(g, p->exam_day[0]));
        cell_set(r, Belge_Path, text_of(g, "/belgeler/%u/%.*s", p->id, (int)name.n, name.p));
        if (!g->telling) continue;
        truth_begin(g->truth, "document", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_str(g->truth, "category", k ? "R\xC3\xB6ntgen" : "A\xC4\x9F\xC4\xB1z i\xC3\xA7i");
        truth_set(g->truth, "file_name", name);
        truth_str(g->truth, "mime_type", "image/jpeg");
        truth_set(g->truth, "captured_at", text_moment(g, p->exam_day[0], 0));
        truth_set(g->truth, "source_path", text_of(g, "/belgeler/%u/%.*s", p->id, (int)name.n, name.p));
        truth_end(g->truth);
    }
}

void dentes_derived(gen *g)
{
    for (size_t i = 0; i < COUNT_OF(INSURER); i++) {
        if (!(g->carriers >> i & 1)) continue;
        truth_begin(g->truth, "organization", text_of(g, "@carrier:%s", INSURER[i]));
        truth_str(g->truth, "kind", "carrier");
        truth_str(g->truth, "name", INSURER[i]);
        truth_end(g->truth);
    }
}

void dentes_rows(gen *g, table_id t, const patient *p)
{
    if (!p) {
        if (t == TABLE_Klinik) clinic_rows(g);
        if (t == TABLE_Dishekimi) staff_rows(g);
        return;
    }
    switch (t) {
    case TABLE_Hastalar: patient_row(g, p); break;
    case TABLE_Planlama: plan_rows(g, p); break;
    case TABLE_Tedavi: line_rows(g, p); break;
    case TABLE_Diyagnoz: diagnosis_rows(g, p); break;
    case TABLE_Randevu: appointment_rows(g, p); break;
    case TABLE_Sigorta: policy_rows(g, p); break;
    case TABLE_Notlar: note_rows(g, p); break;
    case TABLE_Odeme: billing_rows(g, p); break;
    case TABLE_Belge: document_rows(g, p); break;
    case TABLE_Kontrol: recall_row(g, p); break;
    case TABLE_OzelAlan: custom_row(g, p); break;
    default: break;
    }
}
