#include "pack/part_reader.h"
#include "base/platform.h"
#include "deliver/digest.h"
#include <jansson.h>
#include <stdlib.h>

enum { STEP_BYTES = 256 << 10, COMMENT_BYTES = sizeof PART_COMMENT - 1 + SHA256_HEX };

static bool no_memory(findings *f)
{
    find_code(f, F_OUT_OF_MEMORY, "reading a part");
    return false;
}

/* ---- the hash in the comment ---- */

typedef struct sums {
    sha256 *before, *whole; /* of all but the digits at the end, and of all */
    char *step;
} sums;

static void end_sums(sums *s)
{
    sha256_free(s->before);
    sha256_free(s->whole);
    free(s->step);
}

static bool read_all(os_file *file, sums *s, const char **why)
{
    const uint64_t size = os_file_size(file), digits = size - SHA256_HEX;
    size_t got = 1;
    for (uint64_t at = 0; got; at += got) {
        if (!os_read_at(file, at, s->step, STEP_BYTES, &got, why)) return false;
        sha256_add(s->whole, s->step, got);
        if (at < digits) sha256_add(s->before, s->step, digits - at < got ? (size_t)(digits - at) : got);
    }
    return true;
}

static bool has_comment(os_file *file, char hex[SHA256_HEX], const char **why)
{
    char text[COMMENT_BYTES];
    size_t got = 0;
    const uint64_t size = os_file_size(file);
    *why = "it does not end as one, or broke off";
    if (size < COMMENT_BYTES) return false;
    if (!os_read_at(file, size - COMMENT_BYTES, text, COMMENT_BYTES, &got, why)) return false;
    if (got != COMMENT_BYTES || memcmp(text, PART_COMMENT, sizeof PART_COMMENT - 1) != 0) return false;
    memcpy(hex, text + sizeof PART_COMMENT - 1, SHA256_HEX);
    return true;
}

static bool undamaged(part_file *p, arena *mem, findings *f)
{
    const char *why = "";
    char said[SHA256_HEX], before[SHA256_HEX + 1] = "", whole[SHA256_HEX + 1] = "";
    os_file *file = os_open_read(p->path, &why);
    if (!file) return find_at(f, F_PACK_NO_PART, sv_from(p->path), sv_from(why));
    sums s = {sha256_new(), sha256_new(), malloc(STEP_BYTES)};
    bool ready = s.before && s.whole && s.step, commented = ready && has_comment(file, said, &why);
    bool read = commented && read_all(file, &s, &why);
    if (read) {
        bool first = sha256_end(s.before, before); /* both are freed by it */
        read = sha256_end(s.whole, whole) && first;
        s.before = s.whole = NULL;
    }
    p->bytes = os_file_size(file);
    os_close_read(file);
    end_sums(&s);
    if (!ready) return no_memory(f);
    if (!commented) return find_at(f, F_PACK_NO_PART, sv_from(p->path), sv_from(why));
    if (!read) return find_at(f, F_PACK_NO_PART, sv_from(p->path), sv_from(why));
    if (memcmp(said, before, SHA256_HEX) != 0)
        return find_at(f, F_PACK_DAMAGED, sv_from(p->path), SV_LIT("its SHA-256 is not the one that it ends with"));
    p->sha256 = arena_sv(mem, sv_from(whole));
    return p->sha256.p || no_memory(f);
}

/* ---- members ---- */

bool part_says(const char *path, archive_in_state s, const archive_in *a, findings *f)
{
    switch (s) {
    case ARCHIVE_IN_UNSAFE: return find_at(f, F_PACK_HOSTILE, sv_from(path), sv_from(archive_in_why(a)));
    case ARCHIVE_IN_PASSPHRASE: return find_at(f, F_PACK_WRONG_PASSPHRASE, sv_from(path), SV_LIT(""));
    case ARCHIVE_IN_BROKEN: return find_at(f, F_PACK_DAMAGED, sv_from(path), sv_from(archive_in_why(a)));
    default: return no_memory(f);
    }
}

/* The rest of the present member as JSON. NULL with a finding. */
static json_t *read_json(archive_in *a, const char *path, size_t most, findings *f)
{
    json_error_t error;
    char *text = malloc(most);
    size_t n = 0, got = 0;
    archive_in_state s = ARCHIVE_IN_OK;
    while (text && s == ARCHIVE_IN_OK && n < most) {
        s = archive_in_read(a, text + n, most - n, &got);
        n += got;
    }
    json_t *o = s == ARCHIVE_IN_END ? json_loadb(text, n, JSON_REJECT_DUPLICATES, &error) : NULL;
    free(text);
    if (!text)
        (void)no_memory(f);
    else if (s == ARCHIVE_IN_OK || (s == ARCHIVE_IN_END && !json_is_object(o)))
        find_at(f, F_PACK_NO_PART, sv_from(path), SV_LIT("what it says of itself makes no sense"));
    else if (s != ARCHIVE_IN_END)
        (void)part_says(path, s, a, f);
    if (json_is_object(o)) return o;
    json_decref(o);
    return NULL;
}

