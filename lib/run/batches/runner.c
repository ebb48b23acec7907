// SPDX-License-Identifier: MIT
// Waits for batches, runs them, gives every job its results.
#include "lib/run/batches/runner.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/run/batches/instances_open.h"

// Seconds that the last frames of a job wait for frames of other jobs where no limit was asked for.
static const double last_wait = 0.1;

// ---- when a batch that is not full is run

// Whether some job is going to add frames soon.
static bool has_active_feed(const struct wr_batcher *b)
{
    for (const struct wr_feed *feed = b->feeds; feed; feed = feed->next)
        if (feed->phase == WR_FEED_ACTIVE)
            return true;
    return false;
}

// When the frames that wait in the batch being filled have waited long enough; INFINITY: never.
static double due_time(const struct wr_batcher *b)
{
    const struct wr_frames *frames = &b->filling->frames;
    const bool others = has_active_feed(b);
    double due = INFINITY;
    for (int n = frames->end; n < frames->valid; n++) {
        const struct wr_slot *slot = &frames->slots[n];
        const double max_wait = slot->feed->max_wait;
        if (max_wait > 0)
            due = fmin(due, slot->added + max_wait);
        if (slot->feed->phase == WR_FEED_ENDED)
            due = fmin(due, !others        ? 0
                            : max_wait > 0 ? slot->feed->ended + max_wait
                                           : slot->feed->ended + last_wait);
    }
    return due;
}

static void wait_until(struct wr_runner *r, double time)
{
    struct wr_batcher *b = r->batcher;
    if (isinf(time)) {
        pthread_cond_wait(&r->due, &b->lock);
        return;
    }
    const struct timespec until = {(time_t)time, (long)(1e9 * (time - floor(time)))};
    pthread_cond_timedwait(&r->due, &b->lock, &until);
}

// Waits until there is a portion to run; false when the batcher is closed.
static bool wait_for_work(struct wr_runner *r)
{
    struct wr_batcher *b = r->batcher;
    while (!b->closing) {
        const bool is_free = !r->instance->is_busy; // its executor may run another's batch
        if (is_free && r->instance->taken && wr_frames_is_complete(&r->instance->frames))
            return true;
        const double time = is_free && b->filling == r->instance ? due_time(b) : INFINITY;
        if (time <= wr_now())
            return true;
        wait_until(r, time);
    }
    return false;
}

// ---- running a portion

// Whether all jobs with frames in the portion have given up. Their feeds stay until it is done.
static int is_given_up(void *opaque)
{
    const struct wr_frames *frames = opaque;
    for (int n = frames->done; n < frames->end; n++) {
        const struct wr_feed *feed = frames->slots[n].feed;
        if (!wr_cause_is_given_up(feed->stage->cause))
            return 0;
    }
    return 1;
}

// Says in which batch an executor failed.
static enum wr_status name_batch(const struct wr_batch *batch, struct wr_error *error)
{
    const struct wr_error cause = *error;
    return wr_fail(error, WR_FAILED, "batch %lld: %s", (long long)batch->number + 1, cause.text);
}

// Without the lock: what the portion consists of does not change until it is done. The executor is
// the instance's, or another's that runs nothing.
static enum wr_status run_on(struct wr_runner *r, struct wr_executor *executor, double *seconds,
                             struct wr_error *error)
{
    struct wr_instance *instance = r->instance;
    struct wr_frames *frames = &instance->frames;
    const int64_t number = frames->number;
    const double submitted = wr_now();
    enum wr_status status = WR_OK;
    if (executor->type->submit(executor, &frames->batch, error))
        status = name_batch(&frames->batch, error);
    instance->submitting = (frames->done ? instance->submitting : 0) + wr_now() - submitted;
    wr_stage_account(seconds, r->track, "submit", submitted, "batch", number + 1);
    if (status)
        return status;
    const double waited = wr_now();
    if (executor->type->wait(executor, error))
        status = name_batch(&frames->batch, error);
    wr_stage_account(seconds, r->track, "finish", waited, "batch", number + 1);
    return status;
}

