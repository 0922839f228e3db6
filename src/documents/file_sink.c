#include "documents/file_sink.h"
#include "base/platform.h"
#include "deliver/bundle_file.h"
#include "zip/zip_writer.h"
#include <stdio.h>
#include <stdlib.h>

enum {
    ROW_BYTES_MAX = 1 << 16,
    PART_LIST_BYTES_MAX = 64 << 20, /* rows of one archive */
    ROW_BYTES_RESERVED = 1024       /* what a row of the list in an archive takes of it, at most about */
};

typedef struct file_index {
    bundle_file *out;
    sv path, label;
    uint64_t rows;
} file_index;

struct file_sink {
    sv id;
    const file_rules *rules;
    const char *folder;
    arena *mem, *scratch; /* scratch: of the file at hand */
    findings *found;
    bool failed;
    zip_writer *zip;
    sha256 *zip_hash; /* of the bytes of zip */
    uint64_t zip_bytes;
    sv zip_name, zip_path; /* "Files_001.zip"; from the run folder */
    unsigned parts;
    uint64_t part_rows;
    buf part_list;       /* of FILES_ATTACHMENTS */
    file_index index[2]; /* made of them; documents */
    buf row, path;
    document_file *file;
    size_t files, room;
};

static bool fail(file_sink *s, finding_code code, sv path, const char *why)
{
    finding x = FINDING_OF(code);
    x.path = path;
    x.a = sv_from(why);
    if (!s->failed) find_add(s->found, &x);
    s->failed = true;
    return false;
}

static bool no_memory(file_sink *s) { return fail(s, F_OUT_OF_MEMORY, s->id, "writing documents"); }

file_sink *file_sink_new(sv id, const file_rules *rules, const char *folder, arena *mem, findings *f)
{
    file_sink *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    *s = (file_sink){.id = id, .rules = rules, .folder = folder, .mem = mem, .found = f};
    s->part_list = buf_new(PART_LIST_BYTES_MAX);
    s->row = buf_new(ROW_BYTES_MAX);
    s->path = buf_new(ROW_BYTES_MAX);
    s->scratch = arena_new(0);
    for (int i = 0; i < 2; i++) {
        const char *made = i ? "" : "_made";
        s->index[i].path =
            arena_printf(mem, "%.*s/%.*s%s.csv", (int)id.n, id.p, (int)rules->name.n, rules->name.p, made);
        s->index[i].label =
            arena_printf(mem, "%.*s/%.*s%s", (int)id.n, id.p, (int)rules->name.n, rules->name.p, i ? "" : " (made)");
        if (s->scratch && s->index[i].path.p && s->index[i].label.p) continue;
        file_sink_free(s);
        return NULL;
    }
    return s;
}

sv file_sink_label(const file_sink *s, bool counted) { return s->index[counted].label; }
const file_rules *file_sink_rules(const file_sink *s) { return s->rules; }

/* ---- what was written ---- */

static bool keep_file(file_sink *s, const document_file *f)
{
    if (s->files == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        document_file *file = realloc(s->file, room * sizeof *file);
        if (!file) return no_memory(s);
        s->file = file;
        s->room = room;
    }
    s->file[s->files] = *f;
    s->file[s->files].path = arena_sv(s->mem, f->path);
    return s->file[s->files++].path.p || no_memory(s);
}

static const char *full_path(file_sink *s, sv path)
{
    buf_clear(&s->path);
    buf_printf(&s->path, "%s/%.*s", s->folder, (int)path.n, path.p);
    buf_char(&s->path, '\0');
    return s->path.failed ? NULL : s->path.p;
}

/* ---- lists ---- */

static bool add_row(file_sink *s, file_index *x, const file_told *told)
{
    if (s->folder && !x->out) {
        x->out = bundle_file_new(s->folder, x->path, s->found);
        if (!x->out) return !(s->failed = true);
        buf_clear(&s->row);
        file_list_heading(s->rules, &s->row);
        bundle_file_text(x->out, buf_view(&s->row));
    }
    x->rows++;
    buf_clear(&s->row);
    file_list_row(s->rules, told, &s->row);
    if (s->row.failed) return no_memory(s);
    if (x->out) bundle_file_text(x->out, buf_view(&s->row));
    return true;
}

static bool close_index(file_sink *s, file_index *x)
{
    document_file f = {.path = x->path, .object = x->label, .rows = x->rows};
    file_digest d;
    if (!x->out) return true;
    bool ok = bundle_file_close_csv(x->out, x->rows, &d);
    x->out = NULL;
    if (!ok) return !(s->failed = true);
    f.bytes = d.bytes;
    memcpy(f.sha256, d.sha256, sizeof f.sha256);
    return keep_file(s, &f);
}

/* ---- archives ---- */

/* Of every byte of the archive, as it is written. */
static void hash_part(void *sink, const void *p, size_t n)
{
    file_sink *s = sink;
    sha256_add(s->zip_hash, p, n);
    s->zip_bytes += n;
}

