/* Destination templates: any folder of texts is a destination or a list of mistakes, never more. The input holds destination.yaml,
 * then the files of two objects and the guide, each behind a NUL byte. */
#include "base/platform.h"
#include "guide/guide.h"
#include "template/template.h"

#define FOLDER "fuzz_destination.tmp"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {FOLDER "/destination.yaml", FOLDER "/contact.yaml", FOLDER "/event.yaml",
                                    FOLDER "/guide.md"};
enum { NAMES = sizeof names / sizeof names[0] };

static void write_file(const char *path, sv text)
{
    const char *why = "";
    os_out *out = os_create(path, &why);
    if (!out || !os_write(out, text.p, text.n, &why) || !os_close(out, &why)) __builtin_trap();
}

/* What there is no text for is absent. */
static void write_folder(sv rest)
{
    const char *why = "";
    if (!os_is_folder(FOLDER) && !os_make_folder(FOLDER, &why)) __builtin_trap();
    for (size_t i = 0; i < NAMES; i++) {
        const char *end = rest.n ? memchr(rest.p, '\0', rest.n) : NULL;
        sv text = {rest.p, end ? (size_t)(end - rest.p) : rest.n};
        if (os_exists(names[i])) (void)os_remove(names[i]);
        if (i == 0 || text.n) write_file(names[i], text);
        size_t used = text.n + (end ? 1 : 0);
        rest = (sv){rest.p + used, rest.n - used};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena *mem = arena_new((size_t)64 << 20);
    problems wrong = {.mem = mem};
    write_folder((sv){(const char *)data, size});
    destination_options options = {.sources = size % 2 != 0};
    const destination *d = destination_check(FOLDER, &options, mem, &wrong);
    if (!d && wrong.n == 0 && !wrong.failed && !arena_failed(mem)) __builtin_trap(); /* refused without a word */
    if (d) {
        if (wrong.n) __builtin_trap(); /* taken in spite of a mistake */
        (void)destination_breaks(d, mem);
        if (d->steps.p) guide_check(SV_LIT("guide.md"), d->steps, d, &wrong);
    }
    problems_sort(&wrong);
    arena_free(mem);
    return 0;
}
