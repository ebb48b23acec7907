// SPDX-License-Identifier: MIT
// Finds out whether one input is meant or many, and refuses options that do not go together.
#include "cli/option_checks.h"

#include <string.h>

#include "cli/expect.h"
#include "cli/join.h"
#include "cli/option_rows.h"
#include "cli/option_words.h"
#include "cli/paths.h"

// Whether this is a run with many inputs: several files, a list, a folder, or a single file whose
// output is to lie in a folder.
static bool are_many(const struct wr_settings *settings, int count, char **operands)
{
    const char *const output = settings->job.output;
    if (settings->many.list || wr_path_means_folder(operands[0]))
        return true;
    if (count == 1)
        return !settings->estimate && strcmp(operands[0], "-") && wr_path_means_folder(output);
    const bool needs_none = settings->estimate || wr_expect_is_asked(settings);
    return count > 1 && (wr_path_means_folder(output) || (!output && needs_none));
}

// --include and --exclude choose among the files of folders, so they need a folder.
static enum wr_status check_choice(const struct wr_settings *settings, struct wr_error *error)
{
    const struct wr_many_options *const many = &settings->many;
    const char *const useless = many->include   ? wr_option_name(many.include)
                                : many->exclude ? wr_option_name(many.exclude)
                                                : NULL;
    bool has_folder = false;
    for (const char *const *input = many->inputs; *input; input++)
        has_folder |= wr_path_means_folder(*input);
    return !useless || has_folder
               ? WR_OK
               : wr_fail(error, WR_USAGE, "--%s needs a folder among the inputs", useless);
}

// One input and what goes with it.
static enum wr_status take_input(struct wr_settings *settings, const char *input,
                                 struct wr_error *error)
{
    settings->job.input = input;
    if (settings->source)
        return wr_fail(error, WR_USAGE, "--%s needs --%s", wr_option_name(source),
                       wr_option_name(join));
    if (settings->job.chunk) {
        settings->job.pieces_at_once = settings->many.jobs;
        settings->many.jobs = 0;
    }
    const char *const useless = wr_settings_many_option(settings);
    return useless ? wr_fail(error, WR_USAGE, "--%s needs a folder or several inputs", useless)
                   : wr_part_settings_keep(settings, error);
}

enum wr_status wr_settings_take_inputs(struct wr_settings *settings, int count, char **operands,
                                       struct wr_error *error)
{
    const char *const output = settings->job.output;
    if (settings->join)
        return wr_join_take(settings, count, operands, error);
    settings->many.inputs = (const char *const *)operands; // argv ends with NULL
    settings->has_many = are_many(settings, count, operands);
    if (settings->has_many)
        return check_choice(settings, error);
    if (count == 0)
        return wr_fail(error, WR_USAGE,
                       "no input: name one file, or - for standard input "
                       "(warpreel --%s explains)",
                       wr_option_name(help));
    if (count > 1 && output)
        return wr_fail(error, WR_USAGE,
                       "unexpected \"%s\": several inputs need a folder as --%s, and a / behind "
                       "its name where it is to be made; further inputs of the chain are named "
                       "with --%s",
                       operands[1], wr_option_name(job.output), wr_option_name(job.inputs));
    if (count > 1)
        return wr_fail(error, WR_USAGE, "unexpected \"%s\": name the output with --%s", operands[1],
                       wr_option_name(job.output));
    return take_input(settings, operands[0], error);
}

static bool is_stdout(const char *path)
{
    return path && !strcmp(path, "-");
}

enum wr_status wr_settings_check_one_of_many(const struct wr_settings *settings,
                                             struct wr_error *error)
{
    return settings->job.on_change == WR_ON_CHANGE_SPLIT
               ? wr_fail(error, WR_USAGE, "--%s=split is for a single input",
                         wr_option_name(job.on_change))
               : wr_expect_check_job(settings, error);
}

// Each of many inputs would write these.
static enum wr_status check_many(const struct wr_settings *settings, struct wr_error *error)
{
    const char *const refused = settings->memory_plot ? wr_option_name(memory_plot)
                                : settings->job.trace ? wr_option_name(job.trace)
                                : settings->memory    ? wr_option_name(memory)
                                : settings->job.part  ? wr_option_name(job.part)
                                                      : NULL;
    if (refused)
        return wr_fail(error, WR_USAGE, "--%s is for a single input", refused);
    const enum wr_status status = wr_settings_check_one_of_many(settings, error);
    if (status)
        return status;
    if (is_stdout(settings->job.output))
        return wr_fail(error, WR_USAGE,
                       "many inputs cannot go to standard output: name a folder with --%s",
                       wr_option_name(job.output));
    return WR_OK;
}

// Every file that is written needs a name, and only one of them can be standard output. An estimate
// does not write the output, so its name does not matter.
static enum wr_status check_names(const struct wr_settings *settings, struct wr_error *error)
{
    const char *taken = NULL;
    for (const struct wr_option_row *row = wr_option_rows;
         row < wr_option_rows + wr_option_row_count; row++) {
        const char *const path =
            row->is_made ? *(const char *const *)((const char *)settings + row->offset) : NULL;
        if (path && !*path)
            return wr_fail(error, WR_USAGE, "--%s needs a name, not \"\"", row->name);
        if (!is_stdout(path) || settings->estimate)
            continue;
        if (taken)
            return wr_fail(error, WR_USAGE, "--%s and --%s cannot both be standard output", taken,
                           row->name);
        taken = row->name;
    }
    return WR_OK;
}

// An estimate runs nothing that could be drawn or timed.
static enum wr_status check_estimate(const struct wr_settings *settings, struct wr_error *error)
{
    const char *const refused = settings->memory_plot  ? wr_option_name(memory_plot)
                                : settings->job.trace  ? wr_option_name(job.trace)
                                : settings->many.watch ? wr_option_name(many.watch)
                                                       : NULL;
    return refused ? wr_fail(error, WR_USAGE, "--%s runs nothing, and so takes no --%s",
                             wr_option_name(estimate), refused)
                   : WR_OK;
}

static enum wr_status check_outputs(const struct wr_settings *settings, struct wr_error *error)
{
    if (!settings->job.output && !settings->estimate && !wr_expect_is_asked(settings))
        return wr_fail(error, WR_USAGE, "no output: name one with --%s",
                       wr_option_name(job.output));
    if (is_stdout(settings->job.output) && !settings->job.format && !settings->estimate)
        return wr_fail(error, WR_USAGE,
                       "standard output has no suffix: name the container with --%s",
                       wr_option_name(job.format));
    if (settings->quiet && settings->verbose)
        return wr_fail(error, WR_USAGE, "--%s and --%s exclude each other", wr_option_name(quiet),
                       wr_option_name(verbose));
    enum wr_status status = check_names(settings, error);
    if (!status)
        status = wr_expect_check(settings, error);
    if (!status && settings->estimate)
        status = check_estimate(settings, error);
    return status || !settings->has_many ? status : check_many(settings, error);
}

static void name_stdout(struct wr_settings *settings)
{
    const char *const output = settings->job.output;
    if (output && (!strcmp(output, "pipe:1") || !strcmp(output, "pipe:")))
        settings->job.output = "-";
}

enum wr_status wr_settings_check(struct wr_settings *settings, struct wr_error *error)
{
    settings->job.threads = settings->engine.threads; // -j is for codecs, too
    settings->expect_is_folder = settings->has_many;
    name_stdout(settings);
    return check_outputs(settings, error);
}
