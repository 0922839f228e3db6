/* Small files, read and written whole. */
#ifndef BASE_TEXT_FILE_H
#define BASE_TEXT_FILE_H

#include "base/arena.h"
#include "base/finding.h"

/* The file's bytes, NUL behind them, in mem. False and *why when it cannot be read or holds more than `most` bytes. */
bool text_file_read(const char *path, size_t most, arena *mem, sv *out, const char **why);

/* A new file with these bytes, for its owner only. False with a finding; nothing of it is left then. */
bool text_file_write(const char *path, sv text, findings *f);

/* Names of the folder's entries that end so, sorted by byte, in mem. */
bool text_folder_names(const char *folder, const char *ending, arena *mem, sv **out, size_t *n, const char **why);

#endif
