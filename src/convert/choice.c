#include "convert/choice.h"
#include "convert/template_set.h"
#include "schema/emitters.h"

enum { MISSING_BYTES_MAX = 1 << 20 };

static const char *hash_of(const char *path, arena *mem, findings *f)
{
    char *hex = arena_alloc(mem, SHA256_HEX + 1);
    const char *why = "out of memory";
    if (hex && digest_folder(path, mem, hex, &why)) return hex;
    find_at(f, F_OPEN_ERROR, sv_from(path), sv_from(why));
    return NULL;
}

typedef struct reader {
    choice *c;
    const convert_options *o;
    arena *mem;
    problems *wrong;
    findings *found;
} reader;

sv choice_option_for(const char *text, sv id)
{
    sv rest = sv_from(text), plain = {NULL, 0};
    while (rest.p && rest.n) {
        const char *comma = sv_find(rest, ',');
        sv one = {rest.p, comma ? (size_t)(comma - rest.p) : rest.n};
        const char *equals = sv_find(one, '=');
        size_t used = one.n + (comma ? 1 : 0);
        if (!equals) plain = one;
        size_t name = equals ? (size_t)(equals - one.p) : 0;
        if (equals && name == id.n && sv_starts(one, id)) return (sv){equals + 1, one.n - name - 1};
        rest = (sv){rest.p + used, rest.n - used};
    }
    return plain;
}

static destination_options options_for(const reader *r, sv id)
{
    const convert_options *o = r->o;
    destination_options x = {.edition = choice_option_for(o->edition, id),
                             .layout = choice_option_for(o->layout, id),
                             .teeth = choice_option_for(o->teeth, id),
                             .charts = choice_option_for(o->charts, id),
                             .tooth_label = choice_option_for(o->tooth_label, id),
                             .prefix = choice_option_for(o->prefix, id),
                             .format = choice_option_for(o->format, id),
                             .users = o->users_n > 0};
    if (r->c->profile) x.profile = profile_id(r->c->profile);
    x.package = schema_emitter_keys(r->mem, &x.packages);
    return x;
}

/* What the template with these options would break whatever the source holds. */
static bool fits(const reader *r, const char *path, const destination_options *x, const destination *d)
{
    sv wrong = destination_breaks(d, r->mem);
    if (!wrong.p) return true;
    finding f = FINDING_OF(F_DEL_LIMIT_BROKEN);
    f.path = destination_id(d);
    f.a = wrong;
    f.b = destination_alternatives(path, x, r->mem);
    if (!f.b.n) f.b = SV_LIT("nothing that the template offers; it must be changed");
    find_add(r->found, &f);
    return false;
}

/* False when its files could not be hashed, or a limit would be broken; a template that is wrong is told by the problems. */
static bool read_destination(const reader *r, sv id)
{
    const template_name name = {id, false};
    const char *path = template_path(r->o->templates, &name, r->mem);
    if (!path) return false;
    const destination_options x = options_for(r, id);
    const destination *d = destination_load_with(path, &x, r->mem, r->wrong);
    const char *hash = hash_of(path, r->mem, r->found);
    r->c->destination[r->c->destinations] = d;
    r->c->destination_hash[r->c->destinations++] = hash;
    return hash && (!d || fits(r, path, &x, d));
}

static bool read_profile(const reader *r, const char *path)
{
    if (!path) return false;
    const profile *x = profile_load(path, r->mem, r->wrong);
    const char *hash = hash_of(path, r->mem, r->found);
    r->c->candidate[r->c->candidates] = x;
    r->c->candidate_hash[r->c->candidates++] = hash;
    return hash != NULL;
}

static bool named_twice(const convert_options *o, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(o->to[k], o->to[i]) == 0) return true;
    return false;
}

static bool names_known(const reader *r, const template_name *all, size_t n)
{
    bool known = true;
    for (size_t i = 0; i < r->o->destinations; i++)
        known = template_named(all, n, false, sv_from(r->o->to[i]), r->mem, r->found) && known;
    return known;
}

