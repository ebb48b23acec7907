// SPDX-License-Identifier: MIT
// Parses the chain of a job, and answers what follows from it for the rest of the job.
#include "lib/run/request.h"

#include <string.h>

#include "lib/chain/endless.h"
#include "lib/chain/host_traits.h"
#include "lib/chain/segments.h"
#include "lib/output/containers.h"
#include "lib/run/chain_files.h"
#include "lib/run/input.h"

// True for sound without a label, too.
static bool is_mapped(const struct wr_maps *maps, const char *label)
{
    bool is = !label;
    for (const char *const *map = maps->list; map && *map; map++)
        is |= wr_is_label(*map, label);
    return is;
}

// A label in a map is one that the chain makes; "[out]" is always that of the pictures. Sound with
// a label is in the output only if a map names it, where maps choose.
static enum wr_status check_labels(const struct wr_request *request, struct wr_error *error)
{
    const struct wr_segments *chain = &request->chain;
    const char *const *map = request->options->maps;
    const struct wr_maps maps = {.list = map, .sound = &chain->sound};
    for (; map && *map; map++)
        if (**map == '[' && !wr_is_label(*map, "out") && !wr_is_label(*map, chain->label) &&
            wr_maps_sound(&maps, *map) < 0)
            return wr_fail(error, WR_USAGE, "map \"%s\": the chain makes nothing of this label",
                           *map);
    for (int n = 0; n < chain->sound.output_count; n++)
        if (wr_maps_choose(&maps) && !is_mapped(&maps, chain->sound.outputs[n].label))
            return wr_fail(error, WR_USAGE, "[%s]: no map names this sound, which the chain makes",
                           chain->sound.outputs[n].label);
    return WR_OK;
}

static bool has_video(const struct wr_request *request)
{
    return !request->options->no_video && !request->is_of_sound && !request->is_of_text &&
           !request->is_of_tags;
}

// Sound without end needs an end from elsewhere.
static enum wr_status check_end(const struct wr_request *request, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const bool by_video = has_video(request) && (options->shortest || options->frames >= 0);
    return !request->sound_never_ends || by_video || options->duration
               ? WR_OK
               : wr_fail(error, WR_USAGE,
                         "the filters of the sound make it without end (apad, aloop): the output "
                         "needs an end, by %s",
                         has_video(request) ? "--shortest or --duration" : "--duration");
}

// Whether an input is repeated without end. What is wrong with it is told where it is opened.
static bool is_repeated(const struct wr_request *request, int number)
{
    struct wr_input input;
    const bool is = !wr_input_read(&input, request->options, number, NULL) && input.loops < 0;
    wr_input_close(&input);
    return is;
}

// Bit N is set where sound number N of the chain is of an input that is repeated without end.
static uint32_t repeated_sounds(const struct wr_request *request)
{
    const struct wr_sound_part *sound = &request->chain.sound;
    uint32_t repeated = 0;
    for (int file = 0; file <= wr_further_count(request->options); file++) {
        const bool is = is_repeated(request, file);
        for (int n = 0; n < sound->input_count; n++)
            if (is && (sound->inputs[n].file < 0 || sound->inputs[n].file == file))
                repeated |= (uint32_t)1 << n;
    }
    return repeated;
}

// Whether a sound goes on when all inputs have ended, but for those whose bits are set.
static bool any_never_ends(const struct wr_sound_part *sound, uint32_t endless)
{
    bool any = false;
    for (int n = 0; n < sound->output_count; n++)
        any |= wr_graph_never_ends(sound->outputs[n].graph, endless >> sound->outputs[n].first);
    return any;
}

// Whether a graph makes pictures without end of a further input that is repeated so. Its label is
// "in" and the number of the file.
static bool pictures_never_end(const struct wr_request *request)
{
    bool never_end = false;
    for (int n = 0; n < request->chain.count; n++) {
        const struct wr_segment *segment = &request->chain.items[n];
        uint32_t endless = 0;
        for (int file = 1; file <= wr_further_count(request->options); file++)
            if (segment->further >> file & 1)
                endless |= (uint32_t)is_repeated(request, file) << file;
        never_end |= wr_graph_never_ends(segment->graph, endless);
    }
    return never_end;
}

static void read_pixels(struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    const struct wr_writer_options writer = {
        .output = options->output,
        .codec = options->codec,
        .format = options->format,
        .pix_fmt = options->pix_fmt,
    };
    wr_pixel_wish_read(&request->pixels, &writer);
}

const char *wr_request_pix_fmt(const struct wr_request *request)
{
    return *request->pixels.name ? request->pixels.name : NULL;
}

