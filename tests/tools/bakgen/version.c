#include "version.h"

static const sql_version VERSIONS[] = {
    {611, 9, 0, 3068, 90, 732, 45, 44, 344, 48, 400, 0x0C, 3, 28, false, false},
    {655, 10, 0, 1600, 100, 1444, 47, 46, 364, 48, 1024, 0x0C, 4, 40, false, false},
    {661, 10, 50, 1600, 100, 1444, 47, 46, 364, 48, 1024, 0x0C, 4, 40, false, false},
    {706, 11, 0, 6020, 110, 1504, 49, 46, 400, 224, 1028, 0x0C, 5, 48, false, false},
    {782, 12, 0, 2269, 120, 1554, 49, 46, 400, 224, 1028, 0x0C, 5, 48, false, false},
    {852, 13, 0, 5026, 130, 1554, 49, 46, 400, 224, 1028, 0x04, 5, 48, true, false},
    {869, 14, 0, 2052, 140, 1644, 54, 53, 400, 224, 1028, 0x04, 5, 48, true, false},
    {904, 15, 0, 4382, 150, 1768, 56, 55, 400, 224, 1028, 0x04, 6, 72, true, true},
    {957, 16, 0, 4165, 160, 1768, 60, 59, 400, 224, 1028, 0x04, 6, 72, true, true},
    {998, 17, 0, 1000, 170, 1768, 66, 65, 400, 224, 1028, 0x04, 6, 72, true, true},
};

const sql_version *version_of(unsigned number)
{
    for (size_t i = 0; i < sizeof VERSIONS / sizeof *VERSIONS; i++)
        if (VERSIONS[i].number == number) return &VERSIONS[i];
    return NULL;
}
