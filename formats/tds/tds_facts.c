/* What the server is, and the database's files. */
#include "tds/tds_rows.h"
#include <stdio.h>
#include <stdlib.h>

enum { PAGE_BYTES = 8192, OLDEST_MAJOR = 9, FILES_MAX = 32767 };

static bool read_version(tds_source *s, tds_link *l, sv *version)
{
    tds_rows r = {s, l, false};
    static const tds_asked asked[] = {{TEXT, "SERVERPROPERTY('ProductVersion')", "version", HAS_ALWAYS}};
    if (!tds_rows_ask(&r, NULL, asked, 1, "")) return false;
    *version = (sv){NULL, 0};
    if (tds_rows_next(&r)) *version = tds_rows_text(&r, 0);
    while (tds_rows_next(&r)) continue;
    if (!tds_rows_end(&r)) return false;
    for (size_t i = 0; i < version->n && version->p[i] >= '0' && version->p[i] <= '9' && i < 4; i++)
        s->version_major = s->version_major * 10 + (unsigned)(version->p[i] - '0');
    if (s->version_major >= OLDEST_MAJOR) return true;
    if (!version->n) {
        tds_say_catalog(s, "it does not tell its version");
        return false;
    }
    return find_at(s->found, F_TDS_TOO_OLD, s->path, *version);
}

static const char *year_of(sv version)
{
    static const struct {
        const char *prefix, *year;
    } years[] = {{"17.", "2025"}, {"16.", "2022"}, {"15.", "2019"},      {"14.", "2017"}, {"13.", "2016"},
                 {"12.", "2014"}, {"11.", "2012"}, {"10.50", "2008 R2"}, {"10.", "2008"}, {"9.", "2005"}};
    for (size_t i = 0; i < sizeof years / sizeof years[0]; i++)
        if (sv_starts(version, sv_from(years[i].prefix))) return years[i].year;
    return NULL;
}

/* "SQL Server 2019 (15.0.2000.5), Express Edition (64-bit)" */
static sv product_of(tds_source *s, sv version, sv edition)
{
    const char *year = year_of(version);
    return arena_printf(s->mem, "SQL Server %s%s(%.*s)%s%.*s", year ? year : "", year ? " " : "", (int)version.n,
                        version.p, edition.n ? ", " : "", (int)edition.n, edition.n ? edition.p : "");
}

static const tds_asked server_asked[] = {
    {TEXT, "SERVERPROPERTY('Edition')", "edition", HAS_ALWAYS},
    {TEXT, "@@SERVERNAME", "server", HAS_ALWAYS},
    {TEXT, "DB_NAME()", "database_name", HAS_ALWAYS},
    {NUMBER, "DATABASEPROPERTYEX(DB_NAME(), 'Version')", "database_version", HAS_ALWAYS},
    {TEXT, "d.collation_name", "collation", HAS_ALWAYS},
    {NUMBER, "COLLATIONPROPERTY(d.collation_name, 'CodePage')", "codepage", HAS_ALWAYS},
    {NUMBER, "d.compatibility_level", "compatibility_level", HAS_ALWAYS},
    {NUMBER, "d.snapshot_isolation_state", "snapshot_state", HAS_ALWAYS},
    {NUMBER, "HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'SELECT')", "may_select", HAS_ALWAYS},
    {TEXT, "CONVERT(nvarchar(30), GETDATE(), 120)", "moment", HAS_ALWAYS},
};

