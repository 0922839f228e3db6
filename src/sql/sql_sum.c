/* sum, total and avg: exact for whole numbers and decimals, whatever the order of the rows. Numbers are added in 128
 * bits; a REAL counts as the decimal of 15 digits that it stands for, so that sums of prices, and of products of them,
 * have no crumbs. */
#include "base/digits.h"
#include "sql/sql_exact.h"
#include "sql/sql_functions.h"
#include <math.h>

typedef struct adder {
    uint64_t total[2]; /* an sql_i128, * 10^-scale; SQLite aligns to 8 bytes only */
    int64_t rows;
    double near, near_rest; /* the same as doubles (Neumaier's sum), for what has no decimal */
    uint8_t scale, shown;   /* shown: digits that the inputs were declared with */
    bool fraction;          /* not all were whole numbers of type INTEGER */
    bool rounded;           /* some had no decimal of 15 digits */
    bool reals;             /* some were REAL */
    bool lost;              /* the exact total passed 128 bits or has no meaning; only `near` counts */
} adder;

static void add_near(adder *a, double x)
{
    double sum = a->near + x;
    a->near_rest += fabs(a->near) >= fabs(x) ? (a->near - sum) + x : (x - sum) + a->near;
    a->near = sum;
}

static sql_i128 get_total(const adder *a)
{
    sql_i128 x;
    memcpy(&x, a->total, sizeof x);
    return x;
}

static bool scaled(sql_i128 *x, unsigned by)
{
    for (; by > 19; by -= 19)
        if (__builtin_mul_overflow(*x, (sql_i128)POWER_OF_10[19], x)) return false;
    return !__builtin_mul_overflow(*x, (sql_i128)POWER_OF_10[by], x);
}

static void add_exact(adder *a, const exact *x, bool minus)
{
    sql_i128 total = get_total(a), n = (sql_i128)x->magnitude;
    /* Beyond 38 digits only what a damaged file holds. */
    if (x->magnitude / POWER_OF_10[19] >= POWER_OF_10[19]) {
        a->lost = true;
        return;
    }
    if (x->negative != minus) n = -n;
    bool ok = true;
    if (x->scale > a->scale) {
        ok = scaled(&total, (unsigned)(x->scale - a->scale));
        a->scale = x->scale;
    } else if (x->scale < a->scale)
        ok = scaled(&n, (unsigned)(a->scale - x->scale));
    if (!ok || __builtin_add_overflow(total, n, &total)) a->lost = true;
    memcpy(a->total, &total, sizeof total);
}

static void take(sqlite3_context *ctx, sqlite3_value *v, bool minus)
{
    adder *a = sqlite3_aggregate_context(ctx, sizeof *a);
    int type = sqlite3_value_type(v);
    if (!a || type == SQLITE_NULL) return;
    a->rows += minus ? -1 : 1;
    exact x;
    if (type == SQLITE_INTEGER) {
        x = exact_from_i64(sqlite3_value_int64(v));
    } else if (type == SQLITE_FLOAT) {
        double r = sqlite3_value_double(v);
        unsigned subtype = sqlite3_value_subtype(v);
        if (subtype >= EXACT_SUBTYPE && subtype - EXACT_SUBTYPE > a->shown)
            a->shown = (uint8_t)(subtype - EXACT_SUBTYPE);
        bool near;
        if (!exact_from_double(r, a->scale, &x, &near)) a->rounded = true;
        a->reals = a->fraction = true;
        add_near(a, minus ? -r : r);
        if (!near) {
            a->lost = true;
            return;
        }
    } else if (type == SQLITE_TEXT && exact_of_value(v, &x)) {
        a->fraction = true;
        if (x.scale > a->shown) a->shown = x.scale;
    } else {
        sqlite3_result_error(ctx, "sum, total and avg take numbers, and this is none", -1);
        return;
    }
    if (type != SQLITE_FLOAT) add_near(a, minus ? -exact_near_double(&x) : exact_near_double(&x));
    if (!a->lost) add_exact(a, &x, minus);
}

static void step(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    take(ctx, v[0], false);
}

static void inverse(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    take(ctx, v[0], true);
}

static exact total_of(const adder *a)
{
    sql_i128 total = get_total(a);
    sql_u128 m = total < 0 ? 0 - (sql_u128)total : (sql_u128)total;
    return (exact){.magnitude = m, .negative = total < 0, .scale = a->scale};
}

static double near_of(const adder *a)
{
    if (a->lost) return a->near + a->near_rest;
    exact x = total_of(a);
    double r;
    return exact_to_double(&x, &r) ? r : exact_near_double(&x);
}

static void sum_value(sqlite3_context *ctx)
{
    adder *a = sqlite3_aggregate_context(ctx, 0);
    if (!a || a->rows == 0) {
        sqlite3_result_null(ctx);
        return;
    }
    exact x = total_of(a);
    bool wide = x.magnitude / POWER_OF_10[19] >= POWER_OF_10[19]; /* 10^38 and more */
    if ((a->lost || wide) && !a->reals) {
        sqlite3_result_error(ctx, "arithmetic overflow: the sum has more than 38 digits", -1);
    } else if (a->lost || wide || a->rounded) {
        sqlite3_result_double(ctx, near_of(a));
    } else {
        if (a->scale > a->shown) exact_trim(&x);
        unsigned scale = x.scale > a->shown ? x.scale : a->shown;
        if (a->fraction && scale == 0 && a->reals) {
            sqlite3_result_double(ctx, near_of(a));
            return;
        }
        exact_result(ctx, &x, scale, false);
    }
}

static void total_value(sqlite3_context *ctx)
{
    adder *a = sqlite3_aggregate_context(ctx, 0);
    sqlite3_result_double(ctx, a && a->rows ? near_of(a) : 0.0);
}

static void avg_value(sqlite3_context *ctx)
{
    adder *a = sqlite3_aggregate_context(ctx, 0);
    if (!a || a->rows == 0)
        sqlite3_result_null(ctx);
    else
        sqlite3_result_double(ctx, near_of(a) / (double)a->rows);
}

bool sql_sum_register(sqlite3 *db)
{
    static const struct {
        const char *name;
        void (*value)(sqlite3_context *);
    } list[] = {{"sum", sum_value}, {"total", total_value}, {"avg", avg_value}};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (sqlite3_create_window_function(db, list[i].name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, step,
                                           list[i].value, list[i].value, inverse, NULL) != SQLITE_OK)
            return false;
    return true;
}
