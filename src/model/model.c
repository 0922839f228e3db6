#include "model/model.h"
#include <inttypes.h>

enum { R = 1, P = 2, K = 4, Y = 8, B = 16, Z = 32, T = 64, N = 128 };

/* Two rules on one field would be the stricter one: the first that is found here. */
#define SAFE_OF(flags)                                                                                                 \
    ((flags)&T   ? SAFE_TOKEN                                                                                          \
     : (flags)&B ? SAFE_BIRTH_YEAR                                                                                     \
     : (flags)&Y ? SAFE_YEAR                                                                                           \
     : (flags)&Z ? SAFE_ZIP3                                                                                           \
     : (flags)&K ? SAFE_KEPT                                                                                           \
                 : SAFE_LEFT_OUT)

/* What `about` of model.def says of each type: target, words, concern. */
#define ABOUT_TEXT(x)      NULL, NULL, (sizeof(x) > 1 ? (x) : NULL)
#define ABOUT_DATE(x)      NULL, NULL, (sizeof(x) > 1 ? (x) : NULL)
#define ABOUT_DATETIME(x)  NULL, NULL, (sizeof(x) > 1 ? (x) : NULL)
#define ABOUT_INTEGER(x)   NULL, NULL, (sizeof(x) > 1 ? (x) : NULL)
#define ABOUT_DECIMAL(x)   NULL, NULL, (sizeof(x) > 1 ? (x) : NULL)
#define ABOUT_BOOL(x)      NULL, NULL, (sizeof(x) > 1 ? (x) : NULL)
#define ABOUT_ENUM(x)      NULL, (x), NULL
#define ABOUT_REFERENCE(x) (x), NULL, NULL

/* First the fields of each entity ... */
#define ENTITY(name, letters, title) static const model_field fields_of_##name[] = {
#define FIELD(name, type, flags, about, meaning)                                                                       \
    {#name,          FIELD_##type,        ((flags)&R) != 0, ((flags)&P) != 0, ((flags)&N) != 0,                        \
     SAFE_OF(flags), ABOUT_##type(about), meaning},
#define INPUT(name, concern, meaning)                                                                                  \
    {#name, FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, concern, meaning},
#define END                                                                                                            \
    }                                                                                                                  \
    ;
#include "model/model.def"
#undef ENTITY
#undef FIELD
#undef INPUT
#undef END

/* ... then how many of each are only given by a source ... */
#define ENTITY(name, letters, title) enum { inputs_of_##name = 0
#define FIELD(name, type, flags, about, meaning)
#define INPUT(name, concern, meaning) +1
#define END                                                                                                            \
    }                                                                                                                  \
    ;
#include "model/model.def"
#undef ENTITY
#undef FIELD
#undef INPUT
#undef END

/* ... then the list of entities. */
static const model_entity entities[] = {
#define ENTITY(name, letters, title)                                                                                   \
    {#name,                                                                                                            \
     #letters,                                                                                                         \
     title,                                                                                                            \
     fields_of_##name,                                                                                                 \
     sizeof fields_of_##name / sizeof(model_field) - inputs_of_##name,                                                 \
     inputs_of_##name},
#define FIELD(name, type, flags, about, meaning)
#define INPUT(name, concern, meaning)
#define END
#include "model/model.def"
#undef ENTITY
#undef FIELD
#undef INPUT
#undef END
};

size_t model_entities(void) { return sizeof entities / sizeof entities[0]; }
const model_entity *model_entity_at(size_t i) { return &entities[i]; }
size_t model_entity_index(const model_entity *e) { return (size_t)(e - entities); }

const model_entity *model_entity_named(sv name)
{
    for (size_t i = 0; i < model_entities(); i++)
        if (sv_eq(sv_from(entities[i].name), name)) return &entities[i];
    return NULL;
}

const model_entity *model_entity_of(const model_field *f)
{
    for (size_t i = 0; i < model_entities(); i++)
        if (f >= entities[i].field && f < entities[i].field + entities[i].fields + entities[i].inputs)
            return &entities[i];
    return NULL;
}

static const model_field *named_among(const model_entity *e, size_t n, sv name)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(sv_from(e->field[i].name), name)) return &e->field[i];
    return NULL;
}

const model_field *model_field_named(const model_entity *e, sv name) { return named_among(e, e->fields, name); }

const model_field *model_input_named(const model_entity *e, sv name)
{
    return named_among(e, e->fields + e->inputs, name);
}

/* ---- keys ---- */

static bool stands_for_itself(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; }

static void add_escaped(buf *out, sv key)
{
    static const char digit[] = "0123456789ABCDEF";
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        uint8_t byte = (uint8_t)c;
        if (stands_for_itself(c))
            buf_char(out, c);
        else if (c >= 'a' && c <= 'z')
            buf_add(out, (const char[]){'.', c}, 2);
        else
            buf_add(out, (const char[]){'_', digit[byte >> 4], digit[byte & 15]}, 3);
    }
}

enum { HASH_TAIL = 2 + 16 }; /* ".." and the digits */

bool model_source_key(sv system, const model_entity *e, sv src_key, buf *out)
{
    size_t start = out->n;
    if (src_key.n == 0) return false;
    buf_sv(out, system);
    buf_char(out, '-');
    buf_str(out, e->letters);
    buf_char(out, '-');
    add_escaped(out, src_key);
    if (!out->failed && out->n - start > MODEL_KEY_MAX) {
        out->n = start + MODEL_KEY_MAX - HASH_TAIL;
        /* Staging refuses two records of one key: a collision would be seen and not merge anybody. */
        buf_printf(out, "..%016" PRIX64, sv_hash(src_key));
    }
    return !out->failed;
}
