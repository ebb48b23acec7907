// SPDX-License-Identifier: MIT
// A batch of frames on its way through an executor. The frames may be several jobs'.
//
//     0 ...... done ........ end ........... valid ........ size
//     were run  |  are run now  |  wait to be run  |  free
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/program.h"
#include "lib/engine/executor.h"
#include "lib/media/frame.h"
#include "lib/media/frame_pool.h"

#define WR_MAX_BATCH 256

struct wr_feed;

// One frame of a batch.
struct wr_slot {
    AVFrame *in, *out;          // owned
    AVFrame *copy;              // of `in`, which the device reads instead; NULL for none; owned
    int64_t index;              // of the frame in its job, from 0
    struct wr_feed *feed;       // whose frame it is; NULL: the feed has left
    int64_t sequence;           // of the frame in its feed, from 0
    struct wr_frame_pool *pool; // that the output frame comes from
    double added;               // seconds of the monotonic clock
};

struct wr_frames {
    const struct wr_program *program;
    int size;       // of every batch
    int portion;    // frames that are passed on at a time, at most size
    int valid;      // real frames so far
    int done;       // of those, the ones that were run already
    int end;        // behind the ones that are run now; equals done while none are
    int64_t number; // of the batch, from 0
    struct wr_slot slots[WR_MAX_BATCH];
    struct wr_image in_images[WR_MAX_BATCH];
    struct wr_image out_images[WR_MAX_BATCH];
    // Rows of the program's value_count: of the portion that runs, and of the one that is filled
    // meanwhile. NULL where value_count is 0.
    union wr_value *values;
    int rows;
    struct wr_batch batch; // what the executor sees, valid after wr_frames_seal
};

// Gets ready for batches of size frames; program stays the caller's.
enum wr_status wr_frames_open(struct wr_frames *frames, const struct wr_program *program, int size,
                              int portion, struct wr_error *error);

// Whether there is room for another frame: in the batch, and in the portion that is being filled.
bool wr_frames_has_room(const struct wr_frames *frames);

// Whether a portion is complete, as it is when the batch is full.
bool wr_frames_is_complete(const struct wr_frames *frames);

// Takes the frame of slot over; its output frame is NULL. values: what changes from frame to frame,
// value_count of them. Needs room. May be called while a portion runs.
void wr_frames_add(struct wr_frames *frames, const struct wr_slot *slot,
                   const union wr_value *values);

// Whether any frame of the batch is the feed's, be it run or not.
bool wr_frames_has(const struct wr_frames *frames, const struct wr_feed *feed);

// For a feed that leaves: frees its frames that wait to be run, and forgets whose the others are.
// Those that wait close up.
void wr_frames_drop(struct wr_frames *frames, const struct wr_feed *feed);

// The frames that wait become the portion that runs.
void wr_frames_begin(struct wr_frames *frames);

// Gets the output frames of that portion from their pools and gives each its input's properties
// (times, side data) and the output's size. Where the portion is not complete, fills it up with its
// last frame; then nobody may add frames meanwhile.
enum wr_status wr_frames_seal(struct wr_frames *frames, struct wr_error *error);

// Frees what is left in the batch and empties it. Output frames that were taken must be NULL.
void wr_frames_reset(struct wr_frames *frames);

// Tolerates what was never opened.
void wr_frames_close(struct wr_frames *frames);
