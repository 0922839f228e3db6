/* Insurers by one name each, and the plan apart from it. The names are public facts about companies; what a practice
 * calls them otherwise stands in its profile (`values: insurance_policy.carrier_name`), which comes first. */
#include "normalize/contacts/place.h"
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

/* Aliases are folded, without the words of `noise`. United Concordia is not UnitedHealthcare. */
static const struct carrier_names {
    const char *name, *aliases;
} carriers[] = {
    {"Delta Dental", "delta dental|delta|dd|ddic"},
    {"Northeast Delta Dental", "northeast delta dental|ne delta dental"},
    {"MetLife", "metlife|met life|metropolitan|metropolitan life"},
    {"Cigna", "cigna|cglic|connecticut general|connecticut general life|cigna healthcare"},
    {"Aetna", "aetna|aetna life"},
    {"Guardian", "guardian|glic|guardian life|guardian life of america"},
    {"United Concordia", "united concordia|ucci|concordia|united concordia companies"},
    {"UnitedHealthcare", "unitedhealthcare|united healthcare|united health care|uhc|united health"},
    {"Anthem", "anthem|anthem blue cross|anthem bcbs|anthem blue cross blue shield|anthem blue cross and blue shield"},
    {"Blue Cross Blue Shield", "blue cross blue shield|blue cross and blue shield|bcbs|bc bs"},
    {"Ameritas", "ameritas|ameritas life|ameritas group"},
    {"Principal", "principal|principal life|principal financial|principal financial group"},
    {"Humana", "humana|humanadental"},
    {"Sun Life", "sun life|sunlife|sun life financial|assurant|assurant employee benefits"},
    {"Lincoln Financial", "lincoln financial|lincoln financial group|lincoln national"},
    {"Renaissance", "renaissance"},
    {"GEHA", "geha|connection dental"},
    {"Tricare", "tricare"},
};

/* Groups of companies of single states: before "of", and by letters before the state's code (DDWA). */
static const struct {
    const char *parent, *spellings, *letters;
} families[] = {
    {"Delta Dental", "delta dental|delta|dd", "dd"},
    {"Blue Cross Blue Shield", "blue cross blue shield|blue cross and blue shield|bcbs", "bcbs"},
};

static const struct {
    const char *words, *plan;
} plans[] = {
    {"ppo plus premier", "PPO Plus Premier"},
    {"ppo", "PPO"},
    {"premier", "Premier"},
    {"dppo", "DPPO"},
    {"dmo", "DMO"},
    {"dhmo", "DHMO"},
    {"hmo", "HMO"},
    {"epo", "EPO"},
    {"indemnity", "Indemnity"},
    {"deltacare usa", "DeltaCare USA"},
    {"deltacare", "DeltaCare USA"},
};

/* Words that say what every insurer is. */
static const char noise[] = "insurance|ins|company|co|corp|inc|llc|plan|plans|of america";

typedef struct carrier_read {
    char name[FOLDED_MAX]; /* canonical; empty: not known */
    const char *parent;    /* of a company of one state; NULL */
    const char *plan;      /* NULL: none is named */
} carrier_read;

static bool ends_in_words(const folded *f, sv words)
{
    return f->n > words.n && f->text[f->n - words.n - 1] == ' ' &&
           memcmp(f->text + f->n - words.n, words.p, words.n) == 0;
}

static bool drop_words(folded *f, sv words)
{
    if (!ends_in_words(f, words)) return false;
    f->n -= words.n + 1;
    return true;
}

static bool drop_noise(folded *f)
{
    for (const char *p = noise; *p;) {
        size_t n = strcspn(p, "|");
        if (drop_words(f, (sv){p, n})) return true;
        p += n + (p[n] == '|');
    }
    return false;
}

static bool drop_plan(folded *f, const char **plan)
{
    for (size_t i = 0; i < sizeof plans / sizeof plans[0] && !*plan; i++) {
        if (!drop_words(f, sv_from(plans[i].words))) continue;
        *plan = plans[i].plan;
        return true;
    }
    return false;
}

