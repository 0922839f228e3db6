#include "cli/secret.h"
#include "base/platform.h"
#include "base/platform_remote.h"
#include <stdio.h>

enum { SECRET_MAX = 1024 };

static bool say(const secret_from *from, finding_code code, const char *path, sv a)
{
    return find_at(from->found, code, sv_from(path), a);
}

/* A mark of UTF-8 before it and a line end behind it are the editor's, not the password's. */
static sv without_frame(sv s)
{
    if (sv_starts(s, SV_LIT("\xEF\xBB\xBF"))) s = (sv){s.p + 3, s.n - 3};
    if (s.n && s.p[s.n - 1] == '\n') s.n--;
    if (s.n && s.p[s.n - 1] == '\r') s.n--;
    return s;
}

static const char *wrong_with(sv s, bool whole)
{
    if (!whole) return "it is longer than a password can be";
    if (s.n == 0) return "it is empty";
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\0') return "it is not one line of text";
    return NULL;
}

static bool from_file(const secret_from *from, const char *path, buf *out)
{
    char room[SECRET_MAX + 1];
    size_t n = 0;
    const char *why = "";
    os_file *f = os_open_read(path, &why);
    const bool read = f && os_read_at(f, 0, room, sizeof room, &n, &why);
    os_close_read(f);
    if (!read) {
        os_forget(room, sizeof room);
        return say(from, F_TDS_PASSWORD_FILE, path, sv_from(why));
    }
    const sv secret = without_frame((sv){room, n});
    const char *wrong = wrong_with(secret, n < sizeof room);
    if (!wrong) buf_sv(out, secret);
    os_forget(room, sizeof room);
    return wrong ? say(from, F_TDS_PASSWORD_FILE, path, sv_from(wrong)) : true;
}

static bool from_environment(const char *variable, buf *out)
{
    const char *set = os_env(variable);
    if (!set || !*set) return false;
    buf_str(out, set);
    return true;
}

/* *why: why nobody could be asked, or that nothing was answered. */
static bool from_terminal(const char *prompt, buf *out, const char **why)
{
    char room[SECRET_MAX];
    *why = "nothing was entered";
    const bool asked = os_ask_secret(prompt, room, sizeof room, why) && room[0];
    if (asked) buf_str(out, room);
    os_forget(room, sizeof room);
    return asked;
}

bool secret_ask(void *ctx, sv user, sv server, buf *out)
{
    const secret_from *from = ctx;
    char prompt[SECRET_MAX];
    const char *why;
    if (from->o->password_file) return from_file(from, from->o->password_file, out);
    if (from_environment("CHARTFERRY_PASSWORD", out)) return true;
    snprintf(prompt, sizeof prompt, "Password of %.*s on %.*s: ", (int)user.n, user.p, (int)server.n, server.p);
    if (from_terminal(prompt, out, &why)) return true;
    return find_at(from->found, F_TDS_NO_PASSWORD, server, user);
}

static struct {
    bool lasts;
    char password[SECRET_MAX];
} kept; /* of the conversation (cmd_ask.c), one a process */

void secret_keep(bool lasts)
{
    os_forget(kept.password, sizeof kept.password);
    kept.lasts = lasts;
}

static bool ask_or_keep(const char *prompt, buf *out, const char **why)
{
    const size_t from = out->n;
    if (!kept.password[0]) {
        if (!from_terminal(prompt, out, why)) return false;
        const size_t n = out->n - from;
        if (kept.lasts && !out->failed && n < sizeof kept.password) memcpy(kept.password, out->p + from, n);
        return true;
    }
    buf_str(out, kept.password);
    return true;
}

bool secret_ask_key(void *ctx, sv path, buf *out)
{
    const secret_from *from = ctx;
    char prompt[SECRET_MAX];
    const char *why;
    if (from->o->key_password_file) return from_file(from, from->o->key_password_file, out);
    if (from_environment("CHARTFERRY_KEY_PASSWORD", out)) return true;
    snprintf(prompt, sizeof prompt, "Password of the private key in %.*s: ", (int)path.n, path.p);
    if (ask_or_keep(prompt, out, &why)) return true;
    return find_at(from->found, F_KEY_NO_PASSWORD, path, sv_from(why));
}
