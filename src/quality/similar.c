#include "quality/similar.h"

/* ---- Soundex ---- */

static char code_of(char c)
{
    static const char codes[26] = "01230120022455012623010202";
    return c >= 'a' && c <= 'z' ? codes[c - 'a'] : '\0';
}

uint32_t soundex(sv name)
{
    char out[4] = {0, '0', '0', '0'};
    size_t n = 0;
    char before = '\0';
    for (size_t i = 0; i < name.n && n < 4; i++) {
        char c = name.p[i], code = code_of(c);
        if (!code) continue;
        if (n == 0)
            out[n++] = (char)(c - 32);
        else if (code != '0' && code != before)
            out[n++] = code;
        if (c != 'h' && c != 'w') before = code;
    }
    if (n == 0) return 0;
    return (uint32_t)(unsigned char)out[0] << 24 | (uint32_t)(unsigned char)out[1] << 16 |
           (uint32_t)(unsigned char)out[2] << 8 | (unsigned char)out[3];
}

/* ---- Jaro-Winkler ---- */

enum { COMPARED_MAX = 64 };

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* Letters of a that b has near the same place, as bits of both. */
static size_t matches(sv a, sv b, uint64_t *in_a, uint64_t *in_b)
{
    size_t window = larger(a.n, b.n) / 2, n = 0;
    window = window > 0 ? window - 1 : 0;
    *in_a = *in_b = 0;
    for (size_t i = 0; i < a.n; i++) {
        size_t from = i > window ? i - window : 0, to = i + window + 1 < b.n ? i + window + 1 : b.n;
        for (size_t j = from; j < to; j++) {
            if ((*in_b >> j & 1) || a.p[i] != b.p[j]) continue;
            *in_a |= UINT64_C(1) << i;
            *in_b |= UINT64_C(1) << j;
            n++;
            break;
        }
    }
    return n;
}

static size_t out_of_order(sv a, sv b, uint64_t in_a, uint64_t in_b)
{
    size_t n = 0, j = 0;
    for (size_t i = 0; i < a.n; i++) {
        if (!(in_a >> i & 1)) continue;
        while (!(in_b >> j & 1)) j++;
        n += a.p[i] != b.p[j++];
    }
    return n / 2;
}

double jaro_winkler(sv a, sv b)
{
    uint64_t in_a, in_b;
    size_t prefix = 0;
    if (a.n > COMPARED_MAX) a.n = COMPARED_MAX;
    if (b.n > COMPARED_MAX) b.n = COMPARED_MAX;
    size_t m = matches(a, b, &in_a, &in_b);
    if (m == 0) return 0;
    double x = (double)m, t = (double)out_of_order(a, b, in_a, in_b);
    double jaro = (x / (double)a.n + x / (double)b.n + (x - t) / x) / 3;
    while (prefix < 4 && prefix < a.n && prefix < b.n && a.p[prefix] == b.p[prefix]) prefix++;
    return jaro + (double)prefix * 0.1 * (1 - jaro);
}

/* ---- nicknames ---- */

