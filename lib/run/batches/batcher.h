// SPDX-License-Identifier: MIT
// Fills the batches of one program with frames of whichever jobs have some, runs them on instances,
// and gives every job its own results in the order of its frames.
//
// clang-format off
//     stage of job a ──> feed ─┐                  ┌─ instance, thread ─┐  ┌─> queue behind a's stage
//     stage of job b ──> feed ─┴─> batch to fill ─┴─ instance, thread ─┴──┴─> queue behind b's stage
// clang-format on
//
// A stage adds its frames through a feed, from its own thread, and waits there while no batch has
// room; those who wait are served in turn, one frame each. It first keeps room for the result in
// the queue behind it. So an instance never waits for a job, and a slow writer holds back its own
// job only.
//
// Each instance has a thread. It runs a portion of its batch when that is complete: on a device the
// whole batch, on the CPU as many frames as are best read, filtered and written soon after one
// another. A batch that is not full is run, and padded, in two cases: a job has ended whose last
// frames are in it, and no other job is going to add frames soon; or its oldest frame has waited as
// long as the engine's options allow.
#pragma once

#include <pthread.h>

#include "kernels/program/state.h"
#include "lib/run/batches/instances.h"
#include "lib/run/stages/stage.h"

struct wr_batcher;

// What has to be equal for jobs to share a program, besides that it does the same.
struct wr_batcher_key {
    const char *chain; // as it will run, borrowed
    // How many programs come before it in the job. Results of a program never wait for frames that
    // have to pass it first.
    int place;
};

// What a job asks of its executors. One that has a trace or a callback has executors of its own.
struct wr_batcher_how {
    int64_t frames;                                                        // expected, 0: not known
    struct wr_trace *trace;                                                // NULL for none
    void *opaque;                                                          // of the callback
    void (*batch_done)(void *opaque, const struct wr_batch_report *batch); // NULL for none
};

// One thread for each instance of an instance's batcher.
struct wr_runner {
    struct wr_batcher *batcher;
    struct wr_instance *instance;
    pthread_t thread;
    pthread_cond_t due; // its batch may be ready to run
    struct wr_track *track;
};

struct wr_batcher {
    struct wr_batcher *next; // the engine's list
    int users;               // jobs; by the engine's lock
    struct wr_program program;
    struct wr_batcher_key key; // the chain is the batcher's own
    struct wr_batcher_how how;
    double max_wait; // of the engine's options, seconds; 0 where these choose none
    int window;      // how many frames one job may have here and in the queue behind
    struct wr_instances instances;
    struct wr_runner runners[WR_MAX_EXECUTORS];
    int runner_count;
    pthread_mutex_t lock; // of all that follows, and of the feeds
    pthread_cond_t changed;
    bool closing;
    struct wr_feed *feeds;
    struct wr_instance *filling; // its batch is being filled; NULL: the next frame takes one
    unsigned tickets;            // the number that the next feed with a frame gets
    unsigned serving;            // the number of the feed whose turn it is
    int64_t begun, finished;     // batches
    int64_t slots, frames;       // in the batches that are finished; frames are the real ones
    int allocations;             // of memory, as told last
    char left_out[512];          // why the first device that failed is left out, "" if none is
};

// What a job has in a batcher. All but `state`, `pool`, `read`, `brought` and `values` is by the
// batcher's lock.
struct wr_feed {
    struct wr_batcher *batcher; // NULL: not joined
    struct wr_feed *next;       // of the batcher
    struct wr_stage *stage;     // whose frames these are
    double max_wait;            // seconds that its frames wait for others, 0 for no limit
    struct wr_program_state *state;
    struct wr_frame_pool *pool;    // of output frames
    unsigned read;                 // bits of the input planes that passes read
    struct wr_frame_pool *brought; // of copies of those planes; NULL until one is needed
    union wr_value *values;        // of one frame
    enum {
        WR_FEED_ACTIVE,
        WR_FEED_HELD, // waits for room in the queue behind
        WR_FEED_ENDED
    } phase;
    double ended;               // when it ended, seconds of the monotonic clock
    int64_t added, passed;      // frames that were added, and those whose results have left
    int running;                // frames in portions that run
    int failed;                 // the status of a batch that failed, or 0
    struct wr_message *results; // [window]: wait until those before them have left
    int64_t batches, padded_frames;
    int64_t redone; // batches that another device ran again
};

// What the instances hold.
void wr_batcher_count(struct wr_batcher *batcher, struct wr_memory *memory);

// Adds slots and frames of finished batches to the report.
void wr_batcher_report(struct wr_batcher *batcher, struct wr_engine_report *report);

// ---- for feeds (see feed.h), with the lock

// Whether no job is going to add frames any more.
bool wr_batcher_has_ended(const struct wr_batcher *batcher);

// Counts and empties the batch of an instance, and gives the instance back.
void wr_batcher_finish_batch(struct wr_batcher *batcher, struct wr_instance *instance);

// Lets the thread of the instance that is being filled see whether its batch is to be run.
void wr_batcher_look(struct wr_batcher *batcher);

// Says that no device is left. Returns WR_FAILED.
enum wr_status wr_batcher_fail_without_devices(const struct wr_batcher *batcher,
                                               struct wr_error *error);
