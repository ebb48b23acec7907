// SPDX-License-Identifier: MIT
// A batch of frames on its way through an executor.
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/state.h"
#include "lib/engine/executor.h"
#include "lib/media/frame.h"

#define WR_MAX_BATCH 256

struct wr_frames {
    const struct wr_program *program;
    struct wr_program_state *state; // the job's
    AVRational time_base;
    int size;    // of every batch of the run
    int portion; // frames that are passed on at a time, at most size
    int valid;   // real frames so far
    int done;    // of those, the ones that were passed on already
    AVFrame *in[WR_MAX_BATCH];
    AVFrame *out[WR_MAX_BATCH];
    struct wr_image in_images[WR_MAX_BATCH];
    struct wr_image out_images[WR_MAX_BATCH];
    union wr_value *values; // [portion][value_count of the program]; NULL where that is 0
    struct wr_batch batch;  // what the executor sees, valid after wr_frames_seal
};

// Gets ready for batches of size frames, with times in time_base. All frames of a job go through
// one state, which stays the caller's, as does its program.
enum wr_status wr_frames_open(struct wr_frames *frames, struct wr_program_state *state, int size,
                              int portion, AVRational time_base, struct wr_error *error);

// Takes the frame; true when a portion is complete, as it is when the batch is full.
bool wr_frames_add(struct wr_frames *frames, AVFrame *frame);

// Counts the real frames, fills the portion up with the last of them, gets the output frames that
// are not done from pool and gives each its input's properties (times, side data) and the output's
// size. `before`: frames of the run before this batch. Needs valid > done.
enum wr_status wr_frames_seal(struct wr_frames *frames, int64_t before, struct wr_frame_pool *pool,
                              struct wr_error *error);

// Frees what is left in the batch and empties it. Output frames that were taken must be NULL.
void wr_frames_reset(struct wr_frames *frames);

// Tolerates what was never opened.
void wr_frames_close(struct wr_frames *frames);
