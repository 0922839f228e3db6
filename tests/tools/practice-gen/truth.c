#include "truth.h"
#include "base/buf.h"
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>

enum { FIELDS_MAX = 48, VALUE_BYTES_MAX = 1 << 26, FLUSH_BYTES = 1 << 20 };

typedef enum kind {
    KIND_TEXT,
    KIND_DATE,
    KIND_DATETIME,
    KIND_INTEGER,
    KIND_DECIMAL,
    KIND_BOOL,
    KIND_ENUM,
    KIND_REFERENCE
} kind;

typedef struct line {
    const char *name;
    bool entity;
    kind kind;
} line;

#define ENTITY(name, letters, title)             {#name, true, KIND_TEXT},
#define FIELD(name, type, flags, about, meaning) {#name, false, KIND_##type},
#define INPUT(name, concern, meaning)
#define END
static const line LINES[] = {
#include "model/model.def"
};
#undef ENTITY
#undef FIELD
#undef INPUT
#undef END
enum { LINES_N = sizeof LINES / sizeof *LINES, ENTITIES_MAX = 32 };

/* What the truth is silent about: how a note looks in HTML, where a bundle puts a file, and what the source does not
 * say and a profile may work out or leave. */
static const char *const UNSAID[][2] = {{"clinical_note", "body_html"},
                                        {"document", "path"},
                                        {"letter", "document"},
                                        {"letter_template", "merge_fields"},
                                        {"letter_template", "codes"},
                                        {"tooth_record", "furcation_scale"},
                                        {"custom_finding", "type"},
                                        {"custom_value", "type"},
                                        {"appointment", "end_at"},
                                        {"insurance_policy", "carrier_name"},
                                        {"clinical_exam", "comparison_group"},
                                        {"clinical_exam", "bleeding_marks"},
                                        {"clinical_exam", "plaque_sites"},
                                        {"clinical_exam", "suppuration_sites"},
                                        {"clinical_exam", "pd4_sites"},
                                        {"clinical_exam", "pd5_sites"},
                                        {"clinical_exam", "pd6_sites"},
                                        {"clinical_exam", "pd5_teeth"},
                                        {"clinical_exam", "teeth_present"},
                                        {"clinical_exam", "teeth_missing"},
                                        {"clinical_exam", "implants"},
                                        {"provider", "taxonomy"},
                                        {"letter", "recipient"}};

/* What of Dr.DENTES' exports is the profile's own choice. */
static const char *const UNSAID_TURKISH[][2] = {
    {"patient", "chart_number"},      {"patient", "source_id"},     {"patient", "first_visit"},
    {"patient", "billing_type"},      {"provider", "display"},      {"provider", "specialty"},
    {"provider", "is_internal"},      {"treatment_plan", "status"}, {"treatment_plan", "currency"},
    {"diagnosis", "code_system"},     {"appointment", "duration"},  {"insurance_policy", "plan"},
    {"practice_location", "country"}, {"plan_line", "seq"}};

typedef struct entity {
    const char *name;
    const line *field[FIELDS_MAX];
    size_t fields;
    bool silent; /* rows are not written */
    FILE *file;
    buf out;
    uint64_t count, digest;
    int64_t sum[FIELDS_MAX]; /* in ten-thousandths */
} entity;

struct truth {
    char *folder;
    entity entity[ENTITIES_MAX];
    size_t entities;
    bool turkish;
    FILE *cases, *losses;
    EVP_MD_CTX *hash;
    EVP_MD *sha256;
    fault *f;
    /* the record at hand */
    entity *now;
    buf key, value;
    size_t from[FIELDS_MAX], bytes[FIELDS_MAX], at;
};

static FILE *create(truth *t, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.csv", t->folder, name);
    FILE *out = fopen(path, "wbx");
    if (!out) fail(t->f, "%s: exists, or cannot be made", path);
    return out;
}

static bool unsaid(const truth *t, const char *entity_name, const char *field)
{
    for (size_t i = 0; t->turkish && i < sizeof UNSAID_TURKISH / sizeof *UNSAID_TURKISH; i++)
        if (strcmp(UNSAID_TURKISH[i][0], entity_name) == 0 && strcmp(UNSAID_TURKISH[i][1], field) == 0) return true;
    for (size_t i = 0; i < sizeof UNSAID / sizeof *UNSAID; i++)
        if (strcmp(UNSAID[i][0], entity_name) == 0 && strcmp(UNSAID[i][1], field) == 0) return true;
    return false;
}

static void open_entity(truth *t, entity *e)
{
    e->out = buf_new(VALUE_BYTES_MAX);
    if (e->silent) return;
    e->file = create(t, e->name);
    buf_str(&e->out, "src_key");
    for (size_t i = 0; i < e->fields; i++) buf_printf(&e->out, ",%s", e->field[i]->name);
    buf_str(&e->out, "\n");
}

