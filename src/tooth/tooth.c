/* The teeth as numbers: where they stand, how the systems write them. The formulas are the tables of README.md. */
#include "base/digits.h"
#include "tooth/tooth_label.h"

unsigned tooth_quadrant(tooth t) { return t.fdi / 10U; }
unsigned tooth_position(tooth t) { return t.fdi % 10U; }

bool tooth_exists(unsigned quadrant, unsigned position)
{
    return quadrant >= 1 && quadrant <= 8 && position >= 1 && position <= (quadrant > 4 ? 5 : 8);
}

bool tooth_is_primary(tooth t) { return t.fdi > 50 && t.fdi < TOOTH_ANYWHERE; }

bool tooth_is_molar(tooth t)
{
    unsigned position = tooth_position(t);
    if (t.fdi == TOOTH_ANYWHERE) return false;
    return tooth_is_primary(t) ? position >= 4 : position >= 6;
}

bool tooth_is_upper(tooth t)
{
    unsigned quadrant = tooth_quadrant(t);
    return quadrant == 1 || quadrant == 2 || quadrant == 5 || quadrant == 6;
}

bool tooth_is_on_the_right(tooth t)
{
    unsigned quadrant = tooth_quadrant(t);
    return quadrant == 1 || quadrant == 4 || quadrant == 5 || quadrant == 8;
}

bool tooth_has_furcation(tooth t, char entrance)
{
    if (t.supernumerary) return false;
    bool mesial_distal = entrance == 'M' || entrance == 'D';
    if (tooth_is_molar(t))
        return tooth_is_upper(t) ? mesial_distal || entrance == 'B' : entrance == 'B' || entrance == 'L';
    return tooth_is_upper(t) && !tooth_is_primary(t) && tooth_position(t) == 4 && mesial_distal;
}

/* ---- order ---- */

enum { PERMANENT = 32, NATURAL = 52 };

unsigned tooth_index(tooth t)
{
    if (t.fdi == TOOTH_ANYWHERE) return t.supernumerary ? TEETH - 1 : TEETH;
    unsigned quadrant = tooth_quadrant(t), position = tooth_position(t);
    if (!tooth_exists(quadrant, position)) return TEETH;
    unsigned at = quadrant <= 4 ? (quadrant - 1) * 8 + position - 1 : PERMANENT + (quadrant - 5) * 5 + position - 1;
    return at + (t.supernumerary ? NATURAL : 0);
}

tooth tooth_at(unsigned index)
{
    if (index >= TEETH) return (tooth){0, false};
    if (index == TEETH - 1) return (tooth){TOOTH_ANYWHERE, true};
    bool more = index >= NATURAL;
    unsigned at = more ? index - NATURAL : index;
    unsigned fdi =
        at < PERMANENT ? (at / 8 + 1) * 10 + at % 8 + 1 : ((at - PERMANENT) / 5 + 5) * 10 + (at - PERMANENT) % 5 + 1;
    return (tooth){(uint8_t)fdi, more};
}

/* ---- Universal: 1 to 32 clockwise from the upper right wisdom tooth, A to T alike ---- */

unsigned universal_to_fdi(unsigned number)
{
    if (number >= 1 && number <= 8) return 19 - number;
    if (number >= 9 && number <= 16) return number + 12;
    if (number >= 17 && number <= 24) return 55 - number;
    if (number >= 25 && number <= 32) return number + 16;
    return 0;
}

unsigned universal_letter_to_fdi(unsigned letter)
{
    if (letter < 5) return 55 - letter;         /* A-E: 55 ... 51 */
    if (letter < 10) return 61 + letter - 5;    /* F-J: 61 ... 65 */
    if (letter < 15) return 75 - (letter - 10); /* K-O: 75 ... 71 */
    return letter < 20 ? 81 + letter - 15 : 0;  /* P-T: 81 ... 85 */
}

unsigned tooth_universal(tooth t)
{
    unsigned quadrant = tooth_quadrant(t), position = tooth_position(t);
    switch (quadrant) {
    case 1: return 9 - position;
    case 2: return 8 + position;
    case 3: return 25 - position;
    case 4: return 24 + position;
    case 5: return 5 - position; /* letters, from 0 */
    case 6: return 4 + position;
    case 7: return 15 - position;
    default: return 14 + position;
    }
}

