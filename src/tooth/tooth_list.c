/* Several teeth in one text: lists and ranges, as plan lines have them. */
#include "tooth/tooth_label.h"

typedef struct teeth {
    tooth *out;
    size_t room, n;
    tooth_system system;
    unsigned proofs; /* of all its labels */
    bool seen[TEETH];
} teeth;

static tooth_read add(teeth *l, tooth t)
{
    unsigned at = tooth_index(t);
    if (at >= TEETH) return TOOTH_INVALID;
    if (l->seen[at]) return TOOTH_GOOD;
    if (l->n == l->room) return TOOTH_INVALID;
    l->seen[at] = true;
    l->out[l->n++] = t;
    return TOOTH_GOOD;
}

/* The tooth of the same kind with that Universal number, or letter from 0. */
static tooth numbered(bool primary, unsigned n)
{
    return (tooth){(uint8_t)(primary ? universal_letter_to_fdi(n) : universal_to_fdi(n)), false};
}

static tooth_read add_range(teeth *l, tooth a, tooth b, bool both_arches)
{
    bool primary = tooth_is_primary(a);
    if (a.supernumerary || b.supernumerary || primary != tooth_is_primary(b)) return TOOTH_INVALID;
    if (!both_arches && tooth_is_upper(a) != tooth_is_upper(b)) return TOOTH_INVALID;
    unsigned from = tooth_universal(a), to = tooth_universal(b);
    for (unsigned n = from;; n = n < to ? n + 1 : n - 1) {
        if (add(l, numbered(primary, n)) != TOOTH_GOOD) return TOOTH_INVALID;
        if (n == to) return TOOTH_GOOD;
    }
}

static tooth_read one(teeth *l, sv text, tooth *t)
{
    tooth_read got = tooth_parse(text, (sv){NULL, 0}, l->system, t);
    tooth_label label = label_of(text);
    if (label.kind == LABEL_FDI_DASH && l->system == TOOTH_UNKNOWN) return TOOTH_NEEDS_SYSTEM;
    if (label.kind == LABEL_FDI_DASH && l->system == TOOTH_FDI) {
        *t = label.tooth;
        got = TOOTH_GOOD;
    }
    if (got != TOOTH_INVALID) l->proofs |= tooth_proof(text, (sv){NULL, 0});
    return got;
}

/* Worse of two outcomes: nothing certain can be said of a text that has a part without a meaning. */
static tooth_read worse(tooth_read a, tooth_read b)
{
    if (a == TOOTH_INVALID || b == TOOTH_INVALID) return TOOTH_INVALID;
    return a == TOOTH_GOOD ? b : a;
}

/* Where a dash, or the word "to", stands that has a tooth on either side. */
static tooth_read range(teeth *l, sv piece)
{
    for (size_t at = 1; at + 1 < piece.n; at++) {
        size_t wide = piece.p[at] == '-' ? 1 : 0;
        if (!wide && at + 4 <= piece.n && memcmp(piece.p + at, " TO ", 4) == 0) wide = 4;
        if (!wide) continue;
        sv left = {piece.p, at}, right = {piece.p + at + wide, piece.n - at - wide};
        tooth a, b;
        tooth_read got = worse(one(l, left, &a), one(l, right, &b));
        if (got == TOOTH_INVALID) continue;
        if (got == TOOTH_NEEDS_SYSTEM) return got;
        bool numbers = label_of(left).kind == LABEL_NUMBER && label_of(right).kind == LABEL_NUMBER;
        return add_range(l, a, b, numbers && l->system != TOOTH_FDI);
    }
    return TOOTH_INVALID;
}

static tooth_read words(teeth *l, sv piece)
{
    tooth_read got = TOOTH_INVALID;
    for (size_t i = 0; i < piece.n;) {
        size_t n = 0;
        while (i + n < piece.n && piece.p[i + n] != ' ') n++;
        if (n) {
            tooth t;
            tooth_read r = one(l, (sv){piece.p + i, n}, &t);
            if (r == TOOTH_GOOD) r = add(l, t);
            if (r == TOOTH_INVALID) return r;
            got = got == TOOTH_INVALID ? r : worse(got, r);
        }
        i += n + 1;
    }
    return got;
}

static tooth_read add_piece(teeth *l, sv piece)
{
    while (piece.n && piece.p[0] == ' ') piece = (sv){piece.p + 1, piece.n - 1};
    while (piece.n && piece.p[piece.n - 1] == ' ') piece.n--;
    if (piece.n == 0) return TOOTH_INVALID;
    tooth t;
    tooth_read got = one(l, piece, &t);
    if (got == TOOTH_GOOD) return add(l, t);
    if (got == TOOTH_NEEDS_SYSTEM) return got;
    got = range(l, piece);
    return got == TOOTH_INVALID ? words(l, piece) : got;
}

/* Length of a separator at s: , ; / & and the words for "and". */
static size_t separator(sv s)
{
    if (strchr(",;/&", s.p[0])) return 1;
    if (sv_starts(s, SV_LIT(" AND "))) return 5;
    return sv_starts(s, SV_LIT(" VE ")) ? 4 : 0;
}

enum { LIST_TEXT_MAX = 400 }; /* all 52 teeth by name */

/* The text in the folded form of labels, piece by piece: a list is longer than a label may be. */
static bool fold_list(sv text, char *out, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < text.n;) {
        size_t k = i;
        while (k < text.n && !strchr(" ,;/&", text.p[k])) k++;
        folded f;
        if (!fold_text((sv){text.p + i, k - i}, &f) || *n + f.n + 1 > LIST_TEXT_MAX) return false;
        memcpy(out + *n, f.p, f.n);
        *n += f.n;
        if (k < text.n) out[(*n)++] = text.p[k++];
        i = k;
    }
    return true;
}

static tooth_read pieces(teeth *l, sv text)
{
    size_t begun = 0;
    tooth_read got = TOOTH_GOOD;
    for (size_t i = 0; i <= text.n && got != TOOTH_INVALID;) {
        size_t wide = i < text.n ? separator((sv){text.p + i, text.n - i}) : 1;
        if (wide) {
            got = worse(got, add_piece(l, (sv){text.p + begun, i - begun}));
            begun = i + wide;
        }
        i += wide ? wide : 1;
    }
    return got;
}

tooth_read teeth_parse(sv text, tooth_system system, tooth *out, size_t room, size_t *n)
{
    char folded_text[LIST_TEXT_MAX];
    size_t length;
    *n = 0;
    if (!fold_list(text, folded_text, &length)) return TOOTH_INVALID;
    teeth l = {.out = out, .room = room, .system = system};
    tooth_read got = pieces(&l, (sv){folded_text, length});
    if (system == TOOTH_UNKNOWN) { /* the labels of a list are of one system: what one proves holds for all */
        unsigned proven = l.proofs & (TOOTH_PROVES_UNIVERSAL | TOOTH_PROVES_FDI);
        if (proven == (TOOTH_PROVES_UNIVERSAL | TOOTH_PROVES_FDI)) return TOOTH_INVALID;
        if (proven && got == TOOTH_NEEDS_SYSTEM) {
            l = (teeth){.out = out, .room = room};
            l.system = proven == TOOTH_PROVES_FDI ? TOOTH_FDI : TOOTH_UNIVERSAL;
            got = pieces(&l, (sv){folded_text, length});
        }
    }
    if (got == TOOTH_GOOD) *n = l.n;
    return got;
}
