/* How well a column fits a field: by its name, and by what it holds. */
#include "base/suggest.h"
#include "draft/draft_internal.h"

enum {
    OTHER_FORM = 6,
    MISSPELT = 75,
    MISSPELT_MIN = 7,
    CANNOT = -100,
    HARDLY = -25,
    YES = 4,
    FEW_VALUES = 40,
    MANY_VALUES = 200
};

static unsigned points_of(name_fit fit)
{
    switch (fit) {
    case NAME_FITS_EXACTLY:
    case NAME_FITS_FOLDED: return 95;
    case NAME_FITS_WITHOUT_PREFIX: return 92;
    case NAME_FITS_BY_WORDS: return 86;
    default: return 0;
    }
}

unsigned draft_name_points(const vocabulary_words *words, const draft_column *c, uint8_t *language)
{
    unsigned best = 0;
    for (size_t i = 0; i < words->n; i++)
        for (size_t k = 0; k < c->forms; k++) {
            unsigned points = points_of(name_fits(&words->form[i], &c->form[k]));
            if (points && k) points -= OTHER_FORM;
            if (points <= best) continue;
            best = points;
            *language = words->language[i];
        }
    return best;
}

/* A name of several words one of which fits: "PatientMaster". */
static bool shares_word(const name_form *table, const vocabulary_words *words)
{
    for (size_t w = 0; table->words > 1 && w < table->words; w++) {
        name_form one;
        name_form_of((sv){table->folded + table->word[w], (size_t)table->word[w + 1] - table->word[w]}, &one);
        for (size_t i = 0; i < words->n; i++)
            if (name_fits(&one, &words->form[i]) >= NAME_FITS_BY_WORDS) return true;
    }
    return false;
}

/* A slip of the pen: "Appoinment". */
static bool is_misspelt(const name_form *table, const name_form *word)
{
    return word->n >= MISSPELT_MIN && table->n >= MISSPELT_MIN - 1 &&
           edit_distance((sv){table->folded, table->n}, (sv){word->folded, word->n}) == 1;
}

unsigned draft_table_points(const vocabulary_words *words, const table_info *t)
{
    name_form form;
    unsigned best = 0;
    name_form_of(t->name, &form);
    for (size_t i = 0; i < words->n; i++) {
        unsigned points = points_of(name_fits(&words->form[i], &form));
        if (points == 0 && is_misspelt(&form, &words->form[i])) points = MISSPELT;
        if (points > best) best = points;
    }
    return best ? best : shares_word(&form, words) ? 50 : 0;
}

/* ---- what it holds ---- */

bool draft_is_text(const column_info *c) { return c->type == T_TEXT || c->type == T_XML; }

static uint64_t texts_of(const column_facts *f)
{
    uint64_t n = 0;
    for (int i = 0; i < LOOKS; i++) n += f->look[i];
    return n;
}

static bool looks_by(const draft_column *c, text_look look, unsigned percent)
{
    uint64_t texts = c->facts ? texts_of(c->facts) : 0;
    return texts && c->facts->look[look] * 100 >= texts * percent;
}

bool draft_looks(const draft_column *c, text_look look) { return looks_by(c, look, 60); }

static bool is_number_type(column_type t) { return t == T_INT || t == T_DECIMAL || t == T_MONEY || t == T_REAL; }

static bool is_date_type(column_type t) { return t == T_DATE || t == T_DATETIME || t == T_DATETIMEOFFSET; }

static int date_points(const draft_column *c)
{
    if (is_date_type(c->info->type)) return YES;
    if (!draft_is_text(c->info)) return CANNOT;
    if (!c->facts || c->facts->filled == 0) return 0;
    if (draft_looks(c, LOOKS_DATE)) return YES;
    return looks_by(c, LOOKS_DATE, 20) || draft_looks(c, LOOKS_INTEGER) ? HARDLY : CANNOT;
}

static int number_points(const draft_column *c, bool whole)
{
    if (c->info->type == T_INT) return YES;
    if (is_number_type(c->info->type)) return whole ? HARDLY : YES;
    if (!draft_is_text(c->info)) return CANNOT;
    if (!c->facts || c->facts->filled == 0) return 0;
    if (draft_looks(c, LOOKS_INTEGER) || (!whole && draft_looks(c, LOOKS_DECIMAL))) return YES;
    return looks_by(c, LOOKS_INTEGER, 20) || looks_by(c, LOOKS_DECIMAL, 20) ? HARDLY : CANNOT;
}

static int few_values_points(const draft_column *c, uint64_t few)
{
    if (is_date_type(c->info->type) || c->info->type == T_TIME || c->info->type == T_BYTES) return CANNOT;
    if (!c->facts || c->facts->filled == 0) return 0;
    if (c->facts->distinct > MANY_VALUES) return CANNOT;
    return c->facts->distinct <= few ? YES : HARDLY;
}

static bool is_concern(const model_field *f, const char *concern)
{
    return f->concern && strcmp(f->concern, concern) == 0;
}

static int phone_points(const draft_column *c)
{
    if (is_date_type(c->info->type)) return CANNOT;
    if (!c->facts || c->facts->filled == 0 || !draft_is_text(c->info)) return 0;
    uint64_t texts = texts_of(c->facts),
             figures = c->facts->look[LOOKS_PHONE] + c->facts->look[LOOKS_INTEGER] + c->facts->look[LOOKS_DECIMAL];
    return figures * 10 >= texts * 6 ? YES : figures * 10 >= texts * 2 ? HARDLY : CANNOT;
}

static int email_points(const draft_column *c)
{
    if (!draft_is_text(c->info)) return CANNOT;
    if (!c->facts || c->facts->filled == 0) return 0;
    return draft_looks(c, LOOKS_EMAIL) ? YES : looks_by(c, LOOKS_EMAIL, 10) ? 0 : HARDLY;
}

static int name_points(const draft_column *c)
{
    if (!draft_is_text(c->info)) return CANNOT;
    if (!c->facts || c->facts->filled == 0) return 0;
    uint64_t texts = texts_of(c->facts), names = c->facts->look[LOOKS_WORD] + c->facts->look[LOOKS_WORDS];
    return names * 10 >= texts * 7 ? YES : HARDLY;
}

static int text_points(const model_field *f, const draft_column *c)
{
    if (is_concern(f, "phone") || is_concern(f, "phones")) return phone_points(c);
    if (is_concern(f, "email") || is_concern(f, "emails")) return email_points(c);
    if (is_concern(f, "name") || is_concern(f, "full_name")) return name_points(c);
    if (c->info->type == T_BYTES) return CANNOT;
    if (is_date_type(c->info->type) || c->info->type == T_BOOL) return HARDLY;
    if (is_concern(f, "note") || is_concern(f, "rich_note")) return draft_is_text(c->info) ? YES : CANNOT;
    return draft_is_text(c->info) ? YES : 0;
}

int draft_kind_points(const model_field *f, const draft_column *c)
{
    if (c->info->unreadable.n) return CANNOT;
    switch (f->type) {
    case FIELD_DATE:
    case FIELD_DATETIME: return date_points(c);
    case FIELD_INTEGER: return is_concern(f, "aap_stage") ? few_values_points(c, FEW_VALUES) : number_points(c, true);
    case FIELD_DECIMAL: return number_points(c, false);
    case FIELD_BOOL: return few_values_points(c, 3);
    case FIELD_ENUM: return few_values_points(c, FEW_VALUES);
    case FIELD_TEXT: return text_points(f, c);
    case FIELD_REFERENCE: break;
    }
    return 0;
}
