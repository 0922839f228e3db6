/* The words in double braces. Inside src/guide only. */
#ifndef GUIDE_GUIDE_WORDS_H
#define GUIDE_GUIDE_WORDS_H

#include "guide/guide.h"

typedef struct guide_word {
    sv name, argument; /* "{{rows contact}}" */
} guide_word;

/* The word at the beginning of s, which begins with "{{"; *used: its bytes with the braces. False: it is not closed. */
bool guide_word_at(sv s, guide_word *w, size_t *used);

typedef enum guide_kind { GUIDE_UNKNOWN, GUIDE_VALUE, GUIDE_BLOCK, GUIDE_IF, GUIDE_ELSE, GUIDE_END } guide_kind;
/* What a word is; GUIDE_UNKNOWN also where its argument names nothing of the destination. */
guide_kind guide_kind_of(const guide_word *w, const destination *d);

/* The value of a GUIDE_VALUE, as plain text. */
void guide_value(const guide_word *w, const deliver_facts *f, buf *out);
/* Whether a GUIDE_IF holds. */
bool guide_holds(const guide_word *w, const deliver_facts *f);
/* A GUIDE_BLOCK, as markup. */
void guide_block(const guide_word *w, const deliver_facts *f, buf *out);

/* guide_undo.c: the steps by which the trial is taken back; nothing where there is no list. */
void guide_trial_undo(const deliver_facts *f, buf *out);
/* guide.c: a line's marks and words as markup. */
void guide_inline(sv text, const deliver_facts *f, buf *out);

#endif
