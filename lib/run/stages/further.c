// SPDX-License-Identifier: MIT
// Reads further inputs, each on a thread of its own.
#include "lib/run/stages/further.h"

#include <libavutil/avstring.h>
#include <sys/stat.h>

#include "lib/input/reader_open.h"

enum { QUEUE_FRAMES = 3 };

static bool is_same_file(const char *a, const char *b)
{
    struct stat one, other;
    av_strstart(a, "file:", &a);
    av_strstart(b, "file:", &b);
    return !stat(a, &one) && !stat(b, &other) && S_ISREG(one.st_mode) &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

enum wr_status wr_further_check(const struct wr_job_options *options, struct wr_error *error)
{
    const int count = wr_further_count(options);
    for (int n = 0; n < count && options->output; n++)
        if (is_same_file(options->inputs[n], options->output))
            return wr_fail(error, WR_FAILED, "input and output are the same file: %s",
                           options->output);
    return WR_OK;
}

static enum wr_status open_queue(struct wr_queue **queue, int messages, struct wr_error *error)
{
    return wr_queue_open(queue, sizeof(struct wr_message), (size_t)messages)
               ? wr_fail(error, WR_FAILED, "out of memory")
               : WR_OK;
}

enum wr_status wr_further_open(struct wr_further *further, const struct wr_job_options *options,
                               int number, const struct wr_log *log, struct wr_error *error)
{
    struct wr_input *const input = &further->input;
    *further = (struct wr_further){.number = number};
    enum wr_status status = open_queue(&further->read, QUEUE_FRAMES, error);
    if (!status)
        status = wr_input_read(input, options, number, error);
    const bool is_whole = !input->start && !input->to;
    if (!status && (!is_whole || (input->later && input->loops) || input->later < 0))
        status = wr_input_check_video(input, number, error);
    if (status)
        return status;
    const struct wr_reader_options how = {
        .input = input->name,
        .format = input->format,
        .options = (const char *const *)input->options,
        .framerate = input->framerate,
        .start = input->start,
        .to = input->to,
        .later = input->later,
        .loops = input->loops,
        .scale = input->scale,
        .video = input->video,
        .frames = -1,
        .timeout = options->source_timeout,
        .threads = options->threads,
        .cancelled = wr_queue_finished(further->read),
        .log = *log,
    };
    return wr_reader_open(&further->reader, &how, error);
}

void wr_further_set_program(struct wr_further *further, struct wr_program_stage *program)
{
    further->program = program;
}

static enum wr_status connect_program(struct wr_further *further, struct wr_trace *trace,
                                      struct wr_error *error)
{
    struct wr_stage *stage = &further->program->stage;
    const enum wr_status status = open_queue(&further->made, stage->window, error);
    stage->in = further->read;
    stage->out = further->made;
    stage->cause = further->cause;
    stage->track = wr_trace_track(trace, "input %d (program)", further->number);
    return status;
}

enum wr_status wr_further_connect(struct wr_further *further, struct wr_queue *queues[2],
                                  struct wr_cause *cause, struct wr_trace *trace,
                                  struct wr_error *error)
{
    further->cause = cause;
    further->track = wr_trace_track(trace, "input %d", further->number);
    const enum wr_status status = further->program ? connect_program(further, trace, error) : WR_OK;
    queues[0] = further->read;
    queues[1] = further->made;
    return status;
}

struct wr_queue *wr_further_queue(const struct wr_further *further)
{
    return further->made ? further->made : further->read;
}

void *wr_further_read(void *argument)
{
    const struct wr_further *further = argument;
    for (;;) {
        struct wr_message message;
        struct wr_error error = {0};
        const double start = wr_span_begin(further->track);
        int status = wr_reader_next(further->reader, &message, &error);
        wr_span_end(further->track, "decode", "stage", start, NULL, 0);
        // Once the queue is finished, reading was interrupted on purpose.
        if (status && status != WR_END && !wr_queue_status(further->read)) {
            wr_cause_note(further->cause, &error);
            wr_cause_stop(further->cause, status);
        }
        if (!status && message.frame) // this time would be one of another file
            message.frame->best_effort_timestamp = AV_NOPTS_VALUE;
        if (!status && message.packet)
            wr_message_drop(&message);
        else if (!status && (status = wr_stage_send(further->read, &message, further->track)))
            wr_message_drop(&message);
        if (status) {
            wr_queue_finish(further->read, WR_END);
            return NULL;
        }
    }
}

void wr_further_stop(const struct wr_further *further)
{
    wr_queue_finish(further->read, WR_END);
    if (further->made)
        wr_queue_finish(further->made, WR_END);
}

static void drop_message(void *message)
{
    wr_message_drop(message);
}

void wr_further_close(struct wr_further *further)
{
    struct wr_stage *stage = further->program ? &further->program->stage : NULL;
    wr_stage_close(&stage);
    wr_queue_close(&further->read, drop_message);
    wr_queue_close(&further->made, drop_message);
    wr_reader_close(&further->reader);
    wr_input_close(&further->input);
    *further = (struct wr_further){.number = 0};
}
