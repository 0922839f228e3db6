/* PANDA Perio: providers, referral sources, accounts, patients, insurance. */
#include "gen.h"

enum { PURPOSE_DIRT = 40, PURPOSE_POLICY, SOURCES = 12 };

/* ---- the practice's own people ---- */

static const provider PROVIDER[PROVIDERS] = {
    {1, "David", "North", "DDS, MS, Board Certified", "DDS;MS;Board Certified", "Periodontics", "Periodontics",
     "1234567893", "d.north@perio.example.com", "Doctor", true},
    {2, "Alice", "Marchetti", "D.D.S., M.S., Dipl. ABP", "DDS;MS;Board Certified", "Periodontics", "Periodontics",
     "1245319599", "a.marchetti@perio.example.com", "Doctor", true},
    {3, "Kenji", "Sato", "DMD, PhD", "DMD;PhD", "Prosthodontics", "Prosthodontics", "1598765430",
     "k.sato@perio.example.com", "Doctor", true},
    {4, "Laura", "Bengtsson", "DDS", "DDS", "Oral Surgery", "Oral Surgery", NULL, "l.bengtsson@perio.example.com",
     "Doctor", true},
    {5, "Paul", "Adeyemi", "DDS, MSD", "DDS;MSD", "General Dentistry", "General Dentistry", NULL,
     "p.adeyemi@perio.example.com", "Doctor", false},
    {6, "Monica", "Reyes", "RDH", "RDH", "Dental Hygiene", "Dental Hygiene", NULL, "m.reyes@perio.example.com",
     "Hygienist", true},
    {7, "Tina", "Kovacs", "RDH", "RDH", "Dental Hygiene", "Dental Hygiene", NULL, "t.kovacs@perio.example.com",
     "Hygienist", true},
    {8, "Sean", "Whitlock", NULL, NULL, NULL, NULL, NULL, NULL, "Front desk", true}};

static void provider_rows(gen *g)
{
    for (int i = 0; i < PROVIDERS; i++) {
        const provider *v = &PROVIDER[i];
        row *r = row_new(g, TABLE_Provider);
        const sv key = text_int(g, v->id);
        const sv name = v->credentials_raw ? text_of(g, "%s %s, %s", v->first, v->last, v->credentials_raw)
                                           : text_of(g, "%s %s", v->first, v->last);
        const sv phone = text_of(g, "+13605553%03d", 100 + v->id);
        cell_set(r, Provider_ProviderID, key);
        cell_set(r, Provider_ProviderName, name);
        cell_str(r, Provider_FirstName, v->first);
        cell_str(r, Provider_LastName, v->last);
        cell_str(r, Provider_Credentials, v->credentials_raw);
        cell_str(r, Provider_Specialty, v->specialty_raw);
        const char *npi = v->npi, *email = v->email;
        if (v->id == 5 && g->hard) {
            cell_str(r, Provider_NPI, "1234567890");
            planted(g, 55, TABLE_Provider, key, Provider_NPI, "held_back", sv_from(""), "NRM-914");
        } else {
            cell_str(r, Provider_NPI, npi);
        }
        if (v->id == 1) planted(g, 38, TABLE_Provider, key, Provider_ProviderName, "kept", sv_from(v->last), "");
        if (v->id == 2) planted(g, 56, TABLE_Provider, key, Provider_Credentials, "kept", sv_from(v->credentials), "");
        if (v->id == 7 && g->hard) {
            email = PROVIDER[5].email;
            planted(g, 54, TABLE_Provider, key, Provider_Email, "reported", sv_from(email), "EMAIL_TWICE");
        }
        cell_set(r, Provider_LicenseNo, text_of(g, "DE%05d", 60100 + v->id));
        cell_str(r, Provider_Email, email);
        cell_set(r, Provider_Phone, text_of(g, "(360)555-3%03d", 100 + v->id));
        cell_str(r, Provider_Role, v->role);
        cell_str(r, Provider_IsActive, v->active ? "1" : "0");
        if (!g->telling) continue;
        truth_begin(g->truth, "provider", key);
        truth_set(g->truth, "display", name);
        truth_str(g->truth, "first", v->first);
        truth_str(g->truth, "last", v->last);
        truth_str(g->truth, "credentials", v->credentials);
        truth_str(g->truth, "credentials_raw", v->credentials_raw);
        truth_str(g->truth, "specialty", v->specialty);
        truth_str(g->truth, "npi", npi);
        truth_set(g->truth, "license", text_of(g, "DE%05d", 60100 + v->id));
        truth_str(g->truth, "email", email);
        truth_set(g->truth, "phone", phone);
        truth_str(g->truth, "role", v->role);
        truth_str(g->truth, "active", v->active ? "1" : "0");
        truth_str(g->truth, "is_internal", "1");
        truth_end(g->truth);
    }
}

