// SPDX-License-Identifier: MIT
// The three stages of a run, each a thread, and the two queues between them.
//
//     reader ── decoded ──> filters ── filtered ──> writer
//
// What travels in both queues are messages: decoded frames, and packets of the streams that are
// copied. Packets overtake the frames that wait for their batch to fill; the muxer puts them in
// order again. So the stages form a line, each waits for its neighbours only, and bounded queues
// cannot lock each other up.
//
// The filters stage gathers frames into batches of fixed size. The last one is padded by repeating
// its last frame; `valid` was counted before, so what the padding gave is never seen. A device gets
// a batch when it is full; the CPU gets it in portions, frame by frame where frames are large, and
// what a portion gave travels on at once. Planes that no filter touches are not copied: the output
// frame owns the decoder's memory with the input frame.
//
// A stage that is done finishes its queue with WR_END: the next one still receives what was sent
// before. A stage that fails notes why and finishes its queues, on both sides, with the failure:
// both neighbours stop at once, and so on to the ends. Cancelling is the same from outside. Nobody
// polls a flag and nobody sleeps. The caller's thread is the writer; it joins the others and only
// then gives the file its name.

#include "lib/run/instances.h"

// Ends work that began at `start`: adds it to a sum of the report, and to the trace.
static void account(double *seconds, struct wr_track *track, const char *name, double start,
                    const char *key, int64_t number)
{
    const double end = wr_now();
    *seconds += end - start;
    wr_track_add(track, &(struct wr_span){name, "stage", start, end, key, number});
}

// The queues, with the time spent in them.
static int send(struct wr_queue *queue, const struct wr_message *message, struct wr_track *track)
{
    const double start = wr_span_begin(track);
    const int status = wr_queue_send(queue, message);
    wr_span_end(track, "wait", "queue", start, NULL, 0);
    return status;
}

static int receive(struct wr_queue *queue, struct wr_message *message, struct wr_track *track)
{
    const double start = wr_span_begin(track);
    const int status = wr_queue_receive(queue, message);
    wr_span_end(track, "wait", "queue", start, NULL, 0);
    return status;
}

// The first failure is the cause; what others report afterwards are its consequences.
static void note_failure(struct wr_run *run, const struct wr_error *error)
{
    pthread_mutex_lock(&run->lock);
    if (!run->first_error.status)
        run->first_error = *error;
    pthread_mutex_unlock(&run->lock);
}

static void fail_both_sides(struct wr_run *run, const struct wr_error *error)
{
    note_failure(run, error);
    wr_queue_finish(run->decoded, error->status);
    wr_queue_finish(run->filtered, error->status);
}

static void *read_stage(void *argument)
{
    struct wr_run *run = argument;
    for (;;) {
        struct wr_message message = {0};
        struct wr_error error = {0};
        const double start = wr_now();
        const int status = wr_reader_next(run->reader, &message, &error);
        account(&run->report.seconds_decode, run->tracks.reader,
                status           ? "end"
                : message.packet ? "demux"
                                 : "decode",
                start, message.frame ? "frame" : NULL, run->report.frames_in);
        if (status) {
            // Once the queue is finished, reading was interrupted on purpose.
            if (status != WR_END && !wr_queue_status(run->decoded)) {
                note_failure(run, &error);
                wr_queue_finish(run->decoded, run->options.keep_partial ? WR_END : status);
            }
            wr_queue_finish(run->decoded, WR_END);
            return NULL;
        }
        run->report.frames_in += message.frame != NULL;
        if (send(run->decoded, &message, run->tracks.reader)) {
            run->report.frames_in -= message.frame != NULL;
            wr_message_drop(&message);
            return NULL;
        }
    }
}

// Where in the run an executor failed.
static enum wr_status name_batch(const struct wr_batch *batch, struct wr_error *error)
{
    const struct wr_error cause = *error;
    return wr_fail(error, WR_FAILED, "batch %lld: %s", (long long)batch->number + 1, cause.text);
}

