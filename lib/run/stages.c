// SPDX-License-Identifier: MIT
// From segments of a chain to stages, with the conversions between them.
#include "lib/run/stages.h"

#include <libavutil/parseutils.h>
#include <stdio.h>
#include <string.h>

#include "lib/chain/segments.h"
#include "lib/output/containers.h"
#include "lib/output/pixel_choice.h"
#include "lib/run/host_use.h"
#include "lib/run/line.h"

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

// Appends the filters of a text, which may take so many inputs, and a conversion to pix_fmt behind
// them, NULL for none.
static enum wr_status add_text(struct wr_stages *stages, struct wr_chain *pending, const char *text,
                               int inputs, const char *pix_fmt,
                               const struct wr_job_options *options,
                               const struct wr_stages_terms *terms, struct wr_error *error)
{
    struct wr_segments segments;
    enum wr_status status = wr_segments_open(&segments, text, inputs, error);
    if (!status && pix_fmt)
        status = wr_segments_append_format(&segments, pix_fmt, error);
    if (!status)
        status = add_segments(stages, pending, &segments, options, terms, error);
    wr_segments_close(&segments);
    return status;
}

enum wr_status wr_stages_append_host(struct wr_stages *stages, const char *filters,
                                     const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_job_options none = {0};
    struct wr_chain pending = {NULL, 0};
    enum wr_status status = add_text(stages, &pending, filters, 1, NULL, &none, terms, error);
    if (!status && pending.count)
        status = open_program(stages, &pending, error);
    wr_chain_close(&pending);
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

// Writes the size that is asked for as a filter, "" for none.
static enum wr_status write_size(char *text, size_t room, const char *size, struct wr_error *error)
{
    int width, height;
    text[0] = '\0';
    if (!size)
        return WR_OK;
    if (av_parse_video_size(&width, &height, size) < 0)
        return wr_fail(error, WR_USAGE, "size \"%s\" is not a size such as 1280x720 or hd720",
                       size);
    snprintf(text, room, "scale=%d:%d", width, height);
    return WR_OK;
}

// How ffmpeg would treat times behind its filters, for the container of the output.
static enum wr_fps_mode choose_mode(const struct wr_job_options *options)
{
    const AVOutputFormat *container;
    if (!options->output || wr_find_container(&container, options->format, options->output, NULL))
        return WR_FPS_KEEP;
    const bool varies = container->flags & AVFMT_VARIABLE_FPS || !strcmp(container->name, "avi");
    const bool has_times = !(container->flags & AVFMT_NOTIMESTAMPS);
    return !varies ? WR_FPS_CFR : has_times ? WR_FPS_VFR : WR_FPS_KEEP;
}

static enum wr_status add_rate(struct wr_stages *stages, const struct wr_job_options *options,
                               struct wr_error *error)
{
    AVRational rate = {0, 1};
    struct wr_rate_stage *stage;
    int64_t duration = INT64_MAX;
    enum wr_fps_mode mode = options->fps_mode;
    const bool may_change = options->rate || stages->host_count;
    if (mode == WR_FPS_AUTO)
        mode = may_change ? choose_mode(options) : WR_FPS_KEEP;
    else if (mode == WR_FPS_KEEP && options->rate)
        mode = WR_FPS_CFR;
    if (options->rate && (av_parse_video_rate(&rate, options->rate) < 0 || rate.num <= 0))
        return wr_fail(error, WR_USAGE,
                       "rate \"%s\" is not a frame rate such as 25, 30000/1001 or ntsc",
                       options->rate);
    if (options->duration && !wr_parse_time(options->duration, &duration))
        return wr_fail(error, WR_USAGE, "duration \"%s\" is not a time such as 90 or 1:30",
                       options->duration);
    if (mode == WR_FPS_KEEP)
        return WR_OK;
    const bool has_filters = options->chain && *options->chain;
    const enum wr_status status =
        wr_rate_stage_open(&stage, &stages->out, rate, mode == WR_FPS_CFR, !has_filters, error);
    if (status)
        return status;
    stage->duration = duration;
    const struct wr_stream out = stage->out;
    return wr_stages_add(stages, &stage->stage, &out, error);
}

static enum wr_status add_cut(struct wr_stages *stages, const struct wr_job_options *options,
                              const struct wr_source *source, struct wr_error *error)
{
    const struct wr_stream now = stages->out;
    const char *skip = wr_skips_behind_chain(options) ? options->skip : NULL;
    const enum wr_status status =
        wr_cut_stage_open(&stages->cut, skip, options->duration, &now, source, error);
    if (!status)
        stages->cut->shortest = options->shortest;
    return status ? status : wr_stages_add(stages, &stages->cut->stage, &now, error);
}

// The filters behind the turn: the chain, then what else is asked for, then what the output needs.
static enum wr_status add_texts(struct wr_stages *stages, struct wr_chain *pending,
                                const struct wr_job_options *options, const char *delivery,
                                const struct wr_stages_terms *terms, struct wr_error *error)
{
    char size[64];
    const struct wr_job_options none = {0}; // what the output needs may run anywhere
    const bool is_delivered = delivery && *delivery;
    enum wr_status status = write_size(size, sizeof size, options->size, error);
    const char *in_chain = *size || is_delivered ? NULL : options->pix_fmt;
    if (!status)
        status = add_text(stages, pending, options->chain, 1 + wr_further_count(options), in_chain,
                          options, terms, error);
    if (!status && *size)
        status = add_text(stages, pending, size, 1, is_delivered ? NULL : options->pix_fmt, options,
                          terms, error);
    if (!status && is_delivered)
        status = add_text(stages, pending, delivery, 1, options->pix_fmt, &none, terms, error);
    return status;
}

enum wr_status wr_stages_open(struct wr_stages *stages, const struct wr_job_options *options,
                              const char *delivery, const struct wr_stream *in,
                              const struct wr_stages_terms *terms, struct wr_error *error)
{
    struct wr_chain pending = {NULL, 0};
    *stages = (struct wr_stages){.out = *in};
    enum wr_status status = wr_check_pix_fmt(options->pix_fmt, error);
    if (!status)
        status = wr_further_check(options, error);
    if (!status)
        status = wr_append_view(&pending, &stages->out, error);
    if (!status)
        status = add_texts(stages, &pending, options, delivery, terms, error);
    if (!status && (pending.count || !stages->count))
        status = open_program(stages, &pending, error);
    if (!status && (options->shortest || wr_skips_behind_chain(options) ||
                    (options->duration && !wr_chain_keeps_times(options))))
        status = add_cut(stages, options, terms->source, error);
    if (!status)
        status = add_rate(stages, options, error);
    wr_chain_close(&pending);
    return status;
}

bool wr_skips_behind_chain(const struct wr_job_options *options)
{
    return options->skip && (options->start || (options->chain && *options->chain));
}

bool wr_chain_keeps_count(const struct wr_job_options *options)
{
    const bool sets_rate =
        options->rate || options->fps_mode == WR_FPS_CFR || options->fps_mode == WR_FPS_VFR;
    return !sets_rate && wr_chain_keeps_times(options);
}

bool wr_chain_keeps_times(const struct wr_job_options *options)
{
    struct wr_segments segments;
    bool all_native = !wr_skips_behind_chain(options);
    if (!wr_segments_open(&segments, options->chain, 1 + wr_further_count(options), NULL))
        for (int n = 0; n < segments.count; n++)
            all_native &= segments.items[n].is_native;
    wr_segments_close(&segments);
    return all_native;
}
