/* Completion for bash and zsh, made of the tables that help and the manual page are made of. What a value may be is read off its
 * argument: DIR, FILE, PATH and RUN are names of files, words with a bar between them are all there are, ID and NAME of templates are
 * asked of the program. */
#include "cli/help.h"
#include "cli/options.h"
#include <stdio.h>

static bool belongs(const option_text *o, command_id command) { return (o->commands & (unsigned)command) != 0; }

/* The argument without what may stand before the value: "[ID=]csv|xlsx", "[[ID=]WHICH]". */
static sv value_of(const option_text *o)
{
    sv s = sv_from(o->argument);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '=' && i + 1 < s.n && s.p[i + 1] == ']') return (sv){s.p + i + 2, s.n - i - 2};
    return s;
}

static bool is_file(sv v)
{
    return sv_eq(v, SV_LIT("DIR")) || sv_eq(v, SV_LIT("FILE")) || sv_eq(v, SV_LIT("PATH")) || sv_eq(v, SV_LIT("RUN"));
}

/* What `templates list` calls the kind of thing that an option takes; NULL: it takes none. */
static const char *template_kind(const option_text *o)
{
    if (strcmp(o->name, "to") == 0) return "destination";
    return strcmp(o->name, "profile") == 0 ? "profile" : NULL;
}

static void put_words(buf *out, sv v)
{
    for (size_t i = 0; i < v.n; i++) buf_char(out, v.p[i] == '|' ? ' ' : v.p[i]);
}

static bool has_words(sv v) { return sv_find(v, '|'); }

/* For '...' of both shells. */
static void put_quoted(buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            buf_str(out, "'\\''");
        else
            buf_char(out, *text);
    }
}

/* ---- bash ---- */

static void bash_option_words(buf *out, command_id command)
{
    for (int i = 0; i < (int)OPTION_COUNT; i++) {
        const option_text *o = &option_table[i];
        if (!belongs(o, command)) continue;
        buf_printf(out, " --%s", o->name);
    }
}

static void bash_value(buf *out, const option_text *o)
{
    sv v = value_of(o);
    const char *kind = template_kind(o);
    if (is_file(v))
        buf_str(out, "files");
    else if (has_words(v))
        put_words(out, v);
    else if (kind)
        buf_printf(out, "@%s", kind);
}

/* "command:option" of what takes a v, each with what it may be. */
static void bash_values(buf *out)
{
    for (size_t c = 0; c < command_count; c++) {
        for (int i = 0; i < (int)OPTION_COUNT; i++) {
            const option_text *o = &option_table[i];
            if (!belongs(o, command_table[c].id) || !o->argument) continue;
            buf_printf(out, "    %s:--%s", command_table[c].name, o->name);
            if (o->letter) buf_printf(out, "|%s:-%c", command_table[c].name, o->letter);
            buf_str(out, ") values='");
            bash_value(out, o);
            buf_str(out, "' ;;\n");
        }
    }
}

void completion_bash(buf *out)
{
    buf_str(out, "# bash completion of chartferry " CHARTFERRY_VERSION ", as chartferry --completion bash prints it\n"
                 "_chartferry()\n{\n"
                 "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= options= "
                 "values=none word\n"
                 "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                 "    case $word in -*) ;; *) command=$word; break ;; esac\n"
                 "  done\n"
                 "  COMPREPLY=()\n"
                 "  case $command in\n");
    for (size_t c = 0; c < command_count; c++) {
        buf_printf(out, "    %s) options='", command_table[c].name);
        bash_option_words(out, command_table[c].id);
        buf_str(out, "' ;;\n");
    }
    buf_str(out, "    *) options='");
    for (size_t c = 0; c < command_count; c++) buf_printf(out, "%s%s", c ? " " : "", command_table[c].name);
    buf_str(out, " --help --version' ;;\n  esac\n  case $command:$before in\n");
    bash_values(out);
    buf_str(
        out,
        "  esac\n"
        "  case $values in\n"
        "    files) mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); compopt -o filenames 2>/dev/null; return ;;\n"
        "    @*) values=$(\"${COMP_WORDS[0]}\" templates list 2>/dev/null | awk -v kind=\"${values#@}\" "
        "'$1 == kind { print $2 }') ;;\n"
        "    '') return ;; # a value that only the user knows\n"
        "    none) values= ;;\n"
        "  esac\n"
        "  if [[ -n $values ]]; then\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$current\")\n"
        "  elif [[ -z $command || $current == -* ]]; then\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
        "  else\n"
        "    mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); compopt -o filenames 2>/dev/null\n"
        "  fi\n"
        "}\n"
        "complete -F _chartferry chartferry\n");
}

