/* Types that are a document of their own: their decoders write text of a length that only they know. */
#include "base/limits.h"
#include "sqltype/sqltype_internal.h"

static bool keep(buf *b, bool good, arena *mem, value *out)
{
    good = good && !b->failed;
    if (good) {
        out->kind = V_TEXT;
        out->as.text = arena_sv(mem, buf_view(b));
        good = out->as.text.p != NULL;
    }
    buf_free(b);
    return good;
}

/* Hands the whole value out as one piece. */
static status read_once(void *ctx, sv *piece)
{
    sv *all = ctx;
    if (all->n == 0) return ST_END;
    *piece = *all;
    all->n = 0;
    return ST_OK;
}

static bool xml_text(sv in, buf *b)
{
    enum { STEP = 4096 };
    binxml *x = binxml_new(read_once, &in);
    if (!x) return false;
    status s;
    do {
        char *room = buf_reserve(b, STEP);
        size_t got = 0;
        s = room ? binxml_next(x, room, STEP, &got) : ST_FATAL;
        if (s == ST_OK) b->n += got;
    } while (s == ST_OK);
    binxml_free(x);
    return s == ST_END;
}

bool sqltype_object(const sqltype *t, sv in, arena *mem, value *out)
{
    buf b = buf_new(OBJECT_TEXT_BYTES_MAX);
    if (t->xtype == XT_XML) return keep(&b, xml_text(in, &b), mem, out);
    switch (t->udt) {
    case UDT_HIERARCHYID: return keep(&b, hierarchyid_text(in, &b), mem, out);
    case UDT_GEOMETRY: return keep(&b, spatial_text(in, false, &b), mem, out);
    case UDT_GEOGRAPHY: return keep(&b, spatial_text(in, true, &b), mem, out);
    default: /* only its own assembly knows what a CLR type prints */
        out->kind = V_BYTES;
        out->as.text = in;
        return true;
    }
}
