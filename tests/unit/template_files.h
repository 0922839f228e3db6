/* A small destination for tests, in files: written, changed in one place, loaded. */
#ifndef TESTS_TEMPLATE_FILES_H
#define TESTS_TEMPLATE_FILES_H

#include "folder.h"
#include "template/destination.h"

#define TEMPLATE_ROOM   "deliver_template.tmp"
#define TEMPLATE_FOLDER TEMPLATE_ROOM "/crm"

enum { TEMPLATE_FILES = 4 };

typedef struct template_file {
    const char *name, *text;
} template_file;

static const template_file good_template[TEMPLATE_FILES] = {
    {"destination.yaml", "id: crm\n"
                         "title: A CRM\n"
                         "schema: 1\n"
                         "format: {newline: crlf, dates: YYYY-MM-DD, datetimes: 'YYYY-MM-DDThh:mm:ss'}\n"
                         "limits: {first_year: 1700, last_year: 4000}\n"
                         "packages: [data_loader]\n"
                         "requires:\n"
                         "  Account: [Name]\n"
                         "  Contact: [LastName]\n"},
    {"account.yaml", "object: Account\n"
                     "from: practice_location\n"
                     "key: Key__c\n"
                     "file: 01_Account.csv\n"
                     "fields:\n"
                     "  Name: {from: name, required: true}\n"},
    {"contact.yaml", "object: Contact\n"
                     "from: patient\n"
                     "key: Key__c\n"
                     "file: 02_Contact.csv\n"
                     "after: [Account]\n"
                     "fields:\n"
                     "  LastName: {from: last, required: true, max_length: 10, overflow: cut}\n"
                     "  Name__c: {join: [first, last], separator: '-'}\n"
                     "  Birthdate: {from: birth_date, format: MM/DD/YYYY}\n"
                     "  Sex__c:\n"
                     "    from: sex\n"
                     "    else: hold\n"
                     "    values: {female: F, male: M, unknown: U}\n"
                     "  AccountId: {from: location, lookup: Account.Key__c}\n"
                     "  Source__c: {const: Old system}\n"
                     "  Chart__c: {from: chart_number, default: none}\n"},
    {"event.yaml", "object: Event\n"
                   "from: appointment\n"
                   "key: Key__c\n"
                   "file: 03_Event.csv\n"
                   "after: [Contact]\n"
                   "fields:\n"
                   "  StartDateTime: {from: start_at, required: true}\n"
                   "  WhoId: {from: patient, lookup: Contact.Key__c, else: reject, required: true}\n"},
};

static inline void template_write(const char *name, const char *text, size_t n)
{
    char path[256];
    const char *why = "";
    snprintf(path, sizeof path, "%s/%s", TEMPLATE_FOLDER, name);
    if (os_exists(path)) assert_true(os_remove(path));
    os_out *o = os_create(path, &why);
    assert_non_null(o);
    assert_true(os_write(o, text, n, &why) && os_close(o, &why));
}

static inline void template_write_all(void)
{
    const char *why = "";
    if (os_exists(TEMPLATE_ROOM)) folder_remove(TEMPLATE_ROOM);
    assert_true(os_make_folder(TEMPLATE_ROOM, &why) && os_make_folder(TEMPLATE_FOLDER, &why));
    for (size_t i = 0; i < TEMPLATE_FILES; i++)
        template_write(good_template[i].name, good_template[i].text, strlen(good_template[i].text));
}

/* The file again, with the first `old` in it replaced. */
static inline void template_change(const char *name, const char *old, const char *new)
{
    for (size_t i = 0; i < TEMPLATE_FILES; i++) {
        if (strcmp(good_template[i].name, name) != 0) continue;
        const char *text = good_template[i].text, *at = strstr(text, old);
        if (!at) fail_msg("%s does not hold \"%s\"", name, old);
        buf b = buf_new(1 << 20);
        buf_add(&b, text, (size_t)(at - text));
        buf_str(&b, new);
        buf_str(&b, at + strlen(old));
        template_write(name, b.p, b.n);
        buf_free(&b);
        return;
    }
    fail_msg("there is no file %s", name);
}

/* What a test loads templates into; the good ones are written. */
typedef struct template_fixture {
    arena *mem;
    problems wrong;
} template_fixture;

static inline int template_start(void **state)
{
    template_fixture *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    template_write_all();
    *state = x;
    return 0;
}

static inline int template_end(void **state)
{
    template_fixture *x = *state;
    arena_free(x->mem);
    free(x);
    folder_remove(TEMPLATE_ROOM);
    return 0;
}

#endif
