/* Large values, fetched apart from their rows, a piece at a time. */
#include "base/bytes.h"
#include "base/utf.h"
#include "tds/tds_failure.h"
#include "tds/tds_internal.h"
#include "tds/tds_quote.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A piece of text grows at most fourfold; the longest character is carried over. */
enum { PIECE = 256 << 10, CARRY_MAX = 4, TEXT_ROOM = CODEPAGE_GROWTH_MAX * (PIECE + CARRY_MAX) + 4, SQL_MAX = 1 << 16 };

/* ---- keys ---- */

uint32_t tds_key_keep(tds_source *s, sv key)
{
    uint32_t number = UINT32_MAX;
    mutex_lock(s->lock);
    if (s->key_n == s->key_room && s->key_n < UINT32_MAX / 2) {
        const size_t room = s->key_room ? s->key_room * 2 : 1024;
        sv *more = realloc(s->key, room * sizeof *more);
        if (more) {
            s->key = more;
            s->key_room = room;
        }
    }
    if (s->key_n < s->key_room) {
        const sv kept = arena_sv(s->keys, key);
        if (kept.p) {
            s->key[s->key_n] = kept;
            number = (uint32_t)s->key_n++;
        }
    }
    mutex_unlock(s->lock);
    return number;
}

sv tds_key_of(tds_source *s, uint32_t number)
{
    mutex_lock(s->lock);
    const sv key = number < s->key_n ? s->key[number] : (sv){NULL, 0};
    mutex_unlock(s->lock);
    return key;
}

/* ---- a stream ---- */

struct lob_stream {
    tds_source *s;
    tds_link *link;
    const table_info *info;
    const tds_table *table;
    const tds_column_plan *plan;
    lob_ref ref;
    uint64_t at; /* bytes fetched */
    size_t bad, carry, ready_at, ready;
    bool lost, plain;
    char piece[PIECE + CARRY_MAX];
    char text[TEXT_ROOM];
};

static status lose(lob_stream *l, const char *why)
{
    finding x = FINDING_OF(F_TDS_VALUE_GONE);
    x.table = l->info->full_name;
    x.column = l->info->column[l->ref.column].name;
    x.a = sv_from(why);
    if (!l->lost) find_add(l->s->found, &x);
    l->lost = true;
    return ST_ROW_LOST;
}

static bool where(lob_stream *l, buf *b)
{
    const sv key = tds_key_of(l->s, l->ref.page);
    cur c = cur_from(key.p, key.n);
    const size_t parts = l->table->keys ? l->table->keys : 1;
    for (size_t i = 0; i < parts; i++) {
        const size_t n = cur_u16(&c);
        const sv bytes = {(const char *)cur_take(&c, n), n};
        if (c.bad) return false;
        buf_str(b, i ? " AND " : " WHERE ");
        if (l->table->keys) {
            const column_info *info = &l->info->column[l->table->key[i]];
            buf_sv(b, l->table->column[l->table->key[i]].quoted);
            buf_str(b, " = CAST(");
            tds_hex(b, bytes);
            buf_str(b, " AS ");
            /* rowversion is a name for columns only. */
            buf_sv(b, info->type == T_ROWVERSION ? SV_LIT("binary(8)") : info->type_name);
            buf_char(b, ')');
        } else {
            buf_str(b, "%%physloc%% = ");
            tds_hex(b, bytes);
        }
    }
    return true;
}

static bool make_statement(lob_stream *l, buf *b)
{
    buf_printf(b, "SELECT CAST(%.*s AS bigint), SUBSTRING(%.*s, %" PRIu64 ", %d) FROM ", (int)l->plan->length.n,
               l->plan->length.p, (int)l->plan->bytes.n, l->plan->bytes.p, l->at + 1, PIECE);
    buf_sv(b, l->table->from);
    const bool ok = where(l, b);
    buf_char(b, '\0');
    return ok && !b->failed;
}

