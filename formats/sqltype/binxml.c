/* Binary XML to XML text, pulled by the reader of the text (FORMAT-binxml.md). One step decodes one token, or a few
 * kilobytes of a long value, into a buffer that is handed out before the next step: memory depends on the names of a
 * document and on its depth, not on its size. */
#include "sqltype/binxml_internal.h"
#include "sqltype/sqltype_internal.h"
#include <stdlib.h>

/* Where the writer of the text stands. */
typedef enum markup {
    IN_CONTENT,
    IN_TAG,   /* "<name" is written; attributes may come */
    IN_VALUE, /* inside the quotes of an attribute */
    AFTER_ATTRIBUTES
} markup;

/* A document; further ones are nested in it. */
typedef struct level {
    bx_names names;
    size_t depth; /* open elements around it */
} level;

struct binxml {
    bx_input in;
    status result; /* ST_OK while there may be more text */
    bool begun;
    buf text; /* decoded, of which `given` bytes are handed out */
    size_t given;
    level level[BINXML_NEST_MAX];
    size_t nest; /* the current level */
    buf open;    /* names of the open elements, one after the other */
    size_t open_end[BINXML_DEPTH_MAX];
    size_t depth;
    markup markup;
    bool after_value; /* a value follows a value: members of a list */
    bool in_cdata;
    bx_run run;
};

binxml *binxml_new(binxml_read read, void *ctx)
{
    binxml *x = calloc(1, sizeof *x);
    if (!x) return NULL;
    x->in = (bx_input){.read = read, .ctx = ctx, .over = ST_OK};
    x->text = buf_new(BINXML_NAME_BYTES_MAX + 65536);
    x->open = buf_new(BINXML_NAME_BYTES_MAX);
    bx_names_init(&x->level[0].names);
    return x;
}

void binxml_free(binxml *x)
{
    if (!x) return;
    for (size_t i = 0; i <= x->nest; i++) bx_names_free(&x->level[i].names);
    buf_free(&x->text);
    buf_free(&x->open);
    free(x);
}

static const bx_names *names(const binxml *x) { return &x->level[x->nest].names; }

static bool skip_text(bx_input *in)
{
    uint64_t units;
    return bx_number(in, &units) && bx_skip(in, units * 2);
}

/* The declaration is not part of the text: what it says of encoding and version is no longer true. */
static bool skip_declaration(bx_input *in)
{
    uint8_t token, standalone;
    if (bx_peek(in) != BX_XML_DECL) return true;
    if (!bx_take(in, &token, 1) || !skip_text(in)) return false;
    if (bx_peek(in) == BX_ENCODING && (!bx_take(in, &token, 1) || !skip_text(in))) return false;
    return bx_take(in, &standalone, 1) && standalone <= 2;
}

static bool read_header(bx_input *in)
{
    uint8_t head[5];
    if (!bx_take(in, head, sizeof head)) return false;
    if (head[0] != 0xdf || head[1] != 0xff || (head[2] != 1 && head[2] != 2)) return false;
    if (head[3] != 0xb0 || head[4] != 0x04) return false; /* 1200: UTF-16 */
    return skip_declaration(in);
}

/* ---- elements and attributes ---- */

/* Content follows: the start tag is complete. False inside an attribute, where nothing but values may stand. */
static bool begin_content(binxml *x)
{
    x->after_value = false;
    if (x->markup == IN_VALUE) return false;
    if (x->markup != IN_CONTENT) buf_char(&x->text, '>');
    x->markup = IN_CONTENT;
    return true;
}

static bool element(binxml *x)
{
    uint64_t number;
    if (!begin_content(x) || x->depth == BINXML_DEPTH_MAX || !bx_number(&x->in, &number)) return false;
    /* Kept apart from the tables, which may be flushed before the element ends. */
    size_t at = x->open.n;
    if (!bx_names_add_qname(names(x), number, &x->open) || x->open.failed) return false;
    x->open_end[x->depth++] = x->open.n;
    buf_char(&x->text, '<');
    buf_add(&x->text, x->open.p + at, x->open.n - at);
    x->markup = IN_TAG;
    return true;
}

