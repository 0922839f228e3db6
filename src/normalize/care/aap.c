/* The classification of periodontal diseases of 2017 (AAP/EFP; Tonetti et al. 2018): stage, grade and extent out of
 * what a clinician wrote. Read, never computed; older schemes (Type III, Class II, chronic) are carried by name. */
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

enum { TOKENS_MAX = 64 };

typedef struct tokens {
    folded text;
    sv token[TOKENS_MAX];
    size_t n;
} tokens;

typedef struct diagnosis {
    int stage;          /* 0: none */
    char grade;         /* 0: none */
    const char *extent; /* word of the model; NULL: none */
    buf other;          /* classes of other kinds and schemes, joined by "; " */
    bool contradicts;   /* itself: two stages, a fifth one */
} diagnosis;

static bool split(sv in, tokens *t)
{
    t->n = 0;
    if (!text_fold(in, &t->text)) return false;
    for (size_t i = 0; i < t->text.n; i++) {
        size_t start = i;
        while (i < t->text.n && t->text.text[i] != ' ') i++;
        if (t->n == TOKENS_MAX) return false;
        t->token[t->n++] = (sv){t->text.text + start, i - start};
    }
    return true;
}

static bool is(const tokens *t, size_t i, const char *words) { return i < t->n && text_is_one_of(t->token[i], words); }

static bool has(const tokens *t, const char *words)
{
    for (size_t i = 0; i < t->n; i++)
        if (is(t, i, words)) return true;
    return false;
}

/* 1 to 4; 0: none. */
static int roman(const tokens *t, size_t i)
{
    static const char *const words[] = {"i|1", "ii|2", "iii|3", "iv|4"};
    for (int n = 0; n < 4; n++)
        if (is(t, i, words[n])) return n + 1;
    return 0;
}

static char letter(const tokens *t, size_t i) { return is(t, i, "a|b|c") ? (char)(t->token[i].p[0] - 32) : 0; }

static void set_stage(diagnosis *d, int stage)
{
    d->contradicts = d->contradicts || stage == 0 || (d->stage && d->stage != stage);
    d->stage = stage;
}

static void set_grade(diagnosis *d, char grade)
{
    d->contradicts = d->contradicts || grade == 0 || (d->grade && d->grade != grade);
    d->grade = grade;
}

static void set_extent(diagnosis *d, const char *extent)
{
    d->contradicts = d->contradicts || (d->extent && strcmp(d->extent, extent) != 0);
    d->extent = extent;
}

static void add_other(diagnosis *d, const char *what)
{
    if (d->other.n) buf_str(&d->other, "; ");
    buf_str(&d->other, what);
}

/* "Stage II-III" is two stages: a figure that goes on behind the first. */
static void read_stage(diagnosis *d, const tokens *t, size_t *i)
{
    set_stage(d, roman(t, ++*i));
    size_t next = *i + 1;
    if (is(t, next, "to|or|ve|veya")) next++;
    if (roman(t, next) && roman(t, next) != d->stage) d->contradicts = true;
    if (letter(t, *i + 1)) set_grade(d, letter(t, ++*i)); /* "St III/C" */
}

static void read_scheme(diagnosis *d, const tokens *t, size_t *i)
{
    static const char *const numeral[] = {"", "I", "II", "III", "IV"};
    int n = roman(t, *i + 1);
    const char *scheme = is(t, *i, "class|sinif") ? "Class " : "Type ";
    if (n == 0) return;
    if (d->other.n) buf_str(&d->other, "; ");
    buf_str(&d->other, scheme);
    buf_str(&d->other, numeral[n]);
    ++*i;
}

static void read_others(diagnosis *d, const tokens *t)
{
    bool implant = has(t, "periimplantitis|implantitis|periimplant|implant|implants");
    if (has(t, "gingivitis|gingivit|jinjivit")) add_other(d, "gingivitis");
    if (has(t, "periimplantitis|implantitis")) add_other(d, "peri-implantitis");
    if (has(t, "mucositis|mukozit")) add_other(d, "peri-implant mucositis");
    if (has(t, "necrotizing|necrotising|nekrotizan")) add_other(d, "necrotizing");
    if (has(t, "health|healthy|saglikli")) add_other(d, implant ? "peri-implant health" : "health");
    if (has(t, "chronic|kronik")) add_other(d, "chronic periodontitis");
    if (has(t, "aggressive|agresif")) add_other(d, "aggressive periodontitis");
}

