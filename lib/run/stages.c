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
#include "lib/chain/turn.h"
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
    if (status)
        return status;
    stages->programs[stages->program_count++] = program;
    stages->last_host = NULL;
    return WR_OK;
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

// Begins with the filters that turn the picture upright, if it is to be.
static enum wr_status turn(struct wr_stream *in, struct wr_chain *pending, struct wr_error *error)
{
    if (!in->is_turned)
        return WR_OK;
    const enum wr_status status = wr_turn_append(pending, in->matrix, &in->format, error);
    in->matrix = NULL;
    in->is_turned = false;
    return status;
}

// Frames on their way to a source of a host stage, and the filters that they go through before.
struct line {
    struct wr_chain *chain;
    struct wr_program_stage *program; // NULL where there is nothing to do
    struct wr_stream before, now;
    bool is_converted; // to a layout that the host filters take
};

static enum wr_status open_line(struct line *line, struct wr_error *error)
{
    line->program = NULL;
    const enum wr_status status =
        line->chain->count
            ? wr_program_stage_open(&line->program, line->chain, &line->before, error)
            : WR_OK;
    line->now = line->program ? line->program->out : line->before;
    return status;
}

// Has the line end in a layout; its program then has to be lowered anew.
static enum wr_status convert_line(struct line *line, const struct wr_format *wanted,
                                   struct wr_error *error)
{
    line->is_converted = !wr_same_layout(&line->now.format, wanted);
    if (!line->is_converted)
        return WR_OK;
    close_program(line->program);
    line->program = NULL;
    const enum wr_status status = append_format(line->chain, wanted, error);
    return status ? status : open_line(line, error);
}

// Ends the programs that are under way with frames in layouts that the host filters of text take,
// and describes them in *in.
static enum wr_status end_lines(struct line *lines, const char *text, struct wr_host_inputs *in,
                                struct wr_error *error)
{
    struct wr_format wanted[WR_MAX_FILES];
    enum wr_status status = WR_OK;
    for (int n = 0; n < in->count && !status; n++) {
        status = open_line(&lines[n], error);
        in->streams[n] = lines[n].now;
    }
    if (!status)
        status = wr_host_graph_format(text, in, wanted, error);
    for (int n = 0; n < in->count && !status; n++) {
        status = convert_line(&lines[n], &wanted[n], error);
        in->streams[n] = lines[n].now;
    }
    return status;
}

// ---- further inputs

// Opens those whose bits are set. Their frames are turned upright, as are those of the first input.
static enum wr_status open_further(struct wr_stages *stages, const struct wr_segment *segment,
                                   const struct wr_job_options *options, const struct wr_log *log,
                                   struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int number = 1; number < WR_MAX_FILES && !status; number++)
        if (segment->further & UINT32_C(1) << number)
            status =
                wr_further_open(&stages->further[stages->further_count++],
                                options->inputs[number - 1], number, options->threads, log, error);
    return status;
}

static enum wr_status begin_line(struct line *line, const struct wr_further *further,
                                 const struct wr_job_options *options, struct wr_chain *chain,
                                 struct wr_error *error)
{
    *line = (struct line){.chain = chain, .before = wr_reader_stream(further->reader)};
    line->before.is_turned = line->before.matrix && !options->no_autorotate;
    return turn(&line->before, chain, error);
}

static enum wr_status keep_program(struct wr_stages *stages, struct wr_further *further,
                                   struct line *line, struct wr_error *error)
{
    struct wr_program_stage *program = line->program;
    line->program = NULL;
    if (!program)
        return WR_OK;
    const enum wr_status status = wr_further_set_program(further, program, error);
    stages->programs[stages->program_count++] = program;
    return status;
}

// ---- stages of FFmpeg's filters

// Where frames had to be converted for a host stage and still have that layout, they are converted
// back by what comes next.
static enum wr_status convert_back(const struct wr_stages *stages, const struct line *line,
                                   const struct wr_format *given, enum AVPixelFormat pix_fmt,
                                   struct wr_chain *pending, struct wr_error *error)
{
    const struct wr_format *now = &stages->out.format;
    // What has a palette, or is another picture than the one that came (palettegen), stays as it
    // is.
    if (!line->is_converted || now->model != given->model || now->depth != given->depth ||
        now->width != given->width || now->height != given->height ||
        av_pix_fmt_desc_get(pix_fmt)->flags & AV_PIX_FMT_FLAG_PAL)
        return WR_OK;
    struct wr_format back = line->before.format;
    back.alpha = now->alpha;
    return append_format(pending, &back, error);
}

