/* The command line: what was asked for. The tables here are the only place where commands and options are named. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/buf.h"
#include "extract/extract.h"

typedef enum command_id {
    CMD_NONE = 0,
    CMD_INSPECT = 1,
    CMD_EXTRACT = 2,
    CMD_EXPLAIN = 4,
    CMD_HELP = 8,
    CMD_SQL = 16,
    CMD_CONVERT = 32,
    CMD_VERIFY = 64,
    CMD_TEMPLATES = 128,
    CMD_SNAPSHOT = 256,
    CMD_PROFILE = 512,
    CMD_EXPORT_SCRIPT = 1024,
    CMD_LINK_FILES = 2048,
    CMD_RECONCILE = 4096,
    CMD_COMPARE = 8192,
    CMD_ROLLBACK = 16384,
    CMD_CHART = 32768,
    CMD_PACK = 65536,
    CMD_UNPACK = 131072,
    CMD_FORGET = 262144,
    CMD_BACKUP_SCRIPT = 524288,
    CMD_ASK = 1048576,
    CMD_ANY = 0x7FFFFFFF
} command_id;

typedef struct command_text {
    command_id id;
    const char *name;
    const char *operands; /* "SOURCE..." */
    const char *brief;    /* one line */
    const char *help;     /* a paragraph */
} command_text;

extern const command_text command_table[];
extern const size_t command_count;

typedef enum option_id {
#define O(id, letter, name, argument, commands, brief, more)                  id,
#define O_WITHOUT(id, letter, name, argument, without, commands, brief, more) id,
#include "cli/options.def"
#undef O
#undef O_WITHOUT
    OPTION_COUNT
} option_id;

typedef struct option_text {
    char letter; /* 0: none */
    const char *name;
    const char *argument; /* NULL: takes none */
    unsigned commands;    /* command_id bits */
    const char *brief;    /* a few words, no full stop */
    const char *more;     /* sentences; may be empty */
    const char *without;  /* the value where none is given; NULL: one must be */
} option_text;

extern const option_text option_table[OPTION_COUNT];

typedef enum shell { SHELL_NONE, SHELL_BASH, SHELL_ZSH } shell;
typedef enum sql_format { SQL_FORMAT_AUTO, SQL_FORMAT_TABLE, SQL_FORMAT_CSV, SQL_FORMAT_JSON } sql_format;

typedef enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER } when;

typedef struct options {
    command_id command;
    const char **operand; /* room for all arguments, owned */
    size_t operands;
    const char **table; /* the same */
    size_t tables;
    const char **to; /* the same */
    size_t destinations;
    const char **setting; /* the same: NAME=VALUE for the profile */
    size_t settings;
    const char **key; /* the same: exports of ids */
    size_t keys;
    const char **export; /* the same: taken after a load */
    size_t exports;
    const char **before; /* the same: taken before it */
    size_t befores;
    enum { LIST_NONE, LIST_KEYS, LIST_EXPORT, LIST_BEFORE } last_list; /* what further files belong to */
    bool show_values, pdf;
    const char *passphrase_from; /* where it comes from; NULL: as the command has it */
    uint64_t max_part;           /* bytes; 0: as pack has it */
    bool deidentify, test_data;  /* pack: a copy */
    const char *base;            /* of files, where they are loaded */
    const char *results;         /* folder of what came back from a load */
    const char **only;           /* the same */
    size_t onlys;
    const char **users; /* the same: exports of users */
    size_t users_n;
    const char *owners, *fallback_owner, *decisions, *since, *without;
    const char *out, *profile, *templates, *encoding;
    const char *patient, *exam; /* chart: keys */
    unsigned sample;            /* convert: patients; 0: all */
    unsigned last;              /* chart: exams; 0: as many as stand side by side */
    bool show_name;
    const char *xlsx;      /* templates show */
    const char *documents; /* folder of the files that documents name */
    const char *edition, *layout, *teeth, *charts, *tooth_label, *prefix,
        *bundle_format; /* of destinations: [ID=]VALUE */
    char delimiter;     /* of text files; 0: find out */
    extract_format format;
    sql_format sql_format;
    const char *sql_file;
    const char *server_facts; /* backup-script */
    const char **folder;      /* the same: where parts of a backup go; room for all arguments, owned */
    size_t folders;
    const char **key_file; /* the same: certificates and private keys, as --cert and --key gave them */
    size_t key_files;
    const char **older; /* the same: of an older backup, for repair */
    size_t olders;
    const char *password_file, *key_password_file, *server_certificate;
    server_encryption server_encryption;
    unsigned server_timeout; /* seconds; 0: the reader's own figure */
    bool sqlcmd;             /* export-script: for sqlcmd, not bcp */
    bool lobs_as_files, salvage, full, dry, json, verbose, quiet, help, help_short, version, man;
    shell completion;
    unsigned set, threads;
    when progress, color;
} options;

/* Reads the arguments behind the program's name. False and a sentence in `wrong`, with a suggestion where there is one.
 * What could be read until then is in *o (json, color). options_free in any case. */
bool options_parse(options *o, int argc, const char *const *argv, buf *wrong);
void options_free(options *o);

#endif
