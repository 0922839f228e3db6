#include "template/owner_rules.h"

static const yaml_key keys[] = {{"email", YAML_IS_LIST, true},
                                {"active", YAML_IS_LIST, true},
                                {"inactive", YAML_IS_LIST, true},
                                {"write", YAML_IS_LIST, false}};

static bool read_words(sv file, const yaml_node *map, const char *key, arena *mem, const sv **out, size_t *n,
                       problems *p)
{
    const yaml_node *list = yaml_get(map, key);
    if (!list || list->kind != YAML_LIST) return true;
    sv *all = arena_array(mem, list->n + 1, sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < list->n; i++) {
        if (list->item[i]->kind == YAML_TEXT && list->item[i]->text.n)
            all[(*n)++] = list->item[i]->text;
        else
            problem_add(p, file, list->item[i]->line, list->item[i]->column, "\"%s\" of owners is a list of words",
                        key);
    }
    *out = all;
    return true;
}

const owner_rules *owner_rules_read(sv file, const yaml_node *map, arena *mem, problems *p)
{
    if (map->kind != YAML_MAP || !yaml_check(file, map, "\"owners\"", keys, sizeof keys / sizeof keys[0], p))
        return NULL;
    owner_rules *r = arena_alloc(mem, sizeof *r);
    bool ok = r && read_words(file, map, "email", mem, &r->email, &r->emails, p) &&
              read_words(file, map, "active", mem, &r->active, &r->actives, p) &&
              read_words(file, map, "inactive", mem, &r->inactive, &r->inactives, p) &&
              read_words(file, map, "write", mem, &r->write, &r->writes, p);
    return ok ? r : NULL;
}
