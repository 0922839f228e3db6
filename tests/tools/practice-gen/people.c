/* Invented people: families with one address, phone and guarantor; twins; fathers and sons of one name. */
#include "gen.h"
#include <stdlib.h>

enum { PURPOSE_FAMILY = 1, PURPOSE_PERSON, PURPOSE_LIFE, PURPOSE_COUNTS };

static const char *const WOMEN[] = {"Janet",      "Maria",      "Ellen",   "Priya",  "Carol",  "Denise",  "Hannah",
                                    "Grace",      "Ruth",       "Yolanda", "Mei",    "Sophia", "Beatrix", "Nora",
                                    "Anne-Marie", "Zo\xC3\xAB", "Lorena",  "Tamsin", "Ingrid", "Fatima"};
static const char *const MEN[] = {"Robert", "David",  "Samuel", "Hiroshi", "Carlos", "Peter",   "Owen",
                                  "Jamal",  "Victor", "Noah",   "Andre",   "Louis",  "Mikhail", "Ren\xC3\xA9",
                                  "Tomas",  "Walter", "Gareth", "Isaac",   "Felix",  "Bruno"};
static const char *const LAST[] = {"Wang",
                                   "Abernethy",
                                   "Castellano",
                                   "Okafor",
                                   "Lindqvist",
                                   "McAllister",
                                   "O'Brien",
                                   "Fairbanks",
                                   "de la Cruz",
                                   "van Dijk",
                                   "Hargrove",
                                   "Ishikawa",
                                   "Petrov",
                                   "Quimby",
                                   "Rasmussen",
                                   "Santiago",
                                   "Thornbury",
                                   "Ueda",
                                   "Villanueva",
                                   "Whitcomb",
                                   "M\xC3\xBCller",
                                   ("N\xC3\xBA\xC3\xB1"
                                    "ez"),
                                   "Zielinski",
                                   "Ashdown",
                                   "Birchfield",
                                   "Coleridge",
                                   "Dunmore",
                                   "Ellsworth",
                                   "Fenwick",
                                   "Gallardo",
                                   "St. Clair",
                                   "Holloway",
                                   "Larkspur",
                                   "Montoya"};
static const char *const TURKISH_WOMEN[] = {"Ay\xC5\x9F"
                                            "e",
                                            "Fatma",
                                            "Zeynep",
                                            "Elif",
                                            "Emine",
                                            "G\xC3\xBCl\xC5\x9F"
                                            "en",
                                            "\xC3\x96zlem",
                                            "\xC4\xB0rem",
                                            "Hatice",
                                            "\xC3\x87i\xC4\x9F"
                                            "dem"};
static const char *const TURKISH_MEN[] = {"Mehmet",
                                          "Mustafa",
                                          "\xC4\xB0"
                                          "brahim",
                                          "\xC3\x96mer",
                                          "Ahmet",
                                          "\xC5\x9E"
                                          "ahin",
                                          "U\xC4\x9Fur",
                                          "Emre",
                                          "Burak",
                                          "Halil"};
static const char *const TURKISH_LAST[] = {"Y\xC4\xB1ld\xC4\xB1z",
                                           "Ayd\xC4\xB1n",
                                           "\xC5\x9E"
                                           "ahin",
                                           "\xC3\x87"
                                           "elik",
                                           "\xC3\x96zt\xC3\xBCrk",
                                           "Do\xC4\x9F"
                                           "an",
                                           "Arslan",
                                           "K\xC4\xB1l\xC4\xB1\xC3\xA7",
                                           "Ko\xC3\xA7",
                                           "G\xC3\xBCne\xC5\x9F",
                                           "Ac\xC4\xB1"
                                           "badem",
                                           "Erdem"};
static const char *const STREETS[] = {"Elm St",     "Harbor View Dr", "Old Mill Rd", "Cedar Ave",
                                      "S Larch Ln", "Pioneer Way",    "Meadow Ct",   "12th Ave NE"};
static const char *const TURKISH_STREETS[] = {"Ba\xC4\x9F"
                                              "dat Cad.",
                                              "\xC3\x87"
                                              "amlık Sok.",
                                              "G\xC3\xBCl Sok.", "Atat\xC3\xBCrk Bulvar\xC4\xB1"};

typedef struct place {
    const char *city, *state, *zip;
    int area;
} place;
static const place PLACES[] = {{"Rochester", "WA", "98579", 360}, {"Olympia", "WA", "98501", 360},
                               {"Tumwater", "WA", "98512", 360},  {"Tacoma", "WA", "98402", 253},
                               {"Portland", "OR", "97205", 503},  {"Centralia", "WA", "98531", 360},
                               {"Cambridge", "MA", "02138", 617}};
