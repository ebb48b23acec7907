// SPDX-License-Identifier: MIT
// Help pages, all from the tables of options and filters.
#include "cli/help.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/model_info.h"

#define WIDTH 80

// The length of the word at text. A word longer than `room` is cut behind the last plus that fits.
static int word_length(const char *text, int room)
{
    int length = (int)strcspn(text, " ");
    for (int part = length; length > room && part > 0; part--)
        if (text[part - 1] == '+')
            length = part;
    return length;
}

// Prints text in words from column `start`, where the cursor stands, and ends the line. Further
// lines begin at column `indent`.
static void print_wrapped(const char *text, int start, int indent)
{
    int column = start;
    bool is_first = true; // of its line
    while (*text) {
        const int length = word_length(text, WIDTH - indent);
        if (!is_first && column + 1 + length > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
            is_first = true;
        }
        column += printf("%s%.*s", is_first ? "" : " ", length, text);
        is_first = false;
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
    print_wrapped(text, 26, 26);
}

// Goes on in a new line before a word that would be too long for this one.
static void print_example(const char *chain)
{
    char words[2][512];
    snprintf(words[0], sizeof(words[0]), "\"%s\"", chain);
    snprintf(words[1], sizeof(words[1]), "in.mkv --%s out.mkv", wr_option_name(job.output));
    int column = printf("  warpreel --%s", wr_option_name(job.chain));
    for (int i = 0; i < 2; i++) {
        const int room = WIDTH - column - (i ? 0 : 2); // a backslash may have to follow
        if (1 + (int)strlen(words[i]) > room) {
            printf(" \\\n");
            column = printf("     ");
        }
        column += printf(" %s", words[i]);
    }
    putchar('\n');
}

static void print_overview(void)
{
    printf("Usage: warpreel [OPTION]... INPUT --%s PATH\n", wr_option_name(job.output));
    printf("Runs a chain of pixel filters over a video file and copies all the rest.\n\n");
    print_example(wr_filter_describe(0).example);
    putchar('\n');
    for (int i = 0; i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        print_option(&option);
    }
    printf("\nExit status: 0 done, 1 failed, 2 usage, 4 done but the input was damaged,\n"
           "5 done but the pictures are not as expected, 130 interrupted.\n");
}

static void print_host_filters(bool sound)
{
    for (int i = 0, count = wr_host_filter_count(); i < count; i++) {
        const struct wr_host_filter_info filter = wr_host_filter_describe(i);
        if (filter.is_sound != sound)
            continue;
        print_heading(filter.name, 12);
        print_wrapped(filter.help, 12, 12);
    }
}

static void print_filters(void)
{
    for (int i = 0; i < wr_filter_count(); i++) {
        const struct wr_filter_info filter = wr_filter_describe(i);
        print_heading(filter.name, 12);
        print_wrapped(filter.help, 12, 12);
    }
    printf("\nFFmpeg's own filters, which run on the CPU:\n");
    print_host_filters(false);
    printf("\nFFmpeg's own filters for sound:\n");
    print_host_filters(true);
}

static void print_parameter(const struct wr_parameter_info *parameter)
{
    char text[1536];
    snprintf(text, sizeof(text), "%s%s%s: %s%s%s%s%s", parameter->name,
             parameter->alias ? ", " : "", parameter->alias ? parameter->alias : "",
             parameter->type, parameter->range[0] ? ", " : "", parameter->range,
             parameter->standard[0] ? ", default " : "", parameter->standard);
    printf("  ");
    print_wrapped(text, 2, 4);
    if (!parameter->help[0])
        return;
    printf("%*s", 6, "");
    print_wrapped(parameter->help, 6, 6);
}

// Prints names with commas between them under their title.
static void print_names(const struct wr_name_list *list)
{
    printf("\n%s:\n", list->title);
    int column = printf(" ");
    for (int n = 0; list->name(n); n++) {
        const char *const comma = list->name(n + 1) ? "," : "";
        if (column + 1 + (int)(strlen(list->name(n)) + strlen(comma)) > WIDTH)
            column = printf("\n ") - 1;
        column += printf(" %s%s", list->name(n), comma);
    }
    putchar('\n');
}

static void print_enable(void)
{
    putchar('\n');
    print_wrapped("enable='between(t,5,10)' switches the filter on and off per frame "
                  "(variables n, t, w, h).",
                  0, 0);
}

static void print_filter(int index)
{
    const struct wr_filter_info filter = wr_filter_describe(index);
    const int indent = printf("%s: ", filter.name);
    print_wrapped(filter.help, indent, indent);
    printf(filter.parameter_count ? "\nParameters, in the order in which they may go unnamed:\n"
                                  : "\nIt has no parameters.\n");
    for (int i = 0; i < filter.parameter_count; i++) {
        const struct wr_parameter_info parameter = wr_parameter_describe(index, i);
        print_parameter(&parameter);
    }
    if (filter.takes_enable)
        print_enable();
    if (filter.notes) {
        putchar('\n');
        print_wrapped(filter.notes, 0, 0);
    }
    for (const struct wr_name_list *list = filter.lists; list && list->title; list++)
        print_names(list);
    printf("\nExample:\n");
    print_example(filter.example ? filter.example : filter.name);
}

static void print_pads(char *text, size_t size, int count, const char *what)
{
    if (count < 0)
        snprintf(text, size, "as many %ss as its parameters say", what);
    else
        snprintf(text, size, "%d %s%s", count, what, count == 1 ? "" : "s");
}

// One of FFmpeg's, and what its options say.
static void print_host_filter(int index)
{
    const struct wr_host_filter_info filter = wr_host_filter_describe(index);
    char inputs[64], outputs[64], text[512];
    const int indent = printf("%s: ", filter.name);
    print_wrapped(filter.help, indent, indent);
    print_pads(inputs, sizeof(inputs), filter.inputs, "input");
    print_pads(outputs, sizeof(outputs), filter.outputs, "output");
    snprintf(text, sizeof(text),
             "It is one of FFmpeg's own filters and runs on the CPU, %s. It has %s and %s.",
             filter.is_sound ? "before the sound is encoded" : "in a host stage", inputs, outputs);
    putchar('\n');
    print_wrapped(text, 0, 0);
    printf(filter.parameter_count ? "\nParameters:\n" : "\nIt has no parameters.\n");
    for (int i = 0; i < filter.parameter_count; i++) {
        const struct wr_parameter_info parameter = wr_host_parameter_describe(index, i);
        print_parameter(&parameter);
    }
    if (filter.takes_enable)
        print_enable();
}

// The n-th name of warpreel's filters and then FFmpeg's.
static const char *any_name(const void *unused, int n)
{
    (void)unused;
    const int own = wr_filter_count();
    return n < own ? wr_filter_describe(n).name : wr_host_filter_describe(n - own).name;
}

static enum wr_status print_filter_named(const char *name, struct wr_error *error)
{
    const int own = wr_filter_count(), all = own + wr_host_filter_count();
    int n = 0;
    while (n < all && strcmp(any_name(NULL, n), name))
        n++;
    if (n == all) {
        const char *nearest = wr_nearest(name, any_name, NULL, all);
        return nearest ? wr_fail(error, WR_USAGE, "no filter named '%s', did you mean '%s'?", name,
                                 nearest)
                       : wr_fail(error, WR_USAGE,
                                 "no filter named '%s' (--list-filters lists them)", name);
    }
    if (n < own)
        print_filter(n);
    else
        print_host_filter(n - own);
    return WR_OK;
}

static enum wr_status print_version(const char *cpu_level, struct wr_error *error)
{
    struct wr_engine_info engine;
    const enum wr_status status = wr_engine_describe(&engine, cpu_level, error);
    if (status)
        return status;
    printf("warpreel %s\nFFmpeg %s\n", wr_version(), wr_libav_version());
    for (int i = 0; i < wr_libav_count(); i++) {
        const struct wr_libav_info library = wr_libav_describe(i);
        printf("%s %s, built with %s\n", library.name, library.running, library.built);
    }
    if (engine.cuda)
        printf("CUDA for architectures %s\n", engine.cuda);
    else
        printf("CUDA is not in this build\n");
    printf("CPU level %s, of %s\n", engine.cpu_level, engine.cpu_levels);
    return WR_OK;
}

enum wr_status wr_help(const struct wr_settings *settings, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (settings->version)
        status = print_version(settings->engine.cpu_level, error);
    else if (settings->list_filters)
        print_filters();
    else if (settings->describe_model)
        status = wr_model_print_info(settings->describe_model, error);
    else if (settings->help[0])
        status = print_filter_named(settings->help, error);
    else
        print_overview();
    if (!status && (fflush(stdout) || ferror(stdout)))
        return wr_fail(error, WR_FAILED, "cannot write to standard output: %s", strerror(errno));
    return status;
}
