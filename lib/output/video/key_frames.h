// SPDX-License-Identifier: MIT
// Which frames are to be key frames, in the words of ffmpeg's -force_key_frames.
#pragma once

#include <libavutil/eval.h>
#include <libavutil/frame.h>
#include <libavutil/rational.h>

#include "lib/output/writer_options.h"

// What an expression may use, in ffmpeg's order.
enum wr_key_frames_variable {
    WR_KEY_N,
    WR_KEY_N_FORCED,
    WR_KEY_PREV_FORCED_N,
    WR_KEY_PREV_FORCED_T,
    WR_KEY_T,
    WR_KEY_VARIABLES
};

struct wr_key_frames {
    bool as_source;
    int64_t *times; // in AV_TIME_BASE, rising
    int count, next;
    AVExpr *expression; // NULL for none
    double values[WR_KEY_VARIABLES];
    double first; // time of the first frame, in seconds
};

// Reads options->key_frames: NULL, "TIME,TIME...", "expr:EXPRESSION" or "source". Fails with
// WR_USAGE. Close it after a failure, too.
enum wr_status wr_key_frames_open(struct wr_key_frames *keys,
                                  const struct wr_writer_options *options, struct wr_error *error);

// Whether this frame is to be one, and counts it. Each frame is asked for once, in order.
bool wr_key_frames_take(struct wr_key_frames *keys, const AVFrame *frame, AVRational time_base);

void wr_key_frames_close(struct wr_key_frames *keys);
