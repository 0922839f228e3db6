/* Where in an SQL text something stands, for messages: a reading of words, quotes, comments and parentheses, not of
 * grammar. */
#include "profile/profile_internal.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

static char at_or_end(sv sql, size_t i) { return i < sql.n ? sql.p[i] : '\0'; }

/* Past blanks and comments. */
static size_t skip_blanks(sv sql, size_t i)
{
    for (;;) {
        while (i < sql.n && strchr(" \t\r\n\f", sql.p[i]) && sql.p[i]) i++;
        if (at_or_end(sql, i) == '-' && at_or_end(sql, i + 1) == '-') {
            while (i < sql.n && sql.p[i] != '\n') i++;
        } else if (at_or_end(sql, i) == '/' && at_or_end(sql, i + 1) == '*') {
            i += 2;
            while (i < sql.n && !(sql.p[i] == '*' && at_or_end(sql, i + 1) == '/')) i++;
            i = i + 2 < sql.n ? i + 2 : sql.n;
        } else
            return i;
    }
}

/* From the opening quote at i to behind the closing one; a doubled quote is part of the text. */
static size_t skip_quoted(sv sql, size_t i, char closing)
{
    for (i++; i < sql.n; i++) {
        if (sql.p[i] != closing) continue;
        if (closing == ']' || at_or_end(sql, i + 1) != closing) return i + 1;
        i++;
    }
    return sql.n;
}

sql_token sql_token_next(sv sql, size_t *at)
{
    size_t i = skip_blanks(sql, *at), start = i;
    char c = at_or_end(sql, i);
    sql_token t = {.at = start, .sign = c};
    if (i == sql.n) {
        t.kind = SQL_TOKEN_END;
    } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
        i = skip_quoted(sql, i, c == '[' ? ']' : c);
        t.kind = c == '\'' ? SQL_TOKEN_TEXT : SQL_TOKEN_WORD;
        t.text = (sv){sql.p + start + 1, i - start >= 2 ? i - start - 2 : 0};
    } else if (is_letter(c)) {
        while (is_letter(at_or_end(sql, i))) i++;
        t.kind = SQL_TOKEN_WORD;
        t.text = (sv){sql.p + start, i - start};
    } else {
        t.kind = SQL_TOKEN_SIGN;
        i++;
    }
    *at = i;
    return t;
}

void sql_place_of_byte(sv sql, size_t at, unsigned *line, unsigned *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at && i < sql.n; i++) {
        (*column)++;
        if (sql.p[i] != '\n') continue;
        (*line)++;
        *column = 1;
    }
}

size_t sql_place_of_name(sv sql, sv name)
{
    size_t at = 0;
    for (;;) {
        sql_token t = sql_token_next(sql, &at);
        if (t.kind == SQL_TOKEN_END) return SIZE_MAX;
        if (t.kind == SQL_TOKEN_WORD && sv_eq_nocase(t.text, name)) return t.at;
    }
}

/* How much a use of the name looks like the naming of a result column. */
enum { NOT_FOUND, ANYWHERE, OUTSIDE, BEHIND_AS };

size_t sql_place_of_column(sv sql, sv name, size_t nth)
{
    size_t at = 0, best = 0, select = SIZE_MAX, seen[BEHIND_AS + 1] = {0};
    unsigned best_rank = NOT_FOUND;
    int depth = 0;
    bool behind_as = false;
    for (sql_token t = sql_token_next(sql, &at); t.kind != SQL_TOKEN_END; t = sql_token_next(sql, &at)) {
        if (t.kind == SQL_TOKEN_SIGN) depth += (t.sign == '(') - (t.sign == ')');
        bool word = t.kind == SQL_TOKEN_WORD;
        if (word && depth == 0 && select == SIZE_MAX && sv_eq_nocase(t.text, SV_LIT("select"))) select = t.at;
        if (word && sv_eq_nocase(t.text, name)) {
            unsigned rank = depth ? ANYWHERE : behind_as ? BEHIND_AS : OUTSIDE;
            /* Of the best kind the nth; where there are fewer, the last. */
            if (rank > best_rank || (rank == best_rank && seen[rank] <= nth)) best = t.at;
            if (rank > best_rank) best_rank = rank;
            seen[rank]++;
        }
        behind_as = word && sv_eq_nocase(t.text, SV_LIT("as"));
    }
    if (best_rank != NOT_FOUND) return best;
    return select == SIZE_MAX ? 0 : select;
}
