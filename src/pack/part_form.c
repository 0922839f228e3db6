#include "pack/part_form.h"
#include "archive/member_name.h"
#include "model/model.h"

unsigned part_piece_of(sv *name)
{
    size_t dot = name->n;
    while (dot && name->p[dot - 1] != '.' && name->p[dot - 1] != '/') dot--;
    const size_t digits = name->n - dot;
    if (dot < 2 || name->p[dot - 1] != '.' || digits < 3 || digits > 4) return 0;
    unsigned n = 0;
    for (size_t i = dot; i < name->n; i++) {
        if (name->p[i] < '0' || name->p[i] > '9') return 0;
        n = n * 10 + (unsigned)(name->p[i] - '0');
    }
    name->n = dot - 1;
    return n;
}

/* Keys of records are SYSTEM-LETTERS-KEY, the letters those of an entity of the model (model_source_key); files and folders of
 * documents are named by them, all others by the templates. */
static bool holds_a_key(sv path)
{
    for (size_t i = 0; i < model_entities(); i++) {
        char text[16] = "-";
        size_t n = strlen(model_entity_at(i)->letters);
        if (n + 2 > sizeof text) return true;
        memcpy(text + 1, model_entity_at(i)->letters, n);
        text[n + 1] = '-';
        if (sv_holds(path, (sv){text, n + 2})) return true;
    }
    return false;
}

static bool is_ascii(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] > 0x7E) return false;
    return true;
}

bool part_name_is_head(sv name) { return sv_starts(name, SV_LIT(PART_MEMBER)) && sv_ends(name, SV_LIT(".json")); }

bool part_name_is_plain(sv path)
{
    sv stem = path;
    const sv own[] = {SV_LIT(INDEX_MEMBER), SV_LIT(NEST_MEMBER)};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (sv_eq_nocase(path, own[i])) return false;
    return is_ascii(path) && !part_name_is_head(path) && !archive_unwritable_name(path) && !part_piece_of(&stem) &&
           !holds_a_key(path);
}
