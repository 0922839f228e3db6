#include "bak/box_crypt.h"
#include "bak/bak_layout.h"

/* How far a record is filled up for its cipher: to the next whole block, or always by one to sixteen bytes (PKCS#7).
 * Which of them is not told anywhere: the records themselves say it. */
enum { RULE_NEXT, RULE_ALWAYS, RULES };

static uint32_t by_rule(const box_crypt *c, unsigned rule, uint32_t plain)
{
    return (plain + c->unit - (rule == RULE_NEXT)) & ~(c->unit - 1);
}

uint32_t box_crypt_stored(const box_crypt *c, uint32_t plain)
{
    if (!c || c->unit <= 1) return plain;
    return by_rule(c, c->rules & 1u << RULE_NEXT ? RULE_NEXT : RULE_ALWAYS, plain);
}

uint32_t box_crypt_packed(const box_crypt *c, uint32_t stored, uint32_t told)
{
    if (c->unit <= 1) return stored;
    if (stored % c->unit) return 0;
    bool fits = true;
    for (unsigned r = 0; r < RULES; r++)
        if (c->rules & 1u << r) fits = fits && by_rule(c, r, told) == stored;
    return fits ? told : stored - (c->rules != 1u << RULE_NEXT);
}

bool box_crypt_length_fits(const box_crypt *c, uint32_t plain, uint32_t stored)
{
    for (unsigned r = 0; r < RULES; r++)
        if (c->rules & 1u << r && by_rule(c, r, plain) == stored) return true;
    return false;
}

void box_crypt_learn_length(box_crypt *c, uint32_t plain, uint32_t stored)
{
    for (unsigned r = 0; r < RULES; r++)
        if (by_rule(c, r, plain) != stored) c->rules &= ~(1u << r);
}

bool box_crypt_record(const box_crypt *c, unsigned record_flags, const uint8_t iv[IV_BYTES], uint8_t *p, size_t n)
{
    if (record_flags & BOX_RECORD_SEALED && (!c->backup || !block_cipher_open(c->backup, iv, p, p, n))) return false;
    return !(record_flags & BOX_RECORD_TDE) || (c->database && block_cipher_open(c->database, iv, p, p, n));
}

/* ---- keys ---- */

typedef struct opening {
    sv path;
    const key_ring *keys;
    findings *found;
} opening;

static status open_sealed(const opening *o, const sealed_key *s, finding_code none_given, const char *what,
                          block_cipher **out)
{
    content_key k;
    status st = key_ring_open(o->keys, s, o->path, none_given, what, o->found, &k);
    if (st != ST_OK) return st;
    *out = block_cipher_new(&k);
    content_key_forget(&k);
    if (*out) return ST_OK;
    find_code(o->found, F_OUT_OF_MEMORY, "opening an encrypted backup");
    return ST_FATAL;
}

static status no_key_found(const opening *o, finding_code code, const char *what)
{
    finding x = FINDING_OF(code);
    x.path = o->path;
    x.a = sv_from(what);
    x.b = SV_LIT("not named where it is known to stand");
    find_add(o->found, &x);
    return ST_FATAL;
}

status box_crypt_open(box_crypt *c, const uint8_t *p, size_t n, uint32_t flags, sv path, const key_ring *keys,
                      findings *f)
{
    const opening o = {path, keys, f};
    sealed_key s = {.end = BOX_FLAGS + 4};
    status st = ST_OK;
    *c = (box_crypt){.unit = 1, .rules = (1u << RULES) - 1};
    if (flags & BOX_FLAG_ENCRYPTED) {
        const char *what = flags & BOX_FLAG_COMPRESSED ? "compressed and encrypted" : "not compressed";
        bool found = sealed_key_at(p, n, BOX_SEALED_KEY, &s) || sealed_key_find(p, n, s.end, &s);
        st = found ? open_sealed(&o, &s, F_BAK_ENCRYPTED, what, &c->backup) : no_key_found(&o, F_BAK_ENCRYPTED, what);
    }
    if (st == ST_OK && (flags & BOX_FLAG_TDE) == BOX_FLAG_TDE) {
        const char *what = "the container is marked as one of an encrypted database";
        bool found = sealed_key_find(p, n, s.end, &s);
        st = found ? open_sealed(&o, &s, F_BAK_TDE, what, &c->database) : no_key_found(&o, F_BAK_TDE, what);
    }
    if (c->database) c->unit = block_cipher_unit(c->database);
    if (c->backup) c->unit = block_cipher_unit(c->backup);
    return st;
}

void box_crypt_close(box_crypt *c)
{
    block_cipher_free(c->backup);
    block_cipher_free(c->database);
    *c = (box_crypt){.unit = 1};
}
