// SPDX-License-Identifier: MIT
// What the frames that go from one part of a job to the next are like.
#pragma once

#include <libavutil/frame.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernels/program/format.h"

struct wr_stream {
    struct wr_format format; // of every frame; frames are planar
    AVRational time_base;    // of their times
    AVRational frame_rate;   // 0/1 if not known
    bool varies;             // and filters say that there is none, as hstack of 25 and 30
    // A frame with their other properties: primaries, fields, side data. Its pixels do not count.
    // Borrowed.
    const AVFrame *like;
    const int32_t *matrix; // how the picture is to be turned when it is shown: libavutil's nine
                           // numbers, NULL for not at all. Borrowed
    uint32_t crop[4];      // rows and columns to be left out: top, bottom, left, right
    bool is_turned;        // filters are to turn it, and the matrix ends with that
    bool is_of_pictures;   // the source is pictures or an animation of them
    bool is_paletted;      // the last stage can hand frames over with the palette they came with
};

// Whether ffmpeg would write a frame of that time where its output is to last `most`, in
// AV_TIME_BASE: it rounds times to the frame rate, and counts from where reading began.
static inline bool wr_is_written_within(int64_t pts, AVRational time_base, AVRational rate,
                                        int64_t most)
{
    const AVRational tick = rate.num > 0 ? av_inv_q(rate) : time_base;
    return most == INT64_MAX ||
           av_compare_ts(av_rescale_q(pts, time_base, tick), tick, most, AV_TIME_BASE_Q) < 0;
}