truth *truth_open(const char *folder, bool quiet_charts, bool turkish, fault *f)
{
    truth *t = calloc(1, sizeof *t);
    char *copy = malloc(strlen(folder) + 1);
    if (!t || !copy) {
        free(t);
        free(copy);
        fail(f, "out of memory");
        return NULL;
    }
    memcpy(copy, folder, strlen(folder) + 1);
    *t =
        (truth){.folder = copy, .turkish = turkish, .f = f, .key = buf_new(1 << 16), .value = buf_new(VALUE_BYTES_MAX)};
    t->hash = EVP_MD_CTX_new();
    t->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!t->hash || !t->sha256 || !EVP_DigestInit_ex2(t->hash, t->sha256, NULL)) fail(f, "no SHA-256");
    for (size_t i = 0; i < LINES_N; i++) {
        entity *e = &t->entity[t->entities - !LINES[i].entity];
        if (LINES[i].entity) {
            e->name = LINES[i].name;
            t->entities++;
        } else if (!unsaid(t, e->name, LINES[i].name)) {
            e->field[e->fields++] = &LINES[i];
        }
    }
    for (size_t i = 0; i < t->entities; i++) {
        entity *e = &t->entity[i];
        e->silent = quiet_charts && (strcmp(e->name, "tooth_record") == 0 || strcmp(e->name, "site_measure") == 0);
        open_entity(t, e);
    }
    t->cases = create(t, "cases");
    t->losses = create(t, "losses");
    if (t->cases) fputs("case,table,key,column,outcome,value,code\n", t->cases);
    if (t->losses) fputs("dialect,table,key,column,loss\n", t->losses);
    return t;
}

/* ---- records ---- */

void truth_begin(truth *t, const char *name, sv key)
{
    t->now = NULL;
    for (size_t i = 0; i < t->entities && !t->now; i++)
        if (strcmp(t->entity[i].name, name) == 0) t->now = &t->entity[i];
    if (!t->now) {
        fail(t->f, "truth: no entity %s", name);
        return;
    }
    buf_clear(&t->key);
    buf_clear(&t->value);
    buf_sv(&t->key, key);
    memset(t->bytes, 0, sizeof t->bytes);
    t->at = 0;
}

void truth_set(truth *t, const char *field, sv value)
{
    entity *e = t->now;
    if (!e || value.n == 0) return;
    for (size_t k = 0; k < e->fields; k++) {
        size_t i = t->at + k < e->fields ? t->at + k : t->at + k - e->fields;
        if (strcmp(e->field[i]->name, field) != 0) continue;
        t->at = i;
        t->from[i] = t->value.n;
        t->bytes[i] = value.n;
        buf_sv(&t->value, value);
        return;
    }
    if (!unsaid(t, e->name, field)) fail(t->f, "truth: %s has no field %s", e->name, field);
}

void truth_str(truth *t, const char *field, const char *value) { truth_set(t, field, sv_from(value)); }

static sv field_text(const truth *t, size_t i) { return (sv){t->value.p + t->from[i], t->bytes[i]}; }

static void add_csv(buf *out, sv s)
{
    bool quote = false;
    for (size_t i = 0; i < s.n && !quote; i++) quote = strchr(",\"\r\n", s.p[i]) && s.p[i];
    if (!quote) {
        buf_sv(out, s);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') buf_char(out, '"');
        buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
}

/* "-12.5" as ten-thousandths; further digits do not occur. */
static int64_t ten_thousandths(sv s)
{
    int64_t x = 0;
    int fraction = -1;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.') fraction = 0;
        if (s.p[i] < '0' || s.p[i] > '9') continue;
        x = x * 10 + (s.p[i] - '0');
        if (fraction >= 0) fraction++;
    }
    for (fraction = fraction < 0 ? 0 : fraction; fraction < 4; fraction++) x *= 10;
    return s.n && s.p[0] == '-' ? -x : x;
}

static void add_digest(truth *t, entity *e)
{
    uint8_t sum[EVP_MAX_MD_SIZE];
    bool ok = EVP_DigestInit_ex2(t->hash, NULL, NULL) && EVP_DigestUpdate(t->hash, t->key.p, t->key.n);
    for (size_t i = 0; ok && i < e->fields; i++) {
        sv v = field_text(t, i);
        ok = EVP_DigestUpdate(t->hash, "\x1F", 1) && (v.n == 0 || EVP_DigestUpdate(t->hash, v.p, v.n));
    }
    if (!ok || !EVP_DigestFinal_ex(t->hash, sum, NULL)) {
        fail(t->f, "SHA-256 failed");
        return;
    }
    uint64_t x = 0;
    for (unsigned i = 0; i < 8; i++) x = x << 8 | sum[i];
    e->digest += x;
}

