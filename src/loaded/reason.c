#include "loaded/reason.h"
#include "base/ascii.h"
#include <stdlib.h>

enum { REASON_BYTES_MAX = 200, WORD_BYTES_MAX = 60 };

static const char *const word_table[] = {
#define W(text) text,
#include "loaded/reason_words.def"
#undef W
};

static bool is_word_of_messages(sv word)
{
    char small[WORD_BYTES_MAX + 1];
    size_t low = 0, high = sizeof word_table / sizeof word_table[0];
    if (word.n > WORD_BYTES_MAX) return false;
    for (size_t i = 0; i < word.n; i++) small[i] = ascii_lower(word.p[i]);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int c = sv_cmp(sv_from(word_table[middle]), (sv){small, word.n});
        if (c == 0) return true;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }

/* As a whole word, letter case aside. */
static bool has_word(sv text, sv word)
{
    for (size_t i = 0; i + word.n <= text.n; i++) {
        bool begins = i == 0 || !is_letter_or_digit(text.p[i - 1]);
        bool ends = i + word.n == text.n || !is_letter_or_digit(text.p[i + word.n]);
        if (begins && ends && sv_eq_nocase((sv){text.p + i, word.n}, word)) return true;
    }
    return false;
}

static bool names_a_field(const bundle_load *l, sv word)
{
    if (has_word(l->object, word) || has_word(l->label, word)) return true;
    for (size_t i = 0; i < l->fields; i++)
        if (has_word(l->field[i].heading, word) || has_word(l->field[i].name, word) ||
            has_word(l->field[i].label, word))
            return true;
    return false;
}

/* REQUIRED_FIELD_MISSING. */
static bool is_code(sv word)
{
    bool joined = false;
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        if (c != '_' && !(c >= 'A' && c <= 'Z')) return false;
        joined |= c == '_' && i > 0 && i + 1 < word.n;
    }
    return joined && word.n <= WORD_BYTES_MAX;
}

static bool in_cells(sv word, const sv *cell, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has_word(cell[i], word)) return true;
    return false;
}

static bool may_stay(sv word, const bundle_load *l, const sv *cell, size_t n)
{
    return is_word_of_messages(word) || names_a_field(l, word) || (is_code(word) && !in_cells(word, cell, n));
}

static bool in_word(char c) { return is_letter_or_digit(c) || c == '_' || (unsigned char)c >= 0x80; }

void reason_add(buf *out, sv message, const bundle_load *of, const sv *cell, size_t n)
{
    bool dots = false, any = false;
    size_t before = out->n;
    for (size_t i = 0; i < message.n && out->n - before < REASON_BYTES_MAX - WORD_BYTES_MAX;) {
        size_t end = i;
        while (end < message.n && in_word(message.p[end])) end++;
        const sv word = {message.p + i, end - i};
        i = end + (end == i);
        if (!word.n) continue;
        bool stays = may_stay(word, of, cell, n);
        if (!stays && dots) continue;
        if (any) buf_char(out, ' ');
        if (stays)
            buf_sv(out, word);
        else
            buf_str(out, "...");
        dots = !stays;
        any = true;
    }
    if (!any) buf_str(out, "no reason given");
}

size_t reason_place(reason_list *r, sv text, arena *mem)
{
    if (!r->text) {
        r->text = arena_array(mem, REASONS_MAX, sizeof *r->text);
        r->rows = arena_array(mem, REASONS_MAX, sizeof *r->rows);
    }
    if (!r->text || !r->rows) return SIZE_MAX;
    for (size_t i = 0; i < r->n; i++)
        if (sv_eq(r->text[i], text)) return i;
    if (r->n == REASONS_MAX - 1) text = SV_LIT("another reason");
    if (r->n == REASONS_MAX) return REASONS_MAX - 1;
    sv kept = arena_sv(mem, text);
    if (!kept.p) return SIZE_MAX;
    r->text[r->n] = kept;
    return r->n++;
}
