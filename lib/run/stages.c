// SPDX-License-Identifier: MIT
// From segments of a chain to stages, with the conversions between them.
#include "lib/run/stages.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>

#include "kernels/program/converter.h"
#include "lib/chain/segments.h"
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

// Chooses the text for frames of `in`, and their layout. What the chain wants of its filters by a
// `format` behind them becomes part of the text where they can give that themselves, as zscale can;
// otherwise a program does it.
static enum wr_status choose_text(struct wr_host_request *request, const struct wr_segment *segment,
                                  const struct wr_stream *in, struct wr_format *layout,
                                  struct wr_error *error)
{
    *request = (struct wr_host_request){.text = segment->graph, .converts = segment->converts};
    const enum wr_status status = wr_host_graph_format(request, in, layout, error);
    struct wr_host_request wish = *request;
    struct wr_format same;
    wish.text = segment->wish;
    if (!status && wish.text && !wr_host_graph_format(&wish, in, &same, NULL) &&
        wish.pix_fmt == request->pix_fmt && wish.conversions == request->conversions)
        *request = wish;
    return status;
}

// Ends the program that is under way, if it does anything, with frames in the layout that the host
// filters of the segment take. *own is the layout they had before they were converted to that.
static enum wr_status end_program(struct wr_stages *stages, struct wr_chain *pending,
                                  const struct wr_segment *segment, struct wr_host_request *request,
                                  struct wr_format *own, struct wr_error *error)
{
    struct wr_format wanted;
    struct wr_program_stage *program = NULL;
    enum wr_status status =
        pending->count ? wr_program_stage_open(&program, pending, &stages->out, error) : WR_OK;
    const struct wr_stream now = program ? program->out : stages->out;
    if (!status)
        status = choose_text(request, segment, &now, &wanted, error);
    *own = now.format;
    if (!status && !wr_same_layout(own, &wanted)) { // the program has to be lowered anew
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

// Runs a segment in FFmpeg's filters. Where frames had to be converted for them and still have that
// layout, they are converted back by what comes next, unless that is a `format`.
static enum wr_status add_host(struct wr_stages *stages, struct wr_chain *pending,
                               const struct wr_segment *segment, const struct wr_log *log,
                               struct wr_error *error)
{
    struct wr_format own;
    struct wr_host_request request;
    struct wr_host_stage *host;
    enum wr_status status = end_program(stages, pending, segment, &request, &own, error);
    const struct wr_format given = stages->out.format;
    if (!status)
        status = wr_host_stage_open(&host, &request, &stages->out, log, error);
    if (!status)
        status = add(stages, &host->stage, segment->graph, &host->out, error);
    const struct wr_format *now = &stages->out.format;
    // What has a palette, or is another picture than the one that came (palettegen), stays as it
    // is.
    if (status || segment->wish || wr_same_layout(&own, &given) || now->model != given.model ||
        now->depth != given.depth || now->width != given.width || now->height != given.height ||
        av_pix_fmt_desc_get(host->like->format)->flags & AV_PIX_FMT_FLAG_PAL)
        return status;
    own.alpha = now->alpha;
    return append_format(pending, &own, error);
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
            status = add_host(stages, pending, segment, log, error);
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
        status = wr_segments_open(&segments, options->chain, error);
    if (!status && options->pix_fmt)
        status = wr_segments_append_format(&segments, options->pix_fmt, error);
    if (!status)
        status = add_segments(stages, &pending, &segments, options->native, log, error);
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