/* A numeral and a letter alone, with extent at most: "III-C", "Generalized 3 B". */
static void read_short(diagnosis *d, const tokens *t)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < t->n; i++) {
        if (at == SIZE_MAX && roman(t, i) && letter(t, i + 1))
            at = i++;
        else if (!is(t, i,
                     "localized|localised|generalized|generalised|gen|loc|lokalize|jeneralize|yaygin|periodontitis|"
                     "periodontit|perio|molar|incisor|pattern"))
            return;
    }
    if (at == SIZE_MAX) return;
    set_stage(d, roman(t, at));
    set_grade(d, letter(t, at + 1));
}

/* What is denied, asked, past or only suspected is no diagnosis. */
static bool is_in_doubt(const tokens *t)
{
    return has(t,
               "no|not|non|without|rule|suspect|suspected|possible|probable|vs|versus|history|hx|previous|previously|"
               "former|formerly|degil|yok|supheli|olasi");
}

static void read_diagnosis(diagnosis *d, const tokens *t)
{
    if (is_in_doubt(t)) return;
    for (size_t i = 0; i < t->n; i++) {
        if (is(t, i, "stage|st|evre"))
            read_stage(d, t, &i);
        else if (is(t, i, "grade|gr|derece"))
            set_grade(d, letter(t, ++i));
        else if (is(t, i, "type|class|tip|sinif"))
            read_scheme(d, t, &i);
        else if (is(t, i, "localized|localised|loc|lokalize"))
            set_extent(d, "localized");
        else if (is(t, i, "generalized|generalised|gen|jeneralize|yaygin"))
            set_extent(d, "generalized");
        else if (is(t, i, "molar") && is(t, i + 1, "incisor|keser"))
            set_extent(d, "molar_incisor"), i++;
    }
    if (d->stage == 0 && d->grade == 0 && d->other.n == 0 && !d->contradicts) read_short(d, t);
    read_others(d, t);
}

static bool parse(sv text, diagnosis *d)
{
    tokens t;
    *d = (diagnosis){.other = buf_new(1000)};
    if (!split(text, &t)) return false;
    read_diagnosis(d, &t);
    return true;
}

norm_form normalize_aap_stage(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    tokens t;
    diagnosis d;
    int stage = 0;
    if (split(in, &t) && t.n == 1) stage = roman(&t, 0);
    if (stage == 0 && parse(in, &d)) {
        stage = d.contradicts ? 0 : d.stage;
        buf_free(&d.other);
    }
    if (stage) {
        buf_char(out, (char)('0' + stage));
        return FORM_GOOD;
    }
    norm_remark(r, F_NRM_AAP_STAGE, c->field);
    return FORM_WRONG;
}

static bool differs(const record *x, const char *field, sv said)
{
    sv have = record_text(x, field);
    return have.n && said.n && !sv_eq(have, said);
}

static void fill(const record *x, const char *field, sv said)
{
    norm_cell *cell = record_cell(x, field);
    if (!said.n || !cell) return;
    if (differs(x, field, said))
        record_wrong(x, field, F_NRM_AAP_CONTRADICTION);
    else if (cell->form == FORM_EMPTY)
        record_set(x, field, said);
}

static void fill_all(const record *x, const diagnosis *d)
{
    const char stage = (char)('0' + d->stage);
    fill(x, "aap_stage", (sv){&stage, d->stage ? 1 : 0});
    fill(x, "aap_grade", (sv){&d->grade, d->grade ? 1 : 0});
    fill(x, "aap_extent", sv_from(d->extent));
    const norm_cell *other = record_cell(x, "aap_other");
    if (d->other.n && other && other->form == FORM_EMPTY) record_set(x, "aap_other", buf_view(&d->other));
}

/* "Stage III Grade C" in the column of stages: the grade is kept, and the text. */
static void take_from_stage(const record *x)
{
    diagnosis d;
    buf text = buf_new(record_cell(x, "aap_stage")->original.n * 3 + 1);
    sv original = record_original(x, "aap_stage", &text);
    if (record_cell(x, "aap_stage")->form == FORM_GOOD && original.n > 3 && parse(original, &d)) {
        if (!d.contradicts) fill_all(x, &d);
        buf_free(&d.other);
    }
    buf_free(&text);
}

void record_aap(const record *x)
{
    diagnosis d;
    if (!record_cell(x, "aap_stage") || !record_cell(x, "aap_text")) return;
    take_from_stage(x);
    sv text = record_text(x, "aap_text");
    if (!text.n) return;
    bool read = parse(text, &d);
    if (!read || d.contradicts) record_remark(x, "aap_text", F_NRM_AAP_UNCLEAR);
    if (read && !d.contradicts) fill_all(x, &d);
    if (read) buf_free(&d.other);
}