static bool read_server(tds_source *s, tds_link *l, sv version)
{
    tds_rows r = {s, l, false};
    bool may_select = false, any = false;
    if (!tds_rows_ask(&r, NULL, server_asked, sizeof server_asked / sizeof server_asked[0],
                      "FROM sys.databases AS d WHERE d.database_id = DB_ID()"))
        return false;
    while (tds_rows_next(&r)) {
        any = true;
        s->info.product = product_of(s, version, tds_rows_text(&r, 0));
        s->set.server = tds_rows_text(&r, 1);
        s->info.database = tds_rows_text(&r, 2);
        s->info.database_version = (unsigned)tds_rows_number(&r, 3, 0);
        s->info.collation = tds_rows_text(&r, 4);
        s->info.codepage = (unsigned)tds_rows_number(&r, 5, 0);
        s->info.compatibility_level = (unsigned)tds_rows_number(&r, 6, 0);
        s->snapshot = tds_rows_number(&r, 7, 0) == 1;
        may_select = tds_rows_number(&r, 8, 0) == 1;
        s->set.started = s->set.finished = tds_rows_text(&r, 9);
    }
    if (!tds_rows_end(&r)) return false;
    if (!any) {
        tds_say_catalog(s, "it does not list the database");
        return false;
    }
    if (!may_select) {
        find_at(s->found, F_TDS_RIGHTS_PARTIAL, s->path, s->info.database);
    }
    return true;
}

static const tds_asked files_asked[] = {
    {NUMBER, "f.file_id", "id", HAS_ALWAYS},       {TEXT, "f.name", "name", HAS_ALWAYS},
    {TEXT, "f.physical_name", "path", HAS_ALWAYS}, {TEXT, "g.name", "filegroup", HAS_ALWAYS},
    {NUMBER, "f.size", "pages", HAS_ALWAYS},       {NUMBER, "f.type", "type", HAS_ALWAYS},
};

static bool read_files(tds_source *s, tds_link *l)
{
    enum { TYPE_ROWS = 0, TYPE_LOG = 1 };
    tds_rows r = {s, l, false};
    buf list = buf_new(FILES_MAX * sizeof(database_file_info));
    if (!tds_rows_ask(&r, NULL, files_asked, sizeof files_asked / sizeof files_asked[0],
                      "FROM sys.database_files AS f LEFT JOIN sys.filegroups AS g ON g.data_space_id = f.data_space_id "
                      "ORDER BY f.file_id"))
        return false;
    while (tds_rows_next(&r)) {
        const int64_t pages = tds_rows_number(&r, 4, 0), type = tds_rows_number(&r, 5, 0);
        const database_file_info f = {.id = (unsigned)tds_rows_number(&r, 0, 0),
                                      .name = tds_rows_text(&r, 1),
                                      .path = tds_rows_text(&r, 2),
                                      .filegroup = tds_rows_text(&r, 3),
                                      .bytes = pages > 0 ? (uint64_t)pages * PAGE_BYTES : 0,
                                      .log = type == TYPE_LOG};
        if (type == TYPE_ROWS) s->info.data_bytes += f.bytes;
        s->info.file_bytes += f.bytes;
        buf_add(&list, &f, sizeof f);
    }
    const sv kept = arena_sv(s->mem, buf_view(&list));
    s->info.file = (const database_file_info *)(const void *)kept.p;
    s->info.files = kept.p ? kept.n / sizeof(database_file_info) : 0;
    buf_free(&list);
    return tds_rows_end(&r);
}

/* Microsoft's tables of editions: 4 GB in 2005 and 2008, 10 GB from 2008 R2 on, 50 GB from 2025 on. */
static uint64_t express_limit(sv version)
{
    const uint64_t gb = (uint64_t)1 << 30;
    if (sv_starts(version, SV_LIT("9.")) || sv_starts(version, SV_LIT("10.0"))) return 4 * gb;
    return sv_starts(version, SV_LIT("17.")) ? 50 * gb : 10 * gb;
}

bool tds_read_facts(tds_source *s, tds_link *l)
{
    sv version;
    if (!read_version(s, l, &version) || !read_server(s, l, version) || !read_files(s, l)) return false;
    s->info.express_bytes = express_limit(version);
    s->set.number = 1;
    s->set.type = "live";
    s->set.database = s->info.database;
    s->set.product = s->info.product;
    s->set.database_version = s->info.database_version;
    s->set.bytes = s->info.data_bytes;
    s->set.chosen = true;
    s->info.set = &s->set;
    s->info.sets = 1;
    s->info.consistent = s->snapshot ? CONSISTENT : CONSISTENCY_UNKNOWN;
    s->info.consistency_note = s->snapshot ? SV_LIT("All tables are read as they were at one moment.")
                                           : SV_LIT("Each table is read at a moment of its own.");
    return true;
}