static const char *known(const folded *f)
{
    for (size_t i = 0; i < sizeof carriers / sizeof carriers[0]; i++)
        if (folded_is_one_of(f, carriers[i].aliases)) return carriers[i].name;
    return NULL;
}

/* "of washington", "of wa", "wa" behind the spelling of a family: appends the state's name. */
static bool state_behind(const folded *f, sv spelling, bool blank, buf *name)
{
    sv rest = {f->text + spelling.n, f->n - spelling.n};
    if (!sv_starts((sv){f->text, f->n}, spelling) || (blank && (rest.n < 2 || rest.p[0] != ' '))) return false;
    if (blank) rest = (sv){rest.p + 1, rest.n - 1};
    if (blank && sv_starts(rest, SV_LIT("of "))) rest = (sv){rest.p + 3, rest.n - 3};
    return rest.n > 0 && us_state_name(rest, name);
}

static bool of_state(const folded *f, carrier_read *out)
{
    buf state = buf_new(sizeof out->name / 2);
    for (size_t i = 0; i < sizeof families / sizeof families[0] && !out->parent; i++) {
        bool found = state_behind(f, sv_from(families[i].letters), false, &state);
        for (const char *p = families[i].spellings; *p && !found;) {
            size_t n = strcspn(p, "|");
            found = state_behind(f, (sv){p, n}, true, &state);
            p += n + (p[n] == '|');
        }
        if (found) out->parent = families[i].parent;
    }
    if (out->parent && !state.failed && state.n) {
        size_t n = strlen(out->parent);
        memcpy(out->name, out->parent, n);
        memcpy(out->name + n, " of ", 4);
        memcpy(out->name + n + 4, state.p, state.n);
        out->name[n + 4 + state.n] = '\0';
    }
    buf_free(&state);
    return out->name[0] != '\0';
}

static bool named(folded *f, carrier_read *out)
{
    if (folded_is_one_of(f, "washington dental service|wds")) {
        out->parent = "Delta Dental";
        memcpy(out->name, "Delta Dental of Washington", sizeof "Delta Dental of Washington");
        return true;
    }
    const char *name = known(f);
    if (name) memcpy(out->name, name, strlen(name) + 1);
    return name || of_state(f, out);
}

/* Words are taken off the end until what is left is known. */
static carrier_read read_carrier(sv in)
{
    carrier_read out = {.plan = NULL};
    folded f;
    if (!text_fold(in, &f)) return out;
    while (!named(&f, &out)) {
        if (drop_plan(&f, &out.plan) || drop_noise(&f) || drop_words(&f, SV_LIT("dental"))) continue;
        return (carrier_read){.plan = NULL};
    }
    return out;
}

norm_form normalize_carrier(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    carrier_read x = read_carrier(in);
    if (!x.name[0]) return normalize_line(c, in, out, r);
    buf_str(out, x.name);
    return FORM_GOOD;
}

bool norm_carrier_known(sv name, buf *out)
{
    carrier_read x = read_carrier(name);
    buf_str(out, x.name);
    return x.name[0] != '\0';
}

const char *norm_carrier_parent(sv name) { return read_carrier(name).parent; }

/* The insurer by its one name, and the plan that its spelling names. */
void record_carrier(const record *x)
{
    if (strcmp(x->entity->name, "insurance_policy") != 0) return;
    buf text = buf_new((size_t)1 << 20);
    sv raw = record_text(x, "carrier_raw"), spelt = record_original(x, "carrier_name", &text);
    if (spelt.n == 0) spelt = raw;
    carrier_read c = read_carrier(spelt);
    if (!record_text(x, "carrier_raw").n) record_set(x, "carrier_raw", spelt);
    norm_cell *name = record_cell(x, "carrier_name");
    if (name && name->form == FORM_EMPTY && spelt.n) {
        record_set(x, "carrier_name", c.name[0] ? sv_from(c.name) : spelt);
    }
    /* A name that the profile found by the payer's id does not name the plan; the spelling does. */
    if (!c.plan) c.plan = read_carrier(raw).plan;
    if (c.plan && !record_text(x, "plan").n) record_set(x, "plan", sv_from(c.plan));
    buf_free(&text);
}
