/* What the Windows files of the platform share: text and paths as the system wants them, its errors in words. */
#ifndef BASE_PLATFORM_WIN_H
#define BASE_PLATFORM_WIN_H

#include "base/platform.h"
#include <wchar.h>
#include <windows.h>

/* NULL when memory is out; free() them. Text that is no UTF-8, or no UTF-16, gets U+FFFD, which no file is named with. */
wchar_t *win_wide(const char *utf8);
char *win_utf8(const wchar_t *text);

/* The whole path behind \\?\: no limit of 260 characters, UNC as \\?\UNC\server\share\... Names of devices (con, nul.txt)
 * become \\.\con, as Windows takes them; whoever opens looks that a disk file comes. NULL and *why when it cannot be had. */
wchar_t *win_path(const char *utf8, const char **why);

void win_slashes(char *path); /* "\\" becomes "/" */

/* In words, valid for the thread until its next call. Frequent ones as on other systems, the rest in the system's. */
const char *win_error(DWORD code);

/* For files and folders of ours: the user, the system and administrators, whatever the folder above would pass on (the
 * latter two can take any file anyway). NULL when memory is out: then nothing must be created. */
SECURITY_ATTRIBUTES *win_owner_only(void);

#endif
