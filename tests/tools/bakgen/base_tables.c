/* The base tables that bakgen writes: columns in their physical order, with the ordinal of key columns and the versions that
 * have them. Shown by the catalog of every database about itself (syscolpars with sysrscols, before 2008 syshobtcolumns). */
#include "catalog.h"

static const base_column SYSRSCOLS[] = {
    {"rsid", "bigint", true, 1, 0, 0},
    {"rscolid", "int", true, 0, 0, 0},
    {"hbcolid", "int", true, 2, 0, 0},
    {"rcmodified", "bigint", true, 0, 0, 0},
    {"ti", "int", true, 0, 0, 0},
    {"cid", "int", true, 0, 0, 0},
    {"ordkey", "smallint", true, 0, 0, 0},
    {"maxinrowlen", "smallint", true, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},
    {"offset", "int", true, 0, 0, 0},
    {"nullbit", "int", true, 0, 0, 0},
    {"bitpos", "smallint", true, 0, 0, 0},
    {"colguid", "varbinary(16)", false, 0, 0, 0},
    {"dbfragid", "int", true, 0, 0, 661},
};
static const base_column SYSROWSETS[] = {
    {"rowsetid", "bigint", true, 1, 0, 0},
    {"ownertype", "tinyint", true, 0, 0, 0},
    {"idmajor", "int", true, 0, 0, 0},
    {"idminor", "int", true, 0, 0, 0},
    {"numpart", "int", true, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},
    {"fgidfs", "smallint", true, 0, 0, 0},
    {"rcrows", "bigint", true, 0, 0, 0},
    {"cmprlevel", "tinyint", true, 0, 655, 0},
    {"fillfact", "tinyint", true, 0, 655, 0},
    {"maxnullbit", "smallint", true, 0, 655, 0},
    {"maxleaf", "int", true, 0, 655, 0},
    {"maxint", "smallint", true, 0, 655, 0},
    {"minleaf", "smallint", true, 0, 655, 0},
    {"minint", "smallint", true, 0, 655, 0},
    {"rsguid", "varbinary(16)", true, 0, 655, 0},
    {"lockres", "varbinary(8)", true, 0, 655, 0},
    {"dbfragid", "int", true, 0, 655, 661},
    {"scope_id", "int", false, 0, 706, 0},
};
static const base_column SYSALLOCUNITS[] = {
    {"auid", "bigint", true, 1, 0, 0},       {"type", "tinyint", true, 0, 0, 0},
    {"ownerid", "bigint", true, 0, 0, 0},    {"status", "int", true, 0, 0, 0},
    {"fgid", "smallint", true, 0, 0, 0},     {"pgfirst", "binary(6)", true, 0, 0, 0},
    {"pgroot", "binary(6)", true, 0, 0, 0},  {"pgfirstiam", "binary(6)", true, 0, 0, 0},
    {"pcused", "bigint", true, 0, 0, 0},     {"pcdata", "bigint", true, 0, 0, 0},
    {"pcreserved", "bigint", true, 0, 0, 0}, {"dbfragid", "int", true, 0, 655, 661},
};
static const base_column SYSFILES1[] = {
    {"status", "int", true, 0, 0, 0},
    {"fileid", "smallint", true, 0, 0, 0},
    {"name", "nchar(128)", true, 0, 0, 0},
    {"filename", "nchar(260)", true, 0, 0, 0},
};
static const base_column SYSSEOBJVALUES[] = {
    {"valclass", "tinyint", true, 1, 0, 0},   {"id", "bigint", true, 2, 0, 0},
    {"subid", "bigint", true, 3, 0, 0},       {"valnum", "int", true, 4, 0, 0},
    {"value", "sql_variant", false, 0, 0, 0}, {"imageval", "varbinary(max)", false, 0, 0, 0},
};
static const base_column SYSDBFILES[] = {
    {"dbfragid", "int", true, 1, 0, 0},
    {"fileid", "int", true, 2, 0, 0},
    {"fileguid", "uniqueidentifier", true, 0, 0, 0},
    {"pname", "nvarchar(260)", false, 0, 0, 0},
};
static const base_column SYSPHFG[] = {
    {"dbfragid", "int", true, 0, 0, 0},
    {"phfgid", "int", true, 1, 0, 0},
    {"fgid", "int", true, 0, 0, 0},
    {"type", "char(2)", true, 0, 0, 0},
    {"fgguid", "uniqueidentifier", true, 0, 0, 661},
    {"fgguid", "uniqueidentifier", false, 0, 706, 0},
    {"lgfgid", "int", false, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},
    {"name", "sysname", true, 0, 0, 0},
};
static const base_column SYSPRUFILES[] = {
    {"dbfragid", "int", true, 0, 0, 0},
    {"fileid", "int", true, 1, 0, 0},
    {"grpid", "int", true, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},
    {"filetype", "tinyint", true, 0, 0, 0},
    {"filestate", "tinyint", true, 0, 0, 0},
    {"size", "int", true, 0, 0, 0},
    {"maxsize", "int", true, 0, 0, 0},
    {"growth", "int", true, 0, 0, 0},
    {"lname", "sysname", true, 0, 0, 0},
    {"pname", "nvarchar(260)", true, 0, 0, 0},
    {"createlsn", "binary(10)", false, 0, 0, 0},
    {"droplsn", "binary(10)", false, 0, 0, 0},
    {"fileguid", "uniqueidentifier", false, 0, 0, 0},
    {"internalstatus", "int", true, 0, 0, 0},
    {"readonlylsn", "binary(10)", false, 0, 0, 0},
    {"readwritelsn", "binary(10)", false, 0, 0, 0},
    {"readonlybaselsn", "binary(10)", false, 0, 0, 0},
    {"firstupdatelsn", "binary(10)", false, 0, 0, 0},
    {"lastupdatelsn", "binary(10)", false, 0, 0, 0},
    {"backuplsn", "binary(10)", false, 0, 0, 0},
    {"diffbaselsn", "binary(10)", false, 0, 0, 0},
    {"diffbaseguid", "uniqueidentifier", false, 0, 0, 0},
    {"diffbasetime", "datetime", true, 0, 0, 0},
    {"diffbaseseclsn", "binary(10)", false, 0, 0, 0},
    {"redostartlsn", "binary(10)", false, 0, 0, 0},
    {"redotargetlsn", "binary(10)", false, 0, 0, 0},
    {"forkguid", "uniqueidentifier", false, 0, 0, 0},
    {"forklsn", "binary(10)", false, 0, 0, 0},
    {"forkvc", "bigint", true, 0, 0, 0},
    {"redostartforkguid", "uniqueidentifier", false, 0, 0, 0},
};
static const base_column SYSOWNERS[] = {
    {"id", "int", true, 1, 0, 0},
    {"name", "sysname", true, 0, 0, 0},
    {"type", "char(1)", true, 0, 0, 0},
    {"sid", "varbinary(85)", false, 0, 0, 0},
    {"password", "varbinary(256)", false, 0, 0, 0},
    {"dfltsch", "sysname", false, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},
    {"created", "datetime", true, 0, 0, 0},
    {"modified", "datetime", true, 0, 0, 0},
    {"deflanguage", "sysname", false, 0, 706, 0},
};
static const base_column SYSSCHOBJS[] = {
    {"id", "int", true, 1, 0, 0},
    {"name", "sysname", true, 0, 0, 0},
    {"nsid", "int", true, 0, 0, 0},
    {"nsclass", "tinyint", true, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},
    {"type", "char(2)", true, 0, 0, 0},
    {"pid", "int", true, 0, 0, 0},
    {"pclass", "tinyint", true, 0, 0, 0},
    {"intprop", "int", true, 0, 0, 0},
    {"created", "datetime", true, 0, 0, 0},
    {"modified", "datetime", true, 0, 0, 0},
    {"status2", "int", true, 0, 706, 0},
};
static const base_column SYSCOLPARS[] = {
    {"id", "int", true, 1, 0, 0},          {"number", "smallint", true, 2, 0, 0},
    {"colid", "int", true, 3, 0, 0},       {"name", "sysname", false, 0, 0, 0},
    {"xtype", "tinyint", true, 0, 0, 0},   {"utype", "int", true, 0, 0, 0},
    {"length", "smallint", true, 0, 0, 0}, {"prec", "tinyint", true, 0, 0, 0},
    {"scale", "tinyint", true, 0, 0, 0},   {"collationid", "int", true, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},      {"maxinrow", "smallint", true, 0, 0, 0},
    {"xmlns", "int", true, 0, 0, 0},       {"dflt", "int", true, 0, 0, 0},
    {"chk", "int", true, 0, 0, 0},         {"idtval", "varbinary(64)", false, 0, 0, 0},
};
static const base_column SYSNSOBJS[] = {
    {"class", "tinyint", true, 1, 0, 0},    {"id", "int", true, 2, 0, 0},
    {"name", "sysname", true, 0, 0, 0},     {"nsid", "int", true, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},       {"intprop", "int", true, 0, 0, 0},
    {"created", "datetime", true, 0, 0, 0}, {"modified", "datetime", true, 0, 0, 0},
};
static const base_column SYSSCALARTYPES[] = {
    {"id", "int", true, 1, 0, 0},           {"schid", "int", true, 0, 0, 0},         {"name", "sysname", true, 0, 0, 0},
    {"xtype", "tinyint", true, 0, 0, 0},    {"length", "smallint", true, 0, 0, 0},   {"prec", "tinyint", true, 0, 0, 0},
    {"scale", "tinyint", true, 0, 0, 0},    {"collationid", "int", true, 0, 0, 0},   {"status", "int", true, 0, 0, 0},
    {"created", "datetime", true, 0, 0, 0}, {"modified", "datetime", true, 0, 0, 0}, {"dflt", "int", true, 0, 0, 0},
    {"chk", "int", true, 0, 0, 0},
};
static const base_column SYSIDXSTATS[] = {
    {"id", "int", true, 1, 0, 0},       {"indid", "int", true, 2, 0, 0},        {"name", "sysname", false, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},   {"intprop", "int", true, 0, 0, 0},      {"fillfact", "tinyint", true, 0, 0, 0},
    {"type", "tinyint", true, 0, 0, 0}, {"tinyprop", "tinyint", true, 0, 0, 0}, {"dataspace", "int", true, 0, 0, 0},
    {"lobds", "int", true, 0, 0, 0},    {"rowset", "bigint", true, 0, 0, 0},
};
static const base_column SYSISCOLS[] = {
    {"idmajor", "int", true, 1, 0, 0},         {"idminor", "int", true, 2, 0, 0},
    {"subid", "int", true, 3, 0, 0},           {"status", "int", true, 0, 0, 0},
    {"intprop", "int", true, 0, 0, 0},         {"tinyprop1", "tinyint", true, 0, 0, 0},
    {"tinyprop2", "tinyint", true, 0, 0, 0},   {"tinyprop3", "tinyint", true, 0, 706, 0},
    {"tinyprop4", "tinyint", true, 0, 869, 0},
};
static const base_column SYSOBJVALUES[] = {
    {"valclass", "tinyint", true, 1, 0, 0},   {"objid", "int", true, 2, 0, 0},
    {"subobjid", "int", true, 3, 0, 0},       {"valnum", "int", true, 4, 0, 0},
    {"value", "sql_variant", false, 0, 0, 0}, {"imageval", "varbinary(max)", false, 0, 0, 0},
};
static const base_column SYSCLSOBJS[] = {
    {"class", "tinyint", true, 1, 0, 0},    {"id", "int", true, 2, 0, 0},
    {"name", "sysname", true, 0, 0, 0},     {"status", "int", true, 0, 0, 0},
    {"type", "char(2)", true, 0, 0, 0},     {"intprop", "int", true, 0, 0, 0},
    {"created", "datetime", true, 0, 0, 0}, {"modified", "datetime", true, 0, 0, 0},
};
static const base_column SYSROWSETREFS[] = {
    {"class", "tinyint", true, 1, 0, 0}, {"objid", "int", true, 2, 0, 0},       {"indexid", "int", true, 3, 0, 0},
    {"rowsetnum", "int", true, 4, 0, 0}, {"rowsetid", "bigint", true, 0, 0, 0}, {"status", "int", true, 0, 0, 0},
};
static const base_column SYSSINGLEOBJREFS[] = {
    {"class", "tinyint", true, 2, 0, 0}, {"depid", "int", true, 1, 0, 0},      {"depsubid", "int", true, 3, 0, 0},
    {"indepid", "int", true, 0, 0, 0},   {"indepsubid", "int", true, 0, 0, 0}, {"status", "int", true, 0, 0, 0},
};
static const base_column SYSMULTIOBJREFS[] = {
    {"class", "tinyint", true, 2, 0, 0}, {"depid", "int", true, 1, 0, 0},      {"depsubid", "int", true, 3, 0, 0},
    {"indepid", "int", true, 4, 0, 0},   {"indepsubid", "int", true, 5, 0, 0}, {"status", "int", true, 0, 0, 0},
};
static const base_column SYSROWSETCOLUMNS[] = {
    {"rowsetid", "bigint", true, 1, 0, 0},   {"rowsetcolid", "int", true, 2, 0, 0},
    {"hobtcolid", "int", true, 0, 0, 0},     {"status", "int", true, 0, 0, 0},
    {"rcmodified", "bigint", true, 0, 0, 0}, {"maxinrowlen", "smallint", true, 0, 0, 0},
};
static const base_column SYSHOBTCOLUMNS[] = {
    {"hobtid", "bigint", true, 1, 0, 0},       {"hobtcolumnid", "int", true, 2, 0, 0},
    {"status", "int", true, 0, 0, 0},          {"ordkey", "smallint", true, 0, 0, 0},
    {"xtype", "tinyint", true, 0, 0, 0},       {"length", "smallint", true, 0, 0, 0},
    {"prec", "tinyint", true, 0, 0, 0},        {"scale", "tinyint", true, 0, 0, 0},
    {"collationid", "int", true, 0, 0, 0},     {"offsetleaf", "smallint", true, 0, 0, 0},
    {"offsetint", "smallint", true, 0, 0, 0},  {"bitposleaf", "tinyint", true, 0, 0, 0},
    {"bitposint", "tinyint", true, 0, 0, 0},   {"nullbitleaf", "smallint", true, 0, 0, 0},
    {"nullbitint", "smallint", true, 0, 0, 0},
};
static const base_column SYSHOBTS[] = {
    {"hobtid", "bigint", true, 1, 0, 0},    {"status", "int", true, 0, 0, 0},
    {"fillfact", "tinyint", true, 0, 0, 0}, {"maxnullbit", "smallint", true, 0, 0, 0},
    {"maxleaf", "int", true, 0, 0, 0},      {"maxint", "smallint", true, 0, 0, 0},
    {"minleaf", "smallint", true, 0, 0, 0}, {"minint", "smallint", true, 0, 0, 0},
    {"lockres", "bigint", true, 0, 0, 0},
};
static const base_column SYSSEREFS[] = {
    {"class", "tinyint", true, 1, 0, 0},
    {"depid", "bigint", true, 2, 0, 0},
    {"indepid", "bigint", true, 3, 0, 0},
};
static const base_column SYSDBFILES_2005[] = {
    {"dbid", "int", true, 1, 0, 0},
    {"fileid", "int", true, 2, 0, 0},
    {"grpid", "int", true, 0, 0, 0},
    {"status", "int", true, 0, 0, 0},
    {"size", "int", true, 0, 0, 0},
    {"maxsize", "int", true, 0, 0, 0},
    {"growth", "int", true, 0, 0, 0},
    {"lname", "sysname", true, 0, 0, 0},
    {"pname", "nvarchar(260)", true, 0, 0, 0},
    {"createlsn", "binary(10)", false, 0, 0, 0},
    {"droplsn", "binary(10)", false, 0, 0, 0},
    {"filetype", "tinyint", true, 0, 0, 0},
    {"filestate", "tinyint", true, 0, 0, 0},
    {"fileguid", "uniqueidentifier", true, 0, 0, 0},
    {"internalstatus", "int", true, 0, 0, 0},
    {"readonlylsn", "binary(10)", false, 0, 0, 0},
    {"readwritelsn", "binary(10)", false, 0, 0, 0},
    {"readonlybaselsn", "binary(10)", false, 0, 0, 0},
    {"firstupdatelsn", "binary(10)", false, 0, 0, 0},
    {"lastupdatelsn", "binary(10)", false, 0, 0, 0},
    {"backuplsn", "binary(10)", false, 0, 0, 0},
    {"diffbaselsn", "binary(10)", false, 0, 0, 0},
    {"diffbaseguid", "uniqueidentifier", true, 0, 0, 0},
    {"diffbasetime", "datetime", true, 0, 0, 0},
    {"diffbaseseclsn", "binary(10)", false, 0, 0, 0},
    {"redostartlsn", "binary(10)", false, 0, 0, 0},
    {"redotargetlsn", "binary(10)", false, 0, 0, 0},
    {"forkguid", "uniqueidentifier", true, 0, 0, 0},
    {"forklsn", "binary(10)", false, 0, 0, 0},
    {"forkvc", "bigint", true, 0, 0, 0},
    {"redostartforkguid", "uniqueidentifier", true, 0, 0, 0},
};