/* The piece behind `at`, behind what was carried over. */
static status take_piece(lob_stream *l, size_t *n)
{
    sv length, bytes;
    if (tds_columns(l->link) != 2) return lose(l, "the answer has other columns than were asked for");
    const status st = tds_row(l->link);
    if (st == ST_END) return lose(l, "its row is gone");
    if (st != ST_OK) return st;
    if (tds_column(l->link, 0, &length) != TDS_INTEGER || length.n != 8 ||
        le64((const uint8_t *)length.p) != l->ref.bytes || tds_column(l->link, 1, &bytes) != TDS_BYTES)
        return lose(l, "it was changed meanwhile");
    const uint64_t left = l->ref.bytes - l->at;
    if (bytes.n != (left < PIECE ? left : PIECE)) return lose(l, "fewer of its bytes came than it has");
    memcpy(l->piece + l->carry, bytes.p, bytes.n);
    *n = bytes.n;
    const status end = tds_row(l->link);
    if (end == ST_OK) return lose(l, "its key stands for several rows");
    return end == ST_END ? ST_OK : end;
}

static status fetch(lob_stream *l, size_t *n)
{
    buf b = buf_new(SQL_MAX);
    status st = make_statement(l, &b) ? ST_OK : lose(l, "its row has no key to find it again by");
    if (st == ST_OK) st = tds_ask(l->link, b.p);
    if (st == ST_OK) st = take_piece(l, n);
    buf_free(&b);
    if (st == ST_TABLE_LOST) {
        char words[TDS_WORDS_MAX];
        return lose(l, tds_words(tds_trouble_of(l->link), words));
    }
    return st;
}

/* ---- text: characters may be split between pieces ---- */

static void convert(lob_stream *l, size_t n)
{
    if (l->plan->encoding == LOB_UTF16)
        l->ready = utf16_to_utf8(l->piece, n, l->text, &l->bad);
    else
        l->ready = codepage_to_utf8(l->plan->type.cp, (sv){l->piece, n}, l->text, &l->bad);
}

static status fill(lob_stream *l)
{
    size_t n = 0;
    l->ready = l->ready_at = 0;
    if (l->at == l->ref.bytes && !l->carry) return ST_END;
    if (l->at < l->ref.bytes) {
        const status st = fetch(l, &n);
        if (st != ST_OK) return st;
    }
    l->at += n;
    n += l->carry;
    if (l->plan->encoding == LOB_BYTES) {
        l->ready = n;
        return ST_OK;
    }
    l->carry = l->at < l->ref.bytes ? sqltype_split(l->plan->encoding, l->plan->type.cp, l->piece, n) : 0;
    convert(l, n - l->carry);
    memmove(l->piece, l->piece + n - l->carry, l->carry);
    return ST_OK;
}

static void say_text(const lob_stream *l)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", l->bad);
    finding x = FINDING_OF(F_TDS_TEXT);
    x.table = l->info->full_name;
    x.column = l->info->column[l->ref.column].name;
    x.a = sv_from(number);
    if (l->bad) find_add(l->s->found, &x);
}

status tds_lob_open(row_source *source, const lob_ref *ref, lob_stream **out)
{
    tds_source *s = (tds_source *)source;
    *out = NULL;
    if (ref->owner >= s->catalog.tables || ref->column >= s->catalog.table[ref->owner].columns) return ST_ROW_LOST;
    lob_stream *l = calloc(1, sizeof *l);
    if (!l) {
        find_code(s->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
        return ST_FATAL;
    }
    l->s = s;
    l->ref = *ref;
    l->info = &s->catalog.table[ref->owner];
    l->table = &s->table[ref->owner];
    l->plan = &l->table->column[ref->column];
    l->plain = !s->snapshot || l->table->memory_optimized;
    l->link = tds_take(s, l->plain, l->info->full_name);
    if (!l->link) {
        const status st = lose(l, "no further connection could be made");
        free(l);
        return st;
    }
    *out = l;
    return ST_OK;
}

status tds_lob_read(lob_stream *l, void *p, size_t room, size_t *got)
{
    *got = 0;
    while (l->ready_at == l->ready) {
        const status st = l->lost ? ST_ROW_LOST : fill(l);
        if (st == ST_END) say_text(l);
        l->bad = st == ST_END ? 0 : l->bad;
        if (st != ST_OK) return st;
    }
    const char *from = l->plan->encoding == LOB_BYTES ? l->piece : l->text;
    *got = l->ready - l->ready_at < room ? l->ready - l->ready_at : room;
    memcpy(p, from + l->ready_at, *got);
    l->ready_at += *got;
    return ST_OK;
}

void tds_lob_close(lob_stream *l)
{
    if (!l) return;
    if (tds_cancel(l->link))
        tds_give(l->s, l->link, l->plain);
    else
        tds_link_close(l->link);
    free(l);
}
