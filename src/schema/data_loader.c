/* Maps of the Salesforce Data Loader beside each file: a Java properties file, heading=field. */
#include "schema/data_loader.h"
#include "base/utf.h"
#include "schema/data_loader_batch.h"

/* Properties files are Latin-1: what is not ASCII is written by its UTF-16 units. */
static void unicode(buf *out, uint32_t c)
{
    if (c >= 0x10000) {
        buf_printf(out, "\\u%04X", (unsigned)(0xD800 + ((c - 0x10000) >> 10)));
        c = 0xDC00 + ((c - 0x10000) & 0x3FF);
    }
    buf_printf(out, "\\u%04X", (unsigned)c);
}

static uint32_t code_point(sv s, size_t n)
{
    static const uint8_t lead[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t c = (uint8_t)s.p[0] & lead[n];
    for (size_t i = 1; i < n; i++) c = c << 6 | ((uint8_t)s.p[i] & 0x3Fu);
    return c;
}

static void escaped(buf *out, sv s)
{
    while (s.n) {
        size_t n = utf8_valid_at(s);
        unsigned char c = (unsigned char)*s.p;
        if (n > 1)
            unicode(out, code_point(s, n));
        else if (n == 0 || c < ' ')
            unicode(out, n ? c : 0xFFFD);
        else {
            if (strchr(" :=#!\\\"", c)) buf_char(out, '\\');
            buf_char(out, (char)c);
        }
        s.p += n ? n : 1;
        s.n -= n ? n : 1;
    }
}

/* A link is set through its relationship: AccountId by Account, Doctor__c by Doctor__r. */
static void relationship(buf *out, sv field)
{
    if (sv_ends(field, SV_LIT("__c"))) {
        escaped(out, (sv){field.p, field.n - 1});
        buf_char(out, 'r');
    } else if (sv_ends(field, SV_LIT("Id"))) {
        escaped(out, (sv){field.p, field.n - 2});
    } else {
        escaped(out, field);
    }
}

/* Fields that point to several kinds of objects must say to which. */
static bool polymorphic(sv field)
{
    return sv_eq(field, SV_LIT("WhoId")) || sv_eq(field, SV_LIT("WhatId")) || sv_eq(field, SV_LIT("OwnerId"));
}

void data_loader_map(const fact_load *load, buf *out)
{
    for (size_t i = 0; i < load->fields; i++) {
        const fact_field *f = &load->field[i];
        escaped(out, f->heading);
        buf_char(out, '=');
        if (!fact_is_link(f)) {
            escaped(out, f->name);
        } else {
            relationship(out, f->name);
            buf_str(out, "\\:");
            if (polymorphic(f->name)) {
                escaped(out, f->target);
                buf_char(out, '-');
            }
            escaped(out, f->target_key);
        }
        buf_char(out, '\n');
    }
}

enum { MAP_BYTES_MAX = 1 << 20 };

static status emit(const deliver_facts *facts, package_out *out)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < facts->loads; i++) {
        const fact_load *l = &facts->load[i];
        if (!l->parts || loader_waits(l)) continue;
        buf text = buf_new(MAP_BYTES_MAX);
        data_loader_map(l, &text);
        sv path = arena_printf(package_mem(out), "%.*s.sdl", (int)l->file.n - 4, l->file.p);
        s = text.failed || !path.p ? package_no_memory(out) : package_file(out, path, buf_view(&text));
        buf_free(&text);
    }
    if (s != ST_OK) return s;
    xml_writer x = data_loader_processes(facts);
    s = xml_whole(&x) ? package_file(out, SV_LIT("data-loader/process-conf.xml"), buf_view(&x.out))
                      : package_no_memory(out);
    buf_free(&x.out);
    return s;
}

const emitter data_loader = {"data_loader", "Maps for the Data Loader", emit};
