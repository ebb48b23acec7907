// SPDX-License-Identifier: MIT
// Plans the output for what comes out of the stages, and has stages make what the output takes.
#include "lib/run/job_stages.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>

#include "lib/input/source.h"
#include "lib/output/target.h"
#include "lib/output/trial/pictures.h"
#include "lib/run/stages/rate_stage.h"
#include "lib/run/turn_choice.h"

// What is wrong with times is told elsewhere.
static int64_t cut_behind(const struct wr_request *request)
{
    int64_t time;
    return wr_request_skips_behind(request) && wr_parse_time(request->options->skip, &time) ? time
                                                                                            : 0;
}

struct wr_reader_options wr_job_reader_options(const struct wr_request *request,
                                               const struct wr_inputs *inputs, int cancelled)
{
    const struct wr_job_options *options = request->options;
    const bool keeps_count = wr_request_keeps_count(request);
    const bool starts = options->start || wr_request_skips_behind(request);
    // What is skipped counts for the length of what is read.
    const bool is_skipped = !starts && options->skip && options->to && *options->to == '+';
    return (struct wr_reader_options){
        .input = options->input,
        .number = inputs->main,
        .companions = inputs->companions,
        .companion_count = inputs->companion_count,
        .shortest = options->shortest,
        .on_change = options->on_change,
        .loops = inputs->items[inputs->main].loops,
        .later = inputs->items[inputs->main].later,
        .scale = inputs->items[inputs->main].scale,
        .video = inputs->items[inputs->main].video,
        .from_zero = inputs->items[inputs->main].is_of_chain,
        .cut_behind = cut_behind(request),
        .format = options->input_format,
        .options = options->input_options,
        .framerate = options->framerate,
        .start = starts ? options->start : options->skip,
        .to = is_skipped ? options->to + 1 : options->to,
        .duration = wr_request_ends_behind(request) ? NULL : options->duration,
        .frames = keeps_count ? options->frames : -1,
        .maps = wr_request_maps(request),
        .only_first = options->joined != NULL,
        .timeout = options->source_timeout,
        .is_paced = options->realtime,
        .threads = options->threads,
        .cancelled = cancelled,
        .log = {options->log, options->opaque},
    };
}

static int64_t most_of_sound(const struct wr_job_options *options)
{
    int64_t duration;
    return options->duration && wr_parse_time(options->duration, &duration) ? duration : INT64_MAX;
}

struct wr_writer_options wr_job_writer_options(const struct wr_request *request)
{
    const struct wr_job_options *options = request->options;
    return (struct wr_writer_options){
        .output = options->output,
        .codec = options->codec,
        .quality = options->quality,
        .preset = options->preset,
        .format = options->format,
        .pix_fmt = wr_request_pix_fmt(request),
        .skips = wr_request_skips_behind(request),
        .may_lack_first = !wr_request_keeps_times(request),
        .takes_nearest = request->pixels.takes_nearest,
        .aspect = options->aspect,
        .encoder_options = options->encoder_options,
        .packet_filters = options->packet_filters,
        .pass = options->pass,
        .pass_log = options->pass_log,
        .key_frames = options->key_frames,
        .tag = options->tag,
        .stream_tags = options->stream_tags,
        .muxer_options = options->muxer_options,
        .metadata = options->metadata,
        .stream_metadata = options->stream_metadata,
        .dispositions = options->dispositions,
        .attach = options->attach,
        .no_metadata = options->no_metadata,
        .no_chapters = options->no_chapters,
        .audio = options->audio,
        .stream_audio = options->stream_audio,
        .audio_filter = options->audio_filter,
        .stream_audio_filters = options->stream_audio_filters,
        .subtitles = options->subtitles,
        .stream_subtitles = options->stream_subtitles,
        .sound = &request->chain.sound,
        .sound_never_ends = request->sound_never_ends,
        .shortest = options->shortest,
        .most_sound = most_of_sound(options),
        .threads = options->threads,
        .chunk = options->chunk,
        .pieces_at_once = options->pieces_at_once,
        .joined = options->joined,
        .chain = options->chain,
        .settings = options->settings,
        .frames = options->frames,
        .size_limit = options->size_limit,
        .sound_packets = options->sound_packets,
        .overwrite = options->overwrite,
    };
}

