/* Whole names taken apart: "SMITH, JOHN A JR, DDS", "John A Smith Jr", "Dr. Jane (Jenny) van Dyke". What stands where is
 * certain only as far as commas, initials and particles tell; the rest is split by custom and said to be. */
#include "normalize/letters.h"
#include "normalize/people/name.h"

enum { PIECES_MAX = 8, WORDS_MAX = 16 };

typedef struct words {
    sv word[WORDS_MAX];
    size_t first, n; /* in use: first to n - 1 */
} words;

typedef struct whole_name {
    sv last, given; /* pieces in front of and behind the comma; given empty: in natural order */
    sv suffix_piece;
    bool natural, unsure;
    const char *suffix;
    buf title, first, middle, family, nickname, credentials;
} whole_name;

/* ---- pieces between commas ---- */

static bool split_pieces(sv text, sv piece[PIECES_MAX], size_t *n)
{
    *n = 0;
    while (text.n) {
        size_t end = 0;
        while (end < text.n && text.p[end] != ',') end++;
        sv one = text_trim((sv){text.p, end});
        if (one.n && *n == PIECES_MAX) return false;
        if (one.n) piece[(*n)++] = one;
        end += end < text.n;
        text = (sv){text.p + end, text.n - end};
    }
    return *n > 0;
}

static bool split_words(sv text, words *w)
{
    w->first = w->n = 0;
    for (text = text_trim(text); text.n; text = text_trim(text)) {
        size_t end = 0;
        while (end < text.n && text.p[end] != ' ') end++;
        if (w->n == WORDS_MAX) return false;
        w->word[w->n++] = (sv){text.p, end};
        text = (sv){text.p + end, text.n - end};
    }
    return true;
}

/* Words that are no particle: "van Dyke" is one. */
static size_t names_in(sv piece)
{
    words w;
    size_t n = 0;
    if (!split_words(piece, &w)) return WORDS_MAX;
    for (size_t i = 0; i < w.n; i++) n += !name_is_particle(w.word[i]);
    return n;
}

static void add_part(buf *out, sv word)
{
    if (out->n) buf_char(out, ' ');
    buf_sv(out, word);
}

/* They are met from the end. */
static void add_credential(whole_name *x, sv piece)
{
    buf all = buf_new(x->credentials.ceiling);
    buf_sv(&all, piece);
    if (x->credentials.n) buf_str(&all, ", ");
    buf_sv(&all, buf_view(&x->credentials));
    buf_free(&x->credentials);
    x->credentials = all;
}

/* Suffixes and credentials behind the last comma. "Nguyen, Do" has two readings and no certain one. */
static bool take_tail(whole_name *x, sv piece[PIECES_MAX], size_t *n)
{
    while (*n > 1) {
        sv tail = piece[*n - 1];
        const char *suffix = suffix_of(tail);
        bool name_too = false, alone = *n == 2 && names_in(piece[0]) < 2;
        if (suffix && !(alone && strcmp(suffix, "V") == 0)) {
            x->suffix = suffix;
        } else if (credentials_only(tail, &name_too)) {
            if (name_too && alone) return false;
            add_credential(x, tail);
        } else {
            break;
        }
        (*n)--;
    }
    return true;
}

static bool is_initial(sv word)
{
    uint32_t c;
    if (word.n && word.p[word.n - 1] == '.') word.n--;
    return word.n && letter_at(word, &c) == word.n;
}

static bool order_pieces(whole_name *x, sv piece[PIECES_MAX], size_t n)
{
    const char *middle_suffix = n == 3 ? suffix_of(piece[1]) : NULL;
    if (middle_suffix) {
        x->suffix = middle_suffix;
        piece[1] = piece[2];
        n = 2;
    }
    x->natural = n == 1;
    x->last = piece[0];
    if (n == 1) return true;
    x->given = piece[1];
    if (n == 3 && is_initial(piece[2])) { /* "Smith, John, A" */
        add_part(&x->middle, piece[2]);
        return true;
    }
    return n == 2;
}

/* ---- words ---- */

static void take_title(whole_name *x, words *w)
{
    folded f;
    while (w->n - w->first > 1 && text_fold(w->word[w->first], &f) &&
           folded_is_one_of(&f, "dr|mr|mrs|ms|miss|prof|dt|uzm|doc|bay|bayan|sayin"))
        add_part(&x->title, w->word[w->first++]);
}