static void source_rows(gen *g)
{
    static const char *const NAMES[SOURCES] = {
        "Nelson Family Dentistry", "Bayview Dental",        "Cedar Grove Dental Group",
        "Dr. Park & Associates",   "Evergreen Endodontics", "Fir Street Dental",
        "Gentle Smiles",           "Harbor Orthodontics",   "Island Dental Care",
        "Juniper Oral Surgery",    "Kalama Dental",         "Lakeside Prosthodontics"};
    static const char *const SPECIALTY[SOURCES] = {"General Dentistry", "General Dentistry", "General Dentistry",
                                                   "General Dentistry", "Endodontics",       "General Dentistry",
                                                   "General Dentistry", "Orthodontics",      "General Dentistry",
                                                   "Oral Surgery",      "General Dentistry", "Prosthodontics"};
    static const char *const LAST[SOURCES] = {"Nelson", "Baird",     "Osei",  "Park", "Lehmann", "Firth",
                                              "Gentry", "Haraldsen", "Ilves", "Juhl", "Kalama",  "Lakshmi"};
    for (int i = 0; i < SOURCES; i++) {
        row *r = row_new(g, TABLE_ReferralSource);
        const sv key = text_int(g, i + 1), street = text_of(g, "%d Main St", 100 + i * 7),
                 zip = text_of(g, "985%02d", 1 + i);
        cell_set(r, ReferralSource_ReferralSourceID, key);
        cell_set(r, ReferralSource_RefdrID, text_of(g, "%.4s%05d", LAST[i], 12345 + i));
        cell_str(r, ReferralSource_RefdrFirstName, i % 2 ? "Irene" : "Martin");
        cell_str(r, ReferralSource_RefdrLastName, LAST[i]);
        cell_str(r, ReferralSource_PracticeName, NAMES[i]);
        cell_str(r, ReferralSource_Specialty, SPECIALTY[i]);
        cell_set(r, ReferralSource_RefdrStreet, street);
        cell_str(r, ReferralSource_RefdrCity, "Olympia");
        cell_str(r, ReferralSource_RefdrState, "WA");
        cell_set(r, ReferralSource_RefdrZip, zip);
        cell_set(r, ReferralSource_RefdrWorkPhone, text_of(g, "360-555-4%03d", i));
        cell_set(r, ReferralSource_RefdrFax, text_of(g, "360-555-5%03d", i));
        const sv email = text_of(g, "office%d@referring.example.org", i + 1);
        cell_set(r, ReferralSource_Email, email);
        cell_str(r, ReferralSource_SourceType, i % 4 == 3 ? "Specialist" : "GP");
        if (!g->telling) continue;
        truth_begin(g->truth, "organization", key);
        truth_str(g->truth, "kind", "referring_practice");
        truth_str(g->truth, "name", NAMES[i]);
        truth_set(g->truth, "phone", text_of(g, "+13605554%03d", i));
        truth_set(g->truth, "fax", text_of(g, "+13605555%03d", i));
        truth_set(g->truth, "email", email);
        truth_set(g->truth, "address_line1", street);
        truth_str(g->truth, "city", "Olympia");
        truth_str(g->truth, "state", "WA");
        truth_set(g->truth, "postal_code", zip);
        truth_str(g->truth, "specialty", SPECIALTY[i]);
        truth_str(g->truth, "source_type", i % 4 == 3 ? "Specialist" : "GP");
        truth_end(g->truth);
    }
}

/* ---- patients ---- */

/* One of the ways in which people write a number; `clean` is +1 and ten digits. */
static sv written_phone(gen *g, sv clean, unsigned way)
{
    if (clean.n != 12) return (sv){NULL, 0};
    const char *d = clean.p + 2;
    switch (way % 6) {
    case 0: return text_of(g, "(%.3s)%.3s-%.4s", d, d + 3, d + 6);
    case 1: return text_of(g, "%.3s-%.3s-%.4s", d, d + 3, d + 6);
    case 2: return text_of(g, "%.3s.%.3s.%.4s", d, d + 3, d + 6);
    case 3: return text_of(g, "%.10s", d);
    case 4: return text_of(g, "1-%.3s-%.3s-%.4s", d, d + 3, d + 6);
    default: return text_of(g, "(%.3s) %.3s-%.4s", d, d + 3, d + 6);
    }
}

