/* Words of enumerations: what practices write, in English and Turkish, for the words of the model. A profile's own
 * `values:` come before these. Only words with one meaning in their field stand here: an abbreviation such as `acc.` or
 * a bare code is for the profile to explain. */
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

/* Synonyms are folded (letters.h). entity "": the field of any. */
static const struct {
    const char *entity, *field, *word, *synonyms;
} vocabulary[] = {
    {"", "sex", "female", "f|female|woman|girl|k|kadin|bayan|kiz"},
    {"", "sex", "male", "m|male|man|boy|e|erkek|bay"},
    {"", "sex", "other", "x|other|nonbinary|non binary|diger"},
    {"", "sex", "unknown", "u|unk|unknown|not known|unspecified|not specified|undisclosed|bilinmiyor|belirtilmemis"},

    {"patient", "status", "active", "a|active|current|aktif"},
    {"patient", "status", "inactive", "i|inactive|not active|pasif"},
    {"patient", "status", "archived", "archive|archived|arsiv|arsivlendi|arsivde"},
    {"patient", "status", "deceased", "dead|deceased|vefat|vefat etti|olu|exitus"},
    {"patient", "status", "prospective", "prospect|prospective|aday|potansiyel"},

    {"", "relationship", "self", "self|same|kendisi|kendi|insured|subscriber"},
    {"", "relationship", "spouse", "spouse|wife|husband|es|esi|karisi|kocasi"},
    {"", "relationship", "child", "child|son|daughter|cocuk|cocugu|oglu|kizi"},
    {"guarantor", "relationship", "parent", "parent|mother|father|anne|annesi|baba|babasi|ebeveyn"},
    {"", "relationship", "other",
     "other|diger|guardian|legal guardian|vasi|mother|father|parent|sibling|brother|sister|kardes|grandparent|"
     "domestic partner|life partner"},

    {"", "numbering", "universal", "universal|national|universal national|u|ada|american"},
    {"", "numbering", "fdi", "fdi|iso|iso 3950|international|two digit|uluslararasi"},
    {"", "numbering", "palmer", "palmer|zsigmondy|zsigmondy palmer"},

    {"", "aap_grade", "A", "a|grade a|derece a"},
    {"", "aap_grade", "B", "b|grade b|derece b"},
    {"", "aap_grade", "C", "c|grade c|derece c"},
    {"", "aap_extent", "localized", "localized|localised|local|loc|l|lokalize"},
    {"", "aap_extent", "generalized", "generalized|generalised|general|gen|g|jeneralize|generalize|yaygin"},
    {"", "aap_extent", "molar_incisor",
     "molar incisor|molar incisor pattern|molar incisor distribution|mi|molar keser"},

    {"tooth_record", "status", "missing", "missing|extracted|eksik|cekilmis"},
    {"tooth_record", "status", "present", "present|mevcut|var"},
    {"tooth_record", "status", "unerupted", "unerupted|impacted|gomulu|surmemis"},
    {"tooth_record", "status", "primary", "primary|deciduous|sut|sut disi"},
    {"", "furcation_scale", "hamp", "hamp|hamp et al"},
    {"", "miller_recession", "I", "i|class i|miller i|sinif i"},
    {"", "miller_recession", "II", "ii|class ii|miller ii|sinif ii"},
    {"", "miller_recession", "III", "iii|class iii|miller iii|sinif iii"},
    {"", "miller_recession", "IV", "iv|class iv|miller iv|sinif iv"},
    {"", "cairo", "RT1", "rt1|rt 1"},
    {"", "cairo", "RT2", "rt2|rt 2"},
    {"", "cairo", "RT3", "rt3|rt 3"},

    {"custom_finding", "type", "text", "text|string|memo|picklist|metin"},
    {"custom_value", "type", "text", "text|string|memo|picklist|metin"},
    {"custom_finding", "type", "number", "number|numeric|integer|decimal|sayi"},
    {"custom_value", "type", "number", "number|numeric|integer|decimal|sayi"},
    {"custom_finding", "type", "date", "date|tarih"},
    {"custom_value", "type", "date", "date|tarih"},
    {"custom_finding", "type", "bool", "bool|boolean|bit|yes no|evet hayir"},
    {"custom_value", "type", "bool", "bool|boolean|bit|yes no|evet hayir"},

    {"radiograph", "type", "periapical", "pa|pas|periapical|periapicals|periapikal"},
    {"radiograph", "type", "bitewing", "bw|bws|bwx|2bw|4bw|bitewing|bitewings|bite wing|bite wings"},
    {"radiograph", "type", "full_mouth",
     "fmx|fms|full mouth|full mouth series|full mouth x ray|full mouth xray|tum agiz"},
    {"radiograph", "type", "panoramic", "pan|pano|panoramic|panorex|panoramik|opg"},
    {"radiograph", "type", "cbct", "cbct|cone beam|cone beam ct|kibt|konik isinli tomografi"},
    {"radiograph", "type", "other", "other|diger"},

    {"treatment_plan", "status", "proposed", "proposed|planned|presented|planlandi|onerildi|teklif edildi"},
    {"treatment_plan", "status", "accepted", "accepted|approved|kabul|kabul edildi|onayli|onaylandi"},
    {"treatment_plan", "status", "in_progress", "in progress|started|ongoing|devam ediyor|basladi"},
    {"treatment_plan", "status", "completed", "complete|completed|done|finished|tamamlandi|bitti"},
    {"treatment_plan", "status", "rejected",
     "rejected|declined|refused|cancelled|canceled|reddedildi|onaylanmadi|iptal|iptal edildi"},

    {"plan_line", "status", "proposed", "proposed|planned|presented|treatment planned|planlandi|onerildi"},
    {"plan_line", "status", "completed", "complete|completed|done|finished|tamamlandi|yapildi|bitti"},
    {"plan_line", "status", "rejected", "rejected|declined|refused|cancelled|canceled|reddedildi|iptal|iptal edildi"},

    {"clinical_note", "type", "soap", "soap|soap note"},
    {"clinical_note", "type", "progress", "progress|progress note|seyir|seyir notu"},
    {"clinical_note", "type", "narrative", "narrative|anlati"},

    {"workflow_flag", "status", "open", "open|active|pending|acik|aktif|bekliyor"},
    {"workflow_flag", "status", "resolved",
     "resolved|closed|done|complete|completed|kapali|kapandi|cozuldu|tamamlandi"},
    {"workflow_flag", "status", "dismissed", "dismissed|cancelled|canceled|ignored|iptal|iptal edildi"},

    {"referral", "direction", "incoming", "incoming|in|inbound|referred by|from|gelen"},
    {"referral", "direction", "outgoing", "outgoing|out|outbound|referred to|to|giden"},
    {"referral", "status", "received", "received|alindi"},
    {"referral", "status", "sent", "sent|gonderildi"},
    {"referral", "status", "accepted", "accepted|kabul edildi"},
    {"referral", "status", "declined", "declined|rejected|refused|reddedildi"},
    {"referral", "status", "completed", "complete|completed|done|tamamlandi"},

    {"appointment", "status", "scheduled", "scheduled|planned|booked|planlandi|randevu verildi"},
    {"appointment", "status", "confirmed", "confirmed|onaylandi|teyit edildi"},
    {"appointment", "status", "completed", "complete|completed|done|seen|kept|geldi|tamamlandi|bitti"},
    {"appointment", "status", "cancelled", "cancelled|canceled|iptal|iptal edildi"},
    {"appointment", "status", "no_show", "no show|noshow|did not attend|missed|gelmedi"},

    {"billing_line", "type", "charge", "charge|fee|tahakkuk|borc"},
    {"billing_line", "type", "payment", "payment|insurance payment|patient payment|ins payment|odeme|tahsilat|alacak"},
    {"billing_line", "type", "adjustment", "adjustment|write off|writeoff|discount|duzeltme|indirim|iskonto"},

    {"organization", "kind", "referring_practice", "referring practice|referring dentist|referring doctor"},
    {"organization", "kind", "employer", "employer|isveren"},
    {"organization", "kind", "carrier", "carrier|insurer|insurance carrier|insurance company|payer|sigorta"},
};