static const place TURKISH_PLACES[] = {{"\xC4\xB0stanbul", "Kad\xC4\xB1k\xC3\xB6y", "", 216},
                                       {"\xC4\xB0zmir", "Bornova", "", 232},
                                       {"Ankara",
                                        "\xC3\x87"
                                        "ankaya",
                                        "", 312}};

const char *const EMPLOYER[EMPLOYERS] = {"Cascade Timber Co", "Olympic Shipyards",    "Puget Bakery, Inc.",
                                         "Northgate Schools", "Rainier Analytics",    "Evergreen Foods",
                                         "Harbor Transit",    "Mason County Library", "Alder & Sons",
                                         "Willow Creek Farm", "Summit Outfitters",    "Tidewater Press"};
const carrier CARRIER[CARRIERS] = {
    {"Delta Dental of Washington",
     "91062",
     {"Delta Dental of Washington", "Delta Dental of WA PPO", "DDWA", "Washington Dental Service"},
     {NULL, "PPO", NULL, NULL}},
    {"MetLife", "65978", {"MetLife", "Met Life", "Metropolitan", "MetLife"}, {NULL}},
    {"Cigna", "62308", {"Cigna", "Connecticut General", "CIGNA", "CGLIC"}, {NULL}},
    {"Guardian", "64246", {"Guardian", "GLIC", "Guardian", "Guardian"}, {NULL}},
    {"United Concordia", "CX007", {"United Concordia", "UCCI", "United Concordia", "UCCI"}, {NULL}},
    {"UnitedHealthcare", "52133", {"UnitedHealthcare", "UHC", "UnitedHealthcare", "UHC"}, {NULL}},
    {"Ameritas", "47009", {"Ameritas", "Ameritas", "Ameritas", "Ameritas"}, {NULL}}};

/* A family's size belongs to its first member alone. */
static unsigned family_size(const gen *g, uint32_t head)
{
    chance c = chance_of(g->seed, PURPOSE_FAMILY, head);
    unsigned x = below(&c, 100);
    return x < 55 ? 1 : x < 75 ? 2 : x < 90 ? 3 : 4;
}

static sv phone_of(gen *g, chance *c, int area)
{
    if (g->turkish) return text_of(g, "+90%d%03d%04d", area, between(c, 311, 488), between(c, 1000, 9899));
    return text_of(g, "+1%d555%04d", area, between(c, 2000, 9899));
}

static void make_home(gen *g, patient *p)
{
    chance c = chance_of(g->seed, PURPOSE_FAMILY, p->head);
    draw(&c);
    const place *at = g->turkish ? &PICK(&c, TURKISH_PLACES) : &PICK(&c, PLACES);
    const char *street = g->turkish ? PICK(&c, TURKISH_STREETS) : PICK(&c, STREETS);
    p->who.last = g->turkish ? PICK(&c, TURKISH_LAST) : PICK(&c, LAST);
    int number = between(&c, 2, 899);
    p->street = g->turkish ? text_of(g, "%s No:%d", street, number) : text_of(g, "%d %s", number, street);
    if (percent(&c, 12)) p->street2 = text_of(g, g->turkish ? "Daire %d" : "Apt %d", between(&c, 1, 40));
    p->city = sv_from(at->city);
    p->state = at->state;
    p->zip =
        percent(&c, 15) && !g->turkish ? text_of(g, "%s-%04d", at->zip, between(&c, 1000, 9999)) : sv_from(at->zip);
    if (percent(&c, 70)) p->phone[0] = phone_of(g, &c, at->area);
    p->provider = 1 + (int)below(&c, DOCTORS);
}

static int32_t birth_of(gen *g, const patient *p, uint32_t index)
{
    chance c = chance_of(g->seed, PURPOSE_PERSON, index);
    chance family = chance_of(g->seed, PURPOSE_FAMILY + 100, p->head);
    int head_age = between(&family, 38, 78), age = head_age;
    if (p->place == 1) age = head_age + between(&c, -6, 4);
    if (p->place >= 2) age = 9 + (int)below(&c, (unsigned)(head_age - 34 < 16 ? head_age - 34 : 16));
    return TODAY - age * 365 - between(&c, 0, 364);
}

/* The first name of who heads the family; nobody else in it has it, but a son who is named after him. */
static const char *head_first_name(gen *g, uint32_t head, bool male)
{
    if (male) {
        chance family = chance_of(g->seed, PURPOSE_FAMILY + 200, head);
        draw(&family);
        return g->turkish ? PICK(&family, TURKISH_MEN) : PICK(&family, MEN);
    }
    chance c = chance_of(g->seed, PURPOSE_PERSON + 100, head);
    return g->turkish ? PICK(&c, TURKISH_WOMEN) : PICK(&c, WOMEN);
}

