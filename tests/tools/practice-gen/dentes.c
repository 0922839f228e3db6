#include "gen.h"
void dentes_rows(gen *g, table_id t, const patient *p, mouth *m, exam *x)
{
    (void)g;
    (void)t;
    (void)p;
    (void)m;
    (void)x;
}
