#include "deliver/chart_lines.h"
#include "base/digits.h"
#include "deliver/chart_rows.h"
#include "deliver/staged_row.h"
#include <stdlib.h>

/* PIECE_MAX: longer ones are left to others; STEP: pieces are copied so many bytes at a time, over their end. CELL: a
 * number with the delimiter before it. */
enum { PIECE_MAX = 240, STEP = 16, CELL = 8, LOW = -200, HIGH = 1000, VALUES_MAX = 128 };

typedef struct piece {
    char text[PIECE_MAX + STEP];
    size_t n;
} piece;

typedef struct number_cell {
    char text[CELL];
    size_t n;
} number_cell;

struct chart_lines {
    sv system, newline;
    char delimiter;
    bool plain; /* the table's name needs no quotes */
    buf stem;   /* of the exam's records: what their source keys begin with, and the mark behind the exam */
    /* Of the tooth, one behind the other with the name of the site between them. */
    piece before, middle, behind;
    piece table; /* the cell of the charts' table, with its delimiters */
    number_cell ready[HIGH - LOW];
};

static bool set(piece *to, sv text)
{
    to->n = 0;
    if (text.n > PIECE_MAX) return false;
    memcpy(to->text, text.p, text.n);
    to->n = text.n;
    return true;
}

static void add(piece *to, sv text)
{
    memcpy(to->text + to->n, text.p, text.n);
    to->n += text.n;
}

static void add_char(piece *to, char c) { to->text[to->n++] = c; }

chart_lines *chart_lines_new(sv system, sv table, char delimiter, sv newline)
{
    chart_lines *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    l->system = system;
    l->newline = newline;
    l->delimiter = delimiter;
    l->stem = buf_new(PIECE_MAX);
    l->plain = table.n && table.n < PIECE_MAX / 2 && staged_is_plain(table, delimiter) && newline.n < VALUES_MAX / 2;
    if (l->plain) {
        add_char(&l->table, delimiter);
        add(&l->table, table);
        add_char(&l->table, delimiter);
    }
    for (int i = LOW; i < HIGH; i++) {
        char text[CHART_TENTHS_MAX];
        number_cell *to = &l->ready[i - LOW];
        size_t n = chart_tenths_text((int16_t)i, text);
        to->text[0] = delimiter;
        memcpy(to->text + 1, text, n);
        to->n = n + 1;
    }
    return l;
}

void chart_lines_free(chart_lines *l)
{
    if (!l) return;
    buf_free(&l->stem);
    free(l);
}

/* ---- pieces ---- */

/* "_3A" is the mark between exam, tooth and site as model_source_key writes it. */
enum { LONGEST_REST = sizeof "18S_3AMB" - 1, REST_OF_PIECE = 8 };

static bool begin_exam(chart_lines *l, chart_record what, sv exam)
{
    char key[PIECE_MAX];
    bool fits = exam.n && exam.n < PIECE_MAX - 1 && l->table.n + exam.n + REST_OF_PIECE <= PIECE_MAX;
    buf_clear(&l->stem);
    if (!l->plain || !fits || !staged_is_plain(exam, l->delimiter)) return false;
    memcpy(key, exam.p, exam.n);
    key[exam.n] = ':';
    return model_source_key(l->system, chart_record_entity(what), (sv){key, exam.n + 1}, &l->stem) &&
           l->stem.n + LONGEST_REST <= MODEL_KEY_MAX;
}

/* As keys have it: "16", "18S". */
static sv number_of(tooth t, char room[3])
{
    digits_2(t.fdi % 100, room);
    room[2] = 'S';
    return (sv){room, t.supernumerary ? 3 : 2};
}

static void begin_tooth(chart_lines *l, sv exam, tooth t)
{
    char room[3];
    const sv number = number_of(t, room);
    (void)set(&l->before, buf_view(&l->stem));
    add(&l->before, number);
    add(&l->before, SV_LIT("_3A"));
    (void)set(&l->middle, (sv){l->table.text, l->table.n});
    add(&l->middle, exam);
    add_char(&l->middle, ':');
    add(&l->middle, number);
    add_char(&l->middle, ':');
    l->behind.n = 0;
    add_char(&l->behind, l->delimiter);
    add(&l->behind, exam);
    add_char(&l->behind, ':');
    add(&l->behind, number);
    add_char(&l->behind, l->delimiter);
}

/* ---- sites ---- */

static char *put(char *to, const piece *p)
{
    for (size_t i = 0; i < p->n; i += STEP) memcpy(to + i, p->text + i, STEP);
    return to + p->n;
}

static char *put_site(char *to, unsigned site)
{
    const char *name = site_name[site];
    *to++ = *name++;
    if (*name) *to++ = *name;
    return to;
}

static char *put_tenths(const chart_lines *l, char *to, int16_t x)
{
    if (x >= LOW && x < HIGH) {
        const number_cell *cell = &l->ready[x - LOW];
        memcpy(to, cell->text, CELL);
        return to + cell->n;
    }
    *to++ = l->delimiter;
    return x == CHART_NONE ? to : to + chart_tenths_text(x, to);
}

