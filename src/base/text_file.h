/* Small text files, read whole. */
#ifndef BASE_TEXT_FILE_H
#define BASE_TEXT_FILE_H

#include "base/arena.h"

/* The file's bytes, NUL behind them, in mem. False and *why when it cannot be read or holds more than `most` bytes. */
bool text_file_read(const char *path, size_t most, arena *mem, sv *out, const char **why);

/* Names of the folder's entries that end so, sorted by byte, in mem. */
bool text_folder_names(const char *folder, const char *ending, arena *mem, sv **out, size_t *n, const char **why);

#endif
