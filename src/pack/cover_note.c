#include "pack/cover_note.h"
#include "pack/part_form.h"
#include <inttypes.h>

static void line(buf *out, const char *text)
{
    buf_str(out, text);
    buf_str(out, "\r\n");
}

static void backslashes(buf *out, sv s)
{
    for (size_t i = 0; i < s.n; i++) buf_char(out, s.p[i] == '/' ? '\\' : s.p[i]);
}

static void joining(buf *out, const pack_cut *c)
{
    buf_printf(out, "  Linux, macOS:  cat");
    for (unsigned i = 1; i <= c->pieces; i++) buf_printf(out, " \"%.*s.%03u\"", (int)c->name.n, c->name.p, i);
    buf_printf(out, " > \"%.*s\"\r\n  Windows:       copy /b ", (int)c->name.n, c->name.p);
    for (unsigned i = 1; i <= c->pieces; i++) {
        buf_str(out, i > 1 ? " + \"" : "\"");
        backslashes(out, c->name);
        buf_printf(out, ".%03u\"", i);
    }
    buf_str(out, " \"");
    backslashes(out, c->name);
    buf_str(out, "\"\r\n");
}

static void by_hand(buf *out, const pack_result *r)
{
    line(out, "");
    line(out, "Without chartferry");
    line(out,
         "1. Open every part with 7-Zip or WinZip (Windows Explorer cannot) and extract all of them into one folder.");
    unsigned step = 2;
    if (r->cuts) {
        buf_printf(out,
                   "%u. Some files are larger than a part and came in pieces. Join them in that folder, then delete "
                   "the pieces:\r\n",
                   step++);
        for (size_t i = 0; i < r->cuts; i++) joining(out, &r->cut[i]);
    }
    if (r->nested) buf_printf(out, "%u. Extract %s into the same folder, then delete it.\r\n", step++, NEST_MEMBER);
    buf_printf(out,
               "%u. Delete %s...json and %s. The folder is the bundle; \"chartferry verify FOLDER\" says whether it is "
               "whole.\r\n",
               step, PART_MEMBER, INDEX_MEMBER);
}

void cover_note(const pack_result *r, const char *label, buf *out)
{
    line(out, "Cover note to a packed import bundle");
    line(out, "");
    if (label) {
        line(out, label);
        line(out, "");
    }
    buf_printf(out, "Pack %.*s, %zu part%s. Each part is a complete ZIP, sealed with AES-256.\r\n", (int)r->id.n,
               r->id.p, r->parts, r->parts == 1 ? "" : "s");
    line(out,
         "The passphrase is not in here and not in the parts: it comes by another way (telephone, letter, in person).");
    line(out, "");
    line(out, "Parts, with their bytes and SHA-256");
    for (size_t i = 0; i < r->parts; i++)
        buf_printf(out, "%.*s  %" PRIu64 "  %.*s\r\n", (int)r->part[i].name.n, r->part[i].name.p, r->part[i].bytes,
                   (int)r->part[i].sha256.n, r->part[i].sha256.p);
    line(out, "");
    line(out, "With chartferry");
    line(out, "Put all parts into one folder and run:  chartferry unpack FOLDER --out BUNDLE");
    line(out, "It joins them, checks every byte, and names a part that is missing, damaged or not of this pack.");
    by_hand(out, r);
    line(out, "");
    line(out, "Afterwards");
    line(out, "When the load is done and accepted, delete parts and bundle, also from mailboxes and recycle bins:");
    line(out, "\"chartferry forget BUNDLE\" deletes the bundle and leaves a receipt.");
}
