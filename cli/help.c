// SPDX-License-Identifier: MIT
// Help pages, all from the tables of options and filters.
#include "cli/help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 80

// Prints text in words at column `indent`, where the cursor stands, and ends the line.
static void print_wrapped(const char *text, int indent)
{
    int column = indent;
    while (*text) {
        const int length = (int)strcspn(text, " ");
        if (column > indent && column + 1 + length > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        column += printf("%s%.*s", column > indent ? " " : "", length, text);
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}

// Prints a heading and goes to column `indent`, on the next line if the heading is too long.
static void print_heading(const char *heading, int indent)
{
    if ((int)strlen(heading) + 2 > indent)
        printf("%s\n%*s", heading, indent, "");
    else
        printf("%-*s", indent, heading);
}

// "  -h, --help[=FILTER]"
static void print_option_heading(const struct wr_option_info *option)
{
    char heading[128];
    const char letter[] = {'-', option->letter, ',', ' ', '\0'};
    const char *const argument = option->argument ? option->argument : "";
    const char *const joint = option->optional ? "[=" : *argument ? " " : "";
    snprintf(heading, sizeof(heading), "  %s--%s%s%s", option->letter ? letter : "    ",
             option->name, joint, argument + option->optional);
    print_heading(heading, 26);
}

static void print_option(const struct wr_option_info *option)
{
    char text[512];
    const bool limits = option->limits[0];
    snprintf(text, sizeof(text), "%s%s%s%s%s%s", option->help, limits ? " (" : "", option->limits,
             limits ? ")" : "", option->alias ? "; also --" : "",
             option->alias ? option->alias : "");
    print_option_heading(option);
    print_wrapped(text, 26);
}

static void print_example(const char *chain)
{
    printf("  warpreel --%s \"%s\" in.mkv --%s out.mkv\n", wr_option_name(run.chain), chain,
           wr_option_name(run.output));
}

static void print_overview(void)
{
    printf("Usage: warpreel [OPTION]... INPUT --%s PATH\n", wr_option_name(run.output));
    printf("Runs a chain of pixel filters over a video file and copies all the rest.\n\n");
    print_example(wr_filter_describe(0).example);
    putchar('\n');
    for (int i = 0; i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        print_option(&option);
    }
    printf("\nExit status: 0 done, 1 failed, 2 usage, 4 done but the input was damaged,\n"
           "130 interrupted.\n");
}

static void print_filters(void)
{
    for (int i = 0; i < wr_filter_count(); i++) {
        const struct wr_filter_info filter = wr_filter_describe(i);
        print_heading(filter.name, 12);
        print_wrapped(filter.help, 12);
    }
}

static void print_parameter(const struct wr_parameter_info *parameter)
{
    printf("  %s%s%s: %s", parameter->name, parameter->alias ? ", " : "",
           parameter->alias ? parameter->alias : "", parameter->type);
    if (parameter->range[0])
        printf(", %s", parameter->range);
    if (parameter->standard[0])
        printf(", default %s", parameter->standard);
    printf("\n%*s", 6, "");
    print_wrapped(parameter->help, 6);
}

static void print_filter(int index)
{
    const struct wr_filter_info filter = wr_filter_describe(index);
    printf("%s: ", filter.name);
    print_wrapped(filter.help, (int)strlen(filter.name) + 2);
    printf(filter.parameter_count ? "\nParameters, in the order in which they may go unnamed:\n"
                                  : "\nIt has no parameters.\n");
    for (int i = 0; i < filter.parameter_count; i++) {
        const struct wr_parameter_info parameter = wr_parameter_describe(index, i);
        print_parameter(&parameter);
    }
    if (filter.takes_enable)
        printf("\nLike every filter that keeps size and layout, it works only where an expression "
               "over\nn (frame), t (seconds), w and h is true if enable= gives one: "
               "enable='between(t,5,10)'.\n");
    printf("\nExample:\n");
    print_example(filter.example ? filter.example : filter.name);
}

static const char *filter_name(const void *unused, int n)
{
    (void)unused;
    return wr_filter_describe(n).name;
}

static enum wr_status print_filter_named(const char *name, struct wr_error *error)
{
    for (int i = 0; i < wr_filter_count(); i++)
        if (!strcmp(filter_name(NULL, i), name)) {
            print_filter(i);
            return WR_OK;
        }
    const char *const nearest = wr_nearest(name, filter_name, NULL, wr_filter_count());
    if (nearest)
        return wr_fail(error, WR_USAGE, "unknown filter \"%s\": did you mean %s?", name, nearest);
    return wr_fail(error, WR_USAGE, "unknown filter \"%s\": warpreel --%s shows what there is",
                   name, wr_option_name(list_filters));
}

enum wr_status wr_help(const struct wr_settings *settings, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (settings->version)
        printf("warpreel %s\nFFmpeg %s\n", WARPREEL_VERSION, wr_libav_version());
    else if (settings->list_filters)
        print_filters();
    else if (settings->help[0])
        status = print_filter_named(settings->help, error);
    else
        print_overview();
    if (!status && (fflush(stdout) || ferror(stdout)))
        return wr_fail(error, WR_FAILED, "cannot write to standard output: %s", strerror(errno));
    return status;
}