/* ---- zsh ---- */

static void zsh_value(buf *out, const option_text *o)
{
    sv v = value_of(o);
    const char *kind = template_kind(o);
    buf_char(out, ':');
    for (size_t i = 0; i < v.n; i++) buf_char(out, v.p[i] == ']' || v.p[i] == '[' || v.p[i] == ':' ? ' ' : v.p[i]);
    buf_char(out, ':');
    if (is_file(v)) {
        buf_str(out, "_files");
    } else if (has_words(v)) {
        buf_char(out, '(');
        put_words(out, v);
        buf_char(out, ')');
    } else if (kind) {
        buf_printf(out, "_chartferry_%ss", kind);
    } else {
        buf_char(out, ' ');
    }
}

/* In a description of _arguments brackets and colons have meanings of their own. */
static void zsh_brief(buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '[' || *text == ']' || *text == ':') buf_char(out, '\\');
        if (*text == '\'')
            buf_str(out, "'\\''");
        else
            buf_char(out, *text);
    }
}

static void zsh_option(buf *out, const option_text *o, const char *name)
{
    buf_printf(out, " \\\n        '*%s[", name);
    zsh_brief(out, o->brief);
    buf_char(out, ']');
    if (o->argument) zsh_value(out, o);
    buf_char(out, '\'');
}

static void zsh_command(buf *out, const command_text *c)
{
    buf_printf(out, "    %s)\n      _arguments", c->name);
    for (int i = 0; i < (int)OPTION_COUNT; i++) {
        const option_text *o = &option_table[i];
        if (!belongs(o, c->id)) continue;
        char name[64];
        (void)snprintf(name, sizeof name, "--%s", o->name);
        zsh_option(out, o, name);
        (void)snprintf(name, sizeof name, "-%c", o->letter);
        if (o->letter) zsh_option(out, o, name);
    }
    buf_str(out, " \\\n        '*:file:_files' ;;\n");
}

static void zsh_templates(buf *out, const char *kind)
{
    buf_printf(
        out,
        "_chartferry_%ss() { compadd -- ${(f)\"$(chartferry templates list 2>/dev/null | awk '$1 == \"%s\" { print $2 "
        "}')\"} }\n",
        kind, kind);
}

void completion_zsh(buf *out)
{
    buf_str(out, "#compdef chartferry\n# zsh completion of chartferry " CHARTFERRY_VERSION
                 ", as chartferry --completion zsh prints it\n");
    zsh_templates(out, "destination");
    zsh_templates(out, "profile");
    buf_str(out, "_chartferry()\n{\n"
                 "  local -a commands\n  local context state line\n  typeset -A opt_args\n  commands=(\n");
    for (size_t c = 0; c < command_count; c++) {
        buf_printf(out, "    '%s:", command_table[c].name);
        put_quoted(out, command_table[c].brief);
        buf_str(out, "'\n");
    }
    buf_str(out, "  )\n"
                 "  _arguments -C '--help[everything that the program can do]' '--version[version and libraries]' '1: "
                 ":->command' "
                 "'*:: :->rest'\n"
                 "  if [[ $state == command ]]; then\n    _describe command commands\n    return\n  fi\n"
                 "  case $words[1] in\n");
    for (size_t c = 0; c < command_count; c++) zsh_command(out, &command_table[c]);
    buf_str(out, "  esac\n}\n_chartferry \"$@\"\n");
}