static bool end_element(binxml *x)
{
    x->after_value = false;
    if (x->markup == IN_VALUE || x->depth == x->level[x->nest].depth) return false;
    size_t end = x->open_end[--x->depth], start = x->depth ? x->open_end[x->depth - 1] : 0;
    if (x->markup == IN_CONTENT) {
        buf_str(&x->text, "</");
        buf_add(&x->text, x->open.p + start, end - start);
        buf_char(&x->text, '>');
    } else {
        buf_str(&x->text, "/>");
    }
    x->open.n = start;
    x->markup = IN_CONTENT;
    return true;
}

static bool attribute(binxml *x)
{
    uint64_t number;
    x->after_value = false;
    if (x->markup == IN_VALUE)
        buf_char(&x->text, '"');
    else if (x->markup != IN_TAG)
        return false;
    buf_char(&x->text, ' ');
    if (!bx_number(&x->in, &number) || !bx_names_add_qname(names(x), number, &x->text)) return false;
    buf_str(&x->text, "=\"");
    x->markup = IN_VALUE;
    return true;
}

static bool end_attributes(binxml *x)
{
    if (x->markup != IN_VALUE) return false;
    buf_char(&x->text, '"');
    x->markup = AFTER_ATTRIBUTES;
    x->after_value = false;
    return true;
}

/* ---- values ---- */

/* No lexical form of these has a character to escape. */
static bool atomic(binxml *x, uint8_t token, bx_value v)
{
    uint8_t p[BX_ATOMIC_MAX];
    uint64_t n = v.size;
    if (v.form == BX_COUNTED && !bx_number(&x->in, &n)) return false;
    if (v.form == BX_SCALED) {
        int scale = bx_peek(&x->in);
        if (scale < 0 || sqltype_time_bytes((unsigned)scale) == 0) return false;
        n = 1 + sqltype_time_bytes((unsigned)scale) + v.size;
    }
    if (n > sizeof p || !bx_take(&x->in, p, (size_t)n)) return false;
    return bx_atomic(token, p, (size_t)n, &x->text);
}

static bool is_value(uint8_t token) { return bx_value_of(token).form != BX_NO_VALUE; }

static bool add_value(binxml *x, uint8_t token)
{
    bx_value v = bx_value_of(token);
    bool list = x->after_value;
    bx_escape escape = x->markup == IN_VALUE ? BX_ATTRIBUTE_VALUE : BX_TEXT;
    uint64_t number;
    if (escape == BX_TEXT && !begin_content(x)) return false;
    if (list) buf_char(&x->text, ' ');
    x->after_value = true;
    switch (v.form) {
    case BX_FIXED:
    case BX_COUNTED:
    case BX_SCALED: return atomic(x, token, v);
    case BX_QNAME_REF: return bx_number(&x->in, &number) && bx_names_add_qname(names(x), number, &x->text);
    default: return bx_run_begin(&x->run, v.form, escape, "", &x->in);
    }
}

static bool comment(binxml *x)
{
    if (!begin_content(x)) return false;
    buf_str(&x->text, "<!--");
    return bx_run_begin(&x->run, BX_WIDE, BX_RAW, "-->", &x->in);
}

static bool instruction(binxml *x)
{
    uint64_t number;
    if (!begin_content(x) || !bx_number(&x->in, &number)) return false;
    buf_str(&x->text, "<?");
    if (!bx_names_add(names(x), number, &x->text)) return false;
    if (!bx_run_begin(&x->run, BX_WIDE, BX_RAW, "?>", &x->in)) return false;
    if (x->run.left) buf_char(&x->text, ' ');
    return true;
}

