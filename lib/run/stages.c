// SPDX-License-Identifier: MIT
// From segments of a chain to stages, with the conversions between them.
#include "lib/run/stages.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <unistd.h>

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

// A host segment on its way to be a stage.
struct use {
    struct wr_segment *segment;
    struct wr_host_request request;
    char *with_format;       // text of the segment and the `format` behind it, NULL for none
    struct wr_format own;    // of the frames that come
    struct wr_format wanted; // of the frames that it takes
};

static void close_use(struct use *use)
{
    av_freep(&use->with_format);
}

// What the chain wants of the filters by a `format` behind them becomes part of the text where they
// can give that themselves, as zscale can; otherwise a program does it.
static void join_format(struct use *use, const struct wr_stream *in)
{
    struct wr_host_request joined = {.text = use->with_format, .converts = use->request.converts};
    struct wr_format wanted;
    if (use->with_format && !wr_host_graph_format(&joined, in, &wanted, NULL) &&
        joined.pix_fmt == use->request.pix_fmt && joined.conversions == use->request.conversions)
        use->request = joined;
}

// Chooses the text for frames of `in`, and their layout. A line is split where libavfilter would
// convert, which a program then does, and before what holds all frames.
static enum wr_status open_use(struct use *use, struct wr_segments *segments, int number,
                               const struct wr_stream *in, struct wr_error *error)
{
    struct wr_host_request *request = &use->request;
    enum wr_status status = WR_OK;
    *use = (struct use){.own = in->format};
    do {
        if (request->cut)
            status = wr_segments_split(segments, number, request->cut, error);
        use->segment = &segments->items[number];
        *request = (struct wr_host_request){.text = use->segment->graph,
                                            .converts = use->segment->converts};
        if (!status)
            status = wr_host_graph_format(request, in, &use->wanted, error);
    } while (!status && request->cut && use->segment->is_line);
    if (!status && use->segment->format &&
        !(use->with_format = wr_segment_with_format(use->segment)))
        status = wr_fail(error, WR_FAILED, "out of memory");
    if (!status)
        join_format(use, in);
    return status;
}

// Ends the program that is under way, if it does anything, with frames in the layout that the next
// host segment takes.
static enum wr_status end_program(struct wr_stages *stages, struct wr_chain *pending,
                                  struct use *use, struct wr_segments *segments, int number,
                                  struct wr_error *error)
{
    struct wr_program_stage *program = NULL;
    enum wr_status status =
        pending->count ? wr_program_stage_open(&program, pending, &stages->out, error) : WR_OK;
    const struct wr_stream now = program ? program->out : stages->out;
    if (!status)
        status = open_use(use, segments, number, &now, error);
    if (!status && !wr_same_layout(&use->own, &use->wanted)) { // has to be lowered anew
        close_program(program);
        program = NULL;
        status = append_format(pending, &use->wanted, error);
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

static bool same_kind(const struct wr_format *a, const struct wr_format *b)
{
    return a->model == b->model && a->depth == b->depth && a->width == b->width &&
           a->height == b->height;
}

// Where frames had to be converted for the filters and still have that layout, they are converted
// back by what comes next, unless that is a `format`. What has a palette, or is another picture
// than the one that came (palettegen), stays as it is.
static enum wr_status convert_back(const struct wr_stages *stages, struct wr_chain *pending,
                                   const struct use *use, struct wr_error *error)
{
    const struct wr_format *now = &stages->out.format;
    struct wr_format given = use->wanted, back = use->own;
    if (use->request.conversions && !use->request.cut) // to floats, which become this
        given = wr_rgb_inside(&use->own);
    if (use->segment->says_format || wr_same_layout(&back, &given) || !same_kind(now, &given) ||
        av_pix_fmt_desc_get(stages->out.like->format)->flags & AV_PIX_FMT_FLAG_PAL)
        return WR_OK;
    back.alpha = now->alpha;
    return append_format(pending, &back, error);
}

// A conversion that a filter needs may cost depth, chroma or alpha: nobody asked for that by name.
static void say_loss(const struct use *use, const struct wr_log *notes)
{
    const struct wr_format *from = &use->own, *to = &use->wanted;
    const bool depth = to->depth < from->depth;
    const bool coarser =
        to->log2_chroma_w > from->log2_chroma_w || to->log2_chroma_h > from->log2_chroma_h;
    const bool chroma =
        from->model != WR_GRAY && (to->model == WR_GRAY || (to->model == WR_YUV && coarser));
    const bool alpha = from->alpha && !to->alpha;
    char before[32], after[32];
    wr_format_name(from, before, sizeof before);
    wr_format_name(to, after, sizeof after);
    if (depth || chroma || alpha)
        wr_say(notes, WR_LOG_WARNING, "%s: FFmpeg's filters take %s, not %s, which loses%s%s%s",
               use->segment->names, after, before, depth ? " depth" : "", chroma ? " chroma" : "",
               alpha ? " alpha" : "");
    if (use->request.conversions)
        wr_say(notes, WR_LOG_INFO, "%s: FFmpeg's filters convert between formats on their own",
               use->segment->names);
}

// Filters that hold all frames may hold as much as the limit or, without one, as the machine has.
static enum wr_status limit_memory(const struct wr_stages *stages, struct wr_host_stage *host,
                                   const struct wr_stages_terms *terms, struct wr_error *error)
{
    const int64_t machine = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    const int64_t limit = terms->memory_limit ? terms->memory_limit : machine;
    const int64_t frames = wr_stages_keep_count(stages) ? terms->frames : 0;
    const enum wr_status status =
        wr_host_stage_limit(host, &stages->out.format, limit, frames, &terms->notes, error);
    struct wr_stage *stage = &host->stage;
    if (status)
        wr_stage_close(&stage);
    return status;
}

// Runs a segment in FFmpeg's filters, or the first part of it.
static enum wr_status add_host(struct wr_stages *stages, struct wr_chain *pending,
                               struct wr_segments *segments, int number,
                               const struct wr_stages_terms *terms, struct wr_error *error)
{
    struct use use = {0};
    struct wr_host_stage *host;
    enum wr_status status = end_program(stages, pending, &use, segments, number, error);
    if (!status)
        status = wr_host_stage_open(&host, &use.request, &stages->out, &terms->findings, error);
    if (!status)
        status = limit_memory(stages, host, terms, error);
    if (!status)
        status = add(stages, &host->stage, use.segment->graph, &host->out, error);
    if (!status)
        say_loss(&use, &terms->notes);
    if (!status)
        status = convert_back(stages, pending, &use, error);
    close_use(&use);
    return status;
}

static enum wr_status add_segments(struct wr_stages *stages, struct wr_chain *pending,
                                   struct wr_segments *segments, bool only_native,
                                   const struct wr_stages_terms *terms, struct wr_error *error)
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
            status = add_host(stages, pending, segments, n, terms, error);
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
        status = wr_segments_open(&segments, options->chain, error);
    if (!status && options->pix_fmt)
        status = wr_segments_append_format(&segments, options->pix_fmt, error);
    if (!status)
        status = add_segments(stages, &pending, &segments, options->native, terms, error);
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