static void take_ending(whole_name *x, words *w, size_t keep)
{
    while (w->n - w->first > keep) {
        sv word = w->word[w->n - 1];
        bool name_too = true;
        const char *suffix = suffix_of(word);
        if (suffix && !x->suffix && (strcmp(suffix, "V") != 0 || w->n - w->first > keep + 1))
            x->suffix = suffix;
        else if (credential_of(word, &name_too) && !name_too)
            add_credential(x, word);
        else
            break;
        w->n--;
    }
}

/* A nickname in brackets or quotes is taken out of the text; the rest is in out. */
static void take_nickname(whole_name *x, sv text, buf *out)
{
    static const struct {
        const char *open, *close;
    } marks[] = {
        {"(", ")"}, {"\"", "\""}, {"\xE2\x80\x9C", "\xE2\x80\x9D"}, {" '", "' "}, {" \xE2\x80\x98", "\xE2\x80\x99 "}};
    buf padded = buf_new(text.n + 3);
    buf_char(&padded, ' ');
    buf_sv(&padded, text);
    buf_str(&padded, " ");
    buf_char(&padded, 0);
    for (size_t i = 0; !padded.failed && !sv_find(text, '\0') && i < sizeof marks / sizeof marks[0]; i++) {
        const char *open = strstr(padded.p, marks[i].open);
        const char *inside = open ? open + strlen(marks[i].open) : NULL;
        const char *close = inside ? strstr(inside, marks[i].close) : NULL;
        sv name = close ? text_trim((sv){inside, (size_t)(close - inside)}) : (sv){NULL, 0};
        if (!name.n) continue;
        buf_sv(&x->nickname, name);
        buf_add(out, padded.p, (size_t)(open - padded.p));
        buf_char(out, ' ');
        buf_str(out, close + strlen(marks[i].close));
        buf_free(&padded);
        return;
    }
    buf_free(&padded);
    buf_sv(out, text);
}

/* First name, then what lies between: certain when that is initials, or where only given names can be (Turkish has no
 * middle names). */
static void set_given(whole_name *x, const words *w, size_t end, bool turkish)
{
    for (size_t i = w->first; i < end; i++) {
        bool more = i > w->first;
        add_part(more && !turkish ? &x->middle : &x->first, w->word[i]);
        if (more && !turkish && !is_initial(w->word[i])) x->unsure = true;
    }
}

static bool set_natural(whole_name *x, bool turkish)
{
    words w;
    buf text = buf_new(x->last.n + 4);
    take_nickname(x, x->last, &text);
    bool ok = !text.failed && split_words(buf_view(&text), &w) && w.n > 0;
    if (ok) {
        take_title(x, &w);
        take_ending(x, &w, 1);
        size_t last = w.n - 1;
        for (size_t i = w.first + 1; i < w.n - 1 && last == w.n - 1; i++)
            if (name_is_particle(w.word[i])) last = i;
        set_given(x, &w, last, turkish);
        for (size_t i = last; i < w.n; i++) add_part(&x->family, w.word[i]);
    }
    buf_free(&text);
    return ok;
}

static bool set_ordered(whole_name *x, bool turkish)
{
    words family, given;
    buf text = buf_new(x->given.n + 4);
    take_nickname(x, x->given, &text);
    bool ok = !text.failed && split_words(x->last, &family) && split_words(buf_view(&text), &given);
    if (ok) {
        take_ending(x, &family, 1);
        for (size_t i = family.first; i < family.n; i++) add_part(&x->family, family.word[i]);
        take_title(x, &given);
        take_ending(x, &given, 1);
        bool has_middle = x->middle.n > 0;
        set_given(x, &given, given.n, turkish || has_middle);
    }
    buf_free(&text);
    return ok;
}

/* ---- the record ---- */

static bool says_the_same(sv a, sv b)
{
    folded x, y;
    return text_fold(a, &x) && text_fold(b, &y) && sv_eq((sv){x.text, x.n}, (sv){y.text, y.n});
}

static void fill(const record *r, const char *field, sv part)
{
    norm_cell *cell = record_cell(r, field);
    if (!cell || part.n == 0) return;
    if (cell->form == FORM_EMPTY)
        record_set(r, field, part);
    else if (cell->form == FORM_GOOD && !says_the_same(buf_view(cell->text), part))
        record_remark(r, field, F_NRM_NAME_CONTRADICTS);
}

