/* Collation ids: 32 bits that say how text sorts and, for char and varchar, in which code page it is kept
 * (FORMAT-collation.md). */
#include "sqltype/sqltype.h"

enum {
    LOCALE_MASK = 0x7F,
    UTF8_BIT = 0x80,
    SUPPLEMENTARY_BIT = 0x100,
    BIN2_BIT = 0x800,
    IGNORE_CASE = 0x1000,
    IGNORE_ACCENT = 0x2000,
    IGNORE_KANA = 0x4000,
    IGNORE_WIDTH = 0x8000,
    BIN_BIT = 0x10000,
    VERSION_SHIFT = 17, /* 0: 80, 1: 90, 2: 100, 3: 140 */
    SORT_ID_SHIFT = 24,
    UNEXPLAINED_BITS = 0x00F80600
};

/* The collations of the SQL_ family: the sort id alone decides the code page (CP850 and CP437 share the locale of CP1).
 * */
static const struct sort_ids {
    uint8_t first, last;
    uint16_t codepage;
} sort_ids[] = {
    {30, 34, 437},    {40, 44, 850},    {49, 49, 850},    {51, 54, 1252},   {55, 61, 850},
    {81, 96, 1250},   {105, 108, 1251}, {113, 124, 1253}, {129, 130, 1254}, {137, 138, 1255},
    {145, 146, 1256}, {153, 160, 1257}, {183, 186, 1252}, {210, 219, 1252},
};

/* Windows collations by locale index. A name stands only where it is the same in each version of the family. */
static const struct locale {
    uint16_t codepage; /* 0: Unicode only, or no such index */
    const char *name;
} locales[LOCALE_MASK + 1] = {
    [0x01] = {1256, "Arabic"},
    [0x02] = {1256, NULL}, /* Dari */
    [0x03] = {950, NULL},
    [0x04] = {1250, "Czech"},
    [0x05] = {1252, NULL}, /* Danish_Norwegian, from version 100 Danish_Greenlandic */
    [0x06] = {1251, NULL}, /* Yakut */
    [0x07] = {1253, "Greek"},
    [0x08] = {1252, "Latin1_General"},
    [0x09] = {1252, "Traditional_Spanish"},
    [0x0A] = {1252, "Finnish_Swedish"},
    [0x0B] = {1252, "French"},
    [0x0C] = {1255, "Hebrew"},
    [0x0D] = {1250, "Hungarian"},
    [0x0E] = {1252, "Icelandic"},
    [0x0F] = {1252, NULL}, /* Corsican */
    [0x10] = {932, NULL},
    [0x11] = {949, NULL},
    [0x13] = {1250, "Polish"},
    [0x14] = {1250, "Romanian"},
    [0x15] = {1251, "Cyrillic_General"},
    [0x16] = {1250, "Croatian"},
    [0x17] = {1250, "Slovak"},
    [0x18] = {1250, "Albanian"},
    [0x19] = {874, "Thai"},
    [0x1A] = {1254, "Turkish"},
    [0x1B] = {1251, "Ukrainian"},
    [0x1C] = {1250, "Slovenian"},
    [0x1D] = {1257, "Estonian"},
    [0x1E] = {1257, "Latvian"},
    [0x1F] = {1257, "Lithuanian"},
    [0x20] = {1258, "Vietnamese"},
    [0x24] = {936, NULL},
    [0x25] = {1256, NULL}, /* Uighur */
    [0x26] = {1252, NULL}, /* Breton */
    [0x28] = {1252, "Modern_Spanish"},
    [0x29] = {1252, "German_PhoneBook"},
    [0x2A] = {1250, "Hungarian_Technical"},
    [0x2B] = {932, NULL},
    [0x2D] = {1252, NULL}, /* Georgian_Modern_Sort */
    [0x2E] = {936, NULL},
    [0x2F] = {950, NULL},
    [0x30] = {932, NULL},
    [0x31] = {936, NULL},
    [0x32] = {936, NULL},
    [0x33] = {950, NULL},
    [0x34] = {950, NULL},
    [0x37] = {1251, NULL}, /* Kazakh */
    [0x38] = {1254, NULL}, /* Uzbek_Latin */
    [0x39] = {1251, NULL}, /* Tatar */
    [0x3A] = {1251, NULL}, /* Macedonian */
    [0x3E] = {950, NULL},
    [0x3F] = {1252, NULL}, /* Mohawk */
    [0x40] = {949, NULL},
    [0x41] = {950, NULL},
    [0x42] = {950, NULL},
    [0x43] = {936, NULL},
    [0x44] = {936, NULL},
    [0x45] = {950, NULL},
    [0x46] = {950, NULL},
    [0x47] = {1252, NULL},
    [0x48] = {932, NULL},
    [0x49] = {932, NULL},
    [0x4A] = {1252, NULL}, /* Norwegian */
    [0x4B] = {1252, NULL}, /* Romansh */
    [0x4C] = {1250, NULL}, /* Serbian_Latin */
    [0x4D] = {1251, NULL},
    [0x4E] = {1250, NULL}, /* Bosnian_Latin */
    [0x4F] = {1251, NULL},
    [0x50] = {1256, NULL}, /* Urdu */
    [0x51] = {1256, NULL}, /* Persian */
    [0x52] = {1252, NULL},
    [0x53] = {1252, NULL},
    [0x54] = {1251, NULL}, /* Bashkir */
    [0x56] = {1252, NULL},
    [0x57] = {1252, NULL}, /* Sami */
    [0x58] = {1250, NULL}, /* Turkmen */
    [0x5D] = {1252, NULL}, /* Welsh */
    [0x60] = {1252, NULL}, /* Frisian */
    [0x61] = {1252, NULL}, /* Tamazight */
    [0x63] = {1254, NULL}, /* Azeri_Latin */
    [0x64] = {1251, NULL}, /* Azeri_Cyrillic */
};