static void account_rows(gen *g, const patient *p)
{
    if (p->place) return;
    row *r = row_new(g, TABLE_Account);
    chance c = chance_of(g->seed, PURPOSE_DIRT, (uint64_t)1 << 40 | p->index);
    const sv key = text_of(g, "%u", 100001 + p->head);
    cell_set(r, Account_AccountNo, key);
    cell_str(r, Account_Title, p->who.title);
    cell_str(r, Account_FirstName, p->who.first);
    cell_str(r, Account_LastName, p->who.last);
    cell_str(r, Account_MiddleInitial, p->who.middle);
    cell_str(r, Account_Suffix, p->who.suffix);
    cell_set(r, Account_HomePhone, written_phone(g, p->phone[0], below(&c, 6)));
    cell_set(r, Account_WorkPhone, written_phone(g, p->phone[2], below(&c, 6)));
    if (p->extension) cell_int(g, r, Account_WorkPhoneExt, p->extension);
    cell_set(r, Account_Street, p->street);
    cell_set(r, Account_City, p->city);
    cell_str(r, Account_State, p->state);
    cell_set(r, Account_Zip, p->zip);
    cell_str(r, Account_Relationship, "Self");
    if (!g->telling) return;
    truth_begin(g->truth, "guarantor", key);
    truth_str(g->truth, "title", p->who.title);
    truth_str(g->truth, "first", p->who.first);
    truth_str(g->truth, "middle", p->who.middle);
    truth_str(g->truth, "last", p->who.last);
    truth_str(g->truth, "suffix", p->who.suffix);
    truth_set(g->truth, "phone_home", p->phone[0]);
    truth_set(g->truth, "phone_work",
              p->extension ? text_of(g, "%.*s x%u", (int)p->phone[2].n, p->phone[2].p, p->extension) : p->phone[2]);
    truth_set(g->truth, "address_line1", p->street);
    truth_set(g->truth, "city", p->city);
    truth_str(g->truth, "state", p->state);
    truth_set(g->truth, "postal_code", p->zip);
    truth_str(g->truth, "relationship", "self");
    truth_set(g->truth, "is_patient", text_int(g, p->id));
    truth_end(g->truth);
}

sv patient_name(gen *g, const patient *p) { return text_of(g, "%s %s", p->who.first, p->who.last); }

/* A patient as the source has him and as he is. */
typedef struct face {
    const char *first, *last, *suffix, *state;
    sv chart, street2, zip, zip_true, email, email_true, others_true, home, home_true, work, birth, birth_true, tier;
} face;

static void dirty_names(gen *g, const patient *p, sv key, face *f)
{
    if (strcmp(p->who.last, "O'BRIEN-LEE") == 0)
        planted(g, 39, TABLE_Patient, key, Patient_LastName, "kept", sv_from(f->last), "");
    if (strcmp(p->who.last, "Null") == 0)
        planted(g, 40, TABLE_Patient, key, Patient_LastName, "kept", sv_from(f->last), "");
    if (p->who.suffix) planted(g, 43, TABLE_Patient, key, Patient_Suffix, "kept", sv_from(p->who.suffix), "");
    if (p->twin) planted(g, 41, TABLE_Patient, key, Patient_BirthDate, "kept", f->birth_true, "");
    if (hard(g, 51, p->index, 0)) {
        f->chart = text_of(g, "00%u", p->index % 90 + 7);
        planted(g, 51, TABLE_Patient, key, Patient_ChartNumber, "kept", f->chart, "");
    }
    if (hard(g, 45, p->index, 0)) {
        f->birth = sv_from("1900-01-01 00:00:00");
        f->birth_true = sv_from("");
        planted(g, 45, TABLE_Patient, key, Patient_BirthDate, "reported", sv_from(""), "NRM-937");
    }
}

