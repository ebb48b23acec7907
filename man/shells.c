// SPDX-License-Identifier: MIT
// Options, filters and FFmpeg's names in the words of bash, zsh and fish.
#include "man/shells.h"

#include <stdbool.h>
#include <string.h>

#include "cli/options.h"
#include "man/ffmpeg_spellings.h"
#include "man/words.h"

// How zsh and fish complete an argument, by its name in the help. Words with bars between them are
// a choice, and there are names that FFmpeg knows (see words.h); other arguments are not completed.
// In bash the script itself reads the help.
static const struct action {
    const char *argument, *zsh, *fish;
} actions[] = {
    {"CHAIN", "_warpreel_chain", " -x -a '(__warpreel_chain)'"},
    {"[FILTER]", "_warpreel_filters", " -f -a '(__warpreel_filters)'"},
    {"FILE", "_files", " -r -F"},
    {"PATH", "_files", " -r -F"},
};

enum { ACTIONS = sizeof(actions) / sizeof(actions[0]) };

static const struct action *action_of(const char *argument)
{
    for (int i = 0; i < ACTIONS; i++)
        if (!strcmp(actions[i].argument, argument))
            return &actions[i];
    return NULL;
}

// Writes the names of each kind: what is before its word and behind that, the names, the end.
static void put_names(FILE *page, const char *before, const char *behind, const char *end)
{
    const struct word_kind *kind;
    for (int n = 0; (kind = word_kind(n)); n++) {
        fprintf(page, "%s%s%s", before, kind->argument, behind);
        kind->put(page);
        fputs(end, page);
    }
}

// Writes text for use between single quotes; the characters in `special` get a backslash, and a
// quote becomes `quote`.
static void put_quoted(FILE *page, const char *text, const char *special, const char *quote)
{
    for (; *text; text++) {
        if (*text == '\'') {
            fputs(quote, page);
            continue;
        }
        if (strchr(special, *text))
            fputc('\\', page);
        fputc(*text, page);
    }
}

// Writes the words of a choice, as "auto cpu cuda" for auto|cpu|cuda[:N].
static void put_choice(FILE *page, const char *argument)
{
    for (; *argument && *argument != '['; argument++)
        fputc(*argument == '|' ? ' ' : *argument, page);
}

static bool is_choice(const char *argument)
{
    return strchr(argument, '|');
}

// Writes a row for each spelling of each option: "-f", "--filter", "--vf".
static void put_spellings(FILE *page, void (*put_row)(FILE *page, const char *spelling,
                                                      const struct wr_option_info *option))
{
    for (int i = 0; i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        char spelling[64];
        snprintf(spelling, sizeof(spelling), "-%c", option.letter);
        if (option.letter)
            put_row(page, spelling, &option);
        snprintf(spelling, sizeof(spelling), "--%s", option.name);
        put_row(page, spelling, &option);
        snprintf(spelling, sizeof(spelling), "--%s", option.alias ? option.alias : "");
        if (option.alias)
            put_row(page, spelling, &option);
    }
}

// [--device]='auto|cpu|cuda[:N]'
static void put_bash_row(FILE *page, const char *spelling, const struct wr_option_info *option)
{
    fprintf(page, "        [%s]='%s'\n", spelling, option->argument ? option->argument : "");
}

static void put_bash_ffmpeg_row(void *page, const char *spelling, const char *argument,
                                const char *help)
{
    (void)help;
    fprintf(page, "        [%s]='%s'\n", spelling, argument ? argument : "");
}

void put_bash(FILE *page)
{
    fputs("    filters='", page);
    for (int i = 0; i < wr_filter_count(); i++)
        fprintf(page, "%s%s", i ? " " : "", wr_filter_describe(i).name);
    fputs("'\n    own=(\n", page);
    put_spellings(page, put_bash_row);
    fputs("    )\n    ffmpeg=(\n", page);
    each_ffmpeg_spelling(put_bash_ffmpeg_row, page);
    fputs("    )\n    names=(\n", page);
    put_names(page, "        [", "]='", "'\n");
    fputs("    )\n", page);
}

static void put_zsh_action(FILE *page, const char *argument)
{
    const struct action *const action = action_of(argument);
    const struct word_kind *const kind = word_kind_of(argument);
    if (action) {
        fputs(action->zsh, page);
    } else if (kind) {
        fprintf(page, " _warpreel_names %s", kind->argument); // the space: with no other arguments
    } else if (is_choice(argument)) {
        fputc('(', page);
        put_choice(page, argument);
        fputc(')', page);
    }
}