static enum wr_status seal(struct wr_runner *r, double *seconds, struct wr_error *error)
{
    struct wr_frames *frames = &r->instance->frames;
    const double start = wr_now();
    const enum wr_status status = wr_frames_seal(frames, error);
    frames->batch.is_given_up = is_given_up;
    frames->batch.opaque = frames;
    wr_stage_account(seconds, r->track, "fill", start, "batch", frames->number + 1);
    return status;
}

static bool start_runner(struct wr_batcher *b, int n);

// Lets the CPU take over where the device that has failed was the only one.
static bool open_reserve(struct wr_batcher *b)
{
    struct wr_instance *reserve = wr_instances_open_reserve(&b->instances);
    if (reserve && !start_runner(b, reserve->number))
        reserve->is_left_out = true; // it would be filled, and nobody would run it
    return reserve && !reserve->is_left_out;
}

// Notes that the device has failed. Returns whether another one can run its batch. That is so for
// devices that run whole batches: where portions are run, some results have been given back.
static bool leave_out(struct wr_runner *r, const struct wr_error *error)
{
    struct wr_batcher *b = r->batcher;
    const struct wr_frames *frames = &r->instance->frames;
    bool has_others = false;
    for (int n = 0; n < b->instances.count; n++)
        has_others |= !b->instances.items[n].is_left_out &&
                      strcmp(b->instances.items[n].device, r->instance->device);
    if (frames->portion != frames->size || is_given_up(&r->instance->frames))
        return false;
    if (!has_others && !open_reserve(b))
        return false;
    if (!r->instance->is_left_out && !*b->left_out)
        snprintf(b->left_out, sizeof b->left_out, "%s: %.400s", r->instance->device, error->text);
    wr_instances_leave_out(&b->instances, r->instance);
    return true;
}

// Runs the batch of a device that has failed on another one, as soon as that is free. With the
// lock, which it gives away meanwhile.
static enum wr_status run_elsewhere(struct wr_runner *r, double *seconds, struct wr_error *error)
{
    struct wr_batcher *b = r->batcher;
    struct wr_instance *other;
    bool can_wait;
    while (!(other = wr_instances_find_idle(&b->instances, &can_wait)) && can_wait)
        pthread_cond_wait(&b->changed, &b->lock);
    if (!other)
        return wr_batcher_fail_without_devices(b, error);
    other->is_busy = true;
    pthread_mutex_unlock(&b->lock);
    const enum wr_status status = run_on(r, other->executor, seconds, error);
    pthread_mutex_lock(&b->lock);
    other->is_busy = false;
    if (status)
        wr_instances_leave_out(&b->instances, other);
    pthread_cond_signal(&b->runners[other->number].due); // its own batch may have waited
    pthread_cond_broadcast(&b->changed);
    return status;
}

static void count_redone(struct wr_batcher *b, const struct wr_frames *frames)
{
    for (struct wr_feed *feed = b->feeds; feed; feed = feed->next)
        feed->redone += wr_frames_has(frames, feed);
}

// With the lock, which it gives away while the portion runs.
static enum wr_status run_portion(struct wr_runner *r, double *seconds, struct wr_error *error)
{
    struct wr_batcher *b = r->batcher;
    struct wr_instance *instance = r->instance;
    const bool is_whole = !instance->is_left_out;
    instance->is_busy = true;
    pthread_mutex_unlock(&b->lock);
    enum wr_status status = seal(r, seconds, error);
    const bool is_sealed = !status;
    if (is_sealed && is_whole)
        status = run_on(r, instance->executor, seconds, error);
    pthread_mutex_lock(&b->lock);
    instance->is_busy = false;
    if (!is_sealed || (is_whole && !status))
        return status;
    if (is_whole && !leave_out(r, error))
        return status;
    count_redone(b, &instance->frames);
    do
        status = run_elsewhere(r, seconds, error);
    while (status && wr_instances_have_working(&b->instances) && !is_given_up(&instance->frames));
    return status;
}

// Sends the feed's results in order, up to the first that is still missing. The queue has room for
// them.
static void pass_on(struct wr_feed *feed)
{
    const int window = feed->batcher->window;
    for (;;) {
        struct wr_message *message = &feed->results[feed->passed % window];
        if (!message->frame)
            return;
        if (wr_queue_send_reserved(feed->stage->out, message))
            av_frame_free(&message->frame);
        else
            feed->stage->counts.out++;
        message->frame = NULL;
        feed->passed++;
    }
}

