// SPDX-License-Identifier: MIT
// A batch of frames on its way through an executor.
#pragma once

#include <libavutil/frame.h>

#include "lib/executor.h"
#include "lib/media.h"

#define WR_MAX_BATCH 256

struct wr_frames {
    int size;  // of every batch of the run
    int valid; // real frames so far
    AVFrame *in[WR_MAX_BATCH];
    AVFrame *out[WR_MAX_BATCH];
    struct wr_image in_images[WR_MAX_BATCH];
    struct wr_image out_images[WR_MAX_BATCH];
    struct wr_batch batch; // what the executor sees, valid after wr_frames_seal
};

// Takes the frame; true when the batch is full.
bool wr_frames_add(struct wr_frames *frames, AVFrame *frame);

// Counts the real frames, fills the batch up with the last of them, gets the output frames from
// pool and gives each its input's properties (times, side data) and the size of `format`. Needs
// valid > 0.
enum wr_status wr_frames_seal(struct wr_frames *frames, const struct wr_format *format,
                              struct wr_frame_pool *pool, struct wr_error *error);

// Frees what is left in the batch and empties it. Output frames that were taken must be NULL.
void wr_frames_reset(struct wr_frames *frames);
