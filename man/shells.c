// SPDX-License-Identifier: MIT
// Options and filters in the words of bash, zsh and fish.
#include "man/shells.h"

#include <stdbool.h>
#include <string.h>

#include "cli/options.h"

// How zsh and fish complete an argument, by what the help calls it. Words with bars between are a
// choice; of any other argument nothing is known. In bash the script itself looks at what the help
// says.
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

static void put_bash_row(FILE *page, const char *hyphens, const char *name, const char *argument)
{
    fprintf(page, "        [%s%s]='", hyphens, name);
    put_quoted(page, argument ? argument : "", "", "'\\''");
    fputs("'\n", page);
}

void put_bash(FILE *page)
{
    fputs("    filters='", page);
    for (int i = 0; i < wr_filter_count(); i++)
        fprintf(page, "%s%s", i ? " " : "", wr_filter_describe(i).name);
    fputs("'\n    arguments=(\n", page);
    for (int i = 0; i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        const char letter[] = {option.letter, '\0'};
        put_bash_row(page, "--", option.name, option.argument);
        if (option.alias)
            put_bash_row(page, "--", option.alias, option.argument);
        if (option.letter)
            put_bash_row(page, "-", letter, option.argument);
    }
    fputs("    )\n", page);
}

// A line for one spelling, as '*--device=[where filters run]:device:(auto cpu cuda)'.
static void put_zsh_row(FILE *page, const char *spelling, const char *joint,
                        const struct wr_option_info *option)
{
    const char *const argument = option->argument;
    const char *const before_argument = option->optional ? "-" : argument ? joint : "";
    fprintf(page, "        '*%s%s%s[", spelling, option->optional && joint[0] == '=' ? "=" : "",
            before_argument);
    put_quoted(page, option->help, "]:", "'\\''");
    fputc(']', page);
    if (argument) {
        const struct action *const action = action_of(argument);
        fprintf(page, ":%s%s:", option->optional ? ":" : "", option->name);
        fputs(action ? action->zsh : is_choice(argument) ? "(" : "", page);
        if (!action && is_choice(argument)) {
            put_choice(page, argument);
            fputc(')', page);
        }
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
    for (int i = 0; i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        char spelling[64];
        snprintf(spelling, sizeof(spelling), "-%c", option.letter);
        if (option.letter)
            put_zsh_row(page, spelling, "+", &option);
        snprintf(spelling, sizeof(spelling), "--%s", option.name);
        put_zsh_row(page, spelling, "=", &option);
        snprintf(spelling, sizeof(spelling), "--%s", option.alias ? option.alias : "");
        if (option.alias)
            put_zsh_row(page, spelling, "=", &option);
    }
    fputs("    )\n", page);
}

static void put_fish_argument(FILE *page, const char *argument)
{
    const struct action *const action = action_of(argument);
    fputs(action ? action->fish : " -x", page);
    if (!action && is_choice(argument)) {
        fputs(" -a '", page);
        put_choice(page, argument);
        fputc('\'', page);
    }
}

void put_fish(FILE *page)
{
    fputs("function __warpreel_filters\n    printf '%s\\t%s\\n'", page);
    for (int i = 0; i < wr_filter_count(); i++) {
        const struct wr_filter_info filter = wr_filter_describe(i);
        fprintf(page, " \\\n        %s '", filter.name);
        put_quoted(page, filter.help, "\\", "\\'");
        fputc('\'', page);
    }
    fputs("\nend\n", page);
    for (int i = 0; i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        fprintf(page, "complete -c warpreel -l %s", option.name);
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
}