static void dirty_contact(gen *g, const patient *p, sv key, face *f)
{
    if (hard(g, 49, p->index, 0)) {
        static const char *const HOME[] = {"(360)555-8975 x12", "555-0100", "NA", "000-000-0000"};
        unsigned way = p->index % 4;
        f->home = sv_from(HOME[way]);
        f->home_true = sv_from(way == 0 ? "+13605558975 x12" : "");
        planted(g, 49, TABLE_Patient, key, Patient_HomePhone, way % 2 ? "held_back" : "kept", f->home_true,
                way % 2 ? "NRM-903|NRM-904" : "");
    }
    if (hard(g, 50, p->index, 0)) {
        if (p->state[0] == 'M') {
            f->zip = sv_from("2138");
            f->zip_true = sv_from("02138");
            planted(g, 50, TABLE_Patient, key, Patient_Zip, "kept", f->zip_true, "");
        } else if (p->state[0] == 'W') {
            f->state = "Wash.";
            planted(g, 50, TABLE_Patient, key, Patient_State, "kept", sv_from("WA"), "");
        }
    }
    if (hard(g, 80, p->index, 0)) {
        f->street2 = sv_from("=Suite+1");
        planted(g, 80, TABLE_Patient, key, Patient_Street2, "kept", f->street2, "");
    }
    if (hard(g, 53, p->index, 0)) {
        f->email = sv_from(p->index % 2 ? "none@none.com" : "");
        f->email_true = sv_from("");
        planted(g, 53, TABLE_Patient, key, Patient_Email, "reported", sv_from(""), "MISSING_EMAIL");
    } else if (f->email.n && p->index % 23 == 5) {
        f->others_true = text_of(g, "second%u@example.com", p->id);
        f->email = text_of(g, " %.*s; %.*s", (int)p->email.n, p->email.p, (int)f->others_true.n, f->others_true.p);
    }
}

static sv made_at(gen *g, const patient *p) { return text_moment(g, p->first_visit - 3, 600); }
static sv changed_at(gen *g, const patient *p)
{
    return text_moment(g, p->exam_day[p->exams - 1], p->exam_minute[p->exams - 1] + 40U);
}

static void tell_patient(gen *g, const patient *p, sv key, const face *f)
{
    truth *t = g->truth;
    truth_begin(t, "patient", key);
    truth_set(t, "chart_number", f->chart);
    truth_set(t, "source_id", key);
    truth_set(t, "national_id", p->ssn);
    truth_str(t, "title", p->who.title);
    truth_str(t, "first", f->first);
    truth_str(t, "middle", p->who.middle);
    truth_str(t, "last", f->last);
    truth_str(t, "suffix", p->who.suffix);
    truth_str(t, "nickname", p->who.nick);
    truth_set(t, "birth_date", f->birth_true);
    truth_str(t, "sex", p->who.male ? "male" : "female");
    truth_set(t, "phone_home", f->home_true);
    truth_set(t, "phone_mobile", p->phone[1]);
    truth_set(t, "phone_work",
              p->extension ? text_of(g, "%.*s x%u", (int)p->phone[2].n, p->phone[2].p, p->extension) : p->phone[2]);
    truth_set(t, "email", f->email_true);
    truth_set(t, "other_emails", f->others_true);
    truth_set(t, "address_line1", p->street);
    truth_set(t, "address_line2", f->street2);
    truth_set(t, "city", p->city);
    truth_str(t, "state", p->state);
    truth_set(t, "postal_code", f->zip_true);
    truth_str(t, "billing_type", p->billing);
    static const char *const STATUS[][2] = {{"Active", "active"},
                                            {"Inactive", "inactive"},
                                            {"Archived", "archived"},
                                            {"Deceased", "deceased"},
                                            {"Prospective", "prospective"}};
    for (size_t i = 0; i < COUNT_OF(STATUS); i++)
        if (strcmp(p->status, STATUS[i][0]) == 0) truth_str(t, "status", STATUS[i][1]);
    truth_set(t, "primary_provider", text_int(g, p->provider));
    /* Who pays for himself has no link to himself (case 52): the guarantor's record says whose it is. */
    if (p->index != p->head) truth_set(t, "guarantor", text_of(g, "%u", 100001 + p->head));
    if (p->source >= 0) truth_set(t, "referring_organization", text_int(g, p->source));
    if (p->employer >= 0) {
        truth_set(t, "employer", text_of(g, "@employer:%s", EMPLOYER[p->employer]));
        g->employers |= (uint64_t)1 << p->employer;
    }
    truth_set(t, "first_visit", text_day(g, p->first_visit));
    truth_set(t, "created_at", made_at(g, p));
    truth_set(t, "modified_at", changed_at(g, p));
    truth_end(t);
    if (f->tier.n == 0) return;
    truth_begin(t, "custom_value", (sv){NULL, 0});
    truth_str(t, "entity", "patient");
    truth_set(t, "record", key);
    truth_str(t, "name", "SmilePlanTier");
    truth_set(t, "value", f->tier);
    truth_end(t);
}

