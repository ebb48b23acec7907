// SPDX-License-Identifier: MIT
// Opens a program for each change of the input's format, and runs it on the reader's thread.
#include "lib/run/changes.h"

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

// The queue between the program and the reader's thread. It takes as many frames as any program may
// hand out at once; a job that was stopped meanwhile does not know of it yet.
static enum wr_status open_results(struct wr_changes *changes, struct wr_error *error)
{
    enum { MOST_RESULTS = 8192 };
    const int room = changes->program->stage.window;
    if (room > MOST_RESULTS)
        return wr_fail(error, WR_FAILED, "out of memory");
    if (!*changes->results &&
        wr_queue_open(changes->results, sizeof(struct wr_message), MOST_RESULTS))
        return wr_fail(error, WR_FAILED, "out of memory");
    changes->program->stage.out = *changes->results;
    const int stopped = wr_queue_status(changes->out);
    if (stopped)
        wr_queue_finish(*changes->results, stopped);
    return WR_OK;
}

// Sends on the next frame that comes out of the program.
static int pass_on(struct wr_changes *changes)
{
    struct wr_message message;
    int status = wr_queue_receive(*changes->results, &message);
    if (status)
        return status;
    changes->in_program--;
    status = wr_stage_send(changes->out, &message, changes->track);
    if (status)
        wr_message_drop(&message);
    return status;
}

static enum wr_status open_program(struct wr_changes *changes, struct wr_error *error)
{
    struct wr_chain chain = {NULL, 0};
    struct wr_stream in = changes->stream;
    struct wr_note note = {0};
    in.format = changes->format;
    enum wr_status status = append(&chain, &in.format, &changes->stream.format, error);
    if (!status)
        status = wr_program_stage_open(&changes->program, &chain, &in, error);
    wr_chain_close(&chain);
    if (status)
        return status;
    const struct wr_program_stage_place place = {
        .how = {.trace = changes->trace}, .number = 0, .count = 1, .rows = WR_ROWS_FORWARDS};
    struct wr_stage *stage = &changes->program->stage;
    stage->cause = changes->cause;
    stage->track = changes->track;
    status = wr_program_stage_prepare(changes->program, changes->engine, &place, &note, error);
    return status ? status : open_results(changes, error);
}

void wr_changes_close(struct wr_changes *changes)
{
    struct wr_stage *stage = changes->program ? &changes->program->stage : NULL;
    changes->seconds += stage ? stage->seconds : 0;
    wr_stage_close(&stage);
    changes->program = NULL;
}

static int end_program(struct wr_changes *changes)
{
    struct wr_stage *stage = changes->program ? &changes->program->stage : NULL;
    int status = stage ? stage->type->end(stage) : 0;
    while (!status && changes->in_program)
        status = pass_on(changes);
    wr_changes_close(changes);
    return status;
}

static void tell_first(const struct wr_changes *changes, const AVFrame *frame)
{
    char from[96], to[96];
    print_format(from, sizeof from, &changes->stream.format);
    print_format(to, sizeof to, &changes->format);
    wr_say(
        &changes->log, WR_LOG_WARNING,
        "the picture of %s changes from %s to %s at %.3f s; such frames are converted to the first",
        changes->input, from, to, (double)frame->pts * av_q2d(frame->time_base));
}

// Sees to it that the program for frames of this format is open, or none if they need none.
static int follow(struct wr_changes *changes, const struct wr_format *own, const AVFrame *frame)
{
    if (!own || (changes->program && same_format(own, &changes->format)))
        return own ? 0 : end_program(changes);
    const int status = end_program(changes);
    if (status)
        return status;
    struct wr_error error;
    changes->format = *own;
    if (!changes->changes++)
        tell_first(changes, frame);
    if (!open_program(changes, &error))
        return 0;
    wr_cause_note(changes->cause, &error);
    wr_cause_stop(changes->cause, error.status);
    return error.status;
}

int wr_changes_send(struct wr_changes *changes, const struct wr_message *message)
{
    AVFrame *frame = message->frame;
    const struct wr_format *own = wr_frame_own_format(frame);
    int status = follow(changes, own, frame);
    if (status || !own) {
        if (!status)
            status = wr_stage_send(changes->out, message, changes->track);
        if (status)
            av_frame_free(&frame);
        return status;
    }
    changes->frames++;
    av_buffer_unref(&frame->opaque_ref);
    // The first of so many frames comes out without any more going in.
    struct wr_stage *stage = &changes->program->stage;
    if (changes->in_program >= stage->window)
        status = pass_on(changes);
    if (status) {
        av_frame_free(&frame);
        return status;
    }
    changes->in_program++;
    return stage->type->take(stage, message);
}

int wr_changes_end(struct wr_changes *changes)
{
    const int status = end_program(changes);
    if (!status && changes->changes > 1)
        wr_say(&changes->log, WR_LOG_WARNING,
               "the picture of %s changed %lld times; %lld frames were converted to the first",
               changes->input, (long long)changes->changes, (long long)changes->frames);
    return status;
}