/* Common knowledge of American given names, and Turkish short forms. A name may stand in several groups. */
static const char *const groups[] = {
    "|abigail|abby|gail|",
    "|albert|al|bert|",
    "|alexander|alex|al|sandy|",
    "|alexandra|alex|sandra|sandy|lexi|",
    "|alfred|al|fred|",
    "|allen|alan|al|",
    "|amanda|mandy|",
    "|andrew|andy|drew|",
    "|ann|anne|annie|nancy|anna|",
    "|anthony|tony|",
    "|arthur|art|",
    "|barbara|barb|babs|",
    "|benjamin|ben|benny|",
    "|beverly|bev|",
    "|bradley|brad|",
    "|catherine|katherine|kathryn|cathy|kathy|kate|katie|kay|kit|",
    "|charles|charlie|chuck|chas|",
    "|christina|christine|chris|tina|christy|",
    "|christopher|chris|kit|topher|",
    "|clifford|cliff|",
    "|cynthia|cindy|",
    "|daniel|dan|danny|",
    "|david|dave|davey|",
    "|deborah|debra|deb|debbie|",
    "|dennis|denny|",
    "|donald|don|donnie|",
    "|dorothy|dot|dottie|dolly|",
    "|douglas|doug|",
    "|edward|ed|eddie|ted|teddy|ned|",
    "|eleanor|ellie|nell|nora|",
    "|elizabeth|liz|lizzie|beth|betty|betsy|eliza|libby|lisa|",
    "|eugene|gene|",
    "|florence|flo|",
    "|frances|fran|frannie|",
    "|francis|frank|fran|",
    "|franklin|frank|",
    "|frederick|fred|freddy|rick|",
    "|gerald|jerry|gerry|",
    "|gregory|greg|",
    "|harold|hal|harry|",
    "|henry|hank|harry|hal|",
    "|jacob|jake|",
    "|james|jim|jimmy|jamie|",
    "|jane|janie|",
    "|janet|jan|",
    "|jeffrey|geoffrey|jeff|geoff|",
    "|jennifer|jen|jenny|jenn|",
    "|jessica|jess|jessie|",
    "|john|jack|johnny|jon|",
    "|jonathan|jon|johnny|",
    "|joseph|joe|joey|",
    "|joshua|josh|",
    "|judith|judy|",
    "|kenneth|ken|kenny|",
    "|kimberly|kim|",
    "|lawrence|larry|",
    "|leonard|leo|len|lenny|",
    "|lillian|lily|lil|",
    "|louis|lou|louie|",
    "|margaret|maggie|meg|peggy|marge|margie|greta|",
    "|martin|marty|",
    "|mary|molly|polly|",
    "|matthew|matt|",
    "|michael|mike|mickey|mick|",
    "|michelle|shelly|",
    "|nathaniel|nathan|nate|nat|",
    "|nicholas|nick|nicky|",
    "|pamela|pam|",
    "|patricia|pat|patty|patti|trish|tricia|",
    "|patrick|pat|paddy|",
    "|peter|pete|",
    "|philip|phillip|phil|",
    "|randall|randy|",
    "|raymond|ray|",
    "|rebecca|becky|becca|",
    "|richard|rick|dick|rich|ricky|richie|",
    "|robert|bob|bobby|rob|robbie|bert|",
    "|roberta|bobbie|",
    "|ronald|ron|ronnie|",
    "|rosemary|rose|rosie|",
    "|russell|russ|",
    "|samantha|sam|sammie|",
    "|samuel|sam|sammy|",
    "|sandra|sandy|",
    "|sarah|sara|sally|sadie|",
    "|stanley|stan|",
    "|stephanie|steph|stephie|",
    "|stephen|steven|steve|",
    "|stuart|stu|",
    "|susan|suzanne|sue|susie|suzy|",
    "|theodore|ted|teddy|theo|",
    "|theresa|teresa|terry|tess|",
    "|thomas|tom|tommy|",
    "|timothy|tim|timmy|",
    "|valerie|val|",
    "|victoria|vicky|vicki|tori|",
    "|vincent|vince|vinny|",
    "|virginia|ginny|ginger|",
    "|walter|walt|wally|",
    "|william|bill|billy|will|willie|",
    "|zachary|zach|zack|",
    "|abdullah|apo|",
    "|mehmet|memo|",
    "|ibrahim|ibo|",
    "|fatma|fatos|",
};
enum { GROUPS = sizeof groups / sizeof groups[0] };
_Static_assert(GROUPS <= 128, "nicknames has a bit for each");

static bool holds(const char *group, sv name)
{
    for (const char *p = group; (p = strchr(p, name.p[0])) != NULL; p++)
        if (p[-1] == '|' && strncmp(p, name.p, name.n) == 0 && p[name.n] == '|') return true;
    return false;
}

nicknames nicknames_of(sv name)
{
    nicknames out = {{0, 0}};
    if (name.n == 0 || name.n > 20 || sv_find(name, '|') || sv_find(name, '\0')) return out;
    for (size_t i = 0; i < GROUPS; i++)
        if (holds(groups[i], name)) out.bits[i / 64] |= UINT64_C(1) << i % 64;
    return out;
}
