#include "archive/member_name.h"
#include "base/ascii.h"

enum { NAME_BYTES_MAX = 1024, COMPONENT_BYTES_MAX = 255 };

const char *archive_unsafe_name(sv s)
{
    if (s.n && (s.p[0] == '/' || s.p[0] == '\\')) return "named by a path from the root";
    if (s.n > 1 && is_letter(s.p[0]) && s.p[1] == ':') return "named by a path of a drive";
    for (size_t i = 0; i < s.n;) {
        size_t n = i;
        while (n < s.n && s.p[n] != '/' && s.p[n] != '\\') n++;
        if (n - i == 2 && s.p[i] == '.' && s.p[i + 1] == '.') return "named by a path out of its folder";
        i = n + 1;
    }
    return NULL;
}

/* CON, NUL, COM1 and so on are devices on Windows, whatever their extension. */
static bool is_device(sv s)
{
    static const char *const word[] = {"CON", "PRN", "AUX", "NUL"};
    size_t n = 0;
    while (n < s.n && s.p[n] != '.') n++;
    const sv stem = {s.p, n};
    for (size_t i = 0; i < sizeof word / sizeof word[0]; i++)
        if (sv_eq_nocase(stem, sv_from(word[i]))) return true;
    const sv three = {s.p, n < 3 ? n : 3};
    return n == 4 && s.p[3] >= '1' && s.p[3] <= '9' &&
           (sv_eq_nocase(three, SV_LIT("COM")) || sv_eq_nocase(three, SV_LIT("LPT")));
}

static const char *wrong_component(sv s)
{
    if (s.n == 0 || s.n > COMPONENT_BYTES_MAX) return "named by a path with a name that is empty or too long";
    if (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ' ') return "named with a dot or a blank at its end";
    return is_device(s) ? "named as a device" : NULL;
}

const char *archive_unwritable_name(sv s)
{
    if (!s.n) return "without a name";
    const char *why = s.n > NAME_BYTES_MAX ? "named too long" : archive_unsafe_name(s);
    for (size_t i = 0; i < s.n && !why; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == 0x7F || memchr("\\:*?\"<>|", c, 8)) why = "named with characters that no file has";
    }
    for (size_t i = 0; i <= s.n && !why;) {
        size_t n = i;
        while (n < s.n && s.p[n] != '/') n++;
        why = wrong_component((sv){s.p + i, n - i});
        i = n + 1;
    }
    return why;
}