/* As the server does with sections that it reads: their content as escaped text. */
static bool cdata(binxml *x)
{
    if (!x->in_cdata && !begin_content(x)) return false;
    x->in_cdata = true;
    return bx_run_begin(&x->run, BX_WIDE, BX_TEXT, "", &x->in);
}

/* ---- documents inside documents ---- */

static bool nest(binxml *x)
{
    if (!begin_content(x) || x->nest + 1 == BINXML_NEST_MAX) return false;
    level *inner = &x->level[++x->nest];
    bx_names_init(&inner->names);
    inner->depth = x->depth;
    return read_header(&x->in);
}

static bool end_nest(binxml *x)
{
    const level *inner = &x->level[x->nest];
    if (x->nest == 0 || x->markup != IN_CONTENT || x->depth != inner->depth) return false;
    bx_names_free(&x->level[x->nest--].names);
    x->after_value = false;
    return true;
}

/* ---- tokens ---- */

/* Tokens that define names, and extensions; they may stand anywhere between two others. */
static bool meta(binxml *x, uint8_t token, bool *was_meta)
{
    bx_names *t = &x->level[x->nest].names;
    uint64_t n;
    *was_meta = true;
    switch (token) {
    case BX_NAME: return bx_names_define(t, &x->in);
    case BX_QNAME: return bx_names_define_qname(t, &x->in);
    case BX_NAME_FLUSH: bx_names_flush(t); return true;
    case BX_EXTENSION: return bx_number(&x->in, &n) && bx_skip(&x->in, n);
    default: *was_meta = false; return true;
    }
}

static bool token_step(binxml *x)
{
    uint8_t token;
    bool was_meta;
    if (!bx_take(&x->in, &token, 1) || !meta(x, token, &was_meta)) return false;
    if (was_meta) return true;
    if (x->in_cdata && token != BX_CDATA && token != BX_END_CDATA) return false;
    if (is_value(token)) return add_value(x, token);
    switch (token) {
    case BX_ELEMENT: return element(x);
    case BX_END_ELEMENT: return end_element(x);
    case BX_ATTRIBUTE: return attribute(x);
    case BX_END_ATTRIBUTES: return end_attributes(x);
    case BX_COMMENT: return comment(x);
    case BX_PI: return instruction(x);
    case BX_CDATA: return cdata(x);
    case BX_END_CDATA: {
        bool was = x->in_cdata;
        x->in_cdata = false;
        return was;
    }
    case BX_XML_TEXT: return begin_content(x) && bx_run_begin(&x->run, BX_WIDE, BX_RAW, "", &x->in);
    case BX_NEST: return nest(x);
    case BX_END_NEST: return end_nest(x);
    default: return false; /* among them DOCTYPE: the server keeps none */
    }
}

/* The input may end here: nothing is open. */
static bool at_end(binxml *x)
{
    return x->depth == 0 && x->nest == 0 && !x->in_cdata && bx_peek(&x->in) < 0 && x->in.over == ST_END;
}

static bool step(binxml *x)
{
    if (!x->begun) {
        x->begun = true;
        return read_header(&x->in);
    }
    if (x->run.form != BX_NO_VALUE) return bx_run_step(&x->run, &x->in, &x->text);
    if (at_end(x)) {
        x->result = ST_END;
        return true;
    }
    return token_step(x);
}

status binxml_next(binxml *x, char *out, size_t room, size_t *got)
{
    *got = 0;
    while (x->given == x->text.n) {
        if (x->result != ST_OK) return x->result;
        buf_clear(&x->text);
        x->given = 0;
        bool ok = step(x);
        /* What the reader of the stored bytes failed with goes on to the caller; an early end is our own failure. */
        if (!ok || x->text.failed) x->result = x->in.over > ST_END ? x->in.over : ST_ROW_LOST;
    }
    size_t n = x->text.n - x->given;
    if (n > room) n = room;
    memcpy(out, x->text.p + x->given, n);
    x->given += n;
    *got = n;
    return ST_OK;
}
