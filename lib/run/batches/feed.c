// SPDX-License-Identifier: MIT
// Waits for room and for its turn, adds frames, and takes leave of a batcher.
#include "lib/run/batches/feed.h"

#include <libavutil/imgutils.h>
#include <math.h>
#include <stdlib.h>

// ---- joining

static struct wr_frame_pool *open_pool(const struct wr_program *program,
                                       struct wr_host_memory *memory)
{
    const struct wr_format *format = &program->output.format;
    unsigned computed = 0;
    for (int p = 0; p < wr_format_planes(format); p++)
        computed |= wr_program_hands_over(program, p) ? 0 : 1u << p;
    return wr_frame_pool_open(format, computed, memory);
}

static unsigned find_read(const struct wr_program *program)
{
    unsigned planes = 0;
    for (int b = 0; b < program->buffer_count; b++)
        if (program->buffers[b].role == WR_ROLE_INPUT && wr_program_reads(program, b))
            planes |= 1u << program->buffers[b].plane;
    return planes;
}

enum wr_status wr_feed_join(struct wr_feed *feed, struct wr_batcher *b, struct wr_stage *stage,
                            double max_wait, struct wr_error *error)
{
    const struct wr_program *program = &b->program;
    *feed = (struct wr_feed){.stage = stage, .max_wait = b->max_wait > 0 ? b->max_wait : max_wait};
    const enum wr_status status = wr_program_state_open(&feed->state, program, error);
    if (status)
        return status;
    feed->pool = open_pool(program, b->instances.host_memory);
    feed->read = find_read(program);
    feed->values = calloc((size_t)program->value_count + 1, sizeof *feed->values);
    feed->results = calloc((size_t)b->window, sizeof *feed->results);
    if (!feed->pool || !feed->values || !feed->results)
        return wr_fail(error, WR_FAILED, "out of memory for frames of %dx%d",
                       program->output.format.width, program->output.format.height);
    stage->window = b->window;
    feed->batcher = b;
    pthread_mutex_lock(&b->lock);
    feed->next = b->feeds;
    b->feeds = feed;
    pthread_mutex_unlock(&b->lock);
    return WR_OK;
}

// ---- adding frames

static void set_phase(struct wr_feed *feed, int phase)
{
    struct wr_batcher *b = feed->batcher;
    pthread_mutex_lock(&b->lock);
    feed->phase = phase;
    wr_batcher_look(b); // others may have waited for this feed's frames
    pthread_mutex_unlock(&b->lock);
}

static int keep_room(struct wr_feed *feed)
{
    struct wr_queue *out = feed->stage->out;
    if (wr_queue_has_room(out))
        return wr_queue_reserve(out);
    const double start = wr_span_begin(feed->stage->track);
    set_phase(feed, WR_FEED_HELD);
    const int status = wr_queue_reserve(out);
    set_phase(feed, WR_FEED_ACTIVE);
    wr_span_end(feed->stage->track, "wait", "queue", start, NULL, 0);
    return status;
}

// Whether a frame can be added now; takes the next free instance where none is being filled.
static bool find_room(struct wr_batcher *b)
{
    if (!b->filling && (b->filling = wr_instances_take(&b->instances)))
        b->filling->frames.number = b->begun++;
    return b->filling && wr_frames_has_room(&b->filling->frames);
}

// What changes from frame to frame follows from the frame's own number and time, by the job's state
// of the program.
static void compute_values(struct wr_feed *feed, const struct wr_message *message)
{
    const AVFrame *frame = message->frame;
    const struct wr_moment moment = {
        message->index,
        frame->pts == AV_NOPTS_VALUE ? NAN : (double)frame->pts * av_q2d(frame->time_base)};
    wr_program_compute(feed->state, &moment, feed->values);
}

// One frame for each turn: so no job gets more than its share while others wait. False where there
// will be no room any more, since all devices have failed.
static bool wait_for_turn(struct wr_feed *feed)
{
    struct wr_batcher *b = feed->batcher;
    const double start = wr_span_begin(feed->stage->track);
    const unsigned ticket = b->tickets++;
    bool has_room = false;
    while (ticket != b->serving ||
           (!(has_room = find_room(b)) && wr_instances_have_working(&b->instances)))
        pthread_cond_wait(&b->changed, &b->lock);
    wr_span_end(feed->stage->track, "wait", "batch", start, NULL, 0);
    return has_room;
}

static void end_turn(struct wr_batcher *b)
{
    b->serving++;
    if (b->serving != b->tickets)
        pthread_cond_broadcast(&b->changed);
}

// Whether the device can copy by itself what it reads of the frame.
static bool is_at_hand(const struct wr_feed *feed, const AVFrame *frame)
{
    const struct wr_host_memory *memory = feed->batcher->instances.host_memory;
    for (int p = 0; memory && p < WR_MAX_PLANES; p++)
        if (feed->read & 1u << p &&
            (frame->linesize[p] < 0 || !wr_host_memory_holds(memory, frame->data[p])))
            return false;
    return true;
}

