#include "draft/export_script.h"
#include "draft/select_list.h"
#include "profile/profile_internal.h"

/* ---- the tables ---- */

typedef struct wanted {
    const profile *x;
    buf *out;
    arena *mem;
    sv *name;
    size_t n, room;
} wanted;

static sv lower(const wanted *w, sv s)
{
    char *p = arena_alloc(w->mem, s.n + 1);
    for (size_t i = 0; p && i < s.n; i++) p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
    return (sv){p, p ? s.n : 0};
}

static void add(wanted *w, sv name)
{
    sv s = lower(w, name);
    for (size_t i = 0; i < w->n; i++)
        if (sv_eq(w->name[i], s)) return;
    if (s.n && w->n < w->room) w->name[w->n++] = s;
}

/* A table of the profile's own goes by all its names: as they are, and without signs and accents. */
static void add_own(wanted *w, const profile_table *t)
{
    for (size_t i = 0; i < t->forms; i++) {
        add(w, t->form[i].name);
        add(w, (sv){t->form[i].folded + t->form[i].prefix, (size_t)t->form[i].n - t->form[i].prefix});
    }
}

static void add_table(void *ctx, sv qualifier, sv name)
{
    wanted *w = ctx;
    const profile_table *own = profile_table_named(w->x, name);
    (void)qualifier;
    if (own)
        add_own(w, own);
    else
        add(w, name);
}

static void find_tables(wanted *w)
{
    const profile *x = w->x;
    for (size_t i = 0; i < x->tables; i++) add_own(w, &x->table[i]);
    for (size_t i = 0; i < x->entities; i++) {
        for (size_t k = 0; k < x->entity[i].drivings; k++) add_table(w, (sv){NULL, 0}, x->entity[i].driving[k]);
        select_tables(x->entity[i].sql, add_table, w);
    }
    for (size_t i = 0; i < x->charts; i++) add_table(w, (sv){NULL, 0}, x->chart[i].table);
}

static void literal(buf *out, sv s)
{
    buf_str(out, "N'");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'') buf_char(out, '\'');
        buf_char(out, s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
    }
    buf_char(out, '\'');
}

static void names(const wanted *w)
{
    for (size_t i = 0; i < w->n; i++) {
        buf_str(w->out, i ? " UNION SELECT " : "INSERT INTO @wanted SELECT ");
        literal(w->out, w->name[i]);
        buf_str(w->out, i + 1 < w->n ? "\n" : ";\n");
    }
}

/* ---- the text ---- */

static void comment(buf *out, sv s)
{
    for (size_t i = 0; i < s.n; i++) buf_char(out, (unsigned char)s.p[i] < 0x20 ? ' ' : s.p[i]);
}

static const char steps_bcp[] =
    "-- 1. Save this as export.sql. On a machine with sqlcmd and bcp, as a Windows user who may read the database "
    "(db_datareader\n"
    "--    is enough; nothing is changed, and no sa is needed), in an empty folder:\n"
    "--        sqlcmd -S SERVER -d DATABASE -E -b -f o:65001 -y 0 -i export.sql -o export.cmd\n"
    "-- 2. Read export.cmd; then run it in the same folder:\n"
    "--        export.cmd SERVER DATABASE\n"
    "--    It writes schema.table.csv for each table. Every line of bcp must end with \"rows copied\" and no error.\n"
    "-- 3. Send all the .csv files, encrypted, and what export.cmd printed. Nothing else. Do not open them in Excel.\n";

static const char steps_sqlcmd[] =
    "-- 1. Save this as export.sql. As a Windows user who may read the database (db_datareader is enough; nothing is "
    "changed, and\n"
    "--    no sa is needed), in an empty folder:\n"
    "--        sqlcmd -S SERVER -d DATABASE -E -b -f o:65001 -y 0 -i export.sql -o export2.sql\n"
    "-- 2. Read export2.sql; then run it in the same folder:\n"
    "--        sqlcmd -S SERVER -d DATABASE -E -b -I -x -f o:65001 -y 0 -i export2.sql\n"
    "--    It writes schema.table.csv for each table. Without -y 0 sqlcmd cuts every value at 256 characters; with it, "
    "at a million:\n"
    "--    tables with pictures or documents go by --dialect bcp.\n"
    "-- 3. Send all the .csv files, encrypted. Nothing else. Do not open them in Excel.\n";

