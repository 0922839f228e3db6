#include "extract/file_name.h"
#include "base/utf.h"
#include "extract/fold.h"
#include <inttypes.h>

static bool forbidden(char c) { return (unsigned char)c < 32 || c == 127 || strchr("<>:\"/\\|?*%", c); }

void file_name_part(buf *out, sv name, bool dots)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool blank_at_end = c == ' ' && (i == 0 || i + 1 == name.n);
        if (forbidden(c) || blank_at_end || (c == '.' && (dots || i + 1 == name.n)))
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
        else
            buf_char(out, c);
    }
}

/* Windows takes these, with any extension, for devices. */
static bool reserved(sv name)
{
    static const char *const device[] = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"};
    const char *dot = sv_find(name, '.');
    if (dot) name.n = (size_t)(dot - name.p);
    for (size_t i = 0; i < sizeof device / sizeof device[0]; i++)
        if (sv_eq_nocase(name, sv_from(device[i]))) return true;
    if (name.n < 4 || !(sv_eq_nocase((sv){name.p, 3}, SV_LIT("COM")) || sv_eq_nocase((sv){name.p, 3}, SV_LIT("LPT"))))
        return false;
    sv digit = {name.p + 3, name.n - 3};
    bool superscript =
        sv_eq(digit, SV_LIT("\xC2\xB9")) || sv_eq(digit, SV_LIT("\xC2\xB2")) || sv_eq(digit, SV_LIT("\xC2\xB3"));
    return superscript || (digit.n == 1 && digit.p[0] >= '0' && digit.p[0] <= '9');
}

/* The longest whole characters within `room` bytes. */
static size_t cut_at(sv s, size_t room)
{
    while (room && ((unsigned char)s.p[room] & 0xC0) == 0x80) room--;
    return room;
}

void file_name_bound(buf *b)
{
    if (b->n <= STEM_BYTES_MAX || b->failed) return;
    uint64_t h = sv_hash(buf_view(b));
    b->n = cut_at(buf_view(b), STEM_BYTES_MAX - 17);
    buf_printf(b, "~%016" PRIx64, h);
}

static void make_stem(buf *b, const table_info *t)
{
    buf_clear(b);
    sv first = t->schema.n ? t->schema : t->name;
    file_name_part(b, first, t->schema.n > 0);
    /* Files of our own beside the tables begin with _. */
    bool like_ours = !t->schema.n && first.n && first.p[0] == '_';
    if (!b->failed && (like_ours || reserved(buf_view(b)))) { /* then the name is not empty */
        buf_clear(b);
        buf_printf(b, "%%%02X", (unsigned)(unsigned char)first.p[0]);
        file_name_part(b, (sv){first.p + 1, first.n - 1}, t->schema.n > 0);
    }
    if (t->schema.n) {
        buf_char(b, '.');
        file_name_part(b, t->name, false);
    }
    file_name_bound(b);
}

/* A folded stem that is in use. */
typedef struct stem_entry {
    sv folded;       /* p is NULL: the slot is free */
    unsigned copies; /* stems made of this one by adding a number */
} stem_entry;

/* Open addressing, a power of two of slots, at most half full. */
typedef struct stem_set {
    stem_entry *slot;
    size_t slots;
} stem_set;

static stem_entry *entry_of(stem_set *t, sv folded)
{
    size_t i = (size_t)sv_hash(folded) & (t->slots - 1);
    while (t->slot[i].folded.p && !sv_eq(t->slot[i].folded, folded)) i = (i + 1) & (t->slots - 1);
    return &t->slot[i];
}

static bool unique_stem(stem_set *t, buf *stem, buf *folded, arena *mem, sv *out)
{
    size_t whole = stem->n;
    for (stem_entry *first = NULL;;) {
        buf_clear(folded);
        fold_case(folded, buf_view(stem));
        if (stem->failed || folded->failed) return false;
        stem_entry *e = entry_of(t, buf_view(folded));
        if (!e->folded.p) {
            e->folded = arena_sv(mem, buf_view(folded));
            *out = arena_sv(mem, buf_view(stem));
            return e->folded.p && out->p;
        }
        if (!first) first = e;
        stem->n = whole;
        buf_printf(stem, "~%u", ++first->copies + 1);
    }
}

sv *file_stems(const catalog *c, arena *mem)
{
    stem_set t = {NULL, 16};
    while (t.slots < c->tables * 2) t.slots *= 2;
    t.slot = arena_array(mem, t.slots, sizeof *t.slot);
    sv *stems = arena_array(mem, c->tables, sizeof *stems);
    buf stem = buf_new(8192), folded = buf_new(32768);
    bool ok = t.slot && stems;
    for (size_t i = 0; ok && i < c->tables; i++) {
        make_stem(&stem, &c->table[i]);
        ok = unique_stem(&t, &stem, &folded, mem, &stems[i]);
    }
    buf_free(&stem);
    buf_free(&folded);
    return ok ? stems : NULL;
}