// A copy of the planes that the device reads, in memory that it copies from by itself. NULL where
// there is no such memory left.
static AVFrame *copy(const struct wr_feed *feed, const AVFrame *frame)
{
    const struct wr_format *format = &feed->batcher->program.input.format;
    AVFrame *new = wr_frame_pool_get(feed->brought);
    if (!new || !is_at_hand(feed, new)) {
        av_frame_free(&new);
        return NULL;
    }
    for (int p = 0; p < WR_MAX_PLANES; p++)
        if (feed->read & 1u << p)
            av_image_copy_plane(new->data[p], new->linesize[p], frame->data[p], frame->linesize[p],
                                wr_format_width(format, p) * wr_format_bytes(format),
                                wr_format_height(format, p));
    return new;
}

// Copies a frame, as soon as it arrives, to where the device can copy it from by itself. NULL where
// it lies there already, and where such memory is short: the device then takes longer. The frame
// itself is still needed: planes that no pass computes, and its side data, are taken from it.
static AVFrame *bring(struct wr_feed *feed, const AVFrame *frame)
{
    if (is_at_hand(feed, frame))
        return NULL;
    const double start = wr_span_begin(feed->stage->track);
    if (!feed->brought)
        feed->brought = wr_frame_pool_open(&feed->batcher->program.input.format, feed->read,
                                           feed->batcher->instances.host_memory);
    AVFrame *new = feed->brought ? copy(feed, frame) : NULL;
    wr_span_end(feed->stage->track, "copy", "copy", start, NULL, 0);
    return new;
}

static int fail_without_devices(struct wr_feed *feed)
{
    struct wr_error error;
    wr_batcher_fail_without_devices(feed->batcher, &error);
    wr_stage_fail(feed->stage, &error);
    return feed->failed = WR_FAILED;
}

int wr_feed_add(struct wr_feed *feed, const struct wr_message *message)
{
    struct wr_batcher *b = feed->batcher;
    const int status = keep_room(feed);
    if (status)
        return status;
    compute_values(feed, message);
    AVFrame *brought = bring(feed, message->frame);
    pthread_mutex_lock(&b->lock);
    feed->phase = WR_FEED_ACTIVE; // also after an end
    if (!wait_for_turn(feed)) {
        end_turn(b);
        const int failed = fail_without_devices(feed);
        pthread_mutex_unlock(&b->lock);
        av_frame_free(&brought);
        return failed;
    }
    struct wr_frames *frames = &b->filling->frames;
    const struct wr_slot slot = {.in = message->frame,
                                 .copy = brought,
                                 .index = message->index,
                                 .feed = feed,
                                 .sequence = feed->added++,
                                 .pool = feed->pool,
                                 .added = wr_now()};
    feed->batches += !wr_frames_has(frames, feed);
    wr_frames_add(frames, &slot, feed->values);
    if (feed->max_wait > 0 || wr_frames_is_complete(frames))
        wr_batcher_look(b);
    end_turn(b);
    pthread_mutex_unlock(&b->lock);
    return 0;
}

void wr_feed_pass_over(struct wr_feed *feed, const struct wr_message *message)
{
    compute_values(feed, message);
}

// ---- ending

// On the CPU the frames of a batch that is not full may all have been run already.
static void finish_last_batch(struct wr_batcher *b)
{
    struct wr_instance *last = b->filling;
    if (last && wr_batcher_has_ended(b) && last->frames.done == last->frames.valid)
        wr_batcher_finish_batch(b, last);
}

int wr_feed_end(struct wr_feed *feed)
{
    struct wr_batcher *b = feed->batcher;
    pthread_mutex_lock(&b->lock);
    feed->phase = WR_FEED_ENDED;
    feed->ended = wr_now();
    wr_batcher_look(b);
    while (feed->passed < feed->added && !feed->failed)
        pthread_cond_wait(&b->changed, &b->lock);
    finish_last_batch(b);
    const int failed = feed->failed;
    pthread_mutex_unlock(&b->lock);
    return failed ? failed : wr_queue_status(feed->stage->out);
}

// ---- leaving

static void unlink_feed(struct wr_feed *feed)
{
    struct wr_feed **link = &feed->batcher->feeds;
    while (*link != feed)
        link = &(*link)->next;
    *link = feed->next;
}

static void leave(struct wr_feed *feed)
{
    struct wr_batcher *b = feed->batcher;
    pthread_mutex_lock(&b->lock);
    while (feed->running)
        pthread_cond_wait(&b->changed, &b->lock);
    unlink_feed(feed);
    if (b->filling)
        wr_frames_drop(&b->filling->frames, feed);
    if (!b->feeds && b->filling) // nobody wants what is in it
        wr_batcher_finish_batch(b, b->filling);
    wr_batcher_look(b); // others may have waited for this feed's frames
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
    for (int n = 0; n < b->window; n++)
        av_frame_free(&feed->results[n].frame);
    feed->batcher = NULL;
}

void wr_feed_leave(struct wr_feed *feed)
{
    if (feed->batcher)
        leave(feed);
    free(feed->results);
    free(feed->values);
    wr_frame_pool_close(&feed->pool);
    wr_frame_pool_close(&feed->brought);
    wr_program_state_close(&feed->state);
    feed->results = NULL;
    feed->values = NULL;
}
