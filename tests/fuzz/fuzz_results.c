/* What import tools give back: any bytes as a file of results, of an export, of
 * an earlier bundle, read against a bundle of three loads (by key, without one,
 * a second pass). The first byte chooses the file's name. */
#define _GNU_SOURCE /* memfd_create: a file with a path that lies in memory;   \
                       mkdtemp */
#include "base/platform.h"
#include "loaded/bundle_rows.h"
#include "loaded/came_back.h"
#include "loaded/exports.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WORDS(...)                                                                                                     \
    {                                                                                                                  \
        (const sv[]){__VA_ARGS__}, sizeof((const sv[]){__VA_ARGS__}) / sizeof(sv)                                      \
    }

static const result_form FORMS[] = {
    {.form = SV_LIT("successes"),
     .id = WORDS(SV_LIT("ID")),
     .state = WORDS(SV_LIT("STATUS")),
     .created = WORDS(SV_LIT("Item Created")),
     .updated = WORDS(SV_LIT("Item Updated"))},
    {.form = SV_LIT("errors"), .error = WORDS(SV_LIT("ERROR"), SV_LIT("Reason"))},
    {.form = SV_LIT("failures"), .row = WORDS(SV_LIT("Original Row Number")), .error = WORDS(SV_LIT("Description"))},
    {.form = SV_LIT("skipped"), .named = SV_LIT("skip"), .reason = SV_LIT("Skipped")},
    {.form = SV_LIT("export"), .id = WORDS(SV_LIT("Id"), SV_LIT("Record ID"))}};

static load_field patient[] = {
    {.heading = SV_LIT("Source_Key__c"),
     .name = SV_LIT("Source_Key__c"),
     .label = SV_LIT("Source Key"),
     .is_key = true},
    {.heading = SV_LIT("LastName"), .name = SV_LIT("LastName"), .label = SV_LIT("Last Name")},
    {.heading = SV_LIT("Birthdate"),
     .name = SV_LIT("Birthdate"),
     .label = SV_LIT("Birthdate"),
     .kind = LOAD_DATE,
     .form = SV_LIT("YYYY-MM-DD")}};
static load_field note[] = {
    {.heading = SV_LIT("Source Key"), .name = SV_LIT("key"), .label = SV_LIT("Key"), .is_key = true},
    {.heading = SV_LIT("Note"), .name = SV_LIT("note"), .label = SV_LIT("Note")},
    {.heading = SV_LIT("Fee"), .name = SV_LIT("fee"), .label = SV_LIT("Fee"), .kind = LOAD_MONEY}};
static load_field payer[] = {
    {.heading = SV_LIT("Source_Key__c"),
     .name = SV_LIT("Source_Key__c"),
     .label = SV_LIT("Source Key"),
     .is_key = true},
    {.heading = SV_LIT("Payer"), .name = SV_LIT("Payer__c"), .label = SV_LIT("Payer"), .kind = LOAD_LINK}};
static load_part part[] = {{.path = SV_LIT("x/01_Contact.csv"), .stem = SV_LIT("01_Contact"), .csv = true, .rows = 2},
                           {.path = SV_LIT("x/02_Note.csv"), .stem = SV_LIT("02_Note"), .csv = true, .rows = 1},
                           {.path = SV_LIT("x/03_Payer.csv"), .stem = SV_LIT("03_Payer"), .csv = true, .rows = 1}};
static bundle_load load[] = {{.object = SV_LIT("Contact"),
                              .table = SV_LIT("Contact"),
                              .label = SV_LIT("Contact"),
                              .plural = SV_LIT("Contacts"),
                              .file = SV_LIT("01_Contact.csv"),
                              .field = patient,
                              .fields = 3,
                              .part = part,
                              .parts = 1},
                             {.object = SV_LIT("Note"),
                              .table = SV_LIT("Note"),
                              .label = SV_LIT("Note"),
                              .plural = SV_LIT("Notes"),
                              .file = SV_LIT("02_Note.csv"),
                              .keyless = true,
                              .of = 1,
                              .field = note,
                              .fields = 3,
                              .part = part + 1,
                              .parts = 1},
                             {.object = SV_LIT("Contact"),
                              .table = SV_LIT("Contact"),
                              .label = SV_LIT("Contact"),
                              .plural = SV_LIT("Contacts"),
                              .file = SV_LIT("03_Payer.csv"),
                              .update = true,
                              .field = payer,
                              .fields = 2,
                              .part = part + 2,
                              .parts = 1}};
