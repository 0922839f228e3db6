#include "chart/chart_words.h"

static const struct {
    const char *name;
    chart_measure measure;
} measures[] = {{"pd", MEASURE_PD},
                {"probing_depth", MEASURE_PD},
                {"recession", MEASURE_RECESSION},
                {"gingival_margin", MEASURE_RECESSION},
                {"cal", MEASURE_CAL},
                {"attachment_loss", MEASURE_CAL},
                {"bop", MEASURE_BOP},
                {"bleeding", MEASURE_BOP},
                {"suppuration", MEASURE_SUPPURATION},
                {"plaque", MEASURE_PLAQUE},
                {"calculus", MEASURE_CALCULUS},
                {"bleeding_flags", MEASURE_BLEEDING_FLAGS},
                {"mobility", MEASURE_MOBILITY},
                {"furcation", MEASURE_FURCATION},
                {"miller", MEASURE_MILLER},
                {"cairo", MEASURE_CAIRO},
                {"keratinized_width", MEASURE_KERATINIZED},
                {"mgj", MEASURE_MGJ},
                {"plaque_index", MEASURE_PLAQUE_INDEX},
                {"status", MEASURE_STATUS},
                {"missing", MEASURE_MISSING},
                {"implant", MEASURE_IMPLANT},
                {"note", MEASURE_NOTE},
                {"ignored", MEASURE_IGNORED}};
enum { MEASURE_NAMES = sizeof measures / sizeof measures[0] };

bool chart_measure_named(sv name, chart_measure *out)
{
    for (size_t i = 0; i < MEASURE_NAMES; i++)
        if (sv_eq(name, sv_from(measures[i].name))) {
            *out = measures[i].measure;
            return true;
        }
    return false;
}

size_t chart_measure_names(const char *const **out)
{
    static const char *names[MEASURE_NAMES];
    for (size_t i = 0; i < MEASURE_NAMES; i++) names[i] = measures[i].name;
    *out = names;
    return MEASURE_NAMES;
}

bool chart_measure_has_site(chart_measure m) { return m <= MEASURE_BLEEDING_FLAGS; }

static const char *const status_names[] = {NULL, "present", "missing", "implant", "unerupted", "pontic", "primary"};
enum { STATUSES = sizeof status_names / sizeof status_names[0] };

const char *tooth_status_name(tooth_status s) { return (unsigned)s < STATUSES ? status_names[s] : NULL; }

bool tooth_status_word(sv name, tooth_status *out)
{
    for (unsigned i = 1; i < STATUSES; i++)
        if (sv_eq(name, sv_from(status_names[i]))) {
            *out = (tooth_status)i;
            return true;
        }
    return false;
}

/* Turkish letters lose their marks; what is neither letter nor digit is left out. */
size_t chart_plain(sv text, char *out, size_t room)
{
    static const struct {
        const char *from;
        char to;
    } folds[] = {{"\xc5\x9f", 'S'}, {"\xc5\x9e", 'S'}, {"\xc4\x9f", 'G'}, {"\xc4\x9e", 'G'},
                 {"\xc3\xbc", 'U'}, {"\xc3\x9c", 'U'}, {"\xc3\xb6", 'O'}, {"\xc3\x96", 'O'},
                 {"\xc3\xa7", 'C'}, {"\xc3\x87", 'C'}, {"\xc4\xb1", 'I'}, {"\xc4\xb0", 'I'}};
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        for (size_t k = 0; (unsigned char)c >= 0x80 && k < sizeof folds / sizeof folds[0]; k++)
            if (sv_starts((sv){text.p + i, text.n - i}, sv_from(folds[k].from))) {
                c = folds[k].to;
                i++;
                break;
            }
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)) continue;
        if (n == room) return 0;
        out[n++] = c;
    }
    return n;
}

tooth_status chart_status_named(sv word)
{
    static const struct {
        const char *word;
        tooth_status status;
    } words[] = {{"PRESENT", TOOTH_PRESENT},     {"NORMAL", TOOTH_PRESENT},     {"NATURAL", TOOTH_PRESENT},
                 {"MEVCUT", TOOTH_PRESENT},      {"VAR", TOOTH_PRESENT},        {"MISSING", TOOTH_MISSING},
                 {"ABSENT", TOOTH_MISSING},      {"EXTRACTED", TOOTH_MISSING},  {"EKSIK", TOOTH_MISSING},
                 {"YOK", TOOTH_MISSING},         {"CEKILMIS", TOOTH_MISSING},   {"IMPLANT", TOOTH_IMPLANT},
                 {"UNERUPTED", TOOTH_UNERUPTED}, {"IMPACTED", TOOTH_UNERUPTED}, {"GOMULU", TOOTH_UNERUPTED},
                 {"SURMEMIS", TOOTH_UNERUPTED},  {"PONTIC", TOOTH_PONTIC},      {"GOVDE", TOOTH_PONTIC},
                 {"PRIMARY", TOOTH_PRIMARY},     {"DECIDUOUS", TOOTH_PRIMARY},  {"SUT", TOOTH_PRIMARY},
                 {"SUTDISI", TOOTH_PRIMARY}};
    char text[24];
    size_t n = chart_plain(word, text, sizeof text);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sv_eq((sv){text, n}, sv_from(words[i].word))) return words[i].status;
    return TOOTH_STATUS_NONE;
}

char chart_entrance_named(sv name)
{
    static const struct {
        const char *word;
        char entrance;
    } words[] = {{"B", 'B'},      {"F", 'B'}, {"V", 'B'},      {"BUCCAL", 'B'},  {"FACIAL", 'B'},  {"LABIAL", 'B'},
                 {"BUKKAL", 'B'}, {"M", 'M'}, {"MESIAL", 'M'}, {"MEZIAL", 'M'},  {"MEZYAL", 'M'},  {"D", 'D'},
                 {"DISTAL", 'D'}, {"L", 'L'}, {"P", 'L'},      {"LINGUAL", 'L'}, {"PALATAL", 'L'}, {"ORAL", 'L'}};
    char text[16];
    size_t n = chart_plain(name, text, sizeof text);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sv_eq((sv){text, n}, sv_from(words[i].word))) return words[i].entrance;
    return 0;
}

char chart_entrance_at(tooth_site site)
{
    static const char entrances[SITES] = {'M', 'B', 'D', 'M', 'L', 'D'};
    return site < SITES ? entrances[site] : 0;
}

sv chart_custom_type(column_type t)
{
    switch (t) {
    case T_BOOL: return SV_LIT("bool");
    case T_INT:
    case T_DECIMAL:
    case T_MONEY:
    case T_REAL: return SV_LIT("number");
    case T_DATE:
    case T_DATETIME: return SV_LIT("date");
    /* A moment with a zone of its own is none of the practice's clock: whole only as text. */
    case T_DATETIMEOFFSET:
    default: return SV_LIT("text");
    }
}
