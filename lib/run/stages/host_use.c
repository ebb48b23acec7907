// SPDX-License-Identifier: MIT
// Chooses what FFmpeg's filters are asked for and in which formats, and says what that costs.
#include "lib/run/stages/host_use.h"

#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <unistd.h>

#include "kernels/program/converter.h"
#include "lib/input/source.h"
#include "lib/output/delivery.h"
#include "lib/run/stages/branch.h"

// A host segment on its way to be a stage.
struct use {
    struct wr_segment *segment;
    struct wr_host_request request;
    char *with_format; // text of the segment and the `format` behind it, NULL for none
    struct wr_further *further[WR_MAX_FILES]; // the inputs behind the first
    struct wr_branch branches[WR_MAX_FILES];  // to each input
    struct wr_chain chains[WR_MAX_FILES];     // of the branches; the first has the caller's
};

static void close_use(struct use *use)
{
    for (int n = 0; n < use->request.input_count; n++) {
        wr_branch_close(&use->branches[n]);
        wr_chain_close(&use->chains[n]);
    }
    av_freep(&use->with_format);
}

// ---- what frames come

// Pictures of a further input are turned upright, as are those of the first.
static enum wr_status add_further(struct wr_stages *stages, struct use *use, int number,
                                  const struct wr_job_options *options, const struct wr_log *log,
                                  struct wr_error *error)
{
    struct wr_further *further = &stages->further[stages->further_count++];
    enum wr_status status = wr_further_open(further, options, number, log, error);
    if (status)
        return status;
    const int n = use->request.input_count++;
    struct wr_branch *branch = &use->branches[n];
    use->further[n - 1] = further;
    use->request.inputs[n].number = number;
    *branch =
        (struct wr_branch){.chain = &use->chains[n], .before = wr_reader_stream(further->reader)};
    branch->before.is_turned = branch->before.matrix && !options->no_autorotate;
    status = wr_append_view(branch->chain, &branch->before, error);
    return status ? status : wr_branch_open(branch, error);
}

static enum wr_status open_branches(struct wr_stages *stages, struct use *use,
                                    struct wr_chain *pending, const struct wr_job_options *options,
                                    const struct wr_log *log, struct wr_error *error)
{
    use->request.input_count = 1;
    use->branches[0] = (struct wr_branch){.chain = pending, .before = stages->out};
    enum wr_status status = wr_branch_open(&use->branches[0], error);
    for (int number = 1; number < WR_MAX_FILES && !status; number++)
        if (use->segment->further & UINT32_C(1) << number)
            status = add_further(stages, use, number, options, log, error);
    for (int n = 0; n < use->request.input_count; n++)
        use->request.inputs[n].stream = use->branches[n].now;
    return status;
}

// ---- what the filters are asked for

static bool takes_the_same(const struct wr_host_request *a, const struct wr_host_request *b)
{
    bool same = a->conversions == b->conversions;
    for (int n = 0; n < a->input_count; n++)
        same &= a->inputs[n].pix_fmt == b->inputs[n].pix_fmt;
    return same;
}

// What the chain wants of the filters by a `format` behind them becomes part of the text where they
// can give that themselves, as zscale can; otherwise a program does it.
static enum wr_status join_format(struct use *use, struct wr_error *error)
{
    if (!use->segment->format)
        return WR_OK;
    if (!(use->with_format = wr_segment_with_format(use->segment)))
        return wr_fail(error, WR_FAILED, "out of memory");
    struct wr_host_request joined = use->request;
    joined.text = use->with_format;
    if (!wr_host_graph_format(&joined, NULL) && takes_the_same(&joined, &use->request))
        use->request = joined;
    return WR_OK;
}

