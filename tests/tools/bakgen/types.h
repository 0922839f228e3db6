/* The types bakgen can write: what the catalog says of them and how many bytes they take. */
#ifndef BAKGEN_TYPES_H
#define BAKGEN_TYPES_H

#include "le.h"

typedef enum type_class {
    TC_INT, /* tinyint .. bigint */
    TC_BIT,
    TC_DECIMAL,
    TC_MONEY,
    TC_REAL, /* real and float */
    TC_DATE,
    TC_TIME,
    TC_DATETIME2,
    TC_DATETIMEOFFSET,
    TC_DATETIME,
    TC_SMALLDATETIME,
    TC_GUID,
    TC_TEXT,  /* char, varchar, text: Windows-1252 */
    TC_UTEXT, /* nchar, nvarchar, ntext: UTF-16 */
    TC_BYTES, /* binary, varbinary, image */
    TC_ROWVERSION,
    TC_VARIANT,
    TC_XML,
    TC_CLR /* hierarchyid, geometry, geography */
} type_class;

enum { COLLATION_DATABASE = 0x3400D008, COLLATION_CATALOG = 0x1008 };

typedef struct sql_type {
    type_class cls;
    uint8_t xtype;     /* system type id */
    uint16_t utype;    /* user type id */
    int16_t length;    /* declared bytes, -1 for (max), 16 for text pointers */
    uint8_t precision; /* as the catalog shows it */
    uint8_t scale;
    uint16_t fixed;  /* bytes in the fixed part of a record; 0: variable */
    bool max;        /* (max) types */
    bool legacy;     /* text, ntext, image: always behind a text pointer */
    bool vardecimal; /* a decimal in the form of variable length */
    uint32_t collation;
} sql_type;

/* "nvarchar(max)", "decimal(9,2)", "time(3)", "sysname"; false when it is no such type. */
bool sql_type_parse(const char *text, sql_type *out);

/* The packed form of a type in sysrscols. */
uint32_t sql_type_packed(const sql_type *t);

/* The types as sysscalartypes lists them; NULL behind the last. */
typedef struct scalar_type {
    const char *name;
    uint16_t id;
    uint8_t xtype;
    int16_t length;
    uint8_t precision, scale;
    bool text, special;
} scalar_type;
const scalar_type *scalar_type_at(size_t i);

#endif