static char *put_mark(const chart_lines *l, char *to, int8_t x)
{
    to[0] = l->delimiter;
    to[1] = (char)('0' + x);
    return to + (x >= 0 && x <= 9 ? 2 : 1);
}

/* At most three pieces, two names and VALUES_MAX bytes, and STEP beyond. */
static char *put_line(const chart_lines *l, char *to, const chart_site *s, unsigned site)
{
    to = put_site(put(to, &l->before), site);
    to = put_site(put(to, &l->middle), site);
    to = put_site(put(to, &l->behind), site);
    to = put_tenths(l, to, s->pd);
    to = put_tenths(l, to, s->recession);
    to = put_tenths(l, to, s->cal);
    to = put_tenths(l, to, s->cal_source);
    to = put_mark(l, to, s->bop);
    to = put_mark(l, to, s->suppuration);
    to = put_mark(l, to, s->plaque);
    to = put_mark(l, to, s->calculus);
    memcpy(to, l->newline.p, l->newline.n);
    return to + l->newline.n;
}

bool chart_lines_of_sites(chart_lines *l, const exam_chart *x, buf *out, uint64_t *n)
{
    size_t start = out->n;
    *n = 0;
    if (!begin_exam(l, CHART_SITE, x->exam)) return false;
    for (size_t i = 0; i < x->teeth; i++) {
        const chart_tooth *t = &x->tooth[i];
        char *room = buf_reserve(out, SITES * (3 * PIECE_MAX + VALUES_MAX)), *to = room;
        if (!room) {
            out->n = start;
            return false;
        }
        begin_tooth(l, x->exam, t->tooth);
        for (unsigned k = 0; k < SITES; k++) {
            if (!chart_site_is_recorded(&t->site[k])) continue;
            to = put_line(l, to, &t->site[k], k);
            ++*n;
        }
        out->n += (size_t)(to - room);
    }
    return true;
}

/* ---- teeth ---- */

static char *put_word(const chart_lines *l, char *to, const char *word)
{
    *to++ = l->delimiter;
    while (word && *word) *to++ = *word++;
    return to;
}

static char *put_text(const chart_lines *l, char *to, sv text)
{
    *to++ = l->delimiter;
    return text.n ? staged_put_text(to, text, l->delimiter) : to;
}

static size_t texts_of(const chart_tooth *t)
{
    size_t n = t->raw.n + t->mobility_raw.n + t->note.n;
    for (size_t i = 0; i < 4; i++) n += t->furcation[i].raw.n;
    return n;
}

/* Pieces with a number behind them, the cells of a tooth with words of the model, texts with quotes; and STEP beyond. */
enum { TOOTH_LINE = 4 * PIECE_MAX };
static size_t most_of(const chart_tooth *t) { return TOOTH_LINE + VALUES_MAX + 2 * texts_of(t); }

static char *put_tooth(const chart_lines *l, char *to, const chart_tooth *t)
{
    char room[3];
    const sv number = number_of(t->tooth, room);
    to = put(to, &l->before);
    memcpy(to, number.p, number.n);
    to = put(to + number.n, &l->middle);
    memcpy(to, number.p, number.n);
    to = put(to + number.n, &l->behind);
    memcpy(to, number.p, 2);
    to = put_mark(l, to + 2, t->tooth.supernumerary);
    to = put_text(l, to, t->raw);
    to = put_word(l, to, tooth_status_name(t->status));
    to = put_tenths(l, to, t->mobility);
    to = put_text(l, to, t->mobility_raw);
    to = put_word(l, to, chart_furcation_scale(t));
    for (size_t i = 0; i < 4; i++) to = put_text(l, put_mark(l, to, t->furcation[i].grade), t->furcation[i].raw);
    to = put_word(l, to, t->miller);
    to = put_word(l, to, t->cairo);
    to = put_tenths(l, to, t->keratinized);
    to = put_tenths(l, to, t->mgj);
    to = put_tenths(l, to, t->plaque_index);
    to = put_text(l, to, t->note);
    memcpy(to, l->newline.p, l->newline.n);
    return to + l->newline.n;
}

/* What is the same for all teeth of the exam, one behind the other with the number of the tooth between them. */
static void begin_teeth(chart_lines *l, sv exam)
{
    (void)set(&l->before, buf_view(&l->stem));
    (void)set(&l->middle, (sv){l->table.text, l->table.n});
    add(&l->middle, exam);
    add_char(&l->middle, ':');
    l->behind.n = 0;
    add_char(&l->behind, l->delimiter);
    add(&l->behind, exam);
    add_char(&l->behind, l->delimiter);
}

bool chart_lines_of_teeth(chart_lines *l, const exam_chart *x, buf *out, uint64_t *n)
{
    size_t start = out->n;
    *n = 0;
    if (!begin_exam(l, CHART_TOOTH, x->exam)) return false;
    begin_teeth(l, x->exam);
    for (size_t i = 0; i < x->teeth; i++) {
        char *room = buf_reserve(out, most_of(&x->tooth[i]));
        if (!room) {
            out->n = start;
            return false;
        }
        out->n += (size_t)(put_tooth(l, room, &x->tooth[i]) - room);
    }
    *n = x->teeth;
    return true;
}