// '*--device=[where filters run]:device:(auto cpu cuda)'
static void put_zsh_row(FILE *page, const char *spelling, const struct wr_option_info *option)
{
    const bool is_long = spelling[1] == '-';
    const char *const joint = !option->argument  ? ""
                              : option->optional ? is_long ? "=-" : "-"
                              : is_long          ? "="
                                                 : "+";
    fprintf(page, "        '*%s%s[", spelling, joint);
    put_quoted(page, option->help, "]:", "'\\''");
    fputc(']', page);
    if (option->argument) {
        fprintf(page, ":%s%s:", option->optional ? ":" : "", option->name);
        put_zsh_action(page, option->argument);
    }
    fputs("'\n", page);
}

// '*-c\:v[FFmpeg\'s name of the video encoder]:CODEC: _warpreel_names CODEC'
static void put_zsh_ffmpeg_row(void *opaque, const char *spelling, const char *argument,
                               const char *help)
{
    FILE *const page = opaque;
    fputs("        '*", page);
    put_quoted(page, spelling, ":", "");
    fputc('[', page);
    put_quoted(page, help, "]:", "'\\''");
    fputc(']', page);
    if (argument) {
        fprintf(page, ":%s:", argument);
        put_zsh_action(page, argument);
    }
    fputs("'\n", page);
}

void put_zsh(FILE *page)
{
    fputs("    filters=(\n", page);
    for (int i = 0; i < wr_filter_count(); i++) {
        const struct wr_filter_info filter = wr_filter_describe(i);
        fprintf(page, "        '%s:", filter.name);
        put_quoted(page, filter.help, "\\:", "'\\''");
        fputs("'\n", page);
    }
    fputs("    )\n    options=(\n", page);
    put_spellings(page, put_zsh_row);
    fputs("    )\n    ffmpeg=(\n", page);
    each_ffmpeg_spelling(put_zsh_ffmpeg_row, page);
    fputs("    )\n    names=(\n", page);
    put_names(page, "        [", "]='", "'\n");
    fputs("    )\n", page);
}

static void put_fish_argument(FILE *page, const char *argument)
{
    const struct action *const action = action_of(argument);
    const struct word_kind *const kind = word_kind_of(argument);
    fputs(action ? action->fish : " -x", page);
    if (action)
        return;
    if (kind) {
        fprintf(page, " -a '(__warpreel_names %s)'", kind->argument);
    } else if (is_choice(argument)) {
        fputs(" -a '", page);
        put_choice(page, argument);
        fputc('\'', page);
    }
}

static void put_fish_ffmpeg_row(void *opaque, const char *spelling, const char *argument,
                                const char *help)
{
    FILE *const page = opaque;
    fprintf(page, "complete -c warpreel -n __warpreel_is_for_ffmpeg -o %s", spelling + 1);
    if (argument)
        put_fish_argument(page, argument);
    fputs(" -d '", page);
    put_quoted(page, help, "\\", "\\'");
    fputs("'\n", page);
}

void put_fish(FILE *page)
{
    fputs("function __warpreel_names\n    switch $argv[1]\n", page);
    put_names(page, "        case ", "\n            printf '%s\\n' ", "\n");
    fputs("    end\nend\nfunction __warpreel_filters\n    printf '%s\\t%s\\n'", page);
    for (int i = 0; i < wr_filter_count(); i++) {
        const struct wr_filter_info filter = wr_filter_describe(i);
        fprintf(page, " \\\n        %s '", filter.name);
        put_quoted(page, filter.help, "\\", "\\'");
        fputc('\'', page);
    }
    fputs("\nend\n", page);
    for (int i = 0; i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        fprintf(page, "complete -c warpreel -n 'not __warpreel_is_for_ffmpeg' -l %s", option.name);
        if (option.alias)
            fprintf(page, " -l %s", option.alias);
        if (option.letter)
            fprintf(page, " -s %c", option.letter);
        if (option.argument)
            put_fish_argument(page, option.argument);
        fputs(" -d '", page);
        put_quoted(page, option.help, "\\", "\\'");
        fputs("'\n", page);
    }
    each_ffmpeg_spelling(put_fish_ffmpeg_row, page);
}