// Chooses the text and the formats of its inputs. A line is split where libavfilter would convert,
// which a program then does, and before what holds many frames.
static enum wr_status choose(struct use *use, struct wr_segments *segments, int number,
                             struct wr_error *error)
{
    struct wr_host_request *request = &use->request;
    enum wr_status status = WR_OK;
    do {
        if (request->cut)
            status = wr_segments_split(segments, number, request->cut, error);
        use->segment = &segments->items[number];
        request->text = use->segment->graph;
        request->converts = use->segment->converts;
        request->cut = 0;
        if (!status)
            status = wr_host_graph_format(request, error);
    } while (!status && request->cut && use->segment->is_line);
    return status ? status : join_format(use, error);
}

// ---- conversions before and behind

// Has each branch end in the layout that the filters take.
static enum wr_status convert_branches(struct use *use, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < use->request.input_count && !status; n++) {
        struct wr_host_input *input = &use->request.inputs[n];
        struct wr_format wanted = wr_host_input_format(input);
        if (n && wr_format_full_pix_fmt(&wanted) == AV_PIX_FMT_NONE) // filters do not see the range
            wanted.full_range = use->request.inputs[0].stream.format.full_range;
        status = wr_branch_convert(&use->branches[n], &wanted, error);
        input->stream = use->branches[n].now;
    }
    return status;
}

static enum wr_status add_programs(struct wr_stages *stages, struct use *use,
                                   struct wr_error *error)
{
    struct wr_program_stage *program = wr_branch_take(&use->branches[0]);
    enum wr_status status = program ? wr_stages_add_program(stages, program, error) : WR_OK;
    for (int n = 1; n < use->request.input_count && !status; n++)
        if ((program = wr_branch_take(&use->branches[n])))
            wr_stages_add_further_program(stages, use->further[n - 1], program);
    return status;
}

static bool same_kind(const struct wr_format *a, const struct wr_format *b)
{
    return a->model == b->model && a->depth == b->depth;
}

// Where frames had to be converted for the filters and still have that layout, they are converted
// back by what comes next, unless that is a `format`, or the encoder takes only what they are now.
// What has a palette stays as it is.
static enum wr_status convert_back(const struct wr_stages *stages, struct wr_chain *pending,
                                   const struct use *use, const struct wr_stages_terms *terms,
                                   struct wr_error *error)
{
    const struct wr_format *now = &stages->out.format, *own = &use->branches[0].own;
    struct wr_format given = use->branches[0].now.format, back = *own;
    back.alpha = now->alpha;
    if (use->request.conversions && !use->request.cut) // to floats, which become this
        given = wr_rgb_inside(own);
    if (use->segment->says_format || wr_same_layout(&back, &given) || !same_kind(now, &given) ||
        av_pix_fmt_desc_get(stages->out.like->format)->flags & AV_PIX_FMT_FLAG_PAL ||
        (terms->encoder && wr_delivery_suits(terms->encoder, now, &back)))
        return WR_OK;
    // RGB does not tell the range that it came from, which `format` would take for limited in YUV.
    return given.model == WR_RGB && back.model != WR_RGB ? wr_append_ranged(pending, &back, error)
                                                         : wr_append_layout(pending, &back, error);
}

// ---- what is said

static bool loses_chroma(const struct wr_format *from, const struct wr_format *to)
{
    const bool coarser =
        to->log2_chroma_w > from->log2_chroma_w || to->log2_chroma_h > from->log2_chroma_h;
    return from->model != WR_GRAY && (to->model == WR_GRAY || (to->model == WR_YUV && coarser));
}

static bool loses_any(const struct wr_format *from, const struct wr_format *to)
{
    return to->depth < from->depth || loses_chroma(from, to) || (from->alpha && !to->alpha);
}

// Whether the user asks for what has no more than this.
static bool is_enough(const struct use *use, const struct wr_format *from,
                      const struct wr_format *to, const struct wr_stages_terms *terms)
{
    struct wr_format asked;
    if (terms->pix_fmt && wr_pix_fmt_describe(av_get_pix_fmt(terms->pix_fmt), &asked))
        return !loses_any(&asked, to);
    if (use->segment->says_format)
        return true;
    if (use->branches[0].before.is_of_pictures && terms->encoder &&
        wr_encoder_row(terms->encoder)->plays_420) // which pictures become then
        return to->depth >= from->depth;
    return terms->is_of_pictures && wr_delivery_suits(terms->encoder, to, from);
}

