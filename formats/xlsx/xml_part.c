#include "xlsx/xml_part.h"
#include <expat.h>
#include <stdlib.h>

enum { CHUNK_BYTES = 64 << 10, DEPTH_MAX = 64 };

struct xml_part {
    archive_part *part;
    byte_source *file;
    findings *found;
    XML_Parser parser;
    xml_taker t;
    const char *why; /* stopped, because */
    unsigned depth;
    uint64_t done;
    char name[128];
};

static const char *bare(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attribute, const char *name)
{
    for (size_t i = 0; attribute[i]; i += 2)
        if (strcmp(bare(attribute[i]), name) == 0) return attribute[i + 1];
    return NULL;
}

void xml_part_stop(xml_part *x, const char *why)
{
    if (!x->why) x->why = why;
    XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **attribute)
{
    xml_part *x = ctx;
    if (++x->depth > DEPTH_MAX)
        xml_part_stop(x, "its elements are nested too deep");
    else if (x->t.start)
        x->t.start(x->t.ctx, bare(name), attribute);
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
    xml_part *x = ctx;
    x->depth--;
    if (x->t.end) x->t.end(x->t.ctx, bare(name));
}

static void XMLCALL on_text(void *ctx, const XML_Char *p, int n)
{
    xml_part *x = ctx;
    if (x->t.text) x->t.text(x->t.ctx, p, n);
}

static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public_id,
                               int internal)
{
    (void)name;
    (void)system;
    (void)public_id;
    (void)internal;
    xml_part_stop(ctx, "it declares a document type, as attacks do");
}

status xml_part_open(byte_source *file, sv name, const xml_taker *t, findings *f, xml_part **out)
{
    *out = NULL;
    archive_part *part;
    status st = archive_part_open(file, name, f, &part);
    if (st != ST_OK) return st;
    xml_part *x = calloc(1, sizeof *x);
    if (x) {
        *x = (xml_part){.part = part, .file = file, .found = f, .t = *t, .parser = XML_ParserCreate(NULL)};
        memcpy(x->name, name.p, name.n < sizeof x->name - 1 ? name.n : sizeof x->name - 1);
    }
    if (!x || !x->parser) {
        archive_part_close(part);
        free(x);
        find_code(f, F_OUT_OF_MEMORY, "reading a workbook");
        return ST_FATAL;
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    *out = x;
    return ST_OK;
}

static status wrong(xml_part *x)
{
    enum XML_Error e = XML_GetErrorCode(x->parser);
    if (!x->why && e == XML_ERROR_NO_MEMORY) {
        find_code(x->found, F_OUT_OF_MEMORY, "reading a workbook");
        return ST_FATAL;
    }
    buf b = buf_new(1024);
    buf_printf(&b, "%s: %s", x->name, x->why ? x->why : XML_ErrorString(e));
    find_at(x->found, F_XLSX_WRONG, byte_source_path(x->file), buf_view(&b));
    buf_free(&b);
    return ST_TABLE_LOST;
}

status xml_part_step(xml_part *x)
{
    size_t got = 0;
    void *p = XML_GetBuffer(x->parser, CHUNK_BYTES);
    if (!p) return wrong(x);
    status st = archive_part_read(x->part, p, CHUNK_BYTES, &got);
    if (st == ST_FATAL) return st;
    x->done += got;
    if (XML_ParseBuffer(x->parser, (int)got, st == ST_END) != XML_STATUS_OK) return wrong(x);
    return st;
}

void xml_part_close(xml_part *x)
{
    if (!x) return;
    XML_ParserFree(x->parser);
    archive_part_close(x->part);
    free(x);
}

uint64_t xml_part_done(const xml_part *x) { return x->done; }

status xml_part_read(byte_source *file, sv name, const xml_taker *t, findings *f)
{
    xml_part *x;
    status st = xml_part_open(file, name, t, f, &x);
    if (st != ST_OK) return st;
    while (st == ST_OK) st = xml_part_step(x);
    xml_part_close(x);
    return st == ST_END ? ST_OK : st;
}