unsigned collation_codepage(uint32_t collation)
{
    unsigned sort_id = collation >> SORT_ID_SHIFT;
    if (sort_id) {
        for (size_t i = 0; i < sizeof sort_ids / sizeof sort_ids[0]; i++) {
            if (sort_id >= sort_ids[i].first && sort_id <= sort_ids[i].last) return sort_ids[i].codepage;
        }
        return 0;
    }
    return collation & UTF8_BIT ? 65001 : locales[collation & LOCALE_MASK].codepage;
}

/* Names of the SQL_ family that stand for one sort id each. */
static const char *sql_name(unsigned sort_id)
{
    switch (sort_id) {
    case 30: return "SQL_Latin1_General_CP437_BIN";
    case 31: return "SQL_Latin1_General_CP437_CS_AS";
    case 32: return "SQL_Latin1_General_CP437_CI_AS";
    case 34: return "SQL_Latin1_General_CP437_CI_AI";
    case 40: return "SQL_Latin1_General_CP850_BIN";
    case 41: return "SQL_Latin1_General_CP850_CS_AS";
    case 42: return "SQL_Latin1_General_CP850_CI_AS";
    case 44: return "SQL_Latin1_General_CP850_CI_AI";
    case 51: return "SQL_Latin1_General_CP1_CS_AS";
    case 52: return "SQL_Latin1_General_CP1_CI_AS";
    case 54: return "SQL_Latin1_General_CP1_CI_AI";
    case 81: return "SQL_Latin1_General_CP1250_CS_AS";
    case 82: return "SQL_Latin1_General_CP1250_CI_AS";
    case 105: return "SQL_Latin1_General_CP1251_CS_AS";
    case 106: return "SQL_Latin1_General_CP1251_CI_AS";
    case 113: return "SQL_Latin1_General_CP1253_CS_AS";
    case 114: return "SQL_Latin1_General_CP1253_CI_AS";
    case 129: return "SQL_Latin1_General_CP1254_CS_AS";
    case 130: return "SQL_Latin1_General_CP1254_CI_AS";
    case 137: return "SQL_Latin1_General_CP1255_CS_AS";
    case 138: return "SQL_Latin1_General_CP1255_CI_AS";
    case 145: return "SQL_Latin1_General_CP1256_CS_AS";
    case 146: return "SQL_Latin1_General_CP1256_CI_AS";
    case 153: return "SQL_Latin1_General_CP1257_CS_AS";
    case 154: return "SQL_Latin1_General_CP1257_CI_AS";
    default: return NULL;
    }
}

