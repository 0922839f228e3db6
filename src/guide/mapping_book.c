#include "guide/mapping_book.h"
#include "xlsx/xlsx_writer.h"

static const sv heading[] = {{"file", 4},   {"object", 6}, {"from", 4},  {"field", 5},  {"label", 5}, {"type", 4},
                             {"source", 6}, {"rules", 5},  {"brief", 5}, {"agreed", 6}, {"remark", 6}};
enum { COLUMNS = sizeof heading / sizeof heading[0] };

bool mapping_book(const destination *d, const char *path, arena *mem, findings *f)
{
    size_t n = 0;
    const mapping_line *l = destination_mapping(d, mem, &n);
    const char *why = "out of memory", *slash = strrchr(path, '/');
    sv folder = slash ? arena_sv(mem, (sv){path, (size_t)(slash - path)}) : SV_LIT(".");
    if (os_exists(path)) return find_at(f, F_OUT_CREATE_FAILED, sv_from(path), SV_LIT("it exists already"));
    xlsx_book *b =
        l && folder.p ? xlsx_create(path, folder.n ? folder.p : "/", destination_id(d), heading, COLUMNS) : NULL;
    if (!b) return find_at(f, F_OUT_CREATE_FAILED, sv_from(path), sv_from(why));
    for (size_t i = 0; i < n; i++) {
        const sv cell[] = {l[i].file, l[i].object, l[i].entity, l[i].target, l[i].label,
                           l[i].type, l[i].source, l[i].rules,  l[i].brief};
        xlsx_row(b);
        for (size_t k = 0; k < sizeof cell / sizeof cell[0]; k++) (void)xlsx_text(b, k, cell[k]);
    }
    return xlsx_close(b, &why) || find_at(f, F_OUT_WRITE_FAILED, sv_from(path), sv_from(why));
}
