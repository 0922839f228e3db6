/* Puts a folder into the list of folders that Windows looks for programs in, or takes it out: the installer's own strings
 * are too short for that list. usage: path-entry add|remove user|machine FOLDER */
#include <stdbool.h>
#include <wchar.h>
#include <windows.h>

enum { LIST_CHARS_MAX = 32767 };

/* Takes out of the list every entry that is the folder, whatever the case of its letters, with a backslash behind it or
 * without. An empty list stays empty; other entries, empty ones too, stay as they are. True when there was one. */
static bool remove_entry(wchar_t *list, const wchar_t *folder)
{
    size_t n = wcslen(folder);
    bool found = false;
    for (wchar_t *p = list; *p;) {
        wchar_t *end = wcschr(p, L';');
        size_t length = end ? (size_t)(end - p) : wcslen(p);
        size_t bare = length && p[length - 1] == L'\\' ? length - 1 : length;
        if (bare == n && _wcsnicmp(p, folder, n) == 0) {
            found = true;
            const wchar_t *rest = p + length + (end != NULL);
            if (!end && p > list) p--; /* the last one goes with the semicolon before it */
            wmemmove(p, rest, wcslen(rest) + 1);
        } else {
            p += length + (end != NULL);
        }
    }
    return found;
}

static bool add_entry(wchar_t *list, const wchar_t *folder)
{
    size_t n = wcslen(list), m = wcslen(folder);
    bool separate = n && list[n - 1] != L';';
    if (n + separate + m > LIST_CHARS_MAX) return false;
    if (separate) list[n++] = L';';
    wmemcpy(list + n, folder, m + 1);
    return true;
}

/* The value as it is stored, with its %variables%; its kind, too. False when it cannot be read or is no text. */
static bool read_list(HKEY key, wchar_t *list, DWORD *kind)
{
    DWORD bytes = LIST_CHARS_MAX * sizeof *list;
    LSTATUS s = RegQueryValueExW(key, L"Path", NULL, kind, (BYTE *)list, &bytes);
    if (s == ERROR_FILE_NOT_FOUND) {
        *kind = REG_EXPAND_SZ;
        bytes = 0;
    } else if (s != ERROR_SUCCESS || (*kind != REG_SZ && *kind != REG_EXPAND_SZ)) {
        return false;
    }
    list[bytes / sizeof *list] = L'\0';
    return true;
}

int wmain(int argc, wchar_t **argv); /* which the C library calls, and no header declares */

int wmain(int argc, wchar_t **argv)
{
    static wchar_t list[LIST_CHARS_MAX + 1];
    bool add = argc == 4 && wcscmp(argv[1], L"add") == 0, machine = argc == 4 && wcscmp(argv[2], L"machine") == 0;
    if (argc != 4 || (!add && wcscmp(argv[1], L"remove") != 0) || (!machine && wcscmp(argv[2], L"user") != 0)) return 2;
    size_t n = wcslen(argv[3]);
    if (n && argv[3][n - 1] == L'\\') argv[3][n - 1] = L'\0';
    HKEY key;
    const wchar_t *place =
        machine ? L"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment" : L"Environment";
    if (RegCreateKeyExW(machine ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER, place, 0, NULL, 0,
                        KEY_QUERY_VALUE | KEY_SET_VALUE, NULL, &key, NULL) != ERROR_SUCCESS)
        return 1;
    DWORD kind;
    bool ok = *argv[3] && read_list(key, list, &kind), changes = ok && (remove_entry(list, argv[3]) || add);
    if (changes && add) ok = add_entry(list, argv[3]);
    if (changes && ok)
        ok = RegSetValueExW(key, L"Path", 0, kind, (const BYTE *)list, (DWORD)((wcslen(list) + 1) * sizeof *list)) ==
             ERROR_SUCCESS;
    RegCloseKey(key);
    DWORD_PTR ignored; /* programs that are told start others with the new list */
    if (changes && ok)
        SendMessageTimeoutW(HWND_BROADCAST, WM_SETTINGCHANGE, 0, (LPARAM)L"Environment", SMTO_ABORTIFHUNG, 2000,
                            &ignored);
    return ok ? 0 : 1;
}