static enum wr_status start_portion(struct wr_run *run, struct wr_instance *instance,
                                    struct wr_error *error)
{
    struct wr_frames *frames = &instance->frames;
    const double start = wr_now();
    const bool begins = frames->done == 0;
    const int64_t number = begins ? run->report.batches++ : frames->batch.number;
    enum wr_status status = wr_frames_seal(frames, number * frames->size, run->pool, error);
    frames->batch.number = number;
    const double submitted = wr_now();
    if (!status && instance->executor->type->submit(instance->executor, &frames->batch, error))
        status = name_batch(&frames->batch, error);
    instance->submitting = (begins ? 0 : instance->submitting) + wr_now() - submitted;
    account(&run->report.seconds_filter, run->tracks.filters, "submit", start, "batch", number);
    instance->running = !status;
    return status;
}

// Hands what was computed to the writer; non-zero when the writer has stopped.
static int send_portion(struct wr_run *run, struct wr_frames *frames)
{
    int status = 0;
    for (int n = frames->done; n < frames->valid && !status; n++) {
        const struct wr_message message = {.frame = frames->out[n]};
        av_frame_free(&frames->in[n]);
        status = send(run->filtered, &message, run->tracks.filters);
        if (!status)
            frames->out[n] = NULL;
    }
    frames->done = frames->valid;
    return status;
}

static void finish_batch(struct wr_run *run, struct wr_instance *instance)
{
    run->report.padded_frames += instance->frames.size - instance->frames.valid;
    wr_instances_tell(run, instance);
    wr_frames_reset(&instance->frames);
}

// Waits for what the instance computes, if anything, and passes it on.
static int end_portion(struct wr_run *run, struct wr_instance *instance)
{
    struct wr_frames *frames = &instance->frames;
    struct wr_error error = {0};
    if (!instance->running)
        return 0;
    const double start = wr_now();
    int status = instance->executor->type->wait(instance->executor, &error);
    account(&run->report.seconds_filter, run->tracks.filters, "finish", start, "batch",
            frames->batch.number);
    instance->running = false;
    if (status) {
        status = name_batch(&frames->batch, &error);
        fail_both_sides(run, &error);
        return status;
    }
    status = send_portion(run, frames);
    if (!status && frames->valid == frames->size)
        finish_batch(run, instance);
    return status;
}

// Starts what was gathered. Where that is a whole batch, the next instance in turn is made ready to
// be filled while it runs: its batch is the oldest one under way, so batches leave in the order
// they came. Portions of a batch are done by one instance, one after the other.
static int advance(struct wr_run *run)
{
    struct wr_error error = {0};
    struct wr_instance *instance = &run->instances[run->turn];
    const struct wr_frames *frames = &instance->frames;
    if (frames->valid > frames->done && start_portion(run, instance, &error)) {
        fail_both_sides(run, &error);
        return error.status;
    }
    if (frames->portion < frames->size) {
        const int status = end_portion(run, instance);
        if (status || frames->valid)
            return status;
    }
    run->turn = (run->turn + 1) % run->instance_count;
    return end_portion(run, &run->instances[run->turn]);
}

static void *filter_stage(void *argument)
{
    struct wr_run *run = argument;
    int status = 0;
    while (!status) {
        struct wr_message message;
        status = receive(run->decoded, &message, run->tracks.filters);
        if (status)
            break;
        if (message.packet) {
            status = send(run->filtered, &message, run->tracks.filters);
            if (status)
                wr_message_drop(&message);
        } else if (wr_frames_add(&run->instances[run->turn].frames, message.frame)) {
            status = advance(run);
        }
    }
    // Every instance once: the last batch, padded, and those still under way.
    for (int n = 0; n < run->instance_count && status == WR_END; n++) {
        const int ended = advance(run);
        status = ended ? ended : WR_END;
    }
    if (status == WR_END && run->instances[run->turn].frames.valid)
        finish_batch(run, &run->instances[run->turn]);
    // Whatever ended this stage ends both neighbours: the reader where the writer has stopped.
    wr_queue_finish(run->filtered, status);
    wr_queue_finish(run->decoded, status);
    return NULL;
}

static void report_progress(struct wr_run *run)
{
    struct wr_progress *progress = &run->progress;
    const int64_t frames = wr_writer_frames(run->writer);
    if (!run->options.progress || frames == progress->frames_out)
        return;
    progress->frames_out = frames;
    progress->position = wr_writer_position(run->writer);
    progress->elapsed = wr_now() - run->started;
    run->options.progress(run->options.opaque, progress);
}