static bool is_own(const model_field *f, const char *word)
{
    for (const char *p = f->values; *p;) {
        size_t n = strcspn(p, " ");
        if (sv_eq((sv){p, n}, sv_from(word))) return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

/* A field knows its entity only by its place in the model. */
static const char *entity_of(const model_field *f)
{
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        if (f >= e->field && f < e->field + e->fields + e->inputs) return e->name;
    }
    return "";
}

static bool is_of(const char *entity, const char *field, const model_field *f)
{
    if (*field != *f->name || strcmp(field, f->name) != 0) return false;
    return *entity == '\0' || strcmp(entity, entity_of(f)) == 0;
}

static const char *synonym_of(const model_field *f, const folded *x)
{
    for (size_t i = 0; i < sizeof vocabulary / sizeof vocabulary[0]; i++)
        if (is_of(vocabulary[i].entity, vocabulary[i].field, f) && is_own(f, vocabulary[i].word) &&
            folded_is_one_of(x, vocabulary[i].synonyms))
            return vocabulary[i].word;
    return NULL;
}

/* The field's own word that the text is, whatever stands between its parts: "No-Show" is no_show. */
static sv own_word(const model_field *f, const folded *x)
{
    for (const char *p = f->values; *p;) {
        folded word;
        sv own = {p, strcspn(p, " ")};
        if (text_fold(own, &word) && sv_eq((sv){word.text, word.n}, (sv){x->text, x->n})) return own;
        p += own.n + (p[own.n] == ' ');
    }
    return (sv){NULL, 0};
}

/* ISO/IEC 5218: 1 male, 2 female. Systems that begin with 0 number otherwise, so a 0 anywhere in the column takes the
 * figures their meaning. */
static sv sex_of_figure(const norm_column *c, sv in)
{
    bool zeros = c->survey && c->survey->zeros > 0;
    if (strcmp(c->field->name, "sex") != 0 || zeros) return (sv){NULL, 0};
    if (sv_eq(in, SV_LIT("1"))) return SV_LIT("male");
    return sv_eq(in, SV_LIT("2")) ? SV_LIT("female") : (sv){NULL, 0};
}

norm_form normalize_enum(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    folded x;
    sv word = sex_of_figure(c, in);
    if (!word.n && text_fold(in, &x) && x.n) {
        word = own_word(c->field, &x);
        if (!word.n) word = sv_from(synonym_of(c->field, &x));
    }
    if (!word.n) {
        norm_remark(r, F_NRM_VALUE_MAP_GAP, c->field);
        return FORM_WRONG;
    }
    buf_sv(out, word);
    return FORM_GOOD;
}

void survey_enum(norm_survey *s, const norm_column *c, sv in)
{
    (void)c;
    if (sv_eq(in, SV_LIT("0"))) s->zeros++;
}
