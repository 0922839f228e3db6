/* The six sites and what systems call them. */
#include "tooth/tooth_label.h"

const char *const site_name[SITES] = {"MB", "B", "DB", "ML", "L", "DL"};

/* Names without blanks and signs. F facial, V vestibular, LA labial, P palatal, O oral. Two letters in either order:
 * LM is ML. MO, DO and the like are surfaces of a filling and no sites. */
static const struct {
    const char *name;
    tooth_site site;
} short_names[] = {{"MB", SITE_MB},
                   {"MF", SITE_MB},
                   {"MV", SITE_MB},
                   {"FM", SITE_MB},
                   {"BM", SITE_MB},
                   {"VM", SITE_MB},
                   {"1", SITE_MB},
                   {"B", SITE_B},
                   {"F", SITE_B},
                   {"V", SITE_B},
                   {"LA", SITE_B},
                   {"2", SITE_B},
                   {"DB", SITE_DB},
                   {"DF", SITE_DB},
                   {"DV", SITE_DB},
                   {"FD", SITE_DB},
                   {"BD", SITE_DB},
                   {"VD", SITE_DB},
                   {"3", SITE_DB},
                   {"ML", SITE_ML},
                   {"MP", SITE_ML},
                   {"LM", SITE_ML},
                   {"4", SITE_ML},
                   {"L", SITE_L},
                   {"P", SITE_L},
                   {"O", SITE_L},
                   {"5", SITE_L},
                   {"DL", SITE_DL},
                   {"DP", SITE_DL},
                   {"LD", SITE_DL},
                   {"6", SITE_DL},
                   /* Answers of LOINC for the place of a probing. */
                   {"LA92705", SITE_MB},
                   {"LA92697", SITE_B},
                   {"LA92713", SITE_DB},
                   {"LA92747", SITE_ML},
                   {"LA92721", SITE_L},
                   {"LA92739", SITE_DL}};

/* Parts of long names: MESIOBUCCAL, FACIALDISTAL, MIDLINGUAL, MEZIYOBUKKAL. */
enum { MESIAL = 1, DISTAL = 2, MIDDLE = 4, FACIAL = 8, LINGUAL = 16 };
static const struct {
    const char *word;
    int part;
} parts[] = {
    {"MESIAL", MESIAL},   {"MESIO", MESIAL},    {"MEZYAL", MESIAL},   {"MEZIAL", MESIAL},     {"MEZYO", MESIAL},
    {"MEZIYO", MESIAL},   {"MEZIO", MESIAL},    {"DISTAL", DISTAL},   {"DISTO", DISTAL},      {"MIDDLE", MIDDLE},
    {"MID", MIDDLE},      {"ORTA", MIDDLE},     {"BUCCAL", FACIAL},   {"BUKKAL", FACIAL},     {"FACIAL", FACIAL},
    {"FASIYAL", FACIAL},  {"LABIAL", FACIAL},   {"LABIYAL", FACIAL},  {"VESTIBULAR", FACIAL}, {"VESTIBULER", FACIAL},
    {"VESTIBUL", FACIAL}, {"LINGUAL", LINGUAL}, {"LINGUEL", LINGUAL}, {"PALATINAL", LINGUAL}, {"PALATAL", LINGUAL},
    {"ORAL", LINGUAL},    {"B", FACIAL},        {"F", FACIAL},        {"L", LINGUAL},         {"P", LINGUAL}};

static tooth_site of_parts(int all)
{
    switch (all) {
    case MESIAL | FACIAL: return SITE_MB;
    case FACIAL:
    case MIDDLE | FACIAL: return SITE_B;
    case DISTAL | FACIAL: return SITE_DB;
    case MESIAL | LINGUAL: return SITE_ML;
    case LINGUAL:
    case MIDDLE | LINGUAL: return SITE_L;
    case DISTAL | LINGUAL: return SITE_DL;
    default: return SITES;
    }
}

/* One letter may end a name that began with a word: MidB. */
static tooth_site long_name(sv s)
{
    int all = 0;
    while (s.n) {
        size_t i = 0, count = sizeof parts / sizeof parts[0];
        while (i < count && !sv_starts(s, sv_from(parts[i].word))) i++;
        if (i == count || all & parts[i].part) return SITES;
        size_t n = strlen(parts[i].word);
        if (n == 1 && (s.n != 1 || all == 0)) return SITES;
        all |= parts[i].part;
        s = (sv){s.p + n, s.n - n};
    }
    return of_parts(all);
}

tooth_site site_named(sv name)
{
    folded f;
    if (!fold_text(name, &f)) return SITES;
    char text[FOLDED_MAX];
    size_t n = 0;
    for (size_t i = 0; i < f.n; i++) {
        if (strchr(" -_./", f.p[i])) continue;
        text[n++] = f.p[i];
    }
    sv s = {text, n};
    for (size_t i = 0; i < sizeof short_names / sizeof short_names[0]; i++)
        if (sv_eq(s, sv_from(short_names[i].name))) return short_names[i].site;
    return long_name(s);
}
