/* The table of concerns: what model.def names, and what each type asks for where it names nothing. */
#include "normalize/normalize_internal.h"

static const concern table[] = {
    /* people */
    {"line", normalize_line, NULL, NULLS_ALL, false, "a text of one line"},
    {"name", normalize_name, survey_name, NULLS_NAME, false, "a name"},
    {"suffix", normalize_suffix, NULL, NULLS_ALL, false, "a suffix such as Jr"},
    {"full_name", normalize_full_name, survey_name, NULLS_NAME, false, "a whole name"},
    {"phone", normalize_phone, NULL, NULLS_ALL, false, "a phone number"},
    {"phones", normalize_phones, NULL, NULLS_ALL, false, "phone numbers"},
    {"email", normalize_email, NULL, NULLS_ALL, false, "an e-mail address"},
    {"emails", normalize_emails, NULL, NULLS_ALL, false, "e-mail addresses"},
    {"state", normalize_state, NULL, NULLS_ALL, false, "a state or province"},
    {"postal_code", normalize_postal_code, NULL, NULLS_ALL, false, "a postal code"},
    {"country", normalize_country, NULL, NULLS_ALL, false, "a country"},
    {"national_id", normalize_national_id, NULL, NULLS_ALL, false, "a national identification number"},
    {"npi", normalize_npi, NULL, NULLS_ALL, false, "an NPI with its check digit"},
    {"taxonomy", normalize_taxonomy, NULL, NULLS_ALL, false, "a provider taxonomy code"},
    {"credentials", normalize_credentials, NULL, NULLS_ALL, false, "credentials"},
    {"specialty", normalize_specialty, NULL, NULLS_ALL, false, "a specialty"},
    {"file_name", normalize_file_name, NULL, NULLS_SPELT, false, "a file name"},
    {"aap_stage", normalize_aap_stage, NULL, NULLS_ALL, false, "a stage, 1 to 4"},
    /* values */
    {"birth_date", normalize_date, survey_date, NULLS_ALL, false, "a date of birth"},
    {"money", normalize_money, survey_number, NULLS_ALL, false, "an amount of money"},
    {"percent", normalize_percent, survey_number, NULLS_ALL, false, "a percentage"},
    {"currency", normalize_currency, NULL, NULLS_ALL, false, "a currency"},
    {"procedure_code", normalize_procedure_code, NULL, NULLS_ALL, false, "a procedure code"},
    {"procedure_codes", normalize_procedure_codes, NULL, NULLS_ALL, false, "procedure codes"},
    {"carrier", normalize_carrier, NULL, NULLS_ALL, false, "an insurer"},
    {"note", normalize_note, NULL, NULLS_SPELT, true, "a text"},
    {"rich_note", normalize_note, NULL, NULLS_SPELT, true, "a note as text, RTF or HTML"},
    {"tooth", normalize_tooth, NULL, NULLS_ALL, false, "a tooth"},
    {"teeth", normalize_teeth, NULL, NULLS_ALL, false, "teeth"},
    {"area", normalize_area, NULL, NULLS_ALL, false, "a quadrant or arch"},
};

static const concern of_type[] = {
    [FIELD_TEXT] = {"", normalize_text, NULL, NULLS_SPELT, false, "a text"},
    [FIELD_DATE] = {"", normalize_date, survey_date, NULLS_ALL, false, "a date"},
    [FIELD_DATETIME] = {"", normalize_datetime, survey_date, NULLS_ALL, false, "a date and time"},
    [FIELD_INTEGER] = {"", normalize_integer, survey_number, NULLS_ALL, false, "a whole number"},
    [FIELD_DECIMAL] = {"", normalize_decimal, survey_number, NULLS_ALL, false, "a decimal number"},
    [FIELD_BOOL] = {"", normalize_bool, NULL, NULLS_ALL, false, "yes or no"},
    [FIELD_ENUM] = {"", normalize_enum, survey_enum, NULLS_ENUM, false, NULL},
    [FIELD_REFERENCE] = {"", normalize_text, NULL, NULLS_SPELT, false, "the key of a record"},
};

size_t concerns(void) { return sizeof table / sizeof table[0]; }
const concern *concern_at(size_t i) { return &table[i]; }

const concern *concern_of(const model_field *f)
{
    for (size_t i = 0; f->concern && i < concerns(); i++)
        if (table[i].name[0] == f->concern[0] && strcmp(table[i].name, f->concern) == 0) return &table[i];
    return &of_type[f->type];
}

const char *norm_wanted(const model_field *f)
{
    const concern *x = concern_of(f);
    return x->wanted ? x->wanted : f->values;
}
