// SPDX-License-Identifier: MIT
// The stage that repeats and drops frames for a frame rate, as ffmpeg does behind its filters.
#pragma once

#include "lib/media/stream.h"
#include "lib/run/stages/stage.h"
#include "lib/warpreel.h"

enum { WR_RATE_HISTORY = 3 };

struct wr_rate_stage {
    struct wr_stage stage;
    struct wr_stream out;  // what comes out
    AVRational time_base;  // of the frames that come in
    int64_t frames;        // that come out at most, -1 for all
    int64_t duration;      // that must not be exceeded, in AV_TIME_BASE
    double usual_duration; // of these, in ticks of what comes out
    bool by_duration;      // a frame's own duration counts more
    bool is_constant;      // else frames are only dropped
    AVFrame *last;         // before the one that comes; NULL before the second
    int64_t last_count;    // how often it was sent
    int64_t next;          // time of the next frame that goes out
    // How often each of the last frames had to be repeated before the next one came.
    int64_t repeated[WR_RATE_HISTORY];
};

// Opens a stage for frames of `in`. rate is that of what comes out, 0/1 for the input's. constant:
// each tick of the rate gets a frame; else frames are only dropped where they come faster.
// by_duration: how long a frame lasts is as it says, and not as in->frame_rate says.
enum wr_status wr_rate_stage_open(struct wr_rate_stage **stage, const struct wr_stream *in,
                                  AVRational rate, bool constant, bool by_duration,
                                  struct wr_error *error);