const base_table BASE_TABLE[BASE_TABLES] = {
    {"sysrscols", 3, SYSRSCOLS, sizeof SYSRSCOLS / sizeof *SYSRSCOLS, 655, 0},
    {"sysrowsetcolumns", 4, SYSROWSETCOLUMNS, sizeof SYSROWSETCOLUMNS / sizeof *SYSROWSETCOLUMNS, 0, 611},
    {"sysrowsets", 5, SYSROWSETS, sizeof SYSROWSETS / sizeof *SYSROWSETS, 0, 0},
    {"sysallocunits", 7, SYSALLOCUNITS, sizeof SYSALLOCUNITS / sizeof *SYSALLOCUNITS, 0, 0},
    {"sysfiles1", 8, SYSFILES1, sizeof SYSFILES1 / sizeof *SYSFILES1, 0, 0},
    {"sysseobjvalues", 9, SYSSEOBJVALUES, sizeof SYSSEOBJVALUES / sizeof *SYSSEOBJVALUES, 706, 0},
    {"syshobtcolumns", 13, SYSHOBTCOLUMNS, sizeof SYSHOBTCOLUMNS / sizeof *SYSHOBTCOLUMNS, 0, 611},
    {"syshobts", 15, SYSHOBTS, sizeof SYSHOBTS / sizeof *SYSHOBTS, 0, 611},
    {"sysdbfiles", 20, SYSDBFILES, sizeof SYSDBFILES / sizeof *SYSDBFILES, 706, 0},
    {"sysphfg", 23, SYSPHFG, sizeof SYSPHFG / sizeof *SYSPHFG, 655, 0},
    {"sysprufiles", 24, SYSPRUFILES, sizeof SYSPRUFILES / sizeof *SYSPRUFILES, 655, 0},
    {"sysserefs", 26, SYSSEREFS, sizeof SYSSEREFS / sizeof *SYSSEREFS, 0, 611},
    {"sysowners", 27, SYSOWNERS, sizeof SYSOWNERS / sizeof *SYSOWNERS, 0, 0},
    {"sysschobjs", 34, SYSSCHOBJS, sizeof SYSSCHOBJS / sizeof *SYSSCHOBJS, 0, 0},
    {"syscolpars", 41, SYSCOLPARS, sizeof SYSCOLPARS / sizeof *SYSCOLPARS, 0, 0},
    {"sysnsobjs", 44, SYSNSOBJS, sizeof SYSNSOBJS / sizeof *SYSNSOBJS, 0, 0},
    {"sysscalartypes", 50, SYSSCALARTYPES, sizeof SYSSCALARTYPES / sizeof *SYSSCALARTYPES, 0, 0},
    {"sysidxstats", 54, SYSIDXSTATS, sizeof SYSIDXSTATS / sizeof *SYSIDXSTATS, 0, 0},
    {"sysiscols", 55, SYSISCOLS, sizeof SYSISCOLS / sizeof *SYSISCOLS, 0, 0},
    {"sysobjvalues", 60, SYSOBJVALUES, sizeof SYSOBJVALUES / sizeof *SYSOBJVALUES, 0, 0},
    {"sysclsobjs", 64, SYSCLSOBJS, sizeof SYSCLSOBJS / sizeof *SYSCLSOBJS, 0, 0},
    {"sysrowsetrefs", 65, SYSROWSETREFS, sizeof SYSROWSETREFS / sizeof *SYSROWSETREFS, 655, 0},
    {"syssingleobjrefs", 74, SYSSINGLEOBJREFS, sizeof SYSSINGLEOBJREFS / sizeof *SYSSINGLEOBJREFS, 0, 0},
    {"sysmultiobjrefs", 75, SYSMULTIOBJREFS, sizeof SYSMULTIOBJREFS / sizeof *SYSMULTIOBJREFS, 0, 0},
    {"sysdbfiles", 76, SYSDBFILES_2005, sizeof SYSDBFILES_2005 / sizeof *SYSDBFILES_2005, 0, 611},
};
