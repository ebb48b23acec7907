// SPDX-License-Identifier: MIT
// From segments of a chain to stages, with the conversions between them.
#include "lib/run/stages/stages.h"

#include <libavutil/parseutils.h>
#include <stdio.h>
#include <string.h>

#include "lib/chain/segments.h"
#include "lib/media/compat.h"
#include "lib/output/containers.h"
#include "lib/output/video/pixel_choice.h"
#include "lib/run/stages/branch.h"
#include "lib/run/stages/host_use.h"

static enum wr_status open_program(struct wr_stages *stages, const struct wr_chain *chain,
                                   struct wr_error *error)
{
    struct wr_program_stage *program;
    const enum wr_status status = wr_program_stage_open(&program, chain, &stages->out, error);
    return status ? status : wr_stages_add_program(stages, program, error);
}

static enum wr_status add_segments(struct wr_stages *stages, struct wr_chain *pending,
                                   struct wr_segments *segments,
                                   const struct wr_job_options *options,
                                   const struct wr_stages_terms *terms, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < segments->count && !status; n++) {
        struct wr_segment *segment = &segments->items[n];
        if (segment->is_native)
            status = wr_chain_move(pending, &segment->chain, error);
        else if (options->native)
            status = wr_fail(error, WR_USAGE, "--native: %s would run in FFmpeg's filters",
                             segment->names);
        else
            status = wr_host_use(stages, pending, segments, n, options, terms, error);
    }
    return status;
}

// Appends the filters of `segments`, and a conversion to pix_fmt behind them, NULL for none. Closes
// the segments, also after a failure.
static enum wr_status add_and_close(struct wr_stages *stages, struct wr_chain *pending,
                                    struct wr_segments *segments, const char *pix_fmt,
                                    const struct wr_job_options *options,
                                    const struct wr_stages_terms *terms, struct wr_error *error)
{
    enum wr_status status = pix_fmt ? wr_segments_append_format(segments, pix_fmt, error) : WR_OK;
    if (!status)
        status = add_segments(stages, pending, segments, options, terms, error);
    wr_segments_close(segments);
    return status;
}

// Appends filters that are not the user's: they may run anywhere.
static enum wr_status add_own(struct wr_stages *stages, struct wr_chain *pending, const char *text,
                              const char *pix_fmt, const struct wr_stages_terms *terms,
                              struct wr_error *error)
{
    const struct wr_job_options none = {0};
    struct wr_segments segments;
    const int first = stages->count;
    enum wr_status status = wr_segments_open(&segments, text, 1, error);
    if (!status)
        status = add_and_close(stages, pending, &segments, pix_fmt, &none, terms, error);
    else
        wr_segments_close(&segments);
    for (int n = first; n < stages->count; n++)
        stages->items[n]->is_own = true;
    return status;
}

// Appends the chain of the request.
static enum wr_status add_chain(struct wr_stages *stages, struct wr_chain *pending,
                                const struct wr_request *request, const char *pix_fmt,
                                const struct wr_stages_terms *terms, struct wr_error *error)
{
    struct wr_segments segments;
    const enum wr_status status = wr_segments_copy(&segments, &request->chain, error);
    if (!status)
        return add_and_close(stages, pending, &segments, pix_fmt, request->options, terms, error);
    wr_segments_close(&segments);
    return status;
}

enum wr_status wr_stages_limit_range(struct wr_stages *stages, struct wr_error *error)
{
    struct wr_chain chain = {NULL, 0};
    char name[32], arguments[64];
    wr_format_name(&stages->out.format, name, sizeof name);
    snprintf(arguments, sizeof arguments, "%s:color_ranges=tv", name);
    enum wr_status status = wr_chain_append(&chain, "format", arguments, error);
    if (!status)
        status = open_program(stages, &chain, error);
    wr_chain_close(&chain);
    return status;
}

// Appends a scaling to the size that is asked for.
static enum wr_status add_size(struct wr_chain *pending, const char *size, struct wr_error *error)
{
    int width, height;
    char text[64];
    if (av_parse_video_size(&width, &height, size) < 0)
        return wr_fail(error, WR_USAGE, "size \"%s\" is not a size such as 1280x720 or hd720",
                       size);
    snprintf(text, sizeof text, "%d:%d", width, height);
    return wr_chain_append(pending, "scale", text, error);
}

// How ffmpeg would treat times behind its filters, for the container of the output. Where frames
// have no constant rate they all stay, unless the container (AVI) counts them.
static enum wr_fps_mode choose_mode(const struct wr_job_options *options, bool has_rate)
{
    const AVOutputFormat *container;
    if (!options->output || wr_find_container(&container, options->format, options->output, NULL))
        return WR_FPS_KEEP;
    if (!has_rate)
        return wr_container_row(container)->varies ? WR_FPS_CFR : WR_FPS_KEEP;
    const bool varies =
        container->flags & AVFMT_VARIABLE_FPS || wr_container_row(container)->varies;
    const bool has_times = !(container->flags & AVFMT_NOTIMESTAMPS);
    return !varies ? WR_FPS_CFR : has_times ? WR_FPS_VFR : WR_FPS_KEEP;
}

// The nearest rate that the encoder knows, as ffmpeg chooses it; 0/1 where it takes the one there
// is.
static AVRational rate_for_encoder(AVRational rate, const struct wr_stages_terms *terms)
{
    const AVRational *known = terms->encoder ? wr_encoder_rates(terms->encoder) : NULL;
    if (!known || rate.num <= 0)
        return (AVRational){0, 1};
    const AVRational nearest = known[av_find_nearest_q_idx(rate, known)];
    if (!av_cmp_q(rate, nearest))
        return (AVRational){0, 1};
    // At a lower rate frames are dropped.
    wr_say(&terms->notes, av_cmp_q(rate, nearest) > 0 ? WR_LOG_LOSS : WR_LOG_WARNING,
           "encoder %s does not know %g frames a second: the output has %g", terms->encoder->name,
           av_q2d(rate), av_q2d(nearest));
    return nearest;
}

