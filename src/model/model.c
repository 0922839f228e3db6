#include "model/model.h"
#include <inttypes.h>

enum { R = 1, P = 2 };

#define TARGET_OF_TEXT(x)      NULL
#define TARGET_OF_DATE(x)      NULL
#define TARGET_OF_DATETIME(x)  NULL
#define TARGET_OF_INTEGER(x)   NULL
#define TARGET_OF_DECIMAL(x)   NULL
#define TARGET_OF_BOOL(x)      NULL
#define TARGET_OF_ENUM(x)      NULL
#define TARGET_OF_REFERENCE(x) (x)
#define VALUES_OF_TEXT(x)      NULL
#define VALUES_OF_DATE(x)      NULL
#define VALUES_OF_DATETIME(x)  NULL
#define VALUES_OF_INTEGER(x)   NULL
#define VALUES_OF_DECIMAL(x)   NULL
#define VALUES_OF_BOOL(x)      NULL
#define VALUES_OF_ENUM(x)      (x)
#define VALUES_OF_REFERENCE(x) NULL

/* First the fields of each entity ... */
#define ENTITY(name, letters, title) static const model_field fields_of_##name[] = {
#define FIELD(name, type, flags, extra, meaning)                                                                       \
    {#name,  FIELD_##type, ((flags)&R) != 0, ((flags)&P) != 0, TARGET_OF_##type(extra), VALUES_OF_##type(extra),       \
     meaning},
#define END                                                                                                            \
    }                                                                                                                  \
    ;
#include "model/model.def"
#undef ENTITY
#undef FIELD
#undef END

/* ... then the list of entities. */
static const model_entity entities[] = {
#define ENTITY(name, letters, title)                                                                                   \
    {#name, #letters, title, fields_of_##name, sizeof fields_of_##name / sizeof(model_field)},
#define FIELD(name, type, flags, extra, meaning)
#define END
#include "model/model.def"
#undef ENTITY
#undef FIELD
#undef END
};

size_t model_entities(void) { return sizeof entities / sizeof entities[0]; }
const model_entity *model_entity_at(size_t i) { return &entities[i]; }

const model_entity *model_entity_named(sv name)
{
    for (size_t i = 0; i < model_entities(); i++)
        if (sv_eq(sv_from(entities[i].name), name)) return &entities[i];
    return NULL;
}

const model_field *model_field_named(const model_entity *e, sv name)
{
    for (size_t i = 0; i < e->fields; i++)
        if (sv_eq(sv_from(e->field[i].name), name)) return &e->field[i];
    return NULL;
}

/* ---- keys ---- */

static bool stands_for_itself(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; }

static void add_escaped(buf *out, sv key)
{
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        if (stands_for_itself(c))
            buf_char(out, c);
        else if (c >= 'a' && c <= 'z')
            buf_printf(out, ".%c", c);
        else
            buf_printf(out, "_%02X", (unsigned)(uint8_t)c);
    }
}

/* FNV-1a, 64 bits. Staging refuses two records of one key, so that a collision would be seen and not merge anybody. */
static uint64_t hash_of(sv key)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < key.n; i++) h = (h ^ (uint8_t)key.p[i]) * 1099511628211u;
    return h;
}

enum { HASH_TAIL = 2 + 16 }; /* ".." and the digits */

bool model_source_key(sv system, const model_entity *e, sv src_key, buf *out)
{
    size_t start = out->n;
    if (src_key.n == 0) return false;
    buf_sv(out, system);
    buf_printf(out, "-%s-", e->letters);
    add_escaped(out, src_key);
    if (!out->failed && out->n - start > MODEL_KEY_MAX) {
        out->n = start + MODEL_KEY_MAX - HASH_TAIL;
        buf_printf(out, "..%016" PRIX64, hash_of(src_key));
    }
    return !out->failed;
}
