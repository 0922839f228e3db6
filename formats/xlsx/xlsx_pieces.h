/* Parts of a workbook that grow side by side, while an archive takes one member after the other: each is packed in pieces as it comes,
 * on other processors where there are any, and the packed pieces wait in one file without a name. The same contents give the same
 * bytes. Internal to this folder. */
#ifndef XLSX_XLSX_PIECES_H
#define XLSX_XLSX_PIECES_H

#include "base/buf.h"
#include "zip/zip_writer.h"

typedef struct xlsx_pieces xlsx_pieces;

/* One part: what of it is packed or on its way there. Must stay where it is until xlsx_pieces_free. */
typedef struct piece_list {
    struct piece *piece;
    size_t pieces, room;
    uint64_t bytes; /* before they were packed, and their CRC-32 */
    uint32_t crc;
    size_t
        window; /* of the part's text: as many bytes at its beginning are those before, which the next piece may refer to */
} piece_list;

/* What is worth a piece of its own, while the part goes on, and when another one does. */
enum { PIECE_BYTES = 1 << 17, PIECE_BYTES_LEAST = 1 << 14 };

/* folder: where the file lies; copied. NULL when out of memory. Nothing more is asked for before the first piece. */
xlsx_pieces *xlsx_pieces_new(const char *folder);
void xlsx_pieces_free(xlsx_pieces *p); /* p may be NULL */
void piece_list_free(piece_list *l);

/* Takes the part's text behind its window; *text is another buffer then, with the new window. False and *why (static or thread-local
 * text): of this piece or one before. */
bool xlsx_pieces_give(xlsx_pieces *p, piece_list *l, buf *text, const char **why);
/* For a part that may not go on for long: gives what is worth a piece, and keeps no more than the rest. */
bool xlsx_pieces_set_aside(xlsx_pieces *p, piece_list *l, buf *text, const char **why);
/* Waits until all pieces lie in the file. Nothing is given after it. */
bool xlsx_pieces_settle(xlsx_pieces *p, const char **why);
/* The part as a member of the archive: head, its pieces, and the rest that text has behind its window. After settling; a false for
 * which *why stays as it is has failed the archive. */
bool xlsx_pieces_write(xlsx_pieces *p, const piece_list *l, sv head, const buf *text, zip_writer *zip, sv name,
                       const char **why);

#endif