/* "Romanian_100_CI_AS_SC"; {NULL, 0} where a part of it is not certain. Version 140 has rules of its own (_VSS). */
static sv windows_name(uint32_t c, arena *mem)
{
    static const char *const versions[] = {"", "_90", "_100"};
    const char *locale = locales[c & LOCALE_MASK].name;
    unsigned version = c >> VERSION_SHIFT & 3;
    if (!locale || version > 2 || (c & UNEXPLAINED_BITS)) return (sv){NULL, 0};
    const char *supplementary = c & SUPPLEMENTARY_BIT ? "_SC" : "", *utf8 = c & UTF8_BIT ? "_UTF8" : "";
    if (c & (BIN_BIT | BIN2_BIT)) {
        return arena_printf(mem, "%s%s%s%s", locale, versions[version], c & BIN2_BIT ? "_BIN2" : "_BIN", utf8);
    }
    return arena_printf(mem, "%s%s%s%s%s%s%s%s", locale, versions[version], c & IGNORE_CASE ? "_CI" : "_CS",
                        c & IGNORE_ACCENT ? "_AI" : "_AS", c & IGNORE_KANA ? "" : "_KS", c & IGNORE_WIDTH ? "" : "_WS",
                        supplementary, utf8);
}

sv collation_describe(uint32_t collation, arena *mem)
{
    unsigned sort_id = collation >> SORT_ID_SHIFT, page = collation_codepage(collation);
    if (sort_id) {
        const char *name = sql_name(sort_id);
        if (name) return sv_from(name);
    } else {
        sv name = windows_name(collation, mem);
        if (name.p) return name;
    }
    if (page == 0) return arena_printf(mem, "0x%08X (code page not known)", (unsigned)collation);
    return arena_printf(mem, "0x%08X (code page %u)", (unsigned)collation, page);
}

/* ---- from a name ---- */

static bool ends_part(sv s, size_t at) { return at == s.n || s.p[at] == '_'; }

/* Whether "_PART" stands in the name, whole. */
static bool has_part(sv name, const char *part)
{
    size_t n = strlen(part);
    for (size_t i = 0; i + n < name.n; i++)
        if (name.p[i] == '_' && sv_starts((sv){name.p + i + 1, name.n - i - 1}, (sv){part, n}) &&
            ends_part(name, i + 1 + n))
            return true;
    return false;
}

uint32_t collation_of_name(sv name)
{
    uint32_t id = 0;
    size_t longest = 0;
    bool of_sql = sv_starts(name, SV_LIT("SQL_"));
    for (uint32_t sort = 1; of_sql && sort < 256; sort++) {
        const char *known = sql_name(sort);
        if (known && sv_eq_nocase(name, sv_from(known))) id = sort << SORT_ID_SHIFT;
    }
    sv locale = of_sql ? (sv){name.p + 4, name.n - 4} : name;
    for (uint32_t i = 0; i <= LOCALE_MASK; i++) {
        sv x = sv_from(locales[i].name);
        if (x.n <= longest || !sv_starts(locale, x) || !ends_part(locale, x.n)) continue;
        longest = x.n;
        id = (id & ~(uint32_t)LOCALE_MASK) | i;
    }
    if (has_part(name, "90")) id |= 1U << VERSION_SHIFT;
    if (has_part(name, "100")) id |= 2U << VERSION_SHIFT;
    if (has_part(name, "140")) id |= 3U << VERSION_SHIFT;
    if (has_part(name, "UTF8")) id |= UTF8_BIT;
    if (has_part(name, "BIN2")) return id | BIN2_BIT;
    if (has_part(name, "BIN")) return id | BIN_BIT;
    if (has_part(name, "SC")) id |= SUPPLEMENTARY_BIT;
    if (has_part(name, "CI")) id |= IGNORE_CASE;
    if (has_part(name, "AI")) id |= IGNORE_ACCENT;
    if (!has_part(name, "KS")) id |= IGNORE_KANA;
    if (!has_part(name, "WS")) id |= IGNORE_WIDTH;
    return id;
}
