#include "base/amount.h"
#include "base/ascii.h"

enum { NANO = 1000000000, WHOLE_DIGITS = 18, NANO_DIGITS = 9 };

bool amount_read(sv s, amount *out)
{
    bool negative = s.n && (*s.p == '-' || *s.p == '+') && *s.p == '-';
    size_t i = s.n && (*s.p == '-' || *s.p == '+'), digits = 0, behind = 0;
    *out = (amount){0, 0};
    for (; i < s.n && is_digit(s.p[i]); i++) {
        if (digits || s.p[i] != '0') digits++;
        if (digits > WHOLE_DIGITS) return false;
        out->whole = out->whole * 10 + (s.p[i] - '0');
    }
    bool any = i > 0 && is_digit(s.p[i - 1]);
    if (i < s.n && s.p[i] == '.') {
        int64_t place = NANO / 10;
        for (i++; i < s.n && is_digit(s.p[i]); i++, behind++) {
            if (behind >= NANO_DIGITS && s.p[i] != '0') return false;
            if (behind < NANO_DIGITS) out->nano += place * (s.p[i] - '0');
            place /= 10;
        }
    }
    if (negative) *out = (amount){-out->whole, -out->nano};
    return i == s.n && (any || behind > 0);
}

bool amount_add(amount *to, amount x)
{
    int64_t whole, nano = to->nano + x.nano;
    if (__builtin_add_overflow(to->whole, x.whole, &whole)) return false;
    int64_t carry = nano / NANO;
    nano -= carry * NANO;
    if (__builtin_add_overflow(whole, carry, &whole)) return false;
    if (whole > 0 && nano < 0) {
        whole--;
        nano += NANO;
    } else if (whole < 0 && nano > 0) {
        whole++;
        nano -= NANO;
    }
    *to = (amount){whole, nano};
    return true;
}

int amount_cmp(amount a, amount b)
{
    if (a.whole != b.whole) return a.whole < b.whole ? -1 : 1;
    return a.nano < b.nano ? -1 : a.nano > b.nano;
}

void amount_text(buf *out, amount a)
{
    bool negative = a.whole < 0 || a.nano < 0;
    uint64_t whole = a.whole < 0 ? (uint64_t)-a.whole : (uint64_t)a.whole;
    int64_t nano = a.nano < 0 ? -a.nano : a.nano;
    buf_printf(out, "%s%llu", negative ? "-" : "", (unsigned long long)whole);
    if (!nano) return;
    buf_printf(out, ".%09lld", (long long)nano);
    while (out->n && out->p[out->n - 1] == '0') out->n--;
}

void total_add_amount(column_total *t, amount x)
{
    if (!amount_add(&t->sum, x)) {
        t->odd++;
        return;
    }
    if (!t->filled || amount_cmp(x, t->least) < 0) t->least = x;
    if (!t->filled || amount_cmp(x, t->most) > 0) t->most = x;
    t->filled++;
}

static void keep(char to[32], sv s)
{
    size_t n = s.n < 31 ? s.n : 31;
    memcpy(to, s.p, n);
    to[n] = '\0';
}

void total_add_moment(column_total *t, sv canonical)
{
    if (!t->filled || sv_cmp(canonical, sv_from(t->first)) < 0) keep(t->first, canonical);
    if (!t->filled || sv_cmp(canonical, sv_from(t->last)) > 0) keep(t->last, canonical);
    t->filled++;
}

void total_join(column_total *to, const column_total *from, bool numbers)
{
    to->odd += from->odd;
    if (!from->filled) return;
    if (numbers) {
        if (!to->filled || amount_cmp(from->least, to->least) < 0) to->least = from->least;
        if (!to->filled || amount_cmp(from->most, to->most) > 0) to->most = from->most;
        if (!amount_add(&to->sum, from->sum)) to->odd++;
    } else {
        if (!to->filled || sv_cmp(sv_from(from->first), sv_from(to->first)) < 0) keep(to->first, sv_from(from->first));
        if (!to->filled || sv_cmp(sv_from(from->last), sv_from(to->last)) > 0) keep(to->last, sv_from(from->last));
    }
    to->filled += from->filled;
}

bool total_same(const column_total *a, const column_total *b, bool numbers)
{
    if (a->filled != b->filled || a->odd != b->odd) return false;
    if (!a->filled) return true;
    if (numbers)
        return amount_cmp(a->sum, b->sum) == 0 && amount_cmp(a->least, b->least) == 0 &&
               amount_cmp(a->most, b->most) == 0;
    return strcmp(a->first, b->first) == 0 && strcmp(a->last, b->last) == 0;
}
