// SPDX-License-Identifier: MIT
// From segments of a chain to stages, with the conversions between them.
#include "lib/run/stages.h"

#include "lib/chain/segments.h"
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

enum wr_status wr_stages_open(struct wr_stages *stages, const struct wr_job_options *options,
                              const struct wr_stream *in, const struct wr_stages_terms *terms,
                              struct wr_error *error)
{
    struct wr_segments segments = {NULL, 0};
    struct wr_chain pending = {NULL, 0};
    *stages = (struct wr_stages){.out = *in};
    enum wr_status status = wr_check_pix_fmt(options->pix_fmt, error);
    if (!status)
        status = wr_further_check(options, error);
    if (!status)
        status = wr_append_turn(&pending, &stages->out, error);
    if (!status)
        status = wr_segments_open(&segments, options->chain, 1 + wr_further_count(options), error);
    if (!status && options->pix_fmt)
        status = wr_segments_append_format(&segments, options->pix_fmt, error);
    if (!status)
        status = add_segments(stages, &pending, &segments, options, terms, error);
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
