// SPDX-License-Identifier: MIT
// Reads what is asked of one input.
#include "lib/run/input.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/specifier.h"

int wr_further_count(const struct wr_job_options *options)
{
    int count = 0;
    while (options->inputs && options->inputs[count])
        count++;
    return count;
}

static const struct {
    const char *key;
    size_t offset;
} fields[] = {
    {"format=", offsetof(struct wr_input, format)},
    {"framerate=", offsetof(struct wr_input, framerate)},
    {"start=", offsetof(struct wr_input, start)},
    {"to=", offsetof(struct wr_input, to)},
    {"offset=", offsetof(struct wr_input, offset)},
    {"repeat=", offsetof(struct wr_input, loop)},
    {"scale=", offsetof(struct wr_input, factor)},
    {"video=", offsetof(struct wr_input, video)},
};

static enum wr_status append_option(struct wr_input *input, const char *pair,
                                    struct wr_error *error)
{
    size_t count = 0;
    while (input->options && input->options[count])
        count++;
    const char **longer = realloc(input->options, (count + 2) * sizeof *longer);
    if (!longer)
        return wr_fail(error, WR_FAILED, "out of memory");
    input->options = longer;
    longer[count] = pair;
    longer[count + 1] = NULL;
    return WR_OK;
}

static enum wr_status take_setting(struct wr_input *input, const char *pair, struct wr_error *error)
{
    for (size_t n = 0; n < sizeof fields / sizeof *fields; n++) {
        const size_t length = strlen(fields[n].key);
        if (strncmp(pair, fields[n].key, length))
            continue;
        *(const char **)((char *)input + fields[n].offset) = pair + length;
        return WR_OK;
    }
    return append_option(input, pair, error);
}

// What is asked of times is a time, and a count is a count.
static enum wr_status settle(struct wr_input *input, int number, struct wr_error *error)
{
    char *end = "";
    input->loops = input->loop ? strtoll(input->loop, &end, 10) : 0;
    if (*end || (input->loop && !*input->loop) || input->loops < -1)
        return wr_fail(
            error, WR_USAGE,
            "--input-setting %d/repeat=%s is not how often an input is repeated; -1 is without "
            "end",
            number, input->loop);
    input->scale = input->factor ? strtod(input->factor, &end) : 1;
    if (*end || !(input->scale >= 1e-3 && input->scale <= 1e3))
        return wr_fail(error, WR_USAGE,
                       "--input-setting %d/scale=%s is not a factor for times such as 2 or 0.5",
                       number, input->factor);
    if (input->video && !wr_is_specifier(input->video))
        return wr_fail(error, WR_USAGE,
                       "--input-setting %d/video=%s is not one of FFmpeg's words for a stream, as "
                       "v:1",
                       number, input->video);
    if (input->offset && !wr_parse_time(input->offset, &input->later))
        return wr_fail(error, WR_USAGE,
                       "--input-setting %d/offset=%s is not a time such as 2.5 or -0.1", number,
                       input->offset);
    return WR_OK;
}

enum wr_status wr_input_read(struct wr_input *input, const struct wr_job_options *options,
                             int number, struct wr_error *error)
{
    *input = (struct wr_input){.name = number ? options->inputs[number - 1] : options->input};
    enum wr_status status = WR_OK;
    if (!number) {
        input->format = options->input_format;
        input->framerate = options->framerate;
        input->start = options->start;
        input->to = options->to;
        for (const char *const *pair = options->input_options; pair && *pair && !status; pair++)
            status = append_option(input, *pair, error);
    }
    for (const char *const *text = options->input_settings; text && *text && !status; text++) {
        char *end;
        const long of = strtol(*text, &end, 10);
        if (end == *text || *end != '/' || !strchr(end, '='))
            return wr_fail(error, WR_USAGE,
                           "input setting \"%s\" is not of the form N/key=value, where N is the "
                           "number of an input",
                           *text);
        if (of < 0 || of > wr_further_count(options))
            return wr_fail(error, WR_USAGE,
                           "input setting \"%s\" is for an input that is not there", *text);
        if (of == number)
            status = take_setting(input, end + 1, error);
    }
    return status ? status : settle(input, number, error);
}

enum wr_status wr_input_check_video(const struct wr_input *input, int number,
                                    struct wr_error *error)
{
    if (input->loops)
        return wr_fail(
            error, WR_USAGE,
            "--input-setting %d/repeat=%s is for sound and text, and for a video that is "
            "whole: the filter loop repeats that of %s otherwise",
            number, input->loop, input->name);
    if (input->later)
        return wr_fail(
            error, WR_USAGE,
            "--input-setting %d/offset=%s is for sound and text, and for a video that is "
            "whole and comes later: the filter setpts moves that of %s otherwise",
            number, input->offset, input->name);
    return WR_OK;
}

void wr_input_close(struct wr_input *input)
{
    free(input->options);
    *input = (struct wr_input){.name = NULL};
}