enum wr_status wr_request_open(struct wr_request *request, const struct wr_job_options *options,
                               struct wr_error *error)
{
    const struct wr_chain_files files = wr_chain_files(options);
    return wr_request_open_files(request, options, &files, error);
}

enum wr_status wr_request_open_files(struct wr_request *request,
                                     const struct wr_job_options *options,
                                     const struct wr_chain_files *files, struct wr_error *error)
{
    request->options = options;
    read_pixels(request);
    const bool keeps_nothing =
        options->output && wr_asks_for_nothing(options->format, options->output);
    enum wr_status status = wr_segments_open_files(&request->chain, options->chain, files->count,
                                                   files, keeps_nothing, error);
    if (!status && request->chain.sound.output_count && options->audio_filter)
        return wr_fail(error, WR_USAGE,
                       "%s: the chain filters sound, and so does \"%s\": one of them is possible",
                       request->chain.sound.names, options->audio_filter);
    const struct wr_sound_part *const sound = &request->chain.sound;
    const struct wr_maps maps = {.list = options->maps,
                                 .sound = sound->output_count ? sound : NULL};
    const bool may_lack_pictures = wr_maps_video_input(&maps) < 0 && !request->chain.count &&
                                   !request->chain.drawn && !options->codec && !options->expect &&
                                   options->output;
    request->is_of_sound =
        may_lack_pictures && wr_container_is_of_sound(options->format, options->output);
    request->is_of_text =
        may_lack_pictures && wr_container_is_of_text(options->format, options->output);
    request->is_of_tags = options->output && wr_asks_for_tags(options->format, options->output);
    request->sound_never_ends =
        wr_graph_never_ends(options->audio_filter, 0) || any_never_ends(sound, 0);
    for (const char *const *own = options->stream_audio_filters; own && *own; own++)
        request->sound_never_ends |= wr_graph_never_ends(*own + strcspn(*own, "/") + 1, 0);
    request->ends_repeated = (sound->output_count || request->chain.count) &&
                             !any_never_ends(sound, repeated_sounds(request)) &&
                             !pictures_never_end(request);
    if (!status)
        status = check_end(request, error);
    return status ? status : check_labels(request, error);
}

void wr_request_close(struct wr_request *request)
{
    wr_segments_close(&request->chain);
}

struct wr_maps wr_request_maps(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    return (struct wr_maps){options->maps,
                            options->no_audio || request->is_of_text,
                            options->no_subtitles,
                            options->no_data,
                            options->no_video || request->is_of_text,
                            request->is_of_sound,
                            options->output &&
                                wr_asks_for_pictures(options->format, options->output),
                            request->is_of_tags,
                            request->chain.sound.output_count ? &request->chain.sound : NULL};
}

bool wr_request_copies(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    return !has_video(request) || (options->codec && !strcmp(options->codec, "copy"));
}

// Files, and parts of the chain that make sound or draw it.
static bool has_several_inputs(const struct wr_request *request)
{
    return wr_further_count(request->options) || request->chain.drawn ||
           request->chain.sound.made_count;
}

bool wr_request_skips_behind(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    return options->skip && (options->start || request->chain.count || has_several_inputs(request));
}

bool wr_request_keeps_times(const struct wr_request *request)
{
    bool all_native = !wr_request_skips_behind(request);
    for (int n = 0; n < request->chain.count; n++)
        all_native &= request->chain.items[n].is_native;
    return all_native;
}

bool wr_request_filters_sound(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    return options->audio_filter || options->stream_audio_filters ||
           request->chain.sound.output_count;
}

bool wr_request_encodes_sound(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    const bool is_copied = !options->audio || !strncmp(options->audio, "copy", 4);
    return !is_copied || options->stream_audio || wr_request_filters_sound(request);
}

bool wr_request_ends_behind(const struct wr_request *request)
{
    return request->options->duration &&
           (!wr_request_keeps_times(request) || wr_request_filters_sound(request));
}

bool wr_request_keeps_count(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    const bool sets_rate =
        options->rate || options->fps_mode == WR_FPS_CFR || options->fps_mode == WR_FPS_VFR;
    return !sets_rate && wr_request_keeps_times(request);
}

bool wr_request_has_filters(const struct wr_request *request)
{
    bool found = false;
    for (int n = 0; n < request->chain.count; n++) {
        const struct wr_segment *segment = &request->chain.items[n];
        found |= segment->is_native || !(wr_host_traits(segment->names) & WR_HOST_CHANGES_NOTHING);
    }
    return found;
}

bool wr_request_takes_by_number(const struct wr_request *request)
{
    uint32_t taken = 0;
    for (int n = 0; n < request->chain.count; n++)
        taken |= request->chain.items[n].further;
    return taken != 0;
}
