// SPDX-License-Identifier: MIT
// Ends batches, and tells what they took.
#include "lib/run/batches/batcher.h"

// Steps of a device: upload, passes, download.
static void take_times(const struct wr_batcher *b, const struct wr_instance *instance,
                       struct wr_batch_report *batch)
{
    const float *steps = instance->executor->step_milliseconds;
    if (!steps)
        return;
    batch->upload = steps[0];
    batch->kernels = 0;
    for (int k = 1; k <= b->program.pass_count; k++)
        batch->kernels += steps[k];
    batch->download = steps[b->program.pass_count + 1];
}

static void tell_batch(struct wr_batcher *b, const struct wr_instance *instance)
{
    if (!b->how.batch_done)
        return;
    struct wr_batch_report batch = {
        .number = instance->frames.number,
        .instance = instance->number,
        .valid = instance->frames.valid,
        .padded = instance->frames.size - instance->frames.valid,
        .kernels = 1e3 * instance->submitting,
    };
    wr_instances_count(&b->instances, &batch.memory);
    batch.allocations = batch.memory.allocations - b->allocations;
    b->allocations = batch.memory.allocations;
    take_times(b, instance, &batch);
    b->how.batch_done(b->how.opaque, &batch);
}

bool wr_batcher_has_ended(const struct wr_batcher *b)
{
    for (const struct wr_feed *feed = b->feeds; feed; feed = feed->next)
        if (feed->phase != WR_FEED_ENDED)
            return false;
    return true;
}

enum wr_status wr_batcher_fail_without_devices(const struct wr_batcher *b, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "all devices have failed, the first was %s", b->left_out);
}

void wr_batcher_finish_batch(struct wr_batcher *b, struct wr_instance *instance)
{
    struct wr_frames *frames = &instance->frames;
    for (struct wr_feed *feed = b->feeds; feed; feed = feed->next)
        if (wr_frames_has(frames, feed))
            feed->padded_frames += frames->size - frames->valid;
    b->finished++;
    b->slots += frames->valid ? frames->size : 0; // all may have been dropped
    b->frames += frames->valid;
    tell_batch(b, instance);
    wr_frames_reset(frames);
    wr_instances_give(instance);
    b->filling = b->filling == instance ? NULL : b->filling;
}

// ---- what is known of it

void wr_batcher_look(struct wr_batcher *b)
{
    if (b->filling)
        pthread_cond_signal(&b->runners[b->filling->number].due);
}

void wr_batcher_count(struct wr_batcher *b, struct wr_memory *memory)
{
    pthread_mutex_lock(&b->lock);
    wr_instances_count(&b->instances, memory);
    pthread_mutex_unlock(&b->lock);
}

void wr_batcher_report(struct wr_batcher *b, struct wr_engine_report *report)
{
    pthread_mutex_lock(&b->lock);
    report->batches += b->finished;
    report->slots += b->slots;
    report->frames += b->frames;
    pthread_mutex_unlock(&b->lock);
}
