/* make_reports FOLDER: writes the report of every case to FOLDER/<case>; FOLDER must not exist. */
#include "base/platform.h"
#include "report_cases.h"
#include <stdio.h>

int main(int n, char **argument)
{
    const char *why = "";
    if (n != 2 || !os_make_folder(argument[1], &why)) {
        fprintf(stderr, "usage: make_reports NEW_FOLDER %s\n", why);
        return 2;
    }
    for (int kind = 0; kind < CASE_KINDS; kind++) {
        char folder[4096];
        report_case *c = report_case_new((case_kind)kind);
        if (!c) return 1;
        snprintf(folder, sizeof folder, "%s/%s", argument[1], c->name);
        bool ok = os_make_folder(folder, &why) && report_write(&c->in, folder) == ST_OK;
        report_case_free(c);
        if (!ok) return 1;
    }
    return 0;
}
