#include "snapshot/snapshot_internal.h"

const char *text_look_name(text_look l)
{
    static const char *const names[LOOKS] = {"integer", "decimal", "date", "time", "phone", "email", "national_id",
                                             "rtf",     "html",    "guid", "word", "words", "prose"};
    return names[l];
}

const char *column_kind_name(column_type t)
{
    static const char *const names[] = {"bool",  "int",         "decimal", "money",    "real",           "text",
                                        "bytes", "date",        "time",    "datetime", "datetimeoffset", "guid",
                                        "xml",   "hierarchyid", "spatial", "variant",  "rowversion",     "unknown"};
    return names[t];
}

column_type column_kind_named(sv name)
{
    for (int t = 0; t < (int)T_UNKNOWN; t++)
        if (sv_eq(name, sv_from(column_kind_name((column_type)t)))) return (column_type)t;
    return T_UNKNOWN;
}
