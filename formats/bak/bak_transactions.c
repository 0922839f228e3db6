#include "bak/bak_transactions.h"

static bool begin(id_table *open, uint64_t id)
{
    const size_t known = open->n;
    open_transaction *t = id_table_put(open, id);
    if (t && open->n > known) t->last = SIZE_MAX;
    return t || open->full;
}

bool transactions_follow(id_table *open, const log_record *r)
{
    if (!r->transaction) return true;
    if (r->operation == LOG_COMMIT || r->operation == LOG_ABORT) id_table_take_out(open, r->transaction);
    return r->operation != LOG_BEGIN && !r->on_page ? true : begin(open, r->transaction);
}
