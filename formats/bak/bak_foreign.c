#include "bak/bak_foreign.h"
#include "bak/bak_layout.h"

typedef struct magic {
    unsigned at;
    unsigned n;
    const char *bytes;
    const char *what, *advice;
} magic;

#define BYTES(literal)    (sizeof(literal) - 1), (literal)
#define MAKE_PLAIN_BACKUP "Make a plain backup on the server: BACKUP DATABASE name TO DISK = 'file.bak'."
#define UNPACK_FIRST      "Unpack it first; what is inside may be the backup."

static const magic magics[] = {
    {0, BYTES("PK\x03\x04"), "a ZIP archive (a .bacpac or .dacpac export is one too)",
     "If it is a zipped backup, unpack it first. A .bacpac is an export, not a backup: import it into SQL Server and "
     "back it "
     "up there."},
    {0, BYTES("PK\x05\x06"), "an empty ZIP archive", "Ask for the file again; there is nothing in it."},
    {0, BYTES("\x1F\x8B"), "a gzip archive", UNPACK_FIRST},
    {0, BYTES("7z\xBC\xAF\x27\x1C"), "a 7-Zip archive", UNPACK_FIRST},
    {0, BYTES("Rar!\x1A\x07"), "a RAR archive", UNPACK_FIRST},
    {0,
     BYTES("\xFD"
           "7zXZ"),
     "an XZ archive", UNPACK_FIRST},
    {0, BYTES("BZh"), "a bzip2 archive", UNPACK_FIRST},
    {0, BYTES("\x28\xB5\x2F\xFD"), "a Zstandard archive", UNPACK_FIRST},
    {0, BYTES("MSCF"), "a Windows cabinet archive", UNPACK_FIRST},
    {0, BYTES("PGDMP"), "a PostgreSQL dump",
     "It holds a PostgreSQL database, which chartferry does not read. Restore it with pg_restore."},
    {0, BYTES("SQLite format 3"), "an SQLite database",
     "chartferry reads SQL Server databases. Open it with an SQLite program."},
    {4, BYTES("Standard Jet DB"), "a Microsoft Access database (.mdb)",
     "Open it with Microsoft Access and export its tables."},
    {4, BYTES("Standard ACE DB"), "a Microsoft Access database (.accdb)",
     "Open it with Microsoft Access and export its tables."},
    {0, BYTES("version https://git-lfs"), "a Git LFS pointer: a note that says where the real file is kept",
     "Fetch the real file (git lfs pull) and give that."},
    {0, BYTES("%PDF-"), "a PDF document", "Look for the file that the backup job writes."},
    {0, BYTES("SQBACKUP"), "a backup made by Red Gate SQL Backup",
     "Convert it with the maker's converter (SQBConverter), or restore it with that product. " MAKE_PLAIN_BACKUP},
    {0, BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
     "an OLE compound file (an old Office document, an MSI or a thumbnail store)",
     "Look for the file that the backup job writes."},
    {0, BYTES("\xAC\xED\x00\x05"), "a serialised Java object", "Only the program that wrote it can read it."},
    {0, BYTES("VLSMB_DA"), "a dump of another product (VLSMB_DA)", "Only the program that wrote it can read it."},
    {0, BYTES("MZ"), "a Windows program",
     "It may be a self-extracting archive: run it where you trust it, and give what comes out."},
    {0, BYTES("{\\rtf"), "an RTF document", "Look for the file that the backup job writes."},
};

static bool by_magic(const probe *p, sv *what, sv *advice)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        const magic *m = &magics[i];
        if (p->n < m->at + m->n || memcmp(p->p + m->at, m->bytes, m->n) != 0) continue;
        *what = sv_from(m->what);
        *advice = sv_from(m->advice);
        return true;
    }
    return false;
}

static bool all_zero(const probe *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->p[i]) return false;
    return true;
}

