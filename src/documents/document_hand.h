/* Documents that have been read, made ready and given one after another; by a thread of its own once it is started: the next one is
 * read meanwhile. A few wait; then the reader makes ready what waits, so that both have work whichever has more. Internal to this
 * folder. */
#ifndef DOCUMENTS_DOCUMENT_HAND_H
#define DOCUMENTS_DOCUMENT_HAND_H

#include "documents/waiting.h"

typedef struct document_hand document_hand;
typedef void document_make(waiting *w);
typedef status document_give(void *ctx, waiting *w);

/* make: what takes long and hangs on the document alone, by either thread; give: in order, by one thread. folder: of spools. NULL
 * when out of memory. */
document_hand *document_hand_new(const char *folder, document_make *make, document_give *give, void *ctx);
/* Before anything is read. With one processor they are given at once all the same. */
void document_hand_start(document_hand *h);
/* The next one to be read into, empty; waits for it to be free. */
waiting *document_hand_next(document_hand *h);
/* Hands over what document_hand_next gave last. ST_OK, or how giving has ended: then nothing more is given. */
status document_hand_over(document_hand *h);
/* Waits until everything was given. As above. */
status document_hand_wait(document_hand *h);
void document_hand_free(document_hand *h); /* what is not given yet is not given; h may be NULL */

#endif
