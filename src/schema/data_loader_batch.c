#include "schema/data_loader_batch.h"
#include "schema/salesforce.h"

enum {
    CONF_BYTES_MAX = 4 << 20,
    /* Bulk API: a cell of at most 32,000 characters, a batch of 10,000,000 (kept below, for what escapes add) and of 10,000
     * rows, of which 2,000 are the Data Loader's own choice. Without it: 200 rows. */
    BULK_CELL_MAX = 32000,
    BULK_BATCH_CHARACTERS = 6000000,
    BULK_BATCH_ROWS = 2000,
    SOAP_BATCH_ROWS = 200,
    /* Below, a load without the Bulk API takes minutes and its errors come in order. */
    BULK_FROM_ROWS = 5000
};

bool loader_waits(const fact_load *l) { return sv_eq(l->object, SV_LIT("ContentVersion")); }

loader_settings loader_settings_of(const deliver_facts *facts, const fact_load *l)
{
    loader_settings s = {.rows_per_batch = SOAP_BATCH_ROWS};
    uint64_t longest = 0, row = 0;
    for (size_t i = 0; i < l->fields; i++) {
        row += l->field[i].longest + 3;
        if (l->field[i].longest > longest) longest = l->field[i].longest;
    }
    s.bulk = l->rows >= BULK_FROM_ROWS && longest <= BULK_CELL_MAX;
    s.serial = salesforce_is_detail(&facts->table[l->table], facts) || l->update;
    if (s.bulk) {
        uint64_t most = row ? BULK_BATCH_CHARACTERS / row : BULK_BATCH_ROWS;
        s.rows_per_batch = most < 1 ? 1 : most < BULK_BATCH_ROWS ? most : BULK_BATCH_ROWS;
    }
    return s;
}

static void entry(xml_writer *x, const char *key, sv value)
{
    xml_open(x, "entry");
    xml_attr(x, "key", sv_from(key));
    xml_attr(x, "value", value);
    xml_close(x);
}

static void entry_number(xml_writer *x, const char *key, uint64_t value)
{
    buf b = buf_new(64);
    buf_printf(&b, "%llu", (unsigned long long)value);
    entry(x, key, buf_view(&b));
    buf_free(&b);
}

static void entry_bool(xml_writer *x, const char *key, bool value)
{
    entry(x, key, value ? SV_LIT("true") : SV_LIT("false"));
}

/* "results/01_Account_success.csv": what, of the file's name without its ending. */
static void entry_path(xml_writer *x, const char *key, const char *before, sv stem, const char *behind)
{
    buf b = buf_new(1024);
    buf_printf(&b, "%s%.*s%s", before, (int)stem.n, stem.p, behind);
    if (b.failed) x->out.failed = true;
    entry(x, key, buf_view(&b));
    buf_free(&b);
}

static sv stem_of(sv file) { return (sv){file.p, file.n - 4}; }

static void where(xml_writer *x, const fact_load *l, const fact_file *f)
{
    entry_path(x, "dataAccess.name", "", stem_of(f->name), ".csv");
    entry(x, "dataAccess.type", SV_LIT("csvRead"));
    entry_bool(x, "dataAccess.readUTF8", true);
    entry_path(x, "process.mappingFile", "", stem_of(l->file), ".sdl");
    entry(x, "process.statusOutputDirectory", SV_LIT("results"));
    entry_path(x, "process.outputSuccess", "results/", stem_of(f->name), "_success.csv");
    entry_path(x, "process.outputError", "results/", stem_of(f->name), "_error.csv");
}

static void how(xml_writer *x, const deliver_facts *facts, const fact_load *l)
{
    loader_settings s = loader_settings_of(facts, l);
    entry(x, "sfdc.entity", l->object);
    entry(x, "process.operation", SV_LIT("upsert"));
    entry(x, "sfdc.externalIdField", facts->table[l->table].key);
    entry_bool(x, "sfdc.useBulkApi", s.bulk);
    if (s.bulk) entry_bool(x, "sfdc.bulkApiSerialMode", s.serial);
    entry_number(x, "sfdc.loadBatchSize", s.rows_per_batch);
    /* Of what has no zone of its own. Where that is everything, the settings of who loads decide: see the guide. */
    if (!facts->local_moments) entry(x, "sfdc.timezone", SV_LIT("UTC"));
    entry_bool(x, "sfdc.insertNulls", false);
    entry_bool(x, "sfdc.truncateFields", false);
    entry_bool(x, "process.useEuropeanDates", false);
}

static void who(xml_writer *x)
{
    entry(x, "sfdc.endpoint", SV_LIT("https://login.salesforce.com"));
    entry(x, "sfdc.username", SV_LIT("USER@EXAMPLE.COM"));
    entry(x, "sfdc.password", SV_LIT("PASSWORD-MADE-BY-encrypt.bat"));
    entry(x, "process.encryptionKeyFile", SV_LIT("PATH-OF-THE-KEY-FILE"));
}

static void bean(xml_writer *x, const deliver_facts *facts, const fact_load *l, const fact_file *f)
{
    buf id = buf_new(1024);
    buf_printf(&id, "load_%.*s", (int)f->name.n - 4, f->name.p);
    xml_open(x, "bean");
    xml_attr(x, "id", buf_view(&id));
    xml_attr(x, "class", SV_LIT("com.salesforce.dataloader.process.ProcessRunner"));
    xml_attr(x, "scope", SV_LIT("prototype"));
    xml_open(x, "property");
    xml_attr(x, "name", SV_LIT("name"));
    xml_attr(x, "value", buf_view(&id));
    xml_close(x);
    xml_open(x, "property");
    xml_attr(x, "name", SV_LIT("configOverrideMap"));
    xml_open(x, "map");
    who(x);
    how(x, facts, l);
    where(x, l, f);
    xml_close(x);
    xml_close(x);
    xml_close(x);
    if (id.failed) x->out.failed = true;
    buf_free(&id);
}

xml_writer data_loader_processes(const deliver_facts *facts)
{
    xml_writer x = xml_begin(CONF_BYTES_MAX);
    /* The Data Loader checks the file by this DTD, which it carries with it. */
    buf_str(&x.out, "<!DOCTYPE beans PUBLIC \"-//SPRING//DTD BEAN 2.0//EN\" "
                    "\"http://www.springframework.org/dtd/spring-beans-2.0.dtd\">\n");
    xml_open(&x, "beans");
    for (size_t i = 0; i < facts->loads; i++)
        for (size_t k = 0; !loader_waits(&facts->load[i]) && k < facts->load[i].parts; k++)
            bean(&x, facts, &facts->load[i], &facts->load[i].part[k]);
    xml_close(&x);
    return x;
}
