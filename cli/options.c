// SPDX-License-Identifier: MIT
// Reads a command line with getopt, and says what is wrong with it.
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/option_checks.h"
#include "cli/option_values.h"

enum { LONG_CODE = 256 }; // of the first option without a letter

// ---- getopt's view of the table

struct table {
    struct option options[2 * WR_MOST_OPTIONS + 1]; // each may have a second name
    char letters[3 * WR_MOST_OPTIONS + 2];
};

static void fill_table(struct table *table)
{
    struct option *option = table->options;
    char *letter = table->letters;
    *letter++ = ':'; // a missing argument is told apart from an unknown option
    for (int i = 0; i < wr_option_row_count; i++) {
        const struct wr_option_row *const row = &wr_option_rows[i];
        const int argument = wr_option_is_optional(row) ? optional_argument
                             : row->argument            ? required_argument
                                                        : no_argument;
        *option++ = (struct option){row->name, argument, NULL, LONG_CODE + i};
        if (row->alias)
            *option++ = (struct option){row->alias, argument, NULL, LONG_CODE + i};
        if (row->letter)
            *letter++ = row->letter;
        for (int colons = 0; row->letter && colons < argument; colons++)
            *letter++ = ':';
    }
    *option = (struct option){0};
    *letter = '\0';
}

static const struct wr_option_row *row_of(int code)
{
    if (code >= LONG_CODE)
        return &wr_option_rows[code - LONG_CODE];
    for (int i = 0; code && i < wr_option_row_count; i++)
        if (wr_option_rows[i].letter == code)
            return &wr_option_rows[i];
    return NULL;
}

// ---- sentences about what getopt refused

static enum wr_status refuse_ambiguous(const char *word, size_t length, struct wr_error *error)
{
    char names[512] = "";
    for (int i = 0; i < wr_option_row_count; i++) {
        const size_t used = strlen(names);
        if (!strncmp(wr_option_rows[i].name, word, length))
            snprintf(names + used, sizeof(names) - used, "%s--%s", used ? ", " : "",
                     wr_option_rows[i].name);
    }
    if (!names[0])
        return WR_OK;
    return wr_fail(error, WR_USAGE, "option --%.*s could be any of %s", (int)length, word, names);
}

// Number n of all names and aliases; NULL for an alias that there is not.
static const char *spelling(const void *table, int n)
{
    const struct wr_option_row *row = (const struct wr_option_row *)table + n / 2;
    return n % 2 ? row->alias : row->name;
}

static enum wr_status refuse_unknown(const char *argument, struct wr_error *error)
{
    char word[64];
    const char *const name = argument + strspn(argument, "-");
    const size_t length = strcspn(name, "=");
    if (argument[1] == '-' && length && refuse_ambiguous(name, length, error))
        return WR_USAGE;

    snprintf(word, sizeof(word), "%.*s", (int)length, name);
    const char *const nearest = wr_nearest(word, spelling, wr_option_rows, 2 * wr_option_row_count);
    const int shown = (int)(name - argument + (ptrdiff_t)length);
    if (nearest)
        return wr_fail(error, WR_USAGE, "unknown option %.*s: did you mean --%s?", shown, argument,
                       nearest);
    return wr_fail(error, WR_USAGE, "unknown option %.*s: warpreel --%s lists what there is", shown,
                   argument, wr_option_name(help));
}

// The word of the command line that has the unknown letter. If the letter was the word's last,
// getopt's optind is already that of the next word.
static const char *word_with(char letter, int argc, char **argv)
{
    const char *const last = argv[optind - 1];
    const bool moved_on = last[0] == '-' && last[1] != '-' && last[strlen(last) - 1] == letter;
    return moved_on || optind >= argc ? last : argv[optind];
}

static enum wr_status refuse(int code, int argc, char **argv, struct wr_error *error)
{
    const struct wr_option_row *const row = row_of(optopt);
    if (row && code == ':')
        return wr_fail(error, WR_USAGE, "--%s needs an argument: %s", row->name, row->argument);
    if (row)
        return wr_fail(error, WR_USAGE, "--%s takes no argument", row->name);
    return refuse_unknown(optopt ? word_with((char)optopt, argc, argv) : argv[optind - 1], error);
}

// ---- the whole command line

static enum wr_status parse_options(struct wr_settings *settings, int argc, char **argv,
                                    struct wr_error *error)
{
    struct table table;
    fill_table(&table);
    bool seen[WR_MOST_OPTIONS] = {false};
    int code;
    opterr = 0;
    while ((code = getopt_long(argc, argv, table.letters, table.options, NULL)) != -1) {
        const struct wr_option_row *const row = code == '?' || code == ':' ? NULL : row_of(code);
        if (!row)
            return refuse(code, argc, argv, error);
        const enum wr_status status = wr_option_store(row, settings, optarg, error);
        if (status)
            return status;
        if (seen[row - wr_option_rows] && row->kind != WR_OPTION_TEXTS &&
            row->kind != WR_OPTION_SWITCH)
            settings->repeated = row->name;
        seen[row - wr_option_rows] = true;
    }
    return WR_OK;
}

// "--help scale" means --help=scale.
static void take_filter(struct wr_settings *settings, int count, char **operands)
{
    if (settings->help && !*settings->help && count == 1 && wr_filter_find(operands[0], NULL) >= 0)
        settings->help = operands[0];
}

// Refuses a second file for --describe-model, which describes one.
static enum wr_status check_model(const struct wr_settings *settings, int count, char **operands,
                                  struct wr_error *error)
{
    const char *const name = wr_option_name(describe_model);
    if (!settings->describe_model || settings->version || settings->list_filters)
        return WR_OK;
    if (count)
        return wr_fail(error, WR_USAGE, "--%s takes one file: '%s' is one too many", name,
                       operands[0]);
    if (settings->repeated && !strcmp(settings->repeated, name))
        return wr_fail(error, WR_USAGE, "--%s takes one file and is given twice", name);
    return WR_OK;
}

// libavformat has several names for standard output.
enum wr_status wr_settings_parse(struct wr_settings *settings, int argc, char **argv,
                                 struct wr_error *error)
{
    enum wr_status status = parse_options(settings, argc, argv, error);
    if (!status)
        take_filter(settings, argc - optind, argv + optind);
    if (!status)
        status = check_model(settings, argc - optind, argv + optind, error);
    if (status || settings->help || settings->list_filters || settings->describe_model ||
        settings->version)
        return status;
    status = wr_settings_take_inputs(settings, argc - optind, argv + optind, error);
    return status ? status : wr_settings_check(settings, error);
}
