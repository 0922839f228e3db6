#include "draft/backup_script.h"

enum { FOLDERS_MAX = 64 }; /* as many files as SQL Server takes for one backup */

/* ---- facts as words ---- */

const char *backup_facts_read(sv text, backup_facts *out)
{
    while (text.n) {
        size_t end = 0, equals = 0;
        while (end < text.n && text.p[end] != ',') end++;
        while (equals < end && text.p[equals] != '=') equals++;
        const sv name = sv_trimmed_spaces((sv){text.p, equals});
        const sv value = equals < end ? sv_trimmed_spaces((sv){text.p + equals + 1, end - equals - 1}) : (sv){NULL, 0};
        if (sv_eq_nocase(name, SV_LIT("database")))
            out->database = value;
        else if (sv_eq_nocase(name, SV_LIT("version")))
            out->version = value;
        else if (sv_eq_nocase(name, SV_LIT("edition")))
            out->edition = value;
        else
            return "Facts are database=NAME,version=2014,edition=Standard.";
        const size_t used = end < text.n ? end + 1 : end;
        text = (sv){text.p + used, text.n - used};
    }
    return out->database.n ? NULL : "The database has no name: database=NAME.";
}

/* ---- what the edition can ---- */

/* "2008", "2008 R2", "SQL Server 2008 (10.0.2531)"; not a build number with these digits. */
static bool is_of(sv version, const char *year)
{
    const sv name = SV_LIT("SQL Server ");
    if (sv_starts(version, name)) version = (sv){version.p + name.n, version.n - name.n};
    return sv_starts(version, sv_from(year));
}

typedef enum compression { CAN, CANNOT, UNKNOWN } compression;

/* Microsoft's tables of editions: SQL Server 2008 compresses in Enterprise, from 2008 R2 on in Standard too; Express, Web and
 * Workgroup never. */
static compression compresses(const backup_facts *x)
{
    static const char *const none[] = {"express", "web", "workgroup"}, *const always[] = {"enterprise", "developer",
                                                                                          "evaluation", "datacenter"};
    const bool v2005 = is_of(x->version, "2005") || sv_starts(x->version, SV_LIT("9."));
    const bool v2008 = (is_of(x->version, "2008") && !sv_holds_nocase(x->version, SV_LIT("R2"))) ||
                       sv_starts(x->version, SV_LIT("10.0"));
    if (v2005) return CANNOT;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (sv_holds_nocase(x->edition, sv_from(none[i]))) return CANNOT;
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        if (sv_holds_nocase(x->edition, sv_from(always[i]))) return CAN;
    if (!sv_holds_nocase(x->edition, SV_LIT("standard")) &&
        !sv_holds_nocase(x->edition, SV_LIT("business intelligence")))
        return UNKNOWN;
    return v2008 ? CANNOT : x->version.n ? CAN : UNKNOWN;
}

/* ---- text ---- */

static void literal(buf *b, sv s)
{
    buf_char(b, 'N');
    buf_quoted(b, s, '\'', '\'');
}

/* A comment ends with its line. */
static void in_comment(buf *b, sv s)
{
    for (size_t i = 0; i < s.n; i++) buf_char(b, (unsigned char)s.p[i] < ' ' ? ' ' : s.p[i]);
}

/* What a Windows file name cannot hold is left out of it. */
static void file_stem(buf *b, sv database)
{
    for (size_t i = 0; i < database.n; i++) {
        const char c = database.p[i];
        buf_char(b, (unsigned char)c < ' ' || strchr("\\/:*?\"<>|'", c) ? '_' : c);
    }
}

