// SPDX-License-Identifier: MIT
// A part holds the options of its run as words; joining reads them as if they were given again.
#include "cli/join.h"

#include <stdlib.h>
#include <string.h>

#include "cli/option_values.h"
#include "cli/option_words.h"

enum wr_status wr_part_settings_keep(struct wr_settings *settings, struct wr_error *error)
{
    if (!settings->job.part)
        return WR_OK;
    settings->job.settings = wr_settings_keep(settings, wr_settings_words(settings));
    return settings->job.settings ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

// What parts were made with cannot be changed any more.
static enum wr_status refuse_options(const struct wr_settings *settings, struct wr_error *error)
{
    char *const words = wr_settings_words(settings);
    if (!words)
        return wr_fail(error, WR_FAILED, "out of memory");
    const char *const useless = wr_settings_many_option(settings);
    enum wr_status status = WR_OK;
    if (useless)
        status = wr_fail(error, WR_USAGE, "--%s makes one file, and takes no --%s",
                         wr_option_name(join), useless);
    else if (*words)
        status = wr_fail(error, WR_USAGE, "--%s takes all settings from the parts: leave out %.*s",
                         wr_option_name(join), (int)strcspn(words, "=\n"), words);
    else if (settings->job.part)
        status = wr_fail(error, WR_USAGE, "--%s and --%s exclude each other", wr_option_name(join),
                         wr_option_name(job.part));
    free(words);
    return status;
}

enum wr_status wr_join_take(struct wr_settings *settings, int count, char **parts,
                            struct wr_error *error)
{
    if (count == 0)
        return wr_fail(error, WR_USAGE, "--%s needs the files that --%s has written",
                       wr_option_name(join), wr_option_name(job.part));
    char *text, *input;
    enum wr_status status = refuse_options(settings, error);
    if (!status)
        status = wr_part_describe(parts[0], &text, &input, error);
    if (status)
        return status;
    const char *const kept = wr_settings_keep(settings, text);
    const char *const path = wr_settings_keep(settings, input);
    char *const words = kept ? strdup(kept) : NULL;
    if (!wr_settings_keep(settings, words) || !path)
        return wr_fail(error, WR_FAILED, "out of memory");
    status = wr_settings_read_words(settings, words, error);
    settings->job.settings = kept;
    settings->job.joined = (const char *const *)parts;
    settings->job.input = settings->source ? settings->source : path;
    return status;
}
