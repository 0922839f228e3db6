/* What a function's result says about what may still be done (after libarchive). What happened is told by findings. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

typedef enum status {
    ST_OK = 0,     /* done */
    ST_END,        /* nothing (more) there; no finding was added */
    ST_ROW_LOST,   /* this row, page or value is lost, a finding says which; the caller may go on */
    ST_TABLE_LOST, /* this table or cursor is over, a finding says why; others may go on */
    ST_FATAL       /* the source (or the output) is over, a finding says why */
} status;

#endif
