#include "schema.h"

typedef struct line {
    int table; /* -1: of the table before */
    const char *name, *type;
} line;

#define TABLE(t)           {TABLE_##t, #t, NULL},
#define COLUMN(t, c, type) {-1, #c, type},
#define END_TABLE(t)
static const line LINES[] = {
#include "panda_schema.def"

#include "dentes_schema.def"
};
#undef TABLE
#undef COLUMN
#undef END_TABLE

static source_table tables[TABLES];
static char types[sizeof LINES / sizeof *LINES][24];

const source_table *schema_tables(void)
{
    if (tables[0].columns) return tables;
    source_table *t = NULL;
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        if (LINES[i].table >= 0) {
            t = &tables[LINES[i].table];
            t->name = LINES[i].name;
            continue;
        }
        source_column *c = &t->column[t->columns++];
        size_t n = strlen(LINES[i].type);
        c->name = LINES[i].name;
        c->not_null = LINES[i].type[n - 1] == '!';
        snprintf(types[i], sizeof types[i], "%.*s", (int)(n - c->not_null), LINES[i].type);
        c->type = types[i];
        if (!sql_type_parse(c->type, &c->sql)) return NULL;
    }
    return tables;
}
