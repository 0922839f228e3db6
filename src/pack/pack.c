/* From a bundle to parts. Members go into the present part as long as they fit; how large they come out is known ahead, from
 * a thread that packs them for their size alone. */
#include "pack/pack.h"
#include "base/partial_folder.h"
#include "base/platform.h"
#include "deliver/bundle_file.h"
#include "pack/bundle_list.h"
#include "pack/cover_note.h"
#include "pack/measure.h"
#include "pack/part_form.h"
#include "pack/part_writer.h"
#include <openssl/rand.h>
#include <stdlib.h>

enum { STEP_BYTES = 64 << 10, ID_SHOWN = 8, NAME_BYTES = 64, EMPTY_PART_BYTES = 256 << 10, CUTS_MAX = 100000 };

typedef struct packing {
    const pack_options *o;
    findings *found;
    pack_result *r;
    arena *mem;
    bundle_list list;
    size_t members; /* plain files, and the ZIP of the others behind them */
    measure *sizes;
    partial_folder *folder;
    part_writer *part;
    char name[NAME_BYTES]; /* of the part, until their number is known */
    bool part_is_new;      /* nothing of the bundle is in it */
    char *step;
} packing;

static bool stopped(const packing *p) { return p->o->cancelled && p->o->cancelled(p->o->ctx); }

static bool no_memory(packing *p)
{
    find_code(p->found, F_OUT_OF_MEMORY, "packing a bundle");
    return false;
}

static pack_stream *open_member(void *ctx, size_t i)
{
    packing *p = ctx;
    const bundle_list *l = &p->list;
    return i < l->plains ? pack_stream_file(p->o->bundle, &l->plain[i], p->found)
                         : pack_stream_nest(p->o->bundle, l->hidden, l->hiddens, p->found);
}

static bool make_id(packing *p)
{
    unsigned char byte[PACK_ID_HEX / 2];
    buf b = buf_new(4096);
    bool ok = RAND_bytes(byte, sizeof byte) == 1;
    for (size_t i = 0; i < sizeof byte; i++) buf_printf(&b, "%02x", byte[i]);
    p->r->id = b.failed || !ok ? (sv){NULL, 0} : arena_sv(p->mem, buf_view(&b));
    buf_free(&b);
    return p->r->id.p || no_memory(p);
}

/* ---- parts ---- */

static bool begin_part(packing *p)
{
    if (p->r->parts == PARTS_MAX) {
        find_code(p->found, F_PACK_MEMBER_FAILED, "there would be more than 9,999 parts: name a larger --max-part");
        return false;
    }
    buf b = buf_new(4096);
    buf_printf(&b, "pack_%.*s_part%zu.zip", ID_SHOWN, p->r->id.p, p->r->parts + 1);
    if (b.failed || b.n >= sizeof p->name) return no_memory(p);
    memcpy(p->name, b.p, b.n);
    p->name[b.n] = '\0';
    p->part = part_writer_new(partial_folder_path(p->folder), sv_from(p->name), p->o->passphrase, p->found);
    buf_clear(&b);
    buf_printf(&b, "{\"chartferry\": \"part of a pack\", \"form\": %d, \"pack\": \"%.*s\", \"part\": %zu}\n", PART_FORM,
               (int)p->r->id.n, p->r->id.p, p->r->parts + 1);
    sv head = arena_printf(p->mem, PART_MEMBER "%zu.json", p->r->parts + 1);
    bool ok = p->part && head.p && !b.failed && part_writer_whole(p->part, head, buf_view(&b));
    p->part_is_new = true;
    buf_free(&b);
    return ok;
}

static bool too_large(packing *p)
{
    return find_at(p->found, F_PACK_MEMBER_FAILED, sv_from(p->name),
                   SV_LIT("it came to more bytes than --max-part allows, which is a defect of chartferry"));
}

static bool end_part(packing *p)
{
    file_digest d;
    bool ok = part_writer_close(p->part, &d);
    p->part = NULL;
    if (!ok) return false;
    if (d.bytes > p->o->part_bytes) return too_large(p);
    pack_part *x = &p->r->part[p->r->parts++];
    *x = (pack_part){arena_sv(p->mem, sv_from(p->name)), d.bytes, arena_sv(p->mem, sv_from(d.sha256))};
    return (x->name.p && x->sha256.p) || no_memory(p);
}

static bool next_part(packing *p) { return end_part(p) && begin_part(p); }

static uint64_t room_left(const packing *p)
{
    const uint64_t used = part_writer_bytes(p->part);
    return used < p->o->part_bytes ? p->o->part_bytes - used : 0;
}

/* ---- members ---- */

static bool copy_rest(packing *p, pack_stream *s)
{
    size_t got = 1;
    while (got) {
        if (stopped(p) || !pack_stream_read(s, p->step, STEP_BYTES, &got)) return false;
        if (got && !part_writer_data(p->part, p->step, got)) return false;
    }
    return true;
}

