/* Random words that stand for the keys of records: the same key the same word, and nothing in the word that tells of the key.
 * Which word stands for which key is told by a list that stays in the practice. */
#ifndef PACK_TOKENS_H
#define PACK_TOKENS_H

#include "base/finding.h"
#include "deliver/digest.h"

typedef struct tokens tokens;

enum { TOKEN_BYTES = 20 };

/* folder: where the work file lies, until tokens_free. NULL with a finding. */
tokens *tokens_new(const char *folder, findings *f);
void tokens_free(tokens *t); /* t may be NULL */

/* A word that is for nothing else. */
bool token_fresh(tokens *t, char out[TOKEN_BYTES]);
/* The word of a key, from now on. False with a finding. */
bool token_of(tokens *t, sv key, char out[TOKEN_BYTES]);
/* Writes path, a list of keys and their words, for its owner only. False with a finding. */
bool tokens_list(tokens *t, const char *path);

#endif