static void set_file(buf *b, const backup_facts *x, size_t i, size_t n)
{
    const sv folder = x->folders ? sv_from(x->folder[i]) : (sv){NULL, 0};
    buf part = buf_new(1 << 16);
    buf_sv(&part, folder);
    if (folder.n && folder.p[folder.n - 1] != '\\' && folder.p[folder.n - 1] != '/') buf_char(&part, '\\');
    file_stem(&part, x->database);
    buf_char(&part, '_');
    buf_printf(b, "DECLARE @file%zu nvarchar(400); SET @file%zu = ", i + 1, i + 1);
    literal(b, buf_view(&part));
    buf_str(b, " + @moment + N'");
    if (n > 1) buf_printf(b, "_%zuof%zu", i + 1, n);
    buf_str(b, ".bak';\n");
    b->failed |= part.failed;
    buf_free(&part);
}

static void disks(buf *b, size_t n, const char *before)
{
    buf_str(b, before);
    for (size_t i = 0; i < n; i++) buf_printf(b, "%sDISK = @file%zu", i ? ", " : "", i + 1);
}

static void head(buf *b, const backup_facts *x, compression c)
{
    buf_str(b, "-- The backup that chartferry reads best. Run it in SQL Server Management Studio (New Query), or save "
               "it and run\n"
               "--   sqlcmd -S SERVER\\INSTANCE -E -i backup.sql\n-- For ");
    in_comment(b, x->version.n ? x->version : SV_LIT("SQL Server"));
    if (x->edition.n && !sv_eq(x->edition, x->version)) {
        buf_str(b, ", ");
        in_comment(b, x->edition);
    }
    buf_str(b,
            ".\n-- COPY_ONLY: the practice's own backups are not disturbed. CHECKSUM: pages are checked while they are "
            "read; if "
            "it stops\n-- with error 3043 the database is damaged: have DBCC CHECKDB run, or put CONTINUE_AFTER_ERROR "
            "behind CHECKSUM.\n");
    if (c == CANNOT) buf_str(b, "-- This edition does not compress. A ZIP of the file is read as it is.\n");
    if (c == UNKNOWN)
        buf_str(b, "-- Not compressed, since the edition is not known: put COMPRESSION behind CHECKSUM where it is "
                   "Standard (2008 "
                   "R2 and later),\n-- Enterprise or Developer.\n");
    if (x->folders > 1)
        buf_str(b, "-- Written to several folders at once, which is faster where they are on different disks. All "
                   "parts are needed:\n"
                   "-- chartferry inspect part1.bak part2.bak\n");
    else if (x->folders == 0)
        buf_str(b, "-- It goes to the server's own folder for backups; the last line says which. Other folders, as the "
                   "service sees "
                   "them:\n-- --folder D:\\backup, and once more for a part on a second disk.\n");
    if (x->bytes)
        buf_printf(b, "-- The data files hold %u MB; the backup needs at most about that much room.\n",
                   (unsigned)(x->bytes >> 20) + 1);
}

bool backup_script(const backup_facts *x, buf *out)
{
    const compression c = compresses(x);
    const size_t n = x->folders > FOLDERS_MAX ? FOLDERS_MAX : x->folders ? x->folders : 1;
    head(out, x, c);
    buf_str(out, "DECLARE @moment nvarchar(30); SET @moment = REPLACE(REPLACE(CONVERT(nvarchar(19), GETDATE(), 120), "
                 "N':', N''), "
                 "N' ', N'_');\n");
    for (size_t i = 0; i < n; i++) set_file(out, x, i, n);
    buf_str(out, "BACKUP DATABASE ");
    buf_quoted(out, x->database, '[', ']');
    disks(out, n, "\n  TO ");
    buf_str(out, "\n  WITH COPY_ONLY, CHECKSUM");
    if (c == CAN) buf_str(out, ", COMPRESSION");
    buf_str(out, ", STATS = 10, NAME = N'for chartferry';\n");
    disks(out, n, "RESTORE VERIFYONLY FROM ");
    buf_str(out, " WITH CHECKSUM;\nSELECT physical_device_name AS written FROM msdb.dbo.backupmediafamily WHERE "
                 "media_set_id = (SELECT "
                 "MAX(media_set_id) FROM msdb.dbo.backupset WHERE database_name = ");
    literal(out, x->database);
    buf_str(out, ");\n");
    return !out->failed;
}
