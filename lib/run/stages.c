// SPDX-License-Identifier: MIT
// From segments of a chain to stages, with the conversions between them.
#include "lib/run/stages.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>

#include "kernels/program/converter.h"
#include "lib/chain/segments.h"
#include "lib/chain/turn.h"
#include "lib/media/pixel_format.h"
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

static void keep_program(struct wr_stages *stages, struct wr_further *further, struct line *line)
{
    further->program = line->program;
    if (line->program)
        stages->programs[stages->program_count++] = line->program;
    line->program = NULL;
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
        keep_program(stages, &stages->further[first + n - 1], &lines[n]);
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

enum wr_status wr_stages_open(struct wr_stages *stages, const struct wr_job_options *options,
                              const struct wr_stream *in, const struct wr_log *log,
                              struct wr_error *error)
{
    struct wr_segments segments = {NULL, 0};
    struct wr_chain pending = {NULL, 0};
    *stages = (struct wr_stages){.out = *in};
    enum wr_status status = wr_check_pix_fmt(options->pix_fmt, error);
    if (!status)
        status = wr_further_check(options, error);
    if (!status)
        status = turn(&stages->out, &pending, error);
    if (!status)
        status = wr_segments_open(&segments, options->chain, 1 + wr_further_count(options), error);
    if (!status)
        status = add_segments(stages, &pending, &segments, options, log, error);
    if (!status && options->pix_fmt)
        status = wr_chain_append(&pending, "format", options->pix_fmt, error);
    if (!status && (pending.count || !stages->count))
        status = open_program(stages, &pending, error);
    wr_chain_close(&pending);
    wr_segments_close(&segments);
    return status;
}

bool wr_chain_keeps_count(const struct wr_job_options *options)
{
    struct wr_segments segments;
    bool all_native = true;
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
}