static bool write_whole(packing *p, sv name, uint64_t bytes, pack_stream *s)
{
    p->part_is_new = false;
    return part_writer_begin(p->part, name, bytes) && copy_rest(p, s) && part_writer_end(p->part);
}

static bool begin_piece(packing *p, sv name, unsigned number)
{
    /* A piece that is hardly worth its name goes into the next part. */
    if (!p->part_is_new && room_left(p) < p->o->part_bytes / 8 && !next_part(p)) return false;
    sv piece = arena_printf(p->mem, "%.*s.%03u", (int)name.n, name.p, number);
    if (!piece.p) return no_memory(p);
    p->part_is_new = false;
    return part_writer_begin(p->part, piece, UINT64_MAX);
}

static bool write_pieces(packing *p, sv name, pack_stream *s)
{
    unsigned pieces = 0;
    size_t got = 0;
    bool open = false, ok = true;
    while (ok && !stopped(p) && pack_stream_read(s, p->step, STEP_BYTES, &got) && got) {
        if (!open) ok = pieces < PIECES_MAX && begin_piece(p, name, ++pieces);
        open = true;
        ok = ok && part_writer_data(p->part, p->step, got);
        if (!ok || room_left(p) > 2 * STEP_BYTES) continue;
        open = false;
        ok = part_writer_end(p->part) && next_part(p);
    }
    /* got is what could not be written any more, or what the last reading failed with. */
    ok = ok && got == 0 && !findings_at_least(p->found, SEV_FATAL) && !stopped(p);
    if (ok && open) ok = part_writer_end(p->part);
    if (!ok) return false;
    if (p->r->cuts == CUTS_MAX) return no_memory(p);
    p->r->cut[p->r->cuts++] = (pack_cut){name, pieces};
    return true;
}

/* What deflate makes of bytes that it cannot shorten, at most. */
static uint64_t at_worst(uint64_t bytes) { return bytes + bytes / 1000 + 64; }

/* Where it goes is decided by what it takes at most, and, where that is too much, by what it took when it was measured. */
static bool write_member(packing *p, size_t i)
{
    const bool nest = i >= p->list.plains;
    const sv name = nest ? SV_LIT(NEST_MEMBER) : p->list.plain[i].path;
    uint64_t raw = nest ? UINT64_MAX : p->list.plain[i].bytes,
             need = nest ? UINT64_MAX : part_writer_room(name, at_worst(raw));
    if (need > room_left(p)) {
        uint64_t packed = measure_of(p->sizes, i, nest ? &raw : NULL);
        if (packed == UINT64_MAX) return false; /* told already */
        packed += packed / 64 + 1024;
        need = part_writer_room(name, packed < at_worst(raw) ? packed : at_worst(raw));
    }
    pack_stream *s = open_member(p, i);
    if (!s) return false;
    bool ok = true, fits = need + EMPTY_PART_BYTES <= p->o->part_bytes;
    if (need > room_left(p) && fits) ok = p->part_is_new || next_part(p);
    ok = ok && (need <= room_left(p) ? write_whole(p, name, raw, s) : write_pieces(p, name, s));
    pack_stream_free(s);
    return ok;
}

/* ---- the index ---- */

static int append(const char *text, size_t n, void *ctx)
{
    buf_add(ctx, text, n);
    return 0;
}

static json_t *texts_json(const sv *s, size_t n)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) (void)json_array_append_new(all, json_stringn(s[i].p, s[i].n));
    return all;
}

/* parts: in all, this one with them; the hashes are those of the parts before it. */
static bool index_text(packing *p, size_t parts, buf *out)
{
    json_t *o = json_object(), *hashes = json_array(), *cuts = json_array();
    for (size_t i = 0; i < p->r->parts; i++)
        (void)json_array_append_new(hashes, json_stringn(p->r->part[i].sha256.p, p->r->part[i].sha256.n));
    for (size_t i = 0; i < p->r->cuts; i++) {
        json_t *x = json_object();
        (void)json_object_set_new(x, "name", json_stringn(p->r->cut[i].name.p, p->r->cut[i].name.n));
        (void)json_object_set_new(x, "pieces", json_integer(p->r->cut[i].pieces));
        (void)json_array_append_new(cuts, x);
    }
    (void)json_object_set_new(o, "pack", json_stringn(p->r->id.p, p->r->id.n));
    (void)json_object_set_new(o, "parts", json_integer((json_int_t)parts));
    (void)json_object_set_new(o, "sha256", hashes);
    (void)json_object_set_new(o, "files", json_integer((json_int_t)p->r->files));
    (void)json_object_set_new(o, "bytes", json_integer((json_int_t)p->r->bytes));
    (void)json_object_set_new(o, "in_pieces", cuts);
    (void)json_object_set_new(o, "empty_folders", texts_json(p->list.empty, p->list.empties));
    buf_clear(out);
    bool ok = json_dump_callback(o, append, out, JSON_INDENT(1)) == 0 && !out->failed;
    json_decref(o);
    return ok || no_memory(p);
}

