/* A cell as every reader hands it out: typed, exact, self-describing, 32 bytes. How it prints is told by value_text.h.
 * */
#ifndef SOURCE_VALUE_H
#define SOURCE_VALUE_H

#include "base/date.h"
#include "base/decimal.h"
#include "base/finding.h"
#include "base/sv.h"

typedef enum value_kind {
    V_NULL,
    V_BOOL,           /* as.integer 0 or 1 */
    V_INT,            /* as.integer */
    V_DECIMAL,        /* as.decimal: decimal, numeric, money */
    V_REAL,           /* as.real: float; a finite number, or +-infinity / NaN which no SQL Server stores on purpose */
    V_REAL32,         /* as.real: real, exactly representable in 32 bits */
    V_TEXT,           /* as.text: UTF-8, valid */
    V_BYTES,          /* as.text: any bytes */
    V_DATE,           /* as.when.days */
    V_TIME,           /* as.when.ticks, scale */
    V_DATETIME,       /* days, ticks, scale (datetime: 3; smalldatetime: 0, seconds are 00) */
    V_DATETIMEOFFSET, /* days and ticks local, scale, offset */
    V_GUID,           /* as.guid: the 16 bytes as stored by SQL Server */
    V_LOB,            /* as.lob: too large to come inside the row; stream it with row_source_ops.lob_open */
    V_UNREADABLE      /* as.why: the finding that was added for it */
} value_kind;

/* Where a large value lies. Opaque to all but the reader that made it; valid as long as the source is open. */
typedef struct lob_ref {
    uint64_t bytes; /* stored length; text and XML stream to another length */
    uint32_t page;
    uint16_t file, slot;
    uint32_t owner;   /* reader's own use: the rowset */
    uint16_t column;  /* reader's own use */
    uint8_t encoding; /* lob_encoding */
    uint8_t origin;   /* reader's own use */
} lob_ref;

typedef enum lob_encoding { LOB_BYTES, LOB_UTF16, LOB_CODEPAGE, LOB_XML, LOB_UTF8 } lob_encoding;

static inline bool lob_is_text(lob_encoding e) { return e != LOB_BYTES; }

typedef struct value {
    value_kind kind;
    union {
        int64_t integer;
        decimal decimal;
        double real;
        sv text;
        date_time when;
        uint8_t guid[16];
        lob_ref lob;
        finding_code why;
    } as;
} value;

#endif