static const char declarations[] =
    "SET NOCOUNT ON;\n"
    "DECLARE @all bit; SET @all = 0; -- 1: every table of the database, which is safer and larger\n"
    "DECLARE @q nvarchar(40); SET @q = N'CHAR(34)';\n"
    "DECLARE @float nvarchar(2);\n"
    "SET @float = CASE WHEN CONVERT(int, PARSENAME(CONVERT(varchar(40), SERVERPROPERTY('ProductVersion')), 4)) >= 13 "
    "THEN N'3' "
    "ELSE N'2' END;\n"
    "DECLARE @wanted TABLE (name nvarchar(300));\n";

/* How a value becomes text, by its type; NULL stays NULL. */
static const char columns[] =
    "DECLARE @column TABLE (object_id int, column_id int, name nvarchar(300), expression nvarchar(max));\n"
    "INSERT INTO @column\n"
    "SELECT c.object_id, c.column_id, c.name,\n"
    "  CASE\n"
    "    WHEN y.name IN (N'bit', N'tinyint', N'smallint', N'int', N'bigint', N'decimal', N'numeric', "
    "N'uniqueidentifier')\n"
    "      THEN N'CONVERT(varchar(60),' + QUOTENAME(c.name) + N')'\n"
    "    WHEN y.name IN (N'money', N'smallmoney') THEN N'CONVERT(varchar(40),' + QUOTENAME(c.name) + N',2)'\n"
    "    WHEN y.name IN (N'float', N'real') THEN N'CONVERT(varchar(60),' + QUOTENAME(c.name) + N',' + @float + N')'\n"
    "    WHEN y.name IN (N'date', N'time', N'datetime', N'datetime2', N'smalldatetime', N'datetimeoffset')\n"
    "      THEN N'CONVERT(varchar(40),' + QUOTENAME(c.name) + N',121)'\n"
    "    WHEN y.name IN (N'binary', N'varbinary', N'image', N'timestamp')\n"
    "      THEN N'CONVERT(varchar(max),CONVERT(varbinary(max),' + QUOTENAME(c.name) + N'),1)'\n"
    "    WHEN y.name = N'hierarchyid' THEN QUOTENAME(c.name) + N'.ToString()'\n"
    "    WHEN y.name IN (N'geometry', N'geography') THEN QUOTENAME(c.name) + N'.STAsText()'\n"
    "    ELSE @q + N'+REPLACE(CONVERT(nvarchar(max),' + QUOTENAME(c.name) + N'),' + @q + N',' + @q + N'+' + @q + N')+' "
    "+ @q\n"
    "  END\n"
    "FROM sys.columns AS c JOIN sys.types AS u ON u.user_type_id = c.user_type_id\n"
    "JOIN sys.types AS y ON y.user_type_id = CASE WHEN u.is_assembly_type = 1 THEN u.user_type_id ELSE "
    "u.system_type_id END;\n";