static int write_stage(struct wr_run *run)
{
    int64_t frames = 0; // sent, for the trace
    for (;;) {
        struct wr_message message;
        const int status = receive(run->filtered, &message, run->tracks.writer);
        if (status)
            return status;
        const bool is_frame = message.frame != NULL;
        struct wr_error error = {0};
        const double start = wr_now();
        const enum wr_status sent = wr_writer_send(run->writer, &message, &error);
        account(&run->report.seconds_encode, run->tracks.writer, is_frame ? "encode" : "mux", start,
                is_frame ? "frame" : NULL, frames);
        frames += is_frame;
        if (sent) {
            wr_message_drop(&message);
            fail_both_sides(run, &error);
            return sent;
        }
        report_progress(run);
    }
}

int wr_is_given_up(void *argument)
{
    struct wr_run *run = argument;
    const int cancelled = atomic_load(&run->cancelled);
    return cancelled > (run->options.keep_partial ? 1 : 0);
}

static enum wr_status fail_given_up(const struct wr_run *run, struct wr_error *error)
{
    return wr_fail(error, WR_INTERRUPTED, "interrupted, %s was not written", run->options.output);
}

// What the encoder holds back may take it many seconds.
static enum wr_status flush_writer(struct wr_run *run, struct wr_error *error)
{
    const double start = wr_now();
    int status = WR_OK;
    while (!status && !wr_is_given_up(run)) {
        status = wr_writer_flush(run->writer, error);
        report_progress(run);
    }
    account(&run->report.seconds_encode, run->tracks.writer, "flush", start, NULL, 0);
    if (wr_is_given_up(run))
        return fail_given_up(run, error);
    return status == WR_END ? WR_OK : (enum wr_status)status;
}

// The file gets its name last, and only if nothing was lost and nobody gave it up meanwhile.
static enum wr_status finish_file(struct wr_run *run, struct wr_error *error)
{
    const enum wr_status status = flush_writer(run, error);
    run->report.frames_out = wr_writer_frames(run->writer);
    if (status)
        return status;
    if (run->report.frames_out != run->report.frames_in)
        return wr_fail(error, WR_FAILED, "%s: %lld frames came in, but %lld went out",
                       run->options.output, (long long)run->report.frames_in,
                       (long long)run->report.frames_out);
    return wr_writer_finish(run->writer, error);
}

// What the run comes to, once every stage has stopped.
static enum wr_status conclude(struct wr_run *run, int status, struct wr_error *error)
{
    const bool finish = status == WR_END && !wr_is_given_up(run);
    const char *output = run->options.output;
    if (finish) {
        const enum wr_status finished = finish_file(run, error);
        if (finished)
            return finished;
    }
    const long long frames = run->report.frames_out = wr_writer_frames(run->writer);
    if (atomic_load(&run->cancelled))
        return finish ? wr_fail(error, WR_INTERRUPTED,
                                "interrupted, %s holds the %lld frames so far", output, frames)
                      : fail_given_up(run, error);
    const struct wr_error *first = &run->first_error;
    if (first->status)
        return finish ? wr_fail(error, first->status, "%s; %s holds the %lld frames before it",
                                first->text, output, frames)
                      : wr_fail(error, first->status, "%s", first->text);
    if (run->report.damaged)
        return wr_fail(error, WR_DAMAGED,
                       "%s: the input is damaged in %lld place%s, what could be "
                       "decoded was kept",
                       run->options.input, (long long)run->report.damaged,
                       run->report.damaged == 1 ? "" : "s");
    return WR_OK;
}

enum wr_status wr_pipeline_run(struct wr_run *run, struct wr_error *error)
{
    pthread_t reading, filtering;
    run->started = wr_now();
    if (pthread_create(&reading, NULL, read_stage, run))
        return wr_fail(error, WR_FAILED, "cannot start a thread");
    if (pthread_create(&filtering, NULL, filter_stage, run)) {
        wr_queue_finish(run->decoded, WR_FAILED);
        pthread_join(reading, NULL);
        return wr_fail(error, WR_FAILED, "cannot start a thread");
    }
    const int status = write_stage(run);
    pthread_join(filtering, NULL);
    pthread_join(reading, NULL);
    run->report.damaged = wr_reader_damaged(run->reader);
    const enum wr_status result = conclude(run, status, error);
    run->report.seconds_total = wr_now() - run->started;
    return result;
}