static bool close_part(file_sink *s)
{
    document_file f = {.path = s->zip_path};
    if (!s->zip) return true;
    bool ok = s->rules->as != FILES_ATTACHMENTS || (!s->part_list.failed || no_memory(s));
    if (ok && s->rules->as == FILES_ATTACHMENTS)
        ok = zip_writer_add(s->zip, s->rules->csv, ZIP_SMALL, buf_view(&s->part_list));
    zip_writer *z = s->zip;
    s->zip = NULL;
    if (!ok) zip_writer_abandon(z);
    if (!ok || !zip_writer_close(z)) return !(s->failed = true);
    f.bytes = s->zip_bytes;
    sha256 *hash = s->zip_hash;
    s->zip_hash = NULL;
    return sha256_end(hash, f.sha256) ? keep_file(s, &f) : no_memory(s);
}

static bool open_part(file_sink *s)
{
    s->parts++;
    s->zip_name = arena_printf(s->mem, "%.*s_%03u.zip", (int)s->rules->name.n, s->rules->name.p, s->parts);
    s->zip_path = arena_printf(s->mem, "%.*s/%.*s", (int)s->id.n, s->id.p, (int)s->zip_name.n, s->zip_name.p);
    if (!s->zip_name.p || !s->zip_path.p) return no_memory(s);
    const char *path = full_path(s, s->zip_path);
    if (!path) return no_memory(s);
    s->zip_hash = sha256_new();
    if (!s->zip_hash) return no_memory(s);
    s->zip = zip_writer_open(path, s->found);
    if (!s->zip) return !(s->failed = true);
    zip_writer_tell(s->zip, hash_part, s);
    s->zip_bytes = 0;
    s->part_rows = 0;
    buf_clear(&s->part_list);
    if (s->rules->as == FILES_ATTACHMENTS) file_list_heading(s->rules, &s->part_list);
    return true;
}

/* What the list beside the attachments may come to. */
static uint64_t reserve_of(const file_sink *s, uint64_t rows)
{
    return s->rules->as == FILES_ATTACHMENTS ? (rows + 1) * ROW_BYTES_RESERVED : 0;
}

static bool part_takes(const file_sink *s, sv member, zip_method how, uint64_t bytes)
{
    uint64_t lists = s->rules->as == FILES_ATTACHMENTS, members = zip_writer_members(s->zip) + 1 + lists;
    uint64_t most = zip_writer_bytes_with(s->zip, member, how, bytes) + reserve_of(s, s->part_rows + 1);
    return (!s->rules->zip_members_max || members <= s->rules->zip_members_max) &&
           (!s->rules->zip_bytes_max || most <= s->rules->zip_bytes_max);
}

static bool write_member(void *zip, const void *p, size_t n) { return zip_writer_write(zip, p, n); }

static bool give(file_sink *s, spool *from, bool (*take)(void *, const void *, size_t), void *ctx, sv path)
{
    const char *why = NULL;
    if (spool_give(from, take, ctx, &why)) return true;
    if (why) return fail(s, F_OUT_WRITE_FAILED, path, why);
    s->failed = true;
    return false;
}

/* Into the archive at hand or the next one. *fits: false when no archive may be as large. */
static bool take_member(file_sink *s, spool *from, const spooled *x, sv member, bool *fits)
{
    zip_method how = spool_packs(from, x) ? ZIP_FAST : ZIP_STORED;
    *fits = true;
    if (s->zip && !part_takes(s, member, how, x->bytes) && zip_writer_members(s->zip) && !close_part(s)) return false;
    if (!s->zip && !open_part(s)) return false;
    if (!part_takes(s, member, how, x->bytes)) {
        *fits = false;
        return true;
    }
    const zip_content *packed = how == ZIP_FAST ? spool_packed(from) : NULL;
    bool ok = packed ? zip_writer_add_packed(s->zip, member, packed)
                     : zip_writer_begin(s->zip, member, how, x->bytes) &&
                           give(s, from, write_member, s->zip, s->zip_path) && zip_writer_end(s->zip);
    return ok || !(s->failed = true);
}

/* ---- folders ---- */

static bool make_folder(file_sink *s, sv path)
{
    const char *full = full_path(s, path), *why = "out of memory";
    if (full && (os_is_folder(full) || os_make_folder(full, &why))) return true;
    return fail(s, F_OUT_CREATE_FAILED, path, why);
}

typedef struct plain_file {
    os_out *out;
    const char *why;
} plain_file;

static bool write_plain(void *ctx, const void *p, size_t n)
{
    plain_file *f = ctx;
    return os_write(f->out, p, n, &f->why);
}

static bool write_file(file_sink *s, spool *from, sv path)
{
    plain_file f = {.why = "out of memory"};
    const char *full = full_path(s, path), *why = "";
    if (full) f.out = os_create(full, &f.why);
    if (!f.out) return fail(s, F_OUT_CREATE_FAILED, path, f.why);
    f.why = NULL;
    bool ok = spool_give(from, write_plain, &f, &why);
    if (!ok) (void)fail(s, F_OUT_WRITE_FAILED, path, f.why ? f.why : why ? why : "");
    bool closed = os_close(f.out, &why);
    return ok && (closed || fail(s, F_OUT_WRITE_FAILED, path, why));
}

