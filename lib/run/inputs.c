// SPDX-License-Identifier: MIT
// Reads what is asked of each input, and finds the one that has the video.
#include "lib/run/inputs.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

// ---- one input

static const struct {
    const char *key;
    size_t offset;
} fields[] = {
    {"format=", offsetof(struct wr_input, format)},
    {"framerate=", offsetof(struct wr_input, framerate)},
    {"start=", offsetof(struct wr_input, start)},
    {"to=", offsetof(struct wr_input, to)},
    {"offset=", offsetof(struct wr_input, offset)},
    {"loop=", offsetof(struct wr_input, loop)},
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
        return wr_fail(error, WR_USAGE,
                       "--input-setting %d/loop=%s is not how often %s is repeated; -1 is without "
                       "end",
                       number, input->loop, input->name);
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
        return wr_fail(error, WR_USAGE,
                       "--input-setting %d/loop=%s is for sound and text beside the video: the "
                       "filter loop repeats the video of %s",
                       number, input->loop, input->name);
    if (input->later)
        return wr_fail(error, WR_USAGE,
                       "--input-setting %d/offset=%s is for sound and text beside the video: the "
                       "filter setpts moves the video of %s",
                       number, input->offset, input->name);
    return WR_OK;
}

void wr_input_close(struct wr_input *input)
{
    free(input->options);
    *input = (struct wr_input){.name = NULL};
}

// ---- all inputs

static struct wr_companion_options as_companion(const struct wr_input *input, int number)
{
    return (struct wr_companion_options){
        .number = number,
        .name = input->name,
        .format = input->format,
        .start = input->start,
        .to = input->to,
        .later = input->later,
        .options = input->options,
        .loops = input->loops,
    };
}

static int find_main(const struct wr_inputs *inputs, const struct wr_request *request)
{
    const struct wr_maps maps = wr_request_maps(request);
    if (inputs->count == 1 || wr_request_takes_by_number(request))
        return 0;
    const int named = wr_maps_video_input(&maps);
    if (named >= 0)
        return named;
    const bool any = !wr_maps_choose(&maps);
    for (int n = 0; n < inputs->count; n++) {
        const struct wr_companion_options one = as_companion(&inputs->items[n], n);
        if ((any || wr_maps_name_input(&maps, n)) && wr_companion_has_video(&one))
            return n;
    }
    return 0;
}

static enum wr_status check_end(const struct wr_input *input, const struct wr_job_options *options,
                                struct wr_error *error)
{
    const bool has_end = options->shortest || options->duration || options->frames >= 0;
    return input->loops < 0 && !has_end
               ? wr_fail(error, WR_USAGE,
                         "%s is repeated without end: the output needs one, by --shortest or "
                         "--duration",
                         input->name)
               : WR_OK;
}

static enum wr_status add_companion(struct wr_inputs *inputs, int number,
                                    const struct wr_job_options *options, struct wr_error *error)
{
    const enum wr_status status = check_end(&inputs->items[number], options, error);
    if (!status)
        inputs->companions[inputs->companion_count++] =
            as_companion(&inputs->items[number], number);
    return status;
}

static enum wr_status put_main(struct wr_inputs *inputs, const struct wr_request *request,
                               struct wr_job_options *options, struct wr_error *error)
{
    const struct wr_input *main = &inputs->items[inputs->main];
    const enum wr_status status = wr_request_copies(request)
                                      ? check_end(main, options, error)
                                      : wr_input_check_video(main, inputs->main, error);
    if (status)
        return status;
    options->input = main->name;
    options->input_format = main->format;
    options->framerate = main->framerate;
    options->start = main->start;
    options->to = main->to;
    options->input_options = main->options;
    return WR_OK;
}

enum wr_status wr_inputs_open(struct wr_inputs *inputs, const struct wr_request *request,
                              struct wr_job_options *options, struct wr_error *error)
{
    const struct wr_maps maps = wr_request_maps(request);
    const int count = 1 + wr_further_count(options);
    if (count > WR_MAX_FILES)
        return wr_fail(error, WR_USAGE, "there are more than %d inputs", WR_MAX_FILES);
    enum wr_status status = wr_maps_check(&maps, count, error);
    for (int n = 0; n < count && !status; n++)
        status = wr_input_read(&inputs->items[inputs->count++], options, n, error);
    if (status)
        return status;
    for (int n = 0; n < count; n++)
        inputs->items[n].is_reread = request->chain.reread >> n & 1;
    inputs->main = find_main(inputs, request);
    for (int n = 0; n < count && !status; n++)
        if (n != inputs->main)
            status = add_companion(inputs, n, options, error);
    return status ? status : put_main(inputs, request, options, error);
}

void wr_inputs_close(struct wr_inputs *inputs)
{
    for (int n = 0; n < inputs->count; n++)
        wr_input_close(&inputs->items[n]);
    inputs->count = 0;
}