static void make_person(gen *g, uint32_t index, patient *p)
{
    *p = (patient){.index = index, .id = 1001 + index, .head = g->head[index], .employer = -1, .source = -1};
    p->place = index - p->head;
    p->family = family_size(g, p->head);
    if (p->head + p->family > g->patients) p->family = g->patients - p->head;
    make_home(g, p);
    chance family = chance_of(g->seed, PURPOSE_FAMILY + 200, p->head),
           c = chance_of(g->seed, PURPOSE_PERSON + 100, index);
    bool head_male = percent(&family, 50);
    p->who.male = p->place == 0 ? head_male : p->place == 1 ? !head_male : percent(&c, 50);
    const char *head_name = g->turkish ? PICK(&family, TURKISH_MEN) : PICK(&family, MEN);
    p->who.first = g->turkish    ? (p->who.male ? PICK(&c, TURKISH_MEN) : PICK(&c, TURKISH_WOMEN))
                   : p->who.male ? PICK(&c, MEN)
                                 : PICK(&c, WOMEN);
    if (p->place == 0 && head_male) p->who.first = head_name;
    if (p->place && strcmp(p->who.first, head_first_name(g, p->head, head_male)) == 0)
        p->who.first = p->who.male ? "Edgar" : "Alma";
    static const char *const MIDDLE[] = {"L", "A", "M", "J", "T"};
    if (percent(&c, 45) && !g->turkish) p->who.middle = PICK(&c, MIDDLE);
    p->who.birth = birth_of(g, p, index);
    p->twin = p->place == 3 && percent(&family, 30);
    if (p->twin) p->who.birth = birth_of(g, p, index - 1);
    bool junior = !g->turkish && head_male && p->family >= 3 && percent(&family, 25);
    if (junior && p->place == 0) p->who.suffix = "Sr";
    if (junior && p->place == 2) {
        p->who.male = true;
        p->who.first = head_name;
        p->who.suffix = "Jr";
    }
    if (percent(&c, 8) && !g->turkish) p->who.nick = p->who.male ? "Bud" : "Kit";
    static const char *const FEMALE_TITLES[] = {"Ms", "Mrs", "Miss"};
    if (percent(&c, 50) && !g->turkish) p->who.title = p->who.male ? "Mr" : PICK(&c, FEMALE_TITLES);
}

/* 9 of 11 digits at random, the last two by the rule of the Turkish number. */
static sv turkish_id(gen *g, chance *c)
{
    int d[11], odd = 0, even = 0, all = 0;
    char text[12] = {0};
    for (int i = 0; i < 9; i++) d[i] = between(c, i == 0, 9);
    for (int i = 0; i < 9; i++) *(i % 2 ? &even : &odd) += d[i];
    d[9] = (7 * odd - even + 100) % 10;
    for (int i = 0; i < 10; i++) all += d[i];
    d[10] = all % 10;
    for (int i = 0; i < 11; i++) text[i] = (char)('0' + d[i]);
    return arena_sv(g->mem, sv_from(text));
}

static void make_contact(gen *g, patient *p)
{
    chance c = chance_of(g->seed, PURPOSE_PERSON + 200, p->index);
    int area = g->turkish ? 530 : 360;
    if (percent(&c, 80)) p->phone[1] = phone_of(g, &c, area);
    if (percent(&c, 30)) p->phone[2] = phone_of(g, &c, area);
    if (p->phone[2].n && percent(&c, 30) && !g->turkish) p->extension = (unsigned)between(&c, 10, 499);
    if (percent(&c, 78))
        p->email =
            text_of(g, "%c%u.%s@example.%s", p->who.male ? 'm' : 'f', p->id, "mail", percent(&c, 50) ? "org" : "net");
    if (g->turkish) {
        p->ssn = turkish_id(g, &c);
    } else if (percent(&c, 60)) {
        p->ssn = text_of(g, "%03d-%02d-%04d", between(&c, 101, 665), between(&c, 10, 99), between(&c, 1001, 9989));
    }
    if (percent(&c, 45) && p->place < 2) p->employer = (int)below(&c, EMPLOYERS);
    static const char *const BILLING[] = {"Standard", "Insurance", "Cash", "Courtesy"};
    p->billing = PICK(&c, BILLING);
    unsigned x = below(&c, 100);
    p->status = x < 82 ? "Active" : x < 93 ? "Inactive" : x < 96 ? "Archived" : x < 98 ? "Deceased" : "Prospective";
    if (percent(&c, 75)) p->source = 1 + (int)below(&c, 12);
}

