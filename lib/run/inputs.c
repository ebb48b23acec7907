// SPDX-License-Identifier: MIT
// Finds the input that has the video, and makes companions of the others.
#include "lib/run/inputs.h"

#include "lib/input/input_words.h"

static struct wr_companion_options as_companion(const struct wr_input *input, int number)
{
    return (struct wr_companion_options){
        .number = number,
        .name = input->name,
        .format = input->format,
        .start = input->start,
        .to = input->to,
        .later = input->later,
        .scale = input->scale,
        .from_zero = input->is_of_chain,
        .options = input->options,
        .loops = input->loops,
    };
}

static struct wr_input of_chain(const char *graph)
{
    return (struct wr_input){.name = graph, .format = "lavfi", .is_of_chain = true};
}

static int find_main(const struct wr_inputs *inputs, const struct wr_request *request)
{
    const struct wr_maps maps = wr_request_maps(request);
    if (request->chain.drawn)
        return inputs->count - 1;
    if (inputs->count == 1 || request->chain.main || wr_request_takes_by_number(request))
        return request->chain.main;
    const int named = wr_maps_video_input(&maps);
    if (named >= 0)
        return named;
    const bool any = !wr_maps_choose(&maps), takes_first = !any || !request->options->takes_largest;
    int64_t most = -1;
    int best = 0;
    for (int n = 0; n < inputs->count && !(takes_first && most >= 0); n++) {
        const struct wr_companion_options one = as_companion(&inputs->items[n], n);
        if (!any && !wr_maps_name_input(&maps, n))
            continue;
        const int64_t weight = wr_companion_video_weight(&one);
        if (weight > most) {
            most = weight;
            best = n;
        }
    }
    return best;
}

// Whether the chain takes the pictures of a further input.
static bool takes_pictures(const struct wr_request *request, int number)
{
    bool takes = false;
    for (int n = 0; n < request->chain.count; n++)
        takes |= request->chain.items[n].further >> number & 1;
    return takes;
}

// Whether an input is only taken by filters of the chain, which end by another.
static bool ends_by_chain(const struct wr_request *request, int number)
{
    struct wr_maps maps = wr_request_maps(request);
    maps.sound = NULL;
    return request->ends_repeated &&
           (request->chain.sound.output_count || takes_pictures(request, number)) &&
           !(wr_maps_choose(&maps) && wr_maps_name_input(&maps, number));
}

static bool ends_by_options(const struct wr_inputs *inputs, const struct wr_job_options *options)
{
    return (options->shortest && inputs->count > 1) || options->duration || options->frames >= 0;
}

static enum wr_status check_end(const struct wr_inputs *inputs, int number,
                                const struct wr_request *request, struct wr_error *error)
{
    const struct wr_input *input = &inputs->items[number];
    const bool has_end =
        ends_by_options(inputs, request->options) || ends_by_chain(request, number);
    return input->loops < 0 && !has_end
               ? wr_fail(error, WR_USAGE,
                         "%s is repeated without end: the output needs one, by --shortest or "
                         "--duration",
                         input->name)
               : WR_OK;
}

static enum wr_status add_companion(struct wr_inputs *inputs, int number,
                                    const struct wr_request *request, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const enum wr_status status = check_end(inputs, number, request, error);
    if (status)
        return status;
    struct wr_companion_options *one = &inputs->companions[inputs->companion_count++];
    *one = as_companion(&inputs->items[number], number);
    one->ends_as_pictures =
        one->loops < 0 && !ends_by_options(inputs, options) && !request->chain.sound.output_count;
    one->gives_tags = number == options->metadata_from;
    one->gives_chapters = number == options->chapters_from;
    return WR_OK;
}

static enum wr_status check_givers(const struct wr_job_options *options, int count,
                                   struct wr_error *error)
{
    const bool is_tag = options->metadata_from >= count;
    return is_tag || options->chapters_from >= count
               ? wr_fail(error, WR_USAGE, "%s of input %d are not possible: the last is number %d",
                         is_tag ? "tags" : "chapters",
                         is_tag ? options->metadata_from : options->chapters_from, count - 1)
               : WR_OK;
}

// The whole of a video may begin later in the output, where nothing is cut off of either.
static bool may_begin_later(const struct wr_input *input, const struct wr_job_options *options)
{
    return input->later > 0 && !input->loops && !input->start && !input->to && !options->skip &&
           !options->chunk;
}

// A video may be repeated as a whole; where it has no end, something else ends the output.
static bool may_loop(const struct wr_input *input, const struct wr_job_options *options)
{
    return !input->later && !input->start && !input->to && !options->chunk;
}

static enum wr_status put_main(struct wr_inputs *inputs, const struct wr_request *request,
                               struct wr_job_options *options, struct wr_error *error)
{
    const struct wr_input *main = &inputs->items[inputs->main];
    enum wr_status status = WR_OK;
    const bool loops = main->loops && may_loop(main, options);
    if (wr_request_copies(request) || loops)
        status = check_end(inputs, inputs->main, request, error);
    else if (!may_begin_later(main, options))
        status = wr_input_check_video(main, inputs->main, error);
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

// What is asked of all inputs. After a failure, too, wr_inputs_close is due.
static enum wr_status read_all(struct wr_inputs *inputs, const struct wr_request *request,
                               struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const struct wr_maps maps = wr_request_maps(request);
    const int count = 1 + wr_further_count(options);
    const int own = request->chain.sound.made_count + (request->chain.drawn != NULL);
    if (count + own > WR_MAX_FILES)
        return wr_fail(error, WR_USAGE, "there are more than %d inputs", WR_MAX_FILES);
    enum wr_status status = wr_maps_check(&maps, count, error);
    if (!status)
        status = check_givers(options, count, error);
    for (int n = 0; n < count && !status; n++)
        status = wr_input_read(&inputs->items[inputs->count++], options, n, error);
    for (int n = 0; n < inputs->count && !status; n++) {
        const struct wr_input *input = &inputs->items[n];
        const struct wr_input_words words = {input->format, input->options, input->framerate};
        status = wr_input_words_check(&words, error);
    }
    return status;
}

enum wr_status wr_inputs_check(const struct wr_request *request, struct wr_error *error)
{
    struct wr_inputs inputs = {.count = 0};
    const enum wr_status status = read_all(&inputs, request, error);
    wr_inputs_close(&inputs);
    return status;
}

enum wr_status wr_inputs_open(struct wr_inputs *inputs, const struct wr_request *request,
                              struct wr_job_options *options, struct wr_error *error)
{
    enum wr_status status = read_all(inputs, request, error);
    const int count = inputs->count;
    if (status)
        return status;
    for (int n = 0; n < count; n++)
        inputs->items[n].is_reread = request->chain.reread >> n & 1;
    // What makes sound, and what draws it, are inputs of their own behind the files.
    for (int n = 0; n < request->chain.sound.made_count; n++)
        inputs->items[inputs->count++] = of_chain(request->chain.sound.made[n]);
    if (request->chain.drawn)
        inputs->items[inputs->count++] = of_chain(request->chain.drawn);
    inputs->main = find_main(inputs, request);
    for (int n = 0; n < inputs->count && !status; n++)
        if (n != inputs->main)
            status = add_companion(inputs, n, request, error);
    return status ? status : put_main(inputs, request, options, error);
}

void wr_inputs_close(struct wr_inputs *inputs)
{
    for (int n = 0; n < inputs->count; n++)
        wr_input_close(&inputs->items[n]);
    inputs->count = 0;
}
