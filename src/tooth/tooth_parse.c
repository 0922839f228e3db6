/* A label under each system, what that proves, and the tooth it means. */
#include "tooth/tooth_label.h"

/* What a label means in each system that reads it. */
typedef struct readings {
    tooth as[TOOTH_SYSTEMS];
    unsigned can;  /* bits 1 << system */
    bool position; /* with a quadrant column: a position in that quadrant */
} readings;

static bool in_quadrant(tooth t, unsigned quadrant)
{
    return quadrant == 0 || (tooth_quadrant(t) - 1) % 4 == (quadrant - 1) % 4;
}

static void can(readings *r, tooth_system s, unsigned fdi, bool more, unsigned quadrant)
{
    tooth t = {(uint8_t)fdi, more};
    if (fdi == 0 || !in_quadrant(t, quadrant)) return;
    r->as[s] = t;
    r->can |= 1U << s;
}

static void can_position(readings *r, unsigned quadrant, unsigned position)
{
    static const tooth_system systems[] = {TOOTH_FDI, TOOTH_PALMER, TOOTH_HADERUP};
    if (!tooth_exists(quadrant, position)) return;
    r->position = true;
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        can(r, systems[i], quadrant * 10 + position, false, 0);
}

static void read_number(readings *r, unsigned n, unsigned quadrant)
{
    unsigned permanent = universal_to_fdi(n), more = n > 50 ? universal_to_fdi(n - 50) : 0;
    can(r, TOOTH_UNIVERSAL, permanent ? permanent : more, !permanent, quadrant);
    if (tooth_exists(n / 10, n % 10)) can(r, TOOTH_FDI, n, false, quadrant);
    if (quadrant && n < 10) can_position(r, quadrant, n);
}

static void read_letter(readings *r, const tooth_label *l, unsigned quadrant)
{
    can(r, TOOTH_UNIVERSAL, universal_letter_to_fdi(l->number), l->supernumerary, quadrant);
    if (quadrant && !l->supernumerary && l->number < 5) can_position(r, (quadrant - 1) % 4 + 5, l->number + 1);
}

static tooth_system system_of(label_kind kind)
{
    if (kind == LABEL_PALMER) return TOOTH_PALMER;
    return kind == LABEL_HADERUP || kind == LABEL_HADERUP_MINUS ? TOOTH_HADERUP : TOOTH_FDI;
}

static readings readings_of(const tooth_label *l, sv quadrant_text)
{
    readings r = {.can = 0};
    folded f;
    bool none = fold_text(quadrant_text, &f) && f.n == 0;
    unsigned quadrant = quadrant_named(quadrant_text);
    if (l->kind == LABEL_NOTHING || (!none && !quadrant)) return r;
    if (l->kind == LABEL_NUMBER)
        read_number(&r, l->number, quadrant);
    else if (l->kind == LABEL_LETTER)
        read_letter(&r, l, quadrant);
    else
        can(&r, system_of(l->kind), l->tooth.fdi, l->tooth.supernumerary, quadrant);
    return r;
}

unsigned tooth_proof(sv label, sv quadrant)
{
    enum { UNIVERSAL = 1U << TOOTH_UNIVERSAL, FDI = 1U << TOOTH_FDI };
    tooth_label l = label_of(label);
    readings r = readings_of(&l, quadrant);
    if (r.can == 0) return TOOTH_MEANS_NOTHING;
    if (l.kind == LABEL_PALMER) return TOOTH_PROVES_PALMER;
    if (l.kind == LABEL_HADERUP) return TOOTH_PROVES_HADERUP;
    if (l.kind == LABEL_HADERUP_MINUS || l.kind == LABEL_FDI_DASH) return 0;
    if (r.position) return r.can & UNIVERSAL ? TOOTH_POSITION_OR_UNIVERSAL : TOOTH_POSITION;
    if (r.can == (UNIVERSAL | FDI)) return TOOTH_EITHER;
    return r.can == UNIVERSAL ? TOOTH_PROVES_UNIVERSAL : TOOTH_PROVES_FDI;
}

static bool same(tooth a, tooth b) { return a.fdi == b.fdi && a.supernumerary == b.supernumerary; }

/* The tooth that all systems agree on which can read the label. */
static bool agreed(const readings *r, tooth *out)
{
    bool any = false;
    for (unsigned s = 0; s < TOOTH_SYSTEMS; s++) {
        if (!(r->can & 1U << s)) continue;
        if (any && !same(*out, r->as[s])) return false;
        *out = r->as[s];
        any = true;
    }
    return any;
}

tooth_read tooth_parse(sv label, sv quadrant, tooth_system system, tooth *out)
{
    *out = (tooth){0, false};
    tooth_label l = label_of(label);
    readings r = readings_of(&l, quadrant);
    /* 3-5 may as well be a range, which is no tooth: only a plan line, where ranges are read too, can tell. */
    if (r.can == 0 || l.kind == LABEL_FDI_DASH) return TOOTH_INVALID;
    if (system != TOOTH_UNKNOWN && r.can & 1U << system) {
        *out = r.as[system];
        return TOOTH_GOOD;
    }
    bool says_its_system = l.kind == LABEL_PALMER || l.kind == LABEL_FDI_PARTS || l.kind == LABEL_HADERUP;
    if (system != TOOTH_UNKNOWN && !says_its_system) return TOOTH_INVALID;
    if (l.kind == LABEL_HADERUP_MINUS) return TOOTH_NEEDS_SYSTEM;
    if (r.position) { /* a bare 1-8 beside a quadrant is a position (section 5 of the sources' account, README.md) */
        *out = r.as[TOOTH_PALMER];
        return TOOTH_GOOD;
    }
    tooth t = {0, false};
    if (!agreed(&r, &t)) return TOOTH_NEEDS_SYSTEM;
    *out = t;
    return TOOTH_GOOD;
}