/* One line of CSV per row, and the names as its first: a file of one column, which bcp and sqlcmd write as it is. */
static const char tables[] =
    "DECLARE @line TABLE (name nvarchar(600), taken bit, row_count bigint, columns int, query nvarchar(max));\n"
    "INSERT INTO @line\n"
    "SELECT s.name + N'.' + t.name,\n"
    "  CASE WHEN @all = 1 OR EXISTS (SELECT 1 FROM @wanted AS w WHERE w.name IN (LOWER(s.name + N'.' + t.name), "
    "LOWER(t.name),\n"
    "    REPLACE(REPLACE(LOWER(t.name), N'_', N''), N' ', N''))\n"
    "    OR N'tbl' + w.name = REPLACE(REPLACE(LOWER(t.name), N'_', N''), N' ', N'')) THEN 1 ELSE 0 END,\n"
    "  (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = t.object_id AND p.index_id IN (0, 1)),\n"
    "  (SELECT COUNT(*) FROM @column AS c WHERE c.object_id = t.object_id),\n"
    "  N'SELECT CONVERT(nvarchar(max),N''' + STUFF((SELECT N',' + NCHAR(34) + REPLACE(REPLACE(c.name, NCHAR(34), "
    "NCHAR(34) + NCHAR(34)),\n"
    "    N'''', N'''''') + NCHAR(34) FROM @column AS c WHERE c.object_id = t.object_id ORDER BY c.column_id FOR XML "
    "PATH(N''), TYPE)\n"
    "    .value(N'.', N'nvarchar(max)'), 1, 1, N'') + N''') AS line UNION ALL SELECT CONVERT(nvarchar(max),N'''')+' +\n"
    "  STUFF((SELECT N'+'',''+ISNULL(' + c.expression + N',' + CASE WHEN (SELECT COUNT(*) FROM @column AS o WHERE "
    "o.object_id =\n"
    "    t.object_id) = 1 THEN N'''NULL''' ELSE N'''''' END + N')' FROM @column AS c WHERE c.object_id = t.object_id\n"
    "    ORDER BY c.column_id FOR XML PATH(N''), TYPE).value(N'.', N'nvarchar(max)'), 1, 5, N'') +\n"
    "  N' FROM ' + QUOTENAME(s.name) + N'.' + QUOTENAME(t.name) + N' OPTION (MAXDOP 1)'\n"
    "FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE t.is_ms_shipped = 0;\n";

/* In a batch file a quotation mark within the query is doubled by a backslash and a percent sign by itself; a line of more
 * than 8,191 characters is none. */
static const char print_bcp[] =
    "SELECT N'@chcp 65001 >nul' UNION ALL SELECT N'@if \"%2\"==\"\" (echo export.cmd SERVER DATABASE& exit /b 1)';\n"
    "SELECT CASE WHEN LEN(query) > 7600 THEN N'echo TOO MANY COLUMNS FOR bcp, export it with --dialect sqlcmd: ' + "
    "name ELSE\n"
    "  N'bcp \"' + REPLACE(REPLACE(query, N'\"', N'\\\"'), N'%', N'%%') + N'\" queryout \"' + REPLACE(name, N'%', "
    "N'%%') + N'.csv\" -w -r \"\\n\" "
    "-S %1 -d %2 -T' END\n"
    "FROM @line WHERE taken = 1 ORDER BY name;\n"
    "SELECT N'rem not exported: ' + name + N', ' + CONVERT(nvarchar(20), row_count) + N' rows' FROM @line WHERE taken "
    "= 0 ORDER BY name;\n";

static const char print_sqlcmd[] = "SELECT N'SET NOCOUNT ON;' + NCHAR(13) + NCHAR(10) + N'GO';\n"
                                   "SELECT N':OUT \"' + name + N'.csv\"' + NCHAR(13) + NCHAR(10) + REPLACE(query, "
                                   "N'$(', N'$''+N''(') + N';' + NCHAR(13) + NCHAR(10) + N'GO'\n"
                                   "FROM @line WHERE taken = 1 ORDER BY name;\n"
                                   "SELECT N':OUT STDOUT';\n"
                                   "SELECT N'-- not exported: ' + name + N', ' + CONVERT(nvarchar(20), row_count) + N' "
                                   "rows' FROM @line WHERE taken = 0 ORDER BY name;\n";

bool export_script(const profile *x, bool sqlcmd, buf *out)
{
    arena *mem = arena_new(0);
    wanted w = {.x = x, .out = out, .mem = mem, .room = 4096};
    w.name = mem ? arena_array(mem, w.room, sizeof *w.name) : NULL;
    if (!w.name) {
        arena_free(mem);
        return false;
    }
    find_tables(&w);
    buf_printf(out, "-- chartferry export-script: the tables that the profile reads, for %s. Profile: ",
               sqlcmd ? "sqlcmd" : "bcp");
    comment(out, profile_title(x));
    buf_str(
        out,
        "\n-- SQL Server 2008 or newer. It reads the catalog and prints the second script; no value is read yet.\n");
    buf_str(out, sqlcmd ? steps_sqlcmd : steps_bcp);
    buf_str(out, declarations);
    names(&w);
    buf_str(out, columns);
    buf_str(out, tables);
    buf_str(out, sqlcmd ? print_sqlcmd : print_bcp);
    bool ok = !arena_failed(mem) && !out->failed;
    arena_free(mem);
    return ok;
}
