#include "documents/file_name.h"
#include "base/ascii.h"

static bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }

sv file_extension(sv name)
{
    size_t at = name.n;
    while (at && is_letter_or_digit(name.p[at - 1])) at--;
    size_t n = name.n - at;
    if (at < 2 || name.p[at - 1] != '.' || n == 0 || n > FILE_EXTENSION_MAX) return (sv){NULL, 0};
    return (sv){name.p + at, n};
}

static sv lower(sv text, char *room)
{
    for (size_t i = 0; i < text.n; i++) room[i] = ascii_lower(text.p[i]);
    return (sv){room, text.n};
}

/* Texts have many names (csv, log, hl7); what a name alone makes a program or a picture, they are not. */
static bool suits_text(const content_type *claim)
{
    return !claim || (!claim->executable && sv_starts(sv_from(claim->mime), SV_LIT("text/")));
}

sv file_extension_for(const content_type *t, sv claimed, char room[FILE_EXTENSION_MAX], bool *differs, bool *executable)
{
    sv own = sv_from(t->extension);
    const content_type *claim = claimed.n ? content_type_named(claimed) : NULL;
    bool is_text = t->mime && strcmp(t->mime, "text/plain") == 0;
    *executable = t->executable;
    *differs = false;
    if (content_type_has_extension(t, claimed)) return lower(claimed, room);
    if (is_text && claimed.n && suits_text(claim)) return lower(claimed, room);
    if (!t->mime || !own.n) {
        /* Nothing says what it is but the name. */
        *executable |= claim && claim->executable;
        *differs = claim != NULL;
        return claimed.n ? lower(claimed, room) : SV_LIT("bin");
    }
    *differs = claimed.n > 0;
    return own;
}

void file_name_for_people(sv name, sv extension, buf *out)
{
    sv claimed = file_extension(name);
    sv stem = claimed.n ? (sv){name.p, name.n - claimed.n - 1} : name;
    for (size_t i = 0; i < stem.n; i++) {
        unsigned char c = (unsigned char)stem.p[i];
        buf_char(out, c < ' ' || c == 0x7F ? ' ' : stem.p[i]);
    }
    buf_char(out, '.');
    buf_sv(out, extension);
}
