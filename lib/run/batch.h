// SPDX-License-Identifier: MIT
// A batch of frames on its way through an executor.
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/state.h"
#include "lib/engine/executor.h"
#include "lib/media/frame.h"
#include "lib/media/message.h"

#define WR_MAX_BATCH 256

// One frame of a batch.
struct wr_slot {
    int64_t index;     // of the frame in its job, from 0
    AVFrame *in, *out; // owned
};

struct wr_frames {
    const struct wr_program *program;
    int size;    // of every batch
    int portion; // frames that are passed on at a time, at most size
    int valid;   // real frames so far
    int done;    // of those, the ones that were passed on already
    struct wr_slot slots[WR_MAX_BATCH];
    struct wr_image in_images[WR_MAX_BATCH];
    struct wr_image out_images[WR_MAX_BATCH];
    union wr_value *values; // [portion][value_count of the program]; NULL where that is 0
    struct wr_batch batch;  // what the executor sees, valid after wr_frames_seal
};

// Gets ready for batches of size frames; program stays the caller's.
enum wr_status wr_frames_open(struct wr_frames *frames, const struct wr_program *program, int size,
                              int portion, struct wr_error *error);

// Takes the frame of message over; true when a portion is complete, as it is when the batch is
// full.
bool wr_frames_add(struct wr_frames *frames, const struct wr_message *message);

// Counts the real frames, fills the portion up with the last of them, gets the output frames that
// are not done from pool and gives each its input's properties (times, side data) and the output's
// size. What changes from frame to frame follows from each frame's own index and time, by the job's
// state of the program. Needs valid > done.
enum wr_status wr_frames_seal(struct wr_frames *frames, struct wr_program_state *state,
                              struct wr_frame_pool *pool, struct wr_error *error);

// Frees what is left in the batch and empties it. Output frames that were taken must be NULL.
void wr_frames_reset(struct wr_frames *frames);

// Tolerates what was never opened.
void wr_frames_close(struct wr_frames *frames);