static sv objects[] = {SV_LIT("Contact"), SV_LIT("Note")};

/* As bundle_rows_read would have put them there. */
static bool add_rows(load_work *w)
{
    const row_place at[] = {{0, 0, 1}, {0, 0, 2}, {1, 0, 1}, {2, 0, 1}};
    const sv key[] = {SV_LIT("PP-PAT-1"), SV_LIT("PP-PAT-2"), SV_LIT("PP-NOT-1"), SV_LIT("PP-PAT-1")};
    const sv row[] = {key[2], SV_LIT("a note"), SV_LIT("12.50")};
    char same[CONTENT_HEX + 1];
    bool ok = row_content(&load[1], row, 3, NULL, same);
    for (size_t i = 0; ok && i < 4; i++)
        ok = load_work_row(w, &at[i], key[i], i == 2 ? (sv){same, CONTENT_HEX} : SV_LIT(""));
    return ok;
}

static void read_as(const loads *l, load_work *w, const char *path, sv name, arena *mem, findings *f)
{
    came_back c = {.l = l, .work = w, .mem = mem, .found = f, .reason = arena_array(mem, 4, sizeof(reason_list))};
    exports e = {.l = l, .work = w, .mem = mem, .found = f};
    row_fate fate;
    if (!c.reason || !exports_init(&e)) return;
    if (came_back_file(&c, path, name))
        for (size_t i = 0; i < 3; i++)
            if (!load_work_fate(w, &(row_place){i, 0, 1}, &fate)) __builtin_trap();
    if (!exports_read(&e, path)) return;
    export_row row = export_row_new();
    bool was = false;
    const sv cell[] = {SV_LIT("PP-PAT-1"), SV_LIT(""), SV_LIT("")};
    if (exports_find(&e, 0, cell, 3, &row, &was) && was)
        for (size_t i = 0; i < row.file->columns; i++)
            if (row.cell[i].n && !row.cell[i].p) __builtin_trap();
    export_row_free(&row);
}

/* A new one for each input, although that costs more than to read a small file: what exports keep in it is theirs alone. */
static load_work *work_file(void)
{
    static char folder[256]; /* several harnesses run at once */
    static findings *found;
    static load_work *w;
    if (!found) {
        snprintf(folder, sizeof folder, "%s/fuzz_results.XXXXXX", os_temp_folder());
        found = mkdtemp(folder) ? findings_new() : NULL;
    }
    if (!found) return NULL;
    load_work_close(w);
    w = load_work_open(folder, found);
    if (w && !add_rows(w)) __builtin_trap();
    return w;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"01_Contact_success.csv", "skip_file_02_Note.csv", "Contact.csv",
                                        "results.xlsx"};
    char path[64];
    if (!size) return 0;
    int fd = memfd_create("results", 0);
    if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)(size - 1)) return 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    arena *mem = arena_new(0);
    findings *f = findings_new();
    load_work *w = work_file();
    const loads l = {.id = SV_LIT("x"),
                     .title = SV_LIT("X"),
                     .yes = SV_LIT("1"),
                     .no = SV_LIT("0"),
                     .delimiter = ',',
                     .forms = {.form = FORMS, .forms = sizeof FORMS / sizeof FORMS[0]},
                     .load = load,
                     .loads = 3,
                     .object = objects,
                     .objects = 2};
    if (mem && f && w) read_as(&l, w, path, sv_from(names[data[0] & 3]), mem, f);
    findings_free(f);
    arena_free(mem);
    close(fd);
    return 0;
}
