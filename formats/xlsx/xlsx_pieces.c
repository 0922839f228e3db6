#include "xlsx/xlsx_pieces.h"
#include "base/belt.h"
#include "base/memory.h"
#include "base/platform.h"
#include "zip/zip_block.h"
#include <stdatomic.h>
#include <stdlib.h>

/* As ZIP_TABLE does. */
enum { LEVEL = 4, PLACES = 4, PACKERS_MAX = 2 };
enum { STATION_FILL, STATION_PACK, STATIONS };

typedef struct piece {
    uint64_t at; /* in the file */
    size_t n;
} piece;

/* A piece on its way. */
typedef struct place {
    buf text; /* what it may refer to, then what it is */
    size_t window;
    buf packed;
    piece_list *of; /* NULL: there is none */
} place;

struct xlsx_pieces {
    char *folder;
    os_file *file; /* from the first piece on */
    uint64_t bytes;
    zip_block *own; /* of who gives */
    place place[PLACES];
    uint64_t filling;
    belt *belt; /* with threads; else NULL */
    thread *packer[PACKERS_MAX];
    zip_block *block[PACKERS_MAX];
    unsigned packers;
    atomic_uint begun;         /* packers that have taken their block */
    atomic_uint_fast64_t next; /* the piece that nobody packs yet */
    const char *why;           /* what failed first */
};

static bool fail(xlsx_pieces *p, const char *why)
{
    if (!p->why) p->why = why;
    return false;
}

xlsx_pieces *xlsx_pieces_new(const char *folder)
{
    xlsx_pieces *p = calloc(1, sizeof *p);
    if (p) p->folder = memory_text(sv_from(folder));
    if (p && p->folder) {
        for (size_t i = 0; i < PLACES; i++)
            p->place[i] = (place){.text = buf_new(SIZE_MAX / 2), .packed = buf_new(SIZE_MAX / 2)};
        return p;
    }
    free(p);
    return NULL;
}

static void pack(place *at, zip_block *z)
{
    size_t n = at->text.n - at->window;
    buf_clear(&at->packed);
    char *to = buf_reserve(&at->packed, ZIP_BLOCK_ROOM(n));
    if (to) at->packed.n = zip_block_pack(z, LEVEL, at->text.p + at->window, n, at->window, false, to);
}

/* ---- threads ---- */

static void run_packer(void *arg)
{
    xlsx_pieces *p = arg;
    zip_block *z = p->block[atomic_fetch_add(&p->begun, 1)];
    for (;;) {
        uint64_t at = atomic_fetch_add(&p->next, 1);
        if (!belt_take(p->belt, STATION_PACK, at)) break;
        if (p->place[at % PLACES].of) pack(&p->place[at % PLACES], z);
        belt_pass(p->belt, STATION_PACK, at);
    }
}

/* Without threads all is packed all the same, by who gives. */
static void start_packers(xlsx_pieces *p)
{
    unsigned cpus = os_cpus(), wanted = cpus < 2 ? 0 : cpus < PACKERS_MAX ? cpus : PACKERS_MAX;
    if (wanted) p->belt = belt_new(PLACES, STATIONS);
    for (unsigned i = 0; p->belt && i < wanted; i++) {
        if (!(p->block[i] = zip_block_new())) break;
        if (!(p->packer[i] = thread_start(run_packer, p))) break;
        p->packers++;
    }
    if (p->packers) return;
    belt_free(p->belt);
    p->belt = NULL;
}

static bool start(xlsx_pieces *p)
{
    const char *why = "";
    if (p->file) return true;
    p->file = os_create_nameless(p->folder, &why);
    if (!p->file) return fail(p, why);
    start_packers(p);
    return true;
}

static void stop_packers(xlsx_pieces *p)
{
    if (!p->belt) return;
    belt_stop(p->belt);
    for (unsigned i = 0; i < p->packers; i++) thread_join(p->packer[i]);
    belt_free(p->belt);
    p->belt = NULL;
}

void xlsx_pieces_free(xlsx_pieces *p)
{
    if (!p) return;
    stop_packers(p);
    for (size_t i = 0; i < PACKERS_MAX; i++) zip_block_free(p->block[i]);
    for (size_t i = 0; i < PLACES; i++) {
        buf_free(&p->place[i].text);
        buf_free(&p->place[i].packed);
    }
    zip_block_free(p->own);
    os_close_read(p->file);
    free(p->folder);
    free(p);
}

void piece_list_free(piece_list *l)
{
    free(l->piece);
    *l = (piece_list){0};
}

/* ---- pieces ---- */

static bool list_piece(piece_list *l, uint64_t at, size_t n)
{
    if (l->pieces == l->room) {
        size_t room = l->room ? 2 * l->room : 16;
        piece *more = memory_grow(l->piece, room * sizeof *more);
        if (!more) return false;
        l->piece = more;
        l->room = room;
    }
    l->piece[l->pieces++] = (piece){at, n};
    return true;
}