static void take_result(struct wr_batcher *b, struct wr_slot *slot, enum wr_status status,
                        const struct wr_error *error)
{
    struct wr_feed *feed = slot->feed;
    av_frame_free(&slot->in);
    av_frame_free(&slot->copy);
    feed->running--;
    if (status) {
        feed->failed = status;
        wr_stage_fail(feed->stage, error);
        return;
    }
    feed->results[slot->sequence % b->window] =
        (struct wr_message){.frame = slot->out, .index = slot->index};
    slot->out = NULL;
    pass_on(feed);
}

// Where somebody is told of batches, in their order.
static void wait_for_turn(struct wr_batcher *b, const struct wr_frames *frames)
{
    while (b->how.batch_done && b->finished != frames->number)
        pthread_cond_wait(&b->changed, &b->lock);
}

// Gives every job its results. With the lock.
static void end_portion(struct wr_runner *r, double seconds, enum wr_status status,
                        const struct wr_error *error)
{
    struct wr_batcher *b = r->batcher;
    struct wr_frames *frames = &r->instance->frames;
    const int count = frames->end - frames->done;
    wait_for_turn(b, frames);
    if (!r->instance->is_busy) // another's batch may run on it meanwhile
        r->instance->memory = r->instance->executor->memory;
    for (int n = frames->done; n < frames->end; n++) {
        frames->slots[n].feed->stage->seconds += seconds / count;
        take_result(b, &frames->slots[n], status, error);
    }
    frames->done = frames->end;
    const bool is_last = b->filling == r->instance && wr_batcher_has_ended(b);
    if (b->filling != r->instance || (is_last && frames->valid == frames->done))
        wr_batcher_finish_batch(b, r->instance);
    pthread_cond_broadcast(&b->changed);
}

static void *run_instance(void *argument)
{
    struct wr_runner *r = argument;
    struct wr_batcher *b = r->batcher;
    struct wr_frames *frames = &r->instance->frames;
    pthread_mutex_lock(&b->lock);
    while (wait_for_work(r)) {
        // Nobody adds frames to a batch that is full, nor to one that had waited long enough.
        if (frames->valid == frames->size || !wr_frames_is_complete(frames))
            b->filling = NULL;
        wr_frames_begin(frames);
        for (int n = frames->done; n < frames->end; n++)
            frames->slots[n].feed->running++;
        pthread_cond_broadcast(&b->changed);
        struct wr_error error;
        double seconds = 0;
        const enum wr_status status = run_portion(r, &seconds, &error);
        end_portion(r, seconds, status, &error);
    }
    pthread_mutex_unlock(&b->lock);
    return NULL;
}

// ---- starting, ending

static void open_condition(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static bool start_runner(struct wr_batcher *b, int n)
{
    struct wr_runner *r = &b->runners[n];
    *r = (struct wr_runner){.batcher = b, .instance = &b->instances.items[n]};
    r->track = b->key.place ? wr_trace_track(b->how.trace, "program %d, instance %d",
                                             b->key.place + 1, n + 1)
                            : wr_trace_track(b->how.trace, "instance %d", n + 1);
    open_condition(&r->due);
    if (pthread_create(&r->thread, NULL, run_instance, r)) {
        pthread_cond_destroy(&r->due);
        return false;
    }
    b->runner_count++;
    return true;
}

enum wr_status wr_runners_start(struct wr_batcher *b, struct wr_error *error)
{
    for (int n = 0; n < b->instances.count; n++)
        if (!start_runner(b, n))
            return wr_fail(error, WR_FAILED, "cannot start a thread");
    return WR_OK;
}

void wr_runners_end(struct wr_batcher *b)
{
    pthread_mutex_lock(&b->lock);
    b->closing = true;
    for (int n = 0; n < b->runner_count; n++)
        pthread_cond_signal(&b->runners[n].due);
    pthread_mutex_unlock(&b->lock);
    for (int n = 0; n < b->runner_count; n++) {
        pthread_join(b->runners[n].thread, NULL);
        pthread_cond_destroy(&b->runners[n].due);
    }
}
