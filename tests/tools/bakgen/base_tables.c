/* The base tables of SQL Server 2014 that bakgen writes: columns in their physical order, with the ordinal of key columns.
 * Shown by the catalog of every database of that version about itself (sysrscols, syscolpars). */
#include "catalog.h"

static const base_column SYSRSCOLS[] = {
    {"rsid", "bigint", true, 1},
    {"rscolid", "int", true, 0},
    {"hbcolid", "int", true, 2},
    {"rcmodified", "bigint", true, 0},
    {"ti", "int", true, 0},
    {"cid", "int", true, 0},
    {"ordkey", "smallint", true, 0},
    {"maxinrowlen", "smallint", true, 0},
    {"status", "int", true, 0},
    {"offset", "int", true, 0},
    {"nullbit", "int", true, 0},
    {"bitpos", "smallint", true, 0},
    {"colguid", "varbinary(16)", false, 0},
};
static const base_column SYSROWSETS[] = {
    {"rowsetid", "bigint", true, 1},      {"ownertype", "tinyint", true, 0},    {"idmajor", "int", true, 0},
    {"idminor", "int", true, 0},          {"numpart", "int", true, 0},          {"status", "int", true, 0},
    {"fgidfs", "smallint", true, 0},      {"rcrows", "bigint", true, 0},        {"cmprlevel", "tinyint", true, 0},
    {"fillfact", "tinyint", true, 0},     {"maxnullbit", "smallint", true, 0},  {"maxleaf", "int", true, 0},
    {"maxint", "smallint", true, 0},      {"minleaf", "smallint", true, 0},     {"minint", "smallint", true, 0},
    {"rsguid", "varbinary(16)", true, 0}, {"lockres", "varbinary(8)", true, 0}, {"scope_id", "int", false, 0},
};
static const base_column SYSALLOCUNITS[] = {
    {"auid", "bigint", true, 1},      {"type", "tinyint", true, 0},         {"ownerid", "bigint", true, 0},
    {"status", "int", true, 0},       {"fgid", "smallint", true, 0},        {"pgfirst", "binary(6)", true, 0},
    {"pgroot", "binary(6)", true, 0}, {"pgfirstiam", "binary(6)", true, 0}, {"pcused", "bigint", true, 0},
    {"pcdata", "bigint", true, 0},    {"pcreserved", "bigint", true, 0},
};
static const base_column SYSFILES1[] = {
    {"status", "int", true, 0},
    {"fileid", "smallint", true, 0},
    {"name", "nchar(128)", true, 0},
    {"filename", "nchar(260)", true, 0},
};
static const base_column SYSSEOBJVALUES[] = {
    {"valclass", "tinyint", true, 1}, {"id", "bigint", true, 2},          {"subid", "bigint", true, 3},
    {"valnum", "int", true, 4},       {"value", "sql_variant", false, 0}, {"imageval", "varbinary(max)", false, 0},
};
static const base_column SYSDBFILES[] = {
    {"dbfragid", "int", true, 1},
    {"fileid", "int", true, 2},
    {"fileguid", "uniqueidentifier", true, 0},
    {"pname", "nvarchar(260)", false, 0},
};
static const base_column SYSPHFG[] = {
    {"dbfragid", "int", true, 0},
    {"phfgid", "int", true, 1},
    {"fgid", "int", true, 0},
    {"type", "char(2)", true, 0},
    {"fgguid", "uniqueidentifier", false, 0},
    {"lgfgid", "int", false, 0},
    {"status", "int", true, 0},
    {"name", "sysname", true, 0},
};
static const base_column SYSPRUFILES[] = {
    {"dbfragid", "int", true, 0},
    {"fileid", "int", true, 1},
    {"grpid", "int", true, 0},
    {"status", "int", true, 0},
    {"filetype", "tinyint", true, 0},
    {"filestate", "tinyint", true, 0},
    {"size", "int", true, 0},
    {"maxsize", "int", true, 0},
    {"growth", "int", true, 0},
    {"lname", "sysname", true, 0},
    {"pname", "nvarchar(260)", true, 0},
    {"createlsn", "binary(10)", false, 0},
    {"droplsn", "binary(10)", false, 0},
    {"fileguid", "uniqueidentifier", false, 0},
    {"internalstatus", "int", true, 0},
    {"readonlylsn", "binary(10)", false, 0},
    {"readwritelsn", "binary(10)", false, 0},
    {"readonlybaselsn", "binary(10)", false, 0},
    {"firstupdatelsn", "binary(10)", false, 0},
    {"lastupdatelsn", "binary(10)", false, 0},
    {"backuplsn", "binary(10)", false, 0},
    {"diffbaselsn", "binary(10)", false, 0},
    {"diffbaseguid", "uniqueidentifier", false, 0},
    {"diffbasetime", "datetime", true, 0},
    {"diffbaseseclsn", "binary(10)", false, 0},
    {"redostartlsn", "binary(10)", false, 0},
    {"redotargetlsn", "binary(10)", false, 0},
    {"forkguid", "uniqueidentifier", false, 0},
    {"forklsn", "binary(10)", false, 0},
    {"forkvc", "bigint", true, 0},
    {"redostartforkguid", "uniqueidentifier", false, 0},
};
static const base_column SYSOWNERS[] = {
    {"id", "int", true, 1},
    {"name", "sysname", true, 0},
    {"type", "char(1)", true, 0},
    {"sid", "varbinary(85)", false, 0},
    {"password", "varbinary(256)", false, 0},
    {"dfltsch", "sysname", false, 0},
    {"status", "int", true, 0},
    {"created", "datetime", true, 0},
    {"modified", "datetime", true, 0},
    {"deflanguage", "sysname", false, 0},
};
static const base_column SYSSCHOBJS[] = {
    {"id", "int", true, 1},           {"name", "sysname", true, 0},      {"nsid", "int", true, 0},
    {"nsclass", "tinyint", true, 0},  {"status", "int", true, 0},        {"type", "char(2)", true, 0},
    {"pid", "int", true, 0},          {"pclass", "tinyint", true, 0},    {"intprop", "int", true, 0},
    {"created", "datetime", true, 0}, {"modified", "datetime", true, 0}, {"status2", "int", true, 0},
};
static const base_column SYSCOLPARS[] = {
    {"id", "int", true, 1},          {"number", "smallint", true, 2},
    {"colid", "int", true, 3},       {"name", "sysname", false, 0},
    {"xtype", "tinyint", true, 0},   {"utype", "int", true, 0},
    {"length", "smallint", true, 0}, {"prec", "tinyint", true, 0},
    {"scale", "tinyint", true, 0},   {"collationid", "int", true, 0},
    {"status", "int", true, 0},      {"maxinrow", "smallint", true, 0},
    {"xmlns", "int", true, 0},       {"dflt", "int", true, 0},
    {"chk", "int", true, 0},         {"idtval", "varbinary(64)", false, 0},
};
static const base_column SYSNSOBJS[] = {
    {"class", "tinyint", true, 1},    {"id", "int", true, 2},
    {"name", "sysname", true, 0},     {"nsid", "int", true, 0},
    {"status", "int", true, 0},       {"intprop", "int", true, 0},
    {"created", "datetime", true, 0}, {"modified", "datetime", true, 0},
};
static const base_column SYSSCALARTYPES[] = {
    {"id", "int", true, 1},           {"schid", "int", true, 0},         {"name", "sysname", true, 0},
    {"xtype", "tinyint", true, 0},    {"length", "smallint", true, 0},   {"prec", "tinyint", true, 0},
    {"scale", "tinyint", true, 0},    {"collationid", "int", true, 0},   {"status", "int", true, 0},
    {"created", "datetime", true, 0}, {"modified", "datetime", true, 0}, {"dflt", "int", true, 0},
    {"chk", "int", true, 0},
};
static const base_column SYSIDXSTATS[] = {
    {"id", "int", true, 1},       {"indid", "int", true, 2},        {"name", "sysname", false, 0},
    {"status", "int", true, 0},   {"intprop", "int", true, 0},      {"fillfact", "tinyint", true, 0},
    {"type", "tinyint", true, 0}, {"tinyprop", "tinyint", true, 0}, {"dataspace", "int", true, 0},
    {"lobds", "int", true, 0},    {"rowset", "bigint", true, 0},
};
static const base_column SYSISCOLS[] = {
    {"idmajor", "int", true, 1},       {"idminor", "int", true, 2},       {"subid", "int", true, 3},
    {"status", "int", true, 0},        {"intprop", "int", true, 0},       {"tinyprop1", "tinyint", true, 0},
    {"tinyprop2", "tinyint", true, 0}, {"tinyprop3", "tinyint", true, 0},
};
static const base_column SYSOBJVALUES[] = {
    {"valclass", "tinyint", true, 1}, {"objid", "int", true, 2},          {"subobjid", "int", true, 3},
    {"valnum", "int", true, 4},       {"value", "sql_variant", false, 0}, {"imageval", "varbinary(max)", false, 0},
};
static const base_column SYSCLSOBJS[] = {
    {"class", "tinyint", true, 1},    {"id", "int", true, 2},
    {"name", "sysname", true, 0},     {"status", "int", true, 0},
    {"type", "char(2)", true, 0},     {"intprop", "int", true, 0},
    {"created", "datetime", true, 0}, {"modified", "datetime", true, 0},
};
static const base_column SYSROWSETREFS[] = {
    {"class", "tinyint", true, 1}, {"objid", "int", true, 2},       {"indexid", "int", true, 3},
    {"rowsetnum", "int", true, 4}, {"rowsetid", "bigint", true, 0}, {"status", "int", true, 0},
};
static const base_column SYSSINGLEOBJREFS[] = {
    {"class", "tinyint", true, 2}, {"depid", "int", true, 1},      {"depsubid", "int", true, 3},
    {"indepid", "int", true, 0},   {"indepsubid", "int", true, 0}, {"status", "int", true, 0},
};
static const base_column SYSMULTIOBJREFS[] = {
    {"class", "tinyint", true, 2}, {"depid", "int", true, 1},      {"depsubid", "int", true, 3},
    {"indepid", "int", true, 4},   {"indepsubid", "int", true, 5}, {"status", "int", true, 0},
};
const base_table BASE_TABLE[BASE_TABLES] = {
    {"sysrscols", 3, SYSRSCOLS, sizeof SYSRSCOLS / sizeof *SYSRSCOLS},
    {"sysrowsets", 5, SYSROWSETS, sizeof SYSROWSETS / sizeof *SYSROWSETS},
    {"sysallocunits", 7, SYSALLOCUNITS, sizeof SYSALLOCUNITS / sizeof *SYSALLOCUNITS},
    {"sysfiles1", 8, SYSFILES1, sizeof SYSFILES1 / sizeof *SYSFILES1},
    {"sysseobjvalues", 9, SYSSEOBJVALUES, sizeof SYSSEOBJVALUES / sizeof *SYSSEOBJVALUES},
    {"sysdbfiles", 20, SYSDBFILES, sizeof SYSDBFILES / sizeof *SYSDBFILES},
    {"sysphfg", 23, SYSPHFG, sizeof SYSPHFG / sizeof *SYSPHFG},
    {"sysprufiles", 24, SYSPRUFILES, sizeof SYSPRUFILES / sizeof *SYSPRUFILES},
    {"sysowners", 27, SYSOWNERS, sizeof SYSOWNERS / sizeof *SYSOWNERS},
    {"sysschobjs", 34, SYSSCHOBJS, sizeof SYSSCHOBJS / sizeof *SYSSCHOBJS},
    {"syscolpars", 41, SYSCOLPARS, sizeof SYSCOLPARS / sizeof *SYSCOLPARS},
    {"sysnsobjs", 44, SYSNSOBJS, sizeof SYSNSOBJS / sizeof *SYSNSOBJS},
    {"sysscalartypes", 50, SYSSCALARTYPES, sizeof SYSSCALARTYPES / sizeof *SYSSCALARTYPES},
    {"sysidxstats", 54, SYSIDXSTATS, sizeof SYSIDXSTATS / sizeof *SYSIDXSTATS},
    {"sysiscols", 55, SYSISCOLS, sizeof SYSISCOLS / sizeof *SYSISCOLS},
    {"sysobjvalues", 60, SYSOBJVALUES, sizeof SYSOBJVALUES / sizeof *SYSOBJVALUES},
    {"sysclsobjs", 64, SYSCLSOBJS, sizeof SYSCLSOBJS / sizeof *SYSCLSOBJS},
    {"sysrowsetrefs", 65, SYSROWSETREFS, sizeof SYSROWSETREFS / sizeof *SYSROWSETREFS},
    {"syssingleobjrefs", 74, SYSSINGLEOBJREFS, sizeof SYSSINGLEOBJREFS / sizeof *SYSSINGLEOBJREFS},
    {"sysmultiobjrefs", 75, SYSMULTIOBJREFS, sizeof SYSMULTIOBJREFS / sizeof *SYSMULTIOBJREFS},
};