/* Providers have no field for a middle name or a suffix: these stay with the first and the last name. */
static void fill_all(const record *r, whole_name *x)
{
    if (!record_cell(r, "middle") && x->middle.n) add_part(&x->first, buf_view(&x->middle));
    if (!record_cell(r, "suffix") && x->suffix) add_part(&x->family, sv_from(x->suffix));
    fill(r, "title", buf_view(&x->title));
    fill(r, "first", buf_view(&x->first));
    fill(r, "middle", buf_view(&x->middle));
    fill(r, "last", buf_view(&x->family));
    fill(r, "suffix", sv_from(x->suffix));
    fill(r, "nickname", buf_view(&x->nickname));
    if (!x->credentials.n) return;
    if (!record_cell(r, "credentials")) {
        record_remark(r, "full_name", F_NRM_CREDENTIALS_CUT);
        return;
    }
    buf text = buf_new(x->credentials.n * 2 + 1);
    if (normalize_credentials(NULL, buf_view(&x->credentials), &text, NULL) == FORM_GOOD)
        fill(r, "credentials", buf_view(&text));
    fill(r, "credentials_raw", buf_view(&x->credentials));
    buf_free(&text);
}

static bool take_apart(whole_name *x, sv text, bool turkish)
{
    sv piece[PIECES_MAX];
    size_t n;
    if (!split_pieces(text, piece, &n) || !take_tail(x, piece, &n) || !order_pieces(x, piece, n)) return false;
    return x->natural ? set_natural(x, turkish) : set_ordered(x, turkish);
}

void record_full_name(const record *r)
{
    sv text = record_text(r, "full_name");
    if (!text.n) return;
    size_t room = text.n * 2 + 8;
    whole_name x = {.title = buf_new(room),
                    .first = buf_new(room),
                    .middle = buf_new(room),
                    .family = buf_new(room),
                    .nickname = buf_new(room),
                    .credentials = buf_new(room)};
    fill(r, "display", text);
    if (!take_apart(&x, text, names_are_turkish(r->options))) {
        record_wrong(r, "full_name", F_NRM_NAME_NOT_SPLIT);
    } else {
        fill_all(r, &x);
        if (x.unsure) record_remark(r, "full_name", F_NRM_NAME_BY_CUSTOM);
    }
    buf *all[] = {&x.title, &x.first, &x.middle, &x.family, &x.nickname, &x.credentials};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) buf_free(all[i]);
}

/* "Smith Jr" as a last name: the suffix has a field of its own. V may be an initial. */
void record_suffix(const record *r)
{
    norm_cell *suffix = record_cell(r, "suffix");
    sv last = record_text(r, "last");
    size_t at = last.n;
    if (!suffix || suffix->form != FORM_EMPTY || !last.n) return;
    while (at && last.p[at - 1] != ' ') at--;
    sv word = {last.p + at, last.n - at}, before = text_trim((sv){last.p, at});
    const char *found = suffix_of(word);
    if (before.n && before.p[before.n - 1] == ',') before = text_trim((sv){before.p, before.n - 1});
    if (!found || !before.n || strcmp(found, "V") == 0) return;
    record_set(r, "suffix", sv_from(found));
    record_cell(r, "last")->text->n = (size_t)(before.p + before.n - last.p);
}

/* Patients that a practice made to try its software, or to mark a record as dead. */
void record_test(const record *r)
{
    static const char *const fields[] = {"last", "first"};
    if (strcmp(r->entity->name, "patient") != 0) return;
    for (size_t i = 0; i < 2; i++) {
        folded x;
        if (!text_fold(record_text(r, fields[i]), &x) || !x.n) continue;
        sv name = {x.text, x.n};
        bool marked =
            folded_is_one_of(&x, "test|test patient|patient test|testpatient|do not use|donotuse|test hasta") ||
            sv_starts(name, SV_LIT("zzz")) || sv_starts(name, SV_LIT("do not use"));
        for (size_t k = 0; !marked && k + 10 < x.n; k++)
            marked = sv_starts((sv){x.text + k, x.n - k}, SV_LIT(" do not use"));
        if (!marked) continue;
        record_remark(r, fields[i], F_NRM_TEST_RECORD);
        return;
    }
}