static enum wr_status add_rate(struct wr_stages *stages, const struct wr_request *request,
                               const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    AVRational rate = {0, 1};
    struct wr_rate_stage *stage;
    int64_t duration = INT64_MAX;
    enum wr_fps_mode mode = options->fps_mode;
    const bool may_change = options->rate || stages->host_count;
    const bool has_rate = options->rate || !stages->out.varies;
    if (mode == WR_FPS_AUTO)
        mode = may_change ? choose_mode(options, has_rate) : WR_FPS_KEEP;
    else if (mode == WR_FPS_KEEP && options->rate)
        mode = WR_FPS_CFR;
    if (options->rate && (av_parse_video_rate(&rate, options->rate) < 0 || rate.num <= 0))
        return wr_fail(error, WR_USAGE,
                       "rate \"%s\" is not a frame rate such as 25, 30000/1001 or ntsc",
                       options->rate);
    if (options->duration && !wr_parse_time(options->duration, &duration))
        return wr_fail(error, WR_USAGE, "duration \"%s\" is not a time such as 90 or 1:30",
                       options->duration);
    const AVRational nearest = rate_for_encoder(rate.num ? rate : stages->out.frame_rate, terms);
    if (nearest.num) {
        rate = nearest;
        mode = mode == WR_FPS_KEEP ? choose_mode(options, true) : mode;
        mode = mode == WR_FPS_KEEP ? WR_FPS_CFR : mode;
    }
    if (mode == WR_FPS_KEEP)
        return WR_OK;
    const bool has_filters = request->chain.count;
    const enum wr_status status =
        wr_rate_stage_open(&stage, &stages->out, rate, mode == WR_FPS_CFR, !has_filters, error);
    if (status)
        return status;
    stage->duration = duration;
    stages->evened_from = has_rate ? stages->evened_from : stages->count;
    const struct wr_stream out = stage->out;
    return wr_stages_add(stages, &stage->stage, &out, error);
}

// Leaves out the beginning and the end that are asked for behind the chain.
static enum wr_status add_cut(struct wr_stages *stages, const struct wr_request *request,
                              const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const struct wr_stream now = stages->out;
    const char *skip = wr_request_skips_behind(request) ? options->skip : NULL;
    struct wr_cut_stage *cut;
    const enum wr_status status =
        wr_cut_stage_open(&cut, skip, options->duration, &now, terms->source, error);
    if (status)
        return status;
    cut->shortest = options->shortest;
    cut->sound_never_ends = request->sound_never_ends;
    cut->sound_is_made = wr_request_filters_sound(request) ? terms->sound_is_made : NULL;
    return wr_stages_add(stages, &cut->stage, &now, error);
}

// Ends all streams after so many frames. Where frames come as they were read, the reader does that.
static enum wr_status add_end(struct wr_stages *stages, int64_t frames,
                              const struct wr_source *source, struct wr_error *error)
{
    const struct wr_stream now = stages->out;
    struct wr_cut_stage *end;
    const enum wr_status status = wr_cut_stage_open(&end, NULL, NULL, &now, source, error);
    if (status)
        return status;
    wr_cut_stage_limit(end, frames);
    return wr_stages_add(stages, &end->stage, &now, error);
}

// The filters behind the turn: the chain, then what else is asked for, then what the output needs.
static enum wr_status add_filters(struct wr_stages *stages, struct wr_chain *pending,
                                  const struct wr_request *request, const char *delivery,
                                  const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    const bool is_delivered = delivery && *delivery;
    const char *asked = wr_request_pix_fmt(request);
    const char *pix_fmt = is_delivered ? NULL : asked; // that the chain ends with
    struct wr_stages_terms known = *terms;
    known.pix_fmt = asked;
    enum wr_status status =
        add_chain(stages, pending, request, options->size ? NULL : pix_fmt, &known, error);
    if (!status && options->size)
        status = add_size(pending, options->size, error);
    if (!status && options->size && pix_fmt)
        status = wr_chain_append(pending, "format", pix_fmt, error);
    if (!status && is_delivered)
        status = add_own(stages, pending, delivery, asked, terms, error);
    return status;
}

enum wr_status wr_stages_open(struct wr_stages *stages, const struct wr_request *request,
                              const char *delivery, const struct wr_stream *in,
                              const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_job_options *options = request->options;
    struct wr_chain pending = {NULL, 0};
    *stages = (struct wr_stages){.in = *in, .out = *in};
    enum wr_status status = wr_check_pix_fmt(wr_request_pix_fmt(request), error);
    if (!status)
        status = wr_further_check(options, error);
    if (!status)
        status = wr_append_view(&pending, &stages->out, error);
    if (!status)
        status = add_filters(stages, &pending, request, delivery, terms, error);
    if (!status && (pending.count || !stages->count))
        status = open_program(stages, &pending, error);
    if (!status &&
        (options->shortest || wr_request_skips_behind(request) || wr_request_ends_behind(request)))
        status = add_cut(stages, request, terms, error);
    if (!status)
        status = add_rate(stages, request, terms, error);
    if (!status && options->frames >= 0 && !wr_request_keeps_count(request))
        status = add_end(stages, options->frames, terms->source, error);
    wr_chain_close(&pending);
    return status;
}
