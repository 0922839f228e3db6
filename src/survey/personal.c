/* Whether somebody could be known by the values of a column, told by its name: in doubt, yes. English and Turkish. */
#include "model/model.h"
#include "normalize/normalize.h"
#include "survey/survey_internal.h"

/* Words of a name, folded, separated by blanks; `parts` count wherever they stand in it. */
static const struct kind {
    personal is;
    const char *words, *parts;
} kinds[] = {
    {PERSONAL_SECRET, "pass pwd pin token hash salt", "password passwd sifre parola secret"},
    {PERSONAL_BIRTH, "dob bdate bday age yas", "birth dogum geburt naissance nasc nacim nasterii"},
    {PERSONAL_CONTACT, "tel phone phones fax faks gsm cep cell mobile mail web url website ip ext",
     "phone telefon email eposta mobile"},
    {PERSONAL_NAME,
     "name names nm ad adi adlar soyad isim isimler first last middle fname lname mname mi suffix title unvan nick "
     "nickname alias initials parent mother father anne baba spouse contact owner author recipient",
     "name surname soyad isim nombre apellido nume prenume"},
    {PERSONAL_PLACE,
     "addr address adres street sokak cadde mahalle semt ilce il sehir city town county district state province region "
     "zip postal postcode posta country ulke lat lon latitude longitude location konum",
     "address adres street postal"},
    {PERSONAL_PROSE,
     "note notes memo memos comment comments remark remarks description desc aciklama not notlar text metin body "
     "subject "
     "konu history gecmis allergy allergies alerji complaint sikayet finding findings diagnosis teshis tani message "
     "mesaj "
     "reason sebep detail details detay narrative subjective objective assessment content icerik caption path file",
     "comment remark aciklama narrative"},
    {PERSONAL_KEY,
     "id key pk no num nbr number guid uuid ssn tc tckn npi mrn chart license licence passport pasaport policy police "
     "account acct hesap member subscriber insured sicil barcode barkod serial seri lot plate plaka iban card kart",
     "kimlik socialsec passport license tckimlik"},
};

/* Who it is, when it ends the name: "Patient", "Hekim"; not "PatientType". */
static const char people_words[] =
    " patient patients hasta hastalar doctor doktor hekim dentist dr provider employer isveren guarantor user "
    "kullanici "
    "username login staff employee personel person kisi client customer musteri referrer referredby by guardian vasi ";

static const char code_words[] = " status stat state durum durumu type types tur turu tip tipi kind class category "
                                 "kategori cat gender sex cinsiyet code "
                                 "codes kod kodu method yontem role rol gorev gorevi priority oncelik grade derece "
                                 "stage evre extent system numbering "
                                 "direction yon relationship relation yakinlik billing phase faz surface yuzey site "
                                 "quadrant color colour renk currency "
                                 "para birim birimi unit flag active aktif mode option scale level seviye marital "
                                 "medeni method sekli sekil blood kan "
                                 "grup group tariff tarife specialty speciality uzmanlik brans bolum department "
                                 "credentials language dil approved onay ";

static const char other_words[] =
    " date tarih tarihi time saat saati amount tutar fee price fiyat ucret total toplam qty "
    "quantity adet miktar year yil month ay day gun start end created updated modified rate ";

/* The words of a name with a blank on either side; empty when it has none. */
static void words_of(sv name, char out[2 * NAME_FOLDED_MAX + 4], name_form *form)
{
    size_t n = 0;
    name_form_of(name, form);
    out[n++] = ' ';
    for (size_t i = 0; i < form->words; i++) {
        size_t length = (size_t)form->word[i + 1] - form->word[i];
        memcpy(out + n, form->folded + form->word[i], length);
        n += length;
        out[n++] = ' ';
    }
    out[n] = '\0';
}

/* Some word of the list is one of the name's. */
static bool shares_word(const char *names, const char *list)
{
    char padded[2 * NAME_FOLDED_MAX + 8];
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, " ");
        if (n && n < sizeof padded - 3) {
            padded[0] = ' ';
            memcpy(padded + 1, p, n);
            padded[n + 1] = ' ';
            padded[n + 2] = '\0';
            if (strstr(names, padded)) return true;
        }
        p += n + (p[n] == ' ');
    }
    return false;
}

static bool has_part(const name_form *form, const char *list)
{
    char folded[NAME_FOLDED_MAX + 1], part[32];
    memcpy(folded, form->folded, form->n);
    folded[form->n] = '\0';
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, " ");
        if (n && n < sizeof part) {
            memcpy(part, p, n);
            part[n] = '\0';
            if (strstr(folded, part)) return true;
        }
        p += n + (p[n] == ' ');
    }
    return false;
}

static bool ends_with_person(const name_form *form)
{
    char word[NAME_FOLDED_MAX + 3] = " ";
    if (form->words == 0) return false;
    size_t last = form->words - 1, n = (size_t)form->word[last + 1] - form->word[last];
    memcpy(word + 1, form->folded + form->word[last], n);
    memcpy(word + 1 + n, " ", 2);
    return strstr(people_words, word) != NULL;
}

personal personal_by_name(sv column)
{
    char words[2 * NAME_FOLDED_MAX + 4];
    name_form form;
    words_of(column, words, &form);
    if (form.n == 0) return PERSONAL_KEY; /* nothing can be told of it */
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (shares_word(words, kinds[i].words) || has_part(&form, kinds[i].parts)) return kinds[i].is;
    return ends_with_person(&form) ? PERSONAL_NAME : PERSONAL_NOT;
}

bool survey_names_secret(sv column) { return personal_by_name(column) == PERSONAL_SECRET; }

sv personal_word(personal p)
{
    static const char *const words[] = {"",          "names",  "phones and e-mail", "places", "birth dates", "keys",
                                        "free text", "secrets"};
    return sv_from(words[p]);
}

bool is_code_name(sv column)
{
    char words[2 * NAME_FOLDED_MAX + 4];
    name_form form;
    words_of(column, words, &form);
    return form.n && shares_word(words, code_words);
}

bool is_column_name(sv name)
{
    char words[2 * NAME_FOLDED_MAX + 4];
    name_form form;
    words_of(name, words, &form);
    return form.n && (personal_by_name(name) != PERSONAL_NOT || shares_word(words, code_words) ||
                      shares_word(words, other_words));
}

bool is_word_of_the_model(sv text)
{
    static const norm_options none = {.today = INT32_MIN};
    buf out = buf_new(4096);
    bool known = false;
    for (size_t i = 0; i < model_entities() && !known; i++) {
        const model_entity *e = model_entity_at(i);
        for (size_t k = 0; k < e->fields && !known; k++) {
            if (e->field[k].type != FIELD_ENUM) continue;
            const norm_column c = {.options = &none, .field = &e->field[k]};
            norm_remarks ignored = {.n = 0};
            buf_clear(&out);
            known = norm_value(&c, text, &out, &ignored) == FORM_GOOD;
        }
    }
    buf_free(&out);
    return known;
}