/* The piece of the place, packed, into the file. */
static void store(xlsx_pieces *p, place *at)
{
    const char *why = "";
    if (!at->of) return;
    if (!at->packed.n || !list_piece(at->of, p->bytes, at->packed.n))
        (void)fail(p, "out of memory");
    else if (!p->why && !os_append(p->file, at->packed.p, at->packed.n, &why))
        (void)fail(p, why);
    p->bytes += at->packed.n;
    at->of = NULL;
}

static bool own_block(xlsx_pieces *p)
{
    if (!p->own) p->own = zip_block_new();
    return p->own || fail(p, "out of memory");
}

/* The text goes into the place, and that of the place, with the end of this one, is its part's from now on. */
static bool swap_texts(place *at, piece_list *l, buf *text)
{
    size_t n = text->n - l->window, keeps = text->n < ZIP_WINDOW_BYTES ? text->n : ZIP_WINDOW_BYTES;
    buf other = at->text;
    buf_clear(&other);
    buf_add(&other, text->p + text->n - keeps, keeps);
    at->text = other;
    if (other.failed) return false;
    l->crc = zip_crc(l->crc, text->p + l->window, n);
    l->bytes += n;
    at->window = l->window;
    at->of = l;
    at->text = *text;
    *text = other;
    l->window = keeps;
    return true;
}

bool xlsx_pieces_give(xlsx_pieces *p, piece_list *l, buf *text, const char **why)
{
    bool ok = !p->why && start(p) && (p->belt || own_block(p));
    if (ok) {
        place *at = &p->place[p->belt ? p->filling % PLACES : 0];
        if (p->belt) (void)belt_take(p->belt, STATION_FILL, p->filling);
        store(p, at);
        if (!swap_texts(at, l, text)) (void)fail(p, "out of memory");
        if (p->belt) {
            belt_pass(p->belt, STATION_FILL, p->filling++);
        } else if (at->of) {
            pack(at, p->own);
            store(p, at);
        }
    }
    if (p->why) *why = p->why;
    return !p->why;
}

bool xlsx_pieces_set_aside(xlsx_pieces *p, piece_list *l, buf *text, const char **why)
{
    if (text->n - l->window >= PIECE_BYTES_LEAST && !xlsx_pieces_give(p, l, text, why)) return false;
    buf small = buf_new(text->ceiling);
    buf_add(&small, text->p + l->window, text->n - l->window);
    if (small.failed) {
        *why = "out of memory";
        return fail(p, *why);
    }
    buf_free(text);
    *text = small;
    l->window = 0;
    return true;
}

bool xlsx_pieces_settle(xlsx_pieces *p, const char **why)
{
    for (size_t i = 0; p->belt && i < PLACES; i++, p->filling++) {
        (void)belt_take(p->belt, STATION_FILL, p->filling);
        store(p, &p->place[p->filling % PLACES]);
    }
    stop_packers(p);
    if (p->why) *why = p->why;
    return !p->why;
}

/* ---- into the archive ---- */

static bool pack_last(xlsx_pieces *p, const char *from, size_t n, size_t window, bool last, buf *out)
{
    buf_clear(out);
    char *to = own_block(p) ? buf_reserve(out, ZIP_BLOCK_ROOM(n)) : NULL;
    if (to) out->n = zip_block_pack(p->own, LEVEL, from, n, window, last, to);
    return out->n || fail(p, "out of memory");
}

static bool copy_pieces(xlsx_pieces *p, const piece_list *l, buf *room, zip_writer *zip)
{
    for (size_t i = 0; i < l->pieces; i++) {
        const piece *x = &l->piece[i];
        const char *why = "the intermediate file was cut";
        size_t got = 0;
        buf_clear(room);
        char *to = buf_reserve(room, x->n);
        if (!to) return fail(p, "out of memory");
        if (!os_read_at(p->file, x->at, to, x->n, &got, &why) || got != x->n) return fail(p, why);
        if (!zip_writer_write_packed(zip, to, x->n)) return false;
    }
    return true;
}

static bool write_parts(xlsx_pieces *p, const piece_list *l, sv head, const buf *text, buf *packed, zip_writer *zip,
                        sv name)
{
    const size_t n = text->n - l->window;
    const char *rest = text->p + l->window;
    uint32_t crc = zip_crc_joined(zip_crc(0, head.p, head.n), zip_crc(l->crc, rest, n), l->bytes + n);
    return zip_writer_begin_packed(zip, name, head.n + l->bytes + n, crc) &&
           pack_last(p, head.p, head.n, 0, false, packed) && zip_writer_write_packed(zip, packed->p, packed->n) &&
           copy_pieces(p, l, packed, zip) && pack_last(p, rest, n, l->window, true, packed) &&
           zip_writer_write_packed(zip, packed->p, packed->n) && zip_writer_end(zip);
}

bool xlsx_pieces_write(xlsx_pieces *p, const piece_list *l, sv head, const buf *text, zip_writer *zip, sv name,
                       const char **why)
{
    buf packed = buf_new(SIZE_MAX / 2);
    bool ok = write_parts(p, l, head, text, &packed, zip, name);
    buf_free(&packed);
    if (p->why) *why = p->why;
    return ok;
}