static void make_life(gen *g, patient *p)
{
    chance c = chance_of(g->seed, PURPOSE_LIFE, p->index);
    unsigned x = below(&c, 100);
    p->severity = x < 12 ? 0 : x < 45 ? 1 : x < 80 ? 2 : 3;
    p->compliance = (int)below(&c, 3);
    p->exams = 3 + below(&c, 11);
    int32_t day = TODAY - between(&c, 30, 200);
    for (unsigned i = p->exams; i-- > 0;) {
        p->exam_day[i] = day;
        p->exam_minute[i] = (uint16_t)(8 * 60 + 15 * below(&c, 36));
        day -= i == 1 ? between(&c, 50, 90) : between(&c, 110, 240);
    }
    /* Nobody is charted before his ninth birthday. */
    while (p->exams > 1 && p->exam_day[0] < p->who.birth + 9 * 366) {
        p->exams--;
        for (unsigned i = 0; i < p->exams; i++) {
            p->exam_day[i] = p->exam_day[i + 1];
            p->exam_minute[i] = p->exam_minute[i + 1];
        }
    }
    p->first_visit = p->exam_day[0];
}

static void count_things(const gen *g, patient *p)
{
    chance c = chance_of(g->seed, PURPOSE_COUNTS, p->index);
    uint32_t *n = p->count;
    n[THING_EXAM] = p->exams;
    n[THING_PLAN] = p->severity ? 1 + percent(&c, 30) : percent(&c, 30);
    n[THING_LINE] = n[THING_PLAN] * 5;
    n[THING_NOTE] = p->exams + below(&c, 3);
    n[THING_FLAG] = below(&c, 3);
    n[THING_REFERRAL] = (uint32_t)(p->source >= 0) + percent(&c, 20);
    n[THING_LETTER] = n[THING_REFERRAL] ? 1 + p->exams / 3 : 0;
    n[THING_DOCUMENT] = g->lean && !g->document_bytes ? 0 : 1 + below(&c, 3);
    n[THING_RADIOGRAPH] = 1 + below(&c, 2);
    n[THING_APPOINTMENT] = p->exams + percent(&c, 40);
    n[THING_POLICY] = percent(&c, 70) ? 1 + percent(&c, 20) : 0;
    n[THING_FINDING] = p->exams / 2;
    n[THING_BILLING] = n[THING_LINE] * 2;
}

/* The same person once more under another number (42), or with day and month of birth changed over (44). */
static void make_double(gen *g, patient *p)
{
    if (p->index == 0 || p->family != 1) return;
    bool same = hard(g, 42, p->index, 0), swapped = !same && hard(g, 44, p->index, 0);
    if (!same && !swapped) return;
    patient other;
    make_person(g, p->index - 1, &other);
    if (other.family != 1 || hard(g, 42, other.index, 0) || hard(g, 44, other.index, 0)) return;
    int y = 0, m = 0, d = 0;
    day_parts(other.who.birth, &y, &m, &d);
    if (swapped && (d > 12 || d == m)) return;
    p->who = other.who;
    if (swapped) p->who.birth = day_of(y, d, m);
    p->same_as = other.id;
    p->birth_swapped = swapped;
}

void patient_make(gen *g, uint32_t index, patient *p)
{
    make_person(g, index, p);
    if (!g->turkish && hard(g, 39, index, 0)) {
        p->who.last = "O'BRIEN-LEE";
        p->who.first = "mary";
    } else if (!g->turkish && hard(g, 40, index, 0)) {
        p->who.last = "Null";
    }
    make_double(g, p);
    make_contact(g, p);
    make_life(g, p);
    count_things(g, p);
    for (int i = 0; i < THINGS; i++) p->first[i] = g->first[i] ? g->first[i][index] : 0;
}

bool patients_number(gen *g)
{
    g->head = calloc(g->patients, sizeof *g->head);
    uint32_t *first[THINGS];
    bool ok = g->head != NULL;
    for (int i = 0; i < THINGS; i++) {
        first[i] = calloc((size_t)g->patients + 1, sizeof **first);
        ok = ok && first[i];
    }
    for (uint32_t head = 0; ok && head < g->patients;) {
        uint32_t size = family_size(g, head);
        for (uint32_t i = head; i < head + size && i < g->patients; i++) g->head[i] = head;
        head += size;
    }
    for (int i = 0; ok && i < THINGS; i++) first[i][0] = 1;
    for (uint32_t i = 0; ok && i < g->patients; i++) {
        patient p;
        arena_reset(g->mem);
        patient_make(g, i, &p);
        for (int k = 0; k < THINGS; k++) first[k][i + 1] = first[k][i] + p.count[k];
    }
    for (int i = 0; i < THINGS; i++) g->first[i] = first[i];
    return ok;
}