static void patient_row(gen *g, const patient *p)
{
    row *r = row_new(g, TABLE_Patient);
    chance c = chance_of(g->seed, PURPOSE_DIRT, p->index);
    const sv key = text_int(g, p->id);
    face f = {.first = p->who.first,
              .last = p->who.last,
              .state = p->state,
              .chart = text_of(g, "%uPC", 100000 + p->id),
              .street2 = p->street2,
              .zip = p->zip,
              .zip_true = p->zip,
              .email = p->email,
              .email_true = p->email,
              .home_true = p->phone[0],
              .birth = text_moment(g, p->who.birth, 0),
              .birth_true = text_day(g, p->who.birth)};
    f.home = written_phone(g, p->phone[0], below(&c, 6));
    f.tier = percent(&c, 20) ? sv_from(percent(&c, 50) ? "Gold" : "Silver") : (sv){NULL, 0};
    if (p->same_as)
        planted(g, p->birth_swapped ? 44 : 42, TABLE_Patient, key, Patient_LastName, "reported",
                text_int(g, p->same_as), "");
    dirty_names(g, p, key, &f);
    dirty_contact(g, p, key, &f);
    cell_set(r, Patient_PatientID, key);
    cell_set(r, Patient_ChartNumber, f.chart);
    cell_str(r, Patient_Title, p->who.title);
    cell_set(r, Patient_FirstName, percent(&c, 5) ? text_of(g, " %s ", f.first) : sv_from(f.first));
    cell_str(r, Patient_MiddleInitial, p->who.middle);
    cell_str(r, Patient_LastName, f.last);
    cell_set(r, Patient_Suffix,
             p->who.suffix && percent(&c, 50) ? text_of(g, "%s.", p->who.suffix) : sv_from(p->who.suffix));
    cell_str(r, Patient_NickName, p->who.nick);
    cell_set(r, Patient_BirthDate, f.birth);
    cell_str(r, Patient_Sex, p->who.male ? "M" : "F");
    cell_set(r, Patient_SSN, p->ssn.n ? p->ssn : (sv){NULL, 0});
    cell_set(r, Patient_Street, p->street);
    cell_set(r, Patient_Street2, f.street2.n ? f.street2 : percent(&c, 10) ? (sv){"", 0} : (sv){NULL, 0});
    cell_set(r, Patient_City, p->city);
    cell_str(r, Patient_State, f.state);
    cell_set(r, Patient_Zip, f.zip);
    cell_set(r, Patient_HomePhone, f.home);
    cell_set(r, Patient_WorkPhone, written_phone(g, p->phone[2], below(&c, 6)));
    if (p->extension) cell_int(g, r, Patient_WorkPhoneExt, p->extension);
    cell_set(r, Patient_CellPhone, written_phone(g, p->phone[1], below(&c, 6)));
    cell_set(r, Patient_Email, f.email);
    cell_str(r, Patient_BillingType, p->billing);
    cell_int(g, r, Patient_PrimaryProviderID, p->provider);
    cell_set(r, Patient_AccountNo, text_of(g, "%u", 100001 + p->head));
    if (p->source >= 0) cell_int(g, r, Patient_ReferralSourceID, p->source);
    if (p->employer >= 0) cell_str(r, Patient_Employer, EMPLOYER[p->employer]);
    cell_str(r, Patient_Status, p->status);
    cell_set(r, Patient_SmilePlanTier, f.tier);
    cell_set(r, Patient_FirstVisitDate, text_moment(g, p->first_visit, 0));
    cell_set(r, Patient_CreatedDate, made_at(g, p));
    cell_set(r, Patient_ModifiedDate, changed_at(g, p));
    if (g->telling) tell_patient(g, p, key, &f);
}

/* ---- insurance ---- */