/* top: "Files" or "Files_by_hand". The path from the destination's folder goes to *inner. */
static bool take_file(file_sink *s, spool *from, const spooled *x, const char *end, sv patient, sv file, sv *inner)
{
    document_file f = {.bytes = x->bytes};
    sv id = s->id, top = arena_printf(s->scratch, "%.*s%s", (int)s->rules->name.n, s->rules->name.p, end);
    sv owner = patient.n ? patient : SV_LIT("without_patient");
    f.path = arena_printf(s->scratch, "%.*s/%.*s/%.*s/%.*s", (int)id.n, id.p, (int)top.n, top.p, (int)owner.n, owner.p,
                          (int)file.n, file.p);
    if (!f.path.p) return no_memory(s);
    *inner = (sv){f.path.p + id.n + 1, f.path.n - id.n - 1};
    if (!s->folder) return true;
    sv first = {f.path.p, id.n + 1 + top.n}, second = {f.path.p, first.n + 1 + owner.n};
    if (!make_folder(s, first) || !make_folder(s, second) || !write_file(s, from, f.path)) return false;
    memcpy(f.sha256, x->sha256, sizeof f.sha256);
    return keep_file(s, &f);
}

/* ---- one file ---- */

static bool is_forbidden(const file_sink *s, const spooled *x, sv file)
{
    size_t dot = file.n;
    while (dot && file.p[dot - 1] != '.') dot--;
    sv extension = {file.p + dot, file.n - dot};
    if (x->type->executable) return true;
    for (size_t i = 0; i < s->rules->forbiddens; i++)
        if (sv_eq_nocase(extension, s->rules->forbidden[i])) return true;
    return false;
}

static sv unpacked_path(file_sink *s, sv member)
{
    return arena_printf(s->scratch, "%.*s/%.*s", (int)s->zip_name.n - 4, s->zip_name.p, (int)member.n, member.p);
}

static bool take_into_archive(file_sink *s, spool *from, const spooled *x, sv file, file_told *told, bool *fits)
{
    bool attached = s->rules->as == FILES_ATTACHMENTS;
    sv member = attached ? arena_printf(s->scratch, "Attachments/%.*s", (int)file.n, file.p) : file;
    if (!member.p) return no_memory(s);
    *fits = true;
    told->fact[FACT_FILE] = file;
    if (!s->folder) return true;
    if (!take_member(s, from, x, member, fits)) return false;
    if (!*fits) return true;
    told->fact[FACT_ARCHIVE] = s->zip_name;
    told->fact[FACT_UNPACKED] = unpacked_path(s, member);
    if (attached) {
        file_list_row(s->rules, told, &s->part_list);
        s->part_rows++;
    }
    return !s->part_list.failed || no_memory(s);
}

sink_end file_sink_take(file_sink *s, spool *from, const spooled *x, sv file, file_told *told, bool counted)
{
    bool ok = true, fits = !s->rules->member_bytes_max || x->bytes <= s->rules->member_bytes_max;
    sv inner = {NULL, 0}, patient = told->fact[FACT_PATIENT];
    if (s->failed) return SINK_FAILED;
    arena_reset(s->scratch);
    if (is_forbidden(s, x, file)) return SINK_FORBIDDEN;
    told->fact[FACT_ARCHIVE] = told->fact[FACT_UNPACKED] = told->fact[FACT_BY_HAND] = (sv){NULL, 0};
    bool archive = fits && s->rules->as != FILES_FOLDER;
    if (archive) ok = take_into_archive(s, from, x, file, told, &fits);
    if (ok && !(archive && fits)) {
        ok = take_file(s, from, x, fits ? "" : "_by_hand", patient, file, &inner);
        told->fact[FACT_FILE] = told->fact[FACT_UNPACKED] = inner;
        if (!fits) told->fact[FACT_BY_HAND] = SV_LIT("yes");
    }
    if (!ok || !add_row(s, &s->index[counted], told)) return SINK_FAILED;
    return fits ? SINK_WRITTEN : SINK_BY_HAND;
}

/* ---- the end ---- */

bool file_sink_finish(file_sink *s)
{
    bool ok = !s->failed && close_part(s);
    for (int i = 1; ok && i >= 0; i--) ok = close_index(s, &s->index[i]);
    return ok && !s->failed;
}

const document_file *file_sink_files(const file_sink *s, size_t *n)
{
    *n = s->files;
    return s->file;
}

void file_sink_free(file_sink *s)
{
    if (!s) return;
    zip_writer_abandon(s->zip);
    sha256_free(s->zip_hash);
    for (int i = 0; i < 2; i++) bundle_file_abandon(s->index[i].out);
    arena_free(s->scratch);
    buf_free(&s->part_list);
    buf_free(&s->row);
    buf_free(&s->path);
    free(s->file);
    free(s);
}