/* LiteSpeed and others write the tape format with their own software name, or their name in the first block. */
static bool holds(const probe *p, sv word) { return sv_holds_nocase((sv){(const char *)p->p, p->n}, word); }

/* Text in the first bytes as ASCII: UTF-16 (either order) and UTF-8 marks taken off. Returns its length, 0 when it is
 * no text. */
static size_t as_text(const probe *p, char *out, size_t room)
{
    size_t step = 1, at = 0, n = 0;
    if (p->n >= 3 && memcmp(p->p, "\xEF\xBB\xBF", 3) == 0) at = 3;
    if (p->n >= 2 && p->p[0] == 0xFF && p->p[1] == 0xFE) at = 2, step = 2;
    if (p->n >= 2 && p->p[0] == 0xFE && p->p[1] == 0xFF) at = 3, step = 2;
    for (; at < p->n && n < room; at += step) {
        uint8_t c = p->p[at];
        if (c < 32 && c != '\t' && c != '\n' && c != '\r') return 0;
        out[n++] = (char)c;
    }
    return n;
}

static size_t skip_blanks(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r')) i++;
    return i;
}

static bool text_holds(sv text, const char *word) { return sv_holds_nocase(text, sv_from(word)); }

static bool by_text(const probe *p, sv *what, sv *advice)
{
    char text[PROBE_BYTES];
    size_t n = as_text(p, text, sizeof text), skip = skip_blanks(text, n);
    if (n == skip) return false;
    sv s = {text + skip, n - skip};
    *advice = SV_LIT("Look for the file that the backup job writes: a SQL Server backup is no text.");
    if (s.p[0] == '<') {
        bool html = text_holds(s, "<html") || text_holds(s, "<!doctype html");
        *what = html ? SV_LIT("a web page") : SV_LIT("an XML file");
        if (html)
            *advice = SV_LIT(
                "The download probably went wrong: a message page was saved instead of the file. Download it again.");
    } else if ((s.p[0] == '{' || s.p[0] == '[') && text_holds(s, "\"")) {
        *what = SV_LIT("a JSON file");
    } else if (text_holds(s, "create table") || text_holds(s, "insert into") || text_holds(s, "create database") ||
               text_holds(s, "mysql dump") || text_holds(s, "postgresql database dump") || text_holds(s, "use [") ||
               text_holds(s, "set ansi_nulls")) {
        *what = SV_LIT("a text file with SQL commands");
        *advice =
            SV_LIT("Run the commands on a SQL Server (or on the database that wrote them) and make a backup there.");
    } else
        *what = SV_LIT("a plain text file");
    return true;
}

/* A data file begins with 01 0F, a log file too; the reader of data files claims the former, so what arrives here is a
 * log file or a damaged data file. */
static bool is_data_or_log(const probe *p) { return p->n >= 2 && p->p[0] == 1 && p->p[1] == 15; }

bool bak_name_foreign(const probe *p, sv *what, sv *advice)
{
    if (p->size == 0) {
        *what = SV_LIT("empty");
        *advice = SV_LIT("The copy or the backup job failed. Copy the file again, or look for another backup.");
        return true;
    }
    if (by_magic(p, what, advice)) return true;
    if (all_zero(p)) {
        *what = SV_LIT("filled with zeros where its contents should begin");
        *advice =
            SV_LIT("The copy failed or the disk lost the contents. Copy the file again, or look for another backup.");
        return true;
    }
    if (is_data_or_log(p)) {
        *what = SV_LIT("a SQL Server file without tables, most likely the log file (.ldf) of a database");
        *advice = SV_LIT("Give the data file (.mdf) that belongs to it, or a backup.");
        return true;
    }
    if (holds(p, SV_LIT("LiteSpeed"))) {
        *what = SV_LIT("a backup made by LiteSpeed");
        *advice = SV_LIT("Convert it with LiteSpeed's extractor, or restore it with that product. " MAKE_PLAIN_BACKUP);
        return true;
    }
    return by_text(p, what, advice);
}
