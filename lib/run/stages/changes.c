// SPDX-License-Identifier: MIT
// Opens a program for each change of the input's format, and runs it before or around the first
// stage.
#include "lib/run/stages/changes.h"

#include <libavutil/pixdesc.h>
#include <stdio.h>

#include "kernels/program/converter.h"
#include "lib/media/frame.h"

static bool same_format(const struct wr_format *a, const struct wr_format *b)
{
    return a->width == b->width && a->height == b->height && wr_same_layout(a, b);
}

// "640x360 yuv420p of full range".
static void print_format(char *text, size_t size, const struct wr_format *format)
{
    char name[32];
    wr_format_name(format, name, sizeof name);
    const bool is_full = format->model == WR_YUV && wr_format_is_full(format);
    const char *matrix = format->model == WR_YUV && format->matrix != AVCOL_SPC_UNSPECIFIED
                             ? av_color_space_name((enum AVColorSpace)format->matrix)
                             : NULL;
    snprintf(text, size, "%dx%d %s%s%s%s", format->width, format->height, name,
             is_full ? " of full range" : "", matrix ? ", " : "", matrix ? matrix : "");
}

// Appends what makes frames of one format those of another.
static enum wr_status append(struct wr_chain *chain, const struct wr_format *from,
                             const struct wr_format *to, struct wr_error *error)
{
    char text[128], name[32];
    enum wr_status status = WR_OK;
    if (from->width != to->width || from->height != to->height) {
        snprintf(text, sizeof text, "%d:%d", to->width, to->height);
        status = wr_chain_append(chain, "scale", text, error);
    }
    if (status || wr_same_layout(from, to))
        return status;
    const char *matrix = to->matrix != AVCOL_SPC_UNSPECIFIED && to->model == WR_YUV
                             ? av_color_space_name((enum AVColorSpace)to->matrix)
                             : NULL;
    wr_format_name(to, name, sizeof name);
    snprintf(text, sizeof text, "%s:color_ranges=%s:color_spaces=%s", name,
             wr_format_is_full(to) ? "pc" : "tv", matrix ? matrix : "auto");
    return wr_chain_append(chain, "format", text, error);
}

// The stream as it is with another format.
static struct wr_stream with_format(const struct wr_stream *stream, const struct wr_format *format)
{
    struct wr_stream other = *stream;
    other.format = *format;
    return other;
}

static void close_program(struct wr_changes *changes)
{
    struct wr_stage *stage = changes->program ? &changes->program->stage : NULL;
    wr_stage_close(&stage);
    changes->program = NULL;
}

// Opens a program that runs the filters (NULL for none) at the frames' own size and then converts
// the results to format `to`.
static enum wr_status lower(struct wr_changes *changes, const struct wr_chain *uses,
                            const struct wr_format *to, struct wr_error *error)
{
    struct wr_chain chain = {NULL, 0};
    const struct wr_stream in = with_format(&changes->in, &changes->format);
    struct wr_format like_first = changes->in.format;
    like_first.width = in.format.width;
    like_first.height = in.format.height;
    enum wr_status status = append(&chain, &in.format, &like_first, error);
    if (!status && uses)
        status = wr_chain_copy(&chain, uses, error);
    if (!status)
        status = wr_program_stage_open(&changes->program, &chain, &in, error);
    if (!status && !same_format(&changes->program->out.format, to)) {
        status = append(&chain, &changes->program->out.format, to, error);
        close_program(changes);
        if (!status)
            status = wr_program_stage_open(&changes->program, &chain, &in, error);
    }
    wr_chain_close(&chain);
    return status;
}

// Filters may not take the size (crop). Then the first frame's is better than none.
static enum wr_status open_program(struct wr_changes *changes, struct wr_error *error)
{
    struct wr_note note = {0};
    changes->is_around =
        changes->uses && !lower(changes, changes->uses, &changes->out.format, error);
    const enum wr_status status =
        changes->is_around ? WR_OK : lower(changes, NULL, &changes->in.format, error);
    if (status)
        return status;
    struct wr_stage *stage = &changes->program->stage;
    stage->out = changes->converted;
    stage->cause = changes->stage.cause;
    stage->track = changes->stage.track;
    // Before all programs of the job's stages: it never shares batches with those.
    const struct wr_program_stage_place place = {
        .how = {.trace = changes->trace}, .number = -1, .rows = WR_ROWS_FORWARDS};
    return wr_program_stage_prepare(changes->program, changes->engine, &place, &note, error);
}

void wr_changes_close(struct wr_changes *changes)
{
    close_program(changes);
    changes->first->seconds += changes->seconds;
}