static bool write_index(packing *p)
{
    buf text = buf_new(INDEX_JSON_MAX);
    bool ok = index_text(p, p->r->parts + 1, &text);
    if (ok && part_writer_room(SV_LIT(INDEX_MEMBER), at_worst(text.n)) > room_left(p))
        ok = next_part(p) && index_text(p, p->r->parts + 1, &text);
    ok = ok && part_writer_whole(p->part, SV_LIT(INDEX_MEMBER), buf_view(&text)) && end_part(p);
    buf_free(&text);
    return ok;
}

/* ---- the whole ---- */

/* pack_1234abcd_part02of12.zip: sorted by name they are in order. */
static bool name_parts(packing *p)
{
    const char *folder = partial_folder_path(p->folder), *why = "out of memory";
    int digits = 1;
    for (size_t n = p->r->parts; n >= 10; n /= 10) digits++;
    for (size_t i = 0; i < p->r->parts; i++) {
        pack_part *x = &p->r->part[i];
        sv name =
            arena_printf(p->mem, "pack_%.*s_part%0*zuof%zu.zip", ID_SHOWN, p->r->id.p, digits, i + 1, p->r->parts);
        sv from = arena_printf(p->mem, "%s/%.*s", folder, (int)x->name.n, x->name.p);
        sv to = arena_printf(p->mem, "%s/%.*s", folder, (int)name.n, name.p);
        if (!name.p || !from.p || !to.p) return no_memory(p);
        if (!os_rename(from.p, to.p, &why)) return find_at(p->found, F_OUT_WRITE_FAILED, name, sv_from(why));
        x->name = name;
    }
    return true;
}

static bool write_note(packing *p)
{
    file_digest d;
    buf text = buf_new((size_t)64 << 20);
    cover_note(p->r, p->o->label, &text);
    bundle_file *f = text.failed ? NULL : bundle_file_new(partial_folder_path(p->folder), SV_LIT(COVER_NOTE), p->found);
    if (text.failed) (void)no_memory(p);
    if (f) bundle_file_text(f, buf_view(&text));
    buf_free(&text);
    return f && bundle_file_close(f, &d);
}

static bool write_all(packing *p)
{
    if (!begin_part(p)) return false;
    for (size_t i = 0; i < p->members; i++)
        if (stopped(p) || !write_member(p, i)) return false;
    return write_index(p) && name_parts(p) && write_note(p) && !stopped(p) && partial_folder_finish(p->folder);
}

static bool prepare(packing *p)
{
    p->r->part = arena_array(p->mem, PARTS_MAX, sizeof *p->r->part);
    p->r->cut = arena_array(p->mem, CUTS_MAX, sizeof *p->r->cut);
    p->step = malloc(STEP_BYTES);
    if (!p->r->part || !p->r->cut || !p->step) return no_memory(p);
    if (!make_id(p)) return false;
    p->r->files = p->list.plains + p->list.hiddens;
    p->r->bytes = p->list.bytes;
    p->r->nested = p->list.hiddens > 0;
    p->members = p->list.plains + (p->r->nested ? 1 : 0);
    p->sizes = measure_new(p->members, open_member, p);
    return p->sizes || no_memory(p);
}

static pack_end why_not(const packing *p)
{
    if (stopped(p)) return PACK_CANCELLED;
    if (findings_count(p->found, F_DEL_LINK_BUNDLE)) return PACK_SOURCE;
    return findings_count(p->found, F_OUT_OF_MEMORY) ? PACK_FAILED : PACK_OUTPUT;
}

pack_end pack_bundle(const pack_options *o, findings *f, pack_result *out)
{
    *out = (pack_result){.mem = arena_new(0)};
    packing p = {.o = o, .found = f, .r = out, .mem = out->mem};
    bool ok = p.mem ? bundle_list_read(o->bundle, p.mem, f, &p.list) && prepare(&p) : no_memory(&p);
    if (ok) p.folder = partial_folder_new(o->out, f);
    ok = ok && p.folder && write_all(&p);
    measure_free(p.sizes);
    part_writer_abandon(p.part);
    if (p.folder && !ok && !findings_count(f, F_OUT_RENAME_FAILED)) (void)partial_folder_discard(p.folder);
    partial_folder_free(p.folder);
    bundle_list_free(&p.list);
    free(p.step);
    return ok ? PACK_DONE : why_not(&p);
}

void pack_result_free(pack_result *r)
{
    arena_free(r->mem);
    *r = (pack_result){.mem = NULL};
}
