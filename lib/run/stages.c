// SPDX-License-Identifier: MIT
// From segments of a chain to stages, with the conversions between them.
#include "lib/run/stages.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <libavutil/parseutils.h>
#include <stdio.h>
#include <string.h>

#include "kernels/program/converter.h"
#include "lib/chain/segments.h"
#include "lib/media/pixel_format.h"
#include "lib/output/containers.h"
#include "lib/output/pixel_choice.h"

static enum wr_status append_text(struct wr_stages *stages, const char *text,
                                  struct wr_error *error)
{
    const char *before = stages->chain ? stages->chain : "";
    char *chain = av_asprintf("%s%s%s", before, *before && *text ? "," : "", text);
    if (!chain)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_free(stages->chain);
    stages->chain = chain;
    return WR_OK;
}

static enum wr_status add(struct wr_stages *stages, struct wr_stage *stage, const char *text,
                          const struct wr_stream *out, struct wr_error *error)
{
    if (stages->count == WR_MAX_STAGES) {
        wr_stage_close(&stage);
        return wr_fail(error, WR_USAGE, "the chain takes more than %d stages", WR_MAX_STAGES);
    }
    stages->items[stages->count++] = stage;
    stages->out = *out;
    return append_text(stages, text, error);
}

static enum wr_status add_program(struct wr_stages *stages, struct wr_program_stage *program,
                                  struct wr_error *error)
{
    const enum wr_status status =
        add(stages, &program->stage, program->chain, &program->out, error);
    if (!status)
        stages->programs[stages->program_count++] = program;
    return status;
}

static enum wr_status open_program(struct wr_stages *stages, const struct wr_chain *chain,
                                   struct wr_error *error)
{
    struct wr_program_stage *program;
    const enum wr_status status = wr_program_stage_open(&program, chain, &stages->out, error);
    return status ? status : add_program(stages, program, error);
}

// Appends a conversion to the layout of format.
static enum wr_status append_format(struct wr_chain *chain, const struct wr_format *format,
                                    struct wr_error *error)
{
    char name[32];
    wr_format_name(format, name, sizeof name);
    return wr_chain_append(chain, "format", name, error);
}

static void close_program(struct wr_program_stage *program)
{
    struct wr_stage *stage = program ? &program->stage : NULL;
    wr_stage_close(&stage);
}

// Ends the program that is under way, if it does anything, with frames in the layout that the host
// filters of text take, and says as which *pix_fmt. *converted: they had to be converted for that.
static enum wr_status end_program(struct wr_stages *stages, struct wr_chain *pending,
                                  const char *text, enum AVPixelFormat *pix_fmt, bool *converted,
                                  struct wr_error *error)
{
    struct wr_format wanted;
    struct wr_program_stage *program = NULL;
    enum wr_status status =
        pending->count ? wr_program_stage_open(&program, pending, &stages->out, error) : WR_OK;
    const struct wr_stream now = program ? program->out : stages->out;
    if (!status)
        status = wr_host_graph_format(text, &now, pix_fmt, &wanted, error);
    *converted = !status && !wr_same_layout(&now.format, &wanted);
    if (*converted) { // the program has to be lowered anew
        close_program(program);
        program = NULL;
        status = append_format(pending, &wanted, error);
        if (!status)
            status = open_program(stages, pending, error);
    }
    if (status)
        close_program(program);
    else if (program)
        status = add_program(stages, program, error);
    wr_chain_close(pending);
    return status;
}