// Takes the frame over.
static int pass_result(struct wr_changes *changes, struct wr_message *message)
{
    struct wr_stage *first = changes->first;
    if (!changes->is_around)
        return first->type->take(first, message);
    const int status = wr_stage_send(first->out, message, changes->stage.track);
    if (status)
        wr_message_drop(message);
    first->counts.out += !status;
    return status;
}

// Sends the results that there are by now.
static int pass_results(struct wr_changes *changes)
{
    int status = 0;
    while (!status && wr_queue_has_item(changes->converted)) {
        struct wr_message message;
        status = wr_queue_receive(changes->converted, &message);
        if (!status)
            status = pass_result(changes, &message);
    }
    return status;
}

static int end_program(struct wr_changes *changes)
{
    struct wr_stage *stage = changes->program ? &changes->program->stage : NULL;
    if (!stage)
        return 0;
    int status = stage->type->end(stage);
    if (!status) {
        changes->seconds += stage->seconds; // no result is under way any more
        status = pass_results(changes);
    }
    close_program(changes);
    return status;
}

static void tell_first(const struct wr_changes *changes, const AVFrame *frame)
{
    char from[96], to[96];
    print_format(from, sizeof from, &changes->in.format);
    print_format(to, sizeof to, &changes->format);
    wr_say(&changes->log, WR_LOG_WARNING,
           "the picture of %s changes from %s to %s at %.3f s; the output stays as it began",
           changes->input, from, to, (double)frame->pts * av_q2d(frame->time_base));
}

// Sees to it that the program for frames of this format is open, or none if they need none. Results
// of the frames before it have left then, so that those that go around keep their order.
static int follow(struct wr_changes *changes, const struct wr_format *own, const AVFrame *frame)
{
    if (!own || (changes->program && same_format(own, &changes->format)))
        return own ? 0 : end_program(changes);
    int status = end_program(changes);
    if (status)
        return status;
    struct wr_error error;
    changes->format = *own;
    if (!changes->changes++)
        tell_first(changes, frame);
    if (open_program(changes, &error)) {
        wr_stage_fail(&changes->stage, &error);
        return error.status;
    }
    return changes->is_around ? changes->first->type->end(changes->first) : 0;
}

// ---- as a stage

static int take(struct wr_stage *stage, const struct wr_message *message)
{
    struct wr_changes *changes = (struct wr_changes *)stage;
    struct wr_stage *first = changes->first;
    AVFrame *frame = message->frame;
    const struct wr_format *own = wr_frame_own_format(frame);
    int status = follow(changes, own, frame);
    if (status) {
        av_frame_free(&frame);
        return status;
    }
    if (!own)
        return first->type->take(first, message);
    changes->frames++;
    first->counts.in += changes->is_around;
    av_buffer_unref(&frame->opaque_ref);
    struct wr_stage *program = &changes->program->stage;
    status = program->type->take(program, message);
    return status ? status : pass_results(changes);
}

static int take_packet(struct wr_stage *stage, struct wr_message *message)
{
    struct wr_stage *first = ((struct wr_changes *)stage)->first;
    if (first->type->take_packet)
        return first->type->take_packet(first, message);
    const int status = wr_stage_send(first->out, message, stage->track);
    if (status)
        wr_message_drop(message);
    return status;
}

static int end(struct wr_stage *stage)
{
    struct wr_changes *changes = (struct wr_changes *)stage;
    struct wr_stage *first = changes->first;
    int status = end_program(changes);
    if (!status)
        status = first->type->end(first);
    if (!status && changes->changes > 1)
        wr_say(&changes->log, WR_LOG_WARNING,
               "the picture of %s changed %lld times; %lld frames were made like the first",
               changes->input, (long long)changes->changes, (long long)changes->frames);
    return status;
}

static void stop(struct wr_stage *stage)
{
    struct wr_stage *first = ((struct wr_changes *)stage)->first;
    if (first->type->stop)
        first->type->stop(first);
}

static const struct wr_stage_type type = {
    .kind = "changes",
    .take = take,
    .take_packet = take_packet,
    .end = end,
    .stop = stop,
};

void wr_changes_open(struct wr_changes *changes, const struct wr_program_stage *program)
{
    const struct wr_stage *first = changes->first;
    changes->stage = (struct wr_stage){.type = &type,
                                       .in = first->in,
                                       .out = first->out,
                                       .cause = first->cause,
                                       .findings = first->findings,
                                       .track = first->track};
    changes->uses = program ? &program->uses : NULL;
    changes->out = program ? program->out : changes->in;
}