// The plan's second step, for frames as the chain gives them.
static enum wr_status choose_encoder(struct wr_output_plan *plan,
                                     const struct wr_writer_options *writer,
                                     const struct wr_reader *reader, const struct wr_stream *stream,
                                     struct wr_error *error)
{
    const struct wr_output_frames frames = {
        .stream = stream,
        .source = wr_reader_source(reader)->first->format,
        .source_has_alpha = wr_reader_format(reader)->alpha,
        .expected = wr_reader_frames_total(reader),
    };
    return wr_output_plan_choose_encoder(plan, writer, &frames, error);
}

// The plan's third step, for frames as the last stage gives them.
static enum wr_status finish_plan(struct wr_output_plan *plan,
                                  const struct wr_writer_options *writer,
                                  const struct wr_reader *reader, const struct wr_stages *stages,
                                  struct wr_error *error)
{
    return wr_output_plan_finish(plan, writer, &stages->out,
                                 wr_reader_source(reader)->first->format, error);
}

// Whether each picture is to take the place of the one before.
static bool is_updated(const struct wr_job_options *options)
{
    bool updated = false;
    const char *value;
    for (const char *const *option = options->muxer_options; option && *option; option++)
        if (av_strstart(*option, "update=", &value) || av_strstart(*option, "update?=", &value))
            updated = strcmp(value, "0") != 0;
    return updated;
}

// A file of one picture is refused at once where the input says how many frames it has; elsewhere
// at the second frame.
static enum wr_status check_count(const struct wr_output_plan *plan,
                                  const struct wr_job_options *options,
                                  const struct wr_stages *stages, const struct wr_source *source,
                                  struct wr_error *error)
{
    const bool many = source->video->nb_frames > 1 && !source->start && options->frames != 1 &&
                      options->frames != 0 && wr_stages_keep_count(stages) && !is_updated(options);
    const bool one = plan->container_row->holds_pictures && plan->target_kind == WR_TARGET_FILE;
    return many && one ? wr_target_refuse_pictures(options->output, error) : WR_OK;
}

enum wr_row_order wr_job_row_order(const struct wr_output_plan *plan)
{
    return plan->rows_may_be_flipped ? WR_ROWS_EITHER_WAY : WR_ROWS_FORWARDS;
}

// Repeats and drops frames so that they are equally far apart, as ffmpeg does where the output
// counts them.
static enum wr_status even_out(struct wr_stages *stages, AVRational rate,
                               const struct wr_job_options *options, struct wr_error *error)
{
    const bool has_filters = options->chain && *options->chain;
    struct wr_rate_stage *stage;
    const enum wr_status status =
        wr_rate_stage_open(&stage, &stages->out, rate, true, !has_filters, error);
    if (status)
        return status;
    stage->frames = options->frames;
    stages->evened_from = stages->count;
    const struct wr_stream out = stage->out;
    return wr_stages_add(stages, &stage->stage, &out, error);
}

// Samples of full range would be shown too bright and too dark where the output cannot say what
// they are. Where the chain or the user asked for full range, it stays.
static enum wr_status keep_levels(struct wr_stages *stages, const struct wr_output_plan *plan,
                                  const struct wr_request *request, const struct wr_reader *reader,
                                  const struct wr_log *notes, struct wr_error *error)
{
    const char *asked = wr_request_pix_fmt(request);
    const AVPixFmtDescriptor *desc = asked ? av_pix_fmt_desc_get(av_get_pix_fmt(asked)) : NULL;
    const bool is_asked =
        !wr_format_is_full(wr_reader_format(reader)) || (desc && wr_pix_fmt_is_full_range(desc));
    if (is_asked)
        return WR_OK; // what that costs is said when the output is tried
    wr_say(
        notes, WR_LOG_WARNING,
        "%s with %s cannot say that samples have full range: they are converted to limited range",
        plan->container->name, plan->codec->name);
    return wr_stages_limit_range(stages, error);
}