static void policy_rows(gen *g, const patient *p)
{
    static const char *const RELATION[] = {"Self", "Spouse", "Child", "Other"}, *const RELATION_TRUE[] = {
                                                                                    "self", "spouse", "child", "other"};
    for (uint32_t k = 0; k < p->count[THING_POLICY]; k++) {
        chance c = chance_of(g->seed, PURPOSE_POLICY, (uint64_t)p->index << 8 | k);
        row *r = row_new(g, TABLE_Insurance);
        const sv key = text_int(g, p->first[THING_POLICY] + k);
        int of = (int)below(&c, CARRIERS);
        const carrier *a = &CARRIER[of];
        unsigned way = hard(g, 57, p->index, k) ? 1 + below(&c, 3) : 0, relation = p->place == 0   ? 0
                                                                                   : p->place == 1 ? 1
                                                                                                   : 2;
        const char *coverage = k ? "80/50" : "100/80/50";
        const sv policy = text_of(g, "%09u", 100000000 + below(&c, 899999999)),
                 group = text_of(g, "G%05u", below(&c, 99999)),
                 subscriber = text_of(g, "%s %s", p->who.first, p->who.last);
        int32_t from = p->first_visit - between(&c, 10, 900);
        cell_set(r, Insurance_InsuranceID, key);
        cell_int(g, r, Insurance_PatientID, p->id);
        cell_str(r, Insurance_CarrierName, a->spelling[way]);
        cell_str(r, Insurance_PayerID, a->payer_id);
        cell_set(r, Insurance_PolicyNumber, policy);
        cell_set(r, Insurance_GroupNumber, group);
        cell_str(r, Insurance_Coverage, coverage);
        cell_set(r, Insurance_SubscriberName, subscriber);
        cell_str(r, Insurance_SubscriberRelationship, RELATION[relation]);
        cell_int(g, r, Insurance_Priority, k + 1);
        cell_set(r, Insurance_EffectiveDate, text_moment(g, from, 0));
        bool over = percent(&c, 10);
        if (over) cell_set(r, Insurance_TermDate, text_moment(g, TODAY - 20, 0));
        if (way) planted(g, 57, TABLE_Insurance, key, Insurance_CarrierName, "kept", sv_from(a->name), "");
        if (k) planted(g, 58, TABLE_Insurance, key, Insurance_Priority, "kept", sv_from("2"), "");
        if (!g->telling) continue;
        g->carriers |= (uint64_t)1 << of;
        truth_begin(g->truth, "insurance_policy", key);
        truth_set(g->truth, "patient", text_int(g, p->id));
        truth_set(g->truth, "carrier", text_of(g, "@carrier:%s", a->name));
        truth_str(g->truth, "carrier_raw", a->spelling[way]);
        truth_str(g->truth, "plan", a->plan[way]);
        truth_str(g->truth, "payer_id", a->payer_id);
        truth_set(g->truth, "policy_number", policy);
        truth_set(g->truth, "group_number", group);
        truth_str(g->truth, "coverage", coverage);
        truth_set(g->truth, "subscriber", subscriber);
        truth_str(g->truth, "relationship", RELATION_TRUE[relation]);
        truth_set(g->truth, "priority", text_int(g, k + 1));
        truth_set(g->truth, "valid_from", text_day(g, from));
        if (over) truth_set(g->truth, "valid_to", text_day(g, TODAY - 20));
        truth_end(g->truth);
    }
}

void panda_people_rows(gen *g, table_id t, const patient *p)
{
    if (!p && t == TABLE_Provider) provider_rows(g);
    if (!p && t == TABLE_ReferralSource) source_rows(g);
    if (p && t == TABLE_Account) account_rows(g, p);
    if (p && t == TABLE_Patient) patient_row(g, p);
    if (p && t == TABLE_Insurance) policy_rows(g, p);
}

void panda_derived(gen *g)
{
    for (int i = 0; i < EMPLOYERS; i++) {
        if (!(g->employers >> i & 1)) continue;
        truth_begin(g->truth, "organization", text_of(g, "@employer:%s", EMPLOYER[i]));
        truth_str(g->truth, "kind", "employer");
        truth_str(g->truth, "name", EMPLOYER[i]);
        truth_end(g->truth);
    }
    for (int i = 0; i < CARRIERS; i++) {
        if (!(g->carriers >> i & 1)) continue;
        truth_begin(g->truth, "organization", text_of(g, "@carrier:%s", CARRIER[i].name));
        truth_str(g->truth, "kind", "carrier");
        truth_str(g->truth, "name", CARRIER[i].name);
        truth_str(g->truth, "payer_id", CARRIER[i].payer_id);
        truth_end(g->truth);
    }
}