/* ---- printing ---- */

static const char *const quadrant_letters[4] = {"UR", "UL", "LL", "LR"};

static void print_number(unsigned n, buf *out)
{
    char text[DIGITS_U64_MAX];
    buf_add(out, text, digits_u64(n, text));
}

static void print_universal(tooth t, buf *out)
{
    unsigned n = tooth_universal(t);
    if (tooth_is_primary(t)) {
        buf_char(out, (char)('A' + n));
        if (t.supernumerary) buf_char(out, 'S');
    } else
        print_number(n + (t.supernumerary ? 50 : 0), out);
}

static void print_palmer(tooth t, buf *out)
{
    buf_str(out, quadrant_letters[(tooth_quadrant(t) - 1) % 4]);
    buf_char(out, (char)((tooth_is_primary(t) ? 'A' - 1 : '0') + (int)tooth_position(t)));
    if (t.supernumerary) buf_char(out, 'S');
}

/* The sign stands on the side of the midline: + above, - below. */
static void print_haderup(tooth t, buf *out)
{
    char sign = tooth_is_upper(t) ? '+' : '-';
    if (!tooth_is_on_the_right(t)) buf_char(out, sign);
    if (tooth_is_primary(t)) buf_char(out, '0');
    buf_char(out, (char)('0' + (int)tooth_position(t)));
    if (tooth_is_on_the_right(t)) buf_char(out, sign);
    if (t.supernumerary) buf_char(out, 'S');
}

void tooth_print(tooth t, tooth_system system, buf *out)
{
    if (tooth_index(t) == TEETH) return;
    if (t.fdi == TOOTH_ANYWHERE) {
        buf_str(out, "99");
        return;
    }
    switch (system) {
    case TOOTH_UNIVERSAL: print_universal(t, out); break;
    case TOOTH_PALMER: print_palmer(t, out); break;
    case TOOTH_HADERUP: print_haderup(t, out); break;
    default:
        print_number((unsigned)t.fdi, out);
        if (t.supernumerary) buf_char(out, 'S');
        break;
    }
}

/* ---- names of systems ---- */

tooth_system tooth_system_named(sv name)
{
    static const struct {
        const char *word;
        tooth_system system;
    } words[] = {{"universal", TOOTH_UNIVERSAL},
                 {"universalnational", TOOTH_UNIVERSAL},
                 {"uns", TOOTH_UNIVERSAL},
                 {"national", TOOTH_UNIVERSAL},
                 {"american", TOOTH_UNIVERSAL},
                 {"ada", TOOTH_UNIVERSAL},
                 {"us", TOOTH_UNIVERSAL},
                 {"usa", TOOTH_UNIVERSAL},
                 {"fdi", TOOTH_FDI},
                 {"iso", TOOTH_FDI},
                 {"iso3950", TOOTH_FDI},
                 {"fdiiso", TOOTH_FDI},
                 {"isofdi", TOOTH_FDI},
                 {"fdiiso3950", TOOTH_FDI},
                 {"iso3950fdi", TOOTH_FDI},
                 {"twodigit", TOOTH_FDI},
                 {"international", TOOTH_FDI},
                 {"palmer", TOOTH_PALMER},
                 {"zsigmondy", TOOTH_PALMER},
                 {"zsigmondypalmer", TOOTH_PALMER},
                 {"palmerzsigmondy", TOOTH_PALMER},
                 {"haderup", TOOTH_HADERUP}};
    static const char *const tails[] = {"numbering", "system", "notation"};
    char text[40];
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if ((unsigned char)c >= 0x80 || n == sizeof text) return TOOTH_UNKNOWN;
        if (word) text[n++] = c;
    }
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
            size_t tail = strlen(tails[i]);
            if (n > tail && memcmp(text + n - tail, tails[i], tail) == 0) n -= tail;
        }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sv_eq((sv){text, n}, sv_from(words[i].word))) return words[i].system;
    return TOOTH_UNKNOWN;
}

const char *tooth_system_name(tooth_system s)
{
    static const char *const names[TOOTH_SYSTEMS] = {NULL, "universal", "fdi", "palmer", "haderup"};
    return (unsigned)s < TOOTH_SYSTEMS ? names[s] : NULL;
}