static void flush(truth *t, entity *e, bool all)
{
    if (e->silent || !e->file || (!all && e->out.n < FLUSH_BYTES)) return;
    if (e->out.failed || fwrite(e->out.p, 1, e->out.n, e->file) != e->out.n)
        fail(t->f, "the truth of %s cannot be written", e->name);
    buf_clear(&e->out);
}

void truth_end(truth *t)
{
    entity *e = t->now;
    if (!e) return;
    e->count++;
    add_digest(t, e);
    for (size_t i = 0; i < e->fields; i++) {
        kind k = e->field[i]->kind;
        if (t->bytes[i] && (k == KIND_INTEGER || k == KIND_DECIMAL || k == KIND_BOOL))
            e->sum[i] += ten_thousandths(field_text(t, i));
    }
    if (e->silent) return;
    add_csv(&e->out, buf_view(&t->key));
    for (size_t i = 0; i < e->fields; i++) {
        buf_char(&e->out, ',');
        add_csv(&e->out, field_text(t, i));
    }
    buf_char(&e->out, '\n');
    flush(t, e, false);
}

/* ---- lists ---- */

static void put_list(truth *t, FILE *out, const sv *item, size_t n)
{
    buf b = buf_new(1 << 20);
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(&b, ',');
        add_csv(&b, item[i]);
    }
    buf_char(&b, '\n');
    if (!out || b.failed || fwrite(b.p, 1, b.n, out) != b.n) fail(t->f, "a list of the truth cannot be written");
    buf_free(&b);
}

void truth_case(truth *t, unsigned number, const char *table, sv key, const char *column, const char *outcome, sv value,
                const char *code)
{
    char digits[8];
    snprintf(digits, sizeof digits, "%u", number);
    const sv item[] = {sv_from(digits), sv_from(table), key, sv_from(column), sv_from(outcome), value, sv_from(code)};
    put_list(t, t->cases, item, sizeof item / sizeof *item);
}

void truth_loss(truth *t, const char *dialect, const char *table, sv key, const char *column, const char *what)
{
    const sv item[] = {sv_from(dialect), sv_from(table), key, sv_from(column), sv_from(what)};
    put_list(t, t->losses, item, sizeof item / sizeof *item);
}

/* ---- the end ---- */

static void put_entity(FILE *out, const entity *e, bool last)
{
    fprintf(out, "  \"%s\": {\"count\": %" PRIu64 ", \"digest\": \"%016" PRIx64 "\", \"fields\": [", e->name, e->count,
            e->digest);
    for (size_t i = 0; i < e->fields; i++) fprintf(out, "%s\"%s\"", i ? ", " : "", e->field[i]->name);
    fputs("], \"sums\": {", out);
    bool first = true;
    for (size_t i = 0; i < e->fields; i++) {
        kind k = e->field[i]->kind;
        if (k != KIND_INTEGER && k != KIND_DECIMAL && k != KIND_BOOL) continue;
        uint64_t size = e->sum[i] < 0 ? 0 - (uint64_t)e->sum[i] : (uint64_t)e->sum[i];
        fprintf(out, "%s\"%s\": \"%s%" PRIu64 ".%04" PRIu64 "\"", first ? "" : ", ", e->field[i]->name,
                e->sum[i] < 0 ? "-" : "", size / 10000, size % 10000);
        first = false;
    }
    fprintf(out, "}}%s\n", last ? "" : ",");
}

static void put_digests(truth *t)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/digests.json", t->folder);
    FILE *out = fopen(path, "wbx");
    if (!out) {
        fail(t->f, "%s: exists, or cannot be made", path);
        return;
    }
    fputs("{\n", out);
    for (size_t i = 0; i < t->entities; i++) put_entity(out, &t->entity[i], i + 1 == t->entities);
    fputs("}\n", out);
    if (fclose(out) != 0) fail(t->f, "%s: cannot be written", path);
}

bool truth_close(truth *t, fault *f)
{
    for (size_t i = 0; i < t->entities; i++) {
        entity *e = &t->entity[i];
        flush(t, e, true);
        if (e->file && fclose(e->file) != 0) fail(f, "the truth of %s cannot be written", e->name);
        buf_free(&e->out);
    }
    put_digests(t);
    if (t->cases && fclose(t->cases) != 0) fail(f, "cases.csv cannot be written");
    if (t->losses && fclose(t->losses) != 0) fail(f, "losses.csv cannot be written");
    EVP_MD_CTX_free(t->hash);
    EVP_MD_free(t->sha256);
    buf_free(&t->key);
    buf_free(&t->value);
    free(t->folder);
    free(t);
    return !f->set;
}