// Runs text in FFmpeg's filters. Where frames had to be converted for them and still have that
// layout, they are converted back by what comes next.
static enum wr_status add_host(struct wr_stages *stages, struct wr_chain *pending, const char *text,
                               const struct wr_log *log, struct wr_error *error)
{
    bool converted;
    enum AVPixelFormat pix_fmt;
    struct wr_host_stage *host;
    const struct wr_stream before = stages->out;
    enum wr_status status = end_program(stages, pending, text, &pix_fmt, &converted, error);
    const struct wr_format given = stages->out.format;
    if (!status)
        status = wr_host_stage_open(&host, text, &stages->out, pix_fmt, log, error);
    if (!status)
        status = add(stages, &host->stage, text, &host->out, error);
    const struct wr_format *now = &stages->out.format;
    // What has a palette, or is another picture than the one that came (palettegen), stays as it
    // is.
    if (status || !converted || now->model != given.model || now->depth != given.depth ||
        now->width != given.width || now->height != given.height ||
        av_pix_fmt_desc_get(host->like->format)->flags & AV_PIX_FMT_FLAG_PAL)
        return status;
    struct wr_format back = before.format;
    back.alpha = now->alpha;
    return append_format(pending, &back, error);
}

static enum wr_status add_segments(struct wr_stages *stages, struct wr_chain *pending,
                                   const struct wr_segments *segments, bool only_native,
                                   const struct wr_log *log, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < segments->count && !status; n++) {
        struct wr_segment *segment = &segments->items[n];
        if (segment->is_native)
            status = wr_chain_move(pending, &segment->chain, error);
        else if (only_native)
            status = wr_fail(error, WR_USAGE, "--native: %s would run in FFmpeg's filters",
                             segment->names);
        else
            status = add_host(stages, pending, segment->graph, log, error);
    }
    return status;
}

// Appends the filters of a text.
static enum wr_status add_text(struct wr_stages *stages, struct wr_chain *pending, const char *text,
                               bool only_native, const struct wr_log *log, struct wr_error *error)
{
    struct wr_segments segments;
    enum wr_status status = wr_segments_open(&segments, text, error);
    if (!status)
        status = add_segments(stages, pending, &segments, only_native, log, error);
    wr_segments_close(&segments);
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
    const bool may_change = options->rate || stages->count > stages->program_count;
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
    return add(stages, &stage->stage, "", &out, error);
}

static enum wr_status add_cut(struct wr_stages *stages, const struct wr_job_options *options,
                              const struct wr_source *source, struct wr_error *error)
{
    const struct wr_stream now = stages->out;
    const char *skip = wr_skips_behind_chain(options) ? options->skip : NULL;
    const enum wr_status status =
        wr_cut_stage_open(&stages->cut, skip, options->duration, &now, source, error);
    return status ? status : add(stages, &stages->cut->stage, "", &now, error);
}

enum wr_status wr_stages_open(struct wr_stages *stages, const struct wr_job_options *options,
                              const struct wr_stream *in, const struct wr_source *source,
                              const struct wr_log *log, struct wr_error *error)
{
    struct wr_chain pending = {NULL, 0};
    char tail[128];
    *stages = (struct wr_stages){.out = *in};
    enum wr_status status = wr_check_pix_fmt(options->pix_fmt, error);
    if (!status)
        status = write_size(tail, sizeof tail, options->size, error);
    if (!status)
        status = add_text(stages, &pending, options->chain, options->native, log, error);
    if (!status)
        status = add_text(stages, &pending, tail, options->native, log, error);
    if (!status && options->pix_fmt)
        status = wr_chain_append(&pending, "format", options->pix_fmt, error);
    if (!status && (pending.count || !stages->count))
        status = open_program(stages, &pending, error);
    if (!status &&
        (wr_skips_behind_chain(options) || (options->duration && !wr_chain_keeps_times(options))))
        status = add_cut(stages, options, source, error);
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
    if (!wr_segments_open(&segments, options->chain, NULL))
        for (int n = 0; n < segments.count; n++)
            all_native &= segments.items[n].is_native;
    wr_segments_close(&segments);
    return all_native;
}

bool wr_stages_keep_count(const struct wr_stages *stages)
{
    return stages->count == stages->program_count;
}

void wr_stages_close(struct wr_stages *stages)
{
    for (int n = 0; n < stages->count; n++)
        wr_stage_close(&stages->items[n]);
    av_freep(&stages->chain);
    stages->count = stages->program_count = 0;
}
