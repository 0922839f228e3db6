#include "pack/passphrase.h"
#include "base/platform.h"
#include <openssl/crypto.h>
#include <openssl/rand.h>

/* No letter or digit that is easily mistaken for another, in print or on the telephone. */
static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz23456789";
enum { LETTERS = sizeof alphabet - 1, GROUPS = 5, OF_A_GROUP = 5 };

static bool cannot(findings *f, const char *why)
{
    find_code(f, F_PACK_PASSPHRASE, "%s", why);
    return false;
}

/* Each letter equally likely: bytes beyond the last whole multiple of the alphabet's length are thrown away. */
static bool letter(char *out)
{
    enum { FAIR = 256 / LETTERS * LETTERS };
    unsigned char byte;
    do {
        if (RAND_priv_bytes(&byte, 1) != 1) return false;
    } while (byte >= FAIR);
    *out = alphabet[byte % LETTERS];
    return true;
}

static bool generate(passphrase *p, findings *f)
{
    size_t n = 0;
    for (size_t g = 0; g < GROUPS; g++) {
        if (g) p->text[n++] = '-';
        for (size_t i = 0; i < OF_A_GROUP; i++)
            if (!letter(&p->text[n++])) return cannot(f, "the system has no random numbers");
    }
    p->text[n] = '\0';
    p->generated = true;
    return true;
}

static bool take(passphrase *p, sv text, findings *f)
{
    while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r')) text.n--;
    if (text.n > PASSPHRASE_BYTES_MAX) return cannot(f, "it is longer than 200 characters");
    if (sv_find(text, '\0')) return cannot(f, "it holds a NUL");
    memcpy(p->text, text.p, text.n);
    p->text[text.n] = '\0';
    return text.n > 0 || cannot(f, "it is empty");
}

static bool from_file(const char *path, passphrase *p, findings *f)
{
    char text[PASSPHRASE_BYTES_MAX + 3];
    size_t got = 0;
    const char *why = "";
    os_file *file = os_open_read(path, &why);
    bool ok = file && os_read_at(file, 0, text, sizeof text, &got, &why);
    os_close_read(file);
    if (ok) {
        const char *end = memchr(text, '\n', got);
        ok = take(p, (sv){text, end ? (size_t)(end - text) : got}, f);
    } else
        ok = cannot(f, why);
    OPENSSL_cleanse(text, sizeof text);
    return ok;
}

static bool from_environment(const char *name, passphrase *p, findings *f)
{
    const char *text = os_env(name);
    return text ? take(p, sv_from(text), f) : cannot(f, "the environment has no variable of that name");
}

static bool ask(const char *prompt, passphrase *p, findings *f)
{
    const char *why = "";
    return os_ask_secret(prompt, p->text, sizeof p->text, &why) ? p->text[0] || cannot(f, "it is empty")
                                                                : cannot(f, why);
}

static bool ask_twice(passphrase *p, findings *f)
{
    passphrase again = {.generated = false};
    bool ok = ask("Passphrase: ", p, f) && ask("Once more: ", &again, f) &&
              (strcmp(p->text, again.text) == 0 || cannot(f, "the two are not the same"));
    passphrase_forget(&again);
    return ok;
}

static bool strong(const passphrase *p, findings *f)
{
    size_t n = strlen(p->text);
    for (size_t i = 0; i < n; i++) /* Other openers may take other characters for other bytes. */
        if (p->text[i] < 0x20 || p->text[i] > 0x7E)
            return cannot(f, "it has characters other than ASCII, which not every program reads in the same way");
    return n >= PASSPHRASE_BYTES_MIN || cannot(f, "it has fewer than 20 characters");
}

bool passphrase_source_known(const char *from)
{
    sv s = sv_from(from);
    return sv_eq(s, SV_LIT("generate")) || sv_eq(s, SV_LIT("prompt")) ||
           ((sv_starts(s, SV_LIT("env:")) && s.n > 4) || (sv_starts(s, SV_LIT("file:")) && s.n > 5));
}

static bool named(const char *from, passphrase *out, findings *f)
{
    sv s = sv_from(from);
    if (sv_starts(s, SV_LIT("env:"))) return from_environment(from + 4, out, f);
    if (sv_starts(s, SV_LIT("file:"))) return from_file(from + 5, out, f);
    return cannot(f, "--passphrase-from takes " PASSPHRASE_SOURCES);
}

bool passphrase_for_new(const char *from, passphrase *out, findings *f)
{
    *out = (passphrase){.generated = false};
    if (!from || strcmp(from, "generate") == 0) return generate(out, f);
    bool ok = strcmp(from, "prompt") == 0 ? ask_twice(out, f) : named(from, out, f);
    return ok && strong(out, f);
}

bool passphrase_to_open(const char *from, passphrase *out, findings *f)
{
    static const char variable[] = "CHARTFERRY_PASSPHRASE";
    *out = (passphrase){.generated = false};
    if (from && strcmp(from, "generate") == 0) return cannot(f, "one that is made now opens nothing");
    if (!from && os_env(variable)) return from_environment(variable, out, f);
    return !from || strcmp(from, "prompt") == 0 ? ask("Passphrase: ", out, f) : named(from, out, f);
}

void passphrase_forget(passphrase *p) { OPENSSL_cleanse(p, sizeof *p); }