static enum wr_status add_host_stage(struct wr_stages *stages, struct line *lines, const char *text,
                                     const struct wr_host_inputs *in, struct wr_chain *pending,
                                     const struct wr_log *log, struct wr_error *error)
{
    struct wr_host_stage *host;
    const struct wr_further *further[WR_MAX_FILES];
    for (int n = 0; n < stages->further_count; n++)
        further[n] = &stages->further[n];
    enum wr_status status = wr_host_stage_open(&host, text, in, further, log, error);
    if (!status)
        status = add(stages, &host->stage, text, &host->out, error);
    stages->host_count += !status;
    stages->last_host = status ? stages->last_host : host;
    wr_chain_close(pending);
    return status ? status
                  : convert_back(stages, lines, &in->streams[0].format, host->like->format, pending,
                                 error);
}

// Runs a segment in FFmpeg's filters. Only one of a chain has further inputs.
static enum wr_status add_host(struct wr_stages *stages, struct wr_chain *pending,
                               const struct wr_segment *segment,
                               const struct wr_job_options *options, const struct wr_log *log,
                               struct wr_error *error)
{
    struct line lines[WR_MAX_FILES] = {{.chain = pending, .before = stages->out}};
    struct wr_chain chains[WR_MAX_FILES] = {{NULL, 0}};
    struct wr_host_inputs in = {.count = 1};
    const int first = stages->further_count;
    enum wr_status status = open_further(stages, segment, options, log, error);
    for (int k = first; k < stages->further_count && !status; k++, in.count++) {
        in.number[in.count] = stages->further[k].number;
        status =
            begin_line(&lines[in.count], &stages->further[k], options, &chains[in.count], error);
    }
    if (!status)
        status = end_lines(lines, segment->graph, &in, error);
    if (!status && lines[0].program) {
        status = add_program(stages, lines[0].program, error);
        lines[0].program = NULL;
    }
    for (int n = 1; n < in.count && !status; n++)
        status = keep_program(stages, &stages->further[first + n - 1], &lines[n], error);
    if (!status)
        status = add_host_stage(stages, lines, segment->graph, &in, pending, log, error);
    for (int n = 0; n < in.count; n++) {
        close_program(lines[n].program);
        wr_chain_close(&chains[n]);
    }
    return status;
}

static enum wr_status add_segments(struct wr_stages *stages, struct wr_chain *pending,
                                   const struct wr_segments *segments,
                                   const struct wr_job_options *options, const struct wr_log *log,
                                   struct wr_error *error)
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
            status = add_host(stages, pending, segment, options, log, error);
    }
    return status;
}

// Appends the filters of a text, which may take so many inputs.
static enum wr_status add_text(struct wr_stages *stages, struct wr_chain *pending, const char *text,
                               int inputs, const struct wr_job_options *options,
                               const struct wr_log *log, struct wr_error *error)
{
    struct wr_segments segments;
    enum wr_status status = wr_segments_open(&segments, text, inputs, error);
    if (!status)
        status = add_segments(stages, pending, &segments, options, log, error);
    wr_segments_close(&segments);
    return status;
}

enum wr_status wr_stages_append_host(struct wr_stages *stages, const char *filters,
                                     const struct wr_log *log, struct wr_error *error)
{
    const struct wr_job_options none = {0};
    struct wr_chain pending = {NULL, 0};
    enum wr_status status = add_text(stages, &pending, filters, 1, &none, log, error);
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
                              const char *delivery, const struct wr_stream *in,
                              const struct wr_source *source, const struct wr_log *log,
                              struct wr_error *error)
{
    const struct wr_job_options none = {0}; // what the output needs may run anywhere
    struct wr_chain pending = {NULL, 0};
    char tail[128];
    *stages = (struct wr_stages){.out = *in};
    enum wr_status status = wr_check_pix_fmt(options->pix_fmt, error);
    if (!status)
        status = write_size(tail, sizeof tail, options->size, error);
    if (!status)
        status = wr_further_check(options, error);
    if (!status)
        status = turn(&stages->out, &pending, error);
    if (!status)
        status = add_text(stages, &pending, options->chain, 1 + wr_further_count(options), options,
                          log, error);
    if (!status)
        status = add_text(stages, &pending, tail, 1, options, log, error);
    if (!status)
        status = add_text(stages, &pending, delivery, 1, &none, log, error);
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
    if (!wr_segments_open(&segments, options->chain, 1 + wr_further_count(options), NULL))
        for (int n = 0; n < segments.count; n++)
            all_native &= segments.items[n].is_native;
    wr_segments_close(&segments);
    return all_native;
}

bool wr_stages_keep_count(const struct wr_stages *stages)
{
    return !stages->host_count;
}

void wr_stages_close(struct wr_stages *stages)
{
    for (int n = 0; n < stages->count; n++)
        wr_stage_close(&stages->items[n]);
    for (int n = 0; n < stages->further_count; n++)
        wr_further_close(&stages->further[n]);
    av_freep(&stages->chain);
    stages->further_count = stages->host_count = 0;
    stages->count = stages->program_count = 0;
    stages->last_host = NULL;
}