static bool is_hex(sv s, size_t n)
{
    if (s.n != n) return false;
    for (size_t i = 0; i < n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f'))) return false;
    return true;
}

static sv text_of(const json_t *o) { return (sv){json_string_value(o), json_string_length(o)}; }

static bool number_of(const json_t *o, const char *key, json_int_t least, json_int_t most, json_int_t *out)
{
    const json_t *x = json_object_get(o, key);
    *out = json_integer_value(x);
    return json_is_integer(x) && *out >= least && *out <= most;
}

static bool take_head(part_file *p, const json_t *o, arena *mem)
{
    json_int_t form = 0, part = 0;
    const sv pack = text_of(json_object_get(o, "pack"));
    bool ok = sv_eq(text_of(json_object_get(o, "chartferry")), SV_LIT("part of a pack")) && is_hex(pack, PACK_ID_HEX) &&
              number_of(o, "form", 1, PART_FORM, &form) && number_of(o, "part", 1, PARTS_MAX, &part);
    p->pack = ok ? arena_sv(mem, pack) : (sv){NULL, 0};
    p->part = (unsigned)part;
    return p->pack.p != NULL;
}

bool part_file_check(const char *path, const char *passphrase, arena *mem, findings *f, part_file *out)
{
    sv name;
    *out = (part_file){.path = path};
    if (!undamaged(out, mem, f)) return false;
    byte_source *file = byte_source_file(path, f);
    archive_in *a = file ? archive_in_new(file, passphrase, f) : NULL;
    if (!a) {
        byte_source_close(file);
        return file ? no_memory(f) : false;
    }
    archive_in_state s = archive_in_next(a, &name);
    bool ok = s == ARCHIVE_IN_OK && part_name_is_head(name);
    if (ok) {
        json_t *o = read_json(a, path, PART_JSON_MAX, f);
        ok = o != NULL;
        if (o && !take_head(out, o, mem))
            ok = find_at(f, F_PACK_NO_PART, sv_from(path), SV_LIT("what it says of itself makes no sense"));
        json_decref(o);
    } else if (s == ARCHIVE_IN_OK || s == ARCHIVE_IN_END)
        ok = find_at(f, F_PACK_NO_PART, sv_from(path), SV_LIT("it does not begin by saying what it is"));
    else
        ok = part_says(path, s, a, f);
    archive_in_free(a);
    byte_source_close(file);
    return ok;
}

/* ---- the index ---- */

static bool take_lists(part_index *x, const json_t *o, arena *mem)
{
    const json_t *hashes = json_object_get(o, "sha256"), *cuts = json_object_get(o, "in_pieces"),
                 *empty = json_object_get(o, "empty_folders");
    x->cuts = json_array_size(cuts);
    x->empties = json_array_size(empty);
    x->sha256 = arena_array(mem, x->parts, sizeof *x->sha256);
    x->cut = arena_array(mem, x->cuts + 1, sizeof *x->cut);
    x->empty = arena_array(mem, x->empties + 1, sizeof *x->empty);
    bool ok = x->sha256 && x->cut && x->empty && json_is_array(hashes) && json_array_size(hashes) + 1 == x->parts &&
              json_is_array(cuts) && json_is_array(empty);
    for (size_t i = 0; ok && i + 1 < x->parts; i++) {
        x->sha256[i] = arena_sv(mem, text_of(json_array_get(hashes, i)));
        ok = is_hex(x->sha256[i], SHA256_HEX);
    }
    for (size_t i = 0; ok && i < x->cuts; i++) {
        json_int_t pieces = 0;
        const json_t *c = json_array_get(cuts, i);
        ok = number_of(c, "pieces", 1, PIECES_MAX, &pieces);
        x->cut[i] = (part_cut){arena_sv(mem, text_of(json_object_get(c, "name"))), (unsigned)pieces};
        ok = ok && x->cut[i].name.n;
    }
    for (size_t i = 0; ok && i < x->empties; i++) {
        x->empty[i] = arena_sv(mem, text_of(json_array_get(empty, i)));
        ok = x->empty[i].n > 0;
    }
    return ok;
}

static bool take_index(part_index *x, const json_t *o, arena *mem)
{
    json_int_t parts = 0, files = 0, bytes = 0;
    const sv pack = text_of(json_object_get(o, "pack"));
    if (!is_hex(pack, PACK_ID_HEX) || !number_of(o, "parts", 1, PARTS_MAX, &parts)) return false;
    if (!number_of(o, "files", 1, INT64_MAX, &files) || !number_of(o, "bytes", 0, INT64_MAX, &bytes)) return false;
    *x = (part_index){
        .pack = arena_sv(mem, pack), .parts = (unsigned)parts, .files = (uint64_t)files, .bytes = (uint64_t)bytes};
    return x->pack.p && take_lists(x, o, mem);
}

bool part_index_read(const part_file *p, const char *passphrase, arena *mem, findings *f, part_index *out, bool *there)
{
    sv name;
    *there = false;
    byte_source *file = byte_source_file(p->path, f);
    archive_in *a = file ? archive_in_new(file, passphrase, f) : NULL;
    archive_in_state s = ARCHIVE_IN_OK;
    bool ok = a != NULL;
    if (file && !a) (void)no_memory(f);
    while (ok && !*there && (s = archive_in_next(a, &name)) == ARCHIVE_IN_OK) {
        if (!sv_eq(name, SV_LIT(INDEX_MEMBER))) continue;
        json_t *o = read_json(a, p->path, INDEX_JSON_MAX, f);
        *there = ok = o != NULL;
        if (o && !take_index(out, o, mem))
            ok = find_at(f, F_PACK_NO_PART, sv_from(p->path), SV_LIT("its index makes no sense"));
        json_decref(o);
    }
    if (ok && !*there && s != ARCHIVE_IN_END) ok = part_says(p->path, s, a, f);
    archive_in_free(a);
    byte_source_close(file);
    return ok;
}