enum wr_status wr_job_suit_output(struct wr_stages *stages, struct wr_output_plan *plan,
                                  const struct wr_request *request, const struct wr_reader *reader,
                                  const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const struct wr_writer_options writer = wr_job_writer_options(request);
    const unsigned losses =
        options->output ? wr_pictures_would_lose(plan, &writer, terms->source) : 0;
    const int count = stages->count;
    enum wr_status status = WR_OK;
    if (losses & WR_LOSES_RANGE)
        status = keep_levels(stages, plan, request, reader, &terms->notes, error);
    // Elsewhere the stages give frames at one rate already where that is wanted.
    const bool may_be_uneven = wr_stages_keep_count(stages) || options->fps_mode == WR_FPS_KEEP;
    if (!status && losses & WR_LOSES_TIMES && may_be_uneven)
        status = even_out(stages, plan->stream.frame_rate, options, error);
    if (!status && stages->count > count)
        status = finish_plan(plan, &writer, reader, stages, error);
    plan->in_order = losses & WR_LOSES_ORDER;
    if (plan->in_order && !status)
        wr_say(
            &terms->notes, WR_LOG_WARNING,
            "%s cannot hold the times of frames that are out of order: %s encodes them in order, "
            "without B-frames",
            plan->container->name, plan->codec->name);
    return status;
}

// What the output decides before there are stages: the terms on which they are opened, and whether
// pictures are turned.
static enum wr_status begin_plan(struct wr_output_plan *plan,
                                 const struct wr_writer_options *writer, const struct wr_stream *in,
                                 struct wr_stages_terms *terms, struct wr_error *error)
{
    enum wr_status status = wr_output_plan_begin(plan, writer, error);
    if (status)
        return status;
    terms->is_of_pictures = plan->container_row->converts;
    return wr_output_plan_find_encoder(&terms->encoder, plan, writer, in, error);
}

// Which conversion the output needs is known only once it is known what the chain makes of the
// frames; so the stages are opened anew where it needs one.
static enum wr_status open_delivery(struct wr_stages *stages, const struct wr_output_plan *plan,
                                    const struct wr_request *request, const struct wr_stream *in,
                                    const struct wr_stages_terms *terms, struct wr_error *error)
{
    struct wr_stages_terms silent = *terms;
    silent.notes = (struct wr_log){0}; // said already
    wr_stages_close(stages);
    return wr_stages_open(stages, request, plan->delivery.chain, in, &silent, error);
}

enum wr_status wr_job_open_stages(struct wr_stages *stages, struct wr_output_plan *plan,
                                  const struct wr_request *request, const struct wr_reader *reader,
                                  const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_writer_options writer = wr_job_writer_options(request);
    struct wr_stream in = wr_reader_stream(reader);
    struct wr_stages_terms known = *terms;
    struct wr_error wrong;
    enum wr_status begun = WR_OK;
    *stages = (struct wr_stages){.count = 0};
    *plan = (struct wr_output_plan){.codec = NULL};
    if (writer.output)
        begun = begin_plan(plan, &writer, &in, &known, &wrong);
    if (request->pixels.codec)
        wr_say(&terms->notes, WR_LOG_WARNING, "%s does not take %s: it gets %s",
               request->pixels.codec->name, request->pixels.asked, request->pixels.name);
    wr_turn_decide(&in, request, plan, known.encoder, &terms->notes);
    enum wr_status status = wr_stages_open(stages, request, NULL, &in, &known, error);
    if (status || !writer.output)
        return status;
    // What is wrong with the output is said last: the report of the failed run then has the chain.
    if (begun)
        return wr_fail(error, begun, "%s", wrong.text);
    status = choose_encoder(plan, &writer, reader, &stages->out, error);
    if (!status && *plan->delivery.chain)
        status = open_delivery(stages, plan, request, &in, &known, error);
    if (!status)
        status = finish_plan(plan, &writer, reader, stages, error);
    return status ? status : check_count(plan, request->options, stages, terms->source, error);
}