convert_end choice_read(choice *c, const convert_options *o, arena *mem, problems *wrong, findings *f)
{
    const reader r = {c, o, mem, wrong, f};
    const template_name *all = NULL;
    size_t n = 0;
    if (template_names(o->templates, mem, &all, &n, f) != ST_OK || !names_known(&r, all, n)) return CONVERT_WRONG_FILES;
    const char *named = o->profile ? template_profile(o->templates, o->profile, mem, f) : NULL;
    if (o->profile && !named) return CONVERT_WRONG_FILES;
    c->named = named != NULL;
    c->destination = arena_array(mem, o->destinations + 1, sizeof(const destination *));
    c->destination_hash = arena_array(mem, o->destinations + 1, sizeof(const char *));
    c->candidate = arena_array(mem, n + 1, sizeof(const profile *));
    c->candidate_hash = arena_array(mem, n + 1, sizeof(const char *));
    bool ok = c->destination && c->destination_hash && c->candidate && c->candidate_hash;
    for (size_t i = 0; ok && i < o->destinations; i++)
        if (!named_twice(o, i)) ok = read_destination(&r, sv_from(o->to[i]));
    if (ok && named) ok = read_profile(&r, named);
    for (size_t i = 0; ok && !named && i < n; i++)
        if (all[i].profile) ok = read_profile(&r, template_path(o->templates, &all[i], mem));
    if (wrong->n || wrong->failed) return CONVERT_WRONG_FILES;
    if (ok) return CONVERT_DONE;
    if (findings_count(f, F_DEL_LIMIT_BROKEN) || findings_count(f, F_OPEN_ERROR)) return CONVERT_WRONG_FILES;
    find_code(f, F_OUT_OF_MEMORY, "reading the templates");
    return CONVERT_FAILED;
}

convert_end choice_destinations(choice *c, const convert_options *o, arena *mem, problems *wrong, findings *f)
{
    const reader r = {c, o, mem, wrong, f};
    bool ok = true;
    c->destinations = 0;
    for (size_t i = 0; ok && i < o->destinations; i++)
        if (!named_twice(o, i)) ok = read_destination(&r, sv_from(o->to[i]));
    return ok && !wrong->n && !wrong->failed ? CONVERT_DONE : CONVERT_WRONG_FILES;
}

/* ---- the profile ---- */

static convert_end none_fits(const choice *c, unsigned best_score, size_t best, arena *mem, findings *f)
{
    sv text = SV_LIT("there is no profile at all");
    if (c->candidates) {
        sv id = profile_id(c->candidate[best]);
        text = arena_printf(mem, "%.*s comes nearest and fits to %u of 100", (int)id.n, id.p, best_score);
    }
    finding x = FINDING_OF(F_DEL_NO_PROFILE);
    x.a = text;
    find_add(f, &x);
    return CONVERT_NO_PROFILE;
}

static convert_end tie(sv ids, findings *f)
{
    finding x = FINDING_OF(F_DEL_PROFILES_TIE);
    x.a = ids;
    find_add(f, &x);
    return CONVERT_NO_PROFILE;
}

convert_end choice_profile(choice *c, const catalog *tables, arena *mem, findings *f)
{
    buf missing = buf_new(MISSING_BYTES_MAX), ids = buf_new(MISSING_BYTES_MAX);
    unsigned best_score = 0, equals = 0;
    size_t best = 0;
    for (size_t i = 0; i < c->candidates; i++) {
        buf ignored = buf_new(MISSING_BYTES_MAX);
        unsigned score = profile_score(c->candidate[i], tables, &ignored);
        buf_free(&ignored);
        sv id = profile_id(c->candidate[i]);
        if (i == 0 || score > best_score) {
            best_score = score;
            best = i;
            equals = 0;
            buf_clear(&ids);
        }
        if (score == best_score) buf_printf(&ids, "%s%.*s", equals++ ? ", " : "", (int)id.n, id.p);
    }
    convert_end end = CONVERT_DONE;
    /* One that the user named is used whatever it scores: its own SQL says what does not fit. */
    bool named = c->candidates == 1 && c->named;
    if (!named && best_score < PROFILE_SCORE_MIN)
        end = none_fits(c, best_score, best, mem, f);
    else if (equals > 1)
        end = tie(arena_sv(mem, buf_view(&ids)), f);
    if (end == CONVERT_DONE) {
        (void)profile_score(c->candidate[best], tables, &missing);
        c->profile = c->candidate[best];
        c->profile_hash = c->candidate_hash[best];
        c->score = best_score;
        c->missing = missing.n ? arena_sv(mem, buf_view(&missing)) : (sv){NULL, 0};
    }
    buf_free(&missing);
    buf_free(&ids);
    return end;
}

bool choice_options(choice *c, const convert_options *o, arena *mem, problems *wrong)
{
    if (o->settings) c->profile = profile_with_options(c->profile, o->setting, o->settings, mem, wrong);
    return wrong->n == 0 && !wrong->failed;
}

/* What is wrong is told by the run itself. */
sv convert_codepage(row_source *s, const convert_options *o, arena *mem)
{
    findings *ignored = findings_new();
    problems wrong = {.mem = mem};
    choice c = {0};
    const catalog *tables = NULL;
    bool known = ignored && choice_read(&c, o, mem, &wrong, ignored) == CONVERT_DONE &&
                 s->ops->catalog(s, &tables) == ST_OK && choice_profile(&c, tables, mem, ignored) == CONVERT_DONE &&
                 choice_options(&c, o, mem, &wrong);
    findings_free(ignored);
    return known ? profile_option_text(c.profile, "codepage") : (sv){NULL, 0};
}
