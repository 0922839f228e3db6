/* Profiles and templates: any text is a tree or a list of mistakes, never more. */
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Walks the whole tree; the depth is the parser's to bound. */
static size_t nodes_below(const yaml_node *n)
{
    size_t all = 1;
    for (size_t i = 0; i < n->n; i++) all += nodes_below(n->kind == YAML_MAP ? n->pair[i].value : n->item[i]);
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const yaml_key keys[] = {
        {"object", YAML_IS_TEXT, true}, {"fields", YAML_IS_MAP, false}, {"after", YAML_IS_LIST, false}};
    arena *mem = arena_new((size_t)64 << 20);
    problems wrong = {.mem = mem};
    const yaml_node *root = yaml_parse(SV_LIT("f.yaml"), (sv){(const char *)data, size}, mem, &wrong);
    if (root) {
        if (nodes_below(root) == 0) __builtin_trap();
        yaml_check(SV_LIT("f.yaml"), root, "a file", keys, 3, &wrong);
    } else if (wrong.n == 0 && !wrong.failed)
        __builtin_trap(); /* refused without a word */
    problems_sort(&wrong);
    arena_free(mem);
    return 0;
}
