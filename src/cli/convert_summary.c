#include "cli/convert_summary.h"

enum { NAME_WIDTH = 20, NUMBER_WIDTH = 13, DESTINATIONS_MAX = 16 };

typedef struct summary {
    const ledger *l;
    sv destination[DESTINATIONS_MAX];
    size_t destinations;
} summary;

static void number_right(buf *out, uint64_t n, size_t width)
{
    buf text = buf_new(64);
    add_number(&text, n);
    pad(out, text.n, width);
    buf_sv(out, buf_view(&text));
    buf_free(&text);
}

static void text_right(buf *out, sv text, size_t width)
{
    pad(out, text_width(text), width);
    add_shown(out, text);
}

static void name_left(buf *out, sv name, size_t width)
{
    size_t start = out->n;
    add_shown(out, name);
    pad(out, text_width((sv){out->p + start, out->n - start}), width);
}

/* "salesforce" of "salesforce/Contact (patient)". */
static sv destination_of(const ledger_line *l)
{
    const char *slash = sv_find(l->name, '/');
    return slash ? (sv){l->name.p, (size_t)(slash - l->name.p)} : l->name;
}

static void find_destinations(summary *s)
{
    for (size_t i = 0; i < ledger_lines(s->l); i++) {
        const ledger_line *l = ledger_at(s->l, i);
        size_t k = 0;
        if (l->level != LEDGER_OBJECT) continue;
        while (k < s->destinations && !sv_eq(s->destination[k], destination_of(l))) k++;
        if (k == s->destinations && k < DESTINATIONS_MAX) s->destination[s->destinations++] = destination_of(l);
    }
}

/* Records of an entity that a destination was given, in all its objects; false: it has no object of it. */
static bool written_to(const summary *s, sv entity, sv destination, uint64_t *n)
{
    bool any = false;
    *n = 0;
    for (size_t i = 0; i < ledger_lines(s->l); i++) {
        const ledger_line *l = ledger_at(s->l, i);
        if (l->level != LEDGER_OBJECT || !sv_eq(l->from, entity) || !sv_eq(destination_of(l), destination)) continue;
        *n += l->count[COUNT_WRITTEN];
        any = true;
    }
    return any;
}

static void written_columns(const summary *s, buf *out, sv entity)
{
    for (size_t i = 0; i < s->destinations; i++) {
        uint64_t n = 0;
        if (written_to(s, entity, s->destination[i], &n))
            number_right(out, n, NUMBER_WIDTH);
        else
            text_right(out, SV_LIT("-"), NUMBER_WIDTH);
    }
    buf_char(out, '\n');
}

static void entity_line(const summary *s, buf *out, const ledger_line *l)
{
    static const ledger_count column[] = {COUNT_DECODED, COUNT_MAPPED, COUNT_REJECTED, COUNT_SKIPPED, COUNT_HELD_BACK};
    name_left(out, l->name, NAME_WIDTH);
    for (size_t i = 0; i < sizeof column / sizeof column[0]; i++) number_right(out, l->count[column[i]], NUMBER_WIDTH);
    written_columns(s, out, l->name);
}

static bool has_entity_line(const ledger *l, sv entity)
{
    for (size_t i = 0; i < ledger_lines(l); i++)
        if (ledger_at(l, i)->level == LEDGER_ENTITY && sv_eq(ledger_at(l, i)->name, entity)) return true;
    return false;
}

/* True for the first object of an entity that no rows of the source are counted for: sites, which come of the rows
 * of teeth. */
static bool stands_alone(const ledger *l, size_t at)
{
    const ledger_line *x = ledger_at(l, at);
    if (x->level != LEDGER_OBJECT || has_entity_line(l, x->from)) return false;
    for (size_t i = 0; i < at; i++)
        if (ledger_at(l, i)->level == LEDGER_OBJECT && sv_eq(ledger_at(l, i)->from, x->from)) return false;
    return true;
}

static void lone_line(const summary *s, buf *out, sv entity)
{
    name_left(out, entity, NAME_WIDTH);
    for (size_t i = 0; i < 5; i++) text_right(out, SV_LIT("-"), NUMBER_WIDTH);
    written_columns(s, out, entity);
}

/* What destinations left out of the records that they were given. */
static void losses(const summary *s, buf *out)
{
    static const struct {
        ledger_count what;
        const char *words;
    } part[] = {{COUNT_MERGED, "merged"},
                {COUNT_REJECTED, "rejected"},
                {COUNT_SKIPPED, "skipped"},
                {COUNT_HELD_BACK, "values held back"},
                {COUNT_CHANGED, "values changed"}};
    for (size_t i = 0; i < ledger_lines(s->l); i++) {
        const ledger_line *l = ledger_at(s->l, i);
        bool any = false;
        if (l->level != LEDGER_OBJECT) continue;
        for (size_t k = 0; k < sizeof part / sizeof part[0]; k++) {
            if (!l->count[part[k].what]) continue;
            if (!any) add_shown(out, l->name);
            buf_str(out, any ? ", " : ": ");
            add_number(out, l->count[part[k].what]);
            buf_printf(out, " %s", part[k].words);
            any = true;
        }
        if (any) buf_char(out, '\n');
    }
}

void convert_summary(buf *out, const term *t, const ledger *l)
{
    static const char *const head[] = {"read", "mapped", "rejected", "skipped", "held back"};
    summary s = {.l = l};
    buf line = buf_new(4096);
    find_destinations(&s);
    pad(&line, 0, NAME_WIDTH);
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) text_right(&line, sv_from(head[i]), NUMBER_WIDTH);
    for (size_t i = 0; i < s.destinations; i++) text_right(&line, s.destination[i], NUMBER_WIDTH);
    styled(out, t, DIM, "%.*s", (int)line.n, line.p ? line.p : "");
    buf_char(out, '\n');
    buf_free(&line);
    for (size_t i = 0; i < ledger_lines(l); i++)
        if (ledger_at(l, i)->level == LEDGER_ENTITY) entity_line(&s, out, ledger_at(l, i));
    for (size_t i = 0; i < ledger_lines(l); i++)
        if (stands_alone(l, i)) lone_line(&s, out, ledger_at(l, i)->from);
    losses(&s, out);
}