// A conversion that a filter needs may cost depth, chroma or alpha. The chroma of a further input
// (a logo) does not count where the first has no more.
static void say_loss(const struct use *use, int n, const struct wr_stages_terms *terms)
{
    const struct wr_format *from = &use->branches[n].own, *to = &use->branches[n].now.format;
    const bool depth = to->depth < from->depth;
    const bool chroma = loses_chroma(from, to) && loses_chroma(&use->branches[0].own, to);
    const bool alpha = from->alpha && !to->alpha;
    const bool is_lost = loses_any(&use->branches[0].own, to) && !is_enough(use, from, to, terms);
    char before[32], after[32], input[32] = "";
    wr_format_name(from, before, sizeof before);
    wr_format_name(to, after, sizeof after);
    if (n)
        snprintf(input, sizeof input, " of input %d", use->request.inputs[n].number);
    if (depth || chroma || alpha)
        wr_say(&terms->notes, is_lost ? WR_LOG_LOSS : WR_LOG_WARNING,
               "%s: FFmpeg's filters take %s, not %s%s, which loses%s%s%s", use->segment->names,
               after, before, input, depth ? " depth" : "", chroma ? " chroma" : "",
               alpha ? " alpha" : "");
}

static void say_conversions(const struct use *use, const struct wr_stages_terms *terms)
{
    for (int n = 0; n < use->request.input_count; n++)
        say_loss(use, n, terms);
    if (use->request.conversions)
        wr_say(&terms->notes, WR_LOG_INFO,
               "%s: FFmpeg's filters convert between formats on their own", use->segment->names);
}

// ---- the stage

// Filters that hold many frames may hold as much as the limit or, without one, as the machine has.
static enum wr_status limit_memory(const struct wr_stages *stages, struct wr_host_stage *host,
                                   const struct wr_stages_terms *terms, struct wr_error *error)
{
    const int64_t machine = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    const int64_t limit = terms->memory_limit ? terms->memory_limit : machine;
    const int64_t frames = wr_stages_keep_count(stages) ? terms->frames : 0;
    return wr_host_stage_limit(host, limit, frames, &terms->notes, error);
}

static enum wr_status add_stage(struct wr_stages *stages, const struct use *use,
                                const struct wr_stages_terms *terms, struct wr_error *error)
{
    struct wr_host_stage *host;
    enum wr_status status = wr_host_stage_open(&host, &use->request, use->further, error);
    if (status)
        return status;
    host->ends_input = terms->source->file->nb_streams == 1; // nothing else is to be read
    snprintf(host->stage.counts.why, sizeof host->stage.counts.why, "%s", use->segment->why);
    status = limit_memory(stages, host, terms, error);
    if (!status)
        return wr_stages_add_host(stages, host, use->segment->graph, error);
    struct wr_stage *stage = &host->stage;
    wr_stage_close(&stage);
    return status;
}

enum wr_status wr_host_use(struct wr_stages *stages, struct wr_chain *pending,
                           struct wr_segments *segments, int number,
                           const struct wr_job_options *options,
                           const struct wr_stages_terms *terms, struct wr_error *error)
{
    struct use use = {.segment = &segments->items[number]};
    enum wr_status status = open_branches(stages, &use, pending, options, &terms->notes, error);
    if (!status)
        status = choose(&use, segments, number, error);
    if (!status)
        status = convert_branches(&use, error);
    if (!status)
        status = add_programs(stages, &use, error);
    if (!status)
        status = add_stage(stages, &use, terms, error);
    if (!status)
        say_conversions(&use, terms);
    wr_chain_close(pending);
    if (!status)
        status = convert_back(stages, pending, &use, terms, error);
    close_use(&use);
    return status;
}
